//! The doors of the house: TLS, sign-in, the gate before every page, the FHIR endpoint, and the
//! control socket. This crate knows no area: it is given the list of them, and calls what they
//! offer.
//!
//! A request becomes an [`ask::Ask`], an answer is an [`ask::Answer`]; between them nothing is
//! asynchronous. Reading order: `server`, `pages`, `gate`, `sign_in`.

pub mod ask;
pub mod control;
mod crowd;
mod drafts;
mod events;
mod fhir;
mod gate;
mod own;
mod packed;
mod pages;
pub mod password;
mod public;
mod routes;
mod server;
pub mod settings;
mod sign_in;
mod throttle;
mod tls;
mod visits;

pub use gate::COOKIE;
pub use settings::{Cost, Limits, Settings};

use almoner_core::control::CertStatus;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::time::Timestamp;
use almoner_frame::Accounts;
use almoner_frame::visit::House;
use almoner_store::Desk;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// What the daemon gives to the doors.
pub struct Config {
    pub house: House,
    pub desk: Desk,
    pub accounts: &'static dyn Accounts,
    pub settings: Settings,
    pub listen: Listen,
    /// Where the root certificate is written for devices and programs to trust.
    pub ca_pem: PathBuf,
    /// The recovery kit: a root's key is added to this file when a root is made, and kept nowhere
    /// else.
    pub recovery_kit: Option<PathBuf>,
}

/// Where to listen.
pub enum Listen {
    /// Open these addresses; port 0 is any free one.
    On(Vec<SocketAddr>),
    /// Sockets that the machine opened for us (systemd).
    Given(Vec<std::net::TcpListener>),
}

/// Everything a request may need.
pub struct Doors {
    pub(crate) house: House,
    pub(crate) desk: Desk,
    pub(crate) accounts: &'static dyn Accounts,
    pub(crate) settings: Settings,
    pub(crate) routes: routes::Routes,
    pub(crate) visits: Arc<visits::Visits>,
    pub(crate) streams: events::Streams,
    pub(crate) throttle: throttle::Throttle,
    pub(crate) hasher: password::Hasher,
    pub(crate) certificates: Arc<tls::Certificates>,
    pub(crate) started: Timestamp,
    /// The doors close: streams end.
    pub(crate) closing: std::sync::atomic::AtomicBool,
    /// Port of the first listener, for the address that people type.
    port: std::sync::OnceLock<u16>,
}

/// The doors, open.
pub struct Running {
    /// Where they listen.
    pub addresses: Vec<SocketAddr>,
    pub ca_pem: PathBuf,
    doors: Arc<Doors>,
    closing: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Opens the doors. Call it within a tokio runtime with more than one thread.
pub async fn start(config: Config) -> Outcome<Running> {
    let ca_pem = config.ca_pem.clone();
    let listen = match config.listen {
        Listen::On(ref addresses) => bind(addresses).await?,
        Listen::Given(ref given) => {
            let adopt = |listener: &std::net::TcpListener| {
                listener.set_nonblocking(true)?;
                TcpListener::from_std(listener.try_clone()?)
            };
            given.iter().map(adopt).collect::<std::io::Result<_>>()?
        }
    };
    let doors = tokio::task::spawn_blocking(move || Doors::build(config))
        .await
        .map_err(|_| Fault::broken("the doors could not be built"))??;
    let doors = Arc::new(doors);
    let tls = doors.certificates.server_config(doors.settings.tls12)?;
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let (closing, watching) = watch::channel(false);
    let crowd = Arc::new(crowd::Crowd::default());
    let mut running = Running { addresses: Vec::new(), ca_pem, doors, closing, tasks: Vec::new() };
    for listener in listen {
        let address = listener.local_addr()?;
        let _ = running.doors.port.set(address.port());
        running.addresses.push(address);
        let doors = Arc::clone(&running.doors);
        let crowd = Arc::clone(&crowd);
        let task = server::listen(doors, listener, acceptor.clone(), crowd, watching.clone());
        running.tasks.push(tokio::spawn(task));
    }
    running.tasks.push(tokio::spawn(renew(Arc::clone(&running.doors), watching)));
    Ok(running)
}

impl Running {
    /// The doors themselves, for the control socket and for tests.
    pub fn doors(&self) -> &Arc<Doors> {
        &self.doors
    }

    /// Looks after the certificate at once (SIGHUP). Connections go on.
    pub fn reload(&self) -> Outcome<bool> {
        self.doors.certificates.renew_if_due()
    }

    /// Stops taking requests, lets running ones finish, and ends after the settings' deadline in
    /// any case. False when something had to be cut off.
    pub async fn shutdown(self) -> bool {
        self.doors.closing.store(true, std::sync::atomic::Ordering::Relaxed);
        let _ = self.closing.send(true);
        let deadline = tokio::time::Instant::now() + self.doors.settings.limits.shutdown;
        let mut whole = true;
        for mut task in self.tasks {
            if tokio::time::timeout_at(deadline, &mut task).await.is_err() {
                task.abort();
                whole = false;
            }
        }
        whole
    }
}

impl Doors {
    fn build(config: Config) -> Outcome<Self> {
        let Config { house, desk, accounts, settings, ca_pem, recovery_kit, .. } = config;
        let (certificates, root_key) =
            tls::Certificates::open(&desk, &settings.hosts, house.clinic)?;
        if let (Some(key), Some(kit)) = (root_key, recovery_kit) {
            add_to_kit(&kit, &key)?;
        }
        std::fs::write(&ca_pem, certificates.root())?;
        Ok(Self {
            routes: routes::Routes::of(house.areas)?,
            visits: Arc::default(),
            streams: events::Streams::default(),
            throttle: throttle::Throttle::default(),
            hasher: password::Hasher::new(settings.password_cost)?,
            certificates: Arc::new(certificates),
            started: desk.clock().now(),
            closing: std::sync::atomic::AtomicBool::new(false),
            port: std::sync::OnceLock::new(),
            house,
            desk,
            accounts,
            settings,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.desk.clock().now()
    }

    /// The message key of the appliance's state.
    pub(crate) fn state(&self) -> &'static str {
        if self.desk.failed() {
            "status-failed"
        } else if self.desk.read_only() {
            "status-read-only"
        } else {
            "status-ok"
        }
    }

    /// The address of the first page, as people type it.
    pub fn url(&self) -> String {
        let host = self.settings.hosts.first().map_or("localhost", String::as_str);
        match self.port.get() {
            None | Some(443) => format!("https://{host}"),
            Some(port) => format!("https://{host}:{port}"),
        }
    }

    /// What the certificate says.
    pub fn certificate(&self) -> CertStatus {
        self.certificates.status()
    }

    /// Whether a request is for a name of ours, in its head and in the handshake: else some other
    /// site plays with our address (DNS rebinding).
    pub(crate) fn is_our_name(&self, ask: &ask::Ask) -> bool {
        let ours = |name: &str| self.settings.hosts.iter().any(|host| host == name);
        ours(without_port(&ask.host)) && ask.sni.as_deref().is_none_or(ours)
    }
}

fn without_port(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    host.split(':').next().unwrap_or_default()
}

async fn bind(addresses: &[SocketAddr]) -> Outcome<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    for address in addresses {
        let listener = TcpListener::bind(address).await.map_err(|cause| {
            Fault::broken(format!(
                "{address} can't be listened on: {cause}; is another program there?"
            ))
        })?;
        listeners.push(listener);
    }
    Ok(listeners)
}

async fn renew(doors: Arc<Doors>, mut closing: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(std::time::Duration::from_hours(1)) => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
        let certificates = Arc::clone(&doors.certificates);
        let renewed = tokio::task::spawn_blocking(move || certificates.renew_if_due()).await;
        if let Ok(Err(fault)) = renewed {
            log::error!(target: "almoner", "the certificate could not be renewed: {fault}");
        }
    }
}

fn add_to_kit(kit: &std::path::Path, key: &str) -> Outcome<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(kit)?;
    writeln!(
        file,
        "\nKey of the clinic's certificate authority. Keep it with the recovery key, off the server.\n{key}"
    )?;
    file.sync_all()?;
    Ok(())
}

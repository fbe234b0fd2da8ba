//! The demonstration: a whole appliance in one folder, without root and without systemd. It is the
//! product itself, with made-up people.

mod accounts;
mod clinic;
mod files;
mod marks;

use crate::boot::{Place, make_store, open_desk};
use crate::run::{self, Appliance, Plan};
use accounts::Told;
use almoner_core::config::CACHE_MIB;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp, Zone};
use almoner_serve::{Listen, Settings};
use almoner_store::keys::{Kek, KeyRing};
use clinic::Clinic;
use serde::Serialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What the command line says of the demonstration.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// Folder of the appliance; a new one below the system's temporary folder when absent
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Address and port; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// Do not drop the sample exports
    #[arg(long)]
    empty: bool,
    /// Write this file, as JSON, once pages are served
    #[arg(long)]
    ready: Option<PathBuf>,
    /// Start the appliance's clock at this instant (RFC 3339)
    #[arg(long, value_name = "RFC3339")]
    clock: Option<Timestamp>,
}

/// The ready file (`interface.md` §2).
#[derive(Serialize)]
struct Ready<'a> {
    schema: &'static str,
    url: String,
    address: String,
    ca_pem: PathBuf,
    control: PathBuf,
    intake: PathBuf,
    outbox: PathBuf,
    fhir: String,
    fhir_token: &'a str,
    pid: u32,
    accounts: &'a [accounts::Account],
}

/// Runs the demonstration until Ctrl-C or SIGTERM.
pub(crate) async fn demo(args: DemoArgs) -> Outcome<()> {
    let folder = folder(args.dir.as_deref())?;
    let clinic = Clinic::read(files::clinic())?;
    let clock = args.clock.map_or_else(Clock::default, Clock::starting_at);
    let zone = Zone::named(&clinic.about.time_zone).unwrap_or_default();
    let (desk, fresh) = open(&folder, Rules::shipped(zone), clock)?;
    let told = accounts::ensure(&desk, &folder, &clinic)?;
    let appliance = run::open(plan(&folder, &clinic, args.listen), desk).await?;
    let port = appliance.running.addresses.first().copied().unwrap_or(args.listen);
    write_ready(&args, &appliance, &told, port)?;
    greet(&appliance, &told, port);
    if fresh && !args.empty {
        let desk = appliance.desk.clone();
        let intake = folder.join("intake");
        tokio::task::spawn_blocking(move || {
            if let Err(fault) = clinic::fill(&desk, &intake, &clinic) {
                log::error!("the demo's samples could not all be filled in: {fault}");
            }
        });
    }
    appliance.until_told().await?;
    appliance.close().await
}

fn folder(wanted: Option<&Path>) -> Outcome<PathBuf> {
    let folder = match wanted {
        Some(folder) => folder.to_owned(),
        None => std::env::temp_dir().join(format!("almoner-demo-{}", std::process::id())),
    };
    std::fs::create_dir_all(folder.join("keys"))?;
    Ok(std::fs::canonicalize(&folder)?)
}

/// Opens the folder's store, or makes one; true when it is new.
fn open(folder: &Path, rules: Rules, clock: Clock) -> Outcome<(almoner_store::Desk, bool)> {
    let broken = |cause: almoner_store::keys::KeyError| Fault::Broken(Box::new(cause));
    let key_file = folder.join("keys").join("device.key");
    if !key_file.exists() {
        Kek::generate().and_then(|key| key.write_new_file(&key_file)).map_err(broken)?;
    }
    let key = || Kek::read_file(&key_file).map_err(broken);
    let place = Place {
        folder: folder.to_owned(),
        keys: KeyRing::with_device(key()?),
        cache_mib: CACHE_MIB,
    };
    let fresh = !place.store().exists();
    if fresh {
        let recovery = make_store(&place, key()?)?;
        std::fs::write(folder.join("keys").join("recovery-key.txt"), &*recovery.to_text())?;
    }
    Ok((open_desk(&place, rules, clock)?, fresh))
}

fn plan(folder: &Path, clinic: &Clinic, listen: SocketAddr) -> Plan {
    let mut settings = Settings::default();
    let own = listen.ip().to_string();
    if !settings.hosts.contains(&own) && !listen.ip().is_unspecified() {
        settings.hosts.push(own);
    }
    Plan {
        clinic: clinic.about.name.clone(),
        numbers: clinic.about.record_number_system.clone(),
        demo: true,
        folder: folder.to_owned(),
        control: folder.join("control.sock"),
        listen: Listen::On(vec![listen]),
        settings,
        intake: almoner_core::config::Intake::default(),
        backup_at: None,
        backups: folder.join("backup"),
        config: folder.join("almoner.toml"),
        recovery_kit: Some(folder.join("keys").join("recovery-kit.txt")),
    }
}

fn write_ready(
    args: &DemoArgs,
    appliance: &Appliance,
    told: &Told,
    address: SocketAddr,
) -> Outcome<()> {
    let Some(place) = &args.ready else { return Ok(()) };
    let url = format!("https://almoner.localhost:{}", address.port());
    let folder = &appliance.folder;
    let ready = Ready {
        schema: "almoner.ready/1",
        address: address.to_string(),
        ca_pem: appliance.running.ca_pem.clone(),
        control: folder.join("control.sock"),
        intake: folder.join("intake"),
        outbox: folder.join("outbox"),
        fhir: format!("{url}/fhir"),
        fhir_token: &told.fhir_token,
        pid: std::process::id(),
        accounts: &told.accounts,
        url,
    };
    let text = serde_json::to_vec_pretty(&ready).map_err(|cause| Fault::Broken(Box::new(cause)))?;
    let mut part = place.clone().into_os_string();
    part.push(".part");
    std::fs::write(&part, text)?;
    Ok(std::fs::rename(part, place)?)
}

/// Says on the terminal where to go and what to look at.
#[allow(clippy::print_stdout)] // the demonstration speaks to the person who started it
fn greet(appliance: &Appliance, told: &Told, address: SocketAddr) {
    println!("Almoner's demonstration is running: https://almoner.localhost:{}", address.port());
    println!("Its certificate is its own: trust {}", appliance.running.ca_pem.display());
    println!("or accept the browser's warning, as this is a demonstration. Accounts:");
    for account in &told.accounts {
        println!("  {:<6} {:<16} {}", account.name, account.role, account.password);
    }
    println!("Sign in as rosa: My day shows who must be called after the hospital, and why.");
    println!("Drop exports into {}", appliance.folder.join("intake").display());
    println!("Everything is in {}. Ctrl-C stops it.", appliance.folder.display());
}

//! The service as systemd runs it: configuration, key from a credential, ready and stop messages;
//! and the two hidden commands that the command line calls while the daemon is down.

use crate::boot::{Place, make_store, open_desk};
use crate::run::{self, Plan};
use almoner_core::config::{CACHE_MIB, Config};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Zone};
use almoner_serve::{Listen, Settings};
use almoner_store::check;
use almoner_store::keys::{Kek, KeyError, KeyRing};
use almoner_store::sealed::{self, SealedError};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Exit codes of the command line (`UX.md` §11).
const CONFIG_NOT_VALID: u8 = 8;
const DAMAGED: u8 = 9;
const WRONG_KEY: u8 = 10;

/// A configuration that can't be used; has its own exit code.
#[derive(Debug)]
struct NotValid(String);

impl std::fmt::Display for NotValid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for NotValid {}

/// Runs the service until SIGTERM.
pub(crate) async fn serve(path: &Path) -> Outcome<()> {
    let config = read(path)?;
    crate::log::start(&config.log.level);
    let place = place(&config)?;
    let desk = open_desk(&place, rules(&config), Clock::default())?;
    let appliance = run::open(plan(&config, path)?, desk).await?;
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    log::info!("ready");
    appliance.until_told().await?;
    appliance.close().await
}

/// Makes the store of a new appliance; tells the recovery key once, as JSON on standard output.
#[allow(clippy::print_stdout)] // the answer to the command line that called
pub(crate) fn init(path: &Path) -> Outcome<()> {
    let config = read(path)?;
    let file = &config.keys.file;
    if !file.as_os_str().is_empty() && !file.exists() {
        let made = Kek::generate().and_then(|key| key.write_new_file(file));
        made.map_err(|cause| Fault::Broken(Box::new(cause)))?;
    }
    let place = place(&config)?;
    let recovery = make_store(&place, kek(&config)?)?;
    println!("{}", json!({ "recovery_key": &*recovery.to_text(), "store": place.store() }));
    Ok(())
}

/// Checks a store while the daemon is down; tells the report as JSON on standard output.
#[allow(clippy::print_stdout)] // the answer to the command line that called
pub(crate) fn check(path: &Path, demo: Option<&Path>) -> Outcome<ExitCode> {
    let (place, rules) = if let Some(folder) = demo {
        let key = Kek::read_file(&folder.join("keys").join("device.key"));
        let key = key.map_err(|cause| Fault::Broken(Box::new(cause)))?;
        let keys = KeyRing::with_device(key);
        (Place { folder: folder.to_owned(), keys, cache_mib: CACHE_MIB }, Rules::default())
    } else {
        let config = read(path)?;
        (place(&config)?, rules(&config))
    };
    let desk = open_desk(&place, rules, Clock::default())?;
    let report = check::check(&desk)?;
    let damaged = !report.damage.is_empty();
    let text = serde_json::to_string(&report).map_err(|cause| Fault::Broken(Box::new(cause)))?;
    println!("{text}");
    desk.close();
    Ok(if damaged { ExitCode::from(DAMAGED) } else { ExitCode::SUCCESS })
}

/// The exit code for a fault at the end of `main`.
pub(crate) fn exit_code(fault: &Fault) -> ExitCode {
    match fault {
        Fault::Broken(cause) if cause.is::<NotValid>() => ExitCode::from(CONFIG_NOT_VALID),
        Fault::Broken(cause) if sealed::is_damage(&**cause) => ExitCode::from(DAMAGED),
        Fault::Broken(cause) if wrong_key(&**cause) => ExitCode::from(WRONG_KEY),
        _ => ExitCode::FAILURE,
    }
}

fn wrong_key(cause: &(dyn std::error::Error + 'static)) -> bool {
    let sealed = cause.downcast_ref::<SealedError>();
    matches!(sealed, Some(SealedError::Key(_))) || cause.is::<KeyError>()
}

fn read(path: &Path) -> Outcome<Config> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|cause| not_valid(format!("{name}: can't be read: {cause}")))?;
    Config::parse(&text).map_err(|problems| {
        let lines = problems.iter().map(|problem| format!("{name}:{problem}"));
        not_valid(lines.collect::<Vec<_>>().join("\n"))
    })
}

fn not_valid(what: String) -> Fault {
    Fault::Broken(Box::new(NotValid(what)))
}

fn rules(config: &Config) -> Rules {
    Rules::shipped(Zone::named(&config.clinic.zone).unwrap_or_default())
}

fn place(config: &Config) -> Outcome<Place> {
    Ok(Place {
        folder: config.store.folder.clone(),
        keys: KeyRing::with_device(kek(config)?),
        cache_mib: config.store.cache_mib,
    })
}

/// The appliance's key: the systemd credential, else the configured file.
fn kek(config: &Config) -> Outcome<Kek> {
    let credential = std::env::var_os("CREDENTIALS_DIRECTORY")
        .map(|folder| PathBuf::from(folder).join(&config.keys.credential))
        .filter(|path| path.exists());
    let file = Some(config.keys.file.clone()).filter(|file| !file.as_os_str().is_empty());
    let Some(path) = credential.or(file) else {
        return Err(not_valid(format!(
            "there is no key: load the credential {} by systemd, or set keys.file",
            config.keys.credential
        )));
    };
    Kek::read_file(&path).map_err(|cause| Fault::Broken(Box::new(cause)))
}

fn plan(config: &Config, path: &Path) -> Outcome<Plan> {
    let mut given = listenfd::ListenFd::from_env();
    let mut sockets = Vec::new();
    for index in 0..given.len() {
        sockets.extend(given.take_tcp_listener(index)?);
    }
    let address = config.listen.address.parse().map_err(|_| not_valid("listen.address".into()))?;
    let listen =
        if sockets.is_empty() { Listen::On(vec![address]) } else { Listen::Given(sockets) };
    let settings = Settings {
        hosts: config.listen.names.clone(),
        idle_minutes: i64::try_from(config.session.idle_minutes).unwrap_or(15),
        session_hours: i64::try_from(config.session.absolute_hours).unwrap_or(12),
        ..Settings::default()
    };
    let folder = config.store.folder.clone();
    let run = std::env::var_os("RUNTIME_DIRECTORY");
    let run = run.map_or_else(|| PathBuf::from("/run/almoner"), PathBuf::from);
    Ok(Plan {
        clinic: config.clinic.name.clone(),
        numbers: config.clinic.record_number_system.clone(),
        demo: false,
        control: run.join("control.sock"),
        listen,
        settings,
        intake: config.intake.clone(),
        backup_at: chrono::NaiveTime::parse_from_str(&config.backup.at, "%H:%M").ok(),
        backups: folder.join(&config.backup.folder),
        config: path.to_owned(),
        recovery_kit: Some(folder.join("recovery-kit.txt")),
        folder,
    })
}

//! Starting an appliance: unseal the store, open the desk, begin the intake. The same for the
//! service and for the demonstration.

use crate::areas::areas;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::rules::Rules;
use almoner_core::time::Clock;
use almoner_store::keys::{Kek, KeyRing, RecoveryKey};
use almoner_store::sealed::{self, Opened, SealedError, Unsealed};
use almoner_store::{Act, Desk, Setup, Verb, copy};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Exit code after the store has failed (sysexits `EX_IOERR`): systemd starts the daemon again.
const STORE_FAILED: i32 = 74;

/// Where an appliance lives and how its store is opened.
pub(crate) struct Place {
    /// The state folder.
    pub folder: PathBuf,
    pub keys: KeyRing,
    pub cache_mib: u64,
}

impl Place {
    /// The store's file.
    pub(crate) fn store(&self) -> PathBuf {
        self.folder.join("almoner.redb")
    }
}

/// Makes a new sealed store with a fresh recovery key; returns that key, to be shown once.
pub(crate) fn make_store(place: &Place, kek: Kek) -> Outcome<RecoveryKey> {
    std::fs::create_dir_all(&place.folder)?;
    let recovery = RecoveryKey::generate().map_err(broken)?;
    let mut keys = KeyRing::with_device(kek);
    keys.recovery = Some(recovery.clone());
    let made = sealed::create(&place.store(), &keys, cache(place)).map_err(broken)?;
    let desk = desk(place, made, Rules::default(), Clock::default())?;
    let recipient = copy::recovery_recipient(&recovery)?.to_string();
    let act =
        Act::new(almoner_core::actor::Actor::Appliance, Verb("appliance.init"), desk.clock().now());
    desk.write(act, move |writer| {
        writer.witness("done");
        writer.set_meta(copy::recovery_recipient_name(), Some(recipient.as_bytes()));
        Ok(())
    })
    .wait()?;
    desk.close();
    Ok(recovery)
}

/// Opens the store of a place and the desk over it.
pub(crate) fn open_desk(place: &Place, rules: Rules, clock: Clock) -> Outcome<Desk> {
    let unsealed = sealed::open(&place.store(), &place.keys, cache(place));
    desk(place, unsealed.map_err(|cause| explained(&place.store(), cause))?, rules, clock)
}

fn desk(place: &Place, unsealed: Unsealed, rules: Rules, clock: Clock) -> Outcome<Desk> {
    if let Opened::Recovered(damage) = unsealed.opened {
        log::warn!("the store was opened after a cut: {damage}; nothing that was saved is lost");
    }
    let boot = almoner_core::ids::RawId::random().to_string();
    let origin = format!("almoner/{}", boot.get(..8).unwrap_or("store"));
    let setup = Setup {
        rules: Arc::new(rules),
        clock,
        kinds: kinds(),
        reactions: areas().iter().flat_map(|area| area.reactions).copied().collect(),
        boot,
        on_failure: Box::new(|fault| {
            log::error!("the store failed, the daemon ends and starts again: {fault}");
            std::process::exit(STORE_FAILED);
        }),
    };
    let (path, keys, cache) = (place.store(), place.keys.clone(), cache(place));
    let reopen = Box::new(move || sealed::open(&path, &keys, cache));
    Desk::open_sealed(unsealed, reopen, setup, &origin)
}

/// Every kind of record there is.
fn kinds() -> Vec<almoner_store::KindEntry> {
    let own = almoner_frame::KINDS.iter();
    areas().iter().flat_map(|area| area.kinds).chain(own).copied().collect()
}

fn cache(place: &Place) -> usize {
    usize::try_from(place.cache_mib << 20).unwrap_or(usize::MAX)
}

fn explained(path: &Path, cause: SealedError) -> Fault {
    log::error!("the store {} can't be opened", path.display());
    broken(cause)
}

fn broken(cause: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::Broken(Box::new(cause))
}

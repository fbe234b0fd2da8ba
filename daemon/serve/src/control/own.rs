//! The doors' own commands: status, trail, store, certificate.

use crate::Doors;
use almoner_core::control::{
    Checkpoints, Nothing, Status, StoreCheck, StoreStats, TrailExport, TrailHead, TrailPage, names,
};
use almoner_core::fault::{Fault, Outcome};
use almoner_frame::Command;
use almoner_frame::feeds;
use almoner_store::{Desk, Reader};
use std::sync::Arc;

/// Entries in one page of an export.
const PAGE: usize = 5000;
/// Days before its end from which on a certificate is warned of.
const CERTIFICATE_DAYS: i64 = 14;

/// The commands.
pub(crate) fn commands(doors: &Arc<Doors>) -> Vec<Command> {
    let (status, certificate) = (Arc::clone(doors), Arc::clone(doors));
    vec![
        Command::new(names::STATUS, move |desk, _, Nothing {}| Ok(status_of(&status, desk)?)),
        Command::new(names::CERT_STATUS, move |_, _, Nothing {}| Ok(certificate.certificate())),
        Command::new(names::TRAIL_HEAD, |desk, _, Nothing {}| Ok(desk.read(head)?)),
        Command::new(names::TRAIL_EXPORT, |desk, _, asked: TrailExport| {
            Ok(desk.read(|reader| page(reader, &asked))?)
        }),
        Command::new(names::TRAIL_CHECKPOINTS, |desk, _, Nothing {}| {
            desk.sign_checkpoint()?;
            Ok(Checkpoints { notes: desk.read(checkpoints)? })
        }),
        Command::new(names::STORE_STATS, |desk, _, Nothing {}| Ok(stats(desk)?)),
        Command::new(names::STORE_CHECK, |desk, _, Nothing {}| {
            let found = almoner_store::check::check(desk)?;
            Ok(StoreCheck {
                records: found.records,
                index_rows: found.index_rows,
                loop_rows: found.loop_rows,
                trail_entries: found.trail_entries,
                checkpoints: found.checkpoints,
                damage: found.damage,
            })
        }),
    ]
}

fn status_of(doors: &Doors, desk: &Desk) -> Outcome<Status> {
    let now = doors.now();
    let certificate = doors.certificate();
    let days = (certificate.not_after - now).num_days();
    let mut warnings = Vec::new();
    if days < CERTIFICATE_DAYS {
        warnings.push(format!("the certificate ends in {days} days: almoner cert status"));
    }
    let health = desk.health();
    warnings.extend(health.warnings());
    if desk.read_only() && health.damage.is_none() {
        warnings.push("the disk is nearly full: the appliance takes no changes".into());
    }
    for feed in desk.read(feeds::silent)? {
        let name = if feed.source.is_empty() { "(no folder)" } else { &feed.source };
        let days = (now - feed.last_good).num_days();
        warnings.push(format!(
            "no file from {name} for {days} days, longer than usual: ask who sends them"
        ));
    }
    Ok(Status {
        version: env!("CARGO_PKG_VERSION").into(),
        clinic: doors.house.clinic.to_owned(),
        url: doors.url(),
        started: doors.started,
        now,
        state: if desk.failed() {
            "failed"
        } else if desk.read_only() {
            "read_only"
        } else {
            "ok"
        }
        .into(),
        signed_in: doors.visits.living(now, doors.settings.idle_minutes),
        trail_entries: desk.read(trail_size)?,
        certificate,
        intake: None,
        backup: None,
        warnings,
    })
}

fn checkpoints(reader: &Reader<'_>) -> Outcome<Vec<String>> {
    reader.checkpoints()
}

fn trail_size(reader: &Reader<'_>) -> Outcome<u64> {
    reader.trail_size()
}

fn head(reader: &Reader<'_>) -> Outcome<TrailHead> {
    let size = reader.trail_size()?;
    let key = reader.trail_key()?;
    Ok(TrailHead {
        origin: key.name().to_owned(),
        size,
        root: reader.trail_range(size)?.root().to_base64(),
        key: key.to_string(),
        checkpoint: reader.checkpoints()?.pop(),
    })
}

fn page(reader: &Reader<'_>, asked: &TrailExport) -> Outcome<TrailPage> {
    let size = reader.trail_size()?;
    let to = asked.to.unwrap_or(size).min(size);
    let from = asked.from.min(to);
    let left = usize::try_from(to - from).unwrap_or(usize::MAX);
    let wanted = left.min(PAGE);
    let found = if wanted == 0 { Vec::new() } else { reader.trail(from, wanted)? };
    let line = |entry: almoner_trail::Entry| {
        let bytes = entry.canonical().map_err(|cause| Fault::Broken(Box::new(cause)))?;
        String::from_utf8(bytes).map_err(|cause| Fault::Broken(Box::new(cause)))
    };
    let range = reader.trail_range(from)?;
    Ok(TrailPage {
        origin: reader.trail_key()?.name().to_owned(),
        from,
        to,
        range: range.subtrees().iter().map(almoner_trail::Hash::to_base64).collect(),
        entries: found.into_iter().map(|found| line(found.entry)).collect::<Outcome<_>>()?,
    })
}

fn stats(desk: &Desk) -> Outcome<StoreStats> {
    desk.read(|reader| {
        let mut records = std::collections::BTreeMap::new();
        for entry in desk.kinds() {
            records.insert(entry.kind.name.to_owned(), reader.count(entry.kind)?);
        }
        let trail_entries = reader.trail_size()?;
        Ok(StoreStats { records, trail_entries, read_only: desk.read_only() })
    })
}

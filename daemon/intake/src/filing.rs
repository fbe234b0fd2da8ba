//! Filing: when a file is finished, its encrypted copy and its receipt stand in `done/DATE/` or
//! `set-aside/DATE/` until retention ends. The store keeps the bytes all the same.

use crate::claim::sync_folder;
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::FileId;
use almoner_core::receipt::Status;
use almoner_frame::intake::{IntakeFile, UNFILED};
use almoner_store::{Act, Desk, Key, Verb, backup};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Files everything that is finished and not filed yet.
pub(crate) fn file_all(desk: &Desk, intake: &Path) -> Outcome<()> {
    let waiting = desk.read(|reader| reader.ids::<FileId>(UNFILED, &Key::all()))?;
    waiting.into_iter().try_for_each(|id| file(desk, intake, id))
}

fn file(desk: &Desk, intake: &Path, id: FileId) -> Outcome<()> {
    let (record, secret) = desk.read(|reader| {
        let record = reader.get::<IntakeFile>(id)?;
        Ok((record, reader.appliance_secret()?))
    })?;
    let identity = backup::identity_from_bytes(&secret).map_err(broken)?;
    let receipt = serde_json::to_vec_pretty(&record.receipt)
        .map_err(|cause| Fault::Broken(Box::new(cause)))?;
    let folder = match record.receipt.status {
        Status::SetAside => "set-aside",
        _ => "done",
    };
    let day = desk.rules().zone.day(record.receipt.received).format("%Y-%m-%d").to_string();
    let folder = intake.join(folder).join(day);
    std::fs::create_dir_all(&folder)?;
    let place = free_place(&folder, &record.receipt.name, &receipt);
    write_durably(&place, |part| {
        desk.read(|reader| {
            let blob = reader.open_blob(&record.sha256.0)?;
            let mut blob = blob.ok_or(Fault::Absent("source document"))?;
            let part = std::io::BufWriter::new(part);
            let part = backup::encrypt(&mut blob, part, &[identity.to_public()]).map_err(broken)?;
            Ok(part.into_inner().map_err(std::io::IntoInnerError::into_error)?)
        })
    })?;
    write_durably(&receipt_place(&place), |mut part| {
        part.write_all(&receipt)?;
        Ok(part)
    })?;
    let act = Act::new(Actor::Intake, Verb("intake.file"), desk.clock().now());
    desk.write_bulk(act, move |writer| {
        let mut record = writer.get::<IntakeFile>(id)?;
        record.filed = true;
        writer.put(&record)
    })
    .wait()
}

fn broken(cause: backup::BackupError) -> Fault {
    Fault::Broken(Box::new(cause))
}

/// A name that no other file has: `NAME`, else `NAME.2`, `NAME.3` …; the same file keeps its name
/// when it is filed again.
fn free_place(folder: &Path, name: &str, receipt: &[u8]) -> PathBuf {
    let mine = |place: &Path| {
        let held = std::fs::read(receipt_place(place));
        held.map_or(!place.exists(), |held| held == receipt)
    };
    let first = folder.join(name);
    if mine(&first) {
        return first;
    }
    (2..u32::MAX)
        .map(|number| folder.join(format!("{name}.{number}")))
        .find(|place| mine(place))
        .unwrap_or(first)
}

fn receipt_place(place: &Path) -> PathBuf {
    let mut name = place.as_os_str().to_owned();
    name.push(".receipt.json");
    name.into()
}

fn write_durably(place: &Path, write: impl FnOnce(File) -> Outcome<File>) -> Outcome<()> {
    let mut part = place.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    write(File::create(&part)?)?.sync_all()?;
    std::fs::rename(&part, place)?;
    place.parent().map_or(Ok(()), sync_folder)
}

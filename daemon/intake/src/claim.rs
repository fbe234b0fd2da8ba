//! Claiming: a file leaves the folder by a rename and its bytes go into the store before anything
//! else happens to it.

use crate::sets;
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::FileId;
use almoner_core::receipt::{LoopCounts, Receipt, Status};
use almoner_core::time::Timestamp;
use almoner_frame::intake::{BY_DIGEST, IntakeFile, Sha256};
use almoner_store::blobs::PIECE;
use almoner_store::{Act, Desk, Key, Pending, Verb, Writer};
use rustix::fs::{Mode, OFlags};
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Folder below `intake/` where claimed files are for the moment between rename and store.
pub(crate) const CLAIMED: &str = ".claimed";

/// Bytes of claimed files that may wait in memory for one commit.
const AT_ONCE: usize = 16 << 20;

/// Pieces of a large file that may wait in memory for the writer.
const PIECES_AT_ONCE: usize = 4;

/// Name in `meta` of the newest file's instant of receipt.
const NEWEST: &str = "intake_newest";

/// A file that has been renamed out of the folder.
pub(crate) struct Claimed {
    pub id: FileId,
    pub source: String,
    pub path: PathBuf,
}

/// Claims of this run so far: the folder of a claimed file begins with its number.
static CLAIMS: AtomicU64 = AtomicU64::new(0);

/// Claims a folder that is one export; an empty one takes its place, so that who writes there goes on.
/// `None` when it is gone meanwhile.
pub(crate) fn claim_folder(intake: &Path, folder: &Path) -> Outcome<Option<Claimed>> {
    let mode = std::fs::metadata(folder).map(|metadata| metadata.permissions());
    let claimed = claim(intake, folder)?;
    if let (Some(_), Ok(mode)) = (&claimed, mode)
        && folder.parent() == Some(intake)
    {
        std::fs::create_dir(folder)?;
        std::fs::set_permissions(folder, mode)?;
    }
    Ok(claimed)
}

/// Renames a file, or a folder that is one export, into the claimed folder. `None` when it is gone
/// meanwhile.
pub(crate) fn claim(intake: &Path, file: &Path) -> Outcome<Option<Claimed>> {
    let id = FileId::random();
    let source = source_of(intake, file);
    let number = CLAIMS.fetch_add(1, Ordering::Relaxed);
    let place = intake.join(CLAIMED).join(format!("{number:010}.{id}@{source}"));
    let Some(name) = file.file_name() else { return Ok(None) };
    std::fs::create_dir_all(&place)?;
    let path = place.join(name);
    match std::fs::rename(file, &path) {
        Ok(()) => {}
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            let _ = std::fs::remove_dir(&place);
            return Ok(None);
        }
        Err(cause) => return Err(cause.into()),
    }
    sync_folder(&place)?;
    if let Some(parent) = file.parent() {
        sync_folder(parent)?;
    }
    Ok(Some(Claimed { id, source, path }))
}

/// The files that a start finds claimed, in the order in which they were: what is received later is
/// newer, also across a cut.
pub(crate) fn left_claimed(intake: &Path) -> Outcome<Vec<Claimed>> {
    let mut found = Vec::new();
    let Ok(places) = std::fs::read_dir(intake.join(CLAIMED)) else { return Ok(found) };
    let mut places = places.collect::<Result<Vec<_>, _>>()?;
    places.sort_by_key(std::fs::DirEntry::file_name);
    for place in places {
        let name = place.file_name();
        let Some((mark, source)) = name.to_str().and_then(|name| name.split_once('@')) else {
            continue;
        };
        let id = mark.rsplit('.').next().and_then(FileId::parse);
        let Some(id) = id else { continue };
        sets::resume(&place.path())?;
        for file in std::fs::read_dir(place.path())? {
            found.push(Claimed { id, source: source.to_owned(), path: file?.path() });
        }
        let _ = std::fs::remove_dir(place.path()); // goes only when empty
    }
    Ok(found)
}

/// Keeps the bytes and the first receipts of claimed files, durably; then the claimed files go. They
/// share commits, as many as hold [`AT_ONCE`] bytes. One that can't be kept does not hold up the
/// others; the first fault is told.
pub(crate) fn keep_all(desk: &Desk, claimed: &[Claimed]) -> Outcome<()> {
    let (mut waiting, mut bytes, mut told) = (Vec::new(), 0, Ok(()));
    for one in claimed {
        match keep(desk, one) {
            Ok((kept, size)) => {
                waiting.push((one, kept));
                bytes += size;
            }
            Err(fault) => told = told.and(Err(fault)),
        }
        if bytes >= AT_ONCE {
            told = told.and(let_all_go(&mut waiting));
            bytes = 0;
        }
    }
    told.and(let_all_go(&mut waiting))
}

fn let_all_go(waiting: &mut Vec<(&Claimed, Pending<()>)>) -> Outcome<()> {
    let mut told = Ok(());
    for (one, kept) in waiting.drain(..) {
        told = told.and(let_go(one, kept));
    }
    told
}

fn keep(desk: &Desk, claimed: &Claimed) -> Outcome<(Pending<()>, usize)> {
    if std::fs::symlink_metadata(&claimed.path)?.is_dir() {
        sets::pack(&claimed.path)?;
    }
    let mut file = open(&claimed.path)?;
    let name = claimed.path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let act = Act::new(Actor::Intake, Verb("intake.receive"), desk.clock().now());
    if file.metadata()?.len() > AT_ONCE as u64 {
        let (digest, size) = keep_pieces(desk, &mut file)?;
        let receipt = first_receipt(desk, claimed, name, &digest, size);
        return Ok((desk.write_bulk(act, move |writer| store(writer, receipt, digest, &[])), 0));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let digest = sha256(&bytes);
    let receipt = first_receipt(desk, claimed, name, &digest, bytes.len() as u64);
    let size = bytes.len();
    let kept = desk.write_bulk(act, move |writer| store(writer, receipt, digest, &bytes));
    Ok((kept, size))
}

/// Keeps the bytes of a large file, piece by piece; tells their SHA-256 and how many there are. The
/// file is read twice; one that somebody still writes to is read again.
fn keep_pieces(desk: &Desk, file: &mut File) -> Outcome<([u8; 32], u64)> {
    const TRIES: usize = 3;
    for _ in 0..TRIES {
        let (digest, size) = pieces(file, &mut |_, _| Ok(()))?;
        if desk.read(|reader| Ok(reader.blob_piece(&digest, 0)?.is_some()))? {
            return Ok((digest, size));
        }
        let mut first = None;
        let mut waiting = VecDeque::new();
        let seen = pieces(file, &mut |number, piece| {
            if number == 0 {
                first = Some(piece);
                return Ok(());
            }
            let act = Act::new(Actor::Intake, Verb("intake.keep"), desk.clock().now());
            waiting.push_back(desk.write_bulk(act, move |writer| {
                writer.keep_blob_piece(&digest, number, &piece);
                Ok(())
            }));
            if waiting.len() < PIECES_AT_ONCE {
                return Ok(());
            }
            waiting.pop_front().map_or(Ok(()), Pending::wait)
        })?;
        waiting.into_iter().try_for_each(Pending::wait)?;
        if seen == (digest, size) {
            let act = Act::new(Actor::Intake, Verb("intake.keep"), desk.clock().now());
            desk.write_bulk(act, move |writer| {
                writer.keep_blob_piece(&digest, 0, &first.unwrap_or_default());
                Ok(())
            })
            .wait()?;
            return Ok((digest, size));
        }
    }
    Err(Fault::broken("a claimed file changes while it is read"))
}

/// Reads a file from its beginning, piece by piece; tells its SHA-256 and its length.
fn pieces(
    file: &mut File,
    see: &mut dyn FnMut(u32, Vec<u8>) -> Outcome<()>,
) -> Outcome<([u8; 32], u64)> {
    let mut sum = ring::digest::Context::new(&ring::digest::SHA256);
    let mut size = 0;
    file.rewind()?;
    for number in 0.. {
        let mut piece = Vec::with_capacity(PIECE);
        file.take(PIECE as u64).read_to_end(&mut piece)?;
        if piece.is_empty() {
            break;
        }
        sum.update(&piece);
        size += piece.len() as u64;
        see(number, piece)?;
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(sum.finish().as_ref());
    Ok((digest, size))
}

/// Removes the claimed file once its bytes are kept.
fn let_go(claimed: &Claimed, kept: Pending<()>) -> Outcome<()> {
    kept.wait()?;
    std::fs::remove_file(&claimed.path)?;
    if let Some(place) = claimed.path.parent() {
        let _ = std::fs::remove_dir(place);
    }
    Ok(())
}

/// SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref());
    out
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Makes a folder's entries durable.
pub(crate) fn sync_folder(folder: &Path) -> Outcome<()> {
    Ok(std::fs::File::open(folder)?.sync_all()?)
}

fn store(
    writer: &mut Writer<'_>,
    mut receipt: Receipt,
    digest: [u8; 32],
    bytes: &[u8],
) -> Outcome<()> {
    if writer.find::<IntakeFile>(receipt.id)?.is_some() {
        return Ok(()); // a cut between this commit and the removal of the claimed file
    }
    receipt.received = after_all_others(writer, receipt.received)?;
    let key = Key::all().text(&receipt.sha256);
    for id in writer.exactly::<FileId>(BY_DIGEST, &key)? {
        let earlier = writer.get::<IntakeFile>(id)?;
        let undone = earlier.receipt.undone.is_some();
        if earlier.receipt.status != Status::Duplicate && !undone {
            receipt.status = Status::Duplicate;
            receipt.duplicate_of = Some(id);
            receipt.finished = Some(writer.now());
            break;
        }
    }
    if receipt.bytes == bytes.len() as u64 {
        writer.keep_blob(&digest, bytes)?; // else its pieces are here
    }
    writer.put(&IntakeFile { receipt, sha256: Sha256(digest), taken: 0, filed: false })
}

/// The instant of receipt, made later than any before it: what came later is newer, also when the
/// clock was set back in between.
fn after_all_others(writer: &mut Writer<'_>, now: Timestamp) -> Outcome<Timestamp> {
    let newest = writer.meta(NEWEST)?.and_then(|bytes| String::from_utf8(bytes).ok());
    let newest = newest.and_then(|text| text.parse::<Timestamp>().ok());
    let received = newest.map_or(now, |newest| now.max(newest + chrono::Duration::milliseconds(1)));
    writer.set_meta(NEWEST, Some(received.to_rfc3339().as_bytes()));
    Ok(received)
}

fn first_receipt(
    desk: &Desk,
    claimed: &Claimed,
    name: String,
    digest: &[u8; 32],
    size: u64,
) -> Receipt {
    Receipt {
        id: claimed.id,
        name,
        sha256: hex(digest),
        bytes: size,
        received: desk.clock().now(),
        finished: None,
        source: claimed.source.clone(),
        format: String::new(),
        version: String::new(),
        document: String::new(),
        software: String::new(),
        status: Status::Waiting,
        duplicate_of: None,
        patients: Vec::new(),
        patients_more: 0,
        facts: BTreeMap::new(),
        loops: LoopCounts::default(),
        problems: Vec::new(),
        members: Vec::new(),
        generation: 0,
        undone: None,
    }
}

/// Opens a claimed file: a plain file only, never through a link.
pub(crate) fn open(path: &Path) -> Outcome<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::empty()).map_err(std::io::Error::from)?;
    let file = File::from(file);
    if !file.metadata()?.is_file() {
        return Err(Fault::broken("a claimed entry of the intake folder is no plain file"));
    }
    Ok(file)
}

/// The folder just below `intake/` is the source's name.
fn source_of(intake: &Path, file: &Path) -> String {
    let below = file.strip_prefix(intake).ok();
    let mut parts = below.map(Path::components).into_iter().flatten();
    let first = parts.next().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let plain = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    match (first, parts.next()) {
        (Some(folder), Some(_)) => folder.chars().filter(plain).take(64).collect(),
        // A folder just below `intake/` that is one export itself.
        (Some(folder), None) if file.is_dir() => folder.chars().filter(plain).take(64).collect(),
        _ => String::new(),
    }
}

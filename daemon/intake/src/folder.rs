//! Watching the folder: a file is taken when it has come to rest, or at once when it was renamed
//! from a name that says "not ready yet".

use crate::anew::Seam;
use crate::claim::{CLAIMED, claim, claim_folder, keep_all, left_claimed};
use crate::filing::file_all;
use crate::reader::{Reader, Reading};
use crate::reread::{older, reread};
use crate::sets::{Judged, sort_out};
use crate::wishes;
use crate::work::{Areas, work_all};
use almoner_core::changes::Changes;
use almoner_core::fault::Outcome;
use almoner_core::ids::FileId;
use almoner_frame::anew::{Preview, What, wish};
use almoner_frame::intake::read_again;
use almoner_store::{Act, Desk, Writer};
use notify::event::{ModifyKind, RenameMode};
use notify::{EventKind, RecursiveMode, Watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

/// Folders below `intake/` that are ours.
const OURS: [&str; 3] = [CLAIMED, "done", "set-aside"];

/// How the intake works.
#[derive(Clone, Debug)]
pub struct Settings {
    pub folder: PathBuf,
    /// How long a file must be still before it is taken.
    pub still: Duration,
    /// How often the folder is looked through when nobody says that something changed (network
    /// shares tell nothing).
    pub look_every: Duration,
    pub reading: Reading,
}

/// The intake, at work.
pub struct Intake {
    desk: Desk,
    areas: Areas,
    reading: Reading,
    stop: Arc<AtomicBool>,
    wake: Sender<Wake>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

enum Wake {
    /// Something moved in the folder; these are ready at once.
    Moved(Vec<PathBuf>),
    /// Work was put back by hand, or the end has come.
    Look,
}

/// Starts watching and working, on a thread of its own.
pub fn start(settings: Settings, desk: Desk, areas: Areas) -> Outcome<Intake> {
    std::fs::create_dir_all(&settings.folder)?;
    let (stop, reading) = (Arc::new(AtomicBool::new(false)), settings.reading.clone());
    let (wake, woken) = channel();
    let worker = {
        let (desk, stop, wake) = (desk.clone(), Arc::clone(&stop), wake.clone());
        move || {
            let watcher = watch(&settings.folder, wake);
            if let Err(cause) = &watcher {
                log::warn!("the intake folder can't be watched ({cause}); it is looked through");
            }
            let reader = Reader::new(&desk, &settings.reading);
            let (resting, judged) = (BTreeMap::new(), Judged::default());
            Loop { settings, desk, areas, reader, stop, resting, judged }.run(&woken);
        }
    };
    let thread = std::thread::Builder::new().name("intake".into()).spawn(worker)?;
    Ok(Intake { desk, areas, reading, stop, wake, thread: Mutex::new(Some(thread)) })
}

impl Intake {
    /// Reads a file again that was set aside or taken in part: after an update, say.
    pub fn retry(&self, id: FileId, act: Act) -> Outcome<()> {
        self.desk.write_bulk(act, move |writer| read_again(writer, id)).wait()?;
        let _ = self.wake.send(Wake::Look);
        Ok(())
    }

    /// What undoing a file, or reading it again, would change.
    pub fn preview(&self, id: FileId, what: What) -> Outcome<Preview> {
        wishes::preview(&self.seam(), id, what)
    }

    /// What reading the files again that an older program read (or all) would change; how many.
    pub fn preview_older(&self, all: bool) -> Outcome<Changes> {
        let ids = self.desk.read(|reader| older(reader, all))?;
        Ok(reread(&self.seam(), &ids, false)?.changes)
    }

    /// Has a file undone or read again, in its turn.
    pub fn wish(&self, id: FileId, what: What, act: Act) -> Outcome<()> {
        self.desk.write_bulk(act, move |writer| wish(writer, id, what, false)).wait()?;
        let _ = self.wake.send(Wake::Look);
        Ok(())
    }

    /// Has the files read again that an older program read, or all, in their turn.
    pub fn wish_older(&self, all: bool, act: Act) -> Outcome<()> {
        let ids = self.desk.read(|reader| older(reader, all))?;
        let work = move |writer: &mut Writer<'_>| {
            ids.into_iter().try_for_each(|id| wish(writer, id, What::Reread, false))
        };
        self.desk.write_bulk(act, work).wait()?;
        let _ = self.wake.send(Wake::Look);
        Ok(())
    }

    fn seam(&self) -> Seam<'_> {
        let Self { desk, areas, reading, .. } = self;
        Seam { desk, areas, reading, stop: &|| false }
    }

    /// Stops after the unit that is being taken; the rest goes on at the next start.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.wake.send(Wake::Look);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

/// What a file looked like when it was last seen to change.
struct Resting {
    size: u64,
    modified: Option<SystemTime>,
    since: Instant,
}

struct Loop {
    settings: Settings,
    desk: Desk,
    areas: Areas,
    reader: Reader,
    stop: Arc<AtomicBool>,
    resting: BTreeMap<PathBuf, Resting>,
    judged: Judged,
}

impl Loop {
    fn run(mut self, woken: &Receiver<Wake>) {
        self.attempt(Self::resume);
        let mut ready = BTreeSet::new();
        while !self.stop.load(Ordering::Relaxed) && !self.desk.failed() {
            let at_once = std::mem::take(&mut ready);
            self.attempt(|this| this.look(&at_once));
            let pause = if self.resting.is_empty() {
                self.settings.look_every
            } else {
                self.settings.still.min(Duration::from_millis(250))
            };
            match woken.recv_timeout(pause) {
                Ok(wake) => gather(wake, woken, &mut ready),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Takes up what an earlier run left: claimed files, unfinished work, unfiled receipts.
    fn resume(&mut self) -> Outcome<()> {
        keep_all(&self.desk, &left_claimed(&self.settings.folder)?).and(self.work())
    }

    fn look(&mut self, at_once: &BTreeSet<PathBuf>) -> Outcome<()> {
        let mut found = Vec::new();
        files_below(&self.settings.folder, true, &mut found)?;
        self.resting.retain(|path, _| found.contains(path));
        let (mut taken, mut told) = (Vec::new(), Ok(()));
        let (sets, single) = sort_out(&self.settings.folder, found, &mut self.judged);
        for set in sets {
            let resting = set.files.iter().filter(|path| self.rests(path)).count();
            if resting < set.files.len() || is_being_written(&set.folder)? {
                continue;
            }
            match claim_folder(&self.settings.folder, &set.folder) {
                Ok(claimed) => taken.extend(claimed),
                Err(fault) => told = told.and(Err(fault)),
            }
        }
        for path in single {
            if !at_once.contains(&path) && !self.rests(&path) {
                continue;
            }
            match claim(&self.settings.folder, &path) {
                Ok(Some(claimed)) => {
                    self.resting.remove(&path);
                    taken.push(claimed);
                }
                Ok(None) => {}
                Err(fault) => told = told.and(Err(fault)),
            }
        }
        told.and(keep_all(&self.desk, &taken)).and(self.work())
    }

    fn work(&mut self) -> Outcome<()> {
        let Self { desk, areas, reader, stop, .. } = self;
        let worked = work_all(desk, areas, reader, &|| stop.load(Ordering::Relaxed));
        reader.rest();
        worked?;
        file_all(&self.desk, &self.settings.folder)
    }

    /// Whether a file has been still for long enough; remembers how it looks.
    fn rests(&mut self, path: &Path) -> bool {
        let Ok(now) = std::fs::symlink_metadata(path) else { return false };
        let (size, modified) = (now.len(), now.modified().ok());
        match self.resting.get(path) {
            Some(seen) if seen.size == size && seen.modified == modified => {
                seen.since.elapsed() >= self.settings.still
            }
            _ => {
                let seen = Resting { size, modified, since: Instant::now() };
                self.resting.insert(path.to_owned(), seen);
                false
            }
        }
    }

    fn attempt(&mut self, work: impl FnOnce(&mut Self) -> Outcome<()>) {
        if let Err(fault) = work(self) {
            log::error!("intake: {fault}; it is tried again");
        }
    }
}

fn gather(first: Wake, woken: &Receiver<Wake>, ready: &mut BTreeSet<PathBuf>) {
    let mut next = Some(first);
    while let Some(wake) = next {
        if let Wake::Moved(paths) = wake {
            ready.extend(paths);
        }
        next = woken.try_recv().ok();
    }
}

/// Plain files below a folder that are not ours and not still being written, in name order; but
/// those of people before all others: in a FHIR bulk export (one file per type, named after it) the
/// facts of somebody often stand in a file that sorts before `Patient.ndjson`.
fn files_below(folder: &Path, top: bool, found: &mut Vec<PathBuf>) -> Outcome<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_cached_key(|entry| {
        let name = entry.file_name();
        (!name.to_string_lossy().starts_with("Patient"), name)
    });
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if unready(&name) || (top && OURS.contains(&&*name)) {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_file() => found.push(entry.path()),
            Ok(kind) if kind.is_dir() => files_below(&entry.path(), false, found)?,
            _ => {}
        }
    }
    Ok(())
}

/// Whether a file of the folder still has the name of one that is being written.
fn is_being_written(folder: &Path) -> Outcome<bool> {
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        if unready(&name.to_string_lossy()) && !name.to_string_lossy().starts_with('.') {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A name that says "not ready yet".
fn unready(name: &str) -> bool {
    let ending = Path::new(name).extension().unwrap_or_default();
    name.starts_with('.') || ["part", "tmp"].iter().any(|end| ending.eq_ignore_ascii_case(end))
}

fn watch(folder: &Path, wake: Sender<Wake>) -> notify::Result<notify::RecommendedWatcher> {
    let root = folder.to_owned();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let ours = |path: &PathBuf| {
            let first = path.strip_prefix(&root).ok().and_then(|below| below.components().next());
            first.is_some_and(|part| OURS.iter().any(|ours| part.as_os_str() == *ours))
        };
        if event.paths.iter().all(ours) || matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        let _ = wake.send(Wake::Moved(renamed_ready(&event)));
    })?;
    watcher.watch(folder, RecursiveMode::Recursive)?;
    Ok(watcher)
}

/// The file of a rename from an unready name to a ready one.
fn renamed_ready(event: &notify::Event) -> Vec<PathBuf> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    match (event.kind, event.paths.as_slice()) {
        (EventKind::Modify(ModifyKind::Name(RenameMode::Both)), [from, to]) => {
            let was = name(from).is_some_and(|name| unready(&name));
            let is = name(to).is_some_and(|name| !unready(&name));
            if was && is { vec![to.clone()] } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

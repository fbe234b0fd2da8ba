//! The desk as areas use it: what is saved is found again with its index, its loops, its history
//! and its entry on the trail; what is refused or panics leaves nothing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_truncation)]

use almoner_core::actor::Actor;
use almoner_core::fault::Fault;
use almoner_core::ids::{PatientId, RawId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, Owner};
use almoner_core::phrase::Phrase;
use almoner_core::rules::Rules;
use almoner_core::time::Clock;
use almoner_store::blobs::PIECE;
use almoner_store::keys::{Kek, KeyRing, RecoveryKey};
use almoner_store::{
    Act, Change, Desk, Index, Key, Keys, Kind, KindEntry, Reaction, Record, Setup, Verb, Writer,
    check, copy, sealed,
};
use almoner_trail::Checkpoint;
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

almoner_core::record_id!(
    /// A note of the test.
    NoteId
);

const BY_WORD: Index = Index { code: 900, name: "note-word" };
const BY_STATE: Index = Index { code: 901, name: "note-state" };

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    id: NoteId,
    patient: PatientId,
    owner: Owner,
    word: String,
    open: bool,
}

impl Record for Note {
    type Id = NoteId;
    const KIND: Kind = Kind { code: 900, name: "note" };
    fn id(&self) -> NoteId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_WORD, Key::all().text(&self.word));
        keys.add_counted(BY_STATE, Key::all().number(self.open.into()));
    }
    fn loops(&self, _rules: &Rules) -> Vec<Loop> {
        if !self.open {
            return Vec::new();
        }
        vec![Loop {
            slot: 0,
            kind: LoopKind::Task,
            owner: self.owner,
            patient: Some(self.patient),
            opens: None,
            due: Due::Day("2026-11-25".parse().unwrap()),
            what: Phrase::new("note"),
            why: Phrase::new("note"),
            next: Phrase::new("note"),
            next_path: String::new(),
            path: String::new(),
            clock: None,
        }]
    }
}

/// A tally that reacts to notes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Tally {
    id: NoteId,
    notes: u32,
}

impl Record for Tally {
    type Id = NoteId;
    const KIND: Kind = Kind { code: 901, name: "tally" };
    fn id(&self) -> NoteId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}

fn tally_id() -> NoteId {
    NoteId(RawId::from_bytes([7; 16]))
}

fn count(writer: &mut Writer<'_>, change: Change) -> Result<(), Fault> {
    let notes = writer.find::<Tally>(tally_id())?.map_or(0, |tally| tally.notes);
    if change.created { writer.put(&Tally { id: tally_id(), notes: notes + 1 }) } else { Ok(()) }
}

fn desk_over(database: redb::Database) -> Desk {
    desk_of(database, KindEntry::of::<Note>())
}

fn desk_of(database: redb::Database, notes: KindEntry) -> Desk {
    let setup = Setup {
        rules: Arc::new(Rules::default()),
        clock: Clock::default(),
        kinds: vec![notes, KindEntry::of::<Tally>()],
        reactions: vec![Reaction { on: Note::KIND, react: count }],
        boot: "boot-1".into(),
        on_failure: Box::new(|fault| panic!("{fault}")),
    };
    Desk::open(database, setup, "almoner-test").unwrap()
}

fn desk() -> Desk {
    desk_over(sealed::open_memory(8 << 20).unwrap().database)
}

fn act(desk: &Desk) -> Act {
    Act::new(Actor::Appliance, Verb("note.write"), desk.clock().now())
}

fn note(word: &str) -> Note {
    let owner = Owner::Staff(StaffId::random());
    Note {
        id: NoteId::random(),
        patient: PatientId::random(),
        owner,
        word: word.into(),
        open: true,
    }
}

fn save(desk: &Desk, note: &Note) {
    let note = note.clone();
    desk.write(act(desk), move |writer| writer.put(&note)).wait().unwrap();
}

#[test]
fn a_saved_record_is_found_by_key_by_owner_and_by_patient() {
    let desk = desk();
    let mut first = note("alpha");
    save(&desk, &first);
    save(&desk, &note("beta"));
    desk.read(|reader| {
        let key = Key::all().text("alpha");
        assert_eq!(reader.exactly::<NoteId>(BY_WORD, &key)?, [first.id]);
        assert_eq!(reader.loops(Some(first.owner))?.len(), 1);
        assert_eq!(reader.loops_of(first.patient)?.len(), 1);
        assert_eq!(reader.loops(None)?.len(), 2);
        assert_eq!(reader.get::<Note>(first.id)?, first);
        assert!(reader.take_opened().contains(&first.patient));
        assert_eq!(reader.get::<Tally>(tally_id())?.notes, 2);
        Ok(())
    })
    .unwrap();
    (first.word, first.open) = ("gamma".into(), false);
    save(&desk, &first);
    desk.read(|reader| {
        assert!(reader.exactly::<NoteId>(BY_WORD, &Key::all().text("alpha"))?.is_empty());
        assert!(reader.loops(Some(first.owner))?.is_empty());
        let history = reader.history::<Note>(first.id)?;
        assert_eq!(history.len(), 1);
        assert_eq!(history[0].record.word, "alpha");
        assert_eq!(reader.trail_of(first.patient, 10)?.len(), 2);
        Ok(())
    })
    .unwrap();
    let report = check::check(&desk).unwrap();
    assert!(report.damage.is_empty(), "{:?}", report.damage);
    desk.close();
}

#[test]
fn a_refusal_or_a_panic_leaves_nothing() {
    let desk = desk();
    let kept = note("kept");
    save(&desk, &kept);
    let before = desk.read(|reader| reader.trail_size()).unwrap();
    let lost = note("lost");
    let (one, two) = (lost.clone(), lost.clone());
    let refused = desk.write(act(&desk), move |writer| -> Result<(), Fault> {
        writer.put(&one)?;
        Err(Fault::refused("word", Phrase::new("note")))
    });
    let panicked = desk.write(act(&desk), move |writer| -> Result<(), Fault> {
        writer.put(&two)?;
        panic!("in the middle")
    });
    assert!(matches!(refused.wait(), Err(Fault::Refused(_))));
    assert!(matches!(panicked.wait(), Err(Fault::Broken(_))));
    desk.read(|reader| {
        assert!(reader.find::<Note>(lost.id)?.is_none());
        assert_eq!(reader.trail_size()?, before);
        assert_eq!(reader.get::<Tally>(tally_id())?.notes, 1);
        Ok(())
    })
    .unwrap();
    assert!(check::check(&desk).unwrap().damage.is_empty());
}

#[test]
fn saving_the_same_again_changes_nothing() {
    let desk = desk();
    let same = note("same");
    save(&desk, &same);
    let before = desk.read(|reader| reader.trail_size()).unwrap();
    save(&desk, &same);
    assert_eq!(desk.read(|reader| reader.trail_size()).unwrap(), before);
}

#[test]
fn counted_keys_are_counted_as_records_come_change_and_go() {
    let desk = desk();
    let counts = |open: u64, done: u64| {
        let of = |state: bool| Key::all().number(state.into());
        let found = desk.read(|reader| {
            Ok((reader.counted(BY_STATE, &of(true))?, reader.counted(BY_STATE, &of(false))?))
        });
        assert_eq!(found.unwrap(), (open, done));
        let report = check::check(&desk).unwrap();
        assert!(report.damage.is_empty(), "{:?}", report.damage);
    };
    counts(0, 0);
    let mut notes: Vec<Note> = (0..3).map(|n| note(&n.to_string())).collect();
    for note in &notes {
        save(&desk, note);
    }
    counts(3, 0);
    notes[0].open = false;
    save(&desk, &notes[0]);
    save(&desk, &notes[0]);
    counts(2, 1);
    let (gone, other) = (notes[0].id, notes[1].id);
    desk.write(act(&desk), move |writer| {
        writer.remove::<Note>(gone)?;
        writer.remove::<Note>(other)
    })
    .wait()
    .unwrap();
    counts(1, 0);
    desk.close();
}

#[test]
fn a_form_of_an_older_version_is_stale() {
    let desk = desk();
    let mut one = note("one");
    save(&desk, &one);
    one.word = "two".into();
    save(&desk, &one);
    let id = one.id;
    let stale = desk.write(act(&desk), move |writer| writer.expect::<Note>(id, 1).map(drop));
    assert!(matches!(stale.wait(), Err(Fault::Stale("note"))));
}

#[test]
fn many_writers_share_commits_and_all_stand_on_the_trail() {
    let desk = desk();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let desk = desk.clone();
            std::thread::spawn(move || (0..50).for_each(|n| save(&desk, &note(&n.to_string()))))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(desk.read(|reader| reader.count(Note::KIND)).unwrap(), 400);
    assert_eq!(desk.read(|reader| reader.get::<Tally>(tally_id())).unwrap().notes, 400);
    let report = check::check(&desk).unwrap();
    assert!(report.damage.is_empty(), "{:?}", report.damage);
    // One entry for the note's patient and one for the tally, which is nobody's.
    assert_eq!(report.trail_entries, 800);
    desk.close();
}

#[test]
fn source_documents_come_back_byte_for_byte() {
    let desk = desk();
    let bytes: Vec<u8> =
        (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for (digest, bytes) in [([1; 32], bytes), ([2; 32], Vec::new()), ([3; 32], vec![0; 1 << 20])] {
        let kept = bytes.clone();
        let new = desk.write(act(&desk), move |writer| {
            writer.witness("done");
            writer.keep_blob(&digest, &kept)
        });
        assert!(new.wait().unwrap());
        assert_eq!(desk.read(|reader| reader.blob(&digest)).unwrap(), Some(bytes));
    }
    assert_eq!(desk.read(|reader| reader.blob(&[9; 32])).unwrap(), None);
}

#[test]
fn a_source_document_is_read_from_any_place() {
    let desk = desk();
    for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 77] {
        let bytes: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
        let digest = [u8::try_from(size % 250).unwrap(); 32];
        // As a large file is kept: piece by piece, the first one last.
        let pieces: Vec<Vec<u8>> = bytes.chunks(PIECE).map(<[u8]>::to_vec).collect();
        let pieces = if pieces.is_empty() { vec![Vec::new()] } else { pieces };
        for (number, piece) in pieces.into_iter().enumerate().rev() {
            assert!(desk.read(|reader| Ok(reader.open_blob(&digest)?.is_none())).unwrap());
            let kept = desk.write(act(&desk), move |writer| {
                writer.witness("done");
                writer.keep_blob_piece(&digest, u32::try_from(number).unwrap(), &piece);
                Ok(())
            });
            kept.wait().unwrap();
        }
        let read = |from: usize, most: usize| {
            desk.read(|reader| {
                let mut blob = reader.open_blob(&digest)?.unwrap();
                assert_eq!(blob.size(), size as u64);
                blob.seek(SeekFrom::Start(from as u64))?;
                let mut read = Vec::new();
                blob.take(most as u64).read_to_end(&mut read)?;
                Ok(read)
            })
            .unwrap()
        };
        assert!(read(0, size + 9) == bytes, "{size} bytes");
        for from in [0, 1, PIECE - 3, PIECE, 3 * PIECE + 5, size.saturating_sub(2), size, size + 5]
        {
            let end = size.min(from + 100);
            assert_eq!(read(from, 100), bytes.get(from..end).unwrap_or_default());
        }
    }
}

#[test]
fn a_backup_taken_while_people_write_restores_to_its_moment() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.redb"), folder.path().join("new.redb"));
    let device = || KeyRing::with_device(Kek::from_bytes([5; 32]));
    let recovery = RecoveryKey::generate().unwrap();
    let desk = desk_over(sealed::create(&old, &device(), 8 << 20).unwrap().database);
    let recipient = copy::recovery_recipient(&recovery).unwrap().to_string();
    let named = act(&desk);
    desk.write(named, move |writer| {
        writer.set_meta(copy::recovery_recipient_name(), Some(recipient.as_bytes()));
        Ok(())
    })
    .wait()
    .unwrap();
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let desk = desk.clone();
            std::thread::spawn(move || (0..60).for_each(|n| save(&desk, &note(&n.to_string()))))
        })
        .collect();
    let backups = folder.path().join("backup");
    let made =
        copy::backup_now(&desk, &backups, "one", &[("ca.pem".into(), b"pem".to_vec())]).unwrap();
    for writer in writers {
        writer.join().unwrap();
    }
    let records = |table: &str| {
        let tables = &made.outside.manifest.tables;
        tables.iter().find(|one| one.name == table).unwrap().rows
    };
    let identity = copy::recovery_identity(&recovery).unwrap();
    let mut small = Vec::new();
    copy::restore(&made.path, &identity, &new, &device(), &mut |name, content| {
        small.push((name.to_owned(), content.to_vec()));
        Ok(())
    })
    .unwrap();
    assert_eq!(small, [("ca.pem".to_owned(), b"pem".to_vec())]);
    desk.close();
    let restored = desk_over(sealed::open(&new, &device(), 8 << 20).unwrap().database);
    let report = check::check(&restored).unwrap();
    assert!(report.damage.is_empty(), "{:?}", report.damage);
    assert_eq!(report.records.values().sum::<u64>(), records("records"));
    assert_eq!(report.trail_entries, records("trail"));
    assert_clear_of_words(folder.path());
}

/// A note of a later program, that is found by its word in capitals.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Louder(Note);

impl Record for Louder {
    type Id = NoteId;
    const KIND: Kind = Note::KIND;
    fn id(&self) -> NoteId {
        self.0.id
    }
    fn patient(&self) -> Option<PatientId> {
        self.0.patient()
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_WORD, Key::all().text(&self.0.word.to_uppercase()));
    }
    fn loops(&self, rules: &Rules) -> Vec<Loop> {
        self.0.loops(rules)
    }
}

#[test]
fn a_program_that_names_other_keys_builds_the_index_anew() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.redb");
    let device = || KeyRing::with_device(Kek::from_bytes([5; 32]));
    let old = desk_over(sealed::create(&file, &device(), 8 << 20).unwrap().database);
    let first = note("alpha");
    save(&old, &first);
    let forgets = |writer: &mut Writer<'_>| {
        writer.set_meta("keys", Some(&1_u32.to_be_bytes()));
        Ok(())
    };
    old.write(act(&old), forgets).wait().unwrap();
    old.close();
    drop(old);
    let database = sealed::open(&file, &device(), 8 << 20).unwrap().database;
    let new = desk_of(database, KindEntry::of::<Louder>());
    let found = |word: &str| {
        new.read(|reader| reader.exactly::<NoteId>(BY_WORD, &Key::all().text(word))).unwrap()
    };
    assert_eq!((found("ALPHA"), found("alpha")), (vec![first.id], vec![]));
    let report = check::check(&new).unwrap();
    assert!(report.damage.is_empty(), "{:?}", report.damage);
}

#[test]
fn a_checkpoint_on_demand_stands_at_the_trails_end_and_ranges_fit_exported_entries() {
    let desk = desk();
    (0..9).for_each(|n| save(&desk, &note(&n.to_string())));
    desk.sign_checkpoint().unwrap();
    let (size, key, notes) = desk
        .read(|reader| Ok((reader.trail_size()?, reader.trail_key()?, reader.checkpoints()?)))
        .unwrap();
    let last = Checkpoint::open(notes.last().unwrap(), &key).unwrap();
    assert_eq!((last.size, size), (18, 18));
    desk.read(|reader| {
        for from in 0..=size {
            let mut range = reader.trail_range(from)?;
            for found in reader.trail(from, usize::MAX)? {
                range.append(found.entry.leaf().unwrap().1);
            }
            assert_eq!(range.root(), last.root, "from {from}");
        }
        Ok(())
    })
    .unwrap();
    save(&desk, &note("after"));
    desk.sign_checkpoint().unwrap();
    desk.close();
    let report = check::check(&desk).unwrap();
    assert!(report.damage.is_empty() && report.checkpoints >= 2, "{report:?}");
}

/// No file of the folder shows a kind's or a field's name: everything is encrypted.
fn assert_clear_of_words(folder: &Path) {
    for entry in
        std::fs::read_dir(folder).unwrap().chain(std::fs::read_dir(folder.join("backup")).unwrap())
    {
        let path = entry.unwrap().path();
        if path.is_file() && path.extension().is_none_or(|extension| extension != "manifest") {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(7).any(|window| window == b"patient"), "{}", path.display());
        }
    }
}

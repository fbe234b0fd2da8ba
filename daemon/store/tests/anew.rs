//! Work that is done anew lays in only what came out otherwise; a rehearsal leaves nothing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use almoner_core::actor::Actor;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, Owner};
use almoner_core::phrase::Phrase;
use almoner_core::rules::Rules;
use almoner_core::time::Clock;
use almoner_store::{
    Act, Desk, Index, Key, Keys, Kind, KindEntry, Record, Setup, Verb, Writer, check, sealed,
};
use serde::{Deserialize, Serialize};
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

fn desk() -> Desk {
    let setup = Setup {
        rules: Arc::new(Rules::default()),
        clock: Clock::default(),
        kinds: vec![KindEntry::of::<Note>()],
        reactions: Vec::new(),
        boot: "boot-1".into(),
        on_failure: Box::new(|fault| panic!("{fault}")),
    };
    Desk::open(sealed::open_memory(8 << 20).unwrap().database, setup, "almoner-test").unwrap()
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
fn work_done_anew_touches_only_what_came_out_otherwise() {
    let desk = desk();
    let (same, changed, gone, new) = (note("same"), note("old"), note("gone"), note("new"));
    for note in [&same, &changed, &gone] {
        save(&desk, note);
    }
    let notes = [same.clone(), changed.clone(), gone.clone()];
    let work = move |writer: &mut Writer<'_>| {
        let turned = writer.anew(|writer| {
            for note in &notes {
                writer.remove::<Note>(note.id)?;
                assert_eq!(writer.outer().unwrap().get::<Note>(note.id)?, *note);
            }
            writer.put(&notes[0])?;
            writer.put(&Note { word: "changed".into(), ..notes[1].clone() })?;
            writer.put(&new)
        })?;
        let mut words = Vec::new();
        for one in turned.iter().filter(|it| it.kind == Note::KIND) {
            let word = |it: Option<Note>| it.map(|it| it.word).unwrap_or_default();
            words.push((word(one.before()?), word(one.after()?)));
        }
        words.sort();
        assert_eq!(
            words,
            [("", "new"), ("gone", ""), ("old", "changed")]
                .map(|(a, b)| { (a.to_owned(), b.to_owned()) })
        );
        let loops = writer.loop_counts();
        assert_eq!((loops.opened, loops.moved, loops.closed), (1, 0, 1));
        Ok(())
    };
    // Rehearsed, nothing of it stays.
    let size = desk.read(|reader| reader.trail_size()).unwrap();
    desk.rehearse(&act(&desk), work.clone()).unwrap();
    assert!(desk.read(|reader| reader.find::<Note>(gone.id)).unwrap().is_some());
    assert_eq!(desk.read(|reader| reader.trail_size()).unwrap(), size);
    desk.write(act(&desk), work).wait().unwrap();
    desk.read(|reader| {
        assert_eq!(reader.stored::<Note>(same.id)?.unwrap().version, 1);
        assert_eq!(reader.stored::<Note>(changed.id)?.unwrap().version, 2);
        assert!(reader.find::<Note>(gone.id)?.is_none());
        assert_eq!(reader.history::<Note>(changed.id)?.len(), 1);
        let named = reader.trail(size, 10)?;
        let named = named.iter().flat_map(|it| &it.entry.records).map(|it| it.id.clone());
        assert!(!named.collect::<Vec<_>>().contains(&same.id.to_string()));
        Ok(())
    })
    .unwrap();
    assert!(check::check(&desk).unwrap().damage.is_empty());
}

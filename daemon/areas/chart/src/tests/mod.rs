//! A store in memory, and the development data taken into it as intake does.

mod banner;
mod data;
mod decide;
mod documents;
mod doubts;
mod links;
mod medicines;
mod pages;
mod results;
mod split;
mod take;
mod timeline;

use almoner_core::actor::Actor;
use almoner_core::export::{Export, Statement};
use almoner_core::ids::{FileId, PatientId};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp};
use almoner_frame::{Area, Incoming, Taken};
use almoner_store::{Act, Desk, Setup, Verb, sealed};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const HOUSE: &[&Area] = &[&almoner_people::patients::AREA, &crate::AREA];

/// A store in memory with the two areas that take exports.
pub(crate) struct House {
    pub desk: Desk,
}

/// What became of a file's statements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub people: usize,
    pub new: usize,
    pub same: usize,
}

impl House {
    pub(crate) fn new() -> Self {
        let kinds = HOUSE.iter().flat_map(|area| area.kinds.iter().copied()).collect();
        let setup = Setup {
            rules: Arc::new(Rules::default()),
            clock: Clock::starting_at(noon()),
            kinds,
            reactions: HOUSE.iter().flat_map(|area| area.reactions).copied().collect(),
            boot: "test".into(),
            on_failure: Box::new(|fault| panic!("{fault}")),
        };
        let database = sealed::open_memory(64 << 20).unwrap().database;
        Self { desk: Desk::open(database, setup, "test").unwrap() }
    }

    /// Takes a file as intake does: who it is about, then what it says.
    pub(crate) fn drop_file(&self, bytes: &[u8], source: &str, minute: i64) -> Tally {
        let mut tally = Tally::default();
        let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
        let sha256: [u8; 32] = digest.as_ref().try_into().unwrap();
        let (copy, act) = (bytes.to_vec(), Act::new(Actor::Intake, Verb("intake.keep"), noon()));
        self.desk.write_bulk(act, move |writer| writer.keep_blob(&sha256, &copy)).wait().unwrap();
        for member in almoner_formats::read(bytes, "file") {
            let Ok(export) = member.outcome else { continue };
            let file = Incoming {
                file: FileId::random(),
                sha256,
                source: source.to_owned(),
                format: export.format.clone(),
                document: export.document.clone(),
                software: export.software.clone(),
                member: member.path,
                received: noon() + chrono::Duration::minutes(minute),
            };
            let one = self.take(file, export);
            tally = Tally {
                people: tally.people + one.people,
                new: tally.new + one.new,
                same: tally.same + one.same,
            };
        }
        tally
    }

    pub(crate) fn take(&self, file: Incoming, export: Export) -> Tally {
        let act = Act::new(Actor::Intake, Verb("intake.take"), file.received);
        let work = move |writer: &mut almoner_store::Writer<'_>| {
            let mut tally = Tally::default();
            let mut count = |taken: Taken| match taken {
                Taken::New => tally.new += 1,
                Taken::Same => tally.same += 1,
                other => panic!("not taken: {other:?}"),
            };
            let mut take = |writer: &mut _, patient: Option<PatientId>, said: &Statement| {
                // The wing of care keeps the questions of assessments.
                if matches!(said.content, almoner_core::clinical::Content::Instrument(_)) {
                    return Ok(());
                }
                crate::take(writer, &file, patient, said).map(&mut count)
            };
            for said in &export.shared {
                take(writer, None, said)?;
            }
            for person in &export.people {
                let joined = almoner_people::patients::join(writer, &file, person)?;
                for said in &person.statements {
                    take(writer, Some(joined.patient), said)?;
                }
            }
            tally.people = export.people.len();
            Ok(tally)
        };
        self.desk.write_bulk(act, work).wait().unwrap()
    }

    /// Every patient and fact as FHIR, in the order of the resources, ids and times aside.
    pub(crate) fn fhir(&self) -> Vec<(String, String)> {
        let look = |reader: &almoner_store::Reader<'_>| {
            let mut all = Vec::new();
            for resource in crate::AREA.resources {
                for id in (resource.ids)(reader, almoner_frame::Scope::All)? {
                    let written = (resource.write)(reader, id)?.unwrap();
                    all.push((resource.type_.to_owned(), written.json));
                }
            }
            Ok(all)
        };
        self.desk.read(look).unwrap()
    }
}

/// The files of the development data below a folder, by name.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data").join(folder);
    let mut found = Vec::new();
    let mut todo = vec![root];
    while let Some(folder) = todo.pop() {
        let inside = std::fs::read_dir(&folder).expect("the development data must be there");
        for entry in inside {
            let path = entry.unwrap().path();
            if path.is_dir() { todo.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} holds no file");
    found
}

pub(crate) fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

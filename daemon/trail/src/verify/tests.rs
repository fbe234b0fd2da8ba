//! What a check says about exports that are whole, partial or cut, and how exactly it names the
//! place.

use super::*;
use crate::entry::SHAPE;
use crate::export::{ExportWriter, write_note};
use crate::{Actor, Checkpoint, Entry, NoteSigner};

/// A made-up trail with its files, for these tests and the tampering ones.
pub(super) struct Trail {
    pub(super) signer: NoteSigner,
    pub(super) entries: Vec<Entry>,
    /// Sizes at which a checkpoint is signed.
    pub(super) signed: Vec<u64>,
}

impl Trail {
    pub(super) fn new(count: u64, every: usize) -> Self {
        let signer = NoteSigner::new("harbor-street.example/trail", &[5; 32]).unwrap();
        let mut sizes: Vec<u64> = (0..count).step_by(every).skip(1).collect();
        sizes.push(count);
        Self { signer, entries: (0..count).map(entry).collect(), signed: sizes }
    }

    pub(super) fn range(&self, size: u64) -> Range {
        let mut range = Range::new();
        for entry in &self.entries[..usize::try_from(size).unwrap()] {
            range.append(entry.leaf().unwrap().1);
        }
        range
    }

    pub(super) fn note(&self, size: u64) -> String {
        let origin = self.signer.verifier_key().name();
        Checkpoint::of(origin, &self.range(size)).sign(&self.signer).unwrap()
    }

    pub(super) fn export(&self, from: u64, to: u64) -> Vec<u8> {
        let origin = self.signer.verifier_key().name();
        let header = ExportHeader::new(origin, &self.range(from), to);
        let mut writer = ExportWriter::new(Vec::new(), &header).unwrap();
        for entry in &self.entries[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()] {
            writer.entry(&entry.canonical().unwrap()).unwrap();
        }
        writer.finish().unwrap()
    }

    pub(super) fn checkpoints(&self) -> Vec<u8> {
        let mut file = Vec::new();
        for size in &self.signed {
            write_note(&mut file, &self.note(*size)).unwrap();
        }
        file
    }

    fn check(&self, export: &[u8], since: &[String]) -> Result<Report, Failure> {
        verify(export, self.checkpoints().as_slice(), self.signer.verifier_key(), since)
    }
}

pub(super) fn entry(seq: u64) -> Entry {
    Entry {
        actor: Actor { id: format!("staff-{}", seq % 7), kind: "staff".into() },
        address: None,
        at: format!("2026-11-22T09:{:02}:{:02}.032Z", (seq / 60) % 60, seq % 60),
        boot: "b-1".into(),
        detail: [("count".to_owned(), crate::Detail::Number(3))].into(),
        device: None,
        outcome: "done".into(),
        patient: Some(format!("p-{}", seq % 11)),
        purpose: None,
        reason: None,
        records: Vec::new(),
        seq,
        v: SHAPE,
        verb: "chart.read".into(),
        visit: None,
    }
}

pub(super) fn finding(result: Result<Report, Failure>) -> Finding {
    match result {
        Err(Failure::Bad(finding)) => finding,
        other => panic!("expected a finding, not {other:?}"),
    }
}

fn lines(export: &[u8]) -> Vec<&[u8]> {
    export.split_inclusive(|byte| *byte == b'\n').collect()
}

#[test]
fn a_whole_trail_is_ok_with_and_without_header() {
    let trail = Trail::new(50, 9);
    let export = trail.export(0, 50);
    let report = trail.check(&export, &[trail.note(20), trail.note(33)]).unwrap();
    assert_eq!((report.from, report.to, report.checkpoints), (0, 50, 6));
    assert_eq!(report.since, [20, 33]);
    assert_eq!(report.root, trail.range(50).root());
    let headless = lines(&export)[1..].concat();
    assert_eq!(trail.check(&headless, &[]).unwrap().to, 50);
}

#[test]
fn a_trail_without_entries_can_be_signed() {
    let trail = Trail { signed: vec![0], ..Trail::new(0, 1) };
    assert_eq!(trail.check(&trail.export(0, 0), &[]).unwrap().to, 0);
    assert_eq!(trail.check(b"", &[]).unwrap().to, 0);
}

#[test]
fn a_part_is_ok_and_says_what_it_proves() {
    let trail = Trail::new(50, 9);
    let report = trail.check(&trail.export(21, 50), &[trail.note(40)]).unwrap();
    assert_eq!((report.before, report.checkpoints), (2, 4));
    assert!(report.proves().contains("Of the 21 entries before them it proves only"));
    assert!(matches!(
        trail.check(&trail.export(21, 50), &[trail.note(20)]),
        Err(Failure::Uncovered { since: 20, from: 21 })
    ));
}

#[test]
fn places_are_exact_where_they_can_be() {
    let trail = Trail::new(50, 10);
    let export = trail.export(0, 50);
    let all = lines(&export);
    let cases: [(Vec<&[u8]>, u64, What); 5] = [
        ([&all[..8], &all[10..]].concat(), 7, What::Missing { found: 9 }),
        ([&all[..8], &all[3..4], &all[8..]].concat(), 7, What::Inserted { found: 2 }),
        (
            [&all[..8], &all[9..10], &all[8..9], &all[10..]].concat(),
            7,
            What::OutOfOrder { found: 8 },
        ),
        ([&all[..8], &[b"{}\n".as_slice()], &all[9..]].concat(), 7, What::NotAnEntry),
        (all[..45].to_vec(), 44, What::Truncated { promised: 50 }),
    ];
    for (file, first, what) in cases {
        let found = finding(trail.check(&file.concat(), &[]));
        assert_eq!((found.first, found.what), (first, what));
    }
    let edited = String::from_utf8(export.clone()).unwrap().replace("\"seq\":7,", "\"seq\": 7,");
    let found = finding(trail.check(edited.as_bytes(), &[]));
    assert_eq!((found.first, found.what), (7, What::NotCanonical));
}

#[test]
fn a_careful_edit_is_found_between_two_checkpoints() {
    let trail = Trail::new(50, 10);
    let mut forged = Trail::new(50, 10);
    forged.entries[27].patient = Some("p-other".into());
    let found = finding(trail.check(&forged.export(0, 50), &[]));
    assert_eq!((found.first, found.until, found.proven), (20, 30, 20));
    assert_eq!(found.what, What::RootDiffers { size: 30 });
}

#[test]
fn a_history_rewritten_with_the_clinics_own_key_is_found_by_an_older_checkpoint() {
    let trail = Trail::new(50, 10);
    let mut forged = Trail::new(50, 10);
    forged.entries[27].patient = Some("p-other".into());
    assert!(forged.check(&forged.export(0, 50), &[]).is_ok(), "nothing else shows it");
    let found = finding(forged.check(&forged.export(0, 50), &[trail.note(20), trail.note(44)]));
    assert_eq!((found.first, found.until), (20, 44));
    assert_eq!(found.what, What::HistoryRewritten { size: 44 });
}

#[test]
fn entries_after_the_last_checkpoint_are_not_believed() {
    let trail = Trail { signed: vec![30], ..Trail::new(50, 10) };
    let found = finding(trail.check(&trail.export(0, 50), &[]));
    assert_eq!((found.first, found.until, found.what), (30, 50, What::Unsigned));
}

#[test]
fn a_report_for_programs_has_a_code_and_a_place() {
    let trail = Trail::new(5, 2);
    let json = serde_json::to_string(&finding(trail.check(&trail.export(0, 4), &[]))).unwrap();
    assert!(json.starts_with(r#"{"code":"truncated","first":4,"until":5,"proven":4,"message":""#));
}

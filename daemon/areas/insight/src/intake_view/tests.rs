//! Walks the pages of the intake.

use crate::tests::{House, forbidden};
use almoner_core::actor::Role;
use almoner_core::clinical::FactKind;
use almoner_core::export::{Problem, Severity};
use almoner_core::fault::Fault;
use almoner_core::ids::FileId;
use almoner_core::receipt::{Counts, LoopCounts, Match, MatchedPatient, Receipt, Status};
use almoner_frame::intake::{IntakeFile, Sha256};

fn receipt(house: &House, status: Status) -> Receipt {
    let patient = house.patient(["Okafor-Reyes", "María"], "1958-03-04", "004-81-937");
    let counts = Counts { new: 3, same: 2, none_known: 0, negated: 1 };
    let broken = Problem::new(Severity::Error, "line 812", "xml_malformed", "The file stops.");
    Receipt {
        id: FileId::random(),
        name: "DOC0003.XML".into(),
        sha256: "ab".repeat(32),
        bytes: 34_567,
        received: house.desk.clock().now(),
        finished: Some(house.desk.clock().now()),
        source: "epic".into(),
        format: "ccda".into(),
        version: "R2.1".into(),
        document: "discharge-summary".into(),
        software: "Epic".into(),
        status,
        duplicate_of: None,
        patients: vec![MatchedPatient { id: patient, match_: Match::Same }],
        patients_more: 0,
        facts: [(FactKind::Condition, counts), (FactKind::Allergy, counts)].into(),
        loops: LoopCounts { opened: 3, ..LoopCounts::default() },
        problems: vec![broken],
        members: Vec::new(),
    }
}

fn file(house: &House, status: Status) -> FileId {
    let receipt = receipt(house, status);
    let id = receipt.id;
    let file = IntakeFile { receipt, sha256: Sha256([7; 32]), taken: 1, filed: true };
    house.put(move |writer| writer.put(&file));
    id
}

#[test]
fn a_receipt_is_said_in_words() {
    let house = House::new();
    let id = file(&house, Status::Partial);
    let html = house.html(&format!("/intake/{id}"));
    for piece in [
        "Clinical document, C-CDA R2.1, discharge summary",
        "<span class=\"tag warn\">Read in part</span>",
        "<span lang=\"en\">The file stops.</span>",
        "Where: line 812",
        "Okafor-Reyes, María</a><span class=\"sub\">Mar 4, 1958 · <span class=\"mono\">004-81-937</span>",
        "All together</th><td class=\"n\" data-th=\"New\">6</td>",
        "<dt>Opened</dt><dd>3</dd>",
        "34 KB",
        "Read this file again",
    ] {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
}

#[test]
fn files_are_listed_and_those_set_aside_with_their_reason() {
    let house = House::new();
    let (done, aside) = (file(&house, Status::Done), file(&house, Status::SetAside));
    let html = house.html("/intake");
    assert!(html.contains(&done.to_string()) && html.contains(&aside.to_string()));
    assert!(html.contains("Set aside <span class=\"n\">1</span>"));
    let html = house.html("/intake/set-aside");
    assert!(!html.contains(&done.to_string()) && html.contains("The file stops."));
    assert!(house.html("/intake/duplicates").contains("No possible duplicates"));
}

#[test]
fn only_what_was_not_read_whole_is_read_again() {
    let house = House::new();
    let (done, aside) = (file(&house, Status::Done), file(&house, Status::SetAside));
    assert!(house.post(&format!("/intake/{aside}/retry")).is_ok());
    assert!(house.html(&format!("/intake/{aside}")).contains("Waiting"));
    let again = house.post(&format!("/intake/{done}/retry"));
    assert!(matches!(again, Err(Fault::Refused(_))));
}

#[test]
fn the_front_desk_does_not_see_files() {
    let house = House::seen_by(Role::FrontDesk);
    assert!(forbidden(house.get("/intake")));
}

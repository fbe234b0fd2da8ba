//! Walks the pages of the intake.

use crate::tests::{House, forbidden};
use almoner_core::actor::Role;
use almoner_core::changes::{Changes, Way};
use almoner_core::clinical::FactKind;
use almoner_core::export::{Problem, Severity};
use almoner_core::fault::Fault;
use almoner_core::ids::FileId;
use almoner_core::receipt::{Counts, LoopCounts, Match, MatchedPatient, Receipt, Status, Undone};
use almoner_frame::anew::{Line, Preview, What, Wish};
use almoner_frame::feeds;
use almoner_frame::intake::{IntakeFile, Sha256};

fn receipt(house: &House, status: Status) -> Receipt {
    let patient = house.patient(["Okafor-Reyes", "María"], "1958-03-04", "004-81-937");
    let counts = Counts { new: 3, same: 2, negated: 1, ..Counts::default() };
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
        generation: 0,
        undone: None,
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
fn how_far_a_large_file_is_stands_on_the_page() {
    let house = House::new();
    let working = |new| {
        let mut receipt = receipt(&house, Status::Working);
        receipt.facts = [(FactKind::Result, Counts { new, same: 400, ..Counts::default() })].into();
        let file = IntakeFile { receipt, sha256: Sha256([7; 32]), taken: 1, filed: true };
        house.put(move |writer| writer.put(&file));
    };
    working(500);
    assert!(house.html("/intake").contains("0 of 1 files of today are read.<"), "it is small");
    working(23_000);
    let said =
        "0 of 2 files of today are read. Of the file that is being read, 20,000 facts are in.";
    assert!(house.html("/intake").contains(said), "{}", house.html("/intake"));
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

/// A list of a clinic elsewhere: nobody knows which of its columns is what.
const LIST: &str = "Wer;Wann geboren;Nummer;Was\nAbara, Lionel;19.07.1971;00720415;neu\n\
                    Okafor-Reyes, María;04.03.1958;004-81-937;zurück\n";

/// The file of that list, set aside with its question.
fn asked(house: &House) -> FileId {
    let id = file(house, Status::SetAside);
    let mut members = almoner_formats::read(LIST.as_bytes(), "");
    let ask = *members.remove(0).outcome.unwrap().ask.unwrap();
    house.put(move |writer| {
        almoner_frame::lists::keep_questions(writer, id, vec![(String::new(), ask)])
    });
    id
}

#[test]
fn a_list_that_is_not_known_asks_shows_and_remembers() {
    let house = House::new();
    let id = asked(&house);
    let html = house.html(&format!("/intake/{id}"));
    assert!(
        html.contains(&format!("href=\"/intake/{id}/map\">Say what the columns are")),
        "{html}"
    );
    let html = house.html(&format!("/intake/{id}/map"));
    for piece in [
        "It is not known what the columns are",
        "No row names a patient",
        "Abara, Lionel · Okafor-Reyes, María",
        "<label class=\"vh\" for=\"c0\">What Wer holds</label><select id=\"c0\" name=\"c0\">",
        "<option value=\"caseload\">A column of the caseload</option>",
    ] {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
    let chosen = [
        ("kind", "patients"),
        ("dates", "day-first"),
        ("c0", "name"),
        ("c1", "dob"),
        ("c2", "mrn"),
        ("c3", "caseload"),
    ];
    let html = house.ask(&format!("/intake/{id}/map/look"), &chosen);
    for piece in [
        "Abara, Lionel<span class=\"sub\">Jul 19, 1971 · <span class=\"mono\">00720415</span>",
        "<span class=\"tag info\">New patient</span>",
        "Okafor-Reyes, María<span class=\"sub\">Mar 4, 1958",
        "Was: zurück",
    ] {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
    assert!(!html.contains("No row names a patient"));
    // Without a name, or without who it is about, nothing is saved; why is said.
    let path = format!("/intake/{id}/map");
    assert!(matches!(house.send(&path, &chosen), Err(Fault::Refused(_))));
    let nobody = [("name", "Neue"), ("kind", "patients"), ("c3", "caseload")];
    assert!(matches!(house.send(&path, &nobody), Err(Fault::Refused(_))));
    let twice =
        [("name", "Neue"), ("kind", "patients"), ("c0", "name"), ("c1", "dob"), ("c3", "dob")];
    assert!(matches!(house.send(&path, &twice), Err(Fault::Refused(_))));
    let named: Vec<_> = chosen.iter().copied().chain([("name", "Neue Liste")]).collect();
    assert_eq!(house.send(&path, &named).unwrap().path, format!("/intake/{id}"));
    assert!(house.html(&format!("/intake/{id}")).contains("Waiting"));
    // The question is answered: the page is gone, the reading is kept.
    assert!(matches!(house.get(&path), Err(Fault::Absent(_))));
    let profiles = house.desk.read(almoner_frame::lists::profiles).unwrap();
    assert_eq!((profiles[0].name.as_str(), profiles[0].source.as_str()), ("Neue Liste", "epic"));
    let known =
        almoner_formats::tables::lists::Known { source: "epic", today: None, profiles: &profiles };
    let limits = almoner_formats::unpack::Limits::default();
    let next = almoner_formats::read_with(LIST.as_bytes(), limits, known).remove(0);
    let export = next.outcome.unwrap();
    assert!(export.ask.is_none() && export.people.len() == 2 && export.problems.is_empty());
}

#[test]
fn the_question_is_asked_in_spanish_too() {
    let house = House::spanish();
    let id = asked(&house);
    let html = house.html(&format!("/intake/{id}/map"));
    assert!(
        html.contains("No se sabe qué son las columnas") && html.contains("Fecha de nacimiento")
    );
}

#[test]
fn an_export_is_undone_after_its_preview_was_seen() {
    let house = House::seen_by(Role::Lead);
    let id = file(&house, Status::Done);
    let path = format!("/intake/{id}/undo");
    assert!(house.html(&format!("/intake/{id}")).contains(&format!("href=\"{path}\"")));
    let html = house.html(&path);
    assert!(html.contains("Show what would change") && !html.contains("name=\"reason\""));
    assert!(house.post(&format!("{path}/preview")).is_ok());
    assert!(house.html(&path).contains("It is being worked out"));
    let patient = house.patient(["Okafor-Reyes", "María"], "1958-03-04", "004-81-937");
    let line =
        |way, kind, words: &str| Line { patient: Some(patient), way, kind, words: words.into() };
    let mut changes = Changes { stay: 1, ..Changes::default() };
    changes.facts.entry(FactKind::Allergy).or_default().add(Way::Gone);
    let preview = Preview {
        id,
        what: What::Undo,
        at: house.desk.clock().now(),
        changes,
        lines: vec![line(Way::Gone, Some(FactKind::Allergy), "Penicillin")],
        all: 2,
    };
    house.put(move |writer| {
        writer.remove::<Wish>(id)?;
        writer.put(&preview)
    });
    let html = house.html(&path);
    for piece in
        ["Penicillin", "Okafor-Reyes, María", "1 patient stays although", "name=\"reason\""]
    {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
    assert!(matches!(house.post(&path), Err(Fault::Refused(_))), "without a reason");
    let wish = house.desk.read(|reader| reader.find::<Wish>(id)).unwrap();
    assert_eq!(wish, None);
}

#[test]
fn only_a_lead_undoes_and_never_twice() {
    let house = House::seen_by(Role::Coordinator);
    let id = file(&house, Status::Done);
    assert!(!house.html(&format!("/intake/{id}")).contains("Undo this export"));
    assert!(forbidden(house.get(&format!("/intake/{id}/undo"))));
    let house = House::seen_by(Role::Lead);
    let id = file(&house, Status::Done);
    house.put(move |writer| {
        let mut file = writer.get::<IntakeFile>(id)?;
        file.receipt.undone = Some(Undone { at: writer.now(), by: None });
        writer.put(&file)
    });
    let html = house.html(&format!("/intake/{id}"));
    assert!(html.contains("This file was undone on") && !html.contains("Undo this export"));
    assert!(matches!(house.post(&format!("/intake/{id}/undo/preview")), Err(Fault::Refused(_))));
}

#[test]
fn the_front_desk_does_not_see_files() {
    let house = House::seen_by(Role::FrontDesk);
    assert!(forbidden(house.get("/intake")));
    let id = asked(&house);
    assert!(forbidden(house.get(&format!("/intake/{id}/map"))));
}

#[test]
fn a_source_that_is_silent_is_said() {
    let house = House::new();
    let now = house.desk.clock().now();
    house.put(move |writer| {
        for days in (20..40).chain(50..60) {
            feeds::note(writer, "epic", now - chrono::Duration::days(days))?;
        }
        for days in 0..20 {
            feeds::note(writer, "labs", now - chrono::Duration::days(days))?;
        }
        feeds::note(writer, "", now)
    });
    let html = house.html("/intake");
    let row = |name: &str| {
        let after = html.split(&format!("<th scope=\"row\">{name}</th>")).nth(1).unwrap();
        after.split("</tr>").next().unwrap().to_owned()
    };
    assert!(row("epic").contains(">Silent<"), "{}", row("epic"));
    assert!(row("labs").contains("As usual") && row("labs").contains("1 day"), "{}", row("labs"));
    assert!(row("no source named").contains(">New<"));
}

#[test]
fn the_place_of_a_fault_is_shown_and_the_look_is_on_the_trail() {
    let house = House::new();
    let text = "<a>\n<b>\u{202e}Zenker\n<c>\n";
    let mut receipt = receipt(&house, Status::SetAside);
    receipt.problems[0].at = "2:4".into();
    let id = receipt.id;
    let file = IntakeFile { receipt, sha256: Sha256([9; 32]), taken: 0, filed: true };
    house.put(move |writer| {
        writer.keep_blob(&[9; 32], text.as_bytes())?;
        writer.put(&file)
    });
    let address = format!("/intake/{id}/place?problem=0");
    assert!(house.html(&format!("/intake/{id}")).contains(&address), "the receipt leads there");
    let page = house.get(&address).unwrap();
    let html = page.main.as_str();
    assert!(html.contains("<mark>2 &#60;b&#62;[U+202E]Zenker</mark>"), "{html}");
    assert!(html.contains("1 &#60;a&#62;") && html.contains("3 &#60;c&#62;"), "{html}");
    let witness = page.witness.expect("nobody knows who looked");
    assert_eq!((witness.verb.0, witness.value), ("intake.look", id.to_string()));
    assert!(matches!(house.get(&format!("/intake/{id}/place?problem=7")), Err(Fault::Absent(_))));
    assert!(forbidden(House::seen_by(Role::FrontDesk).get(&address)));
}

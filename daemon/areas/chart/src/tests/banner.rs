//! The banner, line by line as `UX.md` §2 has it: each test here is one of its lines.

use super::House;
use super::pages::{draw, visit_in};
use super::take::{export, file, said};
use almoner_core::actor::Role;
use almoner_core::clinical::{
    AllergyIntolerance, Communication, Concept, Content, HumanName, Identifier, Patient, Reaction,
    When, system,
};
use almoner_core::export::{Export, Sense, Statement};
use almoner_core::ids::PatientId;
use almoner_frame::Language;
use almoner_people::patients;

/// Words of a page without its tags.
fn plain(html: &str) -> String {
    let mut out = String::new();
    for part in html.split('<') {
        out.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        out.push(' ');
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn person(change: impl FnOnce(&mut Patient)) -> Export {
    let mut all = export(Vec::new());
    change(&mut all.people[0].patient);
    all
}

fn named(family: &str, given: &str) -> HumanName {
    HumanName {
        family: family.into(),
        given: given.split(' ').map(str::to_owned).collect(),
        ..HumanName::default()
    }
}

/// A house that has taken this, and its newest patient.
fn house(all: Export) -> (House, PatientId) {
    let house = House::new();
    house.take(file(1), all);
    let people: Vec<patients::Patient> = house.desk.read(|reader| reader.all()).unwrap();
    let id = people[0].id;
    (house, id)
}

/// The banner and the main part of the overview.
fn overview(house: &House, id: PatientId, numbers: &'static str) -> (String, String) {
    let id = id.to_string();
    let params = [("patient", id.as_str())];
    let visit =
        visit_in(numbers, Role::Coordinator, Language::English, &format!("/p/{id}"), &params);
    let page = draw(house, &visit, "/p/{patient}").unwrap();
    (page.above.as_str().to_owned(), page.main.as_str().to_owned())
}

fn allergy(place: &str, sense: Sense, what: &str, reaction: &str) -> Statement {
    let reactions = Some(reaction).filter(|it| !it.is_empty()).map(|it| Reaction {
        manifestation: vec![Concept { text: Some(it.into()), ..Concept::default() }],
        ..Reaction::default()
    });
    let it = AllergyIntolerance {
        code: if what.is_empty() {
            Concept::default()
        } else {
            Concept::coded(system::RXNORM, what, what)
        },
        clinical_status: "active".into(),
        reactions: reactions.into_iter().collect(),
        ..AllergyIntolerance::default()
    };
    let recorded = When::parse("2026-11-03");
    Statement { sense, recorded, ..said(place, Content::Allergy(it)) }
}

#[test]
fn allergies_have_four_texts_and_never_none() {
    for (statements, told) in [
        (
            vec![
                allergy("a", Sense::Stated, "Penicillin", "anaphylaxis"),
                allergy("b", Sense::Stated, "Latex", ""),
            ],
            vec!["Penicillin (anaphylaxis)", "Latex"],
        ),
        (vec![allergy("a", Sense::NoneKnown, "", "")], vec!["No known allergies", "Nov 3, 2026"]),
        (vec![], vec!["Allergies not recorded"]),
        (vec![allergy("a", Sense::Stated, "", "")], vec!["could not be read"]),
        (
            vec![
                allergy("a", Sense::Stated, "Penicillin", "rash"),
                allergy("b", Sense::Stated, "", ""),
            ],
            vec!["Penicillin (rash)", "one more could not be read, see chart"],
        ),
    ] {
        let (house, id) = house(export(statements));
        let (above, _) = overview(&house, id, "");
        let first = above.split("<div class=\"alerts\">").nth(1).unwrap();
        let first = first.split("</span></span>").next().unwrap();
        for told in told {
            assert!(first.contains(told), "{told} is the first alert: {first}");
        }
        house.desk.close();
    }
}

#[test]
fn who_it_is_stands_whole_with_month_name_age_and_number() {
    let long = "Wolfeschlegelsteinhausenbergerdorff-Okonkwo-Featherstonehaugh";
    let (house, id) = house(person(|it| {
        it.names = vec![
            HumanName { use_: "official".into(), ..named(long, "María del Carmen Esperanza") },
            HumanName { use_: "nickname".into(), ..named("", "Mari") },
        ];
        it.gender = "female".into();
    }));
    let (above, _) = overview(&house, id, "");
    let text = plain(&above);
    for piece in [
        &format!("{}, María del Carmen Esperanza", long.to_uppercase()),
        "goes by “Mari”",
        "Born Mar 4, 1958 (68 y)",
        "Sex Female",
        "Record 1",
        "Chart as of today,",
    ] {
        assert!(text.contains(piece), "{piece}: {text}");
    }
    assert!(!above.contains('…'), "names are never cut");
    house.desk.close();
}

#[test]
fn language_and_interpreter_come_after_allergies_and_before_the_rest() {
    let (house, id) = house(person(|it| {
        it.communications = vec![Communication { language: "es".into(), preferred: true }];
        it.interpreter_needed = Some(true);
        it.names = vec![named("Reyes", "Ana")];
    }));
    house.take(file(9), {
        let mut other = person(|it| {
            it.names = vec![named("Reyes", "Ana")];
            it.birth_date = When::parse("1991-01-01");
            it.identifiers.clear();
        });
        other.people[0].key = "other".into();
        other
    });
    let (above, _) = overview(&house, id, "");
    let at = |piece: &str| above.find(piece).unwrap_or_else(|| panic!("{piece}: {above}"));
    let order =
        [at("Allergies not recorded"), at("Spanish, interpreter needed"), at("Similar name.")];
    assert!(order.is_sorted(), "{order:?}");
    house.desk.close();
}

#[test]
fn the_clinics_own_record_number_is_shown_where_the_configuration_names_it() {
    let number = |system: &str, value: &str| Identifier {
        system: system.into(),
        value: value.into(),
        kind: "MR".into(),
    };
    let (house, id) = house(person(|it| {
        it.identifiers = vec![number("urn:hospital", "HOSP-9"), number("urn:clinic", "004-81-937")];
    }));
    let record = |numbers| {
        let (above, _) = overview(&house, id, numbers);
        plain(above.split("Record</dt>").nth(1).unwrap().split("</div>").next().unwrap())
    };
    assert_eq!(record("urn:clinic"), "004-81-937");
    assert_eq!(record("urn:hospital"), "HOSP-9");
    assert!(!record("urn:nobody").is_empty(), "another number is better than none");
    house.desk.close();
}

#[test]
fn signs_that_hide_in_a_name_are_shown() {
    let (house, id) = house(person(|it| it.names = vec![named("Rey\u{202e}es", "A\u{200b}na")]));
    let (above, main) = overview(&house, id, "");
    assert!(above.contains("REY[U+202E]ES, A[U+200B]na"), "{above}");
    assert!(!main.contains('\u{202e}') && !main.contains('\u{200b}'));
    house.desk.close();
}

#[test]
fn every_page_says_of_its_sources_when_the_last_good_file_came() {
    let (house, id) = house(export(Vec::new()));
    let note = |source: &'static str, days: &[i64]| {
        let act = almoner_store::Act::new(
            almoner_core::actor::Actor::Intake,
            almoner_store::Verb("intake.note"),
            super::noon(),
        );
        let times: Vec<_> =
            days.iter().map(|ago| super::noon() - chrono::Duration::days(*ago)).collect();
        let work = move |writer: &mut almoner_store::Writer<'_>| {
            times.iter().try_for_each(|at| almoner_frame::feeds::note(writer, source, *at))
        };
        house.desk.write(act, work).wait().unwrap();
    };
    let below = |language: Language, path: &str, route: &str| {
        let id = id.to_string();
        let at = path.replace("ID", &id);
        let visit = visit_in("", Role::Coordinator, language, &at, &[("patient", id.as_str())]);
        plain(draw(&house, &visit, route).unwrap().below.as_str())
    };
    let overview = |language| below(language, "/p/ID", "/p/{patient}");
    assert_eq!(overview(Language::English), "", "no file of the source was noted");
    note("epic", &[1]);
    note("sbh", &[0]);
    let said = overview(Language::English);
    assert!(said.starts_with("Where this record comes from: epic, last good file"), "{said}");
    assert!(!said.contains("sbh") && !said.contains("Silent"), "only their own: {said}");
    assert_eq!(below(Language::English, "/p/ID/chart", "/p/{patient}/chart"), said);
    assert_eq!(below(Language::English, "/p/ID/medicines", "/p/{patient}/medicines"), said);
    assert!(overview(Language::Spanish).contains("último archivo bueno"));
    // Every day, then none for eleven.
    note("epic", &(11..30).collect::<Vec<_>>());
    let regular = overview(Language::English);
    assert!(!regular.contains("Silent"), "yesterday: {regular}");
    house.desk.close();
}

#[test]
fn a_source_that_has_stopped_is_called_silent() {
    let (house, id) = house(export(Vec::new()));
    let act = almoner_store::Act::new(
        almoner_core::actor::Actor::Intake,
        almoner_store::Verb("intake.note"),
        super::noon(),
    );
    let work = |writer: &mut almoner_store::Writer<'_>| {
        (11..30).try_for_each(|ago| {
            let at = super::noon() - chrono::Duration::days(ago);
            almoner_frame::feeds::note(writer, "epic", at)
        })
    };
    house.desk.write(act, work).wait().unwrap();
    let id = id.to_string();
    let path = format!("/p/{id}");
    let visit =
        visit_in("", Role::Coordinator, Language::English, &path, &[("patient", id.as_str())]);
    let below = plain(draw(&house, &visit, "/p/{patient}").unwrap().below.as_str());
    assert!(below.ends_with("Silent for longer than usual"), "{below}");
    house.desk.close();
}

//! When a decision is late, and what the queue holds of one record.

use super::*;
use almoner_core::export::{How, Other};
use almoner_core::rules::{RuleFiles, SHIPPED};
use almoner_core::time::Zone;

/// The day on which the decision about two alike, noticed on this day, is due.
fn due(rules: Rules, noticed: &str) -> Due {
    let house = House::with(rules);
    let at: Timestamp = format!("{noticed}T18:00:00Z").parse().unwrap();
    let minutes = (at - noon()).num_minutes();
    house.take("epic", [1; 32], minutes, statements(ADA));
    let alike = Said { id: ("", ""), sex: "", ..ADA };
    let asks = house.take("lab", [2; 32], minutes, statements(alike)).patient;
    let loops = house.desk.read(|reader| reader.loops_of(asks)).unwrap();
    assert_eq!(loops.len(), 1);
    loops[0].owed.due
}

#[test]
fn a_decision_is_late_after_five_business_days() {
    let day = |text: &str| Due::Day(text.parse().unwrap());
    for (noticed, expected) in [
        // A Monday: the Monday after, over one week-end.
        ("2026-11-02", "2026-11-09"),
        // Over Veterans Day and a week-end.
        ("2026-11-09", "2026-11-17"),
        // Over Thanksgiving: eight days, not seven.
        ("2026-11-23", "2026-12-01"),
        // On a Saturday it has not begun yet.
        ("2026-11-14", "2026-11-20"),
    ] {
        assert_eq!(due(Rules::default(), noticed), day(expected), "{noticed}");
    }
    let two = SHIPPED.matching.replacen("decide_business_days = 5", "decide_business_days = 2", 1);
    let files = RuleFiles { matching: &two, ..SHIPPED };
    let rules = Rules::from_files(Zone::default(), &files).unwrap();
    assert_eq!(due(rules, "2026-11-02"), day("2026-11-04"), "the number is data");
}

/// A source says of the record with the one number what it is to that with the other.
fn says(house: &House, minutes: i64, said: Said, how: How, other: &str) -> Joined {
    let number =
        |value: &str| Identifier { system: MRN.into(), value: value.into(), kind: String::new() };
    let mut person = statements(said);
    person.others = vec![Other { how, identifiers: vec![number(other)] }];
    house.take(said.source, [200 + u8::try_from(minutes % 50).unwrap(); 32], minutes, person)
}

#[test]
fn a_source_that_takes_back_that_two_are_one_asks_a_person() {
    let house = House::new();
    let at_home = Said { home: HOME, ..ADA };
    let id = house.join(at_home).patient;
    let lab = Said { id: ("urn:oid:1.2.840.99.2", "88"), ..at_home };
    assert_eq!(house.join(lab).patient, id, "one person of two numbers");
    let asked = says(&house, 20, lab, How::Unlinked, "4711");
    assert_eq!((asked.patient, asked.two), (id, Some(almoner_frame::Two::Doubted)));
    let loops = house.desk.read(|reader| reader.loops_of(id)).unwrap();
    let paths: Vec<&str> = loops.iter().map(|it| it.owed.path.as_str()).collect();
    assert_eq!(paths, [format!("/intake/match/{id}")]);
    assert_eq!(loops[0].owed.owner, Owner::Unassigned);
    let queue = || house.desk.read(|reader| waiting(reader, 10)).unwrap();
    assert_eq!(queue().iter().map(|it| it.patient).collect::<Vec<_>>(), [id]);
    let before = house.patient(id).identities;

    // They stay together: nothing is asked any more, until the source says it again.
    act(&house, move |writer| super::super::store::keep_whole(writer, id, 0, "sent in error"))
        .unwrap();
    assert!(queue().is_empty());
    assert_eq!(house.patient(id).identities, before);
    let kept = house.patient(id).doubted[0].kept.clone().unwrap();
    assert!(kept.by.is_some() && kept.reason == "sent in error");
    let stale = act(&house, move |writer| super::super::store::keep_whole(writer, id, 0, "again"));
    assert!(matches!(stale, Err(Fault::Stale(_))));
    says(&house, 30, lab, How::Unlinked, "4711");
    assert_eq!(queue().len(), 1);
    assert_eq!(house.patient(id).doubted.len(), 1, "said twice is one question");

    // Two records are made: that answers it.
    act(&house, move |writer| split(writer, id, &[1], "two people").map(drop)).unwrap();
    assert!(queue().is_empty());
}

#[test]
fn a_source_that_unlinks_two_records_asks_nobody() {
    let house = House::new();
    let one = house.join(ADA).patient;
    let other = Said { id: (MRN, "8822"), name: ("Park", "Jin"), born: "1990-01-02", ..ADA };
    let two = house.join(other).patient;
    let linked = says(&house, 10, other, How::Linked, "4711");
    assert_eq!(linked.two, Some(almoner_frame::Two::Proposed), "a link only proposes");
    assert_eq!(house.patient(two).merged_into, None);
    assert_eq!(house.desk.read(|reader| waiting(reader, 10)).unwrap().len(), 1);
    let unlinked = says(&house, 20, other, How::Unlinked, "4711");
    assert_eq!(unlinked.two, Some(almoner_frame::Two::Unlinked));
    assert!(house.desk.read(|reader| waiting(reader, 10)).unwrap().is_empty());
    for id in [one, two] {
        assert!(house.patient(id).doubted.is_empty());
    }
}

#[test]
fn a_doubt_follows_a_merge_and_comes_back_with_it() {
    let house = House::new();
    let at_home = Said { home: HOME, ..ADA };
    let id = house.join(at_home).patient;
    let lab = Said { id: ("urn:oid:1.2.840.99.2", "88"), ..at_home };
    house.join(lab);
    says(&house, 20, lab, How::Unlinked, "4711");
    let stranger =
        house.join(Said { id: ("urn:x", "1"), name: ("Park", "Jin"), born: "1990-01-02", ..ADA });
    let stays = stranger.patient;
    let asks = |id: PatientId| house.patient(id).doubts().count();
    let merged = {
        let (tell, told) = std::sync::mpsc::channel();
        act(&house, move |writer| {
            tell.send(merge(writer, id, stays, "one", None)?).unwrap();
            Ok(())
        })
        .unwrap();
        told.recv().unwrap()
    };
    assert_eq!((asks(id), asks(stays)), (0, 1));
    act(&house, move |writer| unmerge(writer, merged, "two")).unwrap();
    assert_eq!((asks(id), asks(stays)), (1, 0));
}

#[test]
fn of_two_alike_pairs_the_older_one_comes_first_and_is_late_first() {
    let house = House::new();
    let bare = |name, born| Said { name, born, id: ("", ""), sex: "", ..ADA };
    let mut asks = Vec::new();
    // The one of a Monday, the other of the Thursday before, taken in that order.
    let people = [(("Newman", "Alice"), "1971-07-19"), (("Okafor", "Maria"), "1958-03-04")];
    for (at, (name, born)) in people.into_iter().enumerate() {
        let noticed: Timestamp =
            ["2026-11-09T18:00:00Z", "2026-11-05T18:00:00Z"][at].parse().unwrap();
        let minutes = (noticed - noon()).num_minutes();
        for (source, file) in [("epic", 10), ("lab", 20)] {
            let file = file + u8::try_from(at).unwrap();
            let person = statements(Said { source, ..bare(name, born) });
            asks.push(house.take(source, [file; 32], minutes, person).patient);
        }
    }
    let queue = house.desk.read(|reader| waiting(reader, 10)).unwrap();
    assert_eq!(queue[0].margin, queue[1].margin, "{queue:?}");
    assert_eq!(queue.iter().map(|it| it.patient).collect::<Vec<_>>(), [asks[3], asks[1]]);
    let late = |on: &str| {
        let on: Timestamp = on.parse().unwrap();
        let loops = house.desk.read(|reader| reader.loops(Some(Owner::Unassigned))).unwrap();
        let late = loops.iter().filter(|it| it.is_late(on, Zone::default()));
        late.filter_map(|it| it.owed.patient).collect::<Vec<_>>()
    };
    // Five business days after the Thursday, over Veterans Day: Friday the 13th.
    assert!(late("2026-11-13T18:00:00Z").is_empty());
    assert_eq!(late("2026-11-14T18:00:00Z"), [asks[3]]);
}

#[test]
fn drafts_about_a_merged_person_stand_on_the_others_pages() {
    use almoner_frame::{Form, drafts};
    let house = House::new();
    let from = house.join(ADA).patient;
    let other = Said { id: (MRN, "8822"), name: ("Park", "Jin"), born: "1990-01-02", ..ADA };
    let into = house.join(other).patient;
    let rosa = StaffId::random();
    let typed = |patient: PatientId, once: &str| {
        let page = format!("/p/{patient}/contacts/new");
        let fields = [
            (drafts::ACTION, format!("/p/{patient}/contacts")),
            (drafts::PAGE, page),
            (drafts::ONCE, once.to_owned()),
            (drafts::PATIENT, patient.to_string()),
            ("note", "She asked for a ride".to_owned()),
        ];
        Form::new(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
    };
    let forms = [typed(from, "one"), typed(into, "two")];
    act(&house, move |writer| {
        for form in &forms {
            assert!(drafts::keep(writer, rosa, form)?);
        }
        merge(writer, from, into, "one person", None).map(drop)
    })
    .unwrap();
    let page = format!("/p/{into}/contacts/new");
    let drafts = house.desk.read(|reader| drafts::on_page(reader, rosa, &page)).unwrap();
    assert_eq!(drafts.len(), 2, "hers and the one that was there");
    for (draft, _) in drafts {
        assert_eq!(draft.action, format!("/p/{into}/contacts"));
        assert_eq!(draft.patient, Some(into));
        let patient = draft.fields.iter().find(|(name, _)| name == drafts::PATIENT).unwrap();
        assert_eq!(patient.1, into.to_string(), "the form is taken on the other's page");
        assert!(draft.fields.iter().any(|(_, value)| value == "She asked for a ride"));
    }
}

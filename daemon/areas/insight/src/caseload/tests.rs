//! Walks the caseload as a coordinator would.

use crate::tests::{House, forbidden};
use almoner_core::actor::Role;
use almoner_core::fault::Fault;
use almoner_core::ids::{FileId, PatientId};
use almoner_core::lists::{ColumnType, Remark};
use almoner_core::loops::{Due, LoopKind, Owner};
use almoner_frame::Incoming;
use almoner_people::columns;

fn day(text: &str) -> Due {
    Due::Day(text.parse().unwrap())
}

/// Three patients of Rosa's: one with something late, one with something later, one quiet.
fn full() -> House {
    let house = House::new();
    let mine = Owner::Staff(house.rosa);
    let maria = house.patient(["Okafor-Reyes", "María"], "1958-03-04", "004-81-937");
    let lionel = house.patient(["Abara", "Lionel"], "1971-07-19", "007-20-415");
    let ines = house.patient(["Caron", "Inès"], "1953-09-08", "005-93-820");
    house.owe(mine, maria, LoopKind::Task, day("2026-11-17"), None);
    house.owe(mine, maria, LoopKind::Task, day("2026-11-30"), None);
    house.owe(mine, lionel, LoopKind::Task, day("2026-11-23"), None);
    for patient in [maria, lionel, ines] {
        let rosa = house.rosa;
        house.put(move |writer| almoner_people::patients::assign(writer, patient, Some(rosa)));
    }
    house
}

/// The family names in the order of the sheet.
fn order(html: &str) -> Vec<&str> {
    let mut names: Vec<(usize, &str)> = ["Okafor", "Abara", "Caron"]
        .into_iter()
        .filter_map(|name| Some((html.find(&format!(">{name}"))?, name)))
        .collect();
    names.sort_unstable();
    names.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn the_sheet_is_sorted_and_filtered_by_its_address() {
    let house = full();
    for (address, expected) in [
        ("/caseload", vec!["Abara", "Caron", "Okafor"]),
        ("/caseload?order=down", vec!["Okafor", "Caron", "Abara"]),
        ("/caseload?sort=due", vec!["Okafor", "Abara", "Caron"]),
        ("/caseload?sort=open", vec!["Okafor", "Abara", "Caron"]),
        ("/caseload?show=late", vec!["Okafor"]),
        ("/caseload?show=quiet", vec!["Caron"]),
    ] {
        let html = house.html(address);
        assert_eq!(order(&html), expected, "{address}");
    }
    let html = house.html("/caseload?sort=due");
    for piece in [
        "3 people",
        "aria-sort=\"ascending\"><a href=\"/caseload?sort=due&#38;order=down\">Next due",
        "<b class=\"bad\">2 days late</b>",
        "2<span class=\"sub bad\">1 late</span>",
        "none recorded",
        "phone, address, language",
    ] {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
}

#[test]
fn an_empty_caseload_says_why() {
    let house = House::new();
    assert!(house.html("/caseload").contains("Nobody is on your caseload"));
}

/// What a sheet says of a patient of Rosa's.
fn sheet(house: &House, patient: PatientId, told: &[(&str, ColumnType, &str)]) {
    let file = Incoming {
        file: FileId::random(),
        sha256: [9; 32],
        source: "clinic".into(),
        format: "list".into(),
        document: "tracking".into(),
        software: String::new(),
        member: String::new(),
        received: house.desk.clock().now(),
    };
    let remark = |(column, type_, value): &(&str, ColumnType, &str)| Remark {
        column: (*column).into(),
        type_: *type_,
        value: (*value).into(),
        place: "row 2".into(),
        ..Remark::default()
    };
    let remarks: Vec<Remark> = told.iter().map(remark).collect();
    house.put(move |writer| columns::take(writer, &file, patient, &remarks));
}

#[test]
fn the_clinics_own_columns_are_shown_and_changed() {
    let house = House::new();
    let patient = house.patient(["Abara", "Lionel"], "1971-07-19", "007-20-415");
    let rosa = house.rosa;
    house.put(move |writer| almoner_people::patients::assign(writer, patient, Some(rosa)));
    sheet(
        &house,
        patient,
        &[
            ("Next call", ColumnType::Date, "2026-11-23"),
            ("Consent", ColumnType::YesNo, "yes"),
            ("Housing", ColumnType::Choice, "Shelter"),
        ],
    );
    let html = house.html("/caseload");
    for piece in [
        "<th scope=\"col\">Next call</th><th scope=\"col\">Consent</th><th scope=\"col\">Housing</th>",
        "<td data-th=\"Next call\">Nov 23, 2026",
        "<td data-th=\"Consent\">Yes",
        "<td data-th=\"Housing\">Shelter",
    ] {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
    let overview = house.html(&format!("/p/{patient}"));
    assert!(overview.contains("From the clinic’s sheet") && overview.contains("Shelter"));
    // Rosa writes another day on the patient's page.
    let next = house.desk.read(columns::all).unwrap().remove(0);
    let path = format!("/p/{patient}/columns/{}", next.id);
    let html = house.html(&path);
    assert!(
        html.contains("value=\"2026-11-23\"") && html.contains("clinic, row 2, Nov 19, 2026"),
        "{html}"
    );
    let version = |html: &str| {
        let (_, rest) = html.split_once("name=\"version\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let first = version(&html);
    let bad = house.send(&path, &[("version", &first), ("value", "someday")]);
    assert!(matches!(bad, Err(Fault::Refused(_))));
    house.send(&path, &[("version", &first), ("value", "11/30")]).unwrap();
    assert!(house.html("/caseload").contains("<td data-th=\"Next call\">Nov 30, 2026"));
    // Somebody who saw the day before hers is asked, not overruled.
    let late = house.send(&path, &[("version", &first), ("value", "12/1")]);
    assert!(matches!(late, Err(Fault::Stale(_))));
    // The next sheet says a third day: both are shown.
    sheet(&house, patient, &[("Next call", ColumnType::Date, "2026-12-24")]);
    let html = house.html("/caseload");
    assert!(
        html.contains("Nov 30, 2026<span class=\"sub warn\">The sheet says: Dec 24, 2026"),
        "{html}"
    );
    // Columns are renamed, moved, and left out.
    let html = house.html("/caseload/columns");
    assert!(html.contains("value=\"Next call\"") && html.contains("On the caseload"));
    let path = format!("/caseload/columns/{}", next.id);
    assert!(matches!(
        house.send(&path, &[("name", "Housing"), ("order", "1")]),
        Err(Fault::Refused(_))
    ));
    assert!(matches!(house.send(&path, &[("name", ""), ("order", "x")]), Err(Fault::Refused(_))));
    house
        .send(&path, &[("name", "Call on"), ("order", "9"), ("type", "date"), ("shown", "yes")])
        .unwrap();
    let html = house.html("/caseload");
    assert!(html.contains("Housing</th><th scope=\"col\">Call on</th>"), "{html}");
    house.send(&path, &[("name", "Call on"), ("order", "9"), ("type", "date")]).unwrap();
    assert!(!house.html("/caseload").contains("Call on"));
    assert!(house.html(&format!("/p/{patient}")).contains("Call on"));
}

#[test]
fn who_may_not_change_the_columns_sees_them_without_forms() {
    let house = House::seen_by(Role::Clinician);
    let patient = house.patient(["Abara", "Lionel"], "1971-07-19", "007-20-415");
    sheet(&house, patient, &[("Housing", ColumnType::Text, "Shelter")]);
    let html = house.html(&format!("/p/{patient}"));
    assert!(html.contains("Shelter") && !html.contains("/columns/"));
    assert!(forbidden(house.get("/caseload/columns")));
}

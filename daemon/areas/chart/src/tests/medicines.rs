//! Medicines side by side: what became of each from before the stay to the discharge to now, in words.

use super::House;
use super::pages::{draw, visit};
use super::take::{export, file, said};
use crate::medications::rules::{Change, Listed, change, since};
use almoner_core::actor::Role;
use almoner_core::clinical::{
    Concept, Content, Medication, MedicationUse, Period, Quantity, When, system,
};
use almoner_frame::Language;
use almoner_people::patients::Patient;

fn drug(name: &str, dose: &str, status: &str, use_: MedicationUse) -> Medication {
    Medication {
        code: Concept::coded(system::RXNORM, name, name),
        status: status.into(),
        dose: Some(Quantity { value: dose.into(), unit: "mg".into(), ..Quantity::default() }),
        period: Period { start: When::parse("2026-11-01"), end: None },
        use_,
        ..Medication::default()
    }
}

#[test]
fn a_change_is_told_from_list_to_list() {
    use Change::{Again, New, NotListed, Otherwise, Same, Stopped};
    let ten = drug("a", "10", "active", MedicationUse::Ordered);
    let twenty =
        Medication { dose: drug("a", "20", "", MedicationUse::Ordered).dose, ..ten.clone() };
    let on = |it| Some(Listed { it, taken: true });
    let off = |it| Some(Listed { it, taken: false });
    for (from, to, told) in [
        (None, on(&ten), Some(New)),
        (on(&ten), on(&ten), Some(Same)),
        (on(&ten), on(&twenty), Some(Otherwise)),
        (on(&ten), None, Some(NotListed)),
        (on(&ten), off(&ten), Some(Stopped)),
        (off(&ten), on(&ten), Some(Again)),
        (None, off(&ten), Some(Stopped)),
        (off(&ten), off(&ten), None),
        (off(&ten), None, None),
        (None, None, None),
    ] {
        assert_eq!(change(from, to), told, "{from:?} {to:?}");
    }
}

#[test]
fn a_list_that_nobody_touched_since_the_stay_is_no_news() {
    use Change::{Again, AsBefore, New, NotListed, Otherwise};
    let ten = drug("a", "10", "active", MedicationUse::Ordered);
    let twenty =
        Medication { dose: drug("a", "20", "", MedicationUse::Ordered).dose, ..ten.clone() };
    let on = |it| Some(Listed { it, taken: true });
    for (before, now, change, told) in [
        (on(&ten), on(&ten), Otherwise, AsBefore),
        (on(&ten), on(&ten), Again, AsBefore),
        (on(&ten), on(&ten), New, AsBefore),
        (on(&ten), on(&twenty), Otherwise, Otherwise),
        (None, on(&ten), New, New),
        (Some(Listed { it: &ten, taken: false }), on(&ten), New, New),
        (on(&ten), None, NotListed, NotListed),
    ] {
        assert_eq!(since(before, now, change), told, "{before:?} {now:?} {change:?}");
    }
}

fn tablets(value: &str) -> Quantity {
    Quantity { value: value.to_owned(), unit: "tablet".to_owned(), ..Quantity::default() }
}

#[test]
fn medicines_stand_side_by_side_with_what_changed() {
    use MedicationUse::{Administered, Admission, Discharge, Dispensed, Ordered};
    let house = House::new();
    let all = [
        drug("furosemide", "20", "active", Admission),
        drug("naproxen", "250", "active", Admission),
        drug("lisinopril", "5", "active", Admission),
        drug("furosemide", "40", "active", Discharge),
        drug("lisinopril", "5", "active", Discharge),
        drug("spironolactone", "25", "active", Discharge),
        drug("furosemide", "40", "active", Ordered),
        drug("naproxen", "250", "active", Ordered),
        drug("lisinopril", "5", "stopped", Ordered),
        drug("amoxicillin", "500", "completed", Ordered),
        drug("saline", "9", "completed", Administered),
        Medication {
            quantity: Some(tablets("60")),
            days_supply: Some(tablets("30")),
            ..drug("insulin", "1", "completed", Dispensed)
        },
    ];
    let said =
        all.into_iter().enumerate().map(|(n, it)| said(&n.to_string(), Content::Medication(it)));
    house.take(file(1), export(said.collect()));
    let people: Vec<Patient> = house.desk.read(|reader| reader.all()).unwrap();
    let id = people[0].id.to_string();
    let html = |language| {
        let path = format!("/p/{id}/medicines");
        let visit = visit(Role::Coordinator, language, &path, &[("patient", &id)]);
        draw(&house, &visit, "/p/{patient}/medicines").unwrap().main.as_str().to_owned()
    };
    let page = html(Language::English);
    let row = |name: &str| {
        let head = format!("<th scope=\"row\">{name}</th>");
        let row = page.split(&head).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
        row.split("</tr>").next().unwrap().to_owned()
    };
    for (name, told) in [
        ("furosemide", "At discharge: 20 mg → 40 mg"),
        ("naproxen", "At discharge: not on the list"),
        ("naproxen", "Now: as before the stay, not as at discharge"),
        ("spironolactone", "At discharge: new"),
        ("spironolactone", "Now: not on the list"),
        ("lisinopril", "Now: stopped"),
    ] {
        assert!(row(name).contains(told), "{name}: {told}\n{}", row(name));
    }
    assert!(
        !row("furosemide").contains("Now:") || !row("furosemide").contains("Now: 40"),
        "{page}"
    );
    assert!(
        !page.contains("<th scope=\"row\">saline"),
        "what was given is no list of what is taken"
    );
    assert!(!page.contains("<th scope=\"row\">insulin"), "a fill is no list either");
    assert!(
        page.contains("Dispensed by a pharmacy") && page.contains("60 tablet, for 30 days"),
        "{page}"
    );
    assert!(page.contains("Given during a visit") && page.contains("Ended earlier"), "{page}");
    assert!(html(Language::Spanish).contains("Al alta: 20 mg → 40 mg"));
    house.desk.close();
}

//! Walks the caseload as a coordinator would.

use crate::tests::House;
use almoner_core::loops::{Due, LoopKind, Owner};

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

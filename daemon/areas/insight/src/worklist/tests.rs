//! Walks My day as a coordinator would.

use crate::tests::{House, at};
use almoner_core::actor::Role;
use almoner_core::ids::StaffId;
use almoner_core::loops::{Due, LoopKind, Owner};

fn day(text: &str) -> Due {
    Due::Day(text.parse().unwrap())
}

/// Rosa owes six loops, somebody else one, nobody one.
fn busy() -> House {
    let house = House::new();
    let mine = Owner::Staff(house.rosa);
    let maria = house.patient(["Okafor-Reyes", "María"], "1958-03-04", "004-81-937");
    let lionel = house.patient(["Abara", "Lionel"], "1971-07-19", "007-20-415");
    let contact = LoopKind::TransitionContact;
    house.owe(mine, maria, contact, day("2026-11-17"), Some(at("2026-11-18 11:20")));
    house.owe(mine, lionel, LoopKind::Task, day("2026-11-18"), None);
    house.owe(mine, lionel, LoopKind::Task, Due::Instant(at("2026-11-19 12:00")), None);
    house.owe(
        mine,
        maria,
        LoopKind::TransitionVisit,
        day("2026-11-23"),
        Some(at("2026-11-15 11:20")),
    );
    house.owe(mine, maria, LoopKind::Task, day("2026-12-10"), None);
    house.owe(Owner::Staff(StaffId::random()), lionel, LoopKind::Task, day("2026-11-19"), None);
    house.owe(Owner::Unassigned, lionel, LoopKind::Assignment, day("2026-11-20"), None);
    house
}

#[test]
fn my_day_says_what_is_due() {
    let house = busy();
    let page = house.get("/").unwrap();
    assert_eq!(page.title, "My day: 2 overdue");
    let html = house.html("/");
    for piece in [
        "Thursday, Nov 19, 2026",
        "<a class=\"bad\" href=\"#overdue\">2 overdue</a>, <a href=\"#today\">1 due today</a> and <a href=\"#week\">1 in the next 7 days</a>.",
        "Mine <span class=\"n\">5</span>",
        "Team <span class=\"n\">7</span>",
        "Unassigned <span class=\"n\">1</span>",
        "<b class=\"bad\">2 days late</b><span class=\"sub\">was Nov 17</span>",
        "<b class=\"warn\">by 12 pm</b><span class=\"sub\">2 h 18 min left</span>",
        ">Okafor-Reyes, María</a><span class=\"sub\">Mar 4, 1958 · 004-81-937</span>",
        "Later <span class=\"n\">1</span>",
        "Clocks running</h2><a href=\"/?kind=clock\">All 2</a>",
        "<b class=\"bad\">2 days late</b></div><svg class=\"bar bad\"",
    ] {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
    assert_eq!(html.matches("btn sm pri").count(), 1, "one primary button");
}

#[test]
fn every_list_and_filter_counts_what_it_shows() {
    let house = busy();
    let html = house.html("/?kind=clock");
    assert_eq!(html.matches("<tr class=\"r").count(), 2);
    let html = house.html("/?view=team&group=today");
    assert_eq!(html.matches("<tr class=\"r").count(), 2);
    assert!(html.contains("Rosa Delgado</span>"), "{html}");
    let html = house.html("/?view=unassigned");
    assert!(html.contains("<td class=\"due\"><b>Tomorrow</b>"), "{html}");
    let html = house.html("/?group=later");
    assert!(html.contains("Dec 10") && !html.contains("class=\"more\""), "{html}");
}

#[test]
fn long_parts_have_pages() {
    let house = House::new();
    let who = house.patient(["Abara", "Lionel"], "1971-07-19", "007-20-415");
    for _ in 0..60 {
        house.owe(Owner::Staff(house.rosa), who, LoopKind::Task, day("2026-11-19"), None);
    }
    let html = house.html("/");
    assert_eq!(html.matches("<tr class=\"r").count(), 20);
    assert!(html.contains("<a class=\"more\" href=\"/?group=today\">Show 40 more"), "{html}");
    let html = house.html("/?group=today&page=2");
    assert_eq!(html.matches("<tr class=\"r").count(), 10);
    assert!(html.contains("51 to 60 of 60"), "{html}");
}

#[test]
fn an_empty_day_says_so_in_spanish() {
    let house = House::spanish();
    let html = house.html("/");
    assert!(html.contains("jueves, 19 nov 2026") && html.contains("No hay nada que hacer aquí"));
}

#[test]
fn who_has_no_worklist_finds_the_open_doors() {
    let house = House::seen_by(Role::PrivacyOfficer);
    let html = house.html("/");
    assert!(html.contains("<a href=\"/privacy/trail\">Trail</a>"), "{html}");
    assert!(!html.contains("/intake"));
}

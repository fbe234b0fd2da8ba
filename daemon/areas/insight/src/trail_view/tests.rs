//! Walks the pages of the trail.

use super::pages::VERBS;
use crate::tests::{House, forbidden};
use almoner_core::actor::Role;
use almoner_core::time::Zone;
use almoner_frame::{Language, Words};

#[test]
fn a_look_at_a_chart_is_on_the_trail() {
    let house = House::seen_by(Role::PrivacyOfficer);
    let id = house.patient(["Okafor-Reyes", "María"], "1958-03-04", "004-81-937");
    house.patient(["Abara", "Lionel"], "1971-07-19", "007-20-415");
    house.html(&format!("/p/{id}/trail"));
    let html = house.html("/privacy/trail");
    for piece in [
        "Looked at a chart",
        ">Rosa Delgado</a>",
        "Okafor-Reyes, María</a><span class=\"sub\">Mar 4, 1958 · 004-81-937",
        "almoner trail verify",
        "09:42:",
    ] {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
    let only = house.html(&format!("/privacy/trail?patient={id}&verb=chart.read"));
    assert!(only.contains("One patient ×") && only.contains("Okafor-Reyes, María"), "{only}");
    let other =
        house.html(&format!("/privacy/trail?actor={}", almoner_core::ids::StaffId::random()));
    assert!(other.contains("No such entry"), "{other}");
    let own = house.html(&format!("/p/{id}/trail"));
    assert!(own.contains("Looked at a chart") && !own.contains("Abara"), "{own}");
}

#[test]
fn the_trail_is_for_the_privacy_officer() {
    let house = House::seen_by(Role::Lead);
    let id = house.patient(["Okafor-Reyes", "María"], "1958-03-04", "004-81-937");
    assert!(forbidden(house.get("/privacy/trail")));
    assert!(house.get(&format!("/p/{id}/trail")).is_ok());
    let house = House::seen_by(Role::Coordinator);
    assert!(forbidden(house.get("/privacy/trail")));
}

#[test]
fn every_verb_of_the_filter_has_words() {
    for language in Language::ALL {
        let words = Words::of(language, Zone::default());
        for verb in VERBS {
            let key = format!("verb-{}", verb.replace(['.', '_'], "-"));
            assert_ne!(words.t(&key), key);
        }
    }
}

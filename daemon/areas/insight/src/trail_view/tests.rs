//! Walks the pages of the trail.

use super::pages::VERBS;
use crate::tests::{House, at, forbidden};
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

/// The numbers of the entries on a page.
fn numbers(html: &str) -> Vec<u64> {
    let after = html.split("No. ").skip(1);
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    after.filter_map(|text| digits(text).parse().ok()).collect()
}

#[test]
fn a_patients_trail_is_filtered_without_leaving_the_patient() {
    let house = House::seen_by(Role::Lead);
    let id = house.patient(["Okafor-Reyes", "María"], "1958-03-04", "004-81-937");
    let other = house.patient(["Abara", "Lionel"], "1971-07-19", "007-20-415");
    let path = format!("/p/{id}/trail");
    for day in ["2026-11-19 09:42", "2026-11-20 09:00", "2026-11-22 09:00"] {
        house.desk.clock().set(at(day));
        for _ in 0..40 {
            house.html(&path);
            house.html(&format!("/p/{other}/trail"));
        }
    }
    house.desk.clock().set(at("2026-11-23 09:00"));
    let dated = |query: &str| numbers(&house.html(&format!("{path}?verb=chart.read&{query}")));
    assert_eq!(dated("from=11/20&to=11/20").len(), 40, "one day");
    assert_eq!(dated("from=11/21&to=11/22").len(), 40);
    assert!(dated("from=12/24").is_empty());
    let looked = house.html(&format!("{path}?from=11/20&to=nonsense&actor={}", house.rosa));
    for piece in [
        "Friday, Nov 20, 2026, 3 days ago",
        "Enter a date such as",
        "from Nov 20, 2026 ×",
        "class=\"pb",
    ] {
        let all = format!("{looked}{}", house.get(&path).unwrap().above.as_str());
        assert!(all.contains(piece), "{piece}\n{looked}");
    }
    assert!(!looked.contains("Abara"), "nobody else stands here");
    assert!(house.html(&format!("{path}?actor={}", house.lee)).contains("No such entry"));

    // All pages together hold each entry once.
    let (mut all, mut query) = (Vec::new(), "?verb=chart.read&to=11/22".to_owned());
    loop {
        let page = house.html(&format!("{path}{query}"));
        all.extend(numbers(&page));
        let Some(older) =
            page.split("rel=\"next\"").next().filter(|_| page.contains("rel=\"next\""))
        else {
            break;
        };
        let href = older.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        query = format!("?{}", href.split('?').nth(1).unwrap().replace("&#38;", "&"));
    }
    assert_eq!(all.len(), 120);
    assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "the newest first, none twice");
}

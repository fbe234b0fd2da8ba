//! Every macro of the kit is drawn on `/parts`, in both languages, in the demonstration only.

use super::pages::ROUTES;
use crate::tests::House;
use almoner_core::actor::Role;
use almoner_core::fault::Fault;
use almoner_core::ids::{RawId, StaffId};
use almoner_core::time::Zone;
use almoner_frame::visit::{self, Request};
use almoner_frame::{Language, Route, Session, Visit};
use std::collections::BTreeSet;
use std::path::Path;

fn read(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pages = files.filter(|path| path.extension().is_some_and(|ending| ending == "html"));
    pages.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn every_macro_of_the_kit_is_drawn() {
    let kit = read("../../frame/templates/kit");
    let names = kit.iter().flat_map(|text| text.split("{%- macro ").skip(1));
    let names: BTreeSet<_> = names.filter_map(|text| text.split('(').next()).collect();
    assert!(names.len() > 40, "{names:?}");
    let drawn = read("src/parts/pages").concat();
    let missing: Vec<_> =
        names.iter().filter(|name| !drawn.contains(&format!("::{name}("))).collect();
    assert!(missing.is_empty(), "not on /parts: {missing:?}");
    for text in &kit {
        let documented = text.matches("\n{#- ").count() + usize::from(text.starts_with("{#- "));
        assert!(
            documented > text.matches("{%- macro ").count(),
            "a macro without its line:\n{text}"
        );
    }
}

#[test]
fn the_parts_say_everything_in_both_languages() {
    for language in Language::ALL {
        let mut house = House::new();
        house.language = language;
        for route in ROUTES {
            let page = house.get(route.path()).unwrap();
            let html = format!("{}{}", page.above, page.main);
            assert!(!html.contains("kit-") && !html.contains("style="), "{html}");
            assert!(html.contains("aria-current=\"page\""), "{html}");
        }
    }
}

#[test]
fn states_are_told_in_words() {
    let house = House::new();
    let lists = house.html("/parts");
    for said in [
        "In the hospital, look again on Nov 23",
        "No known allergies (confirmed Nov 3, 2026)",
        "Could not be read, see the chart",
        "<tr class=\"r first late\">",
        "role=\"alert\"",
    ] {
        assert!(lists.contains(said), "{said}\n{lists}");
    }
    let record = house.html("/parts/record");
    for said in ["on hold", "not met", "<s>", "Died Mar 2, 2026", "(left out)"] {
        let on = record.contains(said) || lists.contains(said);
        assert!(on, "{said}\n{record}");
    }
    let forms = house.html("/parts/forms");
    for said in [
        "aria-busy=\"true\"",
        "aria-describedby=\"sign-why\"",
        "No match for “Okaf 1958”",
        "3 more.",
        "popovertarget=\"leave\"",
        "In progress, 3 of 8",
    ] {
        assert!(forms.contains(said), "{said}\n{forms}");
    }
    let measures = house.html("/parts/measures");
    assert_eq!(measures.matches("role=\"img\"").count(), 4);
    assert!(measures.contains("<th scope=\"row\">Others</th>") && !measures.contains("Arabic"));
}

#[test]
fn outside_the_demonstration_there_are_none() {
    let house = House::new();
    for route in ROUTES {
        let Route::Show { page, may, path } = route else { panic!("a part that works") };
        let session = Session {
            staff: StaffId(RawId::random()),
            role: Role::Coordinator,
            name: "Rosa Delgado".into(),
            language: Language::English,
            theme: "system".into(),
            visit: "v".into(),
            mark: "m".into(),
            address: None,
        };
        let request = Request { path: (*path).into(), ..Request::default() };
        let place = visit::House {
            areas: &[],
            zone: Zone::default(),
            clinic: "Clinic",
            numbers: "",
            demo: false,
        };
        let now = house.desk.clock().now();
        let visit = Visit::admit(session, *may, request, place, now, None).unwrap();
        let drawn = house.desk.read(|reader| page(reader, &visit));
        assert!(matches!(drawn, Err(Fault::Absent(_))), "{path}");
    }
}

//! The timeline, walked page by page: dates that hurt, nothing lost or repeated, filters that hold over
//! pages, and a cost that does not grow with the record.

use super::pages::{draw, visit};
use super::take::{export, file, said};
use super::{House, noon};
use almoner_core::actor::Role;
use almoner_core::clinical::{
    Concept, Content, Encounter, Immunization, Observation, Period, Value, When, system,
};
use almoner_core::ids::PatientId;
use almoner_frame::Language;
use almoner_frame::timeline::Window;
use almoner_people::patients::Patient;

const ROUTE: &str = "/p/{patient}/timeline";

fn stay(name: &str, start: &str) -> Content {
    Content::Encounter(Encounter {
        type_: vec![Concept::coded("urn:test", name, name)],
        period: Period { start: When::parse(start), end: None },
        ..Encounter::default()
    })
}

fn shot(name: &str, on: &str) -> Content {
    Content::Immunization(Immunization {
        code: Concept::coded("urn:test", name, name),
        occurrence: When::parse(on),
        ..Immunization::default()
    })
}

fn result(name: &str, at: &str) -> Content {
    Content::Observation(Observation {
        code: Concept::coded(system::LOINC, name, name),
        category: "laboratory".into(),
        effective: Period { start: When::parse(at), end: None },
        value: Value::Text("7".into()),
        ..Observation::default()
    })
}

/// A house that has taken these, each at its own place of one file, and the patient.
fn house(contents: Vec<Content>) -> (House, PatientId) {
    let house = House::new();
    let all = contents.into_iter().enumerate().map(|(n, it)| said(&format!("entry {n}"), it));
    house.take(file(1), export(all.collect()));
    let people: Vec<Patient> = house.desk.read(|reader| reader.all()).unwrap();
    (house, people[0].id)
}

fn html(house: &House, patient: PatientId, query: &str) -> String {
    let id = patient.to_string();
    let path = format!("/p/{id}/timeline{query}");
    let visit = visit(Role::Coordinator, Language::English, &path, &[("patient", &id)]);
    draw(house, &visit, ROUTE).unwrap().main.as_str().to_owned()
}

/// What the lines of a page are called, in order.
fn lines(html: &str) -> Vec<String> {
    let after = html.split("<div class=\"x\">").skip(1);
    let name = |line: &str| {
        let bold = line.split("<b>").nth(1)?;
        bold.split("</b>").next().map(str::to_owned)
    };
    after.filter_map(name).collect()
}

fn days(html: &str) -> Vec<String> {
    let after = html.split("<li class=\"day\">").skip(1);
    after.map(|day| day.split('<').next().unwrap().to_owned()).collect()
}

/// Follows "Earlier" to the end: the lines of every page.
fn walk(house: &House, patient: PatientId, query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut query = query.to_owned();
    loop {
        let page = html(house, patient, &query);
        pages.push(lines(&page));
        let next = page.split("rel=\"next\"").next().filter(|_| page.contains("rel=\"next\""));
        let Some(before) = next else { return pages };
        let href = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        query = format!("?{}", href.split('?').nth(1).unwrap().replace("&#38;", "&"));
        assert!(pages.len() < 50, "the walk ends");
    }
}

#[test]
fn nothing_is_lost_or_repeated_over_pages() {
    // Many at one instant, many on one day, many in one month: boundaries fall inside all of them.
    let mut contents = Vec::new();
    for n in 0..70 {
        contents.push(stay(&format!("same-instant-{n:03}"), "2026-03-04T10:00:00-05:00"));
    }
    for n in 0..60 {
        contents.push(shot(&format!("same-day-{n:03}"), "2026-03-03"));
        contents.push(stay(&format!("month-{n:03}"), "2025-07"));
    }
    let (house, patient) = house(contents);
    let pages = walk(&house, patient, "");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 50, 40]);
    let mut all = pages.concat();
    assert_eq!(all.len(), 190);
    assert!(all[0].contains("same-instant") && all[189].contains("month"));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 190, "nothing twice");

    let page = html(&house, patient, "");
    let href = page.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let query = href.split('"').next().unwrap().split('?').nth(1).unwrap();
    let second = html(&house, patient, &format!("?{query}"));
    assert_eq!(days(&second)[0], "Wednesday, Mar 4, 2026, continued");
    assert_eq!(days(&second)[1], "Tuesday, Mar 3, 2026");
    assert!(second.contains(">Newest<"), "the way back");

    let shots = walk(&house, patient, "?kind=immunization");
    assert_eq!(
        shots.iter().map(Vec::len).collect::<Vec<_>>(),
        [50, 10],
        "filter and pages together"
    );
    assert!(shots.concat().iter().all(|line| line.contains("same-day")));
    house.desk.close();
}

#[test]
fn imprecise_dates_stand_where_they_begin() {
    let (house, patient) = house(vec![
        stay("year", "2024"),
        stay("month", "2024-05"),
        stay("day", "2024-05-10"),
        stay("morning", "2024-05-10T08:00:00"),
        stay("late", "2024-04-30T23:30:00"),
        // 11 pm in Los Angeles is 2 am of the next day in New York.
        stay("west", "2024-05-09T23:00:00-07:00"),
    ]);
    let page = html(&house, patient, "");
    assert_eq!(lines(&page), ["morning", "west", "day", "month", "late", "year"]);
    assert_eq!(
        days(&page),
        ["Friday, May 10, 2024", "May 2024", "Tuesday, Apr 30, 2024", "2024"],
        "{page}"
    );
    assert!(page.contains("<time>2:00 am</time>"), "the clinic's clock and the clinic's day");
    house.desk.close();
}

#[test]
fn a_date_is_jumped_to_and_said_back() {
    let (house, patient) = house(vec![
        stay("after", "2026-11-10T00:00:00"),
        stay("last-minute", "2026-11-09T23:59:00"),
        stay("on-the-day", "2026-11-09"),
        stay("before", "2026-11-08"),
    ]);
    let page = html(&house, patient, "?to=11/9");
    assert_eq!(lines(&page), ["last-minute", "on-the-day", "before"]);
    assert!(page.contains("Monday, Nov 9, 2026, 13 days ago"), "{page}");
    assert!(page.contains("value=\"11/9\""), "what was typed stays");
    let odd = html(&house, patient, "?to=soonish");
    assert_eq!(lines(&odd).len(), 4, "what can't be read narrows nothing");
    assert!(odd.contains("Enter a date such as nov 18") && odd.contains("value=\"soonish\""));
    let early = html(&house, patient, "?to=2020-01-01&kind=visit");
    assert!(early.contains("No event fits") && early.contains("Show everything"), "{early}");
    assert!(early.contains("name=\"kind\" value=\"visit\""), "the form keeps the filter");
    house.desk.close();
}

#[test]
fn by_whom_narrows_to_a_source_or_to_people_here() {
    let house = House::new();
    house.take(file(1), export(vec![said("a", stay("at-epic", "2026-01-02"))]));
    let mut other = file(2);
    other.source = "lab".into();
    house.take(other, export(vec![said("b", stay("at-lab", "2026-01-03"))]));
    let people: Vec<Patient> = house.desk.read(|reader| reader.all()).unwrap();
    let patient = people[0].id;
    assert_eq!(lines(&html(&house, patient, "?by=source-lab")), ["at-lab"]);
    assert_eq!(lines(&html(&house, patient, "?by=source-epic")), ["at-epic"]);
    let here = html(&house, patient, "?by=here");
    assert!(here.contains("No event fits") && here.contains("Source: lab"), "{here}");
    house.desk.close();
}

#[test]
fn results_of_one_moment_stand_in_one_line() {
    let at = "2026-11-01T07:30:00-05:00";
    let mut contents: Vec<Content> = (0..9).map(|n| result(&format!("L-{n}"), at)).collect();
    contents.push(result("L-0", "2026-11-02T07:30:00-05:00"));
    let (house, patient) = house(contents);
    let page = html(&house, patient, "?kind=result");
    assert_eq!(lines(&page).len(), 2, "{page}");
    assert!(page.contains("and 6 more"), "{page}");
    house.desk.close();
}

#[test]
fn a_long_record_costs_no_more_than_its_page() {
    let contents = |n: usize| -> Vec<Content> {
        let start = noon() - chrono::Duration::days(3000);
        let at = |n: usize| start + chrono::Duration::hours(i64::try_from(n).unwrap());
        (0..n)
            .map(|n| stay(&format!("v{n}"), &at(n).format("%Y-%m-%dT%H:%M:%SZ").to_string()))
            .collect()
    };
    let (house, patient) = house(contents(1_500));
    let id = patient.to_string();
    let visit = visit(Role::Coordinator, Language::English, "/p", &[("patient", &id)]);
    let tell = crate::AREA.timeline.as_ref().unwrap().tell;
    let told =
        house.desk.read(|reader| tell(reader, &visit, patient, &Window::newest(None, 10))).unwrap();
    assert_eq!(told.items.len(), 10);
    assert!(told.more.is_some(), "it stopped after what was asked for");
    // A filter that nothing fits does not read the whole record either: the page says how to go on.
    let page = html(&house, patient, "?by=source-nobody");
    assert!(page.contains("Nothing that fits back to") && page.contains("rel=\"next\""), "{page}");
    let all = walk(&house, patient, "?by=source-nobody");
    assert!(all.concat().is_empty() && all.len() > 2);
    house.desk.close();
}

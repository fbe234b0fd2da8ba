//! Walks My day as a coordinator would.

use crate::tests::{House, at};
use almoner_core::actor::{Actor, Role};
use almoner_core::fault::Fault;
use almoner_core::loops::{Due, LoopKind, Owner};
use almoner_store::{Act, Verb, Writer};

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
    house.owe(Owner::Staff(house.lee), lionel, LoopKind::Task, day("2026-11-19"), None);
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
        ">Okafor-Reyes, María</a><span class=\"sub\">Mar 4, 1958 · <span class=\"mono\">004-81-937</span></span>",
        "Later <span class=\"n\">1</span>",
        "Clocks running</h2><a href=\"/?kind=clock\">All clocks</a>",
        "<b class=\"bad\">2 days late</b></div><svg class=\"bar bad\"",
        "<a class=\"ev call l2 c17 w4\" href=\"/tasks/1\"><b>Tasks</b><span>12:00 pm · Abara, Lionel</span></a>",
        "<span class=\"now c7 w1\"><b>9:42 am</b></span>",
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
    assert_eq!(html.matches("<tr class=\"r").count(), 15);
    assert!(html.contains("<a class=\"more\" href=\"/?group=today\">Show 45 more"), "{html}");
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

/// The value of the tick box before a line with these words.
fn pick_of(html: &str, what: &str) -> String {
    let label = format!("Choose: {what}");
    let before = html.split(&label).next().unwrap();
    before.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn many_tasks_at_once_and_back_again() {
    let house = House::new();
    let who = house.patient(["Abara", "Lionel"], "1971-07-19", "007-20-415");
    let first = house.task(house.rosa, who, "Fax the study", day("2026-11-18"));
    house.task(house.rosa, who, "Order the bed", day("2026-11-19"));
    house.owe(Owner::Staff(house.rosa), who, LoopKind::TransitionContact, day("2026-11-19"), None);
    let html = house.html("/");
    assert_eq!(html.matches("type=\"checkbox\"").count(), 2, "a call is made on its own page");
    let (one, two) = (pick_of(&html, "Fax the study"), pick_of(&html, "Order the bed"));
    let both = [("t", one.as_str()), ("t", two.as_str()), ("back", "/?view=mine")];
    let asked = house.ask("/my-day/selected", &[&both[..], &[("do", "move")]].concat());
    assert!(asked.contains("Change the date of 2 tasks") && asked.contains("Abara, Lionel"));
    let refused = house.send("/my-day/move", &[&both[..], &[("due", "soon")]].concat());
    assert!(matches!(refused, Err(Fault::Refused(it)) if it.problems[0].0 == "due"));
    let next = house.send("/my-day/move", &[&both[..], &[("due", "nov 24")]].concat()).unwrap();
    let html = house.html(&next.path);
    for piece in ["New date: 2 tasks", "Fax the study</a></li>", "Next 7 days <span class=\"n\">2<"]
    {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
    let undo = html.split("action=\"/my-day/undo/").nth(1).unwrap().split('"').next().unwrap();
    let undone = house.send(&format!("/my-day/undo/{undo}"), &[("back", "/?view=mine")]).unwrap();
    let html = house.html(&undone.path);
    for piece in ["Undone: 2 tasks stand as before", "1 day late", "Due today <span class=\"n\">2<"]
    {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
    assert!(!html.contains("/my-day/undo/"), "an undo is not undone");
    let lee = house.lee.to_string();
    let give = [&both[..], &[("owner", lee.as_str())]].concat();
    house.send("/my-day/hand-over", &give).unwrap();
    assert!(house.html("/?view=mine").contains("Mine <span class=\"n\">1</span>"));
    let task: almoner_care::tasks::Task = house.desk.read(|reader| reader.get(first)).unwrap();
    assert_eq!(task.owner, Owner::Staff(house.lee));
    assert_eq!(task.steps.len(), 4, "opened, moved, undone, handed over");
}

#[test]
fn each_of_many_has_its_own_result() {
    let house = House::new();
    let who = house.patient(["Abara", "Lionel"], "1971-07-19", "007-20-415");
    house.task(house.rosa, who, "Fax the study", day("2026-11-18"));
    house.task(house.lee, who, "Order the bed", day("2026-11-19"));
    let html = house.html("/?view=team");
    let (one, two) = (pick_of(&html, "Fax the study"), pick_of(&html, "Order the bed"));
    let give = [
        ("t", one.as_str()),
        ("t", &two),
        ("owner", &house.lee.to_string()),
        ("back", "/?view=team"),
    ];
    let next = house.send("/my-day/hand-over", &give).unwrap();
    let html = house.html(&next.path);
    for piece in [
        "Handed over: 1 task<",
        "1 task was not changed",
        "Order the bed</a>: It is theirs already. Choose somebody else",
    ] {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
    assert!(next.path.starts_with("/?view=team&done="));
    let finish = [("t", one.as_str()), ("outcome", "Sent"), ("back", "https://elsewhere.example")];
    let next = house.send("/my-day/finish", &finish).unwrap();
    assert!(next.path.starts_with("/?view=mine&done="), "back is only ever My day");
    assert!(matches!(house.send("/my-day/finish", &[("outcome", "x")]), Err(Fault::Refused(_))));
    let html = house.html("/?view=team");
    assert!(!html.contains("Fax the study"), "{html}");
}

#[test]
fn what_somebody_else_changed_today_says_so() {
    let house = House::new();
    let who = house.patient(["Abara", "Lionel"], "1971-07-19", "007-20-415");
    let id = house.task(house.rosa, who, "Fax the study", day("2026-11-18"));
    assert!(!house.html("/").contains("Changed"));
    let act = Act::new(Actor::Staff(house.lee), Verb("task.start"), house.desk.clock().now());
    let start = almoner_care::tasks::Command::Start;
    let started = move |writer: &mut Writer<'_>| almoner_care::tasks::act(writer, id, &start, "");
    house.desk.write(act, started).wait().unwrap();
    assert!(house.html("/").contains("Changed 9:42 am by Lee Park"));
}

#[test]
fn views_are_ones_own() {
    let house = busy();
    assert!(matches!(house.send("/views/save", &[("name", "")]), Err(Fault::Refused(_))));
    let query = "view=team&kind=task&sort=who";
    let saved = house.send("/views/save", &[("name", "Tasks of all"), ("query", query)]).unwrap();
    assert_eq!(saved.path, format!("/?{query}"));
    let html = house.html("/");
    let tab =
        "<a href=\"/?view=team&#38;kind=task&#38;sort=who\">Tasks of all <span class=\"n\">4<";
    assert!(html.contains(tab), "{html}");
    let listed = house.html(&saved.path).matches("<tr class=\"r").count();
    assert_eq!(listed, 3, "one is later than a week");
    house.send("/views/rename", &[("old", "Tasks of all"), ("name", "All tasks")]).unwrap();
    house.send("/views/first", &[("old", "All tasks")]).unwrap();
    assert!(house.html("/").contains("aria-current=\"page\">All tasks"));
    assert!(house.html("/?view=mine").contains("aria-current=\"page\">Mine"));
    assert!(house.html("/views").contains("opens first"));
    house.send("/views/delete", &[("old", "All tasks")]).unwrap();
    assert!(house.html("/").contains("aria-current=\"page\">Mine"));
}

#[test]
fn filters_leave_out_and_the_counts_agree() {
    let house = busy();
    for (address, lines) in [
        ("/?kind=task", 2),
        ("/?kind=task&group=overdue", 1),
        ("/?kind=transition-contact", 1),
        ("/?lang=es", 0),
        ("/?sort=who", 4),
    ] {
        let html = house.html(address);
        let shown = html.matches("<tr class=\"r").count();
        assert_eq!(shown, lines, "{address}");
    }
    let html = house.html("/?sort=who&group=overdue");
    let (abara, okafor) = (html.find("Abara"), html.find("Okafor"));
    assert!(abara < okafor, "by name");
}

//! The day's hours, the worklist in every state of its lines, and what a search shows.

use super::lists::{rows, who};
use super::{Say, demo};
use almoner_core::fault::Outcome;
use almoner_frame::kit::ribbon::{Event, Hour, Ribbon};
use almoner_frame::kit::{Hits, Link, Row};
use almoner_frame::{Page, Visit, Words};
use almoner_store::Reader;
use askama::Template;

#[derive(Template)]
#[template(path = "parts/pages/work.html")]
struct Work<'p> {
    words: &'p Words,
    say: Say<'p>,
    sections: Vec<Link>,
    day: Ribbon,
    rows: Vec<Row>,
    acts: Vec<(&'static str, String)>,
    finds: Vec<Hits>,
}

/// The page of work.
pub fn work(_: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let say = demo(visit)?;
    let page = Work {
        words: say.words,
        say,
        sections: say.sections("/parts/work"),
        day: day(say),
        rows: lines(say),
        acts: vec![
            ("done", say.own("Mark done", "Marcar hecho")),
            ("move", say.own("Change the date", "Cambiar la fecha")),
        ],
        finds: finds(say),
    };
    Page::draw(say.s("Parts: work", "Piezas: trabajo"), "", &page)
}

/// A morning at 9:40: what is over, what stacks, what has no room.
fn day(say: Say<'_>) -> Ribbon {
    let hours = (0..10).map(|hour| Hour {
        class: format!("c{}", hour * 4 + 1),
        gone: hour == 0,
        label: (hour + 8).to_string(),
    });
    let event = |class: &str, title: &str, sub: &str, work| Event {
        listed: class.is_empty(),
        class: class.to_owned(),
        title: title.to_owned(),
        sub: sub.to_owned(),
        href: "/parts/record".into(),
        work,
    };
    let call = say.s("Call M. Okafor-Reyes", "Llamar a M. Okafor-Reyes");
    Ribbon {
        hours: hours.collect(),
        events: vec![
            event("call done l2 c1 w4", say.s("Huddle", "Reunión breve"), "8:00", true),
            event("call l2 c9 w4", call, "10:00", true),
            event("meet l3 c10 w8", say.s("Case conference", "Reunión de caso"), "10:15", true),
            event("visit l4 c13 w4", "Njegovan, Walter", "11:00", false),
            event("", say.s("Ride, Hyun-woo Park", "Transporte, Hyun-woo Park"), "18:10", false),
        ],
        rows: 3,
        past: "c5 w2".into(),
        now: Some(("c7".into(), "9:40".into())),
        visits_row: 4,
    }
}

/// Late, soon and later; one changed by somebody else, one just done, one that can't be chosen.
fn lines(say: Say<'_>) -> Vec<Row> {
    let mut lines = rows(say);
    lines.extend(rows(say));
    for (number, line) in lines.iter_mut().enumerate() {
        line.pick = number.to_string();
        match number {
            3 => {
                let changed = say.s("changed 9:40 by J. Ferreira", "cambiado 9:40 por J. Ferreira");
                changed.clone_into(&mut line.changed);
            }
            4 => line.done = true,
            5 => line.pick = String::new(),
            _ => {}
        }
    }
    lines
}

fn finds(say: Say<'_>) -> Vec<Hits> {
    let hits = |id: &str, label: String, people: &[&str], said: String| Hits {
        id: id.to_owned(),
        label,
        rows: people.iter().map(|name| who(say, name, *name == "Okafor-Reyes, María")).collect(),
        said,
    };
    let okafor = ["Okafor-Reyes, María", "Okafor, Marian"];
    vec![
        hits(
            "find-empty",
            say.own("Find, nothing typed", "Buscar, sin escribir"),
            &["Abara, Lionel", "Njegovan, Walter"],
            String::new(),
        ),
        hits(
            "find-found",
            say.own("Find: okaf", "Buscar: okaf"),
            &okafor,
            say.own("All 23 results", "Los 23 resultados"),
        ),
        hits(
            "find-none",
            say.own("Find: Okaf 1958", "Buscar: Okaf 1958"),
            &[],
            say.own(
                "No match. Check spelling, or search by birth date",
                "Nadie coincide. Revise la escritura o busque por fecha de nacimiento",
            ),
        ),
        hits(
            "find-failed",
            say.own("Find, without an answer", "Buscar, sin respuesta"),
            &[],
            say.words.t("script-find-failed"),
        ),
    ]
}

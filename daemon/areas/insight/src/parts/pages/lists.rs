//! Lists and states of invented work.

use super::{Say, demo};
use almoner_core::fault::Outcome;
use almoner_frame::due::Deadline;
use almoner_frame::kit::record::Allergies;
use almoner_frame::kit::{Clock, Link, Pager, Row, Who};
use almoner_frame::{Page, Tone, Visit, Words};
use almoner_store::Reader;
use askama::Template;

#[derive(Template)]
#[template(path = "parts/pages/lists.html")]
struct Lists<'p> {
    words: &'p Words,
    say: Say<'p>,
    sections: Vec<Link>,
    links: Vec<Link>,
    chips: Vec<Link>,
    pager: Pager,
    clocks: Vec<Clock>,
    rows: Vec<Row>,
    who: Who,
    allergies: Vec<Allergies>,
}

/// The page of lists and states.
pub fn lists(_: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let say = demo(visit)?;
    let link = |label: &str, count, on| Link {
        href: "/parts?v=1".into(),
        label: label.to_owned(),
        count,
        on,
    };
    let page = Lists {
        words: say.words,
        say,
        sections: say.sections("/parts"),
        links: vec![
            link(say.s("Mine", "Mías"), Some(35), true),
            link(say.s("Team", "Equipo"), Some(112), false),
            link(say.s("Unassigned", "Sin asignar"), Some(5), false),
        ],
        chips: vec![
            link(say.s("All kinds", "Todo tipo"), None, false),
            link(say.s("Calls in Spanish", "Llamadas en español"), Some(9), true),
            link(say.s("Clear all", "Quitar todo"), None, false),
        ],
        pager: Pager::new(2, 50, 213, |page| format!("/parts?page={page}")),
        clocks: clocks(say),
        rows: rows(say),
        who: who(say, "Okafor-Reyes, María", true),
        allergies: vec![
            Allergies::Listed(say.phrase(
                "Penicillin (anaphylaxis), latex (rash)",
                "Penicilina (anafilaxia), látex (erupción)",
            )),
            Allergies::NoneConfirmed(say.phrase(
                "No known allergies (confirmed Nov 3, 2026)",
                "Sin alergias conocidas (confirmado el 3 nov 2026)",
            )),
            Allergies::NotRecorded(say.phrase("Not recorded", "No consta")),
            Allergies::Unreadable(say.phrase(
                "Could not be read, see the chart",
                "No se pudo leer, consulte la historia",
            )),
        ],
    };
    Page::draw(say.s("Parts", "Piezas"), "", &page)
}

pub(super) fn who(say: Say<'_>, name: &str, speaks: bool) -> Who {
    let tags = [
        (Tone::Plum, "lang", say.own("Spanish interpreter", "Intérprete de español")),
        (Tone::Warn, "same", say.own("Similar name", "Nombre parecido")),
    ];
    Who {
        href: "/parts/record".into(),
        name: name.to_owned(),
        sub: say.own("Mar 4, 1958 · 004-81-937", "4 mar 1958 · 004-81-937"),
        tags: if speaks { tags.into() } else { Vec::new() },
    }
}

fn clocks(say: Say<'_>) -> Vec<Clock> {
    let clock = |label: &str, left: &str, tone, share, rule: &str| Clock {
        href: "/parts".into(),
        label: label.to_owned(),
        left: left.to_owned(),
        tone,
        share,
        rule: rule.to_owned(),
    };
    let call = say.s("Call within 2 business days", "Llamar en 2 días hábiles");
    vec![
        clock("M. Okafor-Reyes", say.s("2 days late", "2 días tarde"), Tone::Bad, 100, call),
        clock(
            "W. Njegovan",
            say.s("2 h 18 min left", "quedan 2 h 18 min"),
            Tone::Warn,
            90,
            say.s("Payer needs 1 document by noon", "Falta 1 documento antes del mediodía"),
        ),
        clock("D. Achterberg", say.s("7 days left", "quedan 7 días"), Tone::Plain, 4, call),
        Clock::paused(
            "/parts",
            "T. Whitlock",
            say.s("Paused", "En pausa"),
            say.s("In the hospital, look again on Nov 23", "Ingresada, revisar el 23 nov"),
            40,
        ),
        clock(
            "L. Moreau",
            say.s("Met, a day early", "Cumplido, un día antes"),
            Tone::Good,
            100,
            call,
        ),
        clock("Y. Haddad", say.s("Missed by 3 days", "Vencido hace 3 días"), Tone::Bad, 100, call),
    ]
}

pub(super) fn rows(say: Say<'_>) -> Vec<Row> {
    let row = |text: &str, sub: &str, late, tone, icon, what: &str, who| Row {
        due: Deadline { text: text.to_owned(), sub: sub.to_owned(), late, tone },
        icon,
        what: what.to_owned(),
        why: say.own("Transition · home Nov 15", "Transición · en casa el 15 nov"),
        href: "/parts".into(),
        who: Some(who),
        owner: String::new(),
        next: say.own("Log call", "Anotar llamada"),
        next_href: "/parts/forms".into(),
        pick: String::new(),
        changed: String::new(),
        done: false,
    };
    vec![
        row(
            say.s("2 days late", "2 días tarde"),
            say.s("was Nov 17", "era 17 nov"),
            true,
            Tone::Bad,
            "home",
            say.s("Call after hospital discharge", "Llamar tras el alta hospitalaria"),
            who(say, "Okafor-Reyes, María", true),
        ),
        row(
            say.s("by noon", "antes de las 12"),
            say.s("2 h 18 min left", "quedan 2 h 18 min"),
            false,
            Tone::Warn,
            "shield",
            say.s("Send sleep study", "Enviar estudio del sueño"),
            who(say, "Njegovan, Walter", false),
        ),
        row(
            say.s("Tuesday", "martes"),
            say.s("in 5 days", "dentro de 5 días"),
            false,
            Tone::Plain,
            "cal",
            say.s("Prepare the visit", "Preparar la visita"),
            who(say, "Salgado, Beatriz", false),
        ),
    ]
}

//! Measures and trends of invented patients.

use super::{Say, demo};
use almoner_core::fault::Outcome;
use almoner_frame::kit::Link;
use almoner_frame::kit::charts::{self, Figure, Kpi, Share};
use almoner_frame::kit::marks::Marks;
use almoner_frame::{Page, Tone, Trust, Visit, Words};
use almoner_store::Reader;
use askama::Template;

#[derive(Template)]
#[template(path = "parts/pages/measures.html")]
struct Measures<'p> {
    say: Say<'p>,
    sections: Vec<Link>,
    kpis: Vec<(Kpi, Trust)>,
}

/// The page of measures.
pub fn measures(_: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let say = demo(visit)?;
    let kpis = vec![over_time(say)?, funnel(say)?, fairness(say)?, trend(say)?];
    let sections = say.sections("/parts/measures");
    let page = Measures { say, sections, kpis };
    Page::draw(say.s("Parts: measures", "Piezas: medidas"), "", &page)
}

fn figure<'p>(
    say: Say<'p>,
    id: &'static str,
    title: &str,
    desc: &str,
    marks: Marks,
    points: &[Share],
) -> Outcome<Trust> {
    let heads = [("What", "Qué"), ("Met", "Cumplidos"), ("Of", "De"), ("Share", "Parte")];
    let heads = heads.map(|(english, spanish)| say.own(english, spanish)).into();
    let (title, desc) = (title.to_owned(), desc.to_owned());
    let words: &'p Words = say.words;
    Figure { words, id, title, desc, marks, heads, lines: charts::lines(points) }.draw()
}

fn share(label: &str, met: u32, of: u32) -> Share {
    Share { label: label.to_owned(), met, of }
}

fn over_time(say: Say<'_>) -> Outcome<(Kpi, Trust)> {
    let months = [
        (say.s("Sep", "sep"), 18, 34),
        (say.s("Oct", "oct"), 21, 38),
        (say.s("Nov", "nov"), 19, 33),
        (say.s("Dec", "dic"), 22, 40),
        (say.s("Jan", "ene"), 16, 31),
        (say.s("Feb", "feb"), 19, 36),
        (say.s("Mar", "mar"), 25, 32),
        (say.s("Apr", "abr"), 28, 37),
        (say.s("May", "may"), 27, 36),
        (say.s("Jun", "jun"), 29, 38),
        (say.s("Jul", "jul"), 29, 37),
        (say.s("Aug", "ago"), 33, 41),
        (say.s("Sep", "sep"), 33, 41),
        (say.s("Oct", "oct"), 36, 42),
    ];
    let points = months.map(|(label, met, of)| share(label, met, of));
    let marks = charts::over_time(&points, Some((6, say.s("call list began", "empezó la lista"))));
    let title = say.s("Contact within 2 business days", "Contacto en 2 días hábiles");
    let desc = say.s(
        "Mean 69 percent. The last 8 months are all above it, after the call list began in March.",
        "Media del 69 por ciento. Los últimos 8 meses están por encima, desde la lista de llamadas de marzo.",
    );
    let kpi = Kpi {
        id: "k1".into(),
        title: title.to_owned(),
        big: "86 %".into(),
        of: say.own("36 of 42, October", "36 de 42, octubre"),
        tone: Tone::Good,
        finding: say.own("▲ Better:", "▲ Mejor:"),
        sentence: say.own(
            "8 months in a row above the mean (69 %).",
            "8 meses seguidos por encima de la media (69 %).",
        ),
    };
    Ok((kpi, figure(say, "c1", title, desc, marks, &points)?))
}

fn funnel(say: Say<'_>) -> Outcome<(Kpi, Trust)> {
    let steps = [
        (say.own("Sent", "Enviadas"), 212),
        (say.own("Received", "Recibidas"), 190),
        (say.own("Booked", "Con cita"), 151),
        (say.own("Seen", "Vistas"), 120),
        (say.own("Report back", "Con informe"), 88),
    ];
    let title = say.s("Referral loops, last 90 days", "Derivaciones, últimos 90 días");
    let desc = say.s(
        "212 sent, 190 received, 151 booked, 120 seen, 88 with the report back.",
        "212 enviadas, 190 recibidas, 151 con cita, 120 vistas, 88 con informe.",
    );
    let kpi = Kpi {
        id: "k2".into(),
        title: title.to_owned(),
        big: "88".into(),
        of: say.own("of 212 closed with a report", "de 212 cerradas con informe"),
        tone: Tone::Warn,
        finding: say.own("Most are lost", "La mayoría se pierde"),
        sentence: say.own("before a visit is booked (39).", "antes de dar cita (39)."),
    };
    let points = steps.each_ref().map(|(label, n)| share(label, *n, 212));
    Ok((kpi, figure(say, "c2", title, desc, charts::funnel(&steps), &points)?))
}

fn fairness(say: Say<'_>) -> Outcome<(Kpi, Trust)> {
    let groups = [
        share(say.s("English", "Inglés"), 248, 318),
        share(say.s("Spanish", "Español"), 71, 104),
        share(say.s("Portuguese", "Portugués"), 22, 31),
        share(say.s("Not asked", "Sin preguntar"), 16, 34),
        share(say.s("Arabic", "Árabe"), 4, 6),
    ];
    let shown = charts::guarded(&groups, say.s("Others", "Otras"));
    let title = say.s("Is it fair? Contact by language", "¿Es justo? Contacto por idioma");
    let desc = say.s(
        "English 78 percent, Spanish 68 percent, people we did not ask 47 percent. All 73 percent.",
        "Inglés 78 por ciento, español 68 por ciento, sin preguntar 47 por ciento. Todos 73 por ciento.",
    );
    let kpi = Kpi {
        id: "k3".into(),
        title: title.to_owned(),
        big: "73 %".into(),
        of: say.own("of 493, 12 months", "de 493, 12 meses"),
        tone: Tone::Bad,
        finding: say.own("◆ Lower:", "◆ Menos:"),
        sentence: say.own(
            "people we didn’t ask about their language.",
            "a quienes no preguntamos por su idioma.",
        ),
    };
    let marks = charts::fairness(&shown, say.s("all", "todos"));
    Ok((kpi, figure(say, "c3", title, desc, marks, &shown)?))
}

fn trend(say: Say<'_>) -> Outcome<(Kpi, Trust)> {
    let days = [(15, 171.0), (16, 170.0), (17, 172.0), (19, 175.0)];
    let points = days.map(|(day, value)| (day.to_string(), value));
    let title = say.s("Weight since discharge", "Peso desde el alta");
    let desc = say.s(
        "171, 170, 172, then 175 pounds; the plan says to tell the nurse at 174.",
        "171, 170, 172 y luego 175 libras; el plan pide avisar a la enfermera a las 174.",
    );
    let kpi = Kpi {
        id: "k4".into(),
        title: title.to_owned(),
        big: "175".into(),
        of: say.own("pounds, Nov 19", "libras, 19 nov"),
        tone: Tone::Bad,
        finding: say.own("◆ Up 3 lb in 2 days.", "◆ 3 libras más en 2 días."),
        sentence: say.own(
            "Plan says: tell the nurse at 174 or more.",
            "El plan: avisar a la enfermera desde 174.",
        ),
    };
    let action = Some((174.0, say.s("tell the nurse at 174", "avisar desde 174")));
    let marks = charts::trend(&points, Some((168.0, 172.0)), action);
    Ok((kpi, figure(say, "c4", title, desc, marks, &[])?))
}

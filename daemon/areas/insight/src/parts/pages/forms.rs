//! Forms, their states and what goes with them.

use super::{Say, demo};
use almoner_core::fault::Outcome;
use almoner_frame::conflict::{Conflict, Field, Value};
use almoner_frame::kit::fields::{Born, Pick, Picker, Section, SectionState};
use almoner_frame::kit::{Choice, Link, Problems};
use almoner_frame::typed::Opening;
use almoner_frame::{Form, Page, Visit, Words};
use almoner_store::Reader;
use askama::Template;

#[derive(Template)]
#[template(path = "parts/pages/forms.html")]
struct Forms<'p> {
    words: &'p Words,
    say: Say<'p>,
    sections: Vec<Link>,
    opening: Opening,
    problems: Problems,
    ends: Vec<Choice>,
    topics: Vec<Choice>,
    tongues: Vec<Choice>,
    born: Born,
    none: Picker,
    some: Picker,
    parts: Vec<Section>,
    both: Conflict,
}

/// The page of forms.
pub fn forms(_: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let say = demo(visit)?;
    let pick = |value: &str, name: &str, on| Pick {
        value: value.to_owned(),
        name: name.to_owned(),
        sub: say.own("Born Mar 4, 1958 · 004-81-937", "Nacida el 4 mar 1958 · 004-81-937"),
        on,
    };
    let here = "/parts/forms";
    let page = Forms {
        words: say.words,
        say,
        sections: say.sections(here),
        opening: Opening {
            action: here.into(),
            hidden: Vec::new(),
            restored: say.own("Restored from yesterday, 4:58 pm", "Recuperado de ayer, 16:58"),
            draft: "1".into(),
        },
        problems: problems(say),
        ends: ends(say),
        topics: topics(say),
        tongues: vec![
            choice(say, "en", "English", "Inglés", false),
            choice(say, "es", "Spanish", "Español", true),
        ],
        born: Born { day: "4".into(), month: "13".into(), year: "1958".into() },
        none: Picker { query: "Okaf 1958".into(), found: Vec::new(), more: 0 },
        some: Picker {
            query: "okafor".into(),
            found: vec![pick("1", "Okafor-Reyes, María", true), pick("2", "Okafor, Marian", false)],
            more: 3,
        },
        parts: parts(say),
        both: both(say),
    };
    Page::draw(say.s("Parts: forms", "Piezas: formularios"), "", &page)
}

/// Two people's changes of one plan: one field both changed, one each.
fn both(say: Say<'_>) -> Conflict {
    let field = |name, label: &str, base: &str, theirs: &str, mine: &str| Field {
        name,
        label: label.to_owned(),
        base: Some(Value::text(base)),
        theirs: Value::text(theirs),
        mine: Value::text(mine),
    };
    let first = say.s("Home physical therapy", "Fisioterapia en casa");
    let dated = say.s("Home physical therapy, first visit Nov 24", "Fisioterapia en casa, 24 nov");
    let morning = say.s("Home physical therapy, in the morning", "Fisioterapia, por la mañana");
    let stairs = say.s("3rd floor, no lift", "Tercer piso, sin ascensor");
    let fields = [
        field("step", say.s("Next step", "Próximo paso"), first, dated, morning),
        field("barrier", say.s("Barrier", "Barrera"), "", "", stairs),
        field("measure", say.s("Measure", "Medida"), "1", "2", "1"),
    ];
    Conflict::of(say.own("J. Ferreira, 9:38 am", "J. Ferreira, 9:38"), &fields, &Form::default())
}

fn choice<'p>(say: Say<'p>, value: &str, english: &'p str, spanish: &'p str, on: bool) -> Choice {
    Choice { value: value.to_owned(), label: say.own(english, spanish), on }
}

fn section<'p>(
    say: Say<'p>,
    english: &'p str,
    spanish: &'p str,
    href: &str,
    state: SectionState,
) -> Section {
    Section { label: say.own(english, spanish), href: href.to_owned(), state }
}

fn problems(say: Say<'_>) -> Problems {
    Problems::said(vec![
        (
            "when",
            say.own(
                "November has 30 days. Enter the date of the call again",
                "Noviembre tiene 30 días. Escriba otra vez la fecha de la llamada",
            ),
        ),
        ("out", say.own("Choose how the call ended", "Elija cómo terminó la llamada")),
    ])
}

fn ends(say: Say<'_>) -> Vec<Choice> {
    vec![
        choice(say, "talked", "Talked with the patient", "Se habló con la paciente", false),
        choice(say, "family", "Talked with family", "Se habló con la familia", false),
        choice(say, "voicemail", "Voicemail left", "Mensaje en el buzón", false),
        choice(say, "none", "No answer", "Sin respuesta", false),
    ]
}

fn topics(say: Say<'_>) -> Vec<Choice> {
    vec![
        choice(say, "medicines", "Medicines", "Medicamentos", true),
        choice(say, "signs", "Warning signs", "Señales de alarma", true),
        choice(say, "visit", "Next visit", "Próxima visita", false),
        choice(say, "nothing", "None of these", "Nada de esto", false),
        choice(say, "unsaid", "Prefers not to say", "Prefiere no decirlo", false),
    ]
}

fn parts(say: Say<'_>) -> Vec<Section> {
    vec![
        section(
            say,
            "Where you live",
            "Dónde vive",
            "/parts/forms",
            SectionState::Done(say.phrase("Done", "Hecho")),
        ),
        section(
            say,
            "Heat, water, repairs",
            "Calefacción, agua, arreglos",
            "/parts/forms",
            SectionState::Begun(say.phrase("In progress, 3 of 8", "En curso, 3 de 8")),
        ),
        section(
            say,
            "Rent and bills",
            "Alquiler y facturas",
            "/parts/forms",
            SectionState::NotStarted(say.phrase("Not started", "Sin empezar")),
        ),
        section(
            say,
            "Sign",
            "Firmar",
            "",
            SectionState::Blocked(say.phrase("After the other sections", "Tras las demás partes")),
        ),
    ]
}

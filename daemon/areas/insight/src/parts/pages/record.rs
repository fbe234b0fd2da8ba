//! A patient's record: banners, goals, loops, needs, the team.

use super::{Say, demo};
use StepState::{At, Done, Skipped, Stuck, ToCome};
use almoner_core::fault::Outcome;
use almoner_frame::kit::record::{Banner, Doing, Fact, Goal, GoalState, Warning};
use almoner_frame::kit::{Link, Step, StepState};
use almoner_frame::{Language, Page, Tone, Trust, Visit, Words};
use almoner_store::Reader;
use askama::Template;

#[derive(Template)]
#[template(path = "parts/pages/record.html")]
struct Record<'p> {
    words: &'p Words,
    say: Say<'p>,
    sections: Vec<Link>,
    deceased: Banner,
    restricted: Banner,
    goals: Vec<Goal>,
    loops: Vec<(String, String, Vec<Step>)>,
}

#[derive(Template)]
#[template(path = "parts/pages/above.html")]
struct Above<'p> {
    words: &'p Words,
    banner: &'p Banner,
}

fn banner(say: Say<'_>) -> Banner {
    let fact = |english, spanish, value: &str, class| Fact {
        term: say.own(english, spanish),
        value: value.to_owned(),
        class,
    };
    Banner {
        name: "OKAFOR-REYES, María del Carmen".into(),
        used: "Mari".into(),
        died: None,
        facts: vec![
            fact("Born", "Nacida", say.s("Mar 4, 1958 (68 y)", "4 mar 1958 (68 a)"), ""),
            fact("Sex", "Sexo", say.s("Female", "Mujer"), ""),
            fact("Pronouns", "Pronombres", say.s("she/her", "ella"), ""),
            fact("Record", "Historia", "004-81-937", "mono"),
            fact(
                "Chart as of",
                "Datos del",
                say.s("Nov 16, 3 days old", "16 nov, hace 3 días"),
                "warn",
            ),
        ],
        acts: vec![Doing {
            href: "/parts/forms".into(),
            icon: "phone",
            text: say.own("Log call", "Anotar llamada"),
            pri: true,
        }],
        alerts: alerts(say),
    }
}

fn alerts(say: Say<'_>) -> Vec<Warning> {
    let alert = |class, icon, english, spanish| Warning {
        class,
        icon,
        text: say.own(english, spanish),
        link: None,
    };
    let same = alert("al same", "same", "Similar name.", "Nombre parecido.");
    vec![
        alert(
            "al allergy",
            "alert",
            "Allergies: Penicillin (anaphylaxis) · Latex (rash)",
            "Alergias: penicilina (anafilaxia) · látex (erupción)",
        ),
        alert("al speak", "lang", "Spanish, interpreter needed", "Español, necesita intérprete"),
        alert(
            "al",
            "phone",
            "Call after 3 pm, no voicemail",
            "Llamar después de las 15, sin buzón",
        ),
        Warning { link: Some(("/parts/record".into(), say.own("Compare", "Comparar"))), ..same },
    ]
}

/// The page of a record.
pub fn record(_: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let say = demo(visit)?;
    let deceased = Banner {
        name: "WHITLOCK, Teodora".into(),
        used: String::new(),
        died: Some(say.own("Died Mar 2, 2026", "Falleció el 2 mar 2026")),
        acts: Vec::new(),
        alerts: Vec::new(),
        ..banner(say)
    };
    let restricted = Banner {
        name: "ABARA, Lionel".into(),
        used: String::new(),
        alerts: vec![Warning {
            class: "al",
            icon: "key",
            text: say.own(
                "Restricted record: say why you open it",
                "Historia restringida: diga por qué la abre",
            ),
            link: Some((
                "/parts/forms".into(),
                say.own("Open with a reason", "Abrir con un motivo"),
            )),
        }],
        acts: Vec::new(),
        ..banner(say)
    };
    let page = Record {
        words: say.words,
        say,
        sections: say.sections("/parts/record"),
        deceased,
        restricted,
        goals: GoalState::ALL.into_iter().map(|state| goal(say, state)).collect(),
        loops: loops(say),
    };
    Ok(Page::draw(say.s("Parts: record", "Piezas: historia"), "", &page)?
        .under(Trust::of(&Above { words: say.words, banner: &banner(say) })?))
}

fn goal(say: Say<'_>, state: GoalState) -> Goal {
    let met = state == GoalState::Met;
    Goal {
        quote: "Quiero volver a caminar al mercado.".into(),
        lang: "es",
        translation: match say.words.language() {
            Language::English => "I want to walk to the market again.".into(),
            Language::Spanish => String::new(),
        },
        state,
        next: say.own(
            "physical therapy, first visit Nov 24.",
            "fisioterapia, primera visita el 24 nov.",
        ),
        owner: "J. Ferreira, PT".into(),
        measure: say.own("Blocks without rest", "Cuadras sin descanso"),
        reached: if met { say.own("4 of 4", "4 de 4") } else { say.own("1 of 4", "1 de 4") },
        share: if met { 100 } else { 25 },
        tone: if met { Tone::Good } else { Tone::Plain },
        barrier: if met {
            String::new()
        } else {
            say.own("3rd floor, no lift", "3.er piso, sin ascensor")
        },
    }
}

fn loops(say: Say<'_>) -> Vec<(String, String, Vec<Step>)> {
    let steps = |states: [StepState; 5]| {
        let labels = [
            say.s("Sent", "Enviada"),
            say.s("Received", "Recibida"),
            say.s("Booked", "Con cita"),
            say.s("Seen", "Vista"),
            say.s("Report", "Informe"),
        ];
        let step = |(label, state): (&str, StepState)| Step { label: label.to_owned(), state };
        labels.into_iter().zip(states).map(step).collect::<Vec<_>>()
    };
    vec![
        (
            say.own("Cardiology", "Cardiología"),
            say.own("sent Nov 16", "enviada el 16 nov"),
            steps([Done, Done, At, ToCome, ToCome]),
        ),
        (
            say.own("Meals at home", "Comidas a domicilio"),
            say.own("silent for 8 days", "8 días sin respuesta"),
            steps([Done, Stuck, ToCome, ToCome, ToCome]),
        ),
        (
            say.own("Dermatology", "Dermatología"),
            say.own("closed, report read", "cerrada, informe leído"),
            steps([Done; 5]),
        ),
        (
            say.own("Podiatry", "Podología"),
            say.own("closed without service: declined", "cerrada sin servicio: no quiso"),
            steps([Done, Done, Skipped, Skipped, Skipped]),
        ),
    ]
}

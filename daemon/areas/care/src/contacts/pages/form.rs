//! One screen to log a call, visit or message: who, how, how it ended, what was said, what was
//! promised, what comes next.

use super::super::record::{About, Contact, ContactId, Direction, Ending, Interpreter, Mode};
use super::super::rules::{self, NewContact};
use super::super::store;
use super::plain_name;
use crate::tasks::Task;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::PatientId;
use almoner_core::loops::{LoopKind, OpenLoop};
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use almoner_frame::kit::{Choice, Problems};
use almoner_frame::typed::{Opening, Typed};
use almoner_frame::{Form, Next, Page, Visit, Words, dates, due};
use almoner_people::patients::{self, Patient};
use almoner_store::{Reader, Record, Writer};
use askama::Template;
use chrono::NaiveDate;

/// Languages that a contact is often in; the patient's own comes first.
const LANGUAGES: [&str; 3] = ["en", "es", "ase"];

#[derive(Template)]
#[template(path = "contacts/pages/new.html")]
struct New<'p> {
    words: &'p Words,
    opening: Opening,
    name: String,
    speaks: String,
    back: String,
    problems: Problems,
    mode: Vec<Choice>,
    direction: Vec<Choice>,
    ending: Vec<Choice>,
    at: String,
    at_echo: String,
    language: Vec<Choice>,
    interpreter: Vec<Choice>,
    interpreter_who: String,
    note: String,
    minutes: String,
    promise: String,
    promise_due: String,
    promise_echo: String,
    next_try: String,
    next_echo: String,
    about: Vec<Choice>,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let fields = vec![
        ("mode".to_owned(), Mode::Phone.key().to_owned()),
        ("direction".to_owned(), Direction::Outgoing.key().to_owned()),
        ("about".to_owned(), visit.query("for").to_owned()),
    ];
    let typed = Typed::fresh(visit, &visit.words().t("contact-log")).or(visit.path(), fields);
    draw(reader, visit, typed, &Refusal::default())
}

pub(super) fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    let typed = Typed::refused(visit, &visit.words().t("contact-log"), form);
    Ok(draw(reader, visit, typed, refusal)?.with_status(422))
}

/// Saves, and says what comes next.
pub(super) fn save(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let patient: PatientId = visit.id("patient")?;
    let open = topics(writer, patient)?;
    let new = read(writer, visit, form, patient, &open)?;
    let topic = open.iter().find(|it| it.id.to_string() == form.text("about"));
    let path = topic.map_or_else(|| format!("/p/{patient}"), |it| it.owed.path.clone());
    let contact = store::record(writer, new)?;
    Ok(Next::saying(path, said(&contact)))
}

fn said(contact: &Contact) -> Phrase {
    match contact.next_try {
        Some(on) => Phrase::new("contact-saved-next").with("day", on),
        None => Phrase::new("contact-saved"),
    }
}

fn draw(reader: &Reader<'_>, visit: &Visit, typed: Typed, refusal: &Refusal) -> Outcome<Page> {
    let patient: PatientId = visit.id("patient")?;
    let typed = typed.about(Some(patient));
    let form = typed.at(visit.path());
    let golden = reader.get::<Patient>(patient)?.golden();
    let words = visit.words();
    let first = golden.communications.iter().find(|it| it.preferred);
    let first = first.or(golden.communications.first()).map_or("en", |it| it.language.as_str());
    let chosen = if form.text("language").is_empty() { first } else { form.text("language") };
    let mut tags = vec![first];
    tags.extend(LANGUAGES.into_iter().filter(|tag| *tag != first));
    let language = tags.into_iter().map(|tag| Choice {
        value: tag.to_owned(),
        label: patients::language(words, tag),
        on: tag == chosen,
    });
    let zone = visit.house().zone;
    let echo = |name: &str| due::read_back(words, zone, visit.now(), form.text(name));
    let text = |name: &str| form.text(name).to_owned();
    let endings = Ending::CHOICES.map(|(name, ..)| name);
    let page = New {
        words,
        opening: typed.open(visit.path()),
        name: plain_name(reader, visit, patient)?,
        speaks: patients::speaks(words, &golden).unwrap_or_default(),
        back: format!("/p/{patient}"),
        problems: Problems::of(visit, refusal),
        mode: Choice::list(words, "mode", &Mode::ALL.map(Mode::key), &[form.text("mode")]),
        direction: Choice::list(
            words,
            "direction",
            &[Direction::Outgoing.key(), Direction::Incoming.key()],
            &[form.text("direction")],
        ),
        ending: Choice::list(words, "ending", &endings, &[form.text("ending")]),
        at_echo: echo("at"),
        at: text("at"),
        language: language.collect(),
        interpreter: Choice::list(
            words,
            "interpreter",
            &["none", "qualified", "declined"],
            &[if form.has("interpreter") { form.text("interpreter") } else { "none" }],
        ),
        interpreter_who: text("interpreter_who"),
        note: text("note"),
        minutes: text("minutes"),
        promise: text("promise"),
        promise_echo: echo("promise_due"),
        promise_due: text("promise_due"),
        next_echo: echo("next_try"),
        next_try: text("next_try"),
        about: about_choices(reader, visit, patient, form.text("about"))?,
    };
    patients::record_page(reader, visit, patient, &words.t("contact-log"), &page)
}

/// What is open for the patient and may be what the contact is for: transitions and tasks, each
/// record once, a call that is due first.
fn topics(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<OpenLoop>> {
    let mut open = reader.loops_of(patient)?;
    open.retain(|it| topic(it).is_some());
    open.sort_by_key(|it| it.owed.kind != LoopKind::TransitionContact);
    let mut seen = std::collections::BTreeSet::new();
    open.retain(|it| seen.insert(it.id));
    Ok(open)
}

fn topic(open: &OpenLoop) -> Option<About> {
    match open.owed.kind {
        LoopKind::TransitionContact
        | LoopKind::TransitionMedicines
        | LoopKind::TransitionVisit
        | LoopKind::TransitionMonitoring => Some(About::Transition(open.id)),
        LoopKind::Task if open.kind == <Task as Record>::KIND.code => Some(About::Task(open.id)),
        _ => None,
    }
}

fn about_choices(
    reader: &Reader<'_>,
    visit: &Visit,
    patient: PatientId,
    chosen: &str,
) -> Outcome<Vec<Choice>> {
    let words = visit.words();
    let open = topics(reader, patient)?;
    let due = open.iter().find(|it| it.owed.kind == LoopKind::TransitionContact);
    let chosen = match (chosen, due) {
        ("", Some(due)) => due.id.to_string(),
        _ => chosen.to_owned(),
    };
    let mut choices: Vec<Choice> = open
        .iter()
        .map(|it| Choice {
            value: it.id.to_string(),
            label: words.say(&it.owed.what),
            on: it.id.to_string() == chosen,
        })
        .collect();
    let none = !choices.iter().any(|choice| choice.on);
    let label = words.t("contact-about-nothing");
    choices.push(Choice { value: "nothing".to_owned(), label, on: none });
    Ok(choices)
}

/// The form's fields as a contact, or what must change.
fn read(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    patient: PatientId,
    open: &[OpenLoop],
) -> Outcome<NewContact> {
    let mut refusal = Refusal::default();
    let chosen = Ending::parse(form.text("ending"));
    refusal.when(chosen.is_none(), "ending", Phrase::new("contact-ending-missing"));
    let at = match form.text("at") {
        "" => Some(visit.now()),
        text => moment(visit, text),
    };
    refusal.when(at.is_none(), "at", Phrase::new("contact-at-unclear"));
    let minutes = form.text("minutes");
    let unclear = !minutes.is_empty() && minutes.parse::<u16>().is_err();
    refusal.when(unclear, "minutes", Phrase::new("contact-minutes-wrong"));
    let promised = day(visit, form, "promise_due", &mut refusal);
    let what = form.text("promise").to_owned();
    let undated = !what.is_empty() && form.text("promise_due").is_empty();
    refusal.when(undated, "promise_due", Phrase::new("contact-promise-undated"));
    let next_try = day(visit, form, "next_try", &mut refusal);
    refusal.or_ok()?;
    let (Some((ending, party)), Some(at)) = (chosen, at) else { return Err(Fault::Absent("page")) };
    let about = open.iter().find(|it| it.id.to_string() == form.text("about"));
    let about = about.and_then(topic).unwrap_or_default();
    let direction = Direction::parse(form.text("direction")).unwrap_or_default();
    let tries = ending.is_failed_attempt() && direction == Direction::Outgoing;
    let usual = (tries && !form.has("no_retry")).then(|| rules::next_try(at, reader.rules()));
    Ok(NewContact {
        id: ContactId::random(),
        patient,
        by: visit.staff(),
        mode: Mode::parse(form.text("mode")).unwrap_or_default(),
        direction,
        party,
        ending,
        at,
        language: form.text("language").to_owned(),
        interpreter: interpreter(form),
        note: form.text("note").to_owned(),
        minutes: minutes.parse().ok(),
        promises: promised.map(|due| (what, due)).into_iter().collect(),
        about,
        next_try: next_try.or(usual),
    })
}

fn interpreter(form: &Form) -> Interpreter {
    let who = form.text("interpreter_who").to_owned();
    match form.text("interpreter") {
        "qualified" => Interpreter::Qualified(who),
        "declined" => Interpreter::Declined(who),
        _ => Interpreter::None,
    }
}

fn moment(visit: &Visit, text: &str) -> Option<Timestamp> {
    dates::moment(visit.language(), visit.house().zone, visit.now(), text)
}

/// A day as typed; a day that can't be read is a problem, an empty field is none.
fn day(visit: &Visit, form: &Form, name: &'static str, refusal: &mut Refusal) -> Option<NaiveDate> {
    let text = form.text(name);
    let day = dates::day(visit.language(), visit.today(), text);
    refusal.when(!text.is_empty() && day.is_none(), name, Phrase::new("care-day-unclear"));
    day
}

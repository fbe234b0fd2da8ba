//! The pages of contacts: one screen to log a call, the contact itself, and what the patient's page
//! and timeline show of contacts.

mod form;

use super::record::{About, Contact, ContactId, Ending, Interpreter, Mode};
use super::store;
use almoner_core::clinical::When;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::loops::OpenLoop;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::Problems;
use almoner_frame::timeline::Origin;
use almoner_frame::{
    Form, Next, Page, Panel, PanelPlace, Route, Timeline, TimelineItem, Tone, Trust, Try, Typed,
    Visit, Words,
};
use almoner_people::patients::{self, Patient};
use almoner_people::staff::name_of;
use almoner_store::{Reader, Verb, Writer};
use askama::Template;

/// Contacts that the patient's overview shows.
const SHOWN: usize = 4;

/// So many contacts are looked through for tries of a loop.
const LOOKED_AT: usize = 20;

/// The pages.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: "/p/{patient}/contacts/new", may: May::RecordContact, page: form::page },
    Route::Work {
        path: "/p/{patient}/contacts/new",
        may: May::RecordContact,
        verb: Verb("contact.record"),
        work: form::save,
        again: form::again,
    },
    Route::Show { path: "/p/{patient}/contacts/{id}", may: May::SeeChart, page: show },
    Route::Work {
        path: "/p/{patient}/contacts/{id}/amend",
        may: May::RecordContact,
        verb: Verb("contact.amend"),
        work: amend,
        again,
    },
    Route::Work {
        path: "/p/{patient}/contacts/{id}/mistake",
        may: May::RecordContact,
        verb: Verb("contact.mistake"),
        work: mistake,
        again,
    },
    Route::Work {
        path: "/p/{patient}/contacts/{id}/promise",
        may: May::RecordContact,
        verb: Verb("contact.promise"),
        work: promise,
        again,
    },
];

/// What the patient's overview shows.
pub(super) const PANELS: &[Panel] =
    &[Panel { place: PanelPlace::Side, order: 30, may: May::SeeChart, draw: panel }];

#[derive(Template)]
#[template(path = "contacts/pages/show.html")]
struct Show<'p> {
    words: &'p Words,
    base: String,
    title: String,
    facts: Vec<(String, String)>,
    said: String,
    promises: Vec<PromiseLine>,
    addenda: Vec<(String, String)>,
    mistake: String,
    may: bool,
    problems: Problems,
    typed: Typed,
}

impl Show<'_> {
    /// What was typed of why a promise was not kept.
    fn why(&self, promise: &PromiseLine) -> &str {
        let form = self.typed.step(&self.base, "promise");
        if form.text("n") == promise.n.to_string() { form.text("reason") } else { "" }
    }
}

struct PromiseLine {
    n: usize,
    what: String,
    due: String,
    ended: String,
    open: bool,
}

#[derive(Template)]
#[template(path = "contacts/pages/panel.html")]
struct Lately<'p> {
    words: &'p Words,
    base: String,
    may: bool,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    what: String,
    meta: String,
    struck: bool,
}

/// The words of how a contact ended, with whom.
pub fn did(contact: &Contact) -> Phrase {
    Phrase::new(match contact.choice() {
        "reached" => "did-reached",
        "reached_caregiver" => "did-reached-caregiver",
        "reached_other" => "did-reached-other",
        "no_answer" => "did-no-answer",
        "left_voicemail" => "did-left-voicemail",
        "busy" => "did-busy",
        "wrong_number" => "did-wrong-number",
        "refused" => "did-refused",
        _ => "did-sent",
    })
}

/// What the patient's timeline shows of contacts.
pub(super) const TIMELINE: Timeline = Timeline {
    kinds: &["contact"],
    tell: |reader, visit, patient, window| {
        store::told(reader, patient, window, &|contact| event(reader, visit, &contact))
    },
};

/// What was tried of a task, or before a contact is tried again.
pub(super) fn tries(reader: &Reader<'_>, _: &Visit, open: &OpenLoop) -> Outcome<Vec<Try>> {
    let Some(patient) = open.owed.patient else { return Ok(Vec::new()) };
    let of_it = |contact: &Contact| match contact.about {
        About::Task(id) => id == open.id,
        About::Nothing => contact.id.0 == open.id,
        About::Transition(_) => false,
    };
    let mut tried = store::newest(reader, patient, LOOKED_AT)?;
    tried.retain(of_it);
    tried.iter().rev().filter_map(|contact| told_try(reader, contact).transpose()).collect()
}

/// A contact as an attempt; nothing when it was entered in error.
pub fn told_try(reader: &Reader<'_>, contact: &Contact) -> Outcome<Option<Try>> {
    if contact.mistake.is_some() {
        return Ok(None);
    }
    let by = name_of(reader, contact.by)?;
    Ok(Some(Try { at: contact.at, what: did(contact), by, href: contact.path() }))
}

fn event(reader: &Reader<'_>, visit: &Visit, contact: &Contact) -> Outcome<Option<TimelineItem>> {
    let local = visit.house().zone.local(contact.at).format("%Y-%m-%dT%H:%M:%S").to_string();
    let Some(when) = When::parse(&local) else { return Ok(None) };
    let mistake = contact.mistake.is_some();
    Ok(Some(TimelineItem {
        place: contact.place(),
        when,
        icon: icon(contact.mode),
        tone: if contact.ending == Ending::Reached { Tone::Good } else { Tone::Plain },
        kind: "contact",
        what: if mistake { Phrase::new("did-mistake") } else { did(contact) },
        detail: if mistake { String::new() } else { contact.note.clone() },
        lang: String::new(),
        origin: Origin::Staff(contact.by),
        source: name_of(reader, contact.by)?,
        href: Some(contact.path()),
    }))
}

fn icon(mode: Mode) -> &'static str {
    match mode {
        Mode::Phone | Mode::Video => "phone",
        Mode::InPerson | Mode::HomeVisit => "people",
        Mode::Message | Mode::Letter => "msg",
    }
}

fn panel(reader: &Reader<'_>, visit: &Visit, patient: PatientId) -> Outcome<Option<Trust>> {
    let words = visit.words();
    let mut lines = Vec::new();
    for contact in store::newest(reader, patient, SHOWN)? {
        let by = name_of(reader, contact.by)?;
        lines.push(Line {
            href: contact.path(),
            what: words.say(&did(&contact)),
            meta: format!("{} · {by}", words.instant(contact.at)),
            struck: contact.mistake.is_some(),
        });
    }
    let base = format!("/p/{patient}/contacts");
    // No call button on the page of somebody who has died.
    let died = reader.get::<Patient>(patient)?.golden().deceased;
    let may = visit.may(May::RecordContact) && !died;
    Trust::of(&Lately { words, base, may, lines }).map(Some)
}

fn show(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    draw(reader, visit, Typed::fresh(visit, &visit.words().t("contact-amend")), &Refusal::default())
}

fn again(reader: &Reader<'_>, visit: &Visit, form: &Form, refusal: &Refusal) -> Outcome<Page> {
    let typed = Typed::refused(visit, &visit.words().t("contact-amend"), form);
    Ok(draw(reader, visit, typed, refusal)?.with_status(422))
}

fn draw(reader: &Reader<'_>, visit: &Visit, typed: Typed, refusal: &Refusal) -> Outcome<Page> {
    let contact = of_path(reader, visit)?;
    let words = visit.words();
    let title = words.say(&did(&contact));
    let mut addenda = Vec::new();
    for it in &contact.addenda {
        let by = author(reader, it.by)?;
        addenda.push((it.text.clone(), format!("{} · {by} · {}", words.instant(it.at), it.reason)));
    }
    let mistake = match &contact.mistake {
        Some(it) => {
            format!("{} · {} · {}", it.reason, words.instant(it.at), author(reader, it.by)?)
        }
        None => String::new(),
    };
    let page = Show {
        words,
        base: contact.path(),
        title: title.clone(),
        facts: facts(reader, visit, &contact)?,
        said: contact.note.clone(),
        promises: promises(words, &contact),
        addenda,
        mistake,
        may: visit.may(May::RecordContact),
        problems: Problems::of(visit, refusal),
        typed: typed.about(Some(contact.patient)),
    };
    patients::record_page(reader, visit, contact.patient, &title, &page)
}

fn facts(reader: &Reader<'_>, visit: &Visit, contact: &Contact) -> Outcome<Vec<(String, String)>> {
    let words = visit.words();
    let mut facts = Vec::new();
    let mut add = |key: &str, value: String| facts.push((words.t(key), value));
    add("contact-when", words.instant(contact.at));
    let mode = words.t(&format!("mode-{}", contact.mode.key()));
    let direction = words.t(&format!("direction-{}", contact.direction.key()));
    add("contact-how", format!("{mode}, {direction}"));
    add("contact-by", name_of(reader, contact.by)?);
    if contact.recorded - contact.at > chrono::Duration::hours(1) {
        add("contact-recorded", words.instant(contact.recorded));
    }
    if !contact.language.is_empty() {
        add("contact-language", patients::language(words, &contact.language));
    }
    match &contact.interpreter {
        Interpreter::None => {}
        Interpreter::Qualified(who) => add("contact-interpreter", who.clone()),
        Interpreter::Declined(why) => add("contact-interpreter-declined", why.clone()),
    }
    if let Some(minutes) = contact.minutes {
        add("contact-minutes", words.n("contact-minutes-n", minutes));
    }
    if let Some(on) = contact.next_try {
        add("contact-next-try", words.day(on));
    }
    Ok(facts)
}

fn promises(words: &Words, contact: &Contact) -> Vec<PromiseLine> {
    let line = |(n, promise): (usize, &super::record::Promise)| PromiseLine {
        n,
        what: promise.what.clone(),
        due: words.of_text("promise-due", &words.day(promise.due)),
        ended: match &promise.ended {
            None => String::new(),
            Some(end) if end.kept => words.of_text("promise-kept", &words.instant(end.at)),
            Some(end) => words.of_text("promise-broken", &end.reason),
        },
        open: promise.ended.is_none() && contact.mistake.is_none(),
    };
    contact.promises.iter().enumerate().map(line).collect()
}

fn amend(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let contact = checked(writer, visit, form)?;
    store::amend(writer, contact.id, form.text("text"), form.text("reason"))?;
    Ok(Next::saying(contact.path(), Phrase::new("contact-amended")))
}

fn mistake(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let contact = checked(writer, visit, form)?;
    store::mark_mistake(writer, contact.id, form.text("reason"))?;
    Ok(Next::saying(contact.path(), Phrase::new("contact-marked-mistake")))
}

fn promise(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let contact = checked(writer, visit, form)?;
    let n = form.text("n").parse().map_err(|_| Fault::Absent("promise"))?;
    let broken = (form.text("do") == "broken").then(|| form.text("reason"));
    store::end_promise(writer, contact.id, n, broken)?;
    Ok(Next::saying(contact.path(), Phrase::new("promise-ended")))
}

/// The contact of the address; the form must be about the same patient.
fn checked(reader: &Reader<'_>, visit: &Visit, form: &Form) -> Outcome<Contact> {
    let contact = of_path(reader, visit)?;
    if form.text("patient") != contact.patient.to_string() {
        return Err(Fault::Stale("contact"));
    }
    Ok(contact)
}

fn of_path(reader: &Reader<'_>, visit: &Visit) -> Outcome<Contact> {
    let contact: Contact = reader.get(visit.id::<ContactId>("id")?)?;
    if contact.patient != visit.id::<PatientId>("patient")? {
        return Err(Fault::Absent("contact"));
    }
    Ok(contact)
}

/// Somebody's name; empty where nobody of the staff did it.
fn author(reader: &Reader<'_>, by: Option<StaffId>) -> Outcome<String> {
    by.map_or(Ok(String::new()), |id| name_of(reader, id))
}

/// The patient's name for a button: "María Okafor-Reyes".
fn plain_name(reader: &Reader<'_>, visit: &Visit, patient: PatientId) -> Outcome<String> {
    let golden = reader.get::<Patient>(patient)?.golden();
    Ok(patients::plain_name(visit.words(), &golden))
}

//! A file is undone as a whole, or read again: first its page tells what that would change, line by
//! line; then somebody who may decides.

use super::NAV;
use super::receipt;
use almoner_core::changes::{Turns, Way};
use almoner_core::clinical::FactKind;
use almoner_core::fault::{Outcome, Refusal};
use almoner_core::ids::FileId;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_core::receipt::Receipt;
use almoner_frame::anew::{Line, Preview, What, Wish, may_wish, wish, wish_because};
use almoner_frame::intake::IntakeFile;
use almoner_frame::kit::{Problems, Who};
use almoner_frame::typed::Opening;
use almoner_frame::{Form, Next, Page, Tone, Typed, Visit, Words};
use almoner_people::patients;
use almoner_store::{Reader, Writer};
use askama::Template;

#[derive(Template)]
#[template(path = "intake_view/pages/anew.html")]
struct Anew<'p> {
    words: &'p Words,
    problems_of_form: Problems,
    href: String,
    name: String,
    title: String,
    lede: String,
    format: String,
    /// It waits for its turn; nothing is to be decided.
    waits: bool,
    seeing: Opening,
    told: Option<Told>,
    deciding: Opening,
    reason: String,
    button: String,
}

/// What the preview tells.
struct Told {
    when: String,
    nothing: bool,
    counts: Vec<(String, Turns)>,
    stay: String,
    lines: Vec<Shown>,
    more: u64,
}

struct Shown {
    who: Option<Who>,
    tag: (&'static str, String),
    kind: String,
    words: String,
}

/// Whether somebody may have it done with this file now.
pub(super) fn may(reader: &Reader<'_>, visit: &Visit, receipt: &Receipt, what: What) -> bool {
    visit.may(May::UndoIntake) && may_wish(reader, receipt.id, what).is_ok()
}

pub(super) fn undo(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    fresh(reader, visit, What::Undo)
}

pub(super) fn reread(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    fresh(reader, visit, What::Reread)
}

pub(super) fn undo_again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    again(reader, visit, What::Undo, (form, refusal))
}

pub(super) fn reread_again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    again(reader, visit, What::Reread, (form, refusal))
}

/// Has the file undone: for a reason.
pub(super) fn do_undo(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    wanted(writer, visit, form, What::Undo)
}

/// Has the file read again.
pub(super) fn do_reread(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    wanted(writer, visit, form, What::Reread)
}

/// Has it worked out what undoing would change.
pub(super) fn see_undo(writer: &mut Writer<'_>, visit: &Visit, _: &Form) -> Outcome<Next> {
    see(writer, visit, What::Undo)
}

/// Has it worked out what reading again would change.
pub(super) fn see_reread(writer: &mut Writer<'_>, visit: &Visit, _: &Form) -> Outcome<Next> {
    see(writer, visit, What::Reread)
}

fn wanted(writer: &mut Writer<'_>, visit: &Visit, form: &Form, what: What) -> Outcome<Next> {
    let id: FileId = visit.id("id")?;
    let mut refusal = Refusal::default();
    let missing = Phrase::new("intake-anew-reason-missing");
    let reason = form.needed("reason", &mut refusal, missing);
    refusal.or_ok()?;
    wish_because(writer, id, what, reason)?;
    Ok(Next::saying(format!("/intake/{id}"), Phrase::new("intake-anew-wished")))
}

fn see(writer: &mut Writer<'_>, visit: &Visit, what: What) -> Outcome<Next> {
    let id: FileId = visit.id("id")?;
    wish(writer, id, what, true)?;
    Ok(Next::to(format!("/intake/{id}/{}", path(what))))
}

fn path(what: What) -> &'static str {
    match what {
        What::Undo => "undo",
        What::Reread => "reread",
    }
}

fn button(words: &Words, what: What) -> String {
    words.t(match what {
        What::Undo => "intake-undo",
        What::Reread => "intake-reread",
    })
}

fn fresh(reader: &Reader<'_>, visit: &Visit, what: What) -> Outcome<Page> {
    let typed = Typed::fresh(visit, &button(visit.words(), what));
    draw(reader, visit, what, (&typed, &Refusal::default()))
}

fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    what: What,
    (form, refusal): (&Form, &Refusal),
) -> Outcome<Page> {
    let typed = Typed::refused(visit, &button(visit.words(), what), form);
    Ok(draw(reader, visit, what, (&typed, refusal))?.with_status(422))
}

fn draw(
    reader: &Reader<'_>,
    visit: &Visit,
    what: What,
    (typed, refusal): (&Typed, &Refusal),
) -> Outcome<Page> {
    let words = visit.words();
    let receipt = reader.get::<IntakeFile>(visit.id("id")?)?.receipt;
    let wish = reader.find::<Wish>(receipt.id)?;
    let href = format!("/intake/{}", receipt.id);
    let action = format!("{href}/{}", path(what));
    let preview = if wish.is_some() { None } else { Preview::of(reader, receipt.id, what)? };
    let lede = match what {
        What::Undo => "intake-undo-lede",
        What::Reread => "intake-reread-lede",
    };
    let title = button(words, what);
    let page = Anew {
        words,
        problems_of_form: Problems::of(visit, refusal),
        name: receipt.name.clone(),
        title: title.clone(),
        lede: words.t(lede),
        format: receipt::format(words, &receipt),
        waits: wish.is_some(),
        seeing: typed.open(&format!("{action}/preview")),
        told: preview.map(|it| told(reader, visit, &it)).transpose()?,
        deciding: typed.open(&action),
        reason: typed.at(&action).text("reason").to_owned(),
        button: title,
        href,
    };
    Page::draw(words.of_text("intake-file", &receipt.name), NAV, &page)
}

fn told(reader: &Reader<'_>, visit: &Visit, preview: &Preview) -> Outcome<Told> {
    let words = visit.words();
    let changes = &preview.changes;
    let kind = |kind: FactKind| words.t(&format!("fact-{}", kind.key().replace('_', "-")));
    let facts = changes.facts.iter().map(|(of, turns)| (kind(*of), *turns));
    let others = [
        (words.t("intake-patients"), changes.patients),
        (words.t("intake-anew-transitions"), changes.transitions),
    ];
    let counts = facts.chain(others).filter(|(_, turns)| *turns != Turns::default());
    let who = patients::on_screen(reader, visit, preview.lines.iter().filter_map(|it| it.patient))?;
    let shown = |line: &Line| Shown {
        who: line.patient.and_then(|id| who.get(&id)).cloned(),
        tag: tag(words, line.way),
        kind: match (line.kind, line.words.is_empty()) {
            (Some(of), _) => kind(of),
            (None, true) => words.t("intake-anew-patient"),
            (None, false) => words.t("intake-anew-transition"),
        },
        words: line.words.clone(),
    };
    Ok(Told {
        when: words.of_text("intake-anew-when", &words.instant(preview.at)),
        nothing: changes.is_nothing(),
        counts: counts.collect(),
        stay: if changes.stay == 0 {
            String::new()
        } else {
            words.n("intake-anew-stay", changes.stay)
        },
        lines: preview.lines.iter().map(shown).collect(),
        more: u64::from(preview.all).saturating_sub(preview.lines.len() as u64),
    })
}

fn tag(words: &Words, way: Way) -> (&'static str, String) {
    let (tone, key) = match way {
        Way::Gone => (Tone::Bad, "intake-anew-gone"),
        Way::Changed => (Tone::Warn, "intake-anew-changed"),
        Way::New => (Tone::Info, "intake-anew-new"),
        Way::Kept => (Tone::Plain, "intake-anew-kept"),
    };
    (tone.class(), words.t(key))
}

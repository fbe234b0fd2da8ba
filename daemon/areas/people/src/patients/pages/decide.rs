//! A possible duplicate, decided: the record that asks and the others it may be, side by side, with
//! what speaks for and against it in words, and what hangs on the decision (`matching.md` §8).

use super::doubt::{self, Doubted};
use super::similar::{self, Row};
use super::view;
use crate::patients::record::{Patient, Suspect};
use crate::patients::rules::{Evidence, Reason};
use crate::patients::store;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::PatientId;
use almoner_core::loops::LoopKind;
use almoner_core::phrase::Phrase;
use almoner_core::rules::Matching;
use almoner_frame::kit::{Problems, Who, with_query};
use almoner_frame::typed::Opening;
use almoner_frame::{Form, Next, Page, Typed, Visit, Words, handmade};
use almoner_store::{Reader, Writer};
use askama::Template;
use chrono::Days;

/// Where those that wait are listed.
const QUEUE: &str = "/intake/duplicates";
const NAV: &str = "/intake";
/// So many of those that wait are looked at to find the next.
const LOOKED_AT: usize = 50;

#[derive(Template)]
#[template(path = "patients/pages/decide.html")]
struct Decide<'p> {
    words: &'p Words,
    mine: Who,
    name: String,
    problems: Problems,
    pairs: Vec<Pair>,
    /// What sources say of this record alone: that it is two people.
    doubts: Vec<Doubted>,
}

/// The record that asks, and one that it may be.
struct Pair {
    other: Who,
    since: String,
    /// "Put off until Dec 28"; empty when it was not.
    put_off: String,
    rows: Vec<Row>,
    likely: String,
    speaks_for: Vec<String>,
    against: Vec<String>,
    /// What alone forbids that they are joined without asking.
    asks: Vec<String>,
    /// The forms; `None`: on this pair's own page.
    forms: Option<Forms>,
    href: String,
}

struct Forms {
    same: Opening,
    apart: Opening,
    unsure: Opening,
    /// Which of the two goes against the score, so that it needs a reason.
    against: Against,
    reason: String,
    /// What must be chosen before they can be made one: words, and the ways.
    first: Vec<(String, Vec<(String, String)>)>,
}

/// The decision for which a reason is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Against {
    Same,
    Apart,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let typed = Typed::fresh(visit, &visit.words().t("similar-decide"));
    draw(reader, visit, typed, &Refusal::default())
}

/// Draws the page again when a decision could not be taken as it was sent.
pub(super) fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    let typed = Typed::refused(visit, &visit.words().t("similar-decide"), form);
    Ok(draw(reader, visit, typed, refusal)?.with_status(422))
}

/// They are one person: the record that was here first stays.
pub(super) fn same(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let (id, other) = (visit.id("patient")?, visit.id("other")?);
    let reason = reason(writer, (id, other), Against::Same, form)?;
    let age = |id: PatientId| Ok::<_, Fault>(writer.get::<Patient>(id)?.created);
    let (into, from) = if age(other)? < age(id)? { (other, id) } else { (id, other) };
    store::merge(writer, from, into, &reason, None)?;
    Ok(Next::saying(next(writer)?, said(writer, visit, into, "decide-said-same")?))
}

/// They are two people.
pub(super) fn set_apart(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let (id, other) = (visit.id("patient")?, visit.id("other")?);
    let reason = reason(writer, (id, other), Against::Apart, form)?;
    store::set_apart(writer, id, other, &reason)?;
    Ok(Next::saying(next(writer)?, said(writer, visit, other, "similar-said-apart")?))
}

/// Nobody can tell yet.
pub(super) fn put_off(writer: &mut Writer<'_>, visit: &Visit, _: &Form) -> Outcome<Next> {
    let (id, other) = (visit.id("patient")?, visit.id("other")?);
    let today = visit.today();
    let days = writer.rules().matching(today).again_days;
    let until = today.checked_add_days(Days::new(days)).unwrap_or(today);
    store::put_off(writer, id, other, until)?;
    let phrase = said(writer, visit, other, "decide-said-unsure")?;
    Ok(Next::saying(next(writer)?, phrase.with("until", visit.words().day(until))))
}

/// What was typed to explain a decision; it must be there where the decision goes against the score.
fn reason(
    reader: &Reader<'_>,
    (id, other): (PatientId, PatientId),
    decision: Against,
    form: &Form,
) -> Outcome<String> {
    let patient = reader.get::<Patient>(id)?;
    let suspect = patient.possible_duplicates.iter().find(|it| it.patient == other);
    let suspect = suspect.ok_or(Fault::Stale("patient"))?;
    let mut refusal = Refusal::default();
    let needed = against(rules(reader), suspect) == decision;
    let missing = form.text("reason").is_empty();
    let key = match decision {
        Against::Same => "decide-reason-missing",
        Against::Apart => "similar-reason-missing",
    };
    refusal.when(needed && missing, "reason", Phrase::new(key));
    refusal.or_ok()?;
    Ok(form.text("reason").to_owned())
}

/// Which decision goes against the score.
fn against(rules: &Matching, suspect: &Suspect) -> Against {
    let probable = f64::from(suspect.tenths) >= rules.probable * 10.0;
    let forbidden = suspect.reasons.iter().any(|reason| reason.forbids());
    if probable && !forbidden { Against::Apart } else { Against::Same }
}

fn rules<'r>(reader: &'r Reader<'_>) -> &'r Matching {
    reader.rules().matching(reader.rules().zone.day(reader.now()))
}

fn said(reader: &Reader<'_>, visit: &Visit, id: PatientId, key: &'static str) -> Outcome<Phrase> {
    let golden = reader.get::<Patient>(id)?.golden();
    Ok(Phrase::new(key).with("name", view::plain_name(visit.words(), &golden)))
}

/// The page of who is to be decided next; the list when nobody is.
pub(super) fn next(reader: &Reader<'_>) -> Outcome<String> {
    let waiting = store::waiting(reader, LOOKED_AT)?;
    let first = waiting.first();
    Ok(first.map_or_else(|| QUEUE.to_owned(), |it| format!("/intake/match/{}", it.patient)))
}

fn draw(reader: &Reader<'_>, visit: &Visit, typed: Typed, refusal: &Refusal) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let (patient, words) = (reader.get::<Patient>(id)?, visit.words());
    let typed = typed.about(Some(id));
    // A refused decision comes with its pair in the path.
    let asked = visit.id::<PatientId>("other").ok();
    let asked = asked.or_else(|| PatientId::parse(visit.query("pair")));
    let mut suspects: Vec<&Suspect> = patient.possible_duplicates.iter().collect();
    suspects.sort_by_key(|it| (asked != Some(it.patient), it.again, -it.tenths, it.since));
    let pair = |(at, suspect): (usize, &&Suspect)| {
        let mut pair = pair(reader, visit, &patient, suspect)?;
        if at == 0 {
            pair.forms = Some(forms(reader, visit, &typed, (id, suspect))?);
        }
        Ok(pair)
    };
    let pairs = suspects.iter().enumerate().map(pair).collect::<Outcome<_>>()?;
    let page = Decide {
        words,
        mine: view::who_of(visit, &patient),
        name: view::row_name(words, &patient.golden()),
        problems: Problems::of(visit, refusal),
        pairs,
        doubts: doubt::all(reader, visit, &typed, &patient)?,
    };
    Page::draw(words.t("decide-title"), NAV, &page)
}

fn forms(
    reader: &Reader<'_>,
    visit: &Visit,
    typed: &Typed,
    (id, suspect): (PatientId, &Suspect),
) -> Outcome<Forms> {
    let at = |step: &str| format!("/intake/match/{id}/{}/{step}", suspect.patient);
    let against = against(rules(reader), suspect);
    let explained = if against == Against::Same { at("same") } else { at("apart") };
    let mut first = Vec::new();
    for before_merge in visit.house().areas.iter().filter_map(|area| area.before_merge) {
        let found = before_merge(reader, visit, [id, suspect.patient])?;
        first.extend(found.into_iter().map(|it| (visit.say(&it.what), it.ways)));
    }
    Ok(Forms {
        first,
        same: typed.open(&at("same")),
        apart: typed.open(&at("apart")),
        unsure: typed.open(&at("unsure")),
        against,
        reason: typed.at(&explained).text("reason").to_owned(),
    })
}

fn pair(reader: &Reader<'_>, visit: &Visit, patient: &Patient, suspect: &Suspect) -> Outcome<Pair> {
    let (words, rules) = (visit.words(), rules(reader));
    let other = reader.get::<Patient>(suspect.patient)?;
    let verdict = store::weighed(reader, patient, &other)?;
    let evidence = verdict.map(|it| it.evidence).unwrap_or_default();
    let seen: Vec<Reason> = evidence.iter().map(|it| it.reason).collect();
    let told = suspect.reasons.iter().filter(|reason| !seen.contains(reason));
    let mut asks: Vec<String> = told.map(|reason| words.t(reason.key())).collect();
    asks.extend(evidence.iter().filter(|it| it.bits == 0.0).map(|it| words.t(it.reason.key())));
    let mut rows = similar::rows(visit, patient, &other);
    rows.push(hanging(reader, visit, "decide-files", (patient.id, other.id), files)?);
    rows.push(hanging(reader, visit, "decide-loops", (patient.id, other.id), open)?);
    rows.push(hanging(reader, visit, "decide-handmade", (patient.id, other.id), made)?);
    let likely = match against(rules, suspect) {
        Against::Apart => "decide-probable",
        Against::Same => "decide-possible",
    };
    let put_off = suspect.again.filter(|day| *day > visit.today());
    Ok(Pair {
        other: view::who_of(visit, &other),
        since: view::lately(visit, suspect.since),
        put_off: put_off
            .map(|day| words.of_text("decide-put-off", &words.day(day)))
            .unwrap_or_default(),
        rows,
        likely: words.t(likely),
        speaks_for: voices(words, rules, &evidence, 1.0),
        against: voices(words, rules, &evidence, -1.0),
        asks,
        forms: None,
        href: with_query(visit, "pair", &other.id.to_string()),
    })
}

/// What speaks for (or, with a minus, against) two being one: the weightiest first, each with how much.
fn voices(words: &Words, rules: &Matching, evidence: &[Evidence], sign: f64) -> Vec<String> {
    let mut mine: Vec<&Evidence> = evidence.iter().filter(|it| it.bits * sign > 0.0).collect();
    mine.sort_by(|a, b| (b.bits * sign).total_cmp(&(a.bits * sign)));
    let voice = |it: &&Evidence| {
        let bits = it.bits * sign;
        let key = match bits {
            bits if bits >= rules.strong => "decide-weighs-much",
            bits if bits >= rules.clear => "decide-weighs-some",
            _ => "decide-weighs-little",
        };
        words.of_text(key, &words.t(it.reason.key()))
    };
    mine.iter().map(voice).collect()
}

/// What hangs on a record, told for one patient.
type Hangs = fn(&Reader<'_>, &Visit, PatientId) -> Outcome<String>;

fn hanging(
    reader: &Reader<'_>,
    visit: &Visit,
    label: &str,
    (mine, theirs): (PatientId, PatientId),
    tell: Hangs,
) -> Outcome<Row> {
    let (mine, theirs) = (tell(reader, visit, mine)?, tell(reader, visit, theirs)?);
    Ok(Row { label: visit.words().t(label), mine, theirs, differs: false })
}

fn files(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<String> {
    let words = visit.words();
    let sightings = store::sightings(reader, id)?;
    let Some(newest) = sightings.first() else { return Ok(words.t("decide-nothing")) };
    let last = words.instant(newest.received);
    let source = super::about::source_name(words, &newest.source);
    let phrase = Phrase::new("decide-files-of").with("source", source).with("last", last);
    Ok(format!("{}, {}", words.n("decide-files-count", sightings.len() as u64), words.say(&phrase)))
}

fn open(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<String> {
    let words = visit.words();
    let loops = reader.loops_of(id)?;
    let mut others = loops.iter().filter(|it| it.owed.kind != LoopKind::Match);
    let Some(first) = others.next() else { return Ok(words.t("decide-nothing")) };
    let count = others.count() as u64 + 1;
    Ok(format!("{}: {}", words.n("decide-loops-count", count), words.say(&first.owed.what)))
}

fn made(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<String> {
    let count = handmade(reader, id)?;
    let words = visit.words();
    Ok(if count == 0 { words.t("decide-nothing") } else { words.n("decide-handmade-count", count) })
}

//! One transition: the checklist with its clocks, every try, the evidence, the history, and what can
//! be done.

use super::super::record::{Complexity, Stage, TransitionEpisode};
use super::super::rules::stay::Moment;
use super::super::rules::{self, Standing};
use super::super::store;
use super::{of_path, tell};
use almoner_care::contacts::{self, Contact};
use almoner_chart::{Fact, of_kind};
use almoner_core::clinical::{Content, FactKind};
use almoner_core::fault::{Outcome, Refusal};
use almoner_core::ids::RecordId;
use almoner_core::loops::Owner;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::{Choice, Problems, Step};
use almoner_frame::{Form, Page, Tone, Typed, Visit, Words};
use almoner_people::{patients, staff};
use almoner_store::Reader;
use askama::Template;
use chrono::{Days, NaiveDate};

#[derive(Template)]
#[template(path = "transitions/pages/detail.html")]
struct Detail<'p> {
    words: &'p Words,
    episode: &'p TransitionEpisode,
    base: String,
    headline: String,
    stage: String,
    day: String,
    steps: Vec<Step>,
    contact: Option<(String, Tone)>,
    tries: Vec<Try>,
    next_try: String,
    medicines: Option<(String, Tone)>,
    seen: Option<(String, Tone)>,
    proposals: Vec<Proposal>,
    complexity: Vec<Choice>,
    ways: Vec<Choice>,
    evidence: Vec<(String, String)>,
    documents: Vec<(String, String)>,
    history: Vec<(String, String)>,
    linked: Option<(String, String)>,
    works: bool,
    problems: Problems,
    typed: Typed,
}

/// A contact or failed try.
struct Try {
    href: String,
    when: String,
    what: String,
    note: String,
    by: String,
}

/// A visit or appointment of the chart that may be the visit after the stay.
struct Proposal {
    on: NaiveDate,
    day: String,
    what: String,
    /// `seen` or `booked`.
    how: &'static str,
}

impl Detail<'_> {
    fn is_over(&self) -> bool {
        self.episode.stage().is_over()
    }
    fn is_away(&self) -> bool {
        matches!(self.episode.stage(), Stage::Facility | Stage::Admitted | Stage::Expected)
    }
    fn where_title(&self) -> String {
        let facility = self.episode.stage() == Stage::Facility;
        let key = if facility { "transition-away-what" } else { "transition-silent-what" };
        self.words.t(key)
    }
    fn may_reopen(&self) -> bool {
        self.episode.end.is_some()
    }
    fn must_note(&self) -> bool {
        self.is_over() && self.episode.noted.is_none() && self.episode.end.is_none()
    }
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let typed = Typed::fresh(visit, &visit.words().t("transition-title"));
    draw(reader, visit, typed, &Refusal::default())
}

pub(super) fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    let typed = Typed::refused(visit, &visit.words().t("transition-title"), form);
    Ok(draw(reader, visit, typed, refusal)?.with_status(422))
}

fn draw(reader: &Reader<'_>, visit: &Visit, typed: Typed, refusal: &Refusal) -> Outcome<Page> {
    let episode = of_path(reader, visit)?;
    let standing = rules::standing(&episode, reader.rules());
    let words = visit.words();
    let next = standing.contact.and_then(|track| track.next_try);
    let chosen = episode.complexity.key();
    let of = |it: Complexity| it.key();
    let kinds = [Complexity::Undecided, Complexity::High, Complexity::Moderate].map(of);
    let ways = ["finished", "declined", "lost", "hospice", "deceased", "withdrawn"];
    let page = Detail {
        words,
        base: episode.path(),
        headline: tell::headline(words, &episode),
        stage: tell::stage_word(words, standing.stage),
        day: tell::day_of(visit, &standing),
        steps: tell::steps(visit, &standing),
        contact: tell::contact(visit, &standing),
        tries: tries(reader, visit, &episode)?,
        next_try: next
            .map(|day| words.of_text("transition-next-try", &words.day(day)))
            .unwrap_or_default(),
        medicines: tell::medicines(visit, &standing),
        seen: tell::seen(visit, &standing),
        proposals: proposals(reader, visit, &episode, &standing)?,
        complexity: Choice::list(words, "transition-complexity", &kinds, &[chosen]),
        ways: Choice::list(
            words,
            "transition-end",
            &ways,
            &[typed.step(&episode.path(), "end").text("how")],
        ),
        evidence: evidence(reader, visit, &episode, &standing)?,
        documents: documents(reader, visit, &episode)?,
        history: history(reader, visit, &episode)?,
        linked: linked(reader, words, &episode)?,
        works: visit.may(May::WorkTransitions),
        problems: Problems::of(visit, refusal),
        typed: typed.about(Some(episode.patient)),
        episode: &episode,
    };
    let title = words.t("transition-title");
    patients::record_page(reader, visit, episode.patient, &title, &page)
}

fn tries(reader: &Reader<'_>, visit: &Visit, episode: &TransitionEpisode) -> Outcome<Vec<Try>> {
    let words = visit.words();
    let mut lines = Vec::new();
    for attempt in &episode.attempts {
        let id = contacts::ContactId::from_bytes(attempt.contact.bytes());
        let Some(contact) = reader.find::<Contact>(id)? else { continue };
        lines.push(Try {
            href: contact.path(),
            when: words.instant(contact.at),
            what: words.say(&contacts::did(&contact)),
            by: staff::name_of(reader, contact.by)?,
            note: contact.note,
        });
    }
    Ok(lines)
}

/// What the chart knows between the discharge and the last day: a person says whether it is the
/// visit.
fn proposals(
    reader: &Reader<'_>,
    visit: &Visit,
    episode: &TransitionEpisode,
    standing: &Standing,
) -> Outcome<Vec<Proposal>> {
    let (Some(clocks), None, false) =
        (standing.clocks, &episode.visit.seen, episode.stage().is_over())
    else {
        return Ok(Vec::new());
    };
    let window = clocks.home + Days::new(1)..=clocks.last_day;
    let mut found = Vec::new();
    for kind in [FactKind::Encounter, FactKind::Appointment] {
        for fact in of_kind(reader, episode.patient, kind)? {
            let own = episode.stay.facts.contains(&fact.id);
            let Some((on, what)) = meeting(&fact, visit).filter(|_| !own) else { continue };
            let booked = episode.visit.booked.as_ref().map(|it| it.on) == Some(on);
            let how = if on > visit.today() { "booked" } else { "seen" };
            if window.contains(&on) && !(booked && how == "booked") {
                found.push(Proposal { on, day: visit.words().day(on), what, how });
            }
        }
    }
    found.sort_by_key(|it| it.on);
    found.dedup_by_key(|it| it.on);
    Ok(found)
}

/// The day and name of an outpatient visit or appointment; none for stays and what was cancelled.
fn meeting(fact: &Fact, visit: &Visit) -> Option<(NaiveDate, String)> {
    let (start, status, what) = match &fact.content {
        Content::Encounter(it) => {
            let stay = matches!(&*it.class, "IMP" | "ACUTE" | "NONAC" | "OBSENC" | "EMER" | "SS");
            let start = it.period.start.as_ref().filter(|_| !stay)?;
            (start, it.status.as_str(), fact.label())
        }
        Content::Other(it) => (it.period.start.as_ref()?, it.status.as_str(), fact.label()),
        _ => return None,
    };
    let off = matches!(status, "cancelled" | "noshow" | "entered-in-error");
    let on = Moment::of(start, visit.house().zone)?.day;
    (!off).then(|| (on, what.to_owned()))
}

/// The facts that a claim or a measure asks for, in order; nothing is claimed here.
fn evidence(
    reader: &Reader<'_>,
    visit: &Visit,
    episode: &TransitionEpisode,
    standing: &Standing,
) -> Outcome<Vec<(String, String)>> {
    let words = visit.words();
    let zone = visit.house().zone;
    let stay = &episode.stay;
    let mut lines = Vec::new();
    let mut add = |key: &str, value: String| lines.push((words.t(key), value));
    let moment = |it: Moment| it.at.map_or_else(|| words.day(it.day), |at| words.instant(at));
    add("transition-house", stay.house.clone());
    add("transition-admitted", stay.admitted.map(moment).unwrap_or_default());
    if let Some(discharged) = stay.discharged {
        let unsure =
            if stay.day_uncertain { words.t("transition-day-unsure") } else { String::new() };
        add("transition-discharged", format!("{} {unsure}", moment(discharged)).trim().to_owned());
        add("transition-to", words.t(&format!("transition-bucket-{}", stay.bucket.key())));
    }
    if let Some(heard) = episode.discharge_heard {
        add("transition-heard", words.instant(heard));
    }
    if let Some(clocks) = standing.clocks.filter(|_| episode.stage() != Stage::Emergency) {
        add(
            "transition-period",
            format!("{} – {}", words.day(clocks.home), words.day(clocks.last_day)),
        );
        let trc = reader.rules().trc(clocks.home);
        let told = |day: Option<NaiveDate>, from: Option<NaiveDate>, days: i64| {
            let (Some(day), Some(from)) = (day, from) else { return words.t("transition-unknown") };
            let met = (day - from).num_days() <= days;
            words.t(if met { "transition-trc-met" } else { "transition-trc-missed" })
        };
        let day = |at| zone.day(at);
        let admitted = stay.admitted.map(|it| it.day);
        add(
            "transition-trc-notice",
            told(Some(day(stay.heard)), admitted, trc.notification_days_after),
        );
        let heard = episode.discharge_heard.map(day);
        let left = stay.discharged.map(|it| it.day);
        add("transition-trc-information", told(heard, left, trc.information_days_after));
    }
    let owner = match episode.owner {
        Owner::Staff(id) => staff::name_of(reader, id)?,
        Owner::Unassigned => words.t("transition-nobody"),
    };
    add("transition-owner", owner);
    Ok(lines)
}

/// The source documents that tell of the stay.
fn documents(
    reader: &Reader<'_>,
    visit: &Visit,
    episode: &TransitionEpisode,
) -> Outcome<Vec<(String, String)>> {
    let words = visit.words();
    let mut links = Vec::new();
    for id in &episode.stay.facts {
        let Some(fact) = reader.find::<Fact>(*id)? else { continue };
        for it in &fact.assertions {
            let href = format!("/p/{}/documents/{}", episode.patient, patients::hex(&it.sha256));
            let said = Phrase::new("transition-document")
                .with("source", it.source.as_str())
                .with("at", it.received);
            if !links.iter().any(|(known, _)| *known == href) {
                links.push((href, words.say(&said)));
            }
        }
    }
    Ok(links)
}

fn history(
    reader: &Reader<'_>,
    visit: &Visit,
    episode: &TransitionEpisode,
) -> Outcome<Vec<(String, String)>> {
    let words = visit.words();
    let mut lines = Vec::new();
    for step in episode.moves.iter().rev() {
        let what = words.t(tell::moved_key(step.stage));
        let by = step.by.map(|id| staff::name_of(reader, id)).transpose()?.unwrap_or_default();
        let phrase =
            Phrase::new("transition-moved").with("at", step.at).with("recorded", step.recorded);
        let reason = episode.end.as_ref().filter(|end| step.stage == Stage::Ended(end.how));
        let reason = reason.map(|end| end.reason.clone()).unwrap_or_default();
        let parts = [words.say(&phrase), by, reason];
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        lines.push((what, said.join(" · ")));
    }
    Ok(lines)
}

/// The episode after this one, or the one before it.
fn linked(
    reader: &Reader<'_>,
    words: &Words,
    episode: &TransitionEpisode,
) -> Outcome<Option<(String, String)>> {
    if let Some(next) = episode.readmitted.as_ref().and_then(|it| it.episode) {
        let path = reader.get::<TransitionEpisode>(next)?.path();
        return Ok(Some((path, words.t("transition-linked-next"))));
    }
    let all = store::of(reader, episode.patient)?;
    let before = |it: &&TransitionEpisode| {
        it.readmitted.as_ref().is_some_and(|again| again.episode == Some(episode.id))
    };
    Ok(all.iter().find(before).map(|it| (it.path(), words.t("transition-linked-before"))))
}

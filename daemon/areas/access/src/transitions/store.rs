//! Operations on transitions, and the reactions that open and move them when the chart, a contact or
//! the patient changes.

pub(super) mod anew;

use super::record::{
    BY_PATIENT, ENDED, EpisodeId, Joined, MOVED, MOVED_OF, Move, OPEN, Said, TransitionEpisode,
    Word,
};
use super::rules::stay::{Moment, Report, Setting, Stay, VisitNumber, numbers, stays};
use super::rules::{self, Around, By, Command};
use almoner_care::contacts;
use almoner_chart::{Fact, of_kind};
use almoner_core::actor::Actor;
use almoner_core::clinical::{Content, FactKind};
use almoner_core::export::{Message, PersonStatements};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FactId, PatientId, RecordId, StaffId};
use almoner_core::loops::Owner;
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use almoner_frame::area::COUNTED;
use almoner_frame::timeline::{self, Place, Told, Window};
use almoner_frame::{Incoming, TimelineItem};
use almoner_people::patients::{Merge, MergeId, Patient};
use almoner_store::{Change, Key, Reader, Writer};
use chrono::Days;

/// Does something with an episode.
pub fn act(
    writer: &mut Writer<'_>,
    id: EpisodeId,
    command: &Command,
    note: &str,
) -> Outcome<TransitionEpisode> {
    let staff = match &writer.act().actor {
        Actor::Staff(id) => Some(*id),
        _ => None,
    };
    let by = By { staff, at: writer.act().at, note };
    let episode = rules::act(writer.get(id)?, command, &by, writer.rules())?;
    writer.put(&episode)?;
    // A day at home may let earlier contacts count.
    follow(writer, episode.patient)?;
    writer.get(id)
}

/// A patient's episodes, the newest first.
pub fn of(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<TransitionEpisode>> {
    let ids: Vec<EpisodeId> = reader.ids(BY_PATIENT, &Key::all().id(patient))?;
    let mut all: Vec<TransitionEpisode> =
        ids.into_iter().map(|id| reader.get(id)).collect::<Outcome<_>>()?;
    all.sort_by_key(|it| std::cmp::Reverse((it.stay.admitted, it.stay.discharged, it.opened)));
    Ok(all)
}

/// Episodes of a person's patients that moved since, the latest first, at most so many.
pub fn moved_since(
    reader: &Reader<'_>,
    owner: StaffId,
    since: Timestamp,
    most: usize,
) -> Outcome<Vec<TransitionEpisode>> {
    let key = |at: Timestamp| Key::all().id(owner).instant(at);
    let mut ids = Vec::new();
    reader.between(MOVED, &key(since), &key(Timestamp::MAX_UTC), &mut |id| {
        ids.push(EpisodeId::from_bytes(id.bytes()));
        Ok(true)
    })?;
    ids.into_iter().rev().take(most).map(|id| reader.get(id)).collect()
}

/// The line of a change of stage.
pub(super) type Tell<'t> =
    &'t dyn Fn(Place, &TransitionEpisode, &Move) -> Outcome<Option<TimelineItem>>;

/// What the timeline tells of a patient's changes of stage, each in the words of `tell`.
pub(super) fn told(
    reader: &Reader<'_>,
    patient: PatientId,
    window: &Window<'_>,
    tell: Tell<'_>,
) -> Outcome<Told> {
    let under = Key::all().id(patient);
    timeline::walk(reader, (MOVED_OF, &under), window, &|_| true, &mut |group| {
        let Some(id) = group.ids.first() else { return Ok(None) };
        let episode = reader.get::<TransitionEpisode>(EpisodeId(*id))?;
        let step = episode.moves.get(usize::from(group.place.number()));
        step.map_or(Ok(None), |step| tell(group.place, &episode, step))
    })
}

/// Every open episode.
pub fn open(reader: &Reader<'_>) -> Outcome<Vec<TransitionEpisode>> {
    let ids: Vec<EpisodeId> = reader.ids(OPEN, &Key::all())?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

/// How many are open, counted as far as the navigation says it.
pub(super) fn open_count(reader: &Reader<'_>) -> Outcome<u64> {
    let mut count = 0;
    reader.each(OPEN, &Key::all(), &mut |_, _| {
        count += 1;
        Ok(count < COUNTED)
    })?;
    Ok(count)
}

/// Episodes that ended within so many days, the newest first.
pub fn ended_lately(reader: &Reader<'_>, days: u64) -> Outcome<Vec<TransitionEpisode>> {
    let now = reader.now();
    let from = now.checked_sub_days(Days::new(days)).unwrap_or(now);
    let (from, to) = (Key::all().instant(from), Key::all().instant(Timestamp::MAX_UTC));
    let mut ids = Vec::new();
    reader.between(ENDED, &from, &to, &mut |id| {
        ids.push(EpisodeId::from_bytes(id.bytes()));
        Ok(true)
    })?;
    ids.into_iter().rev().map(|id| reader.get(id)).collect()
}

/// The chart has a new or changed fact: a stay opens or moves an episode.
pub(super) fn on_fact(writer: &mut Writer<'_>, change: Change) -> Outcome<()> {
    let Some(patient) = change.patient else { return Ok(()) };
    let fact = writer.get::<Fact>(FactId::from_bytes(change.id.bytes()))?;
    let Some(report) = Report::of(&fact, writer.rules()) else { return Ok(()) };
    let known: Vec<EpisodeId> = writer.ids(BY_PATIENT, &Key::all().id(patient))?;
    if known.is_empty() && (report.setting == Setting::Elsewhere || is_history(writer, &report)) {
        return Ok(());
    }
    follow(writer, patient)
}

/// A contact was written down or corrected: it may be the one that is due.
pub(super) fn on_contact(writer: &mut Writer<'_>, change: Change) -> Outcome<()> {
    change.patient.map_or(Ok(()), |patient| follow_known(writer, patient))
}

/// The patient has another coordinator, or died.
pub(super) fn on_patient(writer: &mut Writer<'_>, change: Change) -> Outcome<()> {
    let Some(patient) = change.patient else { return Ok(()) };
    let episodes = of(writer, patient)?;
    if episodes.is_empty() {
        return Ok(());
    }
    let (owner, died) = outlook(writer, patient)?;
    if episodes.iter().any(|it| it.owner != owner || it.died != died) {
        follow(writer, patient)?;
    }
    Ok(())
}

/// A whole message is in: a cancelled or expected discharge (ADT A13, A16, A25) says more than the
/// chart keeps.
pub(super) fn settle(
    writer: &mut Writer<'_>,
    file: &Incoming,
    patient: PatientId,
    said: &PersonStatements,
) -> Outcome<()> {
    let Some((message, word)) = said.message.as_ref().and_then(|it| Some((it, word(it)?))) else {
        return Ok(());
    };
    let zone = writer.rules().zone;
    let at = message.at.as_ref().and_then(|when| Moment::of(when, zone)?.at);
    let at = at.unwrap_or(file.received);
    let told: Vec<VisitNumber> = said
        .statements
        .iter()
        .filter_map(|it| match &it.content {
            Content::Encounter(visit) => Some(numbers(visit)),
            _ => None,
        })
        .flatten()
        .collect();
    let own = of(writer, patient)?;
    let own = own.into_iter().find(|it| it.stay.numbers.iter().any(|it| told.contains(it)));
    let Some(mut episode) = own else { return Ok(()) };
    rules::say(&mut episode, Said { word, at });
    writer.put(&episode)?;
    follow(writer, patient)
}

fn word(message: &Message) -> Option<Word> {
    match (message.code.as_str(), message.trigger.as_str()) {
        ("ADT", "A03") => Some(Word::Discharged),
        ("ADT", "A13") => Some(Word::DischargeCancelled),
        ("ADT", "A16") => Some(Word::DischargeExpected),
        ("ADT", "A25") => Some(Word::DischargeNotExpected),
        _ => None,
    }
}

fn follow_known(writer: &mut Writer<'_>, patient: PatientId) -> Outcome<()> {
    let known: Vec<EpisodeId> = writer.ids(BY_PATIENT, &Key::all().id(patient))?;
    if known.is_empty() { Ok(()) } else { follow(writer, patient) }
}

/// Works out a patient's episodes anew from all that is known, and saves what changed.
fn follow(writer: &mut Writer<'_>, patient: PatientId) -> Outcome<()> {
    let episodes = of(writer, patient)?;
    let facts = of_kind(writer, patient, FactKind::Encounter)?;
    let rules = writer.rules();
    let reports = facts.iter().filter_map(|fact| Report::of(fact, rules)).collect();
    let contacts = contacts::of(writer, patient)?;
    let (owner, died) = outlook(writer, patient)?;
    let now = writer.act().at;
    let around = Around { patient, owner, died, contacts: &contacts, now };
    let episodes = rules::follow(episodes, &stays(reports, rules), &around, rules);
    episodes.iter().try_for_each(|episode| writer.put(episode))
}

/// Who sees to the patient, and whether they live.
fn outlook(reader: &Reader<'_>, patient: PatientId) -> Outcome<(Owner, bool)> {
    let Some(patient) = reader.find::<Patient>(patient)? else {
        return Ok((Owner::Unassigned, false));
    };
    let owner = patient.coordinator.map_or(Owner::Unassigned, Owner::Staff);
    Ok((owner, patient.golden().deceased))
}

/// Whether a report is too old to open anything.
fn is_history(reader: &Reader<'_>, report: &Report) -> bool {
    let Some(last) = report.end.or(report.start) else { return false };
    let days = (reader.rules().zone.day(report.news) - last.day).num_days();
    days > reader.rules().transitions(last.day).news_days
}

/// Two patients' records became one, or two again: the episodes go with theirs, and are worked out anew
/// from what each record tells now.
pub(super) fn on_merge(writer: &mut Writer<'_>, change: Change) -> Outcome<()> {
    let merge = writer.get::<Merge>(MergeId(change.id))?;
    if merge.undone.is_none() { join(writer, &merge) } else { part(writer, &merge) }
}

/// Whether it is open and somebody has worked on it: of two such of one person, one must be ended first.
fn in_work(episode: &TransitionEpisode) -> bool {
    !episode.stage().is_over() && episode.is_handmade()
}

/// The episodes of two patients that keep their records from being made one; none where only one of
/// them has any.
pub(super) fn at_odds(
    reader: &Reader<'_>,
    patients: [PatientId; 2],
) -> Outcome<Vec<TransitionEpisode>> {
    let mut all = Vec::new();
    for patient in patients {
        let before = all.len();
        all.extend(of(reader, patient)?.into_iter().filter(in_work));
        if all.len() == before {
            return Ok(Vec::new());
        }
    }
    Ok(all)
}

fn join(writer: &mut Writer<'_>, merge: &Merge) -> Outcome<()> {
    let (coming, staying) = (of(writer, merge.from)?, of(writer, merge.into)?);
    let worked_on = |all: &[TransitionEpisode]| all.iter().any(in_work);
    if merge.by.is_some() && worked_on(&coming) && worked_on(&staying) {
        return Err(Fault::refused("", Phrase::new("merge-refused-transitions")));
    }
    if coming.is_empty() && staying.is_empty() {
        return Ok(());
    }
    for it in &coming {
        let came_with = merge.mark(it.came_with);
        writer.put(&TransitionEpisode { patient: merge.into, came_with, ..it.clone() })?;
    }
    follow(writer, merge.into)?;
    let mut episodes = Vec::new();
    for before in coming.into_iter().chain(staying) {
        let after = writer.get(before.id)?;
        episodes.push((before, after));
    }
    writer.put(&Joined { id: merge.id, patient: merge.into, episodes })
}

fn part(writer: &mut Writer<'_>, merge: &Merge) -> Outcome<()> {
    let joined = writer.find::<Joined>(merge.id)?;
    for (before, after) in joined.iter().flat_map(|it| &it.episodes) {
        let now = writer.get::<TransitionEpisode>(before.id)?;
        if now == *after {
            writer.put(before)?;
        }
    }
    for it in of(writer, merge.into)?.into_iter().filter(|it| merge.moved(it.came_with)) {
        let came_with = merge.unmark(it.came_with);
        writer.put(&TransitionEpisode { patient: merge.from, came_with, ..it })?;
    }
    if joined.is_some() {
        writer.remove::<Joined>(merge.id)?;
    }
    for it in gone_with_their_stay(writer, merge)? {
        let came_with = merge.unmark(it.came_with);
        writer.put(&TransitionEpisode { patient: merge.from, came_with, ..it })?;
    }
    follow_known(writer, merge.into)?;
    follow(writer, merge.from)
}

/// The episodes of a stay that only the record which goes tells of now; what somebody has worked on
/// stays where it was done.
fn gone_with_their_stay(reader: &Reader<'_>, merge: &Merge) -> Outcome<Vec<TransitionEpisode>> {
    let stays_of = |patient| {
        let facts = of_kind(reader, patient, FactKind::Encounter)?;
        let reports = facts.iter().filter_map(|fact| Report::of(fact, reader.rules())).collect();
        Ok::<_, Fault>(stays(reports, reader.rules()))
    };
    let (theirs, ours) = (stays_of(merge.from)?, stays_of(merge.into)?);
    let mut gone = of(reader, merge.into)?;
    gone.retain(|it| {
        let tells = |all: &[Stay]| all.iter().any(|stay| it.stay.is_same(stay));
        !it.is_handmade() && tells(&theirs) && !tells(&ours)
    });
    Ok(gone)
}

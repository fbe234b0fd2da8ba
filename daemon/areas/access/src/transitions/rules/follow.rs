//! What the news of a patient means for the episodes: which open, which move, which end. The result
//! depends on what is known, not on the order in which it came.

use super::moved;
use crate::transitions::record::{
    Attempt, Complexity, End, EndKind, EpisodeId, Readmission, Said, TransitionEpisode, Visit,
};
use crate::transitions::rules::stay::{Moment, Setting, Stay, StayStatus};
use almoner_care::contacts::Direction;
use almoner_care::contacts::{About, Contact};
use almoner_core::ids::{PatientId, RawId};
use almoner_core::loops::Owner;
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use chrono::{Days, NaiveDate};

/// A contact so many days after the period still belongs to an episode that nobody ended.
const LATE_DAYS: u64 = 60;

/// What is known of the patient beside the stays.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    pub patient: PatientId,
    pub owner: Owner,
    pub died: bool,
    pub contacts: &'a [Contact],
    pub now: Timestamp,
}

/// The episodes as they should stand; the new ones last. Those that did not change come back as they
/// were.
pub fn follow(
    mut episodes: Vec<TransitionEpisode>,
    stays: &[Stay],
    around: &Around<'_>,
    rules: &Rules,
) -> Vec<TransitionEpisode> {
    episodes.sort_by_key(|episode| (episode.opened, episode.id));
    for stay in stays {
        let mut own = episodes.iter_mut().filter(|episode| episode.stay.is_same(stay));
        match own.next() {
            Some(episode) => {
                let id = episode.id;
                take_stay(episode, stay);
                own.filter(|it| it.end.is_none()).for_each(|it| duplicate(it, id, around));
            }
            None if is_news(stay, rules) => episodes.push(opened(stay, around)),
            None => {}
        }
    }
    for episode in &mut episodes {
        episode.owner = around.owner;
        episode.died = around.died;
    }
    link_readmissions(&mut episodes, stays, rules);
    link_contacts(&mut episodes, around.contacts, rules);
    episodes.into_iter().map(|episode| moved(episode, None, around.now, rules)).collect()
}

/// Adds what a message said of the discharge, in the order of the source's clock; once.
pub fn say(episode: &mut TransitionEpisode, said: Said) {
    if !episode.said.contains(&said) {
        episode.said.push(said);
        episode.said.sort_by_key(|it| it.at);
    }
}

fn opened(stay: &Stay, around: &Around<'_>) -> TransitionEpisode {
    let mut episode = TransitionEpisode {
        id: EpisodeId::random(),
        patient: around.patient,
        owner: around.owner,
        stay: Stay::default(),
        opened: around.now,
        discharge_heard: None,
        home_since: None,
        asked: Vec::new(),
        attempts: Vec::new(),
        complexity: Complexity::default(),
        medicines: None,
        visit: Visit::default(),
        said: Vec::new(),
        readmitted: None,
        died: around.died,
        end: None,
        noted: None,
        moves: Vec::new(),
        came_with: None,
    };
    take_stay(&mut episode, stay);
    episode
}

fn take_stay(episode: &mut TransitionEpisode, stay: &Stay) {
    if stay.status == StayStatus::Discharged && episode.discharge_heard.is_none() {
        episode.discharge_heard = Some(stay.news);
    }
    if stay.status != StayStatus::Unknown {
        episode.stay = stay.clone();
    }
}

/// Two episodes turned out to be of one stay: the later one ends.
fn duplicate(episode: &mut TransitionEpisode, of: EpisodeId, around: &Around<'_>) {
    let (how, reason) = (EndKind::Duplicate, of.to_string());
    episode.end = Some(End { how, reason, by: None, at: around.now });
}

/// Whether a stay is recent enough to act on. Old history opens nothing.
fn is_news(stay: &Stay, rules: &Rules) -> bool {
    let recent = |moment: Option<Moment>, heard: Timestamp| {
        moment.is_some_and(|moment| {
            let days = (rules.zone.day(heard) - moment.day).num_days();
            days <= rules.transitions(moment.day).news_days
        })
    };
    match stay.status {
        StayStatus::Discharged => recent(stay.discharged, stay.news),
        StayStatus::Open | StayStatus::Cancelled => recent(stay.admitted, stay.heard),
        StayStatus::Unknown => false,
    }
}

/// A new inpatient stay soon after a discharge ends the earlier episode and is linked to it.
fn link_readmissions(episodes: &mut [TransitionEpisode], stays: &[Stay], rules: &Rules) {
    let inpatient = |stay: &&Stay| {
        stay.setting > Setting::Emergency
            && matches!(stay.status, StayStatus::Open | StayStatus::Discharged)
    };
    let later: Vec<(Moment, &Stay)> =
        stays.iter().filter(inpatient).filter_map(|stay| Some((stay.admitted?, stay))).collect();
    let own: Vec<(EpisodeId, Stay)> =
        episodes.iter().map(|episode| (episode.id, episode.stay.clone())).collect();
    for episode in episodes.iter_mut().filter(|episode| episode.stay.setting > Setting::Emergency) {
        let next = episode.stay.discharged.and_then(|home| {
            let within = rules.transitions(home.day).readmission_days;
            let soon = later.iter().filter(|(admitted, stay)| {
                let days = (admitted.day - home.day).num_days();
                !episode.stay.is_same(stay) && home.is_before(*admitted) && days <= within
            });
            soon.min_by_key(|(admitted, _)| *admitted)
        });
        episode.readmitted = next.map(|(admitted, stay)| Readmission {
            on: admitted.day,
            episode: own.iter().find(|(_, own)| own.is_same(stay)).map(|(id, _)| *id),
        });
    }
}

/// The contacts that count for an episode: those made for it, and any with the patient while its
/// days run.
fn link_contacts(episodes: &mut [TransitionEpisode], contacts: &[Contact], rules: &Rules) {
    let spans: Vec<(RawId, NaiveDate, NaiveDate)> =
        episodes.iter().filter_map(|episode| span(episode, rules)).collect();
    for episode in episodes {
        let own = |contact: &&Contact| {
            let day = rules.zone.day(contact.at);
            let mut running =
                spans.iter().filter(|(_, from, to)| (*from..=*to).contains(&day)).map(|it| it.0);
            let counts = match contact.about {
                About::Transition(id) => id == episode.id.0,
                _ => running.any(|id| id == episode.id.0),
            };
            contact.mistake.is_none() && counts
        };
        episode.attempts = contacts.iter().filter(own).map(attempt).collect();
        episode.attempts.sort_by_key(|attempt| (attempt.at, attempt.contact));
    }
}

/// The days on which a contact with the patient counts for an episode.
fn span(episode: &TransitionEpisode, rules: &Rules) -> Option<(RawId, NaiveDate, NaiveDate)> {
    let clocks = super::standing(episode, rules).clocks?;
    let end = match (&episode.readmitted, &episode.end) {
        (Some(again), _) => again.on,
        (None, Some(end)) => rules.zone.day(end.at),
        (None, None) => clocks.last_day + Days::new(LATE_DAYS),
    };
    Some((episode.id.0, clocks.home, end))
}

fn attempt(contact: &Contact) -> Attempt {
    Attempt {
        contact: contact.id.0,
        at: contact.at,
        ending: contact.ending,
        party: contact.party,
        interactive: contact.mode.is_interactive(),
        incoming: contact.direction == Direction::Incoming,
        next_try: contact.next_try,
    }
}

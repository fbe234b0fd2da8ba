//! Stays: what the sources report of one time in hospital or emergency room, put together. A stay
//! may be told by several messages and documents, in any order; the result is the same. Pure.

use almoner_chart::Fact;
use almoner_core::clinical::{Concept, Content, Encounter, When};
use almoner_core::ids::FactId;
use almoner_core::rules::{Bucket, Rules};
use almoner_core::text::fold;
use almoner_core::time::{Timestamp, Zone};
use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};

/// Where the patient was (v3 ActCode class of the encounter).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// No stay: an outpatient visit, or not said.
    #[default]
    Elsewhere,
    Emergency,
    /// Followed up as an inpatient stay; other rules of payment.
    Observation,
    Inpatient,
}

/// How far a stay is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StayStatus {
    /// Nothing that opens an episode: planned, or not told.
    #[default]
    Unknown,
    Open,
    Discharged,
    /// The admission was cancelled (ADT A11).
    Cancelled,
}

/// A moment as precise as it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// The clinic's day.
    pub day: NaiveDate,
    pub at: Option<Timestamp>,
}

/// A number that a source gave to a visit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VisitNumber {
    pub system: String,
    pub value: String,
}

/// What one chart fact says of a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub fact: FactId,
    pub numbers: Vec<VisitNumber>,
    pub setting: Setting,
    pub status: StayStatus,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    pub bucket: Bucket,
    pub house: String,
    pub reason: String,
    /// Files that tell it as a thing apart from their other visits.
    pub apart_in: Vec<[u8; 32]>,
    /// When it was said, by the source's clock; and when the appliance first and last heard of it.
    pub said: Timestamp,
    pub heard: Timestamp,
    pub news: Timestamp,
}

/// One stay, from all reports of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stay {
    pub facts: Vec<FactId>,
    pub numbers: Vec<VisitNumber>,
    pub setting: Setting,
    /// It began in the emergency room.
    pub through_emergency: bool,
    pub status: StayStatus,
    pub admitted: Option<Moment>,
    pub discharged: Option<Moment>,
    /// The source said that it is over, but not when: the day is the day it began.
    pub day_uncertain: bool,
    pub bucket: Bucket,
    pub house: String,
    pub reason: String,
    /// When the appliance first heard of it, and last.
    pub heard: Timestamp,
    pub news: Timestamp,
}

impl Moment {
    /// A date or time of a source; without an offset it is the clinic's local time.
    pub fn of(when: &When, zone: Zone) -> Option<Self> {
        let Some((local, offset)) = when.time() else {
            return when.date().map(|day| Self { day, at: None });
        };
        let at = match offset {
            Some(seconds) => (local - Duration::seconds(seconds.into())).and_utc(),
            None => zone.instant(local),
        };
        Some(Self { day: zone.day(at), at: Some(at) })
    }

    /// Hours from `self` to `later`; whole days where one of both has no time.
    fn hours_to(self, later: Self) -> i64 {
        match (self.at, later.at) {
            (Some(a), Some(b)) => (b - a).num_hours(),
            _ => (later.day - self.day).num_days() * 24,
        }
    }

    /// Whether it surely lies before `other`.
    pub fn is_before(self, other: Self) -> bool {
        match (self.at, other.at) {
            (Some(a), Some(b)) => a < b,
            _ => self.day < other.day,
        }
    }
}

impl Report {
    /// What a chart fact says of a stay; `None` for other facts.
    pub fn of(fact: &Fact, rules: &Rules) -> Option<Self> {
        let Content::Encounter(visit) = &fact.content else { return None };
        let zone = rules.zone;
        let (start, end) = (&visit.period.start, &visit.period.end);
        let moment = |when: &Option<When>| when.as_ref().and_then(|when| Moment::of(when, zone));
        let (start, end) = (moment(start), moment(end));
        let said = fact.assertions.iter().filter_map(|it| it.recorded.as_ref());
        let said = said.filter_map(|when| Moment::of(when, zone)?.at).max();
        let heard = fact.assertions.iter().map(|it| it.received).min().unwrap_or(fact.first_seen);
        let news = fact.assertions.iter().map(|it| it.received).max().unwrap_or(fact.updated);
        let apart = fact.assertions.iter().filter(|it| it.distinct).map(|it| it.sha256);
        Some(Self {
            fact: fact.id,
            numbers: numbers(visit),
            setting: setting(&visit.class),
            status: status(visit, end.is_some()),
            start,
            end,
            bucket: rules.dispositions().bucket(visit.discharge_disposition.as_ref()),
            house: house(visit),
            reason: reason(visit),
            apart_in: apart.collect(),
            said: said.or(start_or_end(start, end, zone)).unwrap_or(news),
            heard,
            news,
        })
    }
}

impl Report {
    /// The order in which the sources spoke; by content where they spoke at once, so that the order
    /// in which files came does not matter.
    fn order(&self) -> (Timestamp, Option<Moment>, Option<Moment>, Vec<VisitNumber>, String) {
        (self.said, self.start, self.end, self.numbers.clone(), self.house.clone())
    }
}

/// Puts reports together to stays, the earliest first.
pub fn stays(mut reports: Vec<Report>, rules: &Rules) -> Vec<Stay> {
    reports.sort_by_cached_key(Report::order);
    let mut groups: Vec<Vec<Report>> = Vec::new();
    for report in reports {
        let (mut same, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|it| is_same(it, &report)));
        groups = apart;
        let mut joined: Vec<Report> = same.drain(..).flatten().collect();
        joined.push(report);
        joined.sort_by_cached_key(Report::order);
        groups.push(joined);
    }
    let mut stays: Vec<Stay> = groups.iter().filter_map(|group| fold_group(group)).collect();
    stays.sort_by(|a, b| a.order().cmp(&b.order()));
    join_chains(stays, rules)
}

impl Stay {
    /// The day by which it is sorted, then something steady.
    fn order(&self) -> (Option<Moment>, Option<Moment>, &[FactId]) {
        (self.admitted.or(self.discharged), self.discharged, &self.facts)
    }

    /// Whether it is told by one of the same facts or bears one of the same numbers at about the
    /// same time.
    pub fn is_same(&self, other: &Self) -> bool {
        let facts = self.facts.iter().any(|fact| other.facts.contains(fact));
        let numbers = share(&self.numbers, &other.numbers);
        let near = |a: Option<Moment>, b: Option<Moment>| close(a, b) != Some(false);
        facts || numbers && near(self.admitted, other.admitted)
    }
}

/// Whether two reports tell of one stay: one number, or one time without numbers that differ.
fn is_same(a: &Report, b: &Report) -> bool {
    let start = close(a.start, b.start);
    if share(&a.numbers, &b.numbers) {
        return start != Some(false);
    }
    let one_authority = a.numbers.iter().any(|x| b.numbers.iter().any(|y| x.system == y.system));
    let told_apart = a.apart_in.iter().any(|file| b.apart_in.contains(file));
    let stays = a.setting > Setting::Elsewhere && b.setting > Setting::Elsewhere;
    if one_authority || told_apart || !stays {
        return false;
    }
    let end = close(a.end, b.end);
    match (start, end) {
        (Some(start), Some(end)) => start && end,
        (Some(start), None) => start,
        (None, Some(end)) => end,
        (None, None) => false,
    }
}

/// Whether two moments are at most a day apart; `None` when one is not known.
fn close(a: Option<Moment>, b: Option<Moment>) -> Option<bool> {
    Some((a?.day - b?.day).num_days().abs() <= 1)
}

fn share(a: &[VisitNumber], b: &[VisitNumber]) -> bool {
    a.iter().any(|number| b.contains(number))
}

/// One stay of reports in the order in which they were said; `None` when none of them is a stay.
fn fold_group(group: &[Report]) -> Option<Stay> {
    let setting = group.iter().map(|report| report.setting).max()?;
    if setting == Setting::Elsewhere {
        return None;
    }
    let mut stay = Stay {
        setting,
        through_emergency: setting > Setting::Emergency
            && group.iter().any(|report| report.setting == Setting::Emergency),
        heard: group.iter().map(|report| report.heard).min()?,
        news: group.iter().map(|report| report.news).max()?,
        ..Stay::default()
    };
    let mut uncertain = None;
    for report in group {
        stay.facts.push(report.fact);
        for number in &report.numbers {
            if !stay.numbers.contains(number) {
                stay.numbers.push(number.clone());
            }
        }
        stay.admitted = [stay.admitted, report.start].into_iter().flatten().min();
        if !report.house.is_empty() {
            stay.house.clone_from(&report.house);
        }
        if !report.reason.is_empty() {
            stay.reason.clone_from(&report.reason);
        }
        match report.status {
            StayStatus::Discharged => {
                stay.discharged = better(stay.discharged, report.end);
                uncertain = uncertain.or(report.start);
                stay.status = StayStatus::Discharged;
            }
            StayStatus::Open if stay.status == StayStatus::Discharged => {}
            StayStatus::Unknown => {}
            status => stay.status = status,
        }
        if report.bucket != Bucket::Unknown {
            stay.bucket = report.bucket;
        }
    }
    stay.facts.sort();
    if stay.status == StayStatus::Discharged && stay.discharged.is_none() {
        (stay.discharged, stay.day_uncertain) = (uncertain, true);
        if stay.discharged.is_none() {
            stay.status = StayStatus::Unknown;
        }
    }
    Some(stay)
}

/// The later word counts; a day alone does not take the place of a time on that day.
fn better(known: Option<Moment>, new: Option<Moment>) -> Option<Moment> {
    match (known, new) {
        (Some(known), Some(new)) if known.day == new.day && new.at.is_none() => Some(known),
        (known, new) => new.or(known),
    }
}

/// An emergency visit or a transfer followed soon by an admission is one stay.
fn join_chains(stays: Vec<Stay>, rules: &Rules) -> Vec<Stay> {
    let mut joined: Vec<Stay> = Vec::new();
    for stay in stays {
        let before = joined.iter_mut().rev().find(|earlier| leads_to(earlier, &stay, rules));
        match before {
            Some(earlier) => *earlier = chained(earlier, stay),
            None => joined.push(stay),
        }
    }
    joined
}

fn leads_to(earlier: &Stay, later: &Stay, rules: &Rules) -> bool {
    let Some(start) = later.admitted else { return false };
    let admitted = matches!(later.status, StayStatus::Open | StayStatus::Discharged);
    if later.setting <= Setting::Emergency || !admitted || earlier.status == StayStatus::Cancelled {
        return false;
    }
    let hours = rules.transitions(start.day).join_hours;
    let within =
        |from: Option<Moment>| from.is_some_and(|from| (0..=hours).contains(&from.hours_to(start)));
    let house = |stay: &Stay| fold(&stay.house);
    let one_house = house(earlier) == house(later) || earlier.house.is_empty();
    let moved_on = matches!(earlier.bucket, Bucket::Transfer | Bucket::Open);
    if earlier.setting == Setting::Emergency {
        return (one_house || moved_on) && (within(earlier.discharged) || within(earlier.admitted));
    }
    moved_on && within(earlier.discharged)
}

fn chained(earlier: &Stay, later: Stay) -> Stay {
    let mut stay = later;
    stay.through_emergency |= earlier.setting == Setting::Emergency || earlier.through_emergency;
    stay.admitted = earlier.admitted.or(stay.admitted);
    stay.heard = stay.heard.min(earlier.heard);
    stay.news = stay.news.max(earlier.news);
    stay.facts.extend(&earlier.facts);
    stay.facts.sort();
    stay.numbers.extend(earlier.numbers.iter().cloned());
    if stay.reason.is_empty() {
        stay.reason.clone_from(&earlier.reason);
    }
    stay
}

/// When a source must have spoken at the earliest, where it does not say when it did.
fn start_or_end(start: Option<Moment>, end: Option<Moment>, zone: Zone) -> Option<Timestamp> {
    let last = end.or(start)?;
    last.at.or_else(|| Some(zone.instant(last.day.and_time(chrono::NaiveTime::MIN))))
}

/// The numbers that a source gave to a visit; not those of the messages.
pub fn numbers(visit: &Encounter) -> Vec<VisitNumber> {
    let own = visit.identifiers.iter().filter(|id| id.kind != "message" && !id.value.is_empty());
    own.map(|id| VisitNumber { system: id.system.clone(), value: id.value.clone() }).collect()
}

/// v3 ActCode classes that are stays (specification of ADT and FHIR encounters).
fn setting(class: &str) -> Setting {
    match class {
        "IMP" | "ACUTE" | "NONAC" | "SS" => Setting::Inpatient,
        "OBSENC" => Setting::Observation,
        "EMER" => Setting::Emergency,
        _ => Setting::Elsewhere,
    }
}

fn status(visit: &Encounter, ended: bool) -> StayStatus {
    match visit.status.as_str() {
        "cancelled" | "entered-in-error" => StayStatus::Cancelled,
        "finished" => StayStatus::Discharged,
        "arrived" | "triaged" | "in-progress" | "onleave" if !ended => StayStatus::Open,
        "planned" => StayStatus::Unknown,
        _ if ended => StayStatus::Discharged,
        _ => StayStatus::Unknown,
    }
}

fn house(visit: &Encounter) -> String {
    let provider = visit.service_provider.as_ref().map_or("", |it| it.display.as_str());
    if provider.is_empty() { visit.location.clone() } else { provider.to_owned() }
}

/// Why the patient was there: the discharge diagnosis, else any, else the reason.
fn reason(visit: &Encounter) -> String {
    let of_role = |role: &str| visit.diagnoses.iter().find(|it| it.role == role);
    let diagnosis = of_role("DD").or(visit.diagnoses.first());
    let words = diagnosis.map(|it| it.code.label()).filter(|words| !words.is_empty());
    words.or_else(|| visit.reason.first().map(Concept::label)).unwrap_or_default().to_owned()
}

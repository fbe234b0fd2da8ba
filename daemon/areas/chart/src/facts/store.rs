//! Taking the statements of exports into the chart, and looking facts up. A statement becomes a new
//! fact, or one more assertion of a fact that is known.

pub(crate) mod follow;

use super::record::{
    ASSERTED_IN, AT_PLACE, Assertion, BY_KEY, Fact, NATURAL, OF_KIND, OF_PATIENT, ON_DAY, Raw,
    TOLD, file_key, kind_key, lasting, name_key, place_key, source_key, type_at, typed,
};
use super::rules::{self, Likeness, Pair};
use almoner_core::clinical::{Content, FactKind};
use almoner_core::export::Statement;
use almoner_core::fault::Outcome;
use almoner_core::ids::{FactId, PatientId, RecordId};
use almoner_formats::fhir::{self, write};
use almoner_frame::timeline::{self, By, Place, Told, Window};
use almoner_frame::{Incoming, Taken, TimelineItem};
use almoner_store::{Key, Reader, Writer};
use chrono::NaiveDate;
use std::collections::BTreeSet;

pub(crate) mod anew;
mod near;

/// Takes one statement into the chart.
pub fn take(
    writer: &mut Writer<'_>,
    file: &Incoming,
    patient: Option<PatientId>,
    said: &Statement,
) -> Outcome<Taken> {
    if is_anothers(&said.content) {
        return Ok(Taken::NotMine);
    }
    if at_place(writer, &file.sha256, &file.member, &said.key)?.is_some() {
        return Ok(Taken::Same);
    }
    let assertion = assertion(file, said);
    let resource_type = type_of(said);
    if let Some(known) = by_lasting_key(writer, patient, &assertion, &resource_type, said)? {
        return renew(writer, known, said, assertion);
    }
    let mut differs = Vec::new();
    let mut same: Option<Fact> = None;
    for known in near::candidates(writer, patient, said)? {
        if known.resource_type != resource_type || must_stay_apart(&known, &assertion) {
            continue;
        }
        match liken(&known, said, &assertion) {
            Likeness::Same if same.as_ref().is_none_or(|it| nearer(&known, it, said)) => {
                same = Some(known);
            }
            Likeness::Differs => differs.push(known),
            _ => {}
        }
    }
    match same {
        Some(known) => confirm(writer, known, said, assertion),
        None => found(writer, patient, said, assertion, resource_type, differs),
    }
}

/// What other wings keep: the directory of services, and the questions of assessments.
fn is_anothers(content: &Content) -> bool {
    matches!(content, Content::Resource(_) | Content::ResourceList(_) | Content::Instrument(_))
}

/// One fact.
pub fn fact(reader: &Reader<'_>, id: FactId) -> Outcome<Fact> {
    reader.get(id)
}

/// A patient's facts of one kind, in a steady order: the oldest first.
pub fn of_kind(reader: &Reader<'_>, patient: PatientId, kind: FactKind) -> Outcome<Vec<Fact>> {
    let ids = reader.exactly::<FactId>(OF_KIND, &kind_key(Some(patient), kind))?;
    let mut facts: Vec<Fact> = ids.into_iter().map(|id| reader.get(id)).collect::<Outcome<_>>()?;
    facts.sort_by_cached_key(Fact::order);
    Ok(facts)
}

/// Visits and appointments of one day, of the patients who are asked for; only their facts are
/// opened. So many rows of the day are looked at, at most.
pub fn on_day(
    reader: &Reader<'_>,
    day: NaiveDate,
    mut wanted: impl FnMut(PatientId) -> Outcome<bool>,
) -> Outcome<Vec<Fact>> {
    const LOOKED_AT: usize = 1_000;
    let (mut ids, mut rows) = (Vec::new(), 0);
    let key = Key::default().text(&day.to_string());
    reader.each(ON_DAY, &key, &mut |rest, id| {
        let patient = rest.first_chunk::<16>().map(|id| PatientId::from_bytes(*id));
        if patient.map_or(Ok(false), &mut wanted)? {
            ids.push(FactId::from_bytes(id.bytes()));
        }
        rows += 1;
        Ok(rows < LOOKED_AT)
    })?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

/// The line of a place: its first facts, and how many more stand there.
pub(crate) type Tell<'t> = &'t dyn Fn(Place, &[Fact], usize) -> Option<TimelineItem>;

/// What the timeline tells of a patient's facts, each place in the words of `tell`: its facts, and how
/// many more stand there.
pub(crate) fn told(
    reader: &Reader<'_>,
    patient: PatientId,
    window: &Window<'_>,
    takes: &dyn Fn(Place) -> bool,
    tell: Tell<'_>,
) -> Outcome<Told> {
    if matches!(window.by, By::Here | By::Staff(_)) {
        return Ok(Told::default());
    }
    let under = Key::default().id(patient);
    timeline::walk(reader, (TOLD, &under), window, takes, &mut |group| {
        let facts = group.ids.iter().map(|id| reader.get::<Fact>(FactId(*id)));
        let mut facts: Vec<Fact> = facts.collect::<Outcome<_>>()?;
        facts.sort_by_cached_key(Fact::order);
        let more = group.count - facts.len();
        Ok(tell(group.place, &facts, more))
    })
}

/// All facts of a patient, by FHIR type, then the oldest first.
pub fn of_patient(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Fact>> {
    let ids = reader.ids::<FactId>(OF_PATIENT, &Key::default().id(patient))?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

/// The facts that a source document asserts, in the same order.
pub fn asserted_in(reader: &Reader<'_>, sha256: &[u8; 32]) -> Outcome<Vec<Fact>> {
    let ids = reader.ids::<FactId>(ASSERTED_IN, &file_key(sha256))?;
    let mut seen = BTreeSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).map(|id| reader.get(id)).collect()
}

/// What a reference of a statement means: the fact's type and id.
pub fn referred(
    reader: &Reader<'_>,
    from: &Assertion,
    key: &str,
) -> Outcome<Option<(String, FactId)>> {
    referred_from(reader, &from.sha256, &from.member, &from.source, key)
}

/// What a reference of a file means: in that file, else by the source's own lasting name.
pub(crate) fn referred_from(
    reader: &Reader<'_>,
    sha256: &[u8; 32],
    member: &str,
    source: &str,
    key: &str,
) -> Outcome<Option<(String, FactId)>> {
    for name in variants(key) {
        let place = place_key(sha256, member, &name);
        let near = first_of(reader, AT_PLACE, &place)?;
        let source = source_key(source, &name);
        if let Some(found) =
            near.map_or_else(|| first_of(reader, BY_KEY, &source), |it| Ok(Some(it)))?
        {
            return Ok(Some(found));
        }
    }
    by_condition(reader, key)
}

/// Ways in which a file may call one resource.
fn variants(key: &str) -> Vec<String> {
    let mut names = vec![key.to_owned()];
    if key.contains("://") {
        let mut parts = key.rsplit('/');
        if let (Some(id), Some(kind)) = (parts.next(), parts.next()) {
            names.push(format!("{kind}/{id}"));
        }
    }
    if let Some(id) = key.strip_prefix("urn:uuid:") {
        const TYPES: [&str; 5] =
            ["Encounter", "Practitioner", "Organization", "Condition", "Observation"];
        names.extend(TYPES.iter().map(|kind| format!("{kind}/{id}")));
    }
    names
}

/// A conditional reference: `Practitioner?identifier=system|value`.
fn by_condition(reader: &Reader<'_>, key: &str) -> Outcome<Option<(String, FactId)>> {
    let Some((kind, token)) = key.split_once("?identifier=") else { return Ok(None) };
    let fact_kind = match kind {
        "Practitioner" | "Organization" => FactKind::Practitioner,
        _ => return Ok(None),
    };
    let (system, value) = token.split_once('|').unwrap_or(("", token));
    let name = format!("id {system}|{}", value.to_uppercase());
    let ids = reader.ids::<FactId>(NATURAL, &name_key(None, fact_kind, &name))?;
    for id in ids {
        let fact = reader.get::<Fact>(id)?;
        if fact.resource_type == kind {
            return Ok(Some((fact.resource_type, id)));
        }
    }
    Ok(None)
}

/// The first fact under a key that ends with its FHIR type.
fn first_of(
    reader: &Reader<'_>,
    index: almoner_store::Index,
    key: &Key,
) -> Outcome<Option<(String, FactId)>> {
    let mut found = None;
    reader.each(index, key, &mut |rest, id| {
        found = Some((type_at(rest), FactId::from_bytes(id.bytes())));
        Ok(false)
    })?;
    Ok(found)
}

fn at_place(
    reader: &Reader<'_>,
    sha256: &[u8; 32],
    member: &str,
    key: &str,
) -> Outcome<Option<FactId>> {
    Ok(first_of(reader, AT_PLACE, &place_key(sha256, member, key))?.map(|(_, id)| id))
}

fn assertion(file: &Incoming, said: &Statement) -> Assertion {
    Assertion {
        file: file.file,
        sha256: file.sha256,
        source: file.source.clone(),
        member: file.member.clone(),
        place: said.place.clone(),
        key: said.key.clone(),
        recorded: said.recorded.clone(),
        author: said.author.clone(),
        section: said.section.clone(),
        received: file.received,
        distinct: said.distinct,
    }
}

/// The FHIR type of a statement: that of its raw resource, else that of its content.
fn type_of(said: &Statement) -> String {
    let raw = said.verbatim.as_deref().map(write::type_of).filter(|type_| !type_.is_empty());
    raw.unwrap_or_else(|| write::resource_type(&said.content).to_owned())
}

/// Statements that the file tells apart stay apart.
fn must_stay_apart(known: &Fact, new: &Assertion) -> bool {
    known.assertions.iter().any(|it| {
        it.sha256 == new.sha256 && it.member == new.member && (it.distinct || new.distinct)
    })
}

fn liken(known: &Fact, said: &Statement, new: &Assertion) -> Likeness {
    let pair = Pair {
        same_file: known.assertions.iter().any(|it| it.sha256 == new.sha256),
        same_number: !new.distinct && known.numbers_shared(said),
    };
    rules::compare(&known.content, &said.content, (known.sense, said.sense), pair)
}

/// Of two facts that fit, the one with the nearer time, then the one that came first.
fn nearer(a: &Fact, b: &Fact, said: &Statement) -> bool {
    let exact = |it: &Fact| rules::shown_time(&it.content) == rules::shown_time(&said.content);
    (!exact(a), a.first_seen, a.order()) < (!exact(b), b.first_seen, b.order())
}

impl Fact {
    /// The source calls both by one number of its own.
    fn numbers_shared(&self, said: &Statement) -> bool {
        let numbers = |content: &Content| {
            rules::names(content).into_iter().filter(|name| rules::is_number(name))
        };
        numbers(&self.content).any(|a| numbers(&said.content).any(|b| a == b))
            || said.identifiers.iter().any(|id| self.identifiers.contains(id))
    }
}

/// The fact that the source calls by the same lasting name (a FHIR resource exported again).
fn by_lasting_key(
    reader: &Reader<'_>,
    patient: Option<PatientId>,
    new: &Assertion,
    resource_type: &str,
    said: &Statement,
) -> Outcome<Option<Fact>> {
    let Some(key) = lasting(new) else { return Ok(None) };
    let key = typed(source_key(&new.source, key), resource_type);
    for id in reader.exactly::<FactId>(BY_KEY, &key)? {
        let known = reader.get::<Fact>(id)?;
        let mine = known.patient == patient && !must_stay_apart(&known, new);
        // Without a source's name the id may be another server's: then the content must agree.
        let named = !new.source.is_empty() || new.key.contains("://");
        let agrees = || {
            let (old, new) = (rules::names(&known.content), rules::names(&said.content));
            old.iter().any(|name| new.contains(name))
        };
        if mine && (named || agrees()) {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

/// The same resource of the same source, exported again: the newer version replaces the older, whichever
/// came first; where the versions do not tell, the one that came later does.
fn renew(
    writer: &mut Writer<'_>,
    mut known: Fact,
    said: &Statement,
    new: Assertion,
) -> Outcome<Taken> {
    let stored = raw_of(writer, &known)?;
    let newer = said.verbatim.as_deref().zip(stored.as_deref());
    let newer = newer.and_then(|(raw, stored)| fhir::is_later(raw, stored));
    let received = || known.newest().is_none_or(|it| new.received >= it.received);
    let newer = newer.unwrap_or_else(received);
    let others = known.assertions.iter().any(|it| it.source != new.source || it.key != new.key);
    if newer && stored.as_deref() != said.verbatim.as_deref() {
        if others {
            rules::merge(&mut known.content, &said.content, true);
            known.outgrown = true;
        } else {
            known.content = said.content.clone();
            known.outgrown = false;
        }
        known.sense = said.sense;
        keep_raw(&mut known, said);
        known.updated = new.received;
    }
    note(&mut known, said, new);
    writer.put(&known)?;
    Ok(Taken::Same)
}

/// One more statement of a known fact.
fn confirm(
    writer: &mut Writer<'_>,
    mut known: Fact,
    said: &Statement,
    new: Assertion,
) -> Outcome<Taken> {
    let newer = known.newest().is_none_or(|it| new.received >= it.received);
    let before = known.content.clone();
    rules::merge(&mut known.content, &said.content, newer);
    let grown = known.content != before;
    if said.verbatim.is_some() && (newer || !known.raw) {
        keep_raw(&mut known, said);
        known.outgrown = known.content != said.content;
    } else {
        known.outgrown |= grown;
    }
    if grown {
        known.updated = new.received;
    }
    note(&mut known, said, new);
    writer.put(&known)?;
    Ok(Taken::Same)
}

/// A new fact; those it can't be reconciled with are flagged, and it with them.
fn found(
    writer: &mut Writer<'_>,
    patient: Option<PatientId>,
    said: &Statement,
    new: Assertion,
    resource_type: String,
    differs: Vec<Fact>,
) -> Outcome<Taken> {
    let mut fact = Fact {
        id: anew::known_id(writer, &new)?.unwrap_or_else(|| FactId::near(writer.act().at)),
        patient,
        resource_type,
        content: said.content.clone(),
        sense: said.sense,
        assertions: Vec::new(),
        identifiers: Vec::new(),
        labels: Vec::new(),
        narrative: String::new(),
        raw: false,
        verbatim: None,
        outgrown: false,
        first_seen: new.received,
        updated: new.received,
        differs: differs.iter().map(|known| known.id).collect(),
        came_with: None,
    };
    keep_raw(&mut fact, said);
    note(&mut fact, said, new);
    for mut known in differs {
        known.differs.push(fact.id);
        writer.put(&known)?;
    }
    writer.put(&fact)?;
    Ok(Taken::New)
}

/// The raw FHIR resource of a fact, where there is one.
pub(crate) fn raw_of(reader: &Reader<'_>, fact: &Fact) -> Outcome<Option<String>> {
    if !fact.raw || fact.verbatim.is_some() {
        return Ok(fact.verbatim.clone());
    }
    Ok(reader.find::<Raw>(fact.id)?.map(|raw| raw.json))
}

fn keep_raw(fact: &mut Fact, said: &Statement) {
    if said.verbatim.is_some() {
        fact.raw = true;
        fact.verbatim.clone_from(&said.verbatim);
    }
}

fn note(fact: &mut Fact, said: &Statement, new: Assertion) {
    rules::fill_list(&mut fact.labels, &said.labels);
    rules::fill_list(&mut fact.identifiers, &said.identifiers);
    rules::fill_text(&mut fact.narrative, &said.narrative, false);
    fact.assertions.push(new);
}

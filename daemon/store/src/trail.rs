//! The trail within the store: entries, hashes of the Merkle tree, signed checkpoints. Its
//! arithmetic is the crate `almoner-trail`.

use crate::engine::after;
use crate::packing;
use crate::reader::{Reader, record_key};
use crate::record::{Act, Kind};
use crate::tables::Table;
use crate::unit::{Unit, View};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RawId, RecordId};
use almoner_trail::{
    Actor, Checkpoint, Detail, Entry, Hash, NoteSigner, Range, RecordRef, StoredHash, TileSource,
    VerifierKey, digest, reason_commitment,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

const HEAD: &str = "trail_head";
const SEED: &str = "trail_seed";
const ORIGIN: &str = "trail_origin";
/// Name of the appliance's age secret in `meta`.
pub(crate) const APPLIANCE: &str = "appliance_secret";

/// Records named in one entry at most: keeps an entry within its length.
const RECORDS_PER_ENTRY: usize = 200;

/// Stands before an entry that is kept packed; entries themselves begin with `{`.
const PACKED: u8 = 0xFF;

/// The canonical bytes of a kept entry: what the trail's hashes are of.
pub(crate) fn canonical(kept: &[u8]) -> Outcome<Cow<'_, [u8]>> {
    match kept.split_first() {
        Some((&PACKED, packed)) => packing::unpack(packed).map(Cow::Owned),
        _ => Ok(Cow::Borrowed(kept)),
    }
}

/// Where the trail stands.
#[derive(Clone, Debug)]
pub(crate) struct TrailHead {
    pub range: Range,
    /// Which start of the daemon writes.
    pub boot: String,
}

/// What a unit did, for its entries.
#[derive(Default)]
pub(crate) struct Witness {
    changed: BTreeMap<Option<PatientId>, Vec<Changed>>,
    /// Which records stand there already.
    known: BTreeSet<(Option<PatientId>, u16, RawId)>,
    saw: BTreeSet<PatientId>,
    detail: BTreeMap<String, Detail>,
    outcome: Option<&'static str>,
}

/// A record that a unit saved or took away. Its image is hashed when the unit ends: once, however
/// often it was saved.
#[derive(Clone, Copy)]
struct Changed {
    kind: Kind,
    id: RawId,
}

impl Changed {
    fn record(self, unit: &Unit<'_>) -> Outcome<RecordRef> {
        let image = unit.get(Table::Records, &record_key(self.kind, self.id.bytes()))?;
        Ok(RecordRef {
            digest: image.as_deref().map(digest),
            id: self.id.to_string(),
            kind: self.kind.name.to_owned(),
        })
    }
}

impl Witness {
    /// The record was saved or taken away.
    pub(crate) fn changed(&mut self, kind: Kind, id: RawId, patient: Option<PatientId>) {
        if self.known.insert((patient, kind.code, id)) {
            self.changed.entry(patient).or_default().push(Changed { kind, id });
        }
    }

    pub(crate) fn always(&mut self, outcome: &'static str) {
        self.outcome = Some(outcome);
    }

    pub(crate) fn detail(&mut self, name: &str, value: Detail) {
        self.detail.insert(name.to_owned(), value);
    }

    pub(crate) fn saw(&mut self, patient: PatientId) {
        self.saw.insert(patient);
    }

    /// The entries' patients and records: one entry per patient changed, one for all that were
    /// only seen, one bare entry when nothing was touched but it must stand there.
    fn entries(&self, unit: &Unit<'_>) -> Outcome<Vec<(Option<PatientId>, Vec<RecordRef>)>> {
        let mut entries: Vec<_> = Vec::new();
        for (patient, records) in &self.changed {
            for chunk in records.chunks(RECORDS_PER_ENTRY) {
                let records = chunk.iter().map(|changed| changed.record(unit));
                entries.push((*patient, records.collect::<Outcome<_>>()?));
            }
        }
        let seen: Vec<_> = self.saw.iter().map(|id| seen(*id)).collect();
        for chunk in seen.chunks(RECORDS_PER_ENTRY) {
            entries.push((None, chunk.to_vec()));
        }
        if entries.is_empty() && self.outcome.is_some() {
            entries.push((None, Vec::new()));
        }
        Ok(entries)
    }
}

/// Writes the unit's entries and returns where the trail stands then.
pub(crate) fn append(
    unit: &Unit<'_>,
    head: &TrailHead,
    act: &Act,
    witness: &Witness,
) -> Outcome<TrailHead> {
    let mut next = head.clone();
    let entries = witness.entries(unit)?;
    if entries.is_empty() {
        return Ok(next);
    }
    for (patient, records) in entries {
        let seq = next.range.size();
        let reason =
            act.reason.as_deref().map(|words| keep_reason(unit, seq, words)).transpose()?;
        index_patients(unit, seq, patient, &records);
        let entry = Entry {
            actor: Actor { id: token(&act.actor.label()), kind: act.actor.kind().to_owned() },
            address: act.address.as_deref().map(token),
            at: act.at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            boot: next.boot.clone(),
            detail: witness.detail.clone(),
            device: None,
            outcome: witness.outcome.unwrap_or("done").to_owned(),
            patient: patient.map(|id| id.to_string()),
            purpose: None,
            reason,
            records,
            seq,
            v: almoner_trail::entry::SHAPE,
            verb: act.verb.0.to_owned(),
            visit: act.visit.as_deref().map(token),
        };
        let (bytes, leaf) = entry.leaf().map_err(|cause| Fault::Broken(Box::new(cause)))?;
        let bytes = packing::pack(&[PACKED], &bytes).unwrap_or(bytes);
        unit.set(Table::Trail, seq.to_be_bytes().to_vec(), Some(bytes));
        for fresh in next.range.append(leaf) {
            unit.set(Table::TrailHashes, fresh.key().to_vec(), Some(fresh.hash.0.to_vec()));
        }
    }
    unit.set(Table::Meta, HEAD.as_bytes().to_vec(), Some(next.range.to_bytes()));
    Ok(next)
}

/// Where the trail stands, as stored.
pub(crate) fn head(view: &View<'_>) -> Outcome<Range> {
    match view.get(Table::Meta, HEAD.as_bytes())? {
        Some(bytes) => Range::from_bytes(&bytes).map_err(|cause| Fault::Broken(Box::new(cause))),
        None => Ok(Range::new()),
    }
}

/// Gives a new store its signing key, the trail's name, and the appliance's own secret.
pub(crate) fn found(unit: &Unit<'_>, seed: [u8; 32], appliance: [u8; 32], origin: &str) {
    unit.set(Table::Meta, APPLIANCE.as_bytes().to_vec(), Some(appliance.to_vec()));
    unit.set(Table::Meta, SEED.as_bytes().to_vec(), Some(seed.to_vec()));
    unit.set(Table::Meta, ORIGIN.as_bytes().to_vec(), Some(origin.as_bytes().to_vec()));
}

/// The key that signs this store's checkpoints.
pub(crate) fn signer(view: &View<'_>) -> Outcome<NoteSigner> {
    let missing =
        || Fault::broken("the store has no key for its trail: it is damaged, restore a backup");
    let seed = view.get(Table::Meta, SEED.as_bytes())?.ok_or_else(missing)?;
    let origin = view.get(Table::Meta, ORIGIN.as_bytes())?.ok_or_else(missing)?;
    let seed = <[u8; 32]>::try_from(seed.as_slice()).map_err(|_| missing())?;
    let origin = String::from_utf8(origin).map_err(|_| missing())?;
    NoteSigner::new(&origin, &seed).map_err(|cause| Fault::Broken(Box::new(cause)))
}

/// Signs where the trail stands and keeps the note.
pub(crate) fn sign(unit: &Unit<'_>, signer: &NoteSigner, range: &Range) -> Outcome<String> {
    let checkpoint = Checkpoint::of(signer.verifier_key().name(), range);
    let note = checkpoint.sign(signer).map_err(|cause| Fault::Broken(Box::new(cause)))?;
    let key = range.size().to_be_bytes().to_vec();
    unit.set(Table::Checkpoints, key, Some(note.clone().into_bytes()));
    Ok(note)
}

/// The signed checkpoints, oldest first.
pub(crate) fn checkpoints(view: &View<'_>) -> Outcome<Vec<String>> {
    let mut notes = Vec::new();
    view.scan(Table::Checkpoints, &[], None, &mut |_, note| {
        notes.push(String::from_utf8_lossy(note).into_owned());
        Ok(true)
    })?;
    Ok(notes)
}

impl Reader<'_> {
    /// The signed checkpoints, oldest first.
    pub fn checkpoints(&self) -> Outcome<Vec<String>> {
        checkpoints(&self.view)
    }

    /// The compact range of the trail's first `size` entries.
    pub fn trail_range(&self, size: u64) -> Outcome<Range> {
        let range = almoner_trail::range_at(size, &Tiles(self.view));
        range.map_err(|_| {
            Fault::broken("the trail's stored hashes are damaged: almoner store check")
        })
    }

    /// The key that verifies the trail's checkpoints; its name is the trail's origin.
    pub fn trail_key(&self) -> Outcome<VerifierKey> {
        Ok(signer(&self.view)?.verifier_key().clone())
    }
}

/// The stored hashes of the tree, for proofs and for checking.
pub(crate) struct Tiles<'a>(pub View<'a>);

impl TileSource for Tiles<'_> {
    type Error = Fault;

    fn hashes(&self, level: u8, start: u64, count: usize) -> Result<Vec<Hash>, Fault> {
        let from = StoredHash { level, index: start, hash: Hash([0; 32]) }.key();
        let mut hashes = Vec::new();
        let end = after(&[level]);
        self.0.scan(Table::TrailHashes, &from, end.as_deref(), &mut |_, value| {
            hashes.extend(Hash::from_slice(value));
            Ok(hashes.len() < count)
        })?;
        hashes.truncate(count);
        Ok(hashes)
    }
}

fn seen(patient: PatientId) -> RecordRef {
    RecordRef { digest: None, id: patient.to_string(), kind: "patient".to_owned() }
}

fn keep_reason(unit: &Unit<'_>, seq: u64, words: &str) -> Outcome<Hash> {
    let mut salt = [0; 32];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut salt)
        .map_err(|_| Fault::broken("the machine gave no random numbers"))?;
    let mut row = salt.to_vec();
    row.extend_from_slice(words.as_bytes());
    unit.set(Table::Reasons, seq.to_be_bytes().to_vec(), Some(row));
    Ok(reason_commitment(&salt, words))
}

fn index_patients(unit: &Unit<'_>, seq: u64, patient: Option<PatientId>, records: &[RecordRef]) {
    let seen = records.iter().filter(|record| patient.is_none() && record.kind == "patient");
    let seen = seen.filter_map(|record| PatientId::parse(&record.id));
    for patient in seen.chain(patient) {
        let mut key = patient.bytes().to_vec();
        key.extend_from_slice(&seq.to_be_bytes());
        unit.set(Table::TrailPatients, key, Some(Vec::new()));
    }
}

/// Makes a text fit to stand on the trail: what is no plain token is written as `_`.
fn token(text: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '<' | '>');
    let kept: String = text.chars().take(120).map(|c| if plain(c) { c } else { '_' }).collect();
    if kept.is_empty() { "_".into() } else { kept }
}

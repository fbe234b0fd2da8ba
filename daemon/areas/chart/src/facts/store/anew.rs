//! Facts when files speak anew. An assertion holds no content, so a fact of which one source is taken
//! back is made again from what the others say, by the same rules as at first; it keeps its id.

use super::{asserted_in, at_place, of_patient};
use crate::facts::record::{Assertion, Fact, Raw};
use almoner_core::clinical::FactKind;
use almoner_core::fault::Outcome;
use almoner_core::ids::{FactId, RawId};
use almoner_frame::anew::{self, Mention, Told, Whose};
use almoner_store::{Reader, Turned, Writer};
use std::collections::{BTreeMap, BTreeSet};

/// The facts about nobody that a file asserts, each with all places that assert it.
pub(crate) fn shared(
    reader: &Reader<'_>,
    sha256: &[u8; 32],
) -> Outcome<Vec<(RawId, Vec<Mention>)>> {
    let mention = |it: &Assertion| Mention {
        file: it.file,
        sha256: it.sha256,
        member: it.member.clone(),
        key: it.key.clone(),
    };
    let facts = asserted_in(reader, sha256)?.into_iter().filter(|fact| fact.patient.is_none());
    Ok(facts.map(|fact| (fact.id.0, fact.assertions.iter().map(mention).collect())).collect())
}

/// How many facts of each kind a file asserts.
pub(crate) fn asserted(reader: &Reader<'_>, sha256: &[u8; 32]) -> Outcome<BTreeMap<FactKind, u32>> {
    let mut counts = BTreeMap::new();
    for fact in asserted_in(reader, sha256)? {
        *counts.entry(fact.kind()).or_default() += 1;
    }
    Ok(counts)
}

/// Whether the statement at a place was the first to tell its fact.
pub(crate) fn first(
    reader: &Reader<'_>,
    sha256: &[u8; 32],
    member: &str,
    key: &str,
) -> Outcome<Option<bool>> {
    let Some(id) = at_place(reader, sha256, member, key)? else { return Ok(None) };
    let fact = reader.get::<Fact>(id)?;
    let first = fact.assertions.first();
    Ok(first.map(|it| (&it.sha256, &*it.member, &*it.key) == (sha256, member, key)))
}

/// Takes facts away; those that were flagged because of them are flagged no more.
pub(crate) fn clear(writer: &mut Writer<'_>, whose: Whose<'_>) -> Outcome<()> {
    let facts = match whose {
        Whose::Patient(patient) => of_patient(writer, patient)?,
        Whose::Nobody(ids) => {
            let found = ids.iter().map(|id| writer.find::<Fact>(FactId(*id)));
            found.filter_map(Outcome::transpose).collect::<Outcome<_>>()?
        }
    };
    let gone: BTreeSet<FactId> = facts.iter().map(|fact| fact.id).collect();
    for fact in &facts {
        writer.remove::<Fact>(fact.id)?;
        if fact.raw && fact.verbatim.is_none() {
            writer.remove::<Raw>(fact.id)?;
        }
    }
    let flagged = facts.iter().flat_map(|fact| &fact.differs).filter(|id| !gone.contains(id));
    for id in flagged.collect::<BTreeSet<_>>() {
        if let Some(mut other) = writer.find::<Fact>(*id)? {
            other.differs.retain(|it| !gone.contains(it));
            writer.put(&other)?;
        }
    }
    Ok(())
}

/// The id of the fact that stood at this place before it was taken away, unless it stands again.
pub(super) fn known_id(writer: &Writer<'_>, new: &Assertion) -> Outcome<Option<FactId>> {
    let Some(outer) = writer.outer() else { return Ok(None) };
    let Some(id) = at_place(outer, &new.sha256, &new.member, &new.key)? else { return Ok(None) };
    Ok(if writer.find::<Fact>(id)?.is_none() { Some(id) } else { None })
}

/// What is said of a fact that turned out otherwise.
pub(crate) fn tell(_: &Reader<'_>, turned: &Turned) -> Outcome<Option<Told>> {
    let turn = anew::turn::<Fact>(turned, |before, after| before.tells() == after.tells())?;
    Ok(turn.map(|(way, fact)| Told::Fact(fact.kind(), way, fact.label().to_owned())))
}

impl Fact {
    /// What it says, whoever says it.
    fn tells(&self) -> impl PartialEq + '_ {
        (&self.content, self.sense, self.differs.is_empty())
    }
}

//! Searching: candidates from the store's indexes, as few as may be, then the query's conditions on
//! each. A query that the indexes answer alone writes only the resources of its page.

use super::{Caller, No, Shown, Told, entry, included, one};
use crate::Doors;
use crate::ask::Ask;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RawId};
use almoner_formats::fhir::Json;
use almoner_formats::fhir::search::{self, Query};
use almoner_formats::fhir::write::{self, Entry, Link};
use almoner_frame::{Resource, Scope};
use almoner_store::Reader;
use std::collections::{BTreeSet, HashSet};

/// Where a page begins: after the resource of this id. Ours; others treat the link as opaque.
const AFTER: &str = "_after";

/// A search, on its way.
struct Search<'s> {
    base: &'s str,
    type_: &'s str,
    resources: Vec<&'static Resource>,
    query: Query,
    /// Pairs that the indexes answer whole.
    scopes: Scopes,
    after: Option<RawId>,
    total: bool,
}

/// What the indexes can answer.
#[derive(Default)]
struct Scopes {
    patients: Option<Vec<PatientId>>,
    ids: Option<Vec<RawId>>,
    /// Each set's alternatives; a resource must be in every set.
    sources: Vec<Vec<[u8; 32]>>,
}

/// The resources of a page, and what is known of the rest.
struct Found {
    page: Vec<(RawId, Json, Option<PatientId>)>,
    total: Option<u64>,
    more: bool,
}

impl Doors {
    pub(super) fn search(
        &self,
        caller: &Caller,
        ask: &Ask,
        base: &str,
        type_: &str,
        pairs: Vec<(String, String)>,
    ) -> Told<Shown> {
        let resources = self.resources(caller, type_)?;
        let (own, pairs): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == AFTER);
        let after = match own.first() {
            Some((_, id)) => {
                Some(RawId::parse(id).ok_or_else(|| No::invalid("The page's link is damaged."))?)
            }
            None => None,
        };
        let query = search::parse(type_, &pairs, base).map_err(|refusal| {
            let known = search::parameters(type_).any(|it| refusal.parameter.starts_with(it.name));
            let name = if known { refusal.parameter.as_str() } else { "A parameter" };
            No::invalid(format!("{name}: {}", refusal.message))
        })?;
        let strict = ask.header("prefer").contains("handling=strict");
        if strict && !query.ignored.is_empty() {
            return Err(No::invalid(
                "A parameter is not known here; the handling asked for is strict.",
            ));
        }
        let total = pairs.iter().any(|(name, value)| name == "_total" && value == "accurate");
        let scopes = Scopes::of(type_, &pairs, &query, base);
        let mut search = Search { base, type_, resources, query, scopes, after, total };
        self.desk
            .read(|reader| {
                search.follow_chains(reader, |type_| self.resources(caller, type_).ok())?;
                let found = search.run(reader)?;
                let more = included::of(reader, &search.query, &found.json(), |type_| {
                    self.resources(caller, type_).ok()
                })?;
                reader.take_opened(); // only what the answer shows is noted: see `Shown`
                Ok(search.told(found, more))
            })
            .map_err(No::from)
    }
}

impl Scopes {
    fn of(type_: &str, pairs: &[(String, String)], query: &Query, base: &str) -> Self {
        let mut scopes = Self::default();
        let id_of = |value: &str| {
            let own = value.strip_prefix(base).unwrap_or(value).trim_start_matches('/');
            RawId::parse(own.strip_prefix("Patient/").unwrap_or(own))
        };
        for (name, value) in pairs {
            let ids = || value.split(',').filter_map(id_of);
            match name.as_str() {
                "patient" if scopes.patients.is_none() => {
                    scopes.patients = Some(ids().map(PatientId).collect());
                }
                "_id" if type_ == "Patient" && scopes.patients.is_none() => {
                    scopes.patients = Some(ids().map(PatientId).collect());
                }
                "_id" if scopes.ids.is_none() => scopes.ids = Some(ids().collect()),
                _ => {}
            }
        }
        let source = |text: &String| {
            digest(text.strip_prefix("urn:almoner:source:").unwrap_or(text.as_str()))
        };
        scopes.sources =
            query.sources.iter().map(|set| set.iter().filter_map(source).collect()).collect();
        scopes
    }

    /// Whether a condition of this name is answered by the indexes already.
    fn answers(&self, type_: &str, name: &str) -> bool {
        match name {
            "patient" => self.patients.is_some() && type_ != "Patient",
            "_id" => self.ids.is_some() || (type_ == "Patient" && self.patients.is_some()),
            _ => false,
        }
    }
}

impl Search<'_> {
    /// Finds what a chain points to and makes it a condition of the search itself.
    fn follow_chains(
        &mut self,
        reader: &Reader<'_>,
        resources: impl Fn(&str) -> Option<Vec<&'static Resource>>,
    ) -> Outcome<()> {
        for chain in std::mem::take(&mut self.query.chains) {
            let type_ =
                if chain.parameter.target.is_empty() { "Patient" } else { chain.parameter.target };
            let pairs = [(chain.name.clone(), chain.value.clone())];
            let mut ids = Vec::new();
            if let (Ok(query), Some(resources)) =
                (search::parse(type_, &pairs, self.base), resources(type_))
                && query.ignored.is_empty()
            {
                let scopes = Scopes::default();
                let pointed = Search {
                    base: self.base,
                    type_,
                    resources,
                    query: Query { count: usize::MAX, ..query },
                    scopes,
                    after: None,
                    total: false,
                };
                ids = pointed.run(reader)?.page.into_iter().map(|(id, ..)| id).collect();
            }
            let references: Vec<_> = ids.iter().map(|id| format!("{type_}/{id}")).collect();
            if chain.parameter.name == "patient" && self.scopes.patients.is_none() {
                self.scopes.patients = Some(ids.into_iter().map(PatientId).collect());
            }
            self.query.limit(chain.parameter, &references);
        }
        Ok(())
    }

    /// The candidates with what writes them, in a steady order, each once.
    fn candidates(&self, reader: &Reader<'_>) -> Outcome<Vec<(&'static Resource, RawId)>> {
        let mut all = Vec::new();
        for resource in &self.resources {
            let mut ids = match (&self.scopes.ids, &self.scopes.patients) {
                (Some(ids), _) => ids.clone(),
                (None, Some(patients)) => {
                    let each =
                        patients.iter().map(|id| (resource.ids)(reader, Scope::Patient(*id)));
                    each.collect::<Outcome<Vec<_>>>()?.concat()
                }
                (None, None) => match self.scopes.sources.first() {
                    Some(set) => asserted(reader, resource, set)?,
                    None => (resource.ids)(reader, Scope::All)?,
                },
            };
            for set in &self.scopes.sources {
                let members: HashSet<RawId> =
                    asserted(reader, resource, set)?.into_iter().collect();
                ids.retain(|id| members.contains(id));
            }
            let mut seen = HashSet::new();
            all.extend(ids.into_iter().filter(|id| seen.insert(*id)).map(|id| (*resource, id)));
        }
        Ok(all)
    }

    fn run(&self, reader: &Reader<'_>) -> Outcome<Found> {
        let candidates = self.candidates(reader)?;
        let answered = self
            .query
            .filters
            .iter()
            .all(|filter| self.scopes.answers(self.type_, filter.parameter.name));
        // Ids that were asked for by name may not exist: those are looked at one by one.
        let sure = answered && self.scopes.ids.is_none() && self.query.sort.is_empty();
        if sure && self.query.count_only {
            return Ok(Found {
                page: Vec::new(),
                total: Some(candidates.len() as u64),
                more: false,
            });
        }
        let whole = self.total || self.query.count_only || !self.query.sort.is_empty();
        if whole && !sure {
            return self.run_whole(reader, candidates);
        }
        let total = sure.then_some(candidates.len() as u64);
        let start = self.start(candidates.iter().map(|(_, id)| *id));
        let mut found = Found { page: Vec::new(), total, more: false };
        for (resource, id) in candidates.into_iter().skip(start) {
            let Some((json, patient)) = self.written(reader, resource, id, sure)? else { continue };
            if found.page.len() >= self.query.count {
                found.more = true;
                break;
            }
            found.page.push((id, json, patient));
        }
        if start == 0 && !found.more {
            found.total = Some(found.page.len() as u64);
        }
        Ok(found)
    }

    /// Looks at every candidate: for an accurate total, or to sort.
    fn run_whole(
        &self,
        reader: &Reader<'_>,
        candidates: Vec<(&'static Resource, RawId)>,
    ) -> Outcome<Found> {
        let mut all = Vec::new();
        let mut total = 0;
        let keep = !self.query.count_only;
        for (resource, id) in candidates {
            if let Some((json, patient)) = self.written(reader, resource, id, false)? {
                total += 1;
                if keep {
                    all.push((id, json, patient));
                }
            }
        }
        all.sort_by(|one, other| search::compare(&self.query, &one.1, &other.1));
        let start = self.start(all.iter().map(|(id, ..)| *id));
        let more = all.len() > start.saturating_add(self.query.count);
        let page = all.into_iter().skip(start).take(self.query.count).collect();
        Ok(Found { page, total: Some(total), more })
    }

    fn written(
        &self,
        reader: &Reader<'_>,
        resource: &'static Resource,
        id: RawId,
        sure: bool,
    ) -> Outcome<Option<(Json, Option<PatientId>)>> {
        let found = one(reader, &[resource], id)?;
        Ok(found.filter(|(json, _)| sure || search::matches(&self.query, json)))
    }

    fn start(&self, mut ids: impl Iterator<Item = RawId>) -> usize {
        let Some(after) = self.after else { return 0 };
        ids.position(|id| id == after).map_or(0, |place| place + 1)
    }

    fn told(&self, found: Found, more: Vec<(Json, Option<PatientId>)>) -> Shown {
        let address = |extra: Option<RawId>| {
            let mut pairs = form_urlencoded::Serializer::new(String::new());
            pairs.extend_pairs(self.query.used.iter().map(|(k, v)| (k.as_str(), v.as_str())));
            if let Some(id) = extra {
                pairs.append_pair(AFTER, &id.to_string());
            }
            format!("{}/{}?{}", self.base, self.type_, pairs.finish())
        };
        let mut links = vec![Link { relation: "self", url: address(self.after) }];
        if found.more {
            let last = found.page.last().map(|(id, ..)| *id);
            links.push(Link { relation: "next", url: address(last) });
        }
        let mut patients = BTreeSet::new();
        let mut entries: Vec<Entry> = Vec::new();
        for (_, json, patient) in found.page {
            patients.extend(patient);
            entries.push(entry(self.base, json, "match"));
        }
        for (json, patient) in more {
            patients.extend(patient);
            entries.push(entry(self.base, json, "include"));
        }
        if !self.query.ignored.is_empty() {
            let words = "A parameter is not known here and was left out.";
            let outcome = write::outcome(&[("warning", "not-supported", words)]);
            entries.push(Entry {
                full_url: String::new(),
                resource: outcome,
                mode: "outcome",
                rank: None,
            });
        }
        let json = write::bundle(&links, found.total, entries);
        Shown { json: json.to_string(), patients, version: None }
    }
}

impl Found {
    fn json(&self) -> Vec<&Json> {
        self.page.iter().map(|(_, json, _)| json).collect()
    }
}

fn asserted(
    reader: &Reader<'_>,
    resource: &'static Resource,
    set: &[[u8; 32]],
) -> Outcome<Vec<RawId>> {
    let each = set.iter().map(|sha256| (resource.ids)(reader, Scope::Source(*sha256)));
    Ok(each.collect::<Outcome<Vec<_>>>()?.concat())
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_source_is_named_by_its_digest() {
        assert_eq!(super::digest(&"0f".repeat(32)), Some([15; 32]));
        assert_eq!(super::digest("0f"), None);
        assert_eq!(super::digest(&"zz".repeat(32)), None);
    }
}

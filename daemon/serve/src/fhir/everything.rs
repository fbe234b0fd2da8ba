//! `Patient/{id}/$everything`: all that is served of one patient, and the people and places that it
//! points to.

use super::{Caller, No, Shown, Told, entry, one};
use crate::Doors;
use crate::ask::Ask;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RawId};
use almoner_formats::fhir::Json;
use almoner_formats::fhir::write::{self, Entry, Link};
use almoner_frame::{Resource, Scope};
use almoner_store::Reader;
use std::collections::BTreeSet;

/// Where a page begins: `Type/id` of the last resource before it.
const AFTER: &str = "_after";

impl Doors {
    pub(super) fn everything(
        &self,
        caller: &Caller,
        ask: &Ask,
        base: &str,
        id: &str,
    ) -> Told<Shown> {
        let patients = self.resources(caller, "Patient")?;
        let id = RawId::parse(id).ok_or_else(No::not_found)?;
        let queries = ask.queries();
        let value = |name: &str| {
            queries.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
        };
        let types: Option<Vec<&str>> = value("_type").map(|types| types.split(',').collect());
        let count = match value("_count").map(str::parse::<usize>) {
            Some(Ok(count)) if count > 0 => count,
            Some(_) => return Err(No::invalid("_count: Write a number.")),
            None => usize::MAX,
        };
        let since = value("_since").map(str::to_owned);
        let wanted = |resource: &&'static Resource| {
            caller.may(resource.may)
                && resource.type_ != "AuditEvent"
                && types.as_ref().is_none_or(|types| types.contains(&resource.type_))
        };
        let served: Vec<&'static Resource> = self.served().filter(wanted).collect();
        let after = value(AFTER).map(str::to_owned);
        let told = self.desk.read(|reader| {
            if one(reader, &patients, id)?.is_none() {
                return Ok(None);
            }
            let names = names(reader, &served, PatientId(id))?;
            let begun = after.as_deref();
            let start = begun.and_then(|after| names.iter().position(|(name, ..)| name == after));
            let rest = names.iter().skip(start.map_or(0, |place| place + 1));
            let page: Vec<_> = rest.take(count).collect();
            let more = names.len() > start.map_or(0, |place| place + 1) + page.len();
            let last = page.last().filter(|_| more).map(|(name, ..)| name.clone());
            let mut entries = Vec::new();
            for (_, resource, id) in page {
                entries.extend(fresh(reader, resource, *id, since.as_deref())?);
            }
            reader.take_opened(); // all of it is this patient's, and noted as such
            Ok(Some((entries, last, names.len())))
        })?;
        let (resources, last, total) = told.ok_or_else(No::not_found)?;
        let address = format!("{base}/Patient/{id}/$everything");
        let mut links = vec![Link { relation: "self", url: address.clone() }];
        if let Some(last) = last {
            let mut pairs = form_urlencoded::Serializer::new(String::new());
            let kept = queries.iter().filter(|(name, _)| name != AFTER);
            pairs.extend_pairs(kept.map(|(name, value)| (name.as_str(), value.as_str())));
            pairs.append_pair(AFTER, &last);
            links.push(Link { relation: "next", url: format!("{address}?{}", pairs.finish()) });
        }
        let entries: Vec<Entry> =
            resources.into_iter().map(|json| entry(base, json, "match")).collect();
        let total = since.is_none().then_some(total as u64);
        let json = write::bundle(&links, total, entries);
        Ok(Shown {
            json: json.to_string(),
            patients: BTreeSet::from([PatientId(id)]),
            version: None,
        })
    }
}

type Name = (String, &'static Resource, RawId);

/// Everything of a patient by name, the patient first, in a steady order, each once.
fn names(
    reader: &Reader<'_>,
    served: &[&'static Resource],
    patient: PatientId,
) -> Outcome<Vec<Name>> {
    let mut names = Vec::new();
    let mut seen = BTreeSet::new();
    for resource in served {
        for id in (resource.ids)(reader, Scope::Patient(patient))? {
            let name = format!("{}/{id}", resource.type_);
            if seen.insert(name.clone()) {
                names.push((name, *resource, id));
            }
        }
    }
    names.sort_by_key(|(_, resource, _)| resource.type_ != "Patient");
    Ok(names)
}

fn fresh(
    reader: &Reader<'_>,
    resource: &'static Resource,
    id: RawId,
    since: Option<&str>,
) -> Outcome<Option<Json>> {
    let since = since.and_then(|since| chrono::DateTime::parse_from_rfc3339(since).ok());
    if let Some(since) = since {
        let written = (resource.write)(reader, id)?;
        if written.is_none_or(|written| written.last_updated < since) {
            return Ok(None);
        }
    }
    Ok(one(reader, &[resource], id)?.map(|(json, _)| json))
}

//! The trail as AuditEvent resources, for the privacy officer. References and counts only, as on
//! the trail itself.

use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::RawId;
use almoner_core::permission::May;
use almoner_core::time::Timestamp;
use almoner_formats::fhir::Json;
use almoner_formats::fhir::write::{self, Access};
use almoner_frame::fhir::Written;
use almoner_frame::{Resource, Scope};
use almoner_store::Reader;
use almoner_trail::Entry;

/// Entries of one patient that are served at most: the newest.
const OF_ONE: usize = 100_000;

/// The trail.
pub(crate) static AUDIT_EVENT: Resource =
    Resource { type_: "AuditEvent", may: May::ReadFhirAudit, ids, write: written };

fn ids(reader: &Reader<'_>, scope: Scope) -> Outcome<Vec<RawId>> {
    match scope {
        Scope::All => Ok((0..reader.trail_size()?).map(id_of).collect()),
        Scope::Patient(patient) => {
            let entries = reader.trail_of(patient, OF_ONE)?;
            Ok(entries.into_iter().map(|entry| id_of(entry.seq)).collect())
        }
        Scope::Source(_) => Ok(Vec::new()),
    }
}

fn written(reader: &Reader<'_>, id: RawId) -> Outcome<Option<Written>> {
    let Some(seq) = place_of(id) else { return Ok(None) };
    let Some(found) = reader.trail(seq, 1)?.into_iter().next() else { return Ok(None) };
    let entry = found.entry;
    let last_updated: Timestamp = entry.at.parse().map_err(|_| {
        Fault::broken(format!("entry {seq} of the trail has a time that can't be read"))
    })?;
    let agent = format!("{} {}", entry.actor.kind, entry.actor.id);
    let json = write::audit_event(&Access {
        id: &id.to_string(),
        recorded: &entry.at,
        verb: &entry.verb,
        action: action(&entry.verb),
        agent: &agent,
        entities: &entities(&entry),
        observer: "Almoner",
    });
    let meta = Json::object().with("lastUpdated", entry.at.as_str());
    Ok(Some(Written {
        json: json.with("meta", meta).to_string(),
        version: String::new(),
        patient: None,
        last_updated,
    }))
}

/// The patient first, then what was touched.
fn entities(entry: &Entry) -> Vec<String> {
    let patient = entry.patient.iter().map(|id| format!("Patient/{id}"));
    let touched = entry.records.iter().map(|record| match record.kind.as_str() {
        "patient" => format!("Patient/{}", record.id),
        kind => format!("urn:almoner:{kind}:{}", record.id),
    });
    patient.chain(touched).collect()
}

/// FHIR's audit-event-action of a verb.
fn action(verb: &str) -> &'static str {
    let last = verb.rsplit(['.', '-']).next().unwrap_or_default();
    match last {
        "read" | "open" | "search" | "everything" | "list" | "show" => "R",
        "add" | "create" | "write" | "found" | "issue" => "C",
        "remove" | "delete" | "purge" => "D",
        "in" | "out" | "end" | "seen" | "export" | "check" | "use" => "E",
        _ => "U",
    }
}

/// An id that tells the place on the trail: version 8 (RFC 9562), the place in its last 8 bytes.
fn id_of(seq: u64) -> RawId {
    let mut bytes = [0; 16];
    let (_, low) = bytes.split_at_mut(8);
    low.copy_from_slice(&seq.to_be_bytes());
    RawId::derived(bytes)
}

fn place_of(id: RawId) -> Option<u64> {
    let bytes = id.bytes();
    let (_, low) = bytes.split_at(8);
    let low: [u8; 8] = low.try_into().ok()?;
    let seq = u64::from_be_bytes(low) & (u64::MAX >> 2); // without the two bits of the variant
    (id_of(seq) == id).then_some(seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_the_place_and_no_other_id_does() {
        for seq in [0, 1, 77, u64::from(u32::MAX) + 5] {
            assert_eq!(place_of(id_of(seq)), Some(seq));
        }
        assert_eq!(place_of(RawId::random()), None);
        assert_eq!(
            (action("chart.read"), action("note.write"), action("sign-in")),
            ("R", "C", "E")
        );
    }
}

//! What a JSON file is: FHIR when an object says `resourceType`, wherever the key stands.

use super::{Format, Verdict};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Lines of NDJSON that are tried before the file is given up.
const LINES: usize = 5;

/// What a verdict calls the list of a bulk export's files (FHIR Bulk Data Access 2.0, "Complete
/// Status"), which is no resource.
pub(crate) const MANIFEST: &str = "manifest";

/// What was seen of a JSON value before reading stopped.
#[derive(Default)]
struct Seen {
    resource_type: Option<String>,
    /// The first keys of the outermost object, in lower case.
    keys: Vec<String>,
    is_array: bool,
}

struct Probe<'s>(&'s mut Seen);

/// The verdict on text that begins with `{` or `[`.
pub(super) fn verdict(text: &str) -> Verdict {
    let mut seen = Seen::default();
    if !look(text, &mut seen) && !seen.is_array {
        let lines = text.lines().filter(|line| line.starts_with('{'));
        for line in lines.take(LINES) {
            if seen.resource_type.is_none() {
                look(line, &mut seen);
            }
        }
    }
    judge(&seen, text)
}

fn judge(seen: &Seen, text: &str) -> Verdict {
    if let Some(resource) = &seen.resource_type {
        let found = match (resource.as_str(), seen.is_array) {
            ("Questionnaire", _) => {
                Verdict::new(Format::Questionnaire, "FHIR resource Questionnaire")
            }
            (_, true) => Verdict::new(Format::Fhir, "array of FHIR resources"),
            _ => Verdict::new(Format::Fhir, "JSON object with resourceType"),
        };
        return Verdict { resource: resource.clone(), ..found };
    }
    let has = |key: &str| seen.keys.iter().any(|found| found == key);
    if has("transactiontime") && has("output") {
        let found = Verdict::new(Format::Fhir, "manifest of a bulk export");
        return Verdict { resource: MANIFEST.to_owned(), ..found };
    }
    if seen.keys.is_empty() && text.contains("\"resourceType\"") {
        return Verdict::new(Format::Fhir, "broken JSON that mentions resourceType");
    }
    if is_hsds(&has) || seen.keys.iter().any(|key| key == "services.csv") {
        return Verdict::new(Format::Hsds, "keys of a directory of services");
    }
    let patient = ["patientid", "patient_id", "pid", "rowidentifier", "authoruserid"];
    if seen.is_array && patient.iter().any(|key| has(key)) {
        return Verdict::new(Format::Ehi, "array of rows that name a patient");
    }
    Verdict::new(Format::Json, "JSON of a kind that is not known")
}

/// Open Referral HSDS 3.0 (pages, objects) and its data package descriptor.
fn is_hsds(has: &dyn Fn(&str) -> bool) -> bool {
    const MARKS: [&[&str]; 12] = [
        &["total_items", "contents"],
        &["totalelements", "content"],
        &["id", "name", "status", "organization"],
        &["id", "name", "organization_id", "description"],
        &["id", "name", "service_at_locations"],
        &["id", "name", "services", "locations"],
        &["version", "profile", "openapi_url"],
        &["location_type", "addresses"],
        &["id", "name", "description", "legal_status"],
        &["id", "location", "service"],
        &["id", "name", "application_process"],
        &["name", "resources", "homepage"],
    ];
    let taxonomy = has("term_uri") || has("taxonomy_detail");
    let vocabulary = has("id") && has("name") && has("description") && has("uri") && has("version");
    taxonomy || vocabulary || MARKS.iter().any(|keys| keys.iter().all(|key| has(key)))
}

/// Reads the first JSON value of `text` as far as needed; false when a fault ended the look.
fn look(text: &str, seen: &mut Seen) -> bool {
    let mut reader = serde_json::Deserializer::from_str(text);
    Probe(seen).deserialize(&mut reader).is_ok()
}

impl<'de> DeserializeSeed<'de> for Probe<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Probe<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object or array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "resourceType" {
                self.0.resource_type = map.next_value::<String>().ok();
                return Err(A::Error::custom("seen enough"));
            }
            if self.0.keys.len() < 200 {
                self.0.keys.push(key.to_ascii_lowercase());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        if self.0.is_array {
            return Err(A::Error::custom("an array within an array"));
        }
        self.0.is_array = true;
        rows.next_element_seed(Probe(self.0))?;
        Err(A::Error::custom("seen enough"))
    }
}

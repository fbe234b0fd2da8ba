//! Resources that speak of the server itself: answers to searches, errors, abilities, where facts
//! come from (Provenance), and who looked at them (AuditEvent).

use super::parts::coded;
use crate::fhir::json::Json;
use crate::fhir::search;

/// One resource of an answer.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it can be read: our base, type and id.
    pub full_url: String,
    pub resource: Json,
    /// `match`, `include` or `outcome`.
    pub mode: &'static str,
    /// Of one of several who may be meant.
    pub rank: Option<Rank>,
}

/// How well an entry fits what was asked.
#[derive(Clone, Debug)]
pub struct Rank {
    /// A decimal from 0 to 1.
    pub score: String,
    /// FHIR match-grade: `certain`, `probable`, `possible`.
    pub grade: &'static str,
}

/// The extension for how sure a match is (FHIR R4, operation Patient-match).
const MATCH_GRADE: &str = "http://hl7.org/fhir/StructureDefinition/match-grade";

/// One link of an answer, such as `self` or `next`.
#[derive(Clone, Debug)]
pub struct Link {
    pub relation: &'static str,
    pub url: String,
}

/// What the server does with one type, for the CapabilityStatement.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    pub resource_type: &'a str,
    /// `read`, `search-type` …
    pub interactions: &'a [&'a str],
    /// Names of the operations of the type, such as `everything`, with their definitions.
    pub operations: &'a [(&'a str, &'a str)],
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    pub id: &'a str,
    /// `Condition/0197…`
    pub target: &'a str,
    /// A FHIR `instant`: when it was taken in.
    pub recorded: &'a str,
    /// Who said it, in words; empty when nobody is named.
    pub author: &'a str,
    /// The organization that runs this appliance, in words.
    pub transmitter: &'a str,
    /// SHA-256 of each source document that says it.
    pub sources: &'a [String],
}

/// Who did what to whose data.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    pub id: &'a str,
    /// A FHIR `instant`.
    pub recorded: &'a str,
    /// Verb of the trail, in words.
    pub verb: &'a str,
    /// `C`, `R`, `U`, `D` or `E` (execute).
    pub action: &'a str,
    /// Account that did it.
    pub agent: &'a str,
    /// References of what was touched, the patient's first.
    pub entities: &'a [String],
    /// Name of this appliance.
    pub observer: &'a str,
}

/// Writes a searchset Bundle; `total` is the number of matches, not of entries.
pub fn bundle(links: &[Link], total: Option<u64>, entries: Vec<Entry>) -> Json {
    let link = |it: &Link| Json::object().with("relation", it.relation).with("url", &it.url);
    let entry = |it: Entry| {
        let graded = it.rank.as_ref().map(|rank| {
            let grade = Json::object().with("url", MATCH_GRADE).with("valueCode", rank.grade);
            vec![grade]
        });
        let score = it.rank.and_then(|rank| Json::number(&rank.score));
        let search = Json::object().with("extension", graded);
        let search = search.with("mode", it.mode).with("score", score);
        let json = Json::object().with("fullUrl", it.full_url).with("resource", it.resource);
        json.with("search", search)
    };
    let json = Json::object().with("resourceType", "Bundle").with("type", "searchset");
    let json = json.with("total", total.map(Json::from));
    let json = json.with("link", links.iter().map(link).collect::<Vec<_>>());
    json.with("entry", entries.into_iter().map(entry).collect::<Vec<_>>())
}

/// Writes an OperationOutcome; each issue is severity (`error` …), code (`not-found` …; FHIR R4
/// issue-type) and words without patient data.
pub fn outcome(issues: &[(&str, &str, &str)]) -> Json {
    let issue = |(severity, code, words): &(&str, &str, &str)| {
        let json = Json::object().with("severity", *severity).with("code", *code);
        json.with("diagnostics", *words)
    };
    let json = Json::object().with("resourceType", "OperationOutcome");
    json.with("issue", issues.iter().map(issue).collect::<Vec<_>>())
}

/// Writes the CapabilityStatement; search parameters are those that [`search`] knows for the type.
pub fn capability(base: &str, date: &str, version: &str, offers: &[Offer<'_>]) -> Json {
    let software = Json::object().with("name", "Almoner").with("version", version);
    let implementation = Json::object().with("description", "Almoner").with("url", base);
    let words = "A bearer token of this appliance, or a signed-in session; the rights are its own.";
    let security = Json::object().with("description", words);
    let rest = Json::object().with("mode", "server").with("security", security);
    let rest = rest.with("resource", offers.iter().map(offer).collect::<Vec<_>>());
    Json::object()
        .with("resourceType", "CapabilityStatement")
        .with("status", "active")
        .with("date", date)
        .with("kind", "instance")
        .with("software", software)
        .with("implementation", implementation)
        .with("fhirVersion", "4.0.1")
        .with("format", vec![Json::from("json"), Json::from("application/fhir+json")])
        .with("rest", vec![rest])
}

/// Writes a Provenance.
pub fn provenance(it: &Origin<'_>) -> Json {
    let kinds = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
    let agent = |kind: &str, name: &str| match name {
        "" => Json::Null,
        name => {
            let who = Json::object().with("display", name);
            Json::object().with("type", coded(kinds, kind)).with("who", who)
        }
    };
    let transmitter = if it.transmitter.is_empty() { "Almoner" } else { it.transmitter };
    let agents = vec![agent("author", it.author), agent("transmitter", transmitter)];
    let entity = |sha256: &String| {
        let id = Json::object().with("system", "urn:almoner:source").with("value", sha256);
        Json::object().with("role", "source").with("what", Json::object().with("identifier", id))
    };
    let target = Json::object().with("reference", it.target);
    Json::object()
        .with("resourceType", "Provenance")
        .with("id", it.id)
        .with("target", vec![target])
        .with("recorded", it.recorded)
        .with("agent", agents)
        .with("entity", it.sources.iter().map(entity).collect::<Vec<_>>())
}

/// Writes an AuditEvent.
pub fn audit_event(it: &Access<'_>) -> Json {
    let kind =
        Json::object().with("system", "http://terminology.hl7.org/CodeSystem/audit-event-type");
    let verb = Json::object().with("system", "urn:almoner:verb").with("code", it.verb);
    let who = Json::object().with("display", it.agent);
    let agent = Json::object().with("who", who).with("requestor", true);
    let observer = Json::object().with("display", it.observer);
    let entity = |reference: &String| {
        Json::object().with("what", Json::object().with("reference", reference))
    };
    Json::object()
        .with("resourceType", "AuditEvent")
        .with("id", it.id)
        .with("type", kind.with("code", "rest").with("display", "RESTful Operation"))
        .with("subtype", vec![verb])
        .with("action", it.action)
        .with("recorded", it.recorded)
        .with("outcome", "0")
        .with("agent", vec![agent])
        .with("source", Json::object().with("observer", observer))
        .with("entity", it.entities.iter().map(entity).collect::<Vec<_>>())
}

fn offer(it: &Offer<'_>) -> Json {
    let interaction = |code: &&str| Json::object().with("code", *code);
    let parameter = |parameter: &search::Parameter| {
        Json::object().with("name", parameter.name).with("type", parameter.kind.code())
    };
    let operation = |(name, definition): &(&str, &str)| {
        Json::object().with("name", *name).with("definition", *definition)
    };
    let parameters = search::parameters(it.resource_type);
    Json::object()
        .with("type", it.resource_type)
        .with("interaction", it.interactions.iter().map(interaction).collect::<Vec<_>>())
        .with("versioning", "versioned")
        .with("searchParam", parameters.map(parameter).collect::<Vec<_>>())
        .with("operation", it.operations.iter().map(operation).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_what_r4_demands() {
        let link = Link { relation: "self", url: "https://here/fhir/Patient".to_owned() };
        let resource = Json::object().with("resourceType", "Patient").with("id", "1");
        let full_url = "https://here/fhir/Patient/1".to_owned();
        let bundle =
            bundle(&[link], Some(7), vec![Entry { full_url, resource, mode: "match", rank: None }]);
        assert_eq!(
            bundle.to_string(),
            concat!(
                r#"{"resourceType":"Bundle","type":"searchset","total":7,"#,
                r#""link":[{"relation":"self","url":"https://here/fhir/Patient"}],"#,
                r#""entry":[{"fullUrl":"https://here/fhir/Patient/1","#,
                r#""resource":{"resourceType":"Patient","id":"1"},"search":{"mode":"match"}}]}"#,
            )
        );
        assert_eq!(super::bundle(&[], Some(0), Vec::new()).text("total"), "0");
        let outcome = outcome(&[("error", "not-found", "There is no such resource.")]);
        assert_eq!(outcome.get("issue").items()[0].text("code"), "not-found");
    }

    #[test]
    fn a_capability_names_the_parameters_that_work() {
        let offer = Offer {
            resource_type: "Observation",
            interactions: &["read", "search-type"],
            operations: &[],
        };
        let json = capability("https://here/fhir", "2026-11-22", "0.1.0", &[offer]);
        let resource = json.get("rest").items()[0].get("resource").items()[0].clone();
        let names: Vec<&str> =
            resource.get("searchParam").items().iter().map(|it| it.text("name")).collect();
        assert!(
            ["patient", "category", "code", "date", "_lastUpdated"]
                .iter()
                .all(|n| names.contains(n))
        );
        assert_eq!(json.text("fhirVersion"), "4.0.1");
    }

    #[test]
    fn provenance_and_audit_name_somebody() {
        let sources = ["00ff".to_owned()];
        let origin = Origin {
            id: "p",
            target: "Condition/1",
            recorded: "2026-11-22T08:00:00Z",
            author: "",
            transmitter: "",
            sources: &sources,
        };
        let json = provenance(&origin);
        assert_eq!(json.get("agent").items().len(), 1);
        assert_eq!(json.get("entity").items()[0].text("role"), "source");
        let access = Access {
            id: "a",
            recorded: "2026-11-22T08:00:00Z",
            verb: "read",
            action: "R",
            agent: "rosa",
            entities: &["Patient/1".to_owned()],
            observer: "Almoner",
        };
        let json = audit_event(&access);
        assert_eq!(json.get("agent").items()[0].get("requestor"), &Json::Bool(true));
        assert!(!json.get("source").get("observer").is_empty());
    }
}

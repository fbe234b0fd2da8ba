//! From one FHIR resource to one clinical fact: which reader takes which type, and what its status
//! makes of it (`fhir.md` A2, rules 2 and 3).

mod clinical;
mod documents;
mod encounters;
mod lines;
mod medications;
mod observations;
mod others;
mod people;

pub(crate) use people::{ETHNICITY, INTERPRETER, NO, RACE, YES, patient, related_person};

use super::datatypes::{code, identifiers};
use super::node::Node;
use almoner_core::clinical::{Concept, Content, FactKind, Other, Period, system};
use almoner_core::export::{Sense, Severity};

/// What a resource turned out to be.
pub(crate) enum Outcome {
    Fact(Box<Content>, Sense),
    /// No fact, and kept as a resource only, so that it can be found and served.
    Bare(Why),
    /// A type that makes no fact: kept in the source document.
    Unmodelled,
}

/// Why a resource of a clinical type makes no fact.
#[derive(Clone, Copy)]
pub(crate) enum Why {
    /// Entered in error: the source takes it back.
    Retracted,
    /// Deleted: the source's history says so.
    Withdrawn,
    /// Says only that nothing is known, which is not "there is none".
    NoInformation,
    /// A proposal that nobody ordered.
    Proposed,
}

impl Why {
    /// Code of the problem that tells it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Retracted => "entered_in_error",
            Self::Withdrawn => "withdrawn",
            Self::NoInformation => "no_information",
            Self::Proposed => "proposed_only",
        }
    }

    /// How much it matters: of what was deleted nothing else in the file tells.
    pub(crate) fn severity(self) -> Severity {
        if matches!(self, Self::Withdrawn) { Severity::Warning } else { Severity::Info }
    }

    /// Status of the bare resource.
    fn status(self) -> &'static str {
        match self {
            Self::Retracted | Self::Withdrawn => "entered-in-error",
            Self::NoInformation => "no-information",
            Self::Proposed => "proposal",
        }
    }
}

/// SNOMED CT concepts that say "there is none of this kind".
pub(crate) const NONE_KNOWN: [&str; 16] = [
    "716186003",
    "716184000",
    "716185004",
    "716220001",
    "409137002",
    "428197003",
    "428607008",
    "429625007",
    "1003774007",
    "160243008",
    "160245001",
    "160244002",
    "787481004",
    "416128008",
    "787480003",
    "404684003:363713009=260413007",
];

/// Reads a resource of any type but Patient.
pub(crate) fn read(node: Node<'_>, resource_type: &str) -> Outcome {
    let status = node.code(&["verificationStatus", "status"]);
    if status == "entered-in-error" || node.code(&["status"]) == "entered-in-error" {
        return Outcome::Bare(Why::Retracted);
    }
    match resource_type {
        "Condition" => clinical::condition(node),
        "AllergyIntolerance" => clinical::allergy(node),
        "Immunization" => clinical::immunization(node),
        "Procedure" => clinical::procedure(node),
        "MedicationRequest" | "MedicationOrder" | "MedicationPrescription" => {
            medications::request(node)
        }
        "MedicationStatement" | "MedicationUsage" => medications::statement(node),
        "MedicationAdministration" => medications::administration(node),
        "MedicationDispense" => medications::dispense(node),
        "Observation" => observations::observation(node),
        "Encounter" => encounters::encounter(node),
        "Coverage" => encounters::coverage(node),
        "DocumentReference" => documents::reference(node),
        "DiagnosticReport" => documents::report(node),
        "RelatedPerson" => fact(Content::Relation(people::related_person(node))),
        "Practitioner" => fact(Content::Practitioner(people::practitioner(node))),
        "Organization" => fact(Content::Organization(people::organization(node))),
        "Questionnaire" => {
            let mut odd = node.scope.odd.borrow_mut();
            let read = crate::questionnaire::instrument(node.json, &mut odd);
            fact(Content::Instrument(Box::new(read)))
        }
        other => lines::read(node, other).unwrap_or_else(|| others::read(node, other)),
    }
}

/// A resource that is kept without being a fact: of kind `resource`, whatever its type.
pub(crate) fn bare(node: Node<'_>, resource_type: &str, why: Why) -> Content {
    let concepts = ["code", "vaccineCode", "medicationCodeableConcept", "type"];
    Content::Other(Other {
        kind: FactKind::Resource,
        resource_type: resource_type.to_owned(),
        code: node.concept(&concepts, &[]).unwrap_or_default(),
        status: why.status().to_owned(),
        period: Period::default(),
        identifiers: identifiers(node.json.get("identifier")),
        note: String::new(),
    })
}

/// A fact that is stated.
pub(crate) fn fact(content: Content) -> Outcome {
    Outcome::Fact(Box::new(content), Sense::Stated)
}

/// Whether a code says "there is none": SNOMED CT, or the International Patient Summary's own code
/// system of absences.
pub(crate) fn says_none(concept: &Concept) -> bool {
    concept.codings.iter().any(|coding| {
        let snomed = coding.system == system::SNOMED && NONE_KNOWN.contains(&coding.code.as_str());
        snomed || (coding.system.contains("absent-unknown") && coding.code.starts_with("no-known"))
    })
}

/// Whether a code says only that there is no information (`no-allergy-info` of the International
/// Patient Summary).
pub(crate) fn says_nothing(concept: &Concept) -> bool {
    concept.codings.iter().any(|coding| {
        coding.system.contains("absent-unknown")
            && coding.code.starts_with("no-")
            && coding.code.ends_with("-info")
    })
}

/// Stated, negated or none known, as code and `not` say; nothing at all where the code says so.
pub(crate) fn judged(content: Content, what: &Concept, not: bool) -> Outcome {
    if says_nothing(what) {
        return Outcome::Bare(Why::NoInformation);
    }
    let sense = match (says_none(what), not) {
        (true, _) => Sense::NoneKnown,
        (false, true) => Sense::Negated,
        (false, false) => Sense::Stated,
    };
    Outcome::Fact(Box::new(content), sense)
}

/// The first code of a list that is one of `known`, else its first code.
pub(crate) fn category(node: Node<'_>, keys: &[&str], known: &[&str]) -> String {
    let list = node.any(keys).items();
    let codes = list.iter().flat_map(|item| match item.get("coding").items() {
        [] => vec![code(item)],
        codings => codings.iter().map(code).collect(),
    });
    let codes: Vec<String> = codes.filter(|code| !code.is_empty()).collect();
    let chosen = codes.iter().find(|code| known.contains(&code.as_str()));
    chosen.or(codes.first()).cloned().unwrap_or_default()
}

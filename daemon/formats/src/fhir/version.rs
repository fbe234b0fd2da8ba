//! Which version of FHIR wrote a resource: nothing says so outright, but some fields do
//! (`fhir.md` A5). A resource that could be of several versions says nothing.

use super::json::Json;

/// Votes of the resources of one set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Votes {
    dstu2: usize,
    stu3: usize,
    r4: usize,
    r5: usize,
    /// Has `encounter`, as R4 and DSTU2 do and STU3 does not: counts where nothing else tells.
    perhaps_r4: bool,
}

impl Votes {
    /// Lets one resource vote.
    pub(crate) fn count(&mut self, resource: &Json) {
        self.perhaps_r4 |= !resource.get("encounter").is_empty();
        let vote = match telltale(resource) {
            "DSTU2" => &mut self.dstu2,
            "STU3" => &mut self.stu3,
            "R4" => &mut self.r4,
            "R5" => &mut self.r5,
            _ => return,
        };
        *vote += 1;
    }

    /// The version most of them speak for; `declared` (a `fhirVersion`) wins. Empty when none tells.
    pub(crate) fn verdict(self, declared: &str) -> &'static str {
        match declared.split('.').next().unwrap_or_default() {
            "1" => return "DSTU2",
            "3" => return "STU3",
            "4" => return "R4",
            "5" => return "R5",
            _ => {}
        }
        let all = [(self.r4, "R4"), (self.stu3, "STU3"), (self.dstu2, "DSTU2"), (self.r5, "R5")];
        let best = all.iter().map(|(votes, _)| *votes).max().filter(|votes| *votes > 0);
        let winner = all.iter().find(|(votes, _)| Some(*votes) == best);
        winner.map_or(if self.perhaps_r4 { "R4" } else { "" }, |(_, name)| *name)
    }
}

fn telltale(json: &Json) -> &'static str {
    let has = |key: &str| !json.get(key).is_empty();
    let object = |key: &str| !json.get(key).fields().is_empty();
    let any = |keys: &[&str]| keys.iter().any(|key| has(key));
    let plain = |key: &str| matches!(json.get(key), Json::Text(_));
    let list = |key: &str| matches!(json.get(key), Json::List(_));
    match json.text("resourceType") {
        "MedicationOrder" | "DiagnosticOrder" | "Conformance" | "DeviceUseRequest" => "DSTU2",
        "ReferralRequest" | "ProcedureRequest" | "ImagingManifest" => "STU3",
        "ServiceRequest" if !json.get("code").get("concept").is_empty() => "R5",
        "ServiceRequest" | "MessageDefinition" | "CoverageEligibilityResponse" => "R4",
        "MedicationUsage" | "DeviceUsage" => "R5",
        "Condition" if any(&["dateRecorded", "patient"]) => "DSTU2",
        "AllergyIntolerance" if any(&["substance", "recordedDate"]) && plain("status") => "DSTU2",
        "Condition" | "AllergyIntolerance" if object("clinicalStatus") => {
            if has("participant") || object("type") { "R5" } else { "R4" }
        }
        "Condition" | "AllergyIntolerance" if plain("clinicalStatus") => "STU3",
        "Encounter" if plain("class") => "DSTU2",
        "Encounter" if list("class") || any(&["actualPeriod", "admission"]) => "R5",
        "Encounter" if list("reason") => "STU3",
        "Encounter" if any(&["reasonCode", "reasonReference"]) => "R4",
        "Immunization" if any(&["wasNotGiven", "reported"]) => "DSTU2",
        "Immunization" if any(&["notGiven", "date", "explanation"]) => "STU3",
        "Immunization" if any(&["occurrenceDateTime", "occurrenceString"]) => "R4",
        "MedicationRequest" | "MedicationStatement" if object("medication") => "R5",
        "MedicationStatement" if any(&["taken", "reasonNotTaken"]) => "STU3",
        "MedicationStatement" if any(&["wasNotTaken", "reasonForUseCodeableConcept"]) => "DSTU2",
        "MedicationRequest" if has("encounter") => "R4",
        "MedicationRequest" if has("context") => "STU3",
        "MedicationRequest" if !json.get("requester").get("agent").is_empty() => "STU3",
        "Observation" if any(&["comment", "related"]) => "STU3",
        "Observation" if any(&["comments"]) => "DSTU2",
        "Observation" if any(&["triggeredBy", "instantiatesCanonical"]) => "R5",
        "Procedure" if has("notDone") => "STU3",
        "Procedure" if any(&["occurrenceDateTime", "occurrencePeriod"]) => "R5",
        "Observation" | "Procedure" | "Condition" | "DiagnosticReport" if has("context") => "STU3",
        "DocumentReference" if any(&["indexed", "created", "class"]) => "STU3",
        "DocumentReference" if list("context") => "R5",
        "Goal" if has("lifecycleStatus") => "R4",
        "Goal" if plain("status") => "STU3",
        "Coverage" if any(&["issuer", "bin"]) => "DSTU2",
        "Coverage" if any(&["grouping", "sequence"]) => "STU3",
        "Coverage" if any(&["insurer", "kind"]) => "R5",
        "CareTeam" if matches!(part(json, "participant").get("role"), Json::List(_)) => "R4",
        "Patient" if has("careProvider") => "DSTU2",
        "Patient" if has("animal") => "STU3",
        "QuestionnaireResponse" if any(&["parent", "context"]) => "STU3",
        "QuestionnaireResponse" if has("group") => "DSTU2",
        _ => "",
    }
}

/// The first item of a list.
fn part<'a>(json: &'a Json, key: &str) -> &'a Json {
    json.get(key).items().first().unwrap_or(json.get(""))
}

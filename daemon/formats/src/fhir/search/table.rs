//! Which search parameters each type has, and where their values stand (FHIR R4 search parameter
//! registry; the choice is ours: `fhir.md` B2).

/// What sort of value a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Token,
    Text,
    Date,
    Reference,
    Uri,
}

/// One search parameter of a type.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    /// Dotted paths within the resource; lists on the way are gone through.
    pub paths: &'static [&'static str],
    /// The only type it may point to, for references that say so by their name (`patient`).
    pub target: &'static str,
}

impl Kind {
    /// FHIR's code for it (search-param-type).
    pub fn code(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Text => "string",
            Self::Date => "date",
            Self::Reference => "reference",
            Self::Uri => "uri",
        }
    }
}

/// The types that can be searched.
pub fn types() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

/// All parameters of a type, with those that every type has; only the latter for unknown types.
pub fn parameters(resource_type: &str) -> impl Iterator<Item = &'static Parameter> + use<> {
    let own = TABLE.iter().find(|(name, _)| *name == resource_type).map(|(_, list)| *list);
    COMMON.iter().chain(own.unwrap_or_default())
}

const fn new(name: &'static str, kind: Kind, paths: &'static [&'static str]) -> Parameter {
    Parameter { name, kind, paths, target: "" }
}

const fn token(name: &'static str, paths: &'static [&'static str]) -> Parameter {
    new(name, Kind::Token, paths)
}

const fn text(name: &'static str, paths: &'static [&'static str]) -> Parameter {
    new(name, Kind::Text, paths)
}

const fn date(name: &'static str, paths: &'static [&'static str]) -> Parameter {
    new(name, Kind::Date, paths)
}

const fn refer(name: &'static str, paths: &'static [&'static str]) -> Parameter {
    new(name, Kind::Reference, paths)
}

const fn patient(paths: &'static [&'static str]) -> Parameter {
    Parameter { name: "patient", kind: Kind::Reference, paths, target: "Patient" }
}

const IDENTIFIER: Parameter = token("identifier", &["identifier"]);
const STATUS: Parameter = token("status", &["status"]);
const CODE: Parameter = token("code", &["code"]);
const CATEGORY: Parameter = token("category", &["category"]);
const SUBJECT: Parameter = refer("subject", &["subject"]);
const OF_SUBJECT: Parameter = patient(&["subject"]);
const OF_PATIENT: Parameter = patient(&["patient"]);
const ENCOUNTER: Parameter = refer("encounter", &["encounter"]);
const NAME: Parameter = text("name", &["name"]);
const FAMILY: Parameter = text("family", &["name.family"]);
const GIVEN: Parameter = text("given", &["name.given"]);
const GENDER: Parameter = token("gender", &["gender"]);
const BIRTH_DATE: Parameter = date("birthdate", &["birthDate"]);
const TELECOM: Parameter = token("telecom", &["telecom"]);
const ACTIVE: Parameter = token("active", &["active"]);
const ADDRESS: Parameter = text("address", &["address"]);
const CITY: Parameter = text("address-city", &["address.city"]);
const STATE: Parameter = text("address-state", &["address.state"]);
const POSTAL: Parameter = text("address-postalcode", &["address.postalCode"]);

static COMMON: [Parameter; 6] = [
    token("_id", &["id"]),
    date("_lastUpdated", &["meta.lastUpdated"]),
    new("_source", Kind::Uri, &["meta.source"]),
    new("_profile", Kind::Uri, &["meta.profile"]),
    token("_security", &["meta.security"]),
    token("_tag", &["meta.tag"]),
];

static TABLE: &[(&str, &[Parameter])] = &[
    ("Patient", &PATIENT),
    ("RelatedPerson", &RELATED_PERSON),
    ("Practitioner", &PRACTITIONER),
    ("PractitionerRole", &PRACTITIONER_ROLE),
    ("Organization", &ORGANIZATION),
    ("Location", &LOCATION),
    ("Condition", &CONDITION),
    ("MedicationRequest", &MEDICATION_REQUEST),
    ("MedicationStatement", &MEDICATION_STATEMENT),
    ("MedicationAdministration", &MEDICATION_ADMINISTRATION),
    ("MedicationDispense", &MEDICATION_DISPENSE),
    ("AllergyIntolerance", &ALLERGY),
    ("Observation", &OBSERVATION),
    ("Immunization", &IMMUNIZATION),
    ("Procedure", &PROCEDURE),
    ("Encounter", &ENCOUNTERS),
    ("DocumentReference", &DOCUMENT_REFERENCE),
    ("DiagnosticReport", &DIAGNOSTIC_REPORT),
    ("Coverage", &COVERAGE),
    ("EpisodeOfCare", &EPISODE_OF_CARE),
    ("Task", &TASK),
    ("ServiceRequest", &SERVICE_REQUEST),
    ("Appointment", &APPOINTMENT),
    ("Goal", &GOAL),
    ("CarePlan", &CARE_PLAN),
    ("Provenance", &PROVENANCE),
    ("AuditEvent", &AUDIT_EVENT),
];

static PATIENT: [Parameter; 18] = [
    IDENTIFIER,
    NAME,
    FAMILY,
    GIVEN,
    GENDER,
    BIRTH_DATE,
    TELECOM,
    ACTIVE,
    ADDRESS,
    CITY,
    STATE,
    POSTAL,
    token("phone", &["telecom"]),
    token("deceased", &["deceasedBoolean", "deceasedDateTime"]),
    date("death-date", &["deceasedDateTime"]),
    token("language", &["communication.language"]),
    refer("general-practitioner", &["generalPractitioner"]),
    refer("organization", &["managingOrganization"]),
];

static RELATED_PERSON: [Parameter; 11] = [
    IDENTIFIER,
    OF_PATIENT,
    NAME,
    text("family", &["name.family"]),
    text("given", &["name.given"]),
    token("relationship", &["relationship"]),
    TELECOM,
    ACTIVE,
    GENDER,
    BIRTH_DATE,
    ADDRESS,
];

static PRACTITIONER: [Parameter; 8] =
    [IDENTIFIER, NAME, FAMILY, GIVEN, TELECOM, ACTIVE, GENDER, ADDRESS];

static PRACTITIONER_ROLE: [Parameter; 8] = [
    IDENTIFIER,
    refer("practitioner", &["practitioner"]),
    refer("organization", &["organization"]),
    refer("location", &["location"]),
    token("role", &["code"]),
    token("specialty", &["specialty"]),
    TELECOM,
    ACTIVE,
];

static ORGANIZATION: [Parameter; 8] = [
    IDENTIFIER,
    text("name", &["name", "alias"]),
    ADDRESS,
    CITY,
    STATE,
    POSTAL,
    token("type", &["type"]),
    ACTIVE,
];

static LOCATION: [Parameter; 8] = [
    IDENTIFIER,
    text("name", &["name", "alias"]),
    ADDRESS,
    CITY,
    STATE,
    POSTAL,
    token("type", &["type"]),
    refer("organization", &["managingOrganization"]),
];

static CONDITION: [Parameter; 12] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    ENCOUNTER,
    CODE,
    CATEGORY,
    token("clinical-status", &["clinicalStatus"]),
    token("verification-status", &["verificationStatus"]),
    token("severity", &["severity"]),
    date("onset-date", &["onsetDateTime", "onsetPeriod"]),
    date("abatement-date", &["abatementDateTime", "abatementPeriod"]),
    date("recorded-date", &["recordedDate"]),
];

static MEDICATION_REQUEST: [Parameter; 11] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    ENCOUNTER,
    STATUS,
    token("intent", &["intent"]),
    CATEGORY,
    token("code", &["medicationCodeableConcept"]),
    refer("medication", &["medicationReference"]),
    date("authoredon", &["authoredOn"]),
    refer("requester", &["requester"]),
];

static MEDICATION_STATEMENT: [Parameter; 8] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    refer("context", &["context"]),
    STATUS,
    CATEGORY,
    token("code", &["medicationCodeableConcept"]),
    date("effective", &["effectiveDateTime", "effectivePeriod"]),
];

static MEDICATION_ADMINISTRATION: [Parameter; 7] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    refer("context", &["context"]),
    STATUS,
    token("code", &["medicationCodeableConcept"]),
    date("effective-time", &["effectiveDateTime", "effectivePeriod"]),
];

static MEDICATION_DISPENSE: [Parameter; 10] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    refer("context", &["context"]),
    refer("performer", &["performer.actor"]),
    refer("prescription", &["authorizingPrescription"]),
    STATUS,
    token("code", &["medicationCodeableConcept"]),
    date("whenhandedover", &["whenHandedOver"]),
    date("whenprepared", &["whenPrepared"]),
];

static ALLERGY: [Parameter; 10] = [
    IDENTIFIER,
    OF_PATIENT,
    token("code", &["code", "reaction.substance"]),
    CATEGORY,
    token("type", &["type"]),
    token("criticality", &["criticality"]),
    token("clinical-status", &["clinicalStatus"]),
    token("verification-status", &["verificationStatus"]),
    date("date", &["recordedDate"]),
    date("onset", &["onsetDateTime", "onsetPeriod"]),
];

static OBSERVATION: [Parameter; 16] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    ENCOUNTER,
    STATUS,
    CATEGORY,
    CODE,
    token("component-code", &["component.code"]),
    token("combo-code", &["code", "component.code"]),
    date("date", &["effectiveDateTime", "effectivePeriod", "effectiveInstant"]),
    token("value-concept", &["valueCodeableConcept"]),
    text("value-string", &["valueString"]),
    token("data-absent-reason", &["dataAbsentReason"]),
    refer("performer", &["performer"]),
    refer("has-member", &["hasMember"]),
    refer("derived-from", &["derivedFrom"]),
];

static IMMUNIZATION: [Parameter; 8] = [
    IDENTIFIER,
    OF_PATIENT,
    STATUS,
    token("status-reason", &["statusReason"]),
    token("vaccine-code", &["vaccineCode"]),
    date("date", &["occurrenceDateTime"]),
    text("lot-number", &["lotNumber"]),
    refer("performer", &["performer.actor"]),
];

static PROCEDURE: [Parameter; 9] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    ENCOUNTER,
    STATUS,
    CATEGORY,
    CODE,
    date("date", &["performedDateTime", "performedPeriod"]),
    refer("performer", &["performer.actor"]),
];

static ENCOUNTERS: [Parameter; 15] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    STATUS,
    token("class", &["class"]),
    token("type", &["type"]),
    date("date", &["period"]),
    refer("location", &["location.location"]),
    date("location-period", &["location.period"]),
    token("discharge-disposition", &["hospitalization.dischargeDisposition"]),
    token("reason-code", &["reasonCode"]),
    refer("participant", &["participant.individual"]),
    refer("service-provider", &["serviceProvider"]),
    refer("part-of", &["partOf"]),
    refer("episode-of-care", &["episodeOfCare"]),
];

static DOCUMENT_REFERENCE: [Parameter; 10] = [
    token("identifier", &["identifier", "masterIdentifier"]),
    OF_SUBJECT,
    SUBJECT,
    refer("encounter", &["context.encounter"]),
    STATUS,
    CATEGORY,
    token("type", &["type"]),
    date("date", &["date"]),
    date("period", &["context.period"]),
    refer("author", &["author"]),
];

static DIAGNOSTIC_REPORT: [Parameter; 10] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    ENCOUNTER,
    STATUS,
    CATEGORY,
    CODE,
    date("date", &["effectiveDateTime", "effectivePeriod"]),
    date("issued", &["issued"]),
    refer("result", &["result"]),
];

static COVERAGE: [Parameter; 7] = [
    IDENTIFIER,
    patient(&["beneficiary"]),
    refer("beneficiary", &["beneficiary"]),
    refer("payor", &["payor"]),
    STATUS,
    token("type", &["type"]),
    token("class-value", &["class.value"]),
];

static EPISODE_OF_CARE: [Parameter; 7] = [
    IDENTIFIER,
    OF_PATIENT,
    STATUS,
    token("type", &["type"]),
    date("date", &["period"]),
    refer("care-manager", &["careManager"]),
    refer("organization", &["managingOrganization"]),
];

static TASK: [Parameter; 16] = [
    IDENTIFIER,
    patient(&["for"]),
    refer("subject", &["for"]),
    refer("owner", &["owner"]),
    refer("requester", &["requester"]),
    refer("focus", &["focus"]),
    refer("based-on", &["basedOn"]),
    ENCOUNTER,
    STATUS,
    CODE,
    token("business-status", &["businessStatus"]),
    token("intent", &["intent"]),
    token("priority", &["priority"]),
    date("authored-on", &["authoredOn"]),
    date("modified", &["lastModified"]),
    date("period", &["executionPeriod"]),
];

static SERVICE_REQUEST: [Parameter; 12] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    ENCOUNTER,
    STATUS,
    token("intent", &["intent"]),
    CATEGORY,
    CODE,
    token("priority", &["priority"]),
    date("authored", &["authoredOn"]),
    refer("requester", &["requester"]),
    refer("performer", &["performer"]),
];

static APPOINTMENT: [Parameter; 7] = [
    IDENTIFIER,
    patient(&["participant.actor"]),
    refer("actor", &["participant.actor"]),
    STATUS,
    date("date", &["start"]),
    token("service-type", &["serviceType"]),
    token("part-status", &["participant.status"]),
];

static GOAL: [Parameter; 7] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    token("lifecycle-status", &["lifecycleStatus"]),
    token("achievement-status", &["achievementStatus"]),
    token("description", &["description"]),
    date("target-date", &["target.dueDate"]),
];

static CARE_PLAN: [Parameter; 8] = [
    IDENTIFIER,
    OF_SUBJECT,
    SUBJECT,
    STATUS,
    token("intent", &["intent"]),
    CATEGORY,
    date("date", &["period"]),
    ENCOUNTER,
];

static PROVENANCE: [Parameter; 4] = [
    refer("target", &["target"]),
    patient(&["target"]),
    date("recorded", &["recorded"]),
    refer("agent", &["agent.who"]),
];

static AUDIT_EVENT: [Parameter; 7] = [
    patient(&["agent.who", "entity.what"]),
    refer("entity", &["entity.what"]),
    refer("agent", &["agent.who"]),
    text("agent-name", &["agent.who.display", "agent.name"]),
    date("date", &["recorded"]),
    token("action", &["action"]),
    token("subtype", &["subtype"]),
];

//! The facts of a chart, one type per kind: what some export stated about a patient.

use super::{
    Address, Authorization, Benefit, Concept, ContactPoint, Identifier, Instrument, Period,
    Practitioner, Quantity, Reference, RelatedPerson, ResourceList, ServiceEntry, When,
};
use serde::{Deserialize, Serialize};

/// The kinds of fact that a receipt counts (`facts` in the intake receipt).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    Condition,
    Medication,
    Allergy,
    Result,
    Vital,
    Immunization,
    Procedure,
    Encounter,
    Social,
    Coverage,
    Appointment,
    Referral,
    Goal,
    CarePlan,
    Document,
    Relation,
    Practitioner,
    Resource,
    Instrument,
}

impl FactKind {
    /// Every kind, in the order in which a receipt lists them.
    pub const ALL: [Self; 19] = [
        Self::Condition,
        Self::Medication,
        Self::Allergy,
        Self::Result,
        Self::Vital,
        Self::Immunization,
        Self::Procedure,
        Self::Encounter,
        Self::Social,
        Self::Coverage,
        Self::Appointment,
        Self::Referral,
        Self::Goal,
        Self::CarePlan,
        Self::Document,
        Self::Relation,
        Self::Practitioner,
        Self::Resource,
        Self::Instrument,
    ];

    /// Its key in receipts, as `interface.md` writes it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Condition => "condition",
            Self::Medication => "medication",
            Self::Allergy => "allergy",
            Self::Result => "result",
            Self::Vital => "vital",
            Self::Immunization => "immunization",
            Self::Procedure => "procedure",
            Self::Encounter => "encounter",
            Self::Social => "social",
            Self::Coverage => "coverage",
            Self::Appointment => "appointment",
            Self::Referral => "referral",
            Self::Goal => "goal",
            Self::CarePlan => "care_plan",
            Self::Document => "document",
            Self::Relation => "relation",
            Self::Practitioner => "practitioner",
            Self::Resource => "resource",
            Self::Instrument => "instrument",
        }
    }
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    Condition(Condition),
    Medication(Medication),
    Allergy(AllergyIntolerance),
    Observation(Observation),
    Immunization(Immunization),
    Procedure(Procedure),
    Encounter(Encounter),
    Coverage(Coverage),
    Document(Document),
    Relation(RelatedPerson),
    Practitioner(Practitioner),
    Organization(Organization),
    /// A payer's leave for a service, asked or given.
    Authorization(Box<Authorization>),
    /// An entry of a directory of the community's services.
    Resource(Box<ServiceEntry>),
    /// The directory's word that its entries are all in this file; counted nowhere.
    ResourceList(ResourceList),
    /// The questions of an assessment.
    Instrument(Box<Instrument>),
    /// A statement kept and counted whose area is not built yet: appointments, referrals, goals …
    Other(Other),
}

impl Content {
    /// The kind under which a receipt counts it.
    pub fn kind(&self) -> FactKind {
        match self {
            Self::Condition(_) => FactKind::Condition,
            Self::Medication(_) => FactKind::Medication,
            Self::Allergy(_) => FactKind::Allergy,
            Self::Observation(observation) => observation.kind(),
            Self::Immunization(_) => FactKind::Immunization,
            Self::Procedure(_) => FactKind::Procedure,
            Self::Encounter(_) => FactKind::Encounter,
            Self::Coverage(_) => FactKind::Coverage,
            Self::Document(_) => FactKind::Document,
            Self::Relation(_) => FactKind::Relation,
            Self::Practitioner(_) | Self::Organization(_) => FactKind::Practitioner,
            Self::Authorization(_) => FactKind::Referral,
            Self::Resource(_) | Self::ResourceList(_) => FactKind::Resource,
            Self::Instrument(_) => FactKind::Instrument,
            Self::Other(other) => other.kind,
        }
    }
}

/// A problem, diagnosis or concern (FHIR `Condition`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Condition {
    pub code: Concept,
    /// FHIR condition-clinical: `active`, `recurrence`, `relapse`, `inactive`, `remission`,
    /// `resolved`; empty when not said.
    pub clinical_status: String,
    /// FHIR condition-ver-status: `confirmed`, `provisional`, `refuted` …; empty when not said.
    pub verification_status: String,
    /// `problem-list-item`, `encounter-diagnosis`, `health-concern`, `history`,
    /// `discharge-diagnosis`, `admission-diagnosis`.
    pub category: String,
    pub severity: Option<Concept>,
    pub onset: Option<When>,
    /// When it ended; a status of resolved with no date here means "ended, date unknown".
    pub abatement: Option<When>,
    pub recorded: Option<When>,
    pub encounter: Option<Reference>,
    pub note: String,
}

/// Where a medication statement stands in the patient's care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MedicationUse {
    /// The source ordered or prescribed it (CDA mood INT; FHIR `MedicationRequest`).
    #[default]
    Ordered,
    /// The source reports that it is taken (CDA mood EVN; FHIR `MedicationStatement`).
    Reported,
    /// On the list given at discharge.
    Discharge,
    /// On the list taken at admission.
    Admission,
    /// Given during the visit; not a current medicine.
    Administered,
    /// Handed out by a pharmacy (FHIR `MedicationDispense`): a fill, not a list of what is taken.
    Dispensed,
}

/// A medicine that is, was or shall be taken (FHIR `MedicationRequest`, `MedicationStatement`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Medication {
    pub code: Concept,
    pub use_: MedicationUse,
    /// FHIR medicationrequest-status: `active`, `on-hold`, `stopped`, `completed`, `cancelled`,
    /// `unknown`.
    pub status: String,
    /// The directions in words, as the source wrote them; never built from parts.
    pub sig: String,
    pub dose: Option<Quantity>,
    pub route: Option<Concept>,
    /// How often, in words, where the source gave structured timing.
    pub frequency: String,
    pub as_needed: bool,
    pub period: Period,
    pub authored: Option<When>,
    /// Fills after the first one.
    pub refills: Option<u32>,
    /// How much was handed out, and for how many days it lasts (of a dispense).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_supply: Option<Quantity>,
    pub reason: Option<Concept>,
    pub requester: Option<Reference>,
    pub encounter: Option<Reference>,
}

/// How a patient reacted to a substance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reaction {
    pub manifestation: Vec<Concept>,
    /// FHIR reaction-event-severity: `mild`, `moderate`, `severe`; empty when not said.
    pub severity: String,
}

/// An allergy or intolerance (FHIR `AllergyIntolerance`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AllergyIntolerance {
    /// The substance.
    pub code: Concept,
    /// FHIR allergyintolerance-clinical: `active`, `inactive`, `resolved`.
    pub clinical_status: String,
    pub verification_status: String,
    /// `allergy` or `intolerance`; empty when not said.
    pub type_: String,
    /// `medication`, `food`, `environment`, `biologic`; empty when not said.
    pub category: String,
    /// `low`, `high`, `unable-to-assess`; empty when not said.
    pub criticality: String,
    pub onset: Option<When>,
    pub recorded: Option<When>,
    pub reactions: Vec<Reaction>,
}

/// What was measured, answered or seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// No value: see `data_absent`, components or the note.
    #[default]
    Absent,
    Quantity(Quantity),
    Concept(Concept),
    Text(String),
    Range {
        low: Option<Quantity>,
        high: Option<Quantity>,
    },
    When(When),
    Boolean(bool),
}

/// A result, vital sign or social fact (FHIR `Observation`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Observation {
    pub code: Concept,
    /// FHIR observation-category: `laboratory`, `vital-signs`, `social-history`, `survey`, `exam`,
    /// `imaging`, `functional-status` …; the first one decides the kind.
    pub category: String,
    /// FHIR observation-status: `final`, `preliminary`, `amended`, `cancelled` …
    pub status: String,
    pub effective: Period,
    pub issued: Option<When>,
    pub value: Value,
    /// Why there is no value, as the source said (`unknown`, `asked-declined` …).
    pub data_absent: String,
    /// v2 table 0078 codes or words: `H`, `L`, `A` …
    pub interpretation: Vec<Concept>,
    pub reference_range: String,
    /// Parts of one observation, such as systolic and diastolic: code and value.
    pub components: Vec<(Concept, Value)>,
    /// The panel it belongs to, in words.
    pub panel: Option<Concept>,
    pub encounter: Option<Reference>,
    pub note: String,
}

impl Observation {
    /// Result, vital or social, by its category.
    pub fn kind(&self) -> FactKind {
        match self.category.as_str() {
            "vital-signs" => FactKind::Vital,
            "social-history" | "survey" | "sdoh" | "functional-status" => FactKind::Social,
            _ => FactKind::Result,
        }
    }
}

/// A vaccine given, or not given with a reason (FHIR `Immunization`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Immunization {
    pub code: Concept,
    /// `completed`, `not-done` or `entered-in-error`.
    pub status: String,
    pub status_reason: Option<Concept>,
    pub occurrence: Option<When>,
    pub lot_number: String,
    pub manufacturer: String,
    pub encounter: Option<Reference>,
}

/// Something done to the patient (FHIR `Procedure`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Procedure {
    pub code: Concept,
    /// FHIR event-status: `completed`, `in-progress`, `not-done`, `preparation`, `unknown` …
    pub status: String,
    pub performed: Period,
    pub performer: Option<Reference>,
    pub reason: Option<Concept>,
    pub encounter: Option<Reference>,
    pub note: String,
}

/// A diagnosis of a visit or stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EncounterDiagnosis {
    pub code: Concept,
    /// FHIR diagnosis-role: `AD` admission, `DD` discharge, `CC` chief complaint …; may be empty.
    pub role: String,
}

/// A visit, stay or telephone encounter (FHIR `Encounter`; HL7 v2 `PV1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Encounter {
    /// Visit numbers of the source.
    pub identifiers: Vec<Identifier>,
    /// v3 ActCode: `IMP`, `ACUTE`, `NONAC`, `OBSENC`, `EMER`, `SS`, `AMB`, `HH`, `VR`; empty when
    /// not said.
    pub class: String,
    /// FHIR encounter-status: `planned`, `arrived`, `in-progress`, `finished`, `cancelled`,
    /// `unknown`.
    pub status: String,
    pub type_: Vec<Concept>,
    pub period: Period,
    pub reason: Vec<Concept>,
    pub diagnoses: Vec<EncounterDiagnosis>,
    /// Where from (FHIR hospitalization.admitSource), as coded by the source.
    pub admit_source: Option<Concept>,
    /// Where to (FHIR hospitalization.dischargeDisposition; NUBC code, v2 table 0112).
    pub discharge_disposition: Option<Concept>,
    pub location: String,
    pub service_provider: Option<Reference>,
    pub participants: Vec<Reference>,
    pub part_of: Option<Reference>,
}

/// Who pays (FHIR `Coverage`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coverage {
    pub identifiers: Vec<Identifier>,
    pub status: String,
    pub type_: Option<Concept>,
    pub payor: String,
    pub plan: String,
    pub group: String,
    pub subscriber_id: String,
    pub relationship: Option<Concept>,
    pub period: Period,
    /// When the payer last answered that it is so (X12 271).
    pub checked: Option<When>,
    /// What the payer says of single benefits.
    pub benefits: Vec<Benefit>,
}

/// A document, note or report about the patient (FHIR `DocumentReference`, `DiagnosticReport`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    pub identifiers: Vec<Identifier>,
    pub type_: Concept,
    /// Such as `clinical-note`, `laboratory`.
    pub category: String,
    /// `current`, `superseded` or `entered-in-error`.
    pub status: String,
    pub title: String,
    pub date: Option<When>,
    pub authors: Vec<Reference>,
    pub content_type: String,
    /// The words of the note, where the source carried them as text.
    pub text: String,
    /// Bytes of an attachment that is not text, base64 as the source carried it.
    pub data_base64: String,
    /// Address of an attachment that was not in the export (recorded, never fetched).
    pub url: String,
    pub encounter: Option<Reference>,
}

/// An institution (FHIR `Organization`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Organization {
    pub identifiers: Vec<Identifier>,
    pub name: String,
    pub type_: Vec<Concept>,
    pub telecoms: Vec<ContactPoint>,
    pub addresses: Vec<Address>,
}

/// A statement whose own type comes with a later area: shown as a line, kept whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    pub kind: FactKind,
    /// FHIR resource type that it would be: `Appointment`, `ServiceRequest`, `Goal` …
    pub resource_type: String,
    pub code: Concept,
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub period: Period,
    #[serde(default)]
    pub identifiers: Vec<Identifier>,
    #[serde(default)]
    pub note: String,
}

//! Clinical facts in the vocabulary of FHIR R4: what a chart is made of, whatever export it came
//! from. A type here bears the name of its FHIR counterpart; texts stay as the source wrote them.

mod demographics;
mod directory;
mod facts;
mod instruments;
mod payers;
mod terms;

pub use demographics::{
    Address, Communication, ContactPoint, HumanName, Patient, Practitioner, RelatedPerson,
};
pub use directory::{
    Cost, Phone, PlaceAddress, ResourceList, Schedule, ServiceContact, ServiceEntry, ServicePlace,
    ServiceProvider, TaxonomyTerm,
};
pub use facts::{
    AllergyIntolerance, Condition, Content, Coverage, Document, Encounter, EncounterDiagnosis,
    FactKind, Immunization, Medication, MedicationUse, Observation, Organization, Other, Procedure,
    Reaction, Value,
};
pub use instruments::{AnswerOption, EnableWhen, Instrument, InstrumentItem};
pub use payers::{Authorization, AuthorizedLine, Benefit, x12};
pub use terms::{Coding, Concept, Identifier, Period, Quantity, Reference, When, system};

//! Medicines that were ordered, reported, or given along (FHIR `MedicationRequest`,
//! `MedicationStatement`).

pub mod rules;

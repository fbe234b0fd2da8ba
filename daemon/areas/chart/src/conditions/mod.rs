//! Problems and diagnoses (FHIR `Condition`).

pub mod rules;

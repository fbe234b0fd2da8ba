//! What was done to the patient (FHIR `Procedure`).

pub mod rules;

//! What was done to the patient (FHIR `Procedure`).

pub(crate) mod pages;
pub mod rules;

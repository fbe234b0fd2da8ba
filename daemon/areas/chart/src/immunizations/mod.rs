//! Vaccines given, or not given with a reason (FHIR `Immunization`).

pub(crate) mod pages;
pub mod rules;

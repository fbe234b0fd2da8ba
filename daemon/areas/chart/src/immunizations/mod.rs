//! Vaccines given, or not given with a reason (FHIR `Immunization`).

pub mod rules;

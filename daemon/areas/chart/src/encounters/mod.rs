//! Visits, stays and telephone encounters (FHIR `Encounter`).

pub mod rules;

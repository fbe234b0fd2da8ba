//! Results, vital signs and social facts (FHIR `Observation`).

pub mod rules;

//! Notes, reports and other documents about a patient, and the source documents themselves (FHIR
//! `DocumentReference`).

pub(crate) mod pages;
pub mod rules;

//! Facts: what source documents state about patients, once each, with every place that says so.

pub mod fhir;
pub(crate) mod pages;
mod record;
pub mod rules;
mod store;

pub use pages::{row, view};
pub use record::{Assertion, Fact, Fused, Raw};
pub(crate) use store::{anew, follow};
pub use store::{asserted_in, fact, of_kind, of_patient, on_day, referred, take};

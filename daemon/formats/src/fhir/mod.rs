//! FHIR R4 by hand: reading what others export, writing what we serve, and the search parameters
//! in between. Source of every rule: HL7 FHIR R4 (4.0.1).

mod container;
mod datatypes;
mod history;
mod json;
pub(crate) mod large;
mod links;
mod node;
mod pages;
mod pieces;
mod reader;
mod resources;
pub mod search;
mod set;
mod tally;
mod ties;
mod version;
pub mod write;
mod xml;

pub use history::is_later;
pub use json::{DEPTH_LIMIT, Json, JsonFault};
pub(crate) use pages::{belongs, single_in_xml};
pub use pieces::pieces;
pub use reader::{FHIR_ID, read, read_set};
pub use xml::read as read_xml;

//! From bytes to values and back: the formats of the world outside. Pure: knows no store and no
//! area; a reader returns what the file says ([`almoner_core::export::Export`]) and where.

pub mod ccda;
pub mod detect;
pub mod fhir;
pub mod hl7v2;
pub mod narrative;
pub mod original;
mod read;
pub mod tables;
pub mod text;
pub mod unpack;

pub use read::{Member, read, read_within};

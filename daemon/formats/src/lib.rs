//! From bytes to values and back: the formats of the world outside. Pure: knows no store and no
//! area; a reader returns what the file says ([`almoner_core::export::Export`]) and where.

pub mod around;
pub mod ccda;
pub mod detect;
pub mod ehi;
mod enclosed;
pub mod fhir;
pub mod hl7v2;
pub mod hsds;
mod large;
pub mod narrative;
pub mod original;
mod packaging;
pub mod questionnaire;
mod read;
mod refusals;
mod sets;
mod sound;
mod source;
pub mod tables;
mod telling;
pub mod text;
pub mod unpack;
pub mod x12;

pub use read::{Member, read, read_with, read_within, tell};
pub use sets::is_one_export;
pub use source::Source;
pub use telling::{Listen, gather};

/// The generation of these readers: counted up when what they make of a file changes, so that it is
/// known which stored files a newer program reads otherwise.
pub const GENERATION: u32 = 4;

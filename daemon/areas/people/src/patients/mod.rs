//! Patients: who they are, as each source knows them, and which of two alike are one person.

mod record;
pub mod rules;
mod store;

pub use record::{Former, Identity, Patient, Sighting, SightingId, Suspect, hex};
pub use store::{
    assign, caseload, chart_as_of, coordinator_of, join, named_in, order, referred, sightings,
    with_identifier,
};

use almoner_frame::{Area, Intake};
use almoner_store::KindEntry;

/// The area.
pub const AREA: Area = Area {
    name: "patients",
    kinds: &[KindEntry::of::<Patient>(), KindEntry::of::<Sighting>()],
    intake: Intake { join: Some(join), take: None, settle: None },
    ..Area::EMPTY
};

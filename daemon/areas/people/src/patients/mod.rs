//! Patients: who they are, as each source knows them, and which of two alike are one person.

mod pages;
mod record;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use pages::banner::banner;
pub use pages::view::{
    alike, first_language, language, on_screen, plain_name, record_number, row_name, speaks,
    title_name, who, who_of,
};
pub(crate) use pages::view::{similar_tag, who_aged};
pub use pages::{NAV, record_page};
pub use record::{Apart, Former, Identity, Patient, Sighting, SightingId, Suspect, hex};
pub use rules::Strength;
pub use rules::names::strength;
pub use store::{
    Card, assign, card, caseload, caseload_count, caseload_ids, chart_as_of, coordinator_of,
    foresee, is_coordinator, join, named_at, named_in, order, referred, sightings, with_identifier,
};

/// The indexes by which patients are found, for the search.
pub(crate) mod index {
    pub(crate) use super::record::{BY_PAIR, BY_TOKEN, CARD};
}

use almoner_frame::{Area, Intake};
use almoner_store::KindEntry;

/// The area.
pub const AREA: Area = Area {
    name: "patients",
    kinds: &[KindEntry::of::<Patient>(), KindEntry::of::<Sighting>()],
    routes: pages::ROUTES,
    tabs: pages::TABS,
    alerts: Some(pages::banner::own_alerts),
    intake: Intake { join: Some(join), take: None, settle: None },
    ..Area::EMPTY
};

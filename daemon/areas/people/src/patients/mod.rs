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
pub use record::{
    Apart, Doubt, Former, Identity, Kept, Merge, MergeId, Patient, Sighting, SightingId, Suspect,
    Undone, hex,
};
pub use rules::Strength;
pub use rules::numbers::strength;
pub use store::{
    Card, Waiting, assign, card, caseload, caseload_count, caseload_ids, chart_as_of,
    coordinator_of, foresee, in_force, is_coordinator, join, merge, merge_of, named_at, named_in,
    now_of, order, referred, set_apart, sightings, split, undo_apart, unmerge, waiting,
    with_identifier,
};

/// The indexes by which patients are found, for the search.
pub(crate) mod index {
    pub(crate) use super::record::{BY_PAIR, BY_TOKEN, CARD};
}

use almoner_frame::{Anew, Area, Intake};
use almoner_store::KindEntry;

/// The area.
pub const AREA: Area = Area {
    name: "patients",
    kinds: &[KindEntry::of::<Patient>(), KindEntry::of::<Sighting>(), KindEntry::of::<Merge>()],
    routes: pages::ROUTES,
    tabs: pages::TABS,
    who_is: Some(store::asked::who_is),
    alerts: Some(pages::banner::own_alerts),
    intake: Intake { join: Some(join), take: None, settle: None },
    anew: Anew {
        named: Some(named_in),
        mentions: Some(store::anew::mentions),
        clear: Some(store::anew::clear),
        rejoin: Some(store::anew::rejoin),
        close: Some(store::anew::close),
        tell: Some(store::anew::tell),
        worked: Some(store::anew::worked),
        ..Anew::NOTHING
    },
    ..Area::EMPTY
};

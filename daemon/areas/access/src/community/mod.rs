//! The directory of the community's services: who helps with food, housing, rides and the like, as the
//! files of a 2-1-1 or another directory list them. Entries are kept by the source's own numbers, so
//! that a newer file changes them; what a source no longer lists is withdrawn, never deleted.

mod pages;
mod record;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use record::{Listing, ResourceEntry, ResourceId};
pub use store::{entry, find};

use almoner_frame::{Area, Intake};
use almoner_store::KindEntry;

/// The area.
pub const AREA: Area = Area {
    name: "community",
    kinds: &[KindEntry::of::<ResourceEntry>()],
    routes: pages::ROUTES,
    nav: pages::NAV,
    intake: Intake { join: None, take: Some(store::take), settle: None },
    anew: store::ANEW,
    ..Area::EMPTY
};

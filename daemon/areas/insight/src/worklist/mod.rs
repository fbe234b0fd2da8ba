//! My day: the open loops of one person, of the team or of nobody, the most urgent first; views of
//! one's own; what is done to many at once, and taken back; the clocks that run; what came in.

mod pages;
mod record;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use record::{Batch, BatchId, Done, View, Views};

use almoner_core::fault::Outcome;
use almoner_core::loops::{Owner, Scope};
use almoner_core::permission::May;
use almoner_frame::{Area, NavItem, Visit};
use almoner_store::{KindEntry, Reader};

/// The area.
pub const AREA: Area = Area {
    name: "worklist",
    kinds: &[KindEntry::of::<Batch>(), KindEntry::of::<Views>()],
    routes: pages::ROUTES,
    nav: &[NavItem {
        label: "nav-my-day",
        href: "/",
        may: May::SeeWorklist,
        icon: "day",
        order: 1,
        count: Some(overdue),
    }],
    ..Area::EMPTY
};

/// How many of the person's loops are late, for the navigation.
fn overdue(reader: &Reader<'_>, visit: &Visit) -> Outcome<Option<(u64, bool)>> {
    let late = reader.late_loops(Scope::Owner(Owner::Staff(visit.staff())))?;
    Ok((late > 0).then_some((late, true)))
}

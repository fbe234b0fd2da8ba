//! My day: the open loops of one person, of the team or of nobody, the most urgent first; the
//! clocks that run; and what came in since yesterday.

mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

use almoner_core::fault::Outcome;
use almoner_core::loops::Owner;
use almoner_core::permission::May;
use almoner_frame::{Area, NavItem, Visit};
use almoner_store::Reader;

/// The area.
pub const AREA: Area = Area {
    name: "worklist",
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
    let zone = visit.house().zone;
    let loops = reader.loops(Some(Owner::Staff(visit.staff())))?;
    // The index has them by deadline: the first that is not late ends the count.
    let late = loops.iter().take_while(|open| open.is_late(visit.now(), zone)).count();
    Ok((late > 0).then_some((late as u64, true)))
}

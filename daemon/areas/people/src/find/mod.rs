//! Finding a patient: by name, birth date, record number or telephone, in any usual spelling; and
//! the list of one's own patients.

mod pages;
mod record;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use record::Recent;
pub use store::{Found, find, opened, recent};

use almoner_core::permission::May;
use almoner_frame::{Area, NavItem};
use almoner_store::KindEntry;

/// The area.
pub const AREA: Area = Area {
    name: "find",
    kinds: &[KindEntry::of::<Recent>()],
    routes: pages::ROUTES,
    nav: &[NavItem {
        label: "nav-caseload",
        href: "/caseload",
        may: May::SeeWorklist,
        icon: "people",
        order: 10,
        count: Some(pages::count),
    }],
    opened: Some(opened),
    ..Area::EMPTY
};

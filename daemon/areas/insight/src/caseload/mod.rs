//! The caseload: the patients whose coordinator somebody is, as a sheet to look through: what is due
//! next, what is late, the last contact, what is not known.

mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

use almoner_core::permission::May;
use almoner_frame::{Area, NavItem};

/// The area.
pub const AREA: Area = Area {
    name: "caseload",
    routes: pages::ROUTES,
    nav: &[NavItem {
        label: "nav-caseload",
        href: "/caseload",
        may: May::SeeWorklist,
        icon: "people",
        order: 10,
        count: Some(pages::count),
    }],
    ..Area::EMPTY
};

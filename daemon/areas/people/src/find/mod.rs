//! Finding a patient: by name, birth date, record number or telephone, in any usual spelling; and
//! the list of one's own patients.

mod pages;
pub mod rules;
mod store;

pub use store::{Found, find};

use almoner_core::permission::May;
use almoner_frame::{Area, NavItem};

/// The area.
pub const AREA: Area = Area {
    name: "find",
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

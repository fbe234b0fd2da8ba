//! Who saw or changed what: the whole trail for the privacy officer, and one patient's for the lead
//! too. Looking at it can't change it; whether anybody else changed it is for
//! `almoner trail verify` to say.

mod pages;
#[cfg(test)]
mod tests;

use almoner_core::permission::May;
use almoner_frame::{Area, NavItem, Tab};

/// The area.
pub const AREA: Area = Area {
    name: "trail_view",
    routes: pages::ROUTES,
    nav: &[NavItem {
        label: "nav-trail",
        href: pages::NAV,
        may: May::SeeTrail,
        icon: "shield",
        order: 80,
        count: None,
    }],
    tabs: &[Tab {
        label: "tab-trail",
        path: "/trail",
        may: May::SeePatientTrail,
        order: 95,
        count: None,
    }],
    ..Area::EMPTY
};

//! What came in: every dropped file with its receipt in words, what was set aside and why, and who
//! may be the same person as somebody known.

mod pages;
#[cfg(test)]
mod tests;

use almoner_core::fault::Outcome;
use almoner_core::permission::May;
use almoner_core::receipt::Status;
use almoner_frame::intake::with_status;
use almoner_frame::{Area, NavItem, Visit, Words};
use almoner_store::Reader;

/// The area.
pub const AREA: Area = Area {
    name: "intake_view",
    routes: pages::ROUTES,
    nav: &[NavItem {
        label: "nav-intake",
        href: "/intake",
        may: May::SeeIntake,
        icon: "inbox",
        order: 45,
        count: Some(set_aside),
    }],
    ..Area::EMPTY
};

/// How many files could not be read.
fn set_aside(reader: &Reader<'_>, _: &Visit) -> Outcome<Option<(u64, bool)>> {
    let count = with_status(reader, Status::SetAside)?;
    Ok((count > 0).then_some((count, false)))
}

/// The name of a source: that of its folder, in words where there is none.
pub(crate) fn source(words: &Words, source: &str) -> String {
    if source.is_empty() { words.t("intake-no-source") } else { source.to_owned() }
}

//! Assessments: for now their instruments, the questions as a questionnaire's file gives them. A
//! licensed instrument comes from the clinic's own file and is kept as received; none is shipped.

mod pages;
mod record;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use record::{HeldInstrument, InstrumentId};
pub use store::{all, held};

use almoner_frame::{Area, Intake};
use almoner_store::KindEntry;

/// The area.
pub const AREA: Area = Area {
    name: "assessments",
    kinds: &[KindEntry::of::<HeldInstrument>()],
    routes: pages::ROUTES,
    nav: pages::NAV,
    intake: Intake { join: None, take: Some(store::take), settle: None },
    anew: store::ANEW,
    ..Area::EMPTY
};

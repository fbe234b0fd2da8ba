//! Finding a patient: by name, birth date, record number or telephone, in any usual spelling.

mod pages;
mod record;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use record::Recent;
pub use store::{Found, find, opened, recent};

use almoner_frame::Area;
use almoner_store::KindEntry;

/// The area.
pub const AREA: Area = Area {
    name: "find",
    kinds: &[KindEntry::of::<Recent>()],
    routes: pages::ROUTES,
    opened: Some(opened),
    ..Area::EMPTY
};

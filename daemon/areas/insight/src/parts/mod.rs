//! The kit, drawn: every component with each of its states, of invented people, in both languages.
//! For who builds the next page and for the tests of how it all looks; in the demonstration only.

pub mod pages;

#[cfg(test)]
mod tests;

use almoner_frame::Area;

/// The area.
pub const AREA: Area = Area { name: "parts", routes: pages::ROUTES, ..Area::EMPTY };

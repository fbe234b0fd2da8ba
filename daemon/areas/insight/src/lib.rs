//! The wing of insight: what is due and for whom, what came in, who saw what; and the help.

pub mod caseload;
pub mod help;
pub mod intake_view;
pub mod parts;
pub mod trail_view;
pub mod worklist;

#[cfg(test)]
mod tests;

use almoner_frame::Area;

/// The areas of this wing.
pub const AREAS: &[&Area] = &[
    &worklist::AREA,
    &caseload::AREA,
    &intake_view::AREA,
    &trail_view::AREA,
    &help::AREA,
    &parts::AREA,
];

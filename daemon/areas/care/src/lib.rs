//! The wing of the care record: what coordinators do for patients and write down.

pub mod assessments;
pub mod contacts;
pub mod tasks;

#[cfg(test)]
mod tests;

use almoner_frame::Area;

/// The areas of this wing.
pub const AREAS: &[&Area] = &[&contacts::AREA, &tasks::AREA, &assessments::AREA];

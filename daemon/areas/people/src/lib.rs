//! The wing of people: who the patients are, and who works here.

pub mod columns;
pub mod find;
pub mod patients;
pub mod staff;

use almoner_frame::Area;

/// The areas of this wing.
pub const AREAS: &[&Area] = &[&patients::AREA, &find::AREA, &columns::AREA, &staff::STAFF_AREA];

//! The wing of access: getting patients from one place of care to the next.

pub mod community;
pub mod transitions;

use almoner_frame::Area;

/// The areas of this wing.
pub const AREAS: &[&Area] = &[&transitions::AREA, &community::AREA];

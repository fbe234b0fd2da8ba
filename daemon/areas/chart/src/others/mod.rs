//! Coverage, kin, practitioners, organizations, and statements whose own area comes later.

pub(crate) mod pages;
pub mod rules;

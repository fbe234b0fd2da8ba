//! Coverage, kin, practitioners, organizations, and statements whose own area comes later.

pub mod rules;

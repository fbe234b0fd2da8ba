//! The wing of people: who the patients are, and who works here.

pub mod patients;
pub mod staff;

//! Allergies and intolerances, and the four things that can be said of them (`UX.md` §2).

pub mod rules;

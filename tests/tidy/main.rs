//! The laws of the house, read from its own sources: sizes, names, who may know whom, what may
//! never stand where. A law that is broken names every place; no law is bent for one place.
#![cfg(test)]

mod arrows;
mod configuration;
mod languages;
mod packaging;
mod routes;
mod seams;
mod shape;
mod slices;
mod sources;
mod words;

/// Fails with every breach of a law, one a line.
#[track_caller]
fn hold(law: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{law}:\n  {}", breaches.join("\n  "));
}

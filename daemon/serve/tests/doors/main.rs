//! The doors from outside: a small house over real TLS on a free port, asked as a browser asks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // a test may fail loudly

mod client;
mod control;
mod drafts;
mod events;
mod fhir;
mod gate;
mod house;
mod matching;
mod network;
mod sign_in;
mod trail;

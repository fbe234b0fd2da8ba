//! End to end: the real daemon with its real certificate, files dropped into its real folder, the
//! real command line. Everything is held against what `interface.md` promises to the outside and
//! against the truth tables of the development data.
#![cfg(test)]

mod appliance;
mod backup;
mod bounds;
mod browser;
mod canon;
mod cli;
mod client;
mod damage;
mod directories;
mod exactly_once;
mod formats;
mod lists;
mod secrecy;
mod service;
mod transition;
mod truth;

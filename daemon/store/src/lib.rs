//! The store: everything that Almoner keeps, in one sealed file, behind three words. A [`Desk`]
//! takes work; a [`Reader`] looks at one moment of the store and cannot write; a [`Writer`] exists
//! only for an [`Act`], so nothing is written without who, what and when.
//!
//! One call, [`Writer::put`], saves a record with its index rows, its loops, its earlier image and
//! the trail's entry, in one transaction. Inside are bytes only: shapes are ours (`codec`).

mod anew;
pub mod backup;
pub mod blobs;
pub mod check;
pub mod codec;
pub mod copy;
mod derive;
pub mod desk;
mod engine;
pub mod golden;
mod ground;
pub mod keys;
mod loops;
pub mod offline;
mod packing;
mod queue;
mod reader;
mod record;
pub mod sealed;
mod tables;
pub mod trail;
mod unit;
mod writer;

pub use anew::Turned;
pub use derive::{Index, Key, Keys};
pub use desk::{Desk, Pending, Setup};
pub use ground::{Health, Reopen};
pub use reader::{Reader, Stored, TrailEntry};
pub use record::{Act, Change, Kind, KindEntry, Reaction, Record, Verb};
pub use writer::Writer;

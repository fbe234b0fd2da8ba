//! The path of a dropped file: seen in the folder, claimed by a rename, kept byte for byte in the
//! store, read, taken in by the areas, filed with a receipt. Each step survives a power cut: a file
//! changes the record exactly once, whatever happens in between.
//!
//! 1. `folder` sees that a file has come to rest and renames it into `.claimed/ID@SOURCE/NAME`.
//! 2. `claim` keeps its bytes and its first receipt in one transaction, then removes the claimed
//!    file. The same bytes again: the receipt says duplicate.
//! 3. `reader` has a confined child of this program read the bytes; `units` puts together what it says;
//!    `work` has the areas take it, unit by unit; each unit counts itself in the same transaction, so
//!    a restart goes on where it stopped.
//! 4. `editions` has an older version of the same document say nothing any more.
//! 5. `filing` puts the held copy (encrypted) and the receipt into `done/` or `set-aside/`.
//!
//! What was taken in can be taken back (`undo`) and read again by a newer program (`reread`): both, and
//! `editions`, have files speak `anew`.

mod anew;
mod claim;
mod count;
mod editions;
mod filing;
mod folder;
mod reader;
mod reread;
mod sets;
mod shelf;
#[cfg(test)]
mod tests;
mod two;
mod undo;
mod units;
mod voices;
mod wishes;
mod work;

pub use almoner_formats::unpack::Limits;
pub use folder::{Intake, Settings, start};
pub use reader::{Reading, serve};

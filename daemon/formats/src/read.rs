//! One door for every file: find out what it is, then let the right reader have it.

use almoner_core::export::{Export, Unreadable};

/// One file of an archive, or the file itself.
pub struct Member {
    /// Path within the archive; empty for the file itself.
    pub path: String,
    pub outcome: Result<Export, Unreadable>,
}

/// Reads a dropped file whole.
pub fn read(_bytes: &[u8], _name: &str) -> Vec<Member> {
    Vec::new()
}

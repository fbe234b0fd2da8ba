//! What a page showed of somebody's worklist, in so few letters that the page carries it along: a tab
//! that comes back, also after the daemon was started anew, is told what has changed since, and
//! nothing needs to be remembered for it.

use almoner_core::fault::Outcome;
use almoner_core::ids::StaffId;
use almoner_core::loops::{Owner, Scope};
use almoner_store::Reader;
use ring::digest::{Context, SHA256};
use std::fmt;

/// A person's open loops by kind and day, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// How many loops are open.
    total: u64,
    /// The start of a SHA-256 over the counts by kind and day.
    digest: u32,
}

impl Picture {
    /// The picture at the reader's moment. Reads as many rows as there are kinds and days.
    pub fn of(reader: &Reader<'_>, staff: StaffId) -> Outcome<Self> {
        let counts = reader.loop_counts(Scope::Owner(Owner::Staff(staff)))?;
        let mut context = Context::new(&SHA256);
        for (kind, day, count) in &counts {
            context.update(format!("{} {day} {count};", kind.code()).as_bytes());
        }
        let start = context
            .finish()
            .as_ref()
            .iter()
            .take(4)
            .fold(0, |sum, byte| (sum << 8) | u32::from(*byte));
        Ok(Self { total: counts.iter().map(|(.., count)| count).sum(), digest: start })
    }

    /// The picture that a page or a stream says it has.
    pub fn parse(text: &str) -> Option<Self> {
        let (total, digest) = text.split_once('-')?;
        Some(Self { total: total.parse().ok()?, digest: u32::from_str_radix(digest, 16).ok()? })
    }

    /// How many more loops are open now than in `drawn`.
    pub fn more_than(self, drawn: Self) -> u64 {
        self.total.saturating_sub(drawn.total)
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:08x}", self.total, self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_survives_its_way_through_the_page() {
        let picture = Picture { total: 38, digest: 0x00ab_cdef };
        assert_eq!(Picture::parse(&picture.to_string()), Some(picture));
        for text in ["", "38", "x-1", "38-xyz", "-1-2"] {
            assert_eq!(Picture::parse(text), None, "{text}");
        }
        assert_eq!(picture.more_than(Picture { total: 35, digest: 1 }), 3);
        assert_eq!(picture.more_than(Picture { total: 40, digest: 1 }), 0);
    }
}

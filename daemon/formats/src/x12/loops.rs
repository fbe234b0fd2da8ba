//! The levels of a transaction (segment HL): who answers, who asks, the subscriber, a dependent, an
//! event and its services, each with the level above it.

use super::envelope::Transaction;
use super::names;
use super::segment::Segment;

/// Levels that may stand above one another: the guides nest six (source, receiver, subscriber,
/// dependent, event, service). What a file nests deeper stands alone.
const DEEPEST: usize = 12;

/// One level with its own segments.
#[derive(Debug)]
pub(super) struct Level<'s, 't> {
    /// `20` source, `21` receiver, `22` subscriber, `23` dependent, `EV` event, `SS` service.
    pub(super) code: &'t str,
    /// Place of the level above in the list.
    pub(super) above: Option<usize>,
    /// Places of all levels below it, in order.
    pub(super) below: Vec<usize>,
    /// Whether a dependent stands right below it.
    pub(super) has_dependent: bool,
    /// From the `HL` on.
    pub(super) segments: &'s [Segment<'t>],
}

/// The levels of a transaction, in order.
pub(super) fn levels<'s, 't>(transaction: &'s Transaction<'t>) -> Vec<Level<'s, 't>> {
    let all = transaction.segments.as_slice();
    let starts: Vec<usize> =
        all.iter().enumerate().filter(|(_, one)| one.id() == "HL").map(|(at, _)| at).collect();
    let mut levels: Vec<Level<'_, '_>> = Vec::new();
    let mut names: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for (n, start) in starts.iter().enumerate() {
        let mut end = starts.get(n + 1).copied().unwrap_or(all.len());
        let last = |at: usize| at.checked_sub(1).and_then(|at| all.get(at));
        if end == all.len() && last(end).is_some_and(|one| one.id() == "SE") {
            end -= 1;
        }
        let segments = all.get(*start..end).unwrap_or_default();
        let Some(hl) = segments.first() else { continue };
        // A level above comes before: a loop of levels cannot be written.
        let above = names.get(hl.element(2)).copied();
        let above = above.filter(|above| line(&levels, *above).count() < DEEPEST);
        names.insert(hl.element(1), levels.len());
        let code = hl.element(3);
        levels.push(Level { code, above, below: Vec::new(), has_dependent: false, segments });
    }
    note_below(&mut levels);
    levels
}

fn note_below(levels: &mut [Level<'_, '_>]) {
    for at in 0..levels.len() {
        let Some(level) = levels.get(at) else { continue };
        let (dependent, mut next) = (level.code == "23", level.above);
        if let Some(above) = next.and_then(|above| levels.get_mut(above)) {
            above.has_dependent |= dependent;
        }
        while let Some(above) = next.and_then(|above| levels.get_mut(above)) {
            above.below.push(at);
            next = above.above;
        }
    }
}

impl<'t> Level<'_, 't> {
    /// The first segment of a name.
    pub(super) fn first(&self, id: &str) -> Option<&Segment<'t>> {
        self.segments.iter().find(|one| one.id() == id)
    }

    /// All segments of a name.
    pub(super) fn all(&self, id: &'static str) -> impl Iterator<Item = &Segment<'t>> {
        self.segments.iter().filter(move |one| one.id() == id)
    }

    /// Whether it is a person whose care is paid for.
    pub(super) fn is_member(&self) -> bool {
        matches!(self.code, "22" | "23")
    }
}

/// A level and those above it, the nearest first.
pub(super) fn line<'l, 's, 't>(
    levels: &'l [Level<'s, 't>],
    from: usize,
) -> impl Iterator<Item = &'l Level<'s, 't>> {
    let mut next = Some(from);
    std::iter::from_fn(move || {
        let at = next?;
        let level = levels.get(at)?;
        next = level.above.filter(|above| *above < at);
        Some(level)
    })
}

/// Name and number of whoever stands above a level with one of these codes.
pub(super) fn party(levels: &[Level<'_, '_>], from: usize, code: &str) -> (String, String) {
    let level = line(levels, from).find(|level| level.code == code);
    let nm1 = level.and_then(|level| level.first("NM1"));
    nm1.map_or_else(Default::default, |nm1| (names::words(nm1), nm1.element(9).to_owned()))
}

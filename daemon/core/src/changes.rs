//! What changes when a file is undone, or read again by a newer program: counts only, no patient
//! data. Told before it is done and after.

use crate::clinical::FactKind;
use crate::receipt::LoopCounts;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What becomes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// It is taken away.
    Gone,
    /// It says something else.
    Changed,
    /// It is new.
    New,
    /// It says the same; other files tell it.
    Kept,
}

/// How many records of a sort go which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Turns {
    pub gone: u32,
    pub changed: u32,
    pub new: u32,
    pub kept: u32,
    /// What the file told before and tells in the same way.
    pub same: u32,
}

/// All that changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// Files that this is about.
    pub files: u32,
    pub facts: BTreeMap<FactKind, Turns>,
    pub patients: Turns,
    pub transitions: Turns,
    /// Patients whom no file names any more and who stay, because people have worked on them.
    pub stay: u32,
    pub loops: LoopCounts,
}

impl Turns {
    /// Counts one more.
    pub fn add(&mut self, way: Way) {
        let place = match way {
            Way::Gone => &mut self.gone,
            Way::Changed => &mut self.changed,
            Way::New => &mut self.new,
            Way::Kept => &mut self.kept,
        };
        *place += 1;
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            gone: self.gone + other.gone,
            changed: self.changed + other.changed,
            new: self.new + other.new,
            kept: self.kept + other.kept,
            same: self.same + other.same,
        }
    }

    /// Whether anything says something else than before.
    pub fn is_nothing(self) -> bool {
        (self.gone, self.changed, self.new, self.kept) == (0, 0, 0, 0)
    }
}

impl Changes {
    /// All facts together.
    pub fn all_facts(&self) -> Turns {
        self.facts.values().fold(Turns::default(), |sum, turns| sum.and(*turns))
    }

    /// Whether nothing changes.
    pub fn is_nothing(&self) -> bool {
        let turns = [self.all_facts(), self.patients, self.transitions];
        turns.into_iter().all(Turns::is_nothing) && self.stay == 0
    }

    /// Adds others to these.
    pub fn take(&mut self, other: &Self) {
        self.files += other.files;
        for (kind, turns) in &other.facts {
            let sum = self.facts.entry(*kind).or_default();
            *sum = sum.and(*turns);
        }
        self.patients = self.patients.and(other.patients);
        self.transitions = self.transitions.and(other.transitions);
        self.stay += other.stay;
        self.loops.opened += other.loops.opened;
        self.loops.moved += other.loops.moved;
        self.loops.closed += other.loops.closed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_nothing() {
        let mut all = Changes::default();
        assert!(all.is_nothing());
        let mut one = Changes { files: 1, ..Changes::default() };
        for way in [Way::Gone, Way::Gone, Way::Kept] {
            one.facts.entry(FactKind::Result).or_default().add(way);
        }
        one.facts.entry(FactKind::Allergy).or_default().same = 3;
        all.take(&one);
        all.take(&one);
        let sum = all.all_facts();
        assert_eq!((all.files, sum.gone, sum.kept, sum.same), (2, 4, 2, 6));
        assert!(!all.is_nothing());
    }
}

//! How a worklist is parted: by deadline, seen from the clinic's day. Pure.

use almoner_core::loops::{LoopKind, OpenLoop};
use almoner_core::time::{Timestamp, Zone};

/// A part of the worklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Overdue,
    Today,
    /// The next 7 days after today.
    Week,
    Later,
}

impl Group {
    /// Every part, in order.
    pub const ALL: [Self; 4] = [Self::Overdue, Self::Today, Self::Week, Self::Later];

    /// Its name in links, and the id of its part of the page.
    pub fn key(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Week => "week",
            Self::Later => "later",
        }
    }

    /// The part of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.key() == text)
    }

    /// Where a loop stands at `now`.
    pub fn of(open: &OpenLoop, now: Timestamp, zone: Zone) -> Self {
        if open.is_late(now, zone) {
            return Self::Overdue;
        }
        match (open.owed.due.day(zone) - zone.day(now)).num_days() {
            ..1 => Self::Today,
            1..=7 => Self::Week,
            _ => Self::Later,
        }
    }
}

/// Which kinds of loop are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    All,
    /// Those with a clock that runs by a rule.
    Clocks,
    Kind(LoopKind),
}

impl Wanted {
    /// Every kind of loop, in the order of the filter.
    pub const KINDS: [LoopKind; 8] = [
        LoopKind::Task,
        LoopKind::Promise,
        LoopKind::TransitionContact,
        LoopKind::TransitionMedicines,
        LoopKind::TransitionVisit,
        LoopKind::TransitionMonitoring,
        LoopKind::Assignment,
        LoopKind::Match,
    ];

    /// What a link's word asks for; all when it is none.
    pub fn parse(text: &str) -> Self {
        if text == "clock" {
            return Self::Clocks;
        }
        Self::KINDS.into_iter().find(|kind| kind.key() == text).map_or(Self::All, Self::Kind)
    }

    /// Whether a loop is asked for.
    pub fn takes(self, open: &OpenLoop) -> bool {
        match self {
            Self::All => true,
            Self::Clocks => open.owed.clock.is_some(),
            Self::Kind(kind) => open.owed.kind == kind,
        }
    }
}

/// The loops in their parts, each by deadline. Every loop is in exactly one, so the counts add up.
pub fn part(loops: Vec<OpenLoop>, now: Timestamp, zone: Zone) -> [(Group, Vec<OpenLoop>); 4] {
    let mut parts = Group::ALL.map(|group| (group, Vec::new()));
    for open in loops {
        let group = Group::of(&open, now, zone);
        for (part, held) in &mut parts {
            if *part == group {
                held.push(open);
                break;
            }
        }
    }
    for (_, held) in &mut parts {
        held.sort_by_key(|open| open.owed.due.late_from(zone));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::ids::RawId;
    use almoner_core::loops::{Due, Loop, Owner};
    use almoner_core::phrase::Phrase;
    use chrono::{Days, NaiveDate};

    fn open(due: Due) -> OpenLoop {
        let owed = Loop {
            slot: 0,
            kind: LoopKind::Task,
            owner: Owner::Unassigned,
            patient: None,
            opens: None,
            due,
            what: Phrase::default(),
            why: Phrase::default(),
            next: Phrase::default(),
            next_path: String::new(),
            path: String::new(),
            clock: None,
        };
        OpenLoop { kind: 1, id: RawId::random(), owed }
    }

    #[test]
    fn every_loop_is_in_one_part() {
        let zone = Zone::default();
        let today: NaiveDate = "2026-11-19".parse().unwrap();
        let now = zone.instant(today.and_hms_opt(9, 42, 0).unwrap());
        let loops: Vec<_> = (0..20)
            .map(|day| open(Due::Day(today - Days::new(3) + Days::new(day))))
            .chain([open(Due::Instant(now)), open(Due::Instant(now + chrono::Duration::hours(2)))])
            .collect();
        let parts = part(loops, now, zone);
        let counts = parts.each_ref().map(|(_, held)| held.len());
        assert_eq!(counts, [4, 2, 7, 9]);
        let [(_, late), ..] = parts;
        assert!(late.is_sorted_by_key(|open| open.owed.due.late_from(zone)));
    }
}

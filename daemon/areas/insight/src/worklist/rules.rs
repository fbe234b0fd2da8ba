//! What a worklist is asked for, and how it is parted: by deadline, seen from the clinic's day. Pure.

use almoner_core::loops::{LoopKind, OpenLoop};
use almoner_core::time::{Timestamp, Zone};
use chrono::Days;

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

    /// The moments between which its loops become late: after the first, no later than the second.
    /// The parts meet without a gap, so every loop is in exactly one.
    pub fn bounds(self, now: Timestamp, zone: Zone) -> (Option<Timestamp>, Option<Timestamp>) {
        let today = zone.day(now);
        let tonight = zone.end_of(today);
        let week = zone.end_of(today + Days::new(7));
        match self {
            Self::Overdue => (None, Some(now)),
            Self::Today => (Some(now), Some(tonight)),
            Self::Week => (Some(tonight), Some(week)),
            Self::Later => (Some(week), None),
        }
    }

    /// Where a loop stands at `now`.
    pub fn of(open: &OpenLoop, now: Timestamp, zone: Zone) -> Self {
        let late = open.owed.due.late_from(zone);
        let within = |group: &Self| group.bounds(now, zone).1.is_none_or(|to| late <= to);
        Self::ALL.into_iter().find(within).unwrap_or(Self::Later)
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

    /// Its word in links; empty for all.
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Clocks => "clock",
            Self::Kind(kind) => kind.key(),
        }
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

/// In which order the lines of a part stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Due,
    Kind,
    Who,
}

impl Sort {
    /// Every order, the usual one first.
    pub const ALL: [Self; 3] = [Self::Due, Self::Kind, Self::Who];

    /// Its name in links and message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Kind => "kind",
            Self::Who => "who",
        }
    }
}

/// Whose loops are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    #[default]
    Mine,
    Team,
    Unassigned,
}

impl Whose {
    /// Every list, in order.
    pub const ALL: [Self; 3] = [Self::Mine, Self::Team, Self::Unassigned];

    /// Its name in links and message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Team => "team",
            Self::Unassigned => "unassigned",
        }
    }
}

/// All that an address asks of the list: a view is nothing more, so it can be saved and shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub whose: Whose,
    pub wanted: Wanted,
    /// Only one part.
    pub group: Option<Group>,
    /// Only patients who speak this language first; empty: any.
    pub language: String,
    pub sort: Sort,
    pub page: u64,
}

impl Asked {
    /// Reads the pairs of an address; what is not known is not asked.
    pub fn parse(pairs: &[(String, String)]) -> Self {
        let value = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        let language: String =
            value("lang").chars().filter(char::is_ascii_lowercase).take(8).collect();
        Self {
            whose: Whose::ALL.into_iter().find(|it| it.key() == value("view")).unwrap_or_default(),
            wanted: Wanted::parse(value("kind")),
            group: Group::parse(value("group")),
            language,
            sort: Sort::ALL.into_iter().find(|it| it.key() == value("sort")).unwrap_or_default(),
            page: value("page").parse().unwrap_or(1),
        }
    }

    /// The same as pairs, without what is usual and without the page.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let whose = (self.whose != Whose::Mine).then(|| self.whose.key());
        let sort = (self.sort != Sort::Due).then(|| self.sort.key());
        let all = [
            ("view", whose.unwrap_or_default()),
            ("kind", self.wanted.key()),
            ("group", self.group.map(Group::key).unwrap_or_default()),
            ("lang", &self.language),
            ("sort", sort.unwrap_or_default()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The same as it stands in an address: `kind=task&lang=es`.
    pub fn query(&self) -> String {
        let pairs = self.pairs();
        let pairs: Vec<String> =
            pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        pairs.join("&")
    }

    /// Where it is shown. The list of the person's own asks for itself by name, so that it is shown
    /// whatever view opens first.
    pub fn href(&self) -> String {
        let query = self.query();
        if query.is_empty() { "/?view=mine".to_owned() } else { format!("/?{query}") }
    }

    /// Whether lines are left out, so that every line must be looked at to count.
    pub fn filters(&self) -> bool {
        self.wanted != Wanted::All || !self.language.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::ids::RawId;
    use almoner_core::loops::{Due, Loop, Owner};
    use almoner_core::phrase::Phrase;
    use chrono::NaiveDate;

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
        let count = |group| loops.iter().filter(|it| Group::of(it, now, zone) == group).count();
        assert_eq!(Group::ALL.map(count), [4, 2, 7, 9]);
        let ends = Group::ALL.map(|group| group.bounds(now, zone));
        assert!(ends.windows(2).all(|pair| pair[0].1 == pair[1].0), "no gap between the parts");
    }

    #[test]
    fn a_view_is_its_address() {
        let pairs = |query: &str| -> Vec<(String, String)> {
            let pair = |it: &str| it.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned()));
            query.split('&').filter_map(pair).collect()
        };
        for query in ["view=team&kind=task&lang=es&sort=who", "view=unassigned", "kind=clock", ""] {
            assert_eq!(Asked::parse(&pairs(query)).query(), query);
        }
        let odd = Asked::parse(&pairs("view=x&kind=y&sort=z&lang=%22<&page=-1"));
        assert_eq!((odd.query().as_str(), odd.page), ("", 1));
    }
}

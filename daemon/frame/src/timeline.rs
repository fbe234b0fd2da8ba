//! The seam of the patient's timeline. An area tells its newest items that lie behind a place and fit,
//! read from an index whose keys end with a [`Place`]: a page of the timeline costs a page, however
//! long the record is. What could not be looked through in one go is said with [`Told::more`].

use crate::area::Tone;
use crate::visit::Visit;
use almoner_core::clinical::When;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RawId, RecordId, StaffId};
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use almoner_store::{Index, Key, Reader};
use std::cmp::Ordering;
use std::fmt::{self, Display};
use std::str::FromStr;

/// Records opened for one page at most, where a filter passes most of them over.
const OPENED: usize = 400;
/// Index rows looked at for one page at most.
const LOOKED_AT: usize = 5_000;
/// So many records of one place are told apart; of the others only the number.
const NAMED: usize = 3;

/// What an area tells of a patient's past.
pub struct Timeline {
    /// The filters that its items belong to: `contact`, `visit`, `result`, `document`, `loop` …
    pub kinds: &'static [&'static str],
    pub tell: fn(&Reader<'_>, &Visit, PatientId, &Window<'_>) -> Outcome<Told>,
}

/// Where an item stands: the later first; at one instant by its mark, then by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// To the millisecond, as keys hold it.
    at: Timestamp,
    /// Its record, or what else makes it one of its kind.
    mark: RawId,
    /// Tells several items of one mark apart.
    n: u8,
}

/// Which items are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Window<'w> {
    /// Only what stands behind this place; else from the newest on.
    pub before: Option<Place>,
    pub most: usize,
    /// Only this kind; empty for all.
    pub kind: &'w str,
    pub by: By<'w>,
}

/// By whom: somebody of the house, or a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By<'w> {
    Anybody,
    /// Anybody who works here.
    Here,
    Staff(StaffId),
    Source(&'w str),
}

/// Who said that an item happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Staff(StaffId),
    /// A source by its name: the folder below `intake/`, or empty.
    Source(String),
}

/// Something that happened.
pub struct TimelineItem {
    /// Sorts the line; `when` is what is shown.
    pub place: Place,
    pub when: When,
    /// Symbol of the sprite.
    pub icon: &'static str,
    pub tone: Tone,
    /// Which filter it belongs to.
    pub kind: &'static str,
    pub what: Phrase,
    /// More words, of the source or of the person who wrote them.
    pub detail: String,
    /// BCP-47 tag of `detail`, when it is not the page's language.
    pub lang: String,
    pub origin: Origin,
    /// Who said so, in words.
    pub source: String,
    pub href: Option<String>,
}

/// What was found, the latest first.
#[derive(Default)]
pub struct Told {
    pub items: Vec<TimelineItem>,
    /// Everything before this place was told; behind it there is more.
    pub more: Option<Place>,
}

/// The records that stand at one place: one, or several that are told in one line.
#[derive(Clone, Debug)]
pub struct Group {
    pub place: Place,
    /// The first few.
    pub ids: Vec<RawId>,
    pub count: usize,
}

impl Place {
    /// The place of an item.
    pub fn new(at: Timestamp, mark: RawId, n: u8) -> Self {
        let at = Timestamp::from_timestamp_millis(at.timestamp_millis()).unwrap_or(at);
        Self { at, mark, n }
    }

    /// The place behind which everything is earlier than an instant.
    pub fn before(at: Timestamp) -> Self {
        Self::new(at, RawId::from_bytes([u8::MAX; 16]), u8::MAX)
    }

    pub fn at(&self) -> Timestamp {
        self.at
    }

    pub fn number(&self) -> u8 {
        self.n
    }

    /// The key of an index that is walked by place: what stands before it, then the place.
    pub fn under(&self, key: Key) -> Key {
        let mark = PatientId::from_bytes(self.mark.bytes()); // any id: a key holds its bytes
        key.newest(self.at).id(mark).byte(self.n)
    }

    fn of_row(rest: &[u8]) -> Option<Self> {
        let at = Key::newest_of(rest)?;
        let mark = rest.get(8..24)?.first_chunk::<16>()?;
        Some(Self { at, mark: RawId::from_bytes(*mark), n: *rest.get(24)? })
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        other.at.cmp(&self.at).then(self.mark.cmp(&other.mark)).then(self.n.cmp(&other.n))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As it stands in an address: an instant, an opaque id, a number.
impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.at.timestamp_millis(), self.mark, self.n)
    }
}

impl FromStr for Place {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().ok_or(());
        let at = next()?.parse().map_err(drop)?;
        let at = Timestamp::from_timestamp_millis(at).ok_or(())?;
        let mark = RawId::parse(next()?).ok_or(())?;
        Ok(Self { at, mark, n: next()?.parse().map_err(drop)? })
    }
}

impl Window<'_> {
    /// The newest items of all kinds.
    pub fn newest(before: Option<Place>, most: usize) -> Self {
        Self { before, most, kind: "", by: By::Anybody }
    }

    /// Whether items of a kind are asked for.
    pub fn takes(&self, kind: &str) -> bool {
        self.kind.is_empty() || self.kind == kind
    }

    fn wants(&self, item: &TimelineItem) -> bool {
        let by = match (&self.by, &item.origin) {
            (By::Anybody, _) | (By::Here, Origin::Staff(_)) => true,
            (By::Staff(wanted), Origin::Staff(by)) => wanted == by,
            (By::Source(wanted), Origin::Source(source)) => wanted == source,
            _ => false,
        };
        by && self.takes(item.kind)
    }
}

/// Walks an index from a window's place on and tells each place that `takes` does not pass over, until
/// there are enough.
pub fn walk(
    reader: &Reader<'_>,
    (index, under): (Index, &Key),
    window: &Window<'_>,
    takes: &dyn Fn(Place) -> bool,
    tell: &mut dyn FnMut(&Group) -> Outcome<Option<TimelineItem>>,
) -> Outcome<Told> {
    let mut told = Told::default();
    let (mut from, mut opened) = (window.before, 0);
    loop {
        let (groups, more) = groups(reader, (index, under), from, takes, window.most)?;
        for (at, group) in groups.iter().enumerate() {
            opened += 1;
            told.items.extend(tell(group)?.filter(|item| window.wants(item)));
            if told.items.len() >= window.most {
                let last = at + 1 == groups.len() && more.is_none();
                told.more = (!last).then_some(group.place);
                return Ok(told);
            }
        }
        let Some(reached) = more else { return Ok(told) };
        if opened >= OPENED || groups.is_empty() {
            told.more = Some(reached);
            return Ok(told);
        }
        from = more;
    }
}

/// The next places of an index, at most `most`; and how far was looked, when there is more.
fn groups(
    reader: &Reader<'_>,
    (index, under): (Index, &Key),
    from: Option<Place>,
    takes: &dyn Fn(Place) -> bool,
    most: usize,
) -> Outcome<(Vec<Group>, Option<Place>)> {
    let start = from.map_or_else(|| under.clone(), |from| from.under(under.clone()));
    let (mut groups, mut rows) = (Vec::<Group>::new(), 0);
    let (mut reached, mut more) = (None, None);
    reader.each_from(index, under, &start, &mut |rest, id| {
        let Some(place) = Place::of_row(rest).filter(|place| Some(*place) != from) else {
            return Ok(true);
        };
        rows += 1;
        if let Some(open) = groups.last_mut().filter(|open| open.place == place) {
            open.count += 1;
            if open.ids.len() < NAMED {
                open.ids.push(id);
            }
            return Ok(true);
        }
        if groups.len() == most || rows > LOOKED_AT {
            more = reached;
            return Ok(false);
        }
        reached = Some(place);
        if takes(place) {
            groups.push(Group { place, ids: vec![id], count: 1 });
        }
        Ok(true)
    })?;
    Ok((groups, more))
}

/// What several tell, as one: down to where all of them have looked, at most so much.
pub fn merge(parts: Vec<Told>, most: usize) -> Told {
    let mut more = parts.iter().filter_map(|part| part.more).min();
    let mut items: Vec<TimelineItem> = parts.into_iter().flat_map(|part| part.items).collect();
    items.sort_by_key(|item| item.place);
    items.retain(|item| more.is_none_or(|reached| item.place <= reached));
    if items.len() > most {
        items.truncate(most);
        more = items.last().map(|item| item.place);
    }
    Told { items, more }
}

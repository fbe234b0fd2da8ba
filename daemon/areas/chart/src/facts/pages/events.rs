//! What exports tell of the past, on the timeline.

use super::row;
use crate::facts::{Fact, rules, store};
use almoner_core::clinical::FactKind;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::timeline::{Origin, Place, Told, Window};
use almoner_frame::{Timeline, TimelineItem, Tone, Visit};
use almoner_store::Reader;

/// What the timeline tells of: kind of fact, filter, symbol.
const TOLD: [(FactKind, &str, &str); 5] = [
    (FactKind::Encounter, "visit", "home"),
    (FactKind::Procedure, "procedure", "clip"),
    (FactKind::Immunization, "immunization", "shield"),
    (FactKind::Document, "document", "book"),
    (FactKind::Result, "result", "chart"),
];

/// What the patient's timeline shows of the chart.
pub(crate) const TIMELINE: Timeline =
    Timeline { kinds: &["visit", "result", "document", "procedure", "immunization"], tell };

fn tell(
    reader: &Reader<'_>,
    visit: &Visit,
    patient: PatientId,
    window: &Window<'_>,
) -> Outcome<Told> {
    if !visit.may(May::SeeChart) {
        return Ok(Told::default());
    }
    // Which kind stands at a place is told by its number: others are passed over unopened.
    let wanted = TOLD.iter().filter(|(_, name, _)| window.takes(name));
    let wanted: Vec<u8> = wanted.filter_map(|(kind, ..)| rules::told(*kind)).collect();
    let takes = |place: Place| wanted.contains(&place.number());
    store::told(reader, patient, window, &takes, &|place, facts, more| {
        event(visit, place, facts, more)
    })
}

/// One line: the first fact, the next few by name, the rest as a number.
fn event(visit: &Visit, place: Place, facts: &[Fact], more: usize) -> Option<TimelineItem> {
    let (first, others) = facts.split_first()?;
    let when = first.time()?.clone();
    let (_, kind, icon) = TOLD.iter().find(|(kind, ..)| *kind == first.kind())?;
    let line = row(visit, first);
    let mut detail = line.detail;
    for other in others {
        let other = row(visit, other);
        let said = format!("{} {}", other.label, other.detail);
        detail = format!("{detail} · {}", said.trim());
    }
    if more > 0 {
        detail = format!("{detail} · {}", visit.words().n("timeline-and-more", more));
    }
    let what = Phrase { key: format!("timeline-told-{kind}").into(), args: Vec::new() };
    Some(TimelineItem {
        place,
        when,
        icon,
        tone: if *kind == "visit" { Tone::Info } else { Tone::Plain },
        kind,
        what: what.with("what", line.label),
        detail,
        lang: String::new(),
        origin: Origin::Source(first.newest().map(|it| it.source.clone()).unwrap_or_default()),
        source: line.source.name,
        href: Some(line.source.href).filter(|href| !href.is_empty()),
    })
}

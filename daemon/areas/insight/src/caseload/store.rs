//! Reading the sheet: what is needed to filter and sort comes from indexes, so that only the records
//! of the lines shown are opened.

use super::rules::{Asked, By, Which};
use almoner_care::contacts;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::loops::OpenLoop;
use almoner_core::time::Timestamp;
use almoner_people::patients;
use almoner_store::Reader;
use std::cmp::Reverse;

/// Patients of one person that the sheet holds at most.
pub(super) const MOST: usize = 1_000;

/// A patient before the line is drawn.
pub(super) struct Line {
    pub patient: PatientId,
    sorted: String,
    /// What is due first.
    pub next: Option<OpenLoop>,
    due: Option<Timestamp>,
    pub open: usize,
    pub late: usize,
    /// When the last contact was.
    pub contact: Option<Timestamp>,
}

/// The lines that an address asks for, in order; all pages.
pub(super) fn lines(reader: &Reader<'_>, me: StaffId, asked: &Asked) -> Outcome<Vec<Line>> {
    let mut ids = patients::caseload_ids(reader, me)?;
    ids.truncate(MOST);
    let mut lines = ids.into_iter().map(|id| line(reader, id)).collect::<Outcome<Vec<_>>>()?;
    lines.retain(|line| match asked.which {
        Which::All => true,
        Which::Late => line.late > 0,
        Which::Quiet => line.open == 0,
    });
    lines.sort_by(|a, b| a.sorted.cmp(&b.sorted));
    match asked.by {
        By::Name => {}
        By::Due => lines.sort_by_key(|line| (line.due.is_none(), line.due)),
        By::Open => lines.sort_by_key(|line| Reverse((line.late, line.open))),
        By::Contact => lines.sort_by_key(|line| line.contact),
    }
    if asked.down {
        lines.reverse();
    }
    Ok(lines)
}

fn line(reader: &Reader<'_>, patient: PatientId) -> Outcome<Line> {
    let zone = reader.rules().zone;
    let loops = reader.loops_of(patient)?;
    let late = loops.iter().filter(|open| open.is_late(reader.now(), zone)).count();
    let open = loops.len();
    let next = loops.into_iter().next();
    Ok(Line {
        patient,
        sorted: patients::card(reader, patient)?.map(|card| card.sorted).unwrap_or_default(),
        due: next.as_ref().map(|open| open.owed.due.late_from(zone)),
        next,
        open,
        late,
        contact: contacts::last_at(reader, patient)?,
    })
}

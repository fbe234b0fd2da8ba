//! Keeping the clinic's own columns: what sheets bring, what people change.

use super::record::{Cell, CellId, Column, ColumnId, OF_PATIENT, Told};
use super::rules;
use crate::patients::{Merge, MergeId, sightings};
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId, StaffId};
use almoner_core::lists::{ColumnType, Remark};
use almoner_frame::Incoming;
use almoner_store::{Change, Key, Reader, Writer};
use std::collections::BTreeSet;

/// Every column, as they stand.
pub fn all(reader: &Reader<'_>) -> Outcome<Vec<Column>> {
    let mut columns = reader.all::<Column>()?;
    columns.sort_by(|a, b| (a.order, &a.name).cmp(&(b.order, &b.name)));
    Ok(columns)
}

/// What stands in the columns for a patient.
pub fn cells_of(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Cell>> {
    let ids = reader.ids::<CellId>(OF_PATIENT, &Key::default().id(patient))?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

/// The cell of a column for a patient, if anything was ever said there.
pub(super) fn cell_of(
    reader: &Reader<'_>,
    patient: PatientId,
    column: ColumnId,
) -> Outcome<Option<Cell>> {
    let ids = reader.exactly::<CellId>(OF_PATIENT, &Key::default().id(patient).id(column))?;
    ids.first().map(|id| reader.get(*id)).transpose()
}

/// Takes what a sheet says of a patient. A value that a person changed here stays; the sheet's is
/// kept beside it.
pub fn take(
    writer: &mut Writer<'_>,
    file: &Incoming,
    patient: PatientId,
    remarks: &[Remark],
) -> Outcome<()> {
    if remarks.is_empty() {
        return Ok(());
    }
    let mut columns = all(writer)?;
    for remark in remarks {
        let column = column_of(writer, &mut columns, remark)?;
        let known = cell_of(writer, patient, column)?;
        if known.is_none() && remark.value.is_empty() {
            continue;
        }
        let mut cell = known.unwrap_or_else(|| blank(patient, column));
        let told = Told {
            value: remark.value.clone(),
            source: file.source.clone(),
            file: file.file,
            place: remark.place.clone(),
            received: file.received,
        };
        if rules::tell(&mut cell, told) {
            writer.put(&cell)?;
        }
    }
    Ok(())
}

/// Writes a value into a patient's cell; it stands from now on.
pub fn change(
    writer: &mut Writer<'_>,
    patient: PatientId,
    column: ColumnId,
    value: String,
) -> Outcome<()> {
    let known = cell_of(writer, patient, column)?;
    let mut cell = known.unwrap_or_else(|| blank(patient, column));
    let (by, at) = (staff_of(writer), writer.act().at);
    rules::write(&mut cell, value, by, at);
    writer.put(&cell)
}

/// Renames a column, moves it, gives it another type, or shows and hides it.
pub fn edit(writer: &mut Writer<'_>, mut column: Column, name: &str) -> Outcome<()> {
    if name != column.name {
        if column.known_as.is_empty() {
            column.known_as.clone_from(&column.name);
        }
        name.clone_into(&mut column.name);
    }
    if column.type_ != ColumnType::Choice {
        column.choices.clear();
    }
    writer.put(&column)
}

/// The column that a remark means: a known one, or a new one behind all others.
fn column_of(
    writer: &mut Writer<'_>,
    columns: &mut Vec<Column>,
    remark: &Remark,
) -> Outcome<ColumnId> {
    let known = columns.iter_mut().find(|column| rules::is_named(column, &remark.column));
    if let Some(column) = known {
        let before = column.clone();
        rules::grow(column, remark);
        if *column != before {
            writer.put(column)?;
        }
        return Ok(column.id);
    }
    let last = columns.iter().map(|column| column.order).max();
    let mut column = Column {
        id: ColumnId::random(),
        name: remark.column.clone(),
        known_as: String::new(),
        order: last.map_or(1, |last| last + 1),
        type_: remark.type_,
        choices: Vec::new(),
        hidden: false,
    };
    rules::grow(&mut column, remark);
    writer.put(&column)?;
    columns.push(column.clone());
    Ok(column.id)
}

/// Two patients' records became one, or two again: the values go with theirs. Where both have one, the
/// one that stays is shown, and the other waits.
pub(super) fn on_merge(writer: &mut Writer<'_>, change: Change) -> Outcome<()> {
    let merge = writer.get::<Merge>(MergeId(change.id))?;
    let joined = merge.undone.is_none();
    let (now, next) = if joined { (merge.from, merge.into) } else { (merge.into, merge.from) };
    let theirs = named_by(writer, &merge)?;
    let goes = |it: &Cell| {
        // What only a sheet told goes with the sheet that named the other.
        let told = it.told.as_ref().is_some_and(|told| theirs.contains(&told.file));
        joined || merge.moved(it.came_with) || told && it.here.is_none()
    };
    for cell in cells_of(writer, now)?.into_iter().filter(goes) {
        if cell_of(writer, next, cell.column)?.is_none() {
            let mark = cell.came_with;
            let came_with = if joined { merge.mark(mark) } else { merge.unmark(mark) };
            writer.put(&Cell { patient: next, came_with, ..cell })?;
        }
    }
    Ok(())
}

/// The files that name the patient who goes, and not the one who stays.
fn named_by(reader: &Reader<'_>, merge: &Merge) -> Outcome<BTreeSet<FileId>> {
    let files = |patient| {
        let all = sightings(reader, patient)?.into_iter().map(|it| it.file);
        Ok::<BTreeSet<FileId>, Fault>(all.collect())
    };
    if merge.undone.is_none() {
        return Ok(BTreeSet::new());
    }
    let stay = files(merge.into)?;
    Ok(files(merge.from)?.difference(&stay).copied().collect())
}

fn blank(patient: PatientId, column: ColumnId) -> Cell {
    Cell { id: CellId::random(), column, patient, told: None, here: None, came_with: None }
}

fn staff_of(writer: &Writer<'_>) -> Option<StaffId> {
    match &writer.act().actor {
        Actor::Staff(id) => Some(*id),
        _ => None,
    }
}

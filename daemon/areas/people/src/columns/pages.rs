//! The clinic's own columns on a patient's page, and the form that changes what stands in one.

mod order;

use super::record::{Cell, Column, ColumnId};
use super::{rules, store};
use crate::patients::{self, record_page};
use crate::staff;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::PatientId;
use almoner_core::lists::ColumnType;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::conflict::{self, Conflict, Field, Value};
use almoner_frame::kit::{Choice, Problems};
use almoner_frame::typed::{Opening, Typed};
use almoner_frame::{Form, Next, Page, Panel, PanelPlace, Route, Trust, Visit, Words, dates};
use almoner_store::{Reader, Stored, Verb, Writer};
use askama::Template;

/// The pages.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: "/p/{patient}/columns/{column}", may: May::ChangeCaseload, page: show },
    Route::Work {
        path: "/p/{patient}/columns/{column}",
        may: May::ChangeCaseload,
        verb: Verb("caseload.value"),
        work: save,
        again,
    },
    Route::Show { path: "/caseload/columns", may: May::ChangeCaseload, page: order::page },
    Route::Work {
        path: "/caseload/columns/{column}",
        may: May::ChangeCaseload,
        verb: Verb("caseload.column"),
        work: order::save,
        again: order::again,
    },
];

/// What the patient's overview shows.
pub(super) const PANELS: &[Panel] =
    &[Panel { place: PanelPlace::Side, order: 40, may: May::SeeChart, draw: panel }];

#[derive(Template)]
#[template(path = "columns/pages/panel.html")]
struct Shown<'p> {
    words: &'p Words,
    lines: Vec<Line>,
}

/// A column with what stands in it.
struct Line {
    name: String,
    value: String,
    /// What the newest sheet says, where a person wrote something else.
    differs: String,
    /// Where it is changed; empty for those who may not.
    href: String,
}

#[derive(Template)]
#[template(path = "columns/pages/change.html")]
struct Change<'p> {
    words: &'p Words,
    /// Its name.
    column: String,
    type_: &'static str,
    opening: Opening,
    version: String,
    text: String,
    choices: Vec<Choice>,
    echo: String,
    back: String,
    /// What the sheet says, and where.
    told: Option<(String, String)>,
    differs: bool,
    /// Who wrote what stands there, and when.
    changed: String,
    problems: Problems,
    conflict: Option<Conflict>,
}

fn panel(reader: &Reader<'_>, visit: &Visit, patient: PatientId) -> Outcome<Option<Trust>> {
    let columns = store::all(reader)?;
    if columns.is_empty() {
        return Ok(None);
    }
    let cells = store::cells_of(reader, patient)?;
    let words = visit.words();
    let line = |column: &Column| {
        let cell = cells.iter().find(|cell| cell.column == column.id);
        let differs = cell.and_then(Cell::differs);
        let may = visit.may(May::ChangeCaseload);
        Line {
            name: column.name.clone(),
            value: said(words, cell.map_or("", Cell::value)),
            differs: differs.map(|told| said(words, &told.value)).unwrap_or_default(),
            href: if may { path(patient, column.id) } else { String::new() },
        }
    };
    let lines = columns.iter().map(line).collect();
    Trust::of(&Shown { words, lines }).map(Some)
}

/// A value as a person reads it: a day with its month, yes and no in their language.
pub fn said(words: &Words, value: &str) -> String {
    match value {
        "yes" => words.t("about-yes"),
        "no" => words.t("about-no"),
        value => value.parse().map_or_else(|_| value.to_owned(), |day| words.day(day)),
    }
}

fn path(patient: PatientId, column: ColumnId) -> String {
    format!("/p/{patient}/columns/{column}")
}

fn show(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let (_, stored) = meant(reader, visit)?;
    let fields = vec![
        ("value".to_owned(), value_of(stored.as_ref())),
        ("version".to_owned(), version_of(stored.as_ref()).to_string()),
    ];
    let typed = Typed::fresh(visit, &visit.words().t("columns-change")).or(visit.path(), fields);
    draw(reader, visit, typed, &Refusal::default(), None)
}

fn again(reader: &Reader<'_>, visit: &Visit, form: &Form, refusal: &Refusal) -> Outcome<Page> {
    let (column, stored) = meant(reader, visit)?;
    let fields = fields(reader, visit, form, &column, stored.as_ref())?;
    let conflict = conflict::is_open(&fields, form)
        .then(|| last_change(reader, visit, stored.as_ref()))
        .transpose()?
        .map(|theirs| Conflict::of(theirs, &fields, form));
    let typed = Typed::refused(visit, &visit.words().t("columns-change"), form);
    draw(reader, visit, typed, refusal, conflict)
}

/// Writes the value, put together with what somebody else wrote meanwhile.
fn save(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let patient: PatientId = visit.id("patient")?;
    let (column, stored) = meant(writer, visit)?;
    rules::checked(&column, form.text("value"), day_of(visit, form.text("value")))
        .map_err(Fault::Refused)?;
    let fields = fields(writer, visit, form, &column, stored.as_ref())?;
    if conflict::is_open(&fields, form) {
        return Err(Fault::Stale("caseload-value"));
    }
    let value = fields.first().map(|field| field.value(form).form.clone()).unwrap_or_default();
    store::change(writer, patient, column.id, value)?;
    let said = Phrase::new("columns-changed").with("column", column.name);
    Ok(Next::saying(format!("/p/{patient}"), said))
}

fn draw(
    reader: &Reader<'_>,
    visit: &Visit,
    typed: Typed,
    refusal: &Refusal,
    conflict: Option<Conflict>,
) -> Outcome<Page> {
    let patient: PatientId = visit.id("patient")?;
    let (column, stored) = meant(reader, visit)?;
    let words = visit.words();
    let typed = typed.about(Some(patient));
    let form = typed.at(visit.path());
    let cell = stored.as_ref().map(|stored| &stored.record);
    let told = cell.and_then(|cell| cell.told.as_ref());
    let version = if conflict.is_some() {
        version_of(stored.as_ref()).to_string()
    } else {
        form.text("version").to_owned()
    };
    let day = day_of(visit, form.text("value")).filter(|_| column.type_ == ColumnType::Date);
    let page = Change {
        words,
        column: column.name.clone(),
        type_: column.type_.key(),
        opening: typed.open(visit.path()),
        version,
        text: form.text("value").to_owned(),
        choices: choices(words, &column, form.text("value")),
        echo: day.map(|day| words.day(day)).unwrap_or_default(),
        back: format!("/p/{patient}"),
        told: told.map(|told| (said(words, &told.value), told_where(words, told))),
        differs: cell.is_some_and(|cell| cell.differs().is_some()),
        changed: match cell {
            Some(cell) if cell.here.is_some() => last_change(reader, visit, stored.as_ref())?,
            _ => String::new(),
        },
        problems: Problems::of(visit, refusal),
        conflict,
    };
    record_page(reader, visit, patient, &column.name, &page)
}

/// "epic, row 17, Nov 19, 2026".
fn told_where(words: &Words, told: &super::record::Told) -> String {
    let parts = [told.source.clone(), told.place.clone(), words.instant(told.received)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The answers of a choice, or of yes and no; what stands there is one of them.
fn choices(words: &Words, column: &Column, now: &str) -> Vec<Choice> {
    let mut values: Vec<String> = match column.type_ {
        ColumnType::YesNo => vec!["yes".into(), "no".into()],
        ColumnType::Choice => column.choices.clone(),
        ColumnType::Text | ColumnType::Date => return Vec::new(),
    };
    values.insert(0, String::new());
    if !values.iter().any(|value| value == now) {
        values.push(now.to_owned());
    }
    let label = |value: &str| {
        if value.is_empty() { words.t("columns-nothing") } else { said(words, value) }
    };
    values
        .into_iter()
        .map(|value| Choice { label: label(&value), on: value == now, value })
        .collect()
}

/// The column that the path names, and what stands in it for the patient.
fn meant(reader: &Reader<'_>, visit: &Visit) -> Outcome<(Column, Option<Stored<Cell>>)> {
    let patient: PatientId = visit.id("patient")?;
    reader.find::<patients::Patient>(patient)?.ok_or(Fault::Absent("patient"))?;
    let column = reader.find::<Column>(visit.id("column")?)?.ok_or(Fault::Absent("column"))?;
    let cell = store::cell_of(reader, patient, column.id)?;
    let stored = cell.map(|cell| reader.stored::<Cell>(cell.id)).transpose()?.flatten();
    Ok((column, stored))
}

/// The one field as it was first shown, as it stands, and as it was sent.
fn fields(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    column: &Column,
    stored: Option<&Stored<Cell>>,
) -> Outcome<Vec<Field>> {
    let shown: u32 = form.text("version").parse().unwrap_or(0);
    let now = version_of(stored);
    let base = if shown == now {
        Some(value_of(stored))
    } else if shown == 0 {
        Some(String::new())
    } else {
        let images = stored.map(|it| reader.history::<Cell>(it.record.id)).transpose()?;
        let mut images = images.unwrap_or_default().into_iter();
        images.find(|image| image.version == shown).map(|image| image.record.value().to_owned())
    };
    let words = visit.words();
    let value = |text: &str| Value { form: text.to_owned(), said: said(words, text) };
    let typed = form.text("value");
    let mine = rules::checked(column, typed, day_of(visit, typed));
    Ok(vec![Field {
        name: "value",
        label: column.name.clone(),
        base: base.map(|text| value(&text)),
        theirs: value(&value_of(stored)),
        mine: value(&mine.unwrap_or_else(|_| typed.to_owned())),
    }])
}

fn value_of(stored: Option<&Stored<Cell>>) -> String {
    stored.map(|stored| stored.record.value().to_owned()).unwrap_or_default()
}

/// The version of a cell; 0 while nothing was ever said there.
fn version_of(stored: Option<&Stored<Cell>>) -> u32 {
    stored.map_or(0, |stored| stored.version)
}

fn day_of(visit: &Visit, text: &str) -> Option<chrono::NaiveDate> {
    dates::day(visit.language(), visit.today(), text)
}

/// Who wrote what stands there, and when: a person, or the sheet.
fn last_change(
    reader: &Reader<'_>,
    visit: &Visit,
    stored: Option<&Stored<Cell>>,
) -> Outcome<String> {
    let words = visit.words();
    let Some(cell) = stored.map(|stored| &stored.record) else { return Ok(String::new()) };
    let Some(here) = &cell.here else {
        return Ok(cell.told.as_ref().map(|told| told_where(words, told)).unwrap_or_default());
    };
    let by = here.by.map(|id| staff::name_of(reader, id)).transpose()?.unwrap_or_default();
    let parts = [by, words.instant(here.at)];
    Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

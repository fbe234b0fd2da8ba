//! The page of the columns themselves: their names, their order, what type they are, which of them
//! the caseload shows.

use super::super::record::{Column, ColumnId};
use super::super::store;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::lists::ColumnType;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::{Choice, Problems};
use almoner_frame::typed::{Opening, Typed};
use almoner_frame::{Form, Next, Page, Visit, Words};
use almoner_store::{Reader, Writer};
use askama::Template;

/// A name is at most so long (characters).
const LONGEST: usize = 60;

#[derive(Template)]
#[template(path = "columns/pages/order.html")]
struct Order<'p> {
    words: &'p Words,
    problems: Problems,
    rows: Vec<Row>,
}

/// A column with its form.
struct Row {
    id: String,
    opening: Opening,
    name: String,
    order: String,
    types: Vec<Choice>,
    hidden: bool,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    draw(
        reader,
        visit,
        &Typed::fresh(visit, &visit.words().t("columns-order")),
        &Refusal::default(),
    )
}

pub(super) fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    let typed = Typed::refused(visit, &visit.words().t("columns-order"), form);
    Ok(draw(reader, visit, &typed, refusal)?.with_status(422))
}

/// Saves one column.
pub(super) fn save(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let id: ColumnId = visit.id("column")?;
    let mut column = writer.find::<Column>(id)?.ok_or(Fault::Absent("column"))?;
    let mut refusal = Refusal::default();
    let name = form.needed("name", &mut refusal, Phrase::new("columns-name-missing"));
    refusal.when(name.chars().count() > LONGEST, "name", Phrase::new("columns-name-long"));
    let taken = store::all(writer)?;
    let same = |other: &&Column| other.id != id && other.name.eq_ignore_ascii_case(name);
    refusal.when(taken.iter().any(|it| same(&it)), "name", Phrase::new("columns-name-taken"));
    let order = form.text("order").parse();
    refusal.when(order.is_err(), "order", Phrase::new("columns-order-number"));
    refusal.or_ok()?;
    column.order = order.unwrap_or(column.order);
    column.hidden = !form.has("shown");
    let type_ = ColumnType::ALL.into_iter().find(|it| it.key() == form.text("type"));
    column.type_ = type_.unwrap_or(column.type_);
    store::edit(writer, column, name)?;
    Ok(Next::saying("/caseload/columns", Phrase::new("columns-saved").with("column", name)))
}

fn draw(reader: &Reader<'_>, visit: &Visit, typed: &Typed, refusal: &Refusal) -> Outcome<Page> {
    let words = visit.words();
    let rows = store::all(reader)?.into_iter().map(|column| row(words, typed, column)).collect();
    let page = Order { words, problems: Problems::of(visit, refusal), rows };
    Page::draw(words.t("columns-order"), "/caseload", &page)
}

fn row(words: &Words, typed: &Typed, column: Column) -> Row {
    let action = format!("/caseload/columns/{}", column.id);
    let form = typed.at(&action);
    let is_sent = form.has("name");
    let shown = |name: &str, now: String| {
        if is_sent { form.text(name).to_owned() } else { now }
    };
    let chosen = shown("type", column.type_.key().to_owned());
    let choice = |it: ColumnType| Choice {
        value: it.key().to_owned(),
        label: words.t(&format!("columns-type-{}", it.key())),
        on: it.key() == chosen,
    };
    Row {
        id: column.id.to_string(),
        opening: typed.open(&action),
        order: shown("order", column.order.to_string()),
        types: ColumnType::ALL.map(choice).into(),
        hidden: if is_sent { !form.has("shown") } else { column.hidden },
        name: shown("name", column.name),
    }
}

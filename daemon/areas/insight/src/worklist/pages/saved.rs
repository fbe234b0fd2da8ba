//! The page of one's own views: save the filters at hand under a name, rename, delete, choose the
//! one with which My day opens.

use super::list::taken_apart;
use crate::worklist::record::View;
use crate::worklist::rules::Asked;
use crate::worklist::store;
use almoner_core::fault::{Outcome, Refusal};
use almoner_core::phrase::Phrase;
use almoner_frame::kit::Problems;
use almoner_frame::typed::Typed;
use almoner_frame::{Form, Next, Page, Visit, Words};
use almoner_store::{Reader, Writer};
use askama::Template;

#[derive(Template)]
#[template(path = "worklist/pages/views.html")]
struct Saved<'p> {
    words: &'p Words,
    /// What would be saved.
    query: String,
    href: String,
    views: Vec<Line>,
    problems: Problems,
    form: &'p Form,
    typed: Typed,
}

struct Line {
    name: String,
    href: String,
    /// My day opens with it.
    first: bool,
}

impl Saved<'_> {
    fn has_first(&self) -> bool {
        self.views.iter().any(|view| view.first)
    }
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let query = Asked::parse(visit.queries()).query();
    let form = Form::new(vec![("query".to_owned(), query)]);
    draw(reader, visit, &form, &Refusal::default())
}

pub(super) fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    draw(reader, visit, form, refusal)
}

fn draw(reader: &Reader<'_>, visit: &Visit, form: &Form, refusal: &Refusal) -> Outcome<Page> {
    let words = visit.words();
    let saved = store::views(reader, visit.staff())?;
    let asked = Asked::parse(&taken_apart(form.text("query")));
    let line = |view: View| Line {
        href: Asked::parse(&taken_apart(&view.query)).href(),
        first: saved.first.as_ref() == Some(&view.name),
        name: view.name,
    };
    let page = Saved {
        words,
        query: asked.query(),
        href: asked.href(),
        views: saved.views.iter().cloned().map(line).collect(),
        problems: Problems::of(visit, refusal),
        form,
        typed: Typed::fresh(visit, ""),
    };
    Page::draw(words.t("views-title"), "/", &page)
}

pub(super) fn save(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let asked = Asked::parse(&taken_apart(form.text("query")));
    let view = View { name: form.text("name").to_owned(), query: asked.query() };
    let said = Phrase::new("view-saved").with("name", view.name.as_str());
    store::save_view(writer, visit.staff(), view)?;
    Ok(Next::saying(asked.href(), said))
}

pub(super) fn rename(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    store::rename_view(writer, visit.staff(), form.text("old"), form.text("name"))?;
    Ok(Next::saying("/views", Phrase::new("view-saved").with("name", form.text("name"))))
}

pub(super) fn delete(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    store::delete_view(writer, visit.staff(), form.text("old"))?;
    Ok(Next::saying("/views", Phrase::new("view-deleted").with("name", form.text("old"))))
}

pub(super) fn first(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    store::open_with(writer, visit.staff(), form.text("old"))?;
    Ok(Next::saying("/views", Phrase::new("view-first-saved")))
}

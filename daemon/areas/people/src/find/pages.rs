//! The search page and its type-ahead.

mod person;

use super::store::{self, Found, MOST};
use almoner_core::fault::Outcome;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::{Form, Page, Route, Visit, Words};
use almoner_store::Reader;
use askama::Template;
use person::Person;
use serde_json::{Value, json};

/// Rows below the search field, and on the page.
const HINTS: usize = 8;
const SHOWN: usize = 50;

/// The pages. What is looked for is sent in a form's body, so that no name stands in an address.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: "/search", may: May::FindPatients, page: ask },
    Route::Ask { path: "/search", may: May::FindPatients, page: answer },
    Route::Tell { path: "/search/hints", may: May::FindPatients, tell: hints },
];

#[derive(Template)]
#[template(path = "find/pages/search.html")]
struct Search<'p> {
    words: &'p Words,
    typed: String,
    /// "23 people fit “reyes”"; empty when nothing was looked for.
    count: String,
    /// What to do when not all are shown.
    more: String,
    people: Vec<Person>,
    /// The people are those opened last.
    recent: bool,
}

fn ask(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let recent = store::recent(reader, visit.staff())?;
    let page = Search {
        words: visit.words(),
        typed: String::new(),
        count: String::new(),
        more: String::new(),
        people: person::drawn(reader, visit, &recent, &[])?,
        recent: true,
    };
    Page::draw(visit.words().t("find-title"), "/search", &page)
}

fn answer(reader: &Reader<'_>, visit: &Visit, form: &Form) -> Outcome<Page> {
    let typed = form.text("q");
    if typed.is_empty() {
        return ask(reader, visit);
    }
    let words = visit.words();
    let found = store::find(reader, typed, visit.language(), visit.today())?;
    let shown = found.patients.get(..SHOWN).unwrap_or(&found.patients);
    let hidden = found.patients.len() > SHOWN && !found.more;
    let page = Search {
        words,
        count: if found.patients.is_empty() {
            String::new()
        } else {
            counted(visit, &found, typed)
        },
        more: if hidden { words.n("find-shown", SHOWN) } else { String::new() },
        people: person::drawn(reader, visit, shown, &found.terms)?,
        typed: typed.to_owned(),
        recent: false,
    };
    Page::draw(words.t("find-title"), "/search", &page)
}

/// The rows below the search field: of what is typed, or who was opened last.
fn hints(reader: &Reader<'_>, visit: &Visit, form: &Form) -> Outcome<Value> {
    let (typed, words) = (form.text("q"), visit.words());
    if typed.is_empty() {
        let recent = store::recent(reader, visit.staff())?;
        let rows = person::drawn(reader, visit, &recent, &[])?;
        return Ok(told(typed, &rows, None, None));
    }
    let found = store::find(reader, typed, visit.language(), visit.today())?;
    let shown = found.patients.get(..HINTS).unwrap_or(&found.patients);
    let rows = person::drawn(reader, visit, shown, &found.terms)?;
    let more = match (found.more, found.patients.len()) {
        (true, _) => Some(words.n("find-all-over", MOST)),
        (false, all) if all > HINTS => Some(words.n("find-all", all)),
        _ => None,
    };
    let none = rows.is_empty() && !found.terms.is_empty();
    Ok(told(typed, &rows, more, none.then(|| words.t("find-no-hint"))))
}

fn told(typed: &str, rows: &[Person], more: Option<String>, none: Option<String>) -> Value {
    let row = |person: &Person| {
        let tags: Vec<&str> = person.who.tags.iter().map(|(_, _, text)| text.as_str()).collect();
        json!({
            "href": person.who.href,
            "name": person.who.name,
            "sub": person.line(),
            "tags": tags,
        })
    };
    let rows: Vec<Value> = rows.iter().map(row).collect();
    json!({ "q": typed, "rows": rows, "more": more, "none": none })
}

fn counted(visit: &Visit, found: &Found, typed: &str) -> String {
    let key = if found.more { "find-over" } else { "find-count" };
    let n = found.patients.len();
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    visit.say(&Phrase::new(key).with("n", n).with("of", typed))
}

//! The shell around every page: head, navigation, top bar, notice, footer, and the symbols that the
//! page uses. Doors (sign-in and the like) stand in a smaller one.

use crate::accounts::TextSize;
use crate::area::{COUNTED, NavItem};
use crate::assets;
use crate::left;
use crate::page::{Live, Page, Trust};
use crate::picture::Picture;
use crate::visit::{House, Visit};
use crate::{Language, Words};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::permission::May;
use almoner_core::time::Timestamp;
use almoner_store::Reader;
use askama::Template;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What the server knows and a page does not.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// When the session ends in any case, and after how many idle minutes.
    pub until: Timestamp,
    pub idle_minutes: i64,
    /// The appliance takes no changes at present.
    pub read_only: bool,
    /// What the person chose for their pages.
    pub size: TextSize,
    pub shortcuts: bool,
}

#[derive(Template)]
#[template(path = "shell.html")]
struct Shell<'p> {
    words: &'p Words,
    visit: &'p Visit,
    page: &'p Page,
    around: Around,
    nav: Vec<Group>,
    find: bool,
    stylesheet: &'static str,
    script: &'static str,
    /// What the page asks to be told of: the query of its stream; empty where nothing changes.
    live: String,
    /// Drafts that no form of the page holds.
    left: Trust,
    /// What the script may have to say, in the page's language.
    says: Vec<(&'static str, String)>,
    favicon: &'static str,
    version: &'static str,
}

#[derive(Template)]
#[template(path = "door.html")]
struct Door<'p> {
    words: &'p Words,
    house: &'p House,
    page: &'p Page,
    stylesheet: &'static str,
    favicon: &'static str,
    version: &'static str,
}

/// A part of the rail: no heading for the first.
struct Group {
    heading: &'static str,
    items: Vec<Item>,
}

struct Item {
    nav: &'static NavItem,
    /// Its number in words, and whether it is an urgent one.
    count: Option<(String, bool)>,
    here: bool,
}

/// Headings of the rail and the order from which on they stand.
const GROUPS: [(&str, u8); 4] =
    [("", 0), ("nav-library", 50), ("nav-insight", 60), ("nav-privacy", 80)];

/// What the script may have to say: the name of its attribute, and the message. `{n}` is a number.
const SAYS: [(&str, &str); 16] = [
    ("saving", "script-saving"),
    ("unsaved", "script-unsaved"),
    ("busy", "script-busy"),
    ("down", "script-down"),
    ("down-now", "script-down-now"),
    ("ends", "script-ends"),
    ("ends-one", "script-ends-one"),
    ("stay", "script-stay"),
    ("ended", "script-ended"),
    ("hits", "script-hits"),
    ("found", "script-found"),
    ("find-failed", "script-find-failed"),
    ("new", "script-new"),
    ("new-one", "script-new-one"),
    ("changed", "script-changed"),
    ("show", "script-show"),
];

/// The whole document of a page.
pub fn document(
    reader: &Reader<'_>,
    visit: &Visit,
    page: &Page,
    around: Around,
) -> Outcome<String> {
    let shell = Shell {
        words: visit.words(),
        visit,
        page,
        around,
        nav: rail(reader, visit, page)?,
        find: visit.may(May::FindPatients),
        stylesheet: assets::path("almoner.css"),
        script: assets::path("almoner.js"),
        live: page.live.map(|live| drawn(reader, visit, live)).transpose()?.unwrap_or_default(),
        left: left::left(visit, page)?,
        says: SAYS.iter().map(|(name, key)| (*name, visit.words().t(key))).collect(),
        favicon: assets::path("favicon.svg"),
        version: env!("CARGO_PKG_VERSION"),
    };
    with_symbols(render(&shell)?)
}

/// What the page shows now of what may change, for the stream that tells when it did.
fn drawn(reader: &Reader<'_>, visit: &Visit, live: Live) -> Outcome<String> {
    Ok(match live {
        Live::Worklist => format!("worklist={}", Picture::of(reader, visit.staff())?),
        Live::Intake => "intake".to_owned(),
    })
}

impl Shell<'_> {
    /// From which side the page is written. No language of the pages runs from right to left yet;
    /// in the demonstration any page can be seen mirrored.
    fn dir(&self) -> &'static str {
        let mirrored = self.visit.house().demo && self.visit.query("dir") == "rtl";
        if mirrored { "rtl" } else { self.words.language().dir() }
    }
}

/// The whole document of a door: a page for somebody who is not signed in.
pub fn door(language: Language, house: &House, page: &Page) -> Outcome<String> {
    let words = Words::of(language, house.zone);
    let door = Door {
        words: &words,
        house,
        page,
        stylesheet: assets::path("almoner.css"),
        favicon: assets::path("favicon.svg"),
        version: env!("CARGO_PKG_VERSION"),
    };
    with_symbols(render(&door)?)
}

fn render(template: &impl Template) -> Outcome<String> {
    template.render().map_err(|cause| Fault::Broken(Box::new(cause)))
}

fn rail(reader: &Reader<'_>, visit: &Visit, page: &Page) -> Outcome<Vec<Group>> {
    let mut items: Vec<&'static NavItem> =
        visit.house().areas.iter().flat_map(|area| area.nav).collect();
    items.retain(|item| visit.may(item.may));
    items.sort_by_key(|item| (item.order, item.href));
    let mut groups: Vec<Group> =
        GROUPS.iter().map(|(heading, _)| Group { heading, items: Vec::new() }).collect();
    for nav in items {
        let count = nav.count.map(|count| count(reader, visit)).transpose()?.flatten();
        let count = count.map(|(n, hot)| (counted(n), hot));
        let place = GROUPS.iter().rposition(|(_, from)| *from <= nav.order).unwrap_or(0);
        if let Some(group) = groups.get_mut(place) {
            group.items.push(Item { nav, count, here: nav.href == page.nav });
        }
    }
    groups.retain(|group| !group.items.is_empty());
    Ok(groups)
}

/// A number as lists say it: counted up to a thousand.
pub fn counted(n: u64) -> String {
    if n >= COUNTED { format!("{}+", COUNTED - 1) } else { n.to_string() }
}

/// Where a document's symbols go: both templates have it once, before anything of a page.
const SPRITE: &str = "<svg class=\"sprite\" aria-hidden=\"true\" focusable=\"false\">";

/// The document with the symbols that it refers to: known once it is drawn.
fn with_symbols(mut document: String) -> Outcome<String> {
    let place = document.find(SPRITE).map(|at| at + SPRITE.len());
    let place = place.ok_or_else(|| Fault::broken("a shell has no place for its symbols"))?;
    let symbols = symbols(&document);
    document.insert_str(place, &symbols);
    Ok(document)
}

/// The symbols that a document refers to (`href="#…"`), and no others: a page stays small.
fn symbols(document: &str) -> String {
    static SYMBOLS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        include_str!("../assets/sprite.svg")
            .lines()
            .filter_map(|line| {
                let id = line.strip_prefix("<symbol id=\"")?.split('"').next()?;
                Some((id, line))
            })
            .collect()
    });
    let names = document.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
    let used: BTreeSet<&str> = names.collect();
    SYMBOLS.iter().filter(|(id, _)| used.contains(id)).map(|(_, symbol)| *symbol).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_used_symbols_come_along() {
        let sprite = symbols("<use href=\"#bell\"/><a href=\"#today\">");
        assert!(sprite.contains("id=\"bell\"") && !sprite.contains("id=\"day\""));
    }

    #[test]
    fn a_door_needs_no_store() {
        let house = House {
            areas: &[],
            zone: almoner_core::time::Zone::default(),
            clinic: "Clinic & Co",
            numbers: "",
            demo: true,
        };
        let page = Page {
            title: "T".into(),
            above: crate::page::Trust::default(),
            main: crate::page::Trust::default(),
            below: Box::default(),
            nav: "",
            live: None,
            witness: None,
            status: 200,
        };
        let html = door(Language::Spanish, &house, &page).unwrap();
        assert!(html.contains("<html lang=\"es\"") && html.contains("Clinic &#38; Co"));
        assert!(!html.contains("style=") && !html.contains("<script"));
    }
}

//! The list of My day: its lines, the views above it, the menus that filter and sort.

use crate::worklist::record::Views;
use crate::worklist::rules::{Asked, Group, Sort, Wanted, Whose};
use crate::worklist::store;
use almoner_care::tasks::{Task, TaskId};
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RecordId};
use almoner_core::loops::{OpenLoop, Owner};
use almoner_core::phrase::Phrase;
use almoner_frame::kit::{Link, Row, Who};
use almoner_frame::shell::counted;
use almoner_frame::{Visit, Words};
use almoner_people::{patients, staff};
use almoner_store::{Reader, Record};
use std::collections::BTreeMap;

/// A view above the list.
pub(super) struct Tab {
    pub href: String,
    pub label: String,
    pub count: String,
    pub on: bool,
}

/// A filter or the order: a menu of links.
pub(super) struct Menu {
    /// What is chosen now.
    pub label: String,
    pub on: bool,
    pub links: Vec<Link>,
}

/// The line of a loop: whose it is in the team's list, and whether it can be chosen.
pub(super) fn line(
    reader: &Reader<'_>,
    visit: &Visit,
    whose: Whose,
    open: &OpenLoop,
    people: &BTreeMap<PatientId, Who>,
    names: &mut BTreeMap<Owner, String>,
) -> Outcome<Row> {
    let (words, zone, now) = (visit.words(), visit.house().zone, visit.now());
    let who = open.owed.patient.and_then(|id| people.get(&id)).cloned();
    let mut row = Row::of(words, zone, now, open, who);
    if whose == Whose::Team {
        row.owner = owner(reader, words, names, open.owed.owner)?;
    }
    if open.kind == Task::KIND.code {
        row.pick = store::pick(open);
        row.changed = changed(reader, visit, open, names)?;
    }
    Ok(row)
}

/// Who else changed a task today, and when.
fn changed(
    reader: &Reader<'_>,
    visit: &Visit,
    open: &OpenLoop,
    names: &mut BTreeMap<Owner, String>,
) -> Outcome<String> {
    let task = reader.find::<Task>(TaskId::from_bytes(open.id.bytes()))?;
    let Some(last) = task.as_ref().and_then(|task| task.last()) else { return Ok(String::new()) };
    let today = visit.house().zone.day(last.at) == visit.today();
    let Some(by) = last.by.filter(|by| today && *by != visit.staff()) else {
        return Ok(String::new());
    };
    let words = visit.words();
    let changed = Phrase::new("my-day-changed")
        .with("at", words.clock(last.at))
        .with("who", owner(reader, words, names, Owner::Staff(by))?);
    Ok(words.say(&changed))
}

/// What the address asks for; where it asks for nothing, the view with which My day opens.
pub(super) fn asked(visit: &Visit, saved: &Views) -> Asked {
    let own = |(key, _): &(String, String)| key != "done";
    let pairs: Vec<(String, String)> =
        visit.queries().iter().filter(|it| own(it)).cloned().collect();
    let first = saved.first.as_ref().filter(|_| pairs.is_empty());
    let view = first.and_then(|name| saved.views.iter().find(|view| view.name == *name));
    view.map_or_else(|| Asked::parse(&pairs), |view| Asked::parse(&taken_apart(&view.query)))
}

/// The pairs of a saved view.
pub(super) fn taken_apart(query: &str) -> Vec<(String, String)> {
    let pair = |it: &str| it.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
    query.split('&').filter_map(pair).collect()
}

/// One's own list, the team's, nobody's, then the saved views.
pub(super) fn tabs(
    reader: &Reader<'_>,
    visit: &Visit,
    asked: &Asked,
    saved: &Views,
) -> Outcome<Vec<Tab>> {
    let mut all: Vec<(String, Asked)> = Vec::new();
    for whose in Whose::ALL {
        let asked = Asked { whose, ..Asked::parse(&[]) };
        all.push((visit.words().t(&format!("my-day-{}", whose.key())), asked));
    }
    let views = saved.views.iter();
    all.extend(views.map(|view| (view.name.clone(), Asked::parse(&taken_apart(&view.query)))));
    let here = asked.query();
    let named = all.iter().any(|(_, it)| it.query() == here);
    let mut tabs = Vec::new();
    for (label, it) in all {
        let scope = store::scope(visit.staff(), it.whose);
        let plain = !it.filters() && it.group.is_none() && it.sort == Sort::Due;
        tabs.push(Tab {
            href: it.href(),
            label,
            count: counted(store::count_asked(reader, scope, &it)?),
            on: it.query() == here || (!named && plain && it.whose == asked.whose),
        });
    }
    Ok(tabs)
}

/// Kind, deadline, language, order.
pub(super) fn menus(visit: &Visit, asked: &Asked, people: &BTreeMap<PatientId, Who>) -> Vec<Menu> {
    let words = visit.words();
    let mut kinds = vec![(words.t("my-day-all-kinds"), Wanted::All)];
    kinds.push((words.t("my-day-clocks"), Wanted::Clocks));
    kinds.extend(
        Wanted::KINDS
            .into_iter()
            .map(|kind| (words.t(&format!("loop-{}", kind.key())), Wanted::Kind(kind))),
    );
    let kinds = kinds
        .into_iter()
        .map(|(label, wanted)| (label, Asked { wanted, ..asked.clone() }))
        .collect();
    let whens = [None].into_iter().chain(Group::ALL.map(Some)).map(|group| {
        let key = group.map_or("my-day-any-day".into(), |it| format!("my-day-group-{}", it.key()));
        (words.t(&key), Asked { group, ..asked.clone() })
    });
    let languages = languages(visit, asked, people);
    let sorts = Sort::ALL.map(|sort| {
        (words.t(&format!("my-day-sort-{}", sort.key())), Asked { sort, ..asked.clone() })
    });
    let mut menus = vec![menu(asked, kinds), menu(asked, whens.collect())];
    menus.extend((languages.len() > 1).then(|| menu(asked, languages)));
    menus.push(menu(asked, sorts.to_vec()));
    menus
}

/// The languages of the people on the page.
fn languages(
    visit: &Visit,
    asked: &Asked,
    people: &BTreeMap<PatientId, Who>,
) -> Vec<(String, Asked)> {
    let words = visit.words();
    let known = [
        "es", "vi", "pt", "zh", "ht", "ko", "ar", "ru", "fr", "pl", "de", "it", "ja", "hi", "tl",
        "so", "uk", "fa", "km", "ne",
    ];
    let said = |code: &str| patients::language(words, code);
    let spoken = |code: &&str| {
        let name = said(code);
        let speaks = |who: &Who| {
            who.tags.iter().any(|(_, icon, text)| *icon == "lang" && text.starts_with(&name))
        };
        *code == asked.language || people.values().any(speaks)
    };
    let any = (words.t("my-day-any-language"), String::new());
    let some = known.iter().filter(|it| spoken(it)).map(|code| (said(code), (*code).to_owned()));
    [any]
        .into_iter()
        .chain(some)
        .map(|(label, language)| (label, Asked { language, ..asked.clone() }))
        .collect()
}

/// A menu whose first link is the usual one.
fn menu(asked: &Asked, links: Vec<(String, Asked)>) -> Menu {
    let chosen = links.iter().position(|(_, it)| it == asked).unwrap_or(0);
    let label = links.get(chosen).map(|(label, _)| label.clone()).unwrap_or_default();
    let link = |(at, (label, it)): (usize, (String, Asked))| Link {
        href: it.href(),
        label,
        count: None,
        on: at == chosen,
    };
    Menu { label, on: chosen > 0, links: links.into_iter().enumerate().map(link).collect() }
}

fn owner(
    reader: &Reader<'_>,
    words: &Words,
    names: &mut BTreeMap<Owner, String>,
    owner: Owner,
) -> Outcome<String> {
    if let Some(name) = names.get(&owner) {
        return Ok(name.clone());
    }
    let name = match owner {
        Owner::Unassigned => words.t("my-day-nobody"),
        Owner::Staff(id) => staff::name_of(reader, id)?,
    };
    names.insert(owner, name.clone());
    Ok(name)
}

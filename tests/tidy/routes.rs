//! Routes, read from the areas' sources: each path answers once for looking and once for working,
//! each with a permission, each work with a verb.

use crate::hold;
use crate::sources::{Source, files};
use std::collections::BTreeMap;

struct Route {
    place: String,
    looks: bool,
    path: String,
    text: String,
}

#[test]
fn a_path_answers_once() {
    let mut known: BTreeMap<(bool, String), String> = BTreeMap::new();
    let mut twice = Vec::new();
    for route in routes() {
        let shape =
            route.path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        let key = (route.looks, shape.collect::<Vec<_>>().join("/"));
        if let Some(first) = known.insert(key, route.place.clone()) {
            twice.push(format!("{}: {} is answered by {first} too", route.place, route.path));
        }
    }
    hold("a path answers once", &twice);
}

#[test]
fn a_route_names_permission_and_verb() {
    let mut bare = Vec::new();
    for route in routes() {
        let verb = !route.text.contains("Route::Work") || route.text.contains("verb:");
        if !route.text.contains("may:") || !verb {
            bare.push(route.place);
        }
    }
    hold("N9: no route without a permission, no work without a verb", &bare);
}

#[test]
fn paths_are_plain() {
    let plain = |sign: char| sign.is_ascii_lowercase() || "/-{}_".contains(sign);
    let odd = routes()
        .into_iter()
        .filter(|route| !route.path.starts_with('/') || !route.path.chars().all(plain));
    let odd: Vec<_> = odd.map(|route| format!("{}: {}", route.place, route.path)).collect();
    hold("a path is lower case words with hyphens", &odd);
}

/// Every route that an area's source spells.
fn routes() -> Vec<Route> {
    let mut found = Vec::new();
    for source in files("daemon/areas", ".rs") {
        if !source.path.contains("tests") {
            found.extend(routes_of(&source));
        }
    }
    assert!(
        found.len() > 3,
        "the areas spell their routes as Route::Show, Work, Ask, Tell or Fetch"
    );
    found
}

fn routes_of(source: &Source) -> Vec<Route> {
    let mut found = Vec::new();
    for (start, _) in source.text.match_indices("Route::") {
        let rest = &source.text[start..];
        let kind = ["Show", "Work", "Ask", "Tell", "Fetch"]
            .into_iter()
            .find(|kind| rest.starts_with(&format!("Route::{kind} {{")));
        let Some(kind) = kind else { continue };
        let end = rest.find('}').map_or(rest.len(), |end| end + 1);
        // A path's own braces come first: go on to the brace that ends the route.
        let end = rest[..].find("},").map_or(end, |whole| whole.max(end));
        let text = &rest[..end];
        let Some(path) = text.split("path: \"").nth(1).and_then(|path| path.split('"').next())
        else {
            continue;
        };
        let line = source.text[..start].matches('\n').count() + 1;
        found.push(Route {
            place: format!("{}:{line}", source.path),
            looks: matches!(kind, "Show" | "Fetch"),
            path: path.to_owned(),
            text: text.to_owned(),
        });
    }
    found
}

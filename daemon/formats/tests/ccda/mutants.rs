//! Damaged documents: the reader may refuse them, it may not fail.

use super::samples::{data, text};
use std::path::PathBuf;

/// Documents longer than this are cut, or damaged less often, to keep the test short (bytes).
const LIMIT: usize = 60_000;

/// Every document of the development data, as a path below `ccda`.
fn documents() -> Vec<String> {
    let root = data().join("ccda");
    let mut folders = vec![root.clone()];
    let mut out = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                out.push(below(&root, path));
            }
        }
    }
    out.sort();
    out
}

fn below(root: &PathBuf, path: PathBuf) -> String {
    path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()
}

/// A small generator of numbers, the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// The last character boundary at or before a place.
fn boundary(text: &str, mut place: usize) -> usize {
    place = place.min(text.len());
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    place
}

#[test]
fn truncated_documents_are_refused_or_read() {
    for path in documents() {
        let whole = text(&path);
        let steps = if whole.len() > LIMIT { 8 } else { 40 };
        for step in 0..steps {
            let end = boundary(&whole, whole.len() * step / steps);
            let _ = almoner_formats::ccda::read(&whole[..end]);
        }
    }
}

#[test]
fn a_document_of_one_section_is_read() {
    let whole = text("hl7-examples/CCD.XML");
    let body = whole.find("<structuredBody>").unwrap();
    let end = body + whole[body..].find("</section>").unwrap() + "</section>".len();
    let closed =
        format!("{}</component></structuredBody></component></ClinicalDocument>", &whole[..end]);
    let export = almoner_formats::ccda::read(&closed).unwrap();
    assert!(export.people[0].patient.birth_date.is_some());
}

#[test]
fn flipped_doubled_and_dropped_pieces_do_no_harm() {
    let mut dice = Dice(2_026);
    for path in documents() {
        let whole = text(&path);
        let whole = &whole[..boundary(&whole, LIMIT)];
        for _ in 0..8 {
            let _ = almoner_formats::ccda::read(&flipped(whole, &mut dice));
            let _ = almoner_formats::ccda::read(&shuffled(whole, &mut dice));
        }
    }
}

#[test]
fn strange_attribute_values_do_no_harm() {
    // still well-formed, so that every reader meets what it did not expect
    let mut dice = Dice(7);
    let words = ["", "-", "99999999", "é", "#", "true", "null", "2026-13-45", "1e999", "ASSERTION"];
    for path in documents().iter().step_by(2) {
        let whole = text(path);
        if whole.len() > 300_000 {
            continue;
        }
        let quotes: Vec<usize> = whole.match_indices("=\"").map(|(at, _)| at + 2).collect();
        for _ in 0..6 {
            let mut mutant = whole.clone();
            let mut places: Vec<usize> = (0..20).map(|_| dice.below(quotes.len())).collect();
            places.sort_unstable();
            places.dedup();
            // from the end, so that the places before stay where they are
            for start in places.into_iter().rev().map(|place| quotes[place]) {
                let length = mutant[start..].find('"').unwrap_or(0);
                mutant.replace_range(start..start + length, words[dice.below(words.len())]);
            }
            let _ = almoner_formats::ccda::read(&mutant);
        }
    }
}

/// A few characters replaced by others.
fn flipped(text: &str, dice: &mut Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=dice.below(4) {
        let place = dice.below(bytes.len());
        if let Some(byte) = bytes.get_mut(place).filter(|byte| byte.is_ascii()) {
            *byte = b"<>/\"'=& aZ0\x00\x7f"[dice.below(13)];
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A piece doubled somewhere else, or left out.
fn shuffled(text: &str, dice: &mut Dice) -> String {
    let from = boundary(text, dice.below(text.len()));
    let to = boundary(text, from + dice.below(2_000));
    let at = boundary(text, dice.below(text.len()));
    if dice.below(2) == 0 {
        format!("{}{}{}", &text[..at], &text[from..to], &text[at..])
    } else {
        format!("{}{}", &text[..from], &text[to..])
    }
}

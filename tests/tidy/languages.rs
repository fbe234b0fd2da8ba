//! Every message stands in every language, once.

use crate::hold;
use crate::sources::files;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_message_in_every_language() {
    let mut languages: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for source in files("config/data/languages", ".ftl") {
        let mut parts = source.path.rsplit('/');
        let (file, language) = (parts.next().unwrap(), parts.next().unwrap());
        let keys = languages.entry(file.to_owned()).or_default().entry(language.to_owned());
        let keys = keys.or_default();
        for line in source.text.lines() {
            let Some((key, _)) = line.split_once(" =") else { continue };
            if line.starts_with(|sign: char| sign.is_ascii_lowercase()) && !keys.insert(key.into())
            {
                wrong.push(format!("{}: {key} stands twice", source.path));
            }
        }
    }
    for (file, languages) in &languages {
        let all: BTreeSet<_> = languages.values().flatten().collect();
        for (language, keys) in languages {
            let missing = all.iter().filter(|key| !keys.contains(**key));
            wrong.extend(missing.map(|key| format!("{language}/{file}: {key} is missing")));
        }
        if languages.len() != 2 {
            wrong.push(format!("{file}: not in both languages"));
        }
    }
    hold("every message in English and Spanish", &wrong);
}

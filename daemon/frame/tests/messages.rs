//! Every word of the pages, in every language: what the sources ask for is there, what is there is
//! asked for, and all languages say the same things of the same facts.

use almoner_frame::Language;
use fluent_bundle::FluentResource;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How a message is asked for in sources and templates, and the argument it is given then.
const CALLS: [(&str, &[&str]); 4] =
    [(".t(\"", &[]), (".n(\"", &["n"]), (".of_text(\"", &["of"]), ("Phrase::new(\"", &["*"])];

/// Literals that begin keys although nothing in them says so: `named("theme", choice)`.
const PREFIXES: [&str; 4] = ["theme", "ending", "interpreter", "shortcuts"];

/// A message: the file it is in, and its arguments.
struct Message {
    file: &'static str,
    args: BTreeSet<String>,
}

fn messages(language: Language) -> BTreeMap<String, Message> {
    read(language).0
}

/// The messages of a language, and the keys that stand in its files more than once.
fn read(language: Language) -> (BTreeMap<String, Message>, Vec<String>) {
    let (mut all, mut twice) = (BTreeMap::new(), Vec::new());
    for (file, text) in language.messages() {
        let read = FluentResource::try_new((*text).to_owned());
        assert!(read.is_ok(), "{} {file}.ftl: {:?}", language.tag(), read.err().map(|it| it.1));
        let mut key = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once('=').filter(|_| !line.starts_with(' ')) {
                name.trim().clone_into(&mut key);
                let message = Message { file, args: BTreeSet::new() };
                twice.extend(all.insert(key.clone(), message).map(|_| key.clone()));
            }
            let args = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
            });
            if let Some(message) = all.get_mut(&key) {
                let message: &mut Message = message;
                message.args.extend(args);
            }
        }
    }
    (all, twice)
}

/// Sources and templates of the daemon: path and text, without what is only for tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let walked = walk(&root, &mut found);
    assert!(walked.is_ok() && found.len() > 50, "the sources can't be read: {walked:?}");
    found
}

fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "tests" | "target" | "examples" | "benches") {
                walk(&path, found)?;
            }
            continue;
        }
        let ending = path.extension().unwrap_or_default();
        if ending == "html" || ending == "rs" && !name.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path)?;
            let own = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            found.push((path, own.to_owned()));
        }
    }
    Ok(())
}

/// The beginning of a text that can be a key, and what follows it.
fn token(text: &str) -> (&str, char) {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let end = text.find(|c| !fits(c)).unwrap_or(text.len());
    (&text[..end], text[end..].chars().next().unwrap_or(' '))
}

#[test]
fn every_language_says_the_same_things() {
    let english = messages(Language::English);
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let (other, twice) = read(language);
        let tag = language.tag();
        wrong.extend(twice.iter().map(|key| format!("{tag} has {key} twice")));
        for (key, message) in &english {
            match other.get(key) {
                None => wrong.push(format!("{tag} has no word for {key}")),
                Some(said) if said.args != message.args => {
                    wrong.push(format!("{tag}: {key} has other arguments"));
                }
                Some(said) if said.file != message.file => {
                    wrong.push(format!("{tag}: {key} is in another file"));
                }
                Some(_) => {}
            }
        }
        let more = other.keys().filter(|key| !english.contains_key(*key));
        wrong.extend(more.map(|key| format!("only {tag} has {key}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_pages_ask_for_is_there() {
    let known = messages(Language::English);
    let mut missing = Vec::new();
    for (path, text) in sources() {
        for (call, args) in CALLS {
            for rest in text.split(call).skip(1) {
                let (key, after) = token(rest);
                if after != '"' {
                    continue;
                }
                match known.get(key) {
                    None => missing.push(format!("{}: {key}", path.display())),
                    Some(message) => {
                        let given = args.contains(&"*")
                            || message.args.iter().all(|arg| args.contains(&arg.as_str()));
                        if !given {
                            let wants = format!("{key} wants {:?}", message.args);
                            missing.push(format!("{}: {wants}", path.display()));
                        }
                    }
                }
            }
        }
        for rest in text.split("Verb(\"").skip(1) {
            let verb = rest.split('"').next().unwrap_or_default().replace(['.', '_'], "-");
            if !known.contains_key(&format!("verb-{verb}")) {
                missing.push(format!("{}: verb-{verb}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "no language file has:\n{}", missing.join("\n"));
}

#[test]
fn what_is_there_is_asked_for() {
    let (mut whole, mut begun) = (BTreeSet::new(), BTreeSet::new());
    for (_, text) in sources() {
        for rest in text.split('"').skip(1) {
            match token(rest) {
                ("", _) => {}
                (key, _) if key == rest => {
                    if key.contains('-') || PREFIXES.contains(&key) {
                        begun.insert(format!("{}-", key.trim_end_matches('-')));
                    }
                    whole.insert(key.to_owned());
                }
                (key, '{') if key.ends_with('-') => {
                    begun.insert(key.to_owned());
                }
                _ => {}
            }
        }
    }
    let asked = |key: &str| {
        let dynamic = begun.iter().any(|start| key.starts_with(start.as_str()));
        whole.contains(key) || dynamic
    };
    let known = messages(Language::English);
    let unused: Vec<_> = known.keys().filter(|key| !asked(key)).cloned().collect();
    assert!(unused.is_empty(), "nothing asks for:\n{}", unused.join("\n"));
}

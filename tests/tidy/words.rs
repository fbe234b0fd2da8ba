//! Words that may not stand in the repository: what is not built is absent, not promised.

use crate::hold;
use crate::sources::{files, rust};

#[test]
fn nothing_is_left_for_later() {
    // Written in two halves, so that this list does not find itself.
    let later = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[ig", "nore"),
        concat!("not implemented", " yet"),
        concat!("coming", " soon"),
    ];
    let mut wrong = Vec::new();
    let others =
        [("daemon", ".html"), ("daemon", ".css"), ("daemon", ".toml"), ("config", ".toml")];
    let others = others.iter().flat_map(|(folder, end)| files(folder, end));
    for source in rust().into_iter().chain(others) {
        for (number, line) in (1..).zip(source.text.lines()) {
            if let Some(word) = later.iter().find(|word| line.contains(**word)) {
                wrong.push(format!("{}:{number}: {word}", source.path));
            }
        }
    }
    hold("what is not built is absent", &wrong);
}

#[test]
fn names_are_those_of_the_field() {
    let vague = ["Manager", "Helper", "Util", "Utils", "Service"];
    let mut wrong = Vec::new();
    for source in rust() {
        for (number, line) in source.code() {
            let mut words = line
                .split_whitespace()
                .skip_while(|word| word.starts_with("pub") || *word == "unsafe");
            let declares = matches!(words.next(), Some("struct" | "enum" | "trait" | "type"));
            let name = words.next().unwrap_or_default();
            let name: String = name.chars().take_while(|sign| sign.is_alphanumeric()).collect();
            if declares && vague.iter().any(|word| name.ends_with(word)) {
                wrong.push(format!("{}:{number}: {name}", source.path));
            }
        }
    }
    hold("no Manager, Helper, Util, Service", &wrong);
}

/// The kit's opening gives a form its key, its draft and the mark of whose page it is (`UX.md` §6).
/// Without it stand only forms that hold nothing typed and change nothing that counts twice: leaving,
/// finding, choosing rows, throwing a draft away; and those with passwords, which are never drafts.
#[test]
fn forms_that_post_open_with_the_kit() {
    const WITHOUT: [&str; 9] = [
        "\"/sign-in\"",
        "\"/sign-out\"",
        "\"/lock\"",
        "\"/ticket\"",
        "\"/me/password\"",
        "\"/search\"",
        "\"/my-day/selected\"",
        "\"/drafts/discard\"",
        "\"/parts/forms\"",
    ];
    let mut wrong = Vec::new();
    for source in files("daemon", ".html") {
        if source.path.ends_with("templates/kit/form.html") {
            continue;
        }
        for (number, line) in (1..).zip(source.text.lines()) {
            let posts = line.split("<form").skip(1).filter(|form| {
                let opening = form.split('>').next().unwrap_or_default();
                opening.contains("method=\"post\"")
                    && !WITHOUT.iter().any(|to| opening.contains(&format!("action={to}")))
            });
            wrong.extend(posts.map(|_| format!("{}:{number}", source.path)));
        }
    }
    hold("a form that posts opens with the kit", &wrong);
}

//! What to say when the words on the command line are not understood: what was meant instead.

use crate::options::Options;
use almoner_core::control::Failure;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};

/// Turns clap's error into a failure with exit code 2; `said` are the words after the program.
pub(crate) fn explain(error: &clap::Error, said: &[String]) -> Failure {
    let failure = match error.kind() {
        ErrorKind::InvalidSubcommand => unknown_command(error, said),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Failure::usage(error.to_string().trim_end().to_owned())
        }
        _ => {
            let text = error.to_string();
            let words = text.strip_prefix("error: ").unwrap_or(&text);
            Failure::usage(words.split("\n\n").next().unwrap_or(words).trim_end().to_owned())
        }
    };
    if failure.hint.is_empty() { failure.hint("almoner help") } else { failure }
}

fn unknown_command(error: &clap::Error, said: &[String]) -> Failure {
    let tree = Options::command();
    let noun = tree
        .get_subcommands()
        .find(|noun| noun.has_subcommands() && said.iter().any(|word| word == noun.get_name()));
    let word = text_of(error.get(ContextKind::InvalidSubcommand)).unwrap_or_default();
    let known: Vec<String> = suggestions(error)
        .into_iter()
        .map(|verb| match noun {
            Some(noun) => format!("{} {verb}", noun.get_name()),
            None => verb,
        })
        .collect();
    let known = if known.is_empty() { nouns_with(&tree, &word) } else { known };
    let failure = Failure::usage(format!("there is no command '{}'", of_noun(noun, &word)));
    if known.is_empty() {
        return failure;
    }
    let quoted: Vec<_> = known.iter().map(|command| format!("'{command}'")).collect();
    failure.hint(format!("Did you mean {}?", quoted.join(" or ")))
}

fn of_noun(noun: Option<&Command>, word: &str) -> String {
    noun.map_or_else(|| word.to_owned(), |noun| format!("{} {word}", noun.get_name()))
}

/// The commands whose verb was said first: `list` for `user list`, `backup list`.
fn nouns_with(tree: &Command, verb: &str) -> Vec<String> {
    let has = |noun: &&Command| noun.get_subcommands().any(|known| known.get_name() == verb);
    tree.get_subcommands().filter(has).map(|noun| format!("{} {verb}", noun.get_name())).collect()
}

fn suggestions(error: &clap::Error) -> Vec<String> {
    match error.get(ContextKind::SuggestedSubcommand) {
        Some(ContextValue::String(word)) => vec![word.clone()],
        Some(ContextValue::Strings(words)) => words.clone(),
        _ => Vec::new(),
    }
}

fn text_of(value: Option<&ContextValue>) -> Option<String> {
    match value {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn hint(words: &[&str]) -> Failure {
        let all = std::iter::once("almoner").chain(words.iter().copied());
        let error = Options::try_parse_from(all).unwrap_err();
        explain(&error, &words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn an_unknown_word_brings_the_nearest_command() {
        assert_eq!(hint(&["backup", "lsit"]).hint, "Did you mean 'backup list'?");
        assert_eq!(hint(&["backpu", "list"]).hint, "Did you mean 'backup'?");
        assert!(hint(&["list"]).hint.contains("'user list' or 'token list'"));
        assert_eq!(hint(&["backup", "lsit"]).exit, 2);
    }

    #[test]
    fn a_missing_argument_is_said_in_a_line() {
        let failure = hint(&["user", "disable"]);
        assert!(failure.message.contains("required"), "{}", failure.message);
        assert_eq!(failure.hint, "almoner help");
    }

    #[test]
    fn the_tree_is_sound() {
        Options::command().debug_assert();
    }
}

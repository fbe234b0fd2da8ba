//! What a search asks: its parameters parsed, once, before any resource is looked at.

use super::dates::Asked;
use super::table::{Kind, Parameter, parameters};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Resources on a page when the query does not say.
pub const COUNT_DEFAULT: usize = 50;
/// Resources on a page at most.
pub const COUNT_MAX: usize = 500;

/// A search as parsed. Filters all hold together; values within one are alternatives.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub filters: Vec<Filter>,
    /// Keys in their order.
    pub sort: Vec<Sort>,
    /// How many on a page, already within the limits.
    pub count: usize,
    /// `_summary=count` or `_count=0`: only the number is wanted.
    pub count_only: bool,
    /// Source documents asked for by `_source`, one set of alternatives each; which resources a
    /// document says is known to the store, not to the resource alone.
    pub sources: Vec<Vec<String>>,
    pub chains: Vec<Chain>,
    /// `_include` and `_revinclude`, as `Type:parameter[:Type]`.
    pub includes: Vec<String>,
    pub reverse_includes: Vec<String>,
    /// Parameters that had effect, for the answer's `self` link.
    pub used: Vec<(String, String)>,
    /// Parameters that are not known here; an error when the client asked for strict handling.
    pub ignored: Vec<String>,
}

/// One condition.
#[derive(Clone, Debug)]
pub struct Filter {
    pub parameter: &'static Parameter,
    pub(super) modifier: Modifier,
    pub(super) values: Vec<Wanted>,
}

/// A condition on the resource pointed to: `patient.identifier=…` or `patient:identifier=…`. The
/// server finds what answers it and gives the references to [`Query::limit`].
#[derive(Clone, Debug)]
pub struct Chain {
    pub parameter: &'static Parameter,
    /// Name of the parameter of the type pointed to.
    pub name: String,
    pub value: String,
}

/// One key to sort by.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    pub parameter: &'static Parameter,
    pub descending: bool,
}

/// A query that cannot be answered: HTTP 400.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub parameter: String,
    /// What is wrong with it and what would be right; without the value, which may name a person.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Modifier {
    Plain,
    Exact,
    Contains,
    Not,
    /// On the words of a code.
    Words,
    /// True: must be absent.
    Missing(bool),
}

#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// System: any when `None`, none at all when empty. Code: any when `None`.
    Token {
        system: Option<String>,
        code: Option<String>,
    },
    /// Folded unless `:exact`.
    Text(String),
    Date(Asked),
    /// `Type/id`, or an id alone.
    Reference(String),
    Uri(String),
}

impl Query {
    /// Adds that a parameter must point to one of these references; with none, nothing answers.
    pub fn limit(&mut self, parameter: &'static Parameter, references: &[String]) {
        let values = references.iter().cloned().map(Wanted::Reference).collect();
        self.filters.push(Filter { parameter, modifier: Modifier::Plain, values });
    }
}

/// Parses decoded name and value pairs of a search for one type. `base` is our own address
/// (`https://…/fhir`), which references in values may begin with.
///
/// # Errors
/// A value or modifier that cannot be understood.
pub fn parse(
    resource_type: &str,
    pairs: &[(String, String)],
    base: &str,
) -> Result<Query, Refusal> {
    let mut query = Query { count: COUNT_DEFAULT, ..Query::default() };
    for (name, value) in pairs {
        let done = control(&mut query, resource_type, name, value)?
            || condition(&mut query, resource_type, name, value, base)?;
        if done {
            query.used.push((name.clone(), value.clone()));
        } else {
            query.ignored.push(name.clone());
        }
    }
    Ok(query)
}

/// Lower case without accents, for comparing words.
pub(super) fn fold(text: &str) -> String {
    let plain = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    plain
        .map(|c| {
            if c == 'ł' {
                'l'
            } else if c == 'đ' {
                'd'
            } else {
                c
            }
        })
        .collect()
}

/// Parameters that shape the answer; false when it is none of them.
fn control(query: &mut Query, kind: &str, name: &str, value: &str) -> Result<bool, Refusal> {
    match name {
        "_count" => {
            let count: usize = value.parse().map_err(|_| refused(name, "Write a number."))?;
            query.count = count.min(COUNT_MAX);
            query.count_only |= count == 0;
        }
        "_summary" if value == "count" => query.count_only = true,
        "_total" if matches!(value, "accurate" | "estimate" | "none") => {}
        "_format" if value.contains("json") => {}
        "_sort" => {
            for key in value.split(',') {
                let (descending, key) = key.strip_prefix('-').map_or((false, key), |k| (true, k));
                let Some(parameter) = find(kind, key) else {
                    return Err(refused(name, "Sort by a search parameter of this type."));
                };
                query.sort.push(Sort { parameter, descending });
            }
        }
        "_include" => query.includes.push(value.to_owned()),
        "_revinclude" => query.reverse_includes.push(value.to_owned()),
        "_source" => query.sources.push(alternatives(value)),
        _ => return Ok(false),
    }
    Ok(true)
}

/// A search parameter of the type; false when the type has none of that name.
fn condition(
    query: &mut Query,
    kind: &str,
    name: &str,
    value: &str,
    base: &str,
) -> Result<bool, Refusal> {
    let (plain, rest) =
        name.split_once([':', '.']).map_or((name, ""), |(plain, rest)| (plain, rest));
    let Some(parameter) = find(kind, plain) else { return Ok(false) };
    let chained = name.contains('.') || rest == "identifier";
    if chained && parameter.kind == Kind::Reference {
        let name = rest.rsplit('.').next().unwrap_or_default().to_owned();
        query.chains.push(Chain { parameter, name, value: value.to_owned() });
        return Ok(true);
    }
    let modifier = modifier(parameter, rest, value)
        .ok_or_else(|| refused(name, "This modifier is not supported for this parameter."))?;
    let typed = rest.starts_with(char::is_uppercase);
    let qualified = |value: String| if typed { format!("{rest}/{value}") } else { value };
    let read = |value| wanted(parameter, modifier, &qualified(value), base);
    let given = if matches!(modifier, Modifier::Missing(_)) { "" } else { value };
    let values: Option<Vec<_>> = alternatives(given).into_iter().map(read).collect();
    let values =
        values.ok_or_else(|| refused(name, "Write a date such as 2024-05-31 or ge2024-05."))?;
    query.filters.push(Filter { parameter, modifier, values });
    Ok(true)
}

fn modifier(parameter: &Parameter, word: &str, value: &str) -> Option<Modifier> {
    match (word, parameter.kind) {
        ("", _) => Some(Modifier::Plain),
        ("missing", _) => match value {
            "true" => Some(Modifier::Missing(true)),
            "false" => Some(Modifier::Missing(false)),
            _ => None,
        },
        ("exact", Kind::Text) => Some(Modifier::Exact),
        ("contains", Kind::Text) => Some(Modifier::Contains),
        ("not", Kind::Token) => Some(Modifier::Not),
        ("text", Kind::Token) => Some(Modifier::Words),
        // `subject:Patient=1` names the type of a bare id.
        (word, Kind::Reference) if word.starts_with(char::is_uppercase) => Some(Modifier::Plain),
        _ => None,
    }
}

fn wanted(parameter: &Parameter, modifier: Modifier, value: &str, base: &str) -> Option<Wanted> {
    Some(match parameter.kind {
        Kind::Token if modifier == Modifier::Words => Wanted::Text(fold(value)),
        Kind::Token => match value.split_once('|') {
            Some((system, code)) => Wanted::Token {
                system: Some(system.to_owned()),
                code: Some(code.to_owned()).filter(|code| !code.is_empty()),
            },
            None => Wanted::Token { system: None, code: Some(value.to_owned()) },
        },
        Kind::Text if modifier == Modifier::Exact => Wanted::Text(value.to_owned()),
        Kind::Text => Wanted::Text(fold(value)),
        Kind::Date => Wanted::Date(Asked::parse(value)?),
        Kind::Reference => {
            let own = value.strip_prefix(base).filter(|_| !base.is_empty()).unwrap_or(value);
            let own = own.trim_start_matches('/');
            let id_only = !own.contains('/') && !parameter.target.is_empty();
            Wanted::Reference(if id_only {
                format!("{}/{own}", parameter.target)
            } else {
                own.to_owned()
            })
        }
        Kind::Uri => Wanted::Uri(value.to_owned()),
    })
}

/// The alternatives of a value: parted by commas that no backslash stands before.
fn alternatives(value: &str) -> Vec<String> {
    let mut list = vec![String::new()];
    let mut signs = value.chars();
    while let Some(sign) = signs.next() {
        let sign = match sign {
            ',' => {
                list.push(String::new());
                continue;
            }
            '\\' => signs.next().unwrap_or('\\'),
            sign => sign,
        };
        if let Some(last) = list.last_mut() {
            last.push(sign);
        }
    }
    list.retain(|value| !value.is_empty());
    list
}

fn find(kind: &str, name: &str) -> Option<&'static Parameter> {
    parameters(kind).find(|parameter| parameter.name == name)
}

fn refused(parameter: &str, message: &str) -> Refusal {
    Refusal { parameter: parameter.to_owned(), message: message.to_owned() }
}

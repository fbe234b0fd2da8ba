//! How two given or two family names go together: the same, an everyday form, close, or each in the
//! other's place.

use super::names::NameKey;
use super::nicknames::forms_of_one;
use almoner_core::rules::Matching;
use strsim::jaro_winkler;

/// Two given or two family names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Same,
    /// An everyday form of the other.
    Nickname,
    Close,
    Part,
    Near,
    Differs,
    Missing,
}

impl Fit {
    /// Whether both are there and are not one name.
    pub(super) fn is_another(self) -> bool {
        !matches!(self, Self::Same | Self::Nickname | Self::Missing)
    }
}

/// Given and family name are close to each other's place.
pub(super) fn nearly_swapped(a: &NameKey, b: &NameKey, rules: &Matching) -> bool {
    a.is_whole()
        && b.is_whole()
        && jaro_winkler(&a.family, &b.given) >= rules.close
        && jaro_winkler(&a.given, &b.family) >= rules.near
}

/// The family name of the one stands where the other's given name should be, or the given name where
/// the family name should; what is left differs, or is missing. How the given names go together, and
/// what it all weighs.
pub(super) fn half_swapped(a: &NameKey, b: &NameKey, rules: &Matching) -> Option<(Fit, f64)> {
    let crossed = |x: &str, y: &str| x.chars().count() > 2 && jaro_winkler(x, y) >= rules.close;
    let rest = |x: &str, y: &str| !x.is_empty() && !y.is_empty();
    let one = crossed(&a.family, &b.given).then(|| rest(&a.given, &b.family));
    let other = crossed(&a.given, &b.family).then(|| rest(&a.family, &b.given));
    let same = a.family == b.given || a.given == b.family;
    let crossed = if same { rules.family.exact } else { rules.family.close };
    let differs = one.or(other)?;
    let (fit, rest) =
        if differs { (Fit::Differs, rules.given.differs) } else { (Fit::Missing, 0.0) };
    Some((fit, crossed + rest + rules.name.swapped))
}

pub(super) fn better(best: &mut (Fit, f64), found: (Fit, f64)) {
    if found.0 != Fit::Missing && (best.0 == Fit::Missing || found.1 > best.1) {
        *best = found;
    }
}

pub(super) fn given(a: &NameKey, b: &NameKey, usual: f64, rules: &Matching) -> (Fit, f64) {
    let bits = &rules.given;
    let (x, y) = (a.given.as_str(), b.given.as_str());
    if x.is_empty() || y.is_empty() {
        return (Fit::Missing, 0.0);
    }
    let letter = |text: &str| text.chars().count() == 1;
    if x == y && !letter(x) {
        return (Fit::Same, usual);
    }
    if forms_of_one(x, y) {
        return (Fit::Nickname, usual.min(bits.exact));
    }
    let initial = letter(x) && y.starts_with(x) || letter(y) && x.starts_with(y);
    let second =
        |names: &[String], first: &str| first.len() > 1 && names.iter().any(|it| it == first);
    let alike = jaro_winkler(x, y).max(in_two_words(a, b));
    if alike >= rules.close || turned(x, y) {
        (Fit::Close, bits.close)
    } else if initial || second(&a.middle, y) || second(&b.middle, x) {
        (Fit::Part, bits.part)
    } else if alike >= rules.near {
        (Fit::Near, bits.near)
    } else {
        (Fit::Differs, bits.differs)
    }
}

pub(super) fn family(a: &NameKey, b: &NameKey, usual: f64, rules: &Matching) -> (Fit, f64) {
    let bits = &rules.family;
    if a.family.is_empty() || b.family.is_empty() {
        return (Fit::Missing, 0.0);
    }
    if a.family == b.family {
        return (Fit::Same, usual);
    }
    let alike = jaro_winkler(&a.family, &b.family);
    if alike >= rules.close || turned(&a.family, &b.family) {
        (Fit::Close, bits.close)
    } else if a.same_family(b) {
        (Fit::Part, bits.part)
    } else if alike >= rules.near {
        (Fit::Near, bits.near)
    } else {
        (Fit::Differs, bits.differs)
    }
}

/// Two neighbouring letters changed places: of short names they are a large part.
fn turned(x: &str, y: &str) -> bool {
    let (x, y): (Vec<char>, Vec<char>) = (x.chars().collect(), y.chars().collect());
    let unlike: Vec<usize> =
        (0..x.len().max(y.len())).filter(|at| x.get(*at) != y.get(*at)).collect();
    match unlike.as_slice() {
        [one, next] => {
            x.len() > 2
                && one + 1 == *next
                && x.get(*one) == y.get(*next)
                && x.get(*next) == y.get(*one)
        }
        _ => false,
    }
}

/// How alike given names are of which one is written in two words: "Mary Ann" and "Maryann".
fn in_two_words(a: &NameKey, b: &NameKey) -> f64 {
    if a.middle.is_empty() == b.middle.is_empty() {
        return 0.0;
    }
    jaro_winkler(&a.given_names(), &b.given_names())
}

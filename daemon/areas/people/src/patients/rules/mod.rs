//! Whether a person of a file is somebody we know: pure, decided from what both records say
//! (issue 2 part 3: by identifier, then by exact name, birth date and sex; guards of
//! `matching.md` §5). What is less sure is never joined, only named as a possible duplicate.

mod golden;
pub mod names;
pub(crate) mod sound;
pub(crate) mod tokens;

pub use names::{NameKey, Strength};

use almoner_core::clinical::{Patient, When};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// What is compared of one person.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub names: Vec<NameKey>,
    /// A full and believable birth date.
    pub born: Option<NaiveDate>,
    /// The birth date as recorded, perhaps only a year.
    pub birth: Option<When>,
    /// `male`, `female` or `other`; empty when not known.
    pub sex: String,
    pub multiple_birth: bool,
}

/// Why two people may be one, or why they were not joined; shown beside the pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    SameIdentifier,
    SameName,
    SameBirthDate,
    SimilarName,
    NamesSwapped,
    NearBirthDate,
    NameDiffers,
    BirthDateDiffers,
    BirthDateMissing,
    SexDiffers,
    SexMissing,
    SuffixDiffers,
    MiddleNameDiffers,
    /// The file fits two people whom we know.
    FitsBoth,
}

impl Reason {
    /// Key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::SameIdentifier => "match-same-identifier",
            Self::SameName => "match-same-name",
            Self::SameBirthDate => "match-same-birth-date",
            Self::SimilarName => "match-similar-name",
            Self::NamesSwapped => "match-names-swapped",
            Self::NearBirthDate => "match-near-birth-date",
            Self::NameDiffers => "match-name-differs",
            Self::BirthDateDiffers => "match-birth-date-differs",
            Self::BirthDateMissing => "match-birth-date-missing",
            Self::SexDiffers => "match-sex-differs",
            Self::SexMissing => "match-sex-missing",
            Self::SuffixDiffers => "match-suffix-differs",
            Self::MiddleNameDiffers => "match-middle-name-differs",
            Self::FitsBoth => "match-fits-both",
        }
    }
}

/// The verdict on two records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// One person. `sure` when an identifier said so, not the name alone.
    Same { sure: bool },
    /// Perhaps one person: a possible duplicate.
    Alike(Vec<Reason>),
    /// Two people.
    Unlike,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Exact,
    Swapped,
    /// Family or given name can be the same.
    Part {
        family: bool,
        given: bool,
    },
    Differ,
    Missing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Births {
    Equal,
    /// One is a beginning of the other.
    Fits,
    /// A slip of the pen apart: one digit, or day and month changed about.
    Near,
    Differ,
    Missing,
}

impl Person {
    /// What is compared of these demographics, and of names known from earlier.
    pub fn of(patient: &Patient, former: &[almoner_core::clinical::HumanName]) -> Self {
        let mut names: Vec<NameKey> =
            patient.names.iter().chain(former).filter_map(NameKey::of).collect();
        names.sort();
        names.dedup();
        let sex = match patient.gender.as_str() {
            known @ ("male" | "female" | "other") => known.to_owned(),
            _ => String::new(),
        };
        Self {
            names,
            born: patient.birth_date.as_ref().and_then(usable_day),
            birth: patient.birth_date.clone(),
            sex,
            multiple_birth: patient.multiple_birth,
        }
    }

    /// Neither name nor birth date: only a number is known.
    pub fn is_bare(&self) -> bool {
        self.names.is_empty() && self.birth.is_none()
    }
}

/// Compares a person of a file with one that is known, who share identifiers of at most this
/// strength.
pub fn compare(new: &Person, known: &Person, shared: Strength) -> Likeness {
    let names = best_names(new, known);
    let births = births(new, known);
    let reasons = || reasons(new, known, names, births, shared);
    let alike = || Likeness::Alike(reasons());
    if names != Names::Missing && suffixes_differ(new, known) {
        let close = births == Births::Equal || shared == Strength::Strong;
        return if close && names != Names::Differ { alike() } else { Likeness::Unlike };
    }
    match shared {
        Strength::Strong => by_number(new, known, names, births).unwrap_or_else(alike),
        Strength::Weak => match (names, births) {
            (Names::Exact, Births::Equal) if !sex_differs(new, known) => {
                Likeness::Same { sure: true }
            }
            (Names::Exact, _) | (Names::Swapped | Names::Part { .. }, Births::Equal) => alike(),
            _ => by_name(new, known, names, births).unwrap_or_else(alike),
        },
        Strength::Worthless => by_name(new, known, names, births).unwrap_or_else(alike),
    }
}

/// The day a date names, when it is one that a person can be born on: not a date that stands for
/// "unknown".
pub fn usable_day(when: &When) -> Option<NaiveDate> {
    let day = when.date()?;
    let sentinel = day.month() == 1 && day.day() == 1 && matches!(day.year(), 1900 | 1901);
    (!sentinel && day.year() >= 1890).then_some(day)
}

/// A strong number in common: one person, unless what else is known speaks against it. `None` =
/// alike only.
fn by_number(new: &Person, known: &Person, names: Names, births: Births) -> Option<Likeness> {
    let same = Some(Likeness::Same { sure: true });
    let twins = new.multiple_birth || known.multiple_birth;
    match (names, births) {
        (Names::Exact | Names::Missing, Births::Equal | Births::Fits | Births::Missing)
        | (Names::Swapped, Births::Equal) => same,
        (Names::Exact, Births::Near) if !sex_differs(new, known) => same,
        (Names::Part { given, .. }, Births::Equal | Births::Fits | Births::Missing) => {
            (given || !twins && !sex_differs(new, known)).then_some(Likeness::Same { sure: true })
        }
        _ => None,
    }
}

/// No number that counts. `None` = alike only.
fn by_name(new: &Person, known: &Person, names: Names, births: Births) -> Option<Likeness> {
    let twins = new.multiple_birth || known.multiple_birth;
    match (names, births) {
        (Names::Exact, Births::Equal) => {
            let sex = !new.sex.is_empty() && new.sex == known.sex;
            (sex && !middles_differ(new, known)).then_some(Likeness::Same { sure: false })
        }
        (Names::Exact, Births::Near | Births::Fits | Births::Missing)
        | (Names::Swapped | Names::Part { family: true, given: true }, Births::Equal) => None,
        (Names::Part { family: true, given: false }, Births::Equal) => {
            (twins || sex_differs(new, known)).then_some(Likeness::Unlike)
        }
        _ => Some(Likeness::Unlike),
    }
}

fn best_names(new: &Person, known: &Person) -> Names {
    let mut best =
        if new.names.is_empty() || known.names.is_empty() { Names::Missing } else { Names::Differ };
    for (a, b) in pairs(new, known) {
        if a.exact(b) {
            return Names::Exact;
        }
        let (family, given) = (a.same_family(b), a.same_given(b));
        best = match best {
            Names::Swapped => Names::Swapped,
            _ if a.swapped(b) => Names::Swapped,
            Names::Part { family: true, given: true } => best,
            _ if family && given => Names::Part { family, given },
            Names::Part { .. } => best,
            _ if family || given => Names::Part { family, given },
            other => other,
        };
    }
    best
}

fn births(new: &Person, known: &Person) -> Births {
    let (Some(a), Some(b)) = (&new.birth, &known.birth) else { return Births::Missing };
    match (new.born, known.born) {
        (Some(a), Some(b)) if a == b => Births::Equal,
        (Some(a), Some(b)) if near(a, b) => Births::Near,
        (Some(_), Some(_)) => Births::Differ,
        _ if a.compatible(b) => Births::Fits,
        _ => Births::Differ,
    }
}

/// One digit differs, or day and month changed places; never two years or more apart.
fn near(a: NaiveDate, b: NaiveDate) -> bool {
    if (a - b).num_days().abs() >= 731 {
        return false;
    }
    let digits = |day: NaiveDate| day.format("%Y%m%d").to_string();
    let unlike = digits(a).bytes().zip(digits(b).bytes()).filter(|(a, b)| a != b).count();
    let turned = a.year() == b.year() && a.month() == b.day() && a.day() == b.month();
    unlike == 1 || turned
}

fn pairs<'p>(
    new: &'p Person,
    known: &'p Person,
) -> impl Iterator<Item = (&'p NameKey, &'p NameKey)> {
    new.names.iter().flat_map(|a| known.names.iter().map(move |b| (a, b)))
}

fn suffixes_differ(new: &Person, known: &Person) -> bool {
    let fits = |(a, b): (&NameKey, &NameKey)| !a.suffix_conflict(b);
    !pairs(new, known).any(fits) && pairs(new, known).next().is_some()
}

fn middles_differ(new: &Person, known: &Person) -> bool {
    !pairs(new, known).any(|(a, b)| a.exact(b) && !a.middle_conflict(b))
}

fn sex_differs(new: &Person, known: &Person) -> bool {
    !new.sex.is_empty() && !known.sex.is_empty() && new.sex != known.sex
}

fn reasons(
    new: &Person,
    known: &Person,
    names: Names,
    births: Births,
    shared: Strength,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut add = |holds: bool, reason: Reason| {
        if holds {
            reasons.push(reason);
        }
    };
    let has_names = names != Names::Missing;
    add(shared > Strength::Worthless, Reason::SameIdentifier);
    add(names == Names::Exact, Reason::SameName);
    add(names == Names::Swapped, Reason::NamesSwapped);
    add(matches!(names, Names::Part { .. }), Reason::SimilarName);
    add(births == Births::Equal, Reason::SameBirthDate);
    add(births == Births::Near, Reason::NearBirthDate);
    add(names == Names::Differ, Reason::NameDiffers);
    add(births == Births::Differ, Reason::BirthDateDiffers);
    add(matches!(births, Births::Missing | Births::Fits), Reason::BirthDateMissing);
    add(sex_differs(new, known), Reason::SexDiffers);
    add(new.sex.is_empty() || known.sex.is_empty(), Reason::SexMissing);
    add(has_names && suffixes_differ(new, known), Reason::SuffixDiffers);
    add(names == Names::Exact && middles_differ(new, known), Reason::MiddleNameDiffers);
    reasons
}

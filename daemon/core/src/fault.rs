//! What can go wrong, in the words of the house: a refusal that says what to do, an absence, a
//! stale form, a missing permission, or a broken machine.

use crate::permission::May;
use crate::phrase::Phrase;

/// The outcome of anything that may fail.
pub type Outcome<T> = Result<T, Fault>;

/// Why something was not done. Nothing of it was written.
#[derive(Debug)]
pub enum Fault {
    /// The house's rules say no; the person can mend it.
    Refused(Refusal),
    /// There is no such thing (or it is not for the asker to know).
    Absent(&'static str),
    /// The asker's role does not hold this permission.
    Forbidden(May),
    /// Somebody else changed the record since the form was drawn.
    Stale(&'static str),
    /// The machine failed; the cause is for the log, never for the page.
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

/// What the person must change, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// Name of the form's field (empty: the form as a whole) and what is wrong with it.
    pub problems: Vec<(&'static str, Phrase)>,
}

impl Refusal {
    /// A refusal for one field.
    pub fn field(field: &'static str, what: Phrase) -> Self {
        Self { problems: vec![(field, what)] }
    }

    /// Adds a problem when `bad` holds.
    pub fn when(&mut self, bad: bool, field: &'static str, what: Phrase) {
        if bad {
            self.problems.push((field, what));
        }
    }

    /// Refuses when there is any problem.
    pub fn or_ok(self) -> Outcome<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(Fault::Refused(self)) }
    }
}

impl Fault {
    /// A refusal for one field of a form.
    pub fn refused(field: &'static str, what: Phrase) -> Self {
        Self::Refused(Refusal::field(field, what))
    }

    /// A broken machine, told in words for the log (no patient data).
    pub fn broken(what: impl Into<String>) -> Self {
        Self::Broken(what.into().into())
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => {
                let keys: Vec<_> =
                    refusal.problems.iter().map(|(_, what)| what.key.as_ref()).collect();
                write!(f, "refused: {}", keys.join(", "))
            }
            Self::Absent(kind) => write!(f, "no such {kind}"),
            Self::Forbidden(may) => write!(f, "not allowed: {}", may.key()),
            Self::Stale(kind) => write!(f, "the {kind} was changed by somebody else meanwhile"),
            Self::Broken(cause) => write!(f, "{cause}"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<std::io::Error> for Fault {
    fn from(cause: std::io::Error) -> Self {
        Self::Broken(cause.into())
    }
}

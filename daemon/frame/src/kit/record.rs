//! Values of a patient's record: the banner that says who a page is about, goals, and what is known of
//! allergies.

use crate::area::Tone;
use almoner_core::phrase::Phrase;

/// Who a page is about (`UX.md` §2).
#[derive(Clone, Debug, Default)]
pub struct Banner {
    /// "OKAFOR-REYES, María del Carmen"; never cut.
    pub name: String,
    /// The name used; else empty.
    pub used: String,
    /// "Died Mar 2, 2026".
    pub died: Option<String>,
    /// Born, sex, pronouns, record, chart as of.
    pub facts: Vec<Fact>,
    pub acts: Vec<Doing>,
    /// In their fixed order.
    pub alerts: Vec<Warning>,
}

/// A term and its value.
#[derive(Clone, Debug, Default)]
pub struct Fact {
    pub term: String,
    pub value: String,
    /// `mono`, `warn` or nothing.
    pub class: &'static str,
}

/// A button of the banner.
#[derive(Clone, Debug)]
pub struct Doing {
    pub href: String,
    pub icon: &'static str,
    pub text: String,
    pub pri: bool,
}

/// An alert of the banner.
#[derive(Clone, Debug)]
pub struct Warning {
    /// `al`, with `allergy`, `speak` or `same`.
    pub class: &'static str,
    pub icon: &'static str,
    pub text: String,
    /// Where more is, and the link's words.
    pub link: Option<(String, String)>,
}

/// A goal of a care plan.
#[derive(Clone, Debug)]
pub struct Goal {
    /// In the patient's own words and language.
    pub quote: String,
    pub lang: &'static str,
    pub translation: String,
    pub state: GoalState,
    /// The next step, and whose it is.
    pub next: String,
    pub owner: String,
    /// What is measured, how far it is in words and in percent.
    pub measure: String,
    pub reached: String,
    pub share: u8,
    pub tone: Tone,
    /// What stands in the way.
    pub barrier: String,
}

/// How a goal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoalState {
    Proposed,
    Active,
    OnHold,
    Met,
    NotMet,
}

/// What is known of allergies: four different things (`UX.md` §2).
#[derive(Clone, Debug)]
pub enum Allergies {
    /// A list with reactions.
    Listed(Phrase),
    /// Somebody asked; when.
    NoneConfirmed(Phrase),
    NotRecorded(Phrase),
    Unreadable(Phrase),
}

impl GoalState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Proposed, Self::Active, Self::OnHold, Self::Met, Self::NotMet];

    /// Key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Proposed => "kit-goal-proposed",
            Self::Active => "kit-goal-active",
            Self::OnHold => "kit-goal-on-hold",
            Self::Met => "kit-goal-met",
            Self::NotMet => "kit-goal-not-met",
        }
    }

    /// How it looks.
    pub fn tone(self) -> Tone {
        match self {
            Self::Proposed => Tone::Info,
            Self::Active | Self::NotMet => Tone::Plain,
            Self::OnHold => Tone::Warn,
            Self::Met => Tone::Good,
        }
    }
}

impl Allergies {
    /// How it looks: what is listed or unknown is never green.
    pub fn tone(&self) -> Tone {
        match self {
            Self::Listed(_) | Self::Unreadable(_) => Tone::Bad,
            Self::NoneConfirmed(_) => Tone::Good,
            Self::NotRecorded(_) => Tone::Warn,
        }
    }

    /// What is said.
    pub fn said(&self) -> &Phrase {
        match self {
            Self::Listed(said)
            | Self::NoneConfirmed(said)
            | Self::NotRecorded(said)
            | Self::Unreadable(said) => said,
        }
    }
}

//! Whether a person of a file is somebody we know: pure, decided from what both records say
//! (`matching.md`). What is less sure is never joined, only named as a possible duplicate.

pub(crate) mod asked;
mod births;
pub(crate) mod blocks;
mod choose;
mod decide;
mod fits;
mod golden;
pub mod names;
pub(crate) mod nicknames;
pub(crate) mod numbers;
pub(crate) mod part;
mod person;
mod reach;
pub(crate) mod sound;
mod tables;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod tokens;
mod weigh;
pub(crate) mod words;

pub use births::usable_day;
pub use choose::{Candidate, Choice, choose};
pub use decide::{Decision, Verdict, compare, compare_all};
pub use names::NameKey;
pub use numbers::{Ssn, Strength};
pub use person::Person;
pub use tables::{Found, Taken, match_table, match_tables, take_table};
pub(crate) use tables::{Likeness, is_of_many, likeness, shareable};
pub use weigh::{Evidence, Probe, rarity};

use serde::{Deserialize, Serialize};

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
    Nickname,
    FamilyDiffers,
    GivenDiffers,
    SameMiddleName,
    SameSex,
    SameAddress,
    SameHouse,
    /// One street of one ZIP code; the house numbers differ.
    SameStreet,
    SameZip,
    SameTown,
    /// An address where many live.
    SharedAddress,
    SamePhone,
    SameEmail,
    /// A telephone or mail address of many.
    SharedPhone,
    SameMember,
    SameSsn,
    SameSsnEnd,
    /// A slip of the pen apart.
    NearSsn,
    SsnDiffers,
    /// One authority gave each a number of their own.
    NumberDiffers,
    DeathDiffers,
    Twins,
    /// A parent and a child of one name.
    Generations,
    /// Others under one roof.
    Household,
    Placeholder,
    /// A number that was somebody's came with another name and birth date.
    Overlay,
    /// A source says that they are one (HL7 v2 merge or link, FHIR `Patient.link`).
    SourceSays,
    /// They were one record until somebody made two of it.
    Parted,
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
            Self::Nickname => "match-nickname",
            Self::FamilyDiffers => "match-family-differs",
            Self::GivenDiffers => "match-given-differs",
            Self::SameMiddleName => "match-same-middle-name",
            Self::SameSex => "match-same-sex",
            Self::SameAddress => "match-same-address",
            Self::SameHouse => "match-same-house",
            Self::SameStreet => "match-same-street",
            Self::SameZip => "match-same-zip",
            Self::SameTown => "match-same-town",
            Self::SharedAddress => "match-shared-address",
            Self::SamePhone => "match-same-phone",
            Self::SameEmail => "match-same-email",
            Self::SharedPhone => "match-shared-phone",
            Self::SameMember => "match-same-member",
            Self::SameSsn => "match-same-ssn",
            Self::SameSsnEnd => "match-same-ssn-end",
            Self::NearSsn => "match-near-ssn",
            Self::SsnDiffers => "match-ssn-differs",
            Self::NumberDiffers => "match-number-differs",
            Self::DeathDiffers => "match-death-differs",
            Self::Twins => "match-twins",
            Self::Generations => "match-generations",
            Self::Household => "match-household",
            Self::Placeholder => "match-placeholder",
            Self::Overlay => "match-overlay",
            Self::SourceSays => "match-source-says",
            Self::Parted => "match-parted",
        }
    }

    /// Whether nobody is joined without asking where this holds.
    pub(crate) fn forbids(self) -> bool {
        matches!(
            self,
            Self::BirthDateDiffers
                | Self::SuffixDiffers
                | Self::SsnDiffers
                | Self::DeathDiffers
                | Self::NumberDiffers
                | Self::Twins
                | Self::Generations
                | Self::Household
                | Self::Placeholder
                | Self::Overlay
        )
    }
}

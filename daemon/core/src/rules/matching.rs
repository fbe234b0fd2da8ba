//! The numbers by which two records are taken for one person, proposed, or kept apart.

use serde::Deserialize;

/// Weights in bits (log2 of m/u, Fellegi and Sunter) and limits of the decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct Matching {
    /// From this score on a record is joined without asking, where nothing speaks against it …
    pub auto: f64,
    /// … and the second best is so much worse.
    pub margin: f64,
    /// From this score on it is proposed.
    pub review: f64,
    /// Without a birth date in common it is proposed when the odds that it is this one of all who are known are not
    /// worse than one to so many bits.
    pub odds: f64,
    /// Of what is proposed, this much is probable.
    pub probable: f64,
    /// Twins, and parent and child of one name, reach no more.
    pub cap: f64,
    /// Jaro-Winkler similarity of close names, and of near ones.
    pub close: f64,
    pub near: f64,
    /// So many people of one telephone or mail address: it is shared. And of one house.
    pub shared: u64,
    pub shared_home: u64,
    /// A number with more birth dates than this is nobody's.
    pub births: usize,
    /// Years between birth dates that always ask, that are far, and that make parent and child.
    pub apart_years: i64,
    pub far_years: i64,
    pub generation_years: i64,
    /// Digits in which social security numbers differ that a slip of the pen makes unlike, at most.
    pub ssn_slips: usize,
    /// A key of more candidates than this is passed over.
    pub block: usize,
    /// An exact name is a key while no more people bear it.
    pub rare: usize,
    /// People from whom on the clinic's own frequencies of names count for half.
    pub settled: f64,
    /// "Not sure" comes back after so many days.
    pub again_days: u64,
    /// A decision is late after so many business days.
    pub decide_business_days: i64,
    /// From so many bits on a field is told to weigh much, and to weigh something.
    pub strong: f64,
    pub clear: f64,
    pub given: NameBits,
    pub family: NameBits,
    pub name: NamesBits,
    pub birth: BirthBits,
    pub sex: EqualBits,
    pub address: AddressBits,
    pub reach: ReachBits,
    pub number: NumberBits,
    pub asked: AskedWeights,
}

/// What a program must tell of somebody before it is told who they are (FHIR `Patient/$match`): the
/// weights are those of the HL7 Identity Matching guide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct AskedWeights {
    /// So much together.
    pub need: u32,
    /// A passport or driving licence.
    pub papers: u32,
    /// One of address, telephone, mail address, another number; and two or more of them.
    pub reach: u32,
    pub most: u32,
    /// First and last name.
    pub name: u32,
    pub birth: u32,
}

/// What a given or family name weighs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct NameBits {
    /// The same, of a name as common as most; between `least` (common) and `most` (rare).
    pub exact: f64,
    pub least: f64,
    pub most: f64,
    pub close: f64,
    /// An initial, a middle name used as the first, a part of a double surname.
    pub part: f64,
    pub near: f64,
    pub differs: f64,
}

/// What belongs to the name as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct NamesBits {
    /// Added when given and family name stand in each other's place.
    pub swapped: f64,
    /// The family names of two women differ.
    pub changed: f64,
    pub middle: f64,
    pub middle_fits: f64,
    pub middle_differs: f64,
    pub suffix_differs: f64,
}

/// What birth dates weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct BirthBits {
    pub exact: f64,
    /// One digit, or day and month changed about.
    pub slip: f64,
    /// The same day, one year apart.
    pub year_slip: f64,
    /// One is known less precisely.
    pub fits: f64,
    pub differs: f64,
    pub far: f64,
}

/// What is equal or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct EqualBits {
    pub equal: f64,
    pub differs: f64,
}

/// What addresses weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct AddressBits {
    /// Street line and ZIP code.
    pub line: f64,
    /// House number, ZIP code, and a street line that is only misspelt.
    pub line_close: f64,
    /// House number and ZIP code.
    pub house: f64,
    /// Street and ZIP code; the house numbers differ.
    pub street: f64,
    pub zip: f64,
    pub town: f64,
}

/// What telephones and e-mail addresses weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct ReachBits {
    pub phone: f64,
    pub email: f64,
    pub shared: f64,
}

/// What numbers weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct NumberBits {
    /// With an authority that stands for it.
    pub strong: f64,
    /// Of nobody knows whom.
    pub weak: f64,
    /// Of a health plan: the family's.
    pub member: f64,
    pub ssn: f64,
    pub ssn_end: f64,
    /// A slip of the pen apart.
    pub ssn_slip: f64,
    pub ssn_differs: f64,
    /// Two record numbers of one authority.
    pub differs: f64,
}

//! Weighs two identities of people against each other, field by field: what agrees adds bits, what
//! differs takes them away, what is missing weighs nothing (Fellegi and Sunter; `matching.md` §4).
//! The weights are rule data ([`Matching`]).

use super::Reason;
use super::births::{self, Births};
use super::fits::{Fit, better, family, given, half_swapped, nearly_swapped};
use super::numbers::{Ssn, Strength};
use super::person::Person;
use super::reach::Home;
use almoner_core::rules::{Matching, NameBits};
use std::collections::BTreeSet;
use strsim::{damerau_levenshtein, jaro_winkler};

/// A person who is compared with many, and what the clinic knows of what they bear.
#[derive(Clone, Debug)]
pub struct Probe<'p> {
    pub person: &'p Person,
    /// How many people are known here.
    pub people: u64,
    /// What the family and the given name of each name weigh here when they are the same.
    pub rarity: Vec<(f64, f64)>,
    /// Telephones, mail addresses and street lines that many have.
    pub shared: BTreeSet<String>,
    /// Numbers that several people bear: they say little.
    pub crowded: BTreeSet<String>,
    /// Numbers and social security numbers that are nobody's.
    pub worn: BTreeSet<String>,
}

/// What one field of two people says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    pub reason: Reason,
    pub bits: f64,
}

/// Two people, weighed.
#[derive(Clone, Debug)]
pub(super) struct Weighed {
    pub(super) score: f64,
    pub(super) evidence: Vec<Evidence>,
    pub(super) given: Fit,
    pub(super) family: Fit,
    pub(super) swapped: bool,
    pub(super) births: Births,
    /// They share an address or a telephone, whoever else has it.
    pub(super) together: bool,
    /// Something besides name and birth date says that they are one.
    pub(super) second: bool,
    /// A number with its authority, of one person only.
    pub(super) number: bool,
    pub(super) ssn: Option<bool>,
    /// Social security numbers that a slip of the pen makes unlike.
    pub(super) ssn_slip: bool,
}

impl<'p> Probe<'p> {
    /// Somebody of whose names nothing is known yet.
    pub fn new(person: &'p Person, rules: &Matching) -> Self {
        let usual = (rules.family.exact, rules.given.exact);
        Self {
            person,
            people: 0,
            rarity: vec![usual; person.names.len()],
            shared: BTreeSet::new(),
            crowded: BTreeSet::new(),
            worn: BTreeSet::new(),
        }
    }
}

/// What the same name weighs in a clinic where so many of so many people bear it. While the clinic is
/// small, the usual weight counts.
pub fn rarity(bearers: u64, people: u64, rules: &Matching, bits: &NameBits) -> f64 {
    #[allow(clippy::cast_precision_loss)] // counts of people
    let (bearers, people) = (bearers as f64, people as f64);
    let usual = (-bits.exact).exp2();
    let share = (bearers + rules.settled * usual) / (people + rules.settled);
    (-share.log2()).clamp(bits.least, bits.most)
}

pub(super) fn weigh(new: &Probe<'_>, known: &Person, rules: &Matching) -> Weighed {
    let mut weighed = Weighed {
        score: 0.0,
        evidence: Vec::new(),
        given: Fit::Missing,
        family: Fit::Missing,
        swapped: false,
        births: births::compare(new.person, known, rules),
        together: false,
        second: false,
        number: false,
        ssn: None,
        ssn_slip: false,
    };
    weighed.names(new, known, rules);
    weighed.birth(rules);
    weighed.sex(new.person, known, rules);
    weighed.homes(new, known, rules);
    weighed.reach(new, known, rules);
    weighed.numbers(new, known, rules);
    weighed.ssn(new, known, rules);
    weighed
}

impl Weighed {
    fn add(&mut self, reason: Reason, bits: f64) {
        self.score += bits;
        self.evidence.push(Evidence { reason, bits });
    }

    fn names(&mut self, new: &Probe<'_>, known: &Person, rules: &Matching) {
        let mut best = ((Fit::Missing, 0.0), (Fit::Missing, 0.0));
        let (mut nearly, mut half, mut whole) = (false, None, false);
        for (a, usual) in new.person.names.iter().zip(&new.rarity) {
            for b in &known.names {
                self.swapped |= !a.exact(b) && a.swapped(b);
                nearly |= !a.exact(b) && nearly_swapped(a, b, rules);
                half = half.or(half_swapped(a, b, rules));
                let (family, given) = (family(a, b, usual.0, rules), given(a, b, usual.1, rules));
                whole |= family.0 == Fit::Same && !given.0.is_another();
                better(&mut best.0, family);
                better(&mut best.1, given);
            }
        }
        let ((family, mut family_bits), (mut given, given_bits)) = best;
        if family == Fit::Same && !whole && !given.is_another() {
            // The family name of one of their names, the given name of another.
            given = Fit::Close;
        }
        let exact = family == Fit::Same && matches!(given, Fit::Same | Fit::Nickname);
        self.swapped &= !exact;
        let turned = rules.family.close + rules.given.close + rules.name.swapped;
        if nearly && !exact && !self.swapped && turned > family_bits + given_bits {
            (self.family, self.given) = (Fit::Close, Fit::Close);
            self.add(Reason::NamesSwapped, turned);
            return;
        }
        if self.swapped {
            (self.family, self.given) = (Fit::Same, Fit::Same);
            let bits = rules.family.exact + rules.given.exact + rules.name.swapped;
            self.add(Reason::NamesSwapped, bits);
            return;
        }
        if let Some((given, bits)) = half.filter(|it| !exact && it.1 > family_bits + given_bits) {
            (self.family, self.given) = (Fit::Close, given);
            self.add(Reason::NamesSwapped, bits);
            return;
        }
        if family == Fit::Differs {
            family_bits = other_family(new.person, known, rules);
        }
        (self.family, self.given) = (family, given);
        self.say_names(family_bits, given_bits);
        self.middle(new.person, known, rules);
        if suffixes_differ(new.person, known) {
            self.add(Reason::SuffixDiffers, rules.name.suffix_differs);
        }
    }

    fn say_names(&mut self, family_bits: f64, given_bits: f64) {
        use Fit::{Differs, Missing, Nickname, Same};
        let bits = family_bits + given_bits;
        match (self.family, self.given) {
            (Missing, Missing) => {}
            (Same, Same) => self.add(Reason::SameName, bits),
            (Same, Nickname) => self.add(Reason::Nickname, bits),
            (Differs, Differs | Missing) | (Missing, Differs) => {
                self.add(Reason::NameDiffers, bits);
            }
            (Differs, _) => self.add(Reason::FamilyDiffers, bits),
            (_, Differs) => self.add(Reason::GivenDiffers, bits),
            _ => self.add(Reason::SimilarName, bits),
        }
    }

    fn middle(&mut self, new: &Person, known: &Person, rules: &Matching) {
        let pairs = || new.names.iter().flat_map(|a| known.names.iter().map(move |b| (a, b)));
        let mut both = pairs().filter(|(a, b)| !a.middle.is_empty() && !b.middle.is_empty());
        if pairs().any(|(a, b)| a.middle.iter().any(|it| it.len() > 1 && b.middle.contains(it))) {
            self.add(Reason::SameMiddleName, rules.name.middle);
        } else if both.clone().any(|(a, b)| !a.middle_conflict(b)) {
            self.add(Reason::SameMiddleName, rules.name.middle_fits);
        } else if both.next().is_some() {
            self.add(Reason::MiddleNameDiffers, rules.name.middle_differs);
        }
    }

    fn birth(&mut self, rules: &Matching) {
        let bits = &rules.birth;
        match self.births {
            Births::Same => self.add(Reason::SameBirthDate, bits.exact),
            Births::Slip => self.add(Reason::NearBirthDate, bits.slip),
            Births::YearSlip => self.add(Reason::NearBirthDate, bits.year_slip),
            Births::Fits => self.add(Reason::BirthDateMissing, bits.fits),
            Births::Differ => self.add(Reason::BirthDateDiffers, bits.differs),
            Births::Far => self.add(Reason::BirthDateDiffers, bits.far),
            Births::Missing => self.add(Reason::BirthDateMissing, 0.0),
        }
    }

    fn sex(&mut self, new: &Person, known: &Person, rules: &Matching) {
        match (new.sex.as_str(), known.sex.as_str()) {
            ("", _) | (_, "") => self.add(Reason::SexMissing, 0.0),
            (a, b) if a == b => self.add(Reason::SameSex, rules.sex.equal),
            _ => self.add(Reason::SexDiffers, rules.sex.differs),
        }
    }

    fn homes(&mut self, new: &Probe<'_>, known: &Person, rules: &Matching) {
        let mut best = (Reason::SameTown, 0.0);
        for a in &new.person.homes {
            let of_many = a.of_many || new.shared.contains(&home_key(&a.line, &a.zip));
            for b in &known.homes {
                let line = !a.line.is_empty() && a.line == b.line;
                let house = !a.house.is_empty() && a.house == b.house;
                let zip = !a.zip.is_empty() && a.zip == b.zip;
                self.together |= (line || house) && zip;
                let found = home(a, b, of_many, rules);
                if let Some(found) = found.filter(|found| found.1 > best.1) {
                    best = found;
                }
            }
        }
        self.second |= best.0 == Reason::SameAddress;
        if best.1 > 0.0 {
            self.add(best.0, best.1);
        }
    }

    fn reach(&mut self, new: &Probe<'_>, known: &Person, rules: &Matching) {
        let bits = &rules.reach;
        let lists = [
            (&new.person.phones, &known.phones, Reason::SamePhone, bits.phone),
            (&new.person.emails, &known.emails, Reason::SameEmail, bits.email),
        ];
        for (mine, theirs, reason, weight) in lists {
            let mut equal = mine.iter().filter(|it| theirs.contains(it)).peekable();
            if equal.peek().is_none() {
                continue;
            }
            self.together = true;
            if equal.any(|it| !new.shared.contains(it)) {
                self.second = true;
                self.add(reason, weight);
            } else {
                self.add(Reason::SharedPhone, bits.shared);
            }
        }
    }

    fn numbers(&mut self, new: &Probe<'_>, known: &Person, rules: &Matching) {
        let bits = &rules.number;
        let usable = |it: &&(String, Strength)| {
            known.numbers.iter().any(|(text, _)| *text == it.0) && !new.worn.contains(&it.0)
        };
        let strong =
            |it: &(String, Strength)| it.1 == Strength::Strong && !new.crowded.contains(&it.0);
        let mut equal = new.person.numbers.iter().filter(usable).peekable();
        if equal.peek().is_some() {
            self.second = true;
            self.number = equal.any(strong);
            let weight = if self.number { bits.strong } else { bits.weak };
            self.add(Reason::SameIdentifier, weight);
        } else if numbers_differ(&new.person.records, &known.records) {
            self.add(Reason::NumberDiffers, bits.differs);
        }
        let given = matches!(self.given, Fit::Same | Fit::Nickname);
        let member = new.person.members.iter().any(|it| known.members.contains(it));
        if member && given && self.births == Births::Same {
            self.second = true;
            self.add(Reason::SameMember, bits.member);
        }
    }

    fn ssn(&mut self, new: &Probe<'_>, known: &Person, rules: &Matching) {
        let bits = &rules.number;
        let (Some(a), Some(b)) = (&new.person.ssn, &known.ssn) else { return };
        let end = |it: &Ssn| match it {
            Ssn::Whole(digits) => digits.get(5..).unwrap_or_default().to_owned(),
            Ssn::End(digits) => digits.clone(),
        };
        match (a, b) {
            (Ssn::Whole(x), Ssn::Whole(y)) if x == y && !new.worn.contains(x) => {
                (self.ssn, self.second) = (Some(true), true);
                self.add(Reason::SameSsn, bits.ssn);
            }
            (Ssn::Whole(x), Ssn::Whole(y)) if new.worn.contains(x) || new.worn.contains(y) => {}
            // A slip of the pen: hardly anybody else has nearly the same.
            (Ssn::Whole(x), Ssn::Whole(y)) if damerau_levenshtein(x, y) <= rules.ssn_slips => {
                self.ssn_slip = true;
                self.add(Reason::NearSsn, bits.ssn_slip);
            }
            (Ssn::Whole(_), Ssn::Whole(_)) => {
                self.ssn = Some(false);
                self.add(Reason::SsnDiffers, bits.ssn_differs);
            }
            _ if end(a) == end(b) => {
                self.second = true;
                self.add(Reason::SameSsnEnd, bits.ssn_end);
            }
            _ => {}
        }
    }
}

/// What family names weigh that differ: women's change, and who is not told to be a man may be one.
fn other_family(new: &Person, known: &Person, rules: &Matching) -> f64 {
    match (new.sex.as_str(), known.sex.as_str()) {
        ("female", "female") => rules.name.changed,
        ("female" | "", "female" | "") => f64::midpoint(rules.name.changed, rules.family.differs),
        _ => rules.family.differs,
    }
}

/// What two addresses say.
fn home(a: &Home, b: &Home, of_many: bool, rules: &Matching) -> Option<(Reason, f64)> {
    let bits = &rules.address;
    let line = !a.line.is_empty() && a.line == b.line;
    let house = !a.house.is_empty() && a.house == b.house;
    let zip = !a.zip.is_empty() && a.zip == b.zip;
    let town = !a.town.is_empty() && a.town == b.town;
    let no_zip = a.zip.is_empty() || b.zip.is_empty();
    let misspelt = house && !line && jaro_winkler(&a.line, &b.line) >= rules.close;
    let found = match (line, house, zip) {
        (true, _, true) if of_many => (Reason::SharedAddress, rules.reach.shared),
        (true, true, true) => (Reason::SameAddress, bits.line),
        (_, _, true) if misspelt => (Reason::SameHouse, bits.line_close),
        (true, false, true) | (false, true, true) => (Reason::SameHouse, bits.house),
        // One house of one town, be the ZIP code missing or mistyped.
        (true, _, _) if town && (house || no_zip) && !of_many => (Reason::SameHouse, bits.house),
        _ if town && misspelt && !of_many => (Reason::SameHouse, bits.house),
        (_, _, true) if same_street(a, b, rules) => (Reason::SameStreet, bits.street),
        (_, _, true) => (Reason::SameZip, bits.zip),
        _ if town => (Reason::SameTown, bits.town),
        _ => return None,
    };
    Some(found)
}

/// One street, be it misspelt; the house numbers differ.
fn same_street(a: &Home, b: &Home, rules: &Matching) -> bool {
    let (a, b) = (a.street(), b.street());
    !a.is_empty() && !b.is_empty() && jaro_winkler(a, b) >= rules.close
}

/// What parts a street line from its ZIP code.
pub(super) const HOME_SIGN: char = '|';

/// A street line with its ZIP code, as it is counted.
pub(crate) fn home_key(line: &str, zip: &str) -> String {
    format!("{line}{HOME_SIGN}{zip}")
}

/// All pairs of names have suffixes that differ.
pub(super) fn suffixes_differ(new: &Person, known: &Person) -> bool {
    let mut pairs = new.names.iter().flat_map(|a| known.names.iter().map(move |b| (a, b)));
    let any = pairs.clone().next().is_some();
    any && pairs.all(|(a, b)| a.suffix_conflict(b))
}

/// One authority has given each a record number of their own.
pub(super) fn numbers_differ(new: &[(String, String)], known: &[(String, String)]) -> bool {
    new.iter().any(|(authority, _)| {
        let mut theirs = known.iter().filter(|(other, _)| other == authority).peekable();
        theirs.peek().is_some() && !theirs.any(|it| new.contains(it))
    })
}

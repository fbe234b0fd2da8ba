//! The patients of a set, each with what the map says of names, numbers, addresses and languages.

use super::account::{Account, Loss};
use super::cells::{BoundOnly, BoundPiece, Cells, Fields, Scene};
use super::map::Map;
use super::set::{At, Bound, Set, whole};
use crate::hl7v2::codes;
use almoner_core::clinical::{Communication, Concept, Identifier, Patient, Reference, system};
use almoner_core::export::PersonStatements;
use std::collections::HashMap;

/// The part of a map that tells of patients, bound.
pub(super) struct People<'m> {
    map: &'m Map,
    sheet: usize,
    key: Bound,
    only: Vec<BoundOnly<'m>>,
    fields: Fields<'m>,
    identifiers: Vec<BoundPiece<'m>>,
    names: Vec<BoundPiece<'m>>,
    telecoms: Vec<BoundPiece<'m>>,
    addresses: Vec<BoundPiece<'m>>,
}

impl<'m> People<'m> {
    /// `None` when the set has no table of patients.
    pub fn bind(set: &mut Set, map: &'m Map) -> Option<Self> {
        let patient = &map.patient;
        let sheet = set.sheet(&patient.table)?;
        Some(Self {
            map,
            sheet,
            key: set.bind(sheet, &patient.key),
            only: BoundOnly::bind(set, sheet, &patient.only),
            fields: Fields::bind(set, sheet, map, &patient.fields),
            identifiers: BoundPiece::bind(set, sheet, map, &patient.identifier),
            names: BoundPiece::bind(set, sheet, map, &patient.name),
            telecoms: BoundPiece::bind(set, sheet, map, &patient.telecom),
            addresses: BoundPiece::bind(set, sheet, map, &patient.address),
        })
    }

    /// The patients, and where each stands by its key.
    pub fn read(
        &self,
        set: &Set,
        account: &Account,
    ) -> (Vec<PersonStatements>, HashMap<String, usize>) {
        let scene = Scene { set, account };
        let mut people: Vec<PersonStatements> = Vec::new();
        let mut places = HashMap::new();
        for at in set.rows(self.sheet) {
            if !set.is_even(at) {
                account.count(Loss::Ragged, &self.map.patient.table, || set.place(at));
                continue;
            }
            if !self.only.iter().all(|only| only.holds(set, at)) {
                account.count(Loss::Excluded, &self.map.patient.table, || set.place(at));
                continue;
            }
            let key = self.key.first(set, at);
            let key = whole(&key);
            if key.is_empty() || key == "0" {
                account.count(Loss::Hollow, &self.map.patient.table, || set.place(at));
                continue;
            }
            if places.contains_key(key) {
                account.count(Loss::Repeated, &self.map.patient.table, || set.place(at));
                continue;
            }
            places.insert(key.to_owned(), people.len());
            people.push(PersonStatements {
                key: format!("{}/{key}", self.map.patient.table),
                place: set.place(at),
                patient: self.patient(&scene, at, key),
                ..PersonStatements::default()
            });
        }
        (people, places)
    }

    fn patient(&self, scene: &Scene<'_>, at: At, key: &str) -> Patient {
        let cells = self.fields.row(scene, at);
        let each = |pieces: &[BoundPiece<'m>], found: &mut dyn FnMut(Cells<'_>)| {
            for piece in pieces {
                piece.each(scene, at).into_iter().for_each(&mut *found);
            }
        };
        let mut patient = about(&cells);
        // The vendor's own number first: it is the steadiest.
        patient.identifiers.push(Identifier {
            system: format!("{}:{}", self.map.vendor, self.map.patient.table),
            value: key.to_owned(),
            kind: "PI".to_owned(),
        });
        each(&self.identifiers, &mut |cells| patient.identifiers.extend(identifier(&cells)));
        each(&self.names, &mut |cells| {
            let name = cells.name().filter(|name| !patient.names.contains(name));
            patient.names.extend(name);
        });
        each(&self.telecoms, &mut |cells| {
            let contact = cells.contact();
            let new =
                contact.filter(|it| patient.telecoms.iter().all(|held| held.value != it.value));
            patient.telecoms.extend(new);
        });
        each(&self.addresses, &mut |cells| {
            let address = cells.address().filter(|address| !patient.addresses.contains(address));
            patient.addresses.extend(address);
        });
        patient
    }
}

/// A number with its authority. A social security number is told by its kind.
fn identifier(cells: &Cells<'_>) -> Option<Identifier> {
    let (value, kind) = (cells.text("value"), cells.text("kind"));
    let nothing = !value.chars().any(|c| c.is_alphanumeric() && c != '0');
    if nothing {
        return None;
    }
    let system = if kind == "SS" { system::US_SSN.to_owned() } else { cells.text("system") };
    Some(Identifier { system, value, kind })
}

/// What stands in fields of the patient's own row.
fn about(cells: &Cells<'_>) -> Patient {
    let deceased_at = cells.when("deceased_at");
    Patient {
        birth_date: cells.when("birth_date"),
        gender: codes::gender(&cells.text("gender")).to_owned(),
        deceased: deceased_at.is_some() || cells.flag("deceased") == Some(true),
        deceased_at,
        marital_status: marital(&cells.text("marital")),
        race: cells.concepts("race"),
        ethnicity: cells.concepts("ethnicity"),
        communications: languages(cells),
        interpreter_needed: cells.flag("interpreter"),
        multiple_birth: cells.flag("multiple_birth") == Some(true),
        general_practitioner: cells.named("practitioner").into_iter().collect(),
        managing_organization: cells.named("organization").map(|it| Reference { ..it }),
        ..Patient::default()
    }
}

fn marital(words: &str) -> Option<Concept> {
    let code = codes::marital(words);
    let codings = super::values::coding(codes::MARITAL, code, "").into_iter().collect();
    super::values::concept(words, codings)
}

/// Languages whose names are known; an unknown one would be no tag.
fn languages(cells: &Cells<'_>) -> Vec<Communication> {
    let mut found: Vec<Communication> = Vec::new();
    for words in cells.all("language") {
        let language = codes::language("", &words);
        // ISO 639 has two or three letters; a word that is no language's name comes back as it is.
        let lower = language.bytes().all(|byte| byte.is_ascii_lowercase());
        let tag = lower && matches!(language.len(), 2 | 3);
        if !tag {
            cells.lost(Loss::Word, "language");
        } else if found.iter().all(|held| held.language != language) {
            found.push(Communication { language, preferred: found.is_empty() });
        }
    }
    found
}

//! Whose a row is: the service, place, service at a place, organization or contact that it names.

use super::names::Kind;
use super::pile::{Pile, Record};
use std::collections::{HashMap, HashSet};

/// Who or what a row belongs to, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Owner<'p> {
    Organization(&'p str),
    Service(&'p str),
    Location(&'p str),
    /// A service at a place.
    At(&'p str, &'p str),
    Contact(&'p str),
}

/// Rows by kind and owner, and how many name nobody known.
pub(super) struct Owners<'p> {
    rows: HashMap<(Kind, Owner<'p>), Vec<&'p Record>>,
    pub(super) orphans: HashMap<Kind, usize>,
}

/// What is known by number.
struct Known<'p> {
    organizations: HashSet<&'p str>,
    services: HashSet<&'p str>,
    locations: HashSet<&'p str>,
    contacts: HashSet<&'p str>,
    /// Links of services to places, by their own number.
    links: HashMap<&'p str, (&'p str, &'p str)>,
    pairs: HashSet<(&'p str, &'p str)>,
}

/// Kinds of rows that belong to something.
const OWNED: [Kind; 13] = [
    Kind::Phone,
    Kind::Address,
    Kind::Schedule,
    Kind::Contact,
    Kind::Language,
    Kind::Area,
    Kind::Document,
    Kind::Cost,
    Kind::Payment,
    Kind::Funding,
    Kind::Eligibility,
    Kind::Accessibility,
    Kind::Attribute,
];

impl<'p> Owners<'p> {
    pub(super) fn of(pile: &'p Pile) -> Self {
        let known = Known::of(pile);
        let mut rows: HashMap<_, Vec<&Record>> = HashMap::new();
        let mut orphans = HashMap::new();
        for kind in OWNED {
            for record in pile.of(kind) {
                match known.owner(record, kind) {
                    Some(owner) => rows.entry((kind, owner)).or_default().push(record),
                    None => *orphans.entry(kind).or_default() += 1,
                }
            }
        }
        Self { rows, orphans }
    }

    /// The rows of a kind that belong to this one.
    pub(super) fn rows(&self, kind: Kind, owner: Owner<'p>) -> &[&'p Record] {
        self.rows.get(&(kind, owner)).map_or(&[][..], Vec::as_slice)
    }
}

impl<'p> Known<'p> {
    fn of(pile: &'p Pile) -> Self {
        let ids = |kind: Kind| -> HashSet<&'p str> {
            pile.of(kind)
                .iter()
                .map(|record| record.get("id"))
                .filter(|id| !id.is_empty())
                .collect()
        };
        let links = pile.of(Kind::ServiceAtLocation).iter();
        let links: HashMap<_, _> =
            links.map(|it| (it.get("id"), (it.get("serviceid"), it.get("locationid")))).collect();
        let direct = pile.of(Kind::Service).iter().map(|it| (it.get("id"), it.get("locationid")));
        let pairs = links.values().copied().chain(direct).collect();
        Self {
            organizations: ids(Kind::Organization),
            services: ids(Kind::Service),
            locations: ids(Kind::Location),
            contacts: ids(Kind::Contact),
            links,
            pairs,
        }
    }

    /// The nearest owner that a row names: a row that names a service and a place is about the
    /// service at that place.
    fn owner(&self, record: &'p Record, kind: Kind) -> Option<Owner<'p>> {
        let named = |name: &str, known: &HashSet<&'p str>| known.get(record.get(name)).copied();
        if kind != Kind::Contact
            && let Some(contact) = named("contactid", &self.contacts)
        {
            return Some(Owner::Contact(contact));
        }
        if let Some((service, location)) = self.links.get(record.get("serviceatlocationid"))
            && self.services.contains(service)
            && self.locations.contains(location)
        {
            return Some(Owner::At(service, location));
        }
        let service =
            named("serviceid", &self.services).or_else(|| named("linkid", &self.services));
        let location =
            named("locationid", &self.locations).or_else(|| named("linkid", &self.locations));
        let organization = named("organizationid", &self.organizations)
            .or_else(|| named("linkid", &self.organizations));
        match (service, location, organization) {
            (Some(service), Some(location), _) if self.pairs.contains(&(service, location)) => {
                Some(Owner::At(service, location))
            }
            (Some(service), ..) => Some(Owner::Service(service)),
            (None, Some(location), _) => Some(Owner::Location(location)),
            (None, None, Some(organization)) => Some(Owner::Organization(organization)),
            (None, None, None) => self.agency(record),
        }
    }

    /// A row of a product that calls all of them by one kind of number.
    fn agency(&self, record: &'p Record) -> Option<Owner<'p>> {
        let id = record.get("agencyid");
        let find = |known: &HashSet<&'p str>| known.get(id).copied();
        find(&self.organizations)
            .map(Owner::Organization)
            .or_else(|| find(&self.services).map(Owner::Service))
            .or_else(|| find(&self.locations).map(Owner::Location))
    }
}

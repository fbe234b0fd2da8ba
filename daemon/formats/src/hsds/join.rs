//! Joins the rows of a directory into entries: a service with who gives it, where, when and how.

use super::names::Kind;
use super::owners::{Owner, Owners};
use super::parts::{self, Terms};
use super::pile::{Pile, Record};
use almoner_core::clinical::{ServiceEntry, ServicePlace, ServiceProvider, TaxonomyTerm};
use almoner_core::export::{Problem, Severity};
use std::collections::{HashMap, HashSet};

/// Fields of a service that are told by name; what else stands in its row is kept by its heading.
const TOLD: [&str; 34] = [
    "id",
    "organizationid",
    "programid",
    "locationid",
    "name",
    "alternatename",
    "description",
    "url",
    "email",
    "status",
    "eligibility",
    "audience",
    "minimumage",
    "maximumage",
    "fees",
    "applicationprocess",
    "waittime",
    "interpretationservices",
    "accreditations",
    "licenses",
    "alert",
    "requireddocuments",
    "acceptedpayments",
    "fundingsources",
    "languages",
    "areas",
    "serviceareas",
    "coverage",
    "taxonomyids",
    "taxonomynames",
    "assureddate",
    "lastmodified",
    "hours",
    "program",
];

/// An entry with the place of its row.
pub(super) struct Joined {
    pub(super) place: String,
    pub(super) entry: ServiceEntry,
}

/// What the join looks things up in.
struct Join<'p> {
    owners: Owners<'p>,
    organizations: HashMap<&'p str, &'p Record>,
    locations: HashMap<&'p str, &'p Record>,
    programs: HashMap<&'p str, &'p Record>,
    terms: Terms<'p>,
    /// Places of a service, in order, with what is said of the service there.
    at: HashMap<&'p str, Vec<(&'p str, &'p Record)>>,
}

/// All entries of a pile, and what could not be joined.
pub(super) fn join(pile: &Pile) -> (Vec<Joined>, Vec<Problem>) {
    let mut problems = Vec::new();
    let organizations = by_id(pile.of(Kind::Organization), "organizations", &mut problems);
    let locations = by_id(pile.of(Kind::Location), "locations", &mut problems);
    let services = by_id(pile.of(Kind::Service), "services", &mut problems);
    let programs = by_id(pile.of(Kind::Program), "programs", &mut problems);
    let owners = Owners::of(pile);
    let lost: usize = owners.orphans.values().sum();
    if lost > 0 {
        let message = format!(
            "{lost} rows (telephones, addresses, hours and the like) name no organization, service \
             or place of this directory; they are in the file, not in the entries."
        );
        problems.push(Problem::new(Severity::Warning, "file", "hsds_rows_without_owner", &message));
    }
    let mut join =
        Join { owners, organizations, locations, programs, terms: terms(pile), at: HashMap::new() };
    let broken = join.link(pile, &services);
    if broken > 0 {
        let message = format!(
            "{broken} links name a service or a place that the directory does not list; a table may \
             be missing or cut off."
        );
        problems.push(Problem::new(Severity::Warning, "file", "hsds_links_broken", &message));
    }
    let mut all: Vec<Joined> = Vec::new();
    let mut nameless = 0;
    let mut done = HashSet::new();
    for record in pile.of(Kind::Service).iter().filter(|it| done.insert(it.get("id").to_owned())) {
        let entry = join.service(record);
        nameless += usize::from(entry.provider.name.is_empty());
        all.push(Joined { place: record.place.clone(), entry });
    }
    if nameless > 0 {
        let message = format!(
            "{nameless} services name an organization that the directory does not list. Drop its \
             table of organizations together with the others."
        );
        problems.push(Problem::new(
            Severity::Warning,
            "file",
            "hsds_organization_missing",
            &message,
        ));
    }
    all.extend(join.rest(pile));
    (all, problems)
}

/// Rows by their number; a number that comes twice is told, and its first row counts.
fn by_id<'p>(
    rows: &'p [Record],
    table: &str,
    problems: &mut Vec<Problem>,
) -> HashMap<&'p str, &'p Record> {
    let mut map: HashMap<&str, &Record> = HashMap::new();
    let mut twice = 0;
    for row in rows {
        let id = row.get("id");
        match map.get(id) {
            Some(known) => twice += usize::from(contradict(known, row)),
            None => drop(map.insert(id, row)),
        }
    }
    if twice > 0 {
        let message = format!(
            "{twice} rows of {table} bear a number that another row bears too and say something \
             else; the first of each was taken."
        );
        problems.push(Problem::new(Severity::Warning, table, "hsds_number_twice", &message));
    }
    map
}

/// Whether two rows of one number say different things (one may simply say less).
fn contradict(a: &Record, b: &Record) -> bool {
    let other = |name: &str| b.get(name);
    a.fields.iter().any(|field| !other(&field.name).is_empty() && other(&field.name) != field.value)
}

/// The terms of the directory, by number and by code.
fn terms(pile: &Pile) -> Terms<'_> {
    let names: HashMap<&str, &str> =
        pile.of(Kind::Vocabulary).iter().map(|it| (it.get("id"), it.get("name"))).collect();
    let mut terms = Terms::new();
    for row in pile.of(Kind::Term) {
        let (id, code) = (row.get("id"), row.get("code"));
        let id = if id.is_empty() { row.get("taxonomyid") } else { id };
        let whose = row.get("vocabularyid");
        let whose = names.get(whose).copied().unwrap_or_default();
        let whose = [whose, row.get("vocabulary"), row.get("taxonomy")];
        let term = TaxonomyTerm {
            code: if code.is_empty() { id } else { code }.to_owned(),
            name: row.get("name").to_owned(),
            vocabulary: whose.into_iter().find(|it| !it.is_empty()).unwrap_or_default().to_owned(),
        };
        for key in [id, code].into_iter().filter(|key| !key.is_empty()) {
            terms.entry(key).or_insert_with(|| term.clone());
        }
    }
    terms
}

impl<'p> Join<'p> {
    /// Links services to places; how many links lead nowhere.
    fn link(&mut self, pile: &'p Pile, services: &HashMap<&'p str, &'p Record>) -> usize {
        let mut broken = 0;
        let direct =
            pile.of(Kind::Service).iter().map(|it| (it.get("id"), it.get("locationid"), it));
        let links = pile.of(Kind::ServiceAtLocation).iter();
        let links = links.map(|it| (it.get("serviceid"), it.get("locationid"), it));
        for (service, location, record) in direct.filter(|it| !it.1.is_empty()).chain(links) {
            if !services.contains_key(service) || !self.locations.contains_key(location) {
                broken += 1;
                continue;
            }
            let places = self.at.entry(service).or_default();
            if !places.iter().any(|(known, _)| *known == location) {
                places.push((location, record));
            }
        }
        broken
    }

    fn service(&self, record: &'p Record) -> ServiceEntry {
        let id = record.get("id");
        let places = self.at.get(id).map_or(&[][..], Vec::as_slice);
        let owner = Owner::Service(id);
        let rows = |kind: Kind| self.owners.rows(kind, owner);
        let text = |name: &str| record.get(name).to_owned();
        let program = self.programs.get(record.get("programid"));
        let program = program.map(|it| it.get("name")).filter(|name| !name.is_empty());
        let mut schedules = parts::schedules(rows(Kind::Schedule));
        schedules.extend(parts::hours(record.get("hours")));
        let list = |kind: Kind, names: &[&str], cell: &str| {
            let mut all = parts::texts(rows(kind), names);
            all.extend(parts::pieces(record.get(cell)));
            all
        };
        let mut areas =
            list(Kind::Area, &["name", "servicearea", "description", "extent"], "serviceareas");
        areas.extend(
            [text("areas"), text("coverage")].into_iter().flat_map(|it| parts::pieces(&it)),
        );
        areas.dedup();
        let mut eligibility =
            parts::texts(rows(Kind::Eligibility), &["eligibility", "eligibilitytype"]);
        eligibility.extend(
            [text("eligibility"), text("audience")].into_iter().filter(|it| !it.is_empty()),
        );
        let mut documents = parts::texts(rows(Kind::Document), &["document"]);
        documents.extend(Some(text("requireddocuments")).filter(|it| !it.is_empty()));
        ServiceEntry {
            id: format!("service:{id}"),
            provider: self.provider(self.organization_of(record, places)),
            program: program.map_or_else(|| text("program"), str::to_owned),
            name: text("name"),
            alternate_name: text("alternatename"),
            description: text("description"),
            status: status(record.get("status")),
            url: text("url"),
            email: text("email"),
            eligibility,
            minimum_age: text("minimumage"),
            maximum_age: text("maximumage"),
            fees: text("fees"),
            costs: parts::costs(rows(Kind::Cost)),
            application: text("applicationprocess"),
            wait_time: text("waittime"),
            interpretation: text("interpretationservices"),
            accreditations: text("accreditations"),
            licenses: text("licenses"),
            alert: text("alert"),
            required_documents: documents,
            payments: list(Kind::Payment, &["payment"], "acceptedpayments"),
            funding: list(Kind::Funding, &["source"], "fundingsources"),
            languages: list(Kind::Language, &["name", "language", "code"], "languages"),
            areas,
            terms: parts::terms(rows(Kind::Attribute), record, &self.terms),
            contacts: parts::contacts(rows(Kind::Contact), &self.owners),
            phones: parts::phones(rows(Kind::Phone)),
            schedules,
            places: places
                .iter()
                .map(|(location, link)| self.place(location, Some((id, link))))
                .collect(),
            other: rest(record),
            assured: parts::date(record.get("assureddate")),
            modified: parts::date(record.get("lastmodified")),
        }
    }

    /// The organization of a service: named by it, by its program, or by its place.
    fn organization_of(&self, record: &'p Record, places: &[(&'p str, &'p Record)]) -> &'p str {
        let of = |map: &HashMap<&'p str, &'p Record>, id: &str| {
            map.get(id).map_or("", |it| it.get("organizationid"))
        };
        let program = of(&self.programs, record.get("programid"));
        let place = places.first().map_or("", |(location, _)| of(&self.locations, location));
        let named = [record.get("organizationid"), program, place];
        named.into_iter().find(|id| !id.is_empty()).unwrap_or_default()
    }

    fn provider(&self, id: &'p str) -> ServiceProvider {
        let Some(record) = self.organizations.get(id) else {
            return ServiceProvider { id: id.to_owned(), ..ServiceProvider::default() };
        };
        let owner = Owner::Organization(id);
        let parent = self.organizations.get(record.get("parentorganizationid"));
        ServiceProvider {
            id: id.to_owned(),
            name: record.get("name").to_owned(),
            alternate_name: record.get("alternatename").to_owned(),
            description: record.get("description").to_owned(),
            email: record.get("email").to_owned(),
            url: record.get("url").to_owned(),
            legal_status: record.get("legalstatus").to_owned(),
            tax_id: record.get("taxid").to_owned(),
            parent: parent.map_or("", |it| it.get("name")).to_owned(),
            phones: parts::phones(self.owners.rows(Kind::Phone, owner)),
            contacts: parts::contacts(self.owners.rows(Kind::Contact, owner), &self.owners),
            addresses: parts::addresses(self.owners.rows(Kind::Address, owner)),
        }
    }

    /// A place, with what is said of one service there.
    fn place(&self, id: &'p str, service: Option<(&'p str, &'p Record)>) -> ServicePlace {
        let Some(record) = self.locations.get(id) else { return ServicePlace::default() };
        let rows = |kind: Kind| -> Vec<&'p Record> {
            let here = self.owners.rows(kind, Owner::Location(id)).iter();
            let there = service.map(|(service, _)| self.owners.rows(kind, Owner::At(service, id)));
            here.chain(there.into_iter().flatten()).copied().collect()
        };
        let mut schedules = parts::schedules(&rows(Kind::Schedule));
        schedules.extend(parts::hours(record.get("hours")));
        let link = service.map(|(_, link)| link).filter(|link| !link.get("serviceid").is_empty());
        let said = link.map_or("", |link| link.get("description"));
        let mut accessibility =
            parts::texts(&rows(Kind::Accessibility), &["accessibility", "description", "details"]);
        accessibility.extend(parts::pieces(record.get("accessibility")));
        let mut languages = parts::texts(&rows(Kind::Language), &["name", "language", "code"]);
        languages.extend(parts::pieces(record.get("languages")));
        ServicePlace {
            id: id.to_owned(),
            name: record.get("name").to_owned(),
            alternate_name: record.get("alternatename").to_owned(),
            description: parts::joined(&[record.get("description"), said]),
            kind: record.get("locationtype").to_owned(),
            url: record.get("url").to_owned(),
            latitude: record.get("latitude").to_owned(),
            longitude: record.get("longitude").to_owned(),
            transportation: record.get("transportation").to_owned(),
            accessibility,
            addresses: parts::addresses(&rows(Kind::Address)),
            phones: parts::phones(&rows(Kind::Phone)),
            schedules,
            languages,
            contacts: parts::contacts(&rows(Kind::Contact), &self.owners),
        }
    }

    /// Entries of organizations without services, with their places at which none is given; and of
    /// places that belong to nobody.
    fn rest(&self, pile: &'p Pile) -> Vec<Joined> {
        let mut used = HashSet::new();
        let mut served = HashSet::new();
        for record in pile.of(Kind::Service) {
            let places = self.at.get(record.get("id")).map_or(&[][..], Vec::as_slice);
            used.extend(places.iter().map(|(location, _)| *location));
            served.insert(self.organization_of(record, places));
        }
        let mut bare: HashMap<&str, Vec<&'p Record>> = HashMap::new();
        let mut seen = HashSet::new();
        for location in pile.of(Kind::Location) {
            let id = location.get("id");
            if !used.contains(id) && seen.insert(id) {
                let owner = location.get("organizationid");
                let owner = if self.organizations.contains_key(owner) { owner } else { "" };
                bare.entry(owner).or_default().push(location);
            }
        }
        let mut all = Vec::new();
        let mut done = HashSet::new();
        for organization in pile.of(Kind::Organization) {
            let id = organization.get("id");
            let places = bare.remove(id).unwrap_or_default();
            if done.insert(id) && (!served.contains(id) || !places.is_empty()) {
                all.push(self.alone(organization, &places));
            }
        }
        for location in bare.remove("").unwrap_or_default() {
            let id = location.get("id");
            let entry = ServiceEntry {
                id: format!("location:{id}"),
                places: vec![self.place(id, None)],
                ..ServiceEntry::default()
            };
            all.push(Joined { place: location.place.clone(), entry });
        }
        all
    }

    fn alone(&self, organization: &'p Record, places: &[&'p Record]) -> Joined {
        let id = organization.get("id");
        let entry = ServiceEntry {
            id: format!("organization:{id}"),
            provider: self.provider(id),
            status: status(organization.get("status")),
            places: places.iter().map(|it| self.place(it.get("id"), None)).collect(),
            assured: parts::date(organization.get("assureddate")),
            modified: parts::date(organization.get("lastmodified")),
            ..ServiceEntry::default()
        };
        Joined { place: organization.place.clone(), entry }
    }
}

/// HSDS words for where an entry stands; a product's own words in its brackets are taken out of them.
fn status(text: &str) -> String {
    let plain: String = text.chars().filter(|sign| !matches!(sign, '[' | ']' | '"')).collect();
    plain.split(',').next().unwrap_or_default().trim().to_lowercase()
}

/// What else stands in a service's row, by its headings.
fn rest(record: &Record) -> Vec<(String, String)> {
    let other = record.fields.iter().filter(|field| !TOLD.contains(&field.name.as_str()));
    other.map(|field| (field.heading.clone(), field.value.clone())).collect()
}

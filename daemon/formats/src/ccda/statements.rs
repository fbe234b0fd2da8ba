//! From sections to statements: finds the acts of each section and lets the reader of its domain
//! say what they state.
//!
//! A statement is known by its template, for C32 and CCD by the older roots; where a section uses
//! none of them, the first fitting act of each entry counts.

use super::datatypes::{self, full_name, identifiers};
use super::narrative;
use super::node::{El, at, attr, child, children, has_template, is, says_true, text};
use super::sections::{Domain, List, Section};
use super::source::Source;
use super::terms;
use super::{
    allergies, care, coverage, documents, encounters, immunizations, medications, observations,
    plans, problems, procedures,
};
use almoner_core::clinical::{Concept, Content, FactKind, Identifier, MedicationUse, When};
use almoner_core::export::{Sense, Severity, Statement};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

/// An act of a section, with all around it that a reader needs.
pub(super) struct Spot<'a, 's> {
    pub(super) source: &'s Source<'a>,
    pub(super) section: &'s Section<'a>,
    pub(super) act: El<'a>,
    /// When the document was made: the "now" of its author.
    pub(super) made: Option<&'s When>,
    /// Who wrote the document: the author of what names none.
    pub(super) author: &'s str,
    row: OnceCell<String>,
}

impl<'a> Spot<'a, '_> {
    /// The acts from this one up to, not including, the section.
    pub(super) fn chain(&self) -> impl Iterator<Item = El<'a>> + use<'a> {
        self.act.ancestors().take_while(|node| !is(*node, "section"))
    }

    /// Whether the act or one that holds it is negated.
    pub(super) fn negated(&self) -> bool {
        self.chain().any(|node| says_true(node, "negationInd"))
    }

    /// Whether the act, one that holds it, or its entry is null as a whole.
    pub(super) fn null(&self) -> bool {
        self.chain()
            .filter(|node| is_act_like(*node))
            .any(|node| attr(node, "nullFlavor").is_some())
    }

    /// Words of the narrative that the act's text refers to.
    pub(super) fn row(&self) -> String {
        self.row.get_or_init(|| self.source.row(self.act)).clone()
    }

    /// The statement about this act.
    pub(super) fn statement(&self, content: Content, sense: Sense) -> Statement {
        let place = self.source.place(self.act);
        let (recorded, author) = self.authored();
        let mut labels: Vec<String> = Vec::new();
        for node in self.chain() {
            let own = super::node::child_attr(node, "confidentialityCode", "code");
            labels.extend(own.filter(|code| *code != "N").map(str::to_owned));
        }
        labels.extend(self.section.labels.iter().cloned());
        labels.dedup();
        Statement {
            key: place.clone(),
            place,
            content,
            sense,
            identifiers: self.identifiers(),
            recorded,
            author,
            section: self.section.title.clone(),
            narrative: self.narrative(),
            labels,
            verbatim: None,
            distinct: false,
        }
    }

    /// What negation and "none" make of a statement: whether it is so, not so, or none of the kind
    /// is known; `None` where it says nothing. `named` tells whether it names a member of its kind
    /// rather than the kind itself ("problem", "procedure").
    pub(super) fn sense(&self, concept: &Concept, named: bool) -> Option<Sense> {
        let words = concept.text.as_deref().unwrap_or_default();
        let row = self.row();
        let none = concept.codings.iter().any(|c| terms::is_none_known(&c.code))
            || terms::words_say_none(words)
            || !named && terms::words_say_none(&row);
        if none {
            return Some(Sense::NoneKnown);
        }
        if self.negated() {
            // "not documented" is no denial
            let unspecific = concept.codings.iter().all(|c| terms::is_generic(&c.code));
            let blank = |words: &str| !words.is_empty() && terms::words_say_nothing(words);
            let nothing = unspecific && (blank(words) || blank(&row));
            return (!nothing).then_some(if named { Sense::Negated } else { Sense::NoneKnown });
        }
        let generic = !named && !concept.codings.is_empty();
        let told = if generic && terms::is_kind_word(words) { &row } else { words };
        let empty = (generic || concept.codings.is_empty())
            && terms::words_say_nothing(told)
            && terms::words_say_nothing(&row);
        (!empty && !self.null()).then_some(Sense::Stated)
    }

    /// The words for a concept that has none of its own, or only the name of its kind: those of
    /// the act's row.
    pub(super) fn reword(&self, concept: &mut Concept) {
        let specific = concept.text.as_deref().is_some_and(|words| !terms::is_kind_word(words));
        if specific {
            return;
        }
        let row = Some(self.row()).filter(|row| !terms::words_say_nothing(row));
        concept.text = row.or_else(|| concept.text.take());
    }

    /// Ids of the act, else those of the act that holds it.
    fn identifiers(&self) -> Vec<Identifier> {
        let own = identifiers(self.act);
        if !own.is_empty() {
            return own;
        }
        let holder = self.chain().skip(1).find(|node| is(*node, "act"));
        holder.map(identifiers).unwrap_or_default()
    }

    /// When and by whom it was recorded: the act's own author, else the nearest around it.
    fn authored(&self) -> (Option<When>, String) {
        let inside = self.chain().find_map(|node| self.source.first(node, "author"));
        let author = inside.or(self.section.author);
        let recorded = inside.and_then(|author| self.source.when_at(author, "time"));
        let name = author.map(author_name).filter(|name| !name.is_empty());
        (recorded, name.unwrap_or_else(|| self.author.to_owned()))
    }

    /// Words of the narrative about this act: the whole row around what its text refers to.
    fn narrative(&self) -> String {
        let ed = child(self.act, "text");
        let target = ed
            .and_then(|ed| child(ed, "reference"))
            .and_then(|reference| attr(reference, "value"))
            .and_then(|value| self.source.target(value, self.act));
        target.map_or_else(|| self.row(), narrative::row_around)
    }
}

/// All statements of the document's sections, in order.
pub(super) fn read<'a>(
    source: &Source<'a>,
    body: El<'a>,
    made: Option<&When>,
    author: &str,
    document_labels: &[String],
) -> Vec<Statement> {
    let mut out = Vec::new();
    for element in body.descendants().filter(|node| is(*node, "section")) {
        let section = Section::of(element, document_labels);
        let Some(domain) = section.domain else {
            note_unknown(source, &section);
            continue;
        };
        let before = out.len();
        for act in acts_of(&section, domain) {
            let spot = Spot { source, section: &section, act, made, author, row: OnceCell::new() };
            if !spot.chain().any(is_nullified) {
                out.extend(statement_of(&spot, domain));
            }
        }
        out.extend(documents::of_section(source, &section, domain, out.len() > before));
        note_words_only(source, &section, domain);
    }
    out
}

/// Takes away identifiers that stand on unlike statements of one kind: vendors write the same id
/// on every medicine, or copy one from an example. Such an id identifies nothing.
pub(super) fn drop_shared_identifiers(statements: &mut [Statement]) {
    let mut said: HashMap<(FactKind, Identifier), String> = HashMap::new();
    let mut shared: HashSet<(FactKind, Identifier)> = HashSet::new();
    for statement in statements.iter() {
        let about = about(&statement.content);
        for id in &statement.identifiers {
            let key = (statement.content.kind(), id.clone());
            match said.get(&key) {
                Some(other) if *other != about => {
                    shared.insert(key);
                }
                Some(_) => {}
                None => {
                    said.insert(key, about.clone());
                }
            }
        }
    }
    for statement in statements {
        let kind = statement.content.kind();
        statement.identifiers.retain(|id| !shared.contains(&(kind, id.clone())));
    }
}

/// What a statement is about, to tell two apart: the label of its code.
fn about(content: &Content) -> String {
    match content {
        Content::Condition(c) => c.code.label().to_lowercase(),
        Content::Medication(m) => m.code.label().to_lowercase(),
        Content::Allergy(a) => a.code.label().to_lowercase(),
        Content::Observation(o) => {
            format!("{} {:?}", o.code.label().to_lowercase(), o.effective.start)
        }
        Content::Immunization(i) => format!("{} {:?}", i.code.label().to_lowercase(), i.occurrence),
        Content::Procedure(p) => {
            format!("{} {:?}", p.code.label().to_lowercase(), p.performed.start)
        }
        // a stay in the header and in the list of encounters may differ in words
        Content::Encounter(e) => e
            .period
            .start
            .as_ref()
            .and_then(|w| w.as_str().get(0..10))
            .unwrap_or_default()
            .to_owned(),
        Content::Other(o) => o.code.label().to_lowercase(),
        _ => String::new(),
    }
}

/// The name of an `author`, `performer` or the like: person, else device, else organization.
pub(super) fn author_name(author: El<'_>) -> String {
    let role = ["assignedAuthor", "assignedEntity", "associatedEntity", "participantRole"];
    let Some(role) = role.iter().find_map(|name| child(author, name)) else {
        return String::new();
    };
    let person = ["assignedPerson", "associatedPerson", "playingEntity"];
    let person = person.iter().find_map(|name| at(role, &format!("{name}/name")));
    let person = person.and_then(datatypes::name).map(|name| full_name(&name));
    let organization = || {
        let name = ["representedOrganization", "scopingOrganization"];
        name.iter().find_map(|n| at(role, &format!("{n}/name"))).map(text)
    };
    let device = || {
        let name = at(role, "assignedAuthoringDevice/softwareName");
        name.or_else(|| at(role, "assignedAuthoringDevice/manufacturerModelName")).map(text)
    };
    let said = |name: &String| !name.is_empty();
    person.filter(said).or_else(|| organization().filter(said)).or_else(device).unwrap_or_default()
}

/// What one act states, read by the reader of its domain.
fn statement_of(spot: &Spot<'_, '_>, domain: Domain) -> Option<Statement> {
    match domain {
        Domain::Problems(category) => problems::read(spot, category),
        Domain::Allergies => allergies::read(spot),
        Domain::Medications(list) => medications::read(spot, use_of(list, spot.act)),
        Domain::Results => observations::result(spot),
        Domain::Vitals => observations::vital(spot),
        Domain::Social => observations::social(spot),
        Domain::Function => observations::function(spot),
        Domain::Immunizations => immunizations::read(spot),
        Domain::Procedures => procedures::read(spot),
        Domain::Encounters => encounters::read(spot),
        Domain::Plan | Domain::Interventions | Domain::Instructions => plans::read(spot),
        Domain::Goals => plans::goal(spot),
        Domain::Referral => plans::referral(spot),
        Domain::CareTeam => care::team_member(spot),
        Domain::Family => care::family_history(spot),
        Domain::Equipment => care::device(spot),
        Domain::Directives => care::directive(spot),
        Domain::Payers => coverage::read(spot),
        Domain::Notes => documents::note(spot),
        Domain::Words => None,
    }
}

/// Which list a medicine stands on. The mood tells ordered and reported apart; vendors do not
/// always keep to it, so no more is made of it.
fn use_of(list: List, act: El<'_>) -> MedicationUse {
    match list {
        List::Discharge => MedicationUse::Discharge,
        List::Admission => MedicationUse::Admission,
        List::Administered => MedicationUse::Administered,
        List::Current if attr(act, "moodCode") == Some("INT") => MedicationUse::Ordered,
        List::Current => MedicationUse::Reported,
    }
}

/// Element names and template roots of a domain's statements.
type Shape = (&'static [&'static str], &'static [&'static str]);

/// Most domains state by observations.
const OBSERVATION: &[&str] = &["observation"];
/// Medicines and vaccines.
const SUBSTANCE: &[&str] = &["substanceAdministration"];

/// How the statements of a domain look: C-CDA templates by number, older ones (CCD, C32) by root.
/// No names at all means: every act directly in an entry.
fn shape(domain: Domain) -> Shape {
    match domain {
        Domain::Problems(_) => (OBSERVATION, &["4", "2.16.840.1.113883.10.20.1.28"]),
        Domain::Allergies => {
            (OBSERVATION, &["7", "2.16.840.1.113883.10.20.24.3.90", "2.16.840.1.113883.10.20.1.18"])
        }
        Domain::Medications(_) => (SUBSTANCE, &["16", "2.16.840.1.113883.10.20.1.24"]),
        Domain::Immunizations => (SUBSTANCE, &["52", "2.16.840.1.113883.10.20.1.24"]),
        Domain::Results => (OBSERVATION, &["2", "2.16.840.1.113883.10.20.1.31"]),
        Domain::Vitals => (
            OBSERVATION,
            &["27", "2.16.840.1.113883.10.20.1.31", "2.16.840.1.113883.3.88.11.83.14"],
        ),
        Domain::Social => (OBSERVATION, SOCIAL),
        Domain::Function => {
            (OBSERVATION, &["67", "74", "128", "127", "505", "72", "68", "73", "69"])
        }
        Domain::Procedures => (
            &["procedure", "act", "observation"],
            &["14", "12", "13", "2.16.840.1.113883.10.20.1.29"],
        ),
        Domain::Encounters => (&["encounter", "act"], &["49", "2.16.840.1.113883.10.20.1.21"]),
        Domain::Goals => (OBSERVATION, &["121"]),
        Domain::CareTeam => (&["act"], &["500.1"]),
        Domain::Family => (OBSERVATION, &["46"]),
        Domain::Equipment => (&["supply", "procedure", "organizer"], &["50", "14"]),
        Domain::Directives => (OBSERVATION, &["48", "513", "2.16.840.1.113883.10.20.1.17"]),
        Domain::Payers => (&["act"], &["61", "2.16.840.1.113883.10.20.1.26"]),
        Domain::Notes => (&["act"], &["202"]),
        Domain::Referral => (&["act"], &["140"]),
        Domain::Plan | Domain::Interventions | Domain::Instructions | Domain::Words => (&[], &[]),
    }
}

/// Social history: the general observation, smoking (also with the misprinted root of early
/// samples), tobacco, birth sex, sex, orientation, gender identity, home, beliefs, work, pregnancy.
const SOCIAL: &[&str] = &[
    "38",
    "78",
    "85",
    "200",
    "507",
    "501",
    "502",
    "109",
    "111",
    "503",
    "504",
    "506",
    "511",
    "69",
    "72",
    "2.16.840.1.113883.10.22.4.78",
    "2.16.840.1.113883.10.20.34.3.45",
    "2.16.840.1.113883.10.20.15.3.8",
    "2.16.840.1.113883.10.20.1.33",
];

/// The acts that are statements of the domain: those that claim its templates; in a section that
/// uses none of them, the first fitting act of each entry (of a panel, each of its members).
fn acts_of<'a>(section: &Section<'a>, domain: Domain) -> Vec<El<'a>> {
    let (names, templates) = shape(domain);
    let fits = |node: &El<'a>| names.iter().any(|name| is(*node, name));
    if names.is_empty() {
        return section.entries().filter_map(super::node::act_of).collect();
    }
    let below = section.entries().flat_map(|entry| entry.descendants());
    let claimed: Vec<El<'a>> =
        below.filter(|node| fits(node) && has_template(*node, templates)).collect();
    if !claimed.is_empty() {
        return claimed;
    }
    let mut out = Vec::new();
    for act in section.entries().filter_map(super::node::act_of) {
        if is(act, "organizer") && !fits(&act) {
            let members = children(act, "component").filter_map(super::node::act_of);
            out.extend(members.filter(fits));
        } else {
            out.extend(act.descendants().find(fits));
        }
    }
    out
}

/// Elements whose null flavour makes all below them say nothing.
fn is_act_like(node: El<'_>) -> bool {
    is(node, "entry")
        || [
            "act",
            "observation",
            "organizer",
            "substanceAdministration",
            "procedure",
            "encounter",
            "supply",
        ]
        .iter()
        .any(|name| is(node, name))
}

/// Whether an act was withdrawn by its source.
fn is_nullified(node: El<'_>) -> bool {
    super::node::child_attr(node, "statusCode", "code") == Some("nullified")
}

/// Says that a section's coded entries were not understood.
fn note_unknown(source: &Source<'_>, section: &Section<'_>) {
    if section.entries().next().is_some() {
        let message = "A section of an unknown kind was kept as words; its coded entries were not \
                       taken as facts.";
        source.note(Severity::Info, section.element, "section_unknown", message);
    }
}

/// Says that a section which should hold coded facts holds words only: somebody should read them.
fn note_words_only(source: &Source<'_>, section: &Section<'_>, domain: Domain) {
    let coded = !matches!(
        domain,
        Domain::Words | Domain::Plan | Domain::Instructions | Domain::Referral | Domain::Notes
    );
    let null = attr(section.element, "nullFlavor").is_some();
    if coded && !null && section.entries().next().is_none() && narrative::rows(section.element) > 0
    {
        let message = "This section holds words only, no coded facts. Its text is kept with the \
                       document: read it there.";
        source.note(Severity::Info, section.element, "section_words_only", message);
    }
}

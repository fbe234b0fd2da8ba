//! From sections to statements: finds the acts of each section and lets the reader of its domain
//! say what they state.
//!
//! A statement is known by its template, for C32 and CCD by the older roots; where a section uses
//! none of them, the first fitting act of each entry counts.

use super::datatypes::{self, full_name, identifiers};
use super::moods::{self, Mood};
use super::narrative;
use super::node::{El, at, attr, child, has_template, is, says_true, text};
use super::sections::{Domain, List, Section};
use super::source::Source;
use super::terms;
use super::{
    acts, allergies, authors, care, coverage, documents, encounters, immunizations, medications,
    observations, plans, problems, procedures,
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

    /// Words of the narrative that say what the act is about: those that its text refers to, else
    /// those of their row. Vendors point to the date's cell.
    pub(super) fn told(&self) -> String {
        let says = |words: &str| words.chars().any(char::is_alphabetic);
        let own = self.row();
        if says(&own) {
            return own;
        }
        let row = self.narrative();
        row.split(" | ").filter(|cell| says(cell)).collect::<Vec<_>>().join(" | ")
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
            // "not documented" is no denial, nor is "no information" for all that the section says:
            // its words are what the source answers for (CDA R2, 4.3.5)
            let unspecific = concept.codings.iter().all(|c| terms::is_generic(&c.code));
            let blank = |words: &str| !words.is_empty() && terms::words_say_nothing(words);
            let nothing = unspecific && (blank(words) || blank(&row))
                || !named && self.section_says_nothing();
            return (!nothing).then_some(if named { Sense::Negated } else { Sense::NoneKnown });
        }
        let generic = !named && !concept.codings.is_empty();
        let told = if generic && terms::is_kind_word(words) { &row } else { words };
        let empty = (generic || concept.codings.is_empty())
            && terms::words_say_nothing(told)
            && terms::words_say_nothing(&row);
        (!empty && !self.null()).then_some(Sense::Stated)
    }

    /// Whether the section's words only say that nothing is known. "No known allergy information" is
    /// no such word: with a denial it means "none".
    fn section_says_nothing(&self) -> bool {
        let words = self.section.words();
        let denial = words.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("no known "));
        !words.is_empty() && terms::section_says_nothing(words) && !denial
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
        if is_wordless(concept) {
            concept.text = self.section.name_of(concept);
        }
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
        let name = author.map(|author| authors::name_of(self.source, author));
        let name = name.filter(|name| !name.is_empty());
        (recorded, name.unwrap_or_else(|| self.author.to_owned()))
    }

    /// Words of the narrative about this act: the whole row around what its text refers to.
    pub(super) fn narrative(&self) -> String {
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
    for element in source.sections_of(body) {
        let mut section = Section::of(source, element, document_labels);
        section.domain = section.domain.or_else(|| acts::by_entries(&section));
        let spot =
            |act| Spot { source, section: &section, act, made, author, row: OnceCell::new() };
        let before = out.len();
        let acts = section.domain.map(|domain| acts::acts_of(&section, domain));
        for spot in acts.into_iter().flatten().map(&spot) {
            if !spot.chain().any(is_nullified) && !has_template(spot.act, &["202"]) {
                out.extend(section.domain.and_then(|domain| told(&spot, domain)));
            }
        }
        // a note may stand in any section (C-CDA companion guide, note activity)
        for spot in source.notes_of(element).iter().copied().map(&spot) {
            if !spot.chain().any(is_nullified) {
                out.extend(documents::note(&spot));
            }
        }
        let Some(domain) = section.domain else {
            note_unknown(source, &section);
            continue;
        };
        out.extend(documents::of_section(source, &section, domain, out.len() > before));
        note_unsaid(source, &section, out.len() > before);
        note_words_only(source, &section, domain);
        note_unclaimed(source, &section);
    }
    out
}

/// Whether a concept is codes alone.
pub(super) fn is_wordless(code: &Concept) -> bool {
    code.text.is_none() && code.codings.iter().all(|coding| coding.display.is_none())
}

/// Takes away identifiers that stand on unlike statements of one kind: vendors write the same id
/// on every medicine, or copy one from an example. Such an id identifies nothing.
pub(super) fn drop_shared_identifiers(statements: &mut [Statement]) {
    let mut said: HashMap<(FactKind, &Identifier), &Content> = HashMap::new();
    let mut shared: HashSet<(FactKind, Identifier)> = HashSet::new();
    for Statement { content, identifiers, .. } in statements.iter() {
        for id in identifiers {
            let key = (content.kind(), id);
            match said.get(&key) {
                Some(other) if about(other) != about(content) => {
                    shared.insert((content.kind(), id.clone()));
                }
                Some(_) => {}
                None => {
                    said.insert(key, content);
                }
            }
        }
    }
    if shared.is_empty() {
        return;
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

/// What one act states, as its mood lets it.
fn told(spot: &Spot<'_, '_>, domain: Domain) -> Option<Statement> {
    match moods::of(spot.act, domain) {
        Mood::Told => statement_of(spot, domain),
        Mood::Planned => plans::read(spot),
        Mood::Neither => {
            moods::note(spot.source, spot.act);
            None
        }
    }
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
        Domain::Reportability => care::reportable(spot),
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

/// Whether a section is a list that decides about safety.
fn is_list(section: &Section<'_>) -> bool {
    matches!(
        section.domain,
        Some(
            Domain::Allergies
                | Domain::Medications(List::Current)
                | Domain::Problems("problem-list-item")
        )
    )
}

/// Says that the source knows nothing of a list that decides about safety, by its null flavour or in
/// its words: that is neither "none" nor unreadable.
fn note_unsaid(source: &Source<'_>, section: &Section<'_>, told: bool) {
    let null = attr(section.element, "nullFlavor").is_some();
    if is_list(section) && !told && (null || terms::section_says_nothing(section.words())) {
        let message = "The source says that it has no information for this section. That does not \
                       mean that there is none.";
        source.note(Severity::Info, section.element, "section_not_recorded", message);
    }
}

/// Says that entries were read that do not say by a template what they are, where their brothers
/// do.
fn note_unclaimed(source: &Source<'_>, section: &Section<'_>) {
    let acts = || section.entries().filter_map(super::node::act_of);
    let claims = |act: &El<'_>| child(*act, "templateId").is_some();
    if !acts().any(|act| claims(&act)) {
        return;
    }
    for act in acts().filter(|act| !claims(act)) {
        let message = "An entry does not say by a template what it is. It was read by its form.";
        source.note(Severity::Info, act, "template_missing", message);
    }
}

/// Says that a section which should hold coded facts holds words only: somebody should read them.
fn note_words_only(source: &Source<'_>, section: &Section<'_>, domain: Domain) {
    let coded = !matches!(
        domain,
        Domain::Words
            | Domain::Plan
            | Domain::Instructions
            | Domain::Referral
            | Domain::Notes
            | Domain::Reportability
    );
    let null = attr(section.element, "nullFlavor").is_some();
    if !coded || null || section.entries().next().is_some() {
        return;
    }
    let worded = || is_list(section) && !terms::section_says_nothing(section.words());
    if narrative::rows(section.element) > 0 || worded() {
        let message = "This section holds words only, no coded facts. Its text is kept with the \
                       document: read it there.";
        source.note(Severity::Info, section.element, "section_words_only", message);
    }
}

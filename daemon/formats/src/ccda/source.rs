//! A document being read: its tree, the narrative's anchors, and the problems found on the way.

use super::authors::{self, Names};
use super::bodies;
use super::datatypes::when_of;
use super::narrative;
use super::node::{El, attr, child, children, is, text, xsi_type};
use super::sections::SECURITY;
use super::terms;
use almoner_core::clinical::{Coding, Concept, When, system};
use almoner_core::export::{Problem, Severity};
use chrono::{Datelike, NaiveDate};
use roxmltree::{Node, NodeId};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::rc::Rc;

/// Words longer than this are a narrative, not the name of a thing (characters).
const NAME_LIMIT: usize = 400;

/// Most problems of one code that are reported for a document.
const PROBLEM_LIMIT: usize = 50;

/// Most elements of one `ID` that are looked at: a document repeats an id a few times.
const ANCHOR_LIMIT: usize = 50;

/// Most translations of one code that are kept.
const TRANSLATION_LIMIT: usize = 50;

/// The document with an index of what is looked for all over it, made in one pass.
pub(super) struct Source<'a> {
    pub(super) root: El<'a>,
    /// Sections of the body, in the order of the document.
    pub(super) sections: Vec<El<'a>>,
    /// Elements with a code: those called so, and those that name its system.
    pub(super) coded: Vec<El<'a>>,
    /// Security observations of DS4P.
    pub(super) security: Vec<El<'a>>,
    /// Note activities (template 22.4.202) by their section: they may stand in any.
    notes: HashMap<NodeId, Vec<El<'a>>>,
    anchors: HashMap<&'a str, Vec<El<'a>>>,
    problems: RefCell<Vec<Problem>>,
    /// Positions among brothers of the same name, by node; [`UNCOUNTED`] where nobody asked yet.
    steps: RefCell<Vec<u32>>,
    /// Places of elements that hold others.
    places: RefCell<HashMap<NodeId, Rc<str>>>,
    firsts: RefCell<HashMap<(NodeId, &'static str), Option<NodeId>>>,
    names: OnceCell<Names>,
    /// Bytes that compressed texts may still unpack to.
    pub(super) unpacked_left: Cell<u64>,
    /// The last year that a date may lie in.
    last_year: i32,
}

/// The template of a note activity.
const NOTE: &str = "2.16.840.1.113883.10.20.22.4.202";

/// Years after the day of receipt in which a date may still lie.
const YEARS_AHEAD: i32 = 5;

/// The year from which on a date means "open".
const OPEN_YEAR: i32 = 2099;

/// A step that was not counted yet.
const UNCOUNTED: u32 = u32::MAX;

impl<'a> Source<'a> {
    /// Indexes the tree below `root`.
    pub(super) fn new(root: El<'a>, today: Option<NaiveDate>) -> Self {
        let last_year = today.map_or(OPEN_YEAR - 1, |day| day.year() + YEARS_AHEAD);
        let mut source = Self {
            root,
            sections: Vec::new(),
            coded: Vec::new(),
            security: Vec::new(),
            notes: HashMap::new(),
            anchors: HashMap::new(),
            problems: RefCell::default(),
            steps: RefCell::default(),
            places: RefCell::default(),
            firsts: RefCell::default(),
            names: OnceCell::new(),
            unpacked_left: Cell::new(bodies::UNPACKED_LIMIT),
            last_year: last_year.min(OPEN_YEAR - 1),
        };
        for element in root.descendants().filter(Node::is_element) {
            source.index(element);
        }
        source
    }

    fn index(&mut self, element: El<'a>) {
        if is(element, "section") {
            self.sections.push(element);
        }
        let (mut code, mut system) = (false, false);
        for attribute in element.attributes() {
            let value = attribute.value().trim();
            if value.is_empty() || attribute.namespace().is_some() {
                continue;
            }
            match attribute.name() {
                "ID" | "id" => self.anchors.entry(value).or_default().push(element),
                "code" => code = true,
                "codeSystem" => system = true,
                "root" if SECURITY.contains(&value) && is(element, "templateId") => {
                    self.security.extend(element.parent_element());
                }
                "root" if value == NOTE && is(element, "templateId") => {
                    self.keep_note(element);
                }
                _ => {}
            }
        }
        if code && (system || is(element, "code")) {
            self.coded.push(element);
        }
    }

    fn keep_note(&mut self, template: El<'a>) {
        let section = template.ancestors().find(|node| is(*node, "section"));
        if let (Some(section), Some(act)) = (section, template.parent_element()) {
            self.notes.entry(section.id()).or_default().push(act);
        }
    }

    /// The note activities of a section, without those of its subsections.
    pub(super) fn notes_of(&self, section: El<'a>) -> &[El<'a>] {
        self.notes.get(&section.id()).map_or(&[], Vec::as_slice)
    }

    /// The sections of a body, also those within others.
    pub(super) fn sections_of(&self, body: El<'a>) -> impl Iterator<Item = El<'a>> + use<'a, '_> {
        let inside = move |section: &El<'a>| section.ancestors().any(|up| up == body);
        self.sections.iter().copied().filter(inside)
    }

    /// The names of everybody with an id, gathered when the first author is known by an id alone.
    pub(super) fn names(&self) -> &Names {
        self.names.get_or_init(|| authors::names(self.root))
    }

    /// The first child of that name, looked for once: the members of a panel all ask their panel.
    pub(super) fn first(&self, element: El<'a>, name: &'static str) -> Option<El<'a>> {
        let mut firsts = self.firsts.borrow_mut();
        let key = (element.id(), name);
        let found = firsts.entry(key).or_insert_with(|| child(element, name).map(|c| c.id()));
        element.document().get_node((*found)?)
    }

    /// Notes what could not be read, and where.
    pub(super) fn note(&self, severity: Severity, element: El<'_>, code: &str, message: &str) {
        let place = self.place(element);
        self.problems.borrow_mut().push(Problem::new(severity, place, code, message));
    }

    /// The problems noted so far: each place and code once, of each code the first ones only.
    pub(super) fn take_problems(&self) -> Vec<Problem> {
        let mut problems = std::mem::take(&mut *self.problems.borrow_mut());
        let mut seen = HashSet::new();
        problems.retain(|problem| seen.insert((problem.at.clone(), problem.code.clone())));
        let mut of_code: HashMap<String, usize> = HashMap::new();
        problems.retain(|problem| {
            let count = of_code.entry(problem.code.clone()).or_default();
            *count += 1;
            *count <= PROBLEM_LIMIT
        });
        problems
    }

    /// The XPath-like place of an element, with a position where it has brothers of its name.
    pub(super) fn place(&self, element: El<'_>) -> String {
        let mut holders: Vec<El<'_>> =
            element.ancestors().skip(1).filter(Node::is_element).collect();
        // the nearest holder whose place is known, then those below it
        let mut places = self.places.borrow_mut();
        let known = holders.iter().position(|holder| places.contains_key(&holder.id()));
        let mut place: Rc<str> = known
            .and_then(|at| places.get(&holders.get(at)?.id()).cloned())
            .unwrap_or_else(|| Rc::from(""));
        holders.truncate(known.unwrap_or(holders.len()));
        for holder in holders.into_iter().rev() {
            place = self.step(&place, holder).into();
            places.insert(holder.id(), Rc::clone(&place));
        }
        self.step(&place, element)
    }

    /// The place of an element below that of its holder.
    fn step(&self, holder: &str, element: El<'_>) -> String {
        let name = element.tag_name().name();
        let mut out = String::with_capacity(holder.len() + name.len() + 8);
        out.push_str(holder);
        out.push('/');
        out.push_str(name);
        let position = self.position(element);
        if position > 0 {
            let _ = write!(out, "[{position}]");
        }
        out
    }

    /// The position of an element among its brothers of the same name, from 1; 0 when it has none.
    /// Found once for all brothers: a section may hold a hundred thousand.
    fn position(&self, element: El<'_>) -> u32 {
        let mut steps = self.steps.borrow_mut();
        let known = steps.get(element.id().get_usize()).copied().unwrap_or(UNCOUNTED);
        if known != UNCOUNTED {
            return known;
        }
        let Some(parent) = element.parent() else { return 0 };
        let mut counts: HashMap<&str, u32> = HashMap::new();
        let brothers = || parent.children().filter(Node::is_element);
        let mut put = |node: El<'_>, position: u32| {
            let at = node.id().get_usize();
            if steps.len() <= at {
                steps.resize(at + 1, UNCOUNTED);
            }
            if let Some(step) = steps.get_mut(at) {
                *step = position;
            }
        };
        for brother in brothers() {
            let count = counts.entry(brother.tag_name().name()).or_default();
            *count += 1;
            put(brother, *count);
        }
        for brother in brothers() {
            if counts.get(brother.tag_name().name()) == Some(&1) {
                put(brother, 0);
            }
        }
        steps.get(element.id().get_usize()).copied().unwrap_or_default()
    }

    /// The element that a `reference/@value` written at `near` points to: in the same section
    /// first, then anywhere. A missing `#` is forgiven.
    pub(super) fn target(&self, value: &str, near: El<'a>) -> Option<El<'a>> {
        let value = value.trim();
        let found = self.anchors.get(value.strip_prefix('#').unwrap_or(value))?;
        let section = near.ancestors().find(|node| super::node::is(*node, "section"));
        let inside = |element: &&El<'a>| {
            section.is_some_and(|s| element.ancestors().any(|up| up == s)) && **element != near
        };
        found.iter().take(ANCHOR_LIMIT).find(inside).or_else(|| found.first()).copied()
    }

    /// The words of a text (`ED`, `ST`): inline, else those of the narrative it refers to. Vendors
    /// also put the words themselves where the reference should be.
    pub(super) fn words(&self, ed: El<'a>) -> String {
        if bodies::is_packed(ed) {
            return bodies::words(ed, &self.unpacked_left);
        }
        let inline = text(ed);
        if !inline.is_empty() {
            return inline;
        }
        let value = child(ed, "reference").and_then(|reference| attr(reference, "value"));
        let Some(value) = value else { return String::new() };
        if let Some(target) = self.target(value, ed) {
            return narrative::plain(target);
        }
        let literal = !value.starts_with('#')
            && !value.contains("://")
            && (value.contains(' ') || value.starts_with(char::is_uppercase))
            && !value.contains(['_', '/'])
            && !value.chars().any(|c| c.is_ascii_digit());
        if literal { value.to_owned() } else { String::new() }
    }

    /// The words of the act's own `text` (usually its row in the narrative).
    pub(super) fn row(&self, act: El<'a>) -> String {
        let Some(ed) = child(act, "text") else { return String::new() };
        let reference = child(ed, "reference").and_then(|reference| attr(reference, "value"));
        match reference.and_then(|value| self.target(value, ed)) {
            Some(target) if text(ed).is_empty() => narrative::quote(target),
            _ => self.words(ed),
        }
    }

    /// A concept (`CD`, `CE`, `CO`, `CV`): all its codes, the standard ones first, and its words in
    /// the order display name, original text, translation.
    pub(super) fn concept(&self, cd: El<'a>) -> Concept {
        let mut codings: Vec<Coding> = coding(cd).into_iter().collect();
        for translation in descend_translations(cd) {
            let Some(coding) = coding(translation) else { continue };
            if !codings.iter().any(|c| c.system == coding.system && c.code == coding.code) {
                codings.push(coding);
            }
        }
        codings.sort_by_key(|coding| !terms::is_standard(&coding.system));
        let display = attr(cd, "displayName").filter(|words| !is_null_word(words));
        let display = display.map(str::to_owned);
        let original = || {
            let words = children(cd, "originalText").map(|ed| self.words(ed));
            words.into_iter().find(|words| !words.is_empty() && words.chars().count() <= NAME_LIMIT)
        };
        let translated =
            || descend_translations(cd).find_map(|t| attr(t, "displayName")).map(str::to_owned);
        Concept { text: display.or_else(original).or_else(translated), codings }
    }

    /// The concept of a child element, when it says anything.
    pub(super) fn concept_at(&self, element: El<'a>, name: &str) -> Option<Concept> {
        child(element, name).map(|cd| self.concept(cd)).filter(|concept| !concept.is_empty())
    }

    /// A time (`TS`) from its `value`; what is no date is noted and dropped.
    pub(super) fn when(&self, ts: El<'_>) -> Option<When> {
        let value = attr(ts, "value").filter(|value| !is_no_date(value))?;
        let when = when_of(value, self.last_year);
        if when.is_none() {
            let message = "A date could not be understood and was left out; the rest was taken.";
            self.note(Severity::Warning, ts, "date_unreadable", message);
        }
        when
    }

    /// The time of a child element, from its `value`.
    pub(super) fn when_at(&self, element: El<'_>, name: &str) -> Option<When> {
        self.when(child(element, name)?)
    }
}

/// Zeros and the first day of year 1, which databases write for "no date".
fn is_no_date(value: &str) -> bool {
    value.starts_with("00010101") || value.bytes().all(|b| b == b'0')
}

/// The code of a concept itself; `None` where it has none, or a null flavour stands in its place. A
/// drug code with dashes is an NDC, whatever system it claims.
fn coding(cd: El<'_>) -> Option<Coding> {
    let code = attr(cd, "code").filter(|code| !is_null_flavor(code, cd))?;
    let oid = attr(cd, "codeSystem").unwrap_or_default();
    let mut system = terms::system_uri(oid, attr(cd, "codeSystemName").unwrap_or_default());
    if system == system::RXNORM && code.split('-').count() == 3 {
        system::NDC.clone_into(&mut system);
    }
    let display = attr(cd, "displayName").filter(|words| !is_null_word(words)).map(str::to_owned);
    Some(Coding { system, code: code.to_owned(), display })
}

/// Whether a code is a null flavour put where the code should be.
fn is_null_flavor(code: &str, cd: El<'_>) -> bool {
    is_null_word(code) || attr(cd, "nullFlavor") == Some(code)
}

/// Whether a code or display name is a null flavour written out, or the name of a type of the
/// program that wrote it (`Vendor.Models.ED`), which says nothing of the patient.
fn is_null_word(word: &str) -> bool {
    let parts = || word.split('.');
    let capital = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    matches!(word, "UNK" | "NI" | "NASK" | "ASKU" | "NAV")
        || parts().count() >= 4 && parts().all(capital)
}

/// Translations, also those nested within a translation.
fn descend_translations(cd: El<'_>) -> impl Iterator<Item = El<'_>> {
    let nodes = cd.descendants().skip(1).filter(|node| super::node::is(*node, "translation"));
    nodes.take(TRANSLATION_LIMIT)
}

/// Whether `xsi:type` names a text type.
pub(super) fn is_text_type(element: El<'_>) -> bool {
    matches!(xsi_type(element), "ST" | "ED" | "SC" | "StrucDoc.Text")
}

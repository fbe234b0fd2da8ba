//! Which acts of a section are its statements: by the templates that they claim, for C32 and CCD by
//! the older roots; where an entry claims none of them, by their form.

use super::node::{El, act_of, child, children, has_template, is, related};
use super::sections::{Domain, List, Section};

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
            &["27", "512", "2.16.840.1.113883.10.20.1.31", "2.16.840.1.113883.3.88.11.83.14"],
        ),
        Domain::Social => (OBSERVATION, SOCIAL),
        Domain::Function => {
            (OBSERVATION, &["67", "74", "128", "127", "505", "72", "68", "73", "69", "124", "138"])
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
        Domain::Payers => (&["act"], PAYERS),
        Domain::Notes => (&["act"], &["202"]),
        Domain::Referral => (&["act"], &["140"]),
        Domain::Reportability => (OBSERVATION, &["2.16.840.1.113883.10.20.15.2.3.12"]),
        Domain::Plan | Domain::Interventions | Domain::Instructions | Domain::Words => (&[], &[]),
    }
}

/// A policy, also with the misprinted root of HL7's early samples, and an authorization.
const PAYERS: &[&str] = &[
    "61",
    "2.16.840.1.113883.10.20.22.61",
    "2.16.840.1.113883.10.20.1.26",
    "2.16.840.1.113883.10.20.1.19",
];

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

/// Travel history of a case report (eICR): an act among the observations of social history.
const TRAVEL: &str = "2.16.840.1.113883.10.20.15.2.3.1";

/// The acts that are statements of the domain: those that claim its templates; of an entry that
/// uses none of them, the first fitting act (of a panel, each of its members).
pub(super) fn acts_of<'a>(section: &Section<'a>, domain: Domain) -> Vec<El<'a>> {
    let (names, templates) = shape(domain);
    let fits = |node: &El<'a>| names.iter().any(|name| is(*node, name));
    if names.is_empty() {
        let acts = section.entries().filter_map(act_of);
        return acts.flat_map(|act| parts_of(act)).collect();
    }
    let mut out = Vec::new();
    for entry in section.entries() {
        let before = out.len();
        out.extend(entry.descendants().filter(|node| fits(node) && has_template(*node, templates)));
        if out.len() == before {
            out.extend(act_of(entry).filter(|act| stands_alone(*act, domain)));
        }
        if out.len() == before {
            out.extend(by_shape(entry, &fits));
        }
    }
    out
}

/// The parts of an intervention (templates 22.4.131, and .146 planned), which say what is done; other
/// acts, and an intervention that only refers to entries elsewhere (.122), stand for themselves.
fn parts_of(act: El<'_>) -> Vec<El<'_>> {
    if !has_template(act, &["131", "146"]) {
        return vec![act];
    }
    let parts = related(act).filter(|(kind, part)| {
        *kind != "RSON" && !has_template(*part, &["122"]) && child(*part, "templateId").is_some()
    });
    let parts: Vec<El<'_>> = parts.map(|(_, part)| part).collect();
    if parts.is_empty() { vec![act] } else { parts }
}

/// Whether an act states something by itself: a health concern (templates 22.4.132, .136) with words
/// of its own that holds no problem, whatever measurement it rests on; and travel.
fn stands_alone(act: El<'_>, domain: Domain) -> bool {
    match domain {
        Domain::Problems("health-concern") => {
            has_template(act, &["132", "136"]) && child(act, "text").is_some()
        }
        Domain::Social => has_template(act, &[TRAVEL]),
        _ => false,
    }
}

/// The kind of a section that is not known by code or template: that whose statements all of its
/// entries claim to be.
pub(super) fn by_entries(section: &Section<'_>) -> Option<Domain> {
    let claims = |entry: El<'_>, domain: Domain| {
        let (names, templates) = shape(domain);
        let acts = entry.descendants().filter(|node| names.iter().any(|name| is(*node, name)));
        acts.into_iter().any(|node| has_template(node, templates))
    };
    section.entries().next()?;
    CLAIMED.into_iter().find(|domain| section.entries().all(|entry| claims(entry, *domain)))
}

/// Kinds of section that entries can tell, since each has templates of its own.
const CLAIMED: [Domain; 9] = [
    Domain::Allergies,
    Domain::Problems("problem-list-item"),
    Domain::Medications(List::Current),
    Domain::Immunizations,
    Domain::Vitals,
    Domain::Results,
    Domain::Encounters,
    Domain::Procedures,
    Domain::Social,
];

/// The acts of an entry by their shape alone, for entries that claim no template of the domain.
fn by_shape<'a>(entry: El<'a>, fits: &dyn Fn(&El<'a>) -> bool) -> Vec<El<'a>> {
    let Some(act) = act_of(entry) else { return Vec::new() };
    if is(act, "organizer") && !fits(&act) {
        let members = children(act, "component").filter_map(act_of);
        return members.filter(|member| fits(member)).collect();
    }
    act.descendants().find(|node| fits(node)).into_iter().collect()
}

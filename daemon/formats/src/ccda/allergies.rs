//! Allergies and intolerances (C-CDA allergy - intolerance observation, template 22.4.7).
//!
//! The substance is what was consumed; without one, the words of the kind or of the row stand in,
//! so that no allergy is lost. Denied substances are never allergies: see [`Spot::sense`].

use super::datatypes::effective;
use super::narrative;
use super::node::{El, at, attr, child, child_attr, children, has_template, related, text};
use super::problems::{clinical_status, recorded};
use super::statements::Spot;
use super::terms;
use almoner_core::clinical::{AllergyIntolerance, Concept, Content, Reaction};
use almoner_core::export::{Sense, Statement};

/// One allergy observation.
pub(super) fn read(spot: &Spot<'_, '_>) -> Option<Statement> {
    let kind = child(spot.act, "value");
    // C32 puts the kind into the code
    let kind_code = kind.and_then(|value| attr(value, "code"));
    let kind_code = kind_code.or_else(|| child_attr(spot.act, "code", "code")).unwrap_or_default();
    let mut code = substance(spot);
    if code.text.is_none() && !code.codings.is_empty() {
        code.text = kind_words(spot, kind);
    }
    let generic = code.codings.iter().all(|c| terms::is_generic(&c.code));
    let named = !code.is_empty() && (code.codings.is_empty() || !generic);
    if code.is_empty() {
        code = unnamed(spot, kind);
    }
    let mut sense = spot.sense(&code, named)?;
    if sense == Sense::Stated && !named && section_says_none(spot) {
        sense = Sense::NoneKnown;
    }
    if sense == Sense::NoneKnown && !code.codings.iter().any(|c| terms::is_none_known(&c.code)) {
        code = none_known(kind_code, code);
    }
    let (type_, category) = terms::allergy_kind(kind_code);
    let stated = sense == Sense::Stated;
    let allergy = AllergyIntolerance {
        code,
        clinical_status: if stated { clinical_status(spot) } else { "" }.to_owned(),
        verification_status: if sense == Sense::Negated { "refuted" } else { "" }.to_owned(),
        type_: type_.to_owned(),
        category: category.to_owned(),
        criticality: criticality(spot.act).to_owned(),
        onset: effective(spot.source, spot.act).start,
        recorded: recorded(spot),
        reactions: reactions(spot),
    };
    Some(spot.statement(Content::Allergy(allergy), sense))
}

/// The substance: what was consumed, by code, else by name.
fn substance(spot: &Spot<'_, '_>) -> Concept {
    let entities = children(spot.act, "participant")
        .filter(|p| attr(*p, "typeCode").is_none_or(|code| code == "CSM"))
        .filter_map(|p| at(p, "participantRole/playingEntity"));
    let mut best = Concept::default();
    for entity in entities {
        let mut code = spot.source.concept_at(entity, "code").unwrap_or_default();
        let name = child(entity, "name").map(|name| spot.source.words(name)).unwrap_or_default();
        // words that hold the name and more are those of a whole row
        let longer = code.codings.is_empty()
            && code
                .text
                .as_ref()
                .is_some_and(|words| words.len() > name.len() && words.contains(&name));
        if !name.is_empty() && (code.text.is_none() || longer) {
            code.text = Some(name);
        }
        if best.is_empty() {
            best = code;
        }
    }
    best
}

/// The words for a substance that is coded without any: those that the kind of the allergy stands
/// for, where they are more than the name of a kind.
fn kind_words(spot: &Spot<'_, '_>, kind: Option<El<'_>>) -> Option<String> {
    let original = spot.source.concept_at(spot.act, "value")?;
    let display = kind.and_then(|value| attr(value, "displayName"));
    let words = original.text.filter(|words| Some(words.as_str()) != display)?;
    let says = !terms::is_kind_word(&words) && !terms::words_say_nothing(&words);
    says.then_some(words)
}

/// What an allergy without a substance is about: words of the kind, of the row, or the kind itself.
fn unnamed(spot: &Spot<'_, '_>, kind: Option<El<'_>>) -> Concept {
    let original = kind.and_then(|value| child(value, "originalText"));
    let inline = original.map(text).filter(|words| !words.is_empty());
    let row = || Some(spot.row()).filter(|row| !row.is_empty());
    let around = || {
        let reference = original.and_then(|ed| child(ed, "reference"))?;
        let target = spot.source.target(attr(reference, "value")?, spot.act)?;
        Some(narrative::row_around(target)).filter(|row| !row.is_empty())
    };
    let display = || kind.and_then(|value| attr(value, "displayName")).map(str::to_owned);
    Concept { text: inline.or_else(row).or_else(around).or_else(display), codings: Vec::new() }
}

/// An entry that names no substance in a section that says "No known allergies" and nothing else.
fn section_says_none(spot: &Spot<'_, '_>) -> bool {
    let words = spot.section.words();
    words.len() < 100 && terms::words_say_none(words)
}

/// "No known …" as SNOMED codes it, by the kind of allergy that is denied.
fn none_known(kind: &str, given: Concept) -> Concept {
    let (code, words) = match kind {
        "416098002" | "419511003" => ("409137002", "No known drug allergy"),
        "414285001" | "418471000" => ("429625007", "No known food allergy"),
        _ => ("716186003", "No known allergy"),
    };
    let mut concept = Concept::coded(almoner_core::clinical::system::SNOMED, code, words);
    concept.text = given.text.filter(|words| terms::words_say_none(words));
    concept
}

/// How bad a reaction could become (template 22.4.145): FHIR criticality of the v3 codes `CRITL`,
/// `CRITH`, `CRITU`.
fn criticality(act: El<'_>) -> &'static str {
    let found = related(act).find(|(_, act)| has_template(*act, &["145"]));
    match found.and_then(|(_, act)| child_attr(act, "value", "code")) {
        Some("CRITL") => "low",
        Some("CRITH") => "high",
        Some("CRITU") => "unable-to-assess",
        _ => "",
    }
}

/// The reactions with their severities. Where the severity stands on the allergy itself, as in
/// R1.1, it goes for every reaction that has none.
fn reactions(spot: &Spot<'_, '_>) -> Vec<Reaction> {
    let general = severity(spot.act);
    let mut out = Vec::new();
    for (kind, act) in related(spot.act) {
        let is_reaction = has_template(act, &["9", "2.16.840.1.113883.10.20.1.54"])
            || kind == "MFST" && !has_template(act, &["8", "28", "145"]);
        if !is_reaction {
            continue;
        }
        let mut manifestation = spot.source.concept_at(act, "value").unwrap_or_default();
        if manifestation.text.is_none() {
            manifestation.text = Some(spot.source.row(act)).filter(|row| !row.is_empty());
        }
        let told =
            !manifestation.codings.is_empty() || !terms::words_say_nothing(manifestation.label());
        if told {
            let own = severity(act);
            let severity = if own.is_empty() { general } else { own };
            out.push(Reaction {
                manifestation: vec![manifestation],
                severity: severity.to_owned(),
            });
        }
    }
    if out.is_empty() && !general.is_empty() {
        out.push(Reaction { manifestation: Vec::new(), severity: general.to_owned() });
    }
    out
}

/// Severity of a reaction or allergy (template 22.4.8; CCD: 2.16.840.1.113883.10.20.1.55).
fn severity(act: El<'_>) -> &'static str {
    let found =
        related(act).find(|(_, act)| has_template(*act, &["8", "2.16.840.1.113883.10.20.1.55"]));
    let Some(value) = found.and_then(|(_, act)| child(act, "value")) else { return "" };
    let words = attr(value, "displayName").unwrap_or_default();
    terms::severity(attr(value, "code").unwrap_or_default(), words)
}

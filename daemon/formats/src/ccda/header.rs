//! The header of a CDA document: what it is, who wrote it, and whose chart it belongs to.

use super::datatypes::{addresses, birth_name, call_name, identifiers, name, telecoms};
use super::documents::own_identifier;
use super::node::{El, at, attr, child, child_attr, children, is, text};
use super::observations::interpreter_needed;
use super::source::Source;
use super::statements::author_name;
use super::terms;
use almoner_core::clinical::{
    Communication, Concept, HumanName, Identifier, Patient, Reference, system,
};
use almoner_core::export::{Export, Severity};

/// Most authors that a document is searched for.
const AUTHOR_LIMIT: usize = 100;
/// A document takes the place of so many at most.
const RELATED_LIMIT: usize = 20;

/// Document template of the US Realm header and its kin.
const US_REALM: &str = "2.16.840.1.113883.10.20.22.1.1";

/// Fills in what the header says of the document itself.
pub(super) fn describe(source: &Source<'_>, export: &mut Export) {
    let root = source.root;
    "ccda".clone_into(&mut export.format);
    version(root).clone_into(&mut export.version);
    kind(root).clone_into(&mut export.document);
    export.software = software(root);
    export.title = child(root, "title").map(text).unwrap_or_default();
    export.created = source.when_at(root, "effectiveTime");
    export.language =
        child_attr(root, "languageCode", "code").and_then(language).unwrap_or_default();
    export.identifier = own_identifier(root);
    export.set = child(root, "setId").and_then(super::datatypes::identifier);
    export.set_version = child_attr(root, "versionNumber", "value").and_then(|v| v.parse().ok());
    export.replaces = replaced(root);
    child_attr(root, "confidentialityCode", "code")
        .unwrap_or_default()
        .clone_into(&mut export.confidentiality);
}

/// The documents that this one takes the place of (CDA R2 §4.2.3.1: `RPLC`); an addendum (`APND`)
/// or the same in another form (`XFRM`) takes no place.
fn replaced(root: El<'_>) -> Vec<Identifier> {
    let related = children(root, "relatedDocument").take(RELATED_LIMIT);
    let replacing = related.filter(|it| it.attribute("typeCode") == Some("RPLC"));
    let parents = replacing.filter_map(|it| child(it, "parentDocument"));
    parents.flat_map(|parent| usable(identifiers(parent))).collect()
}

/// The patient of a `recordTarget`.
pub(super) fn patient<'a>(source: &Source<'a>, target: El<'a>) -> Patient {
    let Some(role) = child(target, "patientRole") else { return Patient::default() };
    let mut patient = Patient {
        identifiers: usable(identifiers(role)),
        telecoms: telecoms(role),
        addresses: addresses(role),
        managing_organization: organization(role, "providerOrganization"),
        interpreter_needed: interpreter_needed(source),
        general_practitioner: primary_care(source.root),
        ..Patient::default()
    };
    match child(role, "patient") {
        Some(person) => fill_person(source, person, &mut patient),
        None => note_missing(source, role, "patient_missing", "The document names no patient."),
    }
    patient
}

/// Names of the document's authors, people first.
pub(super) fn authors(root: El<'_>) -> Vec<String> {
    let authors: Vec<El<'_>> = children(root, "author").take(AUTHOR_LIMIT).collect();
    let is_person = |author: &&El<'_>| at(**author, "assignedAuthor/assignedPerson").is_some();
    let people = authors.iter().filter(is_person);
    let others = authors.iter().filter(|author| !is_person(author));
    let mut names: Vec<String> = Vec::new();
    for name in people.chain(others).map(|author| author_name(*author)) {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A language as BCP-47 tag: three-letter codes of ISO 639-2 become two-letter ones; what is no
/// tag gives `None`.
pub(super) fn language(code: &str) -> Option<String> {
    let (main, rest) = code.split_once(['-', '_']).map_or((code, ""), |(m, r)| (m, r));
    let main = main.to_lowercase();
    let plausible = (2..=3).contains(&main.len()) && main.bytes().all(|b| b.is_ascii_lowercase());
    if !plausible || rest.len() > 8 {
        return None;
    }
    let short =
        ISO_639_2.iter().find(|(long, _)| *long == main).map_or(&*main, |(_, short)| *short);
    Some(if rest.is_empty() { short.to_owned() } else { format!("{short}-{rest}") })
}

/// ISO 639-2 codes (both T and B) of languages spoken in the US and their ISO 639-1 codes.
const ISO_639_2: &[(&str, &str)] = &[
    ("eng", "en"),
    ("spa", "es"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("deu", "de"),
    ("ger", "de"),
    ("ita", "it"),
    ("por", "pt"),
    ("rus", "ru"),
    ("zho", "zh"),
    ("chi", "zh"),
    ("vie", "vi"),
    ("kor", "ko"),
    ("jpn", "ja"),
    ("ara", "ar"),
    ("tgl", "tl"),
    ("hat", "ht"),
    ("hin", "hi"),
    ("urd", "ur"),
    ("pol", "pl"),
    ("fas", "fa"),
    ("per", "fa"),
    ("som", "so"),
    ("amh", "am"),
    ("ben", "bn"),
    ("guj", "gu"),
    ("pan", "pa"),
    ("tam", "ta"),
    ("tel", "te"),
    ("ukr", "uk"),
    ("khm", "km"),
    ("lao", "lo"),
    ("mya", "my"),
    ("bur", "my"),
    ("nep", "ne"),
    ("swa", "sw"),
    ("hye", "hy"),
    ("arm", "hy"),
    ("ell", "el"),
    ("gre", "el"),
    ("heb", "he"),
    ("yid", "yi"),
    ("nav", "nv"),
    ("tha", "th"),
    ("tur", "tr"),
    ("ron", "ro"),
    ("rum", "ro"),
];

/// Demographics of the `patient` element.
fn fill_person<'a>(source: &Source<'a>, person: El<'a>, patient: &mut Patient) {
    patient.names = names(person);
    if patient.names.is_empty() {
        note_missing(source, person, "name_missing", "The document gives no name for its patient.");
    }
    patient.birth_date = source.when_at(person, "birthTime");
    if patient.birth_date.is_none() {
        let message = "The document gives no birth date for its patient.";
        note_missing(source, person, "birth_date_missing", message);
    }
    let sex = child(person, "administrativeGenderCode").map(gender);
    sex.unwrap_or_default().clone_into(&mut patient.gender);
    patient.deceased_at = source.when_at(person, "deceasedTime");
    let dead = child_attr(person, "deceasedInd", "value") == Some("true");
    patient.deceased = dead || patient.deceased_at.is_some();
    patient.marital_status = source.concept_at(person, "maritalStatusCode");
    patient.race = categories(source, person, "raceCode");
    patient.ethnicity = categories(source, person, "ethnicGroupCode");
    patient.communications = communications(source, person);
    patient.multiple_birth = child_attr(person, "multipleBirthInd", "value") == Some("true");
}

/// All names, the legal one first, then the names to call by.
fn names(person: El<'_>) -> Vec<HumanName> {
    let elements: Vec<El<'_>> = children(person, "name").collect();
    let mut names: Vec<HumanName> = elements.iter().filter_map(|element| name(*element)).collect();
    names.sort_by_key(|name| match &*name.use_ {
        "official" => 0,
        "" | "usual" => 1,
        _ => 2,
    });
    names.extend(elements.iter().filter_map(|element| birth_name(*element)));
    names.extend(elements.iter().filter_map(|element| call_name(*element)));
    names
}

/// HL7 v3 AdministrativeGender as FHIR administrative-gender.
pub(super) fn gender(code: El<'_>) -> &'static str {
    let given = attr(code, "code").or_else(|| attr(code, "displayName")).unwrap_or_default();
    match given.to_uppercase().as_str() {
        "M" | "MALE" | "248153007" => "male",
        "F" | "FEMALE" | "248152002" => "female",
        "UN" | "O" | "OTHER" | "UNDIFFERENTIATED" => "other",
        "" if attr(code, "nullFlavor").is_none() => "",
        _ => "unknown",
    }
}

/// Race or ethnicity: every code; "asked but unknown" is kept as such, other nulls say nothing.
fn categories<'a>(source: &Source<'a>, person: El<'a>, element: &'a str) -> Vec<Concept> {
    let codes = children(person, element).filter_map(|cd| {
        if attr(cd, "nullFlavor") == Some("ASKU") {
            let system = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";
            return Some(Concept::coded(system, "ASKU", "Asked but unknown"));
        }
        let concept = source.concept(cd);
        let told = !concept.codings.is_empty() || !terms::words_say_nothing(concept.label());
        told.then_some(concept)
    });
    codes.collect()
}

/// Languages, each once; preferred where any mention says so.
fn communications(source: &Source<'_>, person: El<'_>) -> Vec<Communication> {
    let mut out: Vec<Communication> = Vec::new();
    for element in children(person, "languageCommunication") {
        let Some(code) = child_attr(element, "languageCode", "code") else { continue };
        let preferred = child_attr(element, "preferenceInd", "value") == Some("true");
        let Some(tag) = language(code) else {
            let message = "The patient's language is written in a way that is no language code.";
            source.note(Severity::Warning, element, "language_unreadable", message);
            continue;
        };
        match out.iter_mut().find(|known| known.language == tag) {
            Some(known) => known.preferred |= preferred,
            None => out.push(Communication { language: tag, preferred }),
        }
    }
    out
}

/// Names of the performers who are said to be the primary care provider (function code `PCP`).
fn primary_care(root: El<'_>) -> Vec<Reference> {
    let performers = children(root, "documentationOf")
        .filter_map(|holder| child(holder, "serviceEvent"))
        .flat_map(|event| children(event, "performer"));
    let is_primary = |p: &El<'_>| child_attr(*p, "functionCode", "code") == Some("PCP");
    let mut out: Vec<Reference> = Vec::new();
    for display in performers.filter(is_primary).map(author_name) {
        if !display.is_empty() && !out.iter().any(|known| known.display == display) {
            out.push(Reference { key: String::new(), display });
        }
    }
    out
}

/// An organization known by name only.
fn organization(role: El<'_>, element: &str) -> Option<Reference> {
    let display = at(role, element).and_then(|o| child(o, "name")).map(text)?;
    (!display.is_empty()).then(|| Reference { key: String::new(), display })
}

/// Identifiers worth keeping: a social security number needs digits in it.
fn usable(ids: Vec<Identifier>) -> Vec<Identifier> {
    let worthless = |id: &Identifier| {
        let word = id.value.to_uppercase();
        matches!(word.as_str(), "UNK" | "UNKNOWN" | "NI" | "NA" | "NONE")
            || id.system == system::US_SSN && !word.bytes().any(|b| b.is_ascii_digit())
    };
    ids.into_iter().filter(|id| !worthless(id)).collect()
}

/// Notes that the header lacks something that identity rests on.
fn note_missing(source: &Source<'_>, element: El<'_>, code: &str, message: &str) {
    source.note(Severity::Warning, element, code, message);
}

/// Names of the authoring devices: of the document, else of the first entry that names one.
fn software(root: El<'_>) -> String {
    let devices = children(root, "author")
        .take(AUTHOR_LIMIT)
        .filter_map(|author| at(author, "assignedAuthor/assignedAuthoringDevice"));
    let mut names: Vec<String> = Vec::new();
    for name in devices.flat_map(device_names) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        let first = root.descendants().find(|node| is(*node, "assignedAuthoringDevice"));
        names.extend(first.into_iter().flat_map(device_names));
    }
    names.join("; ")
}

/// Software and model name of an authoring device; some vendors put them into `displayName`.
fn device_names(device: El<'_>) -> Vec<String> {
    let parts = ["softwareName", "manufacturerModelName"].into_iter();
    let names = parts.filter_map(|part| child(device, part)).map(|element| {
        let words = text(element);
        if words.is_empty() {
            attr(element, "displayName").unwrap_or_default().to_owned()
        } else {
            words
        }
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// Standard and release, from the template ids of the document.
fn version(root: El<'_>) -> &'static str {
    let ids: Vec<(&str, &str)> = children(root, "templateId")
        .map(|id| (attr(id, "root").unwrap_or_default(), attr(id, "extension").unwrap_or_default()))
        .collect();
    let has = |prefix: &str| ids.iter().any(|(root, _)| root.starts_with(prefix));
    if has("2.16.840.1.113883.10.20.15.2.1.2") {
        return "RR";
    }
    if ids.iter().any(|(root, _)| *root == "2.16.840.1.113883.10.20.15.2") {
        return "eICR";
    }
    let kin = ids.iter().filter(|(root, _)| root.starts_with("2.16.840.1.113883.10.20.22.1."));
    let realm = ids.iter().any(|(root, _)| *root == US_REALM);
    match kin.map(|(_, extension)| *extension).max() {
        Some(extension) if extension >= "2024-05-01" => return "R3.0",
        Some(extension) if extension >= "2015-08-01" => return "R2.1",
        Some(extension) if extension >= "2014-06-09" => return r2(root),
        Some(_) if realm => return "R1.1",
        _ => {}
    }
    if is(root, "ClinicalDocument") && has("2.16.840.1.113883.3.88.11.62") {
        "C62"
    } else if has("2.16.840.1.113883.3.88.11.32") || has("2.16.840.1.113883.10.20.1") && !realm {
        "C32"
    } else {
        ""
    }
}

/// A header of R2.0 goes before entries of R2.1 in many documents: the newer of both counts.
fn r2(root: El<'_>) -> &'static str {
    let ids = root.descendants().filter(|node| is(*node, "templateId"));
    let newer = ids.filter_map(|id| attr(id, "extension")).any(|e| e.starts_with("2015-08-01"));
    if newer { "R2.1" } else { "R2.0" }
}

/// What kind of document it is: by its template, then by its LOINC code.
fn kind(root: El<'_>) -> &'static str {
    let templates = children(root, "templateId").filter_map(|id| attr(id, "root"));
    let by_template = templates.into_iter().find_map(|root| {
        Some(match root {
            "2.16.840.1.113883.10.20.15.2" => "eicr",
            "2.16.840.1.113883.10.20.15.2.1.2" => "rr",
            _ => of_template(root.strip_prefix("2.16.840.1.113883.10.20.22.1.")?)?,
        })
    });
    if at(root, "component/nonXMLBody").is_some() {
        return "unstructured";
    }
    by_template.or_else(|| of_code(root)).unwrap_or("document")
}

/// Document templates of C-CDA: 2.16.840.1.113883.10.20.22.1.x.
fn of_template(number: &str) -> Option<&'static str> {
    Some(match number {
        "2" => "ccd",
        "3" => "history-and-physical",
        "4" => "consultation-note",
        "5" => "diagnostic-imaging-report",
        "6" => "procedure-note",
        "7" => "operative-note",
        "8" => "discharge-summary",
        "9" => "progress-note",
        "10" => "unstructured",
        "13" => "transfer-summary",
        "14" => "referral-note",
        "15" => "care-plan",
        _ => return None,
    })
}

/// Document codes of LOINC, for documents whose template does not tell.
fn of_code(root: El<'_>) -> Option<&'static str> {
    Some(match child_attr(root, "code", "code")? {
        "34133-9" => "ccd",
        "34117-2" => "history-and-physical",
        "11488-4" | "34847-4" => "consultation-note",
        "18748-4" | "18726-0" => "diagnostic-imaging-report",
        "28570-0" => "procedure-note",
        "11504-8" => "operative-note",
        "18842-5" => "discharge-summary",
        "11506-3" | "11536-0" => "progress-note",
        "18761-7" => "transfer-summary",
        "57133-1" => "referral-note",
        "52521-2" | "18776-5" => "care-plan",
        "55751-2" => "eicr",
        "88085-6" => "rr",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn languages_become_bcp_47() {
        for (given, expected) in [
            ("eng", Some("en")),
            ("ENG", Some("en")),
            ("en-US", Some("en-US")),
            ("spa", Some("es")),
            ("ase", Some("ase")),
            ("sdtardytfeytdf", None),
        ] {
            assert_eq!(language(given).as_deref(), expected, "{given}");
        }
    }
}

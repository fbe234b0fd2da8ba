//! Code systems and the short lists of codes that decide how a CDA statement is read.
//!
//! Sources: C-CDA R2.1 value sets, the HL7 OID registry, FHIR R4 "Using Codes".

use almoner_core::clinical::system;

/// The URI of a code system named by OID, by name, or by both (CDA `codeSystem`,
/// `codeSystemName`). What is not known by name stays `urn:oid:…`; nothing given gives "".
pub(super) fn system_uri(oid: &str, name: &str) -> String {
    let oid = oid.trim();
    match known_oid(oid) {
        Some(uri) => uri.to_owned(),
        None if is_oid(oid) => ["urn:oid:", oid].concat(),
        None => match known_name(oid).or_else(|| known_name(name)) {
            Some(uri) => uri.to_owned(),
            None => oid.to_owned(),
        },
    }
}

/// The URI of a code system that is known by its OID, else the OID itself.
pub(super) fn known_uri(oid: &str) -> &str {
    known_oid(oid).unwrap_or(oid)
}

/// Whether a code of this system is one that people outside the source understand: shown before
/// the vendor's own codes.
pub(super) fn is_standard(uri: &str) -> bool {
    uri.starts_with("http")
}

/// Whether the text is made like an OID.
pub(super) fn is_oid(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()))
}

/// FHIR condition-clinical (also allergyintolerance-clinical) of a SNOMED problem status: C-CDA
/// value set 2.16.840.1.113883.3.88.12.80.68 and its successors.
pub(super) fn problem_status(code: &str, words: &str) -> &'static str {
    match code {
        "55561003" => "active",
        "73425007" => "inactive",
        "413322009" => "resolved",
        "246455001" => "recurrence",
        "263855007" => "relapse",
        "277022003" => "remission",
        _ => match words.trim().to_lowercase().as_str() {
            "active" => "active",
            "inactive" => "inactive",
            "resolved" => "resolved",
            _ => "",
        },
    }
}

/// FHIR reaction severity of a SNOMED severity (C-CDA severity observation, template 4.8).
pub(super) fn severity(code: &str, words: &str) -> &'static str {
    match code {
        "255604002" | "371923003" => "mild",
        "6736007" => "moderate",
        "24484000" | "371924009" | "399166001" => "severe",
        _ => match words.trim().to_lowercase().as_str() {
            "mild" | "mild to moderate" => "mild",
            "moderate" => "moderate",
            "severe" | "moderate to severe" | "fatal" => "severe",
            _ => "",
        },
    }
}

/// FHIR allergy type and category of an allergy observation's value (C-CDA value set
/// 2.16.840.1.113883.3.88.12.3221.6.2).
pub(super) fn allergy_kind(code: &str) -> (&'static str, &'static str) {
    match code {
        "416098002" => ("allergy", "medication"),
        "59037007" => ("intolerance", "medication"),
        "414285001" => ("allergy", "food"),
        "235719002" => ("intolerance", "food"),
        "419199007" | "106190000" => ("allergy", ""),
        "426232007" => ("allergy", "environment"),
        "419511003" => ("", "medication"),
        "418471000" => ("", "food"),
        _ => ("", ""),
    }
}

/// Whether the code says that there is none of the kind (SNOMED "No known …").
pub(super) fn is_none_known(code: &str) -> bool {
    matches!(
        code,
        "716186003" // no known allergy
            | "409137002" // no known drug allergy
            | "429625007" // no known food allergy
            | "428607008" // no known environmental allergy
            | "716184000" // no known latex allergy
            | "787480003" // no known procedures
            | "160245001" // no current problems or disability
            | "787481004" // no known medications
            | "416128008" // no drug therapy prescribed
    )
}

/// Whether the code names the kind itself and no member of it ("problem", "procedure", "drug").
pub(super) fn is_generic(code: &str) -> bool {
    matches!(
        code,
        "55607006" // problem
            | "64572001" // disease
            | "404684003" // clinical finding
            | "71388002" // procedure
            | "410942007" // drug or medicament
            | "105590001" // substance
            | "71181003" // vaccine
            | "419199007" | "420134006" | "416098002" | "419511003" | "418038007"
    )
}

/// Whether the words, like a generic code, name only the kind itself.
pub(super) fn is_kind_word(words: &str) -> bool {
    let words = plain(words);
    let allergy = ["allergy to", "propensity to", "drug allergy", "food allergy"];
    allergy.iter().any(|start| words.starts_with(start)) || KIND_WORDS.contains(&&*words)
}

/// Whether the words say that there is none of the kind ("No known allergies", "NKDA").
pub(super) fn words_say_none(words: &str) -> bool {
    let words = plain(words);
    if words_say_nothing(&words) {
        return false;
    }
    let of_a_kind = |rest: &str| {
        let mut following = rest.split(' ').take(2);
        following.any(is_kind)
    };
    words.starts_with("no known ")
        || matches!(&*words, "none" | "nka" | "nkda" | "none known" | "none reported")
        || words.strip_prefix("no ").is_some_and(of_a_kind)
}

/// Whether the words only say that nothing is known: neither a fact nor "none". "No problems
/// recorded" is of this kind: nobody wrote any down.
pub(super) fn words_say_nothing(words: &str) -> bool {
    let words = plain(words);
    words.is_empty()
        || words == "na"
        || NOTHING.iter().any(|start| words.starts_with(start))
        || words.starts_with("no") && UNWRITTEN.iter().any(|end| words.ends_with(end))
        || words.ends_with("not documented")
        || words.strip_suffix(" unknown").is_some_and(|kind| kind.split(' ').all(is_kind))
}

/// Whether a word names a kind of statement.
fn is_kind(word: &str) -> bool {
    KINDS.iter().any(|kind| word.starts_with(kind))
}

/// Whether all that a section says is that nothing is known ("Drug treatment unknown").
pub(super) fn section_says_nothing(words: &str) -> bool {
    words_say_nothing(words) || words.len() < 50 && plain(words).ends_with(" unknown")
}

/// Kinds of statement that are denied as a whole, by the beginning of the word.
const KINDS: &[&str] = &[
    "allerg",
    "medication",
    "problem",
    "procedure",
    "result",
    "immunization",
    "encounter",
    "vital",
    "drug",
    "goal",
    "instruction",
];

/// Words that name a kind and no member of it.
const KIND_WORDS: &[&str] = &[
    "problem",
    "problems",
    "disease",
    "disorder",
    "condition",
    "diagnosis",
    "finding",
    "clinical finding",
    "procedure",
    "drug",
    "medication",
    "drug or medication",
    "drug or medicament",
    "substance",
    "vaccine",
    "vaccination",
    "implant",
];

/// Beginnings of words that say that nothing is known.
const NOTHING: &[&str] = &[
    "no information",
    "no data",
    "not documented",
    "not on file",
    "unknown",
    "not available",
    "n/a",
    "not recorded",
    "information not available",
    "data not available",
];

/// Ends of "no …" that make it "nobody wrote any down".
const UNWRITTEN: &[&str] = &[
    "recorded",
    "available",
    "documented",
    "on file",
    "entered",
    "found",
    "provided",
    "given",
    "information",
];

/// The names of the LOINC codes that vendors most often send without any: vital signs (C-CDA value set
/// 2.16.840.1.113883.3.88.12.80.62), smoking, tobacco, birth sex; "" for others.
pub(super) fn loinc_name(code: &str) -> &'static str {
    match code {
        "8302-2" => "Body height",
        "8306-3" => "Body height lying",
        "29463-7" | "3141-9" => "Body weight",
        "39156-5" => "Body mass index",
        "3140-1" => "Body surface area",
        "8287-5" | "9843-4" => "Head circumference",
        "8480-6" => "Systolic blood pressure",
        "8462-4" => "Diastolic blood pressure",
        "8867-4" => "Heart rate",
        "9279-1" => "Respiratory rate",
        "8310-5" => "Body temperature",
        "59408-5" | "2708-6" | "2710-2" => "Oxygen saturation",
        "3150-6" => "Inhaled oxygen concentration",
        "72166-2" => "Tobacco smoking status",
        "11367-0" => "History of tobacco use",
        "76689-9" => "Sex assigned at birth",
        _ => "",
    }
}

/// The names of the codes of smoking status (C-CDA value set 2.16.840.1.113883.11.20.9.38) and of
/// birth sex, for sources that send the code alone; "" for others.
pub(super) fn answer_name(code: &str) -> &'static str {
    match code {
        "449868002" => "Current every day smoker",
        "428041000124106" => "Current some day smoker",
        "8517006" => "Former smoker",
        "266919005" => "Never smoker",
        "266927001" => "Unknown if ever smoked",
        "77176002" => "Smoker, current status unknown",
        "428071000124103" => "Heavy tobacco smoker",
        "428061000124105" => "Light tobacco smoker",
        "M" => "Male",
        "F" => "Female",
        _ => "",
    }
}

/// UB-04 / HL7 v3 / SNOMED class of an encounter as v3 ActCode; "" when the code does not tell.
pub(super) fn encounter_class(system_uri: &str, code: &str) -> &'static str {
    if system_uri.ends_with("2.16.840.1.113883.5.4") || system_uri.ends_with("v3-ActCode") {
        return [
            "IMP", "ACUTE", "NONAC", "OBSENC", "EMER", "SS", "AMB", "HH", "VR", "FLD", "PRENC",
        ]
        .into_iter()
        .find(|known| *known == code)
        .unwrap_or_default();
    }
    match (system_uri, code) {
        (system::CPT, code) => cpt_class(code),
        (system::SNOMED, "32485007" | "183452005" | "8715000") => "IMP",
        (system::SNOMED, "50849002" | "4525004") => "EMER",
        (system::SNOMED, "448951000124107") => "OBSENC",
        (system::SNOMED, "308335008" | "185349003" | "185345009" | "390906007" | "11429006") => {
            "AMB"
        }
        _ => "",
    }
}

/// Class of an encounter whose type is given in words only.
pub(super) fn class_in_words(words: &str) -> &'static str {
    let words = words.trim().to_lowercase();
    let starts = |with: &[&str]| with.iter().any(|start| words.starts_with(start));
    if starts(&["inpatient", "hospital admission"]) {
        "IMP"
    } else if starts(&["emergency"]) {
        "EMER"
    } else if starts(&["observation"]) {
        "OBSENC"
    } else if starts(&["outpatient", "office", "ambulatory", "clinic"]) {
        "AMB"
    } else {
        ""
    }
}

/// CPT evaluation and management ranges (AMA CPT): office, observation, hospital, emergency.
fn cpt_class(code: &str) -> &'static str {
    match code.parse::<u32>() {
        Ok(99_201..=99_215 | 99_241..=99_245 | 99_381..=99_429) => "AMB",
        Ok(99_217..=99_220 | 99_224..=99_226) => "OBSENC",
        Ok(99_221..=99_223 | 99_231..=99_239 | 99_251..=99_255) => "IMP",
        Ok(99_281..=99_288) => "EMER",
        Ok(99_341..=99_350) => "HH",
        _ => "",
    }
}

/// Words without their punctuation, in small letters.
fn plain(words: &str) -> String {
    words.trim().trim_matches(['.', '*', '-', ':', '"', '•', ' ']).trim().to_lowercase()
}

/// The URIs that FHIR gives to code systems known by OID; with the OIDs that vendors misuse.
fn known_oid(oid: &str) -> Option<&'static str> {
    Some(match oid.strip_prefix("2.16.840.1.113883.")? {
        "6.1" => system::LOINC,
        "6.96" | "6.5" => system::SNOMED,
        "6.88" => system::RXNORM,
        // .6.3 is ICD-10 proper, sent by vendors for ICD-10-CM
        "6.90" | "6.3" => system::ICD10CM,
        "6.4" => "http://www.cms.gov/Medicare/Coding/ICD10",
        "6.103" | "6.104" | "6.42" => system::ICD9CM,
        "6.12" => system::CPT,
        "6.13" | "6.14" | "6.285" => "urn:oid:2.16.840.1.113883.6.285",
        // .6.59 is sent by vendors for CVX
        "12.292" | "6.59" => system::CVX,
        "6.69" => system::NDC,
        "6.101" => "http://nucc.org/provider-taxonomy",
        "3.26.1.1" => "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
        "3.26.1.5" => "http://va.gov/terminology/medrt",
        "4.9" => "http://fdasis.nlm.nih.gov",
        "4.6" => system::US_NPI,
        "4.1" => system::US_SSN,
        "6.301.5" => "https://www.nubc.org/CodeSystem/PatDischargeStatus",
        "3.221.5" => "https://nahdo.org/sopt",
        _ => return None,
    })
}

/// Systems by the names that vendors write, also in the place of the OID.
fn known_name(name: &str) -> Option<&'static str> {
    let name: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    Some(match name.as_str() {
        "snomed" | "snomedct" | "sct" => system::SNOMED,
        "loinc" | "ln" => system::LOINC,
        "rxnorm" => system::RXNORM,
        "icd10" | "icd10cm" => system::ICD10CM,
        "icd9" | "icd9cm" => system::ICD9CM,
        "cpt" | "cpt4" => system::CPT,
        "cvx" => system::CVX,
        "ndc" => system::NDC,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_by_oid_and_by_name() {
        assert_eq!(system_uri("2.16.840.1.113883.6.96", ""), system::SNOMED);
        assert_eq!(system_uri("SNOMED", ""), system::SNOMED);
        assert_eq!(system_uri("", "RxNorm"), system::RXNORM);
        assert_eq!(system_uri("1.2.3.4", "SNOMED"), "urn:oid:1.2.3.4");
        assert_eq!(system_uri("", ""), "");
    }

    #[test]
    fn none_and_nothing_are_told_apart() {
        for words in
            ["No Known Allergies", "NKDA", "None", "no known procedures.", "No Medications"]
        {
            assert!(words_say_none(words), "{words}");
            assert!(!words_say_nothing(words), "{words}");
        }
        for words in [
            "No Information About Procedures",
            "No information",
            "",
            "Results not documented",
            "No Problems Recorded",
            "No results available",
        ] {
            assert!(words_say_nothing(words), "{words}");
            assert!(!words_say_none(words), "{words}");
        }
        assert!(!words_say_none("Penicillin"));
    }
}

//! Codes of HL7 v2 tables and what they are called in FHIR R4 (mapping as in the HL7 v2-to-FHIR
//! guide and the specification's code maps).

use almoner_core::clinical::system;
use std::borrow::Cow;

/// HL7 table 0112 (discharge disposition).
pub(super) const DISPOSITION: &str = "http://terminology.hl7.org/CodeSystem/v2-0112";
/// HL7 table 0023 (admit source).
pub(super) const ADMIT_SOURCE: &str = "http://terminology.hl7.org/CodeSystem/v2-0023";
/// HL7 table 0007 (admission type).
pub(super) const ADMISSION_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0007";
/// HL7 table 0063 (relationship).
pub(super) const RELATIONSHIP: &str = "http://terminology.hl7.org/CodeSystem/v2-0063";
/// HL7 table 0131 (contact role).
pub(super) const CONTACT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/v2-0131";
/// HL7 table 0270 (document type).
pub(super) const DOCUMENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0270";
/// Flags of a result, as FHIR writes HL7 table 0078.
pub(crate) const INTERPRETATION: &str =
    "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
/// Marital status, as FHIR writes HL7 table 0002.
pub(crate) const MARITAL: &str = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus";

/// The URI of a coding system named as in HL7 table 0396; an unknown name stays as it is, and
/// `L` (local) has none unless the code proves to be of LOINC.
pub(crate) fn system(name: &str, code: &str) -> String {
    let known = match &*capitals(name) {
        "LN" | "LOINC" => system::LOINC,
        "L" if is_loinc(code) => system::LOINC,
        "L" | "" => "",
        "SCT" | "SNM" | "SNOMED" | "SNOMED-CT" | "SNOMEDCT" => system::SNOMED,
        "I10" | "ICD10" | "ICD-10" | "I10C" | "ICD-10-CM" | "10D" => system::ICD10CM,
        "I9" | "I9C" | "ICD9" | "ICD-9" | "ICD-9-CM" => system::ICD9CM,
        "CVX" => system::CVX,
        "NDC" => system::NDC,
        "RXNORM" | "RXN" | "RXCUI" => system::RXNORM,
        "C4" | "C5" | "CPT" | "CPT4" | "CPT-4" => system::CPT,
        "HCPCS" | "HPC" => "http://terminology.hl7.org/CodeSystem/HCPCS-all-codes",
        "UCUM" => system::UCUM,
        "CDCREC" => system::RACE,
        "NUBC" => "http://www.nubc.org/patient-discharge",
        upper => {
            let table = upper.strip_prefix("HL7").or_else(|| upper.strip_prefix("HL"));
            return match table.filter(|t| t.len() == 4 && t.bytes().all(|b| b.is_ascii_digit())) {
                Some(table) => format!("http://terminology.hl7.org/CodeSystem/v2-{table}"),
                None => name.to_owned(),
            };
        }
    };
    known.to_owned()
}

/// A code in capitals; most are written so.
fn capitals(code: &str) -> Cow<'_, str> {
    if code.bytes().any(|byte| byte.is_ascii_lowercase()) {
        Cow::Owned(code.to_ascii_uppercase())
    } else {
        Cow::Borrowed(code)
    }
}

/// LOINC's form: one to seven digits, a hyphen, and the check digit (Mod 10, LOINC Users' Guide).
pub(crate) fn is_loinc(code: &str) -> bool {
    let Some((digits, check)) = code.split_once('-') else { return false };
    let sound = (1..=7).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let Some(check) = check.parse::<u32>().ok().filter(|c| sound && *c < 10) else { return false };
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            let digit = if at % 2 == 0 { digit * 2 } else { digit };
            digit / 10 + digit % 10
        })
        .sum();
    (10 - sum % 10) % 10 == check
}

/// Table 0001 and the words and digits that feeds send instead (ISO 5218) → administrative-gender.
pub(crate) fn gender(code: &str) -> &'static str {
    match &*capitals(code) {
        "" => "",
        "F" | "FEMALE" | "2" => "female",
        "M" | "MALE" | "1" => "male",
        "A" | "N" | "O" | "OTHER" | "X" => "other",
        _ => "unknown",
    }
}

/// Table 0200 (name type) → name-use.
pub(super) fn name_use(code: &str) -> &'static str {
    match code {
        "L" => "official",
        "D" => "usual",
        "M" => "maiden",
        "N" | "A" => "nickname",
        "B" => "old",
        _ => "",
    }
}

/// Table 0190 (address type) → address-use.
pub(super) fn address_use(code: &str) -> &'static str {
    match code {
        "H" | "P" => "home",
        "B" | "O" => "work",
        "C" => "temp",
        "BA" | "N" | "BR" | "BDL" | "F" => "old",
        _ => "",
    }
}

/// Tables 0201 (use) and 0202 (equipment) → contact-point-use; `None` when they say nothing.
pub(super) fn telecom_use(purpose: &str, equipment: &str) -> Option<&'static str> {
    match (purpose, equipment) {
        (_, "CP") | ("PRS", "PH" | "") => Some("mobile"),
        ("PRN", _) => Some("home"),
        ("WPN", _) => Some("work"),
        ("VHN", _) => Some("temp"),
        _ => None,
    }
}

/// Table 0202 (equipment) → contact-point-system.
pub(super) fn equipment(code: &str) -> &'static str {
    match code {
        "FX" => "fax",
        "BP" => "pager",
        "Internet" | "INTERNET" | "X.400" => "email",
        _ => "phone",
    }
}

/// Table 0002 → v3-MaritalStatus.
pub(crate) fn marital(code: &str) -> &'static str {
    match &*capitals(code) {
        "S" | "SINGLE" => "S",
        "M" | "MARRIED" => "M",
        "D" | "DIVORCED" => "D",
        "W" | "WIDOWED" => "W",
        "A" | "E" | "L" => "L",
        "N" => "A",
        "I" => "I",
        "C" | "G" | "P" | "R" => "T",
        "B" => "U",
        _ => "",
    }
}

/// Table 0004 (patient class) and the words that feeds send → v3 ActCode. An unknown or missing
/// class gives nothing.
pub(super) fn class(code: &str) -> &'static str {
    match &*capitals(code) {
        "I" | "B" | "IP" | "INP" | "INPT" | "INPATIENT" | "IMP" | "ACUTE" | "OBSTETRICS" => "IMP",
        "E" | "ER" | "ED" | "EMERGENCY" | "EMER" => "EMER",
        "O" | "R" | "OP" | "OUTPT" | "OUTPATIENT" | "AMB" | "AMBULATORY" | "RECURRING"
        | "RECURRING PATIENT" | "CLINIC" => "AMB",
        "P" | "PRE" | "PREADMIT" | "PRENC" => "PRENC",
        "OBS" | "OBSERVATION" | "OBSENC" => "OBSENC",
        _ => "",
    }
}

/// Table 0007 (admission type) in words, for feeds that send the letter alone.
pub(super) fn admission_type(code: &str) -> &'static str {
    match code {
        "A" => "Accident",
        "C" => "Planned admission",
        "E" => "Emergency",
        "L" => "Labor and delivery",
        "N" => "Newborn",
        "R" => "Routine",
        "U" => "Urgent",
        _ => "",
    }
}

/// Table 0112 (discharge disposition) in words, for feeds that send the number alone.
pub(super) fn disposition(code: &str) -> &'static str {
    match code {
        "01" => "Home",
        "02" => "To another hospital",
        "03" => "To a nursing facility",
        "04" => "To an intermediate care facility",
        "05" => "To a cancer center or children's hospital",
        "06" => "Home with home health care",
        "07" => "Left against medical advice",
        "09" => "Admitted here as an inpatient",
        "20" | "40" | "41" | "42" => "Died",
        "21" => "To court or law enforcement",
        "30" => "Still a patient",
        "43" => "To a federal hospital",
        "50" => "Home with hospice care",
        "51" => "To a hospice facility",
        "61" => "To a swing bed",
        "62" => "To a rehabilitation facility",
        "63" => "To a long-term care hospital",
        "64" => "To a Medicaid nursing facility",
        "65" => "To a psychiatric hospital",
        "66" => "To a critical access hospital",
        "69" => "To a disaster alternative care site",
        "70" => "To another kind of institution",
        "81" => "Home, readmission planned",
        "82" => "To another hospital, readmission planned",
        "83" => "To a nursing facility, readmission planned",
        "84" => "To an intermediate care facility, readmission planned",
        "85" => "To a cancer center or children's hospital, readmission planned",
        "86" => "Home with home health care, readmission planned",
        "87" => "To court or law enforcement, readmission planned",
        "88" => "To a federal hospital, readmission planned",
        "89" => "To a swing bed, readmission planned",
        "90" => "To a rehabilitation facility, readmission planned",
        "91" => "To a long-term care hospital, readmission planned",
        "92" => "To a Medicaid nursing facility, readmission planned",
        "93" => "To a psychiatric hospital, readmission planned",
        "94" => "To a critical access hospital, readmission planned",
        "95" => "To another kind of institution, readmission planned",
        _ => "",
    }
}

/// Whether the patient type or hospital service says "observation" (`OBS`, not obstetrics).
pub(super) fn is_observation(words: &str) -> bool {
    words.split(|c: char| !c.is_ascii_alphabetic()).any(|word| {
        let word = word.to_ascii_uppercase();
        word == "OBS" || word == "OBSV" || word.starts_with("OBSERV")
    })
}

/// Tables 0085 (OBX-11) and 0123 (OBR-25) → observation-status.
pub(super) fn result_status(code: &str) -> &'static str {
    match code {
        "F" | "U" => "final",
        "P" | "M" | "A" | "R" => "preliminary",
        "C" => "corrected",
        "O" | "I" | "S" | "N" => "registered",
        "X" => "cancelled",
        "D" | "W" => "entered-in-error",
        _ => "",
    }
}

/// Table 0485 and the priorities of `TQ` in words.
pub(super) fn priority(code: &str) -> &'static str {
    match &*capitals(code) {
        "S" | "STAT" => "stat",
        "A" | "ASAP" => "as soon as possible",
        "R" | "ROUTINE" => "routine",
        "P" => "before surgery",
        "T" | "C" => "timed",
        "PRN" => "as needed",
        _ => "",
    }
}

/// Table 0283 (referral status) in words.
pub(super) fn referral_status(code: &str) -> &'static str {
    match &*capitals(code) {
        "A" => "accepted",
        "P" => "pending",
        "R" => "rejected",
        "E" => "expired",
        _ => "",
    }
}

/// Table 0281 (referral type) in words.
pub(super) fn referral_type(code: &str) -> &'static str {
    match &*capitals(code) {
        "HOM" => "home care",
        "LAB" => "laboratory",
        "MED" => "medical",
        "PSY" => "psychiatric",
        "RAD" => "radiology",
        "SKN" => "skilled nursing",
        _ => "",
    }
}

/// Table 0282 (referral disposition) in words: what the specialist is asked for.
pub(super) fn referral_disposition(code: &str) -> &'static str {
    match &*capitals(code) {
        "AM" => "assume management",
        "RP" => "return patient after evaluation",
        "SO" => "second opinion",
        "WR" => "send written report",
        _ => "",
    }
}

/// Table 0284 (referral category) in words.
pub(super) fn referral_category(code: &str) -> &'static str {
    match &*capitals(code) {
        "A" => "ambulatory",
        "E" => "emergency",
        "I" => "inpatient",
        "O" => "outpatient",
        _ => "",
    }
}

/// Table 0336 (referral reason) in words.
pub(super) fn referral_reason(code: &str) -> &'static str {
    match &*capitals(code) {
        "O" => "provider ordered",
        "P" => "patient preference",
        "S" => "second opinion",
        "W" => "work load",
        _ => "",
    }
}

/// Table 0278 (filler status) → appointmentstatus; local words give nothing.
pub(super) fn appointment(code: &str) -> &'static str {
    match &*capitals(code) {
        "PENDING" => "pending",
        "WAITLIST" => "waitlist",
        "BOOKED" | "OVERBOOK" | "SCHEDULED" | "CONFIRMED" | "RESCHEDULED" => "booked",
        "ARRIVED" | "ROOMED" => "arrived",
        "STARTED" | "CHECKED IN" | "CHECKED-IN" | "CHECKIN" => "checked-in",
        "COMPLETE" | "COMPLETED" | "KEPT" | "SEEN" | "CHECKED OUT" => "fulfilled",
        "CANCELLED" | "CANCELED" | "DC" | "DISCONTINUED" | "BUMPED" => "cancelled",
        "NOSHOW" | "NO SHOW" | "NO-SHOW" | "DNA" | "MISSED" | "LWS" | "LEFT W/O SEEN" => "noshow",
        "DELETED" => "entered-in-error",
        _ => "",
    }
}

/// Table 0270 (document type): what it is called, and its LOINC code where one is plain.
pub(super) fn document(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "DS" => ("Discharge summary", "18842-5"),
        "CN" => ("Consultation note", "11488-4"),
        "HP" => ("History and physical", "34117-2"),
        "OP" => ("Operative note", "11504-8"),
        "PN" => ("Progress note", "11506-3"),
        "PR" => ("Procedure note", "28570-0"),
        "DI" => ("Diagnostic imaging report", "18748-4"),
        "ED" => ("Emergency department note", "34111-5"),
        "TS" => ("Transfer summary", "18761-7"),
        "SP" => ("Surgical pathology report", "11526-1"),
        "AR" => ("Autopsy report", ""),
        "CD" => ("Cardiodiagnostics report", ""),
        "PC" => ("Psychiatric consultation", ""),
        "PH" => ("Psychiatric history and physical", ""),
        "PP" => ("Psychiatric progress note", ""),
        "CO" => ("Consent", ""),
        _ => return None,
    })
}

/// LOINC codes of vital signs (FHIR R4 vital signs profiles, and those that feeds send).
pub(super) fn is_vital_sign(code: &str) -> bool {
    const VITALS: [&str; 15] = [
        "8867-4", "8480-6", "8462-4", "85354-9", "8302-2", "3137-7", "29463-7", "3141-9",
        "39156-5", "59408-5", "2708-6", "9279-1", "8310-5", "8287-5", "9843-4",
    ];
    VITALS.contains(&code)
}

/// Table 0074 (diagnostic service) → observation-category.
pub(super) fn section(code: &str) -> &'static str {
    match code {
        "RAD" | "CT" | "NMR" | "NMS" | "US" | "RUS" | "OUS" | "VUS" | "XRC" | "CUS" | "NUC" => {
            "imaging"
        }
        "EC" | "EN" | "PF" | "PHY" | "PUL" | "CG" | "NRS" | "OT" | "PT" | "RC" => "exam",
        _ => "laboratory",
    }
}

/// What a person speaks as a BCP-47 tag: ISO 639-1, 639-2 (B and T) and English names; a code
/// that is not known stays as it is.
pub(crate) fn language(code: &str, words: &str) -> String {
    const NAMES: [(&str, &[&str]); 33] = [
        ("en", &["eng", "english"]),
        ("es", &["spa", "spanish", "castilian", "spanish; castilian"]),
        ("zh", &["chi", "zho", "chinese", "mandarin", "cantonese"]),
        ("vi", &["vie", "vietnamese"]),
        ("tl", &["tgl", "fil", "tagalog", "filipino"]),
        ("ar", &["ara", "arabic"]),
        ("fr", &["fre", "fra", "french"]),
        ("ht", &["hat", "haitian", "haitian creole", "creole"]),
        ("ko", &["kor", "korean"]),
        ("ru", &["rus", "russian"]),
        ("pt", &["por", "portuguese"]),
        ("de", &["ger", "deu", "german"]),
        ("it", &["ita", "italian"]),
        ("pl", &["pol", "polish"]),
        ("ja", &["jpn", "japanese"]),
        ("hi", &["hin", "hindi"]),
        ("ur", &["urd", "urdu"]),
        ("bn", &["ben", "bengali"]),
        ("pa", &["pan", "punjabi"]),
        ("gu", &["guj", "gujarati"]),
        ("ne", &["nep", "nepali"]),
        ("so", &["som", "somali"]),
        ("sw", &["swa", "swahili"]),
        ("am", &["amh", "amharic"]),
        ("fa", &["per", "fas", "persian", "farsi"]),
        ("uk", &["ukr", "ukrainian"]),
        ("km", &["khm", "khmer", "cambodian"]),
        ("lo", &["lao"]),
        ("hmn", &["hmong"]),
        ("hy", &["arm", "hye", "armenian"]),
        ("he", &["heb", "hebrew"]),
        ("el", &["gre", "ell", "greek"]),
        ("ase", &["sgn", "sign language", "american sign language"]),
    ];
    let find = |given: &str| {
        let given = given.to_ascii_lowercase();
        let hit =
            NAMES.iter().find(|(tag, names)| *tag == given || names.contains(&given.as_str()));
        hit.map(|(tag, _)| (*tag).to_owned())
    };
    let given: Cow<'_, str> = if code.is_empty() { words.into() } else { code.into() };
    find(code).or_else(|| find(words)).unwrap_or_else(|| given.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loinc_is_proved_by_its_check_digit() {
        for (code, sound) in [
            ("2339-0", true),
            ("8480-6", true),
            ("11502-2", true),
            ("2339-1", false),
            ("GLU", false),
        ] {
            assert_eq!(is_loinc(code), sound, "{code}");
        }
        assert_eq!(system("L", "2339-0"), system::LOINC);
        assert_eq!(system("L", "GLU"), "");
        assert!(system("HL70063", "SPO").ends_with("v2-0063"));
    }

    #[test]
    fn local_words() {
        assert_eq!((class("ER"), class("I"), class("N"), class("")), ("EMER", "IMP", "", ""));
        assert!(is_observation("OBS UNIT") && !is_observation("OBSTETRICS"));
        assert_eq!((language("SPA", ""), language("", "Vietnamese")), ("es".into(), "vi".into()));
    }
}

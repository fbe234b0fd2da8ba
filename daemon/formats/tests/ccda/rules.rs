//! What the guide says of sections and entries, each on a document made for it; and the faults of
//! the certification's negative files, each named.

use super::made::{codes, entry, section, snomed, told, with};
use super::samples::{read, statements};
use almoner_core::clinical::{Content, FactKind};
use almoner_core::export::{Sense, Severity};

fn problem(code: &str, words: &str) -> String {
    entry("observation", "4", &snomed("value", code, words))
}

#[test]
fn none_known_not_recorded_and_not_read_are_three_things() {
    let none = entry("observation", "4", &snomed("value", "55607006", "Problem"))
        .replace("moodCode=\"EVN\"", "moodCode=\"EVN\" negationInd=\"true\"");
    let export = with(&section("11450-4", &none));
    assert_eq!(told(&export), [(FactKind::Condition, Sense::NoneKnown, "Problem".to_owned())]);
    assert!(codes(&export).is_empty());

    let unsaid =
        "<component><section nullFlavor=\"NI\"><code code=\"11450-4\"/></section></component>";
    let export = with(unsaid);
    assert!(told(&export).is_empty());
    assert_eq!(codes(&export), ["section_not_recorded"]);

    let words = "<text><list><item>Gout since 2019</item></list></text>";
    let export = with(&section("11450-4", words));
    assert!(told(&export).is_empty());
    assert_eq!(codes(&export), ["section_words_only"]);
}

#[test]
fn an_entry_without_template_is_read_by_its_form() {
    let bare = format!(
        "<entry><observation>{}</observation></entry>",
        snomed("value", "90560007", "Gout")
    );
    let export = with(&section("11450-4", &[problem("38341003", "Hypertension"), bare].concat()));
    let labels: Vec<String> = told(&export).into_iter().map(|(.., label)| label).collect();
    assert_eq!(labels, ["Hypertension", "Gout"]);
    assert_eq!(codes(&export), ["template_missing"]);
}

#[test]
fn a_section_of_no_known_code_is_told_by_its_entries() {
    let export = with(&section("X-OWN", &problem("90560007", "Gout")));
    assert_eq!(told(&export), [(FactKind::Condition, Sense::Stated, "Gout".to_owned())]);
    // of entries that claim different things nothing is guessed
    let mixed = [problem("90560007", "Gout"), entry("act", "20", "")].concat();
    let export = with(&section("X-OWN", &mixed));
    assert!(told(&export).is_empty());
    assert_eq!(codes(&export), ["section_unknown"]);
}

#[test]
fn nutrition_pregnancy_and_reportability_are_facts() {
    let diet = format!(
        "<code code=\"75303-8\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Nutrition\"/>{}",
        snomed("value", "386619000", "Low sodium diet")
    );
    let pregnant = format!(
        "<code code=\"82810-3\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Pregnancy status\"/>{}",
        snomed("value", "77386006", "Pregnant")
    );
    let export = with(
        &[
            section("61144-2", &entry("observation", "138", &diet)),
            section("90767-5", &entry("observation", "293", &pregnant)),
        ]
        .concat(),
    );
    let social = |words: &str| (FactKind::Social, Sense::Stated, words.to_owned());
    assert_eq!(told(&export), [social("Nutrition"), social("Pregnancy status")]);

    let export = read("eicr/RR/4aca74f4-c3b7-49ce-a437-1c8594451926_CDA_RR.xml").unwrap();
    let answers: Vec<&str> = statements(&export)
        .iter()
        .filter_map(|s| match &s.content {
            Content::Other(o) if o.code.codings.iter().any(|c| c.code == "840539006") => {
                Some(&*o.note)
            }
            _ => None,
        })
        .collect();
    assert_eq!(answers, ["Los Angeles County Department of Public Health: Reportable"]);
}

#[test]
fn sensitivity_of_a_section_and_of_an_entry_goes_with_the_facts() {
    let marked = format!(
        "<confidentialityCode code=\"R\"/>{}",
        problem("66214007", "Substance abuse").replace(
            "</observation>",
            "<entryRelationship typeCode=\"SUBJ\"><observation>\
             <templateId root=\"2.16.840.1.113883.3.445.14\"/>\
             <value xsi:type=\"CD\" code=\"42CFRPart2\"/></observation></entryRelationship></observation>"
        )
    );
    let export = with(
        &[section("11450-4", &marked), section("11348-0", &problem("90560007", "Gout"))].concat(),
    );
    let labels: Vec<&[String]> = statements(&export)
        .iter()
        .filter(|s| s.place.contains("/section"))
        .map(|s| &*s.labels)
        .collect();
    assert_eq!(labels, [&["R".to_owned(), "42CFRPart2".to_owned()][..], &[]]);
}

#[test]
fn prefixes_of_any_name_are_declared_and_said() {
    let text = "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><n1:effectiveTime value=\"20260301\"/>\
                <recordTarget><patientRole><patient><name><family>Reed</family></name>\
                <birthTime value=\"19600102\"/><sdtc:deceasedInd value=\"true\"/></patient>\
                </patientRole></recordTarget></ClinicalDocument>";
    let export = almoner_formats::ccda::read(text).unwrap();
    assert!(export.people[0].patient.deceased);
    assert_eq!(codes(&export), ["xml_repaired_prefixes"]);
}

/// The negative files of the certification: the fault that each was made for, and how many facts
/// of its sections are sound (conditions, medicines, allergies).
const NEGATIVE: [(&str, &str, [usize; 3]); 9] = [
    ("NT_BadXml_r11_v2", "xml_repaired_tags", [2, 2, 3]),
    ("NT_Bad_AllergyConcernElements_r11_v3", "template_missing code_malformed", [2, 2, 4]),
    ("NT_Bad_DocTypeId_r11_v2", "type_id_unknown", [2, 2, 3]),
    (
        "NT_Bad_MedicationActivityElements_r11_v3",
        "template_missing code_malformed code_system_unknown",
        [2, 8, 3],
    ),
    ("NT_Bad_PatientLastName_r1_v2", "name_doubtful", [2, 2, 3]),
    (
        "NT_Bad_ProblemConcernElements_r11_v3",
        "template_missing code_malformed code_system_unknown",
        [4, 2, 3],
    ),
    ("NT_CP_Sample1_r21_v5", "name_doubtful sex_unreadable language_unreadable", [5, 6, 2]),
    ("NT_Missing_PatientLastName_r11_v2", "name_doubtful", [2, 2, 3]),
    ("NT_USCDI_Sample4_r21_v4", "code_malformed", [5, 6, 2]),
];

#[test]
fn negative_files_give_their_sound_parts_and_name_their_fault() {
    for (name, faults, sound) in NEGATIVE {
        let export = read(&format!("onc-cures/negative/{name}.xml")).unwrap();
        for fault in faults.split(' ') {
            assert!(codes(&export).contains(&fault), "{name}: {fault} is not named");
        }
        let count = |kind: FactKind| {
            let of_kind = statements(&export).iter().filter(|s| s.content.kind() == kind);
            of_kind.filter(|s| s.place.contains("/section")).count()
        };
        let found = [FactKind::Condition, FactKind::Medication, FactKind::Allergy].map(count);
        assert_eq!(found, sound, "{name}");
        assert!(export.problems.iter().all(|p| p.severity != Severity::Error), "{name}");
    }
}

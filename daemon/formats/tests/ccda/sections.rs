//! Every section of the guide: told by its LOINC code, by its template root where the code is missing
//! or its own, and its entries taken as what they are.

use super::made::{document, entry, read};
use super::samples::statements;
use almoner_core::clinical::{Content, FactKind};

/// A section of the guide: LOINC codes, template roots below 2.16.840.1.113883.10.20.22.2, element and
/// template of an entry, what its statement is: kind and the category or FHIR type.
type Row = (
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
    &'static str,
    FactKind,
    &'static str,
);

const SECTIONS: &[Row] = &[
    (&["48765-2"], &["6", "6.1"], "observation", "7", FactKind::Allergy, ""),
    (&["10160-0"], &["1", "1.1"], "substanceAdministration", "16", FactKind::Medication, ""),
    (&["11450-4"], &["5", "5.1"], "observation", "4", FactKind::Condition, "problem-list-item"),
    (&["11348-0"], &["20"], "observation", "4", FactKind::Condition, "history"),
    (&["30954-2"], &["3", "3.1"], "observation", "2", FactKind::Result, "laboratory"),
    (&["8716-3"], &["4", "4.1"], "observation", "27", FactKind::Vital, "vital-signs"),
    (&["8716-3"], &["4"], "observation", "512", FactKind::Vital, "vital-signs"),
    (&["11369-6"], &["2", "2.1"], "substanceAdministration", "52", FactKind::Immunization, ""),
    (&["47519-4"], &["7", "7.1"], "procedure", "14", FactKind::Procedure, ""),
    (&["47519-4"], &["7"], "act", "12", FactKind::Procedure, ""),
    (&["47519-4"], &["7"], "observation", "13", FactKind::Procedure, ""),
    (&["46240-8"], &["22", "22.1"], "encounter", "49", FactKind::Encounter, ""),
    (
        &["18776-5", "51847-2"],
        &["10", "9"],
        "observation",
        "44",
        FactKind::CarePlan,
        "ServiceRequest",
    ),
    (&["18776-5"], &["10"], "procedure", "41", FactKind::CarePlan, "ServiceRequest"),
    (&["18776-5"], &["10"], "act", "39", FactKind::CarePlan, "ServiceRequest"),
    (&["18776-5"], &["10"], "encounter", "40", FactKind::Appointment, "Appointment"),
    (
        &["18776-5"],
        &["10"],
        "substanceAdministration",
        "42",
        FactKind::CarePlan,
        "MedicationRequest",
    ),
    (&["18776-5"], &["10"], "supply", "43", FactKind::CarePlan, "DeviceRequest"),
    (
        &["18776-5"],
        &["10"],
        "substanceAdministration",
        "120",
        FactKind::CarePlan,
        "ImmunizationRecommendation",
    ),
    (&["18776-5"], &["10"], "act", "20", FactKind::CarePlan, "CommunicationRequest"),
    (&["61146-7"], &["60"], "observation", "121", FactKind::Goal, "Goal"),
    (&["75310-3"], &["58"], "observation", "4", FactKind::Condition, "health-concern"),
    (
        &["62387-6"],
        &["2.16.840.1.113883.10.20.21.2.3"],
        "act",
        "131",
        FactKind::CarePlan,
        "ServiceRequest",
    ),
    (&["11383-7"], &["61"], "observation", "144", FactKind::CarePlan, "ServiceRequest"),
    (&["29762-2"], &["17"], "observation", "38", FactKind::Social, "social-history"),
    (&["29762-2"], &["17"], "observation", "78", FactKind::Social, "social-history"),
    (&["29762-2"], &["17"], "observation", "85", FactKind::Social, "social-history"),
    (&["29762-2"], &["17"], "observation", "200", FactKind::Social, "social-history"),
    (&["29762-2"], &["17"], "observation", "501", FactKind::Social, "social-history"),
    (&["29762-2"], &["17"], "observation", "109", FactKind::Social, "sdoh"),
    (&["47420-5"], &["14"], "observation", "67", FactKind::Social, "functional-status"),
    (&["47420-5"], &["14"], "observation", "128", FactKind::Social, "functional-status"),
    (&["10190-7"], &["56"], "observation", "74", FactKind::Social, "functional-status"),
    (&["61144-2"], &["57"], "observation", "138", FactKind::Social, "functional-status"),
    (&["10162-6"], &["80", "70"], "observation", "293", FactKind::Social, "social-history"),
    (&["48768-6"], &["18"], "act", "61", FactKind::Coverage, ""),
    (&["42348-3"], &["21", "21.1"], "observation", "48", FactKind::Resource, "Consent"),
    (
        &["10183-2", "75311-1"],
        &["11", "11.1"],
        "substanceAdministration",
        "16",
        FactKind::Medication,
        "",
    ),
    (&["42346-7"], &["44"], "substanceAdministration", "16", FactKind::Medication, ""),
    (&["29549-3"], &["38"], "substanceAdministration", "16", FactKind::Medication, ""),
    (
        &["11535-2", "78375-3"],
        &["24"],
        "observation",
        "4",
        FactKind::Condition,
        "discharge-diagnosis",
    ),
    (&["46241-6"], &["43"], "observation", "4", FactKind::Condition, "admission-diagnosis"),
    (
        &["8653-8", "69730-0"],
        &["41", "45"],
        "act",
        "20",
        FactKind::CarePlan,
        "CommunicationRequest",
    ),
    (
        &["42349-1"],
        &["1.3.6.1.4.1.19376.1.5.3.1.3.1"],
        "act",
        "140",
        FactKind::Referral,
        "ServiceRequest",
    ),
    (&["34109-9", "11488-4", "11506-3"], &["65"], "act", "202", FactKind::Document, ""),
    (&["46264-8"], &["23"], "supply", "50", FactKind::Resource, "Device"),
    (&["10157-6"], &["15"], "observation", "46", FactKind::Resource, "FamilyMemberHistory"),
];

/// An entry with everything that any reader asks for.
fn full(element: &str, template: &str) -> String {
    let coded = |name: &str| {
        format!(
            "<{name} xsi:type=\"CD\" code=\"90560007\" codeSystem=\"2.16.840.1.113883.6.96\" \
             displayName=\"Made up\"/>"
        )
    };
    let product = format!(
        "<manufacturedProduct><manufacturedMaterial>{}</manufacturedMaterial></manufacturedProduct>",
        coded("code")
    );
    let inside = format!(
        "{}<text>Made up</text>{}<consumable>{product}</consumable><product>{product}</product>\
         <participant typeCode=\"CSM\"><participantRole><playingEntity>{}</playingEntity>\
         </participantRole></participant>",
        coded("code"),
        coded("value"),
        coded("code")
    );
    entry(element, template, &inside)
}

fn told(section: &str) -> Vec<(FactKind, String)> {
    let text = document(&format!("<component>{section}</component>"));
    let export = read(&text);
    let of_sections = statements(&export).iter().filter(|s| s.place.contains("/section"));
    let kinds = of_sections.map(|s| {
        let detail = match &s.content {
            Content::Condition(condition) => condition.category.clone(),
            Content::Observation(observation) => observation.category.clone(),
            Content::Other(other) => other.resource_type.clone(),
            _ => String::new(),
        };
        (s.content.kind(), detail)
    });
    kinds.collect()
}

#[test]
fn every_section_by_code_and_by_template() {
    for (codes, roots, element, template, kind, detail) in SECTIONS {
        let entries = full(element, template);
        let expected = [(*kind, (*detail).to_owned())];
        for code in *codes {
            let section = format!("<section><code code=\"{code}\"/>{entries}</section>");
            assert_eq!(told(&section), expected, "{code} {template}");
            let nested =
                format!("<section><title>Outer</title><component>{section}</component></section>");
            assert_eq!(told(&nested), expected, "{code} {template} in another section");
        }
        for root in *roots {
            let root = if root.len() < 8 {
                format!("2.16.840.1.113883.10.20.22.2.{root}")
            } else {
                (*root).to_owned()
            };
            for code in ["", "<code code=\"X-OWN\"/>", "<code nullFlavor=\"UNK\"/>"] {
                let section = format!(
                    "<section><templateId root=\"{root}\" extension=\"2015-08-01\"/>{code}{entries}\
                     </section>"
                );
                assert_eq!(told(&section), expected, "{root} {template}");
            }
        }
    }
}

#[test]
fn a_section_told_twice_is_read_twice_and_withdrawn_entries_never() {
    let problem = full("observation", "4");
    let withdrawn = problem.replace("<text>", "<statusCode code=\"nullified\"/><text>");
    let section = format!("<section><code code=\"11450-4\"/>{problem}{withdrawn}</section>");
    let twice = format!("{section}</component><component>{section}");
    assert_eq!(told(&twice).len(), 2);
}

#[test]
fn text_is_kept_whole_with_its_headings() {
    let words = ["8648-8", "8653-8", "29299-5", "10164-2"].map(|code| {
        format!(
            "<component><section><code code=\"{code}\"/><title>Of {code}</title>\
             <text>Words of {code}</text></section></component>"
        )
    });
    let export = read(&document(&words.concat()));
    let Content::Document(whole) = &statements(&export)[0].content else { panic!("no document") };
    for code in ["8648-8", "8653-8", "29299-5", "10164-2"] {
        assert!(whole.text.contains(&format!("Of {code}\nWords of {code}")), "{}", whole.text);
    }
}

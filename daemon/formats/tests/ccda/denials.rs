//! The patterns of "none", "not so" and "not known" (C-CDA R2.1 and the HL7 example library): each as
//! the guide writes it, and as vendors do.

use super::made::{codes, entry, section, snomed, told, with};
use almoner_core::clinical::FactKind::{Allergy, Condition, Immunization, Medication, Procedure};
use almoner_core::export::Sense::{self, Negated, NoneKnown, Stated};

/// The same entry, negated.
fn not(entry: &str) -> String {
    entry.replacen("moodCode=\"EVN\"", "moodCode=\"EVN\" negationInd=\"true\"", 1)
}

fn allergy(value: &str, substance: &str) -> String {
    let inside = format!(
        "{}<participant typeCode=\"CSM\"><participantRole><playingEntity>{substance}\
         </playingEntity></participantRole></participant>",
        snomed("value", value, "Allergy")
    );
    entry("observation", "7", &inside)
}

fn medicine(product: &str) -> String {
    let inside = format!(
        "<statusCode code=\"active\"/><consumable><manufacturedProduct><manufacturedMaterial>\
         {product}</manufacturedMaterial></manufacturedProduct></consumable>"
    );
    entry("substanceAdministration", "16", &inside)
}

const NA: &str = "<code nullFlavor=\"NA\"/>";
const PENICILLIN: &str = "<code code=\"70618\" codeSystem=\"2.16.840.1.113883.6.88\" \
                          displayName=\"Penicillin\"/>";

#[test]
fn allergies() {
    let none = |words: &str| vec![(Allergy, NoneKnown, words.to_owned())];
    for (value, words) in [
        ("416098002", "No known drug allergy"),
        ("414285001", "No known food allergy"),
        ("419199007", "No known allergy"),
        ("420134006", "No known allergy"),
    ] {
        for substance in [NA, ""] {
            let export = with(&section("48765-2", &not(&allergy(value, substance))));
            assert_eq!(told(&export), none(words), "{value}");
        }
    }
    let export = with(&section("48765-2", &not(&allergy("416098002", PENICILLIN))));
    assert_eq!(told(&export), [(Allergy, Negated, "Penicillin".to_owned())]);
    // the same said positively, as the substance
    let said = "<code code=\"409137002\" codeSystem=\"2.16.840.1.113883.6.96\" \
                displayName=\"No known drug allergies\"/>";
    let export = with(&section("48765-2", &allergy("416098002", said)));
    assert_eq!(told(&export), none("No known drug allergies"));
    // no substance and no denial: nothing is said
    let export = with(&section("48765-2", &allergy("419199007", NA).replace("Allergy", "")));
    assert!(told(&export).iter().all(|(_, sense, _)| *sense != NoneKnown));
}

#[test]
fn problems() {
    let problem =
        |code: &str, words: &str| entry("observation", "4", &snomed("value", code, words));
    for (given, sense, words) in [
        (not(&problem("55607006", "Problem")), NoneKnown, "Problem"),
        (not(&problem("44054006", "Diabetes")), Negated, "Diabetes"),
        (problem("44054006", "Diabetes"), Stated, "Diabetes"),
        (problem("160245001", "No current problems or disability"), NoneKnown, ""),
    ] {
        let export = with(&section("11450-4", &given));
        let found = told(&export);
        assert_eq!((found.len(), found[0].0, found[0].1), (1, Condition, sense), "{given}");
        assert!(found[0].2.starts_with(words));
    }
}

#[test]
fn medicines_and_vaccines() {
    let drug = "<code nullFlavor=\"OTH\"><translation code=\"410942007\" \
                codeSystem=\"2.16.840.1.113883.6.96\" displayName=\"Drug or medicament\"/></code>";
    let aspirin =
        "<code code=\"1191\" codeSystem=\"2.16.840.1.113883.6.88\" displayName=\"Aspirin\"/>";
    let senses = |section_code: &str, given: &str| -> Vec<Sense> {
        let export = with(&section(section_code, given));
        told(&export)
            .into_iter()
            .map(|(kind, sense, _)| {
                assert!(matches!(kind, Medication | Immunization));
                sense
            })
            .collect()
    };
    for (product, sense) in [(drug, NoneKnown), (NA, NoneKnown), (aspirin, Negated)] {
        assert_eq!(senses("10160-0", &not(&medicine(product))), [sense], "{product}");
    }
    assert_eq!(senses("10160-0", &medicine(aspirin)), [Stated]);
    // nothing given during the visit is no word on what is taken
    assert!(senses("29549-3", &not(&medicine(drug))).is_empty());
    let flu = medicine("<code code=\"88\" codeSystem=\"2.16.840.1.113883.12.292\"/>")
        .replace(".16\"", ".52\"");
    assert_eq!(senses("11369-6", &not(&flu)), [Negated]);
    assert_eq!(senses("11369-6", &flu), [Stated]);
}

#[test]
fn a_denial_in_a_section_that_says_no_information_denies_nothing() {
    let denied = not(&medicine(NA));
    for (words, none) in [
        ("No Information", false),
        ("Drug Treatment Unknown", false),
        ("No known medications", true),
        ("No Known Medication Information", true),
        ("", true),
    ] {
        let export =
            with(&section("10160-0", &[&format!("<text>{words}</text>"), &*denied].concat()));
        let found: Vec<Sense> = told(&export).into_iter().map(|(_, sense, _)| sense).collect();
        assert_eq!(found, if none { vec![NoneKnown] } else { vec![] }, "{words}");
        assert_eq!(
            codes(&export),
            if none { vec![] } else { vec!["section_not_recorded"] },
            "{words}"
        );
    }
    let procedure = not(&entry("procedure", "14", &snomed("code", "71388002", "Procedure")));
    let nothing =
        section("47519-4", &["<text>No Procedure information</text>", &*procedure].concat());
    assert!(told(&with(&nothing)).is_empty());
    let none = section("47519-4", &["<text>No known procedures</text>", &*procedure].concat());
    assert_eq!(told(&with(&none))[0].0, Procedure);
}

#[test]
fn a_null_flavour_is_neither_none_nor_a_fact() {
    let null = |element: &str, template: &str| {
        entry(element, template, NA).replace("<templateId", "<!-- --><templateId").replacen(
            "moodCode=\"EVN\"",
            "moodCode=\"EVN\" nullFlavor=\"NI\"",
            1,
        )
    };
    for (code, element, template) in [
        ("48765-2", "observation", "7"),
        ("11450-4", "observation", "4"),
        ("10160-0", "substanceAdministration", "16"),
        ("30954-2", "observation", "2"),
        ("8716-3", "observation", "27"),
        ("47519-4", "procedure", "14"),
        ("46240-8", "encounter", "49"),
        ("29762-2", "observation", "38"),
        ("61146-7", "observation", "121"),
        ("42348-3", "observation", "48"),
        ("10157-6", "observation", "46"),
    ] {
        assert!(told(&with(&section(code, &null(element, template)))).is_empty(), "{code}");
    }
}

#[test]
fn lists_without_entries_are_not_recorded_or_to_be_read() {
    for code in ["48765-2", "10160-0", "11450-4"] {
        for (words, noted) in [
            ("<text>No Information</text>", "section_not_recorded"),
            ("<text/>", "section_not_recorded"),
            ("<text>Aspirin 81 mg every day</text>", "section_words_only"),
            ("<text>No known allergies</text>", "section_words_only"),
            ("<text><paragraph>See the letter</paragraph></text>", "section_words_only"),
        ] {
            let export = with(&section(code, words));
            assert!(told(&export).is_empty());
            assert_eq!(codes(&export), [noted], "{code} {words}");
        }
    }
    // lists that no safety hangs on are not worth a word
    assert!(codes(&with(&section("30954-2", "<text>No Information</text>"))).is_empty());
}

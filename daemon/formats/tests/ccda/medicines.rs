//! Medicines: what their status, mood and times make of them, how often, and whose words are the
//! directions.

use super::made::{entry, section, with};
use super::samples::statements;
use almoner_core::clinical::{Content, Medication, MedicationUse};

/// The one medicine of a section, with these parts.
fn medicine_of(code: &str, mood: &str, inside: &str) -> Vec<Medication> {
    let product = "<consumable><manufacturedProduct><manufacturedMaterial><code code=\"197361\" \
                   codeSystem=\"2.16.840.1.113883.6.88\" displayName=\"Amlodipine 5 MG\"/>\
                   </manufacturedMaterial></manufacturedProduct></consumable>";
    let medicine = entry("substanceAdministration", "16", &[inside, product].concat());
    let medicine = medicine.replacen("moodCode=\"EVN\"", &format!("moodCode=\"{mood}\""), 1);
    let export = with(&section(code, &medicine));
    let found = statements(&export).iter().filter_map(|s| match &s.content {
        Content::Medication(medication) => Some(medication.clone()),
        _ => None,
    });
    found.collect()
}

fn medicine(inside: &str) -> Medication {
    medicine_of("10160-0", "EVN", inside).remove(0)
}

#[test]
fn status_against_times() {
    let high =
        |value: &str| format!("<effectiveTime><low value=\"20250101\"/>{value}</effectiveTime>");
    for (status, time, expected) in [
        ("active", high("<high nullFlavor=\"UNK\"/>"), "active"),
        ("active", high("<high value=\"20250601\"/>"), "active"),
        ("completed", high(""), "active"),
        ("completed", high("<high nullFlavor=\"UNK\"/>"), "active"),
        ("completed", high("<high value=\"20270101\"/>"), "active"),
        ("completed", high("<high value=\"20250601\"/>"), "completed"),
        ("suspended", high(""), "on-hold"),
        ("held", high(""), "on-hold"),
        ("aborted", high(""), "stopped"),
        ("cancelled", high(""), "cancelled"),
        ("ordered", high(""), "active"),
        ("", high(""), "unknown"),
    ] {
        let inside = format!("<statusCode code=\"{status}\"/>{time}");
        assert_eq!(medicine(&inside).status, expected, "{status} {time}");
    }
    assert!(medicine_of("10160-0", "EVN", "<statusCode code=\"nullified\"/>").is_empty());
}

#[test]
fn lists_by_section_and_mood() {
    for (section, mood, list) in [
        ("10160-0", "EVN", MedicationUse::Reported),
        ("10160-0", "INT", MedicationUse::Ordered),
        ("10183-2", "EVN", MedicationUse::Discharge),
        ("75311-1", "INT", MedicationUse::Discharge),
        ("42346-7", "EVN", MedicationUse::Admission),
        ("29549-3", "EVN", MedicationUse::Administered),
    ] {
        assert_eq!(medicine_of(section, mood, "")[0].use_, list, "{section} {mood}");
    }
}

#[test]
fn how_often_from_when_and_how_much() {
    let period = |inside: &str| {
        format!("<effectiveTime xsi:type=\"PIVL_TS\" operator=\"A\">{inside}</effectiveTime>")
    };
    for (given, frequency, as_needed) in [
        (period("<period value=\"8\" unit=\"h\"/>"), "every 8 h", false),
        (
            period("<period><low value=\"4\" unit=\"h\"/><high value=\"6\" unit=\"h\"/></period>"),
            "every 4 to 6 h",
            false,
        ),
        (
            "<effectiveTime xsi:type=\"EIVL_TS\" operator=\"A\"><event code=\"HS\"/></effectiveTime>"
                .to_owned(),
            "at bedtime",
            false,
        ),
        (period("<period value=\"1\" unit=\"PRN\"/>"), "", true),
        (
            "<precondition><criterion><value xsi:type=\"CD\" code=\"386661006\"/></criterion>\
             </precondition>"
                .to_owned(),
            "",
            true,
        ),
        ("<precondition><criterion/></precondition>".to_owned(), "", true),
    ] {
        let time = "<effectiveTime xsi:type=\"IVL_TS\"><low value=\"20250101\"/></effectiveTime>";
        let found = medicine(&[time, &given].concat());
        assert_eq!((&*found.frequency, found.as_needed), (frequency, as_needed), "{given}");
        assert_eq!(found.period.start.unwrap().as_str(), "2025-01-01", "{given}");
    }
    let once = medicine("<effectiveTime value=\"20250101\"/>");
    assert_eq!((once.period.start.is_some(), once.period.end), (true, None));
    let dose = medicine("<doseQuantity value=\"2\" unit=\"{puff}\"/>").dose.unwrap();
    assert_eq!((&*dose.value, &*dose.unit), ("2", "{puff}"));
    let dose = medicine("<doseQuantity><low value=\"1\"/><high value=\"2\"/></doseQuantity>").dose;
    assert_eq!(dose.unwrap().value, "1");
    let fills = "<entryRelationship typeCode=\"REFR\"><supply moodCode=\"INT\">\
                 <templateId root=\"2.16.840.1.113883.10.20.22.4.17\"/><repeatNumber value=\"3\"/>\
                 </supply></entryRelationship>";
    assert_eq!(medicine(fills).refills, Some(2));
}

#[test]
fn the_directions_are_quoted_from_the_best_place() {
    let below = |template: &str, words: &str| {
        format!(
            "<entryRelationship typeCode=\"COMP\"><substanceAdministration>\
             <templateId root=\"2.16.840.1.113883.10.20.22.4.{template}\"/><text>{words}</text>\
             </substanceAdministration></entryRelationship>"
        )
    };
    let sig = below("147", "Take one at night");
    let instruction = below("20", "With water");
    let own = "<text>One tablet daily</text>";
    let parts = "<doseQuantity value=\"1\"/><effectiveTime xsi:type=\"PIVL_TS\" operator=\"A\">\
                 <period value=\"1\" unit=\"d\"/></effectiveTime>";
    for (given, expected) in [
        ([own, &*instruction, &*sig].concat(), "Take one at night"),
        ([own, &*instruction].concat(), "With water"),
        (own.to_owned(), "One tablet daily"),
        // the name of the medicine is no direction, nor are parts made into one
        (["<text>Amlodipine 5 MG</text>", parts].concat(), ""),
        (parts.to_owned(), ""),
    ] {
        assert_eq!(medicine(&given).sig, expected, "{given}");
    }
}

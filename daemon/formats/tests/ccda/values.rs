//! Data types as CDA writes them: values of observations, times, code systems named in any way, words
//! by reference. One row a spelling.

use super::made::{codes, entry, section, told, with};
use super::samples::statements;
use almoner_core::clinical::{Content, Observation, Value};
use almoner_core::export::Export;

fn observations(export: &Export) -> Vec<&Observation> {
    let contents = statements(export).iter().map(|s| &s.content);
    let observations = contents.filter_map(|content| match content {
        Content::Observation(observation) => Some(observation),
        _ => None,
    });
    observations.collect()
}

/// The only observation of a result with these parts.
fn result(inside: &str) -> Export {
    let code =
        "<code code=\"2345-7\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Glucose\"/>";
    with(&section("30954-2", &entry("observation", "2", &[code, inside].concat())))
}

/// A value in short.
fn shown(value: &Value) -> String {
    match value {
        Value::Quantity(q) => format!("{}{} {}", q.comparator, q.value, q.unit).trim().to_owned(),
        Value::Concept(concept) => format!("concept {}", concept.label()),
        Value::Text(words) => format!("text {words}"),
        Value::When(when) => format!("when {}", when.as_str()),
        Value::Boolean(yes) => yes.to_string(),
        Value::Range { low, high } => {
            let end = |q: &Option<almoner_core::clinical::Quantity>| {
                q.as_ref().map(|q| format!("{} {}", q.value, q.unit)).unwrap_or_default()
            };
            format!("{}..{}", end(low), end(high))
        }
        Value::Absent => "absent".to_owned(),
    }
}

#[test]
fn values_of_every_type() {
    for (given, expected) in [
        ("<value xsi:type=\"PQ\" value=\"5.40\" unit=\"mmol/L\"/>", "5.40 mmol/L"),
        ("<value xsi:type=\"cda:PQ\" value=\"98\" unit=\"%\"/>", "98 %"),
        ("<value xsi:type=\"PQ\" value=\"1.015\" unit=\"1\"/>", "1.015"),
        ("<value xsi:type=\"PQ\" nullFlavor=\"UNK\"/>", "absent"),
        ("<value xsi:type=\"PQ\" nullFlavor=\"OTH\"><translation value=\"7\"/></value>", "7"),
        ("<value xsi:type=\"INT\" value=\"7\"/>", "7"),
        ("<value xsi:type=\"REAL\" value=\"0.5\"/>", "0.5"),
        ("<value xsi:type=\"MO\" value=\"20\" currency=\"USD\"/>", "20 USD"),
        ("<value xsi:type=\"ST\">&gt;60</value>", ">60"),
        ("<value xsi:type=\"ST\">&lt;= 0.5</value>", "<=0.5"),
        ("<value xsi:type=\"ST\">7.10</value>", "7.10"),
        ("<value xsi:type=\"ST\">Yellow</value>", "text Yellow"),
        ("<value xsi:type=\"ED\">No growth</value>", "text No growth"),
        ("<value>Clear</value>", "text Clear"),
        ("<value xsi:type=\"BL\" value=\"true\"/>", "true"),
        ("<value xsi:type=\"TS\" value=\"20230531\"/>", "when 2023-05-31"),
        (
            "<value xsi:type=\"CD\" code=\"1\" codeSystem=\"1.2.3\" displayName=\"Rare\"/>",
            "concept Rare",
        ),
        ("<value xsi:type=\"CO\" code=\"2\" codeSystem=\"1.2.3\"/>", "concept 2"),
        ("<value xsi:type=\"CD\" nullFlavor=\"UNK\"/>", "absent"),
        (
            "<value xsi:type=\"CD\" nullFlavor=\"OTH\"><originalText>Amber</originalText></value>",
            "concept Amber",
        ),
        (
            "<value xsi:type=\"IVL_PQ\"><low value=\"1\" unit=\"g\"/><high value=\"2\" unit=\"g\"/></value>",
            "1 g..2 g",
        ),
        ("<value xsi:type=\"IVL_PQ\"><low value=\"95\" unit=\"%\"/></value>", ">=95 %"),
        (
            "<value xsi:type=\"IVL_PQ\"><high value=\"5\" unit=\"g\" inclusive=\"false\"/></value>",
            "<5 g",
        ),
        (
            "<value xsi:type=\"RTO_PQ_PQ\"><numerator value=\"1\"/><denominator value=\"128\"/></value>",
            "text 1 / 128",
        ),
    ] {
        let export = result(given);
        let found: Vec<String> = observations(&export).iter().map(|o| shown(&o.value)).collect();
        assert_eq!(found, [expected], "{given}");
    }
}

#[test]
fn why_there_is_no_value_is_kept() {
    for (flavour, reason) in
        [("UNK", "unknown"), ("ASKU", "asked-unknown"), ("NASK", "not-asked"), ("MSK", "masked")]
    {
        let export = result(&format!("<value xsi:type=\"PQ\" nullFlavor=\"{flavour}\"/>"));
        assert_eq!(observations(&export)[0].data_absent, reason);
    }
}

#[test]
fn times_keep_their_precision() {
    for (given, start, end) in [
        ("<effectiveTime value=\"2023\"/>", "2023", "2023"),
        ("<effectiveTime value=\"202305\"/>", "2023-05", "2023-05"),
        ("<effectiveTime value=\"20230531\"/>", "2023-05-31", "2023-05-31"),
        ("<effectiveTime value=\"202305311022\"/>", "2023-05-31T10:22:00", "2023-05-31T10:22:00"),
        (
            "<effectiveTime value=\"20230531102233.4500-0500\"/>",
            "2023-05-31T10:22:33-05:00",
            "2023-05-31T10:22:33-05:00",
        ),
        ("<effectiveTime value=\"2023-05-31\"/>", "2023-05-31", "2023-05-31"),
        ("<effectiveTime><low value=\"20230531\"/></effectiveTime>", "2023-05-31", ""),
        (
            "<effectiveTime><low value=\"20230531\"/><high value=\"20230601\"/></effectiveTime>",
            "2023-05-31",
            "2023-06-01",
        ),
        (
            "<effectiveTime><low nullFlavor=\"UNK\"/><high value=\"20230601\"/></effectiveTime>",
            "",
            "2023-06-01",
        ),
        ("<effectiveTime><center value=\"202305\"/></effectiveTime>", "2023-05", "2023-05"),
        ("<effectiveTime nullFlavor=\"UNK\"/>", "", ""),
        ("<effectiveTime value=\"00010101\"/>", "", ""),
    ] {
        let export = result(&[given, "<value xsi:type=\"INT\" value=\"7\"/>"].concat());
        let found = &observations(&export)[0].effective;
        let day = |when: &Option<almoner_core::clinical::When>| {
            when.as_ref().map(|when| when.as_str().to_owned()).unwrap_or_default()
        };
        assert_eq!((day(&found.start), day(&found.end)), (start.into(), end.into()), "{given}");
        assert!(codes(&export).is_empty(), "{given}");
    }
    for given in ["18500101", "20231350", "22000101", "yesterday"] {
        let export = result(&format!(
            "<effectiveTime value=\"{given}\"/><value xsi:type=\"INT\" value=\"7\"/>"
        ));
        assert_eq!(observations(&export)[0].effective.start, None, "{given}");
        assert_eq!(codes(&export), ["date_unreadable"], "{given}");
    }
}

#[test]
fn systems_by_oid_by_misuse_and_by_name() {
    for (given, system) in [
        ("codeSystem=\"2.16.840.1.113883.6.96\"", "http://snomed.info/sct"),
        ("codeSystem=\"SNOMED\"", "http://snomed.info/sct"),
        ("codeSystemName=\"SNOMED CT\"", "http://snomed.info/sct"),
        ("codeSystemName=\"SNOMED-CT\"", "http://snomed.info/sct"),
        ("codeSystem=\"2.16.840.1.113883.6.90\"", "http://hl7.org/fhir/sid/icd-10-cm"),
        ("codeSystem=\"2.16.840.1.113883.6.3\"", "http://hl7.org/fhir/sid/icd-10-cm"),
        ("codeSystem=\"2.16.840.1.113883.6.103\"", "http://hl7.org/fhir/sid/icd-9-cm"),
        ("codeSystem=\"2.16.840.1.113883.6.42\"", "http://hl7.org/fhir/sid/icd-9-cm"),
        ("codeSystem=\"ICD9\"", "http://hl7.org/fhir/sid/icd-9-cm"),
        ("codeSystemName=\"RxNorm\"", "http://www.nlm.nih.gov/research/umls/rxnorm"),
        ("codeSystem=\"2.16.840.1.113883.6.59\"", "http://hl7.org/fhir/sid/cvx"),
        ("codeSystem=\"2.16.840.1.113883.12.292\"", "http://hl7.org/fhir/sid/cvx"),
        ("codeSystem=\"2.16.840.1.113883.6.69\"", "http://hl7.org/fhir/sid/ndc"),
        ("codeSystem=\"2.16.840.1.113883.3.247.1.1\"", "urn:oid:2.16.840.1.113883.3.247.1.1"),
    ] {
        let value = format!("<value xsi:type=\"CD\" code=\"12345\" {given} displayName=\"Gout\"/>");
        let export = with(&section("11450-4", &entry("observation", "4", &value)));
        let Content::Condition(condition) = &statements(&export)[1].content else { panic!() };
        assert_eq!(condition.code.codings[0].system, system, "{given}");
    }
}

#[test]
fn codes_only_in_a_translation_and_the_vendors_own_after_the_standard_ones() {
    let value = "<value xsi:type=\"CD\" code=\"55\" codeSystem=\"2.16.840.1.113883.3.247.1.1\" \
                 displayName=\"Gout, unspec\"><translation code=\"M10.9\" \
                 codeSystem=\"2.16.840.1.113883.6.90\"><translation code=\"90560007\" \
                 codeSystem=\"2.16.840.1.113883.6.96\"/></translation></value>";
    let null = "<value xsi:type=\"CD\" nullFlavor=\"OTH\"><translation code=\"274.9\" \
                codeSystem=\"2.16.840.1.113883.6.103\" displayName=\"Gout NOS\"/></value>";
    let entries = [value, null].map(|value| entry("observation", "4", value)).concat();
    let export = with(&section("11450-4", &entries));
    let found: Vec<(String, Vec<&str>)> = statements(&export)
        .iter()
        .filter_map(|s| match &s.content {
            Content::Condition(c) => {
                let codes = c.code.codings.iter().map(|coding| &*coding.code).collect();
                Some((c.code.label().to_owned(), codes))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        found,
        [
            ("Gout, unspec".to_owned(), vec!["M10.9", "90560007", "55"]),
            ("Gout NOS".to_owned(), vec!["274.9"]),
        ]
    );
}

#[test]
fn words_by_reference_however_it_is_written() {
    let narrative = "<text><list><item ID=\"p1\">Gout of the <content ID=\"p2\">left foot</content>\
                     </item></list><paragraph id=\"p3\">Low<br/>back pain</paragraph></text>";
    for (reference, label) in [
        ("#p1", "• Gout of the left foot"),
        ("p1", "• Gout of the left foot"),
        ("#p2", "left foot"),
        ("#p3", "Low\nback pain"),
        // words where the reference should be
        ("Penicillin reaction", "Penicillin reaction"),
        // an id that is not there: the code stands
        ("#gone", "90560007"),
        ("gone_1", "90560007"),
    ] {
        let value = format!(
            "<value xsi:type=\"CD\" code=\"90560007\" codeSystem=\"2.16.840.1.113883.6.96\">\
             <originalText><reference value=\"{reference}\"/></originalText></value>"
        );
        let problem = entry("observation", "4", &value);
        let export = with(&section("11450-4", &[narrative, &problem].concat()));
        let labels: Vec<String> = told(&export).into_iter().map(|(.., label)| label).collect();
        assert_eq!(
            labels.iter().map(|l| l.trim_start_matches("• ")).collect::<Vec<_>>(),
            [label.trim_start_matches("• ")],
            "{reference}"
        );
    }
    // the same id in two sections: one's own counts
    let own = |words: &str| {
        let value = "<value xsi:type=\"CD\" nullFlavor=\"UNK\"><originalText>\
                     <reference value=\"#x\"/></originalText></value>";
        let text = format!("<text><content ID=\"x\">{words}</content></text>");
        section("11450-4", &[&*text, &entry("observation", "4", value)].concat())
    };
    let export = with(&[own("Gout"), own("Asthma")].concat());
    let labels: Vec<String> = told(&export).into_iter().map(|(.., label)| label).collect();
    assert_eq!(labels, ["Gout", "Asthma"]);
}

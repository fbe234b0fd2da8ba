//! Every sort of container and reference (`fhir.md` A1, A3; FHIR R4 "Bundle" 2.36 and "HTTP"
//! 3.1.0.13 history), with made-up resources.

use super::{codes, one};
use almoner_core::clinical::Content;
use almoner_core::export::{Export, PersonStatements};
use almoner_formats::fhir;
use almoner_formats::read;
use std::io::Write;

const PATIENT: &str =
    r#"{"resourceType":"Patient","id":"p","name":[{"family":"Ames","given":["Bo"]}]}"#;

fn condition(id: &str, meta: &str, text: &str) -> String {
    format!(
        r#"{{"resourceType":"Condition","id":"{id}","meta":{{{meta}}},"code":{{"text":"{text}"}},
            "subject":{{"reference":"Patient/p"}}}}"#
    )
}

fn bundle(kind: &str, entries: &[String]) -> String {
    let entries = entries.join(",");
    format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{entries}]}}"#)
}

fn entry(resource: &str, more: &str) -> String {
    format!(r#"{{"resource":{resource}{more}}}"#)
}

/// What is said of the only person.
fn person(export: &Export) -> &PersonStatements {
    assert_eq!(export.people.len(), 1);
    &export.people[0]
}

fn labels(export: &Export) -> Vec<String> {
    let said = person(export).statements.iter().map(|it| match &it.content {
        Content::Condition(it) => it.code.label().to_owned(),
        Content::Other(it) => format!("{} {}", it.resource_type, it.status),
        other => format!("{:?}", other.kind()),
    });
    said.collect()
}

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn resources_are_found_in_bundles_of_every_type() {
    for kind in ["collection", "document", "transaction", "batch", "searchset", "message"] {
        let export =
            one(&bundle(kind, &[entry(PATIENT, ""), entry(&condition("c", "", "Gout"), "")]));
        assert_eq!(
            (labels(&export), export.problems.len()),
            (vec!["Gout".to_owned()], 0),
            "{kind}"
        );
    }
}

#[test]
fn answers_to_a_transaction_or_batch_are_read_and_their_refusals_told() {
    let done = r#"{"response":{"status":"201 Created","location":"Condition/9/_history/1"}}"#;
    let refused = r#"{"response":{"status":"422 Unprocessable Entity","outcome":{"resourceType":"OperationOutcome"}}}"#;
    let with = entry(PATIENT, r#","response":{"status":"200 OK"}"#);
    for kind in ["transaction-response", "batch-response"] {
        let export = one(&bundle(kind, &[done.to_owned(), with.clone(), refused.to_owned()]));
        assert_eq!(person(&export).patient.names[0].family, "Ames");
        assert_eq!(codes(&export), ["entry_refused"], "{kind}");
        assert_eq!(export.problems[0].at, "Bundle.entry[2]");
        let fault = fhir::read(&bundle(kind, &[done.to_owned()])).unwrap_err();
        assert_eq!(fault.problem.code, "answer_only");
    }
}

#[test]
fn of_a_history_the_newest_version_counts() {
    let old = condition("c", r#""versionId":"9","lastUpdated":"2024-01-01T08:00:00Z""#, "Old");
    let new = condition("c", r#""versionId":"10","lastUpdated":"2024-02-01T08:00:00Z""#, "New");
    for list in [[&old, &new], [&new, &old]] {
        let list: Vec<String> = list.into_iter().map(|it| entry(it, "")).collect();
        let export = one(&bundle("history", &[list, vec![entry(PATIENT, "")]].concat()));
        assert_eq!(labels(&export), ["New"]);
        assert_eq!(codes(&export), ["older_version"]);
    }
    // Version ids need be no numbers: then the time tells.
    let old =
        condition("c", r#""versionId":"f3","lastUpdated":"2024-01-01T23:00:00-05:00""#, "Old");
    let new = condition("c", r#""versionId":"a1","lastUpdated":"2024-01-02T03:59:00Z""#, "Older");
    let list = [entry(&new, ""), entry(&old, ""), entry(PATIENT, "")];
    assert_eq!(labels(&one(&bundle("history", &list))), ["Old"]);
    // Where nothing tells, a history stands with the newest first; any other bundle with the last.
    let list = [entry(&condition("c", "", "A"), ""), entry(&condition("c", "", "B"), "")];
    let list = [list.to_vec(), vec![entry(PATIENT, "")]].concat();
    assert_eq!(labels(&one(&bundle("history", &list))), ["A"]);
    assert_eq!(labels(&one(&bundle("collection", &list))), ["B"]);
    // The answer's headings tell where the resource does not.
    let tell = |at: &str| {
        format!(r#","response":{{"status":"200","lastModified":"{at}","etag":"W/\"{at}\""}}"#)
    };
    let list = [
        entry(&condition("c", "", "A"), &tell("2024-01-01T00:00:00Z")),
        entry(&condition("c", "", "B"), &tell("2024-03-01T00:00:00Z")),
        entry(PATIENT, ""),
    ];
    assert_eq!(labels(&one(&bundle("history", &list))), ["B"]);
}

#[test]
fn what_a_history_deletes_is_withdrawn() {
    let gone = r#"{"fullUrl":"https://ehr.example/fhir/Condition/c","request":{"method":"DELETE",
        "url":"Condition/c"},"response":{"status":"204","etag":"W/\"2\"","lastModified":"2024-02-01T00:00:00Z"}}"#;
    let was = condition("c", r#""versionId":"1""#, "Gout");
    let was = format!(r#"{{"fullUrl":"https://ehr.example/fhir/Condition/c","resource":{was}}}"#);
    let list = [gone.to_owned(), was, entry(PATIENT, "")];
    let export = one(&bundle("history", &list));
    assert_eq!(labels(&export), ["Condition entered-in-error"]);
    assert_eq!(person(&export).statements[0].key, "Condition/c");
    assert_eq!(codes(&export), ["withdrawn"]);
    // Written anew after it was deleted: it stands.
    let again = condition("c", r#""versionId":"3""#, "Gout again");
    let again =
        format!(r#"{{"fullUrl":"https://ehr.example/fhir/Condition/c","resource":{again}}}"#);
    let export = one(&bundle("history", &[vec![again], list.to_vec()].concat()));
    assert_eq!(labels(&export), ["Gout again"]);
    // Nothing tells whose it was.
    let export = one(&bundle("history", &[gone.to_owned(), entry(PATIENT, "")]));
    assert_eq!((labels(&export), codes(&export)), (vec![], vec!["entry_delete"]));
    // A transaction asks only; nobody is asked here.
    let ask = r#"{"request":{"method":"DELETE","url":"Condition?identifier=a|b"}}"#;
    let export = one(&bundle("transaction", &[ask.to_owned(), entry(PATIENT, "")]));
    assert_eq!(codes(&export), ["entry_delete"]);
}

#[test]
fn a_message_tells_its_sender_and_what_it_is_about() {
    let header = r#"{"resourceType":"MessageHeader","eventCoding":{"code":"admit"},
        "source":{"name":"Mercy Feed","software":"FeedWare","endpoint":"urn:x"},"focus":[{"reference":"Condition/c"}]}"#;
    let list = [entry(header, ""), entry(&condition("c", "", "Gout"), ""), entry(PATIENT, "")];
    let export = one(&bundle("message", &list));
    assert_eq!((labels(&export), &*export.software), (vec!["Gout".to_owned()], "FeedWare"));
}

#[test]
fn containers_stand_in_containers() {
    let inner = bundle("searchset", &[entry(&condition("c", "", "Gout"), "")]);
    let outer = bundle("collection", &[entry(PATIENT, ""), entry(&inner, "")]);
    assert_eq!(labels(&one(&outer)), ["Gout"]);
    let parameters = format!(
        r#"{{"resourceType":"Parameters","parameter":[{{"name":"return","resource":{outer}}},
            {{"name":"x","part":[{{"name":"y","resource":{}}}]}}]}}"#,
        condition("d", "", "Flat feet")
    );
    assert_eq!(labels(&one(&parameters)), ["Gout", "Flat feet"]);
    assert_eq!(labels(&one(&format!("[{parameters},{}]", condition("e", "", "Cold")))).len(), 3);
    let lines = format!("{PATIENT}\n{}\n", outer.replace('\n', " "));
    assert_eq!(labels(&one(&lines)), ["Gout"]);
}

#[test]
fn every_sort_of_reference_finds_its_patient() {
    let with = |reference: &str| {
        format!(
            r#"{{"resourceType":"Condition","id":"c","code":{{"text":"Gout"}},"subject":{reference}}}"#
        )
    };
    let patient = r#"{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:mrn","value":"7"}],
        "name":[{"family":"Ames"}]}"#;
    let full =
        |url: &str, resource: &str| format!(r#"{{"fullUrl":"{url}","resource":{resource}}}"#);
    for (url, own, reference) in [
        (
            "https://e.org/fhir/Patient/p",
            "https://e.org/fhir/Condition/c",
            r#"{"reference":"Patient/p"}"#,
        ),
        (
            "https://e.org/fhir/Patient/p",
            "https://e.org/fhir/Condition/c",
            r#"{"reference":"Patient/p/_history/3"}"#,
        ),
        ("https://e.org/fhir/Patient/p", "", r#"{"reference":"https://e.org/fhir/Patient/p"}"#),
        ("", "", r#"{"reference":"https://e.org/fhir/Patient/p"}"#),
        (
            "",
            "https://e.org/fhir/Condition/c",
            r#"{"reference":"https://e.org/fhir/Patient/p/_history/2"}"#,
        ),
        ("urn:uuid:0a", "urn:uuid:0b", r#"{"reference":"urn:uuid:0a"}"#),
        ("urn:uuid:0A", "urn:uuid:0b", r#"{"reference":"urn:uuid:0a"}"#),
        ("urn:oid:1.2.3", "urn:uuid:0b", r#"{"reference":"urn:oid:1.2.3"}"#),
        ("", "", r#"{"identifier":{"system":"urn:mrn","value":"7"}}"#),
        ("", "", r#"{"type":"Patient","identifier":{"system":"urn:mrn","value":"7"}}"#),
        ("", "", r#"{"reference":"Patient?identifier=urn:mrn|7"}"#),
        ("", "", r#"{"reference":"patient/p"}"#),
    ] {
        let export = one(&bundle("collection", &[full(url, patient), full(own, &with(reference))]));
        let names: Vec<usize> = export.people.iter().map(|it| it.patient.names.len()).collect();
        assert_eq!(names, [1], "{url} {reference}");
        assert_eq!(export.people[0].statements.len(), 1, "{url} {reference}");
    }
    // Another server's patient of the same id is somebody else.
    let other = with(r#"{"reference":"https://other.example/fhir/Patient/p"}"#);
    let export = one(&bundle(
        "collection",
        &[
            full("https://e.org/fhir/Patient/p", patient),
            full("https://e.org/fhir/Condition/c", &other),
        ],
    ));
    assert_eq!(export.people.len(), 2);
}

#[test]
fn a_resource_whose_patient_is_inside_it_is_theirs() {
    let text = r##"{"resourceType":"Condition","id":"c","contained":[{"resourceType":"Patient","id":"x",
        "name":[{"family":"Ames"}],"birthDate":"1950-02-03"},{"resourceType":"Practitioner","id":"d",
        "name":[{"family":"Ito"}]}],"code":{"text":"Gout"},"subject":{"reference":"#x"},
        "recorder":{"reference":"#d"}}"##;
    let export = one(text);
    assert_eq!(person(&export).patient.names[0].family, "Ames");
    assert_eq!(
        (labels(&export), &*person(&export).statements[0].author),
        (vec!["Gout".into()], "Ito")
    );
    let list =
        bundle("collection", &[entry(text, ""), entry(&text.replace("\"c\"", "\"d2\""), "")]);
    assert_eq!(one(&list).people.len(), 2, "each resource has its own");
}

#[test]
fn pages_of_one_answer_are_read_together() {
    let page = |entries: &[String], next: &str| {
        bundle("searchset", entries).replace(
            r#""entry":"#,
            &format!(r#""link":[{{"relation":"self","url":"https://e.org/x"}}{next}],"entry":"#),
        )
    };
    let next = r#",{"relation":"next","url":"https://e.org/x?page=2"}"#;
    let first = page(&[entry(&condition("c", "", "Gout"), "")], next);
    let second = page(&[entry(PATIENT, ""), entry(&condition("c", "", "Gout"), "")], "");
    let members =
        read(&zipped(&[("page-1.json", &first), ("page-2.json", &second)]), "everything.zip");
    assert_eq!(members.len(), 1, "one answer");
    let export = members[0].outcome.as_ref().unwrap();
    assert_eq!(labels(export), ["Gout"]);
    assert!(
        !codes(export).contains(&"page_of_more"),
        "the other page is there: {:?}",
        export.problems
    );
    // Bundles that are whole are members of their own.
    let whole = bundle("collection", &[entry(PATIENT, "")]);
    let members = read(&zipped(&[("a.json", &whole), ("b.json", &whole)]), "two.zip");
    assert_eq!(members.len(), 2);
    // The last page alone says that it is one of several.
    assert_eq!(codes(&one(&first)), ["page_of_more"]);
}

#[test]
fn a_bulk_export_says_what_failed_and_what_was_deleted() {
    let manifest = r#"{"transactionTime":"2024-01-01T00:00:00Z","request":"https://e.org/fhir/$export",
        "requiresAccessToken":true,"output":[{"type":"Patient","url":"https://e.org/1/Patient.ndjson","count":1}],
        "deleted":[{"type":"Bundle","url":"https://e.org/1/del.ndjson"}],
        "error":[{"type":"OperationOutcome","url":"https://e.org/1/err.ndjson"}]}"#;
    let deleted = r#"{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Condition/c9"}}]}"#;
    let error =
        r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception"}]}"#;
    let line = condition("c", "", "Gout").replace('\n', " ");
    let zip = zipped(&[
        ("manifest.json", manifest),
        ("Patient.ndjson", &format!("{PATIENT}\n")),
        ("Condition.ndjson", &format!("{line}\n")),
        ("del.ndjson", &format!("{deleted}\n")),
        ("err.ndjson", &format!("{error}\n")),
    ]);
    let members = read(&zip, "export.zip");
    assert_eq!(members.len(), 1, "{members:#?}");
    let export = members[0].outcome.as_ref().unwrap();
    assert_eq!(labels(export), ["Gout"]);
    let told = codes(export);
    for code in ["export_incomplete", "entry_delete", "operation_outcome"] {
        assert!(told.contains(&code), "{code} in {told:?}");
    }
    assert!(!told.contains(&"fhir_empty"), "{told:?}");
}

#[test]
fn xml_is_read_as_bundle_and_as_single_resource_whatever_its_prefix() {
    let condition = r#"<Condition><id value="c"/><code><text value="Gout"/></code><subject><reference value="Patient/p"/></subject></Condition>"#;
    let patient = r#"<Patient><id value="p"/><name><family value="Ames"/></name></Patient>"#;
    let bundle = format!(
        r#"<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><entry><resource>{patient}</resource></entry><entry><resource>{condition}</resource></entry></Bundle>"#
    );
    let single = patient.replace("<Patient>", r#"<Patient xmlns="http://hl7.org/fhir">"#);
    let prefixed = bundle.replace("xmlns=", "xmlns:f=").replace("</", "\u{1}").replace('<', "<f:");
    let prefixed = prefixed.replace('\u{1}', "</f:");
    for (text, facts) in [(&bundle, 1), (&single, 0), (&prefixed, 1)] {
        let members = read(text.as_bytes(), "x.xml");
        let export = members[0].outcome.as_ref().unwrap();
        assert_eq!(person(export).patient.names[0].family, "Ames", "{text}");
        assert_eq!(person(export).statements.len(), facts, "{text}");
    }
}

#[test]
fn single_resources_in_xml_refer_to_each_other_across_files() {
    let space = "xmlns=\"http://hl7.org/fhir\"";
    let patient = format!(
        "<Patient {space}><id value=\"p\"/><name><family value=\"Ames\"/></name></Patient>"
    );
    let condition = format!(
        "<Condition {space}><id value=\"c\"/><code><text value=\"Gout\"/></code><subject><reference value=\"Patient/p\"/></subject></Condition>"
    );
    let members = read(&zipped(&[("a.xml", &condition), ("b.xml", &patient)]), "set.zip");
    assert_eq!(members.len(), 1);
    let export = members[0].outcome.as_ref().unwrap();
    assert_eq!(
        (labels(export), &*export.people[0].patient.names[0].family),
        (vec!["Gout".into()], "Ames")
    );
}

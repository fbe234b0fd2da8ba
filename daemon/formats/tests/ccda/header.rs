//! The header: identifiers, ways to reach, languages, race, people around the patient, versions and
//! the orders that a document fulfils. One row a spelling.

use super::made::{document, read};
use super::samples::statements;
use almoner_core::clinical::{Content, FactKind, Patient};
use almoner_core::export::Export;

/// A document with these parts in the patient's role, before the person.
fn role(inside: &str) -> Patient {
    let text = document("").replace("<patientRole>", &format!("<patientRole>{inside}"));
    read(&text).people.remove(0).patient
}

/// A document with these parts in the person.
fn person(inside: &str) -> Patient {
    let text = document("").replace("</patient>", &format!("{inside}</patient>"));
    read(&text).people.remove(0).patient
}

/// A document with these parts at the end of the header.
fn header(inside: &str) -> Export {
    read(&document("").replace("<component>", &format!("{inside}<component>")))
}

#[test]
fn identifiers() {
    for (given, system, value) in [
        ("<id root=\"1.2.3\" extension=\"A7\"/>", "urn:oid:1.2.3", "A7"),
        (
            "<id root=\"2.16.840.1.113883.4.1\" extension=\"123-45-6789\"/>",
            "http://hl7.org/fhir/sid/us-ssn",
            "123-45-6789",
        ),
        ("<id root=\"1.2.840.1\"/>", "urn:ietf:rfc:3986", "urn:oid:1.2.840.1"),
        (
            "<id root=\"2A620155-9D11-439E-92B3-5D9815FF4DE8\"/>",
            "urn:ietf:rfc:3986",
            "urn:uuid:2a620155-9d11-439e-92b3-5d9815ff4de8",
        ),
    ] {
        let found = role(given).identifiers;
        assert_eq!(
            (found.len(), &*found[0].system, &*found[0].value),
            (1, system, value),
            "{given}"
        );
    }
    for given in [
        "<id nullFlavor=\"UNK\"/>",
        "<id root=\"1.2\" nullFlavor=\"NI\"/>",
        "<id root=\"1.2\" extension=\"UNK\"/>",
    ] {
        assert!(role(given).identifiers.is_empty(), "{given}");
    }
}

#[test]
fn telecoms() {
    for (given, system, value, use_) in [
        ("use=\"HP\" value=\"tel:+1(555)555-2003\"", "phone", "+1(555)555-2003", "home"),
        ("use=\"MC\" value=\"TEL:5555552003\"", "phone", "5555552003", "mobile"),
        ("use=\"WP\" value=\"(555) 555-2003\"", "phone", "(555) 555-2003", "work"),
        ("use=\"HV\" value=\"fax:5555552003\"", "fax", "5555552003", "temp"),
        ("value=\"mailto:ada@example.org\"", "email", "ada@example.org", ""),
        ("value=\"ada@example.org\"", "email", "ada@example.org", ""),
    ] {
        let found = role(&format!("<telecom {given}/>")).telecoms;
        let one = (&*found[0].system, &*found[0].value, &*found[0].use_);
        assert_eq!(one, (system, value, use_), "{given}");
    }
    for given in ["nullFlavor=\"UNK\"", "value=\"tel:\"", "value=\"unknown\"", "value=\"\""] {
        assert!(role(&format!("<telecom {given}/>")).telecoms.is_empty(), "{given}");
    }
}

#[test]
fn sex_death_language_and_origin() {
    for (code, sex) in [("M", "male"), ("F", "female"), ("UN", "other"), ("UNK", "unknown")] {
        let given = format!("<administrativeGenderCode code=\"{code}\"/>");
        assert_eq!(person(&given).gender, sex);
    }
    let dead = person("<sdtc:deceasedInd value=\"true\"/><sdtc:deceasedTime value=\"20250102\"/>");
    assert!(dead.deceased);
    assert_eq!(dead.deceased_at.unwrap().as_str(), "2025-01-02");
    for (code, tag) in [("en", "en"), ("en-US", "en-US"), ("eng", "en"), ("spa", "es")] {
        let given = format!(
            "<languageCommunication><languageCode code=\"{code}\"/><preferenceInd value=\"true\"/>\
             </languageCommunication>"
        );
        let found = person(&given).communications;
        assert_eq!((&*found[0].language, found[0].preferred), (tag, true));
    }
    let race = |given: &str| -> Vec<String> {
        let codes = person(given).race.into_iter().flat_map(|race| race.codings);
        codes.map(|coding| coding.code).collect()
    };
    let white = "<raceCode code=\"2106-3\" codeSystem=\"2.16.840.1.113883.6.238\"/>\
                 <sdtc:raceCode code=\"2108-9\" codeSystem=\"2.16.840.1.113883.6.238\"/>";
    assert_eq!(race(white), ["2106-3", "2108-9"]);
    // asked and not answered is kept apart from not recorded
    assert_eq!(race("<raceCode nullFlavor=\"ASKU\"/>"), ["ASKU"]);
    for flavour in ["UNK", "NASK", "NI"] {
        assert!(person(&format!("<raceCode nullFlavor=\"{flavour}\"/>")).race.is_empty());
        let worded = format!("<raceCode nullFlavor=\"{flavour}\" displayName=\"Unknown\"/>");
        assert!(person(&worded).race.is_empty());
    }
}

#[test]
fn people_around_the_patient() {
    let relation = |class: &str, name: &str| {
        format!(
            "<participant typeCode=\"IND\"><associatedEntity classCode=\"{class}\">\
             <telecom value=\"tel:5555551234\"/><associatedPerson><name><given>{name}</given>\
             <family>Reed</family></name></associatedPerson></associatedEntity></participant>"
        )
    };
    let recipient = "<informationRecipient><intendedRecipient><id root=\"2.16.840.1.113883.4.6\" \
                     extension=\"99\"/><informationRecipient><name><given>Ida</given><family>Orr\
                     </family></name></informationRecipient></intendedRecipient></informationRecipient>";
    let people = [
        relation("NOK", "Bo"),
        relation("ECON", "Bo"),
        relation("PAYOR", "Not"),
        recipient.to_owned(),
    ];
    let export = header(&people.concat());
    let relations: Vec<(String, Vec<String>)> = statements(&export)
        .iter()
        .filter_map(|s| match &s.content {
            Content::Relation(relation) => {
                let codes = relation.relationship.iter().flat_map(|r| &r.codings);
                Some((
                    relation.names[0].given.join(" "),
                    codes.map(|coding| coding.code.clone()).collect(),
                ))
            }
            _ => None,
        })
        .collect();
    assert_eq!(relations, [("Bo".to_owned(), vec!["NOK".to_owned(), "ECON".to_owned()])]);
    let directory: Vec<&str> = export
        .shared
        .iter()
        .filter_map(|s| match &s.content {
            Content::Practitioner(p) => Some(&*p.names[0].family),
            _ => None,
        })
        .collect();
    assert_eq!(directory, ["Orr"]);
}

#[test]
fn versions_replaced_documents_and_fulfilled_orders() {
    let export = header(
        "<setId root=\"1.2.3\" extension=\"S1\"/><versionNumber value=\"2\"/>\
         <inFulfillmentOf><order><id root=\"1.2.9\" extension=\"R7\"/></order></inFulfillmentOf>\
         <relatedDocument typeCode=\"RPLC\"><parentDocument><id root=\"1.2.3\" extension=\"D1\"/>\
         </parentDocument></relatedDocument><relatedDocument typeCode=\"APND\"><parentDocument>\
         <id root=\"1.2.3\" extension=\"D0\"/></parentDocument></relatedDocument>",
    );
    assert_eq!(export.set.as_ref().unwrap().value, "S1");
    assert_eq!(export.set_version, Some(2));
    let replaced: Vec<&str> = export.replaces.iter().map(|id| &*id.value).collect();
    assert_eq!(replaced, ["D1"]);
    let orders: Vec<&str> = statements(&export)
        .iter()
        .filter_map(|s| match &s.content {
            Content::Other(other) if other.kind == FactKind::Referral => {
                Some(&*other.identifiers[0].value)
            }
            _ => None,
        })
        .collect();
    assert_eq!(orders, ["R7"]);
}

#[test]
fn a_restricted_document_marks_all_that_it_says() {
    let text =
        document("").replace("confidentialityCode code=\"N\"", "confidentialityCode code=\"R\"");
    let export = read(&text);
    assert_eq!(export.confidentiality, "R");
    assert!(statements(&export).iter().all(|s| s.labels == ["R"]));
}

#[test]
fn whose_document_it_is_must_be_clear() {
    let text = document("");
    let target = "<recordTarget><patientRole/></recordTarget>";
    let several = text.replace("<component>", &format!("{target}<component>"));
    let refused = almoner_formats::ccda::read(&several).unwrap_err();
    assert_eq!(refused.problem.code, "several_patients");
    let none = "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><id root=\"1.2\"/></ClinicalDocument>";
    assert_eq!(almoner_formats::ccda::read(none).unwrap_err().problem.code, "no_patient");
}

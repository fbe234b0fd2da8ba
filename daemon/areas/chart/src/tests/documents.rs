//! The document view: the original beside its facts, and the place of the fact that is asked for.

use super::pages::{draw, visit};
use super::{House, files};
use crate::Fact;
use almoner_core::actor::Role;
use almoner_core::clinical::FactKind;
use almoner_core::ids::PatientId;
use almoner_frame::Language;
use almoner_people::patients::{Patient, hex};

const ROUTE: &str = "/p/{patient}/documents/{sha}";

fn html(house: &House, fact: &Fact, query: &str) -> String {
    let id = fact.patient.unwrap().to_string();
    let sha = hex(&fact.assertions[0].sha256);
    let path = format!("/p/{id}/documents/{sha}{query}");
    let params = [("patient", id.as_str()), ("sha", sha.as_str())];
    let visit = visit(Role::Coordinator, Language::English, &path, &params);
    draw(house, &visit, ROUTE).unwrap().main.as_str().to_owned()
}

/// A house that has taken a file, and its one patient.
fn house(bytes: &[u8]) -> (House, PatientId) {
    let house = House::new();
    house.drop_file(bytes, "epic", 0);
    let people: Vec<Patient> = house.desk.read(|reader| reader.all()).unwrap();
    let patient = people[0].id;
    (house, patient)
}

fn of_kind(house: &House, patient: PatientId, kind: FactKind) -> Vec<Fact> {
    house.desk.read(|reader| crate::of_kind(reader, patient, kind)).unwrap()
}

#[test]
fn a_fact_of_a_ccda_is_marked_in_its_words() {
    let files = files("ccda/hl7-examples");
    let path = files.into_iter().find(|path| path.ends_with("CCD.XML")).unwrap();
    let (house, patient) = house(&std::fs::read(path).unwrap());
    let mut marked = 0;
    for fact in of_kind(&house, patient, FactKind::Allergy) {
        let page = html(&house, &fact, &format!("?fact={}", fact.id));
        assert_eq!(page.matches("id=\"place\"").count(), 1, "one place to go to");
        assert_eq!(page.matches("aria-current=\"true\"").count(), 1, "the fact's own row says so");
        assert!(
            page.contains(": marked in the original.") || page.contains("its section is marked")
        );
        marked += usize::from(page.contains(": marked in the original."));
    }
    assert!(marked > 0);
    let any = &of_kind(&house, patient, FactKind::Allergy)[0];
    let none = html(&house, any, "");
    assert!(
        !none.contains("<mark") && none.contains("Show in the original"),
        "nothing is asked for"
    );
    let other = html(&house, any, &format!("?fact={}", almoner_core::ids::FactId::random()));
    assert!(!other.contains("<mark") && !other.contains("role=\"status\""), "no such fact");
    house.desk.close();
}

#[test]
fn a_message_shows_its_segments_and_what_hides() {
    let text = "MSH|^~\\&|LAB|SBH|A|B|20261101||ORU^R01|1|P|2.5\r\
                PID|1||77^^^SBH&2.16.2&ISO^MR||Park^Hyun-woo||19611012|M\r\
                OBR|1|1|2|24323-8^Panel^LN|||20261101\r\
                OBX|1|ST|2951-2^Sodium\u{202e}^LN||1\u{200b}40|mmol/L|||||F\r\
                ZXY|1\r";
    let (house, patient) = house(text.as_bytes());
    let fact = of_kind(&house, patient, FactKind::Result).remove(0);
    let page = html(&house, &fact, &format!("?fact={}", fact.id));
    for piece in [
        "Sodium[U+202E]",
        "1[U+200B]40",
        "</b> Result</dt>",
        "</b> Patient</dt>",
        "The sender’s own",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    assert!(!page.contains('\u{202e}') && !page.contains('\u{200b}'), "nothing hides on the page");
    let mark = page.split("id=\"place\"").nth(1).unwrap();
    assert!(mark.split("</mark>").next().unwrap().contains("OBX|1|"), "the fact's own segment");
    house.desk.close();
}

#[test]
fn a_resource_is_marked_in_its_bundle() {
    let text = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","id":"p","name":[{"family":"Park","given":["Jin"]}]}},
        {"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},
         "code":{"text":"Asthma"}}}]}"#;
    let (house, patient) = house(text.as_bytes());
    let fact = of_kind(&house, patient, FactKind::Condition).remove(0);
    let page = html(&house, &fact, &format!("?fact={}", fact.id));
    let mark = page.split("id=\"place\"").nth(1).unwrap().split("</mark>").next().unwrap();
    assert!(mark.contains("Asthma") && !mark.contains("Park"), "{mark}");
    house.desk.close();
}

/// Of a file of several people each record shows what is said of its own person, and nothing else.
#[test]
fn a_file_of_several_people_shows_each_their_own() {
    let pid = |number: &str, name: &str| {
        format!("PID|1||{number}^^^SBH&2.16.2&ISO^MR||{name}||19611012|M\r")
    };
    let head = |n: u8| format!("MSH|^~\\&|LAB|SBH|A|B|20261101||ORU^R01|{n}|P|2.5\r");
    let result = |name: &str| {
        format!(
            "OBR|1|1|2|24323-8^Panel^LN|||20261101\rOBX|1|ST|2951-2^{name}^LN||140|mmol/L|||||F\r"
        )
    };
    let (park, reyes) = (pid("77", "Park^Hyun-woo"), pid("88", "Reyes^Ana"));
    let text = [
        head(1),
        park.clone(),
        result("Sodium"), // Park alone
        head(2),
        reyes.clone(),
        result("Potassium"), // Reyes alone
        head(3),
        park,
        result("Glucose"),
        reyes,
        result("Calcium"), // both in one message
    ]
    .concat();
    let house = House::new();
    house.drop_file(text.as_bytes(), "epic", 0);
    let people: Vec<Patient> = house.desk.read(|reader| reader.all()).unwrap();
    let park = people.iter().find(|it| it.golden().names[0].family == "Park").unwrap().id;
    let sodium = of_kind(&house, park, FactKind::Result);
    let sodium = sodium.iter().find(|fact| fact.label() == "Sodium").unwrap();
    let page = html(&house, sodium, &format!("?fact={}", sodium.id));
    let original = page.split("class=\"segments\"").nth(1).unwrap().split("</dl>").next().unwrap();
    assert!(original.contains("Park^Hyun-woo") && original.contains("Sodium"), "{original}");
    for other in ["Reyes", "Potassium", "Calcium", "Glucose"] {
        assert!(!original.contains(other), "{other} is not shown: {original}");
    }
    assert!(page.contains("Only what it says of this person is shown"), "{page}");
    assert!(!page.contains("/download"), "the whole file is not given out");

    let text = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","id":"p","name":[{"family":"Lind","given":["Jin"]}]}},
        {"resource":{"resourceType":"Patient","id":"q","name":[{"family":"Moreau","given":["Lu"]}]}},
        {"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},
         "code":{"text":"Asthma"}}},
        {"resource":{"resourceType":"Condition","id":"d","subject":{"reference":"Patient/q"},
         "code":{"text":"Gout"}}}]}"#;
    house.drop_file(text.as_bytes(), "epic", 1);
    let people: Vec<Patient> = house.desk.read(|reader| reader.all()).unwrap();
    let lind = people.iter().find(|it| it.golden().names[0].family == "Lind").unwrap().id;
    let asthma = of_kind(&house, lind, FactKind::Condition).remove(0);
    let page = html(&house, &asthma, "");
    assert!(page.contains("&quot;Lind&quot;") || page.contains("Lind"), "{page}");
    assert!(!page.contains("Moreau") && !page.contains("Gout"), "{page}");
    house.desk.close();
}

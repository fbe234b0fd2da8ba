//! What payers answer, what the community offers and what assessments ask: dropped as files, read in
//! receipts and on pages.

use crate::appliance::Appliance;
use crate::truth::{data, sample};
use serde_json::Value;
use std::io::Write;

/// The files of a folder of the development data as one zip; `change` may change each.
fn packed(folder: &str, change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let entries = std::fs::read_dir(data().join(folder)).expect("development data is missing");
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = change(&name, std::fs::read_to_string(&path).unwrap());
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn counts(receipt: &Value, kind: &str, which: &str) -> u64 {
    receipt["facts"][kind][which].as_u64().unwrap_or(0)
}

fn codes(receipt: &Value) -> Vec<&str> {
    let problems = receipt["problems"].as_array().unwrap();
    problems.iter().filter_map(|problem| problem["code"].as_str()).collect()
}

/// The chart of the file's first patient.
fn chart(appliance: &Appliance, receipt: &Value) -> String {
    let id = receipt["patients"][0]["id"].as_str().unwrap();
    appliance.signed_in("coordinator").page(&format!("/p/{id}/chart"))
}

#[test]
fn payers_answers_are_read_and_a_rejection_is_no_coverage() {
    let appliance = Appliance::start();
    let answer = sample("x12/imsweb/x271.txt");
    let receipt = appliance.take("payer/a271.txt", &answer);
    assert_eq!(
        (receipt["format"].as_str(), receipt["document"].as_str()),
        (Some("x12"), Some("271"))
    );
    assert_eq!(receipt["status"], "done", "{receipt}");
    assert_eq!(counts(&receipt, "coverage", "new"), 1);
    let page = chart(&appliance, &receipt);
    for piece in [
        "ABC COMPANY",
        "GOLD 123 PLAN",
        "member 123456789",
        ">Active</span>",
        "payer asked May 1, 2006",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    let again = String::from_utf8(answer).unwrap().replace("1319", "1320");
    let receipt = appliance.take("payer/b271.txt", again.as_bytes());
    assert_eq!((counts(&receipt, "coverage", "new"), counts(&receipt, "coverage", "same")), (0, 1));

    let receipt = appliance.take("payer/c271.txt", &sample("x12/x12parser/From_georgiosd.txt"));
    assert!(codes(&receipt).contains(&"x12_rejected"), "{receipt}");
    let page = chart(&appliance, &receipt);
    assert!(
        page.contains("Payer rejected the inquiry") && !page.contains(">Active</span>"),
        "{page}"
    );

    let asked =
        appliance.take("payer/a278.txt", &sample("x12/x12parser/Example_3_1_1_Request.txt"));
    assert_eq!(counts(&asked, "referral", "new"), 1, "{asked}");
    assert!(chart(&appliance, &asked).contains("Asked for"));
    let answer = sample("x12/x12parser/Example_3_1_2_Response.txt");
    let decided = appliance.take("payer/b278.txt", &answer);
    // It gives no birth date: a name and a member's number alone join nobody without being asked.
    assert_eq!(decided["patients"][0]["match"], "proposed", "{decided}");
    assert_eq!(counts(&decided, "referral", "new"), 1, "{decided}");
    let page = chart(&appliance, &decided);
    for piece in [
        "Certified in total",
        "number AUTH0001",
        "from May 2, 2005",
        "until Jun 2, 2005",
        "1 visits",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }

    let kept = appliance.take("payer/a834.txt", &sample("x12/pyx12/example834_5010.txt"));
    assert_eq!((kept["status"].as_str(), codes(&kept)), (Some("set_aside"), vec!["x12_kept"]));
    appliance.stop();
}

#[test]
fn a_directory_is_taken_changed_and_found() {
    let appliance = Appliance::start();
    let folder = "hsds/sample-datapackage-2";
    let receipt = appliance.take("directory/a.zip", &packed(folder, |_, text| text));
    assert_eq!(receipt["format"], "hsds", "{receipt}");
    let entries = counts(&receipt, "resource", "new");
    assert!(entries >= 13, "{receipt}");
    let front = appliance.signed_in("front_desk");
    let page = front.page("/resources?q=homeless");
    assert!(page.contains("Never Homeless Helpline</a>"), "{page}");
    let at = page.find("Never Homeless Helpline</a>").unwrap();
    let start = page[..at].rfind("href=\"").unwrap() + 6;
    let path = &page[start..at - 2];
    let entry = front.page(path);
    for piece in [
        "Sanctuary Example City",
        "Call for further information",
        "Mon 09:00–17:00",
        "Sample service area",
        "cash; credit card",
    ] {
        assert!(entry.contains(piece), "{piece}\n{entry}");
    }
    let newer = packed(folder, |name, text| match name {
        "services.csv" => text.replace("Call for further information", "Walk in"),
        _ => text,
    });
    let receipt = appliance.take("directory/b.zip", &newer);
    let of = |which| counts(&receipt, "resource", which);
    assert_eq!((of("new"), of("same"), of("changed")), (0, entries, 1), "{receipt}");
    assert!(front.page(path).contains("Walk in"));
    let object = sample("hsds/spec-3-examples/service_full.json");
    let receipt = appliance.take("directory/c.json", &object);
    assert_eq!((receipt["version"].as_str(), counts(&receipt, "resource", "new")), (Some("3"), 1));
    appliance.stop();
}

#[test]
fn a_questionnaire_is_held_and_shown() {
    let appliance = Appliance::start();
    let form = sample("questionnaire/us-core/Questionnaire-phq-9-example.json");
    let receipt = appliance.take("forms/phq9.json", &form);
    assert_eq!(
        (receipt["format"].as_str(), counts(&receipt, "instrument", "new")),
        (Some("questionnaire"), 1),
        "{receipt}"
    );
    let rosa = appliance.signed_in("coordinator");
    let list = rosa.page("/instruments");
    let at = list.find("href=\"/instruments/").expect("the list names it") + 6;
    let path = &list[at..at + list[at..].find('"').unwrap()];
    let page = rosa.page(path);
    for piece in ["LOINC 44250-9", "LA6568-5"] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    appliance.stop();
}

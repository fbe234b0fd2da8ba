//! The development data as a whole: taken once, every statement is a fact or one more source of a
//! fact; taken again, nothing changes.

use super::{House, Tally, files};

fn drop_all(house: &House, folder: &str, minute: i64) -> Tally {
    let mut sum = Tally::default();
    for path in files(folder) {
        let bytes = std::fs::read(&path).unwrap();
        let started = std::time::Instant::now();
        let one = house.drop_file(&bytes, "", minute);
        if started.elapsed().as_millis() > 1500 {
            println!("{} ms for {} {one:?}", started.elapsed().as_millis(), path.display());
        }
        sum.people += one.people;
        sum.new += one.new;
        sum.same += one.same;
    }
    sum
}

fn taken_twice(folder: &str) -> Tally {
    let house = House::new();
    let first = drop_all(&house, folder, 0);
    let before = house.fhir();
    let second = drop_all(&house, folder, 1);
    assert_eq!(second.new, 0, "the second time nothing is new");
    assert_eq!(second.same, first.new + first.same);
    assert!(before == house.fhir(), "the second time nothing changes");
    let report = almoner_store::check::check(&house.desk).unwrap();
    assert!(report.damage.is_empty(), "{:?}", report.damage);
    let patients = report.records.get("patient").copied().unwrap_or_default();
    println!("{folder}: {first:?}, {patients} patients, {} resources", before.len());
    house.desk.close();
    first
}

#[test]
fn c_cda_taken_twice_changes_nothing() {
    let first = taken_twice("ccda");
    assert!(first.people > 150 && first.new > 3000, "{first:?}");
}

#[test]
fn hl7_v2_taken_twice_changes_nothing() {
    let first = taken_twice("hl7v2");
    assert!(first.people > 150, "{first:?}");
}

#[test]
fn fhir_taken_twice_changes_nothing() {
    let first = taken_twice("fhir");
    assert!(first.new > 5000, "{first:?}");
}

/// The kinds of resource that the chart serves.
const SERVED: [&str; 13] = [
    "Patient",
    "RelatedPerson",
    "Practitioner",
    "Organization",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "AllergyIntolerance",
    "Observation",
    "Immunization",
    "Procedure",
    "Encounter",
    "DocumentReference",
];

#[test]
fn every_resource_of_a_fhir_file_is_found_by_its_source() {
    let house = House::new();
    let truth = files("truth").into_iter().find(|path| path.ends_with("fhir.tsv")).unwrap();
    let truth = std::fs::read_to_string(truth).unwrap();
    let mut lines = truth.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let heads = lines.next().unwrap();
    let column = |name: &str| heads.iter().position(|head| *head == name).unwrap();
    let (path, counts) = (column("path"), column("counts"));
    let (mut files_met, mut files_all, mut met, mut all) = (0, 0, 0, 0);
    let mut misses = Vec::new();
    for row in lines {
        let file = super::files("fhir").into_iter().find(|file| file.ends_with(row[path]));
        let Some(file) = file else { continue };
        let bytes = std::fs::read(&file).unwrap();
        house.drop_file(&bytes, "", 0);
        let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
        let scope = almoner_frame::Scope::Source(digest.as_ref().try_into().unwrap());
        let mut whole = true;
        for part in row[counts].split([';', ',', ' ']).filter(|part| !part.is_empty()) {
            let (type_, expected) = part.split_once('=').unwrap();
            if !SERVED.contains(&type_) {
                continue;
            }
            let expected: usize = expected.parse().unwrap();
            let resource = crate::AREA.resources.iter().find(|it| it.type_ == type_).unwrap();
            let found = house.desk.read(|reader| (resource.ids)(reader, scope)).unwrap().len();
            (all, met) = (all + expected, met + found.min(expected));
            if found != expected {
                whole = false;
                misses.push(format!("{}: {type_} {found} of {expected}", row[path]));
            }
        }
        files_all += 1;
        files_met += usize::from(whole);
    }
    house.desk.close();
    println!("{files_met} of {files_all} files, {met} of {all} resources");
    println!("{}", misses.join("\n"));
    assert!(met * 1000 >= all * 999, "{}", misses.join("\n"));
}

/// An export with each id replaced by the number of its first appearance.
fn without_ids(all: &[(String, String)]) -> String {
    let mut numbers = std::collections::HashMap::new();
    let lines: Vec<_> = all.iter().map(|(type_, json)| format!("{type_} {json}\n")).collect();
    let text = lines.concat();
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let word = rest.get(at..at + 36).and_then(almoner_core::ids::RawId::parse);
        let len = if word.is_some() { 36 } else { 1 };
        out.push_str(&rest[..at]);
        let next = numbers.len();
        match word {
            Some(id) => {
                out.push('#');
                out.push_str(&numbers.entry(id).or_insert(next).to_string());
            }
            None => out.push_str(&rest[at..=at]),
        }
        rest = &rest[at + len..];
    }
    out.push_str(rest);
    out
}

#[test]
fn two_houses_tell_the_same() {
    let told = |_| {
        let house = House::new();
        drop_all(&house, "ccda/hl7-examples", 0);
        drop_all(&house, "ccda/vendor/NextGen", 1);
        drop_all(&house, "fhir/us-core", 2);
        drop_all(&house, "hl7v2/cosyte", 3);
        let told = without_ids(&house.fhir());
        house.desk.close();
        told
    };
    let (one, two) = (told(1), told(2));
    if one != two {
        let differs = one.lines().zip(two.lines()).find(|(a, b)| a != b);
        panic!("ids decide the order: {differs:?}");
    }
}

#[test]
fn what_is_served_is_sound_and_points_to_what_is_here() {
    use almoner_formats::fhir::Json;
    let house = House::new();
    drop_all(&house, "fhir/us-core", 0);
    drop_all(&house, "fhir/synthea-r4", 1);
    drop_all(&house, "fhir/ips", 2);
    drop_all(&house, "ccda/vendor/NextGen", 3);
    let all = house.fhir();
    house.desk.close();
    let parsed: Vec<Json> = all.iter().map(|(_, json)| Json::parse(json).unwrap()).collect();
    let names: std::collections::HashSet<String> =
        parsed.iter().map(|it| format!("{}/{}", it.text("resourceType"), it.text("id"))).collect();
    assert_eq!(names.len(), all.len(), "no resource stands twice");
    let mut lost = std::collections::BTreeMap::<String, usize>::new();
    let mut subjects = 0;
    for ((type_, json), it) in all.iter().zip(&parsed) {
        assert_eq!(it.text("resourceType"), type_);
        let from = it.get("meta").text("source");
        assert!(type_ == "Provenance" || from.starts_with("urn:almoner:source:"), "{json}");
        let subject = ["subject", "patient", "beneficiary"].map(|name| it.get(name));
        subjects +=
            subject.iter().filter(|it| it.text("reference").starts_with("Patient/")).count();
        for piece in json.split("\"reference\":\"").skip(1) {
            let target = piece.split('"').next().unwrap();
            let here = target.starts_with('#') || target.starts_with("http");
            if !here && !names.contains(target) {
                let kind = target.split('/').next().unwrap_or_default();
                *lost.entry(format!("{type_} -> {kind}")).or_default() += 1;
            }
        }
    }
    println!("{} resources, {subjects} subjects", all.len());
    assert!(lost.is_empty(), "references to nothing: {lost:?}");
}

//! Every row of `truth/ccda_docs.tsv` and `truth/ccda_sections.tsv`, with a table of what is not
//! met.

use super::samples::{counted, data, read, stated, statements};
use almoner_core::clinical::Patient;
use almoner_core::export::Export;
use std::collections::BTreeMap;

type Row = BTreeMap<String, String>;

fn table(name: &str) -> Vec<Row> {
    let file = data().join("truth").join(name);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .from_path(&file)
        .unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Every document of the table, also those whose markup a strict parser refuses.
fn readable() -> Vec<Row> {
    table("ccda_docs.tsv")
}

#[test]
fn every_document_is_read_and_what_was_mended_is_named() {
    let mut mended = Vec::new();
    for row in readable() {
        let export = read(&row["path"]).unwrap_or_else(|e| panic!("{}: {e:?}", row["path"]));
        assert_eq!(export.people.len(), 1, "{}", row["path"]);
        let repairs = export.problems.iter().filter(|p| p.code.starts_with("xml_repaired"));
        mended.extend(repairs.map(|p| (row["path"].clone(), p.code.clone(), p.at.clone())));
    }
    let expected = [
        ("odd/referral.xml", "xml_repaired_narrative", "2134:60"),
        ("onc-cures/negative/NT_BadXml_r11_v2.xml", "xml_repaired_tags", "57:4"),
    ];
    let expected = expected.map(|(path, code, at)| (path.into(), code.into(), at.into()));
    assert_eq!(mended, expected);
}

#[test]
fn name_birth_date_and_sex_are_as_in_the_truth() {
    let rows = readable();
    let mut missed = Vec::new();
    for row in &rows {
        let export = read(&row["path"]).unwrap();
        let patient = &export.people[0].patient;
        for (what, given, expected) in header_facts(patient, row) {
            if given != expected {
                missed.push(format!("{}: {what}: {given:?}, truth {expected:?}", row["path"]));
            }
        }
    }
    for line in &missed {
        println!("{line}");
    }
    let documents: std::collections::BTreeSet<_> =
        missed.iter().map(|line| line.split(": ").next()).collect();
    let share = share(rows.len() - documents.len(), rows.len());
    println!("header as in the truth: {share:.1} % of {} documents", rows.len());
    assert!(share >= 99.5);
}

fn header_facts(patient: &Patient, row: &Row) -> Vec<(&'static str, String, String)> {
    let name = patient.names.first().cloned().unwrap_or_default();
    let sex = match &*row["sex"] {
        "M" => "male",
        "F" => "female",
        "UN" => "other",
        "" => "",
        _ => "unknown",
    };
    let born = patient.birth_date.as_ref().map(|w| w.as_str().replace('-', "")).unwrap_or_default();
    let born = born.chars().take(8).collect();
    let expected: String = row["dob"].chars().take(8).collect();
    vec![
        ("family", name.family, row["family"].clone()),
        ("given", name.given.join(" "), row["given"].clone()),
        ("suffix", name.suffix.join(" "), row["suffix"].clone()),
        ("birth date", born, expected),
        ("sex", patient.gender.clone(), sex.to_owned()),
    ]
}

#[test]
fn the_rest_of_the_header_is_as_in_the_truth() {
    let mut missed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let rows = readable();
    for row in &rows {
        let export = read(&row["path"]).unwrap();
        for (what, given, expected) in other_facts(&export, row) {
            if given != expected {
                let line = format!("{}: {given:?}, truth {expected:?}", row["path"]);
                missed.entry(what).or_default().push(line);
            }
        }
    }
    for (what, lines) in &missed {
        println!("{what}: {} of {} not as in the truth", lines.len(), rows.len());
        for line in lines {
            println!("    {line}");
        }
    }
    assert!(missed.values().all(|lines| lines.len() * 50 <= rows.len()), "over 2 % missed");
}

fn other_facts(export: &Export, row: &Row) -> Vec<(&'static str, String, String)> {
    let patient = &export.people[0].patient;
    let address = patient.addresses.first().cloned().unwrap_or_default();
    let version = match &*export.version {
        "eICR" | "RR" => "eICR/RR",
        "" | "C62" => "other",
        // the truth table does not tell R2.0 and R2.1 apart
        "R2.0" => "R2.1",
        version => version,
    };
    let custodian = export.shared.iter().find_map(|s| match &s.content {
        almoner_core::clinical::Content::Organization(o) => Some(o.name.clone()),
        _ => None,
    });
    let race = patient.race.first().and_then(|c| c.codings.first());
    let race = race.filter(|c| c.code != "ASKU").map(|c| c.code.clone()).unwrap_or_default();
    let expected_race = if row["race"].starts_with("nf:") { "" } else { &row["race"] };
    vec![
        ("version", version.to_owned(), row["version"].clone()),
        ("city", address.city, row["city"].clone()),
        ("zip", address.postal_code, row["zip"].clone()),
        ("ids", patient.identifiers.len().to_string(), row["n_ids"].clone()),
        ("telecoms", patient.telecoms.len().to_string(), row["n_telecom"].clone()),
        ("race", race, expected_race.to_owned()),
        ("software", names(&export.software), names(&row["software"])),
        ("custodian", custodian.unwrap_or_default(), row["custodian"].clone()),
        ("title", export.title.chars().take(80).collect(), row["title"].clone()),
    ]
}

/// The names of a list, each once, in order of the alphabet.
fn names(list: &str) -> String {
    let names: std::collections::BTreeSet<&str> = list.split("; ").collect();
    names.into_iter().collect::<Vec<_>>().join("; ")
}

/// Where the reader knowingly differs from the truth table, and why. The table takes any code or
/// word for a fact; a chart must not.
const CAUSES: &[(&str, &str)] = &[
    ("OpenVista-CareVue/B1 AMB RN SAMPLE 2", "\"No … recorded\" says nothing, the table counts it"),
    ("Sophrona/PatientCCD", "\"No Known Allergies\" in words only, a problem that names none"),
    ("b2 Adam Everyman ToC", "\"Administration not documented\" says nothing"),
    ("NextGen", "code UNK and the word \"Unknown\" say nothing"),
    ("eRAD_CCDATurnerB2", "\"No vitals recorded\" says nothing"),
    ("vendor-r11/NIST", "smoking status under a misprinted template root is a fact all the same"),
    ("NT_Bad_Medication", "a medicine that lost its template is a medicine all the same"),
    ("eicr/Epic/224d787b", "schooling under a template of the vendor's own is a social fact"),
    ("athena_ccd", "pregnancy status is a social fact here"),
];

fn cause(line: &str) -> &'static str {
    let known = CAUSES.iter().find(|(path, _)| line.contains(path));
    known.map_or("cause not known", |(_, cause)| cause)
}

#[test]
fn counts_per_kind_are_as_in_the_truth() {
    let documents: Vec<String> = readable().into_iter().map(|row| row["path"].clone()).collect();
    let mut found: BTreeMap<(String, String), usize> = BTreeMap::new();
    for path in &documents {
        for statement in statements(&read(path).unwrap()).iter().filter(|s| stated(s)) {
            if let Some(kind) = counted(statement) {
                *found.entry((path.clone(), kind.to_owned())).or_default() += 1;
            }
        }
    }
    let mut missed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut pairs = 0;
    for row in table("ccda_sections.tsv").iter().filter(|row| documents.contains(&row["path"])) {
        pairs += 1;
        let expected: usize = row["actual"].parse().unwrap();
        let given = found.remove(&(row["path"].clone(), row["kind"].clone())).unwrap_or(0);
        if given != expected {
            let line = format!(
                "{given}, truth {expected} (stmt {}, neg {}, null {}, {}): {}",
                row["stmt"], row["neg"], row["null"], row["mode"], row["path"]
            );
            missed.entry(row["kind"].clone()).or_default().push(line);
        }
    }
    for ((path, kind), count) in found {
        let line = format!("{count}, truth has no such section: {path}");
        missed.entry(kind).or_default().push(line);
    }
    report(&missed, pairs, documents.len());
}

fn report(missed: &BTreeMap<String, Vec<String>>, pairs: usize, documents: usize) {
    for (kind, lines) in missed {
        println!("{kind}: {} not as in the truth", lines.len());
        for line in lines {
            println!("    {line}");
        }
    }
    let all = || missed.values().flatten();
    let mut by_cause: BTreeMap<&str, usize> = BTreeMap::new();
    for line in all() {
        *by_cause.entry(cause(line)).or_default() += 1;
    }
    for (cause, count) in &by_cause {
        println!("{count:3} pairs: {cause}");
    }
    assert!(!by_cause.contains_key("cause not known"));
    let wrong: std::collections::BTreeSet<_> = all().map(|l| l.rsplit("): ").next()).collect();
    let exact = share(documents - wrong.len(), documents);
    let exact_pairs = share(pairs - all().count(), pairs);
    println!("all counts exact in {exact:.1} % of {documents} documents");
    println!("{exact_pairs:.2} % of {pairs} pairs of document and kind exact");
    assert!(exact >= 90.0);
    assert!(exact_pairs >= 97.0);
}

/// A share in percent.
fn share(part: usize, whole: usize) -> f64 {
    let small = |count: usize| f64::from(u32::try_from(count).unwrap());
    100.0 * small(part) / small(whole)
}

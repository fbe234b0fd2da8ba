//! Directories of services of the development data: every row of the truth table is in an entry, and
//! services stand with the places and telephones that a join of the bare tables gives.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout)] // the counts of each run

use almoner_core::clinical::{Content, Phone, ServiceEntry};
use almoner_core::export::{Export, Unreadable};
use almoner_formats::{hsds, read, text};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

type Row = BTreeMap<String, String>;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

/// The rows of a table, read without the reader under test.
fn rows(path: &str) -> Vec<Row> {
    let bytes = std::fs::read(data().join("hsds").join(path)).expect("a development file");
    let text = text::decode(&bytes).text.into_owned();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| {
        names.iter().cloned().zip(record.iter().map(|cell| cell.trim().to_owned())).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn files(folder: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(data().join("hsds").join(folder)).expect("development data");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let file = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, text::decode(&std::fs::read(path).unwrap()).text.into_owned())
    };
    paths.iter().map(file).filter(|(name, _)| !name.contains("_mapping")).collect()
}

fn set(files: &[(String, String)]) -> Result<Export, Unreadable> {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
    hsds::read_set(&files)
}

fn entries(export: &Export) -> Vec<&ServiceEntry> {
    let all = export.shared.iter().filter_map(|it| match &it.content {
        Content::Resource(entry) => Some(&**entry),
        _ => None,
    });
    all.collect()
}

fn find<'e>(all: &[&'e ServiceEntry], id: &str) -> &'e ServiceEntry {
    all.iter().find(|entry| entry.id == id).unwrap_or_else(|| panic!("{id} is no entry"))
}

/// Rows of a file by the truth table.
fn truth(path: &str) -> usize {
    let table = std::fs::read_to_string(data().join("truth/hsds.tsv")).expect("the truth table");
    let line = table.lines().find(|line| line.starts_with(&format!("{path}\t"))).expect(path);
    line.split('\t').nth(7).unwrap().parse().unwrap()
}

fn services(all: &[&ServiceEntry]) -> usize {
    all.iter().filter(|entry| entry.id.starts_with("service:")).count()
}

fn codes(export: &Export) -> Vec<&str> {
    export.problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn numbers(phones: &[Phone]) -> BTreeSet<&str> {
    phones.iter().map(|phone| phone.number.as_str()).collect()
}

#[test]
fn a_data_package_of_version_2() {
    let folder = "sample-datapackage-2";
    let export = set(&files(folder)).unwrap();
    let all = entries(&export);
    assert_eq!((export.version.as_str(), export.document.as_str()), ("2", "table"));
    assert_eq!(services(&all), truth(&format!("{folder}/services.csv")));
    assert!(matches!(export.shared.last().unwrap().content, Content::ResourceList(_)));
    let organizations: BTreeSet<&str> = all.iter().map(|it| it.provider.id.as_str()).collect();
    assert_eq!(organizations.len(), truth(&format!("{folder}/organizations.csv")));
    for link in rows(&format!("{folder}/services_at_location.csv")) {
        let entry = find(&all, &format!("service:{}", link["service_id"]));
        assert!(entry.places.iter().any(|place| place.id == link["location_id"]), "{link:?}");
    }
    let linked: usize =
        all.iter().filter(|it| it.id.starts_with("service:")).map(|it| it.places.len()).sum();
    assert_eq!(linked, truth(&format!("{folder}/services_at_location.csv")));
    let links = rows(&format!("{folder}/services_at_location.csv"));
    let mut told = 0;
    for phone in rows(&format!("{folder}/phones.csv")) {
        let number = phone["number"].as_str();
        let link = links.iter().find(|link| link["id"] == phone["service_at_location_id"]);
        let holders = all.iter().filter(|entry| {
            let place = |it: &almoner_core::clinical::ServicePlace| {
                (it.id == phone["location_id"]
                    || link.is_some_and(|link| link["location_id"] == it.id))
                    && numbers(&it.phones).contains(number)
            };
            let own = entry.id == format!("service:{}", phone["service_id"]);
            let giver = entry.provider.id == phone["organization_id"];
            entry.places.iter().any(place)
                || own && numbers(&entry.phones).contains(number)
                || giver && numbers(&entry.provider.phones).contains(number)
        });
        told += usize::from(holders.count() > 0);
    }
    assert_eq!(told, truth(&format!("{folder}/phones.csv")));
    let first = find(&all, "service:c89eb05c-62dd-4b64-b494-0cc347b6ea7f");
    let place = &first.places[0];
    assert_eq!(place.schedules.iter().filter(|it| !it.closed).count(), 3);
    assert_eq!(place.schedules[0].days, ["MO"]);
    assert_eq!(place.schedules.iter().filter(|it| it.closed).count(), 1, "the holiday");
    assert_eq!(
        (first.eligibility.as_slice(), first.payments.len()),
        (&["adult".to_owned()][..], 2)
    );
    assert_eq!(place.languages, ["English", "Spanish"]);
    let kinds: Vec<&str> = place.addresses.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["physical", "postal"]);
    assert_eq!(first.areas, ["Sample service area"]);
    assert!(
        codes(&export).iter().all(|code| *code == "hsds_rows_without_owner"),
        "{:?}",
        export.problems
    );
}

#[test]
fn tables_of_version_1() {
    let folder = "ohana-csv";
    let export = set(&files(folder)).unwrap();
    let all = entries(&export);
    assert_eq!(services(&all), truth(&format!("{folder}/services.csv")));
    let places = rows(&format!("{folder}/locations.csv"));
    let phones = rows(&format!("{folder}/phones.csv"));
    for service in rows(&format!("{folder}/services.csv")) {
        let entry = find(&all, &format!("service:{}", service["id"]));
        assert_eq!(entry.places.len(), 1);
        let place = &entry.places[0];
        assert_eq!(place.id, service["location_id"]);
        let row = places.iter().find(|row| row["id"] == place.id).unwrap();
        assert_eq!(entry.provider.id, row["organization_id"]);
        let wanted: BTreeSet<&str> = phones
            .iter()
            .filter(|row| row["location_id"] == place.id && row["contact_id"].is_empty())
            .map(|row| row["number"].as_str())
            .collect();
        assert_eq!(numbers(&place.phones), wanted, "{}", entry.id);
        assert_eq!(entry.description, service["description"]);
        assert_eq!(entry.status, service["status"]);
    }
    let hours = find(&all, "service:22").places[0].schedules.len();
    let wanted = rows(&format!("{folder}/regular_schedules.csv")).len()
        + rows(&format!("{folder}/holiday_schedules.csv")).len();
    let told: usize = all
        .iter()
        .map(|it| it.schedules.len() + it.places.iter().map(|it| it.schedules.len()).sum::<usize>())
        .sum();
    assert!(hours > 0 && told >= wanted, "{told} of {wanted} schedules");
}

fn object(name: &str) -> Result<Export, Unreadable> {
    let path = data().join("hsds/spec-3-examples").join(name);
    let mut members = read(&std::fs::read(path).unwrap(), name);
    members.remove(0).outcome
}

#[test]
fn objects_and_pages_of_version_3() {
    for name in [
        "service_full.json",
        "service_list.json",
        "organization_full.json",
        "service_at_location_full.json",
        "tabular.json",
    ] {
        let export = object(name).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        assert_eq!((export.format.as_str(), export.version.as_str()), ("hsds", "3"), "{name}");
        let all = entries(&export);
        let entry = find(&all, "service:ac148810-d857-441c-9679-408f346de14b");
        assert_eq!(entry.name, "Community Counselling", "{name}");
        assert_eq!(entry.provider.name, "Example Organization Inc.", "{name}");
        assert_eq!((entry.minimum_age.as_str(), entry.maximum_age.as_str()), ("12", "100"));
        assert_eq!(entry.assured.as_ref().unwrap().as_str(), "2005-01-01");
        assert_eq!(services(&all), 1, "{name}");
        if name.ends_with("full.json") {
            let place = &entry.places[0];
            assert_eq!(place.name, "MyCity Civic Center", "{name}");
            assert_eq!(place.addresses[0].address.city, "MyCity");
            assert_eq!(place.phones[0].number, "+44 1234 234567");
            assert_eq!(place.phones[0].languages, ["Urdu"]);
            assert_eq!(place.schedules[0].days, ["TH", "FR"]);
            assert_eq!(entry.contacts[0].phones.len(), 1);
            assert_eq!(entry.costs.len(), 1);
            assert!(!entry.terms.is_empty() && !entry.areas.is_empty());
        }
    }
    let list = object("organization_list.json").unwrap();
    assert_eq!(entries(&list)[0].title(), "Example Organization Inc.");
    let place = object("location.json").unwrap();
    assert_eq!(entries(&place)[0].places[0].name, "MyCity Civic Center");
    for name in ["base.json", "taxonomy.json", "taxonomy_term.json", "taxonomy_list.json"] {
        assert_eq!(object(name).unwrap_err().problem.code, "hsds_no_entry", "{name}");
    }
}

#[test]
fn the_british_profile() {
    let page = r#"{"totalElements":1,"totalPages":1,"number":1,"size":50,"first":true,"last":true,"content":[
        {"id":"s1","name":"Lunch club","status":"active","organization":{"id":"o1","name":"Town Hall"},
         "eligibilitys":[{"eligibility":"over 60","minimum_age":60}],"cost_options":[{"option":"members","amount":3}],
         "service_at_locations":[{"id":"l1","location":{"id":"p1","name":"Hall","physical_addresses":[{"address_1":"1 High St","city":"Hull","postal_code":"HU1"}]},
           "regular_schedule":[{"weekday":"MO","opens_at":"12:00","closes_at":"14:00"}]}],
         "service_taxonomys":[{"id":"t","taxonomy":{"id":"x:1","name":"Meals","vocabulary":"esd"}}]}]}"#;
    let members = read(page.as_bytes(), "services.json");
    let export = members[0].outcome.as_ref().unwrap();
    let all = entries(export);
    let entry = find(&all, "service:s1");
    assert_eq!(
        (entry.provider.name.as_str(), entry.eligibility[0].as_str()),
        ("Town Hall", "over 60")
    );
    assert_eq!(entry.places[0].addresses[0].address.city, "Hull");
    assert_eq!(entry.places[0].schedules[0].opens, "12:00");
    assert_eq!(
        (entry.terms[0].name.as_str(), entry.terms[0].vocabulary.as_str()),
        ("Meals", "esd")
    );
}

#[test]
fn exports_of_single_products() {
    let export = set(&files("icarol-raw")).unwrap();
    let all = entries(&export);
    let source = rows("icarol-raw/iCarolData.csv");
    assert_eq!(source.len(), truth("icarol-raw/iCarolData.csv"));
    let of = |level: &str| source.iter().filter(|row| row["TaxonomyLevelName"] == level).count();
    assert_eq!(services(&all), of("Program"));
    let links: usize =
        all.iter().filter(|it| it.id.starts_with("service:")).map(|it| it.places.len()).sum();
    assert_eq!(links, of("ProgramAtSite"));
    assert_eq!(export.software, "iCarol");
    for row in source.iter().filter(|row| row["TaxonomyLevelName"] == "Program") {
        let entry = find(&all, &format!("service:{}", row["ResourceAgencyNum"]));
        assert_eq!(entry.provider.id, row["ParentAgencyNum"]);
        assert_eq!(entry.status, row["AgencyStatus"].to_lowercase());
        assert_eq!(entry.terms.is_empty(), row["TaxonomyCodes"].is_empty(), "{}", entry.id);
    }

    let export = set(&files("visionlink-raw")).unwrap();
    let all = entries(&export);
    // The first row of each table explains the columns.
    assert_eq!(services(&all), truth("visionlink-raw/visionlinkservice.csv") - 1);
    let entry = find(&all, "service:93707");
    assert_eq!((entry.provider.id.as_str(), entry.status.as_str()), ("15200", "active"));
    assert_eq!(entry.terms[0].code, "PH-3300.1800");

    let export = set(&files("florida-raw")).unwrap();
    let all = entries(&export);
    assert_eq!(services(&all), truth("florida-raw/services.csv"));
    let mut places: BTreeSet<&str> = BTreeSet::new();
    for entry in &all {
        places.extend(entry.places.iter().map(|place| place.id.as_str()));
    }
    let wanted = rows("florida-raw/locations.csv");
    let wanted: BTreeSet<&str> = wanted.iter().map(|row| row["location_uuid"].as_str()).collect();
    assert_eq!(places, wanted, "every place once");
}

#[test]
fn capitals_and_names_of_files_that_are_not_the_standards() {
    let files = [
        ("acmeorganization.csv", "ID,NAME,ALTERNATE_NAME,TAX_ID\n7,Food Bank,FB,12\n"),
        (
            "acmeservices.csv",
            "SERVICE_CODE_ID,ORGANIZATION_ID,NAME,FEES,ELIGIBILITY\n9,7,Pantry,none,everybody\n",
        ),
        ("acmelocation.csv", "ID,ORGANIZATION_ID,NAME,LATITUDE,LONGITUDE\n3,7,Depot,1,2\n"),
        ("acmelocationphone.csv", "ID,LOCATION_ID,NUMBER\n1,3,555-0100\n"),
        ("acmelinks.csv", "ID,SERVICE_ID,LOCATION_ID\n1,9,3\n"),
    ];
    let export = hsds::read_set(&files).unwrap();
    let all = entries(&export);
    let entry = find(&all, "service:9");
    assert_eq!((entry.provider.name.as_str(), entry.fees.as_str()), ("Food Bank", "none"));
    assert_eq!(entry.places[0].phones[0].number, "555-0100");
}

#[test]
fn damage_is_told_and_costs_itself_only() {
    let folder = "sample-datapackage-2";
    let all = files(folder);
    let without =
        |name: &str| -> Vec<_> { all.iter().filter(|(file, _)| file != name).cloned().collect() };
    let export = set(&without("organizations.csv")).unwrap();
    assert!(codes(&export).contains(&"hsds_organization_missing"));
    assert_eq!(services(&entries(&export)), 13);
    assert!(!matches!(export.shared.last().unwrap().content, Content::ResourceList(_)));
    let export = set(&without("locations.csv")).unwrap();
    assert!(codes(&export).contains(&"hsds_links_broken"), "{:?}", export.problems);
    let refused = set(&[all.iter().find(|(name, _)| name == "taxonomy.csv").unwrap().clone()]);
    assert_eq!(refused.unwrap_err().problem.code, "hsds_no_entry");
    let changed = |name: &str, change: &dyn Fn(&str) -> String| -> Vec<_> {
        let edit = |(file, text): &(String, String)| {
            (file.clone(), if file == name { change(text) } else { text.clone() })
        };
        all.iter().map(edit).collect()
    };
    let twice = changed("organizations.csv", &|text| {
        let line = text.lines().nth(1).unwrap().replace("Sanctuary Example City", "Another");
        format!("{text}\n{line}\n")
    });
    let export = set(&twice).unwrap();
    assert!(codes(&export).contains(&"hsds_number_twice"), "{:?}", export.problems);
    let ragged = changed("phones.csv", &|text| format!("{text}\n1,2\n"));
    assert!(codes(&set(&ragged).unwrap()).contains(&"rows_ragged"));
    let whole =
        std::fs::read_to_string(data().join("hsds/spec-3-examples/service_full.json")).unwrap();
    let cut = hsds::read(&whole[..whole.len() / 2]).unwrap_err();
    assert_eq!(cut.problem.code, "json_malformed");
}

/// What a private address or number is, does not stand anywhere in an entry.
#[test]
fn what_a_source_calls_private_is_not_taken() {
    let header = "ResourceAgencyNum,TaxonomyLevelName,ParentAgencyNum,PublicName,PhysicalAddress1,PhysicalAddressIsPrivate,Phone1Number,Phone1IsPrivate\n";
    let rows = "1,Agency,1,Shelter,9 Hidden Lane,Yes,555-0199,TRUE\n2,Program,1,Safe nights,,,555-0101,FALSE\n";
    let export = hsds::read(&format!("{header}{rows}")).unwrap();
    let told = format!("{:?}", export.shared);
    assert!(!told.contains("Hidden") && !told.contains("555-0199"), "{told}");
    assert!(told.contains("555-0101"));
}

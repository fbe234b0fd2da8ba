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

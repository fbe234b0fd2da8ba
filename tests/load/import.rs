//! Importing FHIR: bytes to joined patients and chart facts on a sealed store, beside reading the
//! same bytes with serde_json and putting each resource into bare redb.

use crate::wire::cpu_of;
use crate::{CACHE, postgres, rate};
use almoner_core::actor::Actor;
use almoner_core::export::{Export, Statement};
use almoner_core::ids::{FileId, PatientId};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Zone};
use almoner_frame::{Area, Incoming};
use almoner_store::keys::{Kek, KeyRing};
use almoner_store::{Act, Desk, Pending, Setup, Verb, Writer, sealed};
use redb::{Database, ReadableDatabase, ReadableTableMetadata, TableDefinition, TableHandle};
use serde_json::{Value, json};
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const ROWS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("resources");
const AREAS: [&Area; 2] = [&almoner_people::patients::AREA, &almoner_chart::AREA];

/// Prints resources a second of both: over the bundles of the development data, and over made-up
/// ones.
pub(crate) fn run(folder: &Path) {
    compare(folder, "samples", &bundles());
    let made_up: Vec<_> = (0..25).map(|file| bundle(file * 10..file * 10 + 10, true)).collect();
    compare(folder, "made-up", &made_up);
    println!("memory at most: {}", crate::idle::memory(std::process::id(), "VmHWM"));
}

fn compare(folder: &Path, name: &str, files: &[Vec<u8>]) {
    let path = folder.join(name);
    let desk = new_desk(&path);
    let (started, cpu) = (Instant::now(), cpu_of(std::process::id()));
    let mut waiting = Vec::new();
    for bytes in files {
        waiting = take(&desk, bytes);
    }
    wait_for_all(waiting);
    let (seconds, cpu) = (started.elapsed().as_secs_f64(), cpu_of(std::process::id()) - cpu);
    desk.close();
    drop(desk);
    let started = Instant::now();
    let resources = bare(&folder.join(format!("{name}-bare")), files);
    let least = started.elapsed().as_secs_f64();
    let (ours, bare) = (resources as f64 / seconds, resources as f64 / least);
    let bytes: usize = files.iter().map(|bytes| compact(bytes)).sum();
    let size = std::fs::metadata(&path).unwrap().len() as f64;
    println!("\nimport, {name}: {} bundles, {resources} resources", files.len());
    println!(
        "resources/s: Desk {ours:.0}, serde_json and bare redb {bare:.0}, {:.2}; CPU us a resource {:.0}",
        ours / bare,
        cpu * 1e6 / resources as f64
    );
    println!("store {:.1} MB, {:.2} of the compact JSON", size / 1e6, size / bytes as f64);
    tables(&path, bytes);
    match postgres::import(&folder.join(format!("{name}-pg")), files) {
        Some(theirs) => {
            println!("PostgreSQL {theirs:.0} resources/s; Desk {:.2} times of it", ours / theirs);
        }
        None => println!("PostgreSQL: not installed"),
    }
}

/// Prints where the bytes of a store are: what its rows say, and what stands around them.
fn tables(path: &Path, json: usize) {
    let keys = KeyRing::with_device(Kek::from_bytes([5; 32]));
    let database = sealed::open(path, &keys, CACHE).unwrap().database;
    let read = database.begin_read().unwrap();
    println!("table               rows      stored  overhead  unused   of the JSON");
    for table in read.list_tables().unwrap() {
        let table = read.open_untyped_table(table).unwrap();
        let (rows, stats) = (table.len().unwrap(), table.stats().unwrap());
        let (stored, meta, unused) =
            (stats.stored_bytes(), stats.metadata_bytes(), stats.fragmented_bytes());
        let share = (stored + meta + unused) as f64 / json as f64;
        println!("{:<16} {rows:>7} {stored:>11} {meta:>9} {unused:>7} {share:>13.3}", table.name());
    }
    drop(read);
    let write = database.begin_write().unwrap();
    let stats = write.stats().unwrap();
    let pages = stats.allocated_pages() * stats.page_size() as u64;
    println!(
        "pages in use {:.1} MB, {:.2} of the JSON",
        pages as f64 / 1e6,
        pages as f64 / json as f64
    );
    write.abort().unwrap();
}

fn compact(bytes: &[u8]) -> usize {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    serde_json::to_vec(&value).unwrap().len()
}

/// A desk with the areas that take exports, over a new sealed file.
pub(crate) fn new_desk(path: &Path) -> Desk {
    let keys = KeyRing::with_device(Kek::from_bytes([5; 32]));
    desk_over(sealed::create(path, &keys, CACHE).unwrap().database)
}

/// The same over an opened file.
pub(crate) fn desk_over(database: Database) -> Desk {
    let setup = Setup {
        rules: Arc::new(Rules::shipped(Zone::default())),
        clock: Clock::default(),
        kinds: AREAS.iter().flat_map(|area| area.kinds.iter().copied()).collect(),
        reactions: AREAS.iter().flat_map(|area| area.reactions.iter().copied()).collect(),
        boot: "load".into(),
        on_failure: Box::new(|fault| panic!("{fault}")),
    };
    Desk::open(database, setup, "load").unwrap()
}

/// Takes a file as intake does: its bytes, then who it is about and what it says. Work is handed in
/// without waiting, as intake does; what is given back is on the disk when it has been waited for.
pub(crate) fn take(desk: &Desk, bytes: &[u8]) -> Vec<Pending<()>> {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let sha256: [u8; 32] = digest.as_ref().try_into().unwrap();
    let (copy, now) = (bytes.to_vec(), desk.clock().now());
    let act = Act::new(Actor::Intake, Verb("intake.keep"), now);
    let keep = move |writer: &mut Writer<'_>| writer.keep_blob(&sha256, &copy).map(drop);
    let mut waiting = vec![desk.write_bulk(act, keep)];
    for member in almoner_formats::read(bytes, "file") {
        let Ok(export) = member.outcome else { continue };
        let file = Incoming {
            file: FileId::random(),
            sha256,
            source: "load".into(),
            format: export.format.clone(),
            document: export.document.clone(),
            software: export.software.clone(),
            member: member.path,
            received: now,
        };
        let act = Act::new(Actor::Intake, Verb("intake.take"), now);
        waiting.push(desk.write_bulk(act, move |writer| take_export(writer, &file, &export)));
    }
    waiting
}

pub(crate) fn wait_for_all(waiting: Vec<Pending<()>>) {
    for taken in waiting {
        taken.wait().unwrap();
    }
}

fn take_export(
    writer: &mut Writer<'_>,
    file: &Incoming,
    export: &Export,
) -> almoner_core::fault::Outcome<()> {
    let take = |writer: &mut Writer<'_>, patient: Option<PatientId>, said: &Statement| {
        almoner_chart::take(writer, file, patient, said).map(drop)
    };
    for said in &export.shared {
        take(writer, None, said)?;
    }
    for person in &export.people {
        let joined = almoner_people::patients::join(writer, file, person)?;
        for said in &person.statements {
            take(writer, Some(joined.patient), said)?;
        }
    }
    Ok(())
}

fn bare(path: &Path, files: &[Vec<u8>]) -> u64 {
    let database = Database::create(path).unwrap();
    let mut count = 0;
    for bytes in files {
        let bundle: Value = serde_json::from_slice(bytes).unwrap();
        let mut write = database.begin_write().unwrap();
        write.set_two_phase_commit(true);
        write.set_quick_repair(true);
        {
            let mut table = write.open_table(ROWS).unwrap();
            for entry in bundle["entry"].as_array().unwrap() {
                let resource = serde_json::to_vec(&entry["resource"]).unwrap();
                table.insert(count, resource.as_slice()).unwrap();
                count += 1;
            }
        }
        write.commit().unwrap();
    }
    count
}

/// The R4 bundles of the development data, whose origin is told there.
fn bundles() -> Vec<Vec<u8>> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/fhir/synthea-r4");
    let files = std::fs::read_dir(data).expect("the development data must be there");
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Takes so many made-up patients, a bundle of 500 at a time; prints how fast.
pub(crate) fn fill(desk: &Desk, patients: usize) {
    let started = Instant::now();
    for first in (0..patients).step_by(500) {
        let taken = take(desk, &bundle(first..first + 500, false));
        wait_for_all(taken);
    }
    println!("\n{patients} made-up patients taken at {:.0} a second", rate(patients, started));
}

/// A name of three syllables, another for each number below a thousand: names that sound alike would
/// all be compared with each other.
pub(crate) fn name(number: usize) -> String {
    const SYLLABLES: [&str; 10] = ["ba", "cor", "den", "fi", "gal", "mo", "pu", "ris", "to", "ven"];
    let syllable = |place: usize| SYLLABLES[number / place % 10];
    let text = [syllable(1), syllable(10), syllable(100)].concat();
    text[..1].to_uppercase() + &text[1..]
}

/// An HL7 v2 message of a made-up patient: an admission, or a panel of four results.
pub(crate) fn message(number: usize) -> String {
    let patient = number / 4 % 5_000;
    let (year, month, day) = (1930 + patient % 80, 1 + patient / 80 % 12, 1 + patient / 960 % 28);
    let kind = if number.is_multiple_of(4) { "ADT^A01" } else { "ORU^R01" };
    let (hour, minute) = (number / 60 % 24, number % 60);
    let at = format!("202610{:02}{hour:02}{minute:02}00", 1 + number / 1_440 % 28);
    let mut text = format!(
        "MSH|^~\\&|LAB|CLINIC|ALMONER|CLINIC|{at}-0500||{kind}|M{number}|P|2.5.1\r\
         PID|1||{patient:07}^^^CLINIC^MR||{}^{}||{year}{month:02}{day:02}|F\r\
         PV1|1|I|W^1^1||||1^Doctor^Made^Up|||||||||||V{}^^^CLINIC^VN\r",
        name(patient % 997),
        name(patient % 89 * 7),
        number / 4
    );
    if kind == "ORU^R01" {
        let _ = write!(
            text,
            "OBR|1|P{number}|F{number}|24323-8^Panel^LN|||{at}|||||||||||||||{at}|||F\r"
        );
        for entry in 0..4 {
            let _ = write!(
                text,
                "OBX|{}|NM|{}-7^Substance {entry}^LN||{}|mg/dL|10-90||||F|||{at}\r",
                entry + 1,
                2_000 + entry,
                number % 100 + entry
            );
        }
    }
    text
}

/// A bundle of made-up patients, with or without a chart.
pub(crate) fn bundle(numbers: Range<usize>, chart: bool) -> Vec<u8> {
    let mut entries: Vec<Value> = Vec::new();
    for number in numbers {
        entries.push(patient(number));
        if chart {
            entries.extend((0..24).map(|entry| observation(number, entry)));
        }
    }
    serde_json::to_vec(&json!({
        "resourceType": "Bundle", "type": "collection", "entry": entries
    }))
    .unwrap()
}

/// A made-up patient and chart as resources of their own, each naming the patient by its id.
pub(crate) fn resources(number: usize) -> Vec<Value> {
    let mut list = vec![patient(number)["resource"].take()];
    list.extend((0..24).map(|entry| {
        let mut resource = observation(number, entry)["resource"].take();
        resource["subject"]["reference"] = format!("Patient/p{number}").into();
        resource
    }));
    list
}

fn patient(number: usize) -> Value {
    let (year, month, day) = (1930 + number % 80, 1 + number / 80 % 12, 1 + number / 960 % 28);
    json!({ "fullUrl": format!("urn:uuid:{number:08}-0000-4000-8000-000000000000"), "resource": {
        "resourceType": "Patient", "id": format!("p{number}"),
        "identifier": [{ "system": "urn:oid:2.999.1", "value": format!("{number:07}") }],
        "name": [{ "family": name(number % 997), "given": [name(number % 89 * 7)] }],
        "gender": if number.is_multiple_of(2) { "female" } else { "male" },
        "birthDate": format!("{year}-{month:02}-{day:02}")
    }})
}

fn observation(number: usize, entry: usize) -> Value {
    let (month, day) = (1 + entry % 12, 1 + number % 28);
    json!({ "fullUrl": format!("urn:uuid:{number:08}-0000-4000-9000-{entry:012}"), "resource": {
        "resourceType": "Observation", "id": format!("o{number}-{entry}"), "status": "final",
        "meta": { "profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab"] },
        "category": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "laboratory", "display": "Laboratory"
        }]}],
        "code": { "coding": [{
            "system": "http://loinc.org", "code": format!("{}-7", 2000 + entry % 8),
            "display": format!("Substance {} in serum or plasma", entry % 8)
        }], "text": format!("Substance {} in serum or plasma", entry % 8) },
        "subject": { "reference": format!("urn:uuid:{number:08}-0000-4000-8000-000000000000") },
        "effectiveDateTime": format!("2026-{month:02}-{day:02}T09:1{}:00-05:00", entry % 10),
        "issued": format!("2026-{month:02}-{day:02}T10:00:00.000-05:00"),
        "valueQuantity": {
            "value": entry * 7 + number % 50, "unit": "mg/dL",
            "system": "http://unitsofmeasure.org", "code": "mg/dL"
        }
    }})
}

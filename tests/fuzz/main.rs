//! Mutants of the development data against every reader, for as long as `ALMONER_FUZZ_SECONDS`
//! says (1 each when not set), or as many as `ALMONER_FUZZ_RUNS` says: no panic, no mutant over a second of processor time, no memory over
//! 512 MB, none that never returns. Seeded by `ALMONER_FUZZ_SEED`, the same mutants in every run.
//!
//! Without coverage to guide it, since that takes an unstable compiler; the mutations know the
//! marks of each format instead (`mutate`). A mutant that fails is kept in the temporary folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout, clippy::disallowed_methods)] // it prints, and watches the clock

mod lists;
mod mutate;

use almoner_formats::ehi;
use almoner_formats::tables::{Table, delimited, sql};
use almoner_formats::unpack::Limits;
use mutate::{Dice, Kind, mutant};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Seeds longer than this are not taken: many small mutants find more than few large ones.
const SEED_BYTES: u64 = 48 * 1024;
/// Most seeds of a target, spread evenly over the files there are.
const SEEDS: usize = 120;
/// Processor time that one mutant may take.
const SLOWEST: Duration = Duration::from_secs(1);
/// Memory that the process may come to hold.
const MEMORY_KB: u64 = 512 * 1024;
/// Wall time after which a mutant counts as never returning.
const HANG_SECONDS: u64 = 60;

/// A table of patients, so that mutants of other tables are read as parts of a set.
const PATIENT: &str = "PAT_ID\tBIRTH_DATE\r\nZ1\t1/2/1960 12:00:00 AM\r\n";
const PEOPLE: &str =
    "INSERT INTO PERSON (PERSON_ID, BIRTH_DT_TM) VALUES (1, '1960-01-02 00:00:00');";

/// A reader under test.
type Target = fn(&[u8]);

#[test]
fn ccda() {
    run("ccda", Kind::Xml, &["ccda"], |bytes| {
        let decoded = almoner_formats::text::decode(bytes);
        let _ = almoner_formats::ccda::read(&decoded.text);
    });
}

#[test]
fn fhir() {
    run("fhir", Kind::Json, &["fhir", "questionnaire"], |bytes| {
        let decoded = almoner_formats::text::decode(bytes);
        let _ = almoner_formats::fhir::read(&decoded.text);
    });
}

#[test]
fn hl7v2() {
    run("hl7v2", Kind::Hl7, &["hl7v2"], |bytes| {
        let decoded = almoner_formats::text::decode(bytes);
        let _ = almoner_formats::hl7v2::read(&decoded.text);
    });
}

/// Tables of text: the separator, the quotes, the rows; then a set of one table.
#[test]
fn delimited() {
    run("delimited", Kind::Table, &["ehi", "hsds", "matching"], |bytes| {
        let decoded = almoner_formats::text::decode(bytes);
        let Some(dialect) = delimited::sniff(&decoded.text) else { return };
        let Ok((rows, _)) = delimited::read(&decoded.text, dialect) else { return };
        let table = Table::new("x", rows, 0);
        assert!(table.rows().all(|row| row.place().starts_with("x row ")));
        let files = [("PATIENT.tsv", PATIENT), ("PROBLEM_LIST.tsv", &*decoded.text)];
        if let Some(vendor) = ehi::recognise(&files) {
            let _ = ehi::read_set(vendor, &files);
        }
    });
}

/// `INSERT` statements of both dialects, and what an export makes of them.
#[test]
fn statements() {
    run_over("statements", Kind::Sql, statements_of(), |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let _ = sql::is_sql(&text);
        let _ = sql::read("x.sql", &text, &sql::columns(&text));
        let files = [("a.sql", PEOPLE), ("b.sql", &*text)];
        if let Some(vendor) = ehi::recognise(&files) {
            let _ = ehi::read_set(vendor, &files);
        }
    });
}

#[test]
fn x12() {
    run("x12", Kind::X12, &["x12"], |bytes| {
        let decoded = almoner_formats::text::decode(bytes);
        let _ = almoner_formats::x12::read(&decoded.text);
    });
}

#[test]
fn hsds() {
    run("hsds", Kind::Table, &["hsds"], |bytes| {
        let decoded = almoner_formats::text::decode(bytes);
        for name in ["services.csv", "locations.csv", "phones.csv"] {
            let _ = almoner_formats::hsds::read_set(&[(name, &*decoded.text)]);
        }
    });
}

#[test]
fn questionnaire() {
    run("questionnaire", Kind::Json, &["questionnaire"], |bytes| {
        let decoded = almoner_formats::text::decode(bytes);
        let _ = almoner_formats::questionnaire::read(&decoded.text);
    });
}

/// Detection, decoding and the choice of a reader, over files of all kinds.
#[test]
fn any_file() {
    let folders = ["ccda", "fhir", "hl7v2", "x12", "ehi", "hsds", "questionnaire", "matching"];
    run("any file", Kind::Any, &folders, |bytes| {
        assert!(!almoner_formats::read(bytes, "dropped").is_empty());
    });
}

#[test]
fn archives() {
    run("archives", Kind::Archive, &["hl7v2"], |bytes| {
        let limits = Limits { inflated_bytes: 4 << 20, entries: 200, ..Limits::default() };
        assert!(!almoner_formats::read_within(bytes, limits).is_empty());
    });
}

/// Lists as text, pages and XML; where they ask, also how the question would be read.
#[test]
fn lists_of_text() {
    run_over("lists", Kind::Any, lists::texts(), read_list);
}

/// Workbooks whose parts are mutants.
#[test]
fn workbooks() {
    run_over("workbooks", Kind::Xml, lists::sheets(), |bytes| read_list(&lists::workbook(bytes)));
}

/// The same of LibreOffice's.
#[test]
fn open_documents() {
    run_over("open documents", Kind::Xml, lists::open_sheets(), |bytes| {
        read_list(&lists::open_workbook(bytes));
    });
}

fn read_list(bytes: &[u8]) {
    for member in almoner_formats::read(bytes, "dropped") {
        if let Some(ask) = member.outcome.ok().and_then(|export| export.ask) {
            let _ = almoner_formats::tables::lists::preview(&ask, &ask.proposal, None);
        }
    }
}

/// Runs a target over mutants of the development data.
fn run(name: &str, kind: Kind, folders: &[&str], target: Target) {
    let mut seeds = seeds(folders);
    if kind == Kind::Archive {
        seeds = mutate::packed(&seeds);
    }
    run_over(name, kind, seeds, target);
}

/// Statements such as databases write, of every manner that the reader knows.
fn statements_of() -> Vec<Vec<u8>> {
    const HEADS: [&str; 5] = [
        "CREATE TABLE `encounter` (`ENCNTR_ID` double, `PERSON_ID` double, KEY `a` (`b`)) ENGINE=x;\n",
        "/*!40101 SET NAMES latin1 */;\n-- a dump\nSET x=1;\n",
        "REM x\n",
        "# x\nLOCK TABLES `a` WRITE;\n",
        "CREATE TABLE \"V500\".\"ENCOUNTER\" (\"ENCNTR_ID\" NUMBER(1,2) CHECK (A IN (1,2)), PERSON_ID DATE);\n",
    ];
    const ROWS: [&str; 4] = [
        "INSERT INTO `encounter` VALUES (1,1),(2,1),(3,'it\\'s; \\n');\n",
        "INSERT INTO V500.ENCOUNTER (ENCNTR_ID, PERSON_ID, REG_DT_TM) VALUES (1.00, 1, \
         TO_DATE('2026-01-02 00:00:00','YYYY-MM-DD HH24:MI:SS'));\n",
        "INSERT ALL INTO ENCOUNTER (ENCNTR_ID) VALUES (q'[a]' || CHR(10)) INTO ENCOUNTER (PERSON_ID) \
         VALUES (NULL) SELECT * FROM DUAL;\n",
        "insert ignore into `encounter` (`ENCNTR_ID`,`PERSON_ID`) values (0x0A, N'x'), (-1.5e3, DATE '2026-01-02');\n",
    ];
    let each =
        HEADS.iter().flat_map(|head| ROWS.iter().map(move |row| format!("{head}{row}{row}")));
    each.map(String::into_bytes).collect()
}

/// Runs a target over mutants until its time is over; prints how many there were.
fn run_over(name: &str, kind: Kind, seeds: Vec<Vec<u8>>, target: Target) {
    assert!(seeds.len() >= 10, "{name}: the development data is missing");
    let mut dice = Dice::new(number("ALMONER_FUZZ_SEED", 2_026));
    let time = Duration::from_secs(number("ALMONER_FUZZ_SECONDS", 1));
    let most = number("ALMONER_FUZZ_RUNS", 0);
    let watch = Watch::over(name);
    let (mut runs, mut slowest) = (0_u64, Duration::ZERO);
    let started = Instant::now();
    while if most > 0 { runs < most } else { started.elapsed() < time } {
        let input = mutant(&seeds, kind, &mut dice);
        let keep = Keep { name, input: &input };
        watch.begin();
        let before = processor_time();
        target(&input);
        let took = processor_time().saturating_sub(before);
        slowest = slowest.max(took);
        assert!(took <= SLOWEST, "{name}: a mutant took {took:?}");
        drop(keep);
        runs += 1;
    }
    watch.end();
    let memory = memory_kb();
    println!(
        "fuzz {name}: {runs} mutants of {} seeds in {:.1} s, the slowest {} ms, memory at most {} MB",
        seeds.len(),
        started.elapsed().as_secs_f64(),
        slowest.as_millis(),
        memory / 1024
    );
    assert!(memory <= MEMORY_KB, "{name}: {memory} kB of memory");
}

/// Writes the mutant down when its run ends in a panic.
struct Keep<'a> {
    name: &'a str,
    input: &'a [u8],
}

impl Drop for Keep<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let name = self.name.replace(' ', "-");
            let path = std::env::temp_dir().join(format!("almoner-mutant-{name}"));
            let _ = std::fs::write(&path, self.input);
            println!("the mutant is kept: {}", path.display());
        }
    }
}

/// Ends the process when a mutant does not return.
struct Watch {
    begun: Arc<AtomicU64>,
    start: Instant,
}

impl Watch {
    fn over(name: &str) -> Self {
        let watch = Self { begun: Arc::new(AtomicU64::new(u64::MAX)), start: Instant::now() };
        let (begun, start, name) = (Arc::clone(&watch.begun), watch.start, name.to_owned());
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(1));
                let since = begun.load(Ordering::Relaxed);
                let now = start.elapsed().as_secs();
                if since != u64::MAX && now.saturating_sub(since) > HANG_SECONDS {
                    println!("fuzz {name}: a mutant does not return");
                    std::process::exit(101);
                }
            }
        });
        watch
    }

    fn begin(&self) {
        self.begun.store(self.start.elapsed().as_secs(), Ordering::Relaxed);
    }

    fn end(&self) {
        self.begun.store(u64::MAX, Ordering::Relaxed);
    }
}

/// Small files of these folders of the development data, in a steady order.
fn seeds(folders: &[&str]) -> Vec<Vec<u8>> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let mut paths = Vec::new();
    for folder in folders {
        collect(&data.join(folder), &mut paths);
    }
    paths.sort();
    let step = paths.len().div_ceil(SEEDS).max(1);
    paths.iter().step_by(step).map(|path| std::fs::read(path).unwrap()).collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.map(Result::unwrap) {
        let kind = entry.metadata().unwrap();
        if kind.is_dir() {
            collect(&entry.path(), into);
        } else if kind.len() <= SEED_BYTES {
            into.push(entry.path());
        }
    }
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Time that this thread spent on a processor.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0);
    Duration::from_nanos(spent)
}

/// The most memory that the process has held.
fn memory_kb() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

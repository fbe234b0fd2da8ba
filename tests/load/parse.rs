//! Reading alone, from bytes to statements, for each second of a processor: C-CDA in megabytes and
//! HL7 v2 in messages, beside the least that it could cost: decoding and a bare parse of the same
//! bytes in the same run.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// Processor time that each figure is measured over, at least.
const SPAN: Duration = Duration::from_secs(2);

/// Prints the figures.
pub(crate) fn run() {
    println!();
    ccda();
    hl7v2();
}

fn ccda() {
    let files = files("ccda");
    let bytes: usize = files.iter().map(Vec::len).sum();
    let megabytes = bytes as f64 / 1e6;
    let bare = rounds(&files, |file| {
        let decoded = almoner_formats::text::decode(file);
        let options = roxmltree::ParsingOptions::default();
        let tree = roxmltree::Document::parse_with_options(&decoded.text, options);
        tree.map_or(0, |tree| tree.descendants().count())
    });
    let whole = rounds(&files, statements);
    println!(
        "C-CDA, {} documents of {megabytes:.1} MB: {:.1} MB/s of processor, bare tree {:.1} MB/s, \
         share {:.2}",
        files.len(),
        megabytes / whole,
        megabytes / bare,
        bare / whole
    );
}

fn hl7v2() {
    let files = files("hl7v2");
    let messages: usize = files.iter().map(|file| headers(file)).sum();
    let count = messages as f64;
    let bare = rounds(&files, |file| {
        let decoded = almoner_formats::text::decode(file);
        let lines = decoded.text.split(['\r', '\n']).filter(|line| !line.is_empty());
        lines.map(|line| line.split('|').flat_map(|field| field.split('^')).count()).sum()
    });
    let whole = rounds(&files, statements);
    println!(
        "HL7 v2, {messages} messages: {:.0} a second of processor, bare split {:.0}, share {:.2}",
        count / whole,
        count / bare,
        bare / whole
    );
}

/// What a file says, as the appliance reads it.
pub(crate) fn statements(file: &[u8]) -> usize {
    let members = almoner_formats::read(file, "dropped");
    let exports = members.iter().filter_map(|member| member.outcome.as_ref().ok());
    let people = exports.flat_map(|export| &export.people);
    people.map(|person| person.statements.len() + 1).sum()
}

fn headers(file: &[u8]) -> usize {
    file.windows(4).filter(|window| window == b"MSH|").count()
}

/// Seconds of processor that one round over the files takes.
fn rounds(files: &[Vec<u8>], work: impl Fn(&[u8]) -> usize) -> f64 {
    let started = processor_time();
    let (mut count, mut sum) = (0, 0);
    while processor_time().saturating_sub(started) < SPAN {
        sum += files.iter().map(|file| work(file)).sum::<usize>();
        count += 1;
    }
    assert!(sum > 0, "the development data is missing");
    processor_time().saturating_sub(started).as_secs_f64() / f64::from(count)
}

/// Every file below a folder of the development data.
pub(crate) fn files(folder: &str) -> Vec<Vec<u8>> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let mut found = Vec::new();
    collect(&data.join(folder), &mut found);
    found
}

fn collect(folder: &Path, into: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), into);
        } else {
            into.push(std::fs::read(entry.path()).unwrap());
        }
    }
}

/// Time that this thread spent on a processor.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0);
    Duration::from_nanos(spent)
}

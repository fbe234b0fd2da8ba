//! From bytes to durable facts, for each second of a processor: C-CDA in megabytes, HL7 v2 in
//! messages and FHIR in resources, beside reading the same bytes alone in the same run.

use crate::import;
use crate::parse::{files, statements};
use crate::wire::cpu_of;
use std::path::Path;

/// Prints the figures.
pub(crate) fn run(folder: &Path) {
    println!("\nstored, of a second of processor       read   stored   share");
    let documents = files("ccda");
    let megabytes = documents.iter().map(Vec::len).sum::<usize>() as f64 / 1e6;
    tell(folder, "C-CDA, MB", megabytes, &documents);
    let made_up: Vec<Vec<u8>> = (0..200)
        .map(|batch| (0..50).map(|n| import::message(batch * 50 + n)).collect::<String>())
        .map(String::into_bytes)
        .collect();
    tell(folder, "HL7 v2, messages", 10_000.0, &made_up);
    let bundles: Vec<_> = (0..25).map(|n| import::bundle(n * 10..n * 10 + 10, true)).collect();
    tell(folder, "FHIR, resources", 25.0 * 10.0 * 25.0, &bundles);
}

fn tell(folder: &Path, name: &str, count: f64, files: &[Vec<u8>]) {
    let me = std::process::id();
    let cpu = cpu_of(me);
    let said: usize = files.iter().map(|file| statements(file)).sum();
    let read = count / (cpu_of(me) - cpu);
    let desk = import::new_desk(&folder.join(name.replace([' ', ','], "-")));
    let cpu = cpu_of(me);
    let mut waiting = Vec::new();
    for file in files {
        waiting.extend(import::take(&desk, file));
        if waiting.len() > 64 {
            import::wait_for_all(std::mem::take(&mut waiting));
        }
    }
    import::wait_for_all(waiting);
    let spent = cpu_of(me) - cpu;
    desk.close();
    let stored = count / spent;
    println!(
        "{name:<32} {read:>10.0} {stored:>8.1} {:>7.2}   {said} statements, {:.0} us each",
        stored / read,
        spent * 1e6 / said as f64
    );
}

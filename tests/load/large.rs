//! One large file: what memory the daemon needs at most while it takes NDJSON of so many megabytes
//! (`ALMONER_LOAD_MB`, else 300).

use crate::idle::{Home, memory};
use crate::import;
use crate::wire::cpu_of;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// So long without work the file has been taken.
const QUIET: Duration = Duration::from_secs(4);

/// Prints what taking the file cost.
pub(crate) fn run(folder: &Path) {
    let Some(home) = Home::make(folder, 10) else { return };
    let asked = std::env::var("ALMONER_LOAD_MB").ok().and_then(|text| text.parse().ok());
    let size = asked.unwrap_or(300) * 1_000_000;
    let aside = folder.join("large.ndjson");
    let resources = write(&aside, size);
    let idle = memory(home.pid(), "VmRSS");
    let (started, cpu) = (Instant::now(), cpu_of(home.pid()));
    std::fs::rename(&aside, home.intake().join("large.ndjson")).unwrap();
    let (mut last, mut since) = (cpu, Instant::now());
    while since.elapsed() < QUIET {
        std::thread::sleep(Duration::from_millis(200));
        let now = cpu_of(home.pid());
        if now - last > 0.02 {
            since = Instant::now();
        }
        last = now;
    }
    let seconds = started.elapsed().saturating_sub(QUIET).as_secs_f64();
    println!(
        "\none NDJSON of {} MB, {resources} resources: {seconds:.0} s, {:.0} resources/s, CPU us a resource {:.0}",
        size / 1_000_000,
        resources as f64 / seconds,
        (last - cpu) * 1e6 / resources as f64
    );
    println!("memory before {idle}");
    home.stop();
}

fn write(path: &Path, size: usize) -> usize {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let (mut written, mut resources) = (0, 0);
    for number in 1_000_000.. {
        for resource in import::resources(number) {
            let line = resource.to_string();
            writeln!(file, "{line}").unwrap();
            written += line.len() + 1;
            resources += 1;
        }
        if written >= size {
            break;
        }
    }
    file.flush().unwrap();
    resources
}

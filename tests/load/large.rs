//! Large files: what memory the daemon and its readers need at most while it takes one of so many
//! megabytes (`ALMONER_LOAD_MB`, else 300), and how long a person's click waits meanwhile, beside
//! the same click on the idle appliance.

use crate::idle::{Home, memory};
use crate::import;
use crate::pages::Clinic;
use crate::wire::cpu_of;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// So long without work the file has been taken.
const QUIET: Duration = Duration::from_secs(4);

/// A kind of large file: its name, what it counts, and who writes it.
type Kind = (&'static str, &'static str, fn(&Path, usize) -> usize);

const KINDS: [Kind; 3] = [
    ("large.ndjson", "resources", ndjson),
    ("large.zip", "resources", zip),
    ("large.hl7", "messages", messages),
];

/// Prints what taking each file cost: all, or those whose name ends like one of the words.
pub(crate) fn run(folder: &Path, words: &[String]) {
    let asked = std::env::var("ALMONER_LOAD_MB").ok().and_then(|text| text.parse().ok());
    let size = asked.unwrap_or(300) * 1_000_000;
    let any = KINDS.iter().any(|(name, ..)| words.iter().any(|word| name.ends_with(word)));
    for kind in KINDS {
        if !any || words.iter().any(|word| kind.0.ends_with(word)) {
            one(&folder.join(kind.0.replace('.', "-")), kind, size);
        }
    }
}

fn one(folder: &Path, (name, what, write): Kind, size: usize) {
    std::fs::create_dir(folder).unwrap();
    let Some(home) = Home::make(folder, 10) else { return };
    let clinic = Clinic::of(&home);
    let aside = folder.join(name);
    let count = write(&aside, size);
    let bytes = std::fs::metadata(&aside).unwrap().len() as f64 / 1e6;
    let idle = memory(home.pid(), "VmRSS");
    let mut quiet: Vec<Duration> = (0..40).map(|_| clinic.click()).collect();
    let (started, cpu) = (Instant::now(), cpu_of(home.pid()));
    std::fs::rename(&aside, home.intake().join(name)).unwrap();
    let (mut last, mut since, mut end) = (cpu, Instant::now(), cpu);
    let (mut reader, mut busy) = (0, Vec::new());
    while since.elapsed() < QUIET {
        std::thread::sleep(Duration::from_millis(200));
        let held = largest_reader(home.pid());
        reader = reader.max(held);
        busy.push(clinic.click());
        let now = cpu_of(home.pid());
        if held > 0 || now - last > 0.05 {
            (since, end) = (Instant::now(), now);
        }
        last = now;
    }
    let seconds = started.elapsed().saturating_sub(QUIET).as_secs_f64();
    println!(
        "\n{name} of {bytes:.0} MB, {count} {what}: {seconds:.0} s, {:.0} {what}/s, daemon's CPU us each {:.0}",
        count as f64 / seconds,
        (end - cpu) * 1e6 / count as f64
    );
    let (before, during) = (median(&mut quiet), median(&mut busy));
    println!(
        "My day while it is taken: median {:.1} ms, at most {:.0} ms; idle {:.1} ms; ratio {:.1}",
        during.as_secs_f64() * 1e3,
        busy.last().unwrap().as_secs_f64() * 1e3,
        before.as_secs_f64() * 1e3,
        during.as_secs_f64() / before.as_secs_f64()
    );
    println!("memory before {idle}; a reader at most {} MB", reader / 1024);
    home.stop();
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The most that a child of the daemon holds, in kB.
fn largest_reader(daemon: u32) -> u64 {
    let children = format!("/proc/{daemon}/task");
    let tasks = std::fs::read_dir(children).unwrap().filter_map(Result::ok);
    let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let pids: Vec<String> =
        lists.flat_map(|list| list.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
    let statuses =
        pids.iter().filter_map(|pid| std::fs::read_to_string(format!("/proc/{pid}/status")).ok());
    let most = statuses.filter_map(|status| {
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    });
    most.max().unwrap_or(0)
}

fn ndjson(path: &Path, size: usize) -> usize {
    let mut file = BufWriter::new(File::create(path).unwrap());
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

/// An archive of bundles that are not packed closer: so large itself.
fn zip(path: &Path, size: usize) -> usize {
    const PATIENTS: usize = 20;
    let mut archive = zip::ZipWriter::new(BufWriter::new(File::create(path).unwrap()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let (mut written, mut resources) = (0, 0);
    for number in (2_000_000..).step_by(PATIENTS) {
        let bundle = import::bundle(number..number + PATIENTS, true);
        archive.start_file(format!("bundle-{number}.json"), stored).unwrap();
        archive.write_all(&bundle).unwrap();
        written += bundle.len();
        resources += PATIENTS * 25;
        if written >= size {
            break;
        }
    }
    archive.finish().unwrap().flush().unwrap();
    resources
}

/// Admissions and results of made-up patients, a third of a kilobyte and more each: 300 MB are far
/// more than 100,000.
fn messages(path: &Path, size: usize) -> usize {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let (mut written, mut count) = (0, 0);
    while written < size && count < 100_000 {
        let message = import::message(count);
        file.write_all(message.as_bytes()).unwrap();
        written += message.len();
        count += 1;
    }
    file.flush().unwrap();
    count
}

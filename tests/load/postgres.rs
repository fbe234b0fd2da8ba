//! The same resources into PostgreSQL, where it is installed: a table of resources and tables of
//! what is searched for, each with its index, one transaction a bundle, every commit on the disk.

use crate::wire::Running;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const TABLES: &str = "
create table resource (type text, id text, patient text, updated timestamptz, body jsonb, primary key (type, id));
create index on resource (patient, type);
create table token (type text, name text, system text, code text, id text);
create index on token (type, name, code, system);
create index on token (id);
create table moment (type text, name text, at text, id text);
create index on moment (type, name, at);
create index on moment (id);
create table word (type text, name text, text text, id text);
create index on word (type, name, text text_pattern_ops);
create index on word (id);
create table link (type text, name text, target text, id text);
create index on link (type, name, target);
create index on link (id);
";

/// Resources a second of these bundles, durable; `None` when PostgreSQL is not installed or does
/// not start.
pub(crate) fn import(folder: &Path, files: &[Vec<u8>]) -> Option<f64> {
    let server = Server::start(folder)?;
    server.tell(TABLES.as_bytes())?;
    let started = Instant::now();
    let (mut count, mut script) = (0, Vec::new());
    for bytes in files {
        let bundle: Value = serde_json::from_slice(bytes).unwrap();
        let mut rows = Rows::default();
        for entry in bundle["entry"].as_array().unwrap() {
            rows.add(&entry["fullUrl"], &entry["resource"]);
            count += 1;
        }
        rows.write(&mut script);
    }
    server.tell(&script)?;
    Some(crate::rate(count, started))
}

/// A server of our own over a folder, on a socket only.
struct Server {
    _process: Running,
    folder: PathBuf,
    user: Option<u32>,
}

impl Server {
    fn start(folder: &Path) -> Option<Self> {
        let kept = folder.join("postgres");
        let user = rustix::process::getuid().is_root().then(user_of_postgres).flatten();
        std::fs::create_dir_all(&kept).unwrap();
        if let Some(user) = user {
            // It refuses to run as root, and must get through to its folder.
            std::os::unix::fs::chown(&kept, Some(user), None).unwrap();
            for above in kept.ancestors().skip(1).take(2) {
                let open = std::os::unix::fs::PermissionsExt::from_mode(0o711);
                let _ = std::fs::set_permissions(above, open);
            }
        }
        let data = kept.join("data");
        let made = command("initdb", user)
            .args(["-A", "trust", "-U", "load", "-E", "UTF8", "--no-locale", "-D"])
            .arg(&data)
            .output()
            .ok()?;
        if !made.status.success() {
            return None;
        }
        let process = command("postgres", user)
            .args(["-c", "listen_addresses=", "-D"])
            .arg(&data)
            .arg("-k")
            .arg(&kept)
            .spawn()
            .map(Running)
            .ok()?;
        let server = Self { _process: process, folder: kept, user };
        let patience = Instant::now() + Duration::from_secs(20);
        while server.tell(b"select 1;").is_none() {
            if Instant::now() > patience {
                return None;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(server)
    }

    /// Has a script run; `None` when it fails.
    fn tell(&self, script: &[u8]) -> Option<()> {
        let mut client = command("psql", self.user)
            .args(["-q", "-X", "-v", "ON_ERROR_STOP=1", "-U", "load", "-d", "postgres", "-h"])
            .arg(&self.folder)
            .stdin(Stdio::piped())
            .spawn()
            .ok()?;
        let _ = client.stdin.take()?.write_all(script);
        client.wait().ok()?.success().then_some(())
    }
}

fn command(program: &str, user: Option<u32>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
    if let Some(user) = user {
        command.uid(user);
    }
    command
}

fn user_of_postgres() -> Option<u32> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.starts_with("postgres:"))?;
    line.split(':').nth(2)?.parse().ok()
}

/// The rows of one bundle, by table.
#[derive(Default)]
struct Rows {
    resource: Vec<String>,
    token: Vec<String>,
    moment: Vec<String>,
    word: Vec<String>,
    link: Vec<String>,
}

impl Rows {
    fn add(&mut self, full_url: &Value, resource: &Value) {
        let type_ = resource["resourceType"].as_str().unwrap_or_default();
        let id = resource["id"].as_str().or(full_url.as_str()).unwrap_or_default();
        let patient = ["subject", "patient", "beneficiary"]
            .iter()
            .find_map(|name| resource[*name]["reference"].as_str());
        self.resource.push(row(&[
            type_,
            id,
            patient.unwrap_or_default(),
            "2026-11-27T00:00:00Z",
            &resource.to_string(),
        ]));
        for (name, value) in resource.as_object().into_iter().flatten() {
            self.field(type_, id, name, value);
        }
    }

    /// What is searched for: codes, identifiers, times, names and references, at the first level.
    fn field(&mut self, type_: &str, id: &str, name: &str, value: &Value) {
        let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in list {
            if let Some(text) = value.as_str() {
                let day = text.len() >= 10 && text.as_bytes()[4] == b'-';
                if day {
                    self.moment.push(row(&[type_, name, text, id]));
                } else if text.len() < 200 {
                    self.token.push(row(&[type_, name, "", text, id]));
                }
            }
            let codings = value["coding"].as_array();
            for coding in codings.into_iter().flatten().chain([value]) {
                let code = coding["code"].as_str().or(coding["value"].as_str());
                if let (Some(system), Some(code)) = (coding["system"].as_str(), code) {
                    self.token.push(row(&[type_, name, system, code, id]));
                }
            }
            for word in ["family", "text", "display"] {
                if let Some(text) = value[word].as_str() {
                    self.word.push(row(&[type_, name, text, id]));
                }
            }
            if let Some(target) = value["reference"].as_str() {
                self.link.push(row(&[type_, name, target, id]));
            }
            if let Some(at) = value["start"].as_str() {
                self.moment.push(row(&[type_, name, at, id]));
            }
        }
    }

    fn write(&self, script: &mut Vec<u8>) {
        let mut text = String::from("begin;\n");
        let tables = [
            ("resource", &self.resource),
            ("token", &self.token),
            ("moment", &self.moment),
            ("word", &self.word),
            ("link", &self.link),
        ];
        for (table, rows) in tables {
            for some in rows.chunks(200) {
                let again = if table == "resource" { " on conflict do nothing" } else { "" };
                let _ = writeln!(text, "insert into {table} values {}{again};", some.join(","));
            }
        }
        text.push_str("commit;\n");
        script.extend_from_slice(text.as_bytes());
    }
}

fn row(values: &[&str]) -> String {
    let quoted: Vec<String> =
        values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
    format!("({})", quoted.join(","))
}

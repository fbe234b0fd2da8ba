//! Pages and FHIR over TLS, with so many patients stored: how many a second, how long they take and
//! what they cost the server, beside an answer of the same size that is always the same. With more
//! than one number of patients: what growth costs.

use crate::idle::Home;
use crate::wire::{self, Ask, Cost, UNIQUE, Wire};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Pages asked for in turn: so many patients.
const PEOPLE: usize = 200;

/// Prints the figures of the pages at 1, 16 and 64 connections.
pub(crate) fn run(folder: &Path, home: &Home) {
    println!("\npages and FHIR over TLS   a second   p50 ms   p99 ms   server CPU us   bytes");
    let clinic = Clinic::of(home);
    for (name, wire, asks) in clinic.pages() {
        let (_helper, least) = wire::bare(folder, wire.one(&asks[0]).body.len());
        for connections in [1, 16, 64] {
            let cost = wire.busy(connections, asks);
            tell(&format!("{name}, {connections}"), &cost);
            if connections == 16 {
                let any = [Ask { path: "/".into(), form: None }];
                tell("  the least, 16", &least.busy(connections, &any));
            }
        }
    }
}

/// Prints the server's CPU a request for each page.
pub(crate) fn growth(home: &Home, patients: usize) {
    let clinic = Clinic::of(home);
    let mut line = format!("{patients:>8}");
    for (_, wire, asks) in clinic.pages() {
        let _ = wire.busy(4, asks);
        let _ = write!(line, " {:>14.0}", wire.busy(4, asks).cpu);
    }
    println!("{line}");
}

fn tell(name: &str, cost: &Cost) {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{name:<24} {:>9.0} {:>8.2} {:>8.2} {:>15.0} {:>7}",
        cost.per_second,
        ms(cost.p50),
        ms(cost.p99),
        cost.cpu,
        cost.bytes
    );
}

/// The doors of a running appliance: one for a person, one for a program.
pub(crate) struct Clinic {
    person: Wire,
    program: Wire,
    day: Vec<Ask>,
    find: Vec<Ask>,
    patients: Vec<Ask>,
    fhir: Vec<Ask>,
    saves: Vec<Ask>,
}

impl Clinic {
    /// How long one look at My day takes, on a connection of its own.
    pub(crate) fn click(&self) -> Duration {
        let started = Instant::now();
        assert_eq!(self.person.one(&self.day[0]).status, 200);
        started.elapsed()
    }

    pub(crate) fn of(home: &Home) -> Self {
        let ready: Value = serde_json::from_slice(&std::fs::read(home.ready()).unwrap()).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pem = std::fs::read(text(&ready["ca_pem"])).unwrap();
        let wire = || Wire::new(text(&ready["address"]).parse().unwrap(), home.pid(), &pem);
        let (mut person, mut program) = (wire(), wire());
        program.who = Some(("authorization", format!("Bearer {}", text(&ready["fhir_token"]))));
        let accounts = ready["accounts"].as_array().unwrap();
        let account = accounts.iter().find(|one| one["role"] == "coordinator").unwrap();
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("name", &text(&account["name"]))
            .append_pair("password", &text(&account["password"]))
            .finish();
        let signed = person.one(&Ask { path: "/sign-in".into(), form: Some(form) });
        person.who = Some(("cookie", signed.cookie.expect("signed in")));
        let get = |path: String| Ask { path, form: None };
        let found = program.one(&get(format!("/fhir/Patient?_count={PEOPLE}")));
        let bundle: Value = serde_json::from_slice(&found.body).unwrap();
        let entries = bundle["entry"].as_array().unwrap();
        let ids: Vec<String> = entries.iter().map(|it| text(&it["resource"]["id"])).collect();
        let find = (0..50).map(|n| Ask {
            path: "/search".into(),
            form: Some(format!("q={}", crate::import::name(n * 19 % 997))),
        });
        Self {
            person,
            program,
            day: vec![get("/".into())],
            find: find.collect(),
            patients: ids.iter().map(|id| get(format!("/p/{id}"))).collect(),
            fhir: ids.iter().map(|id| get(format!("/fhir/Patient/{id}"))).collect(),
            saves: ids.iter().map(|id| save(id)).collect(),
        }
    }

    /// The last one adds to the patients whose pages are asked for before.
    fn pages(&self) -> [(&'static str, &Wire, &[Ask]); 5] {
        [
            ("My day", &self.person, &self.day),
            ("find", &self.person, &self.find),
            ("patient", &self.person, &self.patients),
            ("FHIR Patient", &self.program, &self.fhir),
            ("save a call", &self.person, &self.saves),
        ]
    }
}

/// A call that is logged, with the key that each form has once.
fn save(patient: &str) -> Ask {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("patient", patient)
        .append_pair("_once", UNIQUE)
        .append_pair("mode", "phone")
        .append_pair("direction", "outgoing")
        .append_pair("ending", "reached")
        .append_pair("about", "nothing")
        .append_pair("language", "en")
        .append_pair("note", "Feels better today, has taken the new tablets, asked about the bill.")
        .finish();
    Ask { path: format!("/p/{patient}/contacts/new"), form: Some(form) }
}

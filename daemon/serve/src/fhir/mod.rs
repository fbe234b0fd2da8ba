//! The chart over FHIR R4, read-only (`interface.md` §4): a program with a token or a person signed
//! in, the same rules for both. What was shown is on the trail, durably, before the answer leaves.

mod audit;
mod everything;
mod included;
mod matching;
mod search;

use crate::Doors;
use crate::ask::{Answer, Ask};
use crate::gate::{Signed, Who};
use crate::pages::NotOnTrail;
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RawId};
use almoner_core::permission::May;
use almoner_formats::fhir::Json;
use almoner_formats::fhir::write::{self, Entry, Offer};
use almoner_frame::accounts::Bearer;
use almoner_frame::fhir::Written;
use almoner_frame::{Resource, secret};
use almoner_store::{Act, Reader, Verb};
use hyper::{Method, StatusCode, header};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The scope that a token needs.
const SCOPE: &str = "fhir.read";
/// Verb of reading the trail itself.
const TRAIL_READ: &str = "trail.read";
const KIND: &str = "application/fhir+json; charset=utf-8";

/// Who asks.
pub(crate) enum Caller {
    Person(Box<Signed>),
    Program(Bearer),
}

/// Why a request is not answered: status, FHIR issue type, words without patient data.
pub(crate) struct No(StatusCode, &'static str, String);

/// What an answer shows: its JSON as it is sent, and whose data is in it.
#[derive(Default)]
pub(crate) struct Shown {
    pub json: String,
    pub patients: BTreeSet<PatientId>,
    /// Version of the one resource that was read.
    pub version: Option<String>,
}

pub(crate) type Told<T> = Result<T, No>;

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Absent(_) => Self::not_found(),
            Fault::Forbidden(_) => Self::forbidden(),
            other => Self(StatusCode::INTERNAL_SERVER_ERROR, "exception", other.to_string()),
        }
    }
}

impl No {
    pub(crate) fn not_found() -> Self {
        Self(StatusCode::NOT_FOUND, "not-found", "There is no such resource.".into())
    }
    fn forbidden() -> Self {
        Self(StatusCode::FORBIDDEN, "forbidden", "This is not yours to read.".into())
    }
    pub(crate) fn invalid(words: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, "invalid", words.into())
    }
}

impl Caller {
    /// Whether the caller holds a permission: a person by role, a program by its scope.
    pub(crate) fn may(&self, may: May) -> bool {
        match self {
            Self::Person(signed) => may.allows(signed.account.role),
            Self::Program(_) => may == May::ReadFhir,
        }
    }
}

impl Doors {
    /// The answer to a request below `/fhir`. Blocking.
    pub(crate) fn fhir(&self, ask: &Ask) -> Answer {
        match self.fhir_told(ask) {
            Ok(answer) => answer,
            Err(No(status, code, words)) => {
                let broken = status.is_server_error();
                if broken {
                    log::error!(target: "almoner", request = ask.id.as_str(); "request {}: {words}", ask.id);
                }
                let said = if broken { format!("Request {}", ask.id) } else { words };
                let mut answer = json(status, &write::outcome(&[("error", code, &said)]));
                if status == StatusCode::UNAUTHORIZED {
                    answer.set(header::WWW_AUTHENTICATE, "Bearer realm=\"almoner\"");
                }
                answer
            }
        }
    }

    fn fhir_told(&self, ask: &Ask) -> Told<Answer> {
        let path = ask.path.strip_prefix("/fhir").unwrap_or_default().trim_matches('/');
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        if parts.as_slice() == ["metadata"] {
            return Ok(json(StatusCode::OK, &self.capability(ask)));
        }
        let caller = self.fhir_caller(ask)?;
        let base = format!("https://{}/fhir", ask.host);
        let post = ask.method == Method::POST;
        let (verb, shown) = match (post, parts.as_slice()) {
            (false, [type_, id]) => ("fhir.read", self.read(&caller, type_, id)?),
            (false, ["Patient", id, "$everything"]) => {
                ("fhir.everything", self.everything(&caller, ask, &base, id)?)
            }
            (false, [type_]) => {
                ("fhir.search", self.search(&caller, ask, &base, type_, ask.queries())?)
            }
            (true, [type_, "_search"]) if ask.is_form() => {
                let mut pairs = ask.queries();
                pairs.extend(ask.form().fields().iter().cloned());
                ("fhir.search", self.search(&caller, ask, &base, type_, pairs)?)
            }
            (true, ["Patient", "$match"]) => ("fhir.match", self.matched(&caller, ask, &base)?),
            (true, _) => {
                let words =
                    "This server is read-only; POST is for _search, with a form, and $match."
                        .into();
                return Err(No(StatusCode::METHOD_NOT_ALLOWED, "not-supported", words));
            }
            _ => return Err(No::not_found()),
        };
        let trail = parts.first() == Some(&audit::AUDIT_EVENT.type_);
        self.note_shown(ask, &caller, if trail { TRAIL_READ } else { verb }, &shown)?;
        let mut answer = Answer::of(StatusCode::OK, KIND, shown.json);
        if let Some(version) = shown.version.filter(|version| !version.is_empty()) {
            let tag = format!("W/\"{version}\"");
            if ask.header("if-none-match") == tag {
                answer = Answer::empty(StatusCode::NOT_MODIFIED);
            }
            answer.set(header::ETAG, &tag);
        }
        Ok(answer.to_known())
    }

    fn fhir_caller(&self, ask: &Ask) -> Told<Caller> {
        let unknown = || {
            let words = "Show a bearer token of this appliance, or sign in.";
            No(StatusCode::UNAUTHORIZED, "login", words.into())
        };
        if let Some(token) = ask.header("authorization").strip_prefix("Bearer ") {
            let digest = secret::digest(token.trim());
            let found = self.desk.read(|reader| self.accounts.bearer(reader, &digest))?;
            let bearer = found.filter(|bearer| bearer.scopes.iter().any(|scope| scope == SCOPE));
            let bearer = bearer.ok_or_else(unknown)?;
            if self.visits.touch_program(bearer.id, self.now()) {
                let act = self.act(ask, Actor::Token(bearer.name.clone()), "token.seen");
                let (accounts, id) = (self.accounts, bearer.id);
                drop(self.desk.write_later(act, move |writer| accounts.touch_bearer(writer, id)));
            }
            return Ok(Caller::Program(bearer));
        }
        let Who::Signed(signed) = self.who(ask)? else { return Err(unknown()) };
        let own = match ask.method {
            Method::POST => Self::is_same_origin(ask),
            _ => Self::is_own_look(ask),
        };
        if !own {
            return Err(No::forbidden());
        }
        self.touch(ask, &signed);
        Ok(Caller::Person(signed))
    }

    /// Puts whose data is shown on the trail. What is durable in this visit is not waited for again;
    /// of a program's visit it is gathered, of a person's it is the same opening (decision 0009).
    fn note_shown(
        &self,
        ask: &Ask,
        caller: &Caller,
        verb: &'static str,
        shown: &Shown,
    ) -> Told<()> {
        let (act, visit) = match caller {
            Caller::Person(signed) => (self.signed_act(ask, signed, verb), signed.session.id),
            Caller::Program(bearer) => {
                let mut act = Act::new(Actor::Token(bearer.name.clone()), Verb(verb), self.now());
                act.address = Some(ask.address.to_string());
                (act, bearer.id)
            }
        };
        let fresh = self.visits.fresh(visit, shown.patients.clone());
        let lost = |fault| {
            let words = NotOnTrail(fault).to_string();
            No(StatusCode::SERVICE_UNAVAILABLE, "transient", words)
        };
        if verb == TRAIL_READ {
            let noted = self.write(act, |writer| {
                writer.witness("done"); // who reads the trail stands on it too
                Ok(())
            });
            return noted.map_err(lost);
        }
        let program = matches!(caller, Caller::Program(_));
        if fresh.is_empty() {
            if program && !shown.patients.is_empty() {
                self.note_again(act, visit, verb, &shown.patients).map_err(lost)?;
            }
            return Ok(());
        }
        // A program's entry names everybody in the answer, not only who is new in the visit.
        let named = if program { &shown.patients } else { &fresh };
        self.desk.note_access(act, named.clone()).wait().map_err(lost)?;
        self.visits.noted(visit, &fresh);
        Ok(())
    }

    /// Gathers that a program was shown these patients again. Nobody waits for the entry.
    fn note_again(
        &self,
        act: Act,
        visit: RawId,
        verb: &'static str,
        patients: &BTreeSet<PatientId>,
    ) -> Outcome<()> {
        if !self.visits.shown_again(visit, verb, patients) {
            return Ok(());
        }
        let visits = Arc::clone(&self.visits);
        let handed_in = self.desk.write_later(act, move |writer| {
            let again = visits.take_again(visit, verb);
            writer.detail("answers", i64::try_from(again.answers).unwrap_or(i64::MAX));
            again.patients.into_iter().for_each(|patient| writer.saw(patient));
            Ok(())
        });
        if handed_in.is_err() {
            drop(self.visits.take_again(visit, verb));
        }
        handed_in
    }

    fn read(&self, caller: &Caller, type_: &str, id: &str) -> Told<Shown> {
        let resources = self.resources(caller, type_)?;
        let id = RawId::parse(id).ok_or_else(No::not_found)?;
        let found = self.desk.read(|reader| written(reader, &resources, id))?;
        let found = found.ok_or_else(No::not_found)?;
        let patients = found.patient.into_iter().collect();
        Ok(Shown { json: found.json, patients, version: Some(found.version) })
    }

    /// What serves a type, if the caller may read it.
    pub(crate) fn resources(&self, caller: &Caller, type_: &str) -> Told<Vec<&'static Resource>> {
        let mut known: Vec<_> = self.served().filter(|it| it.type_ == type_).collect();
        if known.is_empty() {
            let words = format!("This server has no {} resources.", plain(type_));
            return Err(No(StatusCode::NOT_FOUND, "not-supported", words));
        }
        known.retain(|resource| caller.may(resource.may));
        if known.is_empty() { Err(No::forbidden()) } else { Ok(known) }
    }

    /// Everything that is served, of all areas and of the doors themselves.
    pub(crate) fn served(&self) -> impl Iterator<Item = &'static Resource> {
        let areas = self.house.areas.iter().flat_map(|area| area.resources);
        areas.chain(std::iter::once(&audit::AUDIT_EVENT))
    }

    fn capability(&self, ask: &Ask) -> Json {
        let types: BTreeSet<&str> = self.served().map(|resource| resource.type_).collect();
        let offer = |type_: &'static str| Offer {
            resource_type: type_,
            interactions: &["read", "search-type"],
            operations: if type_ == "Patient" {
                &[
                    ("everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything"),
                    ("match", "http://hl7.org/fhir/OperationDefinition/Patient-match"),
                ]
            } else {
                &[]
            },
        };
        let offers: Vec<_> = types.into_iter().map(offer).collect();
        let base = format!("https://{}/fhir", ask.host);
        let date = self.started.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        write::capability(&base, &date, env!("CARGO_PKG_VERSION"), &offers)
    }
}

/// One resource, by whichever of these has it.
pub(crate) fn one(
    reader: &Reader<'_>,
    resources: &[&'static Resource],
    id: RawId,
) -> Outcome<Option<(Json, Option<PatientId>)>> {
    let Some(written) = written(reader, resources, id)? else { return Ok(None) };
    let json = Json::parse(&written.json)
        .map_err(|_| Fault::broken("a resource was written as no JSON"))?;
    Ok(Some((json, written.patient)))
}

/// The same as it is sent.
fn written(
    reader: &Reader<'_>,
    resources: &[&'static Resource],
    id: RawId,
) -> Outcome<Option<Written>> {
    for resource in resources {
        if let Some(written) = (resource.write)(reader, id)? {
            return Ok(Some(written));
        }
    }
    Ok(None)
}

/// An entry of a bundle.
pub(crate) fn entry(base: &str, json: Json, mode: &'static str) -> Entry {
    let full_url = format!("{base}/{}/{}", json.text("resourceType"), json.text("id"));
    Entry { full_url, resource: json, mode, rank: None }
}

fn json(status: StatusCode, json: &Json) -> Answer {
    Answer::of(status, KIND, json.to_string())
}

/// A type's name as far as it is one: nothing that was typed stands in an answer as it came.
fn plain(type_: &str) -> String {
    type_.chars().filter(char::is_ascii_alphanumeric).take(40).collect()
}

//! A visit: one request of one person to one route, after the gate let it through. There is no
//! other way to have one, so a page can't be drawn without a permission.

use crate::area::Area;
use crate::drafts::{Draft, PATIENT};
use crate::form::Form;
use crate::language::{Language, Words};
use crate::session::Session;
use almoner_core::actor::{Actor, Role};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RecordId, StaffId};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_core::time::{Timestamp, Zone};
use almoner_store::{Act, Verb};
use std::str::FromStr;

/// What the gate needs to know of the request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The path as asked for.
    pub path: String,
    /// Values of the route's `{names}`.
    pub params: Vec<(String, String)>,
    /// The query string, taken apart.
    pub query: Vec<(String, String)>,
}

/// What every page may know of the house.
#[derive(Clone, Copy)]
pub struct House {
    pub areas: &'static [&'static Area],
    pub zone: Zone,
    /// The clinic's name, for the rail and for print.
    pub clinic: &'static str,
    /// Identifier system of the clinic's own record numbers: shown first; empty when none is set.
    pub numbers: &'static str,
    /// True in the demonstration: pages carry its stripe.
    pub demo: bool,
}

/// One request, let through.
pub struct Visit {
    session: Session,
    request: Request,
    house: House,
    words: Words,
    now: Timestamp,
    notice: Option<Phrase>,
    drafts: Vec<(Draft, u32)>,
}

impl Visit {
    /// The gate: a visit for this session and permission, or a refusal.
    pub fn admit(
        session: Session,
        may: May,
        request: Request,
        house: House,
        now: Timestamp,
        notice: Option<Phrase>,
    ) -> Outcome<Self> {
        if !may.allows(session.role) {
            return Err(Fault::Forbidden(may));
        }
        let words = Words::of(session.language, house.zone);
        Ok(Self { session, request, house, words, now, notice, drafts: Vec::new() })
    }

    /// The same with the person's drafts of the forms on this page, each with its version.
    #[must_use]
    pub fn with_drafts(mut self, drafts: Vec<(Draft, u32)>) -> Self {
        self.drafts = drafts;
        self
    }

    /// Who is signed in.
    pub fn staff(&self) -> StaffId {
        self.session.staff
    }
    /// The person's name.
    pub fn name(&self) -> &str {
        &self.session.name
    }
    pub fn role(&self) -> Role {
        self.session.role
    }
    pub fn session(&self) -> &Session {
        &self.session
    }
    /// Whether this person holds another permission: to leave out a link, never to guard work.
    pub fn may(&self, may: May) -> bool {
        may.allows(self.session.role)
    }
    pub fn house(&self) -> &House {
        &self.house
    }
    pub fn language(&self) -> Language {
        self.session.language
    }
    /// The words of the person's language.
    pub fn words(&self) -> &Words {
        &self.words
    }
    /// The moment of the request.
    pub fn now(&self) -> Timestamp {
        self.now
    }
    /// The clinic's day of the request.
    pub fn today(&self) -> chrono::NaiveDate {
        self.house.zone.day(self.now)
    }
    /// The path as asked for.
    pub fn path(&self) -> &str {
        &self.request.path
    }
    /// The path with its query, as asked for.
    pub fn href(&self) -> String {
        crate::kit::with_queries(self.path(), &self.request.query)
    }
    /// The person's drafts of the forms on this page, the newest first, each with its version.
    pub fn drafts(&self) -> &[(Draft, u32)] {
        &self.drafts
    }
    /// What to say at the top of the page: the last work's notice.
    pub fn notice(&self) -> Option<&Phrase> {
        self.notice.as_ref()
    }
    /// A value of the query string; empty when absent.
    pub fn query(&self, name: &str) -> &str {
        let found = self.request.query.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }
    /// The query string, taken apart.
    pub fn queries(&self) -> &[(String, String)] {
        &self.request.query
    }
    /// A value of the path as text.
    pub fn param(&self, name: &str) -> Outcome<&str> {
        let found = self.request.params.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).ok_or(Fault::Absent("page"))
    }
    /// An id of the path; what is no id is simply not there.
    pub fn id<I: RecordId + FromStr>(&self, name: &str) -> Outcome<I> {
        self.param(name)?.parse().map_err(|_| Fault::Absent("page"))
    }
    /// Whether a form may do its work at this address: where that names a patient, the form must have
    /// been drawn for the same one (`UX.md` §2).
    pub fn fits(&self, form: &Form) -> bool {
        let here = self.param(PATIENT).ok().map(PatientId::parse);
        here.is_none_or(|patient| {
            patient.is_some() && patient == PatientId::parse(form.text(PATIENT))
        })
    }
    /// The act of this visit, for work and for the trail.
    pub fn act(&self, verb: Verb) -> Act {
        Act {
            actor: Actor::Staff(self.session.staff),
            verb,
            at: self.now,
            reason: None,
            address: self.session.address.clone(),
            visit: Some(self.session.visit.clone()),
        }
    }
    /// Says a phrase in the person's language.
    pub fn say(&self, phrase: &Phrase) -> String {
        self.words.say(phrase)
    }
}

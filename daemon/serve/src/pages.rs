//! From a request to a page: public doors first, then the gate, then the area's route. What was
//! opened is on the trail, durably, before a byte of the answer leaves.

use crate::Doors;
use crate::ask::{Answer, Ask};
use crate::drafts;
use crate::gate::{Signed, Who};
use crate::routes::Found;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::PatientId;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::drafts::Sending;
use almoner_frame::route::{Download, Next};
use almoner_frame::shell::{self, Around};
use almoner_frame::{Page, Route, Visit, Witness};
use almoner_store::{Reader, Verb, Writer};
use hyper::{Method, StatusCode, header};
use std::collections::BTreeSet;

/// What a page's script is told.
const JSON: &str = "application/json";

type Drawn = (Answer, BTreeSet<PatientId>);
type Again = fn(&Reader<'_>, &Visit, &almoner_frame::Form, &Refusal) -> Outcome<Page>;

/// An opening could not be put on the trail: what was opened is not shown.
#[derive(Debug)]
pub(crate) struct NotOnTrail(pub Fault);

impl std::fmt::Display for NotOnTrail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "what was opened is not on the trail and so is not shown: {}", self.0)
    }
}
impl std::error::Error for NotOnTrail {}

impl Doors {
    /// The answer to a request. Blocking.
    pub fn answer(&self, ask: &Ask) -> Answer {
        if ask.path.len() + ask.query.len() > 4096 {
            return Answer::text(StatusCode::URI_TOO_LONG, "The address is too long.\n");
        }
        if !matches!(ask.method, Method::GET | Method::HEAD | Method::POST) {
            return Answer::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "GET, POST");
        }
        let outcome = if let Some(answer) = self.public(ask) {
            Ok(answer)
        } else if ask.path == "/fhir" || ask.path.starts_with("/fhir/") {
            Ok(self.fhir(ask))
        } else if ask.method == Method::POST && !(Self::is_same_origin(ask) && ask.is_form()) {
            Ok(self.refused_page(ask, StatusCode::FORBIDDEN, "door-other-site"))
        } else {
            self.door(ask).unwrap_or_else(|| self.behind_the_gate(ask))
        };
        outcome.unwrap_or_else(|fault| self.broken_page(ask, &fault))
    }

    fn behind_the_gate(&self, ask: &Ask) -> Outcome<Answer> {
        let signed = match self.who(ask)? {
            Who::Signed(signed) => *signed,
            Who::Ended => return self.keep_or_sign_in(ask, "/sign-in/again"),
            Who::Nobody => return self.keep_or_sign_in(ask, "/sign-in"),
        };
        if let Some(answer) = self.of_another(ask, &signed)? {
            return Ok(answer.to_known());
        }
        if ask.method != Method::POST && !Self::is_own_look(ask) {
            return Ok(self.refused_page(ask, StatusCode::FORBIDDEN, "door-other-site"));
        }
        self.touch(ask, &signed);
        self.for_signed(ask, &signed).map(Answer::to_known)
    }

    fn for_signed(&self, ask: &Ask, signed: &Signed) -> Outcome<Answer> {
        let own = self.own_page(ask, signed).or_else(|| self.draft_door(ask, signed));
        if let Some(answer) = own {
            return self.or_not_found(ask, signed, "own", answer);
        }
        let post = ask.method == Method::POST;
        let Some(found) = self.routes.find(post, &ask.path) else {
            return self.or_not_found(ask, signed, "none", Err(Fault::Absent("page")));
        };
        let path = found.route.path();
        let answer = self.go(ask, signed, found);
        self.or_not_found(ask, signed, path, answer)
    }

    fn go(&self, ask: &Ask, signed: &Signed, found: Found) -> Outcome<Answer> {
        let Found { route, params } = found;
        match route {
            Route::Show { may, page, .. } => {
                let notice = self.visits.notice(signed.session.id);
                let visit = self.admit(ask, signed, *may, params, notice)?;
                let path = visit.path().to_owned();
                let visit = self.with_drafts(visit, &path)?;
                let answer = self.show(&visit, signed, |reader| page(reader, &visit))?;
                self.remember(&visit, signed);
                Ok(answer)
            }
            Route::Tell { may, tell, .. } => {
                let visit = self.admit(ask, signed, *may, params, None)?;
                let form = ask.form();
                let told = self.desk.read(|reader| {
                    let json = tell(reader, &visit, &form)?.to_string();
                    Ok((Answer::of(StatusCode::OK, JSON, json), reader.take_opened()))
                })?;
                self.after_noting(&visit, signed, told)
            }
            Route::Ask { may, page, .. } => {
                let visit = self.admit(ask, signed, *may, params, None)?;
                let form = ask.form();
                self.show(&visit, signed, |reader| page(reader, &visit, &form))
            }
            Route::Fetch { may, file, .. } => {
                let visit = self.admit(ask, signed, *may, params, None)?;
                let drawn = self.desk.read(|reader| {
                    let answer = download(file(reader, &visit)?);
                    Ok((answer, reader.take_opened()))
                })?;
                self.after_noting(&visit, signed, drawn)
            }
            Route::Work { may, verb, work, again, .. } => {
                let visit = self.admit(ask, signed, *may, params.clone(), None)?;
                let form = ask.form();
                if !visit.fits(&form) {
                    // Drawn for another patient, or for none: nothing of it may be saved here.
                    let other = Refusal::field("", Phrase::new("form-other-patient"));
                    return self.again(ask, signed, *may, params, *again, &other, 409);
                }
                let sending = Sending::of(visit.staff(), visit.path(), &form);
                let act = visit.act(*verb);
                let done = self.desk.write(act, move |writer: &mut Writer<'_>| {
                    Self::once(writer, sending.as_ref(), |writer| work(writer, &visit, &form))
                });
                match done.wait() {
                    Ok(next) => Ok(self.next(ask, signed, next)),
                    Err(Fault::Refused(refusal)) => {
                        self.again(ask, signed, *may, params, *again, &refusal, 422)
                    }
                    Err(Fault::Stale(_)) => {
                        let stale = Refusal::field("", Phrase::new("form-stale"));
                        self.again(ask, signed, *may, params, *again, &stale, 409)
                    }
                    Err(fault) => Err(fault),
                }
            }
        }
    }

    /// Draws a page in its shell from one moment of the store.
    pub(crate) fn show(
        &self,
        visit: &Visit,
        signed: &Signed,
        page: impl FnOnce(&Reader<'_>) -> Outcome<Page>,
    ) -> Outcome<Answer> {
        let around = Around {
            until: signed.until,
            idle_minutes: self.settings.idle_minutes,
            read_only: self.desk.read_only(),
            size: signed.account.size,
            shortcuts: signed.account.shortcuts,
        };
        let (drawn, witness) = self.desk.read(|reader| {
            let page = page(reader)?;
            let html = shell::document(reader, visit, &page, around)?;
            let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::OK);
            Ok(((Answer::html(status, html), reader.take_opened()), page.witness))
        })?;
        if let Some(witness) = witness {
            let Witness { verb, name, value } = *witness;
            let noted = self.desk.note_look(visit.act(verb), name, value).wait();
            noted.map_err(|cause| Fault::Broken(Box::new(NotOnTrail(cause))))?;
        }
        self.after_noting(visit, signed, drawn)
    }

    /// Lets the areas remember whose page was opened. Nobody waits for it.
    fn remember(&self, visit: &Visit, signed: &Signed) {
        let Ok(patient) = visit.id::<PatientId>("patient") else { return };
        if !self.visits.opened(signed.session.id, patient) {
            return;
        }
        let (areas, staff) = (self.house.areas, signed.account.id);
        drop(self.desk.write_later(visit.act(Verb("session.seen")), move |writer| {
            let mut remember = areas.iter().filter_map(|area| area.opened);
            remember.try_for_each(|opened| opened(writer, staff, patient))
        }));
    }

    /// Gives the answer out once every opening is on the trail. When that fails the page does not
    /// leave the house.
    fn after_noting(&self, visit: &Visit, signed: &Signed, drawn: Drawn) -> Outcome<Answer> {
        let (answer, opened) = drawn;
        let id = signed.session.id;
        let fresh = self.visits.fresh(id, opened);
        if !fresh.is_empty() {
            let noted = self.desk.note_access(visit.act(Verb("chart.read")), fresh.clone()).wait();
            noted.map_err(|cause| Fault::Broken(Box::new(NotOnTrail(cause))))?;
            self.visits.noted(id, &fresh);
        }
        Ok(answer)
    }

    #[allow(clippy::too_many_arguments)] // one call, from the one place that has them all
    fn again(
        &self,
        ask: &Ask,
        signed: &Signed,
        may: May,
        params: Vec<(String, String)>,
        again: Again,
        refusal: &Refusal,
        status: u16,
    ) -> Outcome<Answer> {
        let form = drafts::to_mend(ask.form(), refusal);
        self.keep(ask, signed.account.id, form.clone())?;
        let visit = self.admit(ask, signed, may, params, None)?;
        let visit = self.with_drafts(visit, form.text(almoner_frame::drafts::PAGE))?;
        self.show(&visit, signed, |reader| {
            Ok(again(reader, &visit, &form, refusal)?.with_status(status))
        })
    }

    fn next(&self, ask: &Ask, signed: &Signed, next: Next) -> Answer {
        if let Some(notice) = next.notice {
            self.visits.say(signed.session.id, notice);
        }
        ask.go(&next.path)
    }

    /// The visit with the person's drafts of the forms on a page.
    fn with_drafts(&self, visit: Visit, page: &str) -> Outcome<Visit> {
        let found =
            self.desk.read(|reader| almoner_frame::drafts::on_page(reader, visit.staff(), page))?;
        Ok(visit.with_drafts(found))
    }

    /// Unknown and forbidden look the same, and both are on the trail.
    fn or_not_found(
        &self,
        ask: &Ask,
        signed: &Signed,
        route: &'static str,
        answer: Outcome<Answer>,
    ) -> Outcome<Answer> {
        let may = match &answer {
            Err(Fault::Absent(_)) => "none",
            Err(Fault::Forbidden(may)) => may.key(),
            _ => return answer,
        };
        self.note_refused(ask, signed, route, may);
        Ok(self.refused_page(ask, StatusCode::NOT_FOUND, "door-not-found"))
    }

    pub(crate) fn touch(&self, ask: &Ask, signed: &Signed) {
        let id = signed.session.id;
        if self.visits.touch(id, self.now()) {
            let (act, accounts) = (self.signed_act(ask, signed, "session.seen"), self.accounts);
            drop(self.desk.write_later(act, move |writer| accounts.touch(writer, id)));
        }
    }

    /// Nobody is signed in: what was typed is kept, then, or before anything else, they sign in.
    fn keep_or_sign_in(&self, ask: &Ask, path: &str) -> Outcome<Answer> {
        Ok(self.keep_of_ended(ask)?.unwrap_or_else(|| Self::to_sign_in(ask, path)))
    }

    /// To the sign-in, and back to where the person wanted to go.
    fn to_sign_in(ask: &Ask, path: &str) -> Answer {
        let mut next = ask.path.clone();
        if !ask.query.is_empty() {
            next = format!("{next}?{}", ask.query);
        }
        if ask.method == Method::POST || next == "/" {
            return ask.go(path);
        }
        let query: String =
            form_urlencoded::Serializer::new(String::new()).append_pair("next", &next).finish();
        ask.go(&format!("{path}?{query}"))
    }
}

fn download(file: Download) -> Answer {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = file.name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    Answer::of(StatusCode::OK, &file.content_type, file.bytes)
        .with(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))
        .sandboxed()
}

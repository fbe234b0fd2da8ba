//! The gate: who is signed in, whether the request comes from our own pages, and what they may.
//! Every look at an account is fresh: a closed account or a changed role ends a session with the
//! next request.

use crate::Doors;
use crate::ask::Ask;
use almoner_core::actor::Actor;
use almoner_core::fault::Outcome;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use almoner_frame::accounts::{Account, OpenSession};
use almoner_frame::visit::Request;
use almoner_frame::{Session, Visit, secret};
use almoner_store::{Act, Reader, Verb};
use chrono::TimeDelta;
use hyper::Method;

/// Name of the session's cookie; `__Host-` ties it to this host, TLS and the whole site.
pub const COOKIE: &str = "__Host-almoner";

/// Who asks.
pub(crate) enum Who {
    /// Somebody with a living session.
    Signed(Box<Signed>),
    /// Somebody whose session has ended.
    Ended,
    /// Nobody that is known.
    Nobody,
}

/// Somebody signed in.
#[derive(Clone)]
pub(crate) struct Signed {
    pub account: Account,
    pub session: OpenSession,
    /// When the session ends in any case.
    pub until: Timestamp,
}

impl Doors {
    /// Who asks, by the cookie of the request.
    pub(crate) fn who(&self, ask: &Ask) -> Outcome<Who> {
        let Some(cookie) = ask.cookie(COOKIE) else { return Ok(Who::Nobody) };
        let digest = secret::digest(cookie);
        let now = self.now();
        let found = self.desk.read(|reader| self.session_of(reader, &digest))?;
        let Some((account, session)) = found else { return Ok(Who::Ended) };
        let until = session.opened + TimeDelta::hours(self.settings.session_hours);
        let seen = self.visits.seen(session.id).map_or(session.seen, |seen| seen.max(session.seen));
        let idle = now - seen > TimeDelta::minutes(self.settings.idle_minutes);
        if account.disabled || account.stamp != session.stamp || now >= until || idle {
            self.end_session(ask, &session);
            return Ok(Who::Ended);
        }
        Ok(Who::Signed(Box::new(Signed { account, session, until })))
    }

    /// Whether an unsafe request comes from our own pages (`security.md` 2.2): the browser says
    /// so, or the origin it names is ours. A request that says neither is refused.
    pub(crate) fn is_same_origin(ask: &Ask) -> bool {
        match ask.header("sec-fetch-site") {
            "same-origin" | "none" => true,
            "" => {
                let origin = ask.header("origin");
                !origin.is_empty() && origin == format!("https://{}", ask.host)
            }
            _ => false,
        }
    }

    /// Whether a page may be looked at from where the browser says it will stand: not from another
    /// site, and not as a script, a picture or a part of another page.
    pub(crate) fn is_own_look(ask: &Ask) -> bool {
        let from = matches!(ask.header("sec-fetch-site"), "" | "same-origin" | "none");
        let to = ask.header("sec-fetch-dest");
        from && matches!(to, "" | "document" | "empty")
    }

    /// The visit of somebody to a route, if their role holds the permission.
    pub(crate) fn admit(
        &self,
        ask: &Ask,
        signed: &Signed,
        may: May,
        params: Vec<(String, String)>,
        notice: Option<Phrase>,
    ) -> Outcome<Visit> {
        let account = &signed.account;
        let session = Session {
            staff: account.id,
            role: account.role,
            name: account.name.clone(),
            language: account.language,
            theme: account.theme.clone(),
            visit: signed.session.id.to_string(),
            mark: signed.session.mark.clone(),
            address: Some(ask.address.to_string()),
        };
        let request = Request { path: ask.path.clone(), params, query: ask.queries() };
        Visit::admit(session, may, request, self.house, self.now(), notice)
    }

    /// The act of somebody, outside a visit.
    pub(crate) fn act(&self, ask: &Ask, actor: Actor, verb: &'static str) -> Act {
        let mut act = Act::new(actor, Verb(verb), self.now());
        act.address = Some(ask.address.to_string());
        act
    }

    /// The act of somebody signed in.
    pub(crate) fn signed_act(&self, ask: &Ask, signed: &Signed, verb: &'static str) -> Act {
        let mut act = self.act(ask, Actor::Staff(signed.account.id), verb);
        act.visit = Some(signed.session.id.to_string());
        act
    }

    /// Has a refused request stand on the trail. Nobody waits for it.
    pub(crate) fn note_refused(
        &self,
        ask: &Ask,
        signed: &Signed,
        route: &'static str,
        may: &'static str,
    ) {
        let act = self.signed_act(ask, signed, "page.open");
        let looked = ask.method == Method::GET;
        drop(self.desk.write_bulk(act, move |writer| {
            writer.witness("refused");
            writer.detail("method", if looked { "get" } else { "post" });
            writer.detail("page", route);
            writer.detail("permission", may);
            Ok(())
        }));
    }

    fn session_of(
        &self,
        reader: &Reader<'_>,
        digest: &str,
    ) -> Outcome<Option<(Account, OpenSession)>> {
        let Some(session) = self.accounts.session(reader, digest)? else { return Ok(None) };
        Ok(self.accounts.account(reader, session.staff)?.map(|account| (account, session)))
    }

    /// Takes an ended session away, durably: a clock set back later must not open it again.
    fn end_session(&self, ask: &Ask, session: &OpenSession) {
        self.visits.forget(session.id);
        let mut act = self.act(ask, Actor::Staff(session.staff), "session.end");
        act.visit = Some(session.id.to_string());
        let (accounts, id) = (self.accounts, session.id);
        let ended = self.desk.write_bulk(act, move |writer| {
            writer.witness("done");
            accounts.end(writer, id)
        });
        if let Err(fault) = ended.wait() {
            log::error!("an ended session could not be taken away: {fault}");
        }
    }
}

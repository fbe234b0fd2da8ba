//! Signing in and out, and the one-time ticket with which a person chooses a password. An unknown
//! name, a wrong password and a closed account look the same and take the same time.

use crate::Doors;
use crate::ask::{Answer, Ask};
use crate::gate::{COOKIE, Who};
use crate::{password, throttle};
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::phrase::Phrase;
use almoner_frame::Words;
use almoner_frame::accounts::Account;
use almoner_frame::secret::{self, Secret};
use almoner_store::{Act, Writer};
use askama::Template;
use hyper::{Method, StatusCode, header};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'p> {
    words: &'p Words,
    /// Where to go then.
    next: &'p str,
    name: &'p str,
    notice: &'p str,
    problem: String,
}

#[derive(Template)]
#[template(path = "ticket.html")]
struct Ticket<'p> {
    words: &'p Words,
    typed: &'p str,
    shortest: usize,
    problems: Vec<(&'static str, String)>,
}

impl Ticket<'_> {
    fn problem(&self, field: &str) -> &str {
        self.problems.iter().find(|(name, _)| *name == field).map_or("", |(_, said)| said.as_str())
    }
}

impl Doors {
    /// The answer of a door, if the path is one.
    pub(crate) fn door(&self, ask: &Ask) -> Option<Outcome<Answer>> {
        let post = ask.method == Method::POST;
        match (ask.path.as_str(), post) {
            ("/sign-in", false) => Some(self.sign_in_page(ask, "")),
            ("/sign-in/again", false) if ask.query.contains("kept=yes") => {
                Some(self.sign_in_page(ask, "sign-in-kept"))
            }
            ("/sign-in/again", false) => Some(self.sign_in_page(ask, "sign-in-ended")),
            ("/sign-in", true) => Some(self.sign_in(ask)),
            ("/sign-out", true) => Some(self.sign_out(ask, "/sign-in")),
            ("/lock", true) => Some(self.sign_out(ask, "/sign-in/again")),
            ("/ticket", false) => Some(self.ticket_page(ask, StatusCode::OK, Vec::new())),
            ("/ticket", true) => Some(self.use_ticket(ask)),
            _ => None,
        }
    }

    fn sign_in_page(&self, ask: &Ask, notice: &'static str) -> Outcome<Answer> {
        let queries = ask.queries();
        let next = queries.iter().find(|(key, _)| key == "next").map_or("", |(_, to)| to.as_str());
        let chosen = queries.iter().any(|(key, value)| key == "said" && value == "password");
        let notice = if chosen { "ticket-done" } else { notice };
        self.draw_sign_in(ask, StatusCode::OK, next, "", notice, None)
    }

    fn draw_sign_in(
        &self,
        ask: &Ask,
        status: StatusCode,
        next: &str,
        name: &str,
        notice: &'static str,
        problem: Option<&Phrase>,
    ) -> Outcome<Answer> {
        let words = Words::of(ask.language(), self.house.zone);
        let problem = problem.map(|phrase| words.say(phrase)).unwrap_or_default();
        let page = SignIn { words: &words, next: own_path(next), name, notice, problem };
        self.door_page(ask, status, words.t("sign-in-title"), &page)
    }

    fn sign_in(&self, ask: &Ask) -> Outcome<Answer> {
        let form = ask.form();
        let (name, next) = (form.text("name").to_lowercase(), form.text("next").to_owned());
        let typed = form.fields().iter().find(|(key, _)| key == "password");
        let typed = typed.map_or("", |(_, value)| value.as_str());
        let now = self.now();
        let digest = secret::digest(&name);
        let account = self.desk.read(|reader| self.accounts.named(reader, &name))?;
        let flooded = self.throttle.is_flooded(
            ask.address,
            now,
            self.settings.failures_per_source,
            self.settings.failures_in_all,
        );
        if flooded || self.must_wait(account.as_ref(), &digest) {
            self.note_sign_in(ask, account.as_ref(), "delayed");
            return self.too_many(ask, &next, &name);
        }
        let phc = account.as_ref().and_then(|account| account.password.as_deref());
        let Ok(same) = self.hasher.verify(typed, phc) else {
            return self.too_many(ask, &next, &name);
        };
        let open = |account: &Account| !account.disabled && account.failures < throttle::HARD_STOP;
        match account.filter(|account| same && open(account)) {
            Some(account) => self.let_in(ask, &account, &digest, &next),
            None => self.turn_away(ask, digest, &name, &next),
        }
    }

    /// The last step of every way to sign in: a new secret, a session, a cookie.
    fn let_in(&self, ask: &Ask, account: &Account, digest: &str, next: &str) -> Outcome<Answer> {
        let secret = Secret::random()?;
        let act = self.act(ask, Actor::Staff(account.id), "sign-in");
        let (accounts, id, kept) = (self.accounts, account.id, secret.digest());
        let session = self.write(act, move |writer| {
            let session = accounts.open(writer, id, &kept)?;
            writer.witness("done");
            writer.detail("session", session.id.to_string().as_str());
            Ok(session)
        })?;
        self.throttle.succeeded(digest);
        self.visits.touch(session.id, session.seen);
        let cookie =
            format!("{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Strict", secret.text());
        Ok(Answer::see_other(own_path(next)).with(header::SET_COOKIE, &cookie))
    }

    fn turn_away(&self, ask: &Ask, digest: String, name: &str, next: &str) -> Outcome<Answer> {
        let account = self.desk.read(|reader| self.accounts.named(reader, name))?;
        self.throttle.failed(digest, ask.address, self.now());
        self.note_sign_in(ask, account.as_ref(), "wrong");
        let problem = Phrase::new("sign-in-wrong");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        self.draw_sign_in(ask, status, next, name, "", Some(&problem))
    }

    fn too_many(&self, ask: &Ask, next: &str, name: &str) -> Outcome<Answer> {
        let problem = Phrase::new("sign-in-too-many");
        let status = StatusCode::TOO_MANY_REQUESTS;
        self.draw_sign_in(ask, status, next, name, "", Some(&problem))
    }

    fn must_wait(&self, account: Option<&Account>, digest: &str) -> bool {
        let now = self.now();
        let kept = account.and_then(|account| Some((account.failures, account.failed_at?)));
        [kept, self.throttle.of_name(digest)]
            .into_iter()
            .flatten()
            .any(|(failures, last)| throttle::wait(failures, last, now).is_some())
    }

    /// A refused sign-in stands on the trail; the failure counts for a name that somebody has.
    fn note_sign_in(&self, ask: &Ask, account: Option<&Account>, why: &'static str) {
        let id = account.map(|account| account.id);
        let actor = id.map_or(Actor::Appliance, Actor::Staff);
        let accounts = self.accounts;
        let noted = self.write(self.act(ask, actor, "sign-in"), move |writer| {
            writer.witness("refused");
            writer.detail("why", why);
            match id {
                Some(id) if why == "wrong" => accounts.failed(writer, id),
                _ => Ok(()),
            }
        });
        if let Err(fault) = noted {
            log::error!(target: "almoner", "a refused sign-in is not on the trail: {fault}");
        }
    }

    fn sign_out(&self, ask: &Ask, to: &str) -> Outcome<Answer> {
        if let Who::Signed(signed) = self.who(ask)? {
            let id = signed.session.id;
            let (act, accounts) = (self.signed_act(ask, &signed, "sign-out"), self.accounts);
            self.write(act, move |writer| {
                writer.witness("done");
                accounts.end(writer, id)
            })?;
            self.visits.forget(id);
        }
        let gone = format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
        let mut answer = Answer::see_other(to).with(header::SET_COOKIE, &gone);
        answer.set(
            header::HeaderName::from_static("clear-site-data"),
            "\"cache\", \"cookies\", \"storage\"",
        );
        Ok(answer)
    }

    fn ticket_page(
        &self,
        ask: &Ask,
        status: StatusCode,
        problems: Vec<(&'static str, Phrase)>,
    ) -> Outcome<Answer> {
        let words = Words::of(ask.language(), self.house.zone);
        let form = ask.form();
        let page = Ticket {
            words: &words,
            typed: form.text("ticket"),
            shortest: self.settings.password_length,
            problems: problems.iter().map(|(field, what)| (*field, words.say(what))).collect(),
        };
        self.door_page(ask, status, words.t("ticket-title"), &page)
    }

    fn use_ticket(&self, ask: &Ask) -> Outcome<Answer> {
        let now = self.now();
        let (each, all) = (self.settings.failures_per_source, self.settings.failures_in_all);
        if self.throttle.is_flooded(ask.address, now, each, all) {
            let said = vec![("ticket", Phrase::new("sign-in-too-many"))];
            return self.ticket_page(ask, StatusCode::TOO_MANY_REQUESTS, said);
        }
        let form = ask.form();
        let typed: String =
            form.text("ticket").chars().filter(char::is_ascii_alphanumeric).collect();
        let digest = secret::digest(&typed.to_ascii_lowercase());
        let Some(account) = self.desk.read(|reader| self.accounts.ticket(reader, &digest))? else {
            self.throttle.failed(String::new(), ask.address, now);
            self.note_sign_in(ask, None, "ticket");
            let said = vec![("ticket", Phrase::new("ticket-unknown"))];
            return self.ticket_page(ask, StatusCode::UNPROCESSABLE_ENTITY, said);
        };
        let phc = match self.new_password(&form, &account)? {
            Ok(phc) => phc,
            Err(problem) => {
                return self.ticket_page(ask, StatusCode::UNPROCESSABLE_ENTITY, vec![problem]);
            }
        };
        let act = self.act(ask, Actor::Staff(account.id), "ticket.use");
        let accounts = self.accounts;
        self.write(act, move |writer| accounts.redeem(writer, &digest, phc))?;
        Ok(Answer::see_other("/sign-in?said=password"))
    }

    /// The hash of a new password typed twice, or the field that must change and why.
    pub(crate) fn new_password(
        &self,
        form: &almoner_frame::Form,
        account: &Account,
    ) -> Outcome<Result<String, (&'static str, Phrase)>> {
        let raw = |name: &str| {
            let found = form.fields().iter().find(|(key, _)| key == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        let words = ["almoner", self.house.clinic, account.sign_in.as_str(), account.name.as_str()];
        let shortest = self.settings.password_length;
        if let Some(problem) = password::problem(raw("new"), shortest, &words) {
            return Ok(Err(("new", problem)));
        }
        if raw("new") != raw("repeat") {
            return Ok(Err(("repeat", Phrase::new("password-differs"))));
        }
        match self.hasher.hash(raw("new")) {
            Ok(phc) => Ok(Ok(phc?)),
            Err(password::Busy) => Ok(Err(("new", Phrase::new("sign-in-too-many")))),
        }
    }

    /// Writes for a door. Also while the appliance takes no other changes: people must get in to
    /// look.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        act: Act,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        if self.desk.failed() {
            return Err(Fault::broken("the store has failed"));
        }
        if self.desk.read_only() {
            return self.desk.write_bulk(act, work).wait();
        }
        self.desk.write(act, work).wait()
    }
}

/// A path of our own to go to; anything else becomes the first page.
fn own_path(path: &str) -> &str {
    let plain = path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    let own = path.starts_with('/') && !path.starts_with("//") && plain && path.len() < 1000;
    if own && !path.starts_with("/sign-") { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn one_never_goes_elsewhere_after_signing_in() {
        for (typed, to) in [
            ("/p/1/timeline?x=1", "/p/1/timeline?x=1"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("", "/"),
            ("/sign-out", "/"),
        ] {
            assert_eq!(own_path(typed), to);
        }
    }
}

//! Pages of the doors for people signed in: one's password, and the plain status of the appliance.
//! No patient's data on either.

use crate::Doors;
use crate::ask::{Answer, Ask};
use crate::gate::Signed;
use almoner_core::control::CertStatus;
use almoner_core::fault::Outcome;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::{Page, Words, due};
use askama::Template;
use hyper::{Method, StatusCode};

#[derive(Template)]
#[template(path = "password.html")]
struct Password<'p> {
    words: &'p Words,
    /// Whose page it is; the form has no key, so that no password is ever kept as a draft.
    mark: &'p str,
    shortest: usize,
    problems: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "status.html")]
struct Status<'p> {
    words: &'p Words,
    state: &'static str,
    version: &'static str,
    started: String,
    trail: u64,
    certificate: CertStatus,
    ends: String,
}

impl Password<'_> {
    fn problem(&self, field: &str) -> &str {
        self.problems.iter().find(|(name, _)| *name == field).map_or("", |(_, said)| said.as_str())
    }
}

impl Doors {
    /// The answer, if the path is one of these pages.
    pub(crate) fn own_page(&self, ask: &Ask, signed: &Signed) -> Option<Outcome<Answer>> {
        let post = ask.method == Method::POST;
        match (ask.path.as_str(), post) {
            ("/me/password", false) => Some(self.password_page(ask, signed, 200, Vec::new())),
            ("/me/password", true) => Some(self.change_password(ask, signed)),
            ("/dates", true) => Some(Ok(self.read_date(ask, signed))),
            ("/status", false) => Some(self.status_page(ask, signed)),
            _ => None,
        }
    }

    fn password_page(
        &self,
        ask: &Ask,
        signed: &Signed,
        status: u16,
        problems: Vec<(&'static str, Phrase)>,
    ) -> Outcome<Answer> {
        let visit = self.admit(ask, signed, May::UseOwnAccount, Vec::new(), None)?;
        self.show(&visit, signed, |_| {
            let words = visit.words();
            let page = Password {
                words,
                mark: &visit.session().mark,
                shortest: self.settings.password_length,
                problems: problems.iter().map(|(field, what)| (*field, words.say(what))).collect(),
            };
            Ok(Page::draw(words.t("password-title"), "", &page)?.with_status(status))
        })
    }

    fn change_password(&self, ask: &Ask, signed: &Signed) -> Outcome<Answer> {
        let form = ask.form();
        let old = form.fields().iter().find(|(key, _)| key == "old");
        let old = old.map_or("", |(_, value)| value.as_str());
        let account = &signed.account;
        match self.hasher.verify(old, account.password.as_deref()) {
            Ok(true) => {}
            Ok(false) => {
                let said = vec![("old", Phrase::new("password-old-wrong"))];
                return self.password_page(ask, signed, 422, said);
            }
            Err(_) => {
                let said = vec![("old", Phrase::new("sign-in-too-many"))];
                return self.password_page(ask, signed, 429, said);
            }
        }
        let phc = match self.new_password(&form, account)? {
            Ok(phc) => phc,
            Err(problem) => return self.password_page(ask, signed, 422, vec![problem]),
        };
        let (accounts, id, keep) = (self.accounts, account.id, signed.session.id);
        let act = self.signed_act(ask, signed, "password.change");
        self.write(act, move |writer| accounts.set_password(writer, id, phc, Some(keep)))?;
        self.visits.say(keep, Phrase::new("password-done"));
        Ok(Answer::see_other("/me"))
    }

    /// Says back what is understood of a date while somebody types it.
    fn read_date(&self, ask: &Ask, signed: &Signed) -> Answer {
        let words = Words::of(signed.account.language, self.house.zone);
        let form = ask.form();
        let typed = form.text("date");
        let said = due::read_back(&words, self.house.zone, self.now(), typed);
        let unread = said.is_empty() && !typed.is_empty();
        Answer::text(StatusCode::OK, &if unread { words.t("date-unread") } else { said })
    }

    fn status_page(&self, ask: &Ask, signed: &Signed) -> Outcome<Answer> {
        let visit = self.admit(ask, signed, May::UseOwnAccount, Vec::new(), None)?;
        let certificate = self.certificates.status();
        self.show(&visit, signed, |reader| {
            let words = visit.words();
            let page = Status {
                words,
                state: self.state(),
                version: env!("CARGO_PKG_VERSION"),
                started: words.instant(self.started),
                trail: reader.trail_size()?,
                ends: words.day(certificate.not_after.date_naive()),
                certificate: certificate.clone(),
            };
            Page::draw(words.t("status-title"), "", &page)
        })
    }
}

//! What anybody on the network may see: health, assets, the certificate page. And the plain pages
//! that say no.

use crate::Doors;
use crate::ask::{Answer, Ask};
use crate::packed;
use crate::pages::NotOnTrail;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::phrase::Phrase;
use almoner_frame::{Page, Words, assets, shell};
use askama::Template;
use hyper::{Method, StatusCode, header};

#[derive(Template)]
#[template(path = "trust.html")]
struct Trust<'p> {
    words: &'p Words,
    fingerprint: &'p str,
}

#[derive(Template)]
#[template(path = "refused.html")]
struct Refused<'p> {
    title: &'p str,
    text: &'p str,
    back: &'p str,
}

/// Whether this is the fault of an opening that could not be noted (503, `security.md` 3.4).
pub(crate) fn is_not_on_trail(fault: &Fault) -> bool {
    matches!(fault, Fault::Broken(cause) if cause.is::<NotOnTrail>())
}

impl Doors {
    /// The answer for anybody, if the path is such a one.
    pub(crate) fn public(&self, ask: &Ask) -> Option<Answer> {
        if ask.method == Method::POST {
            return None;
        }
        match ask.path.as_str() {
            "/healthz" => Some(Answer::text(StatusCode::OK, "ok\n")),
            "/readyz" => Some(self.ready()),
            "/trust" => {
                Some(self.trust_page(ask).unwrap_or_else(|fault| self.broken_page(ask, &fault)))
            }
            "/trust/ca.pem" => Some(self.authority()),
            "/favicon.ico" => Some(Answer::see_other(assets::path("favicon.svg"))),
            path if path.starts_with("/a/") => Some(
                packed::asset(ask)
                    .unwrap_or_else(|| Answer::text(StatusCode::NOT_FOUND, "Not found.\n")),
            ),
            _ => None,
        }
    }

    /// A page that says no, in a few words.
    pub(crate) fn refused_page(&self, ask: &Ask, status: StatusCode, key: &'static str) -> Answer {
        self.saying(ask, status, &Phrase::new(key))
    }

    /// The page for a broken machine: an id that the log has too, and no detail.
    pub(crate) fn broken_page(&self, ask: &Ask, fault: &Fault) -> Answer {
        log::error!(target: "almoner", request = ask.id.as_str(); "request {}: {fault}", ask.id);
        let said = Phrase::new("door-broken").with("id", ask.id.as_str());
        let status = if self.desk.failed() || self.desk.read_only() || is_not_on_trail(fault) {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::INTERNAL_SERVER_ERROR
        };
        self.saying(ask, status, &said)
    }

    /// Any page of the doors.
    pub(crate) fn door_page(
        &self,
        ask: &Ask,
        status: StatusCode,
        title: String,
        template: &impl Template,
    ) -> Outcome<Answer> {
        let page = Page::draw(title, "", template)?;
        Ok(Answer::html(status, shell::door(ask.language(), &self.house, &page)?))
    }

    fn saying(&self, ask: &Ask, status: StatusCode, said: &Phrase) -> Answer {
        let words = Words::of(ask.language(), self.house.zone);
        let title = words.t(match status {
            StatusCode::NOT_FOUND => "door-title-not-found",
            StatusCode::FORBIDDEN | StatusCode::MISDIRECTED_REQUEST => "door-title-refused",
            _ => "door-title-broken",
        });
        let (text, back) = (words.say(said), words.t("door-back"));
        let page = Refused { title: &title, text: &text, back: &back };
        self.door_page(ask, status, title.clone(), &page)
            .unwrap_or_else(|_| Answer::text(status, "Almoner could not draw this page.\n"))
    }

    fn ready(&self) -> Answer {
        if self.desk.failed() {
            return Answer::text(StatusCode::SERVICE_UNAVAILABLE, "the store has failed\n");
        }
        if self.desk.read_only() {
            return Answer::text(
                StatusCode::SERVICE_UNAVAILABLE,
                "read-only: the disk is nearly full\n",
            );
        }
        Answer::text(StatusCode::OK, "ready\n")
    }

    fn trust_page(&self, ask: &Ask) -> Outcome<Answer> {
        let words = Words::of(ask.language(), self.house.zone);
        let status = self.certificates.status();
        let page = Trust { words: &words, fingerprint: &status.ca_fingerprint };
        self.door_page(ask, StatusCode::OK, words.t("trust-title"), &page)
    }

    fn authority(&self) -> Answer {
        Answer::of(StatusCode::OK, "application/x-pem-file", self.certificates.root())
            .with(header::CONTENT_DISPOSITION, "attachment; filename=\"almoner-ca.pem\"")
    }
}

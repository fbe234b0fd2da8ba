//! What keeps typed text from being lost: drafts that pages send while somebody types, forms that
//! come from a session that has ended, and forms that are sent twice.

use crate::Doors;
use crate::ask::{Answer, Ask};
use crate::gate::Signed;
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::{RawId, StaffId};
use almoner_core::phrase::Phrase;
use almoner_frame::drafts::{self, Before, DraftId, Sending};
use almoner_frame::route::Next;
use almoner_frame::{Form, Words};
use almoner_store::Writer;
use hyper::{Method, StatusCode};

/// The field of a refusal that says: this key was used, with other words.
const USED: &str = drafts::ONCE;

impl Doors {
    /// The answer, if the path is one of the drafts'.
    pub(crate) fn draft_door(&self, ask: &Ask, signed: &Signed) -> Option<Outcome<Answer>> {
        if ask.method != Method::POST {
            return None;
        }
        match ask.path.as_str() {
            "/drafts" => Some(self.keep_draft(ask, signed)),
            "/drafts/discard" => Some(self.discard_draft(ask, signed)),
            // Being asked is use enough: the gate has noted it.
            "/session" => Some(Ok(Answer::text(StatusCode::OK, "on"))),
            _ => None,
        }
    }

    /// Keeps a form as a draft. The script hears when it was saved; without one the person goes
    /// back to the page, where the draft stands in the form.
    fn keep_draft(&self, ask: &Ask, signed: &Signed) -> Outcome<Answer> {
        let form = ask.form();
        let page = form.text(drafts::PAGE).to_owned();
        let kept = self.keep(ask, signed.account.id, form)?;
        let words = Words::of(signed.account.language, self.house.zone);
        let saved = Phrase::new("form-draft-saved").with("at", words.clock(self.now()));
        if ask.is_script() {
            let status = if kept { StatusCode::OK } else { StatusCode::NO_CONTENT };
            return Ok(Answer::text(status, &if kept { words.say(&saved) } else { String::new() }));
        }
        if kept {
            self.visits.say(signed.session.id, saved);
        }
        Ok(Answer::see_other(own(&page)))
    }

    fn discard_draft(&self, ask: &Ask, signed: &Signed) -> Outcome<Answer> {
        let form = ask.form();
        let staff = signed.account.id;
        if let Some(id) = DraftId::parse(form.text("draft")) {
            let act = self.signed_act(ask, signed, "draft.discard");
            self.write(act, move |writer| drafts::discard(writer, staff, id))?;
            self.visits.say(signed.session.id, Phrase::new("form-draft-gone"));
        }
        Ok(Answer::see_other(own(form.text(drafts::PAGE))))
    }

    /// Keeps what was typed, durably; false when there was nothing to keep.
    pub(crate) fn keep(&self, ask: &Ask, staff: StaffId, form: Form) -> Outcome<bool> {
        let act = self.act(ask, Actor::Staff(staff), "draft.keep");
        self.write(act, move |writer| drafts::keep(writer, staff, &form))
    }

    /// A form of a page whose session has ended: what was typed is kept for its person, and signing
    /// in leads back to it. `None` when it is not known whose it was, or it is no such form.
    pub(crate) fn keep_of_ended(&self, ask: &Ask) -> Outcome<Option<Answer>> {
        let form = ask.form();
        if ask.method != Method::POST || form.text(drafts::ONCE).is_empty() {
            return Ok(None);
        }
        let Some(owner) = self.drawn_for(&form)? else { return Ok(None) };
        let page = own(form.text(drafts::PAGE)).to_owned();
        self.keep(ask, owner, form)?;
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("next", &page).append_pair("kept", "yes").finish();
        Ok(Some(ask.go(&format!("/sign-in/again?{query}"))))
    }

    /// A form of a page that was drawn for somebody else, who left it open: it is not saved in the
    /// name of whoever is signed in now. What was typed is kept for its own person.
    pub(crate) fn of_another(&self, ask: &Ask, signed: &Signed) -> Outcome<Option<Answer>> {
        let form = ask.form();
        let mark = form.text(drafts::AS);
        if ask.method != Method::POST || mark.is_empty() || mark == signed.session.mark {
            return Ok(None);
        }
        let owner = self.drawn_for(&form)?;
        if owner == Some(signed.account.id) {
            return Ok(None);
        }
        if !form.text(drafts::ONCE).is_empty() {
            if let Some(owner) = owner {
                self.keep(ask, owner, form)?;
            }
            self.touch(ask, signed);
            self.visits.say(signed.session.id, Phrase::new("form-of-another"));
        }
        Ok(Some(ask.go("/")))
    }

    /// For whom the page of a form was drawn: by the mark it carries, while their account is open.
    fn drawn_for(&self, form: &Form) -> Outcome<Option<StaffId>> {
        let mark = form.text(drafts::AS);
        let account = self.desk.read(|reader| self.accounts.drawn_for(reader, mark))?;
        Ok(account.filter(|account| !account.disabled).map(|account| account.id))
    }

    /// Does a form's work once, however often the form is sent.
    pub(crate) fn once(
        writer: &mut Writer<'_>,
        sending: Option<&Sending>,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<Next>,
    ) -> Outcome<Next> {
        let Some(sending) = sending else { return work(writer) };
        match sending.before(writer)? {
            Before::Same(next) => Ok(next),
            Before::Other => Err(Fault::refused(USED, Phrase::new("form-sent-before"))),
            Before::No => {
                let next = work(writer)?;
                sending.done(writer, &next)?;
                Ok(next)
            }
        }
    }
}

/// The form to draw again after a refusal: one whose key was used gets another, so that what is typed
/// in it can be saved too.
pub(crate) fn to_mend(form: Form, refusal: &Refusal) -> Form {
    if refusal.problems.iter().any(|(field, _)| *field == USED) {
        return form.with(drafts::ONCE, &RawId::random().to_string());
    }
    form
}

/// A page of our own to go back to.
fn own(page: &str) -> &str {
    if drafts::is_own_path(page) { page } else { "/" }
}

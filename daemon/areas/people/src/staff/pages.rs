//! "Your settings": language and colours of the pages, and where one is signed in.

use super::record::{Session, SessionId};
use super::{rules, store};
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::{Form, Language, Next, Page, Route, Visit, Words};
use almoner_store::{Reader, Verb, Writer};
use askama::Template;

/// The pages of one's own account.
pub const ROUTES: &[Route] = &[
    Route::Show { path: "/me", may: May::UseOwnAccount, page: me },
    Route::Work {
        path: "/me",
        may: May::UseOwnAccount,
        verb: Verb("account.settings"),
        work: save,
        again: save_again,
    },
    Route::Work {
        path: "/me/sessions/{id}/end",
        may: May::UseOwnAccount,
        verb: Verb("session.end"),
        work: end_session,
        again: save_again,
    },
];

#[derive(Template)]
#[template(path = "staff/pages/me.html")]
struct Me<'p> {
    words: &'p Words,
    sign_in: String,
    role: String,
    language: String,
    theme: String,
    problems: Vec<(&'static str, String)>,
    sessions: Vec<SessionLine>,
}

struct SessionLine {
    id: SessionId,
    opened: String,
    seen: String,
    address: String,
    here: bool,
}

impl Me<'_> {
    fn named(&self, of: &str, key: &str) -> String {
        self.words.t(&format!("{of}-{key}"))
    }

    fn problem(&self, field: &str) -> &str {
        let found = self.problems.iter().find(|(name, _)| *name == field);
        found.map_or("", |(_, words)| words.as_str())
    }
}

fn me(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let theme = visit.session().theme.clone();
    draw(reader, visit, visit.language().tag().to_owned(), theme, &Refusal::default())
}

fn save(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    store::set_preferences(writer, visit.staff(), form.text("language"), form.text("theme"))?;
    Ok(Next::saying("/me", Phrase::new("staff-settings-saved")))
}

fn save_again(reader: &Reader<'_>, visit: &Visit, form: &Form, refusal: &Refusal) -> Outcome<Page> {
    let (language, theme) = (form.text("language").to_owned(), form.text("theme").to_owned());
    Ok(draw(reader, visit, language, theme, refusal)?.with_status(422))
}

fn end_session(writer: &mut Writer<'_>, visit: &Visit, _: &Form) -> Outcome<Next> {
    let id: SessionId = visit.id("id")?;
    let session: Session = writer.get(id)?;
    if session.staff != visit.staff() {
        return Err(Fault::Absent("session"));
    }
    writer.witness("done");
    store::end(writer, id)?;
    Ok(Next::saying("/me", Phrase::new("staff-session-ended")))
}

fn draw(
    reader: &Reader<'_>,
    visit: &Visit,
    language: String,
    theme: String,
    refusal: &Refusal,
) -> Outcome<Page> {
    let account: super::Account = reader.get(visit.staff())?;
    let mut sessions = store::sessions_of(reader, account.id)?;
    sessions.retain(|session| session.stamp == account.stamp);
    sessions.sort_by_key(|session| std::cmp::Reverse(session.seen));
    let words = visit.words();
    let line = |session: Session| SessionLine {
        id: session.id,
        opened: words.instant(session.opened),
        seen: words.instant(session.seen),
        address: session.address.unwrap_or_default(),
        here: session.id.to_string() == visit.session().visit,
    };
    let said = refusal.problems.iter().map(|(field, what)| (*field, visit.say(what)));
    let page = Me {
        words,
        sign_in: account.sign_in,
        role: words.t(&format!("role-{}", account.role.key().replace('_', "-"))),
        language,
        theme,
        problems: said.collect(),
        sessions: sessions.into_iter().map(line).collect(),
    };
    Page::draw(words.t("staff-settings"), "", &page)
}

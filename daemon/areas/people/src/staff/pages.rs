//! "Your settings": language and colours of the pages, and where one is signed in.

use super::record::{Session, SessionId};
use super::{rules, store};
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::{Choice, Problems};
use almoner_frame::{Form, Language, Next, Page, Route, TextSize, Typed, Visit, Words};
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
    languages: Vec<(Choice, &'static str)>,
    themes: Vec<Choice>,
    sizes: Vec<Choice>,
    keys: Vec<Choice>,
    problems: Problems,
    sessions: Vec<SessionLine>,
    typed: Typed,
}

struct SessionLine {
    /// Where its end is sent to.
    end: String,
    opened: String,
    seen: String,
    address: String,
    here: bool,
}

fn me(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let account: super::Account = reader.get(visit.staff())?;
    let set = rules::Preferences {
        language: visit.language().tag().to_owned(),
        theme: account.theme,
        size: TextSize::of_key(&account.size).unwrap_or_default().key().to_owned(),
        shortcuts: account.shortcuts,
    };
    let typed = Typed::fresh(visit, &visit.words().t("staff-settings"));
    draw(reader, visit, &set, typed, &Refusal::default())
}

fn save(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    store::set_preferences(writer, visit.staff(), wished(form))?;
    Ok(Next::saying("/me", Phrase::new("staff-settings-saved")))
}

fn save_again(reader: &Reader<'_>, visit: &Visit, form: &Form, refusal: &Refusal) -> Outcome<Page> {
    let typed = Typed::refused(visit, &visit.words().t("staff-settings"), form);
    Ok(draw(reader, visit, &wished(form), typed, refusal)?.with_status(422))
}

/// The settings as typed; a form without a size leaves letters as they are usually.
fn wished(form: &Form) -> rules::Preferences {
    let size = form.text("size");
    rules::Preferences {
        language: form.text("language").to_owned(),
        theme: form.text("theme").to_owned(),
        size: if size.is_empty() { TextSize::Normal.key() } else { size }.to_owned(),
        shortcuts: form.text("shortcuts") == "on",
    }
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
    set: &rules::Preferences,
    typed: Typed,
    refusal: &Refusal,
) -> Outcome<Page> {
    let account: super::Account = reader.get(visit.staff())?;
    let mut sessions = store::sessions_of(reader, account.id)?;
    sessions.retain(|session| session.stamp == account.stamp);
    sessions.sort_by_key(|session| std::cmp::Reverse(session.seen));
    let words = visit.words();
    let line = |session: Session| SessionLine {
        end: format!("/me/sessions/{}/end", session.id),
        opened: words.instant(session.opened),
        seen: words.instant(session.seen),
        address: session.address.unwrap_or_default(),
        here: session.id.to_string() == visit.session().visit,
    };
    let choice = |language: Language| {
        let (tag, label) = (language.tag(), words.t(&format!("page-language-{}", language.tag())));
        (Choice { value: tag.to_owned(), label, on: tag == set.language }, tag)
    };
    let sizes = TextSize::ALL.map(TextSize::key);
    let keys = if set.shortcuts { "on" } else { "off" };
    let page = Me {
        words,
        sign_in: account.sign_in,
        role: words.t(&format!("role-{}", account.role.key().replace('_', "-"))),
        languages: Language::ALL.map(choice).into(),
        themes: Choice::list(words, "theme", &rules::THEMES, &[&set.theme]),
        sizes: Choice::list(words, "text-size", &sizes, &[&set.size]),
        keys: Choice::list(words, "shortcuts", &["off", "on"], &[keys]),
        problems: Problems::of(visit, refusal),
        sessions: sessions.into_iter().map(line).collect(),
        typed,
    };
    Page::draw(words.t("staff-settings"), "", &page)
}

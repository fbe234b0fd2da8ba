//! New since yesterday: who came home, what the intake took, what waits for a decision.

use almoner_access::transitions::{self, TransitionEpisode};
use almoner_core::fault::Outcome;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_core::receipt::{Receipt, Status};
use almoner_core::time::Timestamp;
use almoner_frame::Visit;
use almoner_frame::intake::{BY_RECEIVED, IntakeFile};
use almoner_people::patients;
use almoner_store::{Key, Reader};
use std::collections::BTreeMap;

/// Lines of one sort at most; the rest is a click away.
const MOST: usize = 5;

/// Files that are summed up source by source; of more only that there are so many.
const FILES: usize = 200;

/// A line: what, about whom, when, and where to go on.
pub(super) struct News {
    pub title: String,
    pub text: String,
    /// Address and name of the patient, when it is about one.
    pub who: Option<(String, String)>,
    pub when: String,
    pub href: String,
    pub link: String,
}

/// What is new since the beginning of yesterday.
pub(super) fn news(reader: &Reader<'_>, visit: &Visit) -> Outcome<Vec<News>> {
    let zone = visit.house().zone;
    let yesterday = visit.today().pred_opt().unwrap_or(visit.today());
    let since = zone.instant(yesterday.and_time(chrono::NaiveTime::MIN));
    let mut news = Vec::new();
    if visit.may(May::SeeTransitions) {
        news.extend(moves(reader, visit, since)?);
    }
    if visit.may(May::SeeIntake) {
        news.extend(files(reader, visit, since)?);
    }
    Ok(news)
}

/// Who of one's own patients came into a hospital, came home, died; the latest first.
fn moves(reader: &Reader<'_>, visit: &Visit, since: Timestamp) -> Outcome<Vec<News>> {
    let moved = transitions::moved_since(reader, visit.staff(), since, MOST)?;
    let moved =
        moved.into_iter().filter_map(|episode| Some((episode.moves.last()?.recorded, episode)));
    let words = visit.words();
    let line = |(last, episode): (Timestamp, TransitionEpisode)| {
        let who = patients::who(reader, visit, episode.patient)?;
        Ok(News {
            title: words.t(&format!("news-moved-{}", episode.stage().key())),
            text: String::new(),
            who: Some((who.href, who.name)),
            when: when(visit, last),
            href: episode.path(),
            link: words.t("news-open-transition"),
        })
    };
    moved.map(line).collect()
}

/// What the intake did, source by source, and what it could not do.
fn files(reader: &Reader<'_>, visit: &Visit, since: Timestamp) -> Outcome<Vec<News>> {
    let words = visit.words();
    let mut sources: BTreeMap<String, (i64, i64, Timestamp)> = BTreeMap::new();
    let mut aside: Vec<Receipt> = Vec::new();
    let soon = visit.now() + chrono::Duration::days(1);
    let (from, to) = (Key::all().instant(since), Key::all().instant(soon));
    let mut ids = Vec::new();
    reader.between(BY_RECEIVED, &from, &to, &mut |id| {
        ids.push(almoner_core::ids::FileId(id));
        Ok(ids.len() <= FILES)
    })?;
    if ids.len() > FILES {
        return Ok(vec![News {
            title: words.t("nav-intake"),
            text: words.n("news-many-files", FILES),
            who: None,
            when: String::new(),
            href: "/intake".into(),
            link: words.t("news-see-files"),
        }]);
    }
    for id in ids {
        let receipt = reader.get::<IntakeFile>(id)?.receipt;
        let seen = sources.entry(receipt.source.clone()).or_insert((0, 0, since));
        let new: u32 = receipt.facts.values().map(|counts| counts.new).sum();
        *seen = (seen.0 + 1, seen.1 + i64::from(new), seen.2.max(receipt.received));
        if receipt.status == Status::SetAside {
            aside.push(receipt);
        }
    }
    let mut news: Vec<News> = sources
        .into_iter()
        .take(MOST)
        .map(|(source, (files, facts, last))| News {
            title: words.of_text("news-intake", &crate::intake_view::source(words, &source)),
            text: words.say(&Phrase::new("news-files").with("files", files).with("facts", facts)),
            who: None,
            when: when(visit, last),
            href: "/intake".into(),
            link: words.t("news-see-files"),
        })
        .collect();
    news.extend(aside.last().map(|last| News {
        title: words.t("news-set-aside"),
        text: words.n("news-set-aside-files", aside.len() as u64),
        who: None,
        when: when(visit, last.received),
        href: "/intake/set-aside".into(),
        link: words.t("news-see-why"),
    }));
    Ok(news)
}

/// "6:40 am" for today, with its day before that.
fn when(visit: &Visit, at: Timestamp) -> String {
    let (words, day) = (visit.words(), visit.house().zone.day(at));
    if day == visit.today() {
        return words.clock(at);
    }
    format!("{}, {}", words.short_day(day), words.clock(at))
}

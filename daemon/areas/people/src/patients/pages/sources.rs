//! Where a patient's record comes from, at the end of each of its pages: every source that speaks of
//! them, with the day of its last good file, so that nobody takes a feed that has stopped for news.

use crate::patients::record::Patient;
use almoner_core::fault::Outcome;
use almoner_core::phrase::Phrase;
use almoner_frame::{Trust, Visit, Words, feeds};
use almoner_store::Reader;
use askama::Template;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "patients/pages/sources.html")]
struct Sources<'p> {
    words: &'p Words,
    sources: Vec<Source>,
}

struct Source {
    text: String,
    /// Silent for longer than is usual for it.
    silent: bool,
}

/// The line; nothing where no file speaks of them.
pub(super) fn line(reader: &Reader<'_>, visit: &Visit, patient: &Patient) -> Outcome<Trust> {
    let (words, now) = (visit.words(), visit.now());
    let clocks = *reader.rules().feed(reader.rules().zone.day(now));
    let named: BTreeSet<&str> = patient.identities.iter().map(|it| it.source.as_str()).collect();
    let feeds = feeds::all(reader)?;
    let source = |feed: &feeds::Feed| {
        let name = match feed.source.as_str() {
            "" => words.t("sources-none"),
            name => name.to_owned(),
        };
        let phrase = Phrase::new("sources-last").with("source", name);
        Source {
            text: words.say(&phrase.with("when", words.instant(feed.last_good))),
            silent: feed.is_silent(&clocks, now),
        }
    };
    let sources = feeds.iter().filter(|feed| named.contains(feed.source.as_str())).map(source);
    Trust::of(&Sources { words, sources: sources.collect() })
}

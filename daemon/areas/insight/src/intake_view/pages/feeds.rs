//! The sources on the intake's page: when the last good file of each came, how often they come, and
//! which one is silent.

use almoner_core::fault::Outcome;
use almoner_frame::Visit;
use almoner_frame::feeds;
use almoner_store::Reader;

/// A source.
pub(super) struct FeedLine {
    pub(super) source: String,
    pub(super) last_good: String,
    pub(super) usual: String,
    pub(super) state: (&'static str, String),
}

/// Every source, the silent ones first.
pub(super) fn lines(reader: &Reader<'_>, visit: &Visit) -> Outcome<Vec<FeedLine>> {
    let (words, now) = (visit.words(), visit.now());
    let clocks = *reader.rules().feed(reader.rules().zone.day(now));
    let mut feeds = feeds::all(reader)?;
    feeds.sort_by_key(|feed| !feed.is_silent(&clocks, now));
    let line = |feed: &feeds::Feed| {
        let usual = feed.usual_days(&clocks);
        let state = match usual {
            _ if feed.is_silent(&clocks, now) => ("warn", words.t("intake-feed-silent")),
            Some(_) => ("good", words.t("intake-feed-regular")),
            None => ("", words.t("intake-feed-new")),
        };
        FeedLine {
            source: crate::intake_view::source(words, &feed.source),
            last_good: words.instant(feed.last_good),
            usual: usual.map_or_else(
                || words.t("intake-feed-unknown"),
                |days| words.n("intake-feed-days", days),
            ),
            state,
        }
    };
    Ok(feeds.iter().map(line).collect())
}

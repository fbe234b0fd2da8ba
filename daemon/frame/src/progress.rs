//! How far the intake is with the files of the day: on its page, and told live to whoever looks at it.

use crate::intake::{BY_RECEIVED, with_status};
use crate::language::Words;
use almoner_core::fault::Outcome;
use almoner_core::phrase::Phrase;
use almoner_core::receipt::Status;
use almoner_store::{Key, Reader};

/// Files of the day: those that are read or set aside, and all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    pub all: u64,
}

impl Progress {
    /// The files that came today, and those that wait from before.
    pub fn of(reader: &Reader<'_>) -> Outcome<Self> {
        let zone = reader.rules().zone;
        let today = zone.instant(zone.day(reader.now()).and_time(chrono::NaiveTime::MIN));
        let mut came = 0;
        let end = Key::all().instant(chrono::DateTime::<chrono::Utc>::MAX_UTC);
        reader.between(BY_RECEIVED, &Key::all().instant(today), &end, &mut |_| {
            came += 1;
            Ok(true)
        })?;
        let left = with_status(reader, Status::Waiting)? + with_status(reader, Status::Working)?;
        let all = u64::max(came, left);
        Ok(Self { done: all - left, all })
    }

    /// Nothing is left to be read.
    pub fn is_over(self) -> bool {
        self.done == self.all
    }

    /// Where its bar ends: a bar has a length, also on a day without files (HTML Standard, 4.10.13).
    pub fn scale(self) -> u64 {
        self.all.max(1)
    }

    /// "158 of 212 files of today are read".
    pub fn say(self, words: &Words) -> String {
        let (done, all) = (self.done.cast_signed(), self.all.cast_signed());
        words.say(&Phrase::new("intake-progress").with("done", done).with("all", all))
    }
}

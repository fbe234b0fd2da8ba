//! How far the intake is with the files of the day: on its page, and told live to whoever looks at it.

use crate::intake::{BY_RECEIVED, BY_STATUS, IntakeFile, with_status};
use crate::language::Words;
use almoner_core::fault::Outcome;
use almoner_core::ids::FileId;
use almoner_core::phrase::Phrase;
use almoner_core::receipt::Status;
use almoner_store::{Key, Reader};

/// Files of the day: those that are read or set aside, and all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    pub all: u64,
    /// Facts that are in of the files that are being read, rounded down to one figure: who listens
    /// hears a few numbers, not each.
    pub facts: u64,
}

/// Below this a file is read before anybody asks how far it is.
const LARGE: u64 = 1_000;
/// Files that are read at a time, at most.
const AT_ONCE: usize = 8;

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
        Ok(Self { done: all - left, all, facts: rounded(facts_in(reader)?) })
    }

    /// Nothing is left to be read.
    pub fn is_over(self) -> bool {
        self.done == self.all
    }

    /// Where its bar ends: a bar has a length, also on a day without files (HTML Standard, 4.10.13).
    pub fn scale(self) -> u64 {
        self.all.max(1)
    }

    /// "158 of 212 files of today are read. Of the file that is being read, 20,000 facts are in."
    pub fn say(self, words: &Words) -> String {
        let (done, all) = (self.done.cast_signed(), self.all.cast_signed());
        let mut said =
            words.say(&Phrase::new("intake-progress").with("done", done).with("all", all));
        if self.facts > 0 {
            said.push(' ');
            said.push_str(&words.of_text("intake-progress-facts", &grouped(self.facts)));
        }
        said
    }
}

fn facts_in(reader: &Reader<'_>) -> Outcome<u64> {
    let mut ids: Vec<FileId> = Vec::new();
    reader.each(BY_STATUS, &Key::all().number(Status::Working as u64), &mut |_, id| {
        ids.push(FileId(id));
        Ok(ids.len() < AT_ONCE)
    })?;
    let mut sum = 0;
    for id in ids {
        let receipt = reader.get::<IntakeFile>(id)?.receipt;
        sum += receipt.facts.values().map(|it| u64::from(it.new) + u64::from(it.same)).sum::<u64>();
    }
    Ok(sum)
}

/// 23,456 is 20,000; what is little is nothing.
fn rounded(facts: u64) -> u64 {
    if facts < LARGE {
        return 0;
    }
    let unit = 10_u64.pow(facts.ilog10());
    facts / unit * unit
}

/// 20000 is "20,000", in the Spanish of this country too.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let comma = |at: usize| at > 0 && (digits.len() - at).is_multiple_of(3);
    digits
        .char_indices()
        .flat_map(|(at, digit)| comma(at).then_some(',').into_iter().chain([digit]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{grouped, rounded};

    #[test]
    fn digits_stand_in_threes() {
        for (number, said) in [(7, "7"), (999, "999"), (1_000, "1,000"), (20_000_000, "20,000,000")]
        {
            assert_eq!(grouped(number), said);
        }
    }

    #[test]
    fn facts_are_told_in_one_figure_from_a_thousand_on() {
        let cases = [(0, 0), (999, 0), (1_000, 1_000), (1_999, 1_000), (23_456, 20_000)];
        for (facts, told) in cases {
            assert_eq!(rounded(facts), told, "{facts}");
        }
        assert_eq!(rounded(u64::MAX), 10_000_000_000_000_000_000);
    }
}

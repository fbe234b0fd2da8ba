//! The languages of the pages: message files in Fluent form, and dates, times and numbers in the
//! way of each language. English and Spanish, complete.

use almoner_core::phrase::{Arg, Phrase};
use almoner_core::time::{Timestamp, Zone};
use chrono::{Datelike, NaiveDate, Timelike};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;

macro_rules! files {
    ($tag:literal) => {
        files!($tag; "frame", "serve", "people", "chart", "care", "access", "insight")
    };
    ($tag:literal; $($name:literal),*) => {
        &[$((
            $name,
            include_str!(concat!("../../../config/data/languages/", $tag, "/", $name, ".ftl")),
        )),*]
    };
}

/// A language that pages can be drawn in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Spanish,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// BCP-47 tag, for `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// From which side it is written, for `dir`.
    pub fn dir(self) -> &'static str {
        match self {
            Self::English | Self::Spanish => "ltr",
        }
    }

    /// The language of a tag such as `es-MX`; `None` for one that pages are not drawn in.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// Its message files: name and text, one per area.
    pub fn messages(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::English => files!("en"),
            Self::Spanish => files!("es"),
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> =
            LazyLock::new(|| Language::ALL.map(load));
        let [english, spanish] = &*BUNDLES;
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
    }
}

/// The words of one language, for one page.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    language: Language,
    zone: Zone,
}

impl Words {
    /// The words of a language; instants are said in the clinic's zone.
    pub fn of(language: Language, zone: Zone) -> Self {
        Self { language, zone }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// A message without arguments. A key that no file has is shown as it is (a test forbids it).
    pub fn t(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// A message with one number: `{ $n }`.
    pub fn n(&self, key: &str, n: impl TryInto<i64>) -> String {
        let mut args = FluentArgs::new();
        args.set("n", n.try_into().unwrap_or(i64::MAX));
        self.format(key, Some(&args))
    }

    /// A message with one text under the name `of`.
    pub fn of_text(&self, key: &str, text: &str) -> String {
        let mut args = FluentArgs::new();
        args.set("of", text.to_owned());
        self.format(key, Some(&args))
    }

    /// Says a phrase: its days and instants in the way of the language.
    pub fn say(&self, phrase: &Phrase) -> String {
        let mut args = FluentArgs::new();
        for (name, arg) in &phrase.args {
            let value: FluentValue<'_> = match arg {
                Arg::Text(text) => text.as_str().into(),
                Arg::Number(number) => (*number).into(),
                Arg::Day(day) => self.day(*day).into(),
                Arg::Instant(at) => self.instant(*at).into(),
            };
            args.set(name.to_string(), value);
        }
        self.format(&phrase.key, Some(&args))
    }

    /// A day with the month's name: "Nov 9, 2026", "9 nov 2026".
    pub fn day(&self, day: NaiveDate) -> String {
        let month = self.t(month_key(day.month0()));
        match self.language {
            Language::English => format!("{month} {}, {}", day.day(), day.year()),
            Language::Spanish => format!("{} {month} {}", day.day(), day.year()),
        }
    }

    /// A day without its year: "Nov 9", "9 nov".
    pub fn short_day(&self, day: NaiveDate) -> String {
        let month = self.t(month_key(day.month0()));
        match self.language {
            Language::English => format!("{month} {}", day.day()),
            Language::Spanish => format!("{} {month}", day.day()),
        }
    }

    /// The weekday's name: "Monday", "lunes".
    pub fn weekday(&self, day: NaiveDate) -> String {
        const KEYS: [&str; 7] = [
            "weekday-mon",
            "weekday-tue",
            "weekday-wed",
            "weekday-thu",
            "weekday-fri",
            "weekday-sat",
            "weekday-sun",
        ];
        let key = KEYS.get(day.weekday().num_days_from_monday() as usize);
        self.t(key.copied().unwrap_or("weekday-mon"))
    }

    /// The clock of an instant in the clinic's zone: "9:42 am", "9:42".
    pub fn clock(&self, at: Timestamp) -> String {
        let local = self.zone.local(at);
        match self.language {
            Language::English => {
                let (pm, hour) = local.hour12();
                format!("{hour}:{:02} {}", local.minute(), if pm { "pm" } else { "am" })
            }
            Language::Spanish => format!("{}:{:02}", local.hour(), local.minute()),
        }
    }

    /// Day and clock of an instant.
    pub fn instant(&self, at: Timestamp) -> String {
        format!("{}, {}", self.day(self.zone.day(at)), self.clock(at))
    }

    /// A date of a source, as precise as the source was.
    pub fn when(&self, when: &almoner_core::clinical::When) -> String {
        if let Some((local, _)) = when.time() {
            let at = self.zone.instant(local);
            return format!("{}, {}", self.day(local.date()), self.clock(at));
        }
        if let Some(day) = when.date() {
            return self.day(day);
        }
        let text = when.as_str();
        let month = text.get(5..7).and_then(|month| month.parse::<u32>().ok());
        match month.filter(|month| (1..=12).contains(month)) {
            Some(month) => {
                format!("{} {}", self.t(month_key(month - 1)), text.get(0..4).unwrap_or_default())
            }
            None => text.to_owned(),
        }
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.language.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

fn month_key(month0: u32) -> &'static str {
    const KEYS: [&str; 12] = [
        "month-jan",
        "month-feb",
        "month-mar",
        "month-apr",
        "month-may",
        "month-jun",
        "month-jul",
        "month-aug",
        "month-sep",
        "month-oct",
        "month-nov",
        "month-dec",
    ];
    KEYS.get(month0 as usize).copied().unwrap_or("month-jan")
}

fn load(language: Language) -> FluentBundle<FluentResource> {
    let tag = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    for (_, text) in language.messages() {
        let resource = FluentResource::try_new((*text).to_owned());
        bundle.add_resource_overriding(resource.unwrap_or_else(|(partial, _)| partial));
    }
    bundle
}

//! Figures for measures and trends (`UX.md` §7): shapes of one inline picture, a sentence that tells
//! the finding, and the same numbers as a table. The arithmetic is here, pure; `kit/chart.html`
//! only writes it down.

use super::marks::{Bottom, Mark, Marks};
use crate::area::Tone;
use crate::language::Words;
use crate::page::Trust;
use almoner_core::fault::Outcome;
use askama::Template;

/// Fewer months than this make a run chart with a median; more make a p-chart with limits.
const FOR_LIMITS: usize = 12;
/// Points on one side of the middle that are no chance any more.
const RUN: usize = 8;
/// Points that rise or fall, one after the other, that are no chance any more.
const TREND: usize = 6;
/// Groups smaller than this could name a person: they are joined.
pub const SMALLEST_GROUP: u32 = 11;

/// A part of a whole under a label: "Sep", 18 of 34.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub label: String,
    pub met: u32,
    pub of: u32,
}

/// What is no chance about a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    None,
    /// ◆ beyond the limits.
    Outside,
    /// ▲ one of eight on the same side of the middle.
    Run,
    /// ▬ one of six that go the same way.
    Trend,
}

/// A picture ready to be drawn, with its words and its table.
#[derive(Clone, Debug, Template)]
#[template(path = "kit/figure.html")]
pub struct Figure<'p> {
    pub words: &'p Words,
    /// Begins the ids of its title and description; one of its kind on a page.
    pub id: &'static str,
    pub title: String,
    /// The finding, for who does not see the picture.
    pub desc: String,
    pub marks: Marks,
    /// Heads of the table, and its lines; without lines there is no table.
    pub heads: Vec<String>,
    pub lines: Vec<Vec<String>>,
}

/// A headline number above its figure.
#[derive(Clone, Debug)]
pub struct Kpi {
    pub id: String,
    pub title: String,
    /// "86 %".
    pub big: String,
    /// "36 of 42, October".
    pub of: String,
    pub tone: Tone,
    /// "▲ Better:" and the sentence after it.
    pub finding: String,
    pub sentence: String,
}

impl Figure<'_> {
    /// The picture and its table, as HTML.
    pub fn draw(&self) -> Outcome<Trust> {
        Trust::of(self)
    }
}

impl Share {
    /// The part, from 0 to 1; nothing of nothing is 0.
    pub fn part(&self) -> f64 {
        if self.of == 0 { 0.0 } else { f64::from(self.met) / f64::from(self.of) }
    }

    /// "53 %".
    pub fn percent(&self) -> String {
        format!("{:.0} %", self.part() * 100.0)
    }

    fn line(&self) -> Vec<String> {
        vec![self.label.clone(), self.met.to_string(), self.of.to_string(), self.percent()]
    }
}

/// The middle of a series: the mean by its weights with limits, the median without.
pub fn middle(points: &[Share]) -> f64 {
    if points.len() >= FOR_LIMITS {
        let met: u32 = points.iter().map(|point| point.met).sum();
        let of: u32 = points.iter().map(|point| point.of).sum();
        return Share { label: String::new(), met, of }.part();
    }
    let mut parts: Vec<f64> = points.iter().map(Share::part).collect();
    parts.sort_by(f64::total_cmp);
    let at = parts.len() / 2;
    let (low, high) = (parts.get(at.saturating_sub(1)), parts.get(at));
    match (parts.len() % 2, low, high) {
        (0, Some(low), Some(high)) => f64::midpoint(*low, *high),
        (_, _, Some(high)) => *high,
        _ => 0.0,
    }
}

/// Three standard errors around the middle for so many cases, never beyond 0 and 1.
pub fn limits(middle: f64, of: u32) -> (f64, f64) {
    let sigma = (middle * (1.0 - middle) / f64::from(of.max(1))).sqrt();
    ((middle - 3.0 * sigma).max(0.0), (middle + 3.0 * sigma).min(1.0))
}

/// What is no chance about each point: beyond the limits before a run, a run before a trend.
pub fn signals(points: &[Share]) -> Vec<Signal> {
    let middle = middle(points);
    let sides: Vec<i8> = points.iter().map(|point| side(point.part(), middle)).collect();
    let steps = points.windows(2).map(|pair| match pair {
        [one, two] => side(two.part(), one.part()),
        _ => 0,
    });
    let ways: Vec<i8> = std::iter::once(0).chain(steps).collect();
    let runs = stretches(&sides, RUN);
    let trends = stretches(&ways, TREND - 1);
    let limited = points.len() >= FOR_LIMITS;
    let signal = |(at, point): (usize, &Share)| {
        let (low, high) = limits(middle, point.of);
        if limited && (point.part() < low || point.part() > high) {
            Signal::Outside
        } else if runs.get(at) == Some(&true) {
            Signal::Run
        } else if trends.get(at) == Some(&true) || trends.get(at + 1) == Some(&true) {
            Signal::Trend
        } else {
            Signal::None
        }
    };
    points.iter().enumerate().map(signal).collect()
}

/// Which places stand in a stretch of at least `least` equal sides; 0 belongs to none.
fn stretches(sides: &[i8], least: usize) -> Vec<bool> {
    let mut within = Vec::with_capacity(sides.len());
    for same in sides.chunk_by(|one, two| one == two) {
        let long = same.len() >= least && same.first() != Some(&0);
        within.extend(std::iter::repeat_n(long, same.len()));
    }
    within
}

fn side(value: f64, middle: f64) -> i8 {
    match value.total_cmp(&middle) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    }
}

/// The 95 % interval of Wilson for a share.
pub fn wilson(share: &Share) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    let (n, p) = (f64::from(share.of.max(1)), share.part());
    let centre = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

/// Groups that show nobody: those under [`SMALLEST_GROUP`] are joined under `others`, together with
/// the next smallest where the rest could be told from the whole.
pub fn guarded(groups: &[Share], others: &str) -> Vec<Share> {
    let mut sorted: Vec<&Share> = groups.iter().collect();
    sorted.sort_by_key(|group| group.of);
    let mut joined = Share { label: others.to_owned(), met: 0, of: 0 };
    let mut hidden = 0;
    for group in sorted {
        if group.of >= SMALLEST_GROUP
            && (hidden == 0 || (hidden > 1 && joined.of >= SMALLEST_GROUP))
        {
            break;
        }
        joined.met += group.met;
        joined.of += group.of;
        hidden += 1;
    }
    let least = groups.iter().map(|group| group.of).min().unwrap_or(0);
    let mut left: Vec<(u32, usize)> = groups.iter().map(|g| g.of).zip(0..).collect();
    left.sort_unstable();
    let gone: Vec<usize> = left.into_iter().take(hidden).map(|(_, at)| at).collect();
    let kept = groups.iter().enumerate().filter(|(at, _)| !gone.contains(at));
    let mut shown: Vec<Share> = kept.map(|(_, group)| group.clone()).collect();
    if least < SMALLEST_GROUP && hidden > 0 {
        shown.push(joined);
    }
    shown
}

/// A share over time: a run chart, or from twelve points on a p-chart with its limits; `flag` marks
/// the point from which a change was made.
pub fn over_time(points: &[Share], flag: Option<(usize, &str)>) -> Marks {
    let mut marks = Marks::default();
    let bottom = Bottom::percent();
    let last = points.len().saturating_sub(1).max(1);
    let x = |at: usize| 34.0 + 249.6 * count(at) / count(last);
    for tick in [0.25, 0.5, 0.75, 1.0] {
        marks.text("end", 28.0, bottom.y(tick) + 4.0, &format!("{:.0}", tick * 100.0));
        marks.line("ax", (32.0, bottom.y(tick)), (290.0, bottom.y(tick)));
    }
    let middle = middle(points);
    if points.len() >= FOR_LIMITS {
        for high in [true, false] {
            let edge = |point: &Share| {
                let (low, top) = limits(middle, point.of);
                if high { top } else { low }
            };
            let place = |(at, point): (usize, &Share)| (x(at), bottom.y(edge(point)));
            marks.path("lim", points.iter().enumerate().map(place));
        }
    }
    marks.line("mean", (34.0, bottom.y(middle)), (283.6, bottom.y(middle)));
    if let Some((at, text)) = flag {
        marks.line("flag", (x(at), 18.0), (x(at), 128.0));
        let (class, dx) = if at * 2 > last { ("flagt end", -3.0) } else { ("flagt", 3.0) };
        marks.text(class, x(at) + dx, 14.0, text);
    }
    let place = |(at, point): (usize, &Share)| (x(at), bottom.y(point.part()));
    marks.path("ln", points.iter().enumerate().map(place));
    for ((at, point), signal) in points.iter().enumerate().zip(signals(points)) {
        marks.sign(signal, x(at), bottom.y(point.part()));
    }
    let every = points.len().div_ceil(4).max(1);
    for (at, point) in points.iter().enumerate().step_by(every) {
        marks.text("mid", x(at), 146.0, &point.label);
    }
    if let Some(point) = points.last() {
        marks.text("v end", 296.0, bottom.y(point.part()) - 9.0, &point.percent());
    }
    marks
}

/// How many are left at each step: bars, the count, and the share of the step before.
pub fn funnel(steps: &[(String, u32)]) -> Marks {
    let mut marks = Marks::default();
    let most = steps.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    let height = 145.0 / count(steps.len().max(1));
    let mut before: Option<u32> = None;
    for (at, (label, n)) in steps.iter().enumerate() {
        let y = 3.0 + height * count(at);
        marks.text("end", 74.0, y + height / 2.0 + 4.0, label);
        marks.rect("b0", (80.0, y + 2.0), (150.0, height - 7.0));
        let whole = 150.0 * f64::from(*n) / f64::from(most);
        marks.rect("b1", (80.0, y + 2.0), (whole, height - 7.0));
        marks.text("v", 236.0, y + height / 2.0 + 4.0, &n.to_string());
        if let Some(of) = before {
            let share = Share { label: String::new(), met: *n, of };
            marks.text("end", 298.0, y + height / 2.0 + 4.0, &share.percent());
        }
        before = Some(*n);
    }
    marks
}

/// Whether it is fair: each group with its 95 % interval, and the line of all. `all` labels it.
pub fn fairness(groups: &[Share], all: &str) -> Marks {
    let mut marks = Marks::default();
    let met = groups.iter().map(|group| group.met).sum();
    let of = groups.iter().map(|group| group.of).sum();
    let whole = Share { label: String::new(), met, of };
    let x = |part: f64| 78.0 + 136.0 * part;
    marks.line("mean", (x(whole.part()), 16.0), (x(whole.part()), 128.0));
    marks.text("mid", x(whole.part()), 11.0, &format!("{all} {}", whole.percent()));
    for (part, text) in [(0.0, "0"), (0.5, "50"), (1.0, "100 %")] {
        marks.text("mid", x(part), 142.0, text);
    }
    marks.line("ax", (78.0, 128.0), (214.0, 128.0));
    let height = 108.0 / count(groups.len().max(1));
    for (at, group) in groups.iter().enumerate() {
        let y = 18.0 + height * (count(at) + 0.5);
        let (low, high) = wilson(group);
        marks.text("end", 70.0, y + 4.0, &group.label);
        marks.line("ci", (x(low), y), (x(high), y));
        let beyond = whole.part() < low || whole.part() > high;
        let sign = if beyond { Signal::Outside } else { Signal::None };
        marks.sign(sign, x(group.part()), y);
        marks.text("v", 224.0, y + 4.0, &group.percent());
        marks.text("end", 298.0, y + 4.0, &format!("n {}", group.of));
    }
    marks
}

/// One patient's values: with a band to be in, and a line from which on something must be done.
pub fn trend(
    points: &[(String, f64)],
    band: Option<(f64, f64)>,
    action: Option<(f64, &str)>,
) -> Marks {
    let mut marks = Marks::default();
    let values = points.iter().map(|(_, value)| *value);
    let edges = band.iter().flat_map(|(low, high)| [*low, *high]).chain(action.map(|(at, _)| at));
    let all: Vec<f64> = values.chain(edges).collect();
    let low = all.iter().copied().fold(f64::MAX, f64::min);
    let high = all.iter().copied().fold(f64::MIN, f64::max);
    let bottom = Bottom::between(low, high);
    let last = points.len().saturating_sub(1).max(1);
    let x = |at: usize| 44.0 + 236.0 * count(at) / count(last);
    if let Some((low, high)) = band {
        marks.rect("band", (36.0, bottom.y(high)), (254.0, bottom.y(low) - bottom.y(high)));
        marks.text("end", 32.0, bottom.y(low) + 4.0, &number(low));
        marks.text("end", 32.0, bottom.y(high) + 4.0, &number(high));
    }
    if let Some((at, said)) = action {
        marks.line("ev", (36.0, bottom.y(at)), (290.0, bottom.y(at)));
        marks.text("", 40.0, bottom.y(at) - 4.0, said);
    }
    let place = |(at, (_, value)): (usize, &(String, f64))| (x(at), bottom.y(*value));
    marks.path("ln", points.iter().enumerate().map(place));
    for (at, (label, value)) in points.iter().enumerate() {
        let beyond = action.is_some_and(|(limit, _)| *value >= limit);
        let sign = if beyond { Signal::Outside } else { Signal::None };
        marks.sign(sign, x(at), bottom.y(*value));
        let under = if beyond { -9.0 } else { 15.0 };
        marks.text("v mid", x(at), bottom.y(*value) + under, &number(*value));
        marks.text("mid", x(at), 146.0, label);
    }
    marks
}

/// The table of shares over time or by group.
pub fn lines(points: &[Share]) -> Vec<Vec<String>> {
    points.iter().map(Share::line).collect()
}

/// "175" or "7.2".
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// A count as a length; figures have few of anything.
fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
#[path = "charts_tests.rs"]
mod tests;

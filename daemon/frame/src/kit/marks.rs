//! The shapes of a figure, by the classes of the stylesheet: no colour and no style of its own. The
//! picture is 300 wide and 152 high, whatever the size it is shown at.

use super::charts::Signal;
use std::fmt::Write;

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    Line { class: &'static str, x1: String, y1: String, x2: String, y2: String },
    Path { class: &'static str, points: String },
    Rect { class: &'static str, x: String, y: String, width: String, height: String },
    Dot { class: &'static str, x: String, y: String },
    Sign { class: &'static str, d: String },
    Text { class: &'static str, x: String, y: String, text: String },
}

/// Shapes in the order in which they are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks(Vec<Mark>);

/// From values to heights: the lowest stands at the bottom.
#[derive(Clone, Copy, Debug)]
pub struct Bottom {
    low: f64,
    high: f64,
}

impl Bottom {
    /// Shares, from 0 to 1.
    pub fn percent() -> Self {
        Self { low: 0.0, high: 1.0 }
    }

    /// Values between two, with some air; equal ones stand in the middle.
    pub fn between(low: f64, high: f64) -> Self {
        let air = ((high - low) * 0.15).max(0.5);
        Self { low: low - air, high: high + air }
    }

    /// The height of a value.
    pub fn y(self, value: f64) -> f64 {
        128.0 - 108.0 * (value - self.low) / (self.high - self.low)
    }
}

impl Marks {
    /// The shapes.
    pub fn all(&self) -> &[Mark] {
        &self.0
    }

    /// A straight line.
    pub fn line(&mut self, class: &'static str, from: (f64, f64), to: (f64, f64)) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(short);
        self.0.push(Mark::Line { class, x1, y1, x2, y2 });
    }

    /// A line through points.
    pub fn path(&mut self, class: &'static str, places: impl Iterator<Item = (f64, f64)>) {
        let points = places.fold(String::new(), |mut text, (x, y)| {
            let _ = write!(text, "{},{} ", short(x), short(y));
            text
        });
        self.0.push(Mark::Path { class, points: points.trim_end().to_owned() });
    }

    /// A bar.
    pub fn rect(&mut self, class: &'static str, at: (f64, f64), size: (f64, f64)) {
        let [x, y, width, height] = [at.0, at.1, size.0, size.1].map(short);
        self.0.push(Mark::Rect { class, x, y, width, height });
    }

    /// Words.
    pub fn text(&mut self, class: &'static str, x: f64, y: f64, text: &str) {
        self.0.push(Mark::Text { class, x: short(x), y: short(y), text: text.to_owned() });
    }

    /// A point in the shape of what it says: never by colour alone.
    pub fn sign(&mut self, signal: Signal, x: f64, y: f64) {
        let (class, d) = match signal {
            Signal::None => {
                self.0.push(Mark::Dot { class: "pt", x: short(x), y: short(y) });
                return;
            }
            Signal::Outside => ("out", format!("m{} {} 6 6-6 6-6-6z", short(x), short(y - 6.0))),
            Signal::Run => ("sig", format!("m{} {} 5 9h-10z", short(x), short(y - 5.0))),
            Signal::Trend => ("sig", format!("m{} {}h10v4h-10z", short(x - 5.0), short(y - 2.0))),
        };
        self.0.push(Mark::Sign { class, d });
    }
}

/// A length in as few digits as a picture needs.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

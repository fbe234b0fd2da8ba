//! The arithmetic of figures against numbers worked out by hand.

use super::*;
use crate::kit::marks::Mark;

fn share(label: &str, met: u32, of: u32) -> Share {
    Share { label: label.into(), met, of }
}

fn series(parts: &[u32]) -> Vec<Share> {
    parts.iter().map(|met| share("", *met, 100)).collect()
}

#[test]
fn few_points_have_a_median_many_a_mean() {
    assert!((middle(&series(&[10, 90, 50])) - 0.5).abs() < 1e-9);
    assert!((middle(&series(&[10, 20, 40, 90])) - 0.3).abs() < 1e-9);
    let mut many = series(&[50; 11]);
    many.push(share("", 0, 900));
    assert!((middle(&many) - 550.0 / 2000.0).abs() < 1e-9);
    assert!(middle(&[]).abs() < 1e-9);
}

#[test]
fn limits_widen_with_few_cases_and_stay_within_the_scale() {
    let (low, high) = limits(0.5, 100);
    assert!((low - 0.35).abs() < 1e-9 && (high - 0.65).abs() < 1e-9);
    assert!(limits(0.95, 10).1 <= 1.0 && limits(0.05, 10).0 >= 0.0);
}

#[test]
fn signals_are_told_from_chance() {
    let mut parts = [50; 20];
    parts[7] = 95;
    assert_eq!(signals(&series(&parts))[7], Signal::Outside);
    let run = series(&[40, 42, 41, 43, 40, 60, 61, 60, 62, 61, 60, 62, 61]);
    assert_eq!(signals(&run)[5..], [Signal::Run; 8]);
    assert_eq!(signals(&run)[..5], [Signal::None; 5]);
    let rising = series(&[50, 40, 45, 50, 55, 60, 65]);
    assert_eq!(signals(&rising)[1..], [Signal::Trend; 6]);
    assert_eq!(signals(&rising)[0], Signal::None);
    let short = series(&[50, 45, 50, 55, 60, 65]);
    assert!(signals(&short).iter().all(|signal| *signal == Signal::None));
}

#[test]
fn the_interval_of_wilson() {
    let (low, high) = wilson(&share("", 8, 10));
    assert!((low - 0.4902).abs() < 1e-3 && (high - 0.9433).abs() < 1e-3, "{low} {high}");
    assert!(wilson(&share("", 0, 0)).0 >= 0.0);
}

#[test]
fn a_small_group_is_joined_with_the_one_that_would_give_it_away() {
    let groups = [share("en", 80, 100), share("es", 20, 40), share("pt", 3, 5)];
    let shown = guarded(&groups, "others");
    assert_eq!(shown, [share("en", 80, 100), share("others", 23, 45)]);
    let two = [share("en", 80, 100), share("a", 3, 5), share("b", 3, 7)];
    assert_eq!(guarded(&two, "others"), [share("en", 80, 100), share("others", 6, 12)]);
    let large = [share("en", 80, 100), share("es", 20, 40)];
    assert_eq!(guarded(&large, "others"), large);
}

#[test]
fn figures_stay_within_their_picture() {
    let months: Vec<Share> = (0..14).map(|n| share("Jan", 10 + n, 30 + n)).collect();
    let figures = [
        over_time(&months, Some((6, "call list"))),
        over_time(&months[..1], None),
        funnel(&[("Sent".into(), 212), ("Seen".into(), 0)]),
        fairness(&months[..4], "all"),
        trend(
            &[("15".into(), 171.0), ("16".into(), 175.5)],
            Some((168.0, 172.0)),
            Some((174.0, "tell")),
        ),
        trend(&[("15".into(), 7.0)], None, None),
        over_time(&[], None),
    ];
    for marks in &figures {
        for mark in marks.all() {
            let place = match mark {
                Mark::Line { x1, y1, .. } => [x1, y1],
                Mark::Rect { x, y, .. } | Mark::Dot { x, y, .. } | Mark::Text { x, y, .. } => {
                    [x, y]
                }
                Mark::Path { .. } | Mark::Sign { .. } => continue,
            };
            let [x, y] = place.map(|text| text.parse::<f64>().unwrap());
            assert!((0.0..=300.0).contains(&x) && (0.0..=152.0).contains(&y), "{mark:?}");
        }
    }
    let drawn = figures[0].all();
    assert_eq!(
        drawn.iter().filter(|mark| matches!(mark, Mark::Path { class: "lim", .. })).count(),
        2
    );
}

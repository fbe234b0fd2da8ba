//! The sheet of one's patients.

use super::rules::{Asked, Column, SIZES, Which};
use super::store::{self, Line, MOST};
use almoner_core::fault::Outcome;
use almoner_core::permission::May;
use almoner_frame::due::{self, Deadline};
use almoner_frame::kit::{Link, Pager, Who};
use almoner_frame::{Page, Route, Visit, Words};
use almoner_people::patients::{self, Patient};
use almoner_store::Reader;
use askama::Template;

/// The pages.
pub(super) const ROUTES: &[Route] =
    &[Route::Show { path: "/caseload", may: May::SeeWorklist, page: sheet }];

#[derive(Template)]
#[template(path = "caseload/pages/caseload.html")]
struct Caseload<'p> {
    words: &'p Words,
    lede: String,
    heads: Vec<Head>,
    views: Vec<Link>,
    sizes: Vec<Link>,
    rows: Vec<Row>,
    pager: Pager,
    may_log: bool,
    /// Nobody is on the caseload at all.
    nobody: bool,
}

/// A column's head.
struct Head {
    label: String,
    href: String,
    direction: &'static str,
    number: bool,
}

/// A patient as drawn.
struct Row {
    who: Who,
    due: Option<(Deadline, String, String)>,
    open: String,
    late: String,
    contact: String,
    gaps: String,
    log: String,
}

/// How many patients one has.
pub(super) fn count(reader: &Reader<'_>, visit: &Visit) -> Outcome<Option<(u64, bool)>> {
    let mine = patients::caseload_count(reader, visit.staff())?;
    Ok((mine > 0).then_some((mine, false)))
}

fn sheet(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    let asked = Asked::parse(|name| visit.query(name));
    let lines = store::lines(reader, visit.staff(), &asked)?;
    let all = patients::caseload_count(reader, visit.staff())?;
    let pager = Pager::new(asked.page, asked.size, lines.len() as u64, |page| {
        Asked { page, ..asked }.href()
    });
    let size = usize::try_from(asked.size).unwrap_or(usize::MAX);
    let shown: Vec<Line> = lines.into_iter().skip(pager.skip()).take(size).collect();
    let mut people = patients::on_screen(reader, visit, shown.iter().map(|line| line.patient))?;
    let mut rows = Vec::new();
    for line in shown {
        let Some(who) = people.remove(&line.patient) else { continue };
        rows.push(row(reader, visit, line, who)?);
    }
    let over = all >= MOST as u64;
    let page = Caseload {
        words,
        lede: if over { words.n("caseload-over", MOST) } else { words.n("caseload-lede", all) },
        heads: Column::ALL.map(|column| head(words, &asked, column)).into(),
        views: Which::ALL.map(|which| view(words, &asked, which)).into(),
        sizes: SIZES.map(|size| sized(words, &asked, size)).into(),
        rows,
        pager,
        may_log: visit.may(May::RecordContact),
        nobody: all == 0,
    };
    Page::draw(words.t("nav-caseload"), "/caseload", &page)
}

fn row(reader: &Reader<'_>, visit: &Visit, line: Line, who: Who) -> Outcome<Row> {
    let words = visit.words();
    let zone = visit.house().zone;
    let say = |at| words.day(zone.day(at));
    Ok(Row {
        due: line.next.map(|next| {
            let due = due::say(words, zone, visit.now(), next.owed.due);
            (due, visit.say(&next.owed.what), next.owed.path)
        }),
        open: line.open.to_string(),
        late: if line.late > 0 { words.n("caseload-late", line.late) } else { String::new() },
        contact: line.contact.map_or_else(|| words.t("caseload-no-contact"), say),
        gaps: gaps(words, &reader.get::<Patient>(line.patient)?),
        log: format!("/p/{}/contacts/new", line.patient),
        who,
    })
}

/// What is not known of a patient and is needed to reach them.
fn gaps(words: &Words, patient: &Patient) -> String {
    let golden = patient.golden();
    let missing = [
        (!golden.telecoms.iter().any(|it| it.system == "phone"), "caseload-gap-phone"),
        (golden.addresses.is_empty(), "caseload-gap-address"),
        (golden.communications.is_empty(), "caseload-gap-language"),
        (golden.birth_date.is_none(), "caseload-gap-birth"),
    ];
    let missing = missing.into_iter().filter(|(gap, _)| *gap).map(|(_, key)| words.t(key));
    missing.collect::<Vec<_>>().join(", ")
}

fn head(words: &Words, asked: &Asked, column: Column) -> Head {
    Head {
        label: words.t(&format!("caseload-{}", column.key())),
        href: asked.sorted(column).href(),
        direction: asked.direction(column),
        number: column == Column::Open,
    }
}

fn view(words: &Words, asked: &Asked, which: Which) -> Link {
    Link {
        href: Asked { which, page: 1, ..*asked }.href(),
        label: words.t(&format!("caseload-show-{}", which.key())),
        count: None,
        on: which == asked.which,
    }
}

fn sized(words: &Words, asked: &Asked, size: u64) -> Link {
    Link {
        href: Asked { size, page: 1, ..*asked }.href(),
        label: words.n("caseload-size", size),
        count: None,
        on: size == asked.size,
    }
}

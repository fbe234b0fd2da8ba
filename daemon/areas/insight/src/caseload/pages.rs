//! The sheet of one's patients.

use super::rules::{Asked, By, SIZES, Which};
use super::store::{self, Line, MOST};
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::permission::May;
use almoner_frame::due::{self, Deadline};
use almoner_frame::kit::{Link, Pager, Who};
use almoner_frame::{Page, Route, Visit, Words};
use almoner_people::columns::{self, Cell, Column};
use almoner_people::patients::{self, Patient};
use almoner_store::Reader;
use askama::Template;

/// Columns of the clinic's own that the sheet shows, at most.
const OWN: usize = 16;

/// The pages.
pub(super) const ROUTES: &[Route] =
    &[Route::Show { path: "/caseload", may: May::SeeWorklist, page: sheet }];

#[derive(Template)]
#[template(path = "caseload/pages/caseload.html")]
struct Caseload<'p> {
    words: &'p Words,
    lede: String,
    heads: Vec<Head>,
    /// Names of the clinic's own columns.
    own: Vec<String>,
    /// Where they are ordered; empty for those who may not, and where there are none.
    own_href: &'static str,
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
    /// What stands in the clinic's own columns: name, value, what the sheet says instead, where it is
    /// changed.
    own: Vec<Own>,
}

/// What stands in one of the clinic's own columns.
struct Own {
    name: String,
    value: String,
    /// What the newest sheet says, where a person wrote something else.
    differs: String,
    href: String,
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
    let known = columns::all(reader)?;
    let any = !known.is_empty();
    let own: Vec<Column> = known.into_iter().filter(|it| !it.hidden).take(OWN).collect();
    let mut rows = Vec::new();
    for line in shown {
        let Some(who) = people.remove(&line.patient) else { continue };
        rows.push(row(reader, visit, line, who, &own)?);
    }
    let over = all >= MOST as u64;
    let page = Caseload {
        words,
        lede: if over { words.n("caseload-over", MOST) } else { words.n("caseload-lede", all) },
        heads: By::ALL.map(|column| head(words, &asked, column)).into(),
        own: own.into_iter().map(|column| column.name).collect(),
        own_href: if any && visit.may(May::ChangeCaseload) { "/caseload/columns" } else { "" },
        views: Which::ALL.map(|which| view(words, &asked, which)).into(),
        sizes: SIZES.map(|size| sized(words, &asked, size)).into(),
        rows,
        pager,
        may_log: visit.may(May::RecordContact),
        nobody: all == 0,
    };
    Page::draw(words.t("nav-caseload"), "/caseload", &page)
}

fn row(reader: &Reader<'_>, visit: &Visit, line: Line, who: Who, own: &[Column]) -> Outcome<Row> {
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
        own: own_of(reader, visit, line.patient, own)?,
        who,
    })
}

/// What stands in the clinic's own columns for a patient.
fn own_of(
    reader: &Reader<'_>,
    visit: &Visit,
    patient: PatientId,
    own: &[Column],
) -> Outcome<Vec<Own>> {
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let words = visit.words();
    let cells = columns::cells_of(reader, patient)?;
    let may = visit.may(May::ChangeCaseload);
    let told = |column: &Column| {
        let cell = cells.iter().find(|cell| cell.column == column.id);
        let differs = cell.and_then(Cell::differs);
        Own {
            name: column.name.clone(),
            value: columns::said(words, cell.map_or("", Cell::value)),
            differs: differs.map(|told| columns::said(words, &told.value)).unwrap_or_default(),
            href: if may { format!("/p/{patient}/columns/{}", column.id) } else { String::new() },
        }
    };
    Ok(own.iter().map(told).collect())
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

fn head(words: &Words, asked: &Asked, column: By) -> Head {
    Head {
        label: words.t(&format!("caseload-{}", column.key())),
        href: asked.sorted(column).href(),
        direction: asked.direction(column),
        number: column == By::Open,
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

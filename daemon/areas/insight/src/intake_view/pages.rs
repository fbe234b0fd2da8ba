//! The pages of the intake: the list of files, one file, the possible duplicates; and the work of
//! having a file read again.

mod anew;
mod feeds;
mod map;
mod place;
mod receipt;

use almoner_core::fault::{Outcome, Refusal};
use almoner_core::ids::FileId;
use almoner_core::loops::{LoopKind, OpenLoop, Scope};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_core::receipt::{Match, Receipt, Status};
use almoner_frame::anew::What;
use almoner_frame::intake::{self, BY_STATUS, IntakeFile, NEWEST, with_status};
use almoner_frame::kit::{self, Link, Pager, Problems, Row, Who};
use almoner_frame::lists::questions;
use almoner_frame::{Form, Live, Next, Page, Progress, Route, Typed, Visit, Words};
use almoner_people::patients;
use almoner_store::{Key, Reader, Verb, Writer};
use askama::Template;
use feeds::FeedLine;
use receipt::FactLine;

/// Files on a page; patients and problems of a file that its page lists.
const PAGE: usize = 50;
const MOST: usize = 50;

const NAV: &str = "/intake";

/// The pages.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: "/intake", may: May::SeeIntake, page: all },
    Route::Show { path: "/intake/set-aside", may: May::SeeIntake, page: aside },
    Route::Show { path: "/intake/duplicates", may: May::SeeIntake, page: duplicates },
    Route::Show { path: "/intake/{id}", may: May::SeeIntake, page: one },
    Route::Work {
        path: "/intake/{id}/retry",
        may: May::SeeIntake,
        verb: Verb("intake.retry"),
        work: retry,
        again,
    },
    Route::Show { path: "/intake/{id}/place", may: May::SeeIntake, page: place::page },
    Route::Show { path: "/intake/{id}/map", may: May::SeeIntake, page: map::page },
    Route::Ask { path: "/intake/{id}/map/look", may: May::SeeIntake, page: map::look },
    Route::Work {
        path: "/intake/{id}/map",
        may: May::SeeIntake,
        verb: Verb("intake.map"),
        work: map::save,
        again: map::again,
    },
    Route::Show { path: "/intake/{id}/undo", may: May::UndoIntake, page: anew::undo },
    Route::Show { path: "/intake/{id}/reread", may: May::UndoIntake, page: anew::reread },
    Route::Work {
        path: "/intake/{id}/undo",
        may: May::UndoIntake,
        verb: Verb("intake.undo"),
        work: anew::do_undo,
        again: anew::undo_again,
    },
    Route::Work {
        path: "/intake/{id}/reread",
        may: May::UndoIntake,
        verb: Verb("intake.reread"),
        work: anew::do_reread,
        again: anew::reread_again,
    },
    Route::Work {
        path: "/intake/{id}/undo/preview",
        may: May::UndoIntake,
        verb: Verb("intake.preview"),
        work: anew::see_undo,
        again: anew::undo_again,
    },
    Route::Work {
        path: "/intake/{id}/reread/preview",
        may: May::UndoIntake,
        verb: Verb("intake.preview"),
        work: anew::see_reread,
        again: anew::reread_again,
    },
];

#[derive(Template)]
#[template(path = "intake_view/pages/files.html")]
struct Files<'p> {
    words: &'p Words,
    lede: String,
    progress: Progress,
    said: String,
    views: Vec<Link>,
    lines: Vec<FileLine>,
    feeds: Vec<FeedLine>,
    aside: bool,
    pager: Pager,
}

/// A file of the list.
struct FileLine {
    href: String,
    name: String,
    when: String,
    source: String,
    format: String,
    status: (&'static str, String),
    patients: usize,
    facts: u32,
    problems: usize,
    /// Why it was set aside.
    why: String,
}

#[derive(Template)]
#[template(path = "intake_view/pages/file.html")]
struct File<'p> {
    words: &'p Words,
    problems_of_form: Problems,
    typed: Typed,
    base: String,
    name: String,
    format: String,
    status: (&'static str, String),
    about: Vec<(String, String)>,
    first: Option<String>,
    facts: Vec<FactLine>,
    loops: Vec<(String, u32)>,
    patients: Vec<(Who, &'static str, String)>,
    patients_more: u64,
    problems: Vec<ProblemLine>,
    problems_more: u64,
    members: Vec<MemberLine>,
    may_retry: bool,
    may_undo: bool,
    may_reread: bool,
    /// "It was undone on Nov 22."
    undone: String,
    is_waiting: bool,
    /// Where somebody says what the columns of a list are; empty where nothing is asked.
    map: String,
}

struct ProblemLine {
    severity: (&'static str, String),
    at: String,
    message: String,
    /// Where the place is shown as it stands in the file.
    place: String,
}

struct MemberLine {
    name: String,
    format: String,
    status: (&'static str, String),
}

#[derive(Template)]
#[template(path = "intake_view/pages/duplicates.html")]
struct Duplicates<'p> {
    words: &'p Words,
    views: Vec<Link>,
    rows: Vec<Row>,
    more: u64,
}

/// Every file, the newest first: no more rows are read than lie before the page's end.
fn all(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let pager = pager(visit, came(reader)?);
    let (mut passed, mut ids) = (0, Vec::new());
    reader.each(NEWEST, &Key::all(), &mut |_, id| {
        if passed >= pager.skip() {
            ids.push(FileId(id));
        }
        passed += 1;
        Ok(ids.len() < PAGE)
    })?;
    files(reader, visit, &ids, pager, false)
}

fn aside(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let key = Key::all().number(Status::SetAside as u64);
    let mut ids: Vec<FileId> = reader.ids(BY_STATUS, &key)?;
    ids.reverse();
    let pager = pager(visit, ids.len() as u64);
    let shown: Vec<FileId> = ids.into_iter().skip(pager.skip()).take(PAGE).collect();
    files(reader, visit, &shown, pager, true)
}

fn pager(visit: &Visit, files: u64) -> Pager {
    let page = visit.query("page").parse().unwrap_or(1);
    Pager::new(page, PAGE as u64, files, |page| kit::with_query(visit, "page", &page.to_string()))
}

/// How many files ever came.
fn came(reader: &Reader<'_>) -> Outcome<u64> {
    Status::ALL.into_iter().map(|status| with_status(reader, status)).sum()
}

fn files(
    reader: &Reader<'_>,
    visit: &Visit,
    ids: &[FileId],
    pager: Pager,
    aside: bool,
) -> Outcome<Page> {
    let words = visit.words();
    let mut lines = Vec::new();
    for id in ids {
        lines.push(line(words, &reader.get::<IntakeFile>(*id)?.receipt));
    }
    let waiting = with_status(reader, Status::Waiting)? + with_status(reader, Status::Working)?;
    let lede =
        if waiting > 0 { words.n("intake-waiting", waiting) } else { words.t("intake-idle") };
    let views = views(reader, visit)?;
    let progress = Progress::of(reader)?;
    let said = progress.say(words);
    let feeds = if aside { Vec::new() } else { feeds::lines(reader, visit)? };
    let page = Files { words, lede, progress, said, views, lines, feeds, aside, pager };
    Ok(Page::draw(words.t("nav-intake"), NAV, &page)?.showing(Live::Intake))
}

fn line(words: &Words, receipt: &Receipt) -> FileLine {
    let why = receipt.problems.first().map(|problem| problem.message.clone());
    FileLine {
        href: format!("/intake/{}", receipt.id),
        name: receipt.name.clone(),
        when: words.instant(receipt.received),
        source: super::source(words, &receipt.source),
        format: receipt::format(words, receipt),
        status: receipt::status(words, receipt.status),
        patients: receipt.patients.len(),
        facts: receipt::total(receipt).new,
        problems: receipt.problems.len(),
        why: why.unwrap_or_default(),
    }
}

fn views(reader: &Reader<'_>, visit: &Visit) -> Outcome<Vec<Link>> {
    let link = |href: &str, key: &str, count: u64| Link {
        href: href.to_owned(),
        label: visit.words().t(key),
        count: Some(count),
        on: visit.path() == href,
    };
    Ok(vec![
        link("/intake", "intake-all", came(reader)?),
        link("/intake/set-aside", "intake-set-aside", with_status(reader, Status::SetAside)?),
        link("/intake/duplicates", "intake-duplicates", matches(reader)?),
    ])
}

/// How many questions are open whether two patients are one.
fn matches(reader: &Reader<'_>) -> Outcome<u64> {
    let counts = reader.loop_counts(Scope::Team)?;
    Ok(counts.iter().filter(|(kind, ..)| *kind == LoopKind::Match).map(|(.., n)| n).sum())
}

fn duplicates(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let (words, zone, now) = (visit.words(), visit.house().zone, visit.now());
    let wanted = |kind| kind == LoopKind::Match;
    let mut open = reader.loops_where(Scope::Team, None, None, MOST, &wanted)?;
    let queue = patients::waiting(reader, MOST)?;
    // Those that were put off are none of the queue's: they stand last.
    let place = |it: &OpenLoop| {
        queue.iter().position(|one| Some(one.patient) == it.owed.patient).unwrap_or(usize::MAX)
    };
    open.sort_by_cached_key(place);
    let more = matches(reader)?.saturating_sub(open.len() as u64);
    let who = patients::on_screen(reader, visit, open.iter().filter_map(|it| it.owed.patient))?;
    let row = |it: &OpenLoop| {
        let who = it.owed.patient.and_then(|id| who.get(&id)).cloned();
        Row::of(words, zone, now, it, who)
    };
    let rows = open.iter().map(row).collect();
    let page = Duplicates { words, views: views(reader, visit)?, rows, more };
    Page::draw(words.t("intake-duplicates"), NAV, &page)
}

fn one(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    draw(reader, visit, &Refusal::default())
}

fn again(reader: &Reader<'_>, visit: &Visit, _: &Form, refusal: &Refusal) -> Outcome<Page> {
    Ok(draw(reader, visit, refusal)?.with_status(422))
}

fn retry(writer: &mut Writer<'_>, visit: &Visit, _: &Form) -> Outcome<Next> {
    let id: FileId = visit.id("id")?;
    intake::read_again(writer, id)?;
    Ok(Next::saying(format!("/intake/{id}"), Phrase::new("intake-retried")))
}

fn draw(reader: &Reader<'_>, visit: &Visit, refusal: &Refusal) -> Outcome<Page> {
    let words = visit.words();
    let receipt = reader.get::<IntakeFile>(visit.id("id")?)?.receipt;
    let open = matches!(receipt.status, Status::SetAside | Status::Partial);
    let page = File {
        words,
        problems_of_form: Problems::of(visit, refusal),
        typed: Typed::fresh(visit, &words.t("intake-retry")),
        base: format!("/intake/{}", receipt.id),
        name: receipt.name.clone(),
        format: receipt::format(words, &receipt),
        status: receipt::status(words, receipt.status),
        about: about(words, &receipt),
        first: receipt.duplicate_of.map(|id| format!("/intake/{id}")),
        facts: receipt::facts(words, &receipt),
        loops: loops(words, &receipt),
        patients: people(reader, visit, &receipt)?,
        patients_more: receipt.patients_more + receipt.patients.len().saturating_sub(MOST) as u64,
        problems: receipt
            .problems
            .iter()
            .take(MOST)
            .enumerate()
            .map(|it| problem(words, &receipt, it))
            .collect(),
        problems_more: receipt.problems.len().saturating_sub(MOST) as u64,
        members: receipt.members.iter().take(MOST).map(|it| member(words, &receipt, it)).collect(),
        may_retry: open && receipt.undone.is_none(),
        may_undo: anew::may(reader, visit, &receipt, What::Undo),
        may_reread: anew::may(reader, visit, &receipt, What::Reread),
        undone: receipt
            .undone
            .as_ref()
            .map_or_else(String::new, |it| words.of_text("intake-undone", &words.instant(it.at))),
        is_waiting: matches!(receipt.status, Status::Waiting | Status::Working),
        map: if questions(reader, receipt.id)?.is_empty() {
            String::new()
        } else {
            format!("/intake/{}/map", receipt.id)
        },
    };
    Page::draw(words.of_text("intake-file", &receipt.name), NAV, &page)
}

fn about(words: &Words, receipt: &Receipt) -> Vec<(String, String)> {
    let finished = receipt.finished.map(|at| words.instant(at));
    let mut about = vec![
        (words.t("intake-source"), super::source(words, &receipt.source)),
        (words.t("intake-received"), words.instant(receipt.received)),
        (words.t("intake-finished"), finished.unwrap_or_else(|| words.t("intake-not-yet"))),
        (words.t("intake-size"), receipt::size(receipt.bytes)),
    ];
    if !receipt.software.is_empty() {
        about.push((words.t("intake-software"), receipt.software.clone()));
    }
    about.push((words.t("intake-digest"), receipt.sha256.chars().take(16).collect()));
    about
}

fn loops(words: &Words, receipt: &Receipt) -> Vec<(String, u32)> {
    let lines = [
        ("intake-loops-opened", receipt.loops.opened),
        ("intake-loops-moved", receipt.loops.moved),
        ("intake-loops-closed", receipt.loops.closed),
        ("intake-loops-proposed", receipt.loops.proposed),
    ];
    let named = lines.into_iter().filter(|(_, n)| *n > 0);
    named.map(|(key, n)| (words.t(key), n)).collect()
}

fn people(
    reader: &Reader<'_>,
    visit: &Visit,
    receipt: &Receipt,
) -> Outcome<Vec<(Who, &'static str, String)>> {
    let words = visit.words();
    let few: Vec<_> = receipt.patients.iter().take(MOST).collect();
    let who = patients::on_screen(reader, visit, few.iter().map(|it| it.id))?;
    let line = |it: &almoner_core::receipt::MatchedPatient| {
        let (tone, key) = match it.match_ {
            Match::New => ("info", "intake-match-new"),
            Match::Same => ("", "intake-match-same"),
            Match::Proposed => ("warn", "intake-match-proposed"),
        };
        Some((who.get(&it.id)?.clone(), tone, words.t(key)))
    };
    Ok(few.into_iter().filter_map(line).collect())
}

fn problem(
    words: &Words,
    receipt: &Receipt,
    (number, problem): (usize, &almoner_core::export::Problem),
) -> ProblemLine {
    ProblemLine {
        severity: receipt::severity(words, problem.severity),
        at: problem.at.clone(),
        message: problem.message.clone(),
        place: format!("/intake/{}/place?problem={number}", receipt.id),
    }
}

fn member(words: &Words, of: &Receipt, member: &almoner_core::receipt::Member) -> MemberLine {
    let like = Receipt {
        format: member.format.clone(),
        version: member.version.clone(),
        document: member.document.clone(),
        ..of.clone()
    };
    MemberLine {
        // Documents inside a file have a place in it; the file itself has its name.
        name: if member.name.is_empty() { of.name.clone() } else { member.name.clone() },
        format: receipt::format(words, &like),
        status: receipt::status(words, member.status),
    }
}

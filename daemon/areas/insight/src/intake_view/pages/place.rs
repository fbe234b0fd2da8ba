//! The place of a problem, as it stands in the file: a few lines of it, with what hides made visible. It
//! may hold what is told of patients, so that whoever looks at it is on the trail.

use super::NAV;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::FileId;
use almoner_formats::around::{Line, around};
use almoner_frame::intake::IntakeFile;
use almoner_frame::{Page, Visit, Witness, Words};
use almoner_store::{Reader, Verb};
use askama::Template;

/// What the trail says of a look.
const LOOK: Verb = Verb("intake.look");

#[derive(Template)]
#[template(path = "intake_view/pages/place.html")]
struct Place<'p> {
    words: &'p Words,
    href: String,
    name: String,
    at: String,
    message: String,
    lines: Vec<Line>,
    /// Whether one of them is the place.
    marked: bool,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    let file = reader.get::<IntakeFile>(visit.id::<FileId>("id")?)?;
    let number: usize = visit.query("problem").parse().unwrap_or(0);
    let problem = file.receipt.problems.get(number).ok_or(Fault::Absent("problem"))?;
    let blob = reader.open_blob(&file.sha256.0)?;
    let mut blob = blob.ok_or(Fault::Absent("source document"))?;
    let lines = around(&mut blob, &problem.at);
    let place = Place {
        words,
        marked: lines.iter().any(|line| line.marked),
        lines,
        href: format!("/intake/{}", file.receipt.id),
        name: file.receipt.name.clone(),
        at: problem.at.clone(),
        message: problem.message.clone(),
    };
    let value = file.receipt.id.to_string();
    let page = Page::draw(words.t("place-title"), NAV, &place)?;
    Ok(page.witnessed(Witness { verb: LOOK, name: "file", value }))
}

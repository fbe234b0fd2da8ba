//! `almoner intake undo` and `almoner intake reread`: what changes is said first, in counts; then it is
//! asked for, and the daemon does it in its turn.

use super::{Reread, Undo, show, word};
use crate::appliance::Appliance;
use crate::ask::typed_name;
use crate::report::{Records, Report, counted};
use almoner_core::changes::{Changes, Turns};
use almoner_core::control::{Failure, IntakeFile, IntakePreview, IntakeWhich, Nothing, names};
use serde::Serialize;
use std::fmt;
use std::io::Write;

#[derive(Serialize)]
#[serde(transparent)]
struct Told(Changes);

pub(super) fn undo(appliance: &Appliance, asked: &Undo) -> Result<Report, Failure> {
    const SCHEMA: &str = "almoner.intake.undo/1";
    let (id, loss) = (&asked.id, asked.loss);
    let receipt = show(appliance, id)?;
    let which = IntakeWhich { id: Some(receipt.id), all: false };
    let told = preview(appliance, true, which)?;
    if loss.change.dry_run {
        return Ok(Report::new(SCHEMA, Told(told)).then(format!("almoner intake undo {id}")));
    }
    if !loss.yes {
        say(&told)?;
    }
    typed_name(loss, "This takes back the file", id)?;
    let Nothing {} = appliance.call(names::INTAKE_UNDO, &IntakeFile { id: receipt.id })?;
    Ok(Report::new(SCHEMA, Told(told)).then(format!("almoner intake show {id}")))
}

pub(super) fn reread(appliance: &Appliance, asked: &Reread) -> Result<Report, Failure> {
    const SCHEMA: &str = "almoner.intake.reread/1";
    let id = asked.id.as_deref().map(|id| show(appliance, id)).transpose()?.map(|it| it.id);
    let which = IntakeWhich { id, all: asked.all };
    let told = preview(appliance, false, which)?;
    if asked.preview || asked.loss.change.dry_run {
        return Ok(Report::new(SCHEMA, Told(told)).then("almoner intake reread"));
    }
    let files = counted(told.files.into(), "file", "files");
    if told.files == 0 {
        return Ok(Report::said(SCHEMA, "Every file was read by this version."));
    }
    if !asked.loss.yes {
        say(&told)?;
    }
    typed_name(asked.loss, &format!("This reads {files} again:"), "reread")?;
    let Nothing {} = appliance.call(names::INTAKE_REREAD, &which)?;
    Ok(Report::new(SCHEMA, Told(told)).then("almoner intake status"))
}

fn preview(appliance: &Appliance, undo: bool, files: IntakeWhich) -> Result<Changes, Failure> {
    appliance.call(names::INTAKE_PREVIEW, &IntakePreview { undo, files })
}

/// Says it before it is asked.
fn say(told: &Changes) -> Result<(), Failure> {
    let written = writeln!(std::io::stderr(), "{}", Told(told.clone()));
    written.map_err(|cause| Failure::failed(format!("no answer: {cause}")))
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = &self.0;
        write!(f, "{}: ", counted(told.files.into(), "file", "files"))?;
        if told.is_nothing() {
            return f.write_str("nothing changes.");
        }
        writeln!(f, "what changes")?;
        for (kind, turns) in &told.facts {
            line(f, &word(kind), *turns)?;
        }
        line(f, "patient", told.patients)?;
        line(f, "transition", told.transitions)?;
        if told.stay > 0 {
            let stay = counted(told.stay.into(), "patient stays", "patients stay");
            writeln!(f, "  {stay}, because people have worked on them")?;
        }
        let loops = told.loops;
        write!(
            f,
            "  {:<12} {} opened, {} moved, {} closed",
            "loops", loops.opened, loops.moved, loops.closed
        )
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, turns: Turns) -> fmt::Result {
    let Turns { gone, changed, new, kept, same } = turns;
    if turns == Turns::default() {
        return Ok(());
    }
    let kept = kept + same;
    writeln!(f, "  {name:<12} {gone} gone, {changed} changed, {new} new, {kept} as before")
}

impl Records for Told {
    fn records(&self) -> Vec<Vec<String>> {
        let row = |name: String, turns: Turns| {
            let counts = [turns.gone, turns.changed, turns.new, turns.kept + turns.same];
            [vec![name], counts.map(|count| count.to_string()).to_vec()].concat()
        };
        let facts = self.0.facts.iter().map(|(kind, turns)| row(word(kind), *turns));
        let rest = [("patient", self.0.patients), ("transition", self.0.transitions)];
        facts.chain(rest.map(|(name, turns)| row(name.to_owned(), turns))).collect()
    }
}

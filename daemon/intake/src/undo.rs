//! An export is undone as a whole: what it alone said goes, what others say too stays and is theirs,
//! what it had replaced speaks again; people's work stays. Its bytes stay too, and the same bytes
//! dropped again are taken in anew.

use crate::anew::{Round, Seam, Tally};
use crate::editions::{of_file, replaced_by};
use crate::voices::Standing;
use crate::work::act;
use almoner_core::fault::Outcome;
use almoner_core::ids::FileId;
use almoner_core::receipt::Undone;
use almoner_frame::anew::{Edition, Preview, Wish};
use almoner_frame::intake::IntakeFile;
use almoner_store::{Act, Desk, Writer};
use std::sync::Arc;

/// Takes a file back, or tells what that would change.
pub(crate) fn undo(seam: &Seam<'_>, id: FileId, keep: bool) -> Outcome<Tally> {
    let (desk, areas) = (seam.desk, seam.areas);
    let file = Arc::new(desk.read(|reader| reader.get::<IntakeFile>(id))?);
    let without = Some(file.sha256.0);
    let older = desk.read(|reader| {
        let own = of_file(reader, &file.sha256.0)?;
        replaced_by(reader, areas, &own)
    })?;
    let mut round = Round::new(seam, Standing { without }, keep);
    let older = older.into_iter().map(|id| desk.read(|reader| reader.get(id)).map(Arc::new));
    let older = older.collect::<Outcome<Vec<Arc<IntakeFile>>>>()?;
    older.iter().try_for_each(|old| round.admit(old))?;
    round.file(&file)?;
    older.iter().try_for_each(|old| round.file(old))?;
    round.tally.changes.files = 1;
    Ok(round.tally)
}

/// The receipt says that it was undone; nothing is left that it did.
pub(crate) fn finish(desk: &Desk, wish: Wish) -> Outcome<()> {
    let act = Act { reason: wish.reason.clone(), ..act(desk, "intake.undone") };
    let work = move |writer: &mut Writer<'_>| {
        let mut file = writer.get::<IntakeFile>(wish.id)?;
        for edition in of_file(writer, &file.sha256.0)? {
            writer.remove::<Edition>(edition.id)?;
        }
        file.receipt.undone = Some(Undone { at: wish.at, by: wish.by });
        writer.put(&file)?;
        writer.remove::<Preview>(wish.id)?;
        writer.remove::<Wish>(wish.id)
    };
    desk.write_bulk(act, work).wait()
}

//! Wishes: what people want done with files that were taken in, and what they want to see first. The
//! intake grants them one after the other, when no file waits.

use crate::anew::{Seam, Tally};
use crate::work::act;
use crate::{reread, undo};
use almoner_core::fault::Outcome;
use almoner_core::ids::FileId;
use almoner_frame::anew::{Preview, WISHES, What, Wish};
use almoner_store::{Desk, Key, Writer};

/// Grants the oldest wish; false when there is none. One that can't be granted is told and dropped:
/// each patient is as before or right, and it can be wished again.
pub(crate) fn grant_one(seam: &Seam<'_>) -> Outcome<bool> {
    let desk = seam.desk;
    let oldest = desk.read(|reader| {
        let mut oldest = None;
        reader.each(WISHES, &Key::all(), &mut |_, id| {
            oldest = Some(FileId(id));
            Ok(false)
        })?;
        oldest.map(|id| reader.get::<Wish>(id)).transpose()
    })?;
    let Some(wish) = oldest else { return Ok(false) };
    let id = wish.id;
    if let Err(fault) = grant(seam, wish) {
        if desk.failed() || (seam.stop)() {
            return Err(fault);
        }
        log::error!("intake {id}: it could not be undone or read again: {fault}");
        drop_wish(desk, id)?;
    }
    Ok(true)
}

/// What a wish would change, as a preview to keep.
pub(crate) fn preview(seam: &Seam<'_>, id: FileId, what: What) -> Outcome<Preview> {
    let Tally { changes, lines, all } = done(seam, id, what, false)?;
    Ok(Preview { id, what, at: seam.desk.clock().now(), changes, lines, all })
}

fn grant(seam: &Seam<'_>, wish: Wish) -> Outcome<()> {
    let desk = seam.desk;
    if wish.preview {
        let preview = preview(seam, wish.id, wish.what)?;
        let work = move |writer: &mut Writer<'_>| {
            writer.put(&preview)?;
            writer.remove::<Wish>(preview.id)
        };
        return desk.write_bulk(act(desk, "intake.preview"), work).wait();
    }
    done(seam, wish.id, wish.what, true)?;
    match wish.what {
        What::Undo => undo::finish(desk, wish),
        What::Reread => reread::finish(seam, wish),
    }
}

fn done(seam: &Seam<'_>, id: FileId, what: What, keep: bool) -> Outcome<Tally> {
    match what {
        What::Undo => undo::undo(seam, id, keep),
        What::Reread => reread::reread(seam, &[id], keep),
    }
}

fn drop_wish(desk: &Desk, id: FileId) -> Outcome<()> {
    let work = move |writer: &mut Writer<'_>| writer.remove::<Wish>(id);
    desk.write_bulk(act(desk, "intake.wish-dropped"), work).wait()
}

//! Whether an archive can be unpacked at all within the limits, before anything of it is told.

use crate::detect::{Format, detect};
use crate::source::MAGIC;
use crate::unpack::{self, Budget, Limits, Spill, Taken, Zip, drain, gunzip, take};
use almoner_core::export::Problem;
use std::io::Cursor;

/// Unpacks everything once and keeps nothing: an archive that passes a limit anywhere is refused
/// before anything of it is told. A damaged member is its own matter.
pub(crate) fn check_zip(
    zip: &mut Zip<'_>,
    limits: &Limits,
    budget: &mut Budget,
    depth: usize,
) -> Result<(), Problem> {
    for entry in zip.entries() {
        let Ok((bytes, packed)) = zip.entry(entry.at) else { continue };
        let mut bytes = budget.meter(bytes, packed);
        let taken = take(&mut bytes, limits.whole_bytes);
        let taken = taken.and_then(|taken| match taken {
            Taken::Whole(bytes) => Ok(Some(bytes)),
            Taken::Large(_) => drain(bytes).map(|()| None),
        });
        match taken {
            Ok(Some(bytes)) => check_inner(&bytes, limits, budget, depth)?,
            Ok(None) | Err(Spill::Damaged) => {}
            Err(spill) => return Err(spill.problem("zip")),
        }
    }
    Ok(())
}

/// The same of an archive in an archive.
pub(crate) fn check_inner(
    bytes: &[u8],
    limits: &Limits,
    budget: &mut Budget,
    depth: usize,
) -> Result<(), Problem> {
    let format = detect(bytes.get(..MAGIC).unwrap_or(bytes)).format;
    if !matches!(format, Format::Zip | Format::Gzip) {
        return Ok(());
    }
    if depth >= limits.depth {
        return Err(unpack::too_deep());
    }
    if format == Format::Zip {
        let mut source = Cursor::new(bytes);
        return check_zip(&mut Zip::open(&mut source, limits)?, limits, budget, depth + 1);
    }
    let mut inner = budget.meter(gunzip(bytes), bytes.len() as u64);
    let taken = take(&mut inner, limits.whole_bytes);
    match taken.map_err(|spill| spill.problem("gzip"))? {
        Taken::Whole(inner) => check_inner(&inner, limits, budget, depth + 1),
        Taken::Large(_) => drain(inner).map_err(|spill| spill.problem("gzip")),
    }
}

//! Files of an archive that hold no data but say how to look at the others: the index and the metadata
//! of a medium (IHE ITI Cross-Enterprise Document Media Interchange, XDM, TF-2 3.32), style sheets,
//! "read me" files. The archive is kept whole, and they with it.

use crate::detect::Format;
use std::path::Path;

/// Whether a file of an archive is one of these, by its name and what it is.
pub(crate) fn is_packaging(path: &str, format: Format) -> bool {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let end = Path::new(name).extension().and_then(|end| end.to_str()).unwrap_or_default();
    let of_medium = lower.split('/').any(|part| part == "ihe_xdm");
    match format {
        Format::Xml => matches!(end, "xsl" | "xslt") || of_medium && stem == "metadata",
        Format::Html => stem == "index" || stem.starts_with("readme"),
        Format::Unknown | Format::Empty => end == "css" || stem.starts_with("readme"),
        _ => false,
    }
}

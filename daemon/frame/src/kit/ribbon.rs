//! The hours of a day, as the macro of `kit/ribbon.html` draws them. The grid has a column for each
//! quarter of an hour; rows, columns and widths are classes of the stylesheet.

/// The day's hours as drawn.
#[derive(Clone, Debug)]
pub struct Ribbon {
    pub hours: Vec<Hour>,
    pub events: Vec<Event>,
    /// Rows below the hours.
    pub rows: u32,
    /// The part of this hour that has gone, and where it is now with its time.
    pub past: String,
    pub now: Option<(String, String)>,
    /// The lane of visits begins in this row.
    pub visits_row: u32,
}

/// An hour's mark.
#[derive(Clone, Debug)]
pub struct Hour {
    pub class: String,
    /// The whole hour has gone.
    pub gone: bool,
    pub label: String,
}

/// Something with a time.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its place: lane, column, width, kind.
    pub class: String,
    /// Not drawn for want of room, or outside the hours: only listed.
    pub listed: bool,
    pub title: String,
    pub sub: String,
    pub href: String,
    pub work: bool,
}

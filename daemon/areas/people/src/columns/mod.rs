//! The clinic's own columns: what its tracking sheet said of each patient beside what an EHR knows
//! (next call, housing, program). They came with a sheet; from then on they are kept here.

mod intake;
mod pages;
mod record;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use pages::said;
pub use record::{Cell, CellId, Column, ColumnId, Here, Told};
pub use store::{all, cells_of, change, edit, take};

use crate::patients::Merge;
use almoner_frame::{Area, Intake};
use almoner_store::{KindEntry, Reaction, Record};

/// The area.
pub const AREA: Area = Area {
    name: "columns",
    kinds: &[KindEntry::of::<Column>(), KindEntry::of::<Cell>()],
    routes: pages::ROUTES,
    panels: pages::PANELS,
    intake: Intake { join: None, take: None, settle: Some(intake::settle) },
    reactions: &[Reaction { on: <Merge as Record>::KIND, react: store::on_merge }],
    ..Area::EMPTY
};

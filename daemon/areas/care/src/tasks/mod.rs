//! Tasks: something that somebody has promised to do, with a window, an owner and an end that says
//! what came of it.

mod fhir;
mod pages;
mod record;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use record::{Outcome, Output, State, Step, Task, TaskId};
pub use rules::{Command, NewTask, can_undo};
pub use store::{act, of, open, parts, undo};

use almoner_frame::{Anew, Area};
use almoner_people::patients::Merge;
use almoner_store::{KindEntry, Reaction, Record};

/// The area.
pub const AREA: Area = Area {
    name: "tasks",
    kinds: &[KindEntry::of::<Task>()],
    routes: pages::ROUTES,
    panels: pages::PANELS,
    resources: fhir::RESOURCES,
    reactions: &[Reaction { on: <Merge as Record>::KIND, react: store::on_merge }],
    anew: Anew { worked: Some(store::worked), ..Anew::NOTHING },
    ..Area::EMPTY
};

//! Contacts: every call, visit, message and letter with a patient or somebody of theirs, tried or
//! done, with what was said and what was promised.

mod pages;
mod record;
mod rules;
pub(crate) mod store;

pub use pages::{did, told_try};
pub use record::{
    About, Addendum, Contact, ContactId, Direction, Ending, Interpreter, Mistake, Mode, Party,
    Promise, PromiseEnd,
};
pub use rules::{NewContact, next_try, sign};
pub use store::{amend, end_promise, last_at, mark_mistake, newest, of, record};

use almoner_frame::{Anew, Area};
use almoner_people::patients::Merge;
use almoner_store::{KindEntry, Reaction, Record};

/// The area.
pub const AREA: Area = Area {
    name: "contacts",
    kinds: &[KindEntry::of::<Contact>()],
    routes: pages::ROUTES,
    panels: pages::PANELS,
    timeline: Some(pages::TIMELINE),
    tries: Some(pages::tries),
    reactions: &[Reaction { on: <Merge as Record>::KIND, react: store::on_merge }],
    anew: Anew { worked: Some(store::worked), ..Anew::NOTHING },
    ..Area::EMPTY
};

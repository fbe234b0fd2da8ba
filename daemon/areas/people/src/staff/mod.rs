//! Staff: who works here and signs in, with which role; their sessions, the tokens of programs, and
//! the one-time tickets with which somebody chooses a password. Accounts are made and closed only by
//! an administrator at the control socket; an id is never given twice.

mod commands;
pub mod pages;
pub mod record;
pub mod rules;
pub mod store;
#[cfg(test)]
mod tests;

pub use commands::commands;
pub use record::{Account, Cover, Session, Ticket, Token};
pub use store::{StaffAccounts, add, all, disable, enable, name_of, named, reset, set_password};

use almoner_frame::Area;
use almoner_store::KindEntry;

/// The area of staff.
pub const STAFF_AREA: Area = Area {
    name: "staff",
    kinds: &[
        KindEntry::of::<Account>(),
        KindEntry::of::<Session>(),
        KindEntry::of::<Token>(),
        KindEntry::of::<Ticket>(),
    ],
    routes: pages::ROUTES,
    ..Area::EMPTY
};

//! The frame that every area fits into: what an area offers ([`Area`]), how a page is asked for
//! ([`Route`], [`Visit`], [`Form`]) and drawn ([`Page`], the kit of templates), how facts of an
//! export come in ([`Intake`]) and go out as FHIR ([`Resource`]).

pub mod accounts;
pub mod anew;
pub mod area;
pub mod assets;
pub mod command;
pub mod conflict;
pub mod dates;
pub mod drafts;
pub mod due;
pub mod feeds;
pub mod fhir;
pub mod form;
pub mod intake;
pub mod kit;
pub mod language;
mod left;
pub mod lists;
pub mod page;
pub mod picture;
pub mod progress;
pub mod route;
pub mod secret;
pub mod session;
pub mod shell;
pub mod timeline;
pub mod typed;
pub mod visit;

pub use accounts::{Accounts, TextSize};
pub use anew::Anew;
pub use area::{
    Alert, Area, First, NavItem, Panel, PanelPlace, Tab, Tone, Try, handmade, note_handmade,
};
pub use command::{Caller, Command};
pub use fhir::{Resource, Scope};
pub use form::Form;
pub use intake::{Incoming, Intake, Joined, Taken, Two};
pub use language::{Language, Words};
pub use page::{Live, Page, Trust, Witness};
pub use picture::Picture;
pub use progress::Progress;
pub use route::{Next, Route};
pub use session::Session;
pub use timeline::{Timeline, TimelineItem};
pub use typed::Typed;
pub use visit::Visit;

/// The kinds of record that the frame keeps for all areas.
pub const KINDS: &[almoner_store::KindEntry] = &[
    almoner_store::KindEntry::of::<intake::IntakeFile>(),
    almoner_store::KindEntry::of::<lists::SavedProfile>(),
    almoner_store::KindEntry::of::<lists::Question>(),
    almoner_store::KindEntry::of::<anew::Wish>(),
    almoner_store::KindEntry::of::<anew::Preview>(),
    almoner_store::KindEntry::of::<anew::Edition>(),
    almoner_store::KindEntry::of::<drafts::Draft>(),
    almoner_store::KindEntry::of::<drafts::Sent>(),
    almoner_store::KindEntry::of::<feeds::Feed>(),
];

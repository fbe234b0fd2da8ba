//! Transitions: from the news that a patient is in hospital to thirty days at home. An admission or
//! discharge, told by whatever message or document, opens and moves an episode by itself.

mod fhir;
mod pages;
mod record;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use record::{
    Attempt, Complexity, Done, End, EndKind, EpisodeId, Joined, Move, Readmission, Said, Stage,
    TransitionEpisode, Visit, Word,
};
pub use rules::{Command, Standing, standing};
pub use store::{act, ended_lately, moved_since, of, open};

use almoner_care::contacts::Contact;
use almoner_chart::Fact;
use almoner_frame::{Anew, Area, Intake};
use almoner_people::patients::{Merge, Patient};
use almoner_store::{KindEntry, Reaction, Record};

/// The area.
pub const AREA: Area = Area {
    name: "transitions",
    kinds: &[KindEntry::of::<TransitionEpisode>(), KindEntry::of::<Joined>()],
    routes: pages::ROUTES,
    nav: pages::NAV,
    tabs: pages::TABS,
    panels: pages::PANELS,
    timeline: Some(pages::TIMELINE),
    tries: Some(pages::tries),
    before_merge: Some(pages::before_merge),
    resources: fhir::RESOURCES,
    intake: Intake { join: None, take: None, settle: Some(store::settle) },
    anew: Anew {
        clear: Some(store::anew::clear),
        close: Some(store::anew::close),
        tell: Some(store::anew::tell),
        worked: Some(store::anew::worked),
        ..Anew::NOTHING
    },
    reactions: &[
        Reaction { on: <Fact as Record>::KIND, react: store::on_fact },
        Reaction { on: <Contact as Record>::KIND, react: store::on_contact },
        Reaction { on: <Patient as Record>::KIND, react: store::on_patient },
        Reaction { on: <Merge as Record>::KIND, react: store::on_merge },
    ],
    ..Area::EMPTY
};

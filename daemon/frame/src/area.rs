//! What an area of Almoner offers to the house. The list of areas is the table of contents:
//! routes, navigation, the patient page, intake, FHIR and the trail's words are loops over it.

use crate::anew::Anew;
use crate::fhir::{AskWho, Resource};
use crate::intake::Intake;
use crate::page::Trust;
use crate::route::Route;
use crate::timeline::Timeline;
use crate::visit::Visit;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::loops::OpenLoop;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use almoner_store::{Index, Key, Keys, KindEntry, Reaction, Reader, Writer};

/// Records that people of the clinic made for a patient (tasks, contacts, what was done in an episode),
/// by patient: counted, so that whoever must know whether there are any need not know the areas.
const HANDMADE: Index = Index { code: 70, name: "handmade" };

/// Notes that people made a record for a patient; called by the record's own keys.
pub fn note_handmade(keys: &mut Keys, patient: PatientId) {
    keys.add_counted(HANDMADE, Key::all().id(patient));
}

/// How many records people made for a patient.
pub fn handmade(reader: &Reader<'_>, patient: PatientId) -> Outcome<u64> {
    reader.counted(HANDMADE, &Key::all().id(patient))
}

/// What an area tells of a patient to whom it shows it.
pub type OfPatient<T> = fn(&Reader<'_>, &Visit, PatientId) -> Outcome<T>;

/// Numbers beside the navigation and above lists are counted up to this; there it stands "999+".
pub const COUNTED: u64 = 1_000;

/// A number for the person who asks, and whether it is urgent; nothing where there is none.
pub type Counted = fn(&Reader<'_>, &Visit) -> Outcome<Option<(u64, bool)>>;

/// What an area notes for itself when a person has opened a page of a patient's.
pub type Opened = fn(&mut Writer<'_>, StaffId, PatientId) -> Outcome<()>;

/// What an area knows to have been tried to do what a loop asks, the earliest first.
pub type Tries = fn(&Reader<'_>, &Visit, &OpenLoop) -> Outcome<Vec<Try>>;

/// An attempt: when, what became of it, by whom.
pub struct Try {
    pub at: Timestamp,
    pub what: Phrase,
    pub by: String,
    pub href: String,
}

/// What a person must choose before two patients' records can be made one: why, and where.
pub struct First {
    pub what: Phrase,
    /// Words and address of each way.
    pub ways: Vec<(String, String)>,
}

/// What an area knows to stand against two records being made one, until somebody has chosen.
pub type BeforeMerge = fn(&Reader<'_>, &Visit, [PatientId; 2]) -> Outcome<Vec<First>>;

/// One area, as the list in `daemon/src/areas.rs` names it.
pub struct Area {
    /// Its word: `patients`, `transitions` …
    pub name: &'static str,
    /// The kinds of record it keeps.
    pub kinds: &'static [KindEntry],
    pub routes: &'static [Route],
    /// What it shows in the main navigation.
    pub nav: &'static [NavItem],
    /// What it shows on every patient's page …
    pub tabs: &'static [Tab],
    pub panels: &'static [Panel],
    /// … in every patient's banner …
    pub alerts: Option<OfPatient<Vec<Alert>>>,
    /// … and on every patient's timeline.
    pub timeline: Option<Timeline>,
    /// What was tried already of a loop, where it is shown as the next thing to do.
    pub tries: Option<Tries>,
    /// What it serves as FHIR.
    pub resources: &'static [Resource],
    /// What must be chosen before two records are made one.
    pub before_merge: Option<BeforeMerge>,
    /// Says for FHIR who somebody is: of the area that keeps the patients.
    pub who_is: Option<AskWho>,
    /// What it takes from an export.
    pub intake: Intake,
    /// What it does when files are undone, replaced or read again.
    pub anew: Anew,
    /// What it does when another area's record is saved.
    pub reactions: &'static [Reaction],
    /// What it remembers of a person's own way: whom they opened last.
    pub opened: Option<Opened>,
}

impl Area {
    /// An area that offers nothing yet: the base for `Area { name: …, ..Area::EMPTY }`.
    pub const EMPTY: Self = Self {
        name: "",
        kinds: &[],
        routes: &[],
        nav: &[],
        tabs: &[],
        panels: &[],
        alerts: None,
        timeline: None,
        tries: None,
        resources: &[],
        before_merge: None,
        who_is: None,
        intake: Intake::NOTHING,
        anew: Anew::NOTHING,
        reactions: &[],
        opened: None,
    };
}

/// A line of the main navigation.
pub struct NavItem {
    /// Key of its word.
    pub label: &'static str,
    pub href: &'static str,
    pub may: May,
    /// Name of the symbol in the page's sprite.
    pub icon: &'static str,
    /// Where it stands; lower first.
    pub order: u8,
    /// A number beside it, and whether it is an urgent one.
    pub count: Option<Counted>,
}

/// A tab of the patient pages.
pub struct Tab {
    pub label: &'static str,
    /// What follows `/p/{id}`: empty, `/timeline`, `/documents` …
    pub path: &'static str,
    pub may: May,
    pub order: u8,
    pub count: Option<OfPatient<Option<u64>>>,
}

/// In which column of the patient's overview a panel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelPlace {
    Main,
    Side,
}

/// A panel of the patient's overview.
pub struct Panel {
    pub place: PanelPlace,
    /// Lower first.
    pub order: u8,
    pub may: May,
    /// The whole `<section class="panel">`, or nothing where there is nothing to say.
    pub draw: OfPatient<Option<Trust>>,
}

/// How a thing looks: never by colour alone, the words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Info,
    Warn,
    Bad,
    Plum,
}

impl Tone {
    /// Its class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Good => "good",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Plum => "plum",
        }
    }
}

/// An alert of the patient's banner. Order is fixed (`UX.md` §2): allergies, language, safety,
/// similar name, consent.
pub struct Alert {
    pub order: u8,
    pub tone: Tone,
    /// Symbol of the sprite.
    pub icon: &'static str,
    pub text: Phrase,
    /// Where to read more.
    pub href: Option<String>,
}

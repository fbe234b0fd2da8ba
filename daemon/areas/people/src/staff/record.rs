//! What the store keeps of staff: accounts, sessions, tokens and tickets. Secrets are kept as
//! digests or hashes only.

use almoner_core::actor::Role;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::record_id;
use almoner_core::time::Timestamp;
use almoner_frame::secret::digest;
use almoner_store::{Index, Key, Keys, Kind, Record};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

record_id!(
    /// A session: also the visit's name on the trail.
    SessionId
);
record_id!(
    /// A program's token.
    TokenId
);
record_id!(
    /// A one-time ticket.
    TicketId
);

/// A member of staff (FHIR `Practitioner`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: StaffId,
    /// What is typed to sign in; small letters.
    pub sign_in: String,
    /// The person's name, as pages say it.
    pub name: String,
    pub role: Role,
    /// BCP-47 tag of the language of pages.
    pub language: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// `normal`, `large` or `largest`.
    #[serde(default)]
    pub size: String,
    /// Whether single keys do something.
    #[serde(default)]
    pub shortcuts: bool,
    /// Hash of the password (PHC string, argon2id).
    #[serde(default)]
    pub password: Option<String>,
    #[serde(default)]
    pub disabled: bool,
    pub created: Timestamp,
    /// Counts up whenever role, password or state change: older sessions have ended.
    #[serde(default)]
    pub stamp: u32,
    #[serde(default)]
    pub failures: u32,
    #[serde(default)]
    pub failed_at: Option<Timestamp>,
    /// Who does this person's work while they are away.
    #[serde(default)]
    pub cover: Option<Cover>,
}

/// An absence: from the first day to the last, somebody else sees to the loops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    pub by: StaffId,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// A person signed in at one browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub staff: StaffId,
    /// SHA-256 of the cookie's secret, in hexadecimal.
    pub digest: String,
    /// The account's stamp when it began.
    pub stamp: u32,
    pub opened: Timestamp,
    pub seen: Timestamp,
    #[serde(default)]
    pub address: Option<String>,
    /// When it ended: it opens nothing any more, but what its person had typed still finds them.
    #[serde(default)]
    pub ended: Option<Timestamp>,
}

/// A program that may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    pub scope: String,
    /// SHA-256 of the token, in hexadecimal.
    pub digest: String,
    pub created: Timestamp,
    #[serde(default)]
    pub revoked: Option<Timestamp>,
    #[serde(default)]
    pub seen: Option<Timestamp>,
}

/// A one-time ticket to choose a password with: handed over in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub id: TicketId,
    pub staff: StaffId,
    /// SHA-256 of the ticket's text, in hexadecimal.
    pub digest: String,
    pub expires: Timestamp,
}

pub(super) const BY_NAME: Index = Index { code: 10, name: "account_name" };
pub(super) const BY_DIGEST: Index = Index { code: 11, name: "session_digest" };
pub(super) const OF_STAFF: Index = Index { code: 12, name: "session_staff" };
pub(super) const BY_MARK: Index = Index { code: 16, name: "session_mark" };
pub(super) const ENDED_AT: Index = Index { code: 17, name: "ended_session_at" };
pub(super) const TOKEN_DIGEST: Index = Index { code: 13, name: "token_digest" };
pub(super) const TICKET_DIGEST: Index = Index { code: 14, name: "ticket_digest" };
pub(super) const TICKET_STAFF: Index = Index { code: 15, name: "ticket_staff" };

impl Account {
    /// Who sees to this person's work on a day: themselves, or who covers them.
    pub fn acting(&self, day: NaiveDate) -> StaffId {
        let cover = self.cover.filter(|cover| (cover.from..=cover.to).contains(&day));
        cover.map_or(self.id, |cover| cover.by)
    }
}

impl Session {
    /// What the pages of this session carry: it says whose they are, and opens nothing. It stands in
    /// no address and not on the trail, so nobody else can keep a draft in this person's name.
    pub fn mark(&self) -> String {
        digest(&format!("mark {}", self.digest)).chars().take(32).collect()
    }
}

impl Record for Account {
    type Id = StaffId;
    const KIND: Kind = Kind { code: 10, name: "account" };
    const HISTORY: bool = false;

    fn id(&self) -> StaffId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_NAME, Key::all().text(&self.sign_in));
    }
}

impl Record for Session {
    type Id = SessionId;
    const KIND: Kind = Kind { code: 11, name: "session" };
    const HISTORY: bool = false;
    const WITNESSED: bool = false;

    fn id(&self) -> SessionId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_MARK, Key::all().text(&self.mark()));
        match self.ended {
            None => {
                keys.add(BY_DIGEST, Key::all().text(&self.digest));
                keys.add(OF_STAFF, Key::all().id(self.staff));
            }
            Some(at) => keys.add(ENDED_AT, Key::all().instant(at)),
        }
    }
}

impl Record for Token {
    type Id = TokenId;
    const KIND: Kind = Kind { code: 12, name: "token" };
    const HISTORY: bool = false;
    const WITNESSED: bool = false;

    fn id(&self) -> TokenId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(TOKEN_DIGEST, Key::all().text(&self.digest));
    }
}

impl Record for Ticket {
    type Id = TicketId;
    const KIND: Kind = Kind { code: 13, name: "ticket" };
    const HISTORY: bool = false;

    fn id(&self) -> TicketId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(TICKET_DIGEST, Key::all().text(&self.digest));
        keys.add(TICKET_STAFF, Key::all().id(self.staff));
    }
}

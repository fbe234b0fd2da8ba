//! What the doors must know of people who sign in: the face that the area of staff shows to `serve`.
//! The doors check secrets and send cookies; who somebody is and what stands in the store about them
//! is that area's.

use crate::language::Language;
use almoner_core::actor::Role;
use almoner_core::fault::Outcome;
use almoner_core::ids::{RawId, StaffId};
use almoner_core::time::Timestamp;
use almoner_store::{Reader, Writer};

/// How large the letters of the pages are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextSize {
    #[default]
    Normal,
    Large,
    Largest,
}

impl TextSize {
    /// Every size, the smallest first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Largest];

    /// Its word in forms, in the store and on the page.
    pub fn key(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
            Self::Largest => "largest",
        }
    }

    /// The size of a word.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.key() == key)
    }
}

/// An account, as the doors see it.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: StaffId,
    /// What is typed to sign in.
    pub sign_in: String,
    /// The person's name.
    pub name: String,
    pub role: Role,
    pub language: Language,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// How large letters are.
    pub size: TextSize,
    /// Single keys do something: off until the person turns them on.
    pub shortcuts: bool,
    /// The password's hash (PHC string, argon2id); none until the person chose one.
    pub password: Option<String>,
    pub disabled: bool,
    /// Counts up whenever role, password or state change: sessions of an earlier stamp have ended.
    pub stamp: u32,
    /// Failed sign-ins since the last good one, and when the last of them was.
    pub failures: u32,
    pub failed_at: Option<Timestamp>,
}

/// A session, as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Its opaque name: the visit on the trail.
    pub id: RawId,
    pub staff: StaffId,
    /// What its pages carry, derived from the secret's digest.
    pub mark: String,
    /// The account's stamp when it began.
    pub stamp: u32,
    pub opened: Timestamp,
    /// Last request, as far as it was written down.
    pub seen: Timestamp,
}

/// A program's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub id: RawId,
    pub name: String,
    /// `fhir.read`.
    pub scopes: Vec<String>,
    /// Last use, as far as it was written down.
    pub seen: Option<Timestamp>,
}

/// The area of staff, for the doors. Everything is looked up by digest, never by secret.
pub trait Accounts: Send + Sync {
    /// The account that signs in under this name.
    fn named(&self, reader: &Reader<'_>, sign_in: &str) -> Outcome<Option<Account>>;
    /// The account with this id.
    fn account(&self, reader: &Reader<'_>, id: StaffId) -> Outcome<Option<Account>>;
    /// The session whose secret has this digest, while it lives.
    fn session(&self, reader: &Reader<'_>, digest: &str) -> Outcome<Option<OpenSession>>;
    /// For whom pages of this mark were drawn, as long as their session is remembered.
    fn drawn_for(&self, reader: &Reader<'_>, mark: &str) -> Outcome<Option<Account>>;
    /// The token whose secret has this digest, unless it was revoked.
    fn bearer(&self, reader: &Reader<'_>, digest: &str) -> Outcome<Option<Bearer>>;
    /// The account that a one-time ticket of this digest is for, while it may be used.
    fn ticket(&self, reader: &Reader<'_>, digest: &str) -> Outcome<Option<Account>>;

    /// Counts a failed sign-in.
    fn failed(&self, writer: &mut Writer<'_>, id: StaffId) -> Outcome<()>;
    /// Opens a session; the oldest beyond the third of a person ends. Failures are forgotten.
    fn open(&self, writer: &mut Writer<'_>, id: StaffId, digest: &str) -> Outcome<OpenSession>;
    /// Writes down that a session is in use.
    fn touch(&self, writer: &mut Writer<'_>, session: RawId) -> Outcome<()>;
    /// Ends a session.
    fn end(&self, writer: &mut Writer<'_>, session: RawId) -> Outcome<()>;
    /// Forgets the sessions that ended before an instant; gives back how many.
    fn forget_ended(&self, writer: &mut Writer<'_>, before: Timestamp) -> Outcome<usize>;
    /// Writes down that a token is in use.
    fn touch_bearer(&self, writer: &mut Writer<'_>, token: RawId) -> Outcome<()>;
    /// Sets a new password; all sessions of the person but `keep` end.
    fn set_password(
        &self,
        writer: &mut Writer<'_>,
        id: StaffId,
        phc: String,
        keep: Option<RawId>,
    ) -> Outcome<()>;
    /// Uses up a ticket to set a password.
    fn redeem(&self, writer: &mut Writer<'_>, digest: &str, phc: String) -> Outcome<StaffId>;
}

//! The face that staff shows to the doors of `serve`.

use crate::staff::record::{Account, Session, SessionId, TokenId};
use crate::staff::store;
use almoner_core::fault::Outcome;
use almoner_core::ids::{RawId, StaffId};
use almoner_core::time::Timestamp;
use almoner_frame::accounts::{self, Accounts, Bearer, OpenSession};
use almoner_frame::{Language, TextSize};
use almoner_store::{Reader, Writer};

/// The accounts of this house, for `almoner_serve`.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffAccounts;

impl Accounts for StaffAccounts {
    fn named(&self, reader: &Reader<'_>, sign_in: &str) -> Outcome<Option<accounts::Account>> {
        Ok(store::named(reader, sign_in)?.map(face))
    }
    fn account(&self, reader: &Reader<'_>, id: StaffId) -> Outcome<Option<accounts::Account>> {
        Ok(reader.find::<Account>(id)?.map(face))
    }
    fn session(&self, reader: &Reader<'_>, digest: &str) -> Outcome<Option<OpenSession>> {
        Ok(store::session(reader, digest)?.as_ref().map(open_session))
    }
    fn drawn_for(&self, reader: &Reader<'_>, mark: &str) -> Outcome<Option<accounts::Account>> {
        let session = store::marked(reader, mark)?;
        session.map_or(Ok(None), |session| self.account(reader, session.staff))
    }
    fn bearer(&self, reader: &Reader<'_>, digest: &str) -> Outcome<Option<Bearer>> {
        let bearer = store::token(reader, digest)?.map(|token| Bearer {
            id: token.id.0,
            name: token.name,
            scopes: vec![token.scope],
            seen: token.seen,
        });
        Ok(bearer)
    }
    fn ticket(&self, reader: &Reader<'_>, digest: &str) -> Outcome<Option<accounts::Account>> {
        Ok(store::ticket(reader, digest)?.map(|(_, account)| face(account)))
    }
    fn failed(&self, writer: &mut Writer<'_>, id: StaffId) -> Outcome<()> {
        store::failed(writer, id)
    }
    fn open(&self, writer: &mut Writer<'_>, id: StaffId, digest: &str) -> Outcome<OpenSession> {
        Ok(open_session(&store::open(writer, id, digest)?))
    }
    fn touch(&self, writer: &mut Writer<'_>, session: RawId) -> Outcome<()> {
        store::touch(writer, SessionId(session))
    }
    fn end(&self, writer: &mut Writer<'_>, session: RawId) -> Outcome<()> {
        store::end(writer, SessionId(session))
    }
    fn forget_ended(&self, writer: &mut Writer<'_>, before: Timestamp) -> Outcome<usize> {
        store::forget_ended(writer, before)
    }
    fn touch_bearer(&self, writer: &mut Writer<'_>, token: RawId) -> Outcome<()> {
        store::touch_token(writer, TokenId(token))
    }
    fn set_password(
        &self,
        writer: &mut Writer<'_>,
        id: StaffId,
        phc: String,
        keep: Option<RawId>,
    ) -> Outcome<()> {
        store::set_password(writer, id, phc, keep.map(SessionId)).map(drop)
    }
    fn redeem(&self, writer: &mut Writer<'_>, digest: &str, phc: String) -> Outcome<StaffId> {
        store::redeem(writer, digest, phc)
    }
}

fn face(account: Account) -> accounts::Account {
    accounts::Account {
        id: account.id,
        language: Language::of_tag(&account.language).unwrap_or_default(),
        sign_in: account.sign_in,
        name: account.name,
        role: account.role,
        theme: account.theme,
        size: TextSize::of_key(&account.size).unwrap_or_default(),
        shortcuts: account.shortcuts,
        password: account.password,
        disabled: account.disabled,
        stamp: account.stamp,
        failures: account.failures,
        failed_at: account.failed_at,
    }
}

fn open_session(session: &Session) -> OpenSession {
    OpenSession {
        id: session.id.0,
        staff: session.staff,
        mark: session.mark(),
        stamp: session.stamp,
        opened: session.opened,
        seen: session.seen,
    }
}

//! What is done to accounts, sessions, tokens and tickets. Each operation is whole: load, decide,
//! then put.

mod doors;

pub use doors::StaffAccounts;

use super::record::{
    Account, BY_DIGEST, BY_MARK, BY_NAME, Cover, ENDED_AT, OF_STAFF, Session, SessionId,
    TICKET_DIGEST, TICKET_STAFF, TOKEN_DIGEST, Ticket, TicketId, Token, TokenId,
};
use super::rules;
use almoner_core::actor::Role;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{RecordId, StaffId};
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use almoner_frame::Language;
use almoner_frame::secret::{Secret, digest};
use almoner_store::{Index, Key, Reader, Record, Writer};

/// What a new account needs.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What the person types to sign in.
    pub sign_in: String,
    /// The person's name.
    pub name: String,
    pub role: Role,
    pub language: Language,
    /// Hash of a password, where one is known already (the demonstration).
    pub password: Option<String>,
}

/// A ticket, just made: its text is told once.
#[derive(Clone, Debug)]
pub struct Issued {
    pub account: Account,
    pub ticket: String,
    pub expires: Timestamp,
}

/// Every account, by sign-in name.
pub fn all(reader: &Reader<'_>) -> Outcome<Vec<Account>> {
    let ids: Vec<StaffId> = reader.ids(BY_NAME, &Key::all())?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

/// The account that signs in under this name.
pub fn named(reader: &Reader<'_>, sign_in: &str) -> Outcome<Option<Account>> {
    one(reader, BY_NAME, &rules::typed_name(sign_in))
}

/// The clinic's only coordinator, where there is just one: new patients are theirs until the lead
/// says otherwise, so that nobody is without one.
pub fn only_coordinator(reader: &Reader<'_>) -> Outcome<Option<StaffId>> {
    let coordinates = |it: &Account| !it.disabled && it.role == Role::Coordinator;
    let mut coordinators = all(reader)?.into_iter().filter(coordinates);
    let first = coordinators.next().map(|account| account.id);
    Ok(first.filter(|_| coordinators.next().is_none()))
}

/// A person's name; empty for an id that nobody has.
pub fn name_of(reader: &Reader<'_>, id: StaffId) -> Outcome<String> {
    Ok(reader.find::<Account>(id)?.map(|account| account.name).unwrap_or_default())
}

/// Makes an account.
pub fn add(writer: &mut Writer<'_>, new: NewAccount) -> Outcome<Account> {
    if !rules::is_sign_in_name(&new.sign_in) {
        return Err(Fault::refused("name", Phrase::new("staff-name-form")));
    }
    if new.name.trim().is_empty() {
        return Err(Fault::refused("display", Phrase::new("staff-name-missing")));
    }
    if named(writer, &new.sign_in)?.is_some() {
        return Err(Fault::refused("name", Phrase::new("staff-name-taken")));
    }
    let account = Account {
        id: StaffId::random(),
        sign_in: new.sign_in,
        name: new.name.trim().to_owned(),
        role: new.role,
        language: new.language.tag().to_owned(),
        theme: "system".into(),
        size: "normal".into(),
        shortcuts: false,
        password: new.password,
        disabled: false,
        created: writer.act().at,
        stamp: 1,
        failures: 0,
        failed_at: None,
        cover: None,
    };
    writer.put(&account)?;
    Ok(account)
}

/// Closes an account: every session ends with the next request.
pub fn disable(writer: &mut Writer<'_>, id: StaffId) -> Outcome<Account> {
    change(writer, id, |account| account.disabled = true)
}

/// Opens an account again; its password stands, sessions do not come back.
pub fn enable(writer: &mut Writer<'_>, id: StaffId) -> Outcome<Account> {
    change(writer, id, |account| {
        account.disabled = false;
        account.failures = 0;
    })
}

/// Gives somebody another role; their sessions end.
pub fn set_role(writer: &mut Writer<'_>, id: StaffId, role: Role) -> Outcome<Account> {
    change(writer, id, |account| account.role = role)
}

/// Takes the password away and makes a ticket for a new one. Earlier tickets are void.
pub fn reset(writer: &mut Writer<'_>, id: StaffId) -> Outcome<Issued> {
    let secret = Secret::random()?.text();
    let account = change(writer, id, |account| {
        account.password = None;
        account.failures = 0;
    })?;
    void_tickets(writer, id)?;
    let text: String = secret.chars().take(20).collect(); // 80 bits, for 20 minutes
    let expires = writer.act().at + rules::TICKET_LIFE;
    let ticket = Ticket { id: TicketId::random(), staff: id, digest: digest(&text), expires };
    writer.put(&ticket)?;
    let spaced: Vec<String> =
        text.as_bytes().chunks(5).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
    Ok(Issued { account, ticket: spaced.join("-"), expires })
}

/// Sets a password's hash; the person's sessions end, but for `keep`.
pub fn set_password(
    writer: &mut Writer<'_>,
    id: StaffId,
    phc: String,
    keep: Option<SessionId>,
) -> Outcome<Account> {
    let account = change(writer, id, |account| {
        account.password = Some(phc);
        account.failures = 0;
    })?;
    if let Some(mut session) = keep.map(|id| writer.find::<Session>(id)).transpose()?.flatten() {
        session.stamp = account.stamp;
        writer.put(&session)?;
    }
    Ok(account)
}

/// Sets what a person chose for their own pages.
pub fn set_preferences(
    writer: &mut Writer<'_>,
    id: StaffId,
    wished: rules::Preferences,
) -> Outcome<()> {
    rules::check_preferences(&wished).or_ok()?;
    let mut account: Account = writer.get(id)?;
    account.language = wished.language;
    account.theme = wished.theme;
    account.size = wished.size;
    account.shortcuts = wished.shortcuts;
    writer.put(&account)
}

/// Says who does somebody's work while they are away; `None` ends it.
pub fn set_cover(writer: &mut Writer<'_>, id: StaffId, cover: Option<Cover>) -> Outcome<()> {
    if cover.is_some_and(|cover| cover.by == id || cover.to < cover.from) {
        return Err(Fault::refused("cover", Phrase::new("staff-cover-form")));
    }
    let mut account: Account = writer.get(id)?;
    account.cover = cover;
    writer.put(&account)
}

/// The account of a ticket that may still be used.
pub fn ticket(reader: &Reader<'_>, shown_digest: &str) -> Outcome<Option<(Ticket, Account)>> {
    let Some(ticket) = one::<Ticket>(reader, TICKET_DIGEST, shown_digest)? else { return Ok(None) };
    let account = reader.find::<Account>(ticket.staff)?;
    let usable = |account: &Account| !account.disabled && ticket.expires > reader.now();
    Ok(account.filter(usable).map(|account| (ticket.clone(), account)))
}

/// Uses up a ticket to set a password.
pub fn redeem(writer: &mut Writer<'_>, shown_digest: &str, phc: String) -> Outcome<StaffId> {
    let (_, account) = ticket(writer, shown_digest)?.ok_or(Fault::Absent("ticket"))?;
    void_tickets(writer, account.id)?;
    set_password(writer, account.id, phc, None)?;
    Ok(account.id)
}

/// Counts a failed sign-in.
pub fn failed(writer: &mut Writer<'_>, id: StaffId) -> Outcome<()> {
    let mut account: Account = writer.get(id)?;
    account.failures = account.failures.saturating_add(1);
    account.failed_at = Some(writer.act().at);
    writer.put(&account)
}

/// Opens a session; failures are forgotten, the oldest session beyond the third ends.
pub fn open(writer: &mut Writer<'_>, id: StaffId, digest: &str) -> Outcome<Session> {
    let mut account: Account = writer.get(id)?;
    let mut others = sessions_of(writer, id)?;
    others.sort_by_key(|session| session.seen);
    let many = (others.len() + 1).saturating_sub(rules::SESSIONS);
    let (at, address) = (writer.act().at, writer.act().address.clone());
    account.failures = 0;
    account.failed_at = None;
    writer.put(&account)?;
    for session in others.into_iter().take(many) {
        end(writer, session.id)?;
    }
    let session = Session {
        id: SessionId::random(),
        staff: id,
        digest: digest.to_owned(),
        stamp: account.stamp,
        opened: at,
        seen: at,
        address,
        ended: None,
    };
    writer.put(&session)?;
    Ok(session)
}

/// The sessions of a person.
pub fn sessions_of(reader: &Reader<'_>, id: StaffId) -> Outcome<Vec<Session>> {
    let ids: Vec<SessionId> = reader.exactly(OF_STAFF, &Key::all().id(id))?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

/// The session whose secret has this digest.
pub fn session(reader: &Reader<'_>, digest: &str) -> Outcome<Option<Session>> {
    one(reader, BY_DIGEST, digest)
}

/// Ends a session. It is remembered for a while, so that a form of its pages can be kept as a draft
/// of its person.
pub fn end(writer: &mut Writer<'_>, id: SessionId) -> Outcome<()> {
    let Some(mut session) = writer.find::<Session>(id)? else { return Ok(()) };
    session.ended.get_or_insert(writer.act().at);
    writer.put(&session)
}

/// The session whose pages carry this mark, whether it lives or has ended.
pub fn marked(reader: &Reader<'_>, mark: &str) -> Outcome<Option<Session>> {
    one(reader, BY_MARK, mark)
}

/// Forgets the sessions that ended before an instant; gives back how many.
pub fn forget_ended(writer: &mut Writer<'_>, before: Timestamp) -> Outcome<usize> {
    let mut ids = Vec::new();
    writer.between(ENDED_AT, &Key::all(), &Key::all().instant(before), &mut |id| {
        ids.push(SessionId(id));
        Ok(true)
    })?;
    ids.iter().try_for_each(|id| writer.remove::<Session>(*id))?;
    Ok(ids.len())
}

/// Writes down that a session is in use.
pub fn touch(writer: &mut Writer<'_>, id: SessionId) -> Outcome<()> {
    let Some(mut session) = writer.find::<Session>(id)? else { return Ok(()) };
    session.seen = session.seen.max(writer.act().at);
    writer.put(&session)
}

/// Every token, also the revoked ones, oldest first.
pub fn tokens(reader: &Reader<'_>) -> Outcome<Vec<Token>> {
    let mut tokens: Vec<Token> = reader.all()?;
    tokens.sort_by_key(|token| (token.created, token.id));
    Ok(tokens)
}

/// The token of this digest, unless it was revoked.
pub fn token(reader: &Reader<'_>, digest: &str) -> Outcome<Option<Token>> {
    let token: Option<Token> = one(reader, TOKEN_DIGEST, digest)?;
    Ok(token.filter(|token| token.revoked.is_none()))
}

/// Makes a token; its text is told once.
pub fn create_token(writer: &mut Writer<'_>, name: &str, scope: &str) -> Outcome<(Token, String)> {
    if !rules::is_sign_in_name(name) {
        return Err(Fault::refused("name", Phrase::new("staff-name-form")));
    }
    if !rules::SCOPES.contains(&scope) {
        return Err(Fault::refused("scope", Phrase::new("staff-scope")));
    }
    if tokens(writer)?.iter().any(|token| token.name == name && token.revoked.is_none()) {
        return Err(Fault::refused("name", Phrase::new("staff-name-taken")));
    }
    let secret = Secret::random()?;
    let token = Token {
        id: TokenId::random(),
        name: name.to_owned(),
        scope: scope.to_owned(),
        digest: secret.digest(),
        created: writer.act().at,
        revoked: None,
        seen: None,
    };
    writer.put(&token)?;
    Ok((token, secret.text()))
}

/// Revokes the living token of this name.
pub fn revoke_token(writer: &mut Writer<'_>, name: &str) -> Outcome<Token> {
    let living = |token: &Token| token.name == name && token.revoked.is_none();
    let mut token = tokens(writer)?.into_iter().find(living).ok_or(Fault::Absent("token"))?;
    token.revoked = Some(writer.act().at);
    writer.put(&token)?;
    Ok(token)
}

/// Writes down that a token is in use.
pub fn touch_token(writer: &mut Writer<'_>, id: TokenId) -> Outcome<()> {
    let Some(mut token) = writer.find::<Token>(id)? else { return Ok(()) };
    token.seen = Some(writer.act().at);
    writer.put(&token)
}

fn change(
    writer: &mut Writer<'_>,
    id: StaffId,
    apply: impl FnOnce(&mut Account),
) -> Outcome<Account> {
    let mut account: Account = writer.get(id)?;
    apply(&mut account);
    account.stamp += 1;
    writer.put(&account)?;
    Ok(account)
}

fn void_tickets(writer: &mut Writer<'_>, id: StaffId) -> Outcome<()> {
    let old: Vec<TicketId> = writer.exactly(TICKET_STAFF, &Key::all().id(id))?;
    old.into_iter().try_for_each(|ticket| writer.remove::<Ticket>(ticket))
}

fn one<R: Record>(reader: &Reader<'_>, index: Index, text: &str) -> Outcome<Option<R>> {
    let ids: Vec<R::Id> = reader.exactly(index, &Key::all().text(text))?;
    ids.first().map_or(Ok(None), |id| reader.find(R::Id::from_bytes(id.bytes())))
}

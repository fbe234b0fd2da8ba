//! Commands of the control socket about accounts and tokens. Users are managed only here: no page
//! makes an account or sees a password.

use super::record::{Account, Token};
use super::store::{self, Issued, NewAccount};
use almoner_core::actor::Role;
use almoner_core::control::{
    Failure, Named, Nothing, Ticket, TokenCreate, TokenCreated, TokenRow, Tokens, UserAdd, UserRow,
    Users, names,
};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::StaffId;
use almoner_frame::language::Words;
use almoner_frame::{Caller, Command, Language};
use almoner_store::{Desk, Reader, Verb, Writer};

/// `user …` and `token …`.
pub fn commands() -> Vec<Command> {
    vec![
        Command::new(names::USER_LIST, |desk, _, _: Nothing| Ok(desk.read(users)?)),
        Command::new(names::USER_ADD, add),
        Command::new(names::USER_DISABLE, |desk, caller, named: Named| {
            let done = of_user(desk, caller, "user.disable", named, store::disable)?;
            user(desk, &done)
        }),
        Command::new(names::USER_ENABLE, |desk, caller, named: Named| {
            let done = of_user(desk, caller, "user.enable", named, store::enable)?;
            user(desk, &done)
        }),
        Command::new(names::USER_RESET, |desk, caller, named: Named| {
            Ok(told(of_user(desk, caller, "user.reset", named, store::reset)?))
        }),
        Command::new(names::TOKEN_LIST, |desk, _, _: Nothing| {
            let rows = |reader: &Reader<'_>| {
                Ok(store::tokens(reader)?.into_iter().map(token_row).collect::<Vec<_>>())
            };
            Ok(Tokens { tokens: desk.read(rows)? })
        }),
        Command::new(names::TOKEN_CREATE, create_token),
        Command::new(names::TOKEN_REVOKE, |desk, caller, named: Named| {
            let act = caller.act(desk, Verb("token.revoke"));
            let work = move |writer: &mut Writer<'_>| {
                writer.witness("done");
                store::revoke_token(writer, &named.name)
            };
            Ok(token_row(desk.write(act, work).wait().map_err(failure)?))
        }),
    ]
}

fn add(desk: &Desk, caller: &Caller, asked: UserAdd) -> Result<Ticket, Failure> {
    let role = Role::parse(&asked.role).ok_or_else(|| {
        let roles: Vec<_> = Role::ALL.into_iter().map(Role::key).collect();
        Failure::usage(format!("there is no role {}", asked.role)).hint(roles.join(", "))
    })?;
    let language = match asked.language.as_str() {
        "" => Language::default(),
        tag => Language::of_tag(tag).ok_or_else(|| {
            Failure::usage(format!("pages are not drawn in {tag}")).hint("en, es")
        })?,
    };
    let new =
        NewAccount { sign_in: asked.name, name: asked.display, role, language, password: None };
    let work = move |writer: &mut Writer<'_>| {
        let account = store::add(writer, new)?;
        store::reset(writer, account.id)
    };
    let act = caller.act(desk, Verb("user.add"));
    Ok(told(desk.write(act, work).wait().map_err(failure)?))
}

fn create_token(desk: &Desk, caller: &Caller, asked: TokenCreate) -> Result<TokenCreated, Failure> {
    let act = caller.act(desk, Verb("token.create"));
    let work = move |writer: &mut Writer<'_>| {
        writer.witness("done");
        store::create_token(writer, &asked.name, &asked.scope)
    };
    let (token, text) = desk.write(act, work).wait().map_err(failure)?;
    Ok(TokenCreated { id: token.id.to_string(), name: token.name, scope: token.scope, token: text })
}

fn of_user<T: Send + 'static>(
    desk: &Desk,
    caller: &Caller,
    verb: &'static str,
    named: Named,
    operation: fn(&mut Writer<'_>, StaffId) -> Outcome<T>,
) -> Result<T, Failure> {
    let missing = format!("there is no user {}", named.name);
    let work = move |writer: &mut Writer<'_>| {
        let account = store::named(writer, &named.name)?.ok_or(Fault::Absent("user"))?;
        operation(writer, account.id)
    };
    desk.write(caller.act(desk, Verb(verb)), work).wait().map_err(|fault| match fault {
        Fault::Absent(_) => Failure::not_found(missing).hint("almoner user list"),
        other => failure(other),
    })
}

fn users(reader: &Reader<'_>) -> Outcome<Users> {
    let rows = store::all(reader)?.into_iter().map(|account| user_row(reader, account));
    Ok(Users { users: rows.collect::<Outcome<_>>()? })
}

fn user(desk: &Desk, account: &Account) -> Result<UserRow, Failure> {
    Ok(desk.read(|reader| user_row(reader, account.clone()))?)
}

fn user_row(reader: &Reader<'_>, account: Account) -> Outcome<UserRow> {
    let sessions = store::sessions_of(reader, account.id)?;
    let living = sessions.iter().filter(|session| session.stamp == account.stamp).count();
    Ok(UserRow {
        id: account.id.to_string(),
        name: account.sign_in,
        display: account.name,
        role: account.role.key().to_owned(),
        language: account.language,
        disabled: account.disabled,
        has_password: account.password.is_some(),
        sessions: living as u64,
        created: account.created,
    })
}

fn token_row(token: Token) -> TokenRow {
    TokenRow {
        id: token.id.to_string(),
        name: token.name,
        scope: token.scope,
        created: token.created,
        revoked: token.revoked,
        last_used: token.seen,
    }
}

fn told(issued: Issued) -> Ticket {
    Ticket {
        name: issued.account.sign_in,
        ticket: issued.ticket,
        expires: issued.expires,
        path: "/ticket".into(),
    }
}

/// A refusal in English: the command line speaks no other language.
fn failure(fault: Fault) -> Failure {
    match fault {
        Fault::Refused(refusal) => {
            let words = Words::of(Language::English, almoner_core::time::Zone::default());
            let said: Vec<_> = refusal.problems.iter().map(|(_, what)| words.say(what)).collect();
            Failure::usage(said.join("; "))
        }
        other => other.into(),
    }
}

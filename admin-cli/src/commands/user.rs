//! `almoner user`: people's accounts. Nobody but the person ever knows the password: an account is
//! begun, and begun anew, with a ticket that works once.

use crate::appliance::Appliance;
use crate::ask::typed_name;
use crate::options::{Change, Common, Loss};
use crate::report::{Records, Report, columns, iso, local};
use almoner_core::control::{self, Failure, Named, Nothing, UserAdd, names};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::fmt;

/// What can be done with accounts.
#[derive(Subcommand, Debug)]
pub enum User {
    /// All accounts
    List,
    /// Begin an account; prints a ticket for the person, once
    Add(Add),
    /// Shut an account: sessions end at once, nothing is deleted
    Disable(Gone),
    /// Open a shut account again
    Enable(One),
    /// Give the person a new ticket; the old password works no more
    Reset(Gone),
}

/// Options of `almoner user add`.
#[derive(Args, Debug)]
pub struct Add {
    /// What the person types to sign in
    name: String,
    /// The person's name as colleagues see it; the sign-in name when absent
    #[arg(long, value_name = "WORDS")]
    display: Option<String>,
    /// What the person does here
    #[arg(long, value_parser = ["coordinator", "lead", "clinician", "front_desk", "privacy_officer"])]
    role: String,
    /// Language of the person's pages
    #[arg(long, default_value = "en", value_parser = ["en", "es"])]
    language: String,
    #[command(flatten)]
    change: Change,
}

/// An account by its sign-in name.
#[derive(Args, Debug)]
pub struct One {
    /// The sign-in name
    name: String,
    #[command(flatten)]
    change: Change,
}

/// An account by its sign-in name, to be taken from its person.
#[derive(Args, Debug)]
pub struct Gone {
    /// The sign-in name
    name: String,
    #[command(flatten)]
    loss: Loss,
}

#[derive(Serialize)]
#[serde(transparent)]
struct List(control::Users);

#[derive(Serialize)]
struct Ticket {
    #[serde(flatten)]
    ticket: control::Ticket,
    /// Address of the page where the person uses it.
    url: String,
}

pub(crate) fn run(common: &Common, asked: User) -> Result<Report, Failure> {
    let appliance = Appliance::of(common);
    match asked {
        User::List => {
            let users = appliance.call(names::USER_LIST, &Nothing {})?;
            Ok(Report::new("almoner.user.list/1", List(users)))
        }
        User::Add(asked) => add(&appliance, asked),
        User::Disable(Gone { name, loss }) => {
            const SCHEMA: &str = "almoner.user.disable/1";
            known(&appliance, &name)?;
            if loss.change.dry_run {
                return Ok(Report::would(SCHEMA, format!("shut the account {name}.")));
            }
            typed_name(loss, "This shuts the account", &name)?;
            let Nothing {} = appliance.call(names::USER_DISABLE, &Named { name: name.clone() })?;
            Ok(Report::said(SCHEMA, format!("The account {name} is shut and its sessions ended."))
                .then(format!("almoner user enable {name} opens it again")))
        }
        User::Enable(One { name, change }) => {
            const SCHEMA: &str = "almoner.user.enable/1";
            known(&appliance, &name)?;
            if change.dry_run {
                return Ok(Report::would(SCHEMA, format!("open the account {name} again.")));
            }
            let Nothing {} = appliance.call(names::USER_ENABLE, &Named { name: name.clone() })?;
            Ok(Report::said(SCHEMA, format!("The account {name} is open again.")))
        }
        User::Reset(Gone { name, loss }) => {
            const SCHEMA: &str = "almoner.user.reset/1";
            known(&appliance, &name)?;
            if loss.change.dry_run {
                let what = format!("end the password of {name} and print a new ticket.");
                return Ok(Report::would(SCHEMA, what));
            }
            typed_name(loss, "This ends the password of", &name)?;
            let ticket = appliance.call(names::USER_RESET, &Named { name })?;
            Ok(Report::new(SCHEMA, with_url(&appliance, ticket)))
        }
    }
}

fn add(appliance: &Appliance, asked: Add) -> Result<Report, Failure> {
    const SCHEMA: &str = "almoner.user.add/1";
    let Add { name, display, role, language, change } = asked;
    if change.dry_run {
        return Ok(Report::would(SCHEMA, format!("begin an account {name} as {role}.")));
    }
    let display = display.unwrap_or_else(|| name.clone());
    let ticket = appliance.call(names::USER_ADD, &UserAdd { name, display, role, language })?;
    Ok(Report::new(SCHEMA, with_url(appliance, ticket)))
}

/// Refuses a name that no account has, before anything is asked or done.
fn known(appliance: &Appliance, name: &str) -> Result<(), Failure> {
    let users: control::Users = appliance.call(names::USER_LIST, &Nothing {})?;
    if users.users.iter().any(|user| user.name == name) {
        return Ok(());
    }
    Err(Failure::not_found(format!("there is no account {name}")).hint("almoner user list"))
}

fn with_url(appliance: &Appliance, ticket: control::Ticket) -> Ticket {
    // The ticket was made; where the page is, is a courtesy.
    let status = appliance.call::<_, control::Status>(names::STATUS, &Nothing {});
    let url = status.map(|status| format!("{}{}", status.url, ticket.path)).unwrap_or_default();
    Ticket { ticket, url }
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let control::Ticket { name, ticket, expires, path } = &self.ticket;
        writeln!(f, "Ticket for {name}, shown only now:\n\n    {ticket}\n")?;
        let page = if self.url.is_empty() { path } else { &self.url };
        write!(f, "Used once by {name} at {page}, until {}.", local(*expires))
    }
}

impl Records for Ticket {
    fn records(&self) -> Vec<Vec<String>> {
        let control::Ticket { name, ticket, expires, path } = &self.ticket;
        vec![vec![name.clone(), ticket.clone(), iso(*expires), path.clone()]]
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.users.is_empty() {
            return f.write_str("No accounts yet.");
        }
        let head = ["name", "role", "state", "sessions", "language", "since", "display"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        rows.extend(self.0.users.iter().map(|user| {
            vec![
                user.name.clone(),
                user.role.clone(),
                state(user).to_owned(),
                user.sessions.to_string(),
                user.language.clone(),
                local(user.created),
                user.display.clone(),
            ]
        }));
        f.write_str(&columns(&rows))
    }
}

impl Records for List {
    fn records(&self) -> Vec<Vec<String>> {
        let row = |user: &control::UserRow| {
            vec![
                user.name.clone(),
                user.role.clone(),
                state(user).to_owned(),
                user.sessions.to_string(),
                user.language.clone(),
                iso(user.created),
                user.display.clone(),
            ]
        };
        self.0.users.iter().map(row).collect()
    }
}

fn state(user: &control::UserRow) -> &'static str {
    match (user.disabled, user.has_password) {
        (true, _) => "shut",
        (false, true) => "open",
        (false, false) => "ticket",
    }
}

//! `almoner token`: what programs sign in with that read over FHIR.

use crate::appliance::Appliance;
use crate::ask::typed_name;
use crate::options::{Change, Common, Loss};
use crate::report::{Records, Report, columns, iso, local};
use almoner_core::control::{self, Failure, Named, Nothing, TokenCreate, names};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::fmt;

/// What can be done with tokens.
#[derive(Subcommand, Debug)]
pub enum Token {
    /// Make a token; it is printed once
    Create(Create),
    /// All tokens, without their secrets
    List,
    /// End a token at once
    Revoke(Revoke),
}

/// Options of `almoner token create`.
#[derive(Args, Debug)]
pub struct Create {
    /// What the token is for, such as the program's name
    #[arg(long)]
    name: String,
    /// What it may do
    #[arg(long, default_value = "fhir.read", value_parser = ["fhir.read"])]
    scope: String,
    #[command(flatten)]
    change: Change,
}

/// Options of `almoner token revoke`.
#[derive(Args, Debug)]
pub struct Revoke {
    /// Name or id of the token
    name: String,
    #[command(flatten)]
    loss: Loss,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Created(control::TokenCreated);

#[derive(Serialize)]
#[serde(transparent)]
struct List(control::Tokens);

pub(crate) fn run(common: &Common, asked: Token) -> Result<Report, Failure> {
    let appliance = Appliance::of(common);
    match asked {
        Token::Create(Create { name, scope, change }) => {
            const SCHEMA: &str = "almoner.token.create/1";
            if change.dry_run {
                return Ok(Report::would(SCHEMA, format!("make a token {name} for {scope}.")));
            }
            let made = appliance.call(names::TOKEN_CREATE, &TokenCreate { name, scope })?;
            Ok(Report::new(SCHEMA, Created(made)))
        }
        Token::List => {
            let tokens = appliance.call(names::TOKEN_LIST, &Nothing {})?;
            Ok(Report::new("almoner.token.list/1", List(tokens)))
        }
        Token::Revoke(Revoke { name, loss }) => revoke(&appliance, name, loss),
    }
}

fn revoke(appliance: &Appliance, name: String, loss: Loss) -> Result<Report, Failure> {
    const SCHEMA: &str = "almoner.token.revoke/1";
    let tokens: control::Tokens = appliance.call(names::TOKEN_LIST, &Nothing {})?;
    if !tokens.tokens.iter().any(|token| token.name == name || token.id == name) {
        let failure = Failure::not_found(format!("there is no token {name}"));
        return Err(failure.hint("almoner token list"));
    }
    if loss.change.dry_run {
        return Ok(Report::would(SCHEMA, format!("end the token {name}.")));
    }
    typed_name(loss, "This ends the token", &name)?;
    let Nothing {} = appliance.call(names::TOKEN_REVOKE, &Named { name: name.clone() })?;
    Ok(Report::said(SCHEMA, format!("The token {name} is ended.")))
}

impl fmt::Display for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let control::TokenCreated { name, scope, token, .. } = &self.0;
        write!(f, "Token {name} for {scope}, shown only now:\n\n    {token}")
    }
}

impl Records for Created {
    fn records(&self) -> Vec<Vec<String>> {
        let control::TokenCreated { id, name, scope, token } = &self.0;
        vec![vec![id.clone(), name.clone(), scope.clone(), token.clone()]]
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.tokens.is_empty() {
            return f.write_str("No tokens yet.");
        }
        let head = ["name", "scope", "state", "made", "last used", "id"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        rows.extend(self.0.tokens.iter().map(|token| {
            vec![
                token.name.clone(),
                token.scope.clone(),
                state(token).to_owned(),
                local(token.created),
                token.last_used.map_or_else(|| "never".to_owned(), local),
                token.id.clone(),
            ]
        }));
        f.write_str(&columns(&rows))
    }
}

impl Records for List {
    fn records(&self) -> Vec<Vec<String>> {
        let row = |token: &control::TokenRow| {
            vec![
                token.id.clone(),
                token.name.clone(),
                token.scope.clone(),
                state(token).to_owned(),
                iso(token.created),
                token.last_used.map(iso).unwrap_or_default(),
            ]
        };
        self.0.tokens.iter().map(row).collect()
    }
}

fn state(token: &control::TokenRow) -> &'static str {
    if token.revoked.is_some() { "ended" } else { "works" }
}

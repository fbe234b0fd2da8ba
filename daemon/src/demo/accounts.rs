//! The demo's accounts: made once, with passwords that are told in the ready file and kept in the
//! demo's own folder so that a second start tells them again.

use super::clinic::Clinic;
use almoner_core::actor::{Actor, Role};
use almoner_core::fault::{Fault, Outcome};
use almoner_frame::Language;
use almoner_people::staff;
use almoner_store::{Act, Desk, Verb};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What the ready file tells of the accounts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Told {
    pub accounts: Vec<Account>,
    pub fhir_token: String,
}

/// One account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Account {
    pub name: String,
    pub role: String,
    pub password: String,
}

/// The accounts of the demo in `folder`, made at its first start.
pub(crate) fn ensure(desk: &Desk, folder: &Path, clinic: &Clinic) -> Outcome<Told> {
    let kept = folder.join("demo-accounts.json");
    if let Ok(text) = std::fs::read(&kept) {
        return serde_json::from_slice(&text).map_err(|cause| Fault::Broken(Box::new(cause)));
    }
    let told = make(desk, clinic)?;
    let text = serde_json::to_vec_pretty(&told).map_err(|cause| Fault::Broken(Box::new(cause)))?;
    std::fs::write(&kept, text)?;
    Ok(told)
}

fn make(desk: &Desk, clinic: &Clinic) -> Outcome<Told> {
    let mut accounts = Vec::new();
    let mut added = Vec::new();
    for member in &clinic.staff {
        let role = Role::parse(&member.role)
            .ok_or_else(|| Fault::broken(format!("clinic.toml: no such role {}", member.role)))?;
        let password = password()?;
        let hash = almoner_serve::password::hash(&password, almoner_serve::Cost::default())?;
        added.push(staff::store::NewAccount {
            sign_in: member.name.clone(),
            name: member.display.clone(),
            role,
            language: Language::English,
            password: Some(hash),
        });
        accounts.push(Account { name: member.name.clone(), role: member.role.clone(), password });
    }
    let act = Act::new(Actor::Appliance, Verb("demo.staff"), desk.clock().now());
    let fhir_token = desk
        .write(act, move |writer| {
            for account in added {
                if staff::named(writer, &account.sign_in)?.is_none() {
                    staff::add(writer, account)?;
                }
            }
            let _ = staff::store::revoke_token(writer, "demo");
            Ok(staff::store::create_token(writer, "demo", "fhir.read")?.1)
        })
        .wait()?;
    Ok(Told { accounts, fhir_token })
}

/// Four made-up words with a number: long enough, and easy to type from the screen.
fn password() -> Outcome<String> {
    const WORDS: [&str; 16] = [
        "harbor", "lantern", "maple", "kettle", "violet", "anchor", "pebble", "meadow", "copper",
        "walnut", "thistle", "marble", "saffron", "willow", "ember", "juniper",
    ];
    let mut bytes = [0_u8; 6];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes)
        .map_err(|_| Fault::broken("the machine gave no random numbers"))?;
    let word = |byte: &u8| WORDS.get(usize::from(byte % 16)).copied().unwrap_or("harbor");
    let [words @ .., tens, ones] = bytes;
    let words: Vec<_> = words.iter().map(word).collect();
    Ok(format!("{}-{}{}", words.join("-"), tens % 10, ones % 10))
}

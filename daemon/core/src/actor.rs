//! Who acts: a person signed in, a program with a token, an administrator at the socket, or the
//! appliance itself.

use crate::ids::StaffId;
use serde::{Deserialize, Serialize};

/// Who did it. Every act on the trail names one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A member of staff, signed in.
    Staff(StaffId),
    /// A program that holds a token of this name.
    Token(String),
    /// A member of the admin group at the control socket, by Unix user name.
    Admin(String),
    /// The intake of dropped files.
    Intake,
    /// The appliance itself: start, chores, sign-in before anybody is known.
    Appliance,
}

impl Actor {
    /// The kind of actor, as the trail writes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::Token(_) => "token",
            Self::Admin(_) => "admin",
            Self::Intake => "intake",
            Self::Appliance => "appliance",
        }
    }

    /// Which one of its kind.
    pub fn label(&self) -> String {
        match self {
            Self::Staff(id) => id.to_string(),
            Self::Token(name) | Self::Admin(name) => name.clone(),
            Self::Intake => "intake".into(),
            Self::Appliance => "almonerd".into(),
        }
    }
}

/// What somebody does in the clinic, and so what they may do here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Coordinator,
    Lead,
    Clinician,
    FrontDesk,
    PrivacyOfficer,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Coordinator, Self::Lead, Self::Clinician, Self::FrontDesk, Self::PrivacyOfficer];

    /// Its name on the command line and in files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Coordinator => "coordinator",
            Self::Lead => "lead",
            Self::Clinician => "clinician",
            Self::FrontDesk => "front_desk",
            Self::PrivacyOfficer => "privacy_officer",
        }
    }

    /// The role of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == text)
    }
}

//! An entry of the directory: what the newest file says of a service, and which files said so.

use super::rules;
use almoner_core::clinical::ServiceEntry;
use almoner_core::ids::{FileId, PatientId};
use almoner_core::record_id;
use almoner_core::time::Timestamp;
use almoner_frame::anew::Mention;
use almoner_store::{Index, Key, Keys, Kind, Record};
use serde::{Deserialize, Serialize};

record_id!(
    /// An entry of the directory.
    ResourceId
);

/// Entries by the source's own number.
pub(crate) const BY_NUMBER: Index = Index { code: 410, name: "resource_number" };
/// Entries by the words that they are found by.
pub(crate) const BY_WORD: Index = Index { code: 411, name: "resource_word" };
/// Entries by the terms under which the source puts them.
pub(crate) const BY_TERM: Index = Index { code: 412, name: "resource_term" };
/// Entries that people can be sent to (0), then the others (1), by name.
pub(crate) const BY_NAME: Index = Index { code: 413, name: "resource_name" };
/// Entries of a source.
pub(crate) const OF_SOURCE: Index = Index { code: 414, name: "resource_source" };
/// Entries that a file lists, and those that it no longer lists.
pub(crate) const OF_FILE: Index = Index { code: 416, name: "resource_file" };
/// Entries that a file which lists all of its source's no longer lists.
pub(crate) const MISSING_IN: Index = Index { code: 417, name: "resource_missing" };
/// How many there are that people can be sent to, and others: counted.
pub(crate) const STANDING: Index = Index { code: 415, name: "resource_standing" };

/// One file that lists an entry, or no longer does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub file: FileId,
    pub sha256: [u8; 32],
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub member: String,
    #[serde(default)]
    pub place: String,
    /// Of the statement in that file; empty in what earlier programs wrote.
    #[serde(default)]
    pub key: String,
    pub received: Timestamp,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResourceEntry {
    pub id: ResourceId,
    /// The source's own number, with as much beside it as makes it unlike every other ([`rules::number`]).
    pub number: String,
    /// What the newest file says.
    pub service: ServiceEntry,
    /// The files that list it, the newest last.
    pub listings: Vec<Listing>,
    pub first_seen: Timestamp,
    /// When what is said of it last changed.
    pub updated: Timestamp,
    /// Since when the source no longer lists it.
    #[serde(default)]
    pub withdrawn: Option<Timestamp>,
    /// The files of the whole list that did not have it, though an earlier one had, the first ones.
    #[serde(default)]
    pub missing: Vec<Listing>,
}

impl ResourceEntry {
    /// The newest file that lists it.
    pub fn newest(&self) -> Option<&Listing> {
        self.listings.iter().max_by_key(|it| it.received)
    }

    /// Whether people can be sent there: the source lists it, and calls it active.
    pub fn is_usable(&self) -> bool {
        self.withdrawn.is_none() && self.service.is_usable()
    }

    /// Where the files speak of it: the key of its statement, or of the word that a list is whole.
    pub(super) fn mentions(&self) -> Vec<Mention> {
        let mention = |it: &Listing| Mention {
            file: it.file,
            sha256: it.sha256,
            member: it.member.clone(),
            key: if it.key.is_empty() { self.service.id.clone() } else { it.key.clone() },
        };
        self.listings.iter().chain(&self.missing).map(mention).collect()
    }

    /// Its page.
    pub fn path(&self) -> String {
        format!("/resources/{}", self.id)
    }
}

/// Half of a file's digest is unlike every other's.
pub(super) fn file_key(sha256: &[u8; 32]) -> Key {
    Key::all().bytes(sha256.first_chunk::<16>().map_or(&[], |half| half))
}

impl Record for ResourceEntry {
    type Id = ResourceId;
    const KIND: Kind = Kind { code: 42, name: "resource-entry" };
    /// The source documents are kept instead.
    const HISTORY: bool = false;
    const PACKED: bool = true;

    fn id(&self) -> ResourceId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        None
    }

    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_NUMBER, Key::all().sum::<12>(&[&self.number]));
        for word in rules::words(&self.service) {
            keys.add(BY_WORD, Key::all().text(&word));
        }
        for term in rules::terms(&self.service) {
            keys.add(BY_TERM, Key::all().sum::<12>(&[&term]));
        }
        let standing = u8::from(!self.is_usable());
        let name = rules::name(&self.service);
        keys.add(BY_NAME, Key::all().byte(standing).text(&name));
        keys.add_counted(STANDING, Key::all().byte(standing));
        for it in &self.listings {
            keys.add(OF_FILE, file_key(&it.sha256));
        }
        for it in &self.missing {
            keys.add(OF_FILE, file_key(&it.sha256));
            keys.add(MISSING_IN, file_key(&it.sha256));
        }
        let mut sources: Vec<&str> = self.listings.iter().map(|it| it.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        for source in sources {
            keys.add(OF_SOURCE, Key::all().text(source));
        }
    }
}

//! Routes: which page or work answers at which path, for whom. A page is given a reader and can't
//! write; work is given a writer and answers with where to go next.

use crate::form::Form;
use crate::page::Page;
use crate::visit::Visit;
use almoner_core::fault::{Outcome, Refusal};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_store::{Reader, Verb, Writer};
use serde_json::Value;

/// One route. Paths are written `/p/{patient}/tasks/{id}`.
pub enum Route {
    /// GET: look and draw.
    Show { path: &'static str, may: May, page: fn(&Reader<'_>, &Visit) -> Outcome<Page> },
    /// POST: do it, then go on (303). When the work is refused or stale, `again` draws the form
    /// with what was typed and what must change.
    Work {
        path: &'static str,
        may: May,
        verb: Verb,
        work: fn(&mut Writer<'_>, &Visit, &Form) -> Outcome<Next>,
        again: fn(&Reader<'_>, &Visit, &Form, &Refusal) -> Outcome<Page>,
    },
    /// POST that only looks: search words with names in them stay out of addresses.
    Ask { path: &'static str, may: May, page: fn(&Reader<'_>, &Visit, &Form) -> Outcome<Page> },
    /// POST that only looks, for the page's own script: the answer is JSON.
    Tell { path: &'static str, may: May, tell: fn(&Reader<'_>, &Visit, &Form) -> Outcome<Value> },
    /// GET of bytes: a document to download. Never shown inline.
    Fetch { path: &'static str, may: May, file: fn(&Reader<'_>, &Visit) -> Outcome<Download> },
}

impl Route {
    /// Its path.
    pub fn path(&self) -> &'static str {
        match self {
            Self::Show { path, .. }
            | Self::Work { path, .. }
            | Self::Ask { path, .. }
            | Self::Tell { path, .. }
            | Self::Fetch { path, .. } => path,
        }
    }

    /// Who may.
    pub fn may(&self) -> May {
        match self {
            Self::Show { may, .. }
            | Self::Work { may, .. }
            | Self::Ask { may, .. }
            | Self::Tell { may, .. }
            | Self::Fetch { may, .. } => *may,
        }
    }
}

/// Where to go after work was done, and what to say there.
pub struct Next {
    pub path: String,
    /// Shown once at the top of the next page.
    pub notice: Option<Phrase>,
}

impl Next {
    /// Goes to a page without a word.
    pub fn to(path: impl Into<String>) -> Self {
        Self { path: path.into(), notice: None }
    }

    /// Goes to a page and says what was done.
    pub fn saying(path: impl Into<String>, notice: Phrase) -> Self {
        Self { path: path.into(), notice: Some(notice) }
    }
}

/// A file to download.
pub struct Download {
    /// Without patient data: a word and an id.
    pub name: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
}

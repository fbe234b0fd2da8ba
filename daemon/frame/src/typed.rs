//! What stands in the forms of a page when it is drawn: what was typed into a form that was refused,
//! what was left as a draft, else nothing. And what each form carries to be safe: its key, where it
//! stands, whom it is about.

use crate::drafts::{ACTION, AS, Draft, FROM, ONCE, PAGE, PATIENT, WHAT};
use crate::form::Form;
use crate::visit::Visit;
use almoner_core::ids::{PatientId, RawId};
use almoner_core::phrase::Phrase;

/// The forms of one page.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Where a form sends itself, what stands in it, and the draft it comes from.
    forms: Vec<(String, Form, Option<From>)>,
    once: String,
    /// Whose page it is.
    mark: String,
    page: String,
    what: String,
    patient: Option<PatientId>,
    nothing: Form,
}

/// The draft that a form is drawn from.
#[derive(Clone, Debug)]
struct From {
    mark: String,
    id: String,
    saved: String,
}

/// What the opening of a form carries; the macro `form::open` draws it.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    pub action: String,
    /// Names and values of the hidden fields.
    pub hidden: Vec<(&'static str, String)>,
    /// When the draft was saved that stands in the form; empty when none does.
    pub restored: String,
    /// Its id, to discard it.
    pub draft: String,
}

impl Typed {
    /// The forms of a page that is looked at: drafts of this person stand in them. `what` names the
    /// page's form in a list of drafts.
    pub fn fresh(visit: &Visit, what: &str) -> Self {
        let mut typed = Self::empty(visit, what);
        for (draft, version) in visit.drafts() {
            typed.restore(visit, draft, *version);
        }
        typed
    }

    /// The same when the form that was sent can't be taken as it is: it keeps what was typed.
    pub fn refused(visit: &Visit, what: &str, form: &Form) -> Self {
        let mut typed = Self::empty(visit, what);
        let page = form.text(PAGE);
        if crate::drafts::is_own_path(page) {
            page.clone_into(&mut typed.page);
        }
        if !form.text(ONCE).is_empty() {
            form.text(ONCE).clone_into(&mut typed.once);
        }
        typed.forms.push((visit.path().to_owned(), form.clone(), None));
        typed
    }

    /// The same, all forms about a patient.
    #[must_use]
    pub fn about(mut self, patient: Option<PatientId>) -> Self {
        self.patient = patient;
        self
    }

    /// The same where the page is an answer that has no address to come back to: drafts of its forms
    /// are shown on this one.
    #[must_use]
    pub fn kept_on(mut self, page: &str) -> Self {
        page.clone_into(&mut self.page);
        self
    }

    /// The same where a form that nobody typed into yet begins with these values.
    #[must_use]
    pub fn or(mut self, action: &str, fields: Vec<(String, String)>) -> Self {
        if !self.forms.iter().any(|(to, ..)| to == action) {
            self.forms.push((action.to_owned(), Form::new(fields), None));
        }
        self
    }

    /// What stands in the form that sends itself to `action`.
    pub fn at(&self, action: &str) -> &Form {
        let found = self.forms.iter().find(|(to, ..)| to == action);
        found.map_or(&self.nothing, |(_, form, _)| form)
    }

    /// What stands in the form that sends itself to `{base}/{step}`.
    pub fn step(&self, base: &str, step: &str) -> &Form {
        self.at(&format!("{base}/{step}"))
    }

    /// The opening of the form that sends itself to `action`.
    pub fn open(&self, action: &str) -> Opening {
        let found = self.forms.iter().find(|(to, ..)| to == action);
        let from = found.and_then(|(_, _, from)| from.as_ref());
        let mut hidden = vec![
            (ONCE, self.once.clone()),
            (AS, self.mark.clone()),
            (ACTION, action.to_owned()),
            (PAGE, self.page.clone()),
            (WHAT, self.what.clone()),
        ];
        hidden.extend(from.map(|from| (FROM, from.mark.clone())));
        hidden.extend(self.patient.map(|patient| (PATIENT, patient.to_string())));
        Opening {
            action: action.to_owned(),
            hidden,
            restored: from.map(|from| from.saved.clone()).unwrap_or_default(),
            draft: from.map(|from| from.id.clone()).unwrap_or_default(),
        }
    }

    /// The opening of the form that sends itself to `{base}/{step}`.
    pub fn open_step(&self, base: &str, step: &str) -> Opening {
        self.open(&format!("{base}/{step}"))
    }

    fn empty(visit: &Visit, what: &str) -> Self {
        Self {
            once: RawId::random().to_string(),
            mark: visit.session().mark.clone(),
            page: visit.href(),
            what: what.to_owned(),
            ..Self::default()
        }
    }

    fn restore(&mut self, visit: &Visit, draft: &Draft, version: u32) {
        if self.forms.iter().any(|(to, ..)| *to == draft.action) {
            return;
        }
        let today = visit.house().zone.day(draft.saved) == visit.today();
        let at = if today {
            visit.words().clock(draft.saved)
        } else {
            visit.words().instant(draft.saved)
        };
        let saved = Phrase::new("form-draft-restored").with("at", at);
        let from = From {
            mark: format!("{}.{version}", draft.id),
            id: draft.id.to_string(),
            saved: visit.say(&saved),
        };
        self.forms.push((draft.action.clone(), Form::new(draft.fields.clone()), Some(from)));
    }
}

//! A page before it stands in the shell: its title, its main part, and where it belongs.

use almoner_core::fault::{Fault, Outcome};
use almoner_store::Verb;

/// HTML that a template of ours wrote: every value in it was escaped there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust(String);

impl Trust {
    /// Renders a template.
    pub fn of(template: &impl askama::Template) -> Outcome<Self> {
        template.render().map(Self).map_err(|cause| Fault::Broken(Box::new(cause)))
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// askama prints it as it is: it was escaped when it was made.
impl askama::filters::HtmlSafe for Trust {}

/// What changes while one looks at a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// The person's own loops.
    Worklist,
    /// How far the intake is.
    Intake,
}

/// Something that was looked at: what was done, and a detail of it. Never patient data.
#[derive(Clone, Debug)]
pub struct Witness {
    pub verb: Verb,
    pub name: &'static str,
    pub value: String,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Without names of patients but the short form (`Okafor-Reyes, M. · Overview`).
    pub title: String,
    /// What stands between the top bar and `<main>`: the patient's banner and tabs; else empty.
    pub above: Trust,
    /// Everything inside `<main>`.
    pub main: Trust,
    /// What stands at the end of `<main>`, below it all: where a patient's record comes from; else empty.
    pub below: Box<Trust>,
    /// Href of the navigation item that it belongs to.
    pub nav: &'static str,
    /// What the page shows that changes while one looks: the script asks to be told.
    pub live: Option<Live>,
    /// What the trail says besides the patients whose records were opened: the page shows something of
    /// nobody known, such as the bytes of a file.
    pub witness: Option<Box<Witness>>,
    /// HTTP status: 200, or 422 for a form that must be mended, 409 for a stale one.
    pub status: u16,
}

impl Page {
    /// A page drawn by a template.
    pub fn draw(
        title: impl Into<String>,
        nav: &'static str,
        template: &impl askama::Template,
    ) -> Outcome<Self> {
        let (title, above, below) = (title.into(), Trust::default(), Box::default());
        let main = Trust::of(template)?;
        Ok(Self { title, above, main, below, nav, live: None, witness: None, status: 200 })
    }

    /// The same page below a patient's banner.
    #[must_use]
    pub fn under(mut self, banner: Trust) -> Self {
        self.above = banner;
        self
    }

    /// The same page above a line that says where its record comes from.
    #[must_use]
    pub fn over(mut self, line: Trust) -> Self {
        *self.below = line;
        self
    }

    /// The same page, showing what changes: the script tells when it is out of date.
    #[must_use]
    pub fn showing(mut self, live: Live) -> Self {
        self.live = Some(live);
        self
    }

    /// The same page, whose showing is on the trail before it leaves.
    #[must_use]
    pub fn witnessed(mut self, witness: Witness) -> Self {
        self.witness = Some(Box::new(witness));
        self
    }

    /// The same page with another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}

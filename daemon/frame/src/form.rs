//! What a person sent: field names and values, kept as typed so that a refused form shows them
//! again.

use almoner_core::fault::Refusal;
use almoner_core::phrase::Phrase;

/// A submitted form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// A form with these fields, in order; a name may stand more than once.
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self { fields }
    }

    /// The first value of a field, blanks around it dropped; empty when absent.
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value of a field.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box is ticked or a button of this name was pressed.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }

    /// A value that must be there; else the refusal gets `problem`.
    pub fn needed(&self, name: &'static str, refusal: &mut Refusal, problem: Phrase) -> &str {
        let text = self.text(name);
        refusal.when(text.is_empty(), name, problem);
        text
    }

    /// The same with another value of a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(key, _)| key != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The fields as they came.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }
}

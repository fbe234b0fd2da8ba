//! Two people changed the same record (`UX.md` §6, Conflict). Each field is judged by itself against what
//! stood there when the form was first shown: what only one of them changed is taken, what both changed
//! differently is asked about. Nothing of either is lost: the page shows both. Pure.

use crate::form::Form;

/// What stands in a field: as a form sends it, and as a person reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    pub form: String,
    pub said: String,
}

impl Value {
    /// A text, said as it is.
    pub fn text(text: &str) -> Self {
        Self { form: text.trim().to_owned(), said: text.trim().to_owned() }
    }
}

/// One field of a form that changes a record.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: &'static str,
    pub label: String,
    /// When the form was first shown; `None` when that is not known any more.
    pub base: Option<Value>,
    /// As the record stands now.
    pub theirs: Value,
    /// As the form was sent.
    pub mine: Value,
}

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Both say the same.
    Same,
    Mine,
    Theirs,
    /// Both changed it: a person must choose.
    Asked,
}

impl Field {
    /// The field of the choice between two texts.
    pub fn choice(&self) -> String {
        format!("keep-{}", self.name)
    }

    /// What becomes of it. A choice counts only between the texts it was asked about: when the record
    /// was changed once more since, it is asked again.
    pub fn fate(&self, form: &Form) -> Fate {
        let form_is = |value: &Value| value.form == self.mine.form;
        if form_is(&self.theirs) {
            return Fate::Same;
        }
        let unchanged = self.base.as_ref().is_some_and(|base| base.form == self.theirs.form);
        match form.text(&self.choice()) {
            "theirs" if unchanged => Fate::Theirs,
            _ if unchanged => Fate::Mine,
            _ if self.base.as_ref().is_some_and(form_is) => Fate::Theirs,
            _ => Fate::Asked,
        }
    }

    /// What is saved of it, or stands in the form while a person must choose.
    pub fn value(&self, form: &Form) -> &Value {
        if self.fate(form) == Fate::Theirs { &self.theirs } else { &self.mine }
    }
}

/// Whether a person must choose before anything is saved.
pub fn is_open(fields: &[Field], form: &Form) -> bool {
    fields.iter().any(|field| field.fate(form) == Fate::Asked)
}

/// What the kit's macro draws: both texts of each field that differs, and the choice.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Who changed it meanwhile, and when.
    pub theirs: String,
    pub rows: Vec<Row>,
}

/// A field of a conflict.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: &'static str,
    pub choice: String,
    pub label: String,
    pub mine: String,
    pub theirs: String,
    /// What the form carries for it.
    pub value: String,
    pub fate: Fate,
}

impl Conflict {
    /// The conflict of these fields with what `theirs` did.
    pub fn of(theirs: String, fields: &[Field], form: &Form) -> Self {
        let row = |field: &Field| Row {
            name: field.name,
            choice: field.choice(),
            label: field.label.clone(),
            mine: field.mine.said.clone(),
            theirs: field.theirs.said.clone(),
            value: field.value(form).form.clone(),
            fate: field.fate(form),
        };
        Self { theirs, rows: fields.iter().map(row).collect() }
    }
}

impl Row {
    /// Both say the same: it is carried, and not shown.
    pub fn is_same(&self) -> bool {
        self.fate == Fate::Same
    }
    /// A person must choose.
    pub fn is_asked(&self) -> bool {
        self.fate == Fate::Asked
    }
    /// Only the sender changed it.
    pub fn is_mine(&self) -> bool {
        self.fate == Fate::Mine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(base: Option<&str>, theirs: &str, mine: &str) -> Field {
        Field {
            name: "title",
            label: "Title".into(),
            base: base.map(Value::text),
            theirs: Value::text(theirs),
            mine: Value::text(mine),
        }
    }

    fn form(keep: &str) -> Form {
        Form::new(vec![("keep-title".into(), keep.into())])
    }

    #[test]
    fn each_field_is_judged_by_itself() {
        for (base, theirs, mine, keep, fate, saved) in [
            (Some("a"), "a", "a", "", Fate::Same, "a"),
            (Some("a"), "a", "b", "", Fate::Mine, "b"),
            (Some("a"), "b", "a", "", Fate::Theirs, "b"),
            (Some("a"), "b", "b", "", Fate::Same, "b"),
            (Some("a"), "b", "c", "", Fate::Asked, "c"),
            (Some(""), "b", "c", "", Fate::Asked, "c"),
            // What stood there first is not known: all that differs is asked.
            (None, "b", "c", "", Fate::Asked, "c"),
            (None, "b", "b", "", Fate::Same, "b"),
            // Chosen: the form now says that it was shown `b`.
            (Some("b"), "b", "c", "theirs", Fate::Theirs, "b"),
            (Some("b"), "b", "c", "mine", Fate::Mine, "c"),
            // Chosen, but it was changed once more meanwhile.
            (Some("b"), "d", "c", "theirs", Fate::Asked, "c"),
            (Some("b"), "d", "c", "mine", Fate::Asked, "c"),
        ] {
            let (field, form) = (field(base, theirs, mine), form(keep));
            let case = format!("{base:?} {theirs} {mine} {keep}");
            assert_eq!(field.fate(&form), fate, "{case}");
            assert_eq!(field.value(&form).form, saved, "{case}");
            assert_eq!(is_open(&[field], &form), fate == Fate::Asked, "{case}");
        }
    }
}

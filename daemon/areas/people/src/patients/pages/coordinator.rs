//! Whose patient it is: the panel that says so, and the lead's form that gives a patient to a
//! coordinator.

use crate::patients::record::Patient;
use crate::patients::store::assign;
use crate::staff;
use almoner_core::actor::Role;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::Choice;
use almoner_frame::typed::{Opening, Typed};
use almoner_frame::{Form, Next, Page, Visit};
use almoner_store::{Reader, Writer};

/// Whose patient it is, and to whom the person who asks may give it.
pub(super) struct Coordinator {
    /// The coordinator's name; empty when there is none.
    pub name: String,
    /// The form's opening; an empty one for those who may not change it.
    pub opening: Opening,
    pub choices: Vec<Choice>,
}

/// What the about page shows of it.
pub(super) fn shown(reader: &Reader<'_>, visit: &Visit, patient: &Patient) -> Outcome<Coordinator> {
    let name = match patient.coordinator {
        Some(id) => staff::store::name_of(reader, id)?,
        None => String::new(),
    };
    let mut shown = Coordinator { name, opening: Opening::default(), choices: Vec::new() };
    if visit.may(May::AssignCaseload) {
        let typed = Typed::fresh(visit, &visit.words().t("about-coordinator"));
        shown.opening =
            typed.about(Some(patient.id)).open(&format!("/p/{}/coordinator", patient.id));
        shown.choices = choices(reader, visit, patient.coordinator)?;
    }
    Ok(shown)
}

/// Gives the patient to the chosen coordinator; their open loops follow.
pub(super) fn give(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let id: PatientId = visit.id("patient")?;
    let to = match form.text("coordinator") {
        "" => None,
        chosen => Some(who(writer, chosen)?),
    };
    assign(writer, id, to)?;
    let name = match to {
        Some(to) => staff::store::name_of(writer, to)?,
        None => String::new(),
    };
    let said = if name.is_empty() { "about-given-to-nobody" } else { "about-given" };
    Ok(Next::saying(format!("/p/{id}/about"), Phrase::new(said).with("name", name)))
}

/// Draws the about page again when the form could not be taken.
pub(super) fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    _form: &Form,
    _refusal: &Refusal,
) -> Outcome<Page> {
    Ok(super::about::page(reader, visit)?.with_status(422))
}

fn who(reader: &Reader<'_>, chosen: &str) -> Outcome<StaffId> {
    let account = StaffId::parse(chosen).map(|id| reader.find::<staff::Account>(id)).transpose()?;
    let account = account.flatten().filter(takes_patients);
    let unknown = || Fault::refused("coordinator", Phrase::new("about-no-such-coordinator"));
    account.map(|account| account.id).ok_or_else(unknown)
}

fn takes_patients(account: &staff::Account) -> bool {
    !account.disabled && matches!(account.role, Role::Coordinator | Role::Lead)
}

fn choices(reader: &Reader<'_>, visit: &Visit, now: Option<StaffId>) -> Outcome<Vec<Choice>> {
    let nobody = visit.words().t("about-nobody");
    let mut choices = vec![Choice { value: String::new(), label: nobody, on: now.is_none() }];
    let staff = staff::all(reader)?.into_iter().filter(takes_patients);
    choices.extend(staff.map(|account| Choice {
        value: account.id.to_string(),
        on: now == Some(account.id),
        label: account.name,
    }));
    Ok(choices)
}

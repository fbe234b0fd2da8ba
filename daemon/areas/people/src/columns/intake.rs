//! What a tracking sheet brings: values of its own columns, and whose patient somebody is.

use super::store;
use crate::patients;
use crate::staff;
use almoner_core::actor::Role;
use almoner_core::export::PersonStatements;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::text::fold;
use almoner_frame::Incoming;
use almoner_store::{Reader, Writer};

/// Takes what a sheet says of a patient in columns of the clinic's own.
pub(super) fn settle(
    writer: &mut Writer<'_>,
    file: &Incoming,
    patient: PatientId,
    said: &PersonStatements,
) -> Outcome<()> {
    let named = said.remarks.iter().find(|remark| remark.coordinator && !remark.value.is_empty());
    if let Some(remark) = named
        && patients::coordinator_of(writer, patient)?.is_none()
        && let Some(coordinator) = staff_named(writer, &remark.value)?
    {
        patients::assign(writer, patient, Some(coordinator))?;
    }
    store::take(writer, file, patient, &said.remarks)
}

/// The one coordinator or lead whom a sheet can mean: by the whole name, the first name, or the name
/// they sign in with.
fn staff_named(reader: &Reader<'_>, name: &str) -> Outcome<Option<StaffId>> {
    let wanted = fold(name);
    let turned: Vec<&str> = wanted.split(' ').rev().collect();
    let turned = turned.join(" ");
    let means = |account: &staff::Account| {
        let own = fold(&account.name);
        let first = own.split(' ').next().unwrap_or_default();
        own == wanted || own == turned || first == wanted || fold(&account.sign_in) == wanted
    };
    let takes = |account: &staff::Account| {
        !account.disabled && matches!(account.role, Role::Coordinator | Role::Lead)
    };
    let all = staff::all(reader)?;
    let mut found = all.iter().filter(|account| takes(account) && means(account));
    let first = found.next().map(|account| account.id);
    Ok(first.filter(|_| found.next().is_none()))
}

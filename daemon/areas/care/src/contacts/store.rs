//! Operations on contacts: load, decide, put.

use super::record::{About, BY_PATIENT, Contact, ContactId};
use super::rules::{self, NewContact};
use almoner_core::actor::Actor;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::time::Timestamp;
use almoner_frame::TimelineItem;
use almoner_frame::timeline::{self, By, Told, Window};
use almoner_people::patients::{Merge, MergeId, Patient};
use almoner_store::{Change, Key, Reader, Writer};

/// Signs and saves a contact. What an earlier attempt meant to try again is tried with it.
pub fn record(writer: &mut Writer<'_>, new: NewContact) -> Outcome<Contact> {
    if let Some(saved) = writer.find::<Contact>(new.id)? {
        return Ok(saved);
    }
    let patient = writer.get::<Patient>(new.patient)?;
    let needed = patient.golden().interpreter_needed == Some(true);
    let contact = rules::sign(new, needed, writer.act().at, writer.rules())?;
    let waiting = |earlier: &Contact| {
        earlier.next_try.is_some()
            && !earlier.tried_again
            && earlier.about == About::Nothing
            && earlier.at <= contact.at
    };
    for mut earlier in of(writer, contact.patient)?.into_iter().filter(waiting) {
        earlier.tried_again = true;
        writer.put(&earlier)?;
    }
    writer.put(&contact)?;
    Ok(contact)
}

/// Adds words to a signed contact.
pub fn amend(writer: &mut Writer<'_>, id: ContactId, text: &str, reason: &str) -> Outcome<Contact> {
    let contact = writer.get::<Contact>(id)?;
    let contact = rules::amend(contact, text, reason, author(writer), writer.act().at)?;
    writer.put(&contact)?;
    Ok(contact)
}

/// Marks a contact as entered in error.
pub fn mark_mistake(writer: &mut Writer<'_>, id: ContactId, reason: &str) -> Outcome<Contact> {
    let contact = writer.get::<Contact>(id)?;
    let contact = rules::mark_mistake(contact, reason, author(writer), writer.act().at)?;
    writer.put(&contact)?;
    Ok(contact)
}

/// Ends the `n`-th promise of a contact: kept, or broken for a reason.
pub fn end_promise(
    writer: &mut Writer<'_>,
    id: ContactId,
    n: usize,
    broken: Option<&str>,
) -> Outcome<Contact> {
    let contact = writer.get::<Contact>(id)?;
    let contact = rules::end_promise(contact, n, broken, author(writer), writer.act().at)?;
    writer.put(&contact)?;
    Ok(contact)
}

/// A patient's contacts, the oldest first; mistakes included.
pub fn of(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Contact>> {
    let ids: Vec<ContactId> = reader.ids(BY_PATIENT, &Key::all().id(patient))?;
    ids.into_iter().rev().map(|id| reader.get(id)).collect()
}

/// Whether there is a contact of a patient: then people have worked on them.
pub(super) fn worked(reader: &Reader<'_>, patient: PatientId) -> Outcome<bool> {
    let mut any = false;
    reader.each(BY_PATIENT, &Key::all().id(patient), &mut |_, _| {
        any = true;
        Ok(false)
    })?;
    Ok(any)
}

/// When the last contact with a patient was, told from the index: no record is opened.
pub fn last_at(reader: &Reader<'_>, patient: PatientId) -> Outcome<Option<Timestamp>> {
    let mut last = None;
    reader.each(BY_PATIENT, &Key::all().id(patient), &mut |rest, _| {
        last = Key::newest_of(rest);
        Ok(false)
    })?;
    Ok(last)
}

/// A patient's newest contacts, the newest first; mistakes included.
pub fn newest(reader: &Reader<'_>, patient: PatientId, most: usize) -> Outcome<Vec<Contact>> {
    let mut ids = Vec::new();
    reader.each(BY_PATIENT, &Key::all().id(patient), &mut |_, id| {
        ids.push(ContactId(id));
        Ok(ids.len() < most)
    })?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

/// What the timeline tells of contacts, each in the words of `tell`.
pub(super) fn told(
    reader: &Reader<'_>,
    patient: PatientId,
    window: &Window<'_>,
    tell: &dyn Fn(Contact) -> Outcome<Option<TimelineItem>>,
) -> Outcome<Told> {
    if matches!(window.by, By::Source(_)) {
        return Ok(Told::default());
    }
    let under = Key::all().id(patient);
    timeline::walk(reader, (BY_PATIENT, &under), window, &|_| true, &mut |group| {
        let found = group.ids.first().map(|id| reader.find::<Contact>(ContactId(*id)));
        found.transpose()?.flatten().map_or(Ok(None), tell)
    })
}

/// Who acts, when it is a member of staff.
pub(crate) fn author(writer: &Writer<'_>) -> Option<StaffId> {
    match &writer.act().actor {
        Actor::Staff(id) => Some(*id),
        _ => None,
    }
}

/// Two patients' records became one, or two again: the contacts go with theirs.
pub(super) fn on_merge(writer: &mut Writer<'_>, change: Change) -> Outcome<()> {
    let merge = writer.get::<Merge>(MergeId(change.id))?;
    let joined = merge.undone.is_none();
    let (now, next) = if joined { (merge.from, merge.into) } else { (merge.into, merge.from) };
    writer.quietly(|writer| {
        for it in of(writer, now)?.into_iter().filter(|it| joined || merge.moved(it.came_with)) {
            let came_with =
                if joined { merge.mark(it.came_with) } else { merge.unmark(it.came_with) };
            writer.put(&Contact { patient: next, came_with, ..it })?;
        }
        Ok(())
    })
}

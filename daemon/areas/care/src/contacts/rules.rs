//! When a contact may be signed, and what of it may still change. Pure.

use super::record::{
    About, Addendum, Contact, ContactId, Direction, Ending, Interpreter, Mistake, Mode, Party,
    Promise, PromiseEnd,
};
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::phrase::Phrase;
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use chrono::{Duration, NaiveDate};

/// A watch may be a little ahead of the appliance's.
const AHEAD_MINUTES: i64 = 5;
/// Longest contact that a form takes.
const LONGEST_MINUTES: u16 = 600;
/// Promises of one contact at most (their loops are numbered).
const MOST_PROMISES: usize = 20;

/// A contact before it is signed.
#[derive(Clone, Debug)]
pub struct NewContact {
    /// One per form: saving the same one twice saves it once.
    pub id: ContactId,
    pub patient: PatientId,
    pub by: StaffId,
    pub mode: Mode,
    pub direction: Direction,
    pub party: Party,
    pub ending: Ending,
    pub at: Timestamp,
    pub language: String,
    pub interpreter: Interpreter,
    pub note: String,
    pub minutes: Option<u16>,
    /// What was promised, by which day.
    pub promises: Vec<(String, NaiveDate)>,
    pub about: About,
    pub next_try: Option<NaiveDate>,
}

impl NewContact {
    /// A telephone call to the patient, now, of which nothing else is known yet.
    pub fn call(patient: PatientId, by: StaffId, ending: Ending, at: Timestamp) -> Self {
        Self {
            id: ContactId::random(),
            patient,
            by,
            mode: Mode::Phone,
            direction: Direction::Outgoing,
            party: Party::Patient,
            ending,
            at,
            language: String::new(),
            interpreter: Interpreter::None,
            note: String::new(),
            minutes: None,
            promises: Vec::new(),
            about: About::Nothing,
            next_try: None,
        }
    }
}

/// Signs a contact, or says what is missing. `needs_interpreter` is what the chart says of the
/// patient.
pub fn sign(
    new: NewContact,
    needs_interpreter: bool,
    now: Timestamp,
    rules: &Rules,
) -> Outcome<Contact> {
    let day = rules.zone.day(new.at);
    let mut refusal = Refusal::default();
    let ahead = new.at > now + Duration::minutes(AHEAD_MINUTES);
    refusal.when(ahead, "at", Phrase::new("contact-at-future"));
    let reached = new.ending == Ending::Reached;
    let silent = reached && new.note.trim().is_empty();
    refusal.when(silent, "note", Phrase::new("contact-note-missing"));
    let talked = reached && new.party == Party::Patient && new.mode != Mode::Letter;
    let unaided = talked && needs_interpreter && new.interpreter == Interpreter::None;
    refusal.when(unaided, "interpreter", Phrase::new("contact-interpreter-missing"));
    let nameless = matches!(&new.interpreter, Interpreter::Qualified(who) if who.trim().is_empty());
    refusal.when(nameless, "interpreter_who", Phrase::new("contact-interpreter-who"));
    let reasonless =
        matches!(&new.interpreter, Interpreter::Declined(why) if why.trim().is_empty());
    refusal.when(reasonless, "interpreter_who", Phrase::new("contact-interpreter-why"));
    let long = new.minutes.is_some_and(|minutes| minutes > LONGEST_MINUTES);
    refusal.when(long, "minutes", Phrase::new("contact-minutes-wrong"));
    let empty = new.promises.iter().any(|(what, _)| what.trim().is_empty());
    refusal.when(empty, "promise", Phrase::new("contact-promise-empty"));
    let early = new.promises.iter().any(|(_, due)| *due < day);
    refusal.when(early, "promise_due", Phrase::new("contact-promise-early"));
    let many = new.promises.len() > MOST_PROMISES;
    refusal.when(many, "promise", Phrase::new("contact-promise-many"));
    let back = new.next_try.is_some_and(|on| on < day);
    refusal.when(back, "next_try", Phrase::new("contact-next-early"));
    refusal.or_ok()?;
    Ok(signed(new, now))
}

/// The day on which to try again after a failed attempt: the next business day.
pub fn next_try(at: Timestamp, rules: &Rules) -> NaiveDate {
    rules.calendar().add_business_days(rules.zone.day(at), 1)
}

/// Adds words to a signed contact.
pub(super) fn amend(
    mut contact: Contact,
    text: &str,
    reason: &str,
    by: Option<StaffId>,
    now: Timestamp,
) -> Outcome<Contact> {
    let mut refusal = Refusal::default();
    refusal.when(contact.mistake.is_some(), "", Phrase::new("contact-is-mistake"));
    refusal.when(text.trim().is_empty(), "text", Phrase::new("contact-addendum-missing"));
    refusal.when(reason.trim().is_empty(), "reason", Phrase::new("care-reason-missing"));
    refusal.or_ok()?;
    let (text, reason) = (text.trim().to_owned(), reason.trim().to_owned());
    contact.addenda.push(Addendum { text, reason, at: now, by });
    Ok(contact)
}

/// Marks a contact as entered in error; its promises are owed no more.
pub(super) fn mark_mistake(
    mut contact: Contact,
    reason: &str,
    by: Option<StaffId>,
    now: Timestamp,
) -> Outcome<Contact> {
    let mut refusal = Refusal::default();
    refusal.when(contact.mistake.is_some(), "", Phrase::new("contact-is-mistake"));
    refusal.when(reason.trim().is_empty(), "reason", Phrase::new("care-reason-missing"));
    refusal.or_ok()?;
    contact.mistake = Some(Mistake { reason: reason.trim().to_owned(), at: now, by });
    Ok(contact)
}

/// Ends a promise: kept, or not kept for a reason.
pub(super) fn end_promise(
    mut contact: Contact,
    n: usize,
    broken: Option<&str>,
    by: Option<StaffId>,
    now: Timestamp,
) -> Outcome<Contact> {
    let reason = broken.unwrap_or_default().trim().to_owned();
    if broken.is_some() && reason.is_empty() {
        return Err(Fault::refused("reason", Phrase::new("care-reason-missing")));
    }
    let promise = contact.promises.get_mut(n).ok_or(Fault::Absent("promise"))?;
    if promise.ended.is_some() {
        return Err(Fault::refused("", Phrase::new("promise-ended-already")));
    }
    promise.ended = Some(PromiseEnd { kept: broken.is_none(), at: now, by, reason });
    Ok(contact)
}

fn signed(new: NewContact, now: Timestamp) -> Contact {
    let promise = |(what, due): (String, NaiveDate)| Promise {
        what: what.trim().to_owned(),
        due,
        ended: None,
    };
    Contact {
        id: new.id,
        patient: new.patient,
        by: new.by,
        mode: new.mode,
        direction: new.direction,
        party: new.party,
        ending: new.ending,
        at: new.at,
        recorded: now,
        language: new.language,
        interpreter: new.interpreter,
        note: new.note.trim().to_owned(),
        minutes: new.minutes,
        promises: new.promises.into_iter().map(promise).collect(),
        about: new.about,
        next_try: new.next_try,
        tried_again: false,
        addenda: Vec::new(),
        mistake: None,
        came_with: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_store::Record;

    fn now() -> Timestamp {
        "2026-11-19T15:00:00Z".parse().unwrap()
    }

    fn call(ending: Ending) -> NewContact {
        NewContact::call(PatientId::random(), StaffId::random(), ending, now())
    }

    fn check(new: NewContact, needs_interpreter: bool, expect: Result<(), &[&'static str]>) {
        let said = sign(new, needs_interpreter, now(), &Rules::default());
        match (said, expect) {
            (Ok(_), Ok(())) => {}
            (Err(Fault::Refused(refusal)), Err(fields)) => {
                let found: Vec<_> = refusal.problems.iter().map(|(field, _)| *field).collect();
                assert_eq!(found, fields);
            }
            (said, expect) => panic!("{said:?}, expected {expect:?}"),
        }
    }

    #[test]
    fn a_failed_attempt_needs_no_words() {
        check(call(Ending::NoAnswer), true, Ok(()));
        check(call(Ending::LeftVoicemail), false, Ok(()));
    }

    #[test]
    fn a_talk_needs_words_and_an_interpreter_where_one_is_needed() {
        check(call(Ending::Reached), false, Err(&["note"]));
        let talked = NewContact { note: "Feels well.".into(), ..call(Ending::Reached) };
        check(talked.clone(), false, Ok(()));
        check(talked.clone(), true, Err(&["interpreter"]));
        let with = |interpreter| NewContact { interpreter, ..talked.clone() };
        check(with(Interpreter::Qualified("4471".into())), true, Ok(()));
        check(with(Interpreter::Qualified(" ".into())), true, Err(&["interpreter_who"]));
        check(with(Interpreter::Declined("wants her son to help".into())), true, Ok(()));
        check(with(Interpreter::Declined(String::new())), true, Err(&["interpreter_who"]));
        check(NewContact { party: Party::Caregiver, ..talked }, true, Ok(()));
    }

    #[test]
    fn times_must_make_sense() {
        let soon = NewContact { at: now() + Duration::hours(1), ..call(Ending::NoAnswer) };
        check(soon, false, Err(&["at"]));
        let yesterday = "2026-11-18".parse().unwrap();
        let back = NewContact { next_try: Some(yesterday), ..call(Ending::NoAnswer) };
        check(back, false, Err(&["next_try"]));
        let promises = vec![("call".to_owned(), yesterday)];
        check(NewContact { promises, ..call(Ending::NoAnswer) }, false, Err(&["promise_due"]));
    }

    #[test]
    fn a_promise_is_a_loop_until_it_ends() {
        let rules = Rules::default();
        let thursday: NaiveDate = "2026-11-26".parse().unwrap();
        let new = NewContact {
            promises: vec![("Call again".into(), thursday)],
            note: "Well".into(),
            ..call(Ending::Reached)
        };
        let contact = sign(new, false, now(), &rules).unwrap();
        let loops = contact.loops(&rules);
        assert_eq!((loops.len(), loops[0].kind.key()), (1, "promise"));
        let by = Some(contact.by);
        assert!(end_promise(contact.clone(), 0, Some(" "), by, now()).is_err());
        assert!(end_promise(contact.clone(), 1, None, by, now()).is_err());
        let kept = end_promise(contact.clone(), 0, None, by, now()).unwrap();
        assert!(kept.loops(&rules).is_empty());
        assert!(end_promise(kept, 0, None, by, now()).is_err());
        let mistake = mark_mistake(contact, "wrong patient", by, now()).unwrap();
        assert!(mistake.loops(&rules).is_empty());
        assert!(amend(mistake, "more", "forgot", by, now()).is_err());
    }

    #[test]
    fn trying_again_skips_holidays() {
        let friday = "2027-01-15T21:40:00Z".parse().unwrap();
        assert_eq!(next_try(friday, &Rules::default()), "2027-01-19".parse().unwrap());
    }
}

//! What a row says beside who it is about: whatever its columns give, of whatever kind the list is.

use super::dates;
use super::people::{concept, meaning, reference};
use super::rows::{Row, Taking};
use almoner_core::clinical::{
    AllergyIntolerance, Coding, Concept, Condition, Content, Coverage, Encounter,
    EncounterDiagnosis, FactKind, Identifier, Immunization, Medication, MedicationUse, Observation,
    Other, Period, Quantity, Reaction, Value, When, system,
};
use almoner_core::export::Sense;
use almoner_core::lists::Field;

/// A statement's name within its row, what it says, and in which sense.
pub(super) type Said = (&'static str, Content, Sense);

/// All that a row says.
pub(super) fn read(row: &Row<'_>, taking: &mut Taking<'_>) -> Vec<Said> {
    let referral = referral(row, taking);
    let visit = visit(row, taking);
    let mut said: Vec<Said> = Vec::new();
    let mut say = |name, content: Option<Content>| {
        said.extend(content.map(|content| (name, content, Sense::Stated)));
    };
    // The diagnosis of a visit or referral is said there.
    let diagnosed = referral.is_some() || visit.is_some();
    say("referral", referral);
    say("visit", visit);
    say("appointment", appointment(row, taking));
    if !diagnosed {
        say("problem", condition(row, taking));
    }
    say("medication", medication(row, taking));
    say("immunization", immunization(row, taking));
    say("result", result(row, taking));
    say("coverage", coverage(row, taking));
    said.extend(allergy(row, taking));
    said
}

fn appointment(row: &Row<'_>, taking: &mut Taking<'_>) -> Option<Content> {
    let start = taking.day(row, Field::AppointmentDate)?;
    let start = at_time(row, taking, start, Field::AppointmentTime);
    let end = end_of(row, taking, &start);
    let type_ = taking.text(row, Field::VisitType);
    let reason = taking.text(row, Field::Reason);
    let status = meaning(taking, row, "appointment", Field::AppointmentStatus);
    let named = if type_.is_empty() { reason } else { type_ };
    let mut notes = Vec::new();
    if !type_.is_empty() {
        notes.push(reason.to_owned());
    }
    notes.push(taking.text(row, Field::Provider).to_owned());
    notes.push(taking.text(row, Field::Location).to_owned());
    if status.is_empty() {
        notes.push(taking.text(row, Field::AppointmentStatus).to_owned());
    }
    Some(Content::Other(Other {
        kind: FactKind::Appointment,
        resource_type: "Appointment".to_owned(),
        code: concept(named).unwrap_or_else(|| Concept::text("Appointment")),
        status: if status.is_empty() { "booked".to_owned() } else { status },
        period: Period { start: Some(start), end },
        identifiers: number(taking.text(row, Field::AppointmentId), "VN"),
        note: joined(notes),
    }))
}

fn referral(row: &Row<'_>, taking: &mut Taking<'_>) -> Option<Content> {
    let made = taking.day(row, Field::ReferralDate);
    let expires = taking.day(row, Field::AuthExpires);
    let seen = taking.day(row, Field::DateSeen);
    let text = |field| taking.text(row, field);
    let (to, specialty) = (text(Field::ReferredTo), text(Field::Specialty));
    let (id, said) = (text(Field::ReferralId), text(Field::ReferralStatus));
    if made.is_none() && to.is_empty() && specialty.is_empty() && id.is_empty() && said.is_empty() {
        return None;
    }
    let status = meaning(taking, row, "referral", Field::ReferralStatus);
    let labelled = |label: &str, words: &str| {
        if words.is_empty() { String::new() } else { format!("{label}: {words}") }
    };
    let notes = vec![
        labelled("to", to),
        labelled("specialty", if text(Field::Diagnosis).is_empty() { "" } else { specialty }),
        labelled("from", text(Field::ReferringProvider)),
        labelled("reason", text(Field::Reason)),
        labelled("priority", text(Field::Urgency)),
        labelled("status", said),
        labelled("authorization", text(Field::AuthNumber)),
        labelled("visits authorized", text(Field::VisitsAuthorized)),
        labelled("appointment", seen.as_ref().map(When::as_str).unwrap_or_default()),
        labelled("report received", text(Field::ReportReceived)),
    ];
    let code = diagnosis(row, taking).or_else(|| concept(specialty));
    Some(Content::Other(Other {
        kind: FactKind::Referral,
        resource_type: "ServiceRequest".to_owned(),
        code: code.unwrap_or_else(|| Concept::coded(system::SNOMED, "3457005", "Referral")),
        status: if status.is_empty() { "active".to_owned() } else { status },
        period: Period { start: made, end: expires },
        identifiers: number(id, "PLAC"),
        note: joined(notes),
    }))
}

/// A stay or emergency visit, of a list of admissions or discharges.
fn visit(row: &Row<'_>, taking: &mut Taking<'_>) -> Option<Content> {
    let start = taking.day(row, Field::AdmitDate);
    let end = taking.day(row, Field::DischargeDate);
    if start.is_none() && end.is_none() {
        return None;
    }
    let class = meaning(taking, row, "class", Field::PatientClass);
    let said = taking.text(row, Field::PatientClass);
    let facility = taking.text(row, Field::Facility);
    let of = diagnosis(row, taking).map(|code| EncounterDiagnosis { code, role: "DD".into() });
    let numbers = number(taking.text(row, Field::VisitId), "VN");
    Some(Content::Encounter(Encounter {
        identifiers: numbers,
        // A list of admissions and discharges is one of stays, where it says nothing else.
        class: if class.is_empty() && said.is_empty() { "IMP".to_owned() } else { class },
        status: if end.is_some() { "finished" } else { "in-progress" }.to_owned(),
        type_: concept(said).into_iter().collect(),
        period: Period { start, end },
        reason: concept(taking.text(row, Field::Reason)).into_iter().collect(),
        diagnoses: of.into_iter().collect(),
        discharge_disposition: concept(taking.text(row, Field::Disposition)),
        location: facility.to_owned(),
        service_provider: reference(facility),
        participants: reference(taking.text(row, Field::Provider)).into_iter().collect(),
        ..Encounter::default()
    }))
}

fn condition(row: &Row<'_>, taking: &mut Taking<'_>) -> Option<Content> {
    let code = diagnosis(row, taking)?;
    let onset = taking.day(row, Field::Onset);
    let abatement = taking.day(row, Field::Resolved);
    let mut status = meaning(taking, row, "problem", Field::ProblemStatus);
    if status.is_empty() && abatement.is_some() {
        "resolved".clone_into(&mut status);
    }
    Some(Content::Condition(Condition {
        code,
        clinical_status: status,
        category: "problem-list-item".to_owned(),
        onset,
        abatement,
        ..Condition::default()
    }))
}

/// The diagnosis of a row: its words and its codes, also where both stand in one cell
/// ("E11.9 - Type 2 diabetes").
fn diagnosis(row: &Row<'_>, taking: &Taking<'_>) -> Option<Concept> {
    let words = taking.text(row, Field::Diagnosis);
    let codes = taking.text(row, Field::DiagnosisCode);
    let mut concept = Concept::default();
    let mut text = words;
    if let Some((code, rest)) = leading_code(words) {
        concept.codings.push(code);
        text = rest;
    }
    for part in codes.split([',', ';', '|', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        match leading_code(part) {
            Some((code, rest)) => {
                if !concept.codings.contains(&code) && concept.codings.is_empty() {
                    concept.codings.push(code);
                }
                text = if text.is_empty() { rest } else { text };
            }
            None if text.is_empty() => text = part,
            None => {}
        }
    }
    concept.text = (!text.is_empty()).then(|| text.to_owned());
    (!concept.is_empty()).then_some(concept)
}

/// A code at the beginning of a cell, and the words behind it.
fn leading_code(cell: &str) -> Option<(Coding, &str)> {
    let cell = cell.trim().trim_start_matches(['[', '(']);
    let end = cell.find([' ', ':', ']', ')', ',', '–']).unwrap_or(cell.len());
    let (code, rest) = cell.split_at(end);
    let code = code.trim_end_matches('-');
    let system = diagnosis_system(code)?;
    let rest = rest.trim_start_matches([' ', ':', ']', ')', '-', '–', ',']);
    let code = code.to_uppercase();
    Some((Coding { system: system.to_owned(), code, display: None }, rest))
}

/// ICD-10-CM: a letter, a digit, a letter or digit, then up to four behind a point. ICD-9-CM: three
/// digits, then up to two. SNOMED CT: six digits or more.
fn diagnosis_system(code: &str) -> Option<&'static str> {
    let (head, tail) = code.split_once('.').unwrap_or((code, ""));
    let bytes = head.as_bytes();
    let tail_fits = |most| tail.len() <= most && tail.bytes().all(|b| b.is_ascii_alphanumeric());
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match bytes {
        [a, b, rest @ ..] if a.is_ascii_alphabetic() && b.is_ascii_digit() => {
            let plain = rest.iter().all(u8::is_ascii_alphanumeric);
            let length =
                if tail.is_empty() { (1..=5).contains(&rest.len()) } else { rest.len() == 1 };
            (plain && length && tail_fits(4)).then_some(system::ICD10CM)
        }
        _ if head.len() == 3 && digits(head) && digits(tail) && tail_fits(2) => {
            Some(system::ICD9CM)
        }
        _ if tail.is_empty() && (6..=18).contains(&code.len()) && digits(code) => {
            Some(system::SNOMED)
        }
        _ => None,
    }
}

fn medication(row: &Row<'_>, taking: &mut Taking<'_>) -> Option<Content> {
    let start = taking.day(row, Field::MedicationStart);
    let end = taking.day(row, Field::MedicationStop);
    let name = taking.text(row, Field::Medication);
    let code = taking.text(row, Field::MedicationCode);
    let mut concept = concept(name).unwrap_or_default();
    if !code.is_empty() {
        // RxNorm ids have up to seven digits, NDC ten or eleven, with or without dashes.
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        let system = if digits > 8 || code.contains('-') { system::NDC } else { system::RXNORM };
        concept.codings.push(Coding {
            system: system.to_owned(),
            code: code.to_owned(),
            display: None,
        });
    }
    if concept.is_empty() {
        return None;
    }
    let status = meaning(taking, row, "medication", Field::MedicationStatus);
    let status = if status.is_empty() && end.is_none() { "active".to_owned() } else { status };
    Some(Content::Medication(Medication {
        code: concept,
        use_: MedicationUse::Reported,
        status: if status.is_empty() { "unknown".to_owned() } else { status },
        sig: sig(row, taking),
        route: super::people::concept(taking.text(row, Field::Route)),
        frequency: taking.text(row, Field::Frequency).to_owned(),
        period: Period { start, end },
        refills: row.get(Field::Refills).parse().ok(),
        requester: reference(taking.text(row, Field::Provider)),
        ..Medication::default()
    }))
}

/// The directions as written; the dose where only that is given.
fn sig(row: &Row<'_>, taking: &Taking<'_>) -> String {
    let (sig, dose) = (taking.text(row, Field::Sig), taking.text(row, Field::Dose));
    if sig.is_empty() { dose.to_owned() } else { sig.to_owned() }
}

fn allergy(row: &Row<'_>, taking: &mut Taking<'_>) -> Option<Said> {
    let cell = row.get(Field::Allergen);
    let none = taking.words.meaning("no-allergy", cell);
    if cell.is_empty() || (none.is_none() && taking.is_nothing(cell)) {
        return None;
    }
    let onset = taking.day(row, Field::Onset);
    let category = if none == Some("drug") { "medication" } else { "" };
    let reaction = concept(taking.text(row, Field::Reaction));
    let severity = meaning(taking, row, "severity", Field::Severity);
    let reactions = (reaction.is_some() || !severity.is_empty())
        .then(|| Reaction { manifestation: reaction.into_iter().collect(), severity });
    let status = meaning(taking, row, "allergy", Field::AllergyStatus);
    let allergy = AllergyIntolerance {
        code: Concept::text(cell),
        clinical_status: if status.is_empty() { "active".to_owned() } else { status },
        category: category.to_owned(),
        onset,
        reactions: reactions.into_iter().filter(|_| none.is_none()).collect(),
        ..AllergyIntolerance::default()
    };
    let sense = if none.is_some() { Sense::NoneKnown } else { Sense::Stated };
    Some(("allergy", Content::Allergy(allergy), sense))
}

fn immunization(row: &Row<'_>, taking: &mut Taking<'_>) -> Option<Content> {
    let (name, cvx) = (taking.text(row, Field::Vaccine), taking.text(row, Field::VaccineCode));
    let occurrence = taking.day(row, Field::VaccineDate);
    let mut code = concept(name).unwrap_or_default();
    if !cvx.is_empty() {
        let cvx = cvx.trim_end_matches(".0");
        let code_text = if cvx.len() == 1 { format!("0{cvx}") } else { cvx.to_owned() };
        code.codings.push(Coding {
            system: system::CVX.to_owned(),
            code: code_text,
            display: None,
        });
    }
    (!code.is_empty()).then(|| {
        Content::Immunization(Immunization {
            code,
            status: "completed".to_owned(),
            occurrence,
            lot_number: taking.text(row, Field::Lot).to_owned(),
            manufacturer: taking.text(row, Field::Manufacturer).to_owned(),
            ..Immunization::default()
        })
    })
}

fn result(row: &Row<'_>, taking: &mut Taking<'_>) -> Option<Content> {
    let (name, loinc) = (taking.text(row, Field::Test), taking.text(row, Field::TestCode));
    let day = taking.day(row, Field::ResultDate);
    let mut code = concept(name).unwrap_or_default();
    if is_loinc(loinc) {
        let loinc = loinc.to_owned();
        code.codings.push(Coding { system: system::LOINC.to_owned(), code: loinc, display: None });
    }
    let value = row.get(Field::ResultValue);
    if code.is_empty() || value.is_empty() {
        return None;
    }
    Some(Content::Observation(Observation {
        code,
        category: "laboratory".to_owned(),
        status: "final".to_owned(),
        effective: Period { start: day, end: None },
        value: measured(value, taking.text(row, Field::Unit)),
        interpretation: concept(taking.text(row, Field::Flag)).into_iter().collect(),
        reference_range: taking.text(row, Field::ReferenceRange).to_owned(),
        ..Observation::default()
    }))
}

/// LOINC: up to seven digits, a dash, a check digit.
fn is_loinc(code: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    code.split_once('-')
        .is_some_and(|(a, b)| digits(a) && a.len() <= 7 && digits(b) && b.len() == 1)
}

/// A number with its unit as written, `<5`, or words.
fn measured(value: &str, unit: &str) -> Value {
    let comparator = ["<=", ">=", "<", ">"].into_iter().find(|sign| value.starts_with(sign));
    let rest = comparator.map_or(value, |sign| value.trim_start_matches(sign)).trim();
    let end =
        rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').unwrap_or(rest.len());
    let (number, own) = rest.split_at(end);
    // "7.2 %" carries its unit; "140/90" and "2+" are words.
    let own = own.trim();
    let sound = number.parse::<f64>().is_ok()
        && (own.is_empty() || own.starts_with(|c: char| c.is_alphabetic() || c == '%'));
    if !sound {
        return Value::Text(value.to_owned());
    }
    Value::Quantity(Quantity {
        value: number.to_owned(),
        unit: if own.is_empty() { unit } else { own }.to_owned(),
        comparator: comparator.unwrap_or_default().to_owned(),
    })
}

fn coverage(row: &Row<'_>, taking: &mut Taking<'_>) -> Option<Content> {
    let start = taking.day(row, Field::Effective);
    let end = taking.day(row, Field::Termination);
    let text = |field| taking.text(row, field).to_owned();
    let (payor, plan, id) = (text(Field::Payer), text(Field::Plan), text(Field::MemberId));
    if payor.is_empty() && plan.is_empty() {
        return None;
    }
    Some(Content::Coverage(Coverage {
        identifiers: number(&id, "MB"),
        status: "active".to_owned(),
        payor,
        plan,
        group: text(Field::Group),
        subscriber_id: id,
        period: Period { start, end },
        ..Coverage::default()
    }))
}

/// The day with the time that stands in a column of its own.
fn at_time(row: &Row<'_>, taking: &mut Taking<'_>, day: When, field: Field) -> When {
    let cell = taking.text(row, field);
    if cell.is_empty() || day.as_str().len() > 10 {
        return day;
    }
    // A whole date-time may stand there, of which the day is that of the row.
    let time = dates::time(cell).or_else(|| {
        let when = dates::when(cell, false, taking.reading)?;
        when.as_str().split_once('T').map(|(_, time)| time.to_owned())
    });
    let time = time.or_else(|| fraction(cell));
    let when = time.and_then(|time| When::parse(&format!("{day}T{time}")));
    when.unwrap_or_else(|| {
        taking.problems.say(&row.place, "time_unread");
        day
    })
}

/// A spreadsheet's time of day: a part of one.
fn fraction(cell: &str) -> Option<String> {
    let part: f64 = cell.parse().ok().filter(|part| (0.0..1.0).contains(part))?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // below 1440
    let minutes = (part * 1440.0).round() as u32;
    (minutes < 1440).then(|| format!("{:02}:{:02}:00", minutes / 60, minutes % 60))
}

/// The end: its own time, or the start and how long it lasts.
fn end_of(row: &Row<'_>, taking: &mut Taking<'_>, start: &When) -> Option<When> {
    let (local, _) = start.time()?;
    let day = When::day(local.date());
    if !taking.text(row, Field::AppointmentEnd).is_empty() {
        let end = at_time(row, taking, day, Field::AppointmentEnd);
        return Some(end).filter(|end| end > start && end.as_str().len() > 10);
    }
    let lasts = taking.text(row, Field::Duration);
    let digits = lasts.find(|c: char| !c.is_ascii_digit()).unwrap_or(lasts.len());
    let minutes: i64 = lasts.get(..digits)?.parse().ok().filter(|n| (1..=720).contains(n))?;
    let end = local + chrono::Duration::minutes(minutes);
    When::parse(&end.format("%Y-%m-%dT%H:%M:%S").to_string())
}

fn number(value: &str, kind: &str) -> Vec<Identifier> {
    let value = value.strip_suffix(".0").unwrap_or(value);
    let id = |value: &str| Identifier {
        system: String::new(),
        value: value.to_owned(),
        kind: kind.to_owned(),
    };
    (!value.is_empty()).then(|| id(value)).into_iter().collect()
}

fn joined(notes: Vec<String>) -> String {
    let notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    notes.join("; ")
}

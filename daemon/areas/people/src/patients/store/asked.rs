//! A program asks who somebody is (FHIR `Patient/$match`): they are looked for like a person of a file, and
//! nothing is written.

use super::look::look;
use crate::patients::record::{CROWD, crowd_key};
use crate::patients::rules::asked;
use almoner_core::clinical;
use almoner_core::export::PersonStatements;
use almoner_core::fault::Outcome;
use almoner_core::ids::FileId;
use almoner_core::rules::Matching;
use almoner_frame::Incoming;
use almoner_frame::fhir::{Grade, Likely, WhoIs};
use almoner_store::Reader;

/// Who somebody is, and who they may be, the likeliest first.
pub(crate) fn who_is(reader: &Reader<'_>, patient: &clinical::Patient) -> Outcome<WhoIs> {
    let rules = reader.rules().matching(reader.rules().zone.day(reader.now()));
    if asked::told(patient, &rules.asked) < rules.asked.need {
        return Ok(WhoIs::TooLittle);
    }
    // It comes from no source of ours: only numbers that mean the same everywhere say much.
    let nowhere = Incoming {
        file: FileId::random(),
        sha256: [0; 32],
        source: String::new(),
        format: String::new(),
        document: String::new(),
        software: String::new(),
        member: String::new(),
        received: reader.now(),
    };
    let said = PersonStatements { patient: patient.clone(), ..PersonStatements::default() };
    let found = look(reader, &nowhere, &said)?;
    let people = reader.counted(CROWD, &crowd_key(&[""]))?;
    let mut all: Vec<(f64, Likely)> = Vec::new();
    let mut add = |patient, bits, grade| {
        all.push((bits, Likely { patient, score: asked::likelihood(bits, people), grade }));
    };
    match &found.same {
        Some(same) if found.weighed => add(same.id, found.score, Grade::Certain),
        // A number alone, without name and birth date, may have been mistyped.
        Some(same) => add(same.id, rules.number.strong, Grade::Probable),
        None => {}
    }
    for it in &found.alike {
        add(it.patient, it.score, grade(it.score, rules));
    }
    all.sort_by(|a, b| {
        (b.1.grade == Grade::Certain).cmp(&(a.1.grade == Grade::Certain)).then(b.0.total_cmp(&a.0))
    });
    Ok(WhoIs::Found(all.into_iter().map(|(_, it)| it).collect()))
}

fn grade(bits: f64, rules: &Matching) -> Grade {
    if bits >= rules.probable { Grade::Probable } else { Grade::Possible }
}

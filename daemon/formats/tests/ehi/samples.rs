//! OpenEMR and iSalus: the published samples against counts taken from their files.

use super::{counts, data, files, only, read};
use almoner_core::clinical::{FactKind, Value, system};
use serde_json::Value as Json;

#[test]
fn openemr() {
    let (vendor, export) = read(&files("openemr-csv"));
    let export = export.unwrap();
    assert_eq!((&*vendor, &*export.format, &*export.version), ("openemr", "ehi", "openemr"));
    let expected = [
        ((FactKind::Condition, "lists"), 1),
        ((FactKind::Medication, "prescriptions"), 2),
        ((FactKind::Allergy, "lists"), 1),
        ((FactKind::Encounter, "form_encounter"), 2),
        ((FactKind::Resource, "procedure_order"), 2),
    ];
    let expected = expected.map(|((kind, table), count)| ((kind, table.to_owned()), count));
    assert_eq!(counts(&export), expected.into_iter().collect());
    let [first, second] = &export.people[..] else { panic!("two patients") };
    assert_eq!(first.patient.names[0].family, "Rahman");
    assert_eq!(second.patient.names[0].given, ["Daniel", "J"]);
    assert_eq!(second.patient.birth_date.as_ref().unwrap().as_str(), "1971-11-28");
    assert_eq!(first.patient.addresses[0].postal_code, "02110");
    assert_eq!((first.statements.len(), second.statements.len()), (4, 4));
    let problem = super::content!(&export, "lists/8001", Condition);
    assert_eq!(problem.code.code_in(system::ICD10CM), Some("I10"));
    assert_eq!((&*problem.clinical_status, &*problem.verification_status), ("active", "confirmed"));
    let allergy = super::content!(&export, "lists/8002", Allergy);
    assert_eq!((&*allergy.category, &*allergy.reactions[0].severity), ("medication", "moderate"));
    let drug = super::content!(&export, "prescriptions/9002", Medication);
    assert!(drug.as_needed && drug.refills == Some(0));
    let dose = drug.dose.as_ref().unwrap();
    assert_eq!((&*dose.value, &*dose.unit), ("500", "mg"));
    assert_eq!(drug.encounter.as_ref().unwrap().key, "form_encounter/5002");
    let visit = super::content!(&export, "form_encounter/5001", Encounter);
    assert_eq!((&*visit.class, &*visit.status), ("AMB", "finished"));
    assert_eq!(visit.period.start.as_ref().unwrap().as_str(), "2026-01-15T09:30:00");
}

fn rows(name: &str) -> Vec<Json> {
    let text = std::fs::read_to_string(data().join(format!("isalus-json/{name}.json"))).unwrap();
    serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap()
}

fn filled(name: &str, column: &str) -> usize {
    let some = |row: &&Json| !matches!(&row[column], Json::Null) && row[column] != "";
    rows(name).iter().filter(some).count()
}

#[test]
fn isalus() {
    let (vendor, export) = read(&files("isalus-json"));
    let export = export.unwrap();
    assert_eq!(vendor, "isalus");
    let counts = counts(&export);
    let of =
        |kind: FactKind, table: &str| counts.get(&(kind, table.to_owned())).copied().unwrap_or(0);
    for (kind, table) in [
        (FactKind::Condition, "problem_list"),
        (FactKind::Medication, "medication"),
        (FactKind::Allergy, "allergy"),
        (FactKind::Immunization, "immunization"),
        (FactKind::Appointment, "appointment"),
        (FactKind::Coverage, "insurance"),
        (FactKind::Referral, "prior_authorization"),
        (FactKind::Goal, "care_plan_goal"),
        (FactKind::CarePlan, "case_management"),
        (FactKind::Relation, "emergency_contact"),
        (FactKind::Resource, "order"),
        (FactKind::Encounter, "dialysis_visit"),
    ] {
        assert_eq!(of(kind, table), rows(table).len(), "{table}");
    }
    assert_eq!(of(FactKind::Result, "lab_result"), filled("lab_result", "orderResultValue"));
    let patient = only(&export);
    let row = &rows("demographics")[0];
    assert_eq!(patient.names[0].family, row["lastName"].as_str().unwrap());
    assert_eq!(patient.birth_date.as_ref().unwrap().as_str(), "1901-12-12");
    let security: Vec<_> = patient.identifiers.iter().filter(|id| id.kind == "SS").collect();
    assert_eq!((security.len(), &*security[0].system), (1, system::US_SSN));
    let pressures = export.people[0].statements.iter().filter_map(|it| match &it.content {
        super::Content::Observation(it) if it.components.len() == 2 => Some(it),
        _ => None,
    });
    let pressures: Vec<_> = pressures.collect();
    assert_eq!(pressures.len(), filled("vital", "sittingSystolic"));
    assert!(matches!(&pressures[0].components[0].1, Value::Quantity(it) if it.unit == "mm[Hg]"));
    let known = export.people[0]
        .statements
        .iter()
        .filter(|it| it.sense == almoner_core::export::Sense::NoneKnown);
    let none = |row: &&Json| row["allergenName"].as_str().unwrap().starts_with("No Known");
    assert_eq!(known.count(), rows("allergy").iter().filter(none).count());
}

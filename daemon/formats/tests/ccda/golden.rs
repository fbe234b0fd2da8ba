//! Facts of particular documents, read by eye in the XML.

use super::samples::{medicines, read, statements};
use almoner_core::clinical::{
    AllergyIntolerance, Condition, Content, Document, Encounter, FactKind, Immunization,
    Medication, MedicationUse, Observation, Other, Procedure, Value, system,
};
use almoner_core::export::{Export, Sense, Statement};

fn open(path: &str) -> Export {
    read(path).unwrap_or_else(|error| panic!("{path}: {error:?}"))
}

macro_rules! finder {
    ($name:ident, $variant:ident, $type:ty) => {
        /// The first statement of its kind whose fact fits, with the fact.
        fn $name(export: &Export, fits: impl Fn(&$type) -> bool) -> (&Statement, &$type) {
            let mut found = statements(export).iter().filter_map(|s| match &s.content {
                Content::$variant(fact) if fits(fact) => Some((s, fact)),
                _ => None,
            });
            found.next().expect("the document states it")
        }
    };
}

finder!(condition, Condition, Condition);
finder!(allergy, Allergy, AllergyIntolerance);
finder!(medicine, Medication, Medication);
finder!(observation, Observation, Observation);
finder!(vaccine, Immunization, Immunization);
finder!(procedure, Procedure, Procedure);
finder!(encounter, Encounter, Encounter);
finder!(document, Document, Document);
finder!(other, Other, Other);

fn quantity(observation: &Observation) -> (&str, &str) {
    let Value::Quantity(q) = &observation.value else { panic!("{:?}", observation.value) };
    (&q.value, &q.unit)
}

fn day(when: Option<&almoner_core::clinical::When>) -> &str {
    when.map_or("", |when| when.as_str())
}

#[test]
fn practice_fusion_problem_with_snomed_and_icd_10() {
    let export = open("vendor/Practice-Fusion/AliceNewmanApi.xml");
    let (statement, fact) =
        condition(&export, |c| c.code.code_in(system::ICD10CM) == Some("T86.11"));
    assert_eq!(fact.code.label(), "Chronic rejection of renal transplant");
    assert_eq!(fact.code.codings[0].code, "236578006");
    assert_eq!(fact.clinical_status, "active");
    assert_eq!(fact.category, "problem-list-item");
    assert_eq!(day(fact.onset.as_ref()), "2011-12-31T00:00:00");
    assert_eq!(fact.abatement, None);
    assert_eq!(statement.identifiers[0].value, "19522471");
    assert!(statement.narrative.starts_with("Chronic rejection of renal transplant"));
}

#[test]
fn agastha_allergy_whose_reference_is_the_word_itself() {
    let export = open("vendor/Agastha/195413.xml");
    let (_, fact) = allergy(&export, |a| a.code.code_in(system::RXNORM) == Some("151399"));
    assert_eq!(fact.code.label(), "Bactrim");
    assert_eq!((&*fact.type_, &*fact.category), ("", "medication"));
    assert_eq!(day(fact.onset.as_ref()), "2012-09-04");
    assert_eq!(fact.reactions.len(), 1);
    assert_eq!(fact.reactions[0].manifestation[0].label(), "Hives");
    assert_eq!(fact.reactions[0].severity, "mild");
}

#[test]
fn echoman_allergy_named_only_in_the_words_of_its_kind() {
    let export = open("vendor/EchoMan/JONEM00.xml");
    let (_, fact) = allergy(&export, |a| a.code.label() == "Codeine");
    assert_eq!(fact.category, "medication");
    allergy(&export, |a| a.code.label() == "Aspirin");
}

#[test]
fn c32_allergy_with_its_kind_in_the_code() {
    let export = open("c32/WorldVistA/CCD-Minnesota.xml");
    let (_, fact) = allergy(&export, |a| a.code.label().contains("Ketorolac"));
    assert_eq!((&*fact.type_, &*fact.category), ("allergy", "medication"));
    assert_eq!(day(fact.onset.as_ref()), "2011-02-01");
    assert_eq!(fact.reactions[0].manifestation[0].label(), "hives");
}

#[test]
fn a_penicillin_allergy_is_not_ended_by_a_completed_concern() {
    // concern `completed`, the end is the second of the beginning, no status observation: the
    // patient is still allergic
    let export = open("vendor/OpenVista-CareVue/B1 AMB CCD SAMPLE 1.xml");
    let (_, fact) = allergy(&export, |a| a.code.code_in(system::RXNORM) == Some("7980"));
    assert_eq!((fact.code.label(), &*fact.clinical_status), ("PENICILLIN G", ""));
    let export = open("vendor/NextGen/AliceNewmanCCD.xml");
    let (_, fact) = condition(&export, |c| c.code.label() == "Overweight");
    assert_eq!(fact.clinical_status, "resolved");
}

#[test]
fn careevolution_medicine_without_schedule() {
    let export = open("vendor/CareEvolution/195352.xml");
    let (_, fact) = medicine(&export, |m| m.code.code_in(system::RXNORM) == Some("309090"));
    assert_eq!(fact.code.label(), "CefTRIAXone Sodium 100 GM SOLR");
    assert_eq!(fact.use_, MedicationUse::Reported);
    assert_eq!((&*fact.status, &*fact.frequency), ("active", ""));
    assert_eq!(day(fact.period.start.as_ref()), "2015-06-22");
    assert_eq!(fact.refills, Some(0));
}

#[test]
fn nextgen_sig_in_words_and_status_on_hold() {
    let export = open("vendor/NextGen/AliceNewmanCCD.xml");
    let (_, fact) = medicine(&export, |m| m.code.code_in(system::RXNORM) == Some("748748"));
    assert_eq!(fact.use_, MedicationUse::Ordered);
    assert_eq!(fact.status, "on-hold");
    let sig = "take 1 capsule by oral route 3 times every day if pain does not subside as needed";
    assert_eq!(fact.sig, sig);
    assert_eq!(fact.frequency, "every 8 h");
}

#[test]
fn bizmatics_medicine_as_needed() {
    let export = open("vendor/Bizmatics-PrognoCIS/Bizmatics_CCDSample1.xml");
    let (_, fact) = medicine(&export, |m| m.code.code_in(system::RXNORM) == Some("209459"));
    assert!(fact.as_needed);
    assert_eq!(fact.frequency, "");
    assert_eq!(day(fact.period.end.as_ref()), "2015-07-02");
}

#[test]
fn paragon_writes_one_id_on_every_medicine_so_it_identifies_none() {
    let export = open("vendor/McKesson-Paragon/larson-ds.xml");
    let medicines: Vec<&Statement> = statements(&export)
        .iter()
        .filter(|s| matches!(s.content, Content::Medication(_)))
        .collect();
    assert_eq!(medicines.len(), 12);
    assert!(medicines.iter().all(|s| s.identifiers.is_empty()));
}

#[test]
fn paragon_discharge_summary_tells_the_stay() {
    let export = open("vendor/McKesson-Paragon/larson-ds.xml");
    assert_eq!((&*export.document, &*export.version), ("discharge-summary", "R2.1"));
    let (statement, stay) = encounter(&export, |e| e.discharge_disposition.is_some());
    assert_eq!(statement.place, "/ClinicalDocument/componentOf/encompassingEncounter");
    assert_eq!(stay.identifiers[0].value, "000000010035");
    assert_eq!(stay.class, "IMP");
    assert_eq!(day(stay.period.start.as_ref()), "2015-06-22T09:50:00-05:00");
    assert_eq!(day(stay.period.end.as_ref()), "2015-06-24T20:24:00-05:00");
    let disposition = stay.discharge_disposition.as_ref().unwrap();
    assert_eq!(disposition.codings[0].code, "01");
    assert_eq!(disposition.label(), "PATIENT TO HOME/SELF CARE");
}

#[test]
fn hl7_discharge_summary_has_its_stay_and_lists() {
    let export = open("hl7-examples/Discharge_Summary.xml");
    let (_, stay) = encounter(&export, |e| e.discharge_disposition.is_some());
    assert_eq!(stay.identifiers[0].value, "9937012");
    assert_eq!(day(stay.period.start.as_ref()), "2014-09-09T19:04:00-05:00");
    assert_eq!(day(stay.period.end.as_ref()), "2014-09-16T19:04:00-05:00");
    assert!(medicines(&export, MedicationUse::Discharge) > 0);
    condition(&export, |c| c.category == "admission-diagnosis");
    condition(&export, |c| c.category == "discharge-diagnosis");
}

#[test]
fn allscripts_discharge_diagnosis_and_no_discharge_medicines() {
    let export =
        open("vendor-r11/Allscripts-Enterprise/170.314(b)(1)InPt_Discharge Summary CED Type.xml");
    assert_eq!(export.confidentiality, "V");
    let (statement, fact) = condition(&export, |c| c.category == "discharge-diagnosis");
    assert_eq!(fact.code.code_in(system::SNOMED), Some("233604007"));
    assert_eq!(statement.labels, ["V"]);
    let (statement, fact) = medicine(&export, |m| m.use_ == MedicationUse::Discharge);
    assert_eq!(statement.sense, Sense::NoneKnown);
    assert_eq!(fact.code.label(), "No Known Hospital Discharge Medications");
}

#[test]
fn athena_no_known_drug_allergies_beside_a_food_allergy() {
    let export = open("vendor/athenahealth/athena_ccd.xml");
    let (statement, fact) =
        allergy(&export, |a| a.code.code_in(system::SNOMED) == Some("409137002"));
    assert_eq!(statement.sense, Sense::NoneKnown);
    assert_eq!(fact.code.label(), "No known drug allergies");
    let (statement, fact) = allergy(&export, |a| a.code.code_in(system::RXNORM) == Some("892484"));
    assert_eq!(statement.sense, Sense::Stated);
    assert_eq!(fact.code.label(), "strawberry allergenic extract");
    assert_eq!(day(fact.onset.as_ref()), "2015-10-07");
}

#[test]
fn an_allergy_that_is_denied_is_no_allergy() {
    let export = open("vendor/Medical-Office-Technologies/5597_12_ReferralNote.xml");
    for substance in ["AMPICILLIN", "PENICILLIN G SODIUM"] {
        let (statement, fact) = allergy(&export, |a| a.code.label() == substance);
        assert_eq!(statement.sense, Sense::Negated);
        assert_eq!(fact.verification_status, "refuted");
        assert_eq!(fact.clinical_status, "");
    }
}

#[test]
fn a_disease_ruled_out_is_no_problem() {
    let export = open("onc-cures/negative/NT_USCDI_Sample4_r21_v4.xml");
    let (statement, fact) =
        condition(&export, |c| c.code.code_in(system::SNOMED) == Some("44054006"));
    assert_eq!(statement.sense, Sense::Negated);
    assert_eq!(fact.verification_status, "refuted");
    let faults = export.problems.iter().filter(|p| p.code == "code_malformed").count();
    assert!(faults >= 5, "{faults}");
}

#[test]
fn intelichart_vaccine_and_a_refused_one_of_paragon() {
    let export = open("vendor/InteliChart/G9AmbSample1V13.xml");
    let (_, fact) = vaccine(&export, |v| v.code.code_in(system::CVX) == Some("88"));
    assert_eq!(day(fact.occurrence.as_ref()), "2014-05-10T00:00:00-04:00");
    assert_eq!((&*fact.status, &*fact.lot_number), ("completed", "1"));
    let export = open("vendor/McKesson-Paragon/larson-ds.xml");
    let (statement, fact) = vaccine(&export, |v| v.status == "not-done");
    assert_eq!(statement.sense, Sense::Negated);
    assert_eq!(fact.code.code_in(system::CVX), Some("166"));
    assert_eq!(fact.status_reason.as_ref().unwrap().codings[0].code, "PATOBJ");
}

#[test]
fn healthgrid_procedure_with_its_performer() {
    let export = open("vendor/HealthGrid/t1fulls1.txt");
    let (_, fact) = procedure(&export, |p| p.code.code_in(system::SNOMED) == Some("56251003"));
    assert_eq!((fact.code.label(), &*fact.status), ("Nebulizer Therapy", "completed"));
    assert_eq!(day(fact.performed.start.as_ref()), "2015-06-22");
    assert_eq!(fact.performer.as_ref().unwrap().display, "Neighborhood Physicians Practice");
}

#[test]
fn hl7_result_with_unit_range_and_interpretation() {
    let export = open("hl7-examples/CCD.XML");
    let (_, fact) = observation(&export, |o| o.code.code_in(system::LOINC) == Some("777-3"));
    assert_eq!(quantity(fact), ("123", "10*9/L"));
    assert_eq!(fact.reference_range, "150 - 350 10*9/L");
    assert_eq!(fact.interpretation[0].codings[0].code, "LX");
    assert_eq!(day(fact.effective.start.as_ref()), "2008-03-19T08:30:00-08:00");
    assert_eq!(fact.panel.as_ref().unwrap().codings[0].code, "57021-8");
    let (_, pending) = observation(&export, |o| o.code.code_in(system::LOINC) == Some("3094-0"));
    assert_eq!((&pending.value, &*pending.status), (&Value::Absent, "preliminary"));
}

#[test]
fn epic_result_that_is_a_text_of_the_narrative() {
    let export = open("vendor-r11/Epic/epic_phr.xml");
    let (_, fact) = observation(&export, |o| o.code.label() == "CYTOPATHOLOGY");
    let Value::Text(words) = &fact.value else { panic!("{:?}", fact.value) };
    assert!(words.contains("C14-45547"), "{words}");
    let (_, fact) = observation(&export, |o| o.code.code_in(system::LOINC) == Some("21198-7"));
    let Value::Quantity(q) = &fact.value else { panic!("{:?}", fact.value) };
    assert_eq!((&*q.comparator, &*q.value), ("<", "0.5"));
}

#[test]
fn cerner_visit_with_its_diagnoses() {
    let export = open("vendor-r11/Cerner/Transition_of_Care_Referral_Summary.xml");
    let (_, fact) = encounter(&export, |e| !e.diagnoses.is_empty());
    assert_eq!(fact.class, "IMP");
    assert_eq!(fact.identifiers[0].value, "162");
    assert_eq!(fact.diagnoses[0].code.label(), "Final: Exercise-induced angina");
    assert_eq!(fact.diagnoses[0].code.code_in(system::ICD9CM), Some("413.9"));
}

#[test]
fn medical_office_visit_ends_where_its_end_says() {
    let export = open("vendor/Medical-Office-Technologies/5595_5.xml");
    let (_, fact) = encounter(&export, |e| e.type_.iter().any(|t| t.label() == "Office Visit"));
    assert_eq!(fact.class, "AMB");
    assert_eq!(day(fact.period.start.as_ref()), "2017-06-21");
    assert_eq!(fact.location, "Jeffrey Feldman M.D.");
    assert_eq!(fact.diagnoses[0].code.label(), "Fever");
    assert_eq!(fact.diagnoses[0].code.code_in(system::ICD10CM), Some("R50.9"));
}

#[test]
fn socialcare_goal_in_the_words_of_its_value() {
    let export = open("vendor/SocialCare/SocialCare_v1.0_One.xml");
    let (statement, goal) = other(&export, |o| o.kind == FactKind::Goal);
    assert_eq!(goal.note, "Get rid of intermittent fever that is occurring every few weeks.");
    assert_eq!((&*goal.resource_type, &*goal.status), ("Goal", "active"));
    assert_eq!(statement.author, "Tracy Davis");
}

#[test]
fn referral_of_the_hl7_referral_note() {
    let export = open("hl7-examples/Referral_Note.xml");
    assert_eq!(export.document, "referral-note");
    let (statement, referral) = other(&export, |o| o.kind == FactKind::Referral);
    assert_eq!(referral.code.code_in(system::SNOMED), Some("44383000"));
    assert_eq!(day(referral.period.start.as_ref()), "2013-03-11");
    assert_eq!(statement.author, "Nurse Florence RN");
    assert_eq!(statement.identifiers[0].value, "urn:uuid:70bdd7db-e02d-4eff-9829-35e3b7d9e154");
}

#[test]
fn nextgen_reason_for_referral_in_words_becomes_a_draft() {
    let export = open("vendor/NextGen/AliceNewmanCCD.xml");
    let (_, referral) = other(&export, |o| o.kind == FactKind::Referral && o.status == "draft");
    assert!(referral.note.contains("Community Health Hospitals Inpatient facility"));
    // the payers say "No information" below their heading: nothing
    assert!(!statements(&export).iter().any(|s| s.content.kind() == FactKind::Coverage));
}

#[test]
fn payers_of_the_transfer_summary() {
    let export = open("hl7-examples/Transfer_Summary.xml");
    let found = statements(&export).iter().find_map(|s| match &s.content {
        Content::Coverage(coverage) => Some(coverage),
        _ => None,
    });
    let coverage = found.expect("a policy");
    assert_eq!(coverage.payor, "Good Health Insurance");
    assert_eq!(coverage.identifiers[0].value, "1138345");
    assert_eq!(coverage.relationship.as_ref().unwrap().label(), "self");
}

#[test]
fn a_text_in_base64_and_one_that_is_no_text() {
    let export =
        open("c62/WorldVistA/LOINC(11536-0)_df531e29-574d-11e1-a7be-05ec2249ca82_TEXT.xml");
    assert_eq!((&*export.document, &*export.version), ("unstructured", "C62"));
    let (_, fact) = document(&export, |_| true);
    assert!(fact.text.starts_with("Procedure:*ARTHROGRAM,RT ELBOW (P)"));
    assert_eq!(fact.type_.code_in(system::LOINC), Some("18726-0"));
    let export = open("c62/WorldVistA/LOINC(11536-0)_38fb929a-6dfd-11e1-9d20-eb29594a53b4_RTF.xml");
    assert_eq!((&*export.document, &*export.version), ("unstructured", ""));
    let (_, fact) = document(&export, |_| true);
    assert_eq!(fact.content_type, "application/rtf");
    assert!(fact.data_base64.starts_with("e1xydGYx"));
    assert_eq!(statements(&export).len(), 1);
}

#[test]
fn sensitivity_of_a_ds4p_document_stays_with_its_facts() {
    let export = open("onc-cures/ds4p-amb/170.315_b8_ds4p_amb_sample1_v8.xml");
    assert_eq!(export.confidentiality, "R");
    assert!(statements(&export).iter().all(|s| s.labels.contains(&"R".to_owned())));
}

#[test]
fn kin_of_the_hl7_patient_is_one_person_with_three_roles() {
    let export = open("hl7-examples/CCD.XML");
    let kin: Vec<_> = statements(&export)
        .iter()
        .filter_map(|s| match &s.content {
            Content::Relation(person) => Some(person),
            _ => None,
        })
        .collect();
    assert_eq!(kin.len(), 1);
    assert_eq!(kin[0].names[0].family, "Betterhalf");
    let roles: Vec<&str> = kin[0].relationship.iter().map(|r| &*r.codings[0].code).collect();
    assert_eq!(roles, ["POWATT", "GUARD", "NOK", "ECON"]);
    let patient = &export.people[0].patient;
    assert_eq!(patient.communications[0].language, "en");
    assert_eq!(patient.general_practitioner[0].display, "Patricia Patty Primary M.D.");
    assert_eq!(patient.race.len(), 2);
}

#[test]
fn two_patients_in_one_document_are_set_aside() {
    let text = super::samples::text("hl7-examples/CCD.XML");
    let start = text.find("<recordTarget>").unwrap();
    let end = text.find("</recordTarget>").unwrap() + "</recordTarget>".len();
    let doubled = format!("{}{}{}", &text[..end], &text[start..end], &text[end..]);
    let error = almoner_formats::ccda::read(&doubled).unwrap_err();
    assert_eq!(error.problem.code, "several_patients");
    let none = format!("{}{}", &text[..start], &text[end..]);
    assert_eq!(almoner_formats::ccda::read(&none).unwrap_err().problem.code, "no_patient");
}

//! The kinds that matter in the shapes of DSTU2, STU3, R4 and R5 (`fhir.md` A4, A5; the resource
//! pages of FHIR 1.0.2, 3.0.2, 4.0.1 and 5.0.0), made up.

use super::{codes, one};
use almoner_core::clinical::{Content, FactKind, MedicationUse, Other, Quantity};
use almoner_core::export::{Export, Sense, Statement};

fn said(text: &str) -> (Export, Statement) {
    let export = one(text);
    assert_eq!(export.people.len(), 1, "{text}");
    let statement = export.people[0].statements[0].clone();
    (export, statement)
}

fn other(text: &str) -> Other {
    let (_, statement) = said(text);
    let Content::Other(other) = statement.content else { panic!("{text}") };
    other
}

fn day(when: Option<&almoner_core::clinical::When>) -> &str {
    when.map_or("", |when| when.as_str())
}

#[test]
fn the_status_of_an_allergy_in_dstu2_is_all_its_statuses() {
    let text = |status: &str| {
        format!(
            r#"{{"resourceType":"AllergyIntolerance","id":"a","patient":{{"reference":"Patient/p"}},
            "substance":{{"text":"Latex"}},"recordedDate":"2014-05-06","status":"{status}","criticality":"CRITH",
            "reaction":[{{"manifestation":[{{"text":"Hives"}}],"severity":"mild"}}]}}"#
        )
    };
    for (status, clinical, verification, sense) in [
        ("active", "active", "", Sense::Stated),
        ("unconfirmed", "active", "unconfirmed", Sense::Stated),
        ("confirmed", "active", "confirmed", Sense::Stated),
        ("inactive", "inactive", "", Sense::Stated),
        ("resolved", "resolved", "", Sense::Stated),
        ("refuted", "", "refuted", Sense::Negated),
    ] {
        let (export, statement) = said(&text(status));
        assert_eq!((&*export.version, statement.sense), ("DSTU2", sense), "{status}");
        let Content::Allergy(it) = statement.content else { panic!() };
        assert_eq!((&*it.clinical_status, &*it.verification_status), (clinical, verification));
        assert_eq!((it.code.label(), &*it.criticality), ("Latex", "high"));
        assert_eq!(it.reactions[0].manifestation[0].label(), "Hives");
    }
    assert_eq!(codes(&one(&text("entered-in-error")))[0], "entered_in_error");
    // R5: the type is a concept.
    let (_, r5) = said(
        r#"{"resourceType":"AllergyIntolerance","id":"a","patient":{"reference":"Patient/p"},
        "code":{"text":"Latex"},"type":{"coding":[{"code":"intolerance"}]},
        "clinicalStatus":{"coding":[{"code":"active"}]},"participant":[{"actor":{"display":"Dr A"}}],
        "reaction":[{"manifestation":[{"concept":{"text":"Hives"}}]}]}"#,
    );
    let Content::Allergy(it) = r5.content else { panic!() };
    assert_eq!((&*it.type_, it.reactions[0].manifestation[0].label()), ("intolerance", "Hives"));
}

#[test]
fn goals_have_a_due_date_and_how_far_they_are() {
    for (version, text) in [
        (
            "DSTU2",
            r#""status":"in-progress","startDate":"2015-01-01","targetDate":"2015-06-01","description":"Walk daily""#,
        ),
        (
            "STU3",
            r#""status":"in-progress","startDate":"2015-01-01","target":{"dueDate":"2015-06-01"},"description":{"text":"Walk daily"}"#,
        ),
        (
            "R4",
            r#""lifecycleStatus":"active","startDate":"2015-01-01","target":[{"dueDate":"2015-06-01"}],"description":{"text":"Walk daily"},
            "achievementStatus":{"coding":[{"code":"improving"}]}"#,
        ),
    ] {
        let it = other(&format!(
            r#"{{"resourceType":"Goal","id":"g","subject":{{"reference":"Patient/p"}},{text}}}"#
        ));
        assert_eq!((it.kind, it.code.label()), (FactKind::Goal, "Walk daily"), "{version}");
        assert_eq!(day(it.period.start.as_ref()), "2015-01-01", "{version}");
        assert_eq!(day(it.period.end.as_ref()), "2015-06-01", "{version}");
        assert_eq!(it.note.contains("improving"), version == "R4", "{}", it.note);
    }
}

#[test]
fn care_teams_tell_who_belongs_to_them() {
    let (_, statement) = said(
        r#"{"resourceType":"CareTeam","id":"t","status":"active","name":"Heart team",
        "subject":{"reference":"Patient/p"},"period":{"start":"2024-01-02"},
        "participant":[{"role":[{"text":"Cardiologist"}],"member":{"display":"Dr Ito"}},
            {"role":{"text":"Daughter"},"member":{"display":"Ann Ames"}},{"member":{"display":"Ward 5"}}]}"#,
    );
    let Content::Other(it) = &statement.content else { panic!() };
    assert_eq!((it.kind, &*it.resource_type), (FactKind::CarePlan, "CareTeam"));
    assert_eq!((it.code.label(), &*it.status), ("Heart team", "active"));
    assert_eq!(it.note, "Cardiologist: Dr Ito\nDaughter: Ann Ames\nWard 5");
    assert_eq!(day(it.period.start.as_ref()), "2024-01-02");
}

#[test]
fn a_referral_is_known_by_category_or_words_in_every_version() {
    let text = |kind: &str, rest: &str| {
        format!(
            r#"{{"resourceType":"{kind}","id":"r","status":"active","subject":{{"reference":"Patient/p"}},{rest}}}"#
        )
    };
    let snomed = |code: &str| {
        format!(r#"[{{"coding":[{{"system":"http://snomed.info/sct","code":"{code}"}}]}}]"#)
    };
    let by_category =
        format!(r#""intent":"order","category":{},"code":{{"text":"Eye"}}"#, snomed("3457005"));
    for (kind, rest) in [
        ("ServiceRequest", by_category.as_str()),
        (
            "ServiceRequest",
            r#""intent":"order","code":{"coding":[{"display":"Referral to cardiology"}]}"#,
        ),
        ("ServiceRequest", r#""intent":"order","code":{"text":"Ophthalmology consultation"}"#),
        ("ServiceRequest", r#""intent":"order","code":{"concept":{"text":"Consult, cardiology"}}"#),
        (
            "ReferralRequest",
            r#""intent":"order","type":{"text":"Eye"},"occurrencePeriod":{"start":"2017-01-02"}"#,
        ),
        (
            "ReferralRequest",
            r#""type":{"text":"Eye"},"dateSent":"2015-01-02","patient":{"reference":"Patient/p"}"#,
        ),
        ("ProcedureRequest", r#""intent":"order","code":{"text":"Referral to eye clinic"}"#),
    ] {
        let it = other(&text(kind, rest));
        assert_eq!(it.kind, FactKind::Referral, "{kind} {rest}");
        assert!(!it.code.is_empty(), "{kind} {rest}");
    }
    let sent = other(&text("ReferralRequest", r#""type":{"text":"Eye"},"dateSent":"2015-01-02""#));
    assert_eq!(day(sent.period.start.as_ref()), "2015-01-02");
    let lab = format!(
        r#""intent":"order","category":{},"code":{{"text":"Cortisol"}}"#,
        snomed("108252007")
    );
    for rest in [lab.as_str(), r#""intent":"order","code":{"text":"Lipid panel"}"#] {
        let export = one(&text("ServiceRequest", rest));
        assert_eq!((export.people.len(), codes(&export)), (0, vec!["kept_whole"]), "{rest}");
    }
}

#[test]
fn reports_name_their_makers_in_every_version() {
    for text in [
        r#""performer":{"display":"Dr Ito"},"code":{"text":"CBC"},"effectiveDateTime":"2014-02-03""#,
        r#""performer":[{"role":{"text":"reader"},"actor":{"display":"Dr Ito"}}],"code":{"text":"CBC"},"effectiveDateTime":"2014-02-03""#,
        r#""performer":[{"display":"Dr Ito"}],"code":{"text":"CBC"},"effectivePeriod":{"start":"2014-02-03"}"#,
    ] {
        let (_, statement) = said(&format!(
            r#"{{"resourceType":"DiagnosticReport","id":"d","status":"final","subject":{{"reference":"Patient/p"}},{text}}}"#
        ));
        let Content::Document(it) = statement.content else { panic!("{text}") };
        assert_eq!(
            it.authors.iter().map(|who| &*who.display).collect::<Vec<_>>(),
            ["Dr Ito"],
            "{text}"
        );
        assert_eq!((it.title.as_str(), day(it.date.as_ref())), ("CBC", "2014-02-03"), "{text}");
    }
}

#[test]
fn of_several_forms_of_a_document_the_one_that_is_here_is_taken() {
    let (_, statement) = said(
        r#"{"resourceType":"DocumentReference","id":"d","status":"current",
        "subject":{"reference":"Patient/p"},"type":{"text":"Letter"},"date":"2024-01-02T03:04:05Z","content":[
        {"attachment":{"contentType":"application/pdf","url":"https://e.org/fhir/Binary/1"}},
        {"attachment":{"contentType":"text/plain","data":"SGVsbG8="}}]}"#,
    );
    let Content::Document(it) = statement.content else { panic!() };
    assert_eq!((&*it.text, &*it.content_type, &*it.url), ("Hello", "text/plain", ""));
    // R5: the encounter is the context itself, the author and category as before.
    let (_, r5) = said(
        r#"{"resourceType":"DocumentReference","id":"d","status":"current",
        "subject":{"reference":"Patient/p"},"type":{"text":"Letter"},"date":"2024-01-02T03:04:05Z",
        "context":[{"reference":"Encounter/e"}],"content":[{"attachment":{"contentType":"text/plain","data":"SGVsbG8="}}]}"#,
    );
    let Content::Document(it) = r5.content else { panic!() };
    assert_eq!(it.encounter.map(|it| it.key).unwrap_or_default(), "Encounter/e");
}

#[test]
fn coverage_is_found_under_the_words_of_each_version() {
    for (version, text) in [
        (
            "DSTU2",
            r#""issuer":{"display":"Acme"},"bin":{"value":"1"},"subscriberId":{"value":"S7"},"subscriber":{"reference":"Patient/p"},"group":"G1","plan":"Gold""#,
        ),
        (
            "STU3",
            r#""status":"active","payor":[{"display":"Acme"}],"subscriberId":"S7","beneficiary":{"reference":"Patient/p"},"grouping":{"group":"G1","plan":"Gold"}"#,
        ),
        (
            "R4",
            r#""status":"active","payor":[{"display":"Acme"}],"subscriberId":"S7","beneficiary":{"reference":"Patient/p"},
            "class":[{"type":{"coding":[{"code":"group"}]},"value":"G1"},{"type":{"coding":[{"code":"plan"}]},"value":"Gold"}]"#,
        ),
        (
            "R5",
            r#""status":"active","kind":"insurance","insurer":{"display":"Acme"},"subscriberId":[{"value":"S7"}],"beneficiary":{"reference":"Patient/p"},
            "class":[{"type":{"coding":[{"code":"group"}]},"value":{"value":"G1"}},{"type":{"coding":[{"code":"plan"}]},"value":{"value":"Gold"}}]"#,
        ),
    ] {
        let (_, statement) = said(&format!(r#"{{"resourceType":"Coverage","id":"c",{text}}}"#));
        let Content::Coverage(it) = statement.content else { panic!("{version}") };
        let found = (&*it.payor, &*it.subscriber_id, &*it.group, &*it.plan);
        assert_eq!(found, ("Acme", "S7", "G1", "Gold"), "{version}");
    }
}

#[test]
fn encounters_of_r5_name_diagnoses_and_people_by_concept_or_reference() {
    let (_, statement) = said(
        r#"{"resourceType":"Encounter","id":"e","status":"discharged",
        "class":[{"coding":[{"code":"EMER"}]}],"subject":{"reference":"Patient/p"},
        "actualPeriod":{"start":"2024-01-02","end":"2024-01-03"},
        "participant":[{"actor":{"display":"Dr Ito"}}],
        "diagnosis":[{"condition":[{"concept":{"text":"Fall"}}],"use":[{"text":"admission"}]},
            {"condition":[{"reference":{"display":"Fracture"}}]}],
        "location":[{"location":{"display":"Ward 5"}}],
        "reason":[{"value":[{"reference":{"display":"Dizzy"}}]}]}"#,
    );
    let Content::Encounter(it) = statement.content else { panic!() };
    let diagnoses: Vec<_> = it.diagnoses.iter().map(|it| it.code.label()).collect();
    assert_eq!((diagnoses, it.status.as_str()), (vec!["Fall", "Fracture"], "finished"));
    assert_eq!((&*it.location, &*it.participants[0].display), ("Ward 5", "Dr Ito"));
    assert_eq!(it.reason.iter().map(|it| it.label()).collect::<Vec<_>>(), ["Dizzy"]);
    // STU3 and R4: a bare list of diagnoses by reference, with what they point to in the file.
    let (_, statement) = said(
        r##"{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"IMP"},
        "subject":{"reference":"Patient/p"},"contained":[{"resourceType":"Condition","id":"x","code":{"text":"Gout"}}],
        "diagnosis":[{"condition":{"reference":"#x"},"role":{"coding":[{"code":"DD"}]}}]}"##,
    );
    let Content::Encounter(it) = statement.content else { panic!() };
    assert_eq!((it.diagnoses[0].code.label(), &*it.diagnoses[0].role), ("Gout", "DD"));
}

#[test]
fn appointments_say_for_whom_when_and_why_not() {
    for text in [
        r#""participant":[{"actor":{"reference":"Location/l"},"status":"accepted"},{"actor":{"reference":"Patient/p"},"status":"accepted"}],
            "comment":"bring papers","cancelationReason":{"text":"Snow"}"#,
        r#""subject":{"reference":"Patient/p"},"note":[{"text":"bring papers"}],"cancellationReason":{"text":"Snow"},
            "participant":[{"actor":{"display":"Dr A"},"status":"accepted"}]"#,
    ] {
        let it = other(&format!(
            r#"{{"resourceType":"Appointment","id":"a","status":"cancelled","start":"2024-05-06T09:00:00Z","end":"2024-05-06T09:30:00Z",
            "description":"Eye check",{text}}}"#
        ));
        assert_eq!(
            (it.kind, &*it.status, it.code.label()),
            (FactKind::Appointment, "cancelled", "Eye check")
        );
        assert_eq!(day(it.period.end.as_ref()), "2024-05-06T09:30:00Z");
        assert_eq!(it.note, "bring papers\nSnow", "{text}");
    }
}

#[test]
fn vaccines_and_procedures_of_r5_are_read() {
    let (_, statement) = said(
        r#"{"resourceType":"Immunization","id":"i","status":"completed","vaccineCode":{"text":"Flu"},
        "patient":{"reference":"Patient/p"},"occurrenceDateTime":"2024-01-02","lotNumber":"L1",
        "manufacturer":{"reference":{"display":"Acme Bio"}},"primarySource":true}"#,
    );
    let Content::Immunization(it) = statement.content else { panic!() };
    assert_eq!((&*it.manufacturer, &*it.lot_number), ("Acme Bio", "L1"));
    let (_, statement) = said(
        r#"{"resourceType":"Procedure","id":"x","status":"completed","code":{"text":"Cast"},
        "subject":{"reference":"Patient/p"},"occurrencePeriod":{"start":"2024-01-02","end":"2024-01-03"},
        "performer":[{"actor":{"display":"Dr Ito"}}],"reason":[{"concept":{"text":"Fracture"}}]}"#,
    );
    let Content::Procedure(it) = statement.content else { panic!() };
    assert_eq!(it.reason.map(|it| it.label().to_owned()).unwrap_or_default(), "Fracture");
    assert_eq!(day(it.performed.end.as_ref()), "2024-01-03");
}

#[test]
fn panels_of_stu3_name_their_members() {
    let export = one(r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Observation","id":"panel","status":"final","code":{"text":"Blood pressure"},
            "subject":{"reference":"Patient/p"},"comment":"sitting","related":[{"type":"has-member","target":{"reference":"Observation/s"}}]}},
        {"resource":{"resourceType":"Observation","id":"s","status":"final","code":{"text":"Systolic"},
            "subject":{"reference":"Patient/p"},"valueQuantity":{"value":120,"unit":"mmHg"}}}]}"#);
    let Content::Observation(it) = &export.people[0].statements[1].content else { panic!() };
    assert_eq!(it.panel.as_ref().map(|it| it.label()).unwrap_or_default(), "Blood pressure");
}

#[test]
fn what_changes_the_meaning_of_a_resource_is_told() {
    let export = one(
        r#"{"resourceType":"Condition","id":"c","code":{"text":"Gout"},"subject":{"reference":"Patient/p"},
        "modifierExtension":[{"url":"https://e.org/not-really","valueBoolean":true}]}"#,
    );
    assert_eq!(codes(&export), ["modified"]);
    let export = one(
        r#"{"resourceType":"Condition","id":"c","code":{"text":"Gout"},"subject":{"reference":"Patient/p"},
        "implicitRules":"https://e.org/rules"}"#,
    );
    assert_eq!(codes(&export), ["modified"]);
}

#[test]
fn relatives_and_patients_of_every_version_are_read() {
    for relationship in [r#"[{"text":"Daughter"}]"#, r#"{"text":"Daughter"}"#] {
        let (_, statement) = said(&format!(
            r#"{{"resourceType":"RelatedPerson","id":"r","patient":{{"reference":"Patient/p"}},"relationship":{relationship},
            "name":{{"text":"Ann Ames"}},"telecom":[{{"system":"phone","value":"555-0100"}}]}}"#
        ));
        let Content::Relation(it) = statement.content else { panic!() };
        assert_eq!((it.relationship[0].label(), &*it.names[0].family), ("Daughter", "Ames"));
    }
    let export = one(
        r#"{"resourceType":"Patient","id":"p","name":[{"family":["Ames","Ito"],"given":["Bo"]}],
        "careProvider":[{"display":"Dr A"}],"communication":[{"language":{"text":"Spanish"},"preferred":true}],
        "deceasedBoolean":false,"active":true}"#,
    );
    let patient = &export.people[0].patient;
    assert_eq!((&*patient.names[0].family, export.version.as_str()), ("Ames Ito", "DSTU2"));
    assert_eq!(patient.general_practitioner[0].display, "Dr A");
}

#[test]
fn medicines_of_every_version_are_read() {
    for (version, kind, text) in [
        (
            "DSTU2",
            "MedicationOrder",
            r#""patient":{"reference":"Patient/p"},"prescriber":{"display":"Dr A"},"medicationCodeableConcept":{"text":"Aspirin"},"dosageInstruction":[{"text":"one a day"}]"#,
        ),
        (
            "STU3",
            "MedicationRequest",
            r#""intent":"order","subject":{"reference":"Patient/p"},"context":{"reference":"Encounter/e"},"requester":{"agent":{"display":"Dr A"}},"medicationCodeableConcept":{"text":"Aspirin"},"dosageInstruction":[{"text":"one a day"}]"#,
        ),
        (
            "R4",
            "MedicationRequest",
            r#""intent":"order","subject":{"reference":"Patient/p"},"encounter":{"reference":"Encounter/e"},"requester":{"display":"Dr A"},"medicationReference":{"display":"Aspirin"},"dosageInstruction":[{"text":"one a day"}]"#,
        ),
        (
            "R5",
            "MedicationRequest",
            r#""intent":"order","subject":{"reference":"Patient/p"},"requester":{"display":"Dr A"},"medication":{"reference":{"display":"Aspirin"}},"renderedDosageInstruction":"one a day""#,
        ),
        (
            "DSTU2",
            "MedicationStatement",
            r#""patient":{"reference":"Patient/p"},"informationSource":{"display":"Dr A"},"wasNotTaken":false,"reasonForUseCodeableConcept":{"text":"Pain"},"medicationCodeableConcept":{"text":"Aspirin"},"dosage":[{"text":"one a day"}]"#,
        ),
        (
            "STU3",
            "MedicationStatement",
            r#""taken":"y","subject":{"reference":"Patient/p"},"informationSource":{"display":"Dr A"},"medicationCodeableConcept":{"text":"Aspirin"},"dosage":[{"text":"one a day"}]"#,
        ),
        (
            "R5",
            "MedicationStatement",
            r#""subject":{"reference":"Patient/p"},"informationSource":[{"display":"Dr A"}],"medication":{"concept":{"text":"Aspirin"}},"dosage":[{"text":"one a day"}]"#,
        ),
    ] {
        let (export, statement) =
            said(&format!(r#"{{"resourceType":"{kind}","id":"m","status":"active",{text}}}"#));
        assert_eq!(export.version, version, "{kind} {text}");
        let Content::Medication(it) = statement.content else { panic!("{version}") };
        let requester = it.requester.map(|it| it.display).unwrap_or_default();
        assert_eq!(
            (it.code.label(), &*it.sig, &*requester),
            ("Aspirin", "one a day", "Dr A"),
            "{version} {kind}"
        );
    }
}

#[test]
fn a_dispense_is_a_fill_with_its_amount_and_days() {
    let medicine = r#""medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"860975","display":"Metformin 500 MG"}]}"#;
    let r5 = r#""medication":{"concept":{"text":"Metformin 500 MG"}}"#;
    for (version, person, medicine) in
        [("DSTU2", "patient", medicine), ("R4", "subject", medicine), ("R5", "subject", r5)]
    {
        let text = format!(
            r#"{{"resourceType":"MedicationDispense","id":"d","status":"completed","{person}":{{"reference":"Patient/p"}},
            {medicine},"quantity":{{"value":60,"unit":"tablet"}},"daysSupply":{{"value":30,"unit":"days"}},
            "whenPrepared":"2026-01-01","whenHandedOver":"2026-01-02","dosageInstruction":[{{"text":"one twice a day"}}]}}"#
        );
        let (_, statement) = said(&text);
        let Content::Medication(it) = statement.content else { panic!("{version}") };
        assert_eq!(it.use_, MedicationUse::Dispensed, "{version}");
        assert_eq!((it.code.label(), &*it.sig), ("Metformin 500 MG", "one twice a day"));
        assert_eq!(day(it.period.start.as_ref()), "2026-01-02");
        let amount = |it: &Option<Quantity>| it.as_ref().map(|it| it.value.clone());
        assert_eq!(amount(&it.quantity).as_deref(), Some("60"));
        assert_eq!(amount(&it.days_supply).as_deref(), Some("30"));
    }
    let declined = r#"{"resourceType":"MedicationDispense","id":"d","status":"declined","subject":{"reference":"Patient/p"},
        "medicationCodeableConcept":{"text":"Metformin"}}"#;
    assert_eq!(said(declined).1.sense, Sense::Negated);
}

#[test]
fn an_order_that_was_only_told_is_a_report() {
    for (reported, use_) in [
        (r#""reportedBoolean":true"#, MedicationUse::Reported),
        (r#""reportedReference":{"reference":"Patient/p"}"#, MedicationUse::Reported),
        (r#""reported":true"#, MedicationUse::Reported),
        (r#""reportedBoolean":false"#, MedicationUse::Ordered),
    ] {
        let text = format!(
            r#"{{"resourceType":"MedicationRequest","id":"m","status":"active","intent":"plan","subject":{{"reference":"Patient/p"}},
            "medicationCodeableConcept":{{"text":"Fish oil"}},{reported}}}"#
        );
        let Content::Medication(it) = said(&text).1.content else { panic!("{reported}") };
        assert_eq!(it.use_, use_, "{reported}");
    }
}

#[test]
fn what_the_record_shows_a_line_of() {
    for (resource, label, from, note) in [
        (
            r#""resourceType":"FamilyMemberHistory","status":"completed","patient":{"reference":"Patient/p"},"date":"2020-02",
            "relationship":{"text":"mother"},"condition":[{"code":{"text":"Breast cancer"}},{"code":{"text":"Gout"}}]"#,
            "Breast cancer, Gout",
            "2020-02",
            "mother",
        ),
        (
            r#""resourceType":"Device","status":"active","patient":{"reference":"Patient/p"},"type":{"text":"Pacemaker"},
            "deviceName":[{"name":"Azure XT","type":"user-friendly-name"}],"udiCarrier":[{"carrierHRF":"(01)00844588003288"}]"#,
            "Pacemaker",
            "",
            "Azure XT",
        ),
        (
            r#""resourceType":"Consent","status":"active","patient":{"reference":"Patient/p"},"dateTime":"2026-01-02","scope":{"text":"Privacy"},
            "category":[{"text":"Information disclosure"}],"provision":{"type":"permit"}"#,
            "Information disclosure",
            "2026-01-02",
            "permit",
        ),
        (
            r#""resourceType":"Flag","status":"active","subject":{"reference":"Patient/p"},"category":[{"text":"Safety"}],
            "code":{"text":"Fall risk"},"period":{"start":"2026-03-04"}"#,
            "Fall risk",
            "2026-03-04",
            "Safety",
        ),
        (
            r#""resourceType":"Communication","status":"completed","subject":{"reference":"Patient/p"},"sent":"2026-05-06T10:00:00Z",
            "payload":[{"contentString":"Called, no answer"}]"#,
            "Called, no answer",
            "2026-05-06T10:00:00Z",
            "Called, no answer",
        ),
        (
            r#""resourceType":"QuestionnaireResponse","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-07-08",
            "questionnaire":"http://example.org/Questionnaire/phq-9|1","item":[{"linkId":"g","item":[{"linkId":"1","text":"Little interest",
            "answer":[{"valueCoding":{"code":"2","display":"More than half the days"}}]},{"linkId":"2","answer":[{"valueBoolean":true}]},
            {"linkId":"3","text":"Weight","answer":[{"valueQuantity":{"value":78.50,"unit":"kg"}}]},{"linkId":"4","answer":[{"valueDecimal":7.0}]}]}]"#,
            "phq-9",
            "2026-07-08",
            "Little interest: More than half the days\n2: true\nWeight: 78.50 kg\n4: 7.0",
        ),
    ] {
        let text = format!(r#"{{"id":"x",{resource}}}"#);
        let (export, statement) = said(&text);
        let Content::Other(it) = &statement.content else { panic!("{resource}") };
        assert_eq!((it.kind, it.code.label()), (FactKind::Resource, label));
        assert_eq!(day(it.period.start.as_ref()), from, "{label}");
        assert_eq!(it.note, note, "{label}");
        assert!(codes(&export).iter().all(|code| *code != "kept_whole"), "{label}");
        let number = it.identifiers.iter().any(|id| id.value == "(01)00844588003288");
        assert_eq!(number, label == "Pacemaker");
    }
    // A device that is nobody's is no line of a record.
    let software = one(r#"{"resourceType":"Device","id":"d","type":{"text":"Software"}}"#);
    assert!(software.people.is_empty());
}

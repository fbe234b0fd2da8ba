//! Words and states where vendors leave them to be found elsewhere: codes without words, ends that are
//! none, medicines whose status stands beside them, texts that only speak of a referral.

use super::made::{entry, section, snomed, told, with};
use super::samples::statements;
use almoner_core::clinical::{Content, FactKind, Value};
use almoner_core::export::Export;

/// Clinical status and end of each condition.
fn ends(export: &Export) -> Vec<(String, Option<String>)> {
    let ends = statements(export).iter().filter_map(|s| match &s.content {
        Content::Condition(c) => {
            let end = c.abatement.as_ref().map(|end| end.as_str().to_owned());
            Some((c.clinical_status.clone(), end))
        }
        _ => None,
    });
    ends.collect()
}

fn labels(export: &Export) -> Vec<String> {
    told(export).into_iter().map(|(.., label)| label).collect()
}

#[test]
fn an_end_that_is_the_beginning_of_an_active_concern_is_no_end() {
    let concern = |status: &str, high: &str| {
        let problem = entry(
            "observation",
            "4",
            &format!(
                "<effectiveTime><low value=\"20111231\"/><high value=\"{high}\"/></effectiveTime>{}",
                snomed("value", "236578006", "Chronic rejection of renal transplant")
            ),
        );
        let problem = problem.replace("<entry>", "").replace("</entry>", "");
        entry(
            "act",
            "3",
            &format!(
                "<statusCode code=\"{status}\"/><entryRelationship typeCode=\"SUBJ\">{problem}\
                 </entryRelationship>"
            ),
        )
    };
    for (status, high, clinical, end) in [
        ("active", "20111231", "active", None),
        ("active", "20120105", "inactive", Some("2012-01-05")),
        ("completed", "20111231", "resolved", Some("2011-12-31")),
        ("completed", "20120105", "resolved", Some("2012-01-05")),
        ("active", "20991231", "active", None),
    ] {
        let export = with(&section("11450-4", &concern(status, high)));
        let found = ends(&export);
        assert_eq!(found, [(clinical.to_owned(), end.map(str::to_owned))], "{status} {high}");
    }
}

#[test]
fn a_completed_medicine_is_what_its_status_observation_says() {
    let medicine = |status: &str, code: &str| {
        entry(
            "substanceAdministration",
            "16",
            &format!(
                "<statusCode code=\"{status}\"/><consumable><manufacturedProduct><manufacturedMaterial>\
                 <code code=\"1191\" codeSystem=\"2.16.840.1.113883.6.88\"/></manufacturedMaterial>\
                 </manufacturedProduct></consumable><entryRelationship typeCode=\"REFR\"><observation>\
                 <code code=\"33999-4\"/>{}</observation></entryRelationship>",
                snomed("value", code, "")
            ),
        )
    };
    for (status, code, expected) in [
        ("completed", "55561003", "active"),
        ("completed", "73425007", "completed"),
        ("completed", "392521001", "completed"),
        ("completed", "421139008", "on-hold"),
        ("active", "73425007", "active"),
    ] {
        let export = with(&section("10160-0", &medicine(status, code)));
        let found = statements(&export).iter().find_map(|s| match &s.content {
            Content::Medication(medication) => Some(medication.status.clone()),
            _ => None,
        });
        assert_eq!(found.unwrap(), expected, "{status} {code}");
    }
}

#[test]
fn codes_without_words_are_named_by_the_cell_beside_them() {
    let head = |names: [&str; 4]| names.map(|name| format!("<th>{name}</th>")).concat();
    let row = |cells: [&str; 4]| {
        format!("<tr>{}</tr>", cells.map(|cell| format!("<td>{cell}</td>")).concat())
    };
    let table = format!(
        "<text><table><thead><tr>{}</tr></thead><tbody>{}{}</tbody></table></text>",
        head(["Status", "Problem Name", "Code", "Code System Name"]),
        row(["Active", "Gout (disorder)", "90560007", "SnomedCt"]),
        row(["Active", "Hypertension", "38341003", "SNOMED CT"]),
    );
    // a table whose heads do not say which column holds the names is not asked
    let mute = table.replace("Problem Name", "What");
    let bare = |code: &str| {
        entry("observation", "4", &snomed("value", code, "").replace(" displayName=\"\"", ""))
    };
    let problems = ["90560007", "38341003", "195967001"].map(bare).concat();
    let read = |table: &str| labels(&with(&section("11450-4", &[table, &problems].concat())));
    assert_eq!(read(&table), ["Gout (disorder)", "Hypertension", "195967001"]);
    assert_eq!(read(&mute), ["90560007", "38341003", "195967001"]);
}

#[test]
fn what_every_clinic_measures_and_asks_has_a_name() {
    let observation = |template: &str, code: &str, value: &str| {
        entry(
            "observation",
            template,
            &format!("<code code=\"{code}\" codeSystem=\"2.16.840.1.113883.6.1\"/>{value}"),
        )
    };
    let pressure =
        observation("27", "8480-6", "<value xsi:type=\"PQ\" value=\"120\" unit=\"mm[Hg]\"/>");
    let smoking = observation(
        "78",
        "72166-2",
        "<value xsi:type=\"CD\" code=\"8517006\" codeSystem=\"2.16.840.1.113883.6.96\"/>",
    );
    let older = smoking
        .replace("72166-2", "ASSERTION")
        .replace("2.16.840.1.113883.6.1\"", "2.16.840.1.113883.5.4\"");
    let export = with(
        &[section("8716-3", &pressure), section("29762-2", &[smoking, older].concat())].concat(),
    );
    let status = "Tobacco smoking status";
    assert_eq!(labels(&export), ["Systolic blood pressure", status, status]);
    let answers: Vec<&str> = statements(&export)
        .iter()
        .filter_map(|s| match &s.content {
            Content::Observation(o) => match &o.value {
                Value::Concept(answer) => Some(answer.label()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_eq!(answers, ["Former smoker", "Former smoker"]);
    // the words of a row that is a name
    let result = observation(
        "2",
        "5804-0",
        "<text>UA - PROTEIN</text><value xsi:type=\"PQ\" value=\"100\" unit=\"mg/dL\"/>",
    );
    assert_eq!(labels(&with(&section("30954-2", &result))), ["UA - PROTEIN"]);
}

#[test]
fn unknown_of_a_kind_is_no_fact_of_that_kind() {
    let vaccine = entry("substanceAdministration", "52", "<text>Immunization Unknown</text>");
    let procedure =
        entry("procedure", "14", "<code nullFlavor=\"UNK\"/><text>Procedure Unknown</text>");
    let goal = entry("observation", "121", "<text>No goals recorded</text>").replace("EVN", "GOL");
    let instruction = entry("act", "20", "<text>No Instruction</text>");
    let sections = [
        section("11369-6", &vaccine),
        section("47519-4", &procedure),
        section("61146-7", &goal),
        section("69730-0", &instruction),
    ];
    assert!(told(&with(&sections.concat())).is_empty());
}

#[test]
fn a_text_that_speaks_of_a_referral_is_none() {
    let long = "This document includes the reason for referral from the encounter. ".repeat(5);
    let act = |inside: &str| entry("act", "39", inside);
    let plan = [
        act("<text>Pulmonology referral</text>"),
        act(&format!("<text>{}</text>", long.trim())),
        act(&format!("<code code=\"48767-8\"/><text>{}</text>", long.trim())),
    ];
    let export = with(&section("18776-5", &plan.concat()));
    let kinds: Vec<FactKind> = told(&export).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [FactKind::Referral, FactKind::CarePlan]);
}

#[test]
fn a_stay_without_an_end_is_not_over() {
    let visit = |class: &str| {
        entry(
            "encounter",
            "49",
            &format!(
                "<code code=\"{class}\" codeSystem=\"2.16.840.1.113883.5.4\"/>\
                 <effectiveTime><low value=\"20260101\"/></effectiveTime>"
            ),
        )
    };
    let export = with(&section("46240-8", &["IMP", "AMB"].map(visit).concat()));
    let found: Vec<&str> = statements(&export)
        .iter()
        .filter_map(|s| match &s.content {
            Content::Encounter(visit) => Some(&*visit.status),
            _ => None,
        })
        .collect();
    assert_eq!(found, ["unknown", "finished"]);
}

#[test]
fn a_birth_name_beside_another_is_a_name_of_its_own() {
    let names = |given: &str| -> Vec<(String, String)> {
        let text = super::made::document("")
            .replace("<name><given>Ada</given><family>Reed</family></name>", given);
        let export = super::made::read(&text);
        let names = export.people[0].patient.names.iter();
        names.map(|name| (name.use_.clone(), name.family.clone())).collect()
    };
    let pair = |use_: &str, family: &str| (use_.to_owned(), family.to_owned());
    let both = "<name use=\"L\"><given>Eve</given><family qualifier=\"SP\">Betterhalf</family>\
                <family qualifier=\"BR\">Everywoman</family></name>";
    assert_eq!(names(both), [pair("official", "Betterhalf"), pair("maiden", "Everywoman")]);
    let apart = "<name use=\"L\"><given>Eve</given><family>Betterhalf</family></name>\
                 <name><given>Eve</given><family qualifier=\"BR\">Everywoman</family></name>";
    assert_eq!(names(apart), [pair("official", "Betterhalf"), pair("maiden", "Everywoman")]);
}

#[test]
fn a_goal_whose_text_is_its_date_is_named_by_its_row() {
    let table = "<text><table><tbody><tr><td ID=\"g\">2015-06-22</td><td>Walk every day</td></tr>\
                 </tbody></table></text>";
    let goal = entry("observation", "121", "<text><reference value=\"#g\"/></text>");
    let goal = goal.replace("EVN", "GOL");
    assert_eq!(labels(&with(&section("61146-7", &[table, &goal].concat()))), ["Walk every day"]);
}

#[test]
fn a_kind_without_words_and_an_unanswered_directive_say_nothing() {
    let instruction = snomed("code", "409073007", "instruction");
    let unanswered =
        format!("{}<value nullFlavor=\"NI\"/>", snomed("code", "78823007", "Life support"));
    let sections = [
        section("69730-0", &entry("act", "20", &instruction)),
        section("42348-3", &entry("observation", "48", &unanswered)),
    ];
    assert!(told(&with(&sections.concat())).is_empty());
    let words = format!("{instruction}<text>Drink enough</text>");
    assert_eq!(labels(&with(&section("69730-0", &entry("act", "20", &words)))), ["instruction"]);
}

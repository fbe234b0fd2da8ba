//! Entry by entry, what the guide says and what vendors make of it, each on a small document made
//! for it: words by reference, planned visits, health concerns in words, devices, care teams, notes.

use super::made::{entry, section, snomed, told, with};
use super::samples::statements;
use almoner_core::clinical::{Condition, Content, Document, Encounter, FactKind, Other};
use almoner_core::export::{Export, Sense};

fn others(export: &Export) -> Vec<&Other> {
    let contents = statements(export).iter().map(|s| &s.content);
    let others = contents.filter_map(|content| match content {
        Content::Other(other) => Some(other),
        _ => None,
    });
    others.collect()
}

fn conditions(export: &Export) -> Vec<&Condition> {
    let contents = statements(export).iter().map(|s| &s.content);
    let conditions = contents.filter_map(|content| match content {
        Content::Condition(condition) => Some(condition),
        _ => None,
    });
    conditions.collect()
}

/// The documents of the sections, without the file itself.
fn notes(export: &Export) -> Vec<&Document> {
    let notes = statements(export).iter().filter(|s| s.place.contains("/section"));
    let notes = notes.filter_map(|s| match &s.content {
        Content::Document(document) => Some(document),
        _ => None,
    });
    notes.collect()
}

fn text(id: &str) -> String {
    format!("<text><reference value=\"#{id}\"/></text>")
}

#[test]
fn a_health_concern_may_be_words_alone() {
    let row = "<text><table><tbody><tr><td ID=\"d\">2020-01-02</td><td>Lives alone</td></tr>\
               <tr><td ID=\"w\">Falls</td></tr></tbody></table></text>";
    let concern =
        |id: &str| entry("act", "132", &format!("{}<statusCode code=\"active\"/>", text(id)));
    let refers = entry(
        "act",
        "132",
        "<entryRelationship typeCode=\"REFR\"><act><id root=\"1.2.3.4\"/></act></entryRelationship>",
    );
    let export = with(&section("75310-3", &[row, &concern("d"), &concern("w"), &refers].concat()));
    let found: Vec<(&str, &str, &str)> = conditions(&export)
        .iter()
        .map(|c| (c.code.label(), &*c.clinical_status, &*c.category))
        .collect();
    assert_eq!(
        found,
        [("Lives alone", "active", "health-concern"), ("Falls", "active", "health-concern")]
    );
}

#[test]
fn age_at_onset_and_date_of_diagnosis_stand_where_nothing_better_does() {
    let age = "<entryRelationship typeCode=\"SUBJ\"><observation>\
               <templateId root=\"2.16.840.1.113883.10.20.22.4.31\"/>\
               <value xsi:type=\"PQ\" value=\"57\" unit=\"a\"/></observation></entryRelationship>";
    let diagnosed = "<entryRelationship typeCode=\"COMP\"><act>\
                     <templateId root=\"2.16.840.1.113883.10.20.22.4.502\"/>\
                     <effectiveTime value=\"20110406\"/></act></entryRelationship>";
    let problem = [&*snomed("value", "90560007", "Gout"), age, diagnosed].concat();
    let export = with(&section("11450-4", &entry("observation", "4", &problem)));
    let found = conditions(&export)[0];
    assert_eq!(found.note, "Age at onset: 57 years");
    assert_eq!(found.recorded.as_ref().unwrap().as_str(), "2011-04-06");
    assert_eq!(found.onset, None);
}

#[test]
fn a_planned_visit_is_told_by_its_reason_its_date_or_who_sees_the_patient() {
    let visit = |inside: &str| {
        entry("encounter", "40", inside).replace("moodCode=\"EVN\"", "moodCode=\"INT\"")
    };
    let reason = "<entryRelationship typeCode=\"RSON\"><observation><text>See us on July 1</text>\
                  </observation></entryRelationship>";
    let refers = "<entryRelationship typeCode=\"REFR\"><encounter><code code=\"1\" \
                  codeSystem=\"1.2.3\" displayName=\"Colonoscopy\"/></encounter></entryRelationship>";
    let performer = "<performer><assignedEntity><assignedPerson><name><given>Al</given>\
                     <family>Davis</family></name></assignedPerson></assignedEntity></performer>";
    let dated = "<effectiveTime><center value=\"202604010900\"/></effectiveTime>";
    let plan = [reason, refers, performer, dated, ""].map(visit).concat();
    let export = with(&section("18776-5", &["<title>Plan of Care</title>", &*plan].concat()));
    let found: Vec<(&str, &str)> =
        others(&export).iter().map(|o| (o.code.label(), &*o.resource_type)).collect();
    let appointment = "Appointment";
    assert_eq!(
        found,
        [
            ("See us on July 1", appointment),
            ("Colonoscopy", appointment),
            ("Al Davis", appointment),
            ("Plan of Care", appointment),
        ]
    );
    assert_eq!(others(&export)[3].period.start.as_ref().unwrap().as_str(), "2026-04-01T09:00:00");
}

#[test]
fn a_referral_says_how_urgent_it_is_to_whom_it_goes_and_why() {
    let referral = format!(
        "<id root=\"1.2.3\" extension=\"R7\"/>{}<priorityCode code=\"UR\" \
         codeSystem=\"2.16.840.1.113883.5.7\" displayName=\"Urgent\"/>\
         <participant typeCode=\"REFT\"><participantRole><playingEntity><name><given>Ida</given>\
         <family>Orr</family></name></playingEntity></participantRole></participant>\
         <entryRelationship typeCode=\"RSON\"><observation>{}</observation></entryRelationship>",
        snomed("code", "44383000", "Patient referral for consultation")
            .replace("xsi:type=\"CD\" ", ""),
        snomed("value", "49436004", "Atrial fibrillation")
    );
    let export = with(&section("42349-1", &entry("act", "140", &referral)));
    let found = others(&export)[0];
    assert_eq!((found.kind, &*found.status), (FactKind::Referral, "draft"));
    assert_eq!(found.note, "Urgent\nIda Orr\nAtrial fibrillation");
    assert_eq!(found.identifiers[0].value, "R7");
}

#[test]
fn a_device_without_a_name_is_known_by_its_number() {
    let device = "<participant typeCode=\"DEV\"><participantRole>\
                  <id root=\"2.16.840.1.113883.3.3719\" extension=\"(01)00643169007222\"/>\
                  <playingDevice><code nullFlavor=\"UNK\"/></playingDevice></participantRole></participant>";
    let bare = "<participant typeCode=\"DEV\"><participantRole><playingDevice>\
                <code nullFlavor=\"UNK\"/></playingDevice></participantRole></participant>";
    let entries = [device, bare].map(|inside| entry("procedure", "14", inside)).concat();
    let export = with(&section("46264-8", &entries));
    let found: Vec<&str> = others(&export).iter().map(|o| o.code.label()).collect();
    assert_eq!(found, ["(01)00643169007222"]);
}

#[test]
fn the_lead_of_a_care_team_is_named() {
    let member = |id: &str, name: &str| {
        format!(
            "<component><act><templateId root=\"2.16.840.1.113883.10.20.22.4.500.1\"/>\
             <statusCode code=\"active\"/><performer><functionCode code=\"PCP\" \
             codeSystem=\"2.16.840.1.113883.5.88\" displayName=\"Primary care\"/><assignedEntity>\
             <id root=\"2.16.840.1.113883.4.6\" extension=\"{id}\"/><assignedPerson><name>\
             <given>{name}</given><family>Lee</family></name></assignedPerson></assignedEntity>\
             </performer></act></component>"
        )
    };
    let team = format!(
        "<participant typeCode=\"PPRF\"><associatedEntity><id root=\"2.16.840.1.113883.4.6\" \
         extension=\"2\"/></associatedEntity></participant>{}{}",
        member("1", "Ann"),
        member("2", "Bo")
    );
    let export = with(&section("85847-2", &entry("organizer", "500", &team)));
    let found: Vec<&str> = others(&export).iter().map(|o| &*o.note).collect();
    assert_eq!(found, ["Ann Lee", "Bo Lee, lead"]);
}

#[test]
fn instructions_at_discharge_and_travel_are_read() {
    let instruction = entry("act", "20", "<text>Call us if the fever comes back</text>");
    let export = with(&section("8653-8", &instruction));
    assert_eq!(others(&export)[0].code.label(), "Call us if the fever comes back");

    let travel = "<entry><act classCode=\"ACT\" moodCode=\"EVN\">\
                  <templateId root=\"2.16.840.1.113883.10.20.15.2.3.1\"/>\
                  <code code=\"420008001\" codeSystem=\"2.16.840.1.113883.6.96\" \
                  displayName=\"Travel\"/><text>Mexico</text></act></entry>";
    let export = with(&section("29762-2", travel));
    assert_eq!(told(&export), [(FactKind::Social, Sense::Stated, "Travel".to_owned())]);
}

#[test]
fn a_note_is_read_wherever_it_stands() {
    let note = |words: &str| {
        entry(
            "act",
            "202",
            &format!(
                "<code code=\"34109-9\" codeSystem=\"2.16.840.1.113883.6.1\"><translation \
                 code=\"11506-3\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Progress note\"/>\
                 </code><text>{words}</text>"
            ),
        )
    };
    let root = "<templateId root=\"2.16.840.1.113883.10.20.22.2.65\"/>";
    let sections = [
        section("47519-4", &note("after the operation")),
        section("18776-5", &note("in the plan")),
        section("X-OWN", &note("of a section of their own")),
        section("18748-4", &[root, &note("of an image")].concat()),
        section("34111-5", &note("of the emergency")),
    ];
    let export = with(&sections.concat());
    let found: Vec<(&str, &str)> =
        notes(&export).iter().map(|d| (&*d.text, d.type_.label())).collect();
    let words = [
        "after the operation",
        "in the plan",
        "of a section of their own",
        "of an image",
        "of the emergency",
    ];
    assert_eq!(found, words.map(|words| (words, "Progress note")));
    assert_eq!(others(&export).len(), 0);
}

#[test]
fn why_the_patient_came_goes_to_the_visit_of_the_header() {
    let words = "<text>Chest pain since this morning</text>";
    let sections = [
        section("10154-3", words),
        section("29299-5", "<text>No Reason for Visit was given.</text>"),
    ];
    let text = super::made::document(&sections.concat()).replace(
        "<component><structuredBody>",
        "<componentOf><encompassingEncounter><id root=\"1.2\" extension=\"V1\"/>\
         <effectiveTime value=\"20260228\"/></encompassingEncounter></componentOf>\
         <component><structuredBody>",
    );
    let export = super::made::read(&text);
    let visit = statements(&export).iter().find_map(|s| match &s.content {
        Content::Encounter(visit) => Some(visit),
        _ => None,
    });
    let Encounter { reason, .. } = visit.unwrap();
    let reasons: Vec<&str> = reason.iter().map(|r| r.label()).collect();
    assert_eq!(reasons, ["Chest pain since this morning"]);
}

#[test]
fn an_intervention_is_its_parts_and_an_outcome_its_value() {
    let part = |element: &str, template: &str, code: &str, words: &str| {
        let part = entry(element, template, &snomed("code", code, words));
        let part = part.replace("<entry>", "").replace("</entry>", "");
        format!("<entryRelationship typeCode=\"REFR\">{part}</entryRelationship>")
    };
    let reason = "<entryRelationship typeCode=\"RSON\"><act>\
                  <templateId root=\"2.16.840.1.113883.10.20.22.4.122\"/><id root=\"1.2\"/>\
                  <code nullFlavor=\"NP\"/></act></entryRelationship>";
    let intervention = [
        &*snomed("code", "362956003", "Intervention"),
        &*part("act", "39", "423171007", "Elevation of head of bed"),
        &*part("procedure", "41", "371907003", "Oxygen by nasal cannula"),
        reason,
    ];
    let alone = [&*snomed("code", "362956003", "Intervention"), reason].concat();
    let entries = [entry("act", "146", &intervention.concat()), entry("act", "131", &alone)];
    let export = with(&section("62387-6", &entries.concat()));
    let found: Vec<&str> = others(&export).iter().map(|o| o.code.label()).collect();
    assert_eq!(found, ["Elevation of head of bed", "Oxygen by nasal cannula", "Intervention"]);

    let outcome = "<code code=\"44616-1\" codeSystem=\"2.16.840.1.113883.6.1\" \
                   displayName=\"Pulse oximetry\"/><value xsi:type=\"PQ\" value=\"95\" unit=\"%\"/>";
    let export = with(&section("11383-7", &entry("observation", "144", outcome)));
    assert_eq!(others(&export)[0].note, "95 %");
}

#[test]
fn an_author_known_by_an_id_is_whoever_bears_it() {
    let goal = |id: &str| {
        let author = format!(
            "<author><time value=\"20260101\"/><assignedAuthor><id root=\"1.2.3\" \
             extension=\"{id}\"/></assignedAuthor></author>"
        );
        let goal = entry("observation", "121", &["<text>Walk</text>", &author].concat());
        goal.replace("EVN", "GOL")
    };
    let goals = ["N1", "P1", "X9"].map(goal).concat();
    let author = "<author><assignedAuthor><id root=\"1.2.3\" extension=\"D1\"/><assignedPerson><name>\
                  <given>Doc</given><family>Hill</family></name></assignedPerson></assignedAuthor></author>\
                  <documentationOf><serviceEvent><performer><assignedEntity><id root=\"1.2.3\" \
                  extension=\"N1\"/><assignedPerson><name><given>Nora</given><family>Lee</family></name>\
                  </assignedPerson></assignedEntity></performer></serviceEvent></documentationOf>";
    let text = super::made::document(&section("61146-7", &goals))
        .replace("<patientRole>", "<patientRole><id root=\"1.2.3\" extension=\"P1\"/>")
        .replace("<component><structuredBody>", &format!("{author}<component><structuredBody>"));
    let export = super::made::read(&text);
    let goals = statements(&export).iter().filter(|s| s.place.contains("/section"));
    let authors: Vec<&str> = goals.map(|s| &*s.author).collect();
    // who is nowhere named leaves the author of the document
    assert_eq!(authors, ["Nora Lee", "Ada Reed", "Doc Hill"]);
}

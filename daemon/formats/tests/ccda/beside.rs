//! What stands beside a fact (dispenses, adherence, progress, priority, the team's kind, times), and
//! what moods and far dates make of an entry (`ccda.md` §1.5, §2, §3, §4, §6).

use super::made::{codes, document, entry, section, snomed, told, with};
use super::samples::statements;
use almoner_core::clinical::{Content, FactKind};
use almoner_core::export::{Export, Sense};
use almoner_formats::ccda;
use chrono::NaiveDate;

const PRODUCT: &str = "<consumable><manufacturedProduct><manufacturedMaterial><code code=\"197361\" \
     codeSystem=\"2.16.840.1.113883.6.88\" displayName=\"Amlodipine 5 MG\"/></manufacturedMaterial>\
     </manufacturedProduct></consumable>";

fn mooded(entry: &str, mood: &str) -> String {
    entry.replacen("moodCode=\"EVN\"", &format!("moodCode=\"{mood}\""), 1)
}

fn below(element: &str, template: &str, mood: &str, inside: &str) -> String {
    let act = mooded(&entry(element, template, inside), mood);
    let act = act.replace("<entry>", "").replace("</entry>", "");
    format!("<entryRelationship typeCode=\"REFR\">{act}</entryRelationship>")
}

/// The lines that stand beside the first statement of the sections.
fn beside(export: &Export) -> String {
    let first = statements(export).iter().find(|it| it.place.contains("/section")).unwrap();
    match &first.content {
        Content::Other(other) => other.note.clone(),
        _ => first.narrative.clone(),
    }
}

#[test]
fn a_medicine_tells_how_much_at_most_how_fast_what_was_handed_out_and_whether_it_is_taken() {
    let order = below(
        "supply",
        "17",
        "INT",
        "<repeatNumber value=\"4\"/><author><time value=\"20260102\"/>\
        <assignedAuthor><assignedPerson><name><family>Order</family></name></assignedPerson></assignedAuthor></author>",
    );
    let dispense = below(
        "supply",
        "18",
        "EVN",
        "<effectiveTime value=\"20260203\"/><repeatNumber value=\"9\"/>\
        <quantity value=\"30\" unit=\"{tablet}\"/><performer><assignedEntity><representedOrganization>\
        <name>Main Street Pharmacy</name></representedOrganization></assignedEntity></performer>\
        <author><assignedAuthor><assignedPerson><name><family>Pharm</family></name></assignedPerson></assignedAuthor></author>",
    );
    let adherence =
        below("observation", "508", "EVN", &snomed("value", "702565001", "Not taking medication"));
    let doses = "<rateQuantity value=\"90\" unit=\"ml/min\"/><maxDoseQuantity><numerator value=\"4\" unit=\"{tablet}\"/>\
        <denominator value=\"24\" unit=\"h\"/></maxDoseQuantity>";
    let inside = [doses, PRODUCT, &dispense, &order, &adherence].concat();
    let export = with(&section("10160-0", &entry("substanceAdministration", "16", &inside)));
    assert_eq!(
        beside(&export),
        "Rate: 90 ml/min\nAt most 4 {tablet} in 24 h\nDispensed 2026-02-03: 30 {tablet}, Main Street Pharmacy\n\
         Adherence: Not taking medication"
    );
    let Content::Medication(it) = &statements(&export)[1].content else { panic!() };
    assert_eq!(it.refills, Some(3), "the order counts, not what was handed out");
    assert_eq!(it.requester.as_ref().unwrap().display, "Order");
    // Where only the dispense is there, nobody is made the prescriber of it.
    let inside = [PRODUCT, &dispense].concat();
    let export = with(&section("10160-0", &entry("substanceAdministration", "16", &inside)));
    let Content::Medication(it) = &statements(&export)[1].content else { panic!() };
    assert_eq!((it.refills, it.requester.is_none()), (None, true));
}

#[test]
fn goals_tell_progress_and_priority() {
    let progress = below("observation", "110", "EVN", &snomed("value", "385641008", "Improving"));
    let priority =
        below("observation", "143", "EVN", &snomed("value", "394849002", "High priority"));
    let code = "<code code=\"x\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Walk daily\"/>";
    let goal = mooded(&entry("observation", "121", &[code, &progress, &priority].concat()), "GOL");
    let export = with(&section("61146-7", &goal));
    assert_eq!(told(&export), [(FactKind::Goal, Sense::Stated, "Walk daily".to_owned())]);
    assert_eq!(beside(&export), "Progress: Improving\nPriority: High priority");
}

#[test]
fn a_member_of_a_team_tells_its_kind_and_when() {
    let member = "<act classCode=\"PCPR\" moodCode=\"EVN\"><templateId root=\"2.16.840.1.113883.10.20.22.4.500.1\"/>\
        <performer><assignedEntity><assignedPerson><name><given>Kei</given><family>Ito</family></name></assignedPerson>\
        </assignedEntity></performer><entryRelationship typeCode=\"COMP\"><observation classCode=\"OBS\" moodCode=\"EVN\">\
        <templateId root=\"2.16.840.1.113883.10.20.22.4.500.3\"/><effectiveTime><low value=\"20260101\"/>\
        <high value=\"20260201\"/></effectiveTime></observation></entryRelationship></act>";
    let kind = format!(
        "<observation classCode=\"OBS\" moodCode=\"EVN\"><templateId root=\"2.16.840.1.113883.10.20.22.4.500.2\"/>{}</observation>",
        "<value xsi:type=\"CD\" code=\"LA28865-6\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Home &amp; Community\"/>"
    );
    let team = format!(
        "<entry><organizer classCode=\"CLUSTER\" moodCode=\"EVN\"><templateId root=\"2.16.840.1.113883.10.20.22.4.500\"/>\
         <component>{kind}</component><component>{member}</component></organizer></entry>"
    );
    let export = with(&section("85847-2", &team));
    assert_eq!(beside(&export), "Kei Ito, Home & Community, 2026-01-01 to 2026-02-01");
}

#[test]
fn a_document_says_what_time_it_covers() {
    let text = document("").replace(
        "<component>",
        "<documentationOf><serviceEvent classCode=\"PCPR\"><effectiveTime><low value=\"20120101\"/>\
         <high value=\"20260228\"/></effectiveTime></serviceEvent></documentationOf><component>",
    );
    let export = ccda::read(&text).unwrap();
    assert_eq!(statements(&export)[0].narrative, "Covers 2012-01-01 to 2026-02-28");
    assert_eq!(statements(&with(""))[0].narrative, "");
}

#[test]
fn an_entry_of_another_mood_is_no_fact() {
    let problem = entry("observation", "4", &snomed("value", "90560007", "Gout"));
    let allergy = entry("observation", "7", &snomed("value", "419199007", "Allergy"));
    for (code, act) in [("11450-4", &problem), ("48765-2", &allergy)] {
        for mood in ["INT", "EVN.CRT", "OPT", "DEF"] {
            let export = with(&section(code, &mooded(act, mood)));
            assert!(told(&export).is_empty(), "{code} {mood}");
            assert_eq!(codes(&export)[0], "mood_not_told", "{code} {mood}");
        }
    }
    // What is meant to be done is planned, whatever section it stands in.
    let vaccine = PRODUCT.replace("197361", "88").replace("6.88", "12.292");
    let vaccine = entry("substanceAdministration", "52", &vaccine);
    let test = entry(
        "observation",
        "2",
        "<code code=\"4548-4\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"HbA1c\"/>",
    );
    for (code, act) in [("11369-6", &vaccine), ("30954-2", &test)] {
        let kinds = |mood: &str| -> Vec<FactKind> {
            told(&with(&section(code, &mooded(act, mood)))).into_iter().map(|it| it.0).collect()
        };
        assert_eq!(kinds("RQO"), [FactKind::CarePlan], "{code}");
        assert_ne!(kinds("EVN"), [FactKind::CarePlan], "{code}");
        assert!(kinds("DEF").is_empty(), "{code}");
    }
    // Vendors write INT for what was done, and say so: completed, or with a value.
    let done = vaccine.replacen("<consumable>", "<statusCode code=\"completed\"/><consumable>", 1);
    let told_so = told(&with(&section("11369-6", &mooded(&done, "INT"))));
    assert_eq!(told_so[0].0, FactKind::Immunization);
    let value = "<value xsi:type=\"PQ\" value=\"6.1\" unit=\"%\"/></observation>";
    let valued = test.replace("</observation>", value);
    assert_eq!(told(&with(&section("30954-2", &mooded(&valued, "INT"))))[0].0, FactKind::Result);
    let refused = mooded(&vaccine, "INT").replacen("moodCode", "negationInd=\"true\" moodCode", 1);
    let export = with(&section("11369-6", &refused));
    assert_eq!(told(&export)[0].1, Sense::Negated, "what was refused was meant to be given");
}

#[test]
fn a_date_long_after_the_day_of_receipt_is_none() {
    let problem = |day: &str| {
        let time = format!("<effectiveTime><low value=\"{day}\"/></effectiveTime>");
        let inside = [snomed("value", "90560007", "Gout"), time].concat();
        document(&section("11450-4", &entry("observation", "4", &inside)))
    };
    let onset = |day: &str, today: Option<NaiveDate>| {
        let export = ccda::read_on(&problem(day), today).unwrap();
        let told = codes(&export).contains(&"date_unreadable");
        let Content::Condition(it) = &statements(&export)[1].content else { panic!() };
        assert_eq!(told, it.onset.is_none(), "{day}");
        it.onset.is_some()
    };
    let today = NaiveDate::from_ymd_opt(2026, 3, 1);
    for (day, kept) in
        [("20260301", true), ("20311231", true), ("20320101", false), ("20991231", false)]
    {
        assert_eq!(onset(day, today), kept, "{day}");
    }
    assert!(onset("20320101", None) && !onset("20991231", None) && !onset("18791231", today));
}

//! The promise after a hospital stay: who must be called by when, told by the real pages on the days
//! on which it matters. Monday, January 18, 2027 is a holiday.

use crate::appliance::Appliance;
use crate::client::Client;
use std::path::Path;

/// A made-up admission or discharge message.
fn adt(event: &str, at: &str, visit: &str, admitted: &str, discharged: &str) -> Vec<u8> {
    let header = format!("MSH|^~\\&|ADT1|HARBOR|ALMONER|CLINIC|{at}||ADT^{event}|M{at}|P|2.5.1");
    let person = [
        (1, "1"),
        (3, "T-5512^^^HARBOR^MR"),
        (5, "Okonedo^Tamsin"),
        (7, "19570611"),
        (8, "F"),
        (11, "9 Elm^^Port^NY^10001"),
        (13, "5550147"),
    ];
    let stay = [
        (1, "1"),
        (2, "I"),
        (3, "3W^301^A"),
        (19, visit),
        (36, if discharged.is_empty() { "" } else { "01" }),
        (44, admitted),
        (45, discharged),
    ];
    let lines = [
        header,
        segment("EVN", &[(1, event), (2, at)]),
        segment("PID", &person),
        segment("PV1", &stay),
    ];
    lines.join("\r").into_bytes()
}

/// A segment with these fields at their numbers.
fn segment(name: &str, fields: &[(usize, &str)]) -> String {
    let last = fields.iter().map(|(number, _)| *number).max().unwrap_or_default();
    let mut parts = vec![""; last + 1];
    for (number, value) in fields {
        parts[*number] = value;
    }
    parts[0] = name;
    parts.join("|")
}

fn on(folder: &Path, clock: &str) -> Appliance {
    Appliance::start_in(folder, &["--clock", clock])
}

/// The words of a page, without its marks.
fn words(html: &str) -> String {
    let pieces = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn my_day(appliance: &Appliance) -> String {
    words(&appliance.signed_in("coordinator").page("/"))
}

fn patient(client: &Client) -> String {
    let patients = client.all("Patient?_count=10");
    assert_eq!(patients.len(), 1, "one patient in all messages");
    patients[0]["id"].as_str().unwrap().to_owned()
}

/// The lead gives the patient to Rosa.
fn give_to_rosa(appliance: &Appliance, patient: &str) {
    let lead = appliance.signed_in("lead");
    let (page, action) = (format!("/p/{patient}/about"), format!("/p/{patient}/coordinator"));
    let html = lead.page(&page);
    let choices = html.split("<option value=\"").skip(1);
    let mut choices = choices.filter_map(|option| option.split_once('"'));
    let rosa = choices.find(|(_, rest)| rest.split('<').next().unwrap().contains("Rosa"));
    let (rosa, _) = rosa.expect("Rosa among the coordinators");
    let reply = lead.submit(&page, &action, &[("coordinator", rosa)]);
    assert_eq!(reply.status, 303, "{}", words(&reply.body));
}

/// Logs a call that nobody answered.
fn no_answer(appliance: &Appliance, patient: &str) {
    let rosa = appliance.signed_in("coordinator");
    let topic = topic(&rosa, patient);
    let page = format!("/p/{patient}/contacts/new");
    let reply = rosa.submit(&page, &page, &[("ending", "no_answer"), ("about", &topic)]);
    assert_eq!(reply.status, 303, "{}", words(&reply.body));
}

/// The first open matter that a contact may be about.
fn topic(rosa: &Client, patient: &str) -> String {
    let html = rosa.page(&format!("/p/{patient}/contacts/new"));
    let choices = html.split("name=\"about\" value=\"").skip(1);
    let mut choices = choices.map(|rest| rest.split('"').next().unwrap().to_owned());
    choices.find(|value| value.len() == 36).expect("an open matter to call about")
}

#[test]
fn a_discharge_before_a_long_weekend_is_called_by_wednesday() {
    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path().join("appliance");
    let friday = on(&folder, "2027-01-15T16:41:00-05:00");
    let message =
        adt("A03", "20270115164000-0500", "V1", "20270111093000-0500", "20270115164000-0500");
    let receipt = friday.take("harbor/a03.hl7", &message);
    assert_eq!(
        receipt["loops"]["opened"].as_u64().map(|opened| opened > 0),
        Some(true),
        "{receipt}"
    );
    let id = patient(&friday.fhir());
    give_to_rosa(&friday, &id);
    let page = my_day(&friday);
    assert!(page.contains("Okonedo"), "{page}");
    assert!(page.contains("Wed, Jan 20") || page.contains("by Wednesday"), "{page}");
    friday.stop();

    let tuesday = on(&folder, "2027-01-19T10:00:00-05:00");
    no_answer(&tuesday, &id);
    let page = my_day(&tuesday);
    assert!(page.contains("Okonedo"), "one attempt is not two: {page}");
    tuesday.stop();

    let wednesday = on(&folder, "2027-01-20T09:30:00-05:00");
    no_answer(&wednesday, &id);
    let chart = words(&wednesday.signed_in("coordinator").page(&format!("/p/{id}")));
    assert!(chart.contains("2 tries") && chart.contains("the rule is met"), "{chart}");
    wednesday.stop();
}

#[test]
fn a_late_notice_opens_late_and_a_readmission_ends_the_episode() {
    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path().join("appliance");
    let late = on(&folder, "2027-01-22T09:00:00-05:00");
    let message =
        adt("A03", "20270115164000-0500", "V1", "20270111093000-0500", "20270115164000-0500");
    late.take("harbor/a03.hl7", &message);
    let id = patient(&late.fhir());
    give_to_rosa(&late, &id);
    let page = my_day(&late).to_lowercase();
    assert!(page.contains("late") || page.contains("overdue"), "{page}");
    late.stop();

    let tenth = on(&folder, "2027-01-25T12:00:00-05:00");
    let message = adt("A01", "20270125113000-0500", "V2", "20270125113000-0500", "");
    tenth.take("harbor/a01.hl7", &message);
    let episodes = tenth.fhir().all(&format!("EpisodeOfCare?patient={id}"));
    let states: Vec<_> = episodes.iter().filter_map(|one| one["status"].as_str()).collect();
    assert_eq!(episodes.len(), 2, "the readmission opens an episode of its own: {episodes:?}");
    // The first is over; the second waits for the patient to come home.
    assert!(states.contains(&"finished") && states.contains(&"planned"), "{states:?}");
    tenth.stop();
}

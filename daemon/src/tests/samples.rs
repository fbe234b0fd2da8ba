//! Made-up documents and messages about a few people, with much in common and some contradictions.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// A row of numbers that is the same for the same seed (xorshift64*).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `sides`.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap() % sides
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.roll(of.len())]
    }
}

/// Family name, given name, birth date, sex, record number.
const PEOPLE: [[&str; 5]; 3] = [
    ["Okafor", "Ngozi", "1958-03-04", "female", "700-1"],
    ["Park", "Hyun-woo", "1961-10-12", "male", "700-2"],
    ["Caron", "Ines", "1953-09-08", "female", "700-3"],
];

/// A document or message, whichever the dice say.
pub(super) fn any(dice: &mut Dice) -> (String, String) {
    match dice.roll(6) {
        0 | 1 => ("epic/bundle.json".into(), bundle(dice)),
        2 => ("sbh/adt.hl7".into(), adt(dice)),
        3 => ("ccd.xml".into(), document(dice, &Header::default())),
        4 => {
            let (own, inside) = (dice.roll(1_000).to_string(), document(dice, &Header::default()));
            ("sbh/mdm.hl7".into(), letter(dice.roll(3), &own, "", &inside))
        }
        _ => ("sbh/two.hl7".into(), adt(dice) + "\r" + &adt(dice)),
    }
}

fn bundle(dice: &mut Dice) -> String {
    let [family, given, born, sex, number] = PEOPLE[dice.roll(3)];
    let phone = dice.one(&["404-555-0101", "404-555-0102"]);
    let mut entries = vec![format!(
        r#"{{"resourceType":"Patient","id":"p{number}","identifier":[{{"system":"urn:oid:2.16.2",
        "value":"{number}","type":{{"coding":[{{"code":"MR"}}]}}}}],"name":[{{"family":"{family}",
        "given":["{given}"]}}],"telecom":[{{"system":"phone","value":"{phone}"}}],
        "birthDate":"{born}","gender":"{sex}"}}"#
    )];
    for n in 0..dice.roll(6) {
        let key = dice.one(&["a", "b", "c"]);
        let subject = format!(r#""subject":{{"reference":"Patient/p{number}"}}"#);
        entries.push(match dice.roll(4) {
            0 => {
                let (code, name) = [("38341003", "Hypertension"), ("44054006", "Diabetes")]
                    [dice.roll(2)];
                let status = dice.one(&["active", "resolved"]);
                let onset = dice.one(&["2019", "2019-05", "2021-01-02"]);
                format!(
                    r#"{{"resourceType":"Condition","id":"c{key}{n}",{subject},"clinicalStatus":
                    {{"coding":[{{"code":"{status}"}}]}},"onsetDateTime":"{onset}","code":{{"coding":
                    [{{"system":"http://snomed.info/sct","code":"{code}","display":"{name}"}}]}}}}"#
                )
            }
            1 => {
                let value = dice.one(&["78", "78.0", "79"]);
                let time = dice.one(&["2026-11-01", "2026-11-01T09:30:00-05:00", "2026-11-03"]);
                format!(
                    r#"{{"resourceType":"Observation","id":"o{key}{n}","status":"final",{subject},
                    "category":[{{"coding":[{{"code":"vital-signs"}}]}}],"effectiveDateTime":"{time}",
                    "code":{{"coding":[{{"system":"http://loinc.org","code":"29463-7"}}]}},
                    "valueQuantity":{{"value":{value},"unit":"kg"}}}}"#
                )
            }
            2 => {
                let dose = dice.one(&["20", "40"]);
                format!(
                    r#"{{"resourceType":"MedicationStatement","id":"m{key}{n}","status":"active",
                    {subject},"effectivePeriod":{{"start":"2026-01-01"}},"medicationCodeableConcept":
                    {{"coding":[{{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":
                    "310429","display":"furosemide"}}]}},"dosage":[{{"doseAndRate":[{{"doseQuantity":
                    {{"value":{dose},"unit":"mg"}}}}]}}]}}"#
                )
            }
            _ => {
                let npi = dice.one(&["1234567893", "1245319599"]);
                let family = dice.one(&["Lind", "Moreau"]);
                format!(
                    r#"{{"resourceType":"Practitioner","id":"d{key}{n}","identifier":[{{"system":
                    "http://hl7.org/fhir/sid/us-npi","value":"{npi}"}}],"name":[{{"family":
                    "{family}"}}]}}"#
                )
            }
        });
    }
    let entries: Vec<String> =
        entries.iter().map(|one| format!(r#"{{"resource":{one}}}"#)).collect();
    let entries = entries.join(",");
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}"#)
}

/// An ADT message near the day on which the tests play.
fn adt(dice: &mut Dice) -> String {
    let trigger = dice.one(&["A01", "A03", "A03", "A08", "A13"]);
    let visit = dice.one(&["881", "902"]);
    let (admitted, home) = match visit {
        "881" => ("20261110092000", "20261115164000"),
        _ => ("20261119220000", "20261121100000"),
    };
    let discharged = if trigger == "A03" { home } else { "" };
    let person = dice.roll(3);
    let sent = format!("202611{}1{}5200", 16 + dice.roll(6), dice.roll(9));
    message(trigger, &format!("{visit}{person}"), [admitted, discharged, &sent], PEOPLE[person])
}

/// The discharge of a person from St. Brigid.
pub(super) fn discharge(person: usize) -> String {
    let times = ["20261117092000", "20261120164000", "20261120165200"];
    message("A03", "771", times, PEOPLE[person])
}

fn message(trigger: &str, visit: &str, times: [&str; 3], person: [&str; 5]) -> String {
    let [admitted, discharged, sent] = times;
    let [family, given, born, sex, number] = person;
    let (born, sex) = (born.replace('-', ""), sex[..1].to_uppercase());
    let pv1 = format!(
        "PV1|1|I|4W^412^A^SBH|||||||MED||||||||Inpatient|{visit}^^^SBH&2.16.1&ISO^VN\
         |||||||||||||||||01|||St. Brigid|||||{admitted}|{discharged}"
    );
    [
        format!("MSH|^~\\&|M|SBH|O|HSC|{sent}||ADT^{trigger}^ADT_A01|{visit}{sent}|P|2.5.1"),
        format!("EVN|{trigger}|{sent}"),
        format!("PID|1||{number}^^^SBH&2.16.2&ISO^MR||{family}^{given}||{born}|{sex}"),
        pv1,
    ]
    .join("\r")
}

/// A message that brings a document about a person: a new one, or one that takes the place of `parent`.
pub(super) fn letter(person: usize, own: &str, parent: &str, document: &str) -> String {
    let [family, given, born, sex, number] = PEOPLE[person];
    let (born, sex) = (born.replace('-', ""), sex[..1].to_uppercase());
    let trigger = if parent.is_empty() { "T02" } else { "T10" };
    let packed = STANDARD.encode(document);
    [
        format!("MSH|^~\\&|M|SBH|O|HSC|20261118||MDM^{trigger}|{own}{trigger}|P|2.5.1"),
        format!("PID|1||{number}^^^SBH&2.16.2&ISO^MR||{family}^{given}||{born}|{sex}"),
        format!("TXA|1|CN|TX|20261118||||||||{own}^SBH|{parent}^SBH||||AU||AV"),
        format!("OBX|1|ED|34133-9^Summary^LN||M^text^XML^Base64^{packed}||||||F"),
    ]
    .join("\r")
}

/// What a document says of itself as one of a series.
#[derive(Clone, Debug, Default)]
pub(super) struct Header<'h> {
    pub own: &'h str,
    pub set: Option<(&'h str, u32)>,
    pub replaces: Option<&'h str>,
    pub person: usize,
    pub problems: &'h [(&'h str, &'h str)],
}

/// A C-CDA document with a list of problems; without a header of its own whatever the dice say.
pub(super) fn document(dice: &mut Dice, header: &Header<'_>) -> String {
    const ALL: [(&str, &str); 3] =
        [("38341003", "Hypertension"), ("44054006", "Diabetes"), ("195967001", "Asthma")];
    let diced = header.own.is_empty();
    let person = if diced { dice.roll(3) } else { header.person };
    let [family, given, born, sex, number] = PEOPLE[person];
    let (born, sex) = (born.replace('-', ""), sex[..1].to_uppercase());
    let own = if diced { format!("d{}", dice.roll(1_000_000)) } else { header.own.to_owned() };
    let mut series = String::new();
    if let Some((set, version)) = header.set {
        let _ = write!(
            series,
            r#"<setId root="1.2.3.9" extension="{set}"/><versionNumber value="{version}"/>"#
        );
    }
    let replaces = header.replaces.map_or_else(String::new, |parent| {
        format!(
            r#"<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.3.8"
            extension="{parent}"/></parentDocument></relatedDocument>"#
        )
    });
    let mut entries = String::new();
    let chosen = if diced { &ALL[..dice.roll(4)] } else { header.problems };
    for (code, name) in chosen {
        let since = if diced { dice.one(&["2019", "201905", "20210102"]) } else { "2019" };
        let _ = write!(
            entries,
            r#"<entry><act classCode="ACT" moodCode="EVN"><templateId
            root="2.16.840.1.113883.10.20.22.4.3"/><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/>
            <statusCode code="active"/><entryRelationship typeCode="SUBJ"><observation classCode="OBS"
            moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.4"/><code code="55607006"
            codeSystem="2.16.840.1.113883.6.96"/><statusCode code="completed"/><effectiveTime><low
            value="{since}"/></effectiveTime><value xsi:type="CD" code="{code}"
            codeSystem="2.16.840.1.113883.6.96" displayName="{name}"/></observation>
            </entryRelationship></act></entry>"#
        );
    }
    format!(
        r#"<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><templateId
        root="2.16.840.1.113883.10.20.22.1.1"/><templateId root="2.16.840.1.113883.10.20.22.1.2"/>
        <id root="1.2.3.8" extension="{own}"/><code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/>
        <title>Summary</title><effectiveTime value="20261101"/>{series}<recordTarget><patientRole>
        <id root="2.16.2" extension="{number}"/><patient><name><given>{given}</given>
        <family>{family}</family></name><administrativeGenderCode code="{sex}"
        codeSystem="2.16.840.1.113883.5.1"/><birthTime value="{born}"/></patient></patientRole>
        </recordTarget>{replaces}<component><structuredBody><component><section><templateId
        root="2.16.840.1.113883.10.20.22.2.5.1"/><code code="11450-4"
        codeSystem="2.16.840.1.113883.6.1"/><title>Problems</title><text/>{entries}</section></component>
        </structuredBody></component></ClinicalDocument>"#
    )
}

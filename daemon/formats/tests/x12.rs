//! X12 files of the development data are read as the truth table says; what a payer rejects is never
//! called covered; damage costs as little as can be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout)] // the counts of each run

use almoner_core::clinical::{Authorization, Content, Coverage, HumanName, Other, Patient};
use almoner_core::export::{Export, PersonStatements, Unreadable};
use almoner_formats::x12::envelope::{self, Transaction};
use almoner_formats::{read, text, x12};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Row = BTreeMap<String, String>;

/// Where the table's own script did not see segments that are indented with tabs: the number that
/// stands in the file, counted by hand.
const TABS: [(&str, &str, &str); 5] = [
    ("x12parser/Example_3_1_2.txt", "n_eb", "6"),
    ("x12parser/Example_3_1_2.txt", "n_aaa", "9"),
    ("x12parser/ValidationForSubscriberBenefitInfo.txt", "n_aaa", "2"),
    ("x12parser/ValidationForSubscriberName.txt", "n_segments", "16"),
    ("x12parser/ValidationForSubscriberName.txt", "n_aaa", "2"),
];

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

fn truth() -> Vec<Row> {
    let text = std::fs::read_to_string(data().join("truth/x12.tsv"))
        .expect("the truth table of the development data is missing");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let row = |line: &str| {
        names.iter().map(|name| name.to_string()).zip(line.split('\t').map(str::to_owned)).collect()
    };
    lines.map(row).collect()
}

fn file(path: &str) -> String {
    let bytes =
        std::fs::read(data().join("x12").join(path)).expect("a development file is missing");
    text::decode(&bytes).text.into_owned()
}

fn outcome(path: &str) -> Result<Export, Unreadable> {
    let bytes =
        std::fs::read(data().join("x12").join(path)).expect("a development file is missing");
    let mut members = read(&bytes, path);
    assert_eq!(members.len(), 1, "{path}");
    members.remove(0).outcome
}

fn count(transaction: &Transaction<'_>, id: &str) -> String {
    transaction.segments.iter().filter(|segment| segment.id() == id).count().to_string()
}

/// Names and numbers of those with this code, as the table writes them.
fn named(transaction: &Transaction<'_>, codes: &[&str]) -> Vec<String> {
    let all = transaction.segments.iter().filter(|segment| segment.id() == "NM1");
    let them = all.filter(|segment| codes.contains(&segment.element(1)));
    them.map(|nm1| {
        let parts = [nm1.element(3), nm1.element(4), nm1.element(5)];
        let words: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}^{}", words.join(" "), nm1.element(9))
    })
    .collect()
}

fn list(text: &str) -> Vec<String> {
    text.split("; ").filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

#[test]
fn every_transaction_as_the_table_says() {
    let mut wrong = Vec::new();
    let rows = truth();
    assert_eq!(rows.len(), 21);
    for row in &rows {
        let path = row["path"].as_str();
        let text = file(path);
        let (interchanges, _) = envelope::open(&text);
        let one = &interchanges[0];
        let group = &one.groups[0];
        let transaction = &group.transactions[row["idx"].parse::<usize>().unwrap()];
        let sign = one.marks.segment.to_string().replace('\u{1d}', "\\x1d");
        let um = transaction.segments.iter().find(|segment| segment.id() == "UM");
        let um = um.map(|um| format!("{}*{}*{}", um.element(1), um.element(2), um.element(3)));
        let found = [
            ("element", one.marks.element.to_string()),
            ("component", one.marks.component.to_string()),
            ("segment", sign),
            ("isa_sender", one.sender.to_owned()),
            ("isa_receiver", one.receiver.to_owned()),
            ("isa_control", one.control.to_owned()),
            ("version", group.version.to_owned()),
            ("st", transaction.kind.to_owned()),
            ("control", transaction.control.to_owned()),
            ("n_segments", transaction.segments.len().to_string()),
            ("n_eb", count(transaction, "EB")),
            ("n_aaa", count(transaction, "AAA")),
            ("n_hl", count(transaction, "HL")),
            ("um", um.unwrap_or_default()),
            ("subscribers", named(transaction, &["IL"]).join("; ")),
            ("dependents", named(transaction, &["03"]).join("; ")),
        ];
        for (name, found) in found {
            let known = TABS.iter().find(|(file, field, _)| *file == path && *field == name);
            let wanted = known.map_or(row[name].as_str(), |(_, _, counted)| counted);
            if found != wanted {
                wrong.push(format!("{path} {name}: {found}, not {wanted}"));
            }
        }
    }
    println!("x12: {} transactions", rows.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn spoken(name: &HumanName) -> String {
    let mut words = vec![name.family.as_str()];
    words.extend(name.given.iter().map(String::as_str));
    words.join(" ")
}

/// The people that a reader must find are those of the table whose care is asked about: dependents,
/// and subscribers without one.
#[test]
fn every_member_with_name_number_birth_date_and_sex() {
    let mut wrong = Vec::new();
    for row in truth() {
        let path = row["path"].as_str();
        if row["st"] == "834" {
            let refused = outcome(path).unwrap_err();
            assert_eq!(
                (refused.format.as_str(), refused.problem.code.as_str()),
                ("x12", "x12_kept")
            );
            continue;
        }
        let export = outcome(path).unwrap();
        assert_eq!(
            (export.document.as_str(), export.version.as_str()),
            (&*row["st"], &*row["version"])
        );
        let dependents = list(&row["dependents"]);
        let subscribers = list(&row["subscribers"]);
        // Policy holders of other insurance are no patients: the first subscriber is the member.
        let wanted: Vec<String> = if dependents.is_empty() {
            subscribers.into_iter().take(1).collect()
        } else {
            dependents
        };
        let found: Vec<String> = export.people.iter().map(|it| told(&it.patient)).collect();
        if found != wanted {
            wrong.push(format!("{path}: {found:?}, not {wanted:?}"));
        }
        let Some(person) = export.people.first() else { continue };
        let born = row["dob"].split(';').next_back().unwrap_or_default();
        let born: String = born.chars().filter(char::is_ascii_digit).collect();
        let said = person.patient.birth_date.as_ref().map(|when| when.as_str().replace('-', ""));
        let sex = match row["sex"].split(';').next_back().unwrap_or_default() {
            "M" => "male",
            "F" => "female",
            _ => "",
        };
        if said.unwrap_or_default() != born || person.patient.gender != sex {
            wrong.push(format!(
                "{path}: born {:?} {}",
                person.patient.birth_date, person.patient.gender
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn told(patient: &Patient) -> String {
    let number = patient.identifiers.iter().find(|id| id.kind == "MB");
    let number = number.map(|id| id.value.as_str()).unwrap_or_default();
    format!("{}^{number}", patient.names.first().map(spoken).unwrap_or_default())
}

fn coverages(export: &Export) -> Vec<&Coverage> {
    let all = export.people.iter().flat_map(|person| &person.statements);
    all.filter_map(|it| match &it.content {
        Content::Coverage(it) => Some(it),
        _ => None,
    })
    .collect()
}

fn reviews(export: &Export) -> Vec<&Authorization> {
    let all = export.people.iter().flat_map(|person| &person.statements);
    let reviews = all.filter_map(|it| match &it.content {
        Content::Authorization(it) => Some(&**it),
        _ => None,
    });
    reviews.collect()
}

fn rejections(export: &Export) -> Vec<&Other> {
    let all = export.people.iter().flat_map(|person| &person.statements);
    all.filter_map(|it| match &it.content {
        Content::Other(it) => Some(it),
        _ => None,
    })
    .collect()
}

#[test]
fn a_rejection_wins_over_every_benefit() {
    let mut seen = 0;
    for row in truth().into_iter().filter(|row| row["st"] == "271") {
        let path = row["path"].as_str();
        let export = outcome(path).unwrap();
        let refused = file(path).contains("AAA*");
        let codes: Vec<&str> = export.problems.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes.contains(&"x12_rejected"), refused, "{path}");
        if refused {
            seen += 1;
            assert!(coverages(&export).is_empty(), "{path}");
            assert_eq!(rejections(&export).len(), export.people.len(), "{path}");
            assert!(rejections(&export).iter().all(|it| it.status == "rejected"), "{path}");
        } else {
            assert!(!coverages(&export).is_empty(), "{path}");
        }
    }
    assert!(seen >= 5, "{seen} files with a rejection");
}

#[test]
fn active_plans_with_their_dates_and_benefits() {
    let export = outcome("imsweb/x271.txt").unwrap();
    let all = coverages(&export);
    let [one] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((one.status.as_str(), one.plan.as_str()), ("active", "GOLD 123 PLAN"));
    assert_eq!((one.payor.as_str(), one.subscriber_id.as_str()), ("ABC COMPANY", "123456789"));
    assert_eq!(one.period.start.as_ref().unwrap().as_str(), "2006-01-01");
    assert_eq!(one.checked.as_ref().unwrap().as_str(), "2006-05-01T13:19:00");
    assert!(one.benefits[0].note.contains("MARCUS JONES"), "{:?}", one.benefits);

    let export = outcome("x12parser/Example3_CMS_HETS.txt").unwrap();
    let all = coverages(&export);
    let plans: Vec<(&str, &str)> =
        all.iter().map(|it| (it.type_.as_ref().unwrap().label(), it.status.as_str())).collect();
    assert_eq!(plans, [("Medicare Part A", "active"), ("Medicare Part B", "active")]);
    let lines: usize = all.iter().map(|it| it.benefits.len()).sum();
    assert_eq!(lines, 26, "every line of benefits once");
    let deductible = all[0].benefits.iter().find(|it| it.kind.label() == "Deductible").unwrap();
    assert_eq!((deductible.amount.as_str(), deductible.services[0].label()), ("992", "Hospital"));

    let export = outcome("x12parser/Example_3_1_2~2.txt").unwrap();
    let all = coverages(&export);
    let copay = all[0].benefits.iter().filter(|it| it.kind.label() == "Co-payment");
    let copay: Vec<_> = copay.map(|it| (&*it.amount, it.in_network, it.services.len())).collect();
    assert_eq!(copay, [("10", Some(true), 10), ("30", Some(false), 10)]);
}

fn review(path: &str) -> Authorization {
    let export = outcome(path).unwrap();
    let statement = &export.people[0].statements[0];
    let Content::Authorization(it) = &statement.content else { panic!("{statement:?}") };
    (**it).clone()
}

#[test]
fn a_review_bears_its_decision_number_and_dates() {
    let asked = review("x12parser/Example_3_1_1_Request.txt");
    assert!(!asked.answered && asked.decision.is_none() && asked.number.is_empty());
    let answer = review("x12parser/Example_3_1_2_Response.txt");
    assert_eq!(answer.decision.as_ref().unwrap().label(), "Certified in total");
    assert_eq!(answer.number, "AUTH0001");
    let days = (answer.period.start.as_ref().unwrap(), answer.period.end.as_ref().unwrap());
    assert_eq!((days.0.as_str(), days.1.as_str()), ("2005-05-02", "2005-06-02"));
    assert_eq!(answer.quantity.as_ref().unwrap().unit, "visits");
    assert_eq!(answer.diagnoses[0].codings[0].code, "410.90");
    assert_eq!(answer.providers, ["SUSAN WATSON"]);
    assert_eq!(answer.payer, "MARYLAND CAPITAL INSURANCE COMPANY");
    assert_eq!(answer.identifiers, asked.identifiers, "one trace number joins the two");
}

/// A 271 of one subscriber, with these lines in place of the benefits.
fn answer(benefits: &str) -> String {
    format!(
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *260301*0915*^*00501*000000007*0*P*:~\
         GS*HB*PAYER*CLINIC*20260301*0915*7*X*005010X279A1~ST*271*0001*005010X279A1~\
         BHT*0022*11*T*20260301*0915~HL*1**20*1~NM1*PR*2*BLUE HILL HEALTH*****PI*777~\
         HL*2*1*21*1~NM1*1P*2*CLINIC*****XX*1234567893~HL*3*2*22*0~NM1*IL*1*DOE*ANA****MI*W1~\
         DMG*D8*19700102*F~{benefits}SE*99*0001~GE*1*7~IEA*1*000000007~"
    )
}

fn status(benefits: &str) -> Vec<String> {
    let export = x12::read(&answer(benefits)).unwrap();
    coverages(&export).iter().map(|it| it.status.clone()).collect()
}

#[test]
fn active_inactive_and_what_cannot_be_said() {
    assert_eq!(status("EB*1*IND*30**PLAN~"), ["active"]);
    assert_eq!(status("EB*6*IND*30**PLAN~"), ["cancelled"]);
    assert_eq!(status("EB*1*IND*30~EB*6*IND*35~"), ["active"], "dental is not the plan");
    assert_eq!(status("EB*6*IND*30~EB*1*IND*35~"), ["cancelled"]);
    assert_eq!(status("EB*1*IND*30~EB*6*IND*30~"), [""], "a contradiction says nothing");
    assert_eq!(status("EB*1~EB*6~DTP*307*RD8*20070901-20070930~"), ["active"], "a gap long ago");
    assert_eq!(status("EB*B*IND*98****27*20~"), [""], "a price is no coverage");
    assert_eq!(status("EB*1*IND*30~AAA*N**42*R~"), Vec::<String>::new());
    assert_eq!(status("EB*V*IND*30~"), [""]);
}

#[test]
fn damage_costs_as_little_as_can_be() {
    let whole = answer("EB*1*IND*30**PLAN~");
    // The end is missing: who is covered is not taken.
    let cut = &whole[..whole.find("SE*99").unwrap()];
    let export = x12::read(cut).unwrap();
    assert!(export.problems.iter().any(|it| it.code == "x12_cut"));
    assert!(coverages(&export).iter().all(|it| it.status.is_empty()));
    // The header lost a part: the separators are told by what follows.
    for from in [30, 60, 100] {
        let broken = format!("{}{}", &whole[..from], &whole[105..]);
        let export = x12::read(&broken).unwrap_or_else(|why| panic!("{from}: {why:?}"));
        assert!(export.problems.iter().any(|it| it.code == "x12_header_broken"), "{from}");
        assert_eq!(coverages(&export).len(), 1, "{from}");
    }
    // Counts that differ are told.
    let codes: Vec<String> =
        x12::read(&whole).unwrap().problems.into_iter().map(|it| it.code).collect();
    assert_eq!(codes, ["x12_transaction_count_differs"]);
    let twice = format!("{whole}\n{}", whole.replace('*', "|").replace('~', "\n"));
    let export = x12::read(&twice).unwrap();
    assert_eq!(export.people.len(), 2, "interchanges with other separators");
    assert_eq!(export.people[1].place, "transaction 2 segment 8");
}

/// Levels that a file nests without end cost no more than they are, and their reviews are kept.
#[test]
fn levels_without_end() {
    let file = file("x12parser/Example_3_1_2_Response.txt");
    let plain = x12::read(&file).unwrap();
    let at = file.find("HL*3*").expect("the patient's level");
    let (mark, rest) = (&file[..at], &file[at..]);
    let deep = format!("{mark}{}{rest}", "HL*2*2*22*1~".repeat(20_000));
    let export = x12::read(&deep).unwrap();
    assert_eq!(reviews(&export).len(), reviews(&plain).len());
    assert_eq!(reviews(&export)[0].number, reviews(&plain)[0].number);
}

#[test]
fn inside_an_envelope() {
    let inner = answer("EB*1*IND*30**PLAN~");
    let soap = |payload: &str| {
        format!(
            "<?xml version=\"1.0\"?><soapenv:Envelope xmlns:soapenv=\"http://www.w3.org/2003/05/soap-envelope\">\
             <soapenv:Body><ns1:COREEnvelopeRealTimeResponse xmlns:ns1=\"urn:core\"><PayloadType>X12_271_Response_005010X279A1</PayloadType>\
             <Payload>{payload}</Payload></ns1:COREEnvelopeRealTimeResponse></soapenv:Body></soapenv:Envelope>"
        )
    };
    let escaped = inner.replace('~', "&#x1D;").replace("PLAN", "A&amp;B");
    let packed = base64(&inner);
    for payload in [inner.clone(), format!("<![CDATA[{inner}]]>"), escaped, packed] {
        let members = read(soap(&payload).as_bytes(), "answer.xml");
        let export = members[0].outcome.as_ref().unwrap_or_else(|why| panic!("{why:?}"));
        assert_eq!(coverages(export)[0].status, "active");
    }
    let mime = format!(
        "--b1\r\nContent-Disposition: form-data; name=\"Payload\"\r\n\r\n{inner}\r\n--b1--\r\n"
    );
    let members = read(mime.as_bytes(), "answer.txt");
    assert_eq!(coverages(members[0].outcome.as_ref().unwrap())[0].status, "active");
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn a_dependent_is_the_patient() {
    let export = outcome("x12parser/Example3_Aetna.txt").unwrap();
    let people: Vec<&PersonStatements> = export.people.iter().collect();
    assert_eq!(people.len(), 1);
    assert_eq!(spoken(&people[0].patient.names[0]), "JONES STACY");
    assert!(coverages(&export).is_empty(), "an inquiry asserts nothing");
    assert!(matches!(people[0].statements[0].content, Content::Document(_)));
}

#[test]
fn places_are_found_in_the_original() {
    use almoner_formats::original::{Found, look};
    for row in truth().into_iter().filter(|row| row["st"] != "834") {
        let path = row["path"].as_str();
        let bytes = std::fs::read(data().join("x12").join(path)).unwrap();
        for person in outcome(path).unwrap().people {
            for place in person.statements.iter().map(|it| &it.place).chain([&person.place]) {
                let mut source = std::io::Cursor::new(&bytes);
                assert_eq!(look(&mut source, "", place).found, Found::Words, "{path} {place}");
            }
        }
    }
}

#[test]
fn no_cut_and_no_flip_stops_the_reader() {
    let whole = answer("EB*1*IND*30**PLAN~LS*2120~NM1*PR*2*OTHER~LE*2120~");
    for at in 0..whole.len() {
        let _ = x12::read(&whole[..at]);
        let mut flipped = whole.clone().into_bytes();
        flipped[at] ^= 0x15;
        let _ = read(&flipped, "x12");
    }
}

//! The path of a file with units that wait together: each statement is taken once, in order, and a
//! unit that can't be taken costs itself only.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use crate::claim::{CLAIMED, claim, keep_all, left_claimed};
use crate::reader::{Reader, Reading};
use crate::work::work_all;
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId, RawId};
use almoner_core::lists::{DateOrder, Field, ListKind, Mapping, Profile, Use, fingerprint};
use almoner_core::receipt::{Match, Receipt, Status};
use almoner_core::rules::Rules;
use almoner_core::time::Clock;
use almoner_frame::Area;
use almoner_frame::intake::{Incoming, Intake, IntakeFile, Joined, Taken, read_again};
use almoner_frame::lists;
use almoner_store::{Act, Desk, Kind, KindEntry, Record, Setup, Verb, Writer, check, sealed};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

almoner_core::record_id!(
    /// A statement of the test.
    MarkId
);

/// What was taken, and how often.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    id: MarkId,
    key: String,
    times: u32,
    /// How many marks there were before it.
    place: u64,
}

impl Record for Mark {
    type Id = MarkId;
    const KIND: Kind = Kind { code: 903, name: "mark" };
    fn id(&self) -> MarkId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}

static TAKER: Area = Area {
    name: "taker",
    kinds: &[KindEntry::of::<Mark>()],
    intake: Intake { join: Some(join), take: Some(take), settle: None },
    ..Area::EMPTY
};

static AREAS: [&Area; 1] = [&TAKER];

#[allow(clippy::unnecessary_wraps)] // the seam's form
fn join(
    _: &mut Writer<'_>,
    _: &Incoming,
    _: &almoner_core::export::PersonStatements,
) -> Outcome<Joined> {
    let patient = PatientId(RawId::from_bytes([1; 16]));
    Ok(Joined { patient, match_: Match::New, first: true, two: None })
}

fn take(
    writer: &mut Writer<'_>,
    _: &Incoming,
    _: Option<PatientId>,
    said: &almoner_core::export::Statement,
) -> Outcome<Taken> {
    if said.key.ends_with("/o300") {
        return Err(Fault::broken("this one can't be taken"));
    }
    let digest = crate::claim::sha256(said.key.as_bytes());
    let id = MarkId(RawId::from_bytes(*digest.first_chunk().unwrap()));
    let place = writer.count(Mark::KIND)?;
    let times = writer.find::<Mark>(id)?.map_or(0, |mark| mark.times) + 1;
    writer.put(&Mark { id, key: said.key.clone(), times, place })?;
    Ok(Taken::New)
}

fn desk() -> Desk {
    let setup = Setup {
        rules: Arc::new(Rules::default()),
        clock: Clock::default(),
        kinds: TAKER.kinds.iter().chain(almoner_frame::KINDS).copied().collect(),
        reactions: Vec::new(),
        boot: "boot-1".into(),
        on_failure: Box::new(|fault| panic!("{fault}")),
    };
    Desk::open(sealed::open_memory(8 << 20).unwrap().database, setup, "almoner-test").unwrap()
}

fn bundle(statements: usize) -> String {
    let mut lines = vec![r#"{"resourceType":"Patient","id":"p"}"#.to_owned()];
    lines.extend((0..statements).map(|n| {
        format!(
            r#"{{"resourceType":"Observation","id":"o{n}","status":"final","code":{{"text":"t"}},"subject":{{"reference":"Patient/p"}}}}"#
        )
    }));
    lines.join("\n")
}

#[test]
fn each_statement_is_taken_once_in_order_and_a_unit_that_fails_costs_itself_only() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, statements) = (desk(), 2600);
    for name in ["one.ndjson", "same.ndjson"] {
        std::fs::write(folder.path().join(name), bundle(statements)).unwrap();
    }
    let files = ["one.ndjson", "same.ndjson"].map(|name| folder.path().join(name));
    let claimed = files.map(|file| claim(folder.path(), &file).unwrap().unwrap());
    keep_all(&desk, &claimed).unwrap();
    assert_eq!(std::fs::read_dir(folder.path().join(CLAIMED)).unwrap().count(), 0);
    work_all(&desk, &AREAS, &mut Reader::new(&desk, &Reading::default()), &|| false).unwrap();
    let (mut marks, file, same) = desk
        .read(|reader| {
            let file = |id: FileId| reader.get::<IntakeFile>(id);
            Ok((reader.all::<Mark>()?, file(claimed[0].id)?, file(claimed[1].id)?))
        })
        .unwrap();
    assert_eq!((file.receipt.status, same.receipt.status), (Status::Partial, Status::Duplicate));
    let left_out = file.receipt.problems.iter().filter(|it| it.code == "not_stored").count();
    assert_eq!(left_out, 1, "{:?}", file.receipt.problems);
    assert!(marks.iter().all(|mark| mark.times == 1));
    assert!((statements - 250..statements).contains(&marks.len()), "{}", marks.len());
    marks.sort_by_key(|mark| mark.place);
    let number = |mark: &Mark| mark.key.rsplit_once("/o").unwrap().1.parse::<usize>().unwrap();
    assert!(marks.is_sorted_by_key(number), "units were taken out of their order");
    assert!(check::check(&desk).unwrap().damage.is_empty());
}

#[test]
fn what_a_cut_left_claimed_is_taken_up_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..40).map(|n| format!("{}.hl7", (n * 7) % 40)).collect();
    for name in &names {
        std::fs::write(folder.path().join(name), name).unwrap();
        claim(folder.path(), &folder.path().join(name)).unwrap().unwrap();
    }
    let left = left_claimed(folder.path()).unwrap();
    let left = left.iter().map(|one| one.path.file_name().unwrap().to_string_lossy().into_owned());
    assert_eq!(left.collect::<Vec<_>>(), names);
}

/// A list that nobody knows, and what somebody says of it.
const LIST: &str = "Wer;Geboren;Nummer\nAbara, Lionel;19.07.1971;00720415\nDoe, Ann;04.03.1958;7\n";

fn receipt_of(desk: &Desk, id: FileId) -> Receipt {
    desk.read(|reader| Ok(reader.get::<IntakeFile>(id)?.receipt)).unwrap()
}

#[test]
fn a_list_waits_for_its_answer_and_the_next_one_does_not() {
    let (folder, desk) = (tempfile::tempdir().unwrap(), desk());
    let drop_file = |name: &str, text: &str| {
        std::fs::create_dir_all(folder.path().join("shore")).unwrap();
        let path = folder.path().join("shore").join(name);
        std::fs::write(&path, text).unwrap();
        let claimed = claim(folder.path(), &path).unwrap().unwrap();
        let id = claimed.id;
        keep_all(&desk, &[claimed]).unwrap();
        work_all(&desk, &AREAS, &mut Reader::new(&desk, &Reading::default()), &|| false).unwrap();
        id
    };
    let id = drop_file("list.csv", LIST);
    let receipt = receipt_of(&desk, id);
    assert_eq!((receipt.status, receipt.format.as_str()), (Status::SetAside, "list"));
    assert_eq!(receipt.problems[0].code, "mapping_needed");
    let asked = desk.read(|reader| lists::questions(reader, id)).unwrap();
    let columns = &asked[0].ask.columns;
    let fields = [Field::Name, Field::BirthDate, Field::Mrn];
    let mapping = Mapping {
        kind: ListKind::Patients,
        dates: DateOrder::DayFirst,
        columns: columns.iter().map(|it| it.key.clone()).zip(fields.map(Use::Field)).collect(),
    };
    let profile = Profile {
        name: "Shore".into(),
        source: "shore".into(),
        fingerprint: fingerprint(columns),
        mapping,
    };
    let act = Act::new(Actor::Appliance, Verb("intake.map"), desk.clock().now());
    desk.write(act, move |writer| {
        lists::save_profile(writer, profile, None)?;
        read_again(writer, id)
    })
    .wait()
    .unwrap();
    work_all(&desk, &AREAS, &mut Reader::new(&desk, &Reading::default()), &|| false).unwrap();
    let receipt = receipt_of(&desk, id);
    assert_eq!((receipt.status, receipt.document.as_str()), (Status::Done, "patients"));
    assert!(desk.read(|reader| lists::questions(reader, id)).unwrap().is_empty());
    // The same again is a duplicate; the next one, its columns turned about, is read by itself.
    assert_eq!(receipt_of(&desk, drop_file("again.csv", LIST)).status, Status::Duplicate);
    let next = "Nummer;Wer;Geboren\n8;Roe, Bo;05.06.1970\n";
    assert_eq!(receipt_of(&desk, drop_file("next.csv", next)).status, Status::Done);
    assert!(check::check(&desk).unwrap().damage.is_empty());
}

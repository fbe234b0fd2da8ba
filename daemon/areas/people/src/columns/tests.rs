//! A tracking sheet comes, comes again corrected, and people change what it said.

use super::*;
use crate::patients;
use crate::staff::{self, STAFF_AREA};
use almoner_core::actor::{Actor, Role};
use almoner_core::clinical::{self, HumanName, Identifier};
use almoner_core::export::PersonStatements;
use almoner_core::fault::Outcome;
use almoner_core::ids::{FileId, PatientId, RawId, StaffId};
use almoner_core::lists::{ColumnType, Remark};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp};
use almoner_frame::{Incoming, Language};
use almoner_store::{Act, Desk, Setup, Verb, Writer, check, golden, sealed};
use std::path::{Path, PathBuf};
use std::sync::Arc;

static AREAS: [&Area; 3] = [&patients::AREA, &AREA, &STAFF_AREA];

struct House {
    desk: Desk,
    rosa: StaffId,
}

fn at(hour: u32) -> Timestamp {
    format!("2026-11-19T{hour:02}:00:00Z").parse().unwrap()
}

impl House {
    fn new() -> Self {
        let setup = Setup {
            rules: Arc::new(Rules::default()),
            clock: Clock::starting_at(at(12)),
            kinds: AREAS.iter().flat_map(|area| area.kinds).copied().collect(),
            reactions: Vec::new(),
            boot: "test".into(),
            on_failure: Box::new(|fault| panic!("{fault}")),
        };
        let desk = Desk::open(sealed::open_memory(8 << 20).unwrap().database, setup, "t").unwrap();
        let staff =
            [("rosa", "Rosa Delgado"), ("daniel", "Daniel Achterberg")].map(|(sign_in, name)| {
                let new = staff::store::NewAccount {
                    sign_in: sign_in.into(),
                    name: name.into(),
                    role: Role::Coordinator,
                    language: Language::English,
                    password: None,
                };
                let act = Act::new(Actor::Appliance, Verb("user.add"), desk.clock().now());
                desk.write(act, |writer| staff::add(writer, new)).wait().unwrap().id
            });
        Self { desk, rosa: staff[0] }
    }

    fn write<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
    ) -> T {
        let act = Act::new(actor, Verb("caseload.value"), self.desk.clock().now());
        self.desk.write(act, work).wait().unwrap()
    }

    /// A sheet that came at this hour names the patient and says this.
    fn sheet(&self, hour: u32, told: &[(&str, &str)]) -> PatientId {
        let file = Incoming {
            file: FileId::random(),
            sha256: [u8::try_from(hour).unwrap(); 32],
            source: "clinic".into(),
            format: "list".into(),
            document: "tracking".into(),
            software: String::new(),
            member: String::new(),
            received: at(hour),
        };
        let name = HumanName {
            family: "Abara".into(),
            given: vec!["Lionel".into()],
            ..HumanName::default()
        };
        let number =
            Identifier { system: String::new(), value: "00720415".into(), kind: "MR".into() };
        let patient = clinical::Patient {
            names: vec![name],
            identifiers: vec![number],
            birth_date: clinical::When::parse("1971-07-19"),
            ..clinical::Patient::default()
        };
        let remarks = (0..).zip(told).map(|(order, (column, value))| remark(order, column, value));
        let said = PersonStatements {
            key: "row 2".into(),
            place: "row 2".into(),
            patient,
            remarks: remarks.collect(),
            ..PersonStatements::default()
        };
        self.write(Actor::Intake, move |writer| {
            let joined = patients::join(writer, &file, &said)?;
            intake::settle(writer, &file, joined.patient, &said)?;
            Ok(joined.patient)
        })
    }

    /// What stands in the columns, in their order: name, value, what the sheet says instead.
    fn shown(&self, patient: PatientId) -> Vec<(String, String, String)> {
        self.desk
            .read(|reader| {
                let cells = cells_of(reader, patient)?;
                let line = |column: Column| {
                    let cell = cells.iter().find(|cell| cell.column == column.id);
                    let differs = cell.and_then(Cell::differs).map(|told| told.value.clone());
                    let value = cell.map_or("", Cell::value).to_owned();
                    (column.name, value, differs.unwrap_or_default())
                };
                Ok(all(reader)?.into_iter().map(line).collect())
            })
            .unwrap()
    }

    fn column(&self, name: &str) -> Column {
        let columns = self.desk.read(all).unwrap();
        columns.into_iter().find(|column| column.name == name).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let report = check::check(&self.desk).unwrap();
            assert!(report.damage.is_empty(), "{:?}", report.damage);
        }
    }
}

fn remark(order: u32, column: &str, value: &str) -> Remark {
    let type_ = match column {
        "Next call" => ColumnType::Date,
        "Consent" => ColumnType::YesNo,
        "Housing" => ColumnType::Choice,
        _ => ColumnType::Text,
    };
    Remark {
        column: column.into(),
        order,
        type_,
        value: value.into(),
        place: "row 2".into(),
        coordinator: column == "Coordinator",
    }
}

fn line(name: &str, value: &str, differs: &str) -> (String, String, String) {
    (name.into(), value.into(), differs.into())
}

#[test]
fn a_sheet_that_comes_again_corrects_what_it_said_and_nobody_changed() {
    let house = House::new();
    let patient =
        house.sheet(8, &[("Next call", "2026-11-23"), ("Housing", "Stable"), ("Notes", "x")]);
    assert_eq!(
        house.shown(patient),
        [
            line("Next call", "2026-11-23", ""),
            line("Housing", "Stable", ""),
            line("Notes", "x", "")
        ]
    );
    let housing = house.column("Housing");
    assert_eq!((housing.type_, housing.choices), (ColumnType::Choice, vec!["Stable".to_owned()]));
    // Rosa writes something else: it stands, and the same sheet again is no news.
    let (rosa, next) = (Actor::Staff(house.rosa), house.column("Next call").id);
    house.write(rosa, move |writer| change(writer, patient, next, "2026-11-30".into()));
    house.sheet(9, &[("next CALL", "2026-11-23"), ("Housing", "Shelter"), ("Notes", "")]);
    assert_eq!(
        house.shown(patient),
        [
            line("Next call", "2026-11-30", ""),
            line("Housing", "Shelter", ""),
            line("Notes", "", "")
        ]
    );
    // The sheet says a third thing: both are shown, and hers still stands.
    house.sheet(10, &[("Next call", "2026-12-24")]);
    assert_eq!(house.shown(patient)[0], line("Next call", "2026-11-30", "2026-12-24"));
    // Whichever she keeps, the question is over.
    house.write(Actor::Staff(house.rosa), move |writer| {
        change(writer, patient, next, "2026-11-30".into())
    });
    assert_eq!(house.shown(patient)[0], line("Next call", "2026-11-30", ""));
    // A sheet that was received earlier and is read late says nothing new.
    house.sheet(7, &[("Housing", "Street")]);
    assert_eq!(house.shown(patient)[1], line("Housing", "Shelter", ""));
}

#[test]
fn a_renamed_column_is_found_by_the_name_it_came_with() {
    let house = House::new();
    let patient = house.sheet(8, &[("Housing", "Stable")]);
    let column = house.column("Housing");
    house.write(Actor::Staff(house.rosa), move |writer| edit(writer, column, "Where they live"));
    house.sheet(9, &[("Housing", "Shelter")]);
    assert_eq!(house.shown(patient), [line("Where they live", "Shelter", "")]);
}

#[test]
fn a_value_that_does_not_fit_makes_the_column_one_of_text() {
    let house = House::new();
    let patient = house.sheet(8, &[("Next call", "2026-11-23")]);
    assert_eq!(house.column("Next call").type_, ColumnType::Date);
    let mut odd = remark(0, "Next call", "after the holidays");
    odd.type_ = ColumnType::Text;
    let mut column = house.column("Next call");
    rules::grow(&mut column, &odd);
    assert_eq!(column.type_, ColumnType::Text);
    assert_eq!(house.shown(patient)[0].1, "2026-11-23");
}

#[test]
fn the_coordinator_of_a_sheet_is_matched_with_the_staff() {
    for (said, found) in
        [("Rosa", true), ("Delgado, Rosa", true), ("rosa delgado", true), ("Nobody", false)]
    {
        let house = House::new();
        let patient = house.sheet(8, &[("Coordinator", said), ("Notes", "x")]);
        let coordinator =
            house.desk.read(|reader| patients::coordinator_of(reader, patient)).unwrap();
        assert_eq!(coordinator, found.then_some(house.rosa), "{said}");
        assert_eq!(house.shown(patient)[0], line("Coordinator", said, ""));
        // Who was given the patient here keeps them.
        house.sheet(9, &[("Coordinator", "Daniel")]);
        let later = house.desk.read(|reader| patients::coordinator_of(reader, patient)).unwrap();
        assert_eq!(later.is_some_and(|it| it == house.rosa), found, "{said}");
    }
}

#[test]
fn rows_of_today_are_read_for_ever() {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rows");
    let raw = |n| RawId::from_bytes([n; 16]);
    let column = Column {
        id: ColumnId(raw(1)),
        name: "Where they live".into(),
        known_as: "Housing".into(),
        order: 3,
        type_: ColumnType::Choice,
        choices: vec!["Shelter".into(), "Stable".into()],
        hidden: true,
    };
    golden::keep(&folder, "caseload-column-1", &column);
    assert_eq!(golden::read::<Column>(&folder, "caseload-column-1").unwrap(), column);
    let cell = Cell {
        id: CellId(raw(2)),
        column: column.id,
        patient: PatientId(raw(3)),
        told: Some(Told {
            value: "Shelter".into(),
            source: "clinic".into(),
            file: FileId(raw(4)),
            place: "row 2".into(),
            received: at(8),
        }),
        here: Some(Here {
            value: "Stable".into(),
            by: Some(StaffId(raw(5))),
            at: at(9),
            over: "Street".into(),
        }),
        came_with: None,
    };
    golden::keep(&folder, "caseload-value-1", &cell);
    assert_eq!(golden::read::<Cell>(&folder, "caseload-value-1").unwrap(), cell);
}

//! Two people change one task: what each wrote is put together where it can be, asked about where it
//! can't, and never lost.

use super::{AREA, NewTask, Task, TaskId};
use almoner_core::actor::{Actor, Role};
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::StaffId;
use almoner_core::loops::{Due, Owner};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp};
use almoner_frame::visit::{self, Request};
use almoner_frame::{Area, Form, Language, Route, Session, Visit};
use almoner_people::staff::{STAFF_AREA, store as accounts};
use almoner_store::{Act, Desk, Setup, Verb, Writer, sealed};
use std::sync::Arc;

static HOUSE: &[&Area] = &[&STAFF_AREA, &almoner_people::patients::AREA, &AREA];

fn at(minute: u32) -> Timestamp {
    format!("2026-11-19T15:{minute:02}:00Z").parse().unwrap()
}

struct House {
    desk: Desk,
    rosa: StaffId,
    jo: StaffId,
    task: TaskId,
}

impl House {
    fn new(due: Due) -> Self {
        let setup = Setup {
            rules: Arc::new(Rules::default()),
            clock: Clock::starting_at(at(0)),
            kinds: HOUSE.iter().flat_map(|area| area.kinds).copied().collect(),
            reactions: Vec::new(),
            boot: "test".into(),
            on_failure: Box::new(|fault| panic!("{fault}")),
        };
        let database = sealed::open_memory(32 << 20).unwrap().database;
        let desk = Desk::open(database, setup, "test").unwrap();
        let act = |staff| Act::new(Actor::Staff(staff), Verb("test.work"), at(0));
        let person = |sign_in: &str, name: &str| accounts::NewAccount {
            sign_in: sign_in.into(),
            name: name.into(),
            role: Role::Coordinator,
            language: Language::English,
            password: None,
        };
        let people = [person("rosa", "Rosa Delgado"), person("jo", "J. Ferreira")];
        let ids = people.map(|new| {
            let added = desk.write(act(StaffId::random()), |writer| accounts::add(writer, new));
            added.wait().unwrap().id
        });
        let [rosa, jo] = ids;
        let new = NewTask {
            note: "Dr. Nwosu asked for it".into(),
            ..NewTask::new(None, "Send the study", Owner::Staff(rosa), due)
        };
        let opened = desk.write(act(rosa), |writer| super::open(writer, new));
        let task = opened.wait().unwrap().id;
        Self { desk, rosa, jo, task }
    }

    fn path(&self) -> String {
        format!("/tasks/{}/edit", self.task)
    }

    fn visit(&self, staff: StaffId, minute: u32, language: Language) -> Visit {
        let session = Session {
            staff,
            role: Role::Coordinator,
            name: String::new(),
            language,
            theme: "system".into(),
            visit: "v".into(),
            mark: "m".into(),
            address: None,
        };
        let zone = Rules::default().zone;
        let house =
            visit::House { areas: HOUSE, zone, clinic: "Harbor Street", numbers: "", demo: false };
        let params = vec![("id".to_owned(), self.task.to_string())];
        let request = Request { path: self.path(), params, query: Vec::new() };
        Visit::admit(
            session,
            almoner_core::permission::May::WorkTasks,
            request,
            house,
            at(minute),
            None,
        )
        .unwrap()
    }

    /// The form as it is shown: its fields by name.
    fn shown(&self, staff: StaffId, language: Language) -> Vec<(String, String)> {
        let Some(Route::Show { page, .. }) = routes().next() else { panic!("no page") };
        let visit = self.visit(staff, 1, language);
        fields(self.desk.read(|reader| page(reader, &visit)).unwrap().main.as_str())
    }

    /// Sends the form with some of its fields changed: what is said, or the page that asks.
    fn send(
        &self,
        staff: StaffId,
        minute: u32,
        form: &[(String, String)],
    ) -> Result<String, String> {
        let Some(Route::Work { work, again, verb, .. }) = routes().nth(1) else {
            panic!("no work")
        };
        let visit = self.visit(staff, minute, Language::English);
        let form = Form::new(form.to_vec());
        let (sent, sent_form) = (self.visit(staff, minute, Language::English), form.clone());
        let work = move |writer: &mut Writer<'_>| work(writer, &sent, &sent_form);
        let refusal = match self.desk.write(visit.act(*verb), work).wait() {
            Ok(next) => return Ok(visit.say(&next.notice.unwrap())),
            Err(Fault::Refused(refusal)) => refusal,
            Err(Fault::Stale(_)) => Refusal::default(),
            Err(fault) => panic!("{fault}"),
        };
        let page = self.desk.read(|reader| again(reader, &visit, &form, &refusal));
        Err(page.unwrap().main.to_string())
    }

    fn task(&self) -> Task {
        self.desk.read(|reader| reader.get(self.task)).unwrap()
    }
}

/// The page of the change, and its work.
fn routes() -> impl Iterator<Item = &'static Route> {
    AREA.routes.iter().filter(|route| route.path() == "/tasks/{id}/edit")
}

/// The fields of a page's form that have a value, by name.
fn fields(html: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let from = tag.split(&format!("{name}=\"")).nth(1)?;
        Some(from.split('"').next().unwrap().replace("&#39;", "'"))
    };
    let mut found = Vec::new();
    for tag in html.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("textarea"))
    {
        let radio = tag.contains("type=\"radio\"");
        let (opening, inside) = tag.split_once('>').unwrap();
        let value = attribute(opening, "value").unwrap_or_else(|| inside.trim().to_owned());
        if !radio || opening.contains("checked") {
            found.push((attribute(opening, "name").unwrap(), value));
        }
    }
    found
}

fn with(form: &[(String, String)], changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let change = |(name, value): &(String, String)| {
        let new = changes.iter().find(|(changed, _)| changed == name);
        (name.clone(), new.map_or_else(|| value.clone(), |(_, value)| (*value).to_owned()))
    };
    form.iter().map(change).collect()
}

fn thursday() -> Due {
    Due::Day("2026-11-26".parse().unwrap())
}

#[test]
fn different_fields_are_put_together() {
    let house = House::new(thursday());
    let (rosa, jo) =
        (house.shown(house.rosa, Language::English), house.shown(house.jo, Language::English));
    let said = house.send(house.jo, 5, &with(&jo, &[("due", "dec 1")])).unwrap();
    assert_eq!(said, "The change is saved.");
    let said =
        house.send(house.rosa, 9, &with(&rosa, &[("title", "Send the sleep study")])).unwrap();
    assert!(said.contains("together with the change of J. Ferreira"), "{said}");
    let task = house.task();
    assert_eq!(task.title, "Send the sleep study");
    assert_eq!(task.due, Due::Day("2026-12-01".parse().unwrap()));
    assert_eq!(task.note, "Dr. Nwosu asked for it");
}

#[test]
fn the_same_field_is_asked_and_theirs_is_kept_unless_one_chooses() {
    let house = House::new(thursday());
    let (rosa, jo) =
        (house.shown(house.rosa, Language::English), house.shown(house.jo, Language::English));
    house.send(house.jo, 5, &with(&jo, &[("title", "Send the EEG"), ("due", "dec 1")])).unwrap();
    let mine = with(&rosa, &[("title", "Send the sleep study"), ("note", "By fax")]);
    let asked = house.send(house.rosa, 9, &mine).unwrap_err();
    for text in [
        "Send the sleep study",
        "Send the EEG",
        "J. Ferreira, ",
        "By fax",
        "value=\"theirs\" checked",
    ] {
        assert!(asked.contains(text), "{text}: {asked}");
    }
    assert_eq!(house.task().title, "Send the EEG", "nothing is saved over");
    // As it stands: theirs for the title, mine for the note, the day that only they changed.
    let as_it_stands = fields(&asked);
    let mut form = as_it_stands.clone();
    house.send(house.rosa, 10, &form).unwrap();
    let task = house.task();
    assert_eq!((task.title.as_str(), task.note.as_str()), ("Send the EEG", "By fax"));
    assert_eq!(task.due, Due::Day("2026-12-01".parse().unwrap()));
    // Jo changes the title once more: a choice against an older text of hers does not count.
    let jo = house.shown(house.jo, Language::English);
    house.send(house.jo, 11, &with(&jo, &[("title", "Send both")])).unwrap();
    form = with(&as_it_stands, &[("keep-title", "mine")]);
    let again = house.send(house.rosa, 12, &form).unwrap_err();
    assert!(again.contains("Send both") && house.task().title == "Send both", "{again}");
}

#[test]
fn mine_can_be_chosen() {
    let house = House::new(thursday());
    let (rosa, jo) =
        (house.shown(house.rosa, Language::English), house.shown(house.jo, Language::English));
    house.send(house.jo, 5, &with(&jo, &[("title", "Send the EEG")])).unwrap();
    let asked =
        house.send(house.rosa, 9, &with(&rosa, &[("title", "Send the sleep study")])).unwrap_err();
    house.send(house.rosa, 10, &with(&fields(&asked), &[("keep-title", "mine")])).unwrap();
    assert_eq!(house.task().title, "Send the sleep study");
    let steps: Vec<_> = house.task().steps.iter().map(|step| step.by).collect();
    assert_eq!(
        steps,
        [Some(house.rosa), Some(house.jo), Some(house.rosa)],
        "both stand in the history"
    );
}

#[test]
fn a_form_that_is_sent_as_it_was_shown_changes_nothing() {
    for due in [thursday(), Due::Instant("2026-11-20T20:00:00Z".parse().unwrap())] {
        for language in Language::ALL {
            let house = House::new(due);
            let form = house.shown(house.rosa, language);
            house.send(house.rosa, 9, &form).unwrap();
            let task = house.task();
            assert_eq!((task.due, task.title.as_str()), (due, "Send the study"), "{form:?}");
        }
    }
}

#[test]
fn what_is_missing_is_said_and_the_words_stay() {
    let house = House::new(thursday());
    let form = house.shown(house.rosa, Language::English);
    let page =
        house.send(house.rosa, 9, &with(&form, &[("title", " "), ("note", "By fax")])).unwrap_err();
    assert!(page.contains("Write what must be done") && page.contains("By fax"), "{page}");
    let done = super::Outcome { words: "sent".into(), contact: None, on: None };
    let act = Act::new(Actor::Staff(house.jo), Verb("test.work"), at(3));
    let id = house.task;
    let ended: Outcome<Task> = house
        .desk
        .write(act, move |writer| super::act(writer, id, &super::Command::Finish(done), ""))
        .wait();
    ended.unwrap();
    let page = house.send(house.rosa, 9, &with(&form, &[("note", "By fax")])).unwrap_err();
    assert!(page.contains("as it stands now") && page.contains("By fax"), "{page}");
}

//! What the columns of a list are: the question that a list asks when it is not sure, answered by a
//! person. The page shows how the first rows would be read; what is saved is kept under a name, the
//! file is read with it, and so is the next one like it.

use super::NAV;
use almoner_core::clinical::{self, Content};
use almoner_core::export::{PersonStatements, Problem};
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::FileId;
use almoner_core::lists::{Ask, DateOrder, Field, ListKind, Mapping, Profile, Use, fingerprint};
use almoner_core::phrase::Phrase;
use almoner_core::receipt::{Match, Receipt};
use almoner_formats::tables::lists::{self, fields_of};
use almoner_frame::intake::{self, Incoming, IntakeFile};
use almoner_frame::kit::{Choice, Problems};
use almoner_frame::lists::{Question, questions, save_profile};
use almoner_frame::typed::{Opening, Typed};
use almoner_frame::{Form, Next, Page, Visit, Words};
use almoner_people::patients;
use almoner_store::{Reader, Writer};
use askama::Template;

/// A name is at most so long (characters).
const LONGEST: usize = 60;

#[derive(Template)]
#[template(path = "intake_view/pages/map.html")]
struct Map<'p> {
    words: &'p Words,
    problems: Problems,
    opening: Opening,
    look: String,
    back: String,
    file: String,
    why: String,
    /// The name under which it is kept.
    called: String,
    kinds: Vec<Choice>,
    orders: Vec<Choice>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// Rows of which nothing would be taken, and cells that can't be read, in words.
    unread: Vec<(String, String)>,
}

/// A column with what it shall be.
struct Column {
    field: String,
    name: String,
    examples: String,
    uses: Vec<Choice>,
}

/// A row as it would be read.
struct Row {
    place: String,
    name: String,
    born: String,
    number: String,
    who: (&'static str, String),
    said: Vec<String>,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let (receipt, question) = meant(reader, visit)?;
    let typed = Typed::fresh(visit, &visit.words().t("map-title"));
    let form = typed.at(&save_path(&receipt)).clone();
    draw(reader, visit, (&receipt, &question), &typed, &form, &Refusal::default())
}

/// The page with what is chosen now: how it would be read so.
pub(super) fn look(reader: &Reader<'_>, visit: &Visit, form: &Form) -> Outcome<Page> {
    let (receipt, question) = meant(reader, visit)?;
    let back = format!("/intake/{}/map", receipt.id);
    let typed = Typed::refused(visit, &visit.words().t("map-title"), form).kept_on(&back);
    draw(reader, visit, (&receipt, &question), &typed, form, &Refusal::default())
}

pub(super) fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    let (receipt, question) = meant(reader, visit)?;
    let back = format!("/intake/{}/map", receipt.id);
    let typed = Typed::refused(visit, &visit.words().t("map-title"), form).kept_on(&back);
    let page = draw(reader, visit, (&receipt, &question), &typed, form, refusal)?;
    Ok(page.with_status(422))
}

/// Keeps the reading under its name and has the file read with it.
pub(super) fn save(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let (receipt, question) = meant(writer, visit)?;
    let mut refusal = Refusal::default();
    let name = form.needed("name", &mut refusal, Phrase::new("map-name-missing"));
    refusal.when(name.chars().count() > LONGEST, "name", Phrase::new("map-name-long"));
    let mapping = chosen(&question.ask, form);
    for group in lists::missing(&mapping) {
        let words = visit.words();
        let named: Vec<String> = group.iter().map(|field| label(words, *field)).collect();
        refusal.when(true, "kind", Phrase::new("map-missing").with("fields", named.join(", ")));
    }
    if let Some(field) = twice(&mapping) {
        let said = Phrase::new("map-twice").with("field", label(visit.words(), field));
        refusal.when(true, "kind", said);
    }
    refusal.or_ok()?;
    let profile = Profile {
        name: name.to_owned(),
        source: receipt.source.clone(),
        fingerprint: fingerprint(&question.ask.columns),
        mapping,
    };
    save_profile(writer, profile, Some(visit.staff()))?;
    intake::read_again(writer, receipt.id)?;
    Ok(Next::saying(format!("/intake/{}", receipt.id), Phrase::new("map-saved")))
}

/// The file and the first of its open questions.
fn meant(reader: &Reader<'_>, visit: &Visit) -> Outcome<(Receipt, Question)> {
    let id: FileId = visit.id("id")?;
    let receipt = reader.get::<IntakeFile>(id)?.receipt;
    let mut open = questions(reader, id)?;
    open.sort_by(|a, b| a.member.cmp(&b.member));
    let first = open.into_iter().next().ok_or(Fault::Absent("question of a list"))?;
    Ok((receipt, first))
}

fn save_path(receipt: &Receipt) -> String {
    format!("/intake/{}/map", receipt.id)
}

fn draw(
    reader: &Reader<'_>,
    visit: &Visit,
    (receipt, question): (&Receipt, &Question),
    typed: &Typed,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    let words = visit.words();
    let ask = &question.ask;
    let mapping = if form.has("kind") { chosen(ask, form) } else { ask.proposal.clone() };
    let today = visit.house().zone.day(receipt.received);
    let (people, unread) = lists::preview(ask, &mapping, Some(today));
    let rows = people.iter().map(|person| row(reader, visit, receipt, question, person));
    let order = |order: DateOrder, key: &str| Choice {
        value: key.to_owned(),
        label: words.t(&format!("map-{key}")),
        on: mapping.dates == order,
    };
    let page = Map {
        words,
        problems: Problems::of(visit, refusal),
        opening: typed.open(&save_path(receipt)),
        look: format!("/intake/{}/map/look", receipt.id),
        back: format!("/intake/{}", receipt.id),
        file: if question.member.is_empty() {
            receipt.name.clone()
        } else {
            question.member.clone()
        },
        why: words.t(&format!("map-doubt-{}", ask.doubt.key())),
        called: if form.has("name") {
            form.text("name").to_owned()
        } else {
            receipt.source.clone()
        },
        kinds: ListKind::ALL
            .into_iter()
            .map(|kind| Choice {
                value: kind.key().to_owned(),
                label: words.t(&format!("map-kind-{}", kind.key())),
                on: kind == mapping.kind,
            })
            .collect(),
        orders: vec![
            order(DateOrder::MonthFirst, "month-first"),
            order(DateOrder::DayFirst, "day-first"),
        ],
        columns: columns(words, ask, &mapping),
        rows: rows.collect::<Outcome<_>>()?,
        unread: unread.into_iter().map(|Problem { at, message, .. }| (at, message)).collect(),
    };
    Page::draw(words.of_text("map-page", &receipt.name), NAV, &page)
}

/// The reading that a form asks for.
fn chosen(ask: &Ask, form: &Form) -> Mapping {
    let day_first = form.text("dates") == "day-first";
    let column = |(at, column): (usize, &almoner_core::lists::Heading)| {
        (column.key.clone(), Use::parse(form.text(&format!("c{at}"))))
    };
    Mapping {
        kind: ListKind::parse(form.text("kind")).unwrap_or(ask.proposal.kind),
        dates: if day_first { DateOrder::DayFirst } else { DateOrder::MonthFirst },
        columns: ask.columns.iter().enumerate().map(column).collect(),
    }
}

/// A field that two columns are said to be, and can't.
fn twice(mapping: &Mapping) -> Option<Field> {
    let mut seen = Vec::new();
    mapping.columns.iter().find_map(|(_, use_)| match use_ {
        Use::Field(field) if seen.contains(field) && !lists::is_many(*field) => Some(*field),
        Use::Field(field) => {
            seen.push(*field);
            None
        }
        _ => None,
    })
}

fn columns(words: &Words, ask: &Ask, mapping: &Mapping) -> Vec<Column> {
    let fields = fields_of(mapping.kind);
    let column = |(at, heading): (usize, &almoner_core::lists::Heading)| {
        let now = mapping.of(&heading.key);
        let mut offered: Vec<Use> = vec![Use::Leave, Use::Caseload];
        offered.extend(fields.iter().map(|field| Use::Field(*field)));
        if !offered.contains(&now) {
            offered.push(now);
        }
        let choice = |use_: &Use| Choice {
            value: use_.key().to_owned(),
            label: use_label(words, *use_),
            on: *use_ == now,
        };
        let cells = ask.rows.iter().filter_map(|(_, cells)| cells.get(at));
        let mut examples: Vec<&str> = Vec::new();
        for cell in cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty()) {
            if examples.len() < 3 && !examples.contains(&cell) {
                examples.push(cell);
            }
        }
        let number = (at + 1).to_string();
        Column {
            field: format!("c{at}"),
            name: if heading.text.is_empty() {
                words.of_text("map-column", number.as_str())
            } else {
                heading.text.clone()
            },
            examples: examples.join(" · "),
            uses: offered.iter().map(choice).collect(),
        }
    };
    ask.columns.iter().enumerate().map(column).collect()
}

fn use_label(words: &Words, use_: Use) -> String {
    match use_ {
        Use::Leave => words.t("map-leave"),
        Use::Caseload => words.t("map-caseload"),
        Use::Field(field) => label(words, field),
    }
}

fn label(words: &Words, field: Field) -> String {
    words.t(&format!("field-{}", field.key()))
}

fn row(
    reader: &Reader<'_>,
    visit: &Visit,
    receipt: &Receipt,
    question: &Question,
    person: &PersonStatements,
) -> Outcome<Row> {
    let words = visit.words();
    let file = Incoming {
        file: receipt.id,
        sha256: [0; 32],
        source: receipt.source.clone(),
        format: lists::FORMAT.to_owned(),
        document: question.ask.proposal.kind.key().to_owned(),
        software: String::new(),
        member: question.member.clone(),
        received: receipt.received,
    };
    let (tone, key) = match patients::foresee(reader, &file, person)? {
        Match::New => ("info", "intake-match-new"),
        Match::Same => ("", "intake-match-same"),
        Match::Proposed => ("warn", "intake-match-proposed"),
    };
    let who = &person.patient;
    let said = person.statements.iter().map(|it| content(words, &it.content));
    let told = person.remarks.iter().filter(|it| !it.value.is_empty());
    let told = told.map(|it| format!("{}: {}", it.column, it.value));
    let number = |kind: &str| who.identifiers.iter().find(|it| it.kind == kind);
    Ok(Row {
        place: person.place.clone(),
        name: patients::row_name(words, who),
        born: who.birth_date.as_ref().map(|day| words.when(day)).unwrap_or_default(),
        number: number("MR").map(|it| it.value.clone()).unwrap_or_default(),
        who: (tone, words.t(key)),
        said: said.chain(told).collect(),
    })
}

/// What a statement says, in a line.
fn content(words: &Words, content: &Content) -> String {
    let kind = words.t(&format!("fact-{}", content.kind().key().replace('_', "-")));
    let (label, when) = match content {
        Content::Condition(it) => (it.code.label(), it.onset.as_ref()),
        Content::Medication(it) => (it.code.label(), it.period.start.as_ref()),
        Content::Allergy(it) => (it.code.label(), it.onset.as_ref()),
        Content::Observation(it) => (it.code.label(), it.effective.start.as_ref()),
        Content::Immunization(it) => (it.code.label(), it.occurrence.as_ref()),
        Content::Encounter(it) => (it.location.as_str(), it.period.end.as_ref()),
        Content::Coverage(it) => (it.payor.as_str(), it.period.start.as_ref()),
        Content::Other(it) => (it.code.label(), it.period.start.as_ref()),
        _ => ("", None),
    };
    let when = when.map(|it: &clinical::When| words.when(it)).unwrap_or_default();
    let parts = [kind.as_str(), label, when.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

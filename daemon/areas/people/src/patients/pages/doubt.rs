//! A source says that one record is two people: its word, the lines it speaks of, and the two ways to
//! decide it, on the page of possible duplicates.

use super::about::source_name;
use super::{split, view};
use crate::patients::record::{Doubt, Patient};
use crate::patients::rules::part;
use crate::patients::store;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::PatientId;
use almoner_core::phrase::Phrase;
use almoner_frame::typed::Opening;
use almoner_frame::{Form, Next, Typed, Visit};
use almoner_store::{Reader, Writer};

/// The field for the reason; another than that of a pair on the same page.
pub(super) const REASON: &str = "together";

/// One doubt, as it is drawn.
pub(super) struct Doubted {
    pub(super) said: String,
    pub(super) since: String,
    pub(super) one: Vec<String>,
    pub(super) other: Vec<String>,
    /// Where the record is parted, the other's lines chosen; empty where they are one line.
    pub(super) split: String,
    /// The form that keeps it whole; only of the first.
    pub(super) keep: Option<Opening>,
    pub(super) reason: String,
}

/// They are one person, whatever the source says.
pub(super) fn keep(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let id: PatientId = visit.id("patient")?;
    let at = visit.param("doubt")?.parse().map_err(|_| Fault::Absent("page"))?;
    let mut refusal = Refusal::default();
    let reason = form.needed(REASON, &mut refusal, Phrase::new("match-doubt-reason-missing"));
    refusal.or_ok()?;
    store::keep_whole(writer, id, at, reason)?;
    let golden = writer.get::<Patient>(id)?.golden();
    let said = Phrase::new("match-doubt-said-kept");
    let said = said.with("name", view::plain_name(visit.words(), &golden));
    Ok(Next::saying(super::decide::next(writer)?, said))
}

/// The doubts about a record that are to be decided.
pub(super) fn all(
    reader: &Reader<'_>,
    visit: &Visit,
    typed: &Typed,
    patient: &Patient,
) -> Outcome<Vec<Doubted>> {
    let lines = split::lines(reader, visit, patient)?;
    let mut all: Vec<Doubted> = Vec::new();
    for (at, doubt) in patient.doubts() {
        let action = format!("/intake/match/{}/doubt/{at}/together", patient.id);
        let own = |numbers: &[almoner_core::clinical::Identifier]| -> Vec<usize> {
            let has =
                |at: &usize| patient.identities.get(*at).is_some_and(|it| it.has_any(numbers));
            (0..patient.identities.len()).filter(has).collect()
        };
        let (one, other) = (own(&doubt.one), own(&doubt.other));
        let say =
            |places: &[usize]| places.iter().filter_map(|at| lines.get(*at).cloned()).collect();
        all.push(Doubted {
            said: words_of(visit, doubt),
            since: view::lately(visit, doubt.since),
            one: say(&one),
            other: say(&other),
            split: split_of(patient, &one, &other),
            reason: typed.at(&action).text(REASON).to_owned(),
            keep: all.is_empty().then(|| typed.open(&action)),
        });
    }
    Ok(all)
}

fn words_of(visit: &Visit, doubt: &Doubt) -> String {
    let source = source_name(visit.words(), &doubt.source);
    visit.words().of_text("match-doubt-says", &source)
}

/// The page that parts the record, with what is only the other's chosen.
fn split_of(patient: &Patient, one: &[usize], other: &[usize]) -> String {
    let names = part::names(patient);
    let only = |of: &[usize], not: &[usize]| -> Vec<usize> {
        of.iter().filter(|at| !not.contains(at)).copied().collect()
    };
    let go = [only(other, one), only(one, other)].into_iter().find(|it| !it.is_empty());
    let taken = go.unwrap_or_default();
    let fields: Vec<String> =
        taken.iter().filter_map(|at| Some(format!("take={}&", names.get(*at)?))).collect();
    if fields.is_empty() {
        return String::new();
    }
    format!("/p/{}/split?{}look=1", patient.id, fields.concat())
}

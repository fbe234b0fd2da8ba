//! An export as it is told, piece by piece: each piece is little enough to be taken in one
//! transaction, so that a person's click waits a moment at most; and told again, it is the same.

use crate::fhir;
use crate::read::Member;
use almoner_core::clinical::Content;
use almoner_core::export::{
    Ending, Export, Heading, PersonStatements, Piece, Statement, Told, Unreadable,
};
use std::collections::BTreeMap;

/// Statements of a piece at most.
const STATEMENTS: usize = 250;
/// Bytes of text and documents of a piece, about.
const BYTES: usize = 1 << 20;

/// Who hears what is told.
pub type Listen<'l> = dyn FnMut(Told) + 'l;

/// Tells a member that was read whole.
pub(crate) fn member(path: &str, outcome: Result<Export, Unreadable>, listen: &mut Listen<'_>) {
    let outcome = outcome.map(|mut export| {
        by_key(&mut export);
        begin(path, &export, listen);
        statements(&mut export, listen);
        export
    });
    listen(Told::End(Box::new(Ending { path: path.to_owned(), outcome })));
}

/// Tells what a member is.
pub(crate) fn begin(path: &str, export: &Export, listen: &mut Listen<'_>) {
    listen(Told::Begin(Heading {
        path: path.to_owned(),
        format: export.format.clone(),
        document: export.document.clone(),
        software: export.software.clone(),
    }));
}

/// Tells the statements of an export, and leaves it without them.
pub(crate) fn statements(export: &mut Export, listen: &mut Listen<'_>) {
    if !export.shared.is_empty() {
        pieces(None, std::mem::take(&mut export.shared), listen);
    }
    for mut person in std::mem::take(&mut export.people) {
        let statements = std::mem::take(&mut person.statements);
        pieces(Some(person), statements, listen);
    }
}

fn pieces(person: Option<PersonStatements>, statements: Vec<Statement>, listen: &mut Listen<'_>) {
    let is_message = person.as_ref().is_some_and(|person| person.message.is_some());
    let (mut taken, mut bytes, mut visits) = (Vec::new(), 0, Vec::new());
    for statement in statements {
        let weight = weight(&statement);
        let full = taken.len() >= STATEMENTS || bytes + weight > BYTES;
        if full && !taken.is_empty() {
            let is_visit = |it: &&Statement| matches!(it.content, Content::Encounter(_));
            if is_message {
                visits.extend(taken.iter().filter(is_visit).cloned());
            }
            let (person, statements) = (person.clone(), std::mem::take(&mut taken));
            let piece = Piece { person, statements, ..Piece::default() };
            listen(Told::Piece(Box::new(piece)));
            bytes = 0;
        }
        bytes += weight;
        taken.push(statement);
    }
    listen(Told::Piece(Box::new(Piece { person, statements: taken, last: true, visits })));
}

/// About how many bytes a statement holds.
fn weight(statement: &Statement) -> usize {
    let kept = statement.verbatim.as_ref().map_or(0, String::len);
    let document = match &statement.content {
        Content::Document(document) => document.text.len() + document.data_base64.len(),
        _ => 0,
    };
    kept + document + statement.narrative.len() + 200
}

/// Has raw FHIR resources name what they refer to by its key in the export: what else a reference
/// was called (`urn:uuid:…`, a conditional search) means nothing outside of its file.
pub(crate) fn by_key(export: &mut Export) {
    let aliases: BTreeMap<String, String> =
        std::mem::take(&mut export.aliases).into_iter().collect();
    if aliases.is_empty() {
        return;
    }
    let meant = |reference: &str| aliases.get(reference).cloned();
    let people = export.people.iter_mut().flat_map(|person| &mut person.statements);
    for statement in people.chain(&mut export.shared) {
        let raw = statement.verbatim.as_deref();
        if let Some(Ok(text)) = raw.map(|raw| fhir::write::by_key(raw, &meant)) {
            statement.verbatim = Some(text);
        }
    }
}

/// What was told, put together again: the members of a file, each before those that are enclosed in it.
pub fn gather(told: Vec<Told>) -> Vec<Member> {
    let mut members = Vec::new();
    let mut open: Vec<Half> = Vec::new();
    for one in told {
        match one {
            Told::Begin(heading) => {
                open.push(Half { path: heading.path, began: members.len(), ..Half::default() });
            }
            Told::Piece(piece) => {
                if let Some(half) = open.last_mut() {
                    half.take(*piece);
                }
            }
            Told::End(ending) => {
                let Ending { path, outcome } = *ending;
                let Half { began, people, shared, .. } =
                    open.pop_if(|half| half.path == path).unwrap_or(Half::ended(members.len()));
                let outcome = outcome.map(|export| Export { people, shared, ..export });
                members.insert(began, Member { path, outcome });
            }
        }
    }
    members
}

/// A member of which not all was told yet.
#[derive(Default)]
struct Half {
    path: String,
    /// How many members had been told when it began.
    began: usize,
    people: Vec<PersonStatements>,
    shared: Vec<Statement>,
    /// Whether there is more of the last person.
    goes_on: bool,
}

impl Half {
    /// One of which nothing was told.
    fn ended(began: usize) -> Self {
        Self { began, ..Self::default() }
    }

    fn take(&mut self, piece: Piece) {
        let Piece { person, statements, last, .. } = piece;
        match (person, self.people.last_mut().filter(|_| self.goes_on)) {
            (None, _) => {
                self.shared.extend(statements);
                return;
            }
            (Some(_), Some(known)) => known.statements.extend(statements),
            (Some(mut person), None) => {
                person.statements = statements;
                self.people.push(person);
            }
        }
        self.goes_on = !last;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::clinical::{Condition, Encounter};
    use almoner_core::export::{Message, Sense};

    fn statement(key: String, content: Content) -> Statement {
        Statement {
            key,
            place: String::new(),
            content,
            sense: Sense::Stated,
            identifiers: Vec::new(),
            recorded: None,
            author: String::new(),
            section: String::new(),
            narrative: String::new(),
            labels: Vec::new(),
            verbatim: None,
            distinct: false,
        }
    }

    fn person(statements: usize) -> PersonStatements {
        let one = |n: usize| statement(n.to_string(), Content::Condition(Condition::default()));
        PersonStatements { statements: (0..statements).map(one).collect(), ..Default::default() }
    }

    fn told(export: Export) -> Vec<Told> {
        let mut told = Vec::new();
        member("a.xml", Ok(export), &mut |one| told.push(one));
        told
    }

    #[test]
    fn what_is_told_is_the_whole_in_small_pieces() {
        let sizes = [0, 1, 249, 250, 251, 1000, 3, 0, 700];
        let mut shared = person(600).statements;
        shared[3].verbatim = Some("x".repeat(3 << 20));
        let export = Export { people: sizes.map(person).into(), shared, ..Export::default() };
        let told = told(export.clone());
        let pieces: Vec<&Piece> = told
            .iter()
            .filter_map(|one| match one {
                Told::Piece(piece) => Some(&**piece),
                _ => None,
            })
            .collect();
        assert!(pieces.iter().all(|piece| piece.statements.len() <= STATEMENTS));
        assert!(pieces.iter().any(|piece| piece.statements.len() == 1), "a heavy one goes alone");
        let ends = pieces.iter().filter(|piece| piece.person.is_some() && piece.last).count();
        assert_eq!(ends, sizes.len(), "every person has one last piece");
        let members = gather(told);
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].outcome, Ok(export));
    }

    #[test]
    fn the_last_piece_of_a_message_knows_its_visits() {
        let mut long = person(600);
        long.message = Some(Message::default());
        long.statements[7].content = Content::Encounter(Encounter::default());
        let export = Export { people: vec![long], ..Export::default() };
        let told = told(export);
        let Some(Told::Piece(last)) = told.iter().rev().nth(1) else { panic!("no piece") };
        assert!(last.last);
        assert_eq!(last.visits.iter().map(|it| &*it.key).collect::<Vec<_>>(), ["7"]);
    }
}

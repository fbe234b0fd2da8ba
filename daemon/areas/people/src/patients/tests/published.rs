//! The test patients of the certification programme as some forty products write them: who is one
//! person is told by a table beside the documents. They are read by the real reader and joined in a
//! real store, in several orders.

use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A document: whose it is, from which product, and what it says.
struct Document {
    who: usize,
    source: String,
    said: PersonStatements,
}

/// How the pairs of documents of one person came out, and how many of two persons became one.
#[derive(Debug, Default)]
struct Outcomes {
    pairs: usize,
    joined: usize,
    proposed: usize,
    wrong: usize,
    /// Proposals between records of two persons.
    in_vain: BTreeSet<(PatientId, PatientId)>,
}

fn documents() -> Vec<Document> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
    let table = std::fs::read_to_string(data.join("truth/people.tsv")).unwrap();
    let mut documents = Vec::new();
    for (who, row) in table.lines().skip(1).enumerate() {
        for path in row.split('\t').nth(8).unwrap().split('|') {
            let bytes = std::fs::read(data.join("ccda").join(path)).unwrap();
            let members = almoner_formats::read(&bytes, path);
            let export = members.into_iter().find_map(|member| member.outcome.ok());
            let said = export.and_then(|export| export.people.into_iter().next());
            let said = said.unwrap_or_else(|| panic!("{path}: nobody is read"));
            let source = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            documents.push(Document { who, source, said });
        }
    }
    documents
}

/// Joins the documents in this order, and counts.
fn outcomes(documents: &[Document], order: &[usize]) -> Outcomes {
    let house = House::new();
    let mut whose: BTreeMap<usize, PatientId> = BTreeMap::new();
    for (number, at) in order.iter().enumerate() {
        let document = &documents[*at];
        let mut sha256 = [0; 32];
        sha256[..8].copy_from_slice(&(*at as u64 + 1).to_be_bytes());
        let said = document.said.clone();
        let joined = house.take(&document.source, sha256, i64::try_from(number).unwrap(), said);
        whose.insert(*at, joined.patient);
    }
    let mut met: BTreeSet<(PatientId, PatientId)> = BTreeSet::new();
    for id in whose.values() {
        met.extend(house.patient(*id).possible_duplicates.iter().map(|it| (*id, it.patient)));
    }
    let mut outcomes = Outcomes::default();
    for (one, a) in documents.iter().enumerate() {
        for (other, b) in documents.iter().enumerate().skip(one + 1) {
            let pair = (whose[&one], whose[&other]);
            let (same, proposed) = (pair.0 == pair.1, met.contains(&pair));
            if a.who == b.who {
                outcomes.pairs += 1;
                outcomes.joined += usize::from(same);
                outcomes.proposed += usize::from(proposed);
            } else {
                outcomes.wrong += usize::from(same);
                outcomes.in_vain.extend(proposed.then(|| (pair.0.min(pair.1), pair.0.max(pair.1))));
            }
        }
    }
    outcomes
}

#[test]
fn published_people_are_told_from_each_other() {
    let documents = documents();
    let forward: Vec<usize> = (0..documents.len()).collect();
    let backward: Vec<usize> = forward.iter().rev().copied().collect();
    // Documents of one person far from each other.
    let scattered = (0..documents.len()).map(|at| at * 73 % documents.len()).collect();
    for (name, order) in [("forward", forward), ("backward", backward), ("scattered", scattered)] {
        assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), documents.len());
        let outcomes = outcomes(&documents, &order);
        #[allow(clippy::cast_precision_loss)]
        let found = (outcomes.joined + outcomes.proposed) as f64 / outcomes.pairs as f64;
        println!(
            "{name}: {} documents, {} pairs of one person: joined {}, proposed {} ({found:.4}); of two \
             persons joined {}, proposals in vain {}",
            documents.len(),
            outcomes.pairs,
            outcomes.joined,
            outcomes.proposed,
            outcomes.wrong,
            outcomes.in_vain.len()
        );
        assert_eq!(outcomes.wrong, 0, "two persons became one");
        assert!(found >= 0.98, "{outcomes:?}");
        assert!(outcomes.joined * 10 >= outcomes.pairs * 8, "records of one person are no crowd");
        assert!(outcomes.in_vain.len() <= documents.len() / 3, "{outcomes:?}");
    }
}

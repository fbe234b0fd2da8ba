//! Of a file that tells of several people, only what it says of one of them is shown: their messages,
//! their resources.

use crate::facts::Fact;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_formats::original::{Look, Original, Piece};
use almoner_people::patients::{Sighting, named_at, sightings};
use almoner_store::Reader;
use std::collections::BTreeSet;

/// What of a file may be shown on one person's record.
pub(super) enum Whose {
    /// All of it: it names nobody else.
    Theirs,
    /// What stands at these places, unless it stands with others too.
    Part { own: BTreeSet<String>, others: BTreeSet<String> },
    /// Nothing: it can't be told apart.
    Others,
}

impl Whose {
    /// Whose a member of a file is, seen from a person's record.
    pub(super) fn of(
        reader: &Reader<'_>,
        id: PatientId,
        seen: &Sighting,
        member: &str,
        facts: &[Fact],
    ) -> Outcome<Self> {
        let Some(named) = named_at(reader, &seen.sha256, member)? else { return Ok(Self::Others) };
        let (own, others): (Vec<_>, Vec<_>) = named.into_iter().partition(|(_, who)| *who == id);
        if others.is_empty() && !own.is_empty() {
            return Ok(Self::Theirs);
        }
        let facts = facts.iter().flat_map(|fact| &fact.assertions);
        let facts = facts.filter(|it| it.sha256 == seen.sha256 && it.member == member);
        let mut own: BTreeSet<String> = facts.map(|it| it.place.clone()).collect();
        let named = sightings(reader, id)?.into_iter();
        let named = named.filter(|it| it.sha256 == seen.sha256 && it.member == member);
        own.extend(named.map(|it| it.place));
        let others = others.into_iter().map(|(key, _)| key).collect();
        // The places of a set of files begin with a path, which the file itself does not know.
        Ok(if own.is_empty() || member.ends_with('*') {
            Self::Others
        } else {
            Self::Part { own, others }
        })
    }

    /// Whether only a part is shown.
    pub(super) fn is_part(&self) -> bool {
        matches!(self, Self::Part { .. })
    }

    /// What is shown of what was looked at; nothing where that can't be told apart.
    pub(super) fn shown(&self, look: Look) -> Option<Look> {
        let (own, others) = match self {
            Self::Theirs => return Some(look),
            Self::Others => return None,
            Self::Part { own, others } => (own, others),
        };
        let original = match look.original {
            // A message is one person's when no other is named in it.
            Original::Segments(mut all) => {
                let messages = |places: &BTreeSet<String>| -> BTreeSet<String> {
                    places.iter().filter_map(|place| message(place).map(str::to_owned)).collect()
                };
                let (own, others) = (messages(own), messages(others));
                all.retain(|piece| {
                    message(&piece.place).is_some_and(|it| own.contains(it) && !others.contains(it))
                });
                Original::Segments(all)
            }
            Original::Resources(mut all) => {
                all.retain(|piece| own.iter().any(|place| holds(piece, place)));
                Original::Resources(all)
            }
            _ => return None,
        };
        let empty = matches!(&original, Original::Segments(all) | Original::Resources(all) if all.is_empty());
        (!empty).then_some(Look { original, found: look.found })
    }
}

/// The message of a place: "message 3" of "message 3 segment 2".
fn message(place: &str) -> Option<&str> {
    place.split_once(" segment ").map(|(message, _)| message)
}

/// Whether a piece is at a place, or holds it.
fn holds(piece: &Piece, place: &str) -> bool {
    let rest = place.strip_prefix(piece.place.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

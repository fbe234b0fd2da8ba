//! Transitions when files speak anew. An episode that only files made is made again from what the
//! standing files say and keeps its id; one on which people have worked stays with all their work,
//! and only what the files told of it moves.

use super::of;
use crate::transitions::record::{Move, TransitionEpisode};
use crate::transitions::rules;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_frame::anew::{self, Rest, Told, Whose};
use almoner_store::{Reader, Turned, Writer};
use std::collections::BTreeMap;

/// Takes away the episodes that files alone made, and what messages said of the others.
pub(crate) fn clear(writer: &mut Writer<'_>, whose: Whose<'_>) -> Outcome<()> {
    let Whose::Patient(patient) = whose else { return Ok(()) };
    for mut episode in of(writer, patient)? {
        if episode.is_worked() {
            episode.said.clear();
            writer.put(&episode)?;
        } else {
            writer.remove::<TransitionEpisode>(episode.id)?;
        }
    }
    Ok(())
}

/// When all standing files have spoken: an episode of the same stay is the same episode.
pub(crate) fn close(writer: &mut Writer<'_>, patient: PatientId, _: Rest) -> Outcome<()> {
    let Some(outer) = writer.outer() else { return Ok(()) };
    let (mut before, now) = (of(outer, patient)?, of(writer, patient)?);
    let (mut stood, mut ids) = (Vec::new(), BTreeMap::new());
    for mut episode in now {
        let same = |it: &TransitionEpisode| it.id == episode.id || it.stay.is_same(&episode.stay);
        let known = before.iter().position(|it| it.id == episode.id);
        let known = known.or_else(|| before.iter().position(same));
        if let Some(at) = known {
            let known = before.remove(at);
            ids.insert(episode.id, known.id);
            writer.remove::<TransitionEpisode>(episode.id)?;
            episode = episode.keeping(&known);
        }
        stood.push(episode);
    }
    let rules = writer.rules();
    let at = outer.now();
    for mut episode in stood {
        if let Some(again) = &mut episode.readmitted {
            again.episode = again.episode.map(|id| ids.get(&id).copied().unwrap_or(id));
        }
        writer.put(&rules::moved(episode, None, at, rules))?;
    }
    Ok(())
}

/// What is said of an episode that turned out otherwise.
pub(crate) fn tell(_: &Reader<'_>, turned: &Turned) -> Outcome<Option<Told>> {
    let alike =
        |before: &TransitionEpisode, after: &TransitionEpisode| before.stage() == after.stage();
    Ok(anew::turn(turned, alike)?.map(|(way, it)| Told::Transition(way, it.stay.house)))
}

/// Whether people have worked on a transition of the patient's.
pub(crate) fn worked(reader: &Reader<'_>, patient: PatientId) -> Outcome<bool> {
    Ok(of(reader, patient)?.iter().any(TransitionEpisode::is_worked))
}

impl TransitionEpisode {
    /// Whether a person has done anything with it.
    fn is_worked(&self) -> bool {
        let done = [&self.home_since, &self.medicines, &self.visit.booked, &self.visit.seen];
        let lists = [&self.asked, &self.visit.missed];
        done.into_iter().any(Option::is_some)
            || self.noted.is_some()
            || lists.into_iter().any(|list| !list.is_empty())
            || !self.attempts.is_empty()
            || self.complexity != crate::transitions::Complexity::default()
            || self.end.as_ref().is_some_and(|end| end.by.is_some())
            || self.moves.iter().any(|step| step.by.is_some())
    }

    /// The same with the id and the stamps of the episode that stood before: what happened again
    /// happened when it did.
    fn keeping(mut self, known: &Self) -> Self {
        self.id = known.id;
        self.opened = known.opened;
        if known.is_worked() {
            self.moves.clone_from(&known.moves);
            return self;
        }
        let same = |it: &Move, old: &Move| (it.stage, it.fact) == (old.stage, old.fact);
        for (step, old) in self.moves.iter_mut().zip(&known.moves) {
            if !same(step, old) {
                break;
            }
            step.clone_from(old);
        }
        self
    }
}

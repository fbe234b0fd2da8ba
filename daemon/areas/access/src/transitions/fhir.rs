//! Transitions as FHIR R4 `EpisodeOfCare`.

use super::record::{BY_PATIENT, EndKind, EpisodeId, Stage, TransitionEpisode};
use super::rules::stay::Moment;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{RawId, RecordId};
use almoner_core::permission::May;
use almoner_core::time::Timestamp;
use almoner_frame::fhir::Written;
use almoner_frame::{Resource, Scope};
use almoner_store::{Key, Reader};
use serde_json::{Map, Value, json};

/// What this slice serves.
pub(super) const RESOURCES: &[Resource] =
    &[Resource { type_: "EpisodeOfCare", may: May::ReadFhir, ids, write }];

fn ids(reader: &Reader<'_>, scope: Scope) -> Outcome<Vec<RawId>> {
    let key = match scope {
        Scope::All => Key::all(),
        Scope::Patient(patient) => Key::all().id(patient),
        // A source document asserts the stay, not what the clinic owes after it.
        Scope::Source(_) => return Ok(Vec::new()),
    };
    let ids: Vec<EpisodeId> = reader.ids(BY_PATIENT, &key)?;
    let mut all: Vec<TransitionEpisode> =
        ids.into_iter().map(|id| reader.get(id)).collect::<Outcome<_>>()?;
    all.sort_by_cached_key(|it| {
        (it.stay.admitted, it.stay.discharged, it.stay.numbers.clone(), it.stay.house.clone())
    });
    Ok(all.into_iter().map(|it| it.id.0).collect())
}

fn write(reader: &Reader<'_>, id: RawId) -> Outcome<Option<Written>> {
    let Some(episode) = reader.find::<TransitionEpisode>(EpisodeId::from_bytes(id.bytes()))? else {
        return Ok(None);
    };
    let last_updated = episode.moves.last().map_or(episode.opened, |step| step.recorded);
    let json = resource(&episode, last_updated);
    let json = serde_json::to_string(&json).map_err(|cause| Fault::Broken(Box::new(cause)))?;
    Ok(Some(Written { json, version: String::new(), patient: Some(episode.patient), last_updated }))
}

/// FHIR episode-of-care-status.
fn status(stage: Stage) -> &'static str {
    match stage {
        Stage::Admitted | Stage::Expected => "planned",
        Stage::Home | Stage::Emergency => "active",
        Stage::Facility => "onhold",
        Stage::Ended(EndKind::Withdrawn) => "cancelled",
        Stage::Ended(EndKind::Duplicate) => "entered-in-error",
        Stage::Ended(_) => "finished",
    }
}

fn resource(episode: &TransitionEpisode, changed: Timestamp) -> Value {
    let stage = episode.stage();
    let stay = &episode.stay;
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("resourceType", json!("EpisodeOfCare"));
    put("id", json!(episode.id.to_string()));
    put("meta", json!({ "lastUpdated": instant(changed) }));
    put("status", json!(status(stage)));
    put("type", json!([{ "text": format!("transition of care: {}", stage.key()) }]));
    put("patient", json!({ "reference": format!("Patient/{}", episode.patient) }));
    let start = stay.discharged.or(stay.admitted).map(moment);
    let end = episode.moves.last().filter(|_| stage.is_over()).map(|last| instant(last.at));
    let period = [("start", start), ("end", end)].into_iter();
    let period: Map<String, Value> =
        period.filter_map(|(name, at)| Some((name.to_owned(), json!(at?)))).collect();
    put("period", Value::Object(period));
    let numbers = stay.numbers.iter().filter(|number| !number.system.is_empty());
    let identifiers: Vec<Value> =
        numbers.map(|it| json!({ "system": it.system, "value": it.value })).collect();
    if !identifiers.is_empty() {
        put("identifier", Value::Array(identifiers));
    }
    if !stay.house.is_empty() {
        put("managingOrganization", json!({ "display": stay.house }));
    }
    Value::Object(out)
}

fn moment(moment: Moment) -> String {
    moment.at.map_or_else(|| moment.day.to_string(), instant)
}

fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

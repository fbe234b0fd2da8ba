//! Tasks as FHIR R4 `Task`.

use super::record::{Outcome as Result, Output, State, Task, TaskId};
use super::store;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{RawId, RecordId};
use almoner_core::loops::Due;
use almoner_core::permission::May;
use almoner_core::time::{Timestamp, Zone};
use almoner_frame::fhir::Written;
use almoner_frame::{Resource, Scope};
use almoner_store::Reader;
use serde_json::{Map, Value, json};

/// What this slice serves.
pub(super) const RESOURCES: &[Resource] =
    &[Resource { type_: "Task", may: May::ReadFhir, ids, write }];

fn ids(reader: &Reader<'_>, scope: Scope) -> Outcome<Vec<RawId>> {
    let ids = match scope {
        Scope::All => store::all(reader)?,
        Scope::Patient(patient) => store::ids_of(reader, patient)?,
        // No source document asserts a task.
        Scope::Source(_) => Vec::new(),
    };
    Ok(ids.into_iter().map(|id| id.0).collect())
}

fn write(reader: &Reader<'_>, id: RawId) -> Outcome<Option<Written>> {
    let Some(task) = reader.find::<Task>(TaskId::from_bytes(id.bytes()))? else {
        return Ok(None);
    };
    let last_updated = task.last().map_or(task.opened, |step| step.at);
    let json = resource(&task, last_updated, reader.rules().zone);
    let json = serde_json::to_string(&json).map_err(|cause| Fault::Broken(Box::new(cause)))?;
    Ok(Some(Written { json, version: String::new(), patient: task.patient, last_updated }))
}

fn resource(task: &Task, changed: Timestamp, zone: Zone) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("resourceType", json!("Task"));
    put("id", json!(task.id.to_string()));
    put("meta", json!({ "lastUpdated": instant(changed) }));
    put("status", json!(task.state.key()));
    put("intent", json!("order"));
    put("description", json!(task.title));
    put("authoredOn", json!(instant(task.opened)));
    put("lastModified", json!(instant(changed)));
    let end = instant(due_end(task.due, zone));
    let period = match task.opens {
        Some(opens) => json!({ "start": opens.to_string(), "end": end }),
        None => json!({ "end": end }),
    };
    put("restriction", json!({ "period": period }));
    if let Some(patient) = task.patient {
        put("for", json!({ "reference": format!("Patient/{patient}") }));
    }
    if let Some(parent) = task.parent {
        put("partOf", json!([{ "reference": format!("Task/{parent}") }]));
    }
    if !task.note.is_empty() {
        put("note", json!([{ "text": task.note }]));
    }
    if let Some(reason) = task.last().map(|step| &step.reason).filter(|it| !it.is_empty())
        && matches!(task.state, State::OnHold { .. } | State::Cancelled | State::Failed)
    {
        put("statusReason", json!({ "text": reason }));
    }
    if let Some(outcome) = &task.outcome {
        put("output", outputs(task, outcome));
    }
    Value::Object(out)
}

fn outputs(task: &Task, outcome: &Result) -> Value {
    let mut outputs = vec![json!({ "type": { "text": "outcome" }, "valueString": outcome.words })];
    if let (Output::Appointment, Some(on)) = (task.output, outcome.on) {
        let on = on.to_string();
        outputs.push(json!({ "type": { "text": "appointment" }, "valueDate": on }));
    }
    Value::Array(outputs)
}

fn due_end(due: Due, zone: Zone) -> Timestamp {
    match due {
        Due::Instant(at) => at,
        Due::Day(_) => due.late_from(zone),
    }
}

fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::rules::{By, Command, NewTask, act, open};
    use almoner_core::loops::Owner;

    #[test]
    fn a_finished_task_tells_what_came_of_it() {
        let at = "2026-11-19T15:00:00Z".parse().unwrap();
        let by = By { staff: None, at, reason: "" };
        let due = Due::Day("2026-11-20".parse().unwrap());
        let task = open(NewTask::new(None, "Send the study", Owner::Unassigned, due), by).unwrap();
        let outcome = Result { words: "sent".into(), contact: None, on: None };
        let task = act(task, &Command::Finish(outcome), by).unwrap();
        let json = resource(&task, at, Zone::default());
        assert_eq!(json["status"], "completed");
        assert_eq!(json["output"][0]["valueString"], "sent");
        assert_eq!(json["restriction"]["period"]["end"], "2026-11-21T05:00:00.000Z");
    }
}

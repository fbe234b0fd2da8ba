//! What an act's mood makes of it (HL7 v3 `ActMood`): an event is a fact, an intent or a request is
//! planned, a goal is a goal; any other mood (criterion, definition, option, permission) tells nothing
//! of the patient (`spec/ccda.md` §1.5).

use super::node::{El, attr, child, child_attr, says_true};
use super::sections::Domain;
use super::source::Source;
use almoner_core::export::Severity;

/// How an act is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// As its section says.
    Told,
    /// As what is planned, whatever the section is about.
    Planned,
    /// Not at all.
    Neither,
}

/// How an act of a section is to be read.
pub(super) fn of(act: El<'_>, domain: Domain) -> Mood {
    use Domain::{
        Encounters, Equipment, Goals, Immunizations, Instructions, Interventions, Medications,
        Payers, Plan, Procedures, Referral, Results,
    };
    let mood = attr(act, "moodCode").unwrap_or("EVN");
    let planned = matches!(mood, "INT" | "RQO" | "ARQ" | "APT" | "PRMS" | "PRP" | "GOL");
    match domain {
        _ if mood == "EVN" => Mood::Told,
        // a procedure that is meant is in preparation
        Plan | Interventions | Instructions | Goals | Referral | Procedures if planned => {
            Mood::Told
        }
        // as ordered (INT); a device or supply may be
        Medications(_) | Equipment if mood == "INT" => Mood::Told,
        // what was refused was meant to be given
        Immunizations if planned && says_true(act, "negationInd") => Mood::Told,
        // what a plan covers is defined or promised
        Payers if matches!(mood, "DEF" | "PRMS") => Mood::Told,
        // vendors write INT for what was done: then it says so
        Immunizations | Encounters if planned && is_done(act) => Mood::Told,
        Results if planned && child(act, "value").is_some() => Mood::Told,
        Medications(_) | Immunizations | Encounters | Results if planned => Mood::Planned,
        _ => Mood::Neither,
    }
}

fn is_done(act: El<'_>) -> bool {
    child_attr(act, "statusCode", "code") == Some("completed")
}

/// Says that an act was not read because of its mood.
pub(super) fn note(source: &Source<'_>, act: El<'_>) {
    let message = "An entry is about what could or should be, not about what is (its mood). It was \
                   not taken as a fact; read it in the document.";
    source.note(Severity::Info, act, "mood_not_told", message);
}

//! Medicines (C-CDA medication activity, template 22.4.16).
//!
//! The directions are quoted, never built from parts: a wrong sentence about a dose does harm.

use super::authors;
use super::datatypes::{period, quantity};
use super::node::{
    El, at, attr, child, child_attr, children, has_template, related, text, xsi_type,
};
use super::source::Source;
use super::statements::Spot;
use super::supplies;
use super::terms;
use almoner_core::clinical::{
    Concept, Content, Medication, MedicationUse, Period, Quantity, Reference, When,
};
use almoner_core::export::{Sense, Statement};

/// One medication activity.
pub(super) fn read(spot: &Spot<'_, '_>, use_: MedicationUse) -> Option<Statement> {
    let mut code = product(spot.source, spot.act);
    let named = !code.is_empty() && !code.codings.iter().all(|c| terms::is_generic(&c.code))
        || code.codings.is_empty()
            && code.text.as_deref().is_some_and(|t| !terms::words_say_nothing(t));
    spot.reword(&mut code);
    let sense = spot.sense(&code, named)?;
    // that nothing was given during a visit does not mean that nothing is taken
    if sense == Sense::NoneKnown && use_ == MedicationUse::Administered {
        return None;
    }
    let period = taken(spot.source, spot.act);
    let medication = Medication {
        use_,
        status: if sense == Sense::Stated { status(spot, &period) } else { "" }.to_owned(),
        sig: sig(spot, &code),
        dose: dose(spot.act),
        route: spot.source.concept_at(spot.act, "routeCode"),
        frequency: frequency(spot.act),
        as_needed: as_needed(spot.act),
        period,
        authored: authored(spot),
        refills: refills(spot.act),
        reason: reason(spot),
        requester: requester(spot),
        encounter: None,
        quantity: None,
        days_supply: None,
        code,
    };
    let mut statement = spot.statement(Content::Medication(medication), sense);
    let told = std::iter::once(std::mem::take(&mut statement.narrative));
    let hints = [rate(spot.act), most(spot.act)];
    let told = told.chain(hints).chain(supplies::words(spot));
    let told = told.filter(|words| !words.is_empty()).collect::<Vec<_>>();
    statement.narrative = told.join("\n");
    Some(statement)
}

/// The product of a substance administration or supply: its code, else its name.
pub(super) fn product<'a>(source: &Source<'a>, act: El<'a>) -> Concept {
    let material = ["consumable", "product"].iter().find_map(|holder| {
        let product = at(act, &format!("{holder}/manufacturedProduct"))?;
        child(product, "manufacturedMaterial").or_else(|| child(product, "manufacturedLabeledDrug"))
    });
    let Some(material) = material else { return Concept::default() };
    let mut code = source.concept_at(material, "code").unwrap_or_default();
    if code.text.is_none() {
        let name = child(material, "name").map(|name| source.words(name));
        code.text = name.filter(|name| !name.is_empty());
    }
    code
}

/// Status of the order or statement. Half of all sources send `completed` for what is taken now:
/// then the end date decides, seen from the day the document was made.
fn status(spot: &Spot<'_, '_>, period: &Period) -> &'static str {
    let over = |end: &When| {
        spot.made
            .is_some_and(|made| end.date().zip(made.date()).is_some_and(|(end, made)| end < made))
    };
    match child_attr(spot.act, "statusCode", "code").unwrap_or_default() {
        "completed" if period.end.as_ref().is_some_and(over) => "completed",
        "completed" if !observed(spot.act).is_empty() => observed(spot.act),
        "active" | "ordered" | "new" | "completed" => "active",
        "suspended" | "held" => "on-hold",
        "aborted" => "stopped",
        "cancelled" => "cancelled",
        _ => "unknown",
    }
}

/// What a status observation (LOINC 33999-4; CCD template 2.16.840.1.113883.10.20.1.47) says besides
/// "active": older documents call every medicine `completed` and put there whether it is still taken.
fn observed(act: El<'_>) -> &'static str {
    let status = related_any(act).find(|act| child_attr(*act, "code", "code") == Some("33999-4"));
    let Some(value) = status.and_then(|act| child(act, "value")) else { return "" };
    let words = attr(value, "displayName").unwrap_or_default().to_lowercase();
    match (attr(value, "code").unwrap_or_default(), &*words) {
        ("73425007" | "392521001", _) | (_, "no longer active" | "prior history") => "completed",
        ("421139008", _) | (_, "on hold") => "on-hold",
        _ => "",
    }
}

/// Start and end of taking: the first `effectiveTime` that is no schedule.
fn taken(source: &Source<'_>, act: El<'_>) -> Period {
    let times = children(act, "effectiveTime").find(|time| !is_schedule(*time));
    let Some(time) = times else { return Period::default() };
    let mut taken = period(source, time);
    if attr(time, "value").is_some() && taken.start == taken.end {
        taken.end = None;
    }
    taken
}

/// Whether a time says how often rather than from when to when.
fn is_schedule(time: El<'_>) -> bool {
    matches!(xsi_type(time), "PIVL_TS" | "EIVL_TS" | "SXPR_TS")
        || attr(time, "operator") == Some("A")
}

/// How often, from `PIVL_TS` (every so much time) and `EIVL_TS` (at an event of the day).
fn frequency(act: El<'_>) -> String {
    let times = children(act, "effectiveTime").flat_map(|time| time.descendants());
    let words = times.filter_map(|time| match xsi_type(time) {
        "PIVL_TS" => every(child(time, "period")?),
        "EIVL_TS" => event(attr(child(time, "event")?, "code")?),
        _ => None,
    });
    let words: Vec<String> = words.collect();
    words.join(", ")
}

/// A precondition that says something makes it "as needed"; a vendor writes `PRN` for the unit of
/// the period.
fn as_needed(act: El<'_>) -> bool {
    let criterion = at(act, "precondition/criterion");
    let told = criterion.is_some_and(|criterion| {
        child(criterion, "value").is_none_or(|value| attr(value, "nullFlavor").is_none())
    });
    let periods = children(act, "effectiveTime").filter_map(|time| child(time, "period"));
    told || periods.filter_map(|period| attr(period, "unit")).any(|unit| unit == "PRN")
}

/// `every 8 h`, `every 4 to 6 h`; a unit that is no time makes no schedule.
fn every(period: El<'_>) -> Option<String> {
    let length = |pq: El<'_>| {
        let unit = match attr(pq, "unit").unwrap_or_default() {
            "h" | "hr" | "hour" | "hours" => "h",
            "d" | "day" | "days" => "d",
            "wk" | "week" | "weeks" => "wk",
            "mo" | "month" | "months" => "mo",
            "min" => "min",
            "s" => "s",
            _ => return None,
        };
        Some((attr(pq, "value")?.to_owned(), unit.to_owned()))
    };
    if let Some((value, unit)) = length(period) {
        return Some(format!("every {value} {unit}").trim_end().to_owned());
    }
    let (low, _) = length(child(period, "low")?)?;
    let (high, unit) = length(child(period, "high")?)?;
    Some(format!("every {low} to {high} {unit}").trim_end().to_owned())
}

/// HL7 v3 TimingEvent in words.
fn event(code: &str) -> Option<String> {
    let words = match code {
        "HS" => "at bedtime",
        "AC" => "before meals",
        "PC" => "after meals",
        "ACM" => "before breakfast",
        "ACD" => "before lunch",
        "ACV" => "before dinner",
        "PCM" => "after breakfast",
        "PCD" => "after lunch",
        "PCV" => "after dinner",
        "C" => "with meals",
        "CM" => "with breakfast",
        "CD" => "with lunch",
        "CV" => "with dinner",
        "IC" => "between meals",
        "WAKE" => "on waking",
        _ => return None,
    };
    Some(words.to_owned())
}

/// The directions as the source wrote them: the free-text sig, else the patient instruction, else
/// the act's text where it is more than the name of the medicine.
fn sig(spot: &Spot<'_, '_>, code: &Concept) -> String {
    let words_of = |act: El<'_>| spot_text(spot, act);
    let free = related_any(spot.act).find(|act| {
        has_template(*act, &["147"]) || child_attr(*act, "code", "code") == Some("76662-6")
    });
    let instruction =
        || related_any(spot.act).find(|act| has_template(*act, &["20"])).map(words_of);
    let own = || Some(spot.row()).filter(|row| !same_words(row, code));
    let said = |words: &String| !words.is_empty();
    free.map(words_of)
        .filter(said)
        .or_else(|| instruction().filter(said))
        .or_else(|| own().filter(said))
        .unwrap_or_default()
}

/// Words of an act below this one.
fn spot_text<'a>(spot: &Spot<'a, '_>, act: El<'a>) -> String {
    spot.source.row(act)
}

/// The acts bound to an act, whatever the binding.
fn related_any(act: El<'_>) -> impl Iterator<Item = El<'_>> {
    related(act).map(|(_, act)| act)
}

/// Whether the words of the row only repeat the name of the medicine.
fn same_words(row: &str, code: &Concept) -> bool {
    let row = row.trim().to_lowercase();
    let named = code.text.iter().chain(code.codings.iter().filter_map(|c| c.display.as_ref()));
    named.into_iter().any(|name| name.trim().to_lowercase() == row)
}

/// The dose; of a range the lower end.
fn dose(act: El<'_>) -> Option<Quantity> {
    let dose = child(act, "doseQuantity")?;
    quantity(dose).or_else(|| quantity(child(dose, "low").or_else(|| child(dose, "center"))?))
}

/// How fast it runs (`rateQuantity`).
fn rate(act: El<'_>) -> String {
    let rate = child(act, "rateQuantity");
    let rate = rate.and_then(|pq| quantity(pq).or_else(|| quantity(child(pq, "low")?)));
    rate.map(|rate| format!("Rate: {} {}", rate.value, rate.unit).trim_end().to_owned())
        .unwrap_or_default()
}

/// How much of it at most in how much time (`maxDoseQuantity`, a ratio).
fn most(act: El<'_>) -> String {
    let Some(ratio) = child(act, "maxDoseQuantity") else { return String::new() };
    let part = |name: &str| {
        let quantity = child(ratio, name).and_then(quantity)?;
        Some(format!("{} {}", quantity.value, quantity.unit).trim_end().to_owned())
    };
    match (part("numerator"), part("denominator")) {
        (Some(most), Some(time)) => format!("At most {most} in {time}"),
        _ => String::new(),
    }
}

/// When it was prescribed: the author's time of the activity, else of its supply order.
fn authored(spot: &Spot<'_, '_>) -> Option<When> {
    let order = supply(spot.act);
    let time = child(spot.act, "author").or_else(|| order.and_then(|act| child(act, "author")));
    time.and_then(|author| spot.source.when_at(author, "time"))
}

/// The supply order (template 22.4.17), else any supply below.
fn supply(act: El<'_>) -> Option<El<'_>> {
    let order = related_any(act).find(|act| has_template(*act, &["17"]));
    let any = |act: &El<'_>| super::node::is(*act, "supply") && !supplies::is_dispensed(*act);
    order.or_else(|| related_any(act).find(any))
}

/// Fills after the first: `repeatNumber` counts all fills.
fn refills(act: El<'_>) -> Option<u32> {
    let number = |act: El<'_>| attr(child(act, "repeatNumber")?, "value")?.parse::<u32>().ok();
    let total = supply(act).and_then(number).or_else(|| number(act))?;
    total.checked_sub(1)
}

/// The indication (template 22.4.19), else any reason given.
fn reason(spot: &Spot<'_, '_>) -> Option<Concept> {
    let found =
        related(spot.act).find(|(kind, act)| *kind == "RSON" || has_template(*act, &["19"]))?;
    spot.source.concept_at(found.1, "value")
}

/// Who prescribed it, by name.
fn requester(spot: &Spot<'_, '_>) -> Option<Reference> {
    let order = supply(spot.act).and_then(|act| child(act, "author"));
    let author = child(spot.act, "author").or(order)?;
    let display = authors::name_of(spot.source, author);
    (!display.is_empty()).then(|| Reference { key: String::new(), display })
}

/// Name of the maker of a product.
pub(super) fn manufacturer(act: El<'_>) -> String {
    let name = at(act, "consumable/manufacturedProduct/manufacturerOrganization/name");
    name.map(text).unwrap_or_default()
}

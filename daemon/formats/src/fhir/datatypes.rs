//! FHIR's data types as they are read: codes, quantities, dates, names, addresses (FHIR R4 "Data
//! Types"). What has another shape than FHIR says reads as empty, never as an error.

use super::json::Json;
use almoner_core::clinical::{
    Address, Coding, Concept, ContactPoint, HumanName, Identifier, Period, Quantity, When, system,
};

/// Code systems in the order in which a domain prefers them (`fhir.md` A2, rule 5).
pub(crate) const PROBLEMS: &[&str] = &[system::ICD10CM, system::SNOMED];
pub(crate) const MEDICINES: &[&str] = &[system::RXNORM, system::NDC];
pub(crate) const RESULTS: &[&str] = &[system::LOINC];
pub(crate) const VACCINES: &[&str] = &[system::CVX];
pub(crate) const PROCEDURES: &[&str] = &[system::CPT, system::SNOMED];

/// Extension by which a sender says why there is no value (FHIR R4 `data-absent-reason`).
pub(crate) const DATA_ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
/// Code system of the reasons.
pub(crate) const ABSENT_REASON: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
/// Our extension for a time whose zone the source did not tell; FHIR has no place for one.
pub(crate) const LOCAL_TIME: &str = "urn:almoner:local-time";
/// Our extension for the end of a problem that its source calls active all the same, which R4 does
/// not let be written (rule con-4).
pub(crate) const ABATEMENT: &str = "urn:almoner:abatement";

/// Reads a `CodeableConcept`, a lone `Coding`, a plain code or words; codes of the preferred
/// systems come first.
pub(crate) fn concept(json: &Json, prefer: &[&str]) -> Concept {
    let words = |text: &str| Some(text.to_owned()).filter(|text| !text.trim().is_empty());
    match json {
        Json::Text(text) => return Concept { text: words(text), codings: Vec::new() },
        Json::List(items) => {
            return items.first().map_or_else(Concept::default, |c| concept(c, prefer));
        }
        _ => {}
    }
    // R5 CodeableReference
    if let inner @ Json::Object(_) = json.get("concept") {
        return concept(inner, prefer);
    }
    let codings = match json.get("coding") {
        Json::Null => std::slice::from_ref(json),
        list => list.items(),
    };
    let chosen = codings.iter().find(|c| *c.get("userSelected") == Json::Bool(true));
    let mut list: Vec<Coding> = codings.iter().filter_map(coding).collect();
    let rank = |c: &Coding| prefer.iter().position(|s| *s == c.system).unwrap_or(prefer.len());
    list.sort_by_key(rank);
    let text = words(json.text("text")).or_else(|| words(chosen?.text("display")));
    if text.is_none() && list.is_empty() {
        return absent(json);
    }
    Concept { text, codings: list }
}

/// The code of a plain code, `Coding` or `CodeableConcept`; of words only, the words.
pub(crate) fn code(json: &Json) -> String {
    if let Json::Text(text) = json {
        return text.trim().to_owned();
    }
    let concept = concept(json, &[]);
    let code = concept.codings.iter().map(|c| c.code.clone()).find(|code| !code.is_empty());
    code.unwrap_or_else(|| concept.label().to_owned())
}

/// Reads an `Identifier`; the value is empty when it has none.
pub(crate) fn identifier(json: &Json) -> Identifier {
    let kind = json.get("type").get("coding").items().first();
    // An authority may be named in words only.
    let system = match json.text("system").trim() {
        "" => json.get("assigner").text("display").trim(),
        system => system,
    };
    let kind = kind.map_or("", |coding| coding.text("code"));
    let kind = if kind.is_empty() && system == system::US_SSN { "SS" } else { kind };
    Identifier {
        system: system.to_owned(),
        value: json.text("value").trim().to_owned(),
        kind: kind.to_owned(),
    }
}

/// Reads a list of identifiers; those without a value are left out.
pub(crate) fn identifiers(json: &Json) -> Vec<Identifier> {
    json.items().iter().map(identifier).filter(|id| !id.value.is_empty()).collect()
}

/// Reads a `Quantity` and its like; the number stays as written.
pub(crate) fn quantity(json: &Json) -> Option<Quantity> {
    let value = json.text("value").trim();
    let unit = Some(json.text("unit")).filter(|unit| !unit.is_empty());
    let quantity = Quantity {
        value: value.to_owned(),
        unit: unit.unwrap_or(json.text("code")).to_owned(),
        comparator: json.text("comparator").to_owned(),
    };
    (!value.is_empty()).then_some(quantity)
}

/// The date or time of a field; of an unreal time (`25:61`) the day. Also reads our own
/// [`LOCAL_TIME`] back.
pub(crate) fn when(json: &Json, key: &str) -> Option<When> {
    let text = json.text(key);
    let day = || When::parse(text.get(0..10)?);
    let local = || {
        let companion = json.get(&format!("_{key}"));
        When::parse(extension(companion, LOCAL_TIME)?.text("valueString"))
    };
    local().or_else(|| When::parse(text)).or_else(day)
}

/// Reads a `Period`.
pub(crate) fn period(json: &Json) -> Period {
    Period { start: when(json, "start"), end: when(json, "end") }
}

/// The first extension of a URL.
pub(crate) fn extension<'a>(json: &'a Json, url: &str) -> Option<&'a Json> {
    json.get("extension").items().iter().find(|extension| extension.text("url") == url)
}

/// Reads a `HumanName`. A name of words only is split at the comma, else its last word is the
/// family name.
pub(crate) fn human_name(json: &Json) -> HumanName {
    let words = |key: &str| -> Vec<String> {
        let list = json.get(key).items().iter().map(|item| item.as_str().trim().to_owned());
        list.filter(|word| !word.is_empty()).collect()
    };
    let ended = !json.get("period").get("end").is_empty();
    let use_ = json.text("use");
    let mut name = HumanName {
        use_: if use_.is_empty() && ended { "old" } else { use_ }.to_owned(),
        // DSTU2 writes a list of family names.
        family: words("family").join(" "),
        given: words("given"),
        prefix: words("prefix"),
        suffix: words("suffix"),
    };
    if name.family.is_empty() && name.given.is_empty() {
        let text = json.text("text").trim();
        let (given, family) = match text.split_once(',') {
            Some((family, given)) => (given, family),
            None => text.rsplit_once(' ').unwrap_or(("", text)),
        };
        family.trim().clone_into(&mut name.family);
        name.given = given.split_whitespace().map(str::to_owned).collect();
    }
    name
}

/// Reads a list of names, the official ones first, former ones last; empty ones are left out.
pub(crate) fn human_names(json: &Json) -> Vec<HumanName> {
    let mut names: Vec<_> = json.items().iter().map(human_name).collect();
    names.retain(|name| !name.family.is_empty() || !name.given.is_empty());
    names.sort_by_key(|name| match name.use_.as_str() {
        "official" => 0,
        "usual" | "" => 1,
        "old" | "maiden" => 3,
        _ => 2,
    });
    names
}

/// Reads an `Address`; lines of words only become one line.
pub(crate) fn address(json: &Json) -> Address {
    let text = |key: &str| json.text(key).trim().to_owned();
    let lines = json.get("line").items().iter().map(|line| line.as_str().trim().to_owned());
    let mut address = Address {
        use_: text("use"),
        lines: lines.filter(|line| !line.is_empty()).collect(),
        city: text("city"),
        state: text("state"),
        postal_code: text("postalCode"),
        country: text("country"),
    };
    if address.lines.is_empty() && address.city.is_empty() {
        address.lines = json.text("text").lines().map(|line| line.trim().to_owned()).collect();
    }
    address
}

/// Reads a list of addresses; empty ones are left out.
pub(crate) fn addresses(json: &Json) -> Vec<Address> {
    let said = |address: &Address| {
        let bare = Address { use_: address.use_.clone(), ..Address::default() };
        *address != bare
    };
    json.items().iter().map(address).filter(said).collect()
}

/// Reads a list of `ContactPoint`; empty ones are left out.
pub(crate) fn contact_points(json: &Json) -> Vec<ContactPoint> {
    let point = |json: &Json| ContactPoint {
        system: json.text("system").to_owned(),
        value: json.text("value").trim().to_owned(),
        use_: json.text("use").to_owned(),
    };
    json.items().iter().map(point).filter(|point| !point.value.is_empty()).collect()
}

/// The words of notes (`Annotation`, STU3 plain text), one a line.
pub(crate) fn notes(json: &Json) -> String {
    let words = |item: &Json| match item {
        Json::Text(text) => text.trim().to_owned(),
        item => item.text("text").trim().to_owned(),
    };
    let all = json.items().iter().map(words).filter(|words| !words.is_empty());
    all.collect::<Vec<_>>().join("\n")
}

/// The words of an XHTML narrative (`text.div`), without its marks.
pub(crate) fn narrative(json: &Json) -> String {
    let mut words = String::new();
    let mut inside = false;
    for c in json.get("text").text("div").chars() {
        match c {
            '<' => {
                inside = true;
                words.push(' ');
            }
            '>' => inside = false,
            _ if inside => {}
            c => words.push(c),
        }
    }
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#160;", " "), ("&nbsp;", " ")];
    let plain = marks.iter().fold(words, |words, (mark, sign)| words.replace(mark, sign));
    plain.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn coding(json: &Json) -> Option<Coding> {
    let code = json.text("code").trim();
    let display = Some(json.text("display").trim()).filter(|display| !display.is_empty());
    (!code.is_empty() || display.is_some()).then(|| Coding {
        system: json.text("system").trim().to_owned(),
        code: code.to_owned(),
        display: display.map(str::to_owned),
    })
}

/// A concept that says only why it is not there.
fn absent(json: &Json) -> Concept {
    let coding = json.get("coding").items().first();
    let reason = extension(json, DATA_ABSENT).or_else(|| extension(coding?, DATA_ABSENT));
    reason.map_or_else(Concept::default, |reason| {
        match reason.text("valueCode") {
            // No more than saying nothing.
            "" | "unknown" => Concept::default(),
            code => Concept::coded(ABSENT_REASON, code, ""),
        }
    })
}

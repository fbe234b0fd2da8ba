//! FHIR in XML says what the same resources say in JSON: the development data is written as XML, read,
//! and compared resource by resource with itself.

use super::{text_of, truth};
use almoner_core::export::Export;
use almoner_formats::fhir::{self, Json};
use almoner_formats::read;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// JSON as XML, as FHIR R4 "XML Representation" has it.
fn to_xml(json: &Json) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    resource(json, &mut out, true);
    out
}

fn resource(json: &Json, out: &mut String, root: bool) {
    let name = json.text("resourceType");
    let _ = write!(out, "<{name}");
    if root {
        out.push_str(" xmlns=\"http://hl7.org/fhir\"");
    }
    out.push('>');
    fields(json, out, true);
    let _ = write!(out, "</{name}>");
}

fn fields(json: &Json, out: &mut String, whole: bool) {
    for (name, value) in json.fields() {
        let attribute = !whole && (name == "id" || name == "url" && json.get("system").is_empty());
        let shadow_only = name.strip_prefix('_').is_some_and(|bare| !json.get(bare).is_empty());
        if name == "resourceType" || attribute || shadow_only {
            continue;
        }
        let bare = name.trim_start_matches('_');
        let shadows = json.get(&format!("_{bare}")).items();
        let values = if name.starts_with('_') { &[][..] } else { value.items() };
        for at in 0..values.len().max(shadows.len()) {
            let value = values.get(at).cloned().unwrap_or_default();
            element(bare, &value, shadows.get(at).unwrap_or(&Json::Null), out);
        }
    }
}

fn element(name: &str, value: &Json, shadow: &Json, out: &mut String) {
    if name == "div" {
        let sound = roxmltree::Document::parse(value.as_str()).is_ok();
        let left_out = "<div xmlns=\"http://www.w3.org/1999/xhtml\"/>";
        return out.push_str(if sound { value.as_str() } else { left_out });
    }
    let _ = write!(out, "<{name}");
    let holder = if matches!(value, Json::Object(_)) { value } else { shadow };
    for attribute in ["id", "url"] {
        let text = holder.text(attribute);
        let is_field = attribute == "url" && name != "extension" && name != "modifierExtension";
        if !text.is_empty() && !is_field && holder.get("resourceType").is_empty() {
            let _ = write!(out, " {attribute}=\"{}\"", escaped(text));
        }
    }
    match value {
        Json::Bool(flag) => drop(write!(out, " value=\"{flag}\"")),
        Json::Text(text) | Json::Number(text) => drop(write!(out, " value=\"{}\"", escaped(text))),
        _ => {}
    }
    out.push('>');
    if holder.get("resourceType").is_empty() {
        let extension = name == "extension" || name == "modifierExtension";
        let skip = |key: &str| key == "id" || extension && key == "url";
        let rest = holder.fields().iter().filter(|(key, _)| !skip(key));
        let mut object = Json::object();
        for (key, value) in rest {
            object.put(key, value.clone());
        }
        fields(&object, out, true);
    } else {
        resource(holder, out, false);
    }
    let _ = write!(out, "</{name}>");
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    text.replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;")
}

/// The words of a narrative; `None` where its marks do not match.
fn words(div: &str) -> Option<String> {
    let document = roxmltree::Document::parse(div).ok()?;
    Some(
        document
            .descendants()
            .filter(|node| node.is_text())
            .filter_map(|node| node.text())
            .collect(),
    )
}

/// Where two values differ: paths of names.
fn differences(path: &str, ours: &Json, theirs: &Json, out: &mut BTreeSet<String>) {
    match (ours, theirs) {
        (Json::Object(a), Json::Object(b)) => {
            let names: BTreeSet<&String> = a.iter().chain(b).map(|(name, _)| name).collect();
            for name in names {
                differences(&format!("{path}.{name}"), ours.get(name), theirs.get(name), out);
            }
        }
        (Json::List(a), Json::List(b)) if a.len() == b.len() => {
            for (ours, theirs) in a.iter().zip(b) {
                differences(path, ours, theirs, out);
            }
        }
        (_, Json::Text(b)) if path.ends_with("text.div") && words(b).is_none() => {}
        (Json::Text(a), Json::Text(b)) if path.ends_with("text.div") && words(a) == words(b) => {}
        _ if ours == theirs => {}
        _ => {
            out.insert(format!("{path}: {ours:.40?} for {theirs:.40?}"));
        }
    }
}

fn said(export: &Export) -> BTreeMap<String, Json> {
    let people = export.people.iter();
    let own = people.clone().map(|person| (&person.place, &person.verbatim));
    let all = people.flat_map(|person| &person.statements).chain(&export.shared);
    let all = all.map(|statement| (&statement.place, &statement.verbatim)).chain(own);
    all.filter_map(|(place, raw)| Some((place.clone(), Json::parse(raw.as_ref()?).ok()?))).collect()
}

#[test]
fn the_development_data_says_the_same_in_xml() {
    let (mut compared, mut wrong) = (0, BTreeMap::<String, usize>::new());
    for path in truth().iter().map(|row| row["path"].clone()) {
        let text = text_of(&path);
        let Ok(json) = Json::parse(text.trim_start_matches('\u{feff}')) else { continue };
        if json.text("resourceType").is_empty() {
            continue;
        }
        let Ok(theirs) = fhir::read(&text) else { continue };
        let ours = match fhir::read_xml(&to_xml(&json)) {
            Ok(ours) => ours,
            Err(why) => panic!("{path}: {why:?}"),
        };
        let (ours, theirs) = (said(&ours), said(&theirs));
        assert_eq!(ours.len(), theirs.len(), "{path}");
        for (place, theirs) in &theirs {
            let mut differ = BTreeSet::new();
            differences(theirs.text("resourceType"), &ours[place], theirs, &mut differ);
            compared += 1;
            for one in differ {
                *wrong.entry(one).or_default() += 1;
            }
        }
    }
    println!("{compared} resources compared");
    for (what, count) in &wrong {
        println!("{count:5} {what}");
    }
    assert!(compared > 1_000);
    assert!(wrong.is_empty());
}

#[test]
fn a_patient_in_xml() {
    let xml = "<?xml version=\"1.0\"?><Patient xmlns=\"http://hl7.org/fhir\"><id value=\"p1\"/>
        <text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">Jane &lt; <b>Doe</b></div></text>
        <extension url=\"http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex\"><valueCode value=\"F\"/></extension>
        <identifier><system value=\"urn:x\"/><value value=\"0077\"/></identifier><active value=\"true\"/>
        <name><family value=\"Doe\"/><given value=\"Jane\"/></name><gender value=\"female\"/>
        <birthDate value=\"1980-01-02\"><extension url=\"http://hl7.org/fhir/StructureDefinition/patient-birthTime\">
        <valueDateTime value=\"1980-01-02T03:04:05Z\"/></extension></birthDate></Patient>";
    let export = read(xml.as_bytes(), "x.xml").remove(0).outcome.unwrap();
    let person = &export.people[0];
    assert_eq!((&*export.format, &*person.patient.names[0].family), ("fhir", "Doe"));
    let json = Json::parse(person.verbatim.as_ref().unwrap()).unwrap();
    assert_eq!(json.get("active"), &Json::Bool(true));
    assert_eq!(json.get("identifier").items()[0].text("value"), "0077");
    assert_eq!(json.get("_birthDate").get("extension").items().len(), 1);
    assert_eq!(json.get("name").items()[0].get("given"), &Json::List(vec!["Jane".into()]));
    let div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">Jane &lt; <b>Doe</b></div>";
    assert_eq!(json.get("text").text("div"), div);
    for (xml, code) in [
        ("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"1\">", "xml_malformed"),
        ("<!DOCTYPE a [<!ENTITY x \"y\">]><Patient xmlns=\"http://hl7.org/fhir\"/>", "xml_dtd"),
        ("<patient xmlns=\"http://hl7.org/fhir\"/>", "fhir_empty"),
    ] {
        let refused = fhir::read_xml(xml).unwrap_err();
        assert_eq!(refused.problem.code, code, "{xml}");
    }
}

//! `Patient.link` (FHIR R4, section 8.1.10): what a file says of two patients is borne by whoever stands
//! later in it; of somebody who is not in the file, by the patient who says so.

use almoner_core::export::{Export, How};
use almoner_formats::fhir;

fn patient(id: &str, links: &str) -> String {
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","name":[{{"family":"Whitfield"}}],"link":[{links}]}}"#
    )
}

fn link(to: &str, type_: &str) -> String {
    format!(r#"{{"other":{{"reference":"{to}"}},"type":"{type_}"}}"#)
}

fn read(lines: &[String]) -> Export {
    let text = lines.join("\n");
    fhir::read(&text).unwrap()
}

/// Who bears what: place of the person, how, the other's FHIR id.
fn ties(export: &Export) -> Vec<(usize, How, String)> {
    let people = export.people.iter().enumerate();
    people
        .flat_map(|(at, person)| {
            person.others.iter().map(move |it| (at, it.how, it.identifiers[0].value.clone()))
        })
        .collect()
}

#[test]
fn the_later_one_bears_it() {
    for (types, expected) in [
        (("replaced-by", "replaces"), How::Replaces),
        (("replaced-by", ""), How::Replaces),
        (("", "replaces"), How::Replaces),
        (("replaces", "replaced-by"), How::ReplacedBy),
        (("seealso", "seealso"), How::Linked),
        (("refer", ""), How::Linked),
    ] {
        let to = |id: &str, type_: &str| match type_ {
            "" => String::new(),
            type_ => link(&format!("Patient/{id}"), type_),
        };
        let file = [patient("a", &to("b", types.0)), patient("b", &to("a", types.1))];
        let export = read(&file);
        assert_eq!(ties(&export), [(1, expected, "a".to_owned())], "{types:?}");
    }
}

#[test]
fn several_links_are_all_told() {
    let both = [link("Patient/a", "replaces"), link("Patient/b", "replaces")].join(",");
    let export = read(&[patient("a", ""), patient("b", ""), patient("c", &both)]);
    let of = |id: &str| (2, How::Replaces, id.to_owned());
    assert_eq!(ties(&export), [of("a"), of("b")]);
}

#[test]
fn somebody_elsewhere_is_named_by_their_id() {
    let export = read(&[patient("a", &link("Patient/z", "replaced-by"))]);
    assert_eq!(ties(&export), [(0, How::ReplacedBy, "z".to_owned())]);
    for nobody in [
        link("RelatedPerson/z", "seealso"),
        link("#z", "seealso"),
        link("Patient/a", "replaces"),
        link("Patient/z", "spouse"),
        r#"{"type":"replaces"}"#.to_owned(),
    ] {
        assert_eq!(ties(&read(&[patient("a", &nobody)])), [], "{nobody}");
    }
}

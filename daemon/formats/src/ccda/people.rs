//! The people and institutions of the header: kin and guardians of the patient, those who treat
//! and write, who was meant to receive it, the custodian.
//!
//! Who stands in several roles is one person with several roles.

use super::care::member_words;
use super::datatypes::{addresses, identifiers, name, period, telecoms};
use super::documents::header_statement;
use super::header::gender;
use super::node::{El, at, attr, child, child_attr, children, is, text};
use super::source::Source;
use super::statements::author_name;
use almoner_core::clinical::{
    Concept, Content, FactKind, Organization, Other, Period, Practitioner, RelatedPerson,
};
use almoner_core::export::Statement;

/// Most people of one role that a header is searched for.
const PEOPLE_LIMIT: usize = 500;

/// Guardians and personal participants, as related persons.
pub(super) fn related_persons(
    source: &Source<'_>,
    author: &str,
    labels: &[String],
) -> Vec<Statement> {
    let root = source.root;
    let guardians = children(root, "recordTarget")
        .filter_map(|target| at(target, "patientRole/patient"))
        .flat_map(|person| children(person, "guardian"));
    let mut out = Vec::new();
    for guardian in guardians {
        let words = Concept::coded(ROLE_CLASS, "GUARD", "guardian");
        out.extend(relation(source, guardian, guardian, "guardianPerson", words));
    }
    let people = children(root, "participant").take(PEOPLE_LIMIT);
    let people = people.filter_map(|p| child(p, "associatedEntity"));
    for entity in people {
        let Some(class) = attr(entity, "classCode").and_then(relation_class) else { continue };
        let holder = entity.parent().unwrap_or(entity);
        out.extend(relation(source, entity, holder, "associatedPerson", class));
    }
    let place = |(element, person)| {
        header_statement(source, element, Content::Relation(person), author, labels)
    };
    merged(out).into_iter().map(place).collect()
}

/// Those who wrote or performed what the document tells, and the custodian: statements about
/// nobody's chart.
pub(super) fn directory(source: &Source<'_>) -> Vec<Statement> {
    let root = source.root;
    let mut out: Vec<Statement> = Vec::new();
    for (holder, role) in roles(root).into_iter().take(PEOPLE_LIMIT) {
        let Some(person) = practitioner(source, role) else { continue };
        let content = Content::Practitioner(person);
        if !out.iter().any(|known| known.content == content) {
            out.push(header_statement(source, holder, content, "", &[]));
        }
    }
    let custodian = at(root, "custodian/assignedCustodian/representedCustodianOrganization");
    if let Some(element) = custodian {
        out.extend(organization(element).map(|organization| {
            header_statement(source, element, Content::Organization(organization), "", &[])
        }));
    }
    out
}

/// Performers of the documented service as the care team, for documents without a care team
/// section.
pub(super) fn care_team(source: &Source<'_>, author: &str, labels: &[String]) -> Vec<Statement> {
    let events = children(source.root, "documentationOf").filter_map(|d| child(d, "serviceEvent"));
    let performers = events.flat_map(|event| children(event, "performer")).take(PEOPLE_LIMIT);
    let members = performers.filter_map(|performer| {
        let name = author_name(performer);
        let entity = child(performer, "assignedEntity");
        let function = source.concept_at(performer, "functionCode");
        let specialty = || entity.and_then(|e| source.concept_at(e, "code"));
        let other = Other {
            kind: FactKind::CarePlan,
            resource_type: "CareTeam".to_owned(),
            code: function.or_else(specialty).unwrap_or_else(|| Concept::text("Care team member")),
            status: "active".to_owned(),
            period: child(performer, "time").map(|t| period(source, t)).unwrap_or_default(),
            identifiers: entity.map(identifiers).unwrap_or_default(),
            note: member_words(&name, entity),
        };
        let content = Content::Other(other);
        (!name.is_empty()).then(|| header_statement(source, performer, content, author, labels))
    });
    let mut out: Vec<Statement> = Vec::new();
    for member in members {
        if !out.iter().any(|known| known.content == member.content) {
            out.push(member);
        }
    }
    out
}

/// One person for each name: guardian, next of kin and emergency contact are often the same.
fn merged(people: Vec<(El<'_>, RelatedPerson)>) -> Vec<(El<'_>, RelatedPerson)> {
    let mut out: Vec<(El<'_>, RelatedPerson)> = Vec::new();
    for (element, person) in people {
        let same = |known: &&mut (El<'_>, RelatedPerson)| {
            !person.names.is_empty() && known.1.names == person.names
        };
        match out.iter_mut().find(same) {
            Some((_, known)) => {
                add_missing(&mut known.relationship, person.relationship);
                add_missing(&mut known.telecoms, person.telecoms);
                add_missing(&mut known.addresses, person.addresses);
                add_missing(&mut known.identifiers, person.identifiers);
            }
            None => out.push((element, person)),
        }
    }
    out
}

/// Adds what is not there yet.
fn add_missing<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !known.contains(&item) {
            known.push(item);
        }
    }
}

/// Code system of HL7 v3 role classes, which tell what an associated entity is to the patient.
const ROLE_CLASS: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleClass";

/// HL7 v3 role classes that make an associated entity somebody of the patient's; insurers and
/// institutions are no relations.
fn relation_class(code: &str) -> Option<Concept> {
    let words = match code {
        "NOK" => "next of kin",
        "ECON" => "emergency contact",
        "CAREGIVER" => "caregiver",
        "PRS" => "personal relationship",
        "GUAR" => "guarantor",
        "GUARD" => "guardian",
        "AGNT" => "agent",
        _ => return None,
    };
    Some(Concept::coded(ROLE_CLASS, code, words))
}

/// A person with a name or a telephone number, and the element that introduces them.
fn relation<'a>(
    source: &Source<'a>,
    entity: El<'a>,
    holder: El<'a>,
    person: &str,
    class: Concept,
) -> Option<(El<'a>, RelatedPerson)> {
    let person = child(entity, person);
    let names: Vec<_> =
        person.into_iter().flat_map(|p| children(p, "name")).filter_map(name).collect();
    if names.is_empty() && telecoms(entity).is_empty() {
        return None;
    }
    let code = source.concept_at(entity, "code");
    let related = RelatedPerson {
        identifiers: identifiers(entity),
        names,
        relationship: code.into_iter().chain(Some(class)).collect(),
        telecoms: telecoms(entity),
        addresses: addresses(entity),
        gender: person
            .and_then(|p| child(p, "administrativeGenderCode"))
            .map(gender)
            .unwrap_or_default()
            .to_owned(),
        birth_date: person.and_then(|p| source.when_at(p, "birthTime")),
        period: child(holder, "time").map_or_else(Period::default, |t| period(source, t)),
    };
    Some((holder, related))
}

/// Each participation of the header with the role of its person.
fn roles(root: El<'_>) -> Vec<(El<'_>, El<'_>)> {
    let names = ["assignedAuthor", "assignedEntity", "intendedRecipient"];
    let role = |holder: El<'_>| names.iter().any(|name| child(holder, name).is_some());
    let direct = root.children().filter(|node| {
        ["author", "legalAuthenticator", "authenticator", "informationRecipient"]
            .iter()
            .any(|name| is(*node, name))
    });
    let performers = children(root, "documentationOf")
        .filter_map(|holder| child(holder, "serviceEvent"))
        .flat_map(|event| children(event, "performer"));
    let visit = at(root, "componentOf/encompassingEncounter");
    let visit = visit.into_iter().flat_map(|encounter| {
        let responsible = children(encounter, "responsibleParty");
        responsible.chain(children(encounter, "encounterParticipant"))
    });
    let holders = direct.chain(performers).chain(visit).filter(|holder| role(*holder));
    let pairs = holders
        .filter_map(|holder| Some((holder, names.iter().find_map(|name| child(holder, name))?)));
    pairs.collect()
}

/// A person in a professional role; roles without a person give `None`.
fn practitioner<'a>(source: &Source<'a>, role: El<'a>) -> Option<Practitioner> {
    let person = child(role, "assignedPerson").or_else(|| child(role, "informationRecipient"))?;
    let names: Vec<_> = children(person, "name").filter_map(name).collect();
    (!names.is_empty()).then(|| Practitioner {
        identifiers: identifiers(role),
        names,
        telecoms: telecoms(role),
        addresses: addresses(role),
        specialty: source.concept_at(role, "code"),
    })
}

/// An institution with a name.
fn organization(element: El<'_>) -> Option<Organization> {
    let name = child(element, "name").map(text).filter(|name| !name.is_empty())?;
    Some(Organization {
        identifiers: identifiers(element),
        name,
        type_: child_attr(element, "standardIndustryClassCode", "displayName")
            .map(Concept::text)
            .into_iter()
            .collect(),
        telecoms: telecoms(element),
        addresses: addresses(element),
    })
}

//! From rows to the parts of an entry: numbers, addresses, hours, people, costs, terms.

use super::names::Kind;
use super::owners::{Owner, Owners};
use super::pile::Record;
use almoner_core::clinical::{
    Address, Cost, Phone, PlaceAddress, Schedule, ServiceContact, TaxonomyTerm, When,
};
use std::collections::HashMap;

/// Terms by their number, with whose terms they are.
pub(super) type Terms<'p> = HashMap<&'p str, TaxonomyTerm>;

/// Days of the week as RFC 5545 writes them, Monday first.
const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// Telephone numbers, each once.
pub(super) fn phones(rows: &[&Record]) -> Vec<Phone> {
    let mut phones = Vec::new();
    for row in rows {
        let department = row.get("department");
        let words = [row.get("description"), department];
        let phone = Phone {
            number: row.get("number").trim_matches('"').to_owned(),
            extension: row.get("extension").to_owned(),
            kind: row.get("type").to_lowercase(),
            languages: words_of(&[row.get("language"), row.get("languages")]),
            description: joined(&words),
        };
        if !phone.number.is_empty() && !phones.contains(&phone) {
            phones.push(phone);
        }
    }
    phones
}

/// Postal addresses with what they are for.
pub(super) fn addresses(rows: &[&Record]) -> Vec<PlaceAddress> {
    let mut all = Vec::new();
    for row in rows {
        let lines = ["attention", "address1", "address2", "address3", "address4"];
        let lines = lines.into_iter().map(|name| row.get(name)).filter(|line| !line.is_empty());
        let country = row.get("country");
        let address = Address {
            use_: String::new(),
            lines: lines.map(str::to_owned).collect(),
            city: row.get("city").to_owned(),
            state: row.get("state").to_owned(),
            postal_code: row.get("postalcode").to_owned(),
            country: if country.is_empty() { row.get("region") } else { country }.to_owned(),
        };
        let one = PlaceAddress { kind: row.get("addresstype").to_owned(), address };
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// When it is open; days that the source names in one row stay together.
pub(super) fn schedules(rows: &[&Record]) -> Vec<Schedule> {
    let mut all = Vec::new();
    for row in rows {
        let days = [row.get("byday"), row.get("weekday")].join(",");
        let words = [row.get("description"), row.get("notes")];
        let holiday = !row.get("holiday").is_empty();
        let schedule = Schedule {
            days: days.split([',', ';', ' ']).filter_map(day).collect(),
            opens: row.get("opensat").to_owned(),
            closes: row.get("closesat").to_owned(),
            from: date(row.get("validfrom")).or_else(|| date(row.get("dtstart"))),
            until: date(row.get("validto")).or_else(|| date(row.get("until"))),
            frequency: row.get("freq").to_uppercase(),
            interval: row.get("interval").parse().unwrap_or(0),
            month_days: row.get("bymonthday").to_owned(),
            closed: holiday && is_true(row.get("closed")),
            description: joined(&words),
        };
        if !all.contains(&schedule) {
            all.push(schedule);
        }
    }
    all.sort_by_key(|it| it.closed);
    all
}

/// Hours in words, where the source has no table of them.
pub(super) fn hours(words: &str) -> Option<Schedule> {
    (!words.is_empty()).then(|| Schedule { description: words.to_owned(), ..Schedule::default() })
}

/// People to ask for, with their numbers.
pub(super) fn contacts<'p>(rows: &[&'p Record], owners: &Owners<'p>) -> Vec<ServiceContact> {
    let mut all = Vec::new();
    for row in rows {
        let id = row.get("id");
        let mine =
            if id.is_empty() { &[][..] } else { owners.rows(Kind::Phone, Owner::Contact(id)) };
        let contact = ServiceContact {
            name: row.get("name").to_owned(),
            title: row.get("title").to_owned(),
            department: row.get("department").to_owned(),
            email: row.get("email").to_owned(),
            phones: phones(mine),
        };
        if contact != ServiceContact::default() && !all.contains(&contact) {
            all.push(contact);
        }
    }
    all
}

/// What it costs.
pub(super) fn costs(rows: &[&Record]) -> Vec<Cost> {
    let made = rows.iter().map(|row| Cost {
        option: joined(&[row.get("option"), row.get("fee")]),
        amount: row.get("amount").to_owned(),
        currency: row.get("currency").to_owned(),
        description: row.get("description").to_owned(),
    });
    made.filter(|cost| *cost != Cost::default()).collect()
}

/// The first of these fields that each row has, in words; each once.
pub(super) fn texts(rows: &[&Record], names: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for row in rows {
        let said = names.iter().map(|name| row.get(name)).find(|text| !text.is_empty());
        let said = said.map(str::to_owned).unwrap_or_default();
        if !said.is_empty() && !all.contains(&said) {
            all.push(said);
        }
    }
    all
}

/// Terms by which a service is found: of rows that link to them, of a list of codes, and of words.
pub(super) fn terms(links: &[&Record], service: &Record, known: &Terms<'_>) -> Vec<TaxonomyTerm> {
    let mut all: Vec<TaxonomyTerm> = Vec::new();
    let mut add = |term: TaxonomyTerm| {
        if term != TaxonomyTerm::default() && !all.contains(&term) {
            all.push(term);
        }
    };
    let by_code = |code: &str| {
        let bare = || TaxonomyTerm { code: code.to_owned(), ..TaxonomyTerm::default() };
        known.get(code).cloned().unwrap_or_else(bare)
    };
    for link in links {
        let (id, detail) = (link.get("taxonomyid"), link.get("taxonomydetail"));
        let mut term = if id.is_empty() { TaxonomyTerm::default() } else { by_code(id) };
        if term.name.is_empty() {
            term.name = joined(&[detail, link.get("value")]);
        }
        add(term);
    }
    let (codes, names) = (codes(service.get("taxonomyids")), pieces(service.get("taxonomynames")));
    let paired = codes.len() == names.len();
    for (n, code) in codes.iter().enumerate() {
        let mut term = by_code(code);
        if let (true, true, Some(name)) = (paired, term.name.is_empty(), names.get(n)) {
            term.name.clone_from(name);
        }
        add(term);
    }
    if !paired {
        for name in names {
            add(TaxonomyTerm { name, ..TaxonomyTerm::default() });
        }
    }
    all
}

/// Codes of a list, whether it is JSON of some product (`[{"taxonomy_code":"PH-3300"}]`) or text.
fn codes(text: &str) -> Vec<String> {
    if text.starts_with('[') {
        let mut parts = text.split('"').filter(|part| !part.is_empty());
        let mut found = Vec::new();
        while let Some(part) = parts.next() {
            if part == "taxonomy_code" {
                parts.next();
                found.extend(parts.next().map(str::to_owned));
            }
        }
        return found;
    }
    pieces(text)
}

/// Pieces of a list in one cell: by semicolons, else by commas.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let mark = if text.contains(';') { ';' } else { ',' };
    text.split(mark).map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

fn words_of(cells: &[&str]) -> Vec<String> {
    cells.iter().flat_map(|cell| pieces(cell)).collect()
}

/// Texts that are there, one after the other.
pub(super) fn joined(parts: &[&str]) -> String {
    let said: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    said.join(" · ")
}

/// A date as directories write it: ISO, with a blank before the time, or in the American order.
pub(super) fn date(text: &str) -> Option<When> {
    let text = text.trim();
    if text.starts_with("1900-01-01") || text.starts_with("0000") {
        return None;
    }
    let iso = text.replace('/', "-").replacen(' ', "T", 1);
    let day = iso.get(..10).unwrap_or(&iso);
    if let Some(when) = When::parse(&iso).or_else(|| When::parse(day)) {
        return Some(when);
    }
    let mut parts = text.split([' ', 'T']).next()?.split(['/', '-']);
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
    When::parse(&format!("{year}-{month:0>2}-{day:0>2}"))
}

fn day(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches(['+', '-']);
    let number = text.parse::<usize>().ok().filter(|number| *number <= 7);
    let name = match number {
        Some(0) => "SU",
        Some(number) => DAYS.get(number.checked_sub(1)?).copied()?,
        None => {
            let letters: String =
                text.chars().filter(|sign| sign.is_alphabetic()).take(2).collect();
            let letters = letters.to_uppercase();
            DAYS.into_iter().find(|day| *day == letters)?
        }
    };
    Some(name.to_owned())
}

fn is_true(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "true" | "yes" | "1" | "t" | "y")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_however_they_are_written() {
        for (text, wanted) in
            [("1", "MO"), ("7", "SU"), ("0", "SU"), ("Monday", "MO"), ("1TH", "TH"), ("-1FR", "FR")]
        {
            assert_eq!(day(text).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(day("x"), None);
        for (text, wanted) in [
            ("2025-06-09 19:29:58", Some("2025-06-09T19:29:58")),
            ("2023/08/12", Some("2023-08-12")),
            ("12/24/15", Some("2015-12-24")),
            ("2023-03-15T10:30:45.123Z", Some("2023-03-15T10:30:45.123Z")),
            ("1900-01-01 0:00:00", None),
            ("soon", None),
        ] {
            assert_eq!(date(text).as_ref().map(When::as_str), wanted, "{text}");
        }
    }
}

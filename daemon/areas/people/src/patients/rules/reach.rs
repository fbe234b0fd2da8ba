//! Where and how somebody is reached, as it is compared: street lines in their short forms,
//! telephones as ten digits, mail addresses in lower case (`matching.md` §2).

use super::words;
use almoner_core::clinical::{Address, ContactPoint};
use almoner_core::text::fold;

/// A postal address as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Home {
    /// The street line in short forms, without the unit.
    pub line: String,
    /// House number, or `po 12`.
    pub house: String,
    /// The first five digits, or the postal code as it is elsewhere.
    pub zip: String,
    /// City and state.
    pub town: String,
    /// A place of many: a shelter, general delivery.
    pub of_many: bool,
}

impl Home {
    /// The street without the house number.
    pub(crate) fn street(&self) -> &str {
        self.line.strip_prefix(&self.house).unwrap_or(&self.line).trim_start()
    }

    /// The address as compared; `None` when it says nothing.
    pub(crate) fn of(address: &Address) -> Option<Self> {
        let lines: Vec<String> =
            address.lines.iter().map(|line| fold(&line.replace('#', " unit "))).collect();
        let folded = lines.join(" ");
        // The line that begins with a number is the street's; buildings and names stand on others.
        let numbered = |line: &&String| line.starts_with(|c: char| c.is_ascii_digit());
        let (line, house) = street(lines.iter().find(numbered).unwrap_or(&folded));
        let zip = zip(&address.postal_code);
        let (city, state) = (fold(&address.city), fold(&address.state));
        let town = if city.is_empty() { String::new() } else { format!("{city} {state}") };
        let of_many = words::is_shared_place(&folded);
        let home = Self { line, house, zip, town: town.trim_end().to_owned(), of_many };
        (!home.line.is_empty() || !home.zip.is_empty() || !home.town.is_empty()).then_some(home)
    }
}

/// A telephone number as ten digits (or as many as another country has); `None` when it is nobody's.
pub(crate) fn phone(point: &ContactPoint) -> Option<String> {
    if !matches!(point.system.as_str(), "phone" | "") {
        return None;
    }
    let value = point.value.to_lowercase();
    let value = value.trim_start_matches("tel:");
    let main = value.split(['x', ';', ',']).next().unwrap_or_default();
    let main = main.split("ext").next().unwrap_or_default();
    let mut digits: String = main.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 11 && digits.starts_with('1') {
        digits.remove(0);
    }
    let foreign = main.trim_start().starts_with('+') && (8..=15).contains(&digits.len());
    let first = digits.chars().next();
    let monotone = digits.chars().all(|digit| Some(digit) == first);
    // 555-01xx is set aside for films.
    let invented = digits.get(3..8) == Some("55501");
    ((digits.len() == 10 || foreign) && !monotone && !invented).then_some(digits)
}

/// A mail address; `None` when it says that there is none.
pub(crate) fn email(point: &ContactPoint) -> Option<String> {
    let value = point.value.trim().to_lowercase();
    let value = value.trim_start_matches("mailto:");
    let (local, domain) = value.split_once('@')?;
    let plain: String = local.chars().filter(|c| c.is_alphanumeric()).collect();
    (domain.contains('.') && !plain.is_empty() && !words::is_no_mail(&plain))
        .then(|| value.to_owned())
}

/// The street line in short forms, and its house number.
fn street(folded: &str) -> (String, String) {
    let mut line: Vec<&str> = Vec::new();
    let mut words = folded.split(' ').filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        // "Unit 4" is left out; "Floor Street" would lose little.
        if words::is_unit(word) && !line.is_empty() {
            words.next();
        } else {
            line.push(words::short(word));
        }
    }
    if let ["p", "o", rest @ ..] | ["po" | "pobox", rest @ ..] = line.as_slice() {
        let number = rest.iter().filter(|word| **word != "box").copied().collect::<String>();
        let house = format!("po {number}");
        return (house.clone(), house);
    }
    let starts = |word: &&&str| word.starts_with(|c: char| c.is_ascii_digit());
    let house = line.first().filter(starts).map_or("", |word| *word);
    (line.join(" "), house.to_owned())
}

fn zip(code: &str) -> String {
    let plain: String = code.chars().filter(|c| c.is_alphanumeric()).collect();
    let digits = plain.chars().all(|c| c.is_ascii_digit());
    let plain = plain.to_uppercase();
    match plain.get(0..5) {
        Some("99999" | "00000") if digits => String::new(),
        Some(five) if digits && (plain.len() == 5 || plain.len() == 9) => five.to_owned(),
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(line: &str, zip: &str) -> Home {
        let lines = line.split(';').map(str::to_owned).collect();
        let (city, state) = ("Beaverton".to_owned(), "OR".to_owned());
        let postal_code = zip.to_owned();
        Home::of(&Address { lines, city, state, postal_code, ..Address::default() }).unwrap()
    }

    #[test]
    fn street_lines_are_written_in_one_way() {
        let one = home("1357 Amber Dr", "97006");
        for other in [
            home("1357 AMBER DRIVE", "97006-1234"),
            home("1357, Amber Dr.", "970061234"),
            home("1357 Amber Dr;Apt 4", "97006"),
            home("1357 Amber Drive #4B", "97006"),
        ] {
            assert_eq!(other, one);
        }
        assert_eq!(one.house, "1357");
        assert_eq!(home("P.O. Box 12", "97006").house, "po 12");
        assert_eq!(home("12 North Main Street", "97006").line, "12 n main st");
        assert!(home("General Delivery", "97006").of_many);
        assert_eq!(home("No Address Indicated", "99999").zip, "");
    }

    #[test]
    fn telephones_are_ten_digits_of_somebody() {
        let number = |value: &str| {
            phone(&ContactPoint {
                system: "phone".into(),
                value: value.into(),
                ..Default::default()
            })
        };
        for (value, expected) in [
            ("tel:+1(503)777-1234", Some("5037771234")),
            ("503.777.1234 x55", Some("5037771234")),
            ("1-503-777-1234 ext. 2", Some("5037771234")),
            ("+44 20 7946 0018", Some("442079460018")),
            ("503-555-0134", None),
            ("555-555-5555", None),
            ("777-1234", None),
        ] {
            assert_eq!(number(value).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn no_mail_address_is_nobodys() {
        let mail = |value: &str| email(&ContactPoint { value: value.into(), ..Default::default() });
        assert_eq!(mail("mailto:Ana@Example.org").as_deref(), Some("ana@example.org"));
        assert_eq!(mail("none@none.com"), None);
        assert_eq!(mail("no email"), None);
    }
}

//! What the sheet is asked for: which patients, in which order, which page. Pure.

/// Which patients are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    #[default]
    All,
    /// Something is late.
    Late,
    /// Nothing is open.
    Quiet,
}

impl Which {
    /// Every choice, the usual one first.
    pub const ALL: [Self; 3] = [Self::All, Self::Late, Self::Quiet];

    /// Its name in links and message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Late => "late",
            Self::Quiet => "quiet",
        }
    }
}

/// The column by which the sheet is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    Name,
    /// What is due next; patients with nothing open stand last.
    Due,
    Open,
    /// The last contact; those without any stand first.
    Contact,
}

impl By {
    /// Every column that sorts, as they stand.
    pub const ALL: [Self; 4] = [Self::Name, Self::Due, Self::Open, Self::Contact];

    /// Its name in links and message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Due => "due",
            Self::Open => "open",
            Self::Contact => "contact",
        }
    }
}

/// Lines of a page.
pub const SIZES: [u64; 3] = [50, 100, 200];

/// All that an address asks of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub which: Which,
    pub by: By,
    pub down: bool,
    pub size: u64,
    pub page: u64,
}

impl Asked {
    /// Reads the values of an address; what is not known is not asked.
    pub fn parse<'q>(value: impl Fn(&str) -> &'q str) -> Self {
        let size = value("size").parse().unwrap_or(0);
        Self {
            which: Which::ALL.into_iter().find(|it| it.key() == value("show")).unwrap_or_default(),
            by: By::ALL.into_iter().find(|it| it.key() == value("sort")).unwrap_or_default(),
            down: value("order") == "down",
            size: SIZES.into_iter().find(|it| *it == size).unwrap_or(50),
            page: value("page").parse().unwrap_or(1),
        }
    }

    /// Where it is shown.
    pub fn href(&self) -> String {
        let mut pairs = Vec::new();
        if self.which != Which::All {
            pairs.push(format!("show={}", self.which.key()));
        }
        if self.by != By::Name {
            pairs.push(format!("sort={}", self.by.key()));
        }
        if self.down {
            pairs.push("order=down".to_owned());
        }
        if self.size != 50 {
            pairs.push(format!("size={}", self.size));
        }
        if self.page > 1 {
            pairs.push(format!("page={}", self.page));
        }
        let query = pairs.join("&");
        if query.is_empty() { "/caseload".to_owned() } else { format!("/caseload?{query}") }
    }

    /// The same sorted by a column: the other way round where it is sorted by it already.
    #[must_use]
    pub fn sorted(self, by: By) -> Self {
        Self { by, down: self.by == by && !self.down, page: 1, ..self }
    }

    /// `ascending` or `descending` for the column that sorts; empty for the others.
    pub fn direction(&self, column: By) -> &'static str {
        match (self.by == column, self.down) {
            (false, _) => "",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_written() {
        let read = |address: &'static str| {
            let query = address.split_once('?').map_or("", |(_, query)| query);
            let pairs: Vec<_> = query.split('&').filter_map(|it| it.split_once('=')).collect();
            Asked::parse(|name| pairs.iter().find(|it| it.0 == name).map_or("", |it| it.1))
        };
        for address in [
            "/caseload",
            "/caseload?show=late&sort=due&order=down&size=100&page=3",
            "/caseload?sort=open",
        ] {
            assert_eq!(read(address).href(), address);
        }
        assert_eq!(read("/caseload?show=x&size=7&page=-1").href(), "/caseload");
        let by_due = read("/caseload?page=2").sorted(By::Due);
        assert_eq!(by_due.href(), "/caseload?sort=due");
        assert_eq!(by_due.sorted(By::Due).direction(By::Due), "descending");
    }
}

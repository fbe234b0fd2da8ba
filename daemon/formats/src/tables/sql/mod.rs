//! Tables written as SQL: `INSERT` statements in the manner of MySQL or Oracle, with the order of the
//! columns from the statement or from a `CREATE TABLE`. Reads the words; runs nothing.

mod scan;

use super::{CELL, COLUMNS, Rows, Table, normal};
use almoner_core::export::{Problem, Severity};
use scan::Scan;
use std::collections::{BTreeMap, HashMap};

/// Column names by table, [normal], as `CREATE TABLE` statements give them.
pub type Columns = HashMap<String, Vec<String>>;

/// Whether text begins as a dump of a database does.
pub fn is_sql(text: &str) -> bool {
    let mut scan = Scan::new(text);
    (0..50).any(|_| {
        scan.blanks();
        let word = scan.peek_word().to_ascii_uppercase();
        if matches!(word.as_str(), "INSERT" | "CREATE") {
            return true;
        }
        let known =
            ["SET", "USE", "LOCK", "DROP", "ALTER", "BEGIN", "START", "TRUNCATE", "DELETE", "REM"];
        if known.contains(&word.as_str()) {
            scan.statement_end();
        }
        false
    })
}

/// The tables that a text speaks of, with their columns where it names them.
pub fn headers(text: &str) -> Vec<(String, Vec<String>)> {
    let (columns, mut order) = (columns(text), Vec::new());
    let mut tables = Tables::default();
    // The first rows are enough to see which tables there are.
    let _ = tables.read("", text, &columns, 1);
    for (name, parts) in tables.0 {
        order.extend(parts.parts.into_iter().map(|held| (name.clone(), held.columns)));
    }
    for (name, held) in columns {
        if order.iter().all(|(table, _)| normal(table) != name) {
            order.push((name, held));
        }
    }
    order
}

/// The columns that `CREATE TABLE` statements name.
pub fn columns(text: &str) -> Columns {
    let mut scan = Scan::new(text);
    let mut found = Columns::new();
    while scan.more() {
        if scan.word("CREATE") {
            while !scan.word("TABLE") && !scan.at_end() && scan.skip_word() {}
            if let Some((name, columns)) = scan.definition() {
                found.insert(normal(&name), columns);
            }
        }
        scan.statement_end();
    }
    found
}

/// Reads the rows of all `INSERT` statements of a file, table by table.
pub fn read(path: &str, text: &str, columns: &Columns) -> (Vec<(String, Table)>, Vec<Problem>) {
    let mut tables = Tables::default();
    let problems = tables.read(path, text, columns, usize::MAX);
    let mut made = Vec::new();
    for (name, parts) in tables.0 {
        for (number, held) in (1..).zip(parts.parts) {
            let part = if number > 1 { format!(" ({number})") } else { String::new() };
            let place = format!("{path} {name}{part}").trim_start().to_owned();
            made.push((name.clone(), Table::named(&place, held.columns, held.rows)));
        }
    }
    (made, problems)
}

/// Rows of one table that name the same columns in the same order.
#[derive(Default)]
struct Held {
    columns: Vec<String>,
    rows: Rows,
}

#[derive(Default)]
struct Tables(BTreeMap<String, Parts>);

/// The rows of a table: a part for each list of columns that statements name.
#[derive(Default)]
struct Parts {
    parts: Vec<Held>,
    by_columns: HashMap<Vec<String>, usize>,
}

impl Parts {
    fn of(&mut self, columns: &[String]) -> Option<&mut Held> {
        let next = self.parts.len();
        let at = self.by_columns.get(columns).copied().unwrap_or(next);
        if at == next {
            self.by_columns.insert(columns.to_vec(), next);
            self.parts.push(Held { columns: columns.to_vec(), rows: Rows::default() });
        }
        self.parts.get_mut(at)
    }
}

impl Tables {
    fn read(&mut self, path: &str, text: &str, columns: &Columns, most: usize) -> Vec<Problem> {
        let mut scan = Scan::new(text);
        let mut faults: BTreeMap<&'static str, (u64, usize)> = BTreeMap::new();
        let mut rows = 0;
        while scan.more() && rows < most {
            let line = scan.line();
            if scan.word("INSERT")
                && let Err(code) = self.insert(&mut scan, columns, &mut rows)
            {
                faults.entry(code).or_insert((line, 0)).1 += 1;
            }
            scan.statement_end();
        }
        let told = |(code, (line, count))| {
            let at = format!("{path} line {line}").trim().to_owned();
            Problem::new(Severity::Error, at, code, &words(code, count))
        };
        faults.into_iter().map(told).collect()
    }

    /// Reads what follows `INSERT`, also Oracle's `INSERT ALL INTO … INTO …`.
    fn insert(
        &mut self,
        scan: &mut Scan<'_>,
        known: &Columns,
        rows: &mut usize,
    ) -> Result<(), &'static str> {
        for word in ["IGNORE", "LOW_PRIORITY", "DELAYED", "ALL"] {
            scan.word(word);
        }
        while scan.word("INTO") {
            let name = scan.name().ok_or("sql_malformed")?;
            let mut columns = scan.names().unwrap_or_default();
            if columns.is_empty() {
                columns = known.get(&normal(&name)).cloned().ok_or("sql_columns_unknown")?;
            }
            if columns.len() > COLUMNS {
                return Err("table_too_wide");
            }
            if !scan.word("VALUES") && !scan.word("VALUE") {
                return Err("sql_malformed");
            }
            loop {
                let line = scan.line();
                let values = scan.values().ok_or("sql_malformed")?;
                self.push(&name, &columns, &values, line)?;
                *rows += 1;
                if !scan.take(b',') {
                    break;
                }
            }
        }
        Ok(())
    }

    fn push(
        &mut self,
        name: &str,
        columns: &[String],
        values: &[String],
        line: u64,
    ) -> Result<(), &'static str> {
        let parts = self.0.entry(name.to_owned()).or_default();
        let Some(held) = parts.of(columns) else { return Ok(()) };
        if values.iter().any(|value| value.len() > CELL) {
            held.rows.push([], line);
            return Err("row_refused");
        }
        held.rows.push(values.iter().map(String::as_str), line);
        Ok(())
    }
}

fn words(code: &str, count: usize) -> String {
    match code {
        "sql_columns_unknown" => format!(
            "{count} statements name no columns, and the export holds no description of their table; \
             their rows were not taken. Drop the whole export, with its folder 'schema'."
        ),
        "row_refused" => {
            format!("{count} rows hold a cell of more than 1 MiB and were not taken.")
        }
        "table_too_wide" => format!("{count} statements name more than 512 columns; not taken."),
        _ => format!(
            "{count} statements could not be read to their end; the rows before the damage were \
             taken. Ask the sender for the file again."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(String, Vec<Vec<String>>)> {
        let (tables, problems) = read("x.sql", text, &columns(text));
        assert!(problems.is_empty(), "{problems:?}");
        let cells = |table: &Table| {
            let width = table.columns().len();
            let row =
                |row: super::super::Row<'_>| (0..width).map(|c| row.at(c).to_owned()).collect();
            table.rows().map(row).collect()
        };
        tables.iter().map(|(name, table)| (name.clone(), cells(table))).collect()
    }

    /// The rows of all parts, one after the other.
    fn one(text: &str) -> Vec<Vec<String>> {
        rows(text).into_iter().flat_map(|(_, rows)| rows).collect()
    }

    #[test]
    fn statements_of_mysql() {
        let text = "-- dump\n/*!40101 SET NAMES latin1 */;\nSET foreign_key_checks=0;\n\
            CREATE TABLE `person` (\n `PERSON_ID` decimal(12,0) NOT NULL DEFAULT '0',\n\
            `NAME` varchar(9) COMMENT 'a, b',\n PRIMARY KEY (`PERSON_ID`),\n KEY `i` (`NAME`)) \
            ENGINE=InnoDB;\nINSERT INTO `person` VALUES (1,'O\\'Neil; x'),(2,'a''b'),(3,NULL);\n\
            insert ignore into v500.person (NAME, PERSON_ID) values ('line\\nfeed', 4);";
        let expected = [["1", "O'Neil; x"], ["2", "a'b"], ["3", ""], ["line\nfeed", "4"]];
        assert_eq!(one(text), expected);
        assert_eq!(headers(text)[0].1, ["PERSON_ID", "NAME"]);
        assert!(is_sql(text));
    }

    #[test]
    fn statements_of_oracle() {
        let text = "REM x;\nCREATE TABLE \"V500\".\"PERSON\" (\"PERSON_ID\" NUMBER(12,2) CHECK (A IN (1,2)), \
            \"B\" DATE, C VARCHAR2(20 CHAR), CONSTRAINT pk PRIMARY KEY (PERSON_ID));\n\
            INSERT INTO V500.PERSON VALUES (1, TO_DATE('2026-01-02 00:00:00','YYYY-MM-DD HH24:MI:SS'), \
            'C:\\');\nINSERT INTO PERSON (PERSON_ID, B, C) VALUES (2, NULL, q'[it's]' || CHR(33));\n\
            INSERT ALL INTO PERSON (PERSON_ID) VALUES (3) INTO PERSON (PERSON_ID) VALUES (-4.5) \
            SELECT * FROM DUAL;";
        let expected = [
            vec!["1", "2026-01-02 00:00:00", "C:\\"],
            vec!["2", "", "it's!"],
            vec!["3"],
            vec!["-4.5"],
        ];
        assert_eq!(one(text), expected);
    }

    #[test]
    fn damage_costs_the_statement_and_is_told() {
        let text = "INSERT INTO a (x) VALUES (1),(2;\nINSERT INTO a (x) VALUES (3);\n\
            INSERT INTO b VALUES (4);\nINSERT INTO a (x) VALUES ('cut";
        let (tables, problems) = read("x.sql", text, &Columns::new());
        assert_eq!((tables.len(), tables[0].1.len()), (1, 2));
        let told: Vec<_> = problems.iter().map(|p| (&*p.code, &*p.at)).collect();
        assert_eq!(
            told,
            [("sql_columns_unknown", "x.sql line 3"), ("sql_malformed", "x.sql line 1")]
        );
        let deep = format!("INSERT INTO a (x) VALUES ({}1", "f(g(".repeat(5000));
        assert_eq!(read("", &deep, &Columns::new()).1[0].code, "sql_malformed");
        assert!(!is_sql("Dear colleague, thank you"));
    }
}

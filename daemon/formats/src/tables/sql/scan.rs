//! The words of SQL: names, quoted texts, numbers, the brackets around them. Neither MySQL's nor
//! Oracle's grammar, but what dumps of both write.

use super::super::COLUMNS;

/// Functions within functions that are looked into.
const DEEPEST: usize = 16;

/// Walks through SQL text.
pub(super) struct Scan<'t> {
    text: &'t str,
    at: usize,
    /// Line of `counted`, kept so that lines are counted once.
    lines: u64,
    counted: usize,
    /// Backslashes escape within strings, as in MySQL.
    escapes: bool,
    /// Functions within functions.
    depth: usize,
}

impl<'t> Scan<'t> {
    pub fn new(text: &'t str) -> Self {
        let oracle = text.contains("TO_DATE(") || text.contains("TO_TIMESTAMP(");
        let mysql = ["`", "/*!", "ENGINE=", "\\'", "\\n", "\\\""].iter().any(|m| text.contains(m));
        Self { text, at: 0, lines: 1, counted: 0, escapes: mysql && !oracle, depth: 0 }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or_default()
    }

    pub fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub fn more(&mut self) -> bool {
        self.blanks();
        !self.at_end()
    }

    pub fn line(&mut self) -> u64 {
        let passed = self.text.as_bytes().get(self.counted..self.at).unwrap_or_default();
        self.lines += passed.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        self.counted = self.counted.max(self.at);
        self.lines
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips blanks and comments.
    pub fn blanks(&mut self) {
        loop {
            while !self.at_end() && (self.byte(0).is_ascii_whitespace() || self.byte(0) == 0) {
                self.at += 1;
            }
            let rest = self.rest();
            let end = if rest.starts_with("--") || rest.starts_with('#') {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*!") {
                // MySQL runs what is in such a comment; only its marks are skipped.
                rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |at| at + 2)
            } else if rest.starts_with("*/") {
                2
            } else {
                return;
            };
            self.at += end.max(1);
        }
    }

    pub fn peek_word(&self) -> &'t str {
        let rest = self.rest();
        let end =
            rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }

    /// Takes a word, in whatever letters.
    pub fn word(&mut self, word: &str) -> bool {
        self.blanks();
        let found = self.peek_word().eq_ignore_ascii_case(word);
        if found {
            self.at += word.len();
        }
        found
    }

    pub fn skip_word(&mut self) -> bool {
        self.blanks();
        let len = self.peek_word().len();
        self.at += len;
        len > 0
    }

    pub fn take(&mut self, mark: u8) -> bool {
        self.blanks();
        let found = self.byte(0) == mark && !self.at_end();
        if found {
            self.at += 1;
        }
        found
    }

    /// Goes past the end of the statement, whatever it holds.
    pub fn statement_end(&mut self) {
        while self.more() {
            match self.byte(0) {
                b';' => {
                    self.at += 1;
                    return;
                }
                b'\'' | b'"' | b'`' => {
                    self.quoted();
                }
                _ => self.step(),
            }
        }
    }

    fn step(&mut self) {
        let len = self.rest().chars().next().map_or(1, char::len_utf8);
        self.at += len;
    }

    /// A name, quoted or not; of `schema.table` the last part.
    pub fn name(&mut self) -> Option<String> {
        let mut last = self.part()?;
        while self.take(b'.') {
            last = self.part()?;
        }
        Some(last)
    }

    fn part(&mut self) -> Option<String> {
        self.blanks();
        if matches!(self.byte(0), b'`' | b'"') {
            return self.quoted();
        }
        if self.take(b'[') {
            let rest = self.rest();
            let end = rest.find(']')?;
            self.at += end + 1;
            return rest.get(..end).map(str::to_owned);
        }
        let word = self.peek_word();
        self.at += word.len();
        (!word.is_empty()).then(|| word.to_owned())
    }

    /// `(a, b, c)`; nothing is taken when no list of names stands here.
    pub fn names(&mut self) -> Option<Vec<String>> {
        let start = self.at;
        let mut names = Vec::new();
        let mut read = || {
            self.take(b'(').then_some(())?;
            loop {
                names.push(self.name()?);
                if !self.take(b',') {
                    break;
                }
            }
            self.take(b')').then_some(())
        };
        if read().is_none() {
            self.at = start;
            return None;
        }
        Some(names)
    }

    /// What follows `CREATE TABLE`: the name and its columns, without keys and constraints.
    pub fn definition(&mut self) -> Option<(String, Vec<String>)> {
        for word in ["IF", "NOT", "EXISTS"] {
            self.word(word);
        }
        let name = self.name()?;
        self.take(b'(').then_some(())?;
        let mut columns = Vec::new();
        loop {
            self.blanks();
            let bare = !matches!(self.byte(0), b'`' | b'"' | b'[');
            let column = self.part()?;
            let upper = column.to_ascii_uppercase();
            let rules =
                ["PRIMARY", "KEY", "UNIQUE", "CONSTRAINT", "INDEX", "FOREIGN", "CHECK", "FULLTEXT"];
            if !(bare && rules.contains(&upper.as_str())) && columns.len() <= COLUMNS {
                columns.push(column);
            }
            if !self.past_comma() {
                return Some((name, columns));
            }
        }
    }

    /// Goes past the next comma of this level; false at the closing bracket or the end.
    fn past_comma(&mut self) -> bool {
        let mut depth = 0_usize;
        while self.more() {
            match self.byte(0) {
                b'\'' | b'"' | b'`' => {
                    self.quoted();
                    continue;
                }
                b'(' => depth += 1,
                b')' if depth == 0 => {
                    self.at += 1;
                    return false;
                }
                b')' => depth -= 1,
                b',' if depth == 0 => {
                    self.at += 1;
                    return true;
                }
                b';' => return false,
                _ => {}
            }
            self.step();
        }
        false
    }

    /// `(1, 'x', NULL, TO_DATE('2026-01-02', 'YYYY-MM-DD'))`.
    pub fn values(&mut self) -> Option<Vec<String>> {
        self.take(b'(').then_some(())?;
        let mut values = Vec::new();
        loop {
            values.push(self.value()?);
            if self.take(b',') {
                continue;
            }
            return self.take(b')').then_some(values);
        }
    }

    /// One value; of a function its first text or number, of `'a' || 'b'` both.
    fn value(&mut self) -> Option<String> {
        let mut whole = String::new();
        loop {
            whole.push_str(&self.atom()?);
            self.blanks();
            if !self.rest().starts_with("||") {
                return Some(whole);
            }
            self.at += 2;
        }
    }

    fn atom(&mut self) -> Option<String> {
        self.blanks();
        match self.byte(0) {
            b'\'' | b'"' => return self.quoted(),
            b'-' | b'+' | b'.' | b'0'..=b'9' => return self.number(),
            _ => {}
        }
        let word = self.peek_word().to_owned();
        if word.is_empty() {
            return None;
        }
        self.at += word.len();
        let upper = word.to_ascii_uppercase();
        if upper == "Q" && self.byte(0) == b'\'' {
            return self.quoted_as_is();
        }
        self.blanks();
        match self.byte(0) {
            // DATE '2026-01-02', N'text', _latin1 'text', X'0A'
            b'\'' => self.quoted(),
            b'(' => self.function(&upper),
            _ if upper == "NULL" || upper == "DEFAULT" => Some(String::new()),
            _ => Some(word),
        }
    }

    fn number(&mut self) -> Option<String> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '+' | '-'))
            .unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).map(str::to_owned)
    }

    /// The first argument of a function; `CHR(10)` is the sign itself.
    fn function(&mut self, name: &str) -> Option<String> {
        self.at += 1;
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let value = self.argument(name);
        self.depth -= 1;
        value
    }

    fn argument(&mut self, name: &str) -> Option<String> {
        self.blanks();
        if self.take(b')') {
            return Some(String::new());
        }
        // An argument that is a function itself is looked into, but not without end.
        let nested = !matches!(self.byte(0), b'\'' | b'"' | b'0'..=b'9' | b'-');
        let first = if nested { self.part().unwrap_or_default() } else { self.atom()? };
        let open = nested && self.take(b'(');
        let first = if open { self.atom()? } else { first };
        if open {
            while self.past_comma() {}
        }
        while self.past_comma() {}
        if matches!(name, "CHR" | "CHAR") {
            return first.parse().ok().and_then(char::from_u32).map(String::from);
        }
        Some(if first.eq_ignore_ascii_case("NULL") { String::new() } else { first })
    }

    /// A quoted text or name; doubled quotes are one, and backslashes escape where they do.
    fn quoted(&mut self) -> Option<String> {
        let quote = char::from(self.byte(0));
        let escapes = self.escapes && quote != '`';
        self.at += 1;
        let mut out = String::new();
        let mut signs = self.rest().char_indices().peekable();
        while let Some((at, sign)) = signs.next() {
            if sign == '\\' && escapes {
                let (_, next) = signs.next()?;
                out.push(match next {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '0' => ' ',
                    other => other,
                });
            } else if sign == quote {
                if signs.peek().is_some_and(|(_, next)| *next == quote) {
                    signs.next();
                    out.push(quote);
                } else {
                    self.at += at + 1;
                    return Some(out);
                }
            } else {
                out.push(sign);
            }
        }
        self.at = self.text.len();
        None
    }

    /// Oracle's `q'[text]'`.
    fn quoted_as_is(&mut self) -> Option<String> {
        let open = self.rest().chars().nth(1)?;
        let close = match open {
            '[' => ']',
            '(' => ')',
            '{' => '}',
            '<' => '>',
            other => other,
        };
        let rest = self.rest().get(1 + open.len_utf8()..)?;
        let end = rest.find(&format!("{close}'"))?;
        self.at += 1 + open.len_utf8() + end + close.len_utf8() + 1;
        rest.get(..end).map(str::to_owned)
    }
}

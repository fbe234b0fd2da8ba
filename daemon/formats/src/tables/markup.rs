//! Sheets that are markup under the name of a workbook, as practice systems write them: a table of a
//! web page, or Excel's XML of 2003 (SpreadsheetML).

use super::sheet::Sheet;
use super::{COLUMNS, Rows};
use roxmltree::{Document, Node};

/// The namespace of Excel's XML of 2003.
const SPREADSHEET: &str = "urn:schemas-microsoft-com:office:spreadsheet";

/// The sheets of a file whose text is markup; `None` when it holds no table.
pub fn read(text: &str) -> Option<Vec<Sheet>> {
    let sheets =
        if text.contains(SPREADSHEET) && text.contains("<Workbook") || text.contains(":Workbook") {
            workbook(text)?
        } else {
            tables(text)
        };
    let filled = |sheet: &Sheet| {
        (0..sheet.rows.len()).any(|row| sheet.rows.cells(row).any(|cell| !cell.is_empty()))
    };
    let sheets: Vec<Sheet> = sheets.into_iter().filter(filled).collect();
    (!sheets.is_empty()).then_some(sheets)
}

fn workbook(text: &str) -> Option<Vec<Sheet>> {
    let document = Document::parse(text).ok()?;
    let named = |node: &Node<'_, '_>, name: &str| node.tag_name().name() == name;
    let sheets = document.root_element().children().filter(|node| named(node, "Worksheet"));
    let mut found = Vec::new();
    for worksheet in sheets {
        let mut sheet = Sheet::default();
        let name = worksheet.attribute((SPREADSHEET, "Name"));
        name.unwrap_or_default().clone_into(&mut sheet.name);
        let table = worksheet.children().find(|node| named(node, "Table"));
        let mut number = 0;
        for row in table.iter().flat_map(Node::children).filter(|node| named(node, "Row")) {
            number = index(row).unwrap_or(number + 1);
            let mut cells: Vec<String> = Vec::new();
            for cell in row.children().filter(|node| named(node, "Cell")) {
                let at = index(cell).map_or(cells.len(), |at| at.saturating_sub(1));
                cells.resize(cells.len().max(at.min(COLUMNS)), String::new());
                cells.push(data(cell));
                let across = cell.attribute((SPREADSHEET, "MergeAcross"));
                let across = across.and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
                cells.resize(cells.len() + across.min(COLUMNS), String::new());
            }
            push(&mut sheet, cells, number as u64);
        }
        found.push(sheet);
    }
    Some(found)
}

fn index(node: Node<'_, '_>) -> Option<usize> {
    node.attribute((SPREADSHEET, "Index"))?.parse().ok()
}

/// What a cell holds; a day without its midnight.
fn data(cell: Node<'_, '_>) -> String {
    let data = cell.children().find(|node| node.tag_name().name() == "Data");
    let Some(data) = data else { return String::new() };
    let text: String =
        data.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    match data.attribute((SPREADSHEET, "Type")) {
        Some("DateTime") => {
            let text = text.trim_end_matches(".000");
            // Times of day count from the first day.
            let time = text.strip_prefix("1899-12-31T").or(text.strip_prefix("1899-12-30T"));
            time.unwrap_or_else(|| text.trim_end_matches("T00:00:00")).to_owned()
        }
        Some("Boolean") => if text == "1" { "yes" } else { "no" }.to_owned(),
        Some("Error") => String::new(),
        _ => text,
    }
}

/// The tables of a web page, however carelessly it is written. A table within a cell ends the row
/// that it stands in.
fn tables(text: &str) -> Vec<Sheet> {
    let mut page = Page::default();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (words, tag) = rest.split_at(at);
        page.words(words);
        rest = if let Some(comment) = tag.strip_prefix("<!--") {
            comment.find("-->").and_then(|end| comment.get(end + 3..)).unwrap_or_default()
        } else {
            let end = tag.find('>').unwrap_or(tag.len());
            let (tag, after) = (tag.get(1..end).unwrap_or_default(), tag.get(end + 1..));
            let after = after.unwrap_or_default();
            page.tag(tag);
            skip(tag, after)
        };
    }
    page.words(rest);
    page.end_row();
    page.sheets
}

/// Behind the end of a script or style sheet, whose words are none of the page's.
fn skip<'t>(tag: &str, after: &'t str) -> &'t str {
    let name = tag.split_ascii_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    if name != "script" && name != "style" {
        return after;
    }
    let end = after.to_ascii_lowercase().find(&format!("</{name}"));
    end.and_then(|end| after.get(end..)).unwrap_or_default()
}

#[derive(Default)]
struct Page {
    sheets: Vec<Sheet>,
    cells: Vec<String>,
    in_cell: bool,
    /// Columns that the open cell covers.
    span: usize,
    rows: u64,
}

impl Page {
    fn words(&mut self, words: &str) {
        if let (true, Some(cell)) = (self.in_cell, self.cells.last_mut()) {
            cell.push_str(&words.replace(['\r', '\n', '\t'], " "));
        }
    }

    fn tag(&mut self, tag: &str) {
        let name = tag.split([' ', '\n', '\r', '\t', '/']).find(|part| !part.is_empty());
        let name = name.unwrap_or_default().to_ascii_lowercase();
        let closes = tag.starts_with('/');
        match (name.as_str(), closes) {
            ("table", _) => {
                self.end_row();
                if !closes {
                    self.sheets.push(Sheet::default());
                    self.rows = 0;
                }
            }
            ("tr", _) => self.end_row(),
            ("td" | "th", false) => {
                self.end_cell();
                self.in_cell = true;
                self.span = attribute(tag, "colspan").clamp(1, COLUMNS);
                self.cells.push(String::new());
            }
            ("td" | "th", true) => self.end_cell(),
            ("br" | "p" | "div", _) => self.words(" "),
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        if self.in_cell {
            if let Some(cell) = self.cells.last_mut() {
                *cell = unescaped(cell).split_whitespace().collect::<Vec<_>>().join(" ");
            }
            let width = (self.cells.len() + self.span - 1).min(COLUMNS + 1);
            self.cells.resize(width.max(self.cells.len()), String::new());
            self.in_cell = false;
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if self.cells.is_empty() {
            return;
        }
        self.rows += 1;
        let cells = std::mem::take(&mut self.cells);
        if self.sheets.is_empty() {
            self.sheets.push(Sheet::default());
        }
        if let Some(sheet) = self.sheets.last_mut() {
            push(sheet, cells, self.rows);
        }
    }
}

/// A number among a tag's attributes; 1 when it is not there.
fn attribute(tag: &str, name: &str) -> usize {
    let lower = tag.to_ascii_lowercase();
    let value = lower.split(name).nth(1).unwrap_or_default();
    let value = value.trim_start_matches(['=', '"', '\'', ' ']);
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    value.get(..digits).and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// The characters that a page names instead of writing them.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, named) = rest.split_at(at);
        out.push_str(before);
        let end = named.char_indices().take(12).find(|(_, c)| *c == ';').map(|(end, _)| end);
        let found = end.and_then(|end| Some((character(named.get(1..end)?)?, end)));
        if let Some((c, end)) = found {
            out.push(c);
            rest = named.get(end + 1..).unwrap_or_default();
        } else {
            out.push('&');
            rest = named.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    const NAMED: [(&str, char); 24] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("aacute", 'á'),
        ("eacute", 'é'),
        ("iacute", 'í'),
        ("oacute", 'ó'),
        ("uacute", 'ú'),
        ("ntilde", 'ñ'),
        ("uuml", 'ü'),
        ("Aacute", 'Á'),
        ("Eacute", 'É'),
        ("Iacute", 'Í'),
        ("Oacute", 'Ó'),
        ("Uacute", 'Ú'),
        ("Ntilde", 'Ñ'),
        ("ouml", 'ö'),
        ("auml", 'ä'),
        ("egrave", 'è'),
        ("agrave", 'à'),
        ("ccedil", 'ç'),
    ];
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16)).ok()?;
        return char::from_u32(code);
    }
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

fn push(sheet: &mut Sheet, mut cells: Vec<String>, number: u64) {
    cells.truncate(COLUMNS);
    let rows: &mut Rows = &mut sheet.rows;
    rows.push(cells.iter().map(String::as_str), number);
    sheet.numbers.push(number);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_under_the_name_of_a_workbook() {
        let page = "<html><style>td{x:1}</style><body><TABLE border=1><tr><td colspan=3>Report &amp; \
                    more</td></tr><tr><th>Patient Name<th>DOB<th>Phone</tr>\n<tr><td>Abara, \
                    Lionel<br>T</td><td>3/4/1958</td><td>&nbsp;</td></tr></TABLE></body></html>";
        let sheets = read(page).unwrap();
        let rows = &sheets[0].rows;
        assert_eq!(rows.cells(0).collect::<Vec<_>>(), ["Report & more", "", ""]);
        assert_eq!(rows.cells(1).collect::<Vec<_>>(), ["Patient Name", "DOB", "Phone"]);
        assert_eq!(rows.cells(2).collect::<Vec<_>>(), ["Abara, Lionel T", "3/4/1958", ""]);
        assert!(read("<html><body>no table</body></html>").is_none());
        assert!(read("<table><tr><td").is_none());
    }

    #[test]
    fn the_xml_of_2003() {
        let book = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="List"><Table><Row><Cell><Data ss:Type="String">MRN</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">DOB</Data></Cell></Row>
<Row ss:Index="5"><Cell><Data ss:Type="String">00123</Data></Cell><Cell ss:Index="3"><Data ss:Type="DateTime">1958-03-04T00:00:00.000</Data></Cell></Row>
</Table></Worksheet></Workbook>"#;
        let sheets = read(book).unwrap();
        assert_eq!(sheets[0].name, "List");
        assert_eq!(sheets[0].rows.cells(0).collect::<Vec<_>>(), ["MRN", "", "DOB"]);
        assert_eq!(sheets[0].rows.cells(1).collect::<Vec<_>>(), ["00123", "", "1958-03-04"]);
        assert_eq!(sheets[0].numbers, [1, 5]);
    }
}

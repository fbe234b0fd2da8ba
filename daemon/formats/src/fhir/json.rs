//! JSON that loses nothing: numbers stay as written (`7.10` stays `7.10`), the order of fields
//! stays, and whatever is not understood is still there to be written out again.
//!
//! FHIR R4 "JSON Representation": the precision of a decimal has meaning and must be kept, which
//! floating point numbers cannot.

use serde::de::{MapAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

/// How deep objects and lists may nest in each other; no FHIR resource comes near.
pub const DEPTH_LIMIT: usize = 128;

/// One JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Json {
    #[default]
    Null,
    Bool(bool),
    /// The number's own text; made by [`Json::number`] or by parsing, so it is a JSON number.
    Number(String),
    Text(String),
    List(Vec<Json>),
    /// Fields in their order; of a repeated name the first one counts.
    Object(Vec<(String, Json)>),
}

/// Fields of one object, not looked into.
pub(crate) struct Fields<'a>(pub(crate) Vec<(String, &'a RawValue)>);

/// Where JSON text broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// Both begin at 1; 0 when the text as a whole is meant.
    pub line: usize,
    pub column: usize,
    /// True when it is sound but nested deeper than [`DEPTH_LIMIT`].
    pub too_deep: bool,
}

static NULL: Json = Json::Null;

impl Json {
    /// Reads JSON text whole.
    pub fn parse(text: &str) -> Result<Self, JsonFault> {
        let raw = raw(text)?;
        Self::from_raw(raw)
    }

    /// Reads a value that was split off before; `raw` is sound and not too deep.
    pub(crate) fn from_raw(raw: &RawValue) -> Result<Self, JsonFault> {
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'{') => {
                let Fields(fields) = serde_json::from_str(text).map_err(fault)?;
                let field = |(key, raw)| Ok((key, Self::from_raw(raw)?));
                Ok(Self::Object(fields.into_iter().map(field).collect::<Result<_, _>>()?))
            }
            Some(b'[') => {
                let list: Vec<&RawValue> = serde_json::from_str(text).map_err(fault)?;
                Ok(Self::List(list.into_iter().map(Self::from_raw).collect::<Result<_, _>>()?))
            }
            Some(b'"') => Ok(Self::Text(string(text))),
            Some(b't') => Ok(Self::Bool(true)),
            Some(b'f') => Ok(Self::Bool(false)),
            Some(b'n') | None => Ok(Self::Null),
            Some(_) => Ok(Self::Number(text.to_owned())),
        }
    }

    /// A number written as it stands; `None` when the text is no JSON number.
    pub fn number(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain =
            text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        (plain && serde_json::from_str::<&RawValue>(text).is_ok())
            .then(|| Self::Number(text.to_owned()))
    }

    /// The value of a field; `Null` when there is none.
    pub fn get(&self, key: &str) -> &Self {
        let Self::Object(fields) = self else { return &NULL };
        fields.iter().find(|(name, _)| name == key).map_or(&NULL, |(_, value)| value)
    }

    /// The value of a field, to change it.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Self::Object(fields) = self else { return None };
        fields.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Text of a field; empty when it is none.
    pub fn text(&self, key: &str) -> &str {
        self.get(key).as_str()
    }

    /// The text itself; empty when it is none. A number gives its digits.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) => text,
            _ => "",
        }
    }

    /// The items of a list; a lone value is a list of one, `Null` of none.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Null => &[],
            lone => std::slice::from_ref(lone),
        }
    }

    /// The fields of an object; none for anything else.
    pub fn fields(&self) -> &[(String, Self)] {
        match self {
            Self::Object(fields) => fields,
            _ => &[],
        }
    }

    /// True for what FHIR does not let be written: null, empty text, empty list, empty object.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Object(fields) => fields.is_empty(),
            Self::Bool(_) | Self::Number(_) => false,
        }
    }

    /// This object with one more field at its end; an empty value leaves it as it is.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Self>) -> Self {
        self.put(key, value);
        self
    }

    /// Sets a field in its place, or at the end when it is new; an empty value removes it.
    pub fn put(&mut self, key: &str, value: impl Into<Self>) {
        let value = value.into();
        if let Self::Null = self {
            *self = Self::Object(Vec::new());
        }
        let Self::Object(fields) = self else { return };
        if value.is_empty() {
            fields.retain(|(name, _)| name != key);
        } else if let Some((_, old)) = fields.iter_mut().find(|(name, _)| name == key) {
            *old = value;
        } else {
            fields.push((key.to_owned(), value));
        }
    }

    /// An object without fields yet.
    pub fn object() -> Self {
        Self::Object(Vec::new())
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Json {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Self::Number(value.to_string())
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Self {
        Self::List(items.into_iter().filter(|item| !item.is_empty()).collect())
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Bool(value) => to.serialize_bool(*value),
            Self::Number(text) => match RawValue::from_string(text.clone()) {
                Ok(raw) => raw.serialize(to),
                Err(_) => to.serialize_str(text),
            },
            Self::Text(text) => to.serialize_str(text),
            Self::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Object(fields) => {
                let mut map = to.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

/// Compact JSON text.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        from.deserialize_map(Each)
    }
}

/// Splits off one value that is the whole text: sound JSON, not too deep.
pub(crate) fn raw(text: &str) -> Result<&RawValue, JsonFault> {
    check_depth(text)?;
    serde_json::from_str(text).map_err(fault)
}

/// Refuses text nested deeper than [`DEPTH_LIMIT`] before any parser recurses into it.
pub(crate) fn check_depth(text: &str) -> Result<(), JsonFault> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_LIMIT {
            return Err(JsonFault { line: 0, column: 0, too_deep: true });
        }
    }
    Ok(())
}

/// Text of a JSON string; one with a broken escape (half a surrogate pair) is kept as it stands.
fn string(quoted: &str) -> String {
    let plain = || quoted.trim_matches('"').to_owned();
    serde_json::from_str(quoted).unwrap_or_else(|_| plain())
}

fn fault(error: serde_json::Error) -> JsonFault {
    JsonFault { line: error.line(), column: error.column(), too_deep: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_order_survive() {
        let text = r#"{"z":7.10,"a":[1e3,-0.0,100.00],"t":"a\n\"b\"","n":null,"b":true}"#;
        assert_eq!(Json::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn depth_is_refused_before_recursion() {
        let deep = "[".repeat(100_000);
        assert!(Json::parse(&deep).unwrap_err().too_deep);
        assert!(Json::parse(&format!("\"{deep}\"")).is_ok());
    }

    #[test]
    fn only_numbers_are_numbers() {
        assert!(Json::number("7.10").is_some());
        for odd in ["", ".5", "1:40", "NaN", "1 2", "007"] {
            assert!(Json::number(odd).is_none(), "{odd}");
        }
    }

    #[test]
    fn fields_are_set_and_removed() {
        let mut json = Json::object().with("a", "1").with("none", "").with("b", true);
        json.put("a", "2");
        assert_eq!(json.to_string(), r#"{"a":"2","b":true}"#);
        json.put("a", Json::Null);
        assert_eq!(json.to_string(), r#"{"b":true}"#);
    }
}

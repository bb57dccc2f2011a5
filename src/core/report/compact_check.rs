//! The text of a check in a document on one line, in few pieces. A verdict has a dozen checks, and this takes a quarter of the
//! instructions of the general writer. It knows the usual checks only. Every other one is left to the members that `json` lists,
//! and a test compares both.

use crate::core::json::{JsonPiece, Value};
use crate::core::reason::CheckName;
use crate::core::text::escape::is_verbatim_text;
use crate::core::text::zone::Zone;
use crate::core::verify::check::{Check, Status};
use crate::core::verify::fact::{Fact, OUT_OF_RANGE};
use serde::ser::{Serialize, SerializeTupleStruct, Serializer};
use std::fmt::{self, Write};

/// Returns everything before the detail of a check that was passed or skipped.
macro_rules! beginnings {
    ($name:expr, $status:expr; $($variant:ident $text:literal,)+) => {
        match ($name, $status) {
            $(
                (CheckName::$variant, Status::Passed) => {
                    concat!(r#"{"name":""#, $text, r#"","status":"passed","reason":null,"detail":""#)
                }
                (CheckName::$variant, Status::Skipped) => {
                    concat!(r#"{"name":""#, $text, r#"","status":"skipped","reason":null,"detail":""#)
                }
            )+
            _ => return None,
        }
    };
}

/// A check whose text needs no escape other than the quotes of a string.
pub(super) struct CompactCheck<'c> {
    beginning: &'static str,
    fact: &'c Fact<'c>,
}

impl<'c> CompactCheck<'c> {
    /// Returns a check if it is a usual one.
    pub(super) fn new(check: &'c Check<'c>) -> Option<Self> {
        let Check { name, status, reason: None, fact, unverified: false } = check else { return None };
        let beginning = beginnings!(name, status;
            Form "form",
            Alg "alg",
            Key "key",
            Signature "signature",
            Exp "exp",
            Nbf "nbf",
            Iat "iat",
            Iss "iss",
            Aud "aud",
            Sub "sub",
            Jti "jti",
        );
        let text = match fact {
            Fact::Sentence(sentence) => &**sentence,
            // A verb, a distance and a date hold nothing to escape.
            Fact::Distant(..) => "",
            Fact::Text { text, .. } => short(text)?,
            Fact::Value { value: Value::String(text), .. } => short(text)?,
            Fact::Value { .. } | Fact::Dated(..) => return None,
        };
        is_verbatim_text(text.as_bytes()).then_some(Self { beginning, fact })
    }
}

/// Returns a string that a detail holds whole.
fn short(text: &str) -> Option<&str> {
    Some(text).filter(|text| text.len() < 190)
}

impl Serialize for CompactCheck<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pieces = serializer.serialize_tuple_struct("CompactCheck", 0)?;
        let mut push = |piece: &[u8]| pieces.serialize_field(&JsonPiece(piece));
        push(self.beginning.as_bytes())?;
        match self.fact {
            Fact::Text { text, unchecked } => push_text(text, *unchecked, push)?,
            Fact::Value { value: Value::String(text), unchecked } => push_text(text, *unchecked, push)?,
            Fact::Distant(verb, distance, date) => {
                push(verb.as_bytes())?;
                push(b" ")?;
                // Its only errors are those of the pieces, which memory takes.
                let _ = distance.write(&mut PieceWriter(&mut pieces));
                let mut push = |piece: &[u8]| pieces.serialize_field(&JsonPiece(piece));
                push(b" (")?;
                match date.utc_text() {
                    Some(date) => push(date.as_bytes())?,
                    None => push(date.to_text(Zone::Utc).as_deref().unwrap_or(OUT_OF_RANGE).as_bytes())?,
                }
                push(br#")"}"#)?;
            }
            fact => {
                let _ = fact.write(&mut PieceWriter(&mut pieces), Zone::Utc);
                pieces.serialize_field(&JsonPiece(br#""}"#))?;
            }
        }
        pieces.end()
    }
}

/// Writes a string of the token and the end of the check.
fn push_text<E>(
    text: &str,
    unchecked: Option<&str>,
    mut push: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    push(br#"\""#)?;
    push(text.as_bytes())?;
    // Most documents hold four of these ends. A whole one takes 60 instructions less than three pieces.
    macro_rules! ends {
        ($($option:literal)+) => {
            match unchecked {
                None => push(br#"\""}"#),
                $(Some($option) => {
                    push(concat!(r#"\" (not checked: no --"#, $option, r#" given)"}"#).as_bytes())
                })+
                Some(option) => {
                    push(br#"\" (not checked: no --"#)?;
                    push(option.as_bytes())?;
                    push(br#" given)"}"#)
                }
            }
        };
    }
    ends!("iss" "aud" "sub" "jti")
}

/// A writer whose texts are pieces of a document. They need no escape.
struct PieceWriter<'p, P>(&'p mut P);

impl<P: SerializeTupleStruct> Write for PieceWriter<'_, P> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.serialize_field(&JsonPiece(text.as_bytes())).map_err(|_| fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::{append_compact, append_indented, parse};
    use crate::core::reason::Reason;
    use crate::core::text::escape::Escapes;
    use crate::core::token::numeric_date::NumericDate;

    /// Returns the document of a check on one line, and the same from its members.
    fn both(check: &Check<'_>) -> (String, String) {
        let (mut compact, mut indented, mut expected) = (Vec::new(), Vec::new(), String::new());
        append_compact(&mut compact, check);
        append_indented(&mut indented, check, 0);
        parse(&indented).unwrap().write(&mut expected, Escapes::Hostile).unwrap();
        (String::from_utf8(compact).unwrap(), expected)
    }

    #[test]
    fn writes_the_members_of_every_check() {
        let now = NumericDate::from_seconds(1_700_000_000);
        let long = "x".repeat(300);
        let mut texts: Vec<String> =
            ["", "api", "https://id.example", &long, "é", "🚀 x"].map(str::to_owned).to_vec();
        let hostile = ["\"", "\\", "\n", "\u{1f}", "\u{7f}", "\u{9b}", "\u{2028}", "\u{202e}", "\u{e0041}"];
        for (hostile, before) in
            hostile.iter().flat_map(|hostile| (0..20).map(move |before| (hostile, before)))
        {
            texts.push(format!("{}{hostile}{}", "a".repeat(before), "b".repeat(before % 7)));
        }
        texts.extend((140..260).map(|length| "y".repeat(length)));
        let values: Vec<Value<'_>> = texts.iter().map(|text| Value::string(text.as_str())).collect();
        let list = parse(br#"["a",1.50,null]"#).unwrap();
        let dates =
            ["0", "1700000000", "1.5", "-1", "4102444800.000000001", "253402300800", "1e400", "-1e300"];
        let dates = dates.map(NumericDate::from_json_number);
        let mut facts = vec![Fact::Value { value: &list, unchecked: Some("aud") }];
        for (text, value) in texts.iter().zip(&values) {
            facts.push(text.as_str().into());
            for unchecked in [None, Some("iss"), Some("aud"), Some("jti"), Some("sub"), Some("x")] {
                facts.push(Fact::Text { text, unchecked });
                facts.push(Fact::Value { value, unchecked });
            }
        }
        for date in dates {
            facts.push(Fact::Distant("expires", date.distance_from(now), date));
            facts.push(Fact::Dated("its `exp` has passed".into(), date));
        }
        let mut usual = 0;
        for (index, fact) in facts.into_iter().enumerate() {
            for status in Status::ALL {
                let unverified = index % 5 == 4;
                let name =
                    if index % 7 == 6 { CheckName::claim("a\"b").into_owned() } else { CheckName::Iss };
                let reason = (status == Status::Failed).then_some(Reason::WrongIssuer);
                let check = Check { name, status, reason, fact: fact.clone(), unverified };
                usual += usize::from(CompactCheck::new(&check).is_some());
                let (compact, expected) = both(&check);
                assert_eq!(compact, expected);
            }
        }
        assert!(usual > 300, "{usual}");
    }
}

//! The text of a check in a document on one line, written piece by piece into memory of fixed size. A verdict has a dozen
//! checks, and this takes a third of the instructions of the general writer. It knows the usual checks only; every other one is
//! left to the members that `json` lists, and a test compares both.

use crate::core::json::Value;
use crate::core::reason::CheckName;
use crate::core::text::escape::is_verbatim_text;
use crate::core::text::zone::Zone;
use crate::core::verify::check::{Check, Status};
use crate::core::verify::fact::Fact;
use std::fmt::Write;

/// The text of a check.
pub(super) struct CompactCheck {
    bytes: [u8; Self::LONGEST],
    length: usize,
}

impl CompactCheck {
    const LONGEST: usize = 256;

    /// Returns the text of a check. Returns `None` if it failed, has a name of its own, is not verified, is long, or needs an
    /// escape other than the quotes of a string.
    pub(super) fn new(check: &Check<'_>) -> Option<Self> {
        let Check { name, status, reason: None, fact, unverified } = check else { return None };
        if matches!(name, CheckName::Require(_) | CheckName::Claim(_)) || *unverified {
            return None;
        }
        let mut text = Self { bytes: [0; Self::LONGEST], length: 0 };
        text.push(br#"{"name":""#)?;
        text.push(name.prefix().as_bytes())?;
        match status {
            Status::Passed => text.push(br#"","status":"passed","reason":null,"detail":""#)?,
            Status::Skipped => text.push(br#"","status":"skipped","reason":null,"detail":""#)?,
            Status::Failed => return None,
        }
        text.push_fact(fact)?;
        text.push(br#""}"#)?;
        Some(text)
    }

    /// Returns the text.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    #[inline]
    fn push(&mut self, piece: &[u8]) -> Option<()> {
        let end = self.length + piece.len();
        self.bytes.get_mut(self.length..end)?.copy_from_slice(piece);
        self.length = end;
        Some(())
    }

    fn push_fact(&mut self, fact: &Fact<'_>) -> Option<()> {
        let (text, unchecked) = match fact {
            Fact::Sentence(sentence) => return self.push_verbatim(sentence),
            // A verb, a distance and a date hold nothing to escape.
            Fact::Distant(..) => return fact.write(self, Zone::Utc).ok(),
            Fact::Text { text, unchecked } => (*text, *unchecked),
            Fact::Value { value: Value::String(text), unchecked } => (&**text, *unchecked),
            Fact::Value { .. } | Fact::Dated(..) => return None,
        };
        self.push(br#"\""#)?;
        self.push_verbatim(text)?;
        self.push(br#"\""#)?;
        let Some(option) = unchecked else { return Some(()) };
        self.push(b" (not checked: no --")?;
        self.push(option.as_bytes())?;
        self.push(b" given)")
    }

    /// Adds a text that needs no escape. It is shorter than the values that a detail cuts, because it must fit.
    fn push_verbatim(&mut self, text: &str) -> Option<()> {
        is_verbatim_text(text.as_bytes()).then(|| self.push(text.as_bytes()))?
    }
}

impl Write for CompactCheck {
    fn write_str(&mut self, piece: &str) -> std::fmt::Result {
        self.push(piece.as_bytes()).ok_or(std::fmt::Error)
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
            for unchecked in [None, Some("iss")] {
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

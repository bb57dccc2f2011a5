//! What a check found, as data. It becomes text only where it is shown, so that a verdict on many tokens costs little.
//! Nothing here is escaped yet.

use crate::core::json::Value;
use crate::core::text::escape::{text_excerpt, value_excerpt, write_string_excerpt, write_text_excerpt};
use crate::core::text::zone::Zone;
use crate::core::token::numeric_date::{NumericDate, RelativeTime};
use std::borrow::Cow;
use std::fmt;

/// The text in place of a date that the calendar lacks.
pub(crate) const OUT_OF_RANGE: &str = "date out of range";

/// The finding of a check: a sentence, and the date that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<'a> {
    /// A sentence.
    Sentence(Cow<'a, str>),
    /// A sentence with its date.
    Dated(Cow<'a, str>, NumericDate),
    /// A verb with the distance of a date, and that date: `expires in 3 days`.
    Distant(&'static str, RelativeTime, NumericDate),
    /// A string of the token.
    Text {
        /// The string.
        text: &'a str,
        /// The name of the option that would compare it.
        unchecked: Option<&'static str>,
    },
    /// A value of the token.
    Value {
        /// The value.
        value: &'a Value<'a>,
        /// The name of the option that would compare it.
        unchecked: Option<&'static str>,
    },
}

impl Fact<'_> {
    /// Returns the date that belongs to the sentence.
    #[must_use]
    pub const fn date(&self) -> Option<NumericDate> {
        match self {
            Self::Dated(_, date) | Self::Distant(_, _, date) => Some(*date),
            Self::Sentence(_) | Self::Text { .. } | Self::Value { .. } => None,
        }
    }

    /// Returns the sentence without its date.
    #[must_use]
    pub fn sentence(&self) -> Cow<'_, str> {
        match self {
            Self::Sentence(sentence) | Self::Dated(sentence, _) => Cow::Borrowed(sentence),
            Self::Distant(verb, distance, _) => format!("{verb} {distance}").into(),
            Self::Text { text, unchecked } => {
                format!("{}{}", text_excerpt(text), Unchecked(*unchecked)).into()
            }
            Self::Value { value, unchecked } => {
                format!("{}{}", value_excerpt(value), Unchecked(*unchecked)).into()
            }
        }
    }

    /// Writes the sentence with its date in a time zone.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn write(&self, out: &mut impl fmt::Write, zone: Zone) -> fmt::Result {
        match self {
            Self::Sentence(sentence) | Self::Dated(sentence, _) => out.write_str(sentence)?,
            Self::Distant(verb, distance, _) => {
                out.write_str(verb)?;
                out.write_str(" ")?;
                distance.write(out)?;
            }
            Self::Text { text, unchecked } => {
                write_text_excerpt(out, text)?;
                Unchecked(*unchecked).write(out)?;
            }
            Self::Value { value, unchecked } => {
                match value {
                    Value::String(text) => write_string_excerpt(out, text)?,
                    other => out.write_str(&value_excerpt(other))?,
                }
                Unchecked(*unchecked).write(out)?;
            }
        }
        let Some(date) = self.date() else { return Ok(()) };
        out.write_str(" (")?;
        match date.utc_text().filter(|_| zone == Zone::Utc) {
            Some(date) => out.write_str(date.as_str())?,
            None => out.write_str(date.to_text(zone).as_deref().unwrap_or(OUT_OF_RANGE))?,
        }
        out.write_str(")")
    }

    /// Returns the fact without the lifetime of its token.
    #[must_use]
    pub fn into_owned(self) -> Fact<'static> {
        match self {
            Self::Sentence(sentence) => Fact::Sentence(Cow::Owned(sentence.into_owned())),
            Self::Dated(sentence, date) => Fact::Dated(Cow::Owned(sentence.into_owned()), date),
            Self::Distant(verb, distance, date) => Fact::Distant(verb, distance, date),
            Self::Text { .. } | Self::Value { .. } => {
                Fact::Sentence(Cow::Owned(self.sentence().into_owned()))
            }
        }
    }

    /// Returns the fact with its text borrowed from this one.
    #[must_use]
    pub fn borrowed(&self) -> Fact<'_> {
        match self {
            Self::Sentence(sentence) => Fact::Sentence(Cow::Borrowed(sentence)),
            Self::Dated(sentence, date) => Fact::Dated(Cow::Borrowed(sentence), *date),
            Self::Distant(verb, distance, date) => Fact::Distant(verb, *distance, *date),
            Self::Text { text, unchecked } => Fact::Text { text, unchecked: *unchecked },
            Self::Value { value, unchecked } => Fact::Value { value, unchecked: *unchecked },
        }
    }
}

/// The remark that no option compares a value.
struct Unchecked(Option<&'static str>);

impl Unchecked {
    fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        let Some(option) = self.0 else { return Ok(()) };
        out.write_str(" (not checked: no --")?;
        out.write_str(option)?;
        out.write_str(" given)")
    }
}

impl fmt::Display for Unchecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl From<String> for Fact<'_> {
    fn from(sentence: String) -> Self {
        Self::Sentence(sentence.into())
    }
}

impl<'a> From<Cow<'a, str>> for Fact<'a> {
    fn from(sentence: Cow<'a, str>) -> Self {
        Self::Sentence(sentence)
    }
}

impl<'a> From<&'a str> for Fact<'a> {
    fn from(sentence: &'a str) -> Self {
        Self::Sentence(sentence.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;

    fn written(fact: &Fact<'_>) -> String {
        let mut written = String::new();
        fact.write(&mut written, Zone::Utc).unwrap();
        written
    }

    #[test]
    fn writes_the_words_of_the_sentence() {
        let (at, now) = (NumericDate::from_seconds(1_448_333_419), NumericDate::from_seconds(1_448_333_359));
        let fact = Fact::Distant("expires", at.distance_from(now), at);
        assert_eq!(fact.sentence(), "expires in 60 seconds");
        assert_eq!(written(&fact), "expires in 60 seconds (2015-11-24 02:50:19 UTC)");
        let far = NumericDate::from_json_number("1e400");
        let fact = Fact::Distant("expires", far.distance_from(now), far);
        assert_eq!(written(&fact), "expires after the year 9999 (date out of range)");
        assert_eq!(
            written(&Fact::Dated("its `exp` has passed".into(), at)),
            "its `exp` has passed (2015-11-24 02:50:19 UTC)"
        );
    }

    #[test]
    fn writes_values_as_their_excerpts() {
        let long = "é\u{202e}".repeat(150);
        let texts = [
            "",
            "api",
            "a \"b\" \\ \n",
            "\u{9b}",
            &"x".repeat(198),
            &"x".repeat(199),
            &"x".repeat(201),
            &long,
        ];
        for text in texts {
            let values = [
                Value::string(text),
                Value::Array(vec![Value::string(text), Value::Null]),
                parse(br#"{"a":[1.50,true]}"#).unwrap(),
            ];
            let fact = Fact::Text { text, unchecked: Some("iss") };
            assert_eq!(written(&fact), format!("{} (not checked: no --iss given)", text_excerpt(text)));
            assert_eq!(fact.sentence(), written(&fact));
            for value in &values {
                let fact = Fact::Value { value, unchecked: None };
                assert_eq!(written(&fact), value_excerpt(value));
                assert_eq!(fact.clone().into_owned(), fact.sentence().into_owned().into());
                assert_eq!(fact.sentence(), written(&fact));
            }
        }
    }

    #[test]
    fn writes_the_date_in_the_zone_that_is_asked_for() {
        let fact = Fact::Dated("its `exp` has passed".into(), NumericDate::from_seconds(1_448_333_419));
        for (zone, date) in
            [(Zone::Utc, "2015-11-24 02:50:19 UTC"), (Zone::Fixed(7_200), "2015-11-24 04:50:19 +02:00")]
        {
            let mut written = String::new();
            fact.write(&mut written, zone).unwrap();
            assert_eq!(written, format!("its `exp` has passed ({date})"));
        }
    }
}

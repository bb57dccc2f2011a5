//! Recognizes usual slips in JSON that users write by hand or print from another language. It never accepts such a text.

use super::{Expected, JsonError, JsonErrorKind};

/// The cause of a syntax error in JSON, if it is one of the usual ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// Single quotes around a name or a string, as Python and JavaScript print them.
    SingleQuotes,
    /// Typographic quotes, as word processors write them.
    CurlyQuotes,
    /// Quotes with a backslash before them, as in a JSON text inside a string.
    EscapedQuotes,
    /// A comma after the last member or item.
    TrailingComma,
    /// Two members or items without a comma between them.
    MissingComma,
    /// A word that another language uses for `true`, `false` or `null`.
    Word {
        /// The word as written.
        found: String,
        /// The word of JSON.
        meant: &'static str,
    },
    /// `NaN` or an infinity, which JSON cannot write.
    NotANumber {
        /// The word as written.
        found: String,
    },
    /// A name without quotes.
    UnquotedName {
        /// The name.
        name: String,
    },
    /// A claim such as `admin=true` in place of an object.
    Assignment {
        /// The name of the claim.
        name: String,
        /// `true`, `false` or `null`; absent for any other value.
        literal: Option<&'static str>,
    },
    /// Text without quotes.
    UnquotedText {
        /// The first word of the text.
        word: String,
    },
    /// A comment.
    Comment,
    /// The text ends too early.
    CutShort,
}

impl Slip {
    /// Returns the cause of a syntax error, or `None` if it is not one of the usual ones.
    #[must_use]
    pub fn find(text: &[u8], error: &JsonError) -> Option<Self> {
        let expected = match error.kind {
            JsonErrorKind::Expected(expected) => expected,
            JsonErrorKind::UnterminatedString => return Some(Self::CutShort),
            _ => return None,
        };
        let text = std::str::from_utf8(text).ok()?;
        // Other texts, such as paths, are not meant to be JSON.
        if !text.trim_ascii_start().starts_with(['{', '[', '\'', '"', '\\', '“'])
            && text.contains(['/', '=', ' ', '@'])
        {
            return None;
        }
        let (before, rest) = (text.get(..error.offset)?, text.get(error.offset..)?);
        let after_comma = before.trim_ascii_end().ends_with(',');
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || "_-$.".contains(*c)).collect();
        match rest.chars().next() {
            None if !text.trim_ascii().is_empty() => Some(Self::CutShort),
            Some('\'') => Some(Self::SingleQuotes),
            Some('“' | '”' | '„' | '‘' | '’' | '«' | '»') => Some(Self::CurlyQuotes),
            Some('\\') => Some(Self::EscapedQuotes),
            Some('}' | ']') if after_comma => Some(Self::TrailingComma),
            Some('/' | '#') => Some(Self::Comment),
            Some('"') if matches!(expected, Expected::CommaOrBrace | Expected::CommaOrBracket) => {
                Some(Self::MissingComma)
            }
            Some(first) if first.is_alphabetic() || first == '_' || first == '$' => match expected {
                Expected::MemberName => Some(Self::UnquotedName { name: word }),
                Expected::Value => Some(Self::from_word(word)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the slip of a claim such as `admin=true` or `sub=alice` that stands in place of an object.
    #[must_use]
    pub fn assignment(text: &[u8]) -> Option<Self> {
        let (name, value) = std::str::from_utf8(text).ok()?.trim_ascii().split_once('=')?;
        let name = name.strip_suffix(':').unwrap_or(name);
        let literal = ["true", "false", "null"].into_iter().find(|word| value.eq_ignore_ascii_case(word));
        // Long words with `=` at their end may be Base64, and so a secret.
        const LONGEST_NAME: usize = 32;
        let is_name = (1..=LONGEST_NAME).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let has_value = !value.trim_start_matches('=').is_empty();
        (is_name && has_value).then(|| Self::Assignment { name: name.to_owned(), literal })
    }

    fn from_word(found: String) -> Self {
        match found.to_ascii_lowercase().as_str() {
            "true" => Self::Word { found, meant: "true" },
            "false" => Self::Word { found, meant: "false" },
            "null" | "none" | "nil" | "undefined" => Self::Word { found, meant: "null" },
            "nan" | "inf" | "infinity" => Self::NotANumber { found },
            _ => Self::UnquotedText { word: found },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;

    fn slip(text: &str) -> Option<Slip> {
        Slip::find(text.as_bytes(), &parse(text.as_bytes()).unwrap_err())
    }

    #[test]
    fn recognizes_the_usual_slips() {
        let word = |found: &str, meant| Some(Slip::Word { found: found.to_owned(), meant });
        for text in ["{'a': 1}", r#"{"a": 'x'}"#, r#"{"a":["x",'y']}"#, r#"{"a":1,'b':2}"#] {
            assert_eq!(slip(text), Some(Slip::SingleQuotes), "{text}");
        }
        for text in ["{\"a\":1,}", "{\"a\":1 , \n}", "{\"a\":[1, 2,]}"] {
            assert_eq!(slip(text), Some(Slip::TrailingComma), "{text}");
        }
        for text in ["{\"a\":1 \"b\":2}", "{\"a\":[\"x\" \"y\"]}"] {
            assert_eq!(slip(text), Some(Slip::MissingComma), "{text}");
        }
        for text in ["{“a”:1}", "{\"a\":”x”}"] {
            assert_eq!(slip(text), Some(Slip::CurlyQuotes), "{text}");
        }
        for text in ["{", "{\"a\":", "{\"a", "[1", "{\"a\":\"x"] {
            assert_eq!(slip(text), Some(Slip::CutShort), "{text}");
        }
        assert_eq!(slip(r#"{\"a\":1}"#), Some(Slip::EscapedQuotes));
        assert_eq!(slip(r#"{"a":True}"#), word("True", "true"));
        assert_eq!(slip(r#"{"a":[FALSE]}"#), word("FALSE", "false"));
        assert_eq!(slip(r#"{"a":None}"#), word("None", "null"));
        assert_eq!(slip(r#"{"a":undefined}"#), word("undefined", "null"));
        assert_eq!(slip(r#"{"a":NaN}"#), Some(Slip::NotANumber { found: "NaN".to_owned() }));
        assert_eq!(slip("{a:1}"), Some(Slip::UnquotedName { name: "a".to_owned() }));
        assert_eq!(slip("{\"a\":x y}"), Some(Slip::UnquotedText { word: "x".to_owned() }));
        assert_eq!(slip("{ // x\n}"), Some(Slip::Comment));
    }

    #[test]
    fn does_not_guess_at_other_errors() {
        for text in
            ["", " ", "{\"a\":1}}", "{\"a\":01}", "{\"a\":\"\\x\"}", "{\"a\"=1}", "/a/b.json", "sub=alice"]
        {
            assert_eq!(slip(text), None, "{text}");
        }
    }

    #[test]
    fn takes_letters_for_a_name_only_where_a_name_is_expected() {
        for (text, name) in [("{_a:1}", "_a"), ("{$a:1}", "$a")] {
            assert_eq!(slip(text), Some(Slip::UnquotedName { name: name.to_owned() }), "{text}");
        }
        for text in ["{1:2}", r#"{"a" "b"}"#, r#"{"a" b}"#, "{:1}"] {
            assert_eq!(slip(text), None, "{text}");
        }
    }

    #[test]
    fn recognizes_an_assignment_by_its_name() {
        let found = |text: &str| match Slip::assignment(text.as_bytes()) {
            Some(Slip::Assignment { name, literal }) => Some((name, literal)),
            None => None,
            other => panic!("{other:?}"),
        };
        let some = |name: &str, literal| Some((name.to_owned(), literal));
        let long = "a".repeat(32);
        for (text, expected) in [
            ("a_1=x", some("a_1", None)),
            ("_=x", some("_", None)),
            (" admin:=TRUE\n", some("admin", Some("true"))),
            ("a=null", some("a", Some("null"))),
            (&*format!("{long}=x"), some(&long, None)),
            (&format!("a{long}=x"), None),
            ("a-b=x", None),
            ("=x", None),
            ("a=", None),
            ("a==", None),
            ("a==x", some("a", None)),
            ("a", None),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}

//! The text and hints of errors in reading arguments and in finding tokens in them.

use super::{CommandError, ErrorKind};
use crate::core::reason::{Failure, Malformed, Reason};
use crate::core::text::escape::{Shown, excerpt};
use crate::core::text::layout::count;
use crate::core::text::size::SizeError;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::about_opaque;
use crate::input::gzip::GzipError;
use crate::input::{InputError, Origin, PromptedValue};
use crate::scan::advice::{Answer, NotATokenBecause, not_a_token_because, other_kind};
use crate::scan::damage::Damage;
use crate::scan::pick::PickError;
use crate::scan::repair::Deviation;
use crate::scan::shape::{is_harmless_name, looks_like_jwt};
use crate::scan::shapes::{Shape, ShapeContent};
use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPathAfterAt => f.write_str("@ must be followed by the path of a file"),
            Self::Unreadable { purpose, origin, error } => {
                write!(f, "cannot read {purpose} from {origin}: {}", system_text(error))
            }
            Self::TooLarge { purpose, origin, limit } => {
                write!(f, "cannot read {purpose} from {origin}: it is larger than {} MiB", limit >> 20)
            }
            Self::Host(error) => error.fmt(f),
            Self::NotGiven(PromptedValue::Secret) => f.write_str("no secret or key was given"),
            Self::NotGiven(value) => write!(f, "no {} was given", value_name(*value)),
            Self::PromptFailed { value, error } => {
                write!(f, "cannot ask for the {}: {error}", value_name(*value))
            }
            Self::NeitherTokenNorFile(path) => {
                write!(f, "`{}` contains no token and is not the path of a file", shown_path(path))
            }
            Self::Pick(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for InputError {}

impl From<InputError> for CommandError {
    fn from(error: InputError) -> Self {
        match error {
            InputError::Host(error) => error.into(),
            InputError::Pick(error) => error.into(),
            InputError::NotGiven(value) => {
                Self::new(ErrorKind::Unjudged, error).with_hint(ways_to_give(value))
            }
            error => {
                let hint = hint_on_at(&error);
                Self::new(ErrorKind::Unjudged, error).with_optional_hint(hint)
            }
        }
    }
}

/// Returns the text of an error of the system. The number of the most usual one is left out.
pub(super) fn system_text(error: &io::Error) -> String {
    let text = error.to_string();
    if error.kind() == io::ErrorKind::NotFound {
        return text.replace(" (os error 2)", "");
    }
    text
}

/// Returns the hint for a path that begins with `@`, and for a token where a path belongs.
fn hint_on_at(error: &InputError) -> Option<String> {
    let InputError::Unreadable { purpose, origin: Origin::Path(path), .. } = error else { return None };
    let takes_at = *purpose == "the token";
    if looks_like_jwt(path.as_os_str().as_encoded_bytes()) {
        if takes_at {
            return Some("leave out the @ before the token: @ takes the path of a file".to_owned());
        } else if *purpose == "the suite" {
            return Some("a suite is a file; to check a token, write fob verify TOKEN".to_owned());
        }
    }
    let path = path.to_str()?;
    if let Some(rest) = path.strip_prefix("~/").filter(|_| takes_at) {
        let rest = shown_path(Path::new(rest));
        return Some(format!("a shell does not replace a ~ behind the @: write @\"$HOME\"/{rest}"));
    }
    if let Some(rest) = path.strip_prefix("file://") {
        let at = if takes_at { "@" } else { "" };
        return Some(format!("a path has no scheme: write {at}{}", shown_path(Path::new(rest))));
    }
    let path = path.strip_prefix('@')?;
    Some(format!("an option for a path takes no @: write {}", shown_path(Path::new(path))))
}

/// Returns the name of a value, without an article.
const fn value_name(value: PromptedValue) -> &'static str {
    match value {
        PromptedValue::Token => "token",
        PromptedValue::Secret => "secret",
        PromptedValue::Password { name, .. } => name,
    }
}

/// Returns the ways to give a value without a prompt, as a hint.
fn ways_to_give(value: PromptedValue) -> String {
    match value {
        PromptedValue::Token => "give it as an argument, as @PATH, or on standard input".to_owned(),
        PromptedValue::Secret => {
            "use --secret-file PATH, --secret-env VAR or --key PATH, or set FOB_SECRET or FOB_KEY".to_owned()
        }
        PromptedValue::Password { option, .. } => format!("use {option}-env VAR or {option}-file PATH"),
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.write_str(&shown_path(path)),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

/// Returns a path for a message. A text that does not look like a path may be a secret, and is not repeated.
pub(crate) fn shown_path(path: &Path) -> String {
    const LONGEST: usize = 200;
    let text = path.display().to_string();
    let is_token = looks_like_jwt(path.as_os_str().as_encoded_bytes());
    let is_path =
        text.len() <= LONGEST && !is_token && !text.contains(['{', '"', '\n']) && !text.contains("-----");
    if is_path { text } else { "the given path (not shown: it looks like a key or a token)".to_owned() }
}

impl fmt::Display for GzipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the gzip stream ends too soon"),
            Self::Damaged(error) => write!(f, "the gzip stream is damaged: {error}"),
        }
    }
}

impl std::error::Error for GzipError {}

impl fmt::Display for PickError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no token in the input"),
            Self::Several(names) => write!(f, "the input holds {}", TokenList(names)),
            Self::NoSuchToken { pick, names } => {
                write!(
                    f,
                    "`{pick}` is not the name or the number of one token; the input holds {}",
                    TokenList(names)
                )
            }
        }
    }
}

impl std::error::Error for PickError {}

impl From<PickError> for CommandError {
    fn from(error: PickError) -> Self {
        match error {
            PickError::Empty => {
                Self::new(ErrorKind::NoToken, error).with_hint(ways_to_give(PromptedValue::Token))
            }
            PickError::Several(ref names) => {
                let hint = ways_to_pick(names);
                Self::new(ErrorKind::Unjudged, error).with_hint(hint)
            }
            PickError::NoSuchToken { .. } => Self::new(ErrorKind::Unjudged, error),
        }
    }
}

/// Returns how to choose one of several tokens. A name that is a plain word and stands for one token is shorter to write
/// than a number is to find.
fn ways_to_pick(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let is_plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
    };
    let is_only = |name: &String| names.iter().filter(|other| *other == name).count() == 1;
    let pick = |(index, name): (usize, &String)| {
        if is_plain(name) && is_harmless_name(name) && is_only(name) {
            format!("--pick {name}")
        } else {
            format!("--pick {}", index + 1)
        }
    };
    let picks: Vec<String> = names.iter().enumerate().take(SHOWN).map(pick).collect();
    let one = match (picks.split_last(), names.len() > SHOWN) {
        (Some((last, rest)), false) => format!("{} or {last}", rest.join(", ")),
        _ => format!("{} and so on", picks.join(", ")),
    };
    if names.iter().all(|name| name.starts_with("line ")) {
        format!("choose one with {one}; `fob decode` and `fob verify` read one token a line with --lines")
    } else {
        format!("choose one with {one}")
    }
}

/// The number of tokens and the first of their names, each with its number.
struct TokenList<'a>(&'a [String]);

impl fmt::Display for TokenList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMED: usize = 10;
        let Self(names) = self;
        let mut separator = ": ";
        f.write_str(&count_of_tokens(names.len()))?;
        for (index, name) in names.iter().enumerate().take(NAMED) {
            write!(f, "{separator}{}", index + 1)?;
            if !name.is_empty() && is_harmless_name(name) {
                write!(f, " ({})", Shown(&excerpt(name)))?;
            }
            separator = ", ";
        }
        if names.len() > NAMED { write!(f, "{separator}…") } else { Ok(()) }
    }
}

fn count_of_tokens(number: usize) -> String {
    if number == 1 { "one token".to_owned() } else { format!("{number} tokens") }
}

/// The kind of a text and its readable content, as a phrase.
struct ShapeText<'a>(&'a Shape);

impl fmt::Display for ShapeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shape { name, content: ShapeContent { payload, issued } } = self.0;
        f.write_str(name)?;
        if let Some(payload) = payload {
            write!(f, ", with the payload {}", excerpt(payload))?;
        }
        let date = issued.map(|seconds| NumericDate::since_epoch(Duration::from_secs(seconds)));
        date.and_then(NumericDate::to_rfc3339).map_or(Ok(()), |date| write!(f, ", issued {date}"))
    }
}

/// Returns the failure and the hint for a text that is not a token. `pasted` is the text from which it was taken.
pub(crate) fn explained(failure: Failure, token: &[u8], pasted: &[u8]) -> (Failure, Option<String>) {
    if failure.reason == Reason::Malformed(Malformed::TooLarge) {
        return (failure, None);
    }
    match not_a_token_because(token, pasted) {
        None => (failure, None),
        Some(because) => match because.other_kind() {
            Some(detail) => (Failure { detail, ..failure }, None),
            None => (failure, because.hint()),
        },
    }
}

/// Returns the hint for a text that is not a token.
pub(crate) fn token_hint(token: &[u8], pasted: &[u8]) -> Option<String> {
    not_a_token_because(token, pasted).and_then(NotATokenBecause::hint)
}

/// Returns the failure of a text that has the form of another kind, such as a cookie.
pub(crate) fn other_kind_failure(token: &[u8]) -> Option<Failure> {
    let detail = other_kind(token)?.other_kind()?;
    Some(Failure::malformed(Malformed::Segments, detail))
}

/// The endings of files that hold keys.
const KEY_ENDINGS: [&str; 7] = ["pem", "der", "jwk", "jwks", "key", "pub", "crt"];

/// Returns the hint for an argument that is the name of a file.
pub(crate) fn file_name_hint(path: &Path) -> String {
    let may_be_suite =
        path.extension().is_some_and(|ending| ["toml", "yaml", "yml"].iter().any(|known| ending == *known));
    let may_be_key = path.extension().is_some_and(|ending| KEY_ENDINGS.iter().any(|known| ending == *known));
    let path = shown_path(path);
    if may_be_key {
        format!(
            "`{path}` is the name of a file: show a key with fob key show {path}, or read a token with @{path}"
        )
    } else if may_be_suite {
        format!(
            "`{path}` is the name of a file: run a suite with verify --suite {path}, or read a token with @{path}"
        )
    } else {
        format!("`{path}` is the name of a file: write @{path} to read it")
    }
}

/// Returns the hint for a text given to `--payload` that is the name of a file.
pub(crate) fn file_as_payload(path: &Path) -> String {
    let path = shown_path(path);
    format!("`{path}` is the name of a file: write --payload @{path} to read it")
}

impl NotATokenBecause {
    /// Returns the message that names a text of another kind, or `None` for a faulty token.
    pub(crate) fn other_kind(&self) -> Option<String> {
        match self {
            Self::Placeholder(word) => {
                Some(format!("the word `{word}` instead of a token: programs write it for a missing value"))
            }
            Self::Basic(Some(user)) => Some(format!(
                "HTTP Basic credentials, not a token: user name `{}`, password not shown",
                excerpt(user)
            )),
            Self::Basic(None) => Some("HTTP Basic credentials, not a token".to_owned()),
            Self::Key(kind) => Some(format!("{kind}, not a token: `fob key show` shows it")),
            Self::OtherKind(shape) => Some(format!("not a JWT: it has the form of {}", ShapeText(shape))),
            Self::Introspection(active) => Some(format!(
                "the answer of a token introspection (RFC 7662), not a token: the server says that the token is {}",
                if *active { "active" } else { "not active" }
            )),
            Self::Binary(Some(kind)) => Some(format!("binary data, not text: it begins like {kind}")),
            Self::Binary(None) => Some("binary data, not text".to_owned()),
            Self::JsonSerialization(content) => Some(content.instead_of_compact().to_owned()),
            Self::Answer(answer) => Some(answer.to_string()),
            _ => None,
        }
    }

    /// Returns the message for a text without tokens that holds a text of another kind.
    pub(super) fn in_text(&self) -> Option<String> {
        match self {
            Self::OtherKind(shape) => {
                Some(format!("no JWT in this text, but a text with the form of {}", ShapeText(shape)))
            }
            Self::Damaged(damage) => Some(format!("there is no whole token in this text: {damage}")),
            other => other.other_kind().map(|kind| format!("no JWT in this text: {kind}")),
        }
    }

    /// Returns the hint for a text that is not a token.
    pub(crate) fn hint(self) -> Option<String> {
        Some(match self {
            Self::Opaque(length) => {
                let known = about_opaque(length).map(|hint| format!("; {hint}"));
                format!("this is an opaque token: only its issuer can interpret it{}", known.unwrap_or_default())
            }
            Self::HeaderAlone => "this is only the header of a token: copy the other segments too".to_owned(),
            Self::PayloadAlone => {
                "this is one segment with JSON in it, such as the payload of a token: copy the other segments too"
                    .to_owned()
            }
            Self::Utf16 => "this is UTF-16 text: save it as UTF-8".to_owned(),
            Self::Base64 => "this is the Base64 of a token: decode it first".to_owned(),
            Self::CutShort => "the token is cut short: copy it whole".to_owned(),
            Self::Damaged(damage) => damage.to_string(),
            Self::Deviates(Deviation::Padding) => {
                "the segments have `=` padding, which a JWT must not have: if it was signed too, `fob verify --allow-padding` accepts \
                 it; if not, remove every `=`"
                    .to_owned()
            }
            Self::Deviates(Deviation::StandardAlphabet) => {
                "the segments use the alphabet of standard Base64 (`+` and `/`): a JWT has `-` and `_`".to_owned()
            }
            Self::Deviates(Deviation::StrayMark(mark)) => {
                format!("a stray `{mark}` stands beside the token: remove it")
            }
            Self::Deviates(Deviation::SdJwt { disclosures, key_binding: None }) if disclosures.is_empty() => {
                "a `~` at the end belongs to SD-JWTs only: remove it".to_owned()
            }
            Self::Deviates(Deviation::SdJwt { .. }) => {
                "each part of an SD-JWT is Base64url and has one `~` after it, but the key binding JWT has none; \
                 `fob decode` shows the parts"
                    .to_owned()
            }
            Self::WhiteSpaceInside => {
                "the token is broken over several lines or has other white space in it, which may be invisible: join it with --join".to_owned()
            }
            Self::TextWithTokens(number) => {
                format!("this text holds {}; `fob inspect` finds them in any text", count_of_tokens(number))
            }
            other => return other.other_kind(),
        })
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page => f.write_str("a web page (HTML), not a token"),
            Self::Http(status) => write!(f, "an HTTP answer with the status {status}, not a token"),
            Self::OAuthError(code) => write!(f, "the error `{}` of a server, not a token", excerpt(code)),
            Self::Json => f.write_str("JSON without a token"),
            Self::CurlError => f.write_str("an error message of curl, not a token"),
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Front => f.write_str("the token is cut short at its front: copy it whole"),
            Self::Dots { after_header: Some(header), after_payload: Some(payload) } => write!(
                f,
                "both dots of the token are missing: write one after its character {header}, and one after its character \
                 {payload}"
            ),
            Self::Dots { after_header: Some(at), after_payload: None } => write!(
                f,
                "the dot between the header and the payload is missing: write it after character {at} of the token"
            ),
            Self::Dots { after_payload, .. } => {
                let at = after_payload.unwrap_or_default();
                write!(f, "the dot after the payload is missing: write it after character {at} of the token")
            }
        }
    }
}

impl Deviation {
    /// Returns the notes on a token that is shown in another form than it was received.
    pub(crate) fn notes(&self) -> Vec<String> {
        match self {
            Self::Padding => {
                vec!["malformed:charset: the token has `=` padding, which a JWT must not have".to_owned()]
            }
            Self::StandardAlphabet => {
                vec![
                    "malformed:charset: the token uses the alphabet of standard Base64 (`+` and `/`)"
                        .to_owned(),
                ]
            }
            Self::StrayMark(mark) => {
                vec![format!("malformed:charset: a stray `{mark}` stands beside the token")]
            }
            Self::SdJwt { disclosures, key_binding } => {
                let binding =
                    if key_binding.is_some() { "and a key binding JWT" } else { "and no key binding" };
                let number = count(disclosures.len(), "disclosure");
                vec![format!("SD-JWT: this is the issuer's token; {number} after it, {binding}")]
            }
        }
    }
}

impl fmt::Display for SizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "not a size: write 65536, 64K or 2M",
            Self::Zero => "a size must be larger than 0",
            Self::TooLarge => "the size is too large",
        })
    }
}

impl std::error::Error for SizeError {}

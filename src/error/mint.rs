//! The text and hints of errors in making tokens.

use super::{CommandError, ErrorKind};
use crate::core::json::{JsonError, Slip, Value};
use crate::core::key::ring::KeySelectionError;
use crate::core::key::seed::InvalidSeed;
use crate::core::mint::assignment::AssignmentError;
use crate::core::mint::claims::{ClaimError, PayloadAsTokenId};
use crate::core::mint::flaw::{FlawChoice, NotApplicable, UnknownFlaw};
use crate::core::mint::header::HeaderError;
use crate::core::mint::pair::PairError;
use crate::core::mint::signer::SignError;
use crate::core::reason::listed;
use crate::core::text::escape::Shown;
use crate::core::text::shell::word;
use crate::core::token::algorithm::list;
use crate::core::token::numeric_date::Instant;
use std::fmt;

/// The forms of a payload.
const PAYLOAD_HINT: &str = "write an object such as '{\"sub\":\"alice\"}', @PATH, or use -c name=text";

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeySelection(cause) => cause.fmt(f),
            Self::Refused(failure) => write!(f, "{}: {}", failure.reason, failure.detail),
            Self::NoAlgorithm { key } => write!(f, "this build has no algorithm that signs with {key}"),
            Self::WrongKeyType { algorithm, key, source, .. } => {
                write!(f, "{algorithm} does not work with {key} from {source}")
            }
            Self::PublicKey { source } => {
                write!(f, "the key from {source} is public: it can verify, but not sign")
            }
            Self::HalvesDiffer { source } => {
                write!(f, "the private half of the key from {source} does not match its public half")
            }
            Self::NotInToken { offset } => write!(
                f,
                "an unencoded payload cannot be in a token: the byte at offset {offset} is a dot or not printable ASCII \
                 (RFC 7797 section 5.2)"
            ),
            Self::Header(error) => error.fmt(f),
            Self::Unusable(unusable) => unusable.fmt(f),
        }
    }
}

impl std::error::Error for SignError {}

impl From<SignError> for CommandError {
    fn from(error: SignError) -> Self {
        let hint = match &error {
            SignError::KeySelection(KeySelectionError::Several { .. }) => {
                Some("choose one with --kid".to_owned())
            }
            SignError::WrongKeyType { usable, .. } => Some(format!("this key signs with {}", list(usable))),
            SignError::NotInToken { .. } => Some("add --detached, or leave out --no-b64".to_owned()),
            SignError::Header(error) => error.hint().map(str::to_owned),
            _ => None,
        };
        let error = Self::new(ErrorKind::Unjudged, error);
        hint.into_iter().fold(error, Self::with_hint)
    }
}

impl HeaderError {
    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Reserved { name } => Some(match name.to_ascii_lowercase().as_str() {
                "alg" => "set the algorithm with --alg",
                "zip" => "leave zip out: the payload of a signed token is never compressed",
                "enc" => "leave enc out: the payload of a signed token is not encrypted",
                _ => "to test a verifier with crit, use --flaw crit",
            }),
            Self::Repeated { .. } => None,
        }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reserved { name } => write!(f, "--header cannot set `{name}`"),
            Self::Repeated { name } => {
                write!(f, "the header parameter `{}` is given twice", Shown(name))
            }
        }
    }
}

impl std::error::Error for HeaderError {}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { error, .. } => write!(f, "the payload is {error}"),
            Self::Place(error) => error.fmt(f),
            Self::NotAnObject => f.write_str("the payload is not a JSON object"),
            Self::RepeatedInPayload { pointer } => write!(f, "the payload has {pointer} more than once"),
            Self::Repeated { name } => write!(f, "the claim `{}` is given twice", Shown(name)),
            Self::IssueAfterIssue => {
                f.write_str("--iat is the time of issue itself, so it cannot be a duration after the issue")
            }
            Self::BeforeEpoch { name } => write!(f, "--{name} lies before 1970"),
        }
    }
}

impl std::error::Error for ClaimError {}

impl From<ClaimError> for CommandError {
    fn from(error: ClaimError) -> Self {
        let hint = match &error {
            // A text that begins with a word is not meant to be JSON.
            ClaimError::Json {
                slip: Some(Slip::UnquotedText { .. }),
                error: JsonError { offset: 0, .. },
            } => Some(PAYLOAD_HINT.to_owned()),
            ClaimError::Json { slip: Some(slip), .. } => Some(slip.to_string()),
            ClaimError::Place(error) => Some(error.hint()),
            ClaimError::Json { slip: None, .. } => Some(PAYLOAD_HINT.to_owned()),
            ClaimError::NotAnObject => Some("add --verbatim to sign any bytes".to_owned()),
            ClaimError::RepeatedInPayload { .. } => None,
            ClaimError::Repeated { .. } => Some("each claim has one value; leave one of them out".to_owned()),
            ClaimError::IssueAfterIssue => Some("write +15m or -15m for a time from now".to_owned()),
            ClaimError::BeforeEpoch { name } => Some(format!("use -c {name}:=NUMBER to write it anyway")),
        };
        let error = Self::new(ErrorKind::Unjudged, error);
        hint.into_iter().fold(error, Self::with_hint)
    }
}

impl fmt::Display for PairError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RepeatedClaim { name } => write!(f, "the claim `{}` is given twice", Shown(name)),
            Self::Place(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PairError {}

impl From<PairError> for CommandError {
    fn from(error: PairError) -> Self {
        let hint = match &error {
            PairError::RepeatedClaim { .. } => {
                "the profile writes some claims itself: set their values with options, or leave them out"
                    .to_owned()
            }
            PairError::Place(error) => error.hint(),
        };
        Self::new(ErrorKind::Unjudged, error).with_hint(hint)
    }
}

impl fmt::Display for NotApplicable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaselineRejected { reasons } => {
                write!(f, "verify rejects the token even without the flaw: {}", listed(reasons))
            }
            Self::NotDetected { found, expected } if found.is_empty() => {
                write!(f, "verify accepts the flawed token, but {expected} was expected")
            }
            Self::NotDetected { found, expected } => {
                write!(f, "verify rejects the flawed token with {}, not with {expected}", listed(found))
            }
            Self::NoSuchClaim { claim } => write!(f, "the token has no claim `{claim}`"),
            Self::NotNameable { claim } => write!(f, "verify --claim cannot name the claim `{claim}`"),
            Self::NoPublicHalf { key } => write!(f, "{key} has no public half"),
            Self::Sign(error) => error.fmt(f),
            Self::NotEncrypted => f.write_str(
                "the token is not encrypted; --encrypt-for takes the private key or the secret of the recipient",
            ),
            Self::Encrypt(error) => error.fmt(f),
            Self::NoOtherKey(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotApplicable {}

impl fmt::Display for UnknownFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = FlawChoice::names().map(|(name, _)| name).collect();
        write!(f, "no such flaw; use one of {}", names.join(", "))
    }
}

impl std::error::Error for UnknownFlaw {}

impl fmt::Display for InvalidSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "write a whole number from 0 to {}", u64::MAX)
    }
}

impl std::error::Error for InvalidSeed {}

impl fmt::Display for AssignmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => {
                f.write_str("write name=text, or name:=json for a number, true, null, an array or an object")
            }
            Self::NoSign { guess: Some(guess) } => {
                write!(f, "there is no = after the name: write {guess}")
            }
            Self::NoSign { guess: None } => write!(f, "there is no = after the name: {}", Self::Form),
            Self::Json { name, text, error, slip } => {
                write!(f, "the value after := is {error}: ")?;
                if let Some(list) = quoted_list(text) {
                    return write!(f, "write {}", Shown(&word(&format!("{name}:={list}"))));
                }
                if ["exp", "nbf", "iat"].contains(&name.as_str()) && text.parse::<Instant>().is_ok() {
                    return write!(f, "write fob encode --{name} {} for a time", Shown(&word(text)));
                }
                match slip {
                    Some(Slip::UnquotedText { .. }) => {
                        write!(f, "write {} for text", Shown(&format!("{name}={text}")))
                    }
                    Some(Slip::Word { meant, found }) if found == text => {
                        write!(f, "write {}", Shown(&format!("{name}:={meant}")))
                    }
                    Some(slip) => slip.fmt(f),
                    None => write!(f, "write {} for text", Shown(&format!("{name}={text}"))),
                }
            }
            Self::Repeated { pointer } => {
                write!(f, "the value after := has {} more than once", Shown(pointer))
            }
        }
    }
}

impl std::error::Error for AssignmentError {}

/// Returns a list of words without quotes, such as `[a,b]`, as a JSON array of texts.
fn quoted_list(text: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@".contains(&byte);
    // A number or a word such as `true` can be meant as it is.
    let is_literal = |item: &str| {
        ["true", "false", "null", "none", "nan"].iter().any(|word| word.eq_ignore_ascii_case(item))
    };
    let items = text.trim().strip_prefix('[')?.strip_suffix(']')?.split(',').map(str::trim);
    let texts = items.map(|item| {
        let is_text = item.bytes().all(is_plain) && item.starts_with(|c: char| c.is_ascii_alphabetic());
        (is_text && !is_literal(item)).then(|| Value::string(item))
    });
    texts.collect::<Option<Vec<Value<'_>>>>().map(|items| Value::Array(items).to_string())
}

impl fmt::Display for PayloadAsTokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this looks like the payload: put it before --jti")
    }
}

impl std::error::Error for PayloadAsTokenId {}

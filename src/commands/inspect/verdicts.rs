//! The verdicts that a suite expects: those of `verify` by the key that is given, and without one what can be said all the
//! same. Here nothing is kept and nothing is written.

use crate::core::key::ring::KeyChoice;
use crate::core::mint::encoding::to_json;
use crate::core::mint::header::HeaderTemplate;
use crate::core::mint::signer::PreparedSigner;
use crate::core::reason::{Expectation, Reason};
use crate::core::report::Verification;
use crate::core::text::escape::Escapes;
use crate::core::token::Token;
use crate::core::token::algorithm::{AlgName, Algorithm, KeyType};
use crate::core::token::jws::Compact;
use crate::core::token::kind::TokenKind;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::check::Detail;
use crate::core::verify::header_checks::HeaderChecks;
use crate::core::verify::judge::{Judgement, Verdict, judge};
use crate::core::verify::policy::Policy;
use crate::keys::GivenKey;
use crate::scan::pick::in_line;
use crate::suite::key;
use crate::suite::mint;
use crate::suite::write::Setting;
use std::borrow::Cow;

/// What tokens are judged by, beside the key.
pub(super) struct Bench {
    pub(super) policy: Policy,
    pub(super) at: NumericDate,
    pub(super) max_size: usize,
    /// Whether a key that signs can be had in the way in which the key was given.
    pub(super) may_sign: bool,
}

/// What a token is verified with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Secret,
    Key,
}

impl Family {
    /// By the header of a token.
    pub(super) fn of(token: &Token<'_>) -> Option<Self> {
        match token.header.as_ref().ok()?.alg().map(AlgName::parse) {
            Ok(AlgName::Known(algorithm)) if algorithm.kty() == KeyType::Oct => Some(Self::Secret),
            Ok(AlgName::Known(_)) => Some(Self::Key),
            _ => None,
        }
    }

    /// A name to be filled in.
    pub(super) fn setting(self) -> (String, Setting) {
        let (name, value) = match self {
            Self::Secret => ("secret-env", key::VARIABLE),
            Self::Key => ("key", key::FILE),
        };
        (name.to_owned(), Setting::Text(value.to_owned()))
    }
}

/// What is said of a text, and what came of it.
pub(super) struct Judged {
    pub(super) kind: &'static str,
    pub(super) family: Option<Family>,
    pub(super) reasons: Vec<Reason>,
    /// Whether it is well-formed and its signature holds, or would be looked at if there were a key.
    pub(super) holds: bool,
}

/// What mints a token anew, and what comes of it.
pub(super) struct Minted {
    pub(super) settings: Vec<(String, Setting)>,
    pub(super) reasons: Vec<Reason>,
}

impl Bench {
    /// The verdict on a text by the key, if there is one; else what can be said without, as if its signature held.
    pub(super) fn judged(&self, text: &str, given: Option<&GivenKey>) -> Judged {
        // What was found is one token.
        let found = in_line(text.as_bytes()).unwrap_or(Ok(Cow::Borrowed(text.as_bytes())));
        let compact =
            found.as_ref().map_err(Clone::clone).and_then(|found| Compact::parse(found, self.max_size));
        let compact = match compact {
            Ok(compact) => compact,
            Err(failure) => {
                let reasons = vec![failure.reason];
                return Judged { kind: "unreadable token", family: None, reasons, holds: false };
            }
        };
        let token = Token::parse(&compact);
        let (reasons, holds) = match given {
            Some(given) => {
                let verification =
                    Verification::bare(&token, &given.keys, &self.policy, self.at, Detail::ReasonsOnly);
                let judgement = verification.judgement;
                let holds = judgement.is_authentic() && judgement.verdict() != Verdict::Malformed;
                (judgement.reasons, holds)
            }
            None => {
                let reasons = self.without_key(&token).reasons;
                let is_in_the_way = |reason: &Reason| {
                    let unsigned = matches!(reason, Reason::AlgNone | Reason::AlgUnsupported);
                    unsigned || reason.is_malformed() || *reason == Reason::CritUnsupported
                };
                let holds = !reasons.iter().any(is_in_the_way);
                (reasons, holds)
            }
        };
        Judged {
            kind: TokenKind::from_token(&token).description(),
            family: Family::of(&token),
            reasons,
            holds,
        }
    }

    /// What mints a masked token anew with a signature that holds, and the verdict on it; nothing if the key cannot sign
    /// it. Without a key, a secret is one that can.
    pub(super) fn minted(&self, masked: &str, given: Option<&GivenKey>) -> Option<Minted> {
        let compact = Compact::parse(masked.as_bytes(), self.max_size).ok()?;
        let token = Token::parse(&compact);
        let header = token.header.as_ref().ok()?;
        let claims = token.unverified_claims()?.members();
        let Some(given) = given else {
            let settings = mint::settings(header.members(), claims, None)?;
            return (Family::of(&token) == Some(Family::Secret))
                .then(|| Minted { settings, reasons: self.without_key(&token).reasons });
        };
        let algorithm: Algorithm = header.alg().ok()?.parse().ok().filter(|_| self.may_sign)?;
        let template = HeaderTemplate::default();
        let signer = PreparedSigner::for_claims(&given.keys, Some(algorithm), claims, &template).ok()?;
        let settings = mint::settings(header.members(), claims, signer.kid())?;
        let payload = to_json(claims, Escapes::Needed);
        let minted = signer.sign_under(header.members(), payload.as_bytes()).ok()?;
        let verdict = self.judged(&minted, Some(given));
        verdict.holds.then_some(Minted { settings, reasons: verdict.reasons })
    }

    fn without_key<'t>(&self, token: &'t Token<'_>) -> Judgement<'t> {
        let choice = KeyChoice { key: None, failure: None, fits_type: true, source: "", how: None };
        let gate = token.header.as_ref().ok().map(|header| HeaderChecks::new(header, choice, &self.policy));
        judge(token, gate.as_ref(), &self.policy, self.at, Detail::ReasonsOnly)
    }
}

/// What is to come of a token: the reasons, or that there are none.
pub(super) fn expectations(reasons: Vec<Reason>) -> Vec<Expectation> {
    if reasons.is_empty() {
        return vec![Expectation::Accepted];
    }
    let expectation = |reason: Reason| match reason.to_string().parse() {
        // A name that has to be escaped does not read back as it was.
        Ok(Expectation::Reason(read)) if read == reason => Expectation::Reason(reason),
        _ => Expectation::Family(reason.family()),
    };
    reasons.into_iter().map(expectation).collect()
}

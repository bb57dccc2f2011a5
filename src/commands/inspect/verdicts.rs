//! The verdicts that a recorded suite expects: those of `verify` with the given key or, without a key, those of all checks
//! that need none. Nothing is written here.

use crate::core::encryption::{Decrypter, Encrypter, EncryptionSettings, Jwe};
use crate::core::mint::encoding::to_json;
use crate::core::mint::header::HeaderTemplate;
use crate::core::mint::signer::PreparedSigner;
use crate::core::reason::{Expectation, Reason};
use crate::core::redact::fixture::masked_token;
use crate::core::text::escape::Escapes;
use crate::core::token::Token;
use crate::core::token::algorithm::{AlgName, Algorithm, KeyType};
use crate::core::token::jws::Compact;
use crate::core::token::kind::TokenKind;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::Verifier;
use crate::core::verify::check::Detail;
use crate::core::verify::judge::Verdict;
use crate::core::verify::policy::Policy;
use crate::keys::GivenKey;
use crate::scan::extract::of_line;
use crate::scan::extracted::Extracted;
use crate::suite::key;
use crate::suite::mint;
use crate::suite::write::Setting;
use std::borrow::Cow;

/// The settings for judging recorded tokens, apart from the key.
pub(super) struct CaseJudge {
    pub(super) policy: Policy,
    pub(super) at: NumericDate,
    pub(super) max_size: usize,
    /// True if the given key can sign; fetched keys are public and cannot.
    pub(super) may_sign: bool,
    /// The keys that decrypt tokens.
    pub(super) decrypter: Option<Decrypter>,
}

/// The kind of key that a case needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CaseKey {
    Secret,
    KeyFile,
}

impl CaseKey {
    /// Returns the kind of key for the algorithm of a token.
    pub(super) fn for_token(token: &Token<'_>) -> Option<Self> {
        match token.header.as_ref().ok()?.alg().map(AlgName::parse) {
            Ok(AlgName::Known(algorithm)) if algorithm.kty() == KeyType::Oct => Some(Self::Secret),
            Ok(AlgName::Known(_)) => Some(Self::KeyFile),
            _ => None,
        }
    }

    /// Returns the setting of a suite that names the key, with a value for the user to replace.
    pub(super) fn setting(self) -> (String, Setting) {
        let (name, value) = match self {
            Self::Secret => ("secret-env", key::VARIABLE),
            Self::KeyFile => ("key", key::FILE),
        };
        (name.to_owned(), Setting::Text(value.to_owned()))
    }
}

/// The verdict on a recorded token.
pub(super) struct Judged {
    pub(super) kind: &'static str,
    pub(super) key: Option<CaseKey>,
    pub(super) reasons: Vec<Reason>,
    /// True if the token is well-formed and its signature is valid or, without a key, could be verified.
    pub(super) holds: bool,
}

/// The settings that mint a token again, and the reasons of its verdict.
pub(super) struct Minted {
    pub(super) settings: Vec<(String, Setting)>,
    pub(super) reasons: Vec<Reason>,
}

impl CaseJudge {
    /// Judges a text with the key. Without a key, judges it as if its signature were valid.
    pub(super) fn judged(&self, text: &str, given: Option<&GivenKey>) -> Judged {
        // The text was found as one token.
        let found = match of_line(text.as_bytes()) {
            Some(found) => found.map(|Extracted { token, .. }| token),
            None => Ok(Cow::Borrowed(text.as_bytes())),
        };
        let verifier = self.verifier(given);
        let opening = found.as_ref().ok().and_then(|found| verifier.open(found));
        let opening = opening.as_ref();
        let parsed = found.as_ref().map_err(Clone::clone);
        let parsed = parsed.and_then(|found| verifier.parse_opened(found, opening));
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(failure) => {
                let reasons = match opening {
                    Some(_) => verifier.unreadable_inside(failure, opening).judgement.reasons,
                    None => vec![failure.reason],
                };
                return Judged { kind: "unreadable token", key: None, reasons, holds: false };
            }
        };
        let submitted = parsed.read();
        let judgement = verifier.judge(&submitted, self.at).judgement;
        let holds = if given.is_some() {
            judgement.is_authentic() && judgement.verdict() != Verdict::Malformed
        } else {
            // Without a key no signature is verified. These reasons would keep it from being verified with one.
            !judgement.reasons.iter().any(|reason| {
                let unsigned = matches!(reason, Reason::AlgNone | Reason::AlgUnsupported);
                unsigned || reason.is_malformed() || *reason == Reason::CritUnsupported
            })
        };
        let holds = holds && opening.is_none_or(|opening| opening.obstacle().is_none());
        let token = submitted.token();
        let kind = TokenKind::from_token(token).description();
        Judged { kind, key: CaseKey::for_token(token), reasons: judgement.reasons, holds }
    }

    /// Returns the settings that mint a masked token again with a valid signature, and the reasons of its verdict.
    /// Returns `None` if the key cannot sign it. Without a key, only a secret is expected to sign.
    pub(super) fn minted(&self, masked: &str, given: Option<&GivenKey>) -> Option<Minted> {
        let verifier = self.verifier(given);
        let parsed = verifier.parse(masked.as_bytes()).ok()?;
        let submitted = parsed.read();
        let token = submitted.token();
        let header = token.header.as_ref().ok()?;
        let claims = token.unverified_claims()?.members();
        let Some(given) = given else {
            let settings = mint::settings(header.members(), claims, None)?;
            return (CaseKey::for_token(token) == Some(CaseKey::Secret)).then(|| {
                let reasons = verifier.judge(&submitted, self.at).judgement.reasons;
                Minted { settings, reasons }
            });
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

    /// Returns the settings that mint the masked content of an encrypted token again, and encrypt it for the same key.
    /// `recipient` is the setting that names this key. Returns `None` if the content is no signed token, or if one of the keys
    /// cannot make it.
    pub(super) fn minted_inside(
        &self,
        text: &str,
        given: Option<&GivenKey>,
        recipient: &[(String, Setting)],
    ) -> Option<Minted> {
        let verifier = self.verifier(given);
        let opening = verifier.open(text.as_bytes())?;
        let signed = std::str::from_utf8(opening.signed()?).ok()?;
        let jwe = Jwe::parse(text.as_bytes(), self.max_size).ok()?;
        let outermost = Compact::parse(text.as_bytes(), self.max_size).ok();
        let is_alone = opening.envelopes_of(outermost, self.max_size).len() == 1;
        let has_copies = ["iss", "sub", "aud"].into_iter().any(|name| jwe.header().get(name).is_some());
        if !is_alone || has_copies || recipient.is_empty() {
            return None;
        }
        let settings = EncryptionSettings {
            algorithm: Some(jwe.algorithm()),
            content: Some(jwe.content()),
            ..EncryptionSettings::default()
        };
        Encrypter::for_recipient(self.decrypter.as_ref()?.ring(), &settings).ok()?;
        let masked = masked_token(signed).unwrap_or_else(|| signed.to_owned());
        let mut minted = self.minted(&masked, given)?;
        minted.settings.extend_from_slice(recipient);
        let named = [("encrypt-alg", jwe.algorithm().name()), ("enc", jwe.content().name())];
        let named = named.map(|(name, value)| (format!("mint.{name}"), Setting::Text(value.to_owned())));
        minted.settings.extend(named);
        Some(minted)
    }

    fn verifier<'v>(&'v self, given: Option<&'v GivenKey>) -> Verifier<'v> {
        let verifier = match given {
            Some(given) => Verifier::new(&given.keys, &self.policy),
            None => Verifier::without_key(&self.policy),
        };
        verifier
            .with_max_size(self.max_size)
            .with_decrypter(self.decrypter.as_ref())
            .with_detail(Detail::ReasonsOnly)
    }
}

/// Returns the expectations that a verdict with these reasons meets.
pub(super) fn expectations(reasons: Vec<Reason>) -> Vec<Expectation> {
    if reasons.is_empty() {
        return vec![Expectation::Accepted];
    }
    let expectation = |reason: Reason| match reason.to_string().parse() {
        // A claim name that has to be escaped does not read back as it was.
        Ok(Expectation::Reason(read)) if read == reason => Expectation::Reason(reason),
        _ => Expectation::Family(reason.code()),
    };
    reasons.into_iter().map(expectation).collect()
}

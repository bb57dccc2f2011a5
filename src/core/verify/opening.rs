//! The outer checks of an encrypted token: form, `alg`, `enc`, key and decryption. What they decrypt is judged like a token
//! that came without encryption. The checks are facts about the envelope; they verify no signature.

use super::check::{Check, Checks, Detail};
use crate::core::encryption::algorithm::{KeyAlgorithm, KeyManagement};
use crate::core::encryption::error::{
    DecryptionError, EphemeralKeyError, JweError, KeyUnfit, NoDecryptionKey, ParameterFault,
};
use crate::core::encryption::{CompressionError, Decrypted, Decrypter, JsonJwe, Jwe};
use crate::core::key::secret::SecretFormat;
use crate::core::key::{Key, Material};
use crate::core::reason::{CheckName, Failure, KeyMismatch, Malformed, Reason};
use crate::core::token::claims::ClaimsSet;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::Compact;

/// An encrypted token after the attempt to decrypt it.
#[derive(Debug)]
pub struct Opening<'v> {
    pub(super) checks: Checks,
    header: Option<JoseHeader<'static>>,
    algorithm: Option<KeyAlgorithm>,
    key: Option<&'v Key>,
    /// The only decryption key.
    only: Option<&'v Key>,
    source: &'v str,
    decrypted: Option<Decrypted>,
    error: Option<DecryptionError>,
    /// The recipient of a document that was chosen, counted from zero.
    recipient: usize,
    form: String,
}

/// The envelope of a nested token: its checks, its header and its key.
#[derive(Clone, Debug)]
pub struct Envelope<'t> {
    /// The checks of the envelope, in the order they were made.
    pub checks: Vec<Check>,
    /// The header of the encrypted token.
    pub header: &'t JoseHeader<'static>,
    /// The key that decrypted the token.
    pub key: Option<&'t Key>,
    /// Where the decryption keys came from.
    pub source: &'t str,
}

/// Reports whether a text has five segments.
pub(super) fn is_encrypted(token: &[u8]) -> bool {
    memchr::memchr_iter(b'.', token).take(5).count() == 4
}

impl<'v> Opening<'v> {
    /// Decrypts a token, and makes the checks of its envelope.
    pub(super) fn new(token: &[u8], decrypter: &'v Decrypter, max_size: usize) -> Self {
        let mut opening = Self::begin(decrypter, FORM.to_owned());
        match Jwe::parse(token, max_size) {
            Ok(jwe) => opening.decrypt(&jwe, decrypter),
            Err(error) => opening.refuse(&error),
        }
        opening
    }

    /// Decrypts a document in JSON serialization for the first recipient for whom the keys decrypt it, and makes the checks of
    /// its envelope. If there is none, the checks are those of the recipient who comes closest.
    pub(super) fn of_document(document: &JsonJwe, decrypter: &'v Decrypter) -> Self {
        let form = document.entries.first().map_or("", |entry| entry.form().name());
        let total = document.recipients.len();
        let attempt = |(index, recipient): (usize, &Result<Jwe<'static>, JweError>)| {
            let which =
                if total > 1 { format!(", recipient {} of {total}", index + 1) } else { String::new() };
            let form = format!("{form} JSON serialization{which}, strict Base64url and JSON");
            let mut opening = Self { recipient: index, ..Self::begin(decrypter, form) };
            match recipient {
                Ok(jwe) => opening.decrypt(jwe, decrypter),
                Err(error) => opening.refuse(error),
            }
            opening
        };
        let mut closest: Option<Self> = None;
        for opening in document.recipients.iter().enumerate().map(attempt) {
            if opening.is_decrypted() {
                return opening;
            }
            if closest.as_ref().is_none_or(|closest| opening.closeness() > closest.closeness()) {
                closest = Some(opening);
            }
        }
        closest.unwrap_or_else(|| Self::begin(decrypter, String::new()))
    }

    /// Returns how far the decryption came: a key that fits counts more than a token that was read.
    fn closeness(&self) -> usize {
        usize::from(self.key.is_some()) * 2 + usize::from(self.header.is_some())
    }

    fn begin(decrypter: &'v Decrypter, form: String) -> Self {
        Self {
            checks: Checks::new(Detail::Full),
            header: None,
            algorithm: None,
            key: None,
            only: decrypter.ring().only(),
            source: decrypter.ring().source(),
            decrypted: None,
            error: None,
            recipient: 0,
            form,
        }
    }

    /// Adds the check that a token fails because it cannot be read.
    fn refuse(&mut self, error: &JweError) {
        let (check, failure) = unreadable(error);
        if check != CheckName::Form {
            self.pass_form();
        }
        self.checks.reject(check, failure);
    }

    fn pass_form(&mut self) {
        let form = self.form.clone();
        self.checks.pass(CheckName::Form, || form);
    }

    /// Returns the recipient of a document that was chosen, counted from zero.
    #[must_use]
    pub const fn recipient(&self) -> usize {
        self.recipient
    }

    fn decrypt(&mut self, jwe: &Jwe<'_>, decrypter: &'v Decrypter) {
        let algorithm = jwe.algorithm();
        self.header = Some(jwe.header().clone().into_owned());
        self.algorithm = Some(algorithm);
        self.pass_form();
        let key = decrypter.key(jwe);
        if let Err(error @ DecryptionError::NotAllowed { .. }) = &key {
            self.checks.fail(CheckName::Alg, Reason::AlgNotAllowed, || error.to_string());
        } else {
            let how = if decrypter.is_restricted() { ", allowed by --decrypt-alg" } else { "" };
            let note = if jwe.is_alg_protected() { "" } else { ", from an unprotected header" };
            self.checks.pass(CheckName::Alg, || format!("{algorithm}{how}{note}"));
        }
        self.checks.pass(CheckName::Enc, || jwe.content().to_string());
        let failure = match key {
            Ok(key) => {
                self.key = Some(key);
                let fact = || format!("{}, {} bits, from {}", name_of(key), key.bits(), key.source);
                self.checks.pass(CheckName::Key, fact);
                decrypter.decrypt(jwe)
            }
            Err(error) => Err(error),
        };
        match failure {
            Ok(decrypted) => {
                let length = decrypted.plaintext.expose().len();
                let how = if jwe.is_compressed() { ", decompressed" } else { "" };
                self.checks.pass(CheckName::Decrypt, || format!("{length} bytes{how}"));
                self.decrypted = Some(decrypted);
            }
            Err(error) => {
                if let Some((check, failure)) = undecrypted(&error) {
                    self.checks.reject(check, failure);
                }
                if self.key.is_none() {
                    let obstacle = match error {
                        DecryptionError::NotAllowed { .. } => "not decrypted: the algorithm is not allowed",
                        _ => "not decrypted: the key is not usable",
                    };
                    let has_failed = matches!(error, DecryptionError::OtherRsaSize { .. });
                    if !has_failed {
                        self.checks.skip(CheckName::Decrypt, || obstacle);
                    }
                }
                self.error = Some(error);
            }
        }
    }

    /// Returns the text of the token inside, if the content is one.
    #[must_use]
    pub fn nested(&self) -> Option<&[u8]> {
        self.decrypted.as_ref().filter(|decrypted| decrypted.is_nested()).map(|it| it.plaintext.expose())
    }

    /// Returns the decrypted content, if it is no token.
    #[must_use]
    pub fn plain(&self) -> Option<&[u8]> {
        self.decrypted.as_ref().filter(|decrypted| !decrypted.is_nested()).map(|it| it.plaintext.expose())
    }

    /// Reports whether the token was decrypted.
    #[must_use]
    pub const fn is_decrypted(&self) -> bool {
        self.decrypted.is_some()
    }

    /// Returns the first check that failed, with its facts.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        let failed =
            |check: &Check| Some(Failure::new(check.reason.clone()?, check.fact.sentence.to_string()));
        self.checks.list.iter().find_map(failed)
    }

    /// Returns the decrypted content.
    ///
    /// # Errors
    /// Returns the first check that failed, with its facts, and a hint on what to do about it.
    pub fn into_decrypted(self) -> Result<Decrypted, (Failure, Option<String>)> {
        let hint = self.hints().into_iter().next();
        let failure = self.failure();
        self.decrypted.ok_or_else(|| {
            (failure.unwrap_or_else(|| Failure::new(Reason::DecryptFailed, "not decrypted")), hint)
        })
    }

    /// Returns the encrypted token as text, if there is a token inside it.
    #[must_use]
    pub fn envelope_of<'t>(&self, token: &'t [u8], max_size: usize) -> Option<Compact<'t>> {
        self.nested()?;
        Compact::parse(token, max_size).ok()
    }

    /// Returns the key that was chosen.
    pub(super) const fn key(&self) -> Option<&'v Key> {
        self.key
    }

    /// Returns the source of the keys.
    pub(super) const fn source(&self) -> &'v str {
        self.source
    }

    /// Reports whether the algorithm uses a key that sender and recipient share.
    pub(super) fn is_shared(&self) -> bool {
        self.algorithm.is_some_and(|algorithm| {
            matches!(
                algorithm.management(),
                KeyManagement::Direct
                    | KeyManagement::Wrap(_)
                    | KeyManagement::GcmWrap(_)
                    | KeyManagement::Password(..)
            )
        })
    }

    /// Compares the claims with their copies in the header (RFC 7519 section 5.3).
    pub(super) fn check_copies(&self, checks: &mut Checks, claims: Option<&ClaimsSet<'_>>) {
        for name in ["iss", "sub", "aud"] {
            let Some(copy) = self.header.as_ref().and_then(|header| header.get(name)) else { continue };
            let check = CheckName::claim(name);
            let reason = || Reason::WrongClaim(name.to_owned());
            match claims.map(|claims| claims.get(name)) {
                None => checks.skip(check, || format!("the header says {copy}, but there are no claims")),
                Some(Some(claim)) if copy.same(claim) => {
                    checks.pass(check, || "equal to its copy in the header")
                }
                Some(Some(claim)) => {
                    checks.fail(check, reason(), || {
                        format!("{claim}, but the header of the encryption says {copy}")
                    });
                }
                Some(None) => checks.fail(check, reason(), || {
                    format!("the token has no `{name}`, but the header of the encryption says {copy}")
                }),
            }
        }
    }

    /// Returns the envelope of a nested token. Adds the comparison of the claims with their copies in the header.
    pub(super) fn envelope(&self, claims: Option<&ClaimsSet<'_>>) -> Option<(Envelope<'_>, Vec<Reason>)> {
        let header = self.header.as_ref()?;
        let mut checks = self.checks.clone();
        self.check_copies(&mut checks, claims);
        let envelope = Envelope { checks: checks.list, header, key: self.key, source: self.source };
        Some((envelope, checks.reasons))
    }

    /// Returns what to do about an envelope that was not opened. Only facts that were known before the decryption count.
    pub(super) fn hints(&self) -> Vec<String> {
        let hint = match &self.error {
            Some(DecryptionError::NotAllowed { algorithm, named }) if named.is_empty() => {
                format!(
                    "{algorithm} is not safe to offer to every sender: --decrypt-alg {algorithm} allows it for this run"
                )
            }
            Some(DecryptionError::NotAllowed { algorithm, .. }) => {
                format!("add --decrypt-alg {algorithm} if tokens with it are expected")
            }
            Some(DecryptionError::Key(KeyUnfit::SecretLength { expected, .. })) => {
                match self.rejected_secret(*expected) {
                    Some(format) => format!(
                        "read as {format}, the shared key has {expected} bytes: use --decrypt-secret-format {format}"
                    ),
                    None => return Vec::new(),
                }
            }
            Some(DecryptionError::Key(KeyUnfit::NoPrivateHalf)) => {
                "decryption needs the private key: give it with --decrypt-key".to_owned()
            }
            Some(DecryptionError::NoKey(NoDecryptionKey::OtherKid { .. })) => {
                "the token names another key: give that one with --decrypt-key".to_owned()
            }
            _ => return Vec::new(),
        };
        vec![hint]
    }

    /// Returns the encoding in which the only shared key, given as text, has the length that is needed.
    fn rejected_secret(&self, expected: usize) -> Option<&'static str> {
        let key = self.only.filter(|key| key.form != "JWK")?;
        let Material::Hmac(secret) = &key.material else { return None };
        let fits = |format: &&SecretFormat| {
            format.read(secret.expose()).is_ok_and(|read| read.expose().len() == expected)
        };
        let formats = [SecretFormat::Base64, SecretFormat::Base64url, SecretFormat::Hex];
        formats.iter().find(fits).map(|format| format.name())
    }
}

const FORM: &str = "five segments, strict Base64url and JSON";

/// Describes a decryption key, not escaped yet.
fn name_of(key: &Key) -> String {
    match key.material {
        Material::Hmac(_) => "a shared key".to_owned(),
        _ => key.kind(),
    }
}

/// Returns the check that a token fails because it cannot be read, and why.
fn unreadable(error: &JweError) -> (CheckName<'static>, Failure) {
    let detail = || error.to_string();
    let malformed = |malformed| (CheckName::Form, Failure::malformed(malformed, detail()));
    match error {
        JweError::Form(failure) => (CheckName::Form, failure.clone()),
        JweError::NotEncrypted | JweError::Member { .. } | JweError::TooManyRecipients { .. } => {
            malformed(Malformed::Segments)
        }
        JweError::DuplicateMember(_) => malformed(Malformed::DuplicateMember),
        JweError::Base64 { .. } => malformed(Malformed::Base64),
        JweError::Parameter { name: "iv" | "tag", fault: ParameterFault::Length { .. } }
        | JweError::Length { .. }
        | JweError::Blocks { .. }
        | JweError::NoEncryptedKey => (CheckName::Decrypt, Failure::new(Reason::DecryptFailed, detail())),
        JweError::Parameter { name, .. } => malformed(Malformed::of_parameter(name)),
        JweError::EphemeralKey(EphemeralKeyError::Curve(_)) | JweError::Algorithm(_) => {
            (CheckName::Alg, Failure::new(Reason::AlgUnsupported, detail()))
        }
        JweError::EphemeralKey(_) => malformed(Malformed::Epk),
        JweError::Content(_) | JweError::Compression(_) => {
            (CheckName::Enc, Failure::new(Reason::AlgUnsupported, detail()))
        }
        JweError::Extension => (CheckName::Crit, Failure::new(Reason::CritUnsupported, detail())),
    }
}

impl From<&JweError> for Failure {
    fn from(error: &JweError) -> Self {
        unreadable(error).1
    }
}

/// Returns the check that a token fails because it is not decrypted, and why. The check of `alg` is made elsewhere.
fn undecrypted(error: &DecryptionError) -> Option<(CheckName<'static>, Failure)> {
    let of_key = |reason| Some((CheckName::Key, Failure::new(reason, error.to_string())));
    match error {
        DecryptionError::NotAllowed { .. } => None,
        DecryptionError::NoKey(_) => of_key(Reason::KeyNotFound),
        DecryptionError::Key(KeyUnfit::Unusable(failure)) => Some((CheckName::Key, failure.clone())),
        DecryptionError::Key(unfit) => of_key(Reason::KeyMismatch(match unfit {
            KeyUnfit::Type { .. } => KeyMismatch::Kty,
            KeyUnfit::Curve { .. } | KeyUnfit::HalvesDiffer => KeyMismatch::Crv,
            KeyUnfit::SecretLength { .. } | KeyUnfit::Algorithm { .. } => KeyMismatch::Alg,
            KeyUnfit::Use(_) => KeyMismatch::Use,
            KeyUnfit::Operations { .. } | KeyUnfit::NoPrivateHalf | KeyUnfit::Unusable(_) => {
                KeyMismatch::KeyOps
            }
        })),
        DecryptionError::Compression(CompressionError::TooLarge { .. }) => {
            Some((CheckName::Decrypt, Failure::malformed(Malformed::TooLarge, error)))
        }
        DecryptionError::OtherRsaSize { .. }
        | DecryptionError::DecryptFailed
        | DecryptionError::Compression(CompressionError::Invalid)
        | DecryptionError::NoRandomness => {
            Some((CheckName::Decrypt, Failure::new(Reason::DecryptFailed, error.to_string())))
        }
    }
}

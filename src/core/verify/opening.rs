//! The checks of an outer token, which is encrypted: form, `alg`, `enc`, key and decryption. They verify no signature. The
//! inner token is then judged like one that was never encrypted.

use super::check::{Check, Checks, Detail};
use super::encryption_failures::{undecrypted, unopened_cookie, unreadable};
use super::encryption_hints::about_decryption_key;
use crate::core::encryption::algorithm::KeyAlgorithm;
use crate::core::encryption::error::{DecryptionError, JweError, KeyUnfit, NoDecryptionKey};
use crate::core::encryption::session_cookie::{CookieError, CookieKey, CookieSecret};
use crate::core::encryption::{Decrypted, Decrypter, JsonJwe, Jwe};
use crate::core::json::Value;
use crate::core::key::secret::SecretFormat;
use crate::core::key::{Key, Material};
use crate::core::reason::{CheckName, Failure, Reason};
use crate::core::text::escape::excerpt;
use crate::core::token::algorithm::KeyType;
use crate::core::token::claims::ClaimsSet;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::Compact;

/// An encrypted token after the attempt to decrypt it.
#[derive(Debug)]
pub struct Opening<'v> {
    pub(super) checks: Checks<'static>,
    header: Option<JoseHeader<'static>>,
    algorithm: Option<KeyAlgorithm>,
    key: Option<&'v Key>,
    /// The only decryption key.
    only: Option<&'v Key>,
    source: &'v str,
    decrypted: Option<Decrypted>,
    error: Option<Obstacle>,
    /// The encrypted token inside this one, after the attempt to decrypt it.
    inner: Option<Box<Self>>,
    /// The recipient of a document that was chosen, counted from zero.
    recipient: usize,
    form: String,
}

/// The reason why a token was not decrypted.
#[derive(Debug)]
enum Obstacle {
    Decryption(DecryptionError),
    Cookie(CookieError),
}

/// The number of encryptions around a token that are decrypted. Each costs the work of a decryption, and its sender
/// chooses their number.
pub(super) const MAX_LAYERS: usize = 2;

/// The outer token of a nested token: its checks, its header and its key.
#[derive(Clone, Debug)]
pub struct Envelope<'t> {
    /// The checks of the outer token, in the order they were made.
    pub checks: Vec<Check<'static>>,
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
    /// Decrypts a token, and an encrypted token inside it, and makes the checks of both. Returns `None` if the keys are not
    /// for this token.
    pub(super) fn new(token: &[u8], decrypter: &'v Decrypter, max_size: usize) -> Option<Self> {
        Self::in_layer(1, token, decrypter, max_size)
    }

    /// Decrypts a token. Layers count from one, the outermost.
    fn in_layer(layer: usize, token: &[u8], decrypter: &'v Decrypter, max_size: usize) -> Option<Self> {
        let jwe = Jwe::parse(token, max_size);
        if !decrypter.is_for(jwe.as_ref().ok()) {
            return None;
        }
        let mut opening = Self::begin(decrypter, FORM.to_owned());
        match jwe {
            Ok(jwe) => opening.decrypt(&jwe, decrypter),
            Err(error) => opening.refuse(&error),
        }
        opening.decrypt_inner(layer, decrypter, max_size);
        Some(opening)
    }

    /// Decrypts the content if it is an encrypted token in turn.
    fn decrypt_inner(&mut self, layer: usize, decrypter: &'v Decrypter, max_size: usize) {
        if layer < MAX_LAYERS
            && let Some(nested) = self.nested().filter(|nested| is_encrypted(nested))
        {
            self.inner = Self::in_layer(layer + 1, nested, decrypter, max_size).map(Box::new);
        }
    }

    /// Decrypts a document in JSON serialization for the first recipient whose key fits, and makes its checks. If no key fits,
    /// the checks are those of the recipient who comes closest. Returns `None` if the keys are only for session cookies, which
    /// are in compact serialization.
    pub(super) fn of_document(document: &JsonJwe, decrypter: &'v Decrypter, max_size: usize) -> Option<Self> {
        if !decrypter.is_for(None) {
            return None;
        }
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
        for mut opening in document.recipients.iter().enumerate().map(attempt) {
            if opening.is_decrypted() {
                opening.decrypt_inner(1, decrypter, max_size);
                return Some(opening);
            }
            if closest.as_ref().is_none_or(|closest| opening.closeness() > closest.closeness()) {
                closest = Some(opening);
            }
        }
        Some(closest.unwrap_or_else(|| Self::begin(decrypter, String::new())))
    }

    /// Returns how far the decryption came. A key is chosen only for a token that was read.
    fn closeness(&self) -> usize {
        usize::from(self.header.is_some()) + usize::from(self.key.is_some())
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
            inner: None,
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

    /// Returns this opening and those of the encrypted tokens inside, the outermost first.
    fn layers(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |opening| opening.inner.as_deref())
    }

    /// Returns the opening of the innermost encrypted token.
    pub(super) fn innermost(&self) -> &Self {
        self.layers().last().unwrap_or(self)
    }

    /// Returns the text that is judged: the token inside all outer tokens. If the innermost encrypted token holds no token or
    /// was not decrypted, returns that encrypted token.
    pub(super) fn judged_text<'t>(&'t self, token: &'t [u8]) -> &'t [u8] {
        self.layers().filter_map(Self::nested).last().unwrap_or(token)
    }

    /// Reports whether the token that is judged is itself encrypted, in more layers than are decrypted.
    pub(super) fn is_too_deep(&self) -> bool {
        self.layers().count() == MAX_LAYERS && self.innermost().nested().is_some_and(is_encrypted)
    }

    /// Returns the signed token inside all outer tokens, if there is one.
    #[must_use]
    pub fn signed(&self) -> Option<&[u8]> {
        self.innermost().nested().filter(|nested| !is_encrypted(nested))
    }

    fn decrypt(&mut self, jwe: &Jwe<'_>, decrypter: &'v Decrypter) {
        let algorithm = jwe.algorithm();
        self.header = Some(jwe.header().clone().into_owned());
        self.algorithm = Some(algorithm);
        self.pass_form();
        if let Some(secret) = decrypter.cookie_secret(jwe) {
            self.source = secret.source();
            let opened = decrypter.open_cookie(jwe, secret);
            return self.open_cookie(jwe, secret, opened);
        }
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
                decrypter.decrypt_with(jwe, key)
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
                self.error = Some(Obstacle::Decryption(error));
            }
        }
    }

    /// Makes the checks of a session cookie.
    fn open_cookie(
        &mut self,
        jwe: &Jwe<'_>,
        secret: &CookieSecret,
        opened: Result<(Decrypted, CookieKey), CookieError>,
    ) {
        let source = secret.source();
        if !matches!(opened, Err(CookieError::OtherAlgorithms { .. })) {
            self.checks.pass(CheckName::Alg, || jwe.algorithm().to_string());
            self.checks.pass(CheckName::Enc, || jwe.content().to_string());
        }
        match opened {
            Ok((decrypted, key)) => {
                let how = if jwe.kid().is_some() { ", as `kid` says" } else { "" };
                self.checks
                    .pass(CheckName::Key, || format!("derived from {source} for {}{how}", named(&key)));
                let length = decrypted.plaintext.expose().len();
                self.checks.pass(CheckName::Decrypt, || format!("{length} bytes"));
                self.decrypted = Some(decrypted);
            }
            Err(error) => {
                let (check, failure) = unopened_cookie(&error);
                let has_key = check == CheckName::Decrypt;
                if has_key {
                    self.checks.pass(CheckName::Key, || format!("derived from {source}"));
                }
                self.checks.reject(check, failure);
                if !has_key {
                    self.checks.skip(CheckName::Decrypt, || "not decrypted: the key is not usable");
                }
                self.error = Some(Obstacle::Cookie(error));
            }
        }
    }

    /// Returns the text of the token inside this one, if the content is a token.
    #[must_use]
    pub fn nested(&self) -> Option<&[u8]> {
        self.decrypted.as_ref().filter(|decrypted| decrypted.is_nested()).map(|it| it.plaintext.expose())
    }

    /// Returns the decrypted content inside all outer tokens, if it is not a token.
    #[must_use]
    pub fn plain(&self) -> Option<&[u8]> {
        let decrypted = self.innermost().decrypted.as_ref();
        decrypted.filter(|decrypted| !decrypted.is_nested()).map(|it| it.plaintext.expose())
    }

    /// Reports whether the token was decrypted.
    #[must_use]
    pub const fn is_decrypted(&self) -> bool {
        self.decrypted.is_some()
    }

    /// Returns the first check of an outer token that failed, with its facts.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        let failed =
            |check: &Check<'_>| Some(Failure::new(check.reason.clone()?, check.fact.sentence().into_owned()));
        let inside = |failure: Failure| Failure { detail: format!("inside: {}", failure.detail), ..failure };
        let own = self.checks.list.iter().find_map(failed);
        own.or_else(|| self.inner.as_ref()?.failure().map(inside)).or_else(|| {
            self.is_too_deep().then(|| Failure::new(Reason::Jwe, format!("inside: {}", too_deep())))
        })
    }

    /// Returns why the token was not decrypted in all its layers, and what to do about it.
    #[must_use]
    pub fn obstacle(&self) -> Option<(Failure, Option<String>)> {
        self.failure().map(|failure| (failure, self.innermost().hints().into_iter().next()))
    }

    /// Returns the encrypted tokens around the one that is judged, the outermost first. The caller has parsed the outermost.
    #[must_use]
    pub fn envelopes_of<'t>(&'t self, outermost: Option<Compact<'t>>, max_size: usize) -> Vec<Compact<'t>> {
        let inner = self.layers().filter_map(Self::nested);
        let inner = inner.map(|text| Compact::parse(text, max_size).ok());
        std::iter::once(outermost).chain(inner).take(self.envelope_count()).flatten().collect()
    }

    /// Returns the number of encrypted tokens around the one that is judged.
    fn envelope_count(&self) -> usize {
        self.layers().filter_map(Self::nested).count()
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
        self.algorithm.is_some_and(|algorithm| algorithm.key_types() == [KeyType::Oct])
    }

    /// Compares the claims with their copies in the header (RFC 7519 section 5.3).
    pub(super) fn check_copies(&self, checks: &mut Checks<'_>, claims: Option<&ClaimsSet<'_>>) {
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

    /// Returns the outer tokens of a nested token, the outermost first, and why they fail. Adds the comparison of the claims
    /// with their copies in the headers.
    pub(super) fn envelopes(&self, claims: Option<&ClaimsSet<'_>>) -> (Vec<Envelope<'_>>, Vec<Reason>) {
        let (mut envelopes, mut reasons) = (Vec::new(), Vec::new());
        for opening in self.layers().take(self.envelope_count()) {
            let Some(header) = opening.header.as_ref() else { continue };
            let mut checks = opening.checks.clone();
            opening.check_copies(&mut checks, claims);
            reasons.extend(checks.reasons);
            envelopes.push(Envelope {
                checks: checks.list,
                header,
                key: opening.key,
                source: opening.source,
            });
        }
        (envelopes, reasons)
    }

    /// Returns what to do about a token that was not decrypted. Uses only facts that were known before decryption.
    pub(super) fn hints(&self) -> Vec<String> {
        let error = match &self.error {
            Some(Obstacle::Decryption(error)) => Some(error),
            Some(Obstacle::Cookie(error)) => {
                return about_cookie(error).map(str::to_owned).into_iter().collect();
            }
            None => None,
        };
        let hint = match error {
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
            Some(DecryptionError::Key(KeyUnfit::Type { .. })) => {
                let content =
                    self.header.as_ref().and_then(|header| header.get("enc")).and_then(Value::as_str);
                match (self.algorithm, content.and_then(|name| name.parse().ok())) {
                    (Some(algorithm), Some(content)) => about_decryption_key(algorithm, content),
                    _ => return Vec::new(),
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

/// Says that a token has more layers of encryption than are decrypted.
pub(super) fn too_deep() -> String {
    format!("encrypted once more, but at most {MAX_LAYERS} layers of encryption are decrypted")
}

/// Returns the cookie that a key was derived for, in words.
fn named(key: &CookieKey) -> String {
    match key.salt.as_str() {
        "" => format!("the session cookie of {}", key.maker.name()),
        salt => format!("the {} cookie `{}`", key.maker.name(), excerpt(salt)),
    }
}

/// Returns what to do about a session cookie that was not decrypted.
const fn about_cookie(error: &CookieError) -> Option<&'static str> {
    match error {
        CookieError::OtherAlgorithms { .. } => {
            Some("use --decrypt-key or --decrypt-secret-env for other encrypted tokens")
        }
        CookieError::OtherKey { name: None } => {
            Some("if the cookie has a name of its own, give it with --cookie NAME")
        }
        CookieError::OtherKey { name: Some(_) } => {
            Some("check --cookie: it is the name of the cookie in the browser")
        }
        CookieError::Decryption(_) => None,
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

#[cfg(test)]
mod tests {
    use super::super::Verifier;
    use super::super::policy::Policy;
    use super::*;
    use crate::core::encryption::session_cookie::SecretUse;
    use crate::core::encryption::{Encrypter, EncryptionSettings};
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::reason::Malformed;
    use crate::core::token::algorithm::Algorithm;
    use crate::core::token::base64url;
    use crate::core::token::numeric_date::NumericDate;

    const MAX_SIZE: usize = 1 << 20;
    const NOW: NumericDate = NumericDate::from_seconds(1_750_000_000);

    fn secret(bytes: &[u8]) -> Key {
        Key::hmac(Secret::new(bytes.to_vec()), None, "a test".to_owned())
    }

    fn shared() -> Key {
        secret(&[7; 32])
    }

    fn decrypter(key: Key) -> Decrypter {
        Decrypter::new(KeyRing::from(key), MAX_SIZE)
    }

    fn encrypter(key: &Key, algorithm: Option<KeyAlgorithm>) -> Encrypter {
        Encrypter::new(key, EncryptionSettings { algorithm, ..EncryptionSettings::default() }).unwrap()
    }

    /// Returns a token that is encrypted for the shared key.
    fn nested(token: &str) -> String {
        encrypter(&shared(), None).encrypt_token(token).unwrap()
    }

    /// Returns each check with its outcome.
    fn outcomes(opening: &Opening<'_>) -> Vec<String> {
        opening.checks.list.iter().map(|check| format!("{} {}", check.name, check.status.name())).collect()
    }

    /// Returns the recipient that is chosen from those with these algorithms, whose encrypted keys are zeros.
    fn chosen(algorithms: &[&str]) -> usize {
        let zeros = |count| base64url::encode(&vec![0; count]);
        let recipient =
            |alg: &&str| format!(r#"{{"header":{{"alg":"{alg}"}},"encrypted_key":"{}"}}"#, zeros(40));
        let recipients: Vec<_> = algorithms.iter().map(recipient).collect();
        let text = format!(
            r#"{{"protected":"{}","iv":"{}","ciphertext":"AAAA","tag":"{}","recipients":[{}]}}"#,
            base64url::encode(br#"{"enc":"A256GCM"}"#),
            zeros(12),
            zeros(16),
            recipients.join(",")
        );
        let document = JsonJwe::parse(text.as_bytes(), MAX_SIZE).unwrap();
        let decrypter = decrypter(shared());
        let opening = Opening::of_document(&document, &decrypter, MAX_SIZE).unwrap();
        assert!(!opening.is_decrypted());
        opening.recipient()
    }

    #[test]
    fn reports_on_the_recipient_that_comes_closest_to_decryption() {
        // The key does not fit the first algorithm. It fits the second, but does not decrypt the token.
        let (other, fitting, unknown) = ("RSA-OAEP", "A256KW", "X");
        for (recipients, index) in [
            (&[unknown, other, fitting][..], 2),
            (&[fitting, other, unknown], 0),
            (&[other, fitting, unknown], 1),
            (&[unknown, other], 1),
            (&[other, fitting], 1),
            (&[other, other], 0),
            (&[fitting, fitting], 0),
            (&[unknown, unknown], 0),
        ] {
            assert_eq!(chosen(recipients), index, "{recipients:?}");
        }
    }

    #[test]
    fn says_why_a_session_cookie_is_not_decrypted_and_what_to_do() {
        let file = include_str!("../../../tests/vectors/session_cookies.json");
        let file: serde_json::Value = serde_json::from_str(file).unwrap();
        let cookie = |index: usize| file["cookies"][index]["token"].as_str().unwrap().to_owned();
        let (auth_js, next_auth) = (cookie(0), cookie(3));
        let other_token = encrypter(&shared(), Some(KeyAlgorithm::A256Kw)).encrypt(b"{}").unwrap();
        for (token, name, ends, hint) in [
            (
                &auth_js,
                None,
                &["alg passed", "enc passed", "key failed", "decrypt skipped"][..],
                Some("if the cookie has a name of its own, give it with --cookie NAME"),
            ),
            (
                &auth_js,
                Some("session"),
                &["alg passed", "enc passed", "key failed", "decrypt skipped"],
                Some("check --cookie: it is the name of the cookie in the browser"),
            ),
            (&next_auth, None, &["alg passed", "enc passed", "key passed", "decrypt failed"], None),
            (
                &other_token,
                None,
                &["alg failed", "decrypt skipped"],
                Some("use --decrypt-key or --decrypt-secret-env for other encrypted tokens"),
            ),
        ] {
            let ring = KeyRing::from(secret(b"the secret of another application"));
            let cookies = CookieSecret::of_ring(&ring, name.map(str::to_owned), SecretUse::Cookies).unwrap();
            let decrypter = Decrypter::of_cookies(cookies, MAX_SIZE);
            let opening = Opening::new(token.as_bytes(), &decrypter, MAX_SIZE).unwrap();
            assert_eq!(outcomes(&opening), [&["form passed"], ends].concat());
            assert_eq!(opening.hints(), Vec::from_iter(hint));
        }
    }

    #[test]
    fn asks_for_the_private_key_in_place_of_the_public_one() {
        let pair = Key::generate(Algorithm::Es256, None).unwrap();
        let public = Key::new(pair.material, "a test".to_owned(), "new").public().unwrap();
        let token = encrypter(&public, None).encrypt(b"{}").unwrap();
        let decrypter = decrypter(public);
        let opening = Opening::new(token.as_bytes(), &decrypter, MAX_SIZE).unwrap();
        assert_eq!(outcomes(&opening).last().unwrap(), "decrypt skipped");
        assert_eq!(opening.hints(), ["decryption needs the private key: give it with --decrypt-key"]);
    }

    #[test]
    fn judges_the_decrypted_content() {
        let (decrypter, policy) = (decrypter(shared()), Policy::default());
        let verifier = Verifier::without_key(&policy).with_decrypter(Some(&decrypter));
        for (content, reasons, form) in [
            ("{}", &[Reason::NotSigned][..], None),
            (
                "[]",
                &[Reason::Malformed(Malformed::PayloadNotObject), Reason::NotSigned],
                Some("the decrypted content: the payload is an array, not an object"),
            ),
        ] {
            let token = encrypter(&shared(), None).encrypt(content.as_bytes()).unwrap();
            let opening = verifier.open(token.as_bytes()).unwrap();
            let parsed = verifier.parse_opened(token.as_bytes(), Some(&opening)).unwrap();
            assert!(parsed.is_opened());
            let read = parsed.read();
            let verification = verifier.judge(&read, NOW);
            assert_eq!(verification.key.map(|key| &*key.source), Some("a test"));
            assert_eq!(verification.judgement.reasons, reasons);
            let failed = |check: &&Check<'_>| check.name == CheckName::Form && check.reason.is_some();
            let found = verification.judgement.checks.iter().find(failed);
            assert_eq!(found.map(|check| check.fact.sentence().into_owned()).as_deref(), form);
        }
    }

    #[test]
    fn says_that_a_fault_is_inside_the_encrypted_token() {
        let (decrypter, policy) = (decrypter(shared()), Policy::default());
        let verifier = Verifier::without_key(&policy).with_decrypter(Some(&decrypter));
        let token = nested("e30.e30");
        let opening = verifier.open(token.as_bytes()).unwrap();
        let failure = verifier.parse_opened(token.as_bytes(), Some(&opening)).unwrap_err();
        assert!(failure.detail.starts_with("inside: "), "{failure:?}");
        assert_eq!(failure.reason, Reason::Malformed(Malformed::Segments));
    }

    #[test]
    fn says_that_a_token_has_too_many_layers_of_encryption() {
        let (decrypter, policy) = (decrypter(shared()), Policy::default());
        let verifier = Verifier::without_key(&policy).with_decrypter(Some(&decrypter));
        let flaws = |token: &str| {
            let opening = verifier.open(token.as_bytes()).unwrap();
            let parsed = verifier.parse_opened(token.as_bytes(), Some(&opening)).unwrap();
            parsed.read().token().flaws.clone()
        };
        let signed = format!("{}.e30.AA", base64url::encode(br#"{"alg":"HS256"}"#));
        let two = nested(&nested(&signed));
        assert_eq!(flaws(&two), []);
        assert_eq!(flaws(&nested(&two)), [Failure::new(Reason::Jwe, too_deep())]);
    }
}

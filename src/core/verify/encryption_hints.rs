//! Hints about encrypted tokens: which key decrypts one, by its algorithm, and what to do about claims without a signature.

use super::hint_scope::HintScope;
use crate::core::encryption::Jwe;
use crate::core::encryption::algorithm::{ContentAlgorithm, KeyAlgorithm, KeyManagement};
use crate::core::encryption::session_cookie::{self, CookieSecret, SecretUse};
use crate::core::key::ring::KeyRing;
use crate::core::text::escape::excerpt;
use crate::core::token::Token;
use crate::core::token::jws::Compact;

/// Returns the options that decrypt an encrypted token, or why this build cannot. Returns `None` for other tokens.
#[must_use]
pub fn about_encryption(token: &Token<'_>) -> Option<String> {
    let Compact::Jwe { text, .. } = token.compact else { return None };
    let header = token.header.as_ref().ok()?;
    if header.get("enc").is_none()
        && let Some(hint) = about_segments(text)
    {
        return Some(hint.to_owned());
    }
    let (alg, enc) = (token.parameter("alg")?, token.parameter("enc")?);
    let Ok(algorithm) = alg.parse::<KeyAlgorithm>() else {
        return Some(format!("this build does not know the key management algorithm `{}`", excerpt(alg)));
    };
    let Ok(content) = enc.parse::<ContentAlgorithm>() else {
        return Some(format!("this build does not know the content encryption algorithm `{}`", excerpt(enc)));
    };
    // The header of a session cookie has nothing else.
    let is_like_cookie = token.json.is_none()
        && algorithm == KeyAlgorithm::Dir
        && matches!(content, ContentAlgorithm::A256CbcHs512 | ContentAlgorithm::A256Gcm)
        && header.members().iter().all(|member| matches!(&*member.name, "alg" | "enc" | "kid"));
    let cookie = match is_like_cookie {
        true => "; `fob decode --secret-env AUTH_SECRET` decrypts session cookies of Auth.js and NextAuth.js",
        false => "",
    };
    Some(format!("{}{cookie}", about_decryption_key(algorithm, content)))
}

/// Returns how a text that is no encrypted token got five segments.
fn about_segments(text: &str) -> Option<&'static str> {
    let segments: Vec<&str> = text.split('.').collect();
    match segments.as_slice() {
        [_, "", _, "", _] => Some("each dot is doubled: write one dot between segments"),
        [_, _, middle, ..] if middle.contains(HEADER_BEGIN) => {
            Some("the header of a second token (`eyJ`) is inside the third segment: give one token")
        }
        _ => None,
    }
}

/// The Base64url of `{"`, with which nearly all headers begin.
const HEADER_BEGIN: &str = "eyJ";

/// Returns the options that give the key which decrypts tokens with these algorithms.
pub(super) fn about_decryption_key(algorithm: KeyAlgorithm, content: ContentAlgorithm) -> String {
    let key = match algorithm.management() {
        KeyManagement::Oaep(_) | KeyManagement::Pkcs1 => {
            "the recipient's private RSA key with --decrypt-key PATH".to_owned()
        }
        KeyManagement::Agreement | KeyManagement::AgreementWrap(_) => {
            "the recipient's private EC or X25519 key with --decrypt-key PATH".to_owned()
        }
        KeyManagement::Password(..) => "the password with --decrypt-secret-env VAR".to_owned(),
        KeyManagement::Direct | KeyManagement::Wrap(_) | KeyManagement::GcmWrap(_) => {
            let bytes = algorithm.secret_bytes(content).unwrap_or_default();
            format!(
                "the shared key of {bytes} bytes with --decrypt-secret-file PATH or --decrypt-secret-env VAR, or as a JWK with \
                 --decrypt-key PATH"
            )
        }
    };
    let named = match algorithm.must_be_named() {
        true => format!(", and --decrypt-alg {algorithm}"),
        false => String::new(),
    };
    format!("to decrypt {algorithm}, give {key}{named}")
}

/// Returns what to do if the `kid` of an Auth.js cookie does not fit a secret: the secret is wrong, or the cookie has a name
/// of its own. Returns `None` for other tokens and keys.
pub(super) fn about_other_cookie(token: &Token<'_>, keys: Option<&KeyRing>) -> Option<String> {
    let Compact::Jwe { text, .. } = token.compact else { return None };
    let secret = CookieSecret::of_ring(keys?, None, SecretUse::AlsoSignatures)?;
    let jwe = Jwe::parse(text.as_bytes(), usize::MAX).ok()?;
    session_cookie::names_cookie_key(&jwe).then(|| {
        let source = excerpt(secret.source());
        format!(
            "the `kid` does not fit the secret from {source} and a usual name of an Auth.js cookie: give the secret of the \
             application or, if the cookie has a name of its own, --cookie NAME"
        )
    })
}

/// Returns what to do about claims that are encrypted but not signed.
pub(super) const fn about_unsigned(is_shared: bool, scope: HintScope) -> &'static str {
    match (is_shared, scope) {
        (true, HintScope::Verify | HintScope::Suite) => {
            "--accept-shared-key accepts claims that any holder of the shared key can write"
        }
        (true, HintScope::Inspect) => {
            "`fob verify --accept-shared-key` accepts claims that any holder of the shared key can write"
        }
        (true, HintScope::Refresh) | (false, _) => {
            "have the sender sign the token first, and encrypt the signed token (RFC 7519 section 11.2)"
        }
    }
}

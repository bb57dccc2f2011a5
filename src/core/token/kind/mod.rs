//! The kind of a token: one table, with a line for each kind. `typ` decides first, then the claims. A kind is a guess from
//! unverified content: reports show it, but a verdict rests on declared kinds alone.

mod index;
pub mod legend;
pub mod mark;
mod packed;
#[cfg(test)]
mod samples;
mod sign;
mod style;

pub use self::packed::style_names;
pub use self::sign::{Sign, Signs, Test};
pub use self::style::{Style, styles};

use self::index::line_of;
use self::mark::Purpose;
use self::packed::Line;
use super::header::bare_typ;
use super::jws::Compact;
use crate::core::json::{Member, Value};
use crate::core::token::Token;
use crate::core::token::claims::{ClaimsSet, time};
use crate::core::token::numeric_date::NumericDate;

/// The rule about `exp` for a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expiry {
    /// A token without `exp` deserves a warning.
    Expected,
    /// Tokens of this kind need no `exp`.
    Optional,
}

/// The names of a kind.
struct KindNames {
    /// In JSON reports, and in `token_type` and `token_use`.
    name: &'static str,
    /// In words.
    description: &'static str,
    /// In the header's `typ`.
    media_types: &'static [&'static str],
    /// In Keycloak's `typ` claim.
    keycloak: &'static [&'static str],
    expiry: Expiry,
}

macro_rules! kinds {
    ($($variant:ident = $name:literal, $description:literal, $media_types:expr, $keycloak:expr, $expiry:ident;)+) => {
        /// The kind of a token.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum TokenKind {
            $(#[doc = $description] $variant,)+
        }

        impl TokenKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the names of the kind: a line of the table.
            const fn names(self) -> KindNames {
                let (name, description, media_types, keycloak, expiry): (_, _, &[&str], &[&str], _) = match self {
                    $(Self::$variant => ($name, $description, &$media_types, &$keycloak, Expiry::$expiry),)+
                };
                KindNames { name, description, media_types, keycloak, expiry }
            }
        }
    };
}

kinds! {
    Access = "access", "access token", ["at+jwt"], ["Bearer"], Expected;
    Refresh = "refresh", "refresh token", ["rt+jwt"], ["Refresh", "Offline"], Expected;
    Id = "id", "ID token", [], ["ID"], Expected;
    Sliding = "sliding", "sliding token", [], [], Expected;
    Logout = "logout", "logout token", ["logout+jwt"], ["Logout"], Optional;
    SecurityEvent = "security_event", "security event token", ["secevent+jwt"], [], Optional;
    KeyBinding = "key_binding", "key-binding JWT", ["kb+jwt"], [], Optional;
    Dpop = "dpop_proof", "DPoP proof", ["dpop+jwt"], [], Optional;
    RequestObject = "request_object", "authorization request object", ["oauth-authz-req+jwt"], [], Optional;
    AuthorizationResponse = "authorization_response", "authorization response", [], [], Expected;
    Introspection = "introspection_response", "introspection response", ["token-introspection+jwt"], [], Optional;
    ClientAssertion = "client_assertion", "client assertion", ["client-authentication+jwt"], [], Expected;
    ClientSecret = "client_secret", "client secret", [], [], Expected;
    Assertion = "assertion", "JWT bearer assertion", [], [], Expected;
    IdentityAssertion = "identity_assertion", "identity assertion grant", ["oauth-id-jag+jwt"], [], Expected;
    CustomToken = "custom", "custom token", [], [], Expected;
    SessionCookie = "session_cookie", "session cookie", [], [], Expected;
    ApiKey = "api_key", "API key", [], [], Expected;
    ProviderToken = "provider_token", "provider token", [], [], Optional;
    SignedData = "signed_data", "signed data", [], [], Optional;
    SdJwt = "sd_jwt", "SD-JWT credential", ["dc+sd-jwt", "vc+sd-jwt"], [], Optional;
    Credential = "credential", "verifiable credential", ["vc+jwt", "vc+ld+json+jwt"], [], Optional;
    Presentation = "presentation", "verifiable presentation", ["vp+jwt", "vp+ld+json+jwt"], [], Optional;
    CredentialProof = "credential_proof", "credential request proof", ["openid4vci-proof+jwt"], [], Optional;
    KeyAttestation = "key_attestation", "key attestation", ["key-attestation+jwt", "keyattestation+jwt"], [], Optional;
    ClientAttestation = "client_attestation", "client attestation", ["oauth-client-attestation+jwt"], [], Expected;
    ClientAttestationPop = "client_attestation_pop", "proof of possession of a client attestation",
        ["oauth-client-attestation-pop+jwt"], [], Optional;
    StatusList = "status_list", "status list token", ["statuslist+jwt"], [], Optional;
    EntityStatement = "entity_statement", "entity statement", ["entity-statement+jwt"], [], Expected;
    TrustMark = "trust_mark", "trust mark", ["trust-mark+jwt", "trust-mark-delegation+jwt"], [], Optional;
    FederationResponse = "federation_response", "federation response",
        ["resolve-response+jwt", "trust-mark-status-response+jwt", "explicit-registration-response+jwt"], [], Optional;
    KeySet = "key_set", "signed key set", ["jwk-set+jwt"], [], Optional;
    EntityAttestation = "entity_attestation", "entity attestation token", ["eat+jwt"], [], Optional;
    Passport = "passport", "PASSporT (caller identity)", ["passport"], [], Optional;
    Transaction = "transaction", "transaction token", ["txntoken+jwt"], [], Expected;
    Jwe = "jwe", "encrypted token (JWE)", [], [], Optional;
    Jwt = "jwt", "JWT", [], [], Expected;
}

impl TokenKind {
    /// Returns the name used in JSON reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.names().name
    }

    /// Returns the name in words.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.names().description
    }

    /// Returns the values of the header's `typ` that name the kind.
    #[must_use]
    pub const fn media_types(self) -> &'static [&'static str] {
        self.names().media_types
    }

    /// Reports whether tokens of this kind need no `exp` by design.
    #[must_use]
    pub fn does_without_exp(self) -> bool {
        self.names().expiry == Expiry::Optional
    }

    /// Reports whether a key in the header belongs to this kind: the token proves that its sender holds that key, or its
    /// specification demands a certificate there.
    #[must_use]
    pub const fn carries_its_key(self) -> bool {
        matches!(self, Self::Dpop | Self::CredentialProof | Self::Passport | Self::ClientAttestationPop)
    }

    /// Reports whether a header parameter belongs to tokens of this kind, which their claims alone suggest: the key of a
    /// DPoP proof without `typ`, and the certificates of signed data.
    #[must_use]
    pub fn has_parameter(self, name: &str) -> bool {
        matches!((self, name), (Self::Dpop, "jwk") | (Self::SignedData, "x5c"))
    }

    /// Returns the kind that a declared type names.
    fn from_name(name: &str) -> Option<Self> {
        let declarable = |kind: &Self| !matches!(kind, Self::Jwe | Self::Jwt);
        Self::ALL.iter().copied().filter(declarable).find(|kind| kind.name() == name)
    }

    /// Returns the kind that the header's `typ` names.
    #[must_use]
    pub fn from_typ(token: &Token<'_>) -> Option<Self> {
        let typ = bare_typ(token.header.as_ref().ok()?.typ()?);
        // The usual type names no kind, so it is not searched for.
        if typ.eq_ignore_ascii_case("JWT") {
            return None;
        }
        let named = |kind: &Self| kind.media_types().iter().any(|name| typ.eq_ignore_ascii_case(name));
        // RFC 9901 section 9.11: a credential may have any type with this suffix.
        const SUFFIX: &str = "+sd-jwt";
        let end = typ.len().checked_sub(SUFFIX.len()).and_then(|at| typ.get(at..));
        let is_sd_jwt =
            end.is_some_and(|end| end.eq_ignore_ascii_case(SUFFIX)) || typ.eq_ignore_ascii_case("sd-jwt");
        Self::ALL.iter().copied().find(named).or(is_sd_jwt.then_some(Self::SdJwt))
    }

    /// Returns the longest lifetime that is usual for tokens of this kind, in days. Returns `None` if there is
    /// no usual limit.
    #[must_use]
    pub const fn usual_days(self) -> Option<i64> {
        match self {
            Self::Access => Some(1),
            Self::Refresh => Some(366),
            Self::ApiKey | Self::ClientSecret | Self::SdJwt | Self::Credential | Self::Presentation => None,
            Self::TrustMark | Self::EntityStatement | Self::KeyAttestation | Self::KeySet => None,
            Self::StatusList | Self::EntityAttestation | Self::Passport => None,
            _ => Some(31),
        }
    }

    /// Returns the kind of a token: the one it declares, else a guess from its claims.
    #[must_use]
    pub fn from_token(token: &Token<'_>) -> Self {
        Classification::from_token(token).kind
    }
}

/// The kind of a token, and the software or service that issues tokens of its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The kind that the token declares, else a guess from its claims.
    pub kind: TokenKind,
    /// The name of the library or the service, if the table has a line that fits.
    pub style: Option<&'static str>,
}

impl Classification {
    /// Classifies a token. This searches whole tables, so a report does it once.
    #[must_use]
    pub fn from_token(token: &Token<'_>) -> Self {
        let signs = Signs::of(token);
        let line = signs.as_ref().and_then(line_of);
        let kind = if matches!(token.compact, Compact::Jwe { .. }) {
            TokenKind::Jwe
        } else {
            let guess = |signs: &Signs<'_>| {
                // Few tokens have such a claim. Those without one save 900 instructions.
                let may_declare = signs.may_have_any(&DECLARING);
                let declared =
                    if may_declare { declared_types(token).unwrap_or_default() } else { Vec::new() };
                let declared = declared.iter().find_map(|kind| TokenKind::from_name(kind));
                declared
                    .or_else(|| from_mark(token))
                    .or_else(|| from_structure(signs))
                    .or_else(|| line.and_then(|line| line.kind(signs)))
                    .or_else(|| from_claims(signs))
            };
            TokenKind::from_typ(token).or_else(|| signs.as_ref().and_then(guess)).unwrap_or(TokenKind::Jwt)
        };
        Self { kind, style: line.map(Line::name) }
    }
}

/// The claims by which a token declares a kind, if its header names none.
const DECLARING: [&str; 6] = ["token_type", "token_use", "typ", "type", "at_hash", "c_hash"];

/// Returns the kind that the marks of a token name, if they agree.
fn from_mark(token: &Token<'_>) -> Option<TokenKind> {
    match mark::purpose(token)? {
        Purpose::Refresh => Some(TokenKind::Refresh),
        Purpose::Access => Some(TokenKind::Access),
        Purpose::NotRefresh => None,
    }
}

/// Guesses the kind from claims that no other kind has.
fn from_structure(signs: &Signs<'_>) -> Option<TokenKind> {
    let has = |name| signs.has(name);
    let both = |one, other| signs.has(one) && signs.has(other);
    let object = |name| match signs.get(name) {
        Some(Value::Object(members)) => Some(members),
        _ => None,
    };
    let member = |name, inner: &str| object(name).is_some_and(|all| all.iter().any(|one| one.name == inner));
    Some(match () {
        () if is_event(signs) => {
            let logout = signs.get("events").and_then(|events| events.pointer(LOGOUT_EVENT));
            if logout.is_some() { TokenKind::Logout } else { TokenKind::SecurityEvent }
        }
        () if member("token_introspection", "active") => TokenKind::Introspection,
        () if member("status_list", "bits") && member("status_list", "lst") => TokenKind::StatusList,
        () if both("htm", "htu") => TokenKind::Dpop,
        () if both("sd_hash", "nonce") => TokenKind::KeyBinding,
        () if has("_sd") || has("_sd_alg") => TokenKind::SdJwt,
        () if has("vct") && ["cnf", "iss", "status"].iter().any(|name| has(name)) => TokenKind::SdJwt,
        () if member("vc", "credentialSubject") || member("vc", "type") => TokenKind::Credential,
        () if member("vp", "verifiableCredential") || member("vp", "type") => TokenKind::Presentation,
        () if both("iss", "jwks") && (has("authority_hints") || object("metadata").is_some()) => {
            TokenKind::EntityStatement
        }
        () if both("client_id", "response_type") => TokenKind::RequestObject,
        () if both("client_id", "redirect_uri") && signs.text("client_id") == signs.iss => {
            TokenKind::RequestObject
        }
        () if is_authorization_response(signs) => TokenKind::AuthorizationResponse,
        () => return None,
    })
}

/// Reports whether `events` holds security events: each member is named by a URI (RFC 8417 section 2.2).
fn is_event(signs: &Signs<'_>) -> bool {
    let Some(Value::Object(events)) = signs.get("events") else { return false };
    let is_event =
        |member: &Member<'_>| member.name.contains(':') && matches!(member.value, Value::Object(_));
    !events.is_empty() && events.iter().all(is_event)
}

/// Reports whether the claims are those of an authorization response (JARM section 2.1) and no others.
fn is_authorization_response(signs: &Signs<'_>) -> bool {
    const ALLOWED: [&str; 17] = [
        "iss",
        "aud",
        "exp",
        "iat",
        "nbf",
        "jti",
        "code",
        "state",
        "session_state",
        "error",
        "error_description",
        "error_uri",
        "access_token",
        "token_type",
        "expires_in",
        "scope",
        "id_token",
    ];
    let answer =
        ["code", "error", "access_token", "id_token"].iter().any(|name| !signs.text(name).is_empty());
    answer && signs.has("iss") && signs.has("aud") && signs.names().all(|name| ALLOWED.contains(&name))
}

/// The member of `events` in a logout token, as a JSON Pointer (OpenID Connect Back-Channel Logout 1.0 section 2.4).
const LOGOUT_EVENT: &str = "/http:~1~1schemas.openid.net~1event~1backchannel-logout";

/// Guesses the kind from claims that are usual in a kind.
fn from_claims(signs: &Signs<'_>) -> Option<TokenKind> {
    let any = |names: &[&str]| names.iter().any(|name| signs.has(name));
    let subject = signs.text("sub");
    let is_assertion = !subject.is_empty() && signs.has("exp") && !signs.iss.is_empty() && signs.has("aud");
    Some(if is_assertion && subject == signs.iss {
        // RFC 7523 section 3: the client is both the issuer and the subject.
        TokenKind::ClientAssertion
    } else if is_assertion && signs.only_audience().ends_with("/token") {
        // RFC 7523 section 3: the audience of an assertion is the token endpoint.
        TokenKind::Assertion
    } else if any(&["nonce", "at_hash", "c_hash", "s_hash"]) {
        TokenKind::Id
    } else if any(&["scope", "scp", "client_id"]) {
        TokenKind::Access
    } else {
        return None;
    })
}

/// Returns the kinds that a token declares, by their names in [`TokenKind`]. It reads the header's `typ` (RFC 9068),
/// `token_type` (simplejwt), `token_use` (Cognito), the payload's `typ` (Keycloak) and `type` (Flask-JWT-Extended). A
/// caller that relies on the kind must refuse a token whose declarations differ (RFC 8725 section 3.12).
///
/// # Errors
/// Returns the name of a claim that is not a string.
pub fn declared_types(token: &Token<'_>) -> Result<Vec<String>, &'static str> {
    declared_types_beside(token, None)
}

/// Returns the kinds that a token declares by other means than this claim; see [`declared_types`].
///
/// # Errors
/// Returns the name of a claim that is not a string.
pub fn declared_types_beside(token: &Token<'_>, claim: Option<&str>) -> Result<Vec<String>, &'static str> {
    let Some(claims) = token.unverified_claims() else { return Ok(Vec::new()) };
    let get = |name| claims.get(name).filter(|_| claim != Some(name));
    let mut declared = Vec::new();
    for name in ["token_type", "token_use"] {
        match get(name) {
            None => {}
            Some(Value::String(kind)) => declared.push(kind.to_string()),
            Some(_) => return Err(name),
        }
    }
    let text = |name| get(name).and_then(Value::as_str).unwrap_or_default();
    let typ = text("typ");
    let by_keycloak = |kind: &TokenKind| !typ.is_empty() && kind.names().keycloak.contains(&typ);
    let by_header = TokenKind::from_typ(token);
    let by_claim = TokenKind::ALL.iter().copied().find(by_keycloak);
    // Other libraries use `type` for other things, such as a kind of account.
    let by_type =
        [TokenKind::Access, TokenKind::Refresh].into_iter().find(|kind| kind.name() == text("type"));
    let kinds = [by_header, by_claim, by_type].into_iter().flatten();
    declared.extend(kinds.map(|kind| kind.name().to_owned()));
    // OpenID Connect Core defines these hashes for ID tokens alone, which declare no type.
    let has = |name: &&str| claims.get(name).is_some();
    if declared.is_empty() && ["at_hash", "c_hash"].iter().any(has) && ["iss", "sub", "aud"].iter().all(has) {
        declared.push(TokenKind::Id.name().to_owned());
    }
    Ok(declared)
}

/// Reports whether Keycloak issued this token without an end: an offline token has `exp` 0 or none, which means that it
/// does not expire by itself.
#[must_use]
pub fn is_endless(token: &Token<'_>) -> bool {
    let Some(claims) = token.unverified_claims() else { return false };
    let exp = claims.registered().exp;
    is_endless_with(claims, exp.is_some(), time(exp).ok().flatten())
}

/// Reports what [`is_endless`] reports, for a caller that has read `exp` already: whether there is one, and its time if it is one.
pub(crate) fn is_endless_with(claims: &ClaimsSet<'_>, has_exp: bool, exp: Option<NumericDate>) -> bool {
    may_be_endless(has_exp, exp) && claims.get("typ").and_then(Value::as_str) == Some("Offline")
}

/// Reports whether a token with this `exp` is endless if its `typ` says so.
pub(crate) fn may_be_endless(has_exp: bool, exp: Option<NumericDate>) -> bool {
    match exp {
        // The seconds of a time are a division.
        Some(exp) => exp >= NumericDate::from_seconds(0) && exp < NumericDate::from_seconds(1),
        None => !has_exp,
    }
}

#[cfg(test)]
mod tests {
    use super::super::base64url;
    use super::*;

    fn look(header: &str, payload: &str) -> (TokenKind, Option<&'static str>) {
        let text =
            format!("{}.{}.AA", base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()));
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        let token = Token::parse(&compact);
        let found = Classification::from_token(&token);
        (found.kind, found.style)
    }

    #[test]
    fn recognizes_common_kinds_and_issuers() {
        for (header, payload, kind, style) in [
            (
                r#"{"typ":"JWT"}"#,
                r#"{"token_type":"refresh","exp":1,"jti":"a"}"#,
                TokenKind::Refresh,
                Some("djangorestframework-simplejwt"),
            ),
            (r#"{"typ":"at+jwt"}"#, r#"{"iss":"https://as"}"#, TokenKind::Access, Some("OAuth 2 (RFC 9068)")),
            ("{}", r#"{"iss":"https://accounts.google.com","nonce":"n"}"#, TokenKind::Id, Some("Google")),
            (
                "{}",
                r#"{"iss":"https://k/realms/r","typ":"Refresh","azp":"x"}"#,
                TokenKind::Refresh,
                Some("Keycloak"),
            ),
            ("{}", r#"{"iss":"https://evilauth0.com/"}"#, TokenKind::Jwt, None),
            ("{}", r#"{"username":"a","orig_iat":1}"#, TokenKind::Jwt, Some("drf-jwt")),
            (
                r#"{"kid":"ABC123DEFG"}"#,
                r#"{"iss":"DEF123GHIJ","iat":1}"#,
                TokenKind::ProviderToken,
                Some("Apple Push Notification service"),
            ),
            (r#"{"kid":"ABC123DEFG"}"#, r#"{"iss":"DEF123GHIJ","iat":1,"sub":"a"}"#, TokenKind::Jwt, None),
            (r#"{"kid":"ABC123DEFG"}"#, r#"{"iss":"me","iat":1}"#, TokenKind::Jwt, None),
            (r#"{"kid":"abc"}"#, r#"{"iss":"DEF123GHIJ","iat":1}"#, TokenKind::Jwt, None),
        ] {
            assert_eq!(look(header, payload), (kind, style), "{payload}");
        }
    }

    #[test]
    fn lets_typ_decide_before_claims() {
        for kind in TokenKind::ALL {
            for typ in kind.media_types() {
                for typ in [(*typ).to_owned(), format!("application/{}", typ.to_uppercase())] {
                    let header = format!(r#"{{"typ":"{typ}"}}"#);
                    let payload = r#"{"nonce":"n","scope":"a","client_id":"c","token_type":"refresh"}"#;
                    assert_eq!(look(&header, payload).0, *kind, "{typ}");
                    assert_eq!(look(&header, "[]").0, *kind, "{typ}");
                }
            }
        }
    }

    #[test]
    fn names_kinds_and_media_types_once() {
        let names: Vec<&str> = TokenKind::ALL.iter().map(|kind| kind.name()).collect();
        let types: Vec<&str> = TokenKind::ALL.iter().flat_map(|kind| kind.media_types()).copied().collect();
        for list in [names, types] {
            for (index, name) in list.iter().enumerate() {
                assert!(!list[..index].contains(name), "{name}");
            }
        }
    }

    #[test]
    fn recognizes_kinds_by_their_claims() {
        for (payload, kind) in [
            (r#"{"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#, TokenKind::Logout),
            (r#"{"events":{"urn:x":{}},"sid":"s"}"#, TokenKind::SecurityEvent),
            (r#"{"token_introspection":{"active":false}}"#, TokenKind::Introspection),
            (r#"{"htm":"GET","htu":"https://a","nonce":"n"}"#, TokenKind::Dpop),
            (r#"{"sd_hash":"x","nonce":"n","aud":"a"}"#, TokenKind::KeyBinding),
            (r#"{"response_type":"code","client_id":"c","nonce":"n"}"#, TokenKind::RequestObject),
            (r#"{"iss":"i","aud":"c","code":"x","state":"s"}"#, TokenKind::AuthorizationResponse),
            (r#"{"iss":"i","aud":"c","error":"access_denied"}"#, TokenKind::AuthorizationResponse),
            (r#"{"iss":"c","sub":"c","aud":"a","exp":1}"#, TokenKind::ClientAssertion),
            (r#"{"iss":"c","sub":"d","aud":"a","exp":1}"#, TokenKind::Jwt),
            (r#"{"type":"access"}"#, TokenKind::Access),
            (r#"{"type":"app"}"#, TokenKind::Jwt),
        ] {
            assert_eq!(look("{}", payload).0, kind, "{payload}");
        }
    }

    #[test]
    fn needs_every_claim_that_makes_a_kind() {
        for (payload, kind) in [
            (r#"{"events":{}}"#, TokenKind::Jwt),
            (r#"{"events":{"urn:x":1}}"#, TokenKind::Jwt),
            (r#"{"events":{"x":{}}}"#, TokenKind::Jwt),
            (r#"{"events":{"urn:x":{},"x":{}}}"#, TokenKind::Jwt),
            (r#"{"token_introspection":{"x":1}}"#, TokenKind::Jwt),
            (r#"{"status_list":{"bits":1,"lst":"x"}}"#, TokenKind::StatusList),
            (r#"{"status_list":{"bits":1}}"#, TokenKind::Jwt),
            (r#"{"status_list":{"lst":"x"}}"#, TokenKind::Jwt),
            (r#"{"htm":"GET"}"#, TokenKind::Jwt),
            (r#"{"htu":"https://a"}"#, TokenKind::Jwt),
            (r#"{"sd_hash":"x"}"#, TokenKind::Jwt),
            (r#"{"_sd":[]}"#, TokenKind::SdJwt),
            (r#"{"_sd_alg":"sha-256"}"#, TokenKind::SdJwt),
            (r#"{"vct":"x"}"#, TokenKind::Jwt),
            (r#"{"vct":"x","cnf":{}}"#, TokenKind::SdJwt),
            (r#"{"vct":"x","iss":"i"}"#, TokenKind::SdJwt),
            (r#"{"vct":"x","status":{}}"#, TokenKind::SdJwt),
            (r#"{"cnf":{},"iss":"i","status":{}}"#, TokenKind::Jwt),
            (r#"{"vc":{"credentialSubject":{}}}"#, TokenKind::Credential),
            (r#"{"vc":{"type":[]}}"#, TokenKind::Credential),
            (r#"{"vc":{"x":[]}}"#, TokenKind::Jwt),
            (r#"{"vp":{"verifiableCredential":[]}}"#, TokenKind::Presentation),
            (r#"{"vp":{"type":[]}}"#, TokenKind::Presentation),
            (r#"{"vp":[]}"#, TokenKind::Jwt),
            (r#"{"iss":"i","jwks":{},"authority_hints":[]}"#, TokenKind::EntityStatement),
            (r#"{"iss":"i","jwks":{},"metadata":{}}"#, TokenKind::EntityStatement),
            (r#"{"iss":"i","jwks":{},"metadata":1}"#, TokenKind::Jwt),
            (r#"{"iss":"i","jwks":{}}"#, TokenKind::Jwt),
            (r#"{"iss":"i","authority_hints":[],"metadata":{}}"#, TokenKind::Jwt),
            (r#"{"client_id":"i","redirect_uri":"u","iss":"i"}"#, TokenKind::RequestObject),
            (r#"{"client_id":"i","redirect_uri":"u","iss":"j"}"#, TokenKind::Access),
            (r#"{"client_id":"i","iss":"i"}"#, TokenKind::Access),
            (r#"{"response_type":"code"}"#, TokenKind::Jwt),
            (r#"{"iss":"i","aud":"c","code":"x","x":1}"#, TokenKind::Jwt),
            (r#"{"iss":"i","aud":"c","code":""}"#, TokenKind::Jwt),
            (r#"{"iss":"i","code":"x"}"#, TokenKind::Jwt),
            (r#"{"aud":"c","code":"x"}"#, TokenKind::Jwt),
            (r#"{"iss":"i","aud":"c","id_token":"x"}"#, TokenKind::AuthorizationResponse),
            (r#"{"iss":"c","sub":"d","aud":"https://a/token","exp":1}"#, TokenKind::Assertion),
            (r#"{"iss":"c","sub":"d","aud":["https://a/token"],"exp":1}"#, TokenKind::Assertion),
            (r#"{"iss":"c","sub":"d","aud":["https://a/token","b"],"exp":1}"#, TokenKind::Jwt),
            (r#"{"iss":"c","sub":"d","aud":["b","https://a/token"],"exp":1}"#, TokenKind::Jwt),
            (r#"{"iss":"c","sub":"c","aud":"a"}"#, TokenKind::Jwt),
            (r#"{"iss":"c","sub":"c","exp":1}"#, TokenKind::Jwt),
            (r#"{"iss":"","sub":"","aud":"a","exp":1}"#, TokenKind::Jwt),
            (r#"{"sub":"d","aud":"https://a/token","exp":1}"#, TokenKind::Jwt),
            (r#"{"nonce":"n"}"#, TokenKind::Id),
            (r#"{"s_hash":"n","scope":"a"}"#, TokenKind::Id),
            (r#"{"scope":"a"}"#, TokenKind::Access),
            (r#"{"scp":"a"}"#, TokenKind::Access),
            (r#"{"client_id":"a"}"#, TokenKind::Access),
            ("{}", TokenKind::Jwt),
        ] {
            assert_eq!(look("{}", payload).0, kind, "{payload}");
        }
    }

    #[test]
    fn reads_each_declaration_of_a_kind() {
        let declared = |header: &str, payload: &str| {
            let [header, payload] = [header, payload].map(|part| base64url::encode(part.as_bytes()));
            let text = format!("{header}.{payload}.AA");
            let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
            let token = Token::parse(&compact);
            declared_types(&token).map(|kinds| kinds.join(" "))
        };
        for (header, payload, kinds) in [
            ("{}", "{}", Ok("")),
            ("{}", r#"{"token_type":"access"}"#, Ok("access")),
            ("{}", r#"{"token_use":"id","token_type":"access"}"#, Ok("access id")),
            ("{}", r#"{"token_type":1}"#, Err("token_type")),
            ("{}", r#"{"token_use":null}"#, Err("token_use")),
            ("{}", r#"{"typ":"Bearer"}"#, Ok("access")),
            ("{}", r#"{"typ":"Offline"}"#, Ok("refresh")),
            ("{}", r#"{"typ":"ID"}"#, Ok("id")),
            ("{}", r#"{"typ":""}"#, Ok("")),
            ("{}", r#"{"type":"access"}"#, Ok("access")),
            ("{}", r#"{"type":"refresh"}"#, Ok("refresh")),
            ("{}", r#"{"type":"id"}"#, Ok("")),
            (r#"{"typ":"rt+jwt"}"#, r#"{"typ":"Bearer","type":"access"}"#, Ok("refresh access access")),
            (r#"{"typ":"x+sd-jwt"}"#, "{}", Ok("sd_jwt")),
            (r#"{"typ":"SD-JWT"}"#, "{}", Ok("sd_jwt")),
            (r#"{"typ":"x-sd-jwt"}"#, "{}", Ok("")),
            ("{}", r#"{"at_hash":"x","iss":1,"sub":2,"aud":3}"#, Ok("id")),
            ("{}", r#"{"c_hash":"x","iss":1,"sub":2,"aud":3}"#, Ok("id")),
            ("{}", r#"{"at_hash":"x","iss":1,"sub":2}"#, Ok("")),
            ("{}", r#"{"iss":1,"sub":2,"aud":3}"#, Ok("")),
            ("{}", r#"{"token_use":"access","at_hash":"x","iss":1,"sub":2,"aud":3}"#, Ok("access")),
        ] {
            assert_eq!(declared(header, payload), kinds.map(str::to_owned), "{header} {payload}");
        }
    }

    #[test]
    fn says_which_tokens_of_keycloak_never_end() {
        let endless = |payload: &str| {
            let text = format!("e30.{}.AA", base64url::encode(payload.as_bytes()));
            let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
            is_endless(&Token::parse(&compact))
        };
        for (payload, expected) in [
            (r#"{"typ":"Offline"}"#, true),
            (r#"{"typ":"Offline","exp":0}"#, true),
            (r#"{"typ":"Offline","exp":0.5}"#, true),
            (r#"{"typ":"Offline","exp":1}"#, false),
            (r#"{"typ":"Offline","exp":-1}"#, false),
            (r#"{"typ":"Offline","exp":"0"}"#, false),
            (r#"{"typ":"Refresh"}"#, false),
            (r#"{"typ":"Refresh","exp":0}"#, false),
            ("{}", false),
            ("[]", false),
        ] {
            assert_eq!(endless(payload), expected, "{payload}");
        }
    }

    #[test]
    fn knows_the_usual_life_and_the_parameters_of_a_kind() {
        for (kind, days, endless, carries, jwk, x5c) in [
            (TokenKind::Access, Some(1), false, false, false, false),
            (TokenKind::Refresh, Some(366), false, false, false, false),
            (TokenKind::Id, Some(31), false, false, false, false),
            (TokenKind::ApiKey, None, false, false, false, false),
            (TokenKind::TrustMark, None, true, false, false, false),
            (TokenKind::StatusList, None, true, false, false, false),
            (TokenKind::Dpop, Some(31), true, true, true, false),
            (TokenKind::SignedData, Some(31), true, false, false, true),
            (TokenKind::Passport, None, true, true, false, false),
        ] {
            let found = (kind.usual_days(), kind.does_without_exp(), kind.carries_its_key());
            assert_eq!(found, (days, endless, carries), "{kind:?}");
            assert_eq!((kind.has_parameter("jwk"), kind.has_parameter("x5c")), (jwk, x5c), "{kind:?}");
        }
    }

    #[test]
    fn finds_a_sign_beside_a_text_that_looks_like_it() {
        // An index of the signs knows texts by their length and by their first and last letter.
        let header = r#"{"signer":"arn:aws:elasticloadbalancing:eu-west-1:1:x","spider":"x"}"#;
        assert_eq!(look(header, "{}").1, Some("AWS Application Load Balancer"));
        assert_eq!(look("{}", r#"{"aud":["jitsi","jelli"],"room":"r"}"#).1, Some("Jitsi"));
    }

    #[test]
    fn ignores_a_token_type_that_is_not_a_string() {
        assert_eq!(look("{}", r#"{"token_type":["access","refresh"]}"#).0, TokenKind::Jwt);
    }
}

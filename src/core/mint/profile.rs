//! An access and a refresh token in the style of the systems people run: which claims, in which order, in which
//! form, and what a refresh copies. Agreement to the letter is the point.
//!
//! * `simplejwt`: djangorestframework-simplejwt 5.5
//! * `drf-jwt`: drf-jwt 1.19, one token that is refreshed while it is valid
//! * `oauth`: an RFC 9068 access token, and a refresh token typed so that nobody takes it for one

use super::encoding::hex_id;
use super::signer::{PreparedSigner, SignError};
use crate::core::json::{self, Member, Value};
use crate::core::reason::{Failure, Reason};
use crate::core::text::duration::Duration;
use crate::core::text::escape::{Escapes, Quoted};
use crate::core::token::Token;
use crate::core::token::header::same_typ;
use crate::core::token::kind::declared_types;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::judge::VerifiedClaims;
use crate::core::verify::policy::Policy;
use std::fmt;

/// A style of token pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// djangorestframework-simplejwt.
    Simplejwt,
    /// drf-jwt.
    DrfJwt,
    /// OAuth 2 with RFC 9068 access tokens.
    Oauth,
}

/// What to put into a new pair.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The user, as the profile names it.
    pub user_id: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `iss`.
    pub issuer: Option<String>,
    /// `aud`: one is written as a string, more as an array.
    pub audiences: Vec<String>,
    /// Claims of both tokens.
    pub claims: Vec<Member<'static>>,
    /// Claims of the access token alone.
    pub access_claims: Vec<Member<'static>>,
    /// Claims of the refresh token alone.
    pub refresh_claims: Vec<Member<'static>>,
}

/// When tokens are issued, how long they live, and what makes their `jti`.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The time of issue.
    pub now: NumericDate,
    /// How long an access token lives.
    pub access_ttl: Duration,
    /// How long a refresh token lives; for `drf-jwt`, how long after the first issue its token may be refreshed.
    pub refresh_ttl: Duration,
    /// Random bytes for the `jti` of the access and of the refresh token.
    pub random: [[u8; 16]; 2],
}

/// The claims of a new pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Of the access token.
    pub access: Vec<Member<'static>>,
    /// Of the refresh token, where there is one.
    pub refresh: Option<Vec<Member<'static>>>,
}

/// The tokens of a pair, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token, if there is a new one.
    pub refresh: Option<String>,
    /// How long the access token lives, where that is known.
    pub lifetime: Option<Duration>,
    /// What RFC 6749 calls the scope.
    pub scope: Option<String>,
    /// Whether the one token serves as both.
    pub single: bool,
}

/// A claim was given that the profile writes itself, or one was given twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenTwice(pub String);

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 3] = [Self::Simplejwt, Self::DrfJwt, Self::Oauth];

    /// The profile a token looks like; only its look, so whoever relies on one says which.
    #[must_use]
    pub fn of(token: &Token<'_>) -> Self {
        let typ = token.header.as_ref().ok().and_then(|header| header.typ());
        let has = |name| token.unverified_claims().is_some_and(|claims| claims.get(name).is_some());
        if typ.is_some_and(|typ| same_typ(typ, "rt+jwt") || same_typ(typ, "at+jwt")) {
            Self::Oauth
        } else if has("orig_iat") && declared_types(token).is_ok_and(|kinds| kinds.is_empty()) {
            Self::DrfJwt
        } else {
            Self::Simplejwt
        }
    }

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Simplejwt => "simplejwt",
            Self::DrfJwt => "drf-jwt",
            Self::Oauth => "oauth",
        }
    }

    /// How long a refresh token lives unless told otherwise: a day, or drf-jwt's window of a week.
    #[must_use]
    pub const fn refresh_ttl(self) -> Duration {
        match self {
            Self::Simplejwt | Self::Oauth => Duration::seconds(86_400),
            Self::DrfJwt => Duration::seconds(7 * 86_400),
        }
    }

    /// The header's `typ` of its access tokens.
    const fn access_typ(self) -> &'static str {
        match self {
            Self::Simplejwt | Self::DrfJwt => "JWT",
            Self::Oauth => "at+jwt",
        }
    }

    /// The header's `typ` of its refresh tokens.
    const fn refresh_typ(self) -> &'static str {
        match self {
            Self::Simplejwt | Self::DrfJwt => "JWT",
            Self::Oauth => "rt+jwt",
        }
    }

    /// How its payloads are written. PyJWT leaves nothing outside ASCII.
    const fn escapes(self) -> Escapes {
        match self {
            Self::Simplejwt | Self::DrfJwt => Escapes::Ascii,
            Self::Oauth => Escapes::Needed,
        }
    }

    fn jti(self, random: [u8; 16]) -> Value<'static> {
        Value::string(match self {
            Self::Simplejwt => hex_id(uuid4(random)),
            Self::DrfJwt => {
                let hex = hex_id(uuid4(random));
                let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
                [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
            }
            Self::Oauth => hex_id(random),
        })
    }

    /// The claims of a new pair.
    ///
    /// # Errors
    /// [`GivenTwice`] if a claim of the request is one that the profile writes.
    pub fn pair(self, request: &Request, terms: &Terms) -> Result<Pair, GivenTwice> {
        let pair = match self {
            Self::Simplejwt => Pair {
                access: simplejwt(
                    request,
                    "access",
                    terms.access_ttl,
                    terms,
                    terms.random[0],
                    &request.access_claims,
                ),
                refresh: Some(simplejwt(
                    request,
                    "refresh",
                    terms.refresh_ttl,
                    terms,
                    terms.random[1],
                    &request.refresh_claims,
                )),
            },
            Self::DrfJwt => Pair { access: drf_jwt(request, terms), refresh: None },
            Self::Oauth => Pair {
                access: oauth(request, terms.access_ttl, terms, terms.random[0], &request.access_claims),
                refresh: Some(oauth(
                    request,
                    terms.refresh_ttl,
                    terms,
                    terms.random[1],
                    &request.refresh_claims,
                )),
            },
        };
        for members in [Some(&pair.access), pair.refresh.as_ref()].into_iter().flatten() {
            if let Some(member) = json::first_repeated(members) {
                return Err(GivenTwice(member.name.to_string()));
            }
        }
        Ok(pair)
    }

    /// Signs the claims of a pair.
    ///
    /// # Errors
    /// [`SignError`] if the crypto library refuses.
    pub fn sign(self, pair: &Pair, terms: &Terms, signer: &PreparedSigner<'_>) -> Result<Tokens, SignError> {
        let sign = |typ, claims: &[Member<'_>]| signer.sign_typed(typ, claims, self.escapes());
        Ok(Tokens {
            access: sign(self.access_typ(), &pair.access)?,
            refresh: pair.refresh.as_deref().map(|claims| sign(self.refresh_typ(), claims)).transpose()?,
            lifetime: Some(terms.access_ttl),
            scope: json::find(&pair.access, "scope").and_then(Value::as_str).map(str::to_owned),
            single: self == Self::DrfJwt,
        })
    }

    /// What a token must be to be refreshed in this style, beside what the caller demands.
    pub fn demand(self, policy: &mut Policy) {
        let required: &[&str] = match self {
            Self::Simplejwt => &["exp", "jti"],
            Self::DrfJwt => &["exp", "orig_iat"],
            Self::Oauth => &["exp"],
        };
        for name in required {
            if !policy.required.iter().any(|known| known == name) {
                policy.required.push((*name).to_owned());
            }
        }
        if self != Self::DrfJwt {
            policy.token_type.get_or_insert_with(|| "refresh".to_owned());
        }
    }

    /// Why drf-jwt does not refresh a token that is valid: it is no token of its own, which has no kind, or its window
    /// from the first issue is over.
    #[must_use]
    pub fn fault(self, token: &Token<'_>, terms: &Terms) -> Option<Failure> {
        if self != Self::DrfJwt {
            return None;
        }
        if let Some(kind) = declared_types(token).ok()?.iter().find(|kind| *kind != "refresh") {
            let detail = format!("{}, and drf-jwt's tokens say no kind", Quoted(kind));
            return Some(Failure::new(Reason::WrongTokenType, detail));
        }
        match token.unverified_claims()?.numeric_date("orig_iat") {
            Err(failure) => Some(failure),
            Ok(None) => None,
            Ok(Some(first)) => (terms.now > first.plus(terms.refresh_ttl)).then(|| {
                let detail =
                    format!("refreshable for {} after the first issue, which is over", terms.refresh_ttl);
                Failure::new(Reason::Expired, detail)
            }),
        }
    }

    /// The claims of what a refresh hands out. `rotate` asks for a new refresh token too.
    #[must_use]
    pub fn refresh(self, verified: VerifiedClaims<'_>, terms: &Terms, rotate: bool) -> Pair {
        let old = verified.get().members();
        let [access_random, refresh_random] = terms.random;
        let iat = Value::integer(terms.now.seconds());
        let exp = |ttl| Value::integer(terms.now.plus(ttl).seconds());
        let renewed =
            |ttl, random| renew(old, &[("exp", exp(ttl)), ("iat", iat.clone()), ("jti", self.jti(random))]);
        match self {
            Self::Simplejwt => {
                let mut access = vec![
                    Member::new("token_type", Value::string("access")),
                    Member::new("exp", exp(terms.access_ttl)),
                    Member::new("iat", iat.clone()),
                    Member::new("jti", self.jti(access_random)),
                ];
                // RefreshToken.no_copy_claims, as of 5.5.1.
                let copied =
                    old.iter().filter(|member| !["token_type", "exp", "iat", "jti"].contains(&&*member.name));
                access.extend(copied.cloned().map(Member::into_owned));
                Pair { access, refresh: rotate.then(|| renewed(terms.refresh_ttl, refresh_random)) }
            }
            Self::DrfJwt => {
                let mut access = renewed(terms.access_ttl, access_random);
                let first = json::find(old, "jti");
                if let Some(first) = first.filter(|_| old.iter().all(|member| member.name != "orig_jti")) {
                    access.push(Member::new("orig_jti", first.clone().into_owned()));
                }
                Pair { access, refresh: None }
            }
            Self::Oauth => Pair {
                // What kind of token it is, its header says; a claim about the old one must not come along.
                access: without_kind(renewed(terms.access_ttl, access_random)),
                refresh: rotate.then(|| renewed(terms.refresh_ttl, refresh_random)),
            },
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Sets the version and variant bits of RFC 9562 section 5.4.
const fn uuid4(mut random: [u8; 16]) -> [u8; 16] {
    random[6] = random[6] & 0x0F | 0x40;
    random[8] = random[8] & 0x3F | 0x80;
    random
}

/// The same members with some replaced in place, and those that were not there at the end.
fn renew(old: &[Member<'_>], new: &[(&'static str, Value<'static>)]) -> Vec<Member<'static>> {
    let replaced = |member: &Member<'_>| new.iter().find(|(name, _)| member.name == *name);
    let mut members: Vec<Member<'static>> = old
        .iter()
        .map(|member| match replaced(member) {
            Some((name, value)) => Member::new(*name, value.clone()),
            None => member.clone().into_owned(),
        })
        .collect();
    for (name, value) in new {
        if old.iter().all(|member| member.name != *name) {
            members.push(Member::new(*name, value.clone()));
        }
    }
    members
}

/// Claims that say of a token that it is a refresh token; see `kind::declared_types`.
const KIND_CLAIMS: [&str; 3] = ["token_type", "token_use", "typ"];

fn without_kind(mut members: Vec<Member<'static>>) -> Vec<Member<'static>> {
    members.retain(|member| !KIND_CLAIMS.contains(&&*member.name));
    members
}

fn audience(request: &Request) -> Option<Member<'static>> {
    let value = match request.audiences.as_slice() {
        [] => return None,
        [one] => Value::string(one.clone()),
        many => Value::Array(many.iter().map(|audience| Value::string(audience.clone())).collect()),
    };
    Some(Member::new("aud", value))
}

fn issuer(request: &Request) -> Option<Member<'static>> {
    request.issuer.clone().map(|issuer| Member::new("iss", Value::string(issuer)))
}

/// `token_type, exp, iat, jti, user_id, …, aud, iss`, the last two as PyJWT adds them when it encodes.
fn simplejwt(
    request: &Request,
    token_type: &'static str,
    ttl: Duration,
    terms: &Terms,
    random: [u8; 16],
    own: &[Member<'static>],
) -> Vec<Member<'static>> {
    let mut members = vec![
        Member::new("token_type", Value::string(token_type)),
        Member::new("exp", Value::integer(terms.now.plus(ttl).seconds())),
        Member::new("iat", Value::integer(terms.now.seconds())),
        Member::new("jti", Profile::Simplejwt.jti(random)),
    ];
    // Since 5.5.1 always a string, whatever the primary key is.
    let user =
        |name: &'static str, id: &Option<String>| id.clone().map(|id| Member::new(name, Value::string(id)));
    members.extend(user("user_id", &request.user_id));
    members.extend(user("sub", &request.subject));
    members.extend(request.claims.iter().chain(own).cloned());
    members.extend(audience(request));
    members.extend(issuer(request));
    members
}

/// `username, iat, exp, jti, user_id, orig_iat, aud, iss`, other claims after the user.
fn drf_jwt(request: &Request, terms: &Terms) -> Vec<Member<'static>> {
    let now = Value::integer(terms.now.seconds());
    let mut members = Vec::new();
    let is_username = |member: &&Member<'static>| member.name == "username";
    members.extend(request.claims.iter().find(is_username).cloned());
    members.push(Member::new("iat", now.clone()));
    members.push(Member::new("exp", Value::integer(terms.now.plus(terms.access_ttl).seconds())));
    members.push(Member::new("jti", Profile::DrfJwt.jti(terms.random[0])));
    members.extend(request.user_id.clone().map(|id| {
        // A primary key is a number where it looks like one.
        let number = id.parse::<u64>().is_ok_and(|number| number.to_string() == id);
        Member::new("user_id", if number { Value::Number(id.into()) } else { Value::string(id) })
    }));
    members.extend(request.subject.clone().map(|subject| Member::new("sub", Value::string(subject))));
    let others = request.claims.iter().filter(|member| !is_username(member));
    members.extend(others.chain(&request.access_claims).chain(&request.refresh_claims).cloned());
    members.push(Member::new("orig_iat", now));
    members.extend(audience(request));
    members.extend(issuer(request));
    members
}

/// `iss, sub, aud, …, exp, iat, jti`.
fn oauth(
    request: &Request,
    ttl: Duration,
    terms: &Terms,
    random: [u8; 16],
    own: &[Member<'static>],
) -> Vec<Member<'static>> {
    let mut members = Vec::new();
    members.extend(issuer(request));
    let subject = request.subject.clone().or_else(|| request.user_id.clone());
    members.extend(subject.map(|subject| Member::new("sub", Value::string(subject))));
    members.extend(audience(request));
    members.extend(request.claims.iter().chain(own).cloned());
    members.push(Member::new("exp", Value::integer(terms.now.plus(ttl).seconds())));
    members.push(Member::new("iat", Value::integer(terms.now.seconds())));
    members.push(Member::new("jti", Profile::Oauth.jti(random)));
    members
}

/// The claims that RFC 9068 section 2.2 requires of an access token and this one does not have.
#[must_use]
pub fn missing_for_oauth(access: &[Member<'_>]) -> Vec<&'static str> {
    ["iss", "sub", "aud", "client_id"]
        .into_iter()
        .filter(|name| access.iter().all(|member| member.name != *name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::encoding::to_json;
    use super::*;

    fn terms() -> Terms {
        Terms {
            now: NumericDate::from_seconds(1_704_067_200),
            access_ttl: Duration::seconds(300),
            refresh_ttl: Duration::seconds(86_400),
            random: [[0xFF; 16], [0; 16]],
        }
    }

    fn json(members: &[Member<'_>]) -> String {
        to_json(members, Escapes::Needed)
    }

    #[test]
    fn writes_a_pair_as_simplejwt_does() {
        let request = Request {
            user_id: Some("1".into()),
            issuer: Some("me".into()),
            audiences: vec!["api".into()],
            ..Request::default()
        };
        let pair = Profile::Simplejwt.pair(&request, &terms()).unwrap();
        assert_eq!(
            json(&pair.access),
            r#"{"token_type":"access","exp":1704067500,"iat":1704067200,"jti":"ffffffffffff4fffbfffffffffffffff","user_id":"1","aud":"api","iss":"me"}"#
        );
        assert_eq!(
            json(&pair.refresh.unwrap()),
            r#"{"token_type":"refresh","exp":1704153600,"iat":1704067200,"jti":"00000000000040008000000000000000","user_id":"1","aud":"api","iss":"me"}"#
        );
    }

    #[test]
    fn writes_one_token_as_drf_jwt_does() {
        let request = Request {
            user_id: Some("7".into()),
            claims: vec![
                Member::new("extra", Value::Bool(true)),
                Member::new("username", Value::string("å")),
            ],
            ..Request::default()
        };
        let pair = Profile::DrfJwt.pair(&request, &terms()).unwrap();
        assert_eq!(
            json(&pair.access),
            r#"{"username":"å","iat":1704067200,"exp":1704067500,"jti":"ffffffff-ffff-4fff-bfff-ffffffffffff","user_id":7,"extra":true,"orig_iat":1704067200}"#
        );
        assert_eq!(pair.refresh, None);
    }

    #[test]
    fn a_claim_the_profile_writes_cannot_be_given() {
        let request = Request {
            user_id: Some("1".into()),
            claims: vec![Member::new("exp", Value::integer(1))],
            ..Request::default()
        };
        assert_eq!(Profile::Simplejwt.pair(&request, &terms()), Err(GivenTwice("exp".into())));
    }

    #[test]
    fn names_what_rfc_9068_misses() {
        let request = Request { subject: Some("u".into()), ..Request::default() };
        let pair = Profile::Oauth.pair(&request, &terms()).unwrap();
        assert_eq!(missing_for_oauth(&pair.access), ["iss", "aud", "client_id"]);
    }
}

//! A pair of an access token and a refresh token: what is asked for, its claims, its tokens, and the forms in which the
//! tokens are written. Which claims a pair gets is decided by its profile.

use super::given_claim::GivenClaim;
use crate::core::json::{InsertError, InsertErrorKind, Member, Value};
use crate::core::text::duration::Duration;
use crate::core::text::escape::Shown;
use crate::core::token::kind::mark::RefreshMark;
use crate::core::token::numeric_date::NumericDate;

/// The user's settings for a new pair.
#[derive(Clone, Debug, Default)]
pub struct PairRequest {
    /// The user, under the claim name of the profile.
    pub user_id: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `iss`.
    pub issuer: Option<String>,
    /// `aud`: one is written as a string, several as an array.
    pub audiences: Vec<String>,
    /// Claims of both tokens.
    pub claims: Vec<GivenClaim>,
    /// Claims of the access token alone.
    pub access_claims: Vec<GivenClaim>,
    /// Claims of the refresh token alone.
    pub refresh_claims: Vec<GivenClaim>,
    /// The claim that marks a refresh token, if the profile does not say it.
    pub refresh_mark: Option<Member<'static>>,
}

/// The lifetimes of the tokens of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// The lifetime of an access token.
    pub access: Duration,
    /// The lifetime of a refresh token. For `drf-jwt`, the time after the first issue in which the token can be refreshed.
    pub refresh: Duration,
}

/// The time and the random bytes that a pair is issued with.
#[derive(Clone, Copy, Debug)]
pub struct Issuance {
    /// The time of issue.
    pub now: NumericDate,
    /// How long the tokens live.
    pub lifetimes: Lifetimes,
    /// Random bytes: for the `jti` of the access token and of the refresh token, and for another claim of each.
    pub random: [[u8; 16]; 4],
}

/// The choice between keeping the refresh token and issuing a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// A new access token alone.
    AccessOnly,
    /// A new access token and a new refresh token.
    Both,
}

/// The choice of the `jti` of a token that is access and refresh token in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenIds {
    /// As the profile says: it may keep its `jti`.
    OfProfile,
    /// Always new, for a store, which knows tokens by their IDs.
    New,
}

/// The choices of what a refresh issues.
#[derive(Clone, Debug)]
pub struct RefreshIssue {
    /// The choice of new tokens.
    pub rotation: Rotation,
    /// How the refresh token is marked.
    pub mark: RefreshMark,
    /// The choice of the `jti`.
    pub ids: TokenIds,
}

/// The claims of a new pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairClaims {
    /// The claims of the access token.
    pub access: Vec<Member<'static>>,
    /// The claims of the refresh token, if there is one.
    pub refresh: Option<Vec<Member<'static>>>,
}

/// The roles of a profile's tokens: two tokens, or one for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRoles {
    /// One token for access, another for refresh.
    Separate,
    /// One token that is used for access, and can itself be refreshed.
    Shared,
    /// An access token alone: there is no refresh.
    AccessOnly,
}

/// The part of a request that an access token is sent in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessCarrier {
    /// The header field `Authorization`, with this scheme (RFC 9110 section 11.1).
    Scheme(String),
    /// A cookie with this name.
    Cookie(String),
    /// A header field with this name.
    Header(String),
}

impl Default for AccessCarrier {
    fn default() -> Self {
        Self::Scheme("Bearer".to_owned())
    }
}

/// The facts that a server stated beside its tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatedFacts {
    /// `token_type` (RFC 6749 section 7.1).
    pub token_type: Option<String>,
    /// `expires_in`.
    pub expires_in: Option<Duration>,
    /// `scope`.
    pub scope: Option<String>,
    /// `id_token` (OpenID Connect Core 1.0 section 3.1.3.3).
    pub id_token: Option<String>,
}

/// The tokens of a pair as text, minted here or issued by a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPair {
    /// The access token.
    pub access: String,
    /// The refresh token, if there is a new one.
    pub refresh: Option<String>,
    /// How long the access token lives, if that is known.
    pub lifetime: Option<Duration>,
    /// The scope of the access token (RFC 6749 section 3.3).
    pub scope: Option<String>,
    /// True if the access token is the refresh token, too.
    pub roles: TokenRoles,
    /// The facts that a server stated. A minted pair has none.
    pub stated: StatedFacts,
    /// The part of a request that the access token is sent in.
    pub carrier: AccessCarrier,
}

/// A pair that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairError {
    /// A claim is given twice, or the profile writes it, too.
    RepeatedClaim {
        /// The name of the claim.
        name: String,
    },
    /// A claim cannot be written at its JSON Pointer.
    Place(InsertError),
}

/// A second value at one place is a claim that is given twice.
impl From<InsertError> for PairError {
    fn from(error: InsertError) -> Self {
        match error.kind {
            InsertErrorKind::Taken => Self::RepeatedClaim { name: error.pointer },
            _ => Self::Place(error),
        }
    }
}

/// A form in which a pair is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairFormat {
    /// One line for each token, with a label if there are two.
    Text,
    /// A JSON object.
    Json,
    /// Assignments for a shell.
    Env,
    /// The header field of an HTTP request.
    Header,
    /// The response of a token endpoint (RFC 6749 section 5.1).
    Oauth,
}

impl PairFormat {
    /// All formats, in the order of the help text.
    pub const ALL: [Self; 5] = [Self::Text, Self::Json, Self::Env, Self::Header, Self::Oauth];

    /// Reports whether the format is JSON.
    #[must_use]
    pub const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Oauth)
    }

    /// Returns the name of the format on the command line, and its description for help texts.
    #[must_use]
    pub const fn describe(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("text", "One line for each token, with its name"),
            Self::Json => ("json", "A JSON object with the members access and refresh"),
            Self::Env => ("env", "Assignments for a shell: FOB_ACCESS and FOB_REFRESH"),
            Self::Header => ("header", "The Authorization header of an HTTP request"),
            Self::Oauth => ("oauth", "The response of a token endpoint (RFC 6749 section 5.1)"),
        }
    }
}

impl TokenPair {
    /// Returns the pair in a form, each line with its line break. An access token alone is written without a label, so that
    /// scripts can take it; the other forms have everything that a server stated.
    #[must_use]
    pub fn to_text(&self, format: PairFormat) -> String {
        match format {
            PairFormat::Text if self.is_single() => format!("{}\n", self.access),
            PairFormat::Text => self.labelled(),
            PairFormat::Header => self.header(),
            PairFormat::Env => {
                let facts = self.facts();
                facts.iter().map(|fact| format!("{}={}\n", fact.variable, quoted(&fact.value))).collect()
            }
            PairFormat::Json => {
                let members =
                    self.facts().into_iter().map(|fact| Member::new(fact.member, fact.json())).collect();
                format!("{}\n", Value::Object(members))
            }
            PairFormat::Oauth => format!("{}\n", Value::Object(self.token_response())),
        }
    }

    /// Returns whether the access token is the only token.
    const fn is_single(&self) -> bool {
        self.refresh.is_none() && self.stated.id_token.is_none()
    }

    /// Returns a line for each fact: its name and its value.
    fn labelled(&self) -> String {
        let facts = self.facts();
        let width = facts.iter().map(|fact| fact.member.len()).max().unwrap_or(0);
        facts.iter().map(|fact| format!("{:width$} {}\n", fact.member, Shown(&fact.value))).collect()
    }

    /// Returns the header field that presents the access token.
    fn header(&self) -> String {
        let access = &self.access;
        match &self.carrier {
            AccessCarrier::Scheme(scheme) => format!("Authorization: {scheme} {access}\n"),
            AccessCarrier::Cookie(name) => format!("Cookie: {name}={access}\n"),
            AccessCarrier::Header(name) => format!("{name}: {access}\n"),
        }
    }

    /// Returns the tokens, and what a server stated about them.
    fn facts(&self) -> Vec<Fact> {
        let StatedFacts { token_type, expires_in, scope, id_token } = &self.stated;
        // A token with both roles is called neither access nor refresh.
        let (member, variable) = match self.roles {
            TokenRoles::Shared => ("token", "FOB_TOKEN"),
            TokenRoles::Separate | TokenRoles::AccessOnly => ("access", "FOB_ACCESS"),
        };
        let seconds = expires_in.map(|lifetime| lifetime.as_seconds().to_string());
        [
            (member, variable, Some(&self.access), false),
            ("refresh", "FOB_REFRESH", self.refresh.as_ref(), false),
            ("id_token", "FOB_ID_TOKEN", id_token.as_ref(), false),
            ("token_type", "FOB_TOKEN_TYPE", token_type.as_ref(), false),
            ("expires_in", "FOB_EXPIRES_IN", seconds.as_ref(), true),
            ("scope", "FOB_SCOPE", scope.as_ref(), false),
        ]
        .into_iter()
        .filter_map(|(member, variable, value, is_number)| {
            Some(Fact { member, variable, value: value?.clone(), is_number })
        })
        .collect()
    }

    /// Returns the members of a successful token response (RFC 6749 section 5.1).
    fn token_response(&self) -> Vec<Member<'_>> {
        let scheme = match &self.carrier {
            AccessCarrier::Scheme(scheme) => scheme.as_str(),
            AccessCarrier::Cookie(_) | AccessCarrier::Header(_) => "Bearer",
        };
        let token_type = self.stated.token_type.as_deref().unwrap_or(scheme);
        let mut members = vec![
            Member::new("access_token", Value::string(&*self.access)),
            Member::new("token_type", Value::string(token_type)),
        ];
        let number = |lifetime: Duration| Value::Number(lifetime.as_seconds().to_string().into());
        members.extend(self.lifetime.map(|lifetime| Member::new("expires_in", number(lifetime))));
        let text =
            |name, text: Option<&'_ String>| text.map(|text| Member::new(name, Value::string(text.clone())));
        members.extend(text("refresh_token", self.refresh.as_ref()));
        members.extend(text("id_token", self.stated.id_token.as_ref()));
        members.extend(text("scope", self.scope.as_ref()));
        members
    }
}

/// A token or a fact about tokens, under its names.
struct Fact {
    member: &'static str,
    variable: &'static str,
    value: String,
    is_number: bool,
}

impl Fact {
    fn json(self) -> Value<'static> {
        if self.is_number { Value::Number(self.value.into()) } else { Value::string(self.value) }
    }
}

/// Quotes a value for a shell, unless each character stands for itself. Control characters are escaped.
fn quoted(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./+=:@%,".contains(&byte);
    if !value.is_empty() && value.bytes().all(is_plain) {
        return value.to_owned();
    }
    format!("'{}'", Shown(value).to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(refresh: Option<&str>, roles: TokenRoles) -> TokenPair {
        TokenPair {
            access: "a".to_owned(),
            refresh: refresh.map(str::to_owned),
            lifetime: Some(Duration::seconds(300)),
            scope: Some("x y".to_owned()),
            roles,
            stated: StatedFacts::default(),
            carrier: AccessCarrier::default(),
        }
    }

    #[test]
    fn writes_two_tokens_in_every_format() {
        let texts = PairFormat::ALL.map(|format| pair(Some("r"), TokenRoles::Separate).to_text(format));
        assert_eq!(
            texts,
            [
                "access  a\nrefresh r\n",
                "{\"access\":\"a\",\"refresh\":\"r\"}\n",
                "FOB_ACCESS=a\nFOB_REFRESH=r\n",
                "Authorization: Bearer a\n",
                "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":300,\"refresh_token\":\"r\",\"scope\":\"x y\"}\n",
            ]
        );
    }

    #[test]
    fn calls_a_token_with_both_roles_neither_access_nor_refresh() {
        let texts = PairFormat::ALL.map(|format| pair(None, TokenRoles::Shared).to_text(format));
        assert_eq!(texts[..3], ["a\n", "{\"token\":\"a\"}\n", "FOB_TOKEN=a\n"]);
    }
    #[test]
    fn writes_everything_that_a_server_stated() {
        let stated = StatedFacts {
            token_type: Some("DPoP".to_owned()),
            expires_in: Some(Duration::seconds(60)),
            scope: Some("it's a".to_owned()),
            id_token: Some("i".to_owned()),
        };
        let carrier = AccessCarrier::Scheme("DPoP".to_owned());
        let pair = TokenPair {
            stated,
            carrier,
            scope: Some("it's a".to_owned()),
            lifetime: Some(Duration::seconds(60)),
            ..pair(Some("~r"), TokenRoles::Separate)
        };
        assert_eq!(
            PairFormat::ALL.map(|format| pair.to_text(format)),
            [
                "access     a\nrefresh    ~r\nid_token   i\ntoken_type DPoP\nexpires_in 60\nscope      it's a\n",
                "{\"access\":\"a\",\"refresh\":\"~r\",\"id_token\":\"i\",\"token_type\":\"DPoP\",\"expires_in\":60,\"scope\":\"it's a\"}\n",
                "FOB_ACCESS=a\nFOB_REFRESH='~r'\nFOB_ID_TOKEN=i\nFOB_TOKEN_TYPE=DPoP\nFOB_EXPIRES_IN=60\nFOB_SCOPE='it'\\''s a'\n",
                "Authorization: DPoP a\n",
                "{\"access_token\":\"a\",\"token_type\":\"DPoP\",\"expires_in\":60,\"refresh_token\":\"~r\",\"id_token\":\"i\",\"scope\":\"it's a\"}\n",
            ]
        );
    }

    #[test]
    fn presents_the_access_token_where_the_server_wants_it() {
        let header =
            |carrier| TokenPair { carrier, ..pair(None, TokenRoles::Separate) }.to_text(PairFormat::Header);
        assert_eq!(header(AccessCarrier::Cookie("c".to_owned())), "Cookie: c=a\n");
        assert_eq!(header(AccessCarrier::Header("X-Session-Token".to_owned())), "X-Session-Token: a\n");
        assert_eq!(header(AccessCarrier::Scheme("JWT".to_owned())), "Authorization: JWT a\n");
    }
}

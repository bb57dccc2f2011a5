//! A pair of an access token and a refresh token: what is asked for, its claims, its tokens, and the forms in which the
//! tokens are written. Which claims a pair gets is decided by its profile.

use super::given_claim::GivenClaim;
use crate::core::json::{InsertError, InsertErrorKind, Member, Value};
use crate::core::text::duration::Duration;
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
}

/// How long the tokens of a pair live.
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
    /// Random bytes for the `jti` of the access token and of the refresh token.
    pub random: [[u8; 16]; 2],
}

/// The choice between keeping the refresh token and issuing a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// A new access token alone.
    AccessOnly,
    /// A new access token and a new refresh token.
    Both,
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
    /// Returns the pair in a form, each line with its line break.
    #[must_use]
    pub fn to_text(&self, format: PairFormat) -> String {
        let Self { access, refresh, roles, .. } = self;
        // A token with both roles is called neither access nor refresh.
        let (member, variable) = match roles {
            TokenRoles::Shared => ("token", "FOB_TOKEN"),
            TokenRoles::Separate => ("access", "FOB_ACCESS"),
        };
        match (format, refresh) {
            (PairFormat::Text, Some(refresh)) => format!("access  {access}\nrefresh {refresh}\n"),
            (PairFormat::Text, None) => format!("{access}\n"),
            (PairFormat::Header, _) => format!("Authorization: Bearer {access}\n"),
            (PairFormat::Env, Some(refresh)) => format!("{variable}={access}\nFOB_REFRESH={refresh}\n"),
            (PairFormat::Env, None) => format!("{variable}={access}\n"),
            (PairFormat::Json, refresh) => {
                let mut members = vec![Member::new(member, Value::string(&**access))];
                members.extend(refresh.as_deref().map(|text| Member::new("refresh", Value::string(text))));
                format!("{}\n", Value::Object(members))
            }
            (PairFormat::Oauth, _) => format!("{}\n", Value::Object(self.token_response())),
        }
    }

    /// Returns the members of a successful token response (RFC 6749 section 5.1).
    fn token_response(&self) -> Vec<Member<'_>> {
        let mut members = vec![
            Member::new("access_token", Value::string(&*self.access)),
            Member::new("token_type", Value::string("Bearer")),
        ];
        let number = |lifetime: Duration| Value::Number(lifetime.as_seconds().to_string().into());
        members.extend(self.lifetime.map(|lifetime| Member::new("expires_in", number(lifetime))));
        let refresh = self.refresh.as_deref();
        members.extend(refresh.map(|text| Member::new("refresh_token", Value::string(text))));
        members.extend(self.scope.as_deref().map(|scope| Member::new("scope", Value::string(scope))));
        members
    }
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
}

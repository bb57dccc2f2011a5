//! Ready descriptions of token servers: one table, with a row for each server that people run.

use super::message::Method;
use super::server::{
    BodyFormat, CsrfRule, GrantTypePlace, RevocationRule, RevokedToken, ServerDescription, TokenPlace,
};

/// Makes the enum, its names and its list of one table, so that no server is left out.
macro_rules! servers {
    ($($server:ident = $name:literal, $about:literal;)+) => {
        /// A server whose description is ready.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ReadyServer {
            $(#[doc = $about] $server,)+
        }

        impl ReadyServer {
            /// Every server, in the order of the help text.
            pub const ALL: &[Self] = &[$(Self::$server),+];

            /// Returns the name on the command line.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$server => $name,)+ }
            }

            /// Returns what the server is, for help texts.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$server => $about,)+ }
            }
        }
    };
}

servers! {
    Simplejwt = "simplejwt", "djangorestframework-simplejwt";
    DrfJwt = "drf-jwt", "drf-jwt, and djangorestframework-jwt with --scheme JWT";
    Oauth = "oauth", "an OAuth 2.0 token endpoint (RFC 6749)";
    DjRestAuth = "dj-rest-auth", "dj-rest-auth with JWTs, in the answer or in cookies";
    Allauth = "allauth", "django-allauth headless with JWTs, client app";
    AllauthSession = "allauth-session", "django-allauth headless with session tokens, client app";
    FlaskJwtExtended = "flask-jwt-extended", "Flask-JWT-Extended with tokens in headers";
    FlaskJwtExtendedCookie = "flask-jwt-extended-cookie", "Flask-JWT-Extended with tokens in cookies";
    Fastapi = "fastapi", "FastAPI as in its tutorial: a log-in with a form, a refresh with JSON";
    FastapiUsers = "fastapi-users", "fastapi-users with bearer tokens";
    FastapiUsersCookie = "fastapi-users-cookie", "fastapi-users with a cookie";
    Express = "express", "Express as developers write it: email, accessToken, refreshToken";
    Supabase = "supabase", "Supabase Auth; send its key with --field-env header:apikey=VAR";
    Keycloak = "keycloak", "Keycloak";
}

impl ReadyServer {
    /// Returns the description of the server.
    #[must_use]
    pub fn describe(self) -> ServerDescription {
        match self {
            Self::Simplejwt => ServerDescription {
                shared_in: Some(TokenPlace::member("token")),
                refresh_url: Some("refresh/".to_owned()),
                revocation: Some(posting("blacklist/", RevokedToken::Refresh)),
                ..json("access", "refresh")
            },
            Self::DrfJwt => ServerDescription {
                shared_in: Some(TokenPlace::member("token")),
                refresh_at: Vec::new(),
                refresh_url: Some("../api-token-refresh/".to_owned()),
                revocation: Some(RevocationRule {
                    url: None,
                    token_in: Some(TokenPlace::member("token")),
                    authorized: true,
                    ..posting("", RevokedToken::Access)
                }),
                ..json("token", "token")
            },
            Self::Oauth => oauth(),
            Self::DjRestAuth => ServerDescription {
                refresh_url: Some("../token/refresh/".to_owned()),
                revocation: Some(posting("../logout/", RevokedToken::Refresh)),
                ..json("access", "refresh")
            },
            Self::Allauth => ServerDescription {
                // A log-in answers under `meta`, a refresh under `data`.
                access_at: members(&["/meta/access_token", "/data/access_token"]),
                refresh_at: members(&["/meta/refresh_token", "/data/refresh_token"]),
                refresh_url: Some("../tokens/refresh".to_owned()),
                revocation: Some(allauth_logout()),
                ..json("access_token", "refresh_token")
            },
            Self::AllauthSession => ServerDescription {
                access_at: members(&["/meta/session_token"]),
                access_in: TokenPlace::Header("X-Session-Token".to_owned()),
                refresh_in: None,
                refresh_at: Vec::new(),
                revocation: Some(allauth_logout()),
                ..json("session_token", "")
            },
            Self::FlaskJwtExtended => ServerDescription {
                refresh_in: Some(TokenPlace::Authorization),
                refresh_url: Some("refresh".to_owned()),
                revocation: Some(RevocationRule {
                    method: Method::Delete,
                    ..posting("logout", RevokedToken::Each)
                }),
                ..json("access_token", "refresh_token")
            },
            Self::FlaskJwtExtendedCookie => {
                let access = TokenPlace::Cookie("access_token_cookie".to_owned());
                let refresh = TokenPlace::Cookie("refresh_token_cookie".to_owned());
                ServerDescription {
                    access_at: vec![access.clone()],
                    refresh_at: vec![refresh.clone()],
                    access_in: access,
                    refresh_in: Some(refresh),
                    csrf: CsrfRule::parse("csrf_refresh_token=X-CSRF-TOKEN"),
                    refresh_url: Some("refresh".to_owned()),
                    revocation: Some(posting("logout", RevokedToken::Access)),
                    ..json("", "")
                }
            }
            Self::Fastapi => ServerDescription {
                body: BodyFormat::Form,
                refresh_body: Some(BodyFormat::Json),
                grant_type: Some(GrantTypePlace::LogIn),
                refresh_url: Some("refresh".to_owned()),
                revocation: Some(posting("logout", RevokedToken::Refresh)),
                ..json("access_token", "refresh_token")
            },
            Self::FastapiUsers => {
                fastapi_users(TokenPlace::member("access_token"), TokenPlace::Authorization)
            }
            Self::FastapiUsersCookie => {
                let cookie = TokenPlace::Cookie("fastapiusersauth".to_owned());
                fastapi_users(cookie.clone(), cookie)
            }
            Self::Express => ServerDescription {
                user: TokenPlace::member("email"),
                refresh_url: Some("refresh".to_owned()),
                revocation: Some(posting("logout", RevokedToken::Refresh)),
                ..json("accessToken", "refreshToken")
            },
            Self::Supabase => ServerDescription {
                grant_type: Some(GrantTypePlace::Query),
                user: TokenPlace::member("email"),
                revocation: Some(posting("logout", RevokedToken::Access)),
                ..json("access_token", "refresh_token")
            },
            Self::Keycloak => ServerDescription {
                revocation: Some(RevocationRule { url: Some("revoke".to_owned()), ..rfc_7009() }),
                ..oauth()
            },
        }
    }
}

/// Returns the description of a server that reads and answers JSON with these members.
fn json(access: &str, refresh: &str) -> ServerDescription {
    ServerDescription {
        body: BodyFormat::Json,
        refresh_body: None,
        grant_type: None,
        user: TokenPlace::member("username"),
        password: TokenPlace::member("password"),
        refresh_in: Some(TokenPlace::member(refresh)),
        shared_in: None,
        access_at: vec![TokenPlace::member(access)],
        refresh_at: vec![TokenPlace::member(refresh)],
        csrf: None,
        access_in: TokenPlace::Authorization,
        scheme: None,
        refresh_url: None,
        revocation: None,
    }
}

/// Returns the description of a token endpoint of OAuth 2.0.
fn oauth() -> ServerDescription {
    ServerDescription {
        body: BodyFormat::Form,
        grant_type: Some(GrantTypePlace::Body),
        revocation: Some(rfc_7009()),
        ..json("access_token", "refresh_token")
    }
}

/// Returns the description of fastapi-users, which issues one token, and no refresh token.
fn fastapi_users(access_at: TokenPlace, access_in: TokenPlace) -> ServerDescription {
    ServerDescription {
        body: BodyFormat::Form,
        grant_type: Some(GrantTypePlace::LogIn),
        access_at: vec![access_at],
        refresh_in: None,
        refresh_at: Vec::new(),
        revocation: Some(posting("logout", RevokedToken::Access)),
        access_in,
        ..json("", "")
    }
}

fn members(pointers: &[&str]) -> Vec<TokenPlace> {
    pointers.iter().map(|pointer| TokenPlace::Member((*pointer).to_owned())).collect()
}

/// Returns the rule of a server that ends a session with a POST of one token, in its usual place.
fn posting(url: &str, token: RevokedToken) -> RevocationRule {
    RevocationRule {
        url: Some(url.to_owned()),
        method: Method::Post,
        token,
        token_in: None,
        authorized: false,
        ended_status: None,
    }
}

/// Returns the rule of a revocation endpoint (RFC 7009 section 2.1). Its URL is not related to that of the token endpoint.
fn rfc_7009() -> RevocationRule {
    RevocationRule {
        url: None,
        token_in: Some(TokenPlace::member("token")),
        ..posting("", RevokedToken::Refresh)
    }
}

/// Returns the rule of allauth. Status 401 says that the user is logged out now.
fn allauth_logout() -> RevocationRule {
    RevocationRule {
        method: Method::Delete,
        ended_status: Some(401),
        ..posting("session", RevokedToken::Access)
    }
}

//! Ready descriptions of token servers: one table, with a row for each server that people run.

use super::server::{
    BodyFormat, CsrfRule, GrantTypePlace, RevocationMethod, RevocationRule, RevokedToken, ServerDescription,
    TokenPlace,
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
    DrfJwt = "drf-jwt", "drf-jwt";
    Oauth = "oauth", "an OAuth 2.0 token endpoint (RFC 6749)";
}

impl ReadyServer {
    /// Returns the description of the server.
    #[must_use]
    pub fn describe(self) -> ServerDescription {
        match self {
            Self::Simplejwt => ServerDescription {
                shared_in: Some(TokenPlace::member("token")),
                refresh_url: Some("refresh/".to_owned()),
                revocation: Some(posting("blacklist/", RevokedToken::Refresh, "refresh")),
                ..json("access", "refresh")
            },
            Self::DrfJwt => ServerDescription {
                shared_in: Some(TokenPlace::member("token")),
                refresh_at: Vec::new(),
                ..json("token", "token")
            },
            Self::Oauth => ServerDescription {
                body: BodyFormat::Form,
                grant_type: Some(GrantTypePlace::Body),
                revocation: Some(RevocationRule {
                    url: None,
                    method: RevocationMethod::Post,
                    token: RevokedToken::Refresh,
                    token_in: TokenPlace::member("token"),
                    authorized: false,
                }),
                ..json("access_token", "refresh_token")
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
        csrf: None::<CsrfRule>,
        access_in: TokenPlace::Authorization,
        scheme: None,
        refresh_url: None,
        revocation: None,
    }
}

/// Returns the rule of a server that ends a session with a POST of one token.
fn posting(url: &str, token: RevokedToken, member: &str) -> RevocationRule {
    RevocationRule {
        url: Some(url.to_owned()),
        method: RevocationMethod::Post,
        token,
        token_in: TokenPlace::member(member),
        authorized: false,
    }
}

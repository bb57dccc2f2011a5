//! The names under which tokens travel. `decode` and `inspect` read the same table, so that both see the same tokens.

use crate::core::text::name::is_same_name;

/// The names of tokens in JSON bodies, forms, URLs, cookies, headers and environments, in lower case. Each stands for its
/// other forms, too, such as `accessToken` and `access-token`.
pub const TOKEN_NAMES: [&str; 16] = [
    "access",
    "access_token",
    "access_token_cookie", // Flask-JWT-Extended
    "auth_token",
    "fob_access",
    "fob_id_token",
    "fob_refresh",
    "fob_token",
    "id_token",
    "jwt",
    "key", // django-rest-framework and dj-rest-auth
    "refresh",
    "refresh_token",
    "refresh_token_cookie", // Flask-JWT-Extended
    "session_token",
    "token",
];

/// The authentication schemes that are followed by a token, in lower case.
pub const SCHEMES: [&str; 4] = ["bearer", "dpop", "jwt", "token"];

/// The header fields that hold a scheme and a token, in lower case.
pub const CREDENTIAL_HEADERS: [&str; 2] = ["authorization", "proxy-authorization"];

/// Reports whether a value with this name is a token, in any letter case, and with or without `_` and `-`.
#[must_use]
pub fn is_token_name(name: &str) -> bool {
    TOKEN_NAMES.iter().any(|known| is_same_name(known, name))
}

/// Reports whether a word is a scheme that is followed by a token, in any letter case.
#[must_use]
pub fn is_scheme(word: &str) -> bool {
    SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(word))
}

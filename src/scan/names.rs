//! The names under which tokens travel. `decode` and `inspect` read the same table, so that both see the same tokens.

/// The names of tokens in JSON bodies, forms, URLs, cookies, headers and environments, in lower case.
pub const TOKEN_NAMES: [&str; 13] = [
    "access",
    "access_token",
    "auth_token",
    "fob_access",
    "fob_refresh",
    "fob_token",
    "id_token",
    "jwt",
    "key", // django-rest-framework and dj-rest-auth
    "refresh",
    "refresh_token",
    "session_token",
    "token",
];

/// The authentication schemes that are followed by a token, in lower case.
pub const SCHEMES: [&str; 4] = ["bearer", "dpop", "jwt", "token"];

/// The header fields that hold a scheme and a token, in lower case.
pub const CREDENTIAL_HEADERS: [&str; 2] = ["authorization", "proxy-authorization"];

/// Reports whether a value with this name is a token, in any letter case.
#[must_use]
pub fn is_token_name(name: &str) -> bool {
    TOKEN_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Reports whether a word is a scheme that is followed by a token, in any letter case.
#[must_use]
pub fn is_scheme(word: &str) -> bool {
    SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(word))
}

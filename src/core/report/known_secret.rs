//! Example secrets that documentation and tutorials print: one table, with a line for each. A token that such a secret
//! verifies can be forged by every reader of the page. Only reports on single tokens ask; a verdict never does.

use crate::core::key::Key;
use crate::core::key::secret::{Secret, SecretFormat};
use crate::core::token::Token;
use crate::core::token::algorithm::{AlgName, Algorithm};
use crate::core::token::jws::{Compact, signing_input};

/// The largest token that is tried, in bytes: each known secret costs one MAC over it.
const MAX_TRIED: usize = 16 * 1024;

/// The secret, and the documentation that prints it. Reports name the documentation only.
#[rustfmt::skip]
const KNOWN_SECRETS: &[(&str, SecretFormat, &str)] = &[
    ("your-256-bit-secret", SecretFormat::Text, "jwt.io"),
    ("your-384-bit-secret", SecretFormat::Text, "jwt.io"),
    ("your-512-bit-secret", SecretFormat::Text, "jwt.io"),
    ("a-string-secret-at-least-256-bits-long", SecretFormat::Text, "jwt.io"),
    ("a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long", SecretFormat::Text, "jwt.io"),
    ("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", SecretFormat::Base64url, "RFC 7515 appendix A.1"),
    ("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg", SecretFormat::Base64url, "RFC 7520 section 3.5"),
    ("super-secret-jwt-token-with-at-least-32-characters-long", SecretFormat::Text, "Supabase for local development"),
    ("your-super-secret-jwt-token-with-at-least-32-characters-long", SecretFormat::Text, "Supabase for self-hosting"),
    ("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", SecretFormat::Text, "the FastAPI tutorial"),
    ("super-secret", SecretFormat::Text, "Flask-JWT-Extended"),
    ("super-secret-key", SecretFormat::Text, "Flask tutorials"),
    ("jwt-secret-string", SecretFormat::Text, "Flask tutorials"),
    ("t1NP63m4wnBg6nyHYKfmc2TpCOGI4nss", SecretFormat::Text, "Flask tutorials"),
    ("404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970", SecretFormat::Base64, "a Spring Security tutorial"),
    ("404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970", SecretFormat::Text, "a Spring Security tutorial"),
    ("404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970", SecretFormat::Hex, "a Spring Security tutorial"),
    ("bezKoderSecretKey", SecretFormat::Text, "a Spring Boot tutorial"),
    ("bezkoder-secret-key", SecretFormat::Text, "a Node.js tutorial"),
    ("javainuse", SecretFormat::Text, "a Spring Boot tutorial"),
    ("my-secret-token-to-change-in-production", SecretFormat::Text, "JHipster"),
    ("pleaseChangeThisSecretForANewOne", SecretFormat::Text, "Micronaut"),
    ("3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKoxQu4nF7EdAh8s3TwpHwrdWT6R", SecretFormat::Text, "Hasura"),
    ("DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE OUTSIDE OF THE SOURCE CODE.", SecretFormat::Text, "NestJS"),
    ("secretKey", SecretFormat::Text, "NestJS"),
    ("shhhhh", SecretFormat::Text, "jsonwebtoken for Node.js"),
    ("shhhhhhared-secret", SecretFormat::Text, "express-jwt"),
    ("AllYourBase", SecretFormat::Text, "golang-jwt"),
    ("my_secret_key", SecretFormat::Text, "Go tutorials"),
    ("secret key", SecretFormat::Text, "gin-jwt"),
    ("cc7e0d44fd473002f1c42167459001140ec6389b7353f8088f4d9a95f2f596f2", SecretFormat::Text, "jose for JavaScript"),
    ("example_key", SecretFormat::Text, "firebase/php-jwt"),
    ("hiG8DlOKvtih6AxlZn5XKImZ06yu8I3mkOzaJrEuW8yAv8Jnkw330uMt8AEqQ5LB", SecretFormat::Text, "lcobucci/jwt"),
    ("hiG8DlOKvtih6AxlZn5XKImZ06yu8I3mkOzaJrEuW8yAv8Jnkw330uMt8AEqQ5LB", SecretFormat::Base64, "lcobucci/jwt"),
    ("reallyreallyreallyreallyverysafe", SecretFormat::Text, "PostgREST"),
    ("tobemodified", SecretFormat::Text, "Strapi"),
    ("255d861b-5ea1-5996-9aa3-922530ec40b1", SecretFormat::Text, "Directus"),
    ("!ChangeThisMercureHubJWTSecretKey!", SecretFormat::Text, "Mercure"),
    ("!ChangeMe!", SecretFormat::Text, "Mercure"),
    ("SecretKey012345678901234567890123456789012345678901234567890123456789", SecretFormat::Text, "Nacos"),
    ("abcdefghijklmnopqrstuvwxyz", SecretFormat::Text, "RuoYi"),
    ("thingsboardDefaultSigningKey", SecretFormat::Base64, "ThingsBoard"),
    ("thingsboardDefaultSigningKey", SecretFormat::Text, "ThingsBoard"),
    ("verysecret", SecretFormat::Text, "ChirpStack"),
    ("my_jitsi_app_secret", SecretFormat::Text, "Jitsi"),
    ("my_jwt_secret", SecretFormat::Text, "ONLYOFFICE"),
    ("myJWT4Gr4v1t33_S3cr3t", SecretFormat::Text, "Gravitee"),
    ("my-secret-key", SecretFormat::Text, "Apache APISIX"),
    ("CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET", SecretFormat::Text, "Apache Superset"),
    ("thisISaSECRET_1234", SecretFormat::Text, "Apache Superset"),
    ("YOUR_OWN_RANDOM_GENERATED_SECRET_KEY", SecretFormat::Text, "Apache Superset"),
    ("TEST_NON_DEV_SECRET", SecretFormat::Text, "Apache Superset"),
    ("THIS IS USED TO SIGN AND VERIFY JWT TOKENS, REPLACE IT WITH YOUR OWN SECRET, IT CAN BE ANY STRING", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("ByYM000OLlMQG6VVVp1OH7Xzyr7gHuw1qvUC5dcGt3SNM", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("ThisIsMySecretKey", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("this is my custom Secret key for authentication", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("super secret key", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("RANDOM_TOKEN_SECRET", SecretFormat::Text, "Express tutorials"),
    ("RANDOM-TOKEN", SecretFormat::Text, "Express tutorials"),
    ("TOP_SECRET", SecretFormat::Text, "Passport tutorials"),
    ("your_jwt_secret", SecretFormat::Text, "Passport tutorials"),
    ("keyboard cat", SecretFormat::Text, "Express tutorials"),
    ("secret", SecretFormat::Text, "jwt.io and many libraries"),
    ("Secret", SecretFormat::Text, "many tutorials"),
    ("SECRET", SecretFormat::Text, "many tutorials"),
    ("secret123", SecretFormat::Text, "many tutorials"),
    ("secret_key", SecretFormat::Text, "many tutorials"),
    ("secret-key", SecretFormat::Text, "many tutorials"),
    ("secretkey", SecretFormat::Text, "many tutorials"),
    ("SECRET_KEY", SecretFormat::Text, "many tutorials"),
    ("supersecret", SecretFormat::Text, "many tutorials"),
    ("supersecretkey", SecretFormat::Text, "many tutorials"),
    ("super_secret", SecretFormat::Text, "many tutorials"),
    ("topsecret", SecretFormat::Text, "many tutorials"),
    ("mysecret", SecretFormat::Text, "many tutorials"),
    ("my-secret", SecretFormat::Text, "many tutorials"),
    ("my_secret", SecretFormat::Text, "many tutorials"),
    ("mySecret", SecretFormat::Text, "many tutorials"),
    ("mySecretKey", SecretFormat::Text, "many tutorials"),
    ("mysecretkey", SecretFormat::Text, "many tutorials"),
    ("jwtsecret", SecretFormat::Text, "many tutorials"),
    ("jwt_secret", SecretFormat::Text, "many tutorials"),
    ("jwt-secret", SecretFormat::Text, "many tutorials"),
    ("jwtSecret", SecretFormat::Text, "many tutorials"),
    ("jwtSecretKey", SecretFormat::Text, "many tutorials"),
    ("JWT_SECRET", SecretFormat::Text, "many tutorials"),
    ("JWT_SECRET_KEY", SecretFormat::Text, "many tutorials"),
    ("your-secret-key", SecretFormat::Text, "many tutorials"),
    ("your_secret_key", SecretFormat::Text, "many tutorials"),
    ("your-secret", SecretFormat::Text, "many tutorials"),
    ("yourSecretKey", SecretFormat::Text, "many tutorials"),
    ("your-jwt-secret", SecretFormat::Text, "many tutorials"),
    ("your-secret-key-here", SecretFormat::Text, "many tutorials"),
    ("your_secret_key_here", SecretFormat::Text, "many tutorials"),
    ("changeme", SecretFormat::Text, "many tutorials"),
    ("change-me", SecretFormat::Text, "many tutorials"),
    ("changeit", SecretFormat::Text, "many tutorials"),
    ("privatekey", SecretFormat::Text, "many tutorials"),
    ("key", SecretFormat::Text, "many tutorials"),
    ("test", SecretFormat::Text, "many tutorials"),
    ("password", SecretFormat::Text, "many tutorials"),
    ("123456", SecretFormat::Text, "many tutorials"),
];

/// Returns the documentation of each secret, in the order of the table.
pub(super) fn sources() -> impl Iterator<Item = &'static str> {
    KNOWN_SECRETS.iter().map(|(_, _, source)| *source)
}

/// Returns the documentation that prints the secret of a token, if a known secret verifies it.
pub(super) fn source_of_secret(token: &Token<'_>) -> Option<&'static str> {
    let Compact::Jws { text, signature, .. } = token.compact else { return None };
    let algorithm = algorithm(token).filter(|_| text.len() <= MAX_TRIED)?;
    let signature = signature.decoded.as_ref().ok()?;
    let fits = |secret: Secret| {
        let key = Key::hmac(secret, None, String::new());
        key.verifier(algorithm).is_ok_and(|verifier| verifier.verifies(signing_input(text), signature))
    };
    let known =
        KNOWN_SECRETS.iter().find(|(written, format, _)| format.read(written.as_bytes()).is_ok_and(fits))?;
    Some(known.2)
}

/// Returns the algorithm of a token whose signature is a MAC of the right size.
fn algorithm(token: &Token<'_>) -> Option<Algorithm> {
    let Compact::Jws { signature, .. } = token.compact else { return None };
    let AlgName::Known(algorithm) = AlgName::parse(token.header.as_ref().ok()?.alg().ok()?) else {
        return None;
    };
    let size = algorithm.mac_bytes()?;
    (signature.bytes().len() == size).then_some(algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;

    #[test]
    fn finds_the_source_of_a_documented_secret() {
        // The first example of jwt.io, as it was for years.
        let text = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        assert_eq!(source_of_secret(&Token::parse(&compact)), Some("jwt.io"));
        let other = format!("{}{}", text.rsplit_once('.').unwrap().0, base64url::encode(&[0; 32]));
        let other = other.replacen("fQAAAA", "fQ.AAAA", 1);
        let compact = Compact::parse(other.as_bytes(), 1 << 20).unwrap();
        assert_eq!(source_of_secret(&Token::parse(&compact)), None);
    }

    #[test]
    fn holds_each_secret_once_and_in_its_format() {
        let mut all: Vec<Vec<u8>> = Vec::new();
        for (written, format, source) in KNOWN_SECRETS {
            let secret = format.read(written.as_bytes()).unwrap().expose().to_vec();
            assert!(!all.contains(&secret), "{source}");
            all.push(secret);
        }
        assert!(all.len() >= 90);
    }
}

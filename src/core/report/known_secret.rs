//! Example secrets that documentation and tutorials print: one table, with a line for each. Every reader of the page can
//! forge tokens that such a secret verifies. Reports on single tokens use the table. Verdicts never do.

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
    ("a-valid-string-secret-that-is-at-least-384-bits-long", SecretFormat::Text, "jwt.io"),
    ("a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long", SecretFormat::Text, "jwt.io"),
    ("secret", SecretFormat::Text, "jwt.io, PyJWT and other libraries"),
    ("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", SecretFormat::Base64url, "RFC 7515 appendix A.1"),
    ("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg", SecretFormat::Base64url, "RFC 7520 section 3.5"),
    ("super-secret-jwt-token-with-at-least-32-characters-long", SecretFormat::Text, "Supabase for local development"),
    ("your-super-secret-jwt-token-with-at-least-32-characters-long", SecretFormat::Text, "Supabase for self-hosting"),
    ("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", SecretFormat::Text, "the FastAPI tutorial"),
    ("super-secret", SecretFormat::Text, "Flask-JWT-Extended"),
    ("jwt-secret-string", SecretFormat::Text, "Flask tutorials"),
    ("t1NP63m4wnBg6nyHYKfmc2TpCOGI4nss", SecretFormat::Text, "Flask tutorials"),
    ("CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET", SecretFormat::Text, "Apache Superset"),
    ("thisISaSECRET_1234", SecretFormat::Text, "Apache Superset"),
    ("YOUR_OWN_RANDOM_GENERATED_SECRET_KEY", SecretFormat::Text, "Apache Superset"),
    ("TEST_NON_DEV_SECRET", SecretFormat::Text, "Apache Superset"),
    ("test-guest-secret-change-me", SecretFormat::Text, "Apache Superset"),
    ("sk-9f73s3ljTXVcMT3Blb3ljTqtsKiGHXVcMT3BlbkFJLK7U", SecretFormat::Text, "Dify"),
    ("t0p-s3cr3t", SecretFormat::Text, "Open WebUI"),
    ("60gp0byfz2dvffa45cxl20p1scy9xbpf6d8c5y0geejgkyp1b5", SecretFormat::Text, "Plane"),
    ("404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970", SecretFormat::Base64, "a Spring Security tutorial"),
    ("404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970", SecretFormat::Text, "a Spring Security tutorial"),
    ("404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970", SecretFormat::Hex, "a Spring Security tutorial"),
    ("bezKoderSecretKey", SecretFormat::Text, "BezKoder's Spring Boot tutorial"),
    ("javainuse", SecretFormat::Text, "JavaInUse's Spring Boot tutorial"),
    ("JWTSuperSecretKey", SecretFormat::Text, "CalliCoder's Spring Boot tutorial"),
    ("SecretKeyToGenJWTs", SecretFormat::Text, "Auth0's Spring Boot tutorial"),
    ("my-secret-token-to-change-in-production", SecretFormat::Text, "JHipster"),
    ("ZmQ0ZGI5NjQ0MDQwY2I4MjMxY2Y3ZmI3MjdhN2ZmMjNhODViOTg1ZGE0NTBjMGM4NDA5NzYxMjdjOWMwYWRmZTBlZjlhNGY3ZTg4Y2U3YTE1ODVkZDU5Y2Y3OGYwZWE1NzUzNWQ2YjFjZDc0NGMxZWU2MmQ3MjY1NzJmNTE0MzI=", SecretFormat::Base64, "Spring Boot projects after JHipster, such as eladmin"),
    ("pleaseChangeThisSecretForANewOne", SecretFormat::Text, "Micronaut"),
    ("SecretKey012345678901234567890123456789012345678901234567890123456789", SecretFormat::Text, "Nacos"),
    ("abcdefghijklmnopqrstuvwxyz", SecretFormat::Text, "RuoYi"),
    ("mall-admin-secret", SecretFormat::Text, "mall"),
    ("mall-portal-secret", SecretFormat::Text, "mall"),
    ("X-Litemall-Token", SecretFormat::Text, "litemall"),
    ("asdasdasifhueuiwyurfewbfjsdafjk", SecretFormat::Text, "Sa-Token"),
    ("thingsboardDefaultSigningKey", SecretFormat::Base64, "ThingsBoard"),
    ("thingsboardDefaultSigningKey", SecretFormat::Text, "ThingsBoard"),
    ("myJWT4Gr4v1t33_S3cr3t", SecretFormat::Text, "Gravitee"),
    ("AllYourBase", SecretFormat::Text, "golang-jwt"),
    ("my_secret_key", SecretFormat::Text, "Go tutorials"),
    ("secret key", SecretFormat::Text, "gin-jwt"),
    ("qmPlus", SecretFormat::Text, "gin-vue-admin"),
    ("go-admin", SecretFormat::Text, "go-admin"),
    ("ad879037-c7a4-4063-9236-6bfc35d54b7d", SecretFormat::Text, "go-zero"),
    ("46b38493-147e-4e3f-86e0-dc5ec54f5133", SecretFormat::Text, "Centrifugo"),
    ("verysecret", SecretFormat::Text, "ChirpStack"),
    ("defaultencryptionkey", SecretFormat::Text, "Nakama"),
    ("defaultrefreshencryptionkey", SecretFormat::Text, "Nakama"),
    ("!ChangeThisMercureHubJWTSecretKey!", SecretFormat::Text, "Mercure"),
    ("!ChangeMe!", SecretFormat::Text, "Mercure"),
    ("emqxsecret", SecretFormat::Text, "EMQX"),
    ("e71829c351aa4242c2719cbfbe671c09", SecretFormat::Text, "Kong"),
    ("my-secret-key", SecretFormat::Text, "Apache APISIX"),
    ("example_key", SecretFormat::Text, "firebase/php-jwt"),
    ("example_key_of_sufficient_length", SecretFormat::Text, "firebase/php-jwt"),
    ("hiG8DlOKvtih6AxlZn5XKImZ06yu8I3mkOzaJrEuW8yAv8Jnkw330uMt8AEqQ5LB", SecretFormat::Text, "lcobucci/jwt"),
    ("hiG8DlOKvtih6AxlZn5XKImZ06yu8I3mkOzaJrEuW8yAv8Jnkw330uMt8AEqQ5LB", SecretFormat::Base64, "lcobucci/jwt"),
    ("my$ecretK3y", SecretFormat::Text, "ruby-jwt"),
    ("THIS IS USED TO SIGN AND VERIFY JWT TOKENS, REPLACE IT WITH YOUR OWN SECRET, IT CAN BE ANY STRING", SecretFormat::Text, "Jason Watmore's tutorials"),
    ("GQDstcKsx0NHjPOuXOYg5MbeJ1XT0uFiwDVvVBrk", SecretFormat::Text, "JWT.NET"),
    ("db3OIsj+BXE9NZDy0t8W3TcNekrF+2d/1sFnWG4HnV8TZY30iTOdtVWJG8abWvB1GlOgJuQZdcF2Luqm/hccMw==", SecretFormat::Base64, "ASP.NET Core tutorials"),
    ("db3OIsj+BXE9NZDy0t8W3TcNekrF+2d/1sFnWG4HnV8TZY30iTOdtVWJG8abWvB1GlOgJuQZdcF2Luqm/hccMw==", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("C1CF4B7DC4C4175B6618DE4F55CA4", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("ByYM000OLlMQG6VVVp1OH7Xzyr7gHuw1qvUC5dcGt3SNM", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("this is my custom Secret key for authentication", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("this is my custom Secret key for authnetication", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("superSecretKey@345", SecretFormat::Text, "Code Maze's ASP.NET Core tutorial"),
    ("IxrAjDoa2FqElO7IhrSrUJELhUckePEPVpaePlS_Xaw", SecretFormat::Base64url, "Bit of Technology's ASP.NET tutorial"),
    ("super secret key", SecretFormat::Text, "ASP.NET Core tutorials"),
    ("DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE OUTSIDE OF THE SOURCE CODE.", SecretFormat::Text, "NestJS"),
    ("secretKey", SecretFormat::Text, "NestJS"),
    ("shhhhh", SecretFormat::Text, "jsonwebtoken for Node.js"),
    ("shhhhhhared-secret", SecretFormat::Text, "express-jwt"),
    ("cc7e0d44fd473002f1c42167459001140ec6389b7353f8088f4d9a95f2f596f2", SecretFormat::Text, "jose for JavaScript"),
    ("myjwts3cr3t", SecretFormat::Text, "LoopBack"),
    ("bezkoder-secret-key", SecretFormat::Text, "BezKoder's Node.js tutorial"),
    ("RANDOM_TOKEN_SECRET", SecretFormat::Text, "Express tutorials"),
    ("RANDOM-TOKEN", SecretFormat::Text, "Express tutorials"),
    ("TOP_SECRET", SecretFormat::Text, "Passport tutorials"),
    ("your_jwt_secret", SecretFormat::Text, "Passport tutorials"),
    ("keyboard cat", SecretFormat::Text, "Express tutorials"),
    ("appsecret321", SecretFormat::Text, "Prisma's examples"),
    ("GraphQL-is-aw3some", SecretFormat::Text, "How to GraphQL"),
    ("thisismynewcourse", SecretFormat::Text, "a Node.js course"),
    ("secret_this_should_be_longer", SecretFormat::Text, "Academind's courses"),
    ("somesupersecretsecret", SecretFormat::Text, "Academind's courses"),
    ("supersecret_dont_share", SecretFormat::Text, "Academind's courses"),
    ("Harryisagoodb$oy", SecretFormat::Text, "CodeWithHarry's React course"),
    ("3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKoxQu4nF7EdAh8s3TwpHwrdWT6R", SecretFormat::Text, "Hasura"),
    ("reallyreallyreallyreallyverysafe", SecretFormat::Text, "PostgREST"),
    ("tobemodified", SecretFormat::Text, "Strapi"),
    ("6116487b-cda1-52c2-b5b5-c8022c45e263", SecretFormat::Text, "Directus"),
    ("255d861b-5ea1-5996-9aa3-922530ec40b1", SecretFormat::Text, "Directus"),
    ("supersecret", SecretFormat::Text, "Medusa"),
    ("testsecret", SecretFormat::Text, "Budibase"),
    ("569a1821-0a93-45e8-87ab-eb857f20a010", SecretFormat::Text, "NocoDB"),
    ("16f8c0ef4a5d391b26034086c628469d3f9f497f08163ab9b40137092f2909ef", SecretFormat::Text, "LibreChat"),
    ("eaa5191f2914e30b9387fd84e254e4ba6fc51b4654968a9b0803b456a54b8418", SecretFormat::Text, "LibreChat"),
    ("my-random-string-for-seeding", SecretFormat::Text, "AnythingLLM"),
    ("AABBCCDDAABBCCDDAABBCCDDAABBCCDDAABBCCDD", SecretFormat::Text, "Flowise"),
    ("5lrMXKKWCVocS/uerPsl7V+TX/aaUaI7iDkgl3tSmLE=", SecretFormat::Text, "Infisical"),
    ("replace_me_with_a_random_string", SecretFormat::Text, "Twenty"),
    ("provided-by-your-issuer", SecretFormat::Text, "Synapse"),
    ("my_jitsi_app_secret", SecretFormat::Text, "Jitsi"),
    ("my_jwt_secret", SecretFormat::Text, "ONLYOFFICE"),
    ("secret123", SecretFormat::Text, "many public projects on GitHub"),
    ("secret_key", SecretFormat::Text, "many public projects on GitHub"),
    ("secret-key", SecretFormat::Text, "many public projects on GitHub"),
    ("secretkey", SecretFormat::Text, "many public projects on GitHub"),
    ("SECRET_KEY", SecretFormat::Text, "many public projects on GitHub"),
    ("supersecretkey", SecretFormat::Text, "many public projects on GitHub"),
    ("super-secret-key", SecretFormat::Text, "many public projects on GitHub"),
    ("topsecret", SecretFormat::Text, "many public projects on GitHub"),
    ("mysecret", SecretFormat::Text, "many public projects on GitHub"),
    ("my-secret", SecretFormat::Text, "many public projects on GitHub"),
    ("my_secret", SecretFormat::Text, "many public projects on GitHub"),
    ("mySecretKey", SecretFormat::Text, "many public projects on GitHub"),
    ("mysecretkey", SecretFormat::Text, "many public projects on GitHub"),
    ("jwtsecret", SecretFormat::Text, "many public projects on GitHub"),
    ("jwt_secret", SecretFormat::Text, "many public projects on GitHub"),
    ("jwt-secret", SecretFormat::Text, "many public projects on GitHub"),
    ("jwtSecret", SecretFormat::Text, "many public projects on GitHub"),
    ("JWT_SECRET", SecretFormat::Text, "many public projects on GitHub"),
    ("JWT_SECRET_KEY", SecretFormat::Text, "many public projects on GitHub"),
    ("your-secret-key", SecretFormat::Text, "many public projects on GitHub"),
    ("your_secret_key", SecretFormat::Text, "many public projects on GitHub"),
    ("your-secret", SecretFormat::Text, "many public projects on GitHub"),
    ("yourSecretKey", SecretFormat::Text, "many public projects on GitHub"),
    ("your-jwt-secret", SecretFormat::Text, "many public projects on GitHub"),
    ("your-secret-key-here", SecretFormat::Text, "many public projects on GitHub"),
    ("your_secret_key_here", SecretFormat::Text, "many public projects on GitHub"),
    ("changeme", SecretFormat::Text, "many public projects on GitHub"),
    ("change-me", SecretFormat::Text, "many public projects on GitHub"),
    ("changeit", SecretFormat::Text, "many public projects on GitHub"),
    ("key", SecretFormat::Text, "many public projects on GitHub"),
    ("test", SecretFormat::Text, "many public projects on GitHub"),
    ("password", SecretFormat::Text, "many public projects on GitHub"),
    ("123456", SecretFormat::Text, "many public projects on GitHub"),
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

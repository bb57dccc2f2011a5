//! Example secrets that documentation and tutorials print: one table, with a line for each. Every reader of the page can
//! forge tokens that such a secret verifies. Reports on single tokens use the table. Verdicts never do.

use crate::core::key::secret::SecretFormat;
use crate::core::key::{Key, SignatureVerifier};
use crate::core::token::Token;
use crate::core::token::algorithm::{AlgName, Algorithm};
use crate::core::token::jws::{Compact, signing_input};
use std::cell::RefCell;

/// The largest token that is tried, in bytes: each known secret costs one MAC over it.
const MAX_TRIED: usize = 16 * 1024;

/// The secret, its format, and the documentation that prints it. Reports name the documentation only. The table is one text,
/// because each reference in a table of data costs every run of the program 11 instructions, and these were 284.
const KNOWN_SECRETS: &str = "\
your-256-bit-secret | text | jwt.io
your-384-bit-secret | text | jwt.io
your-512-bit-secret | text | jwt.io
a-string-secret-at-least-256-bits-long | text | jwt.io
a-valid-string-secret-that-is-at-least-384-bits-long | text | jwt.io
a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long | text | jwt.io
secret | text | jwt.io, PyJWT and other libraries
AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow | base64url | RFC 7515 appendix A.1
hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg | base64url | RFC 7520 section 3.5
super-secret-jwt-token-with-at-least-32-characters-long | text | Supabase for local development
your-super-secret-jwt-token-with-at-least-32-characters-long | text | Supabase for self-hosting
09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7 | text | the FastAPI tutorial
super-secret | text | Flask-JWT-Extended
jwt-secret-string | text | Flask tutorials
t1NP63m4wnBg6nyHYKfmc2TpCOGI4nss | text | Flask tutorials
CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET | text | Apache Superset
thisISaSECRET_1234 | text | Apache Superset
YOUR_OWN_RANDOM_GENERATED_SECRET_KEY | text | Apache Superset
TEST_NON_DEV_SECRET | text | Apache Superset
test-guest-secret-change-me | text | Apache Superset
sk-9f73s3ljTXVcMT3Blb3ljTqtsKiGHXVcMT3BlbkFJLK7U | text | Dify
t0p-s3cr3t | text | Open WebUI
60gp0byfz2dvffa45cxl20p1scy9xbpf6d8c5y0geejgkyp1b5 | text | Plane
404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970 | base64 | a Spring Security tutorial
404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970 | text | a Spring Security tutorial
404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970 | hex | a Spring Security tutorial
bezKoderSecretKey | text | BezKoder's Spring Boot tutorial
javainuse | text | JavaInUse's Spring Boot tutorial
JWTSuperSecretKey | text | CalliCoder's Spring Boot tutorial
SecretKeyToGenJWTs | text | Auth0's Spring Boot tutorial
my-secret-token-to-change-in-production | text | JHipster
ZmQ0ZGI5NjQ0MDQwY2I4MjMxY2Y3ZmI3MjdhN2ZmMjNhODViOTg1ZGE0NTBjMGM4NDA5NzYxMjdjOWMwYWRmZTBlZjlhNGY3ZTg4Y2U3YTE1ODVkZDU5Y2Y3OGYwZWE1NzUzNWQ2YjFjZDc0NGMxZWU2MmQ3MjY1NzJmNTE0MzI= | base64 | Spring Boot projects after JHipster, such as eladmin
pleaseChangeThisSecretForANewOne | text | Micronaut
SecretKey012345678901234567890123456789012345678901234567890123456789 | text | Nacos
abcdefghijklmnopqrstuvwxyz | text | RuoYi
mall-admin-secret | text | mall
mall-portal-secret | text | mall
X-Litemall-Token | text | litemall
asdasdasifhueuiwyurfewbfjsdafjk | text | Sa-Token
thingsboardDefaultSigningKey | base64 | ThingsBoard
thingsboardDefaultSigningKey | text | ThingsBoard
myJWT4Gr4v1t33_S3cr3t | text | Gravitee
AllYourBase | text | golang-jwt
my_secret_key | text | Go tutorials
secret key | text | gin-jwt
qmPlus | text | gin-vue-admin
go-admin | text | go-admin
ad879037-c7a4-4063-9236-6bfc35d54b7d | text | go-zero
46b38493-147e-4e3f-86e0-dc5ec54f5133 | text | Centrifugo
verysecret | text | ChirpStack
defaultencryptionkey | text | Nakama
defaultrefreshencryptionkey | text | Nakama
!ChangeThisMercureHubJWTSecretKey! | text | Mercure
!ChangeMe! | text | Mercure
emqxsecret | text | EMQX
e71829c351aa4242c2719cbfbe671c09 | text | Kong
my-secret-key | text | Apache APISIX
example_key | text | firebase/php-jwt
example_key_of_sufficient_length | text | firebase/php-jwt
hiG8DlOKvtih6AxlZn5XKImZ06yu8I3mkOzaJrEuW8yAv8Jnkw330uMt8AEqQ5LB | text | lcobucci/jwt
hiG8DlOKvtih6AxlZn5XKImZ06yu8I3mkOzaJrEuW8yAv8Jnkw330uMt8AEqQ5LB | base64 | lcobucci/jwt
my$ecretK3y | text | ruby-jwt
THIS IS USED TO SIGN AND VERIFY JWT TOKENS, REPLACE IT WITH YOUR OWN SECRET, IT CAN BE ANY STRING | text | Jason Watmore's tutorials
GQDstcKsx0NHjPOuXOYg5MbeJ1XT0uFiwDVvVBrk | text | JWT.NET
db3OIsj+BXE9NZDy0t8W3TcNekrF+2d/1sFnWG4HnV8TZY30iTOdtVWJG8abWvB1GlOgJuQZdcF2Luqm/hccMw== | base64 | ASP.NET Core tutorials
db3OIsj+BXE9NZDy0t8W3TcNekrF+2d/1sFnWG4HnV8TZY30iTOdtVWJG8abWvB1GlOgJuQZdcF2Luqm/hccMw== | text | ASP.NET Core tutorials
C1CF4B7DC4C4175B6618DE4F55CA4 | text | ASP.NET Core tutorials
ByYM000OLlMQG6VVVp1OH7Xzyr7gHuw1qvUC5dcGt3SNM | text | ASP.NET Core tutorials
this is my custom Secret key for authentication | text | ASP.NET Core tutorials
this is my custom Secret key for authnetication | text | ASP.NET Core tutorials
superSecretKey@345 | text | Code Maze's ASP.NET Core tutorial
IxrAjDoa2FqElO7IhrSrUJELhUckePEPVpaePlS_Xaw | base64url | Bit of Technology's ASP.NET tutorial
super secret key | text | ASP.NET Core tutorials
DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE OUTSIDE OF THE SOURCE CODE. | text | NestJS
secretKey | text | NestJS
shhhhh | text | jsonwebtoken for Node.js
shhhhhhared-secret | text | express-jwt
cc7e0d44fd473002f1c42167459001140ec6389b7353f8088f4d9a95f2f596f2 | text | jose for JavaScript
myjwts3cr3t | text | LoopBack
bezkoder-secret-key | text | BezKoder's Node.js tutorial
RANDOM_TOKEN_SECRET | text | Express tutorials
RANDOM-TOKEN | text | Express tutorials
TOP_SECRET | text | Passport tutorials
your_jwt_secret | text | Passport tutorials
keyboard cat | text | Express tutorials
appsecret321 | text | Prisma's examples
GraphQL-is-aw3some | text | How to GraphQL
thisismynewcourse | text | a Node.js course
secret_this_should_be_longer | text | Academind's courses
somesupersecretsecret | text | Academind's courses
supersecret_dont_share | text | Academind's courses
Harryisagoodb$oy | text | CodeWithHarry's React course
3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKoxQu4nF7EdAh8s3TwpHwrdWT6R | text | Hasura
reallyreallyreallyreallyverysafe | text | PostgREST
tobemodified | text | Strapi
6116487b-cda1-52c2-b5b5-c8022c45e263 | text | Directus
255d861b-5ea1-5996-9aa3-922530ec40b1 | text | Directus
supersecret | text | Medusa
testsecret | text | Budibase
569a1821-0a93-45e8-87ab-eb857f20a010 | text | NocoDB
16f8c0ef4a5d391b26034086c628469d3f9f497f08163ab9b40137092f2909ef | text | LibreChat
eaa5191f2914e30b9387fd84e254e4ba6fc51b4654968a9b0803b456a54b8418 | text | LibreChat
my-random-string-for-seeding | text | AnythingLLM
AABBCCDDAABBCCDDAABBCCDDAABBCCDDAABBCCDD | text | Flowise
5lrMXKKWCVocS/uerPsl7V+TX/aaUaI7iDkgl3tSmLE= | text | Infisical
replace_me_with_a_random_string | text | Twenty
provided-by-your-issuer | text | Synapse
my_jitsi_app_secret | text | Jitsi
my_jwt_secret | text | ONLYOFFICE
secret123 | text | many public projects on GitHub
secret_key | text | many public projects on GitHub
secret-key | text | many public projects on GitHub
secretkey | text | many public projects on GitHub
SECRET_KEY | text | many public projects on GitHub
supersecretkey | text | many public projects on GitHub
super-secret-key | text | many public projects on GitHub
topsecret | text | many public projects on GitHub
mysecret | text | many public projects on GitHub
my-secret | text | many public projects on GitHub
my_secret | text | many public projects on GitHub
mySecretKey | text | many public projects on GitHub
mysecretkey | text | many public projects on GitHub
jwtsecret | text | many public projects on GitHub
jwt_secret | text | many public projects on GitHub
jwt-secret | text | many public projects on GitHub
jwtSecret | text | many public projects on GitHub
JWT_SECRET | text | many public projects on GitHub
JWT_SECRET_KEY | text | many public projects on GitHub
your-secret-key | text | many public projects on GitHub
your_secret_key | text | many public projects on GitHub
your-secret | text | many public projects on GitHub
yourSecretKey | text | many public projects on GitHub
your-jwt-secret | text | many public projects on GitHub
your-secret-key-here | text | many public projects on GitHub
your_secret_key_here | text | many public projects on GitHub
changeme | text | many public projects on GitHub
change-me | text | many public projects on GitHub
changeit | text | many public projects on GitHub
key | text | many public projects on GitHub
test | text | many public projects on GitHub
password | text | many public projects on GitHub
123456 | text | many public projects on GitHub";

/// Returns the rows of the table.
fn rows() -> impl Iterator<Item = (&'static str, SecretFormat, &'static str)> {
    KNOWN_SECRETS.lines().filter_map(|row| {
        let (written, rest) = row.split_once(" | ")?;
        let (format, source) = rest.split_once(" | ")?;
        let format = SecretFormat::ALL.into_iter().find(|known| known.name() == format)?;
        Some((written, format, source))
    })
}

/// Returns the documentation of each secret, in the order of the table.
pub(super) fn sources() -> impl Iterator<Item = &'static str> {
    rows().map(|(_, _, source)| source)
}

/// Returns the documentation that prints the secret of a token, if a known secret verifies it.
pub(super) fn source_of_secret(token: &Token<'_>) -> Option<&'static str> {
    let Compact::Jws { text, signature, .. } = token.compact else { return None };
    let algorithm = algorithm(token).filter(|_| text.len() <= MAX_TRIED)?;
    let signature = signature.decoded.as_ref().ok()?;
    let fits = |verifier: &SignatureVerifier| verifier.verifies(signing_input(text), signature);
    PREPARED.with_borrow_mut(|all| {
        if !all.iter().any(|prepared| prepared.algorithm == algorithm) {
            all.push(PreparedSecrets { algorithm, secrets: Vec::new(), rows: 0, are_all: false });
        }
        all.iter_mut().find(|prepared| prepared.algorithm == algorithm)?.find(fits)
    })
}

/// The secrets that were prepared for MACs with one algorithm.
struct PreparedSecrets {
    algorithm: Algorithm,
    /// The prepared secrets, each with its documentation.
    secrets: Vec<(SignatureVerifier, &'static str)>,
    /// The number of rows that were prepared.
    rows: usize,
    /// True if these are all rows.
    are_all: bool,
}

thread_local! {
    /// The secrets that were prepared so far. A log has many tokens that the same secrets are tried on, and to read and prepare
    /// a secret takes longer than its MAC. This halves the processor time on a log of a hundred tokens.
    static PREPARED: RefCell<Vec<PreparedSecrets>> = const { RefCell::new(Vec::new()) };
}

impl PreparedSecrets {
    /// Returns the documentation of the first secret that fits. Prepares no secret behind it.
    fn find(&mut self, fits: impl Fn(&SignatureVerifier) -> bool) -> Option<&'static str> {
        if let Some((_, source)) = self.secrets.iter().find(|(verifier, _)| fits(verifier)) {
            return Some(source);
        }
        if self.are_all {
            return None;
        }
        for (written, format, source) in rows().skip(self.rows) {
            self.rows += 1;
            let key = format.read(written.as_bytes()).map(|secret| Key::hmac(secret, None, String::new()));
            let Some(verifier) = key.ok().and_then(|key| key.verifier(self.algorithm).ok()) else { continue };
            let is_found = fits(&verifier);
            self.secrets.push((verifier, source));
            if is_found {
                return Some(source);
            }
        }
        self.are_all = true;
        None
    }
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
    fn finds_each_secret_whatever_was_tried_before() {
        let rows: Vec<_> = rows().collect();
        // The first round prepares the secrets in another order than the table, the second one finds them prepared.
        for _ in 0..2 {
            for number in 0..rows.len() {
                let (written, format, source) = rows[number * 50 % rows.len()];
                for algorithm in Algorithm::HMAC {
                    let secret = format.read(written.as_bytes()).unwrap();
                    let key = Key::hmac(secret, None, String::new());
                    let input = format!(
                        "{}.e30",
                        base64url::encode(format!(r#"{{"alg":"{algorithm}"}}"#).as_bytes())
                    );
                    let signature =
                        key.signer(*algorithm).unwrap().sign(signing_input(&format!("{input}."))).unwrap();
                    let text = format!("{input}.{}", base64url::encode(&signature));
                    let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
                    assert_eq!(source_of_secret(&Token::parse(&compact)), Some(source), "{text}");
                }
            }
        }
    }

    #[test]
    fn holds_each_secret_once_and_in_its_format() {
        let mut all: Vec<Vec<u8>> = Vec::new();
        for (written, format, source) in rows() {
            let secret = format.read(written.as_bytes()).unwrap().expose().to_vec();
            assert!(!all.contains(&secret), "{source}");
            all.push(secret);
        }
        assert!(all.len() >= 90);
        assert_eq!(all.len(), KNOWN_SECRETS.lines().count());
    }
}

//! Twins: a good token, and the tokens that are like it but for one flaw. What can be signed validly is signed validly, so
//! that nothing but the flaw can be the reason for a refusal. What `verify` says of each is asked of it, not assumed.

use super::Flaw;
use crate::core::json::{self, Member};
use crate::core::key::KeyError;
use crate::core::key::ring::KeyRing;
use crate::core::mint::flaw::builder::Draft;
use crate::core::mint::signer::{PreparedSigner, SignError};
use crate::core::reason::{Reason, listed};
use crate::core::report::Verification;
use crate::core::text::escape::Escapes;
use crate::core::token::Token;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::claims::REGISTERED;
use crate::core::token::jws::{Compact, MAX_SIZE};
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::check::Detail;
use crate::core::verify::judge::{Judgement, Verdict};
use crate::core::verify::policy::Policy;

/// What a good token is made of, and what it is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Good<'a> {
    /// Its claims.
    pub claims: &'a [Member<'static>],
    /// The keys that it is judged by.
    pub keys: &'a KeyRing,
    /// The one of them that signs it, with its header.
    pub signer: &'a PreparedSigner<'a>,
    /// The only algorithms that are allowed; empty for whatever the key allows.
    pub algorithms: &'a [Algorithm],
    /// When it is issued and judged.
    pub now: NumericDate,
    /// Random bytes, for a secret that nobody knows and for what looks encrypted.
    pub chance: &'a [u8; 128],
}

/// A token as it was made: good, or with one flaw.
#[derive(Clone, Debug)]
pub struct Twin {
    /// Its text.
    pub token: String,
    /// Its header.
    pub header: Vec<Member<'static>>,
    /// The bytes of its payload; none if it pretends to be encrypted.
    pub payload: Vec<u8>,
    /// What `verify` must be asked for, so that it can see the flaw.
    pub demands: Vec<Demand>,
    /// What `verify` says of it at the time of issue.
    pub verdict: Verdict,
    /// Every reason of that.
    pub reasons: Vec<Reason>,
}

/// An option of `verify`, by its long name, with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The name of the option.
    pub option: &'static str,
    /// Its value as it is written on a command line.
    pub value: String,
}

/// Why a flaw cannot be given to a token; not yet safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible(pub String);

impl From<SignError> for Impossible {
    fn from(error: SignError) -> Self {
        Self(error.to_string())
    }
}

impl From<KeyError> for Impossible {
    fn from(unusable: KeyError) -> Self {
        Self(unusable.to_string())
    }
}

fn impossible<T>(why: impl Into<String>) -> Result<T, Impossible> {
    Err(Impossible(why.into()))
}

/// What is demanded beyond what `verify` always looks at, in its two spellings.
#[derive(Default)]
struct Wish {
    policy: Policy,
    demands: Vec<Demand>,
    /// The claim it is about, by the name or the pointer that reasons name it by.
    claim: String,
}

impl Good<'_> {
    /// The good token itself.
    ///
    /// # Errors
    /// [`Impossible`] if it is not accepted by its own key at the time of its issue: it has no flawed twin then.
    pub fn token(&self) -> Result<Twin, Impossible> {
        let twin = self.judged(self.good()?, Wish::default());
        if twin.verdict == Verdict::Accepted {
            return Ok(twin);
        }
        impossible(format!("the good token itself is refused: {}", listed(&twin.reasons)))
    }

    /// The good token with one flaw.
    ///
    /// # Errors
    /// [`Impossible`] if it cannot have that flaw, or would be refused without it.
    pub fn twin(&self, flaw: &Flaw) -> Result<Twin, Impossible> {
        let good = self.token()?;
        let wish = self.wish(flaw)?;
        let (claim, demands) = (wish.claim.clone(), wish.demands.clone());
        // A demand that the good token does not meet shows no flaw.
        if !demands.is_empty() {
            let judged = self.verdict(&good.token, &wish.policy);
            if judged.0 != Verdict::Accepted {
                return impossible(format!("the good token itself is refused: {}", listed(&judged.1)));
            }
        }
        let twin = self.judged(self.draft(flaw)?, wish);
        let is_registered = matches!(flaw, Flaw::WrongType(claim) if REGISTERED.contains(&claim.as_str()));
        let promised = flaw.reason(&claim, is_registered);
        if twin.reasons.contains(&promised) {
            return Ok(twin);
        }
        let found = if twin.reasons.is_empty() { "accepted".to_owned() } else { listed(&twin.reasons) };
        impossible(format!("verify says {found} of it here, and not {promised}"))
    }

    /// Every flaw that a token with these claims may have. The type of a claim that is not registered is nobody's business
    /// but its issuer's, so that none of those is among them.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let names = || self.claims.iter().map(|member| member.name.to_string());
        let registered = names().filter(|name| REGISTERED.contains(&name.as_str()));
        Flaw::plain().chain(names().map(Flaw::Missing)).chain(registered.map(Flaw::WrongType)).collect()
    }

    /// What must be demanded for the flaw to be seen.
    fn wish(&self, flaw: &Flaw) -> Result<Wish, Impossible> {
        let mut wish = Wish::default();
        let (Flaw::Missing(claim) | Flaw::WrongType(claim)) = flaw else { return Ok(wish) };
        let Some(value) = json::find(self.claims, claim) else {
            return impossible(format!("there is no claim `{claim}`"));
        };
        // A name that starts with a stroke would be read as a JSON Pointer.
        let path = match claim.starts_with('/') {
            true => format!("/{}", claim.replace('~', "~0").replace('/', "~1")),
            false => claim.clone(),
        };
        wish.claim.clone_from(&path);
        match flaw {
            Flaw::Missing(_) => {
                wish.policy.required.push(path.clone());
                wish.demands.push(Demand { option: "require", value: path });
            }
            _ if REGISTERED.contains(&claim.as_str()) => {}
            _ if claim.contains('=') => {
                return impossible(format!("no option of verify can speak of a claim named `{claim}`"));
            }
            _ => {
                let mut text = String::new();
                // A String takes every write.
                let _ = value.write(&mut text, Escapes::Needed);
                wish.demands.push(Demand { option: "claim", value: format!("{path}:={text}") });
                wish.policy.claims.push((path, value.clone()));
            }
        }
        Ok(wish)
    }

    fn judged(&self, draft: Draft, wish: Wish) -> Twin {
        let (verdict, reasons) = self.verdict(&draft.token, &wish.policy);
        let Draft { header, payload, token } = draft;
        Twin { token, header, payload, demands: wish.demands, verdict, reasons }
    }

    /// What `verify` says of a token.
    fn verdict(&self, token: &str, policy: &Policy) -> (Verdict, Vec<Reason>) {
        let policy = Policy { algorithms: self.algorithms.to_vec(), ..policy.clone() };
        let said = |judgement: &Judgement<'_>| (judgement.verdict(), judgement.reasons.clone());
        match Compact::parse(token.as_bytes(), MAX_SIZE) {
            Ok(compact) => {
                let token = Token::parse(&compact);
                let verification =
                    Verification::bare(&token, self.keys, &policy, self.now, Detail::ReasonsOnly);
                said(&verification.judgement)
            }
            Err(failure) => said(&Judgement::unreadable(failure)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::secret::Secret;
    use crate::core::mint::header::HeaderTemplate;
    use crate::core::token::algorithm::Algorithm;

    /// What is made of these claims and this key, and the reasons of each.
    struct Bench {
        claims: Vec<Member<'static>>,
        keys: KeyRing,
        algorithm: Algorithm,
    }

    impl Bench {
        fn new(key: Key, algorithm: Algorithm, claims: &str) -> Self {
            let claims = json::parse(claims.as_bytes()).unwrap().into_owned();
            Self { claims: claims.members().to_vec(), keys: key.into(), algorithm }
        }

        fn with<T>(&self, work: impl FnOnce(&Good<'_>) -> T) -> T {
            let key = self.keys.keys().first().unwrap();
            let chance = std::array::from_fn(|index| index as u8);
            let template = HeaderTemplate::default();
            let signer = PreparedSigner::new(&self.keys, key, Some(self.algorithm), &template).unwrap();
            work(&Good {
                claims: &self.claims,
                keys: &self.keys,
                signer: &signer,
                algorithms: &[],
                now: NumericDate::from_json_number("1800000000.25"),
                chance: &chance,
            })
        }

        fn twin(&self, name: &str) -> Result<Twin, String> {
            self.with(|good| good.twin(&name.parse().unwrap()).map_err(|Impossible(why)| why))
        }

        fn payload(&self, name: &str) -> String {
            String::from_utf8(self.twin(name).unwrap().payload).unwrap()
        }
    }

    const CLAIMS: &str = r#"{"iss":"https://i","sub":"alice","aud":["api"],"exp":1800000900,"nbf":1800000000,"iat":1800000000,"jti":"7","role":"user"}"#;

    fn secret() -> Key {
        Key::hmac(Secret::new(vec![b'k'; 32]), None, "a test".into())
    }

    fn hs256(claims: &str) -> Bench {
        Bench::new(secret(), Algorithm::Hs256, claims)
    }

    /// Every flaw and all that it is refused for: nothing but the flaw.
    const PROMISED: [(&str, &str); 36] = [
        ("expired", "expired"),
        ("not-yet-valid", "not_yet_valid"),
        ("issued-in-future", "issued_in_future"),
        ("wrong-key", "bad_signature"),
        ("tampered-payload", "bad_signature"),
        ("tampered-header", "bad_signature"),
        ("truncated-signature", "bad_signature"),
        ("empty-signature", "bad_signature"),
        ("alg-none", "alg_none"),
        ("alg-unknown", "alg_unsupported"),
        ("hmac-with-public-key", "alg_not_allowed"),
        ("duplicate-member", "malformed:duplicate_member"),
        ("padded-base64", "malformed:charset"),
        ("non-canonical-base64", "malformed:base64"),
        ("crit", "crit_unsupported"),
        ("not-json", "malformed:payload_json"),
        ("array-payload", "malformed:payload_not_object"),
        ("deep-json", "malformed:too_deep"),
        ("jwe-shaped", "jwe"),
        ("control-characters", "malformed:payload_json"),
        ("missing-iss", "claim_missing:iss"),
        ("missing-sub", "claim_missing:sub"),
        ("missing-aud", "claim_missing:aud"),
        ("missing-exp", "claim_missing:exp"),
        ("missing-nbf", "claim_missing:nbf"),
        ("missing-iat", "claim_missing:iat"),
        ("missing-jti", "claim_missing:jti"),
        ("missing-role", "claim_missing:role"),
        ("wrong-type-iss", "claim_type:iss"),
        ("wrong-type-sub", "claim_type:sub"),
        ("wrong-type-aud", "claim_type:aud"),
        ("wrong-type-exp", "claim_type:exp"),
        ("wrong-type-nbf", "claim_type:nbf"),
        ("wrong-type-iat", "claim_type:iat"),
        ("wrong-type-jti", "claim_type:jti"),
        ("wrong-type-role", "wrong_claim:role"),
    ];

    #[test]
    fn with_every_kind_of_key_each_flaw_is_the_only_one() {
        // Keys of RSA take their time, and all its algorithms make signatures of one length.
        let costly = Algorithm::RSA.iter().skip(1).copied().collect::<Vec<_>>();
        for algorithm in Algorithm::ALL.iter().filter(|algorithm| !costly.contains(algorithm)) {
            let key = Key::generate(*algorithm, Some(2048)).unwrap();
            let is_secret = key.has_type(crate::core::token::algorithm::KeyType::Oct);
            let bench = Bench::new(key, *algorithm, CLAIMS);
            for (name, reason) in &PROMISED {
                let twin = bench.twin(name);
                if is_secret && *name == "hmac-with-public-key" {
                    assert_eq!(twin.unwrap_err(), "an HMAC secret has no public half");
                    continue;
                }
                let twin = twin.unwrap_or_else(|why| panic!("{algorithm} {name}: {why}"));
                assert_eq!(listed(&twin.reasons), *reason, "{algorithm} {name}: {}", twin.token);
            }
        }
    }

    #[test]
    fn all_of_them_are_those_of_the_claims_that_are_there() {
        let names = |claims: &str| -> Vec<String> {
            hs256(claims).with(|good| good.flaws().iter().map(Flaw::name).skip(20).collect())
        };
        assert_eq!(names(r#"{"role":"x"}"#), ["missing-role"]);
        assert_eq!(
            names(r#"{"sub":"a","role":"x","exp":1}"#),
            ["missing-sub", "missing-role", "missing-exp", "wrong-type-sub", "wrong-type-exp"]
        );
        assert_eq!(hs256("{}").with(|good| good.flaws().len()), 20);
    }

    #[test]
    fn what_verify_has_to_be_asked_is_said() {
        let demands = |claims: &str, name: &str| -> Vec<(&str, String)> {
            let twin = hs256(claims).twin(name).unwrap();
            twin.demands.into_iter().map(|demand| (demand.option, demand.value)).collect()
        };
        assert_eq!(demands(CLAIMS, "expired"), []);
        assert_eq!(demands(CLAIMS, "wrong-type-sub"), []);
        assert_eq!(demands(CLAIMS, "missing-sub"), [("require", "sub".to_owned())]);
        assert_eq!(demands(CLAIMS, "wrong-type-role"), [("claim", r#"role:="user""#.to_owned())]);
        // What would be read as a JSON Pointer is written as one.
        assert_eq!(demands(r#"{"/~x":1}"#, "missing-/~x"), [("require", "/~1~0x".to_owned())]);
        assert_eq!(demands(r#"{"/~x":1}"#, "wrong-type-/~x"), [("claim", "/~1~0x:=1".to_owned())]);
    }

    #[test]
    fn a_flaw_that_cannot_be_had_says_why() {
        let why = |claims: &str, name: &str| hs256(claims).twin(name).unwrap_err();
        assert_eq!(why("{}", "missing-sub"), "there is no claim `sub`");
        assert_eq!(why(r#"{"exp":1}"#, "alg-none"), "the good token itself is refused: expired");
        assert_eq!(why(r#"{"a":null}"#, "missing-a"), "the good token itself is refused: claim_missing:a");
        assert_eq!(
            why(r#"{"a=b":1}"#, "wrong-type-a=b"),
            "no option of verify can speak of a claim named `a=b`"
        );
    }

    #[test]
    fn what_is_longer_than_verify_takes_has_no_twin() {
        let claims = format!(r#"{{"x":"{}"}}"#, "a".repeat(MAX_SIZE));
        for name in ["crit", "missing-x"] {
            let why = hs256(&claims).twin(name).map(|twin| twin.reasons).unwrap_err();
            assert_eq!(why, "the good token itself is refused: malformed:too_large");
        }
    }

    #[test]
    fn without_claims_every_flaw_can_still_be_had() {
        for flaw in Flaw::plain().filter(|flaw| *flaw != Flaw::HmacWithPublicKey) {
            hs256("{}").twin(&flaw.name()).unwrap();
        }
    }

    #[test]
    fn payloads_say_what_was_done_to_them() {
        let bench = hs256(r#"{"sub":"alice"}"#);
        for (name, payload) in [
            ("tampered-payload", r#"{"sub":"mallory"}"#),
            ("duplicate-member", r#"{"sub":"alice","sub":"mallory"}"#),
            ("not-json", r#"{"sub":"alice""#),
            ("array-payload", r#"[{"sub":"alice"}]"#),
            ("control-characters", "{\"sub\":\"alice\",\"note\":\"\u{1b}[31m\"}"),
            ("expired", r#"{"sub":"alice","exp":1799996400}"#),
        ] {
            assert_eq!(bench.payload(name), payload, "{name}");
        }
        assert_eq!(hs256("{}").payload("duplicate-member"), r#"{"admin":false,"admin":true}"#);
    }

    #[test]
    fn a_key_that_a_claim_names_is_still_found_after_tampering() {
        let mut bench = hs256(r#"{"sub":"alice"}"#);
        let named = Key { kid: Some("alice".into()), ..secret() };
        bench.keys = KeyRing::set(vec![named], Vec::new(), "a test".into()).by_claim(Some("sub".into()));
        assert_eq!(listed(&bench.twin("tampered-payload").unwrap().reasons), "bad_signature");
        assert_eq!(listed(&bench.twin("missing-sub").unwrap().reasons), "key_not_found, claim_missing:sub");
    }

    #[test]
    fn odd_claims_are_no_obstacle() {
        for claims in [
            r#"{"exp":1e400,"nbf":0,"iat":0.000001}"#,
            r#"{"exp":18000000009e-1,"iat":1799999999.999999999}"#,
            r#"{"":"","tampered":1,"note":2,"deep":3,"admin":true,"crit":4,"alg":"none"}"#,
            r#"{"sub":"","aud":[],"a":[[[{}]]],"b":{"c":null}}"#,
        ] {
            let bench = hs256(claims);
            bench.with(|good| {
                for flaw in good.flaws().iter().filter(|flaw| **flaw != Flaw::HmacWithPublicKey) {
                    let twin =
                        good.twin(flaw).unwrap_or_else(|Impossible(why)| panic!("{claims} {flaw}: {why}"));
                    assert_eq!(twin.reasons.len(), 1, "{claims} {flaw}: {}", listed(&twin.reasons));
                }
            });
        }
    }

    #[test]
    fn a_set_that_has_a_secret_too_takes_the_forged_mac_for_a_wrong_one() {
        let mut bench =
            Bench::new(Key::generate(Algorithm::EdDsa, None).unwrap(), Algorithm::EdDsa, r#"{"sub":"a"}"#);
        let signer = bench.keys.keys().first().unwrap().clone();
        bench.keys = KeyRing::set(vec![signer, secret()], Vec::new(), "a test".into());
        assert_eq!(
            bench.twin("hmac-with-public-key").unwrap_err(),
            "verify says bad_signature of it here, and not alg_not_allowed"
        );
        assert_eq!(listed(&bench.twin("alg-none").unwrap().reasons), "alg_none");
    }

    #[test]
    fn at_the_end_of_all_time_nothing_can_be_postponed() {
        let bench = hs256("{}");
        let why = bench.with(|good| {
            let now = NumericDate::from_seconds(i64::MAX);
            Good { now, ..*good }.twin(&Flaw::NotYetValid).unwrap_err().0
        });
        assert_eq!(why, "verify says accepted of it here, and not not_yet_valid");
    }
}

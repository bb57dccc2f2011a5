//! How a token with a flaw is made of a good one, flaw by flaw. Nothing is judged here.

use super::Flaw;
use super::change;
use crate::core::json::{self, Member, Value};
use crate::core::key::secret::Secret;
use crate::core::key::seed::Seed;
use crate::core::key::{Key, RSA_SIZES, write};
use crate::core::mint::encoding::{encode_header, to_json};
use crate::core::mint::flaw::baseline::{Good, Impossible};
use crate::core::mint::signer::PreparedSigner;
use crate::core::text::escape::Escapes;
use crate::core::token::algorithm::{Algorithm, KeyType};
use crate::core::token::base64url;

/// A token that is not judged yet.
pub(super) struct Draft {
    pub(super) header: Vec<Member<'static>>,
    pub(super) payload: Vec<u8>,
    pub(super) token: String,
}

impl Good<'_> {
    /// The good token.
    pub(super) fn good(&self) -> Result<Draft, Impossible> {
        self.of(self.signer.header().to_vec(), to_json(self.claims, Escapes::Needed).into_bytes())
    }

    /// A header and a payload, signed.
    fn of(&self, header: Vec<Member<'static>>, payload: Vec<u8>) -> Result<Draft, Impossible> {
        let token = self.signer.sign_under(&header, &payload)?;
        Ok(Draft { header, payload, token })
    }

    /// Other claims under the same header, signed.
    fn with_claims(&self, claims: &[Member<'_>]) -> Result<Draft, Impossible> {
        self.of(self.signer.header().to_vec(), to_json(claims, Escapes::Needed).into_bytes())
    }

    /// The same claims under a header of another algorithm, signed with what there is.
    fn with_alg(&self, alg: &'static str, signer: &PreparedSigner<'_>) -> Result<Draft, Impossible> {
        let mut header = self.signer.header().to_vec();
        change::set(&mut header, "alg", Value::string(alg));
        let payload = to_json(self.claims, Escapes::Needed).into_bytes();
        let token = signer.sign_under(&header, &payload)?;
        Ok(Draft { header, payload, token })
    }

    /// The good token with one flaw, which the claims are known to allow.
    pub(super) fn draft(&self, flaw: &Flaw) -> Result<Draft, Impossible> {
        let now = self.now.seconds();
        let mut claims = self.claims.to_vec();
        let mut header = self.signer.header().to_vec();
        match flaw {
            Flaw::Expired => change::expire(&mut claims, now),
            Flaw::NotYetValid => change::postpone(&mut claims, "nbf", now),
            Flaw::IssuedInFuture => change::postpone(&mut claims, "iat", now),
            Flaw::Missing(name) => claims.retain(|member| member.name != *name),
            Flaw::WrongType(name) => {
                if let Some(member) = claims.iter_mut().find(|member| member.name == *name) {
                    member.value = change::retyped(name, &member.value);
                }
            }
            Flaw::DeepJson => claims.push(Member::new(change::free(&claims, "deep"), change::deep())),
            Flaw::DuplicateMember => {
                let second = change::usurp(&claims, self.keys.claim());
                if json::find(&claims, &second.name).is_none() {
                    claims.push(Member::new(second.name.clone(), Value::Bool(false)));
                }
                claims.push(second);
            }
            Flaw::Crit => {
                let name = change::free(&header, "urn:example:critical");
                change::set(&mut header, "crit", Value::Array(vec![Value::string(name.clone())]));
                header.push(Member::new(name, Value::Bool(true)));
                return self.of(header, to_json(&claims, Escapes::Needed).into_bytes());
            }
            Flaw::NotJson => return self.of(header, change::without_end(&claims)),
            Flaw::ArrayPayload => {
                let text = format!("[{}]", to_json(&claims, Escapes::Needed));
                return self.of(header, text.into_bytes());
            }
            Flaw::ControlCharacters => return self.of(header, change::with_control_character(&claims)),
            Flaw::WrongKey => {
                let payload = to_json(&claims, Escapes::Needed).into_bytes();
                let key = self.another_key()?;
                let signer = PreparedSigner::unchecked(&key, self.signer.algorithm(), header)?;
                let token = signer.sign(&payload)?;
                let header = signer.header().to_vec();
                return Ok(Draft { header, payload, token });
            }
            Flaw::AlgUnknown => return self.with_alg("XS256", self.signer),
            Flaw::AlgNone => {
                let draft = self.with_alg("none", self.signer)?;
                return Ok(Draft { token: signed_as(&draft.token, ""), ..draft });
            }
            Flaw::HmacWithPublicKey => {
                let pem = self.signer.key().public().and_then(|public| write::pem(&public.material));
                let Some(pem) = pem else {
                    return Err(Impossible(format!("{} has no public half", self.signer.key().kind())));
                };
                let key = Key::hmac(pem, None, String::new());
                let signer = PreparedSigner::unchecked(&key, Algorithm::Hs256, header)?;
                return self.with_alg("HS256", &signer);
            }
            Flaw::EmptySignature | Flaw::TruncatedSignature => {
                let draft = self.good()?;
                let signature = match flaw {
                    Flaw::EmptySignature => String::new(),
                    _ => change::shortened(signature(&draft.token)),
                };
                return Ok(Draft { token: signed_as(&draft.token, &signature), ..draft });
            }
            Flaw::TamperedPayload | Flaw::TamperedHeader => return self.tampered(flaw),
            Flaw::PaddedBase64 => return self.padded(),
            Flaw::NonCanonicalBase64 => return self.respelled(),
            Flaw::JweShaped => return Ok(self.jwe_shaped()),
        }
        self.with_claims(&claims)
    }

    /// Another header or payload before the signature of the good token.
    fn tampered(&self, flaw: &Flaw) -> Result<Draft, Impossible> {
        let good = self.good()?;
        let (mut header, mut claims) = (self.signer.header().to_vec(), self.claims.to_vec());
        if *flaw == Flaw::TamperedHeader {
            header.push(Member::new(change::free(&header, "tampered"), Value::Bool(true)));
        } else {
            let changed = change::usurp(&claims, self.keys.claim());
            change::set(&mut claims, &changed.name, changed.value);
        }
        let payload = to_json(&claims, Escapes::Needed).into_bytes();
        let input = format!("{}.{}", encode_header(&header), base64url::encode(&payload));
        Ok(Draft { header, payload, token: format!("{input}.{}", signature(&good.token)) })
    }

    /// Padding wherever there is room for it, and a signature over the padded text.
    fn padded(&self) -> Result<Draft, Impossible> {
        let payload = change::with_room(to_json(self.claims, Escapes::Needed).into_bytes());
        let segments = [encode_header(self.signer.header()), base64url::encode(&payload)];
        let [header, padded] = segments.map(|segment| change::padded(&segment));
        let token = self.signer.sign_segments(&header, &padded)?;
        let token = signed_as(&token, &change::padded(signature(&token)));
        Ok(Draft { header: self.signer.header().to_vec(), payload, token })
    }

    /// Bits to spare that are set: in the signature, which nothing is signed over, else in the payload, signed so.
    fn respelled(&self) -> Result<Draft, Impossible> {
        let good = self.good()?;
        if let Some(signature) = change::respelled(signature(&good.token)) {
            return Ok(Draft { token: signed_as(&good.token, &signature), ..good });
        }
        let payload = change::with_room(good.payload);
        let segment = base64url::encode(&payload);
        let segment = change::respelled(&segment).unwrap_or(segment);
        let token = self.signer.sign_segments(&encode_header(self.signer.header()), &segment)?;
        Ok(Draft { payload, token, ..good })
    }

    /// What a JWE looks like from outside (RFC 7516 section 7.1). There is nothing in it.
    fn jwe_shaped(&self) -> Draft {
        let mut header = self.signer.header().to_vec();
        change::set(&mut header, "alg", Value::string("dir"));
        change::set(&mut header, "enc", Value::string("A256GCM"));
        let (ciphertext, rest) = self.chance.split_at(64);
        let (vector, rest) = rest.split_at(12);
        let (tag, _) = rest.split_at(16);
        let segments = [encode_header(&header), String::new()];
        let token =
            segments.into_iter().chain([vector, ciphertext, tag].map(base64url::encode)).collect::<Vec<_>>();
        Draft { header, payload: Vec::new(), token: token.join(".") }
    }

    /// A key of the same kind that nobody has: of RSA, as long as the good one if such a key can be made in a moment.
    fn another_key(&self) -> Result<Key, Impossible> {
        const QUICK: usize = 4096;
        if let Some(length) = self.signer.algorithm().mac_bytes() {
            let secret = self.chance.iter().copied().take(length).collect();
            return Ok(Key::hmac(Secret::new(secret), None, String::new()));
        }
        if self.signer.algorithm().kty() != KeyType::Rsa {
            let number = self.chance.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
            return Ok(Key::derive(self.signer.algorithm(), &mut Seed::from(number).stream("wrong-key", 1))?);
        }
        let sizes =
            RSA_SIZES.iter().copied().filter(|size| *size <= self.signer.key().bits().clamp(2048, QUICK));
        Ok(Key::generate(self.signer.algorithm(), sizes.max())?)
    }
}

/// The last segment of a token.
fn signature(token: &str) -> &str {
    token.rsplit_once('.').map_or("", |(_, signature)| signature)
}

/// A token with another last segment.
fn signed_as(token: &str, signature: &str) -> String {
    let input = token.rsplit_once('.').map_or(token, |(input, _)| input);
    format!("{input}.{signature}")
}

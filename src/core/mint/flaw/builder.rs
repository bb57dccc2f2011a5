//! How a baseline gets each flaw. Nothing is judged here.

use super::baseline::{Baseline, NotApplicable};
use super::change;
use super::encrypted;
use super::table::Flaw;
use crate::core::json::{self, Member, Value};
use crate::core::key::secret::Secret;
use crate::core::key::seed::Seed;
use crate::core::key::{Key, RSA_SIZES, pem};
use crate::core::mint::encoding::{encode_header, to_json};
use crate::core::mint::signer::PreparedSigner;
use crate::core::text::escape::Escapes;
use crate::core::token::algorithm::{Algorithm, KeyType};
use crate::core::token::base64url;

/// A token that is built, but not yet judged.
pub(super) struct UnjudgedToken {
    pub(super) header: Vec<Member<'static>>,
    pub(super) payload: Vec<u8>,
    pub(super) token: String,
}

type Built = Result<UnjudgedToken, NotApplicable>;

/// A builder of the tokens of a baseline.
pub(super) struct FlawBuilder<'a>(pub(super) &'a Baseline<'a>);

impl FlawBuilder<'_> {
    /// Builds the token without a flaw.
    pub(super) fn valid(&self) -> Built {
        self.encrypted(self.signed()?)
    }

    /// Builds the token with one flaw. A claim that the flaw names must be in the baseline. The token is encrypted if the
    /// baseline is.
    pub(super) fn flawed(&self, flaw: &Flaw) -> Built {
        if !flaw.is_of_encryption() {
            return self.encrypted(self.flawed_signed(flaw)?);
        }
        let encrypter = self.0.encryption.ok_or(NotApplicable::NotEncrypted)?.encrypter;
        let UnjudgedToken { payload, token, .. } = self.signed()?;
        let token = encrypted::flawed(flaw, encrypter, &token, &payload, self.0.random, || {
            let padded = [payload.clone(), vec![b' '; encrypted::BOMB]].concat();
            Ok(self.sign(self.header(), padded)?.token)
        })?;
        Ok(UnjudgedToken { header: encrypted::header(&token), payload, token })
    }

    /// Encrypts a signed token, if the baseline is encrypted.
    fn encrypted(&self, signed: UnjudgedToken) -> Built {
        let Some(encryption) = self.0.encryption else { return Ok(signed) };
        let token = encryption.encrypter.encrypt_token(&signed.token)?;
        Ok(UnjudgedToken { header: encrypted::header(&token), payload: signed.payload, token })
    }

    /// Builds the signed token without a flaw.
    fn signed(&self) -> Built {
        self.sign_claims(self.0.claims)
    }

    /// Builds the signed token with one flaw.
    fn flawed_signed(&self, flaw: &Flaw) -> Built {
        let now = self.0.now.seconds();
        let mut claims = self.0.claims.to_vec();
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
            Flaw::DeepJson => claims.push(Member::new(change::unused_name(&claims, "deep"), change::deep())),
            Flaw::DuplicateMember => self.duplicate_member(&mut claims),
            Flaw::Crit => return self.crit(),
            Flaw::NotJson => return self.sign(self.header(), change::truncated_json(&claims)),
            Flaw::ArrayPayload => {
                let text = format!("[{}]", to_json(&claims, Escapes::Needed));
                return self.sign(self.header(), text.into_bytes());
            }
            Flaw::ControlCharacters => {
                return self.sign(self.header(), change::with_control_character(&claims));
            }
            Flaw::WrongKey => return self.wrong_key(),
            Flaw::AlgUnknown => return self.with_alg("XS256", self.0.signer),
            Flaw::AlgNone => {
                let unsigned = self.with_alg("none", self.0.signer)?;
                return Ok(UnjudgedToken { token: with_signature(&unsigned.token, ""), ..unsigned });
            }
            Flaw::HmacWithPublicKey => return self.hmac_with_public_key(),
            Flaw::EmptySignature => return self.with_other_signature(|_| String::new()),
            Flaw::TruncatedSignature => return self.with_other_signature(change::truncated),
            Flaw::TamperedPayload => {
                let changed = change::change_identity(&claims, self.0.keys.claim());
                change::set(&mut claims, &changed.name, changed.value);
                return self.tampered(self.header(), &claims);
            }
            Flaw::TamperedHeader => {
                let mut header = self.header();
                header.push(Member::new(change::unused_name(&header, "tampered"), Value::Bool(true)));
                return self.tampered(header, &claims);
            }
            Flaw::PaddedBase64 => return self.padded(),
            Flaw::NonCanonicalBase64 => return self.non_canonical(),
            Flaw::JweShaped => return Ok(self.jwe_shaped()),
            // Built by `encrypted`.
            Flaw::JweTamperedTag
            | Flaw::JweTamperedHeader
            | Flaw::JweUnsigned
            | Flaw::JweWrongKey
            | Flaw::JweZipBomb
            | Flaw::JweP2cHuge
            | Flaw::JweInvalidCurve => {}
        }
        self.sign_claims(&claims)
    }

    fn header(&self) -> Vec<Member<'static>> {
        self.0.signer.header().to_vec()
    }

    fn payload(&self) -> Vec<u8> {
        to_json(self.0.claims, Escapes::Needed).into_bytes()
    }

    /// Signs a header and a payload.
    fn sign(&self, header: Vec<Member<'static>>, payload: Vec<u8>) -> Built {
        let token = self.0.signer.sign_under(&header, &payload)?;
        Ok(UnjudgedToken { header, payload, token })
    }

    /// Signs claims under the header of the baseline.
    fn sign_claims(&self, claims: &[Member<'_>]) -> Built {
        self.sign(self.header(), to_json(claims, Escapes::Needed).into_bytes())
    }

    /// Writes another `alg` into the header, and signs with a signer whatever its algorithm is.
    fn with_alg(&self, alg: &'static str, signer: &PreparedSigner<'_>) -> Built {
        let mut header = self.header();
        change::set(&mut header, "alg", Value::string(alg));
        let payload = self.payload();
        let token = signer.sign_under(&header, &payload)?;
        Ok(UnjudgedToken { header, payload, token })
    }

    /// Replaces the signature of the valid token.
    fn with_other_signature(&self, change: impl FnOnce(&str) -> String) -> Built {
        let valid = self.signed()?;
        let token = with_signature(&valid.token, &change(signature(&valid.token)));
        Ok(UnjudgedToken { token, ..valid })
    }

    /// Puts another header or other claims before the signature of the valid token.
    fn tampered(&self, header: Vec<Member<'static>>, claims: &[Member<'_>]) -> Built {
        let valid = self.signed()?;
        let payload = to_json(claims, Escapes::Needed).into_bytes();
        let input = format!("{}.{}", encode_header(&header), base64url::encode(&payload));
        Ok(UnjudgedToken { header, payload, token: format!("{input}.{}", signature(&valid.token)) })
    }

    /// Adds a second member for a claim, and a first one if there is none.
    fn duplicate_member(&self, claims: &mut Vec<Member<'static>>) {
        let second = change::change_identity(claims, self.0.keys.claim());
        if json::find(claims, &second.name).is_none() {
            claims.push(Member::new(second.name.clone(), Value::Bool(false)));
        }
        claims.push(second);
    }

    /// Makes an unknown extension critical (RFC 7515 section 4.1.11).
    fn crit(&self) -> Built {
        let mut header = self.header();
        let name = change::unused_name(&header, "urn:example:critical");
        change::set(&mut header, "crit", Value::Array(vec![Value::string(name.clone())]));
        header.push(Member::new(name, Value::Bool(true)));
        self.sign(header, self.payload())
    }

    fn wrong_key(&self) -> Built {
        let payload = self.payload();
        let key = self.another_key()?;
        let signer = PreparedSigner::unchecked(&key, self.0.signer.algorithm(), self.header())?;
        Ok(UnjudgedToken { token: signer.sign(&payload)?, header: self.header(), payload })
    }

    /// Signs with the PEM of the public key as an HMAC secret (RFC 8725 section 2.1).
    fn hmac_with_public_key(&self) -> Built {
        let key = self.0.signer.key();
        let public_pem = key.public().and_then(|public| pem::write(&public.material));
        let public_pem = public_pem.ok_or_else(|| NotApplicable::NoPublicHalf { key: key.kind() })?;
        let secret = Key::hmac(public_pem, None, String::new());
        self.with_alg("HS256", &PreparedSigner::unchecked(&secret, Algorithm::Hs256, self.header())?)
    }

    /// Pads every segment that has room for padding, and signs the padded text.
    fn padded(&self) -> Built {
        let payload = change::with_spare_bits(self.payload());
        let header = change::padded(&encode_header(self.0.signer.header()));
        let token = self.0.signer.sign_segments(&header, &change::padded(&base64url::encode(&payload)))?;
        let token = with_signature(&token, &change::padded(signature(&token)));
        Ok(UnjudgedToken { header: self.header(), payload, token })
    }

    /// Sets unused bits in the signature, which is not signed itself; else in the payload before it is signed.
    fn non_canonical(&self) -> Built {
        let valid = self.signed()?;
        if let Some(signature) = change::non_canonical(signature(&valid.token)) {
            return Ok(UnjudgedToken { token: with_signature(&valid.token, &signature), ..valid });
        }
        let payload = change::with_spare_bits(valid.payload);
        let segment = base64url::encode(&payload);
        let segment = change::non_canonical(&segment).unwrap_or(segment);
        let token = self.0.signer.sign_segments(&encode_header(self.0.signer.header()), &segment)?;
        Ok(UnjudgedToken { payload, token, ..valid })
    }

    /// Builds five segments with the header of a JWE (RFC 7516 section 7.1) and random bytes.
    fn jwe_shaped(&self) -> UnjudgedToken {
        let mut header = self.header();
        change::set(&mut header, "alg", Value::string("dir"));
        change::set(&mut header, "enc", Value::string("A256GCM"));
        let (ciphertext, rest) = self.0.random.split_at(64);
        let (vector, rest) = rest.split_at(12);
        let (tag, _) = rest.split_at(16);
        let [vector, ciphertext, tag] = [vector, ciphertext, tag].map(base64url::encode);
        let token = [encode_header(&header), String::new(), vector, ciphertext, tag].join(".");
        UnjudgedToken { header, payload: Vec::new(), token }
    }

    /// Makes another key of the same type. An RSA key gets the size of the baseline's, up to a size that is quick to make.
    fn another_key(&self) -> Result<Key, NotApplicable> {
        const QUICK: usize = 4096;
        let (algorithm, random) = (self.0.signer.algorithm(), self.0.random);
        if let Some(length) = algorithm.mac_bytes() {
            let secret = random.iter().copied().take(length).collect();
            return Ok(Key::hmac(Secret::new(secret), None, String::new()));
        }
        if algorithm.kty() != KeyType::Rsa {
            let number = random.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
            return Ok(Key::derive(algorithm, &mut Seed::from(number).stream("wrong-key", 1))?);
        }
        let largest = self.0.signer.key().bits().clamp(2048, QUICK);
        let sizes = RSA_SIZES.iter().copied().filter(|size| *size <= largest);
        Ok(Key::generate(algorithm, sizes.max())?)
    }
}

/// Returns the last segment of a token.
fn signature(token: &str) -> &str {
    token.rsplit_once('.').map_or("", |(_, signature)| signature)
}

/// Returns a token with another last segment.
fn with_signature(token: &str, signature: &str) -> String {
    let input = token.rsplit_once('.').map_or(token, |(input, _)| input);
    format!("{input}.{signature}")
}

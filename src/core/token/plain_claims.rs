//! The claims that every verification looks at, straight from a payload of the usual form. A long run reads most payloads with it
//! and makes no tree of values. This file gives up on every payload of another form, and says nothing about it: `claims` reads it.

use super::claim_index::{LISTED, listed};
use super::claims::{OTHER_TIMES, RegisteredClaims};
use crate::core::json::{NameSet, Value, plain_members};
use crate::core::text::utf8;
use std::mem::ManuallyDrop;

/// The listed claims of a claims set without a repeated name. No value owns memory, so there is nothing to drop. To find that out
/// for each value takes 190 instructions.
#[derive(Debug)]
pub(crate) struct PlainClaims<'a>(ManuallyDrop<[Option<Value<'a>>; LISTED]>);

impl<'a> PlainClaims<'a> {
    /// Reads a payload. Returns `None` if it is not an object of plain members with different names.
    #[inline]
    pub(crate) fn read(payload: &'a [u8]) -> Option<Self> {
        let text = utf8::checked(payload)?;
        let mut claims = ManuallyDrop::new([const { None }; LISTED]);
        let mut others = NameSet::default();
        plain_members(payload, |name, member| {
            let Some(place) = listed(name) else { return others.add(name) };
            let claim = claims.get_mut(place).filter(|claim| claim.is_none())?;
            *claim = Some(member.value(text)?);
            Some(())
        })?;
        Some(Self(claims))
    }

    /// Returns the registered claims.
    #[inline]
    pub(crate) fn registered(&self) -> RegisteredClaims<'_, 'a> {
        let [iss, sub, aud, exp, nbf, iat, jti, ..] = &*self.0;
        RegisteredClaims {
            iss: iss.as_ref(),
            sub: sub.as_ref(),
            aud: aud.as_ref(),
            exp: exp.as_ref(),
            nbf: nbf.as_ref(),
            iat: iat.as_ref(),
            jti: jti.as_ref(),
        }
    }

    /// Reports whether there is a claim `cnf`.
    #[inline]
    pub(crate) fn has_confirmation(&self) -> bool {
        let [.., cnf, _, _] = &*self.0;
        cnf.is_some()
    }

    /// Returns the times of OpenID Connect, in any order.
    #[inline]
    pub(crate) fn other_times(&self) -> impl Iterator<Item = (&'static str, &Value<'a>)> {
        let [.., auth_time, updated_at] = &*self.0;
        OTHER_TIMES
            .into_iter()
            .zip([auth_time, updated_at])
            .filter_map(|(name, claim)| Some((name, claim.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::claims::Payload;

    /// Compares the claims of texts that are nearly plain with those of the parser.
    #[test]
    fn reads_the_claims_that_the_parser_reads() {
        let names = [
            "iss",
            "sub",
            "aud",
            "exp",
            "nbf",
            "iat",
            "jti",
            "cnf",
            "auth_time",
            "updated_at",
            "role",
            "rule",
            "r\\u006fle",
            "is",
            "ISS",
            "",
            "\u{e9}",
            "issuer",
            "scope",
        ];
        let values = [
            "1700000000",
            "4102444800",
            "\"x\"",
            "\"\"",
            "\"https://id.example\"",
            "1",
            "true",
            "false",
            "null",
            "0",
            "-1",
            "1.5",
            "1e3",
            "01",
            "[]",
            "{}",
            "[\"a\"]",
            "\"\\n\"",
            "\"\u{e9}\"",
            "nul",
            "tru",
            "",
            "12x",
        ];
        let mut seed = 5_u64;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        let (mut read, mut left) = (0, 0);
        for _ in 0..60_000 {
            let pairs: Vec<String> = (0..next(9))
                .map(|_| {
                    let value = values[if next(12) == 0 { next(values.len()) } else { next(9) }];
                    format!("\"{}\":{value}", names[next(names.len())])
                })
                .collect();
            let mut text = format!("{{{}}}", pairs.join(","));
            if next(10) == 0 {
                let at = (0..=next(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
                text.insert_str(at, [" ", "\"", "}", ",", ":", "\\", "\n", "\u{7f}"][next(8)]);
            }
            let payload = Payload::parse(text.as_bytes());
            let Some(plain) = PlainClaims::read(text.as_bytes()) else {
                left += 1;
                continue;
            };
            let claims = payload.claims().unwrap();
            assert_eq!(claims.first_duplicate(), None, "{text}");
            assert_eq!(plain.registered(), claims.registered(), "{text}");
            assert_eq!(plain.has_confirmation(), claims.confirmation().is_some(), "{text}");
            let mut times: Vec<_> = claims.other_times().collect();
            times.sort_by_key(|(name, _)| *name);
            assert_eq!(plain.other_times().collect::<Vec<_>>(), times, "{text}");
            read += 1;
        }
        assert!(read > 10_000 && left > 10_000, "{read} {left}");
        let usual = br#"{"sub":"user-000000","iss":"https://id.example","iat":1700000000,"exp":4102444800,"role":"writer"}"#;
        assert!(PlainClaims::read(usual).is_some());
        assert!(PlainClaims::read(b"{\"a\":\"\xff\"}").is_none());
    }
}

//! The signs by which the issuer of a token is recognized: unverified claims and header parameters, and how they look.

use crate::core::json::{Member, Value};
use crate::core::token::Token;
use crate::core::token::claims::{ClaimsSet, RegisteredClaims, audiences};
use crate::core::token::header::JoseHeader;
use std::fmt;

/// One sign. The program keeps texts as places, and functions as numbers (`packed`).
#[derive(Clone, Copy)]
pub enum Sign<T = &'static str, F = Test> {
    /// The host of `iss` is this domain or below it.
    Host(T),
    /// `iss` is this text.
    Issuer(T),
    /// `iss` contains this text.
    IssuerPart(T),
    /// `aud` contains this value.
    Audience(T),
    /// The claim is present.
    Claim(T),
    /// A claim is present whose name begins with this text.
    AnyClaim(T),
    /// The claim is a string that begins with this text, in any letter case.
    Text(T, T),
    /// The header parameter is a string that contains this text.
    Parameter(T, T),
    /// Any other sign: its words, the claim that it is read from if it is read from one, and the function that finds it.
    Other(T, Option<T>, F),
}

/// A function that finds a sign.
pub type Test = fn(&Signs<'_>) -> bool;

impl Sign {
    /// Reports whether a token has the sign.
    pub(super) fn is_in(&self, token: &Signs<'_>) -> bool {
        match *self {
            Self::Host(domain) => token.under(domain),
            Self::Issuer(issuer) => token.iss == issuer,
            Self::IssuerPart(part) => token.iss.contains(part),
            Self::Audience(audience) => token.aud(audience),
            Self::Claim(name) => token.has(name),
            Self::AnyClaim(prefix) => token.any_starts(prefix),
            Self::Text(name, prefix) => token.starts(name, prefix),
            Self::Parameter(name, part) => token.parameter(name).contains(part),
            Self::Other(_, _, fits) => fits(token),
        }
    }
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Host(domain) => write!(f, "`iss` at `{domain}`"),
            Self::Issuer(issuer) => write!(f, "`iss` is `{issuer}`"),
            Self::IssuerPart(part) => write!(f, "`iss` with `{part}`"),
            Self::Audience(audience) => write!(f, "`aud` is `{audience}`"),
            Self::Claim(name) => write!(f, "`{name}`"),
            Self::AnyClaim(prefix) => write!(f, "a claim `{prefix}…`"),
            Self::Text(name, prefix) => write!(f, "`{name}` begins with `{prefix}`"),
            Self::Parameter(name, part) => write!(f, "the header parameter `{name}` with `{part}`"),
            Self::Other(words, ..) => f.write_str(words),
        }
    }
}

/// The bits that a sign needs in a part of a token. The tables list hundreds of texts, but a token has few. The bits show
/// at once which texts a token lacks.
#[derive(Clone, Copy)]
pub(super) struct Lead {
    pub(super) part: Part,
    pub(super) bits: u64,
}

/// A part of a token that signs are read from, as an index of its bits.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// The host of the issuer, and the domains above it: a bit for each text.
    Hosts,
    /// The issuer: a bit for the whole text.
    Issuer,
    /// The audiences: a bit for each text.
    Audiences,
    /// The names of claims: a bit for each text.
    Names,
    /// The claims that are strings: a bit for each name with the first character of its value.
    Texts,
    /// The names of claims: a bit for each first character.
    Initials,
    /// The names of header parameters: a bit for each text.
    Parameters,
    /// The issuer: a bit for each character. A sign needs several of these bits, of the other parts one.
    IssuerCharacters,
}

/// The number of parts of which a sign needs one bit.
pub(super) const SINGLE_PARTS: usize = Part::IssuerCharacters as usize;

impl Lead {
    /// The lead of a sign without a text of its own, which is always tested.
    pub(super) const UNKNOWN: Self = Self { part: Part::IssuerCharacters, bits: 0 };

    const fn new(part: Part, bits: u64) -> Self {
        Self { part, bits }
    }
}

impl Sign {
    /// Returns what a token must have to have the sign.
    pub(super) const fn lead(&self) -> Lead {
        match *self {
            Self::Host(domain) => Lead::new(Part::Hosts, text_bit(domain)),
            Self::Issuer(issuer) => Lead::new(Part::Issuer, text_bit(issuer)),
            Self::IssuerPart(part) => Lead::new(Part::IssuerCharacters, character_bits(part)),
            Self::Audience(audience) => Lead::new(Part::Audiences, text_bit(audience)),
            Self::Claim(name) | Self::Other(_, Some(name), _) => Lead::new(Part::Names, text_bit(name)),
            Self::AnyClaim(prefix) => Lead::new(Part::Initials, first_bit(prefix)),
            Self::Text(name, prefix) => Lead::new(Part::Texts, value_bit(name, prefix)),
            Self::Parameter(name, _) => Lead::new(Part::Parameters, text_bit(name)),
            Self::Other(_, None, _) => Lead::UNKNOWN,
        }
    }

    /// Returns the bits of the claims that a token with the sign has, as [`Signs::may_name`] takes them.
    pub(super) const fn names(&self) -> u64 {
        match *self {
            Self::Claim(name) | Self::Text(name, _) | Self::Other(_, Some(name), _) => text_bit(name),
            _ => 0,
        }
    }
}

/// The parts of a token that signs are read from.
pub struct Signs<'t> {
    claims: &'t ClaimsSet<'t>,
    /// The bits of each part of which a sign needs one.
    bits: [u64; SINGLE_PARTS],
    /// The bits of the characters of the issuer.
    characters: u64,
    /// The bits of the names of claims.
    names: u64,
    header: Option<&'t JoseHeader<'t>>,
    pub(super) iss: &'t str,
    /// The host of the issuer, or the issuer itself if it is not a URL.
    host: &'t str,
}

impl<'t> Signs<'t> {
    /// Returns the signs of a token that has claims.
    pub(super) fn of(token: &'t Token<'_>) -> Option<Self> {
        let claims = token.unverified_claims()?;
        let RegisteredClaims { iss, aud, .. } = claims.registered();
        let iss = iss.and_then(Value::as_str).unwrap_or_default();
        let bytes = iss.as_bytes();
        let start = memchr::memchr_iter(b':', bytes)
            .find(|at| iss.get(*at..).is_some_and(|rest| rest.starts_with("://")));
        let rest = iss.get(start.map_or(0, |at| at + 3)..).unwrap_or_default();
        let end = rest.bytes().position(|byte| matches!(byte, b'/' | b':' | b'?' | b'#'));
        let host = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let (mut names, mut texts, mut initials) = (0, 0, 0);
        for Member { name, value } in claims.members() {
            names |= text_bit(name);
            initials |= first_bit(name);
            if let Value::String(text) = value {
                texts |= value_bit(name, text);
            }
        }
        let header = token.header.as_ref().ok();
        let parameters = header.map_or(&[][..], JoseHeader::members);
        let parameters = parameters.iter().fold(0, |bits, member| bits | text_bit(&member.name));
        let audiences = audiences(aud).ok().flatten();
        let audiences =
            audiences.map_or(0, |audiences| audiences.iter().fold(0, |bits, text| bits | text_bit(text)));
        let dots = memchr::memchr_iter(b'.', host.as_bytes());
        let domains = dots.map(|dot| host.get(dot + 1..).unwrap_or_default());
        let hosts = domains.fold(text_bit(host), |bits, domain| bits | text_bit(domain));
        // The order is that of `Part`.
        let bits = [hosts, text_bit(iss), audiences, names, texts, initials, parameters];
        Some(Self { claims, bits, characters: character_bits(iss), names, header, iss, host })
    }

    /// Reports whether the token may have a sign. It lacks the sign for certain if this is false.
    #[cfg(test)]
    pub(super) fn may_have(&self, lead: Lead) -> bool {
        let bits = self.bits.get(lead.part as usize).copied().unwrap_or(self.characters);
        bits & lead.bits == lead.bits
    }

    /// Returns the bits of each part of which a sign needs one, in the order of [`Part`].
    pub(super) const fn bits(&self) -> &[u64; SINGLE_PARTS] {
        &self.bits
    }

    /// Reports whether the issuer may hold these characters, which are bits of [`Part::IssuerCharacters`].
    pub(super) const fn may_spell(&self, bits: u64) -> bool {
        self.characters & bits == bits
    }

    /// Reports whether the issuer may hold a text.
    #[inline(always)]
    pub(super) const fn may_spell_text(&self, text: &str) -> bool {
        self.may_spell(character_bits(text))
    }

    /// Reports whether the token may have claims with all of these [names](Sign::names).
    pub(super) const fn may_name(&self, bits: u64) -> bool {
        self.names & bits == bits
    }

    /// Reports whether the token may have one of these claims.
    pub(super) fn may_have_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.names & text_bit(name) != 0)
    }

    // Inlined, the bit of a name is a constant. The questions for 40 names take 300 instructions, and 1,900 with a call for each.
    #[inline(always)]
    pub(super) fn get(&self, name: &str) -> Option<&Value<'t>> {
        if self.names & text_bit(name) == 0 { None } else { self.claims.get(name) }
    }

    #[inline(always)]
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns a claim that is a string; empty if it is not one.
    #[inline(always)]
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the names of the claims.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.claims.members().iter().map(|member| &*member.name)
    }

    /// Returns the only audience; empty if there are more, or none.
    pub(super) fn only_audience(&self) -> &str {
        match self.get("aud") {
            Some(Value::Array(values)) if values.len() == 1 => {
                values.first().and_then(Value::as_str).unwrap_or_default()
            }
            Some(value) => value.as_str().unwrap_or_default(),
            None => "",
        }
    }

    fn starts(&self, name: &str, prefix: &str) -> bool {
        self.text(name).get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    }

    /// Reports whether the name of a claim begins with a prefix.
    fn any_starts(&self, prefix: &str) -> bool {
        self.names().any(|name| name.starts_with(prefix))
    }

    /// Returns a header parameter that is a string; empty if it is not one.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.header.and_then(|header| header.get(name)).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the header's `typ`; empty if it is not a string.
    pub(super) fn typ(&self) -> &str {
        self.parameter("typ")
    }

    /// Reports whether the issuer's host is a domain or below it.
    fn under(&self, domain: &str) -> bool {
        let at = self.host.len().checked_sub(domain.len());
        at.and_then(|at| Some((self.host.get(..at)?, self.host.get(at..)?))).is_some_and(|(rest, end)| {
            end.eq_ignore_ascii_case(domain) && (rest.is_empty() || rest.ends_with('.'))
        })
    }

    fn aud(&self, audience: &str) -> bool {
        self.has("aud")
            && self.claims.audiences().ok().flatten().is_some_and(|audiences| audiences.contains(audience))
    }
}

/// Returns the bit of a text: texts of another length or with another first or last letter mostly have another bit. The case
/// of letters does not matter.
const fn text_bit(text: &str) -> u64 {
    1 << (text_index(text) & 63)
}

const fn text_index(text: &str) -> usize {
    match text.as_bytes() {
        [first, .., last] => index(*first, *last, text.len()),
        [letter] => index(*letter, *letter, 1),
        [] => 0,
    }
}

const fn index(first: u8, last: u8, length: usize) -> usize {
    // The case of a letter is none of these bits. With these factors the usual claims have other bits than those that declare
    // a kind.
    (first & 31) as usize * 4 + (last & 31) as usize * 3 + length * 23
}

/// Returns the bit of a claim that is a string: its name, and the first letter of the value in any letter case.
const fn value_bit(name: &str, value: &str) -> u64 {
    let first = match value.as_bytes() {
        [first, ..] => *first & 31,
        [] => 0,
    };
    1 << ((text_index(name) + first as usize * 13) & 63)
}

/// Returns the bit of the first character of a text.
const fn first_bit(text: &str) -> u64 {
    match text.as_bytes() {
        [first, ..] => 1 << (*first & 63),
        [] => 0,
    }
}

/// Returns the bits of all characters of a text.
const fn character_bits(text: &str) -> u64 {
    let (mut bits, mut rest) = (0, text.as_bytes());
    while let [first, others @ ..] = rest {
        (bits, rest) = (bits | 1 << (*first & 63), others);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;
    use crate::core::token::jws::Compact;

    #[test]
    fn rules_out_most_signs_that_a_token_lacks() {
        let payload = base64url::encode(br#"{"iss":"https://id.example","sub":"alice","exp":1}"#);
        let text = format!("e30.{payload}.AA");
        let compact = Compact::parse(text.as_bytes(), 1000).unwrap();
        let token = Token::parse(&compact);
        let signs = Signs::of(&token).unwrap();
        assert!(signs.may_spell_text("id.example") && !signs.may_spell_text("/v1/"));
        let names =
            |first: &'static str, second| Sign::Claim(first).names() | Sign::Text(second, "x").names();
        assert!(signs.may_name(names("iss", "sub")) && !signs.may_name(names("iss", "scope")));
        assert!(signs.may_have_any(&["scope", "sub"]) && !signs.may_have_any(&["scope", "token_type"]));
    }
}

//! The table of styles as the program keeps it: without pointers. A program that runs at any address relocates every pointer of
//! its tables at each start, so this saves 15,000 of the 298,000 instructions of a short run. All of it is computed at compile
//! time. This file recognizes nothing.

use super::TokenKind;
use super::sign::{Sign, Signs, Test};
use super::style::STYLES;

/// A text, as its place in [`TEXTS`].
#[derive(Clone, Copy)]
pub(super) struct Text {
    start: u16,
    length: u8,
}

impl Text {
    fn get(self) -> &'static str {
        let start = usize::from(self.start);
        TEXTS.get(start..start + usize::from(self.length)).unwrap_or_default()
    }
}

/// A sign with places for its texts, and with the number of its function.
pub(super) type PackedSign = Sign<Text, u8>;

impl PackedSign {
    fn unpacked(self) -> Option<Sign> {
        Some(match self {
            Self::Host(domain) => Sign::Host(domain.get()),
            Self::Issuer(issuer) => Sign::Issuer(issuer.get()),
            Self::IssuerPart(part) => Sign::IssuerPart(part.get()),
            Self::Audience(audience) => Sign::Audience(audience.get()),
            Self::Claim(name) => Sign::Claim(name.get()),
            Self::AnyClaim(prefix) => Sign::AnyClaim(prefix.get()),
            Self::Text(name, prefix) => Sign::Text(name.get(), prefix.get()),
            Self::Parameter(name, part) => Sign::Parameter(name.get(), part.get()),
            Self::Other(words, claim, test) => {
                Sign::Other(words.get(), claim.map(Text::get), *TESTS.get(usize::from(test))?)
            }
        })
    }
}

/// Returns some of the signs of all lines, which are numbered in their order.
pub(super) fn signs(from: u16, count: u8) -> impl Iterator<Item = Option<Sign>> {
    let all = SIGNS.iter().skip(usize::from(from)).take(usize::from(count));
    all.map(|sign| sign.unpacked())
}

/// A line of the table, by its number.
#[derive(Clone, Copy)]
pub(super) struct Line(pub(super) u8);

impl Line {
    /// Returns the name in reports.
    pub(super) fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).map_or("", |name| name.get())
    }

    /// Returns the kind of a token of this shape, if the shape tells it.
    pub(super) fn kind(self, signs: &Signs<'_>) -> Option<TokenKind> {
        KINDS.get(usize::from(self.0)).and_then(|kind| kind(signs))
    }
}

/// Returns the name of every line of the table.
pub fn style_names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|name| name.get())
}

static TEXTS: &str = {
    static BYTES: [u8; PACKED.texts.1] = beginning(&PACKED.texts.0);
    match str::from_utf8(&BYTES) {
        Ok(texts) => texts,
        Err(_) => "",
    }
};
static SIGNS: [PackedSign; PACKED.signs.1] = beginning(&PACKED.signs.0);
static TESTS: [Test; PACKED.tests.1] = beginning(&PACKED.tests.0);
static NAMES: [Text; STYLES.len()] = PACKED.names;
static KINDS: [fn(&Signs<'_>) -> Option<TokenKind>; STYLES.len()] = PACKED.kinds;

const PACKED: Packed = Packed::table();

/// The table as it is packed: arrays that are large enough for it, with the number of their items.
struct Packed {
    texts: ([u8; 1 << 14], usize),
    signs: ([PackedSign; 1 << 10], usize),
    tests: ([Test; 1 << 8], usize),
    names: [Text; STYLES.len()],
    kinds: [fn(&Signs<'_>) -> Option<TokenKind>; STYLES.len()],
}

#[allow(
    clippy::indexing_slicing,
    reason = "this runs at compile time, where an index out of range is an error"
)]
impl Packed {
    const fn table() -> Self {
        let empty = Text { start: 0, length: 0 };
        let mut packed = Self {
            texts: ([0; _], 0),
            signs: ([Sign::Claim(empty); _], 0),
            tests: ([|_| false; _], 0),
            names: [empty; _],
            kinds: [|_| None; _],
        };
        let mut line = 0;
        while line < STYLES.len() {
            packed.names[line] = packed.text(STYLES[line].name);
            packed.kinds[line] = STYLES[line].kind;
            let mut alternatives = STYLES[line].alternatives;
            while let [signs, others @ ..] = alternatives {
                let mut rest = *signs;
                while let [sign, signs @ ..] = rest {
                    packed.signs.0[packed.signs.1] = packed.sign(sign);
                    packed.signs.1 += 1;
                    rest = signs;
                }
                alternatives = others;
            }
            line += 1;
        }
        packed
    }

    const fn sign(&mut self, sign: &Sign) -> PackedSign {
        match *sign {
            Sign::Host(domain) => Sign::Host(self.text(domain)),
            Sign::Issuer(issuer) => Sign::Issuer(self.text(issuer)),
            Sign::IssuerPart(part) => Sign::IssuerPart(self.text(part)),
            Sign::Audience(audience) => Sign::Audience(self.text(audience)),
            Sign::Claim(name) => Sign::Claim(self.text(name)),
            Sign::AnyClaim(prefix) => Sign::AnyClaim(self.text(prefix)),
            Sign::Text(name, prefix) => Sign::Text(self.text(name), self.text(prefix)),
            Sign::Parameter(name, part) => Sign::Parameter(self.text(name), self.text(part)),
            Sign::Other(words, claim, test) => {
                let claim = match claim {
                    Some(name) => Some(self.text(name)),
                    None => None,
                };
                self.tests.0[self.tests.1] = test;
                self.tests.1 += 1;
                Sign::Other(self.text(words), claim, self.tests.1 as u8 - 1)
            }
        }
    }

    const fn text(&mut self, text: &str) -> Text {
        assert!(text.len() <= u8::MAX as usize);
        let place = Text { start: self.texts.1 as u16, length: text.len() as u8 };
        let mut rest = text.as_bytes();
        while let [byte, bytes @ ..] = rest {
            self.texts.0[self.texts.1] = *byte;
            self.texts.1 += 1;
            rest = bytes;
        }
        place
    }
}

/// Returns the first items of an array.
#[allow(
    clippy::indexing_slicing,
    reason = "this runs at compile time, where an index out of range is an error"
)]
const fn beginning<T: Copy, const N: usize>(all: &[T]) -> [T; N] {
    let (mut items, mut index) = ([all[0]; N], 0);
    while index < N {
        items[index] = all[index];
        index += 1;
    }
    items
}

#[cfg(test)]
mod tests {
    use super::super::style::styles;
    use super::*;

    #[test]
    fn packs_every_line_and_every_sign() {
        let names: Vec<&str> = styles().iter().map(|style| style.name).collect();
        assert_eq!(style_names().collect::<Vec<_>>(), names);
        assert_eq!((0..names.len() as u8).map(|line| Line(line).name()).collect::<Vec<_>>(), names);

        let all = || styles().iter().flat_map(|style| style.alternatives).flat_map(|signs| *signs);
        let expected: Vec<String> = all().map(ToString::to_string).collect();
        let unpacked = SIGNS.iter().map(|sign| sign.unpacked().unwrap().to_string());
        assert_eq!(unpacked.collect::<Vec<_>>(), expected);
        let leads = |sign: &Sign| (sign.lead().part as usize, sign.lead().bits, sign.names());
        let expected: Vec<_> = all().map(leads).collect();
        assert_eq!(SIGNS.iter().map(|sign| leads(&sign.unpacked().unwrap())).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn returns_the_signs_of_one_alternative() {
        let words =
            |from, count| signs(from, count).map(|sign| sign.unwrap().to_string()).collect::<Vec<_>>();
        assert_eq!(words(0, 1), ["`aud` is `appstoreconnect-v1`"]);
        assert_eq!(words(1, 2), ["`transactionId`", "`bundleId`"]);
        assert!(words(1, 0).is_empty());
    }
}

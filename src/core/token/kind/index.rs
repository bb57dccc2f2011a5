//! An index of the table of styles: it leads from the texts of a token to the line that fits. Computed at compile time.

use super::packed::{self, Line};
use super::sign::Sign::{IssuerPart, Other};
use super::sign::{Lead, Part, SINGLE_PARTS, Signs};
use super::style::STYLES;

/// The number of alternatives of all lines.
const COUNT: usize = {
    let (mut count, mut styles) = (0, STYLES);
    while let [style, others @ ..] = styles {
        (count, styles) = (count + style.alternatives.len(), others);
    }
    count
};

/// Some of the alternatives, as bits in their order.
#[derive(Clone, Copy)]
struct Alternatives([u64; COUNT.div_ceil(64)]);

impl Alternatives {
    const NONE: Self = Self([0; COUNT.div_ceil(64)]);

    #[allow(
        clippy::indexing_slicing,
        reason = "this runs at compile time, where an index out of range is an error"
    )]
    const fn with(mut self, index: usize) -> Self {
        self.0[index / 64] |= 1 << (index % 64);
        self
    }

    fn add(&mut self, others: &Self) {
        self.0.iter_mut().zip(others.0).for_each(|(bits, others)| *bits |= others);
    }

    /// Returns the indexes of the alternatives, in their order.
    fn indexes(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(word, bits)| ones(bits).map(move |bit| 64 * word + bit))
    }
}

/// Returns the positions of the bits of a word that are set.
fn ones(bits: u64) -> impl Iterator<Item = usize> {
    let rest = |bits: &u64| Some(bits & bits.wrapping_sub(1));
    let words = std::iter::successors(Some(bits), rest).take_while(|bits| *bits != 0);
    words.map(|bits| bits.trailing_zeros() as usize)
}

/// The entry of an index for one alternative.
#[derive(Clone, Copy)]
struct Alternative {
    line: Line,
    /// The number of its first sign, and how many it has.
    signs: (u16, u8),
    /// The names that a token has if it has all signs.
    names: u64,
}

/// An index of the table. A token has few texts, and each leads to the alternatives whose first sign may be one of them. To
/// compare the leads of all alternatives one by one, and the signs of those that remained, took 4,100 instructions a token. This
/// takes 600.
struct StyleIndex {
    /// The alternatives whose first sign needs each bit of each part.
    by_bit: [[Alternatives; 64]; SINGLE_PARTS],
    /// The bits of each part that an alternative needs. Most bits of a token lead nowhere: to leave them out saves 400 instructions.
    used: [u64; SINGLE_PARTS],
    /// The alternatives whose first sign is spelled with these characters of the issuer, or is always tested.
    spelled: [(u64, Alternatives); SPELLED],
    all: [Alternative; COUNT],
}

/// The number of alternatives whose first sign needs no single bit.
const SPELLED: usize = {
    let (mut count, mut styles) = (0, STYLES);
    while let [style, others @ ..] = styles {
        let mut alternatives = style.alternatives;
        while let [signs, more @ ..] = alternatives {
            count += matches!(signs, [IssuerPart(_) | Other(_, None, _), ..]) as usize;
            alternatives = more;
        }
        styles = others;
    }
    count
};

static INDEX: StyleIndex = style_index();

#[allow(
    clippy::indexing_slicing,
    reason = "this runs at compile time, where an index out of range is an error"
)]
const fn style_index() -> StyleIndex {
    let mut index = StyleIndex {
        by_bit: [[Alternatives::NONE; 64]; SINGLE_PARTS],
        used: [0; SINGLE_PARTS],
        spelled: [(0, Alternatives::NONE); SPELLED],
        all: [Alternative { line: Line(0), signs: (0, 0), names: 0 }; COUNT],
    };
    let (mut count, mut first_sign, mut spelled, mut line, mut styles) = (0, 0, 0, 0, STYLES);
    while let [style, others @ ..] = styles {
        let mut alternatives = style.alternatives;
        while let [signs, more @ ..] = alternatives {
            if let [first, ..] = signs {
                let Lead { part, bits } = first.lead();
                if matches!(part, Part::IssuerCharacters) {
                    index.spelled[spelled] = (bits, Alternatives::NONE.with(count));
                    spelled += 1;
                } else {
                    let found = &mut index.by_bit[part as usize][bits.trailing_zeros() as usize];
                    *found = found.with(count);
                    index.used[part as usize] |= bits;
                }
            }
            let (mut names, mut rest) = (0, *signs);
            while let [sign, signs @ ..] = rest {
                (names, rest) = (names | sign.names(), signs);
            }
            index.all[count] =
                Alternative { line: Line(line), signs: (first_sign, signs.len() as u8), names };
            (count, first_sign, alternatives) = (count + 1, first_sign + signs.len() as u16, more);
        }
        (line, styles) = (line + 1, others);
    }
    index
}

/// Returns the line of the table that a token fits.
pub(super) fn line_of(signs: &Signs<'_>) -> Option<Line> {
    let mut possible = Alternatives::NONE;
    for ((bits, used), by_bit) in signs.bits().iter().zip(&INDEX.used).zip(&INDEX.by_bit) {
        ones(bits & used).filter_map(|bit| by_bit.get(bit)).for_each(|found| possible.add(found));
    }
    let spelled = INDEX.spelled.iter().filter(|(bits, _)| signs.may_spell(*bits));
    spelled.for_each(|(_, found)| possible.add(found));
    let possible = possible.indexes().filter_map(|index| INDEX.all.get(index));
    let fits = |alternative: &&Alternative| {
        let (first, count) = alternative.signs;
        packed::signs(first, count).all(|sign| sign.is_some_and(|sign| sign.is_in(signs)))
    };
    let mut named = possible.filter(|alternative| signs.may_name(alternative.names));
    named.find(fits).map(|alternative| alternative.line)
}

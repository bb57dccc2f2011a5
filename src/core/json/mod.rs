//! Strict JSON (RFC 8259) that loses nothing: members keep their order, numbers their digits, and duplicate names
//! stay. This module decides about form only; the meaning of a member is for its readers.

mod compact;
mod decimal;
mod document;
mod duplicates;
mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod insert;
mod paint;
mod parse;
mod plain;
mod pointer;
mod quotes;
mod slip;
mod value;
mod write;

pub(crate) use self::compact::{NameSet, copy_object};
pub(super) use self::decimal::{Decimal, are_digits};
pub(crate) use self::document::{append_compact, append_indented};
pub use self::duplicates::{NameBits, first_duplicate, first_repeated, is_flat, repeated};
pub use self::error::{Expected, JsonError, JsonErrorKind};
pub use self::insert::{InsertError, InsertErrorKind, has_sound_escapes, insert};
pub use self::paint::{JsonLayout, JsonPainter, JsonStyle, PaintingWriter};
pub(crate) use self::parse::parse_with_offsets;
pub use self::parse::{MAX_DEPTH, parse};
pub(crate) use self::plain::plain_members;
pub use self::pointer::{pointer_to, unescaped};
pub use self::slip::Slip;
pub use self::value::{Member, Value, find};
pub(crate) use self::write::JsonPiece;
pub use self::write::{Members, ReceivedMembers, write_object};

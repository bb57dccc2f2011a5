//! The parts that schemas are made of: shapes of JSON values, members and definitions. They are plain data; `document`
//! writes them as JSON Schema.

use std::borrow::Cow;

/// The shape of a JSON value.
#[derive(Debug)]
pub(super) enum Shape {
    /// Any value.
    Anything,
    /// A string.
    Text,
    /// A string of Base64url without padding.
    Base64url,
    /// A date and a time of day in RFC 3339 form, in UTC.
    Instant,
    /// `true` or `false`.
    Flag,
    /// `true` or `false`, always the same.
    Always(bool),
    /// Any number. Numbers of tokens keep all their digits.
    Number,
    /// A whole number that may be negative.
    Integer,
    /// A whole number from zero.
    Count,
    /// An object with members of any name, such as a header or a payload.
    FreeObject,
    /// An object with members of any name, all of the same shape.
    Map(&'static Self),
    /// An object with these members and no others, in groups.
    Members(&'static [&'static [Member]]),
    /// An object with these members, and with others of one shape.
    MembersAnd(&'static [Member], &'static Self),
    /// An array.
    List(&'static Self),
    /// One of these names.
    Named(&'static [&'static str]),
    /// One of the names of a table.
    NameIn(fn() -> Vec<Name>),
    /// A value of the shape, or null.
    OrNull(&'static Self),
    /// A value of one of these shapes.
    AnyOf(&'static [Self]),
    /// A shape that has a name.
    Defined(&'static Definition),
}

/// A shape with a name, under `$defs`.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) shape: Shape,
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) description: &'static str,
    pub(super) presence: Presence,
}

/// When an object has a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Always.
    Required,
    /// Sometimes: the description says when.
    Optional,
    /// The object has exactly one of its alternative members.
    Alternative,
}

/// Makes a member that is always present. Macros, unlike functions, can take references to new constants.
macro_rules! required {
    ($name:expr, $shape:expr, $description:expr $(,)?) => {
        $crate::schema::shape::Member {
            name: $name,
            shape: $shape,
            description: $description,
            presence: $crate::schema::shape::Presence::Required,
        }
    };
}

/// Makes a member that is present sometimes.
macro_rules! optional {
    ($name:expr, $shape:expr, $description:expr $(,)?) => {
        $crate::schema::shape::Member {
            name: $name,
            shape: $shape,
            description: $description,
            presence: $crate::schema::shape::Presence::Optional,
        }
    };
}

/// Makes a member of which an object has exactly one.
macro_rules! alternative {
    ($name:expr, $shape:expr, $description:expr $(,)?) => {
        $crate::schema::shape::Member {
            name: $name,
            shape: $shape,
            description: $description,
            presence: $crate::schema::shape::Presence::Alternative,
        }
    };
}

pub(super) use {alternative, optional, required};

/// A name of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The name, or how it begins.
    pub(super) text: Cow<'static, str>,
    /// The meaning; empty if the name says it.
    pub(super) meaning: Cow<'static, str>,
    /// True if any text follows, such as the name of a claim.
    pub(super) is_prefix: bool,
}

impl Name {
    /// Returns a name that says what it means.
    pub(super) fn plain(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(text, "")
    }

    /// Returns a name with its meaning.
    pub(super) fn new(text: impl Into<Cow<'static, str>>, meaning: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), meaning: meaning.into(), is_prefix: false }
    }

    /// Returns the beginning of names, with the meaning of all of them.
    pub(super) fn prefix(text: impl Into<Cow<'static, str>>, meaning: impl Into<Cow<'static, str>>) -> Self {
        Self { is_prefix: true, ..Self::new(text, meaning) }
    }
}

//! The parts that schemas are made of: shapes of JSON values, members and definitions. They are built when `fob schema`
//! runs; `document` writes them as JSON Schema.

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
    Map(Box<Self>),
    /// An object with these members and no others.
    Members(Vec<Member>),
    /// An object with these members, and with others of one shape.
    MembersAnd(Vec<Member>, Box<Self>),
    /// An array.
    List(Box<Self>),
    /// One of these names.
    Named(Vec<&'static str>),
    /// One of the names of a table.
    NameIn(fn() -> Vec<Name>),
    /// A value of the shape, or null.
    OrNull(Box<Self>),
    /// A value of one of these shapes.
    AnyOf(Vec<Self>),
    /// A shape that has a name. It may contain itself, so it is built on demand.
    Defined(fn() -> Definition),
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

/// The condition under which an object has a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Always.
    Required,
    /// Sometimes: the description says when.
    Optional,
    /// The object has exactly one of its alternative members.
    Alternative,
}

impl Member {
    /// Returns a member. All members of schemas are made here, when `fob schema` runs.
    ///
    /// As constants they would be tables of pointers. The binary is position-independent, so the C library relocates each
    /// pointer of a table at the start of every run. For the schemas this took 33,000 instructions a run. Since this
    /// function is neither `const` nor inlined, the compiler does not turn its calls into tables.
    #[inline(never)]
    fn new(name: &'static str, shape: Shape, description: &'static str, presence: Presence) -> Self {
        Self { name, shape, description, presence }
    }
}

/// Returns a member that is always present.
pub(super) fn required(name: &'static str, shape: Shape, description: &'static str) -> Member {
    Member::new(name, shape, description, Presence::Required)
}

/// Returns a member that is present sometimes.
pub(super) fn optional(name: &'static str, shape: Shape, description: &'static str) -> Member {
    Member::new(name, shape, description, Presence::Optional)
}

/// Returns a member of which an object has exactly one.
pub(super) fn alternative(name: &'static str, shape: Shape, description: &'static str) -> Member {
    Member::new(name, shape, description, Presence::Alternative)
}

/// Returns the shape of an object with members of any name, all of the same shape.
pub(super) fn map(value: Shape) -> Shape {
    Shape::Map(Box::new(value))
}

/// Returns the shape of an object with the members of these groups and no others.
pub(super) fn grouped(groups: impl IntoIterator<Item = Vec<Member>>) -> Shape {
    Shape::Members(groups.into_iter().flatten().collect())
}

/// Returns the shape of an array.
pub(super) fn list(item: Shape) -> Shape {
    Shape::List(Box::new(item))
}

/// Returns the shape of a value that may also be null.
pub(super) fn or_null(shape: Shape) -> Shape {
    Shape::OrNull(Box::new(shape))
}

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

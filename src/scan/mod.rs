//! Finds tokens in text. Two readers share one table of [names] and one notion of what a token looks like ([shape]):
//!
//! * [`Scanner`] finds every token in any amount of text, for `inspect`;
//! * `extract` takes one token out of a text, for the commands that want one token and for each line of many.
//!
//! This folder works on bytes alone: it opens no files, asks no one, and judges no token.

pub(crate) mod advice;
pub(crate) mod candidates;
pub mod context;
pub(crate) mod damage;
pub(crate) mod document;
pub(crate) mod extract;
pub(crate) mod extracted;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
pub(crate) mod join;
pub mod names;
pub(crate) mod pick;
pub(crate) mod repair;
pub mod shape;
pub(crate) mod shapes;
pub(crate) mod unwrap;

mod anchors;
mod begun;
mod header_shapes;
mod hit;
mod lenient_base64;
mod line_counter;
mod opaque;
mod oversized;
mod run;
mod scanner;
mod strip;
mod surroundings;
mod text_window;

pub use self::hit::Hit;
pub use self::scanner::{Scanner, scan};

/// Returns the name of every wrapping that is removed around a token.
pub fn wrapping_names() -> impl Iterator<Item = &'static str> {
    unwrap::names()
}

/// Returns the name of every kind of text that is recognized but is not a JWT.
pub fn shape_names() -> impl Iterator<Item = &'static str> {
    shapes::names()
}

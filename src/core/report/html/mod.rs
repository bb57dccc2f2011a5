//! Reports as HTML pages: what the page of a suite and the page of `inspect` share, and the page of `inspect` itself. All
//! text from outside passes through `markup`.

pub(crate) mod checks;
mod document;
pub(crate) mod frame;
pub(crate) mod inspection;
pub(crate) mod markup;
pub(crate) mod parts;
mod sd_jwt;
pub(crate) mod timeline;
pub(crate) mod token;

//! Failures: the document of a run, or of a line, that failed.

use super::Schema;
use super::shape::{Definition, Member, Shape, optional, required};
use super::tables;
use super::verdict::REASON;

pub(super) static ERROR_CODE: Definition = Definition {
    name: "error_code",
    description: "The code of a failure, for scripts: a reason code if the failure has one.",
    shape: Shape::AnyOf(&[Shape::NameIn(tables::error_codes), Shape::Defined(&REASON)]),
};

pub(super) static ERROR: Definition = Definition {
    name: "error",
    description: "Why a run or a line failed. The exit status and standard error say the same.",
    shape: Shape::Members(&[&[
        required!("code", Shape::Defined(&ERROR_CODE), "The code. It never changes its meaning."),
        required!("message", Shape::Text, "The message for people. Its wording may change in any version."),
        required!("hint", Shape::OrNull(&Shape::Text), "What the user can do about it, or null."),
    ]]),
};

/// The member of a document whose run failed after it began.
pub(super) const ERROR_OF_RUN: Member =
    optional!("error", Shape::Defined(&ERROR), "Why the run failed. It is absent if the run did not fail.");

pub(super) static FAILURE: Definition = Definition {
    name: "failure",
    description: "A run, or a line, that failed.",
    shape: Shape::Members(&[&[required!("error", Shape::Defined(&ERROR), "Why it failed.")]]),
};

pub(super) const SCHEMA: Schema = Schema {
    command: "error",
    title: "A failure of any fob command with --json",
    description: "With --json, every failure of every command is this document on standard output.",
    forms: &[&FAILURE],
};

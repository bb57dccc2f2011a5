//! `fob test`, and `fob verify --suite`.

use super::Schema;
use super::failure::FAILURE;
use super::shape::{Definition, Shape, required};
use super::tables;
use super::token::AT;
use super::verdict::{CHECK, HINTS, REASON, REASONS, VERDICT};

static EXPECTATION: Definition = Definition {
    name: "expectation",
    description: "An outcome that a case expects: a verdict, a reason code, or a reason code for any detail.",
    shape: Shape::AnyOf(&[Shape::NameIn(tables::expectations), Shape::Defined(&REASON)]),
};

pub(super) static CASE: Definition = Definition {
    name: "case",
    description: "The outcome of one case of a suite. It holds no token and no duration.",
    shape: Shape::Members(&[&[
        required!("suite", Shape::Text, "The path of the suite."),
        required!("name", Shape::Text, "The name of the case."),
        required!("line", Shape::Count, "The line of the case in the suite, from one."),
        required!("column", Shape::Count, "The column of the case in its line, from one."),
        required!("passed", Shape::Flag, "True if the outcome is the expected one."),
        required!(
            "expected",
            Shape::List(&Shape::Defined(&EXPECTATION)),
            "The outcomes that the case expects."
        ),
        VERDICT,
        REASONS,
        required!(
            "unmet",
            Shape::List(&Shape::Defined(&EXPECTATION)),
            "The expected outcomes that did not occur."
        ),
        required!(
            "checks",
            Shape::List(&Shape::Defined(&CHECK)),
            "The checks that explain a failed case. Empty if the case passed.",
        ),
        HINTS,
        AT,
    ]]),
};

pub(super) const SCHEMA: Schema = Schema {
    command: "test",
    title: "The output of fob test --json",
    description: "One document on each line, for each case. The report json of --report has the same lines.",
    forms: &[&CASE, &FAILURE],
};

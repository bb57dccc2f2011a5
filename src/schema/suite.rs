//! `fob test`, and `fob verify --suite`.

use super::Schema;
use super::failure::failure;
use super::shape::{Definition, Shape, list, required};
use super::tables;
use super::token::at;
use super::verdict::{check, hints, reason, reasons, verdict};

fn expectation() -> Definition {
    Definition {
        name: "expectation",
        description: "An outcome that a case expects: a verdict, a reason code, or a reason code for any detail.",
        shape: Shape::AnyOf(vec![Shape::NameIn(tables::expectations), Shape::Defined(reason)]),
    }
}

pub(super) fn case() -> Definition {
    Definition {
        name: "case",
        description: "The outcome of one case of a suite. It holds no token and no duration.",
        shape: Shape::Members(vec![
            required("suite", Shape::Text, "The path of the suite."),
            required("name", Shape::Text, "The name of the case."),
            required("line", Shape::Count, "The line of the case in the suite, from one."),
            required("column", Shape::Count, "The column of the case in its line, from one."),
            required("passed", Shape::Flag, "True if the outcome is the expected one."),
            required("expected", list(Shape::Defined(expectation)), "The outcomes that the case expects."),
            verdict(),
            reasons(),
            required("unmet", list(Shape::Defined(expectation)), "The expected outcomes that did not occur."),
            required(
                "checks",
                list(Shape::Defined(check)),
                "The checks that explain a failed case. Empty if the case passed.",
            ),
            hints(),
            at(),
        ]),
    }
}

pub(super) fn schema() -> Schema {
    Schema {
        title: "The output of fob test --json",
        description: "One document on each line, for each case. The report json of --report has the same lines.",
        forms: vec![case(), failure()],
    }
}

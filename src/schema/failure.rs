//! Failures: the document of a run, or of a line, that failed.

use super::Schema;
use super::shape::{Definition, Member, Shape, optional, or_null, required};
use super::tables;
use super::verdict::reason;

pub(super) fn error_code() -> Definition {
    Definition {
        name: "error_code",
        description: "The code of a failure, for scripts: a reason code if the failure has one.",
        shape: Shape::AnyOf(vec![Shape::NameIn(tables::error_codes), Shape::Defined(reason)]),
    }
}

pub(super) fn error() -> Definition {
    Definition {
        name: "error",
        description: "Why a run or a line failed. The exit status and standard error say the same.",
        shape: Shape::Members(vec![
            required("code", Shape::Defined(error_code), "The code. It never changes its meaning."),
            required(
                "message",
                Shape::Text,
                "The message for people. Its wording may change in any version.",
            ),
            required("hint", or_null(Shape::Text), "What the user can do about it, or null."),
        ]),
    }
}

/// Returns the member of a document whose run failed after it began.
pub(super) fn error_of_run() -> Member {
    optional("error", Shape::Defined(error), "Why the run failed. It is absent if the run did not fail.")
}

pub(super) fn failure() -> Definition {
    Definition {
        name: "failure",
        description: "A run, or a line, that failed.",
        shape: Shape::Members(vec![required("error", Shape::Defined(error), "Why it failed.")]),
    }
}

pub(super) fn schema() -> Schema {
    Schema {
        title: "A failure of any fob command with --json",
        description: "With --json, every failure of every command is this document on standard output.",
        forms: vec![failure()],
    }
}

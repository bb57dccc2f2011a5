//! Verdicts: reason codes, checks, and what a verdict says.

use super::shape::{Definition, Member, Shape, list, optional, or_null, required};
use super::tables;

pub(super) fn reason() -> Definition {
    Definition {
        name: "reason",
        description: "A reason code. The part after the colon names the detail or the claim.",
        shape: Shape::NameIn(tables::reasons),
    }
}

pub(super) fn check() -> Definition {
    Definition {
        name: "check",
        description: "A check and how it ended.",
        shape: Shape::Members(vec![
            required("name", Shape::NameIn(tables::checks), "The name of the check."),
            required(
                "status",
                Shape::NameIn(tables::check_statuses),
                "How the check ended. A skipped check was not asked for, or was not possible.",
            ),
            required("reason", or_null(Shape::Defined(reason)), "Why it failed; null if it did not fail."),
            required(
                "detail",
                Shape::Text,
                "What the check found, in words. The wording may change in any version.",
            ),
        ]),
    }
}

pub(super) fn verdict() -> Member {
    required("verdict", Shape::NameIn(tables::verdicts), "The verdict.")
}

pub(super) fn reasons() -> Member {
    required(
        "reasons",
        list(Shape::Defined(reason)),
        "Why the token is not accepted: every reason, in the order of docs/contract.md. Empty if it is accepted.",
    )
}

pub(super) fn warnings() -> Member {
    required(
        "warnings",
        list(Shape::Defined(reason)),
        "Faults that do not reject the token without --strict.",
    )
}

pub(super) fn checks() -> Member {
    required(
        "checks",
        list(Shape::Defined(check)),
        "The checks in their order: those that passed, failed or were skipped.",
    )
}

pub(super) fn hints() -> Member {
    required(
        "hints",
        list(Shape::Text),
        "What the user can do, in words. The wording may change in any version.",
    )
}

pub(super) fn signed() -> Member {
    optional(
        "signed",
        Shape::Always(false),
        "Present if --accept-shared-key accepted claims that are encrypted, but not signed.",
    )
}

/// Returns the members of every verdict.
pub(super) fn judgement() -> Vec<Member> {
    vec![verdict(), signed(), reasons(), warnings(), checks(), hints()]
}

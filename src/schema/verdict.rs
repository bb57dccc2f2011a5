//! Verdicts: reason codes, checks, and what a verdict says.

use super::shape::{Definition, Member, Shape, optional, required};
use super::tables;

pub(super) static REASON: Definition = Definition {
    name: "reason",
    description: "A reason code. The part after the colon names the detail or the claim.",
    shape: Shape::NameIn(tables::reasons),
};

pub(super) static CHECK: Definition = Definition {
    name: "check",
    description: "A check and how it ended.",
    shape: Shape::Members(&[&[
        required!("name", Shape::NameIn(tables::checks), "The name of the check."),
        required!(
            "status",
            Shape::NameIn(tables::check_statuses),
            "How the check ended. A skipped check was not asked for, or was not possible.",
        ),
        required!(
            "reason",
            Shape::OrNull(&Shape::Defined(&REASON)),
            "Why it failed; null if it did not fail."
        ),
        required!(
            "detail",
            Shape::Text,
            "What the check found, in words. The wording may change in any version."
        ),
    ]]),
};

pub(super) const VERDICT: Member = required!("verdict", Shape::NameIn(tables::verdicts), "The verdict.");

pub(super) const REASONS: Member = required!(
    "reasons",
    Shape::List(&Shape::Defined(&REASON)),
    "Why the token is not accepted: every reason, in the order of docs/contract.md. Empty if it is accepted.",
);

pub(super) const WARNINGS: Member = required!(
    "warnings",
    Shape::List(&Shape::Defined(&REASON)),
    "Faults that do not reject the token without --strict.",
);

pub(super) const CHECKS: Member = required!(
    "checks",
    Shape::List(&Shape::Defined(&CHECK)),
    "The checks in their order: those that passed, failed or were skipped.",
);

pub(super) const HINTS: Member = required!(
    "hints",
    Shape::List(&Shape::Text),
    "What the user can do, in words. The wording may change in any version.",
);

pub(super) const SIGNED: Member = optional!(
    "signed",
    Shape::Always(false),
    "Present if --accept-shared-key accepted claims that are encrypted, but not signed.",
);

/// The members of every verdict.
pub(super) const JUDGEMENT: &[Member] = &[VERDICT, SIGNED, REASONS, WARNINGS, CHECKS, HINTS];

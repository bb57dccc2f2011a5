//! `fob verify`.

use super::Schema;
use super::failure::FAILURE;
use super::key::USED_KEY;
use super::shape::{Definition, Member, Shape, optional, required};
use super::suite::CASE;
use super::tables;
use super::token::{
    AT, ENCRYPTED, FOUND_WRAPPED, HEADER_OR_NULL, JUDGED_PAYLOAD, PRESENTED, SERIALIZATION, UNPROTECTED,
};
use super::verdict::{CHECKS, JUDGEMENT, REASONS, VERDICT, WARNINGS};

const KEY: Member = required!("key", Shape::Defined(&USED_KEY), "The key that the token was checked with.");

static DETACHED: Definition = Definition {
    name: "detached",
    description: "A payload that the token does not hold.",
    shape: Shape::Members(&[&[
        required!("bytes", Shape::Count, "The length of the payload in bytes."),
        required!("claims", Shape::Flag, "True if the payload is a JSON object, whose claims were judged."),
    ]]),
};

/// The content of a token that was judged.
const CONTENT: &[Member] = &[
    optional!(
        "detached",
        Shape::Defined(&DETACHED),
        "The payload that --payload gave. It is absent without this option."
    ),
    PRESENTED,
    KEY,
];

static INNER_VERDICT: Definition = Definition {
    name: "inner_verdict",
    description: "What was judged of a decrypted token.",
    shape: Shape::Members(&[&[CHECKS, HEADER_OR_NULL], JUDGED_PAYLOAD, &[KEY]]),
};

static INNER_NESTED_VERDICT: Definition = Definition {
    name: "inner_nested_verdict",
    description: "What was judged of a decrypted token that is itself encrypted.",
    shape: Shape::Members(&[&[CHECKS, HEADER_OR_NULL, KEY], &INNER]),
};

static INNER: [Member; 1] = [required!(
    "inner",
    Shape::AnyOf(&[Shape::Defined(&INNER_VERDICT), Shape::Defined(&INNER_NESTED_VERDICT)]),
    "The content of the encrypted token. `checks`, `header` and `key` beside it are those of the outer token.",
)];

pub(super) static TOKEN_VERDICT: Definition = Definition {
    name: "token_verdict",
    description: "The verdict on a token.",
    shape: Shape::Members(&[
        JUDGEMENT,
        &[HEADER_OR_NULL],
        ENCRYPTED,
        JUDGED_PAYLOAD,
        CONTENT,
        &[FOUND_WRAPPED, AT],
    ]),
};

pub(super) static NESTED_VERDICT: Definition = Definition {
    name: "nested_verdict",
    description: "The verdict on an encrypted token and its content. Reasons and hints are about both.",
    shape: Shape::Members(&[JUDGEMENT, &[HEADER_OR_NULL], ENCRYPTED, &[KEY], &INNER, &[FOUND_WRAPPED, AT]]),
};

pub(super) static SIGNATURE_VERDICT: Definition = Definition {
    name: "signature_verdict",
    description: "The verdict on one signature of a token in JSON serialization.",
    shape: Shape::Members(&[&[VERDICT, REASONS, WARNINGS, CHECKS, HEADER_OR_NULL, UNPROTECTED, KEY]]),
};

pub(super) const DEMAND: Member = required!(
    "signatures_required",
    Shape::NameIn(tables::signature_demands),
    "Which of the signatures must be accepted.",
);

static JSON_VERDICT: Definition = Definition {
    name: "json_token_verdict",
    description: "The verdict on a token in JSON serialization. `checks` are those of the claims and the store.",
    shape: Shape::Members(&[
        JUDGEMENT,
        &[
            SERIALIZATION,
            DEMAND,
            required!(
                "signatures",
                Shape::List(&Shape::Defined(&SIGNATURE_VERDICT)),
                "The verdict on each signature, in their order.",
            ),
        ],
        JUDGED_PAYLOAD,
        &[AT],
    ]),
};

pub(super) const SCHEMA: Schema = Schema {
    command: "verify",
    title: "The output of fob verify --json",
    description: "One document, or with --lines and --suite one on each line. With --get, the value of the claim.",
    forms: &[&TOKEN_VERDICT, &NESTED_VERDICT, &JSON_VERDICT, &CASE, &FAILURE],
};

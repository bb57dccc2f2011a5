//! `fob verify`.

use super::Schema;
use super::failure::failure;
use super::key::used_key;
use super::shape::{Definition, Member, Shape, grouped, list, optional, required};
use super::suite::case;
use super::tables;
use super::token::{
    at, encrypted, found_wrapped, header_or_null, judged_payload, presented, serialization, unprotected,
};
use super::verdict::{checks, judgement, reasons, verdict, warnings};

fn key() -> Member {
    required("key", Shape::Defined(used_key), "The key that the token was checked with.")
}

fn detached() -> Definition {
    Definition {
        name: "detached",
        description: "A payload that the token does not hold.",
        shape: Shape::Members(vec![
            required("bytes", Shape::Count, "The length of the payload in bytes."),
            required(
                "claims",
                Shape::Flag,
                "True if the payload is a JSON object, whose claims were judged.",
            ),
        ]),
    }
}

/// Returns the members about the content of a token that was judged.
fn content() -> Vec<Member> {
    vec![
        optional(
            "detached",
            Shape::Defined(detached),
            "The payload that --payload gave. It is absent without this option.",
        ),
        presented(),
        key(),
    ]
}

fn inner_verdict() -> Definition {
    Definition {
        name: "inner_verdict",
        description: "What was judged of a decrypted token.",
        shape: grouped([vec![checks(), header_or_null()], judged_payload(), vec![key()]]),
    }
}

fn inner_nested_verdict() -> Definition {
    Definition {
        name: "inner_nested_verdict",
        description: "What was judged of a decrypted token that is itself encrypted.",
        shape: Shape::Members(vec![checks(), header_or_null(), key(), inner()]),
    }
}

fn inner() -> Member {
    required(
        "inner",
        Shape::AnyOf(vec![Shape::Defined(inner_verdict), Shape::Defined(inner_nested_verdict)]),
        "The content of the encrypted token. `checks`, `header` and `key` beside it are those of the outer token.",
    )
}

pub(super) fn token_verdict() -> Definition {
    Definition {
        name: "token_verdict",
        description: "The verdict on a token.",
        shape: grouped([
            judgement(),
            vec![header_or_null()],
            encrypted(),
            judged_payload(),
            content(),
            vec![found_wrapped(), at()],
        ]),
    }
}

pub(super) fn nested_verdict() -> Definition {
    Definition {
        name: "nested_verdict",
        description: "The verdict on an encrypted token and its content. Reasons and hints are about both.",
        shape: grouped([
            judgement(),
            vec![header_or_null()],
            encrypted(),
            vec![key(), inner(), found_wrapped(), at()],
        ]),
    }
}

pub(super) fn signature_verdict() -> Definition {
    Definition {
        name: "signature_verdict",
        description: "The verdict on one signature of a token in JSON serialization.",
        shape: Shape::Members(vec![
            verdict(),
            reasons(),
            warnings(),
            checks(),
            header_or_null(),
            unprotected(),
            key(),
        ]),
    }
}

pub(super) fn demand() -> Member {
    required(
        "signatures_required",
        Shape::NameIn(tables::signature_demands),
        "Which of the signatures must be accepted.",
    )
}

fn json_verdict() -> Definition {
    Definition {
        name: "json_token_verdict",
        description: "The verdict on a token in JSON serialization. `checks` are those of the claims and the store.",
        shape: grouped([
            judgement(),
            vec![
                serialization(),
                demand(),
                required(
                    "signatures",
                    list(Shape::Defined(signature_verdict)),
                    "The verdict on each signature, in their order.",
                ),
            ],
            judged_payload(),
            vec![at()],
        ]),
    }
}

pub(super) fn schema() -> Schema {
    Schema {
        title: "The output of fob verify --json",
        description: "One document, or with --lines and --suite one on each line. With --get, the value of the claim.",
        forms: vec![token_verdict(), nested_verdict(), json_verdict(), case(), failure()],
    }
}

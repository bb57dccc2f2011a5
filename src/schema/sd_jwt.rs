//! What follows the issuer's token of an SD-JWT: disclosures and the key binding JWT.

use super::shape::{Definition, Shape, alternative, optional, required};
use super::tables;
use super::verdict::REASON;

static DISCLOSURE: Definition = Definition {
    name: "disclosure",
    description: "A disclosure. It has a name and a value, or else the fault that makes it unreadable.",
    shape: Shape::Members(&[&[
        alternative!(
            "name",
            Shape::OrNull(&Shape::Text),
            "The name of the claim. Null for an element of an array."
        ),
        optional!("value", Shape::Anything, "The value. It is absent if the disclosure cannot be read."),
        alternative!("error", Shape::Text, "Why the disclosure cannot be read, in words."),
        required!(
            "digest",
            Shape::OrNull(&Shape::Base64url),
            "The digest. Null if the algorithm is not supported."
        ),
        required!(
            "digest_in",
            Shape::OrNull(&Shape::NameIn(tables::digest_places)),
            "Where the digest stands. Null if it was not looked for.",
        ),
    ]]),
};

static KEY_BINDING: Definition = Definition {
    name: "key_binding",
    description: "The key binding JWT.",
    shape: Shape::Members(&[&[
        required!("header", Shape::OrNull(&Shape::FreeObject), "Its JOSE header. Null if it cannot be read."),
        required!("payload", Shape::OrNull(&Shape::FreeObject), "Its claims. Null if they cannot be read."),
        required!("verified", Shape::Flag, "True if it passed its checks."),
    ]]),
};

pub(super) static SD_JWT: Definition = Definition {
    name: "sd_jwt",
    description: "What follows the issuer's token of an SD-JWT (RFC 9901).",
    shape: Shape::Members(&[&[
        required!("digest_algorithm", Shape::Text, "The digest algorithm, as `_sd_alg` names it."),
        required!(
            "disclosures",
            Shape::List(&Shape::Defined(&DISCLOSURE)),
            "The disclosures, in their order."
        ),
        required!(
            "other_digests",
            Shape::OrNull(&Shape::Count),
            "The number of digests without a disclosure: undisclosed claims and decoys. Null if they were not counted.",
        ),
        required!(
            "key_binding",
            Shape::OrNull(&Shape::Defined(&KEY_BINDING)),
            "The key binding JWT. Null if there is none, and under --redact.",
        ),
        required!(
            "processed_payload",
            Shape::OrNull(&Shape::FreeObject),
            "The payload with the disclosed claims in their places. Null if a rule is broken, and under --redact.",
        ),
        required!(
            "faults",
            Shape::List(&Shape::Defined(&REASON)),
            "The rules of RFC 9901 that the disclosures break."
        ),
    ]]),
};

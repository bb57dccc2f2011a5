//! What follows the issuer's token of an SD-JWT: disclosures and the key binding JWT.

use super::shape::{Definition, Shape, alternative, list, optional, or_null, required};
use super::tables;
use super::verdict::reason;

fn disclosure() -> Definition {
    Definition {
        name: "disclosure",
        description: "A disclosure. It has a name and a value, or else the fault that makes it unreadable.",
        shape: Shape::Members(vec![
            alternative(
                "name",
                or_null(Shape::Text),
                "The name of the claim. Null for an element of an array.",
            ),
            optional("value", Shape::Anything, "The value. It is absent if the disclosure cannot be read."),
            alternative("error", Shape::Text, "Why the disclosure cannot be read, in words."),
            required(
                "digest",
                or_null(Shape::Base64url),
                "The digest. Null if the algorithm is not supported.",
            ),
            required(
                "digest_in",
                or_null(Shape::NameIn(tables::digest_places)),
                "Where the digest stands. Null if it was not looked for.",
            ),
        ]),
    }
}

fn key_binding() -> Definition {
    Definition {
        name: "key_binding",
        description: "The key binding JWT.",
        shape: Shape::Members(vec![
            required("header", or_null(Shape::FreeObject), "Its JOSE header. Null if it cannot be read."),
            required("payload", or_null(Shape::FreeObject), "Its claims. Null if they cannot be read."),
            required("verified", Shape::Flag, "True if it passed its checks."),
        ]),
    }
}

pub(super) fn sd_jwt() -> Definition {
    Definition {
        name: "sd_jwt",
        description: "What follows the issuer's token of an SD-JWT (RFC 9901).",
        shape: Shape::Members(vec![
            required("digest_algorithm", Shape::Text, "The digest algorithm, as `_sd_alg` names it."),
            required("disclosures", list(Shape::Defined(disclosure)), "The disclosures, in their order."),
            required(
                "other_digests",
                or_null(Shape::Count),
                "The number of digests without a disclosure: undisclosed claims and decoys. Null if they were not counted.",
            ),
            required(
                "key_binding",
                or_null(Shape::Defined(key_binding)),
                "The key binding JWT. Null if there is none, and under --redact.",
            ),
            required(
                "processed_payload",
                or_null(Shape::FreeObject),
                "The payload with the disclosed claims in their places. Null if a rule is broken, and under --redact.",
            ),
            required(
                "faults",
                list(Shape::Defined(reason)),
                "The rules of RFC 9901 that the disclosures break.",
            ),
        ]),
    }
}

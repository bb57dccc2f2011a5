//! What is said about a token: its header and payload, its times, its findings.

use super::sd_jwt::sd_jwt;
use super::shape::{Definition, Member, Shape, alternative, grouped, list, map, optional, or_null, required};
use super::tables;

pub(super) fn header() -> Definition {
    Definition {
        name: "header",
        description: "The JOSE header: its parameters in their order. Unknown parameters are kept.",
        shape: Shape::FreeObject,
    }
}

pub(super) fn payload() -> Definition {
    Definition {
        name: "payload",
        description: "The payload: claims as an object, other JSON as it is, text as a string. Null if it is not text.",
        shape: Shape::Anything,
    }
}

/// Returns the member with the header of a token.
pub(super) fn header_or_null() -> Member {
    required("header", or_null(Shape::Defined(header)), "The JOSE header. Null if it cannot be read.")
}

pub(super) fn at() -> Member {
    required(
        "at",
        or_null(Shape::Instant),
        "The instant of the report. Null if it is outside of the years 0 to 9999.",
    )
}

pub(super) fn payload_base64url() -> Member {
    optional(
        "payload_base64url",
        Shape::Base64url,
        "The payload as Base64url. It is present if the payload is not text.",
    )
}

fn found() -> Definition {
    Definition {
        name: "found",
        description: "How the token was found.",
        shape: Shape::Members(vec![required(
            "wrapping",
            Shape::Text,
            "The wrappings that were removed around the token, such as Base64.",
        )]),
    }
}

/// Returns the member about how the token was found. It has no line and no column.
pub(super) fn found_wrapped() -> Member {
    optional(
        "found",
        Shape::Defined(found),
        "How the token was found. It is present if a wrapping around it was removed.",
    )
}

fn recipient() -> Definition {
    Definition {
        name: "recipient",
        description: "A recipient of an encrypted token.",
        shape: Shape::Members(vec![unprotected()]),
    }
}

pub(super) fn serialization() -> Member {
    required(
        "serialization",
        Shape::NameIn(tables::serializations),
        "The form of the JSON serialization (RFC 7515 section 7.2).",
    )
}

pub(super) fn unprotected() -> Member {
    required("unprotected_header", Shape::FreeObject, "Header parameters that nothing protects from changes.")
}

/// Returns the members of an encrypted token in JSON serialization.
pub(super) fn encrypted() -> Vec<Member> {
    vec![
        optional(
            "serialization",
            Shape::NameIn(tables::serializations),
            "The form of the JSON serialization (RFC 7516 section 7.2). It is absent for a compact token.",
        ),
        optional(
            "unprotected_header",
            Shape::FreeObject,
            "Header parameters of all recipients that the encryption does not protect.",
        ),
        optional("recipients", list(Shape::Defined(recipient)), "The recipients."),
        optional("aad", Shape::Base64url, "Authenticated data that is not encrypted."),
    ]
}

fn time() -> Definition {
    Definition {
        name: "time",
        description: "A claim that holds a time.",
        shape: Shape::Members(vec![
            required("value", Shape::Number, "The number as received, in seconds since 1970."),
            required(
                "utc",
                or_null(Shape::Instant),
                "The instant. Null if it is outside of the years 0 to 9999.",
            ),
            required(
                "seconds_from_now",
                or_null(Shape::Integer),
                "The distance from `at` in seconds, negative in the past. Null if it does not fit.",
            ),
            optional(
                "mistaken_for",
                Shape::NameIn(tables::mistaken_units),
                "The unit that the issuer probably used instead of seconds.",
            ),
            optional("meant", or_null(Shape::Instant), "The instant in that unit."),
        ]),
    }
}

pub(super) fn state() -> Vec<Member> {
    vec![
        required("verified", Shape::Flag, "True if the signature was verified. `decode` never verifies."),
        required(
            "status",
            Shape::NameIn(tables::lifetimes),
            "The stage of the lifetime, by the token's own claims. `invalid` means that `exp` is not a number.",
        ),
        required("times", map(Shape::Defined(time)), "The claims that hold a time, by their names."),
    ]
}

/// Returns the member with the parts of an SD-JWT that follow the issuer's token.
pub(super) fn presented() -> Member {
    optional("sd_jwt", Shape::Defined(sd_jwt), "The disclosures of an SD-JWT, and its key binding.")
}

pub(super) fn signature_or_null() -> Member {
    required(
        "signature",
        or_null(Shape::Base64url),
        "The signature as received. Null under --redact and for an encrypted token.",
    )
}

fn payload_member() -> Member {
    required("payload", Shape::Defined(payload), "The payload. Null if it cannot be read.")
}

/// Returns the members with the payload and the signature of a token in compact serialization.
pub(super) fn content() -> Vec<Member> {
    vec![payload_member(), payload_base64url(), signature_or_null()]
}

fn inner_token() -> Definition {
    Definition {
        name: "inner_token",
        description: "A token that was decrypted.",
        shape: grouped([vec![header_or_null()], content(), state(), vec![at()]]),
    }
}

fn inner_nested() -> Definition {
    Definition {
        name: "inner_nested_token",
        description: "An encrypted token that was decrypted, with another encrypted token inside.",
        shape: Shape::Members(vec![header_or_null(), inner()]),
    }
}

/// Returns the member with the content of an encrypted token that was decrypted.
pub(super) fn inner() -> Member {
    required(
        "inner",
        Shape::AnyOf(vec![Shape::Defined(inner_token), Shape::Defined(inner_nested)]),
        "The content of the encrypted token.",
    )
}

fn signature() -> Definition {
    Definition {
        name: "signature",
        description: "A signature of a token in JSON serialization.",
        shape: Shape::Members(vec![
            header_or_null(),
            unprotected(),
            optional(
                "signature",
                Shape::Base64url,
                "The signature as received. It is absent under --redact.",
            ),
        ]),
    }
}

/// Returns the members about the signatures of a signed token in JSON serialization, which were not judged.
pub(super) fn signatures() -> Vec<Member> {
    vec![
        serialization(),
        required("signatures", list(Shape::Defined(signature)), "The signatures, in their order."),
    ]
}

/// Returns the members about a payload as received.
pub(super) fn received_payload() -> Vec<Member> {
    vec![payload_member(), payload_base64url()]
}

fn finding() -> Definition {
    Definition {
        name: "finding",
        description: "A remark about a token.",
        shape: Shape::Members(vec![
            required("code", Shape::NameIn(tables::finding_codes), "The code. It never changes its meaning."),
            required("severity", Shape::NameIn(tables::severities), "The severity."),
            required("message", Shape::Text, "The facts in words. The wording may change in any version."),
        ]),
    }
}

pub(super) fn findings() -> Member {
    required("findings", list(Shape::Defined(finding)), "Remarks about the token.")
}

/// Returns the members with the payload of a verdict. Its name says whether it is verified.
pub(super) fn judged_payload() -> Vec<Member> {
    vec![
        alternative("payload", Shape::Defined(payload), "The payload. The signature over it is valid."),
        alternative(
            "unverified_payload",
            Shape::Defined(payload),
            "The payload. No valid signature covers it.",
        ),
        payload_base64url(),
    ]
}

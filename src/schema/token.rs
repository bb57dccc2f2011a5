//! What is said about a token: its header and payload, its times, its findings.

use super::sd_jwt::SD_JWT;
use super::shape::{Definition, Member, Shape, alternative, optional, required};
use super::tables;

pub(super) static HEADER: Definition = Definition {
    name: "header",
    description: "The JOSE header: its parameters in their order. Unknown parameters are kept.",
    shape: Shape::FreeObject,
};

pub(super) static PAYLOAD: Definition = Definition {
    name: "payload",
    description: "The payload: claims as an object, other JSON as it is, text as a string. Null if it is not text.",
    shape: Shape::Anything,
};

/// The header of a token.
pub(super) const HEADER_OR_NULL: Member = required!(
    "header",
    Shape::OrNull(&Shape::Defined(&HEADER)),
    "The JOSE header. Null if it cannot be read.",
);

pub(super) const AT: Member = required!(
    "at",
    Shape::OrNull(&Shape::Instant),
    "The instant of the report. Null if it is outside of the years 0 to 9999.",
);

pub(super) const PAYLOAD_BASE64URL: Member = optional!(
    "payload_base64url",
    Shape::Base64url,
    "The payload as Base64url. It is present if the payload is not text.",
);

static FOUND: Definition = Definition {
    name: "found",
    description: "How the token was found.",
    shape: Shape::Members(&[&[required!(
        "wrapping",
        Shape::Text,
        "The wrappings that were removed around the token, such as Base64.",
    )]]),
};

/// How the token was found. It has no line and no column.
pub(super) const FOUND_WRAPPED: Member = optional!(
    "found",
    Shape::Defined(&FOUND),
    "How the token was found. It is present if a wrapping around it was removed.",
);

static RECIPIENT: Definition = Definition {
    name: "recipient",
    description: "A recipient of an encrypted token.",
    shape: Shape::Members(&[&[UNPROTECTED]]),
};

pub(super) const SERIALIZATION: Member = required!(
    "serialization",
    Shape::NameIn(tables::serializations),
    "The form of the JSON serialization (RFC 7515 section 7.2).",
);

pub(super) const UNPROTECTED: Member = required!(
    "unprotected_header",
    Shape::FreeObject,
    "Header parameters that nothing protects from changes.",
);

/// The members of an encrypted token in JSON serialization.
pub(super) const ENCRYPTED: &[Member] = &[
    optional!(
        "serialization",
        Shape::NameIn(tables::serializations),
        "The form of the JSON serialization (RFC 7516 section 7.2). It is absent for a compact token.",
    ),
    optional!(
        "unprotected_header",
        Shape::FreeObject,
        "Header parameters of all recipients that the encryption does not protect.",
    ),
    optional!("recipients", Shape::List(&Shape::Defined(&RECIPIENT)), "The recipients."),
    optional!("aad", Shape::Base64url, "Authenticated data that is not encrypted."),
];

static TIME: Definition = Definition {
    name: "time",
    description: "A claim that holds a time.",
    shape: Shape::Members(&[&[
        required!("value", Shape::Number, "The number as received, in seconds since 1970."),
        required!(
            "utc",
            Shape::OrNull(&Shape::Instant),
            "The instant. Null if it is outside of the years 0 to 9999."
        ),
        required!(
            "seconds_from_now",
            Shape::OrNull(&Shape::Integer),
            "The distance from `at` in seconds, negative in the past. Null if it does not fit.",
        ),
        optional!(
            "mistaken_for",
            Shape::NameIn(tables::mistaken_units),
            "The unit that the issuer probably used instead of seconds.",
        ),
        optional!("meant", Shape::OrNull(&Shape::Instant), "The instant in that unit."),
    ]]),
};

pub(super) const STATE: &[Member] = &[
    required!("verified", Shape::Flag, "True if the signature was verified. `decode` never verifies."),
    required!(
        "status",
        Shape::NameIn(tables::lifetimes),
        "The stage of the lifetime, by the token's own claims. `invalid` means that `exp` is not a number.",
    ),
    required!("times", Shape::Map(&Shape::Defined(&TIME)), "The claims that hold a time, by their names."),
];

/// The parts of an SD-JWT that follow the issuer's token.
pub(super) const PRESENTED: Member =
    optional!("sd_jwt", Shape::Defined(&SD_JWT), "The disclosures of an SD-JWT, and its key binding.");

pub(super) const SIGNATURE_OR_NULL: Member = required!(
    "signature",
    Shape::OrNull(&Shape::Base64url),
    "The signature as received. Null under --redact and for an encrypted token.",
);

const PAYLOAD_MEMBER: Member =
    required!("payload", Shape::Defined(&PAYLOAD), "The payload. Null if it cannot be read.");

/// The payload and the signature of a token in compact serialization.
pub(super) const CONTENT: &[Member] = &[PAYLOAD_MEMBER, PAYLOAD_BASE64URL, SIGNATURE_OR_NULL];

static INNER_TOKEN: Definition = Definition {
    name: "inner_token",
    description: "A token that was decrypted.",
    shape: Shape::Members(&[&[HEADER_OR_NULL], CONTENT, STATE, &[AT]]),
};

static INNER_NESTED: Definition = Definition {
    name: "inner_nested_token",
    description: "An encrypted token that was decrypted, with another encrypted token inside.",
    shape: Shape::Members(&[&[HEADER_OR_NULL], &INNER]),
};

/// The content of an encrypted token that was decrypted.
pub(super) static INNER: [Member; 1] = [required!(
    "inner",
    Shape::AnyOf(&[Shape::Defined(&INNER_TOKEN), Shape::Defined(&INNER_NESTED)]),
    "The content of the encrypted token.",
)];

static SIGNATURE: Definition = Definition {
    name: "signature",
    description: "A signature of a token in JSON serialization.",
    shape: Shape::Members(&[&[
        HEADER_OR_NULL,
        UNPROTECTED,
        optional!("signature", Shape::Base64url, "The signature as received. It is absent under --redact."),
    ]]),
};

/// The signatures of a signed token in JSON serialization, which were not judged.
pub(super) const SIGNATURES: &[Member] = &[
    SERIALIZATION,
    required!("signatures", Shape::List(&Shape::Defined(&SIGNATURE)), "The signatures, in their order."),
];

/// The members about a payload as received.
pub(super) const RECEIVED_PAYLOAD: &[Member] = &[PAYLOAD_MEMBER, PAYLOAD_BASE64URL];

static FINDING: Definition = Definition {
    name: "finding",
    description: "A remark about a token.",
    shape: Shape::Members(&[&[
        required!("code", Shape::NameIn(tables::finding_codes), "The code. It never changes its meaning."),
        required!("severity", Shape::NameIn(tables::severities), "The severity."),
        required!("message", Shape::Text, "The facts in words. The wording may change in any version."),
    ]]),
};

pub(super) const FINDINGS: Member =
    required!("findings", Shape::List(&Shape::Defined(&FINDING)), "Remarks about the token.");

/// The payload of a verdict. Its name says whether it is verified.
pub(super) const JUDGED_PAYLOAD: &[Member] = &[
    alternative!("payload", Shape::Defined(&PAYLOAD), "The payload. The signature over it is valid."),
    alternative!(
        "unverified_payload",
        Shape::Defined(&PAYLOAD),
        "The payload. No valid signature covers it."
    ),
    PAYLOAD_BASE64URL,
];

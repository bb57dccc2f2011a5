//! `fob inspect`.

use super::Schema;
use super::failure::{ERROR_OF_RUN, FAILURE};
use super::shape::{Definition, Member, Shape, optional, required};
use super::tables;
use super::token::{
    AT, CONTENT, ENCRYPTED, FINDINGS, HEADER_OR_NULL, INNER, PRESENTED, RECEIVED_PAYLOAD, SERIALIZATION,
    SIGNATURES, STATE, UNPROTECTED,
};
use super::verdict::{CHECKS, JUDGEMENT, REASONS, SIGNED, VERDICT};
use super::verify::{DEMAND, SIGNATURE_VERDICT};

static LOCATION: Definition = Definition {
    name: "location",
    description: "Where a token was found.",
    shape: Shape::Members(&[&[
        optional!("file", Shape::Text, "The path of the file. It is absent if only one text is searched."),
        required!("line", Shape::Count, "The line, from one."),
        required!("column", Shape::Count, "The column in characters, from one."),
        required!("where", Shape::Text, "The syntax around the token, in words, such as a header field."),
        optional!("wrapping", Shape::Text, "The wrappings that were removed around the token."),
    ]]),
};

static SIZES: Definition = Definition {
    name: "sizes",
    description: "Sizes in bytes. Those of segments are decoded; which ones there are depends on the form.",
    shape: Shape::Members(&[&[
        required!("token", Shape::Count, "The length of the token as received."),
        optional!("header", Shape::Count, "The header."),
        optional!("payload", Shape::Count, "The payload."),
        optional!("signature", Shape::Count, "The signature."),
        optional!("encrypted_key", Shape::Count, "The encrypted key."),
        optional!("iv", Shape::Count, "The initialization vector."),
        optional!("ciphertext", Shape::Count, "The encrypted content."),
        optional!("tag", Shape::Count, "The authentication tag."),
    ]]),
};

static INNER_CHECKS: Definition = Definition {
    name: "inner_checks",
    description: "The checks of a decrypted token.",
    shape: Shape::Members(&[&[
        CHECKS,
        optional!(
            "inner",
            Shape::Defined(&INNER_CHECKS),
            "The checks of the token inside, if it was encrypted too."
        ),
    ]]),
};

static VERIFICATION: Definition = Definition {
    name: "verification",
    description: "The verdict on a token.",
    shape: Shape::Members(&[
        JUDGEMENT,
        &[optional!(
            "inner",
            Shape::Defined(&INNER_CHECKS),
            "The checks of the token inside an encrypted one."
        )],
    ]),
};

static REDACTED_VERIFICATION: Definition = Definition {
    name: "redacted_verification",
    description: "The verdict on a token under --redact. Checks would quote claims.",
    shape: Shape::Members(&[&[VERDICT, SIGNED, REASONS]]),
};

static KIND: Definition = Definition {
    name: "kind",
    description: "The kind of a token: the one that it declares, else a guess from its claims.",
    shape: Shape::NameIn(tables::kinds),
};

static TEXT_KIND: Definition = Definition {
    name: "text_kind",
    description: "The kind of a text that is not a readable JWT.",
    shape: Shape::NameIn(tables::text_kinds),
};

static STYLE: Definition = Definition {
    name: "style",
    description: "Software or a service that issues tokens.",
    shape: Shape::NameIn(tables::issuers),
};

const FOUND: Member = required!("found", Shape::Defined(&LOCATION), "Where the token was found.");

/// The first members about a token that was found.
const PLACE: &[Member] = &[FOUND, required!("kind", Shape::Defined(&KIND), "The kind of the token.")];

/// The members about every text that was found.
const ABOUT: &[Member] = &[
    required!(
        "style",
        Shape::OrNull(&Shape::Defined(&STYLE)),
        "The software or the service that issues such tokens, if it is recognized. It is a guess.",
    ),
    required!("sizes", Shape::Defined(&SIZES), "The sizes in bytes."),
    FINDINGS,
];

/// The verdict, if there was a key.
const VERDICT_WITH_KEY: &[Member] = &[optional!(
    "verification",
    Shape::AnyOf(&[Shape::Defined(&VERIFICATION), Shape::Defined(&REDACTED_VERIFICATION)]),
    "The verdict. It is absent if no key was given.",
)];

static FOUND_TOKEN: Definition = Definition {
    name: "found_token",
    description: "A token, in compact serialization or encrypted.",
    shape: Shape::Members(&[
        PLACE,
        ABOUT,
        &[HEADER_OR_NULL],
        ENCRYPTED,
        CONTENT,
        STATE,
        &[PRESENTED, AT],
        VERDICT_WITH_KEY,
    ]),
};

static FOUND_NESTED: Definition = Definition {
    name: "found_nested_token",
    description: "An encrypted token that was decrypted.",
    shape: Shape::Members(&[PLACE, ABOUT, &[HEADER_OR_NULL], ENCRYPTED, &INNER, VERDICT_WITH_KEY]),
};

static REDACTED_SIGNATURE_VERDICT: Definition = Definition {
    name: "redacted_signature_verdict",
    description: "The verdict on one signature of a token in JSON serialization, under --redact.",
    shape: Shape::Members(&[&[VERDICT, REASONS, HEADER_OR_NULL, UNPROTECTED]]),
};

static FOUND_DOCUMENT: Definition = Definition {
    name: "found_json_token",
    description: "A signed token in JSON serialization, without a verdict.",
    shape: Shape::Members(&[PLACE, ABOUT, SIGNATURES, RECEIVED_PAYLOAD, STATE, &[AT]]),
};

static JUDGED_DOCUMENT: Definition = Definition {
    name: "judged_json_token",
    description: "A signed token in JSON serialization, with a verdict.",
    shape: Shape::Members(&[
        PLACE,
        ABOUT,
        &[
            SERIALIZATION,
            DEMAND,
            required!(
                "signatures",
                Shape::List(&Shape::AnyOf(&[
                    Shape::Defined(&SIGNATURE_VERDICT),
                    Shape::Defined(&REDACTED_SIGNATURE_VERDICT),
                ])),
                "The verdict on each signature, in their order.",
            ),
        ],
        RECEIVED_PAYLOAD,
        STATE,
        &[AT],
        VERDICT_WITH_KEY,
    ]),
};

static FOUND_TEXT: Definition = Definition {
    name: "found_text",
    description: "A text that is not a JWT, or that begins like a token but does not parse.",
    shape: Shape::Members(&[
        &[FOUND, required!("kind", Shape::Defined(&TEXT_KIND), "The kind of the text.")],
        ABOUT,
    ]),
};

static REPORT: Definition = Definition {
    name: "report",
    description: "The report on all tokens.",
    shape: Shape::Members(&[&[
        required!(
            "tokens",
            Shape::List(&Shape::AnyOf(&[
                Shape::Defined(&FOUND_TOKEN),
                Shape::Defined(&FOUND_NESTED),
                Shape::Defined(&FOUND_DOCUMENT),
                Shape::Defined(&JUDGED_DOCUMENT),
                Shape::Defined(&FOUND_TEXT),
            ])),
            "The tokens, in their order. With --unique, each is reported once.",
        ),
        ERROR_OF_RUN,
    ]]),
};

static COUNT: Definition = Definition {
    name: "count",
    description: "The number of tokens, as --count prints it.",
    shape: Shape::Members(&[&[
        required!("count", Shape::Count, "The number of tokens. With --unique, each counts once."),
        optional!("found", Shape::Count, "The number of places with a token. It is present with --unique."),
        ERROR_OF_RUN,
    ]]),
};

pub(super) const SCHEMA: Schema = Schema {
    command: "inspect",
    title: "The output of fob inspect --json",
    description: "One document for everything that was found. With --oneline, a document for each token, on a line of its own.",
    forms: &[
        &REPORT,
        &COUNT,
        &FOUND_TOKEN,
        &FOUND_NESTED,
        &FOUND_DOCUMENT,
        &JUDGED_DOCUMENT,
        &FOUND_TEXT,
        &FAILURE,
    ],
};

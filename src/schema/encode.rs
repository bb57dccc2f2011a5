//! `fob encode`.

use super::Schema;
use super::failure::FAILURE;
use super::shape::{Definition, Member, Shape, alternative, optional, required};
use super::tables;
use super::token::{HEADER, PAYLOAD};
use super::verdict::{REASONS, VERDICT};

const TOKEN: Member = required!("token", Shape::Text, "The token in compact serialization.");

const CONTENT: &[Member] = &[
    required!("header", Shape::Defined(&HEADER), "The header of the token, or of the encrypted token."),
    required!("payload", Shape::Defined(&PAYLOAD), "The payload. Null if it is not text."),
];

static MINTED: Definition =
    Definition { name: "token", description: "A new token.", shape: Shape::Members(&[&[TOKEN], CONTENT]) };

static PART: Definition = Definition {
    name: "token_part",
    description: "A signature or a recipient of a token in JSON serialization.",
    shape: Shape::Members(&[&[
        optional!("protected", Shape::Base64url, "The header that the signature covers."),
        optional!("signature", Shape::Base64url, "The signature."),
        optional!("encrypted_key", Shape::Base64url, "The encrypted key."),
    ]]),
};

static SERIALIZED: Definition = Definition {
    name: "serialized",
    description: "A token in JSON serialization (RFC 7515 section 7.2, RFC 7516 section 7.2).",
    shape: Shape::Members(&[&[
        optional!("payload", Shape::Base64url, "The payload of a signed token."),
        optional!("protected", Shape::Base64url, "The protected header."),
        optional!("signature", Shape::Base64url, "The only signature."),
        optional!("signatures", Shape::List(&Shape::Defined(&PART)), "The signatures, in the general form."),
        optional!("recipients", Shape::List(&Shape::Defined(&PART)), "The recipients, in the general form."),
        optional!("encrypted_key", Shape::Base64url, "The encrypted key of the only recipient."),
        optional!("iv", Shape::Base64url, "The initialization vector."),
        optional!("ciphertext", Shape::Base64url, "The encrypted content."),
        optional!("tag", Shape::Base64url, "The authentication tag."),
    ]]),
};

static MINTED_DOCUMENT: Definition = Definition {
    name: "json_token",
    description: "A new token in JSON serialization.",
    shape: Shape::Members(&[&[
        required!("token", Shape::Defined(&SERIALIZED), "The token."),
        alternative!("header", Shape::Defined(&HEADER), "The header, in the flattened form."),
        alternative!(
            "headers",
            Shape::List(&Shape::Defined(&HEADER)),
            "The header of each signature, in the general form.",
        ),
        required!("payload", Shape::Defined(&PAYLOAD), "The payload. Null if it is not text."),
    ]]),
};

static EXPECTED: Definition = Definition {
    name: "expected_verdict",
    description: "What fob verify says about the flawed token.",
    shape: Shape::Members(&[&[VERDICT, REASONS]]),
};

static OPTIONS: Definition = Definition {
    name: "verify_options",
    description: "The options of fob verify with which the flaw is the only reason, by their names.",
    shape: Shape::MembersAnd(
        &[required!("at", Shape::Text, "The time of --at.")],
        &Shape::List(&Shape::Text),
    ),
};

static FLAWED: Definition = Definition {
    name: "flawed_token",
    description: "A new token with exactly one flaw.",
    shape: Shape::Members(&[
        &[TOKEN],
        CONTENT,
        &[
            required!("flaw", Shape::NameIn(tables::flaws), "The flaw."),
            required!("expect", Shape::Defined(&EXPECTED), "What fob verify says about the token."),
            required!("verify", Shape::Defined(&OPTIONS), "The options of fob verify."),
        ],
    ]),
};

pub(super) const SCHEMA: Schema = Schema {
    command: "encode",
    title: "The output of fob encode --json",
    description: "One document, or with --lines one on each line. With --suite, the output is a suite.",
    forms: &[&MINTED, &MINTED_DOCUMENT, &FLAWED, &FAILURE],
};

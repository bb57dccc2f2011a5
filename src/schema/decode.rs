//! `fob decode`.

use super::Schema;
use super::failure::FAILURE;
use super::shape::{Definition, Shape};
use super::token::{
    AT, CONTENT, ENCRYPTED, FINDINGS, FOUND_WRAPPED, HEADER_OR_NULL, INNER, PRESENTED, RECEIVED_PAYLOAD,
    SIGNATURES, STATE,
};

static DECODED: Definition = Definition {
    name: "token",
    description: "A token, in compact serialization or encrypted. Nothing is verified.",
    shape: Shape::Members(&[
        &[FOUND_WRAPPED],
        &[HEADER_OR_NULL],
        ENCRYPTED,
        CONTENT,
        STATE,
        &[PRESENTED, AT],
        &[FINDINGS],
    ]),
};

static DECODED_NESTED: Definition = Definition {
    name: "nested_token",
    description: "An encrypted token that was decrypted.",
    shape: Shape::Members(&[&[FOUND_WRAPPED], &[HEADER_OR_NULL], ENCRYPTED, &INNER, &[FINDINGS]]),
};

static DECODED_DOCUMENT: Definition = Definition {
    name: "json_token",
    description: "A signed token in JSON serialization. Nothing is verified.",
    shape: Shape::Members(&[SIGNATURES, RECEIVED_PAYLOAD, STATE, &[AT], &[FINDINGS]]),
};

pub(super) const SCHEMA: Schema = Schema {
    command: "decode",
    title: "The output of fob decode --json",
    description: "One document, or with --lines one on each line. With --claim, the output is the value of the claim.",
    forms: &[&DECODED, &DECODED_NESTED, &DECODED_DOCUMENT, &FAILURE],
};

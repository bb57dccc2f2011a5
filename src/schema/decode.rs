//! `fob decode`.

use super::Schema;
use super::failure::failure;
use super::shape::{Definition, grouped};
use super::token::{
    at, content, encrypted, findings, found_wrapped, header_or_null, inner, presented, received_payload,
    signatures, state,
};

fn decoded() -> Definition {
    Definition {
        name: "token",
        description: "A token, in compact serialization or encrypted. Nothing is verified.",
        shape: grouped([
            vec![found_wrapped(), header_or_null()],
            encrypted(),
            content(),
            state(),
            vec![presented(), at(), findings()],
        ]),
    }
}

fn decoded_nested() -> Definition {
    Definition {
        name: "nested_token",
        description: "An encrypted token that was decrypted.",
        shape: grouped([vec![found_wrapped(), header_or_null()], encrypted(), vec![inner(), findings()]]),
    }
}

fn decoded_document() -> Definition {
    Definition {
        name: "json_token",
        description: "A signed token in JSON serialization. Nothing is verified.",
        shape: grouped([signatures(), received_payload(), state(), vec![at(), findings()]]),
    }
}

pub(super) fn schema() -> Schema {
    Schema {
        title: "The output of fob decode --json",
        description: "One document, or with --lines one on each line. With --claim, the output is the value of the claim.",
        forms: vec![decoded(), decoded_nested(), decoded_document(), failure()],
    }
}

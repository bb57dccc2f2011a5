//! `fob encode`.

use super::Schema;
use super::failure::failure;
use super::shape::{Definition, Member, Shape, alternative, grouped, list, optional, required};
use super::tables;
use super::token::{header, payload};
use super::verdict::{reasons, verdict};

fn token() -> Member {
    required("token", Shape::Text, "The token in compact serialization.")
}

fn content() -> Vec<Member> {
    vec![
        required("header", Shape::Defined(header), "The header of the token, or of the encrypted token."),
        required("payload", Shape::Defined(payload), "The payload. Null if it is not text."),
    ]
}

fn minted() -> Definition {
    Definition { name: "token", description: "A new token.", shape: grouped([vec![token()], content()]) }
}

fn part() -> Definition {
    Definition {
        name: "token_part",
        description: "A signature or a recipient of a token in JSON serialization.",
        shape: Shape::Members(vec![
            optional("protected", Shape::Base64url, "The header that the signature covers."),
            optional("signature", Shape::Base64url, "The signature."),
            optional("encrypted_key", Shape::Base64url, "The encrypted key."),
        ]),
    }
}

fn serialized() -> Definition {
    Definition {
        name: "serialized",
        description: "A token in JSON serialization (RFC 7515 section 7.2, RFC 7516 section 7.2).",
        shape: Shape::Members(vec![
            optional("payload", Shape::Base64url, "The payload of a signed token."),
            optional("protected", Shape::Base64url, "The protected header."),
            optional("signature", Shape::Base64url, "The only signature."),
            optional("signatures", list(Shape::Defined(part)), "The signatures, in the general form."),
            optional("recipients", list(Shape::Defined(part)), "The recipients, in the general form."),
            optional("encrypted_key", Shape::Base64url, "The encrypted key of the only recipient."),
            optional("iv", Shape::Base64url, "The initialization vector."),
            optional("ciphertext", Shape::Base64url, "The encrypted content."),
            optional("tag", Shape::Base64url, "The authentication tag."),
        ]),
    }
}

fn minted_document() -> Definition {
    Definition {
        name: "json_token",
        description: "A new token in JSON serialization.",
        shape: Shape::Members(vec![
            required("token", Shape::Defined(serialized), "The token."),
            alternative("header", Shape::Defined(header), "The header, in the flattened form."),
            alternative(
                "headers",
                list(Shape::Defined(header)),
                "The header of each signature, in the general form.",
            ),
            required("payload", Shape::Defined(payload), "The payload. Null if it is not text."),
        ]),
    }
}

fn expected() -> Definition {
    Definition {
        name: "expected_verdict",
        description: "What fob verify says about the flawed token.",
        shape: Shape::Members(vec![verdict(), reasons()]),
    }
}

fn options() -> Definition {
    Definition {
        name: "verify_options",
        description: "The options of fob verify with which the flaw is the only reason, by their names.",
        shape: Shape::MembersAnd(
            vec![required("at", Shape::Text, "The time of --at.")],
            Box::new(list(Shape::Text)),
        ),
    }
}

fn flawed() -> Definition {
    Definition {
        name: "flawed_token",
        description: "A new token with exactly one flaw.",
        shape: grouped([
            vec![token()],
            content(),
            vec![
                required("flaw", Shape::NameIn(tables::flaws), "The flaw."),
                required("expect", Shape::Defined(expected), "What fob verify says about the token."),
                required("verify", Shape::Defined(options), "The options of fob verify."),
            ],
        ]),
    }
}

pub(super) fn schema() -> Schema {
    Schema {
        title: "The output of fob encode --json",
        description: "One document, or with --lines one on each line. With --suite, the output is a suite.",
        forms: vec![minted(), minted_document(), flawed(), failure()],
    }
}

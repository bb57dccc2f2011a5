//! `fob inspect`.

use super::Schema;
use super::failure::{error_of_run, failure};
use super::shape::{Definition, Member, Shape, grouped, list, optional, or_null, required};
use super::tables;
use super::token::{
    at, content, encrypted, findings, header_or_null, inner, presented, received_payload, serialization,
    signatures, state, unprotected,
};
use super::verdict::{checks, judgement, reasons, signed, verdict};
use super::verify::{demand, signature_verdict};

fn location() -> Definition {
    Definition {
        name: "location",
        description: "Where a token was found.",
        shape: Shape::Members(vec![
            optional("file", Shape::Text, "The path of the file. It is absent if only one text is searched."),
            required("line", Shape::Count, "The line, from one."),
            required("column", Shape::Count, "The column in characters, from one."),
            required("where", Shape::Text, "The syntax around the token, in words, such as a header field."),
            optional("wrapping", Shape::Text, "The wrappings that were removed around the token."),
        ]),
    }
}

fn sizes() -> Definition {
    Definition {
        name: "sizes",
        description: "Sizes in bytes. Those of segments are decoded; which ones there are depends on the form.",
        shape: Shape::Members(vec![
            required("token", Shape::Count, "The length of the token as received."),
            optional("header", Shape::Count, "The header."),
            optional("payload", Shape::Count, "The payload."),
            optional("signature", Shape::Count, "The signature."),
            optional("encrypted_key", Shape::Count, "The encrypted key."),
            optional("iv", Shape::Count, "The initialization vector."),
            optional("ciphertext", Shape::Count, "The encrypted content."),
            optional("tag", Shape::Count, "The authentication tag."),
        ]),
    }
}

fn inner_checks() -> Definition {
    Definition {
        name: "inner_checks",
        description: "The checks of a decrypted token.",
        shape: Shape::Members(vec![
            checks(),
            optional(
                "inner",
                Shape::Defined(inner_checks),
                "The checks of the token inside, if it was encrypted too.",
            ),
        ]),
    }
}

fn verification() -> Definition {
    Definition {
        name: "verification",
        description: "The verdict on a token.",
        shape: grouped([
            judgement(),
            vec![optional(
                "inner",
                Shape::Defined(inner_checks),
                "The checks of the token inside an encrypted one.",
            )],
        ]),
    }
}

fn redacted_verification() -> Definition {
    Definition {
        name: "redacted_verification",
        description: "The verdict on a token under --redact. Checks would quote claims.",
        shape: Shape::Members(vec![verdict(), signed(), reasons()]),
    }
}

fn kind() -> Definition {
    Definition {
        name: "kind",
        description: "The kind of a token: the one that it declares, else a guess from its claims.",
        shape: Shape::NameIn(tables::kinds),
    }
}

fn text_kind() -> Definition {
    Definition {
        name: "text_kind",
        description: "The kind of a text that is not a readable JWT.",
        shape: Shape::NameIn(tables::text_kinds),
    }
}

fn style() -> Definition {
    Definition {
        name: "style",
        description: "Software or a service that issues tokens.",
        shape: Shape::NameIn(tables::issuers),
    }
}

fn found() -> Member {
    required("found", Shape::Defined(location), "Where the token was found.")
}

/// Returns the first members about a token that was found.
fn place() -> Vec<Member> {
    vec![found(), required("kind", Shape::Defined(kind), "The kind of the token.")]
}

/// Returns the members about every text that was found.
fn about() -> Vec<Member> {
    vec![
        required(
            "style",
            or_null(Shape::Defined(style)),
            "The software or the service that issues such tokens, if it is recognized. It is a guess.",
        ),
        required("sizes", Shape::Defined(sizes), "The sizes in bytes."),
        findings(),
    ]
}

/// Returns the member with the verdict, which is present if there was a key.
fn verdict_with_key() -> Member {
    optional(
        "verification",
        Shape::AnyOf(vec![Shape::Defined(verification), Shape::Defined(redacted_verification)]),
        "The verdict. It is absent if no key was given.",
    )
}

fn found_token() -> Definition {
    Definition {
        name: "found_token",
        description: "A token, in compact serialization or encrypted.",
        shape: grouped([
            place(),
            about(),
            vec![header_or_null()],
            encrypted(),
            content(),
            state(),
            vec![presented(), at(), verdict_with_key()],
        ]),
    }
}

fn found_nested() -> Definition {
    Definition {
        name: "found_nested_token",
        description: "An encrypted token that was decrypted.",
        shape: grouped([
            place(),
            about(),
            vec![header_or_null()],
            encrypted(),
            vec![inner(), verdict_with_key()],
        ]),
    }
}

fn redacted_signature_verdict() -> Definition {
    Definition {
        name: "redacted_signature_verdict",
        description: "The verdict on one signature of a token in JSON serialization, under --redact.",
        shape: Shape::Members(vec![verdict(), reasons(), header_or_null(), unprotected()]),
    }
}

fn found_document() -> Definition {
    Definition {
        name: "found_json_token",
        description: "A signed token in JSON serialization, without a verdict.",
        shape: grouped([place(), about(), signatures(), received_payload(), state(), vec![at()]]),
    }
}

fn judged_document() -> Definition {
    Definition {
        name: "judged_json_token",
        description: "A signed token in JSON serialization, with a verdict.",
        shape: grouped([
            place(),
            about(),
            vec![
                serialization(),
                demand(),
                required(
                    "signatures",
                    list(Shape::AnyOf(vec![
                        Shape::Defined(signature_verdict),
                        Shape::Defined(redacted_signature_verdict),
                    ])),
                    "The verdict on each signature, in their order.",
                ),
            ],
            received_payload(),
            state(),
            vec![at(), verdict_with_key()],
        ]),
    }
}

fn found_text() -> Definition {
    Definition {
        name: "found_text",
        description: "A text that is not a JWT, or that begins like a token but does not parse.",
        shape: grouped([
            vec![found(), required("kind", Shape::Defined(text_kind), "The kind of the text.")],
            about(),
        ]),
    }
}

fn report() -> Definition {
    Definition {
        name: "report",
        description: "The report on all tokens.",
        shape: Shape::Members(vec![
            required(
                "tokens",
                list(Shape::AnyOf(vec![
                    Shape::Defined(found_token),
                    Shape::Defined(found_nested),
                    Shape::Defined(found_document),
                    Shape::Defined(judged_document),
                    Shape::Defined(found_text),
                ])),
                "The tokens, in their order. With --unique, each is reported once.",
            ),
            error_of_run(),
        ]),
    }
}

fn count() -> Definition {
    Definition {
        name: "count",
        description: "The number of tokens, as --count prints it.",
        shape: Shape::Members(vec![
            required("count", Shape::Count, "The number of tokens. With --unique, each counts once."),
            optional(
                "found",
                Shape::Count,
                "The number of places with a token. It is present with --unique.",
            ),
            error_of_run(),
        ]),
    }
}

pub(super) fn schema() -> Schema {
    Schema {
        title: "The output of fob inspect --json",
        description: "One document for everything that was found. With --oneline, a document for each token, on a line of its own.",
        forms: vec![
            report(),
            count(),
            found_token(),
            found_nested(),
            found_document(),
            judged_document(),
            found_text(),
            failure(),
        ],
    }
}

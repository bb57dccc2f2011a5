//! `fob revoke`.

use super::Schema;
use super::failure::failure;
use super::shape::{Definition, Member, Shape, grouped, list, or_null, required};
use super::tables;
use super::token::at;

fn issuer() -> Member {
    required("iss", or_null(Shape::Text), "The issuer. Null if there is none.")
}

fn subject() -> Member {
    required("subject", or_null(Shape::Text), "The subject or user. Null if there is none.")
}

fn family() -> Member {
    required(
        "family",
        or_null(Shape::Text),
        "The ID of the family: all tokens of one login. Null if it is not known.",
    )
}

fn expires() -> Member {
    required("expires", or_null(Shape::Instant), "When the record ends. Null if its tokens never expire.")
}

/// Returns the members about what a revocation changed.
fn effect() -> Vec<Member> {
    vec![
        family(),
        required("known", Shape::Flag, "True if the store had a record of it before."),
        required(
            "revoked_before",
            or_null(Shape::Instant),
            "When it was revoked before. Null if it was not.",
        ),
        required(
            "kept_until",
            or_null(Shape::Instant),
            "Until when the revocation is kept. Null means forever.",
        ),
        at(),
    ]
}

fn revoked_token() -> Definition {
    Definition {
        name: "revoked_token",
        description: "A token or a family that was revoked in a store.",
        shape: grouped([
            vec![
                required("revoked", Shape::Named(vec!["token", "family"]), "What was revoked."),
                required(
                    "jti",
                    Shape::Text,
                    "The token ID, or `sha256:` and a digest for a token without one.",
                ),
                issuer(),
                subject(),
                required("expired", Shape::Flag, "True if the token has expired already."),
            ],
            effect(),
        ]),
    }
}

fn revoked_subject() -> Definition {
    Definition {
        name: "revoked_subject",
        description: "A subject for which everything issued so far was revoked in a store.",
        shape: grouped([
            vec![
                required("revoked", Shape::Named(vec!["subject"]), "What was revoked."),
                required(
                    "iss",
                    or_null(Shape::Text),
                    "The only issuer whose tokens are revoked. Null means any issuer.",
                ),
                required("subject", Shape::Text, "The subject or user."),
            ],
            effect(),
        ]),
    }
}

fn stored_family() -> Definition {
    Definition {
        name: "stored_family",
        description: "A family in a store: all tokens of one login.",
        shape: Shape::Members(vec![
            required("family", Shape::Text, "The ID of the family."),
            issuer(),
            subject(),
            required("state", Shape::NameIn(tables::family_states), "The state of the family."),
            required(
                "current",
                or_null(Shape::Text),
                "The ID of the refresh token that is good next. Null if there is none.",
            ),
            required(
                "begun",
                or_null(Shape::Instant),
                "When the family began, or when the store first saw it.",
            ),
            required("refreshed", or_null(Shape::Instant), "When it was last refreshed. Null if it was not."),
            required("ended", or_null(Shape::Instant), "When it ended. Null if it has not."),
            expires(),
        ]),
    }
}

fn stored_token() -> Definition {
    Definition {
        name: "stored_token",
        description: "A token in a store.",
        shape: Shape::Members(vec![
            required("jti", Shape::Text, "The token ID, or `sha256:` and a digest for a token without one."),
            issuer(),
            subject(),
            required("role", Shape::NameIn(tables::token_roles), "The purpose of the token."),
            family(),
            required("used", or_null(Shape::Instant), "When it was used. Null if it was not."),
            required("revoked", or_null(Shape::Instant), "When it was revoked. Null if it was not."),
            expires(),
        ]),
    }
}

fn revocation() -> Definition {
    Definition {
        name: "revocation",
        description: "A revocation of a subject.",
        shape: Shape::Members(vec![
            required(
                "iss",
                or_null(Shape::Text),
                "The only issuer whose tokens are revoked. Null means any issuer.",
            ),
            required(
                "at",
                or_null(Shape::Instant),
                "The time of the revocation. Earlier tokens are revoked.",
            ),
        ]),
    }
}

fn stored_subject() -> Definition {
    Definition {
        name: "stored_subject",
        description: "A subject with revocations in a store.",
        shape: Shape::Members(vec![
            subject(),
            required(
                "revocations",
                list(Shape::Defined(revocation)),
                "The revocations, at most one an issuer.",
            ),
        ]),
    }
}

fn listing() -> Definition {
    Definition {
        name: "listing",
        description: "The content of a store, as --list prints it.",
        shape: Shape::Members(vec![
            required("families", list(Shape::Defined(stored_family)), "The families, the newest first."),
            required("tokens", list(Shape::Defined(stored_token)), "The tokens."),
            required("subjects", list(Shape::Defined(stored_subject)), "The subjects with revocations."),
            at(),
        ]),
    }
}

fn pruned() -> Definition {
    Definition {
        name: "pruned",
        description: "The outcome of --prune.",
        shape: Shape::Members(vec![required(
            "dropped",
            or_null(Shape::Count),
            "The number of expired records that were deleted. Null if the server deletes them by itself.",
        )]),
    }
}

fn server_answer() -> Definition {
    Definition {
        name: "server_answer",
        description: "The answer of a server to the end of a session. It claims nothing about the token.",
        shape: Shape::Members(vec![
            required("server", Shape::Text, "The URL that was asked."),
            required("status", Shape::Count, "The HTTP status of the answer."),
            required("accepted", Shape::Always(true), "True: the server accepted the request."),
        ]),
    }
}

fn ended_session() -> Definition {
    Definition {
        name: "ended_session",
        description: "The end of a session whose file was removed.",
        shape: Shape::Members(vec![
            required(
                "server",
                or_null(Shape::Text),
                "The URL that was asked. Null if no server accepted the request.",
            ),
            required(
                "status",
                or_null(Shape::Count),
                "The HTTP status. Null if no server accepted the request.",
            ),
            required("accepted", Shape::Flag, "True if the server accepted the request."),
            required("removed", Shape::Text, "The path of the file that was removed."),
        ]),
    }
}

pub(super) fn schema() -> Schema {
    Schema {
        title: "The output of fob revoke --json",
        description: "What was revoked in a store or at a server, or the content of a store.",
        forms: vec![
            revoked_token(),
            revoked_subject(),
            listing(),
            pruned(),
            server_answer(),
            ended_session(),
            failure(),
        ],
    }
}

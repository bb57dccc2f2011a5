//! `fob revoke`.

use super::Schema;
use super::failure::FAILURE;
use super::shape::{Definition, Member, Shape, required};
use super::tables;
use super::token::AT;

const OPTIONAL_TEXT: Shape = Shape::OrNull(&Shape::Text);
const OPTIONAL_INSTANT: Shape = Shape::OrNull(&Shape::Instant);

const ISSUER: Member = required!("iss", OPTIONAL_TEXT, "The issuer. Null if there is none.");
const SUBJECT: Member = required!("subject", OPTIONAL_TEXT, "The subject or user. Null if there is none.");
const FAMILY: Member = required!(
    "family",
    OPTIONAL_TEXT,
    "The ID of the family: all tokens of one login. Null if it is not known."
);
const EXPIRES: Member =
    required!("expires", OPTIONAL_INSTANT, "When the record ends. Null if its tokens never expire.");

/// The members about what a revocation changed.
const EFFECT: &[Member] = &[
    FAMILY,
    required!("known", Shape::Flag, "True if the store had a record of it before."),
    required!("revoked_before", OPTIONAL_INSTANT, "When it was revoked before. Null if it was not."),
    required!("kept_until", OPTIONAL_INSTANT, "Until when the revocation is kept. Null means forever."),
    AT,
];

static REVOKED_TOKEN: Definition = Definition {
    name: "revoked_token",
    description: "A token or a family that was revoked in a store.",
    shape: Shape::Members(&[
        &[
            required!("revoked", Shape::Named(&["token", "family"]), "What was revoked."),
            required!("jti", Shape::Text, "The token ID, or `sha256:` and a digest for a token without one."),
            ISSUER,
            SUBJECT,
            required!("expired", Shape::Flag, "True if the token has expired already."),
        ],
        EFFECT,
    ]),
};

static REVOKED_SUBJECT: Definition = Definition {
    name: "revoked_subject",
    description: "A subject for which everything issued so far was revoked in a store.",
    shape: Shape::Members(&[
        &[
            required!("revoked", Shape::Named(&["subject"]), "What was revoked."),
            required!(
                "iss",
                OPTIONAL_TEXT,
                "The only issuer whose tokens are revoked. Null means any issuer."
            ),
            required!("subject", Shape::Text, "The subject or user."),
        ],
        EFFECT,
    ]),
};

static STORED_FAMILY: Definition = Definition {
    name: "stored_family",
    description: "A family in a store: all tokens of one login.",
    shape: Shape::Members(&[&[
        required!("family", Shape::Text, "The ID of the family."),
        ISSUER,
        SUBJECT,
        required!("state", Shape::NameIn(tables::family_states), "The state of the family."),
        required!(
            "current",
            OPTIONAL_TEXT,
            "The ID of the refresh token that is good next. Null if there is none."
        ),
        required!("begun", OPTIONAL_INSTANT, "When the family began, or when the store first saw it."),
        required!("refreshed", OPTIONAL_INSTANT, "When it was last refreshed. Null if it was not."),
        required!("ended", OPTIONAL_INSTANT, "When it ended. Null if it has not."),
        EXPIRES,
    ]]),
};

static STORED_TOKEN: Definition = Definition {
    name: "stored_token",
    description: "A token in a store.",
    shape: Shape::Members(&[&[
        required!("jti", Shape::Text, "The token ID, or `sha256:` and a digest for a token without one."),
        ISSUER,
        SUBJECT,
        required!("role", Shape::NameIn(tables::token_roles), "The purpose of the token."),
        FAMILY,
        required!("used", OPTIONAL_INSTANT, "When it was used. Null if it was not."),
        required!("revoked", OPTIONAL_INSTANT, "When it was revoked. Null if it was not."),
        EXPIRES,
    ]]),
};

static REVOCATION: Definition = Definition {
    name: "revocation",
    description: "A revocation of a subject.",
    shape: Shape::Members(&[&[
        required!("iss", OPTIONAL_TEXT, "The only issuer whose tokens are revoked. Null means any issuer."),
        required!("at", OPTIONAL_INSTANT, "The time of the revocation. Earlier tokens are revoked."),
    ]]),
};

static STORED_SUBJECT: Definition = Definition {
    name: "stored_subject",
    description: "A subject with revocations in a store.",
    shape: Shape::Members(&[&[
        SUBJECT,
        required!(
            "revocations",
            Shape::List(&Shape::Defined(&REVOCATION)),
            "The revocations, at most one an issuer."
        ),
    ]]),
};

static LISTING: Definition = Definition {
    name: "listing",
    description: "The content of a store, as --list prints it.",
    shape: Shape::Members(&[&[
        required!(
            "families",
            Shape::List(&Shape::Defined(&STORED_FAMILY)),
            "The families, the newest first."
        ),
        required!("tokens", Shape::List(&Shape::Defined(&STORED_TOKEN)), "The tokens."),
        required!(
            "subjects",
            Shape::List(&Shape::Defined(&STORED_SUBJECT)),
            "The subjects with revocations."
        ),
        AT,
    ]]),
};

static PRUNED: Definition = Definition {
    name: "pruned",
    description: "The outcome of --prune.",
    shape: Shape::Members(&[&[required!(
        "dropped",
        Shape::OrNull(&Shape::Count),
        "The number of expired records that were deleted. Null if the server deletes them by itself.",
    )]]),
};

static SERVER_ANSWER: Definition = Definition {
    name: "server_answer",
    description: "The answer of a server to the end of a session. It claims nothing about the token.",
    shape: Shape::Members(&[&[
        required!("server", Shape::Text, "The URL that was asked."),
        required!("status", Shape::Count, "The HTTP status of the answer."),
        required!("accepted", Shape::Always(true), "True: the server accepted the request."),
    ]]),
};

static ENDED_SESSION: Definition = Definition {
    name: "ended_session",
    description: "The end of a session whose file was removed.",
    shape: Shape::Members(&[&[
        required!("server", OPTIONAL_TEXT, "The URL that was asked. Null if no server accepted the request."),
        required!(
            "status",
            Shape::OrNull(&Shape::Count),
            "The HTTP status. Null if no server accepted the request."
        ),
        required!("accepted", Shape::Flag, "True if the server accepted the request."),
        required!("removed", Shape::Text, "The path of the file that was removed."),
    ]]),
};

pub(super) const SCHEMA: Schema = Schema {
    command: "revoke",
    title: "The output of fob revoke --json",
    description: "What was revoked in a store or at a server, or the content of a store.",
    forms: &[&REVOKED_TOKEN, &REVOKED_SUBJECT, &LISTING, &PRUNED, &SERVER_ANSWER, &ENDED_SESSION, &FAILURE],
};

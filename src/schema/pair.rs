//! `fob pair` and `fob refresh`.

use super::Schema;
use super::failure::{error, failure};
use super::shape::{Definition, Shape, alternative, map, optional, required};
use super::verify::{nested_verdict, token_verdict};

fn pair() -> Definition {
    Definition {
        name: "tokens",
        description: "Tokens, minted or issued by a server, with what the server stated beside them.",
        shape: Shape::Members(vec![
            alternative("access", Shape::Text, "The access token."),
            alternative("token", Shape::Text, "The token, if it is used for access and for refreshing."),
            optional("refresh", Shape::Text, "The refresh token. It is absent if there is no new one."),
            optional("id_token", Shape::Text, "The ID token, if the server issued one."),
            optional("token_type", Shape::Text, "The type of the access token, if the server stated it."),
            optional(
                "expires_in",
                Shape::Count,
                "The lifetime of the access token in seconds, if the server stated it.",
            ),
            optional("scope", Shape::Text, "The scope of the access token, if the server stated it."),
        ]),
    }
}

fn token_response() -> Definition {
    Definition {
        name: "token_response",
        description: "The response of a token endpoint (RFC 6749 section 5.1), as --format oauth prints it.",
        shape: Shape::Members(vec![
            required("access_token", Shape::Text, "The access token."),
            required("token_type", Shape::Text, "The type of the access token."),
            optional(
                "expires_in",
                Shape::Count,
                "The lifetime of the access token in seconds, if it is known.",
            ),
            optional("refresh_token", Shape::Text, "The refresh token. It is absent if there is no new one."),
            optional("id_token", Shape::Text, "The ID token, if the server issued one."),
            optional("scope", Shape::Text, "The scope of the access token, if it is known."),
        ]),
    }
}

fn arrived() -> Definition {
    Definition {
        name: "arrived_tokens",
        description: "Tokens of a server's answer that cannot be used as they are. The server has issued them.",
        shape: Shape::Members(vec![
            required("error", Shape::Defined(error), "Why they cannot be used."),
            required("tokens", map(Shape::Text), "The tokens, by their places in the answer."),
        ]),
    }
}

pub(super) fn pair_schema() -> Schema {
    Schema {
        title: "The output of fob pair --json",
        description: "The tokens. --format oauth prints them as a token endpoint does.",
        forms: vec![pair(), token_response(), arrived(), failure()],
    }
}

pub(super) fn refresh_schema() -> Schema {
    Schema {
        title: "The output of fob refresh --json",
        description: "The new tokens, or the verdict on a refresh token that is not accepted.",
        forms: vec![pair(), token_response(), token_verdict(), nested_verdict(), arrived(), failure()],
    }
}

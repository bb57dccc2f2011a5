//! `fob key new` and `fob key show`: keys, and the reports on them.

use super::Schema;
use super::failure::failure;
use super::shape::{Definition, Member, Shape, list, optional, or_null, required};
use super::tables;
use super::verdict::reason;

/// Returns the shape of the key of a verification.
pub(super) fn used_key() -> Definition {
    Definition {
        name: "used_key",
        description: "The key that the token was checked with. All members but `source` are null if there was none.",
        shape: Shape::Members(vec![
            required("source", Shape::Text, "Where the keys came from, in words. It never shows a secret."),
            required("kty", or_null(Shape::Text), "The key type."),
            required("kid", or_null(Shape::Text), "The key ID."),
            required("bits", or_null(Shape::Count), "The size of the key in bits."),
        ]),
    }
}

fn number(name: &'static str, description: &'static str) -> Member {
    optional(name, Shape::Base64url, description)
}

fn jwk() -> Definition {
    Definition {
        name: "jwk",
        description: "A key as a JWK (RFC 7517). Which members it has depends on its type and its half.",
        shape: Shape::Members(vec![
            required("kty", Shape::Text, "The key type."),
            optional("crv", Shape::Text, "The curve."),
            number("x", "The x coordinate, or the public key on a curve of RFC 8037."),
            number("y", "The y coordinate."),
            number("n", "The RSA modulus."),
            number("e", "The RSA exponent."),
            number("d", "The private number, or the private exponent of an RSA key."),
            number("p", "The first RSA prime; private."),
            number("q", "The second RSA prime; private."),
            number("dp", "The exponent of the first prime; private."),
            number("dq", "The exponent of the second prime; private."),
            number("qi", "The coefficient of the first prime; private."),
            number("k", "The secret."),
            number("pub", "The public key of ML-DSA."),
            number("priv", "The seed of ML-DSA; private."),
            optional("kid", Shape::Text, "The key ID."),
            optional("alg", Shape::Text, "The only algorithm that the key is for."),
            optional("use", Shape::Text, "The use of the key: `sig` or `enc`."),
            optional("key_ops", list(Shape::Text), "The operations that the key is for."),
        ]),
    }
}

fn jwk_set() -> Definition {
    Definition {
        name: "jwk_set",
        description: "Keys as a JWK Set (RFC 7517 section 5).",
        shape: Shape::Members(vec![required("keys", list(Shape::Defined(jwk)), "The keys.")]),
    }
}

fn certificate() -> Definition {
    Definition {
        name: "certificate",
        description: "The certificate around a key.",
        shape: Shape::Members(vec![
            required("subject", Shape::Text, "The subject."),
            required("issuer", Shape::Text, "The issuer."),
            required("not_before", or_null(Shape::Instant), "The first instant at which it is valid."),
            required("not_after", or_null(Shape::Instant), "The last instant at which it is valid."),
            required("x5t#S256", Shape::Base64url, "The SHA-256 digest of the certificate."),
        ]),
    }
}

fn key() -> Definition {
    Definition {
        name: "key",
        description: "The report on one key.",
        shape: Shape::Members(vec![
            required("kty", Shape::Text, "The key type."),
            required("crv", or_null(Shape::Text), "The curve; null if keys of this type have none."),
            required("bits", Shape::Count, "The size of the key in bits."),
            required("private", Shape::Flag, "True if the file holds the private half or a secret."),
            required("kid", or_null(Shape::Text), "The key ID."),
            required(
                "alg",
                or_null(Shape::Text),
                "The only algorithm that the key is for, as the file says.",
            ),
            required("use", or_null(Shape::Text), "The use of the key, as the file says."),
            required("key_ops", or_null(list(Shape::Text)), "The operations of the key, as the file says."),
            required(
                "algorithms",
                list(Shape::NameIn(tables::algorithms)),
                "The signature algorithms that the key can be used with.",
            ),
            required(
                "thumbprint",
                or_null(Shape::Base64url),
                "The SHA-256 thumbprint (RFC 7638). Null for a short secret, which it would reveal.",
            ),
            required(
                "spki_sha256",
                or_null(Shape::Text),
                "The SHA-256 digest of the public key in DER, as hexadecimal digits.",
            ),
            required("form", Shape::Text, "The form in which the key was written, in words."),
            optional(
                "certificate",
                Shape::Defined(certificate),
                "The certificate around the key, if there is one.",
            ),
            required("reason", or_null(Shape::Defined(reason)), "Why no command uses the key, or null."),
            required("detail", or_null(Shape::Text), "Why the key should not be used, in words, or null."),
            required("jwk", or_null(Shape::Defined(jwk)), "The public half as a JWK. Null if there is none."),
        ]),
    }
}

fn unreadable_key() -> Definition {
    Definition {
        name: "unreadable_key",
        description: "A member of a key set that is not a usable key.",
        shape: Shape::Members(vec![
            required("kid", or_null(Shape::Text), "The key ID, if it can be read."),
            required("detail", Shape::Text, "Why it cannot be used, in words."),
        ]),
    }
}

fn keys() -> Definition {
    Definition {
        name: "keys",
        description: "The report on the keys of a file.",
        shape: Shape::Members(vec![
            required("source", Shape::Text, "Where the keys came from, in words."),
            required("keys", list(Shape::Defined(key)), "The keys."),
            required(
                "unreadable",
                list(Shape::Defined(unreadable_key)),
                "The members of a key set that are not usable keys.",
            ),
        ]),
    }
}

fn thumbprint() -> Definition {
    Definition {
        name: "thumbprint",
        description: "The SHA-256 thumbprint of a key (RFC 7638), as --thumbprint prints it. Each key has a line.",
        shape: Shape::Base64url,
    }
}

fn key_files() -> Definition {
    Definition {
        name: "key_files",
        description: "The reports on the keys of several files.",
        shape: Shape::Members(vec![required(
            "files",
            list(Shape::Defined(keys)),
            "One report a file, in the order of the command line.",
        )]),
    }
}

pub(super) fn new_schema() -> Schema {
    Schema {
        title: "The output of fob key new",
        description: "The new key as a JWK, also without --json. With --format pem or secret, the output is not JSON.",
        forms: vec![jwk(), failure()],
    }
}

pub(super) fn show_schema() -> Schema {
    Schema {
        title: "The output of fob key show --json",
        description: "The report on the keys of a file, or the reports on several. With --public, --private or --format, the keys themselves.",
        forms: vec![keys(), key_files(), jwk(), jwk_set(), thumbprint(), failure()],
    }
}

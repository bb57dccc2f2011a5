//! The authentication of the client at a token server (RFC 6749 section 2.3, RFC 7523 section 2.2), as data. This file reads
//! no secret and signs nothing.

use super::message::{HeaderField, SecretText, UnsendableHeader};
use crate::core::key::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use url::form_urlencoded;

/// The type of an assertion that is a JWT (RFC 7523 section 2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The settings of a client: who it is, and where its secret or its key is. They hold no secret, so a file can keep them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientSettings {
    /// The identifier of the client.
    pub id: String,
    /// Where the proof of its identity comes from.
    pub proof: ProofSource,
    /// Where requests have the secret, if the user says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<SecretPlace>,
    /// The audience of assertions, if it is not the URL of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

/// The source of the proof of a client's identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProofSource {
    /// The client is public (RFC 6749 section 2.1).
    None,
    /// An environment variable has the secret.
    Variable(String),
    /// A file has the secret.
    File(PathBuf),
    /// A file has the key that signs assertions.
    Key(PathBuf),
}

/// The place of a client's secret in requests (RFC 6749 section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretPlace {
    /// In the `Authorization` header.
    Basic,
    /// In the body.
    Form,
}

impl SecretPlace {
    /// Both places.
    pub const ALL: [Self; 2] = [Self::Basic, Self::Form];

    /// Returns the name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Form => "form",
        }
    }

    /// Returns the place for a server whose metadata list these methods (RFC 8414 section 2): the header, unless they list
    /// the form alone. Every server must take the header (RFC 6749 section 2.3.1).
    #[must_use]
    pub fn of_methods(methods: Option<&[String]>) -> Self {
        let lists = |name: &str| methods.is_some_and(|methods| methods.iter().any(|method| method == name));
        if lists("client_secret_post") && !lists("client_secret_basic") { Self::Form } else { Self::Basic }
    }
}

/// The client, and the proof that it is the one.
#[derive(Clone, Debug)]
pub struct ClientAuthentication {
    /// The identifier of the client.
    pub id: String,
    /// The proof.
    pub proof: ClientProof,
}

/// The proof of a client's identity.
#[derive(Clone, Debug)]
pub enum ClientProof {
    /// None: the client is public (RFC 6749 section 2.1).
    None,
    /// A secret in the `Authorization` header.
    Basic(SecretText),
    /// A secret in the body of the request.
    Form(SecretText),
    /// A signed assertion (RFC 7523).
    Assertion(SecretText),
}

impl ClientAuthentication {
    /// Returns the members that name the client in the body of a request, or prove its identity.
    #[must_use]
    pub fn members(&self) -> Vec<(&'static str, &str)> {
        let id = ("client_id", self.id.as_str());
        match &self.proof {
            ClientProof::None => vec![id],
            // A second way to name the client could be refused (RFC 6749 section 2.3).
            ClientProof::Basic(_) => Vec::new(),
            ClientProof::Form(secret) => vec![id, ("client_secret", secret.expose())],
            ClientProof::Assertion(assertion) => {
                vec![id, ("client_assertion_type", JWT_BEARER), ("client_assertion", assertion.expose())]
            }
        }
    }

    /// Returns the `Authorization` header field, if the client uses one. The identifier and the secret are encoded as in
    /// forms before Base64 (RFC 6749 section 2.3.1).
    ///
    /// # Errors
    /// [`UnsendableHeader`], which cannot happen, since Base64 has no control characters.
    pub fn header(&self) -> Result<Option<HeaderField>, UnsendableHeader> {
        let ClientProof::Basic(secret) = &self.proof else { return Ok(None) };
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = Secret::new(format!("{}:{}", encoded(&self.id), encoded(secret.expose())).into_bytes());
        let value = format!("Basic {}", STANDARD.encode(pair.expose()));
        HeaderField::new("Authorization", value.into_bytes()).map(Some)
    }

    /// Returns the secret or the assertion, so that messages can mask it.
    #[must_use]
    pub fn secret(&self) -> Option<&str> {
        match &self.proof {
            ClientProof::None => None,
            ClientProof::Basic(secret) | ClientProof::Form(secret) | ClientProof::Assertion(secret) => {
                Some(secret.expose())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(id: &str, proof: fn(SecretText) -> ClientProof) -> ClientAuthentication {
        let secret = SecretText::new(Secret::new(b"a%41+b:c/d&e=f g".to_vec())).unwrap();
        ClientAuthentication { id: id.to_owned(), proof: proof(secret) }
    }

    #[test]
    fn encodes_identifier_and_secret_as_in_forms_before_base64() {
        let field = client("my client", ClientProof::Basic).header().unwrap().unwrap();
        let value = field.value().expose().strip_prefix(b"Basic ").unwrap();
        let decoded = String::from_utf8(STANDARD.decode(value).unwrap()).unwrap();
        assert_eq!(decoded, "my+client:a%2541%2Bb%3Ac%2Fd%26e%3Df+g");
        assert_eq!(client("x", ClientProof::Basic).members(), []);
    }

    #[test]
    fn each_proof_is_sent_in_one_way() {
        let names = |proof| -> Vec<&'static str> {
            client("web", proof).members().into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(ClientProof::Form), ["client_id", "client_secret"]);
        assert_eq!(client("web", ClientProof::Form).members()[1].1, "a%41+b:c/d&e=f g");
        assert_eq!(names(|_| ClientProof::None), ["client_id"]);
        // The identifier lets the server find the key before it reads the assertion.
        let expected = ["client_id", "client_assertion_type", "client_assertion"];
        assert_eq!(names(ClientProof::Assertion), expected);
        assert!(client("web", ClientProof::Form).header().unwrap().is_none());
    }

    #[test]
    fn the_secret_is_in_the_form_only_if_the_server_takes_nothing_else() {
        let place = |methods: &[&str]| {
            let methods: Vec<String> = methods.iter().map(|method| (*method).to_owned()).collect();
            SecretPlace::of_methods(Some(&methods))
        };
        assert_eq!(place(&["client_secret_post"]), SecretPlace::Form);
        assert_eq!(place(&["client_secret_post", "client_secret_basic"]), SecretPlace::Basic);
        assert_eq!(place(&["none"]), SecretPlace::Basic);
        assert_eq!(SecretPlace::of_methods(None), SecretPlace::Basic);
    }

    #[test]
    fn debug_output_hides_the_secret() {
        assert!(!format!("{:?}", client("web", ClientProof::Basic)).contains("a%41"));
    }
}

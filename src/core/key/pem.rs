//! PEM files (RFC 7468): finds the keys and certificates among their blocks, and writes keys. The only file that names
//! the `pem` crate.

use super::der::{self, DerError, KeyDocument, ParsedKey, encode};
use super::material::Material;
use super::openssh::{self, OpenSshError};
use super::secret::Secret;

/// A PEM file without a key that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PemError {
    /// A line or an END line is missing.
    Broken,
    /// The file holds an OpenSSH private key that cannot be read.
    OpenSsh(OpenSshError),
    /// The key is encrypted in OpenSSL's traditional format, whose key derivation is MD5.
    TraditionalEncryption,
    /// A block is not a key that can be read.
    Block {
        /// The label of the block; not yet safe to show.
        label: String,
        /// The cause.
        error: DerError,
    },
    /// No block is a key or a certificate.
    NoKey {
        /// The labels of the blocks; not yet safe to show.
        labels: Vec<String>,
    },
}

const BEGIN: &[u8] = b"-----BEGIN ";

/// Reports whether a text contains the first line of a PEM block.
pub(super) fn is_pem(text: &[u8]) -> bool {
    text.windows(BEGIN.len()).any(|window| window == BEGIN)
}

/// A block of a PEM file. Its contents may be a private key.
struct Block {
    label: String,
    /// True if it is encrypted as OpenSSL did before PKCS #8.
    is_encrypted: bool,
    contents: Secret,
}

impl From<pem::Pem> for Block {
    fn from(block: pem::Pem) -> Self {
        let is_encrypted = block.headers().get("Proc-Type").is_some_and(|value| value.contains("ENCRYPTED"));
        Self { label: block.tag().to_owned(), is_encrypted, contents: Secret::new(block.into_contents()) }
    }
}

/// Parses the keys and certificates of a PEM file. Other blocks (parameters, requests, revocation lists) are skipped.
pub(super) fn read(text: &[u8]) -> Result<Vec<KeyDocument>, PemError> {
    let blocks: Vec<Block> = match pem::parse_many(text) {
        Ok(blocks) if !blocks.is_empty() => blocks.into_iter().map(Block::from).collect(),
        _ => return read(unescaped(text).ok_or(PemError::Broken)?.expose()),
    };
    let mut documents = Vec::new();
    for Block { label, is_encrypted, contents } in &blocks {
        match label.as_str() {
            "OPENSSH PRIVATE KEY" => {
                let material = openssh::read(contents.expose()).map_err(PemError::OpenSsh)?;
                let parsed = ParsedKey { material, form: "OpenSSH", certificate: None };
                documents.push(KeyDocument::Key(Box::new(parsed)));
            }
            _ if *is_encrypted => return Err(PemError::TraditionalEncryption),
            label if is_key_label(label) => {
                let document = der::read(contents.expose());
                documents.push(document.map_err(|error| PemError::Block { label: label.to_owned(), error })?);
            }
            _ => {}
        }
    }
    if documents.is_empty() {
        let labels = blocks.into_iter().map(|block| block.label).collect();
        return Err(PemError::NoKey { labels });
    }
    Ok(documents)
}

fn is_key_label(label: &str) -> bool {
    ["PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE"].iter().any(|ending| label.ends_with(ending))
}

/// Replaces each `\n` by a line break: environment files hold a PEM on one line. Returns `None` if there is none.
fn unescaped(text: &[u8]) -> Option<Secret> {
    // The room suffices, so that no copy is left behind.
    let mut lines = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\\n") {
        let (line, tail) = rest.split_at(at);
        lines.extend_from_slice(line);
        lines.push(b'\n');
        rest = tail.get(2..).unwrap_or_default();
    }
    lines.extend_from_slice(rest);
    (rest.len() < text.len()).then(|| Secret::new(lines))
}

/// Writes the PEM of a key, with its private half if it has one. Returns `None` for a secret or an unsupported key.
#[must_use]
pub fn write(material: &Material) -> Option<Secret> {
    let (label, der) = if material.is_private() {
        ("PRIVATE KEY", encode::pkcs8(material)?)
    } else {
        ("PUBLIC KEY", Secret::new(encode::spki(material)?))
    };
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    Some(Secret::new(pem::encode_config(&pem::Pem::new(label, der.expose()), config).into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_blocks_whose_line_breaks_were_written_out() {
        let p256 = include_str!("../../../tests/vectors/forms/p256.pk8.pem");
        let encrypted = include_str!("../../../tests/vectors/forms/p256.traditional.pem");
        for write in [|text: &str| text.to_owned(), |text: &str| text.replace('\n', "\\n")] {
            assert!(matches!(read(write(p256).as_bytes()).as_deref(), Ok([KeyDocument::Key(_)])));
            let both = [p256, p256].concat();
            assert_eq!(read(write(&both).as_bytes()).unwrap().len(), 2);
            // Its headers stay apart from its body.
            let error = read(write(encrypted).as_bytes()).unwrap_err();
            assert_eq!(error, PemError::TraditionalEncryption);
        }
        assert_eq!(read(b"-----BEGIN PUBLIC KEY-----").unwrap_err(), PemError::Broken);
        assert_eq!(read(b"-----BEGIN PUBLIC KEY-----\\n").unwrap_err(), PemError::Broken);
    }
}

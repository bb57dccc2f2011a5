//! The report on the keys of a file: as data, as text and as JSON. It never contains private material.

use crate::core::json::Value;
use crate::core::key::ring::UnreadableMember;
use crate::core::key::{
    Key, KeyUse, Material,
    jwk::{self, Half},
};
use crate::core::reason::Failure;
use crate::core::text::duration::relative;
use crate::core::text::escape::Shown;
use crate::core::text::layout::{Row, Screen, TextLayout};
use crate::core::text::palette::TextRole;
use crate::core::text::zone::Zone;
use crate::core::token::algorithm::{Algorithm, list};
use crate::core::token::base64url;
use crate::core::token::numeric_date::NumericDate;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use std::io;

/// The report on the keys of one source.
#[derive(Debug)]
pub struct KeysReport<'k> {
    /// The keys.
    pub keys: Vec<KeyReport<'k>>,
    /// The members of a key set that are not usable keys.
    pub unreadable: &'k [UnreadableMember],
    /// The source of the keys in words. It never shows a secret.
    pub source: &'k str,
}

/// The report on one key.
#[derive(Debug)]
pub struct KeyReport<'k> {
    key: &'k Key,
    /// Why no command uses the key.
    refusal: Option<Failure>,
    /// True if the private and the public part match.
    is_consistent: bool,
    thumbprint: Option<String>,
}

/// The reports on several files, as one document.
#[derive(Debug, serde::Serialize)]
pub struct KeyFilesReport<'r, 'k> {
    /// One report a file, in the order of the command line.
    pub files: &'r [KeysReport<'k>],
}

impl<'k> KeysReport<'k> {
    /// Returns the report on keys.
    #[must_use]
    pub fn new(keys: &'k [Key], unreadable: &'k [UnreadableMember], source: &'k str) -> Self {
        Self { keys: keys.iter().map(KeyReport::new).collect(), unreadable, source }
    }
}

impl<'k> KeyReport<'k> {
    fn new(key: &'k Key) -> Self {
        // A key without any allowed use is refused too.
        let mismatch = || match (key.allowed(KeyUse::Verify).is_empty(), key.algorithm(), key.algorithms()) {
            (true, Some(named), [first, ..]) => {
                let algorithm = if key.has_type(named.kty()) { named } else { *first };
                key.mismatch(algorithm, KeyUse::Verify)
            }
            _ => None,
        };
        let refusal = key.unusable_reason().or_else(mismatch);
        let is_consistent = refusal.is_some() || key.is_consistent();
        // The digest of a guessable secret reveals the secret (RFC 7638 section 7).
        let is_guessable = matches!(key.material, Material::Hmac(_)) && key.bits() < 128;
        let thumbprint = jwk::thumbprint(key).filter(|_| !is_guessable);
        Self { key, refusal, is_consistent, thumbprint }
    }

    /// Returns the title: `an RSA key, 2048 bits, private`.
    fn title(&self) -> String {
        let key = self.key;
        let half = match key.material {
            Material::Hmac(_) => return format!("{}, {} bits", key.kind(), key.bits()),
            Material::Unsupported(_) => return key.kind(),
            _ if key.is_private() => "private",
            _ => "public",
        };
        format!("{}, {} bits, {half}", key.kind(), key.bits())
    }

    fn rows(&self, at: NumericDate, zone: Zone) -> Vec<Row> {
        let key = self.key;
        let mut rows = Vec::new();
        let mut add = |name: &str, value: String, note: Option<(TextRole, String)>| {
            rows.push(Row {
                name: name.to_owned(),
                value: vec![Shown(&value).to_string()],
                is_json: false,
                note,
            });
        };
        add("form", key.form.to_owned(), None);
        let named = |value: &Option<String>| value.clone();
        for (name, value) in [
            ("kid", named(&key.kid)),
            ("alg", named(&key.restrictions.alg)),
            ("use", named(&key.restrictions.usage)),
        ] {
            if let Some(value) = value {
                add(name, value, None);
            }
        }
        if let Some(operations) = &key.restrictions.operations {
            add("key_ops", operations.join(", "), None);
        }
        let allowed = key.allowed(KeyUse::Verify);
        if !allowed.is_empty() && self.refusal.is_none() {
            add("works with", list(&allowed), None);
        }
        if let Some(thumbprint) = &self.thumbprint {
            add("thumbprint", thumbprint.clone(), None);
        }
        if let Some(digest) = jwk::spki_digest(key) {
            add("SHA-256 of SPKI", digest, None);
        }
        if let Some(certificate) = &key.certificate {
            add("subject", certificate.subject.clone(), None);
            add("issuer", certificate.issuer.clone(), None);
            add("x5t#S256", base64url::encode(&certificate.digest), None);
            for (name, date) in [("not before", certificate.not_before), ("not after", certificate.not_after)]
            {
                let text = date.to_text(zone).unwrap_or_else(|| "date out of range".to_owned());
                add(name, text, Some((TextRole::Quiet, relative(date.seconds_since(at)))));
            }
        }
        rows
    }

    /// Returns why the key should not be used, or `None`.
    fn fault(&self) -> Option<String> {
        match &self.refusal {
            Some(failure) => Some(format!("{}: {}", failure.reason, failure.detail)),
            None if !self.is_consistent => Some("the private part does not match the public part".to_owned()),
            None => None,
        }
    }
}

/// Writes the report as text.
///
/// # Errors
/// Returns the errors of `out`.
pub fn render(
    out: &mut impl io::Write,
    report: &KeysReport<'_>,
    at: NumericDate,
    screen: Screen,
) -> io::Result<()> {
    let mut page = TextLayout::new(screen);
    for (index, key) in report.keys.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        page.line(TextRole::Strong, &Shown(&key.title()).to_string());
        page.rows(TextRole::Header, key.rows(at, screen.zone));
        if let Some(fault) = key.fault() {
            page.line(TextRole::Bad, &format!("  refused: {}", Shown(&fault)));
        }
    }
    for member in report.unreadable {
        if !page.text.is_empty() {
            page.blank();
        }
        let name = member.kid.as_deref().map(|kid| format!(" `{kid}`")).unwrap_or_default();
        let text = format!("not a usable key{name}: {}", member.error);
        page.line(TextRole::Warning, &Shown(&text).to_string());
    }
    if page.text.is_empty() {
        page.line(TextRole::Warning, "an empty JWK Set");
    }
    out.write_all(page.text.as_bytes())
}

/// Renders the reports on files as text. Several files each have a heading.
///
/// # Errors
/// Returns the errors of `out`.
pub fn render_files(
    out: &mut impl io::Write,
    reports: &[KeysReport<'_>],
    at: NumericDate,
    screen: Screen,
) -> io::Result<()> {
    let has_headings = reports.len() > 1;
    for (index, report) in reports.iter().enumerate() {
        if has_headings {
            let mut page = TextLayout::new(screen);
            if index > 0 {
                page.blank();
            }
            page.line(TextRole::Strong, &format!("{}:", Shown(report.source)));
            out.write_all(page.text.as_bytes())?;
        }
        render(out, report, at, screen)?;
    }
    Ok(())
}

impl Serialize for KeysReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("source", self.source)?;
        map.serialize_entry("keys", &self.keys)?;
        map.serialize_entry("unreadable", self.unreadable)?;
        map.end()
    }
}

impl Serialize for KeyReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let key = self.key;
        let algorithms: Vec<_> = key.allowed(KeyUse::Verify).into_iter().map(Algorithm::name).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kty", key.material.kty_name())?;
        map.serialize_entry("crv", &key.material.crv())?;
        map.serialize_entry("bits", &key.bits())?;
        map.serialize_entry("private", &key.is_private())?;
        map.serialize_entry("kid", &key.kid)?;
        map.serialize_entry("alg", &key.restrictions.alg)?;
        map.serialize_entry("use", &key.restrictions.usage)?;
        map.serialize_entry("key_ops", &key.restrictions.operations)?;
        map.serialize_entry("algorithms", &algorithms)?;
        map.serialize_entry("thumbprint", &self.thumbprint)?;
        map.serialize_entry("spki_sha256", &jwk::spki_digest(key))?;
        map.serialize_entry("form", key.form)?;
        if let Some(certificate) = &key.certificate {
            map.serialize_entry("certificate", &**certificate)?;
        }
        map.serialize_entry("reason", &self.refusal.as_ref().map(|failure| &failure.reason))?;
        map.serialize_entry("detail", &self.fault())?;
        map.serialize_entry("jwk", &jwk::write(key, Half::Public).map(Value::Object))?;
        map.end()
    }
}

impl Serialize for crate::core::key::der::Certificate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("subject", &self.subject)?;
        map.serialize_entry("issuer", &self.issuer)?;
        map.serialize_entry("not_before", &self.not_before.to_rfc3339())?;
        map.serialize_entry("not_after", &self.not_after.to_rfc3339())?;
        map.serialize_entry("x5t#S256", &base64url::encode(&self.digest))?;
        map.end()
    }
}

impl Serialize for UnreadableMember {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("kid", &self.kid)?;
        map.serialize_entry("detail", &self.error.to_string())?;
        map.end()
    }
}

/// The key of a verification, with the source of the keys, in a JSON report.
pub(super) struct KeyEntry<'a>(pub(super) &'a str, pub(super) Option<&'a Key>);

impl Serialize for KeyEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(source, key) = *self;
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("source", source)?;
        map.serialize_entry("kty", &key.map(|key| key.material.kty_name()))?;
        map.serialize_entry("kid", &key.and_then(|key| key.kid.as_deref()))?;
        map.serialize_entry("bits", &key.map(Key::bits))?;
        map.end()
    }
}

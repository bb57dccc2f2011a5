//! Names of owners and issuers of certificates as text (RFC 4514). x509-cert can write them, too, but with a table of thousands
//! of names, whose addresses the loader adjusts in each run of the program.

use der::asn1::ObjectIdentifier;
use der::{Encode as _, Tag, Tagged as _};
use std::fmt::Write as _;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::Name;

/// The attributes with a name: those of RFC 4514 section 3, and others that certificates often have.
const ATTRIBUTES: [(ObjectIdentifier, &str); 16] = [
    (ObjectIdentifier::new_unwrap("2.5.4.3"), "CN"),
    (ObjectIdentifier::new_unwrap("2.5.4.4"), "SN"),
    (ObjectIdentifier::new_unwrap("2.5.4.5"), "SERIALNUMBER"),
    (ObjectIdentifier::new_unwrap("2.5.4.6"), "C"),
    (ObjectIdentifier::new_unwrap("2.5.4.7"), "L"),
    (ObjectIdentifier::new_unwrap("2.5.4.8"), "ST"),
    (ObjectIdentifier::new_unwrap("2.5.4.9"), "STREET"),
    (ObjectIdentifier::new_unwrap("2.5.4.10"), "O"),
    (ObjectIdentifier::new_unwrap("2.5.4.11"), "OU"),
    (ObjectIdentifier::new_unwrap("2.5.4.12"), "TITLE"),
    (ObjectIdentifier::new_unwrap("2.5.4.17"), "POSTALCODE"),
    (ObjectIdentifier::new_unwrap("2.5.4.42"), "GN"),
    (ObjectIdentifier::new_unwrap("2.5.4.46"), "DNQUALIFIER"),
    (ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1"), "UID"),
    (ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.25"), "DC"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1"), "EMAIL"),
];

/// Returns a name as text, its last part first. The text is not yet safe to show.
pub(super) fn text(name: &Name) -> String {
    let parts: Vec<String> =
        name.iter_rdn().map(|part| part.iter().map(attribute).collect::<Vec<_>>().join("+")).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join(",")
}

/// Returns an attribute as text. An attribute without a name, or with a value that is not text, is in hexadecimal digits.
fn attribute(attribute: &AttributeTypeAndValue) -> String {
    let name = ATTRIBUTES.iter().find(|(oid, _)| *oid == attribute.oid).map(|(_, name)| *name);
    let is_text = matches!(
        attribute.value.tag(),
        Tag::PrintableString | Tag::Utf8String | Tag::Ia5String | Tag::TeletexString
    );
    let value = std::str::from_utf8(attribute.value.value()).ok().filter(|_| is_text);
    if let (Some(name), Some(value)) = (name, value) {
        return format!("{name}={}", escaped(value));
    }
    let mut text = format!("{}=#", attribute.oid);
    for byte in attribute.value.to_der().unwrap_or_default() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Escapes the characters that separate the parts of a name (RFC 4514 section 2.4).
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let last = value.char_indices().next_back().map(|(index, _)| index);
    for (index, letter) in value.char_indices() {
        let is_outer_space = letter == ' ' && (index == 0 || Some(index) == last);
        match letter {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => text.extend(['\\', letter]),
            '#' if index == 0 => text.push_str("\\#"),
            ' ' if is_outer_space => text.push_str("\\ "),
            '\0'..='\x1f' | '\x7f' => {
                let _ = write!(text, "\\{:02x}", u32::from(letter));
            }
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr as _;

    #[test]
    fn a_name_reads_as_that_of_the_library() {
        let all = ATTRIBUTES.iter().map(|(oid, _)| format!("{oid}=text"));
        let others = [
            "CN=ca.example,O=Example Issuer,C=DE",
            "O=Key\\, Inc.,CN=p256.example",
            "CN=\\#1 \\+ \\<y\\>\\;,OU=A+L=B",
            "CN=Zoë Möbius",
            "1.2.3.4=#0c0161",
        ];
        for written in all.chain(others.map(str::to_owned)) {
            let name = Name::from_str(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
            assert_eq!(text(&name), name.to_string(), "{written}");
        }
    }

    #[test]
    fn escapes_a_value_where_it_could_be_misread() {
        for (value, expected) in [
            ("a b", "a b"),
            (" a b ", "\\ a b\\ "),
            (" ", "\\ "),
            ("  ", "\\ \\ "),
            ("   ", "\\  \\ "),
            ("#a#", "\\#a#"),
            ("a,b+c", "a\\,b\\+c"),
            ("\"<>;\\", "\\\"\\<\\>\\;\\\\"),
            ("a\nb\u{7f}", "a\\0ab\\7f"),
            ("é ", "é\\ "),
        ] {
            assert_eq!(escaped(value), expected, "{value:?}");
        }
    }
}

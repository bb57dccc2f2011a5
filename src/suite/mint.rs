//! The `mint` settings of a case that mint a given header and given claims again, digit for digit. Nothing is signed
//! here.

use super::write::Setting;
use crate::core::json::{Member, find};
use crate::core::mint::assignment::{assignment_text, claim_text};
use crate::core::mint::header::RESERVED;

/// Returns the settings that mint a token with this header and these claims, or `None` if no settings can. `kid` is the
/// key ID that the key itself puts into the header.
pub(crate) fn settings(
    header: &[Member<'_>],
    claims: &[Member<'_>],
    kid: Option<&str>,
) -> Option<Vec<(String, Setting)>> {
    let mut settings = Vec::new();
    let mut set = |name: &str, value| settings.push((format!("mint.{name}"), value));
    let claim: Vec<String> = claims.iter().map(claim_text).collect::<Option<_>>()?;
    if !claim.is_empty() {
        set("claim", Setting::Texts(claim));
    }
    if find(claims, "iat").is_none() {
        set("no-iat", Setting::Flag(true));
    }
    set("alg", Setting::Text(find(header, "alg")?.as_str()?.to_owned()));
    let mut others = Vec::new();
    for member in header.iter().filter(|member| member.name != "alg") {
        match (&*member.name, member.value.as_str()) {
            (name, _) if RESERVED.contains(&name) => return None,
            ("typ", Some("JWT")) => {}
            ("typ", Some(typ)) => set("typ", Setting::Text(typ.to_owned())),
            ("kid", Some(named)) if kid == Some(named) => {}
            ("kid", _) if kid.is_some() => return None,
            _ => others.push(assignment_text(member)?),
        }
    }
    if find(header, "typ").is_none() {
        set("no-typ", Setting::Flag(true));
    }
    if !others.is_empty() {
        set("header", Setting::Texts(others));
    }
    Some(settings)
}

#[cfg(test)]
mod tests {
    use super::super::write::{NewCase, NewSuite};
    use super::*;
    use crate::core::json::parse;
    use crate::core::reason::Expectation;

    fn written(header: &str, claims: &str, kid: Option<&str>) -> Option<String> {
        let (header, claims) = (parse(header.as_bytes()).unwrap(), parse(claims.as_bytes()).unwrap());
        let settings = settings(header.members(), claims.members(), kid)?;
        let case = NewCase {
            name: "n".to_owned(),
            remarks: Vec::new(),
            token: String::new(),
            expect: vec![Expectation::Accepted],
            settings,
        };
        let text = NewSuite { cases: vec![case], ..NewSuite::default() }.to_toml();
        text.strip_prefix("\n[[cases]]\nname = \"n\"\nexpect = \"accepted\"\n").map(str::to_owned)
    }

    #[test]
    fn keeps_header_and_claims_digit_for_digit() {
        assert_eq!(
            written(
                r#"{"alg":"HS256","typ":"at+jwt","kid":"k","x":[1]}"#,
                r#"{"sub":"[masked]","n":12345678901234567890.10,"nothing":null,"iat":1}"#,
                None
            )
            .unwrap(),
            "mint.claim = [\"sub=[masked]\", \"n:=12345678901234567890.10\", \"nothing:=null\", \"iat:=1\"]\n\
             mint.alg = \"HS256\"\nmint.typ = \"at+jwt\"\nmint.header = [\"kid=k\", \"x:=[1]\"]\n"
        );
    }

    #[test]
    fn omits_defaults_and_switches_off_absent_ones() {
        assert_eq!(
            written(r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"iat":1}"#, None).unwrap(),
            "mint.claim = [\"iat:=1\"]\nmint.alg = \"HS256\"\n"
        );
        assert_eq!(
            written(r#"{"alg":"HS256","kid":"k"}"#, "{}", Some("k")).unwrap(),
            "mint.no-iat = true\nmint.alg = \"HS256\"\nmint.no-typ = true\n"
        );
    }

    #[test]
    fn writes_a_name_with_a_slash_as_a_pointer_to_itself() {
        assert_eq!(
            written(r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"/a/b":1,"iat":1}"#, None).unwrap(),
            "mint.claim = [\"/~1a~1b:=1\", \"iat:=1\"]\nmint.alg = \"HS256\"\n"
        );
    }

    #[test]
    fn returns_none_for_what_no_option_can_write() {
        for (header, claims) in [
            (r#"{"alg":"HS256","crit":["x"]}"#, "{}"),
            (r#"{"alg":"HS256","zip":"DEF"}"#, "{}"),
            (r#"{"alg":"HS256","kid":"other"}"#, "{}"),
            (r#"{"alg":7}"#, "{}"),
            (r#"{"alg":"HS256"}"#, r#"{"a=b":1}"#),
            (r#"{"alg":"HS256"}"#, r#"{"":1}"#),
        ] {
            assert_eq!(written(header, claims, Some("k")), None, "{header} {claims}");
        }
    }
}

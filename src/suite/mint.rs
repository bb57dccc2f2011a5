//! A token as it can be minted again: the members of a case that have its header and its claims, to the digit.

use super::write::Setting;
use crate::core::json::{Member, Value, find};

/// The members that mint a token with this header and these claims, signed by the key of the case; nothing if no option
/// can say them. `kid` is what the key itself puts into the header.
pub(crate) fn settings(
    header: &[Member<'_>],
    claims: &[Member<'_>],
    kid: Option<&str>,
) -> Option<Vec<(String, Setting)>> {
    let mut settings = Vec::new();
    let mut set = |name: &str, value| settings.push((format!("mint.{name}"), value));
    let claim: Vec<String> = claims.iter().map(assignment).collect::<Option<_>>()?;
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
            ("crit" | "b64", _) => return None,
            ("typ", Some("JWT")) => {}
            ("typ", Some(typ)) => set("typ", Setting::Text(typ.to_owned())),
            ("kid", Some(named)) if kid == Some(named) => {}
            ("kid", _) if kid.is_some() => return None,
            _ => others.push(assignment(member)?),
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

/// A member as `name=text` or `name:=json`; nothing if its name has no place in one.
fn assignment(member: &Member<'_>) -> Option<String> {
    let name = &*member.name;
    if name.is_empty() || name.contains('=') {
        return None;
    }
    match &member.value {
        Value::String(text) if !name.ends_with(':') => Some(format!("{name}={text}")),
        value => Some(format!("{name}:={value}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::write::{NewCase, NewSuite};
    use super::*;
    use crate::cli::claims::Assignment;
    use crate::core::json::parse;
    use crate::core::reason::Expectation;

    fn told(header: &str, claims: &str, kid: Option<&str>) -> Option<String> {
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
    fn says_header_and_claims_to_the_digit() {
        assert_eq!(
            told(
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
    fn what_comes_by_itself_is_not_said_and_what_would_is_left_out() {
        assert_eq!(
            told(r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"iat":1}"#, None).unwrap(),
            "mint.claim = [\"iat:=1\"]\nmint.alg = \"HS256\"\n"
        );
        assert_eq!(
            told(r#"{"alg":"HS256","kid":"k"}"#, "{}", Some("k")).unwrap(),
            "mint.no-iat = true\nmint.alg = \"HS256\"\nmint.no-typ = true\n"
        );
    }

    #[test]
    fn what_no_option_can_say_is_not_minted() {
        for (header, claims) in [
            (r#"{"alg":"HS256","crit":["x"]}"#, "{}"),
            (r#"{"alg":"HS256","kid":"other"}"#, "{}"),
            (r#"{"alg":7}"#, "{}"),
            (r#"{"alg":"HS256"}"#, r#"{"a=b":1}"#),
            (r#"{"alg":"HS256"}"#, r#"{"":1}"#),
        ] {
            assert_eq!(told(header, claims, Some("k")), None, "{header} {claims}");
        }
    }

    #[test]
    fn every_member_reads_back_as_it_was() {
        for json in [
            r#"{"a":"text"}"#,
            r#"{"a":"b=c:=d"}"#,
            r#"{"a:":"text"}"#,
            r#"{"a:":1}"#,
            r#"{"a":"\u001b\u202e\"'\\"}"#,
            r#"{"a b":{"c":[1,null,true]}}"#,
            r#"{"-x":""}"#,
        ] {
            let value = parse(json.as_bytes()).unwrap();
            let member = &value.members()[0];
            let Assignment(read) = assignment(member).unwrap().parse().unwrap();
            assert_eq!(&read, member, "{json}");
        }
    }
}

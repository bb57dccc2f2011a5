use super::*;
use crate::core::token::base64url;

/// The disclosures of RFC 9901 section 4.2: `family_name`, and an element of `nationalities`.
const FAMILY_NAME: &str = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
const FRANCE: &str = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0";

fn read(payload: &str, disclosures: &[&str], key_binding: Option<&str>) -> SdJwt {
    let payload = json::parse(payload.as_bytes()).unwrap();
    SdJwt::read(payload.members(), disclosures, key_binding)
}

/// Returns the text of a disclosure.
fn disclosure(json: &str) -> String {
    base64url::encode(json.as_bytes())
}

fn digest(disclosure: &str) -> String {
    DigestAlgorithm::Sha256.digest(disclosure)
}

/// Returns the processed payload, or the codes of the faults.
fn outcome(payload: &str, disclosures: &[&str]) -> String {
    let sd_jwt = read(payload, disclosures, None);
    match &sd_jwt.processed {
        Some(claims) => Value::Object(claims.members().to_vec()).to_string(),
        None => sd_jwt.faults.iter().map(|fault| fault.reason.to_string()).collect::<Vec<_>>().join(" "),
    }
}

#[test]
fn reads_the_examples_of_the_specification() {
    let payload = r#"{"_sd":["X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0","decoy"],"_sd_alg":"sha-256",
        "nationalities":[{"...":"w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"},{"...":"hidden"}]}"#;
    let sd_jwt = read(payload, &[FAMILY_NAME, FRANCE], Some("kb"));
    let [family_name, france] = &sd_jwt.disclosures[..] else { panic!("{sd_jwt:?}") };
    let name = Some("family_name".to_owned());
    assert_eq!(family_name.content, Ok(Disclosed { name, value: Value::string("Möbius") }));
    assert_eq!(family_name.digest.as_deref(), Some("X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"));
    assert_eq!(france.content, Ok(Disclosed { name: None, value: Value::string("FR") }));
    assert_eq!([family_name.place, france.place], [DigestPlace::Payload; 2]);
    assert_eq!((sd_jwt.other_digests, sd_jwt.key_binding.as_deref()), (Some(2), Some("kb")));
    assert_eq!(
        outcome(payload, &[FAMILY_NAME, FRANCE]),
        r#"{"nationalities":["FR"],"family_name":"Möbius"}"#
    );
    assert_eq!(outcome(payload, &[]), r#"{"nationalities":[]}"#);
}

#[test]
fn processes_disclosures_inside_disclosures() {
    let outer = disclosure(&format!(r#"["s","address",{{"_sd":["{}"],"a":1}}]"#, digest(FAMILY_NAME)));
    let signed = format!(r#"{{"a":{{"_sd":["{}"]}}}}"#, digest(&outer));
    let sd_jwt = read(&signed, &[FAMILY_NAME, &outer], None);
    let places: Vec<_> = sd_jwt.disclosures.iter().map(|one| one.place).collect();
    assert_eq!(places, [DigestPlace::Disclosure, DigestPlace::Payload]);
    assert_eq!(
        outcome(&signed, &[FAMILY_NAME, &outer]),
        r#"{"a":{"address":{"a":1,"family_name":"Möbius"}}}"#
    );
    // Without the outer disclosure, no digest leads to the inner one.
    assert_eq!(outcome(&signed, &[FAMILY_NAME]), "bad_disclosure:unreferenced");
    assert_eq!(outcome(&signed, &[&outer]), r#"{"a":{"address":{"a":1}}}"#);
    assert_eq!(outcome(&signed, &[]), r#"{"a":{}}"#);
}

#[test]
fn supports_the_larger_digests_and_no_others() {
    for algorithm in DigestAlgorithm::ALL {
        let payload =
            format!(r#"{{"_sd_alg":"{}","_sd":["{}"]}}"#, algorithm.name(), algorithm.digest(FAMILY_NAME));
        assert_eq!(outcome(&payload, &[FAMILY_NAME]), r#"{"family_name":"Möbius"}"#, "{payload}");
    }
    for value in [r#""sha-1""#, r#""sha-256-128""#, r#""""#, "1", "null", r#"["sha-256"]"#] {
        let payload = format!(r#"{{"_sd_alg":{value},"_sd":["{}"]}}"#, digest(FAMILY_NAME));
        assert_eq!(outcome(&payload, &[FAMILY_NAME]), "sd_alg_unsupported", "{value}");
        let sd_jwt = read(&payload, &[FAMILY_NAME], None);
        assert_eq!(sd_jwt.disclosures[0].place, DigestPlace::NotChecked);
        assert_eq!(sd_jwt.other_digests, None);
    }
    // A digest of another algorithm than the one that the token names.
    let payload = format!(r#"{{"_sd":["{}"]}}"#, DigestAlgorithm::Sha512.digest(FAMILY_NAME));
    assert_eq!(outcome(&payload, &[FAMILY_NAME]), "bad_disclosure:unreferenced");
}

#[test]
fn refuses_what_the_specification_refuses() {
    let object = disclosure(r#"["s","a",1]"#);
    let element = disclosure(r#"["s",1]"#);
    let broken = disclosure(r#"{"a":1}"#);
    let named = |name: &str| disclosure(&format!(r#"["s","{name}",[]]"#));
    let sd = |text: &str| format!(r#"{{"_sd":["{}"]}}"#, digest(text));
    let array = |text: &str| format!(r#"{{"x":[{{"...":"{}"}}]}}"#, digest(text));
    let twice = format!(r#"{{"_sd":["{0}"],"b":{{"_sd":["{0}"]}}}}"#, digest(&object));
    let twice_in_one = format!(r#"{{"_sd":["{0}","{0}"]}}"#, digest(&object));
    let in_both = format!(r#"{{"_sd":["{0}"],"b":[{{"...":"{0}"}}]}}"#, digest(&object));
    let overwriting = format!(r#"{{"a":0,"_sd":["{}"]}}"#, digest(&object));
    let other = disclosure(r#"["other","a",2]"#);
    let same_name = format!(r#"{{"_sd":["{}","{}"]}}"#, digest(&object), digest(&other));
    let itself = disclosure(r#"["s","_sd",["x"]]"#);
    let inner = disclosure(&format!(r#"["s","o",{{"_sd":["{}"]}}]"#, digest(&object)));
    let again = format!(r#"{{"_sd":["{}","{}"]}}"#, digest(&inner), digest(&object));
    for (payload, disclosures, codes) in [
        (sd(&element), vec![&*element], "bad_disclosure:form"),
        (array(&object), vec![&*object], "bad_disclosure:form"),
        (sd(&broken), vec![&*broken], "bad_disclosure:form"),
        (sd(&named("_sd")), vec![&*named("_sd")], "bad_disclosure:name"),
        (sd(&named("...")), vec![&*named("...")], "bad_disclosure:name"),
        (sd(&named("_sd_alg")), vec![&*named("_sd_alg")], "bad_disclosure:name"),
        (sd(&itself), vec![&*itself], "bad_disclosure:name"),
        (r#"{"a":{"_sd_alg":"sha-256"}}"#.to_owned(), vec![], "bad_disclosure:name"),
        (overwriting, vec![&*object], "bad_disclosure:claim_exists"),
        (same_name, vec![&*object, &*other], "bad_disclosure:claim_exists"),
        (twice, vec![&*object], "bad_disclosure:repeated"),
        (twice_in_one.clone(), vec![&*object], "bad_disclosure:repeated"),
        // A decoy must be unique, too.
        (twice_in_one, vec![], "bad_disclosure:repeated"),
        (in_both, vec![], "bad_disclosure:repeated"),
        (again, vec![&*inner, &*object], "bad_disclosure:repeated"),
        (sd(&object), vec![&*object, &*object], "bad_disclosure:repeated"),
        (sd(&object), vec![&*object, &*element], "bad_disclosure:unreferenced"),
        ("{}".to_owned(), vec![&*object], "bad_disclosure:unreferenced"),
        (r#"{"_sd":"x"}"#.to_owned(), vec![], "bad_disclosure:digests"),
        (r#"{"_sd":["x",1]}"#.to_owned(), vec![], "bad_disclosure:digests"),
        (r#"{"a":{"_sd":{"x":[]}}}"#.to_owned(), vec![], "bad_disclosure:digests"),
        (r#"{"a":[{"...":1}]}"#.to_owned(), vec![], "bad_disclosure:digests"),
        (r#"{"a":[{"...":"x","b":1}]}"#.to_owned(), vec![], "bad_disclosure:digests"),
        (r#"{"...":"x"}"#.to_owned(), vec![], "bad_disclosure:digests"),
    ] {
        assert_eq!(outcome(&payload, &disclosures), codes, "{payload}");
    }
}

#[test]
fn notes_every_fault_but_not_without_end() {
    let many: Vec<String> = (0..100).map(|number| disclosure(&format!(r#"["{number}","a",1]"#))).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let payload = format!(r#"{{"_sd":["x","x"],"b":[{{"...":2}}],"c":{{"_sd":["{}"]}}}}"#, digest(many[0]));
    let faults = read(&payload, &many, None).faults;
    let codes: Vec<String> = faults.iter().map(|fault| fault.reason.to_string()).collect();
    assert_eq!(codes[..2], ["bad_disclosure:digests", "bad_disclosure:repeated"]);
    assert!(codes[2..].iter().all(|code| code == "bad_disclosure:unreferenced") && codes.len() == 16);
}

#[test]
fn limits_the_number_of_disclosures() {
    let text = vec!["WzFd"; MAX_DISCLOSURES + 1];
    assert_eq!(outcome("{}", &text), "bad_disclosure:too_many");
    assert!(!outcome("{}", &text[1..]).contains("too_many"));
}

#[test]
fn names_a_disclosure_in_the_wrong_place_by_its_number() {
    let (member, element) = (disclosure(r#"["s","a",1]"#), disclosure(r#"["s",1]"#));
    let payload = format!(r#"{{"_sd":["{}","{}"]}}"#, digest(&member), digest(&element));
    let faults = read(&payload, &[&member, &element], None).faults;
    assert_eq!(faults[0].detail, "disclosure 2 has no name, but its digest is in `_sd`");
}

#[test]
fn bounds_the_depth_of_nested_disclosures() {
    let chain = |length: usize, before: &str, after: &str| {
        let mut texts = vec![disclosure(r#"["s","a",1]"#)];
        for _ in 1..length {
            let last = digest(texts.last().unwrap());
            texts.push(disclosure(&format!(r#"["s","a",{before}{{"_sd":["{last}"]}}{after}]"#)));
        }
        let payload = format!(r#"{{"_sd":["{}"]}}"#, digest(texts.last().unwrap()));
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        outcome(&payload, &texts)
    };
    let is_read = |outcome: &str| outcome.starts_with(r#"{"a":"#);
    assert!(is_read(&chain(json::MAX_DEPTH, "", "")));
    assert!(chain(json::MAX_DEPTH + 1, "", "").starts_with("bad_disclosure:too_deep"));
    // Objects and arrays between two disclosures count as well: the chain of 64 has 127 levels, and that of 65 has 129.
    for (before, after) in [(r#"{"b":"#, "}"), ("[", "]")] {
        assert!(is_read(&chain(64, before, after)));
        assert!(chain(65, before, after).starts_with("bad_disclosure:too_deep"), "{before}");
    }
}

#[test]
fn tells_a_marked_token_from_a_plain_one() {
    let marked = |header: &str, payload: &str| {
        let header = JoseHeader::parse(header.as_bytes()).unwrap();
        is_marked(&header, json::parse(payload.as_bytes()).unwrap().members())
    };
    for typ in ["dc+sd-jwt", "vc+SD-JWT", "application/example+sd-jwt", "sd-jwt", "application/sd-jwt"] {
        assert!(marked(&format!(r#"{{"typ":"{typ}"}}"#), "{}"), "{typ}");
    }
    for payload in [r#"{"_sd_alg":"x"}"#, r#"{"a":{"_sd":[]}}"#, r#"{"a":[[{"...":"x"}]]}"#] {
        assert!(marked("{}", payload), "{payload}");
    }
    for (header, payload) in [("{}", "{}"), (r#"{"typ":"JWT"}"#, r#"{"sd":1,"cnf":{"jkt":"x"}}"#)] {
        assert!(!marked(header, payload), "{payload}");
    }
}

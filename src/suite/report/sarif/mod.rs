//! The report in the Static Analysis Results Interchange Format (SARIF) 2.1.0: one result for each failing case, at its
//! location in the suite. The rules are the unexpected outcomes.

mod uri;

use self::uri::uri;
use super::{ReportFormat, SuiteReport, story};
use crate::core::json::{Member, Value};
use crate::core::reason::{Expectation, Reason};
use crate::core::text::escape::Shown;
use crate::output;
use crate::suite::outcome::{CaseResult, Totals};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name of the root of the repository, from which paths start.
const ROOT: &str = "SRCROOT";

/// The format `sarif`.
pub(crate) const FORMAT: ReportFormat = ReportFormat { name: "sarif", begin: || Box::new(Sarif::default()) };

/// The rules and results so far.
#[derive(Debug, Default)]
pub(crate) struct Sarif {
    /// The code and the meaning of each rule.
    rules: Vec<(String, &'static str)>,
    results: Vec<Value<'static>>,
    /// True if a location starts at the root of the repository.
    is_rooted: bool,
}

impl SuiteReport for Sarif {
    fn case(&mut self, case: &CaseResult) {
        if case.passed() {
            return;
        }
        let (code, meaning) = rule(case);
        let index = self.rules.iter().position(|(known, _)| *known == code).unwrap_or_else(|| {
            self.rules.push((code.clone(), meaning));
            self.rules.len() - 1
        });
        self.is_rooted |= case.in_repository.is_some();
        self.results.push(result(case, code, index));
    }

    fn end(self: Box<Self>, totals: &Totals) -> Vec<u8> {
        let rules = self.rules.into_iter().map(|(code, meaning)| {
            object([
                ("id", Value::string(code)),
                ("shortDescription", object([("text", Value::string(meaning))])),
            ])
        });
        let driver = object([
            ("name", Value::string("fob")),
            ("version", Value::string(env!("CARGO_PKG_VERSION"))),
            ("rules", Value::Array(rules.collect())),
        ]);
        let sums = object([
            ("passed", number(totals.passed)),
            ("failed", number(totals.failed)),
            ("notRun", number(totals.left)),
        ]);
        let mut run = vec![
            Member::new("tool", object([("driver", driver)])),
            Member::new(
                "invocations",
                Value::Array(vec![object([("executionSuccessful", Value::Bool(true))])]),
            ),
        ];
        if self.is_rooted {
            // Without a URI, each consumer resolves the root itself (section 3.14.14), and the report names no folder of this
            // machine.
            let root =
                object([("description", object([("text", Value::string("The root of the repository"))]))]);
            run.push(Member::new("originalUriBaseIds", object([(ROOT, root)])));
        }
        run.push(Member::new("columnKind", Value::string("unicodeCodePoints")));
        run.push(Member::new("results", Value::Array(self.results)));
        run.push(Member::new("properties", sums));
        output::json(&object([
            ("$schema", Value::string(SCHEMA)),
            ("version", Value::string("2.1.0")),
            ("runs", Value::Array(vec![Value::Object(run)])),
        ]))
    }
}

fn object<const N: usize>(members: [(&'static str, Value<'static>); N]) -> Value<'static> {
    Value::Object(members.into_iter().map(|(name, value)| Member::new(name, value)).collect())
}

fn number(number: usize) -> Value<'static> {
    Value::integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Returns text with hostile characters escaped, since viewers show it as it is.
fn shown(text: &str) -> Value<'static> {
    Value::string(Shown(text).to_string())
}

fn texts(list: &[impl ToString]) -> Value<'static> {
    Value::Array(list.iter().map(|one| Value::string(one.to_string())).collect())
}

fn result(case: &CaseResult, code: String, index: usize) -> Value<'static> {
    let region =
        object([("startLine", number(case.location.line)), ("startColumn", number(case.location.column))]);
    let uri = Value::string(uri(case.file()));
    let artifact = match case.in_repository {
        Some(_) => object([("uri", uri), ("uriBaseId", Value::string(ROOT))]),
        None => object([("uri", uri)]),
    };
    let location = object([("artifactLocation", artifact), ("region", region)]);
    let text = format!("{}: {}", Shown(&case.name), story(case).join("\n"));
    object([
        ("ruleId", Value::string(code)),
        ("ruleIndex", number(index)),
        ("level", Value::string("error")),
        ("message", object([("text", Value::string(message(&text)))])),
        ("locations", Value::Array(vec![object([("physicalLocation", location)])])),
        (
            "properties",
            object([
                ("case", shown(&case.name)),
                ("expected", texts(&case.expected)),
                ("verdict", Value::string(case.verdict.name())),
                ("reasons", texts(&case.reasons)),
                ("unmet", texts(&case.unmet)),
            ]),
        ),
    ])
}

/// Returns text without placeholders and links: a message is a format string that may have both (section 3.11).
fn message(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}").replace("](", "] (")
}

/// Returns the rule of a failing case: its first unexpected reason, or else its verdict.
fn rule(case: &CaseResult) -> (String, &'static str) {
    let is_expected = |reason: &Reason| {
        case.expected.iter().any(|one| match one {
            Expectation::Reason(expected) => expected == reason,
            Expectation::Family(code) => *code == reason.code(),
            _ => false,
        })
    };
    match case.reasons.iter().find(|reason| !is_expected(reason)) {
        Some(reason) => (reason.to_string(), reason.code().meaning()),
        None => (case.verdict.name().to_owned(), "The outcome is not the expected one"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::reason::ReasonCode;
    use crate::suite::report::samples;

    /// Returns a report with the version replaced by 0.1.0.
    fn report(cases: &[CaseResult], totals: &Totals) -> String {
        let version = |version| format!("\"version\": \"{version}\",\n          \"rules\"");
        samples::report(FORMAT, cases, totals).replace(&version(env!("CARGO_PKG_VERSION")), &version("0.1.0"))
    }

    #[test]
    fn a_failing_case_is_a_result_at_its_location() {
        let (cases, totals) = samples::run();
        assert_eq!(
            report(&cases, &totals),
            r#"{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "fob",
          "version": "0.1.0",
          "rules": [
            {
              "id": "expired",
              "shortDescription": {
                "text": "The token has expired"
              }
            }
          ]
        }
      },
      "invocations": [
        {
          "executionSuccessful": true
        }
      ],
      "columnKind": "unicodeCodePoints",
      "results": [
        {
          "ruleId": "expired",
          "ruleIndex": 0,
          "level": "error",
          "message": {
            "text": "an old one: expected accepted; got rejected (expired)\nexp failed (expired): expired 1 second ago (2027-01-15 07:59:59 UTC)"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "suites/api.toml"
                },
                "region": {
                  "startLine": 10,
                  "startColumn": 1
                }
              }
            }
          ],
          "properties": {
            "case": "an old one",
            "expected": [
              "accepted"
            ],
            "verdict": "rejected",
            "reasons": [
              "expired"
            ],
            "unmet": [
              "accepted"
            ]
          }
        }
      ],
      "properties": {
        "passed": 2,
        "failed": 1,
        "notRun": 0
      }
    }
  ]
}
"#
        );
    }

    #[test]
    fn a_path_in_a_repository_starts_at_its_root() {
        let mut case = samples::case("a", r#"{"exp":1}"#, "accepted", 3);
        let elsewhere = CaseResult { suite: "/srv/b.toml".into(), ..case.clone() };
        case.in_repository = Some("tests/a b.toml".into());
        let text = samples::report(FORMAT, &[case, elsewhere], &samples::nothing());
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let run = &document["runs"][0];
        let root = r#"{"SRCROOT":{"description":{"text":"The root of the repository"}}}"#;
        assert_eq!(run["originalUriBaseIds"].to_string(), root);
        let location = |index: usize| {
            run["results"][index]["locations"][0]["physicalLocation"]["artifactLocation"].to_string()
        };
        assert_eq!(location(0), r#"{"uri":"tests/a%20b.toml","uriBaseId":"SRCROOT"}"#);
        assert_eq!(location(1), r#"{"uri":"file:///srv/b.toml"}"#);
    }

    #[test]
    fn a_run_without_cases_has_no_results() {
        assert_eq!(
            report(&[], &samples::nothing()),
            r#"{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "fob",
          "version": "0.1.0",
          "rules": []
        }
      },
      "invocations": [
        {
          "executionSuccessful": true
        }
      ],
      "columnKind": "unicodeCodePoints",
      "results": [],
      "properties": {
        "passed": 0,
        "failed": 0,
        "notRun": 0
      }
    }
  ]
}
"#
        );
    }

    #[test]
    fn escapes_a_hostile_name() {
        let name = "[x](javascript:1) {0}\u{202e}\u{1b}[31m\n";
        let case = samples::of_token(name, "nothing", "accepted", 1);
        let text = samples::report(FORMAT, &[case], &samples::nothing());
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| line.contains("javascript")).collect();
        assert_eq!(
            lines,
            [
                concat!(
                    r#""text": "[x] (javascript:1) {{0}}\\u202e\\u001b[31m\\n: "#,
                    r"expected accepted; got malformed (malformed:segments)\n",
                    r#"form failed (malformed:segments): one segment, but a JWT has three""#,
                ),
                r#""case": "[x](javascript:1) {0}\\u202e\\u001b[31m\\n","#,
            ]
        );
    }

    #[test]
    fn cases_with_the_same_outcome_share_a_rule() {
        let cases: Vec<CaseResult> = (1..=1000)
            .map(|line| {
                let claims = if line % 2 == 0 { r#"{"exp":1}"# } else { r#"{"exp":1800000001}"# };
                samples::case("one of many", claims, if line % 2 == 0 { "accepted" } else { "expired" }, line)
            })
            .collect();
        let text = samples::report(FORMAT, &cases, &samples::nothing());
        assert_eq!(text.matches("\"shortDescription\"").count(), 2);
        assert_eq!(text.matches("\"ruleIndex\": 0").count(), 500);
        assert_eq!(text.matches("\"ruleId\": \"expired\"").count(), 500);
    }

    #[test]
    fn an_expected_reason_is_not_the_rule() {
        let rule_of = |claims, expect| {
            let mut case = samples::case("a", claims, "expired", 1);
            case.expected = vec![expect];
            rule(&case).0
        };
        let both = r#"{"exp":1,"nbf":1900000000}"#;
        assert_eq!(rule_of(both, Expectation::Reason(Reason::Expired)), "not_yet_valid");
        assert_eq!(rule_of(both, Expectation::Accepted), "expired");
        assert_eq!(rule_of(r#"{"nbf":"x"}"#, Expectation::Family(ReasonCode::ClaimType)), "rejected");
        assert_eq!(rule_of("{}", Expectation::Reason(Reason::Expired)), "accepted");
    }

    #[test]
    fn escapes_links_and_placeholders() {
        assert_eq!(message("[a](https://x) {0}"), "[a] (https://x) {{0}}");
    }
}

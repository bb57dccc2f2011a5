//! The parts of a suite and of its cases, as they stand in its table: whether they are there and are what they should be.
//! What the options among them mean is for `options` to say.

use super::options::dashed;
use super::outcome::Place;
use super::tree::{Fault, Member, Node, Value};
use crate::core::reason::Expectation;
use crate::core::text::escape::{Shown, excerpt};
use crate::core::token::numeric_date::Instant;

/// The parts of a suite.
pub(super) struct Parts<'n> {
    pub(super) test_secrets: bool,
    pub(super) defaults: &'n [Member],
    pub(super) cases: &'n [Node],
}

pub(super) fn parts(root: &Node) -> Result<Parts<'_>, Fault> {
    let Value::Table(members) = &root.value else {
        let what = format!("a suite is a table, and this is {}", root.value.kind());
        return Err(Fault::new(root.place, what));
    };
    let mut parts = Parts { test_secrets: false, defaults: &[], cases: &[] };
    for member in members {
        let wrong = |expected: &str| {
            let found = member.node.value.kind();
            Err(Fault::new(
                member.node.place,
                format!("`{}` is {expected}, and this is {found}", member.name),
            ))
        };
        match (&*member.name, &member.node.value) {
            ("test_secrets" | "test-secrets", Value::Flag(flag)) => parts.test_secrets = *flag,
            ("test_secrets" | "test-secrets", _) => return wrong("true or false"),
            ("defaults", Value::Table(defaults)) => parts.defaults = defaults,
            ("defaults", _) => return wrong("a table"),
            ("cases", Value::List(cases)) => parts.cases = cases,
            ("cases", _) => return wrong("a list of tables"),
            (name, _) => {
                let fault = Fault::new(
                    member.place,
                    format!("there is no member `{}` in a suite", Shown(&excerpt(name))),
                );
                return Err(fault.with_hint("a suite has `test_secrets`, `defaults` and `cases`"));
            }
        }
    }
    if parts.cases.is_empty() {
        return Err(Fault::new(root.place, "this suite has no cases"));
    }
    Ok(parts)
}

/// A case before its options are read.
pub(super) struct Draft<'n> {
    pub(super) name: &'n str,
    pub(super) members: &'n [Member],
    pub(super) source: (&'n Member, DraftSource<'n>),
    pub(super) expect: Vec<Expectation>,
    pub(super) at: Option<Instant>,
}

pub(super) enum DraftSource<'n> {
    Text(&'n str),
    Files(Vec<(&'n str, Place)>),
    Mint(&'n [Member]),
}

pub(super) fn draft<'n>(node: &'n Node, defaults: &'n [Member]) -> Result<Draft<'n>, Fault> {
    let Value::Table(members) = &node.value else {
        return Err(Fault::new(node.place, format!("a case is a table, and this is {}", node.value.kind())));
    };
    let own = |name: &str| members.iter().find(|member| dashed(&member.name) == name);
    let any = |name: &str| own(name).or_else(|| defaults.iter().find(|member| member.name == name));
    let name = match own("name").map(|member| (&member.node.value, member.node.place)) {
        Some((Value::Text(name), _)) if !name.trim().is_empty() => name.as_str(),
        Some((_, place)) => return Err(Fault::new(place, "`name` is a text with something in it")),
        None => return Err(Fault::new(node.place, "this case has no `name`")),
    };
    let given: Vec<&Member> = ["token", "token-file", "mint"].into_iter().filter_map(own).collect();
    let source = match given.as_slice() {
        [] => {
            let fault = Fault::new(node.place, "this case has no token");
            return Err(fault.with_hint("give it `token`, `token_file` or `mint`"));
        }
        [member] => (*member, token_source(member)?),
        [_, second, ..] => {
            return Err(Fault::new(second.place, "a case has one token: `token`, `token_file` or `mint`"));
        }
    };
    let Some(expect) = any("expect") else {
        let fault = Fault::new(node.place, "this case has no `expect`");
        return Err(
            fault.with_hint("expect `accepted`, `rejected`, `malformed`, a reason code, or a list of them")
        );
    };
    let expect = expectations(&expect.node)?;
    let at = any("at").map(clock).transpose()?;
    Ok(Draft { name, members, source, expect, at })
}

fn token_source(member: &Member) -> Result<DraftSource<'_>, Fault> {
    let wrong = |node: &Node, expected: &str| {
        let what = format!("`{}` is {expected}, and this is {}", member.name, node.value.kind());
        Fault::new(node.place, what)
    };
    let node = &member.node;
    match (&*dashed(&member.name), &node.value) {
        ("token", Value::Text(text)) => Ok(DraftSource::Text(text)),
        ("token", _) => Err(wrong(node, "a text")),
        ("mint", Value::Table(members)) => Ok(DraftSource::Mint(members)),
        ("mint", _) => Err(wrong(node, "a table")),
        (_, Value::Text(path)) => Ok(DraftSource::Files(vec![(path, node.place)])),
        (_, Value::List(nodes)) if !nodes.is_empty() => {
            let paths = nodes.iter().map(|node| match &node.value {
                Value::Text(path) => Ok((path.as_str(), node.place)),
                _ => Err(wrong(node, "a path or a list of paths")),
            });
            Ok(DraftSource::Files(paths.collect::<Result<_, _>>()?))
        }
        _ => Err(wrong(node, "a path or a list of paths")),
    }
}

fn expectations(node: &Node) -> Result<Vec<Expectation>, Fault> {
    let one = |node: &Node| match &node.value {
        Value::Text(text) => text.parse::<Expectation>().map_err(|what| {
            Fault::new(node.place, what)
                .with_hint("expect `accepted`, `rejected`, `malformed`, or a reason code")
        }),
        _ => Err(Fault::new(
            node.place,
            format!("`expect` is a code or a list of them, and this is {}", node.value.kind()),
        )),
    };
    match &node.value {
        Value::List(nodes) if nodes.is_empty() => Err(Fault::new(node.place, "nothing is expected here")),
        Value::List(nodes) => {
            let all: Vec<_> = nodes.iter().map(one).collect::<Result<_, _>>()?;
            if all.len() > 1 && all.contains(&Expectation::Accepted) {
                return Err(Fault::new(node.place, "what is accepted has no reason to be refused"));
            }
            Ok(all)
        }
        _ => Ok(vec![one(node)?]),
    }
}

fn clock(member: &Member) -> Result<Instant, Fault> {
    match &member.node.value {
        Value::Text(text) | Value::Number { digits: text, .. } => Instant::parse_clock(text)
            .map_err(|what| Fault::new(member.node.place, format!("`at` is a time: {what}"))),
        other => Err(Fault::new(member.node.place, format!("`at` is a time, and this is {}", other.kind()))),
    }
}

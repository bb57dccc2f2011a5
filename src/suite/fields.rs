//! The fields of a suite and of its cases, checked for presence and type. The options among them are for `options`.

use super::error::{ContentError, ContentErrorKind, ExpectedType, Subject};
use super::location::SourceLocation;
use super::options::dashed;
use super::tree::{Node, NodeMember, NodeValue};
use crate::core::reason::Expectation;
use crate::core::token::numeric_date::Instant;

/// The fields of a suite.
pub(super) struct SuiteFields<'n> {
    pub(super) test_secrets: bool,
    pub(super) defaults: &'n [NodeMember],
    pub(super) cases: &'n [Node],
}

impl<'n> SuiteFields<'n> {
    /// Reads the fields of a suite.
    pub(super) fn parse(root: &'n Node) -> Result<Self, ContentError> {
        let NodeValue::Table(members) = &root.value else {
            return Err(not_a_table(Subject::Suite, root));
        };
        let mut fields = Self { test_secrets: false, defaults: &[], cases: &[] };
        for member in members {
            let wrong = |expected| Err(wrong_type(&member.name, expected, &member.node));
            match (&*member.name, &member.node.value) {
                ("test_secrets" | "test-secrets", NodeValue::Flag(flag)) => fields.test_secrets = *flag,
                ("test_secrets" | "test-secrets", _) => return wrong(ExpectedType::Flag),
                ("defaults", NodeValue::Table(defaults)) => fields.defaults = defaults,
                ("defaults", _) => return wrong(ExpectedType::Table),
                ("cases", NodeValue::List(cases)) => fields.cases = cases,
                ("cases", _) => return wrong(ExpectedType::Tables),
                (name, _) => {
                    let name = name.to_owned();
                    return Err(ContentErrorKind::UnknownSuiteMember { name }.at(member.location));
                }
            }
        }
        if fields.cases.is_empty() {
            return Err(ContentErrorKind::NoCases.at(root.location));
        }
        Ok(fields)
    }
}

/// The fields of a case. Its options are among `members`.
pub(super) struct CaseFields<'n> {
    pub(super) name: &'n str,
    pub(super) members: &'n [NodeMember],
    /// The member that gives the token.
    pub(super) token_member: &'n NodeMember,
    pub(super) token: TokenField<'n>,
    pub(super) expect: Vec<Expectation>,
    pub(super) at: Option<Instant>,
    /// The path of the payload, from the folder of the suite.
    pub(super) payload: Option<(&'n str, SourceLocation)>,
}

/// The token of a case, as its member gives it.
pub(super) enum TokenField<'n> {
    Text(&'n str),
    Files(Vec<(&'n str, SourceLocation)>),
    Mint(&'n [NodeMember]),
}

impl<'n> CaseFields<'n> {
    /// Reads the fields of a case. `expect` and `at` can come from the defaults.
    pub(super) fn parse(node: &'n Node, defaults: &'n [NodeMember]) -> Result<Self, ContentError> {
        let NodeValue::Table(members) = &node.value else {
            return Err(not_a_table(Subject::Case, node));
        };
        let own = |name: &str| members.iter().find(|member| dashed(&member.name) == name);
        let own_or_default =
            |name: &str| own(name).or_else(|| defaults.iter().find(|member| member.name == name));
        let name = match own("name").map(|member| &member.node) {
            Some(Node { value: NodeValue::Text(name), .. }) if !name.trim().is_empty() => name.as_str(),
            Some(node) => return Err(ContentErrorKind::EmptyName.at(node.location)),
            None => return Err(ContentErrorKind::NoName.at(node.location)),
        };
        let sources: Vec<&NodeMember> = ["token", "token-file", "mint"].into_iter().filter_map(own).collect();
        let (token_member, token) = match sources.as_slice() {
            [] => return Err(ContentErrorKind::NoToken.at(node.location)),
            [member] => (*member, TokenField::parse(member)?),
            [_, second, ..] => return Err(ContentErrorKind::SecondToken.at(second.location)),
        };
        let expect = own_or_default("expect").ok_or(ContentErrorKind::NoExpectation.at(node.location))?;
        let expect = expectations(&expect.node)?;
        let at = own_or_default("at").map(clock).transpose()?;
        let payload = own("payload").map(payload).transpose()?;
        Ok(Self { name, members, token_member, token, expect, at, payload })
    }
}

impl<'n> TokenField<'n> {
    fn parse(member: &'n NodeMember) -> Result<Self, ContentError> {
        let wrong = |node: &Node, expected| wrong_type(&member.name, expected, node);
        let node = &member.node;
        match (&*dashed(&member.name), &node.value) {
            ("token", NodeValue::Text(text)) => Ok(Self::Text(text)),
            ("token", _) => Err(wrong(node, ExpectedType::Text)),
            ("mint", NodeValue::Table(members)) => Ok(Self::Mint(members)),
            ("mint", _) => Err(wrong(node, ExpectedType::Table)),
            (_, NodeValue::Text(path)) => Ok(Self::Files(vec![(path, node.location)])),
            (_, NodeValue::List(nodes)) if !nodes.is_empty() => {
                let paths = nodes.iter().map(|node| match &node.value {
                    NodeValue::Text(path) => Ok((path.as_str(), node.location)),
                    _ => Err(wrong(node, ExpectedType::Paths)),
                });
                Ok(Self::Files(paths.collect::<Result<_, _>>()?))
            }
            _ => Err(wrong(node, ExpectedType::Paths)),
        }
    }
}

fn expectations(node: &Node) -> Result<Vec<Expectation>, ContentError> {
    let one = |node: &Node| match &node.value {
        NodeValue::Text(text) => text.parse::<Expectation>().map_err(|error| {
            ContentErrorKind::UnknownExpectation { message: error.to_string() }.at(node.location)
        }),
        _ => Err(wrong_type("expect", ExpectedType::Codes, node)),
    };
    match &node.value {
        NodeValue::List(nodes) if nodes.is_empty() => {
            Err(ContentErrorKind::EmptyExpectation.at(node.location))
        }
        NodeValue::List(nodes) => {
            let all: Vec<_> = nodes.iter().map(one).collect::<Result<_, _>>()?;
            if all.len() > 1 && all.contains(&Expectation::Accepted) {
                return Err(ContentErrorKind::AcceptedAndRejected.at(node.location));
            }
            Ok(all)
        }
        _ => Ok(vec![one(node)?]),
    }
}

/// Returns the path of a payload.
fn payload(member: &NodeMember) -> Result<(&str, SourceLocation), ContentError> {
    match &member.node.value {
        NodeValue::Text(path) => Ok((path, member.node.location)),
        _ => Err(wrong_type("payload", ExpectedType::Path, &member.node)),
    }
}

fn clock(member: &NodeMember) -> Result<Instant, ContentError> {
    match &member.node.value {
        NodeValue::Text(text) | NodeValue::Number { digits: text, .. } => {
            Instant::parse_clock(text).map_err(|error| {
                ContentErrorKind::InvalidTime { message: error.to_string() }.at(member.node.location)
            })
        }
        _ => Err(wrong_type("at", ExpectedType::Time, &member.node)),
    }
}

fn wrong_type(name: &str, expected: ExpectedType, node: &Node) -> ContentError {
    ContentErrorKind::wrong_type(name, expected, node.value.node_type()).at(node.location)
}

fn not_a_table(what: Subject, node: &Node) -> ContentError {
    let found = node.value.node_type();
    ContentErrorKind::WrongType { what, expected: ExpectedType::Table, found }.at(node.location)
}

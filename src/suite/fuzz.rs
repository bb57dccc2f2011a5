//! The fuzz target of suite files: TOML, YAML and JSON give a tree that JSON can write and read.

use super::tree::{self, Node, NodeValue};
use crate::core::json::{self, Value};

/// Parses a file.
pub fn suites(bytes: &[u8]) {
    let parsed = tree::parse(bytes);
    if let Err(error) = &parsed {
        assert!(error.location.line >= 1 && error.location.column >= 1);
        let breaks = bytes.iter().filter(|byte| b"\r\n".contains(byte)).count();
        assert!(error.location.line <= breaks + 2, "{error:?}");
    }
    let Ok(node) = parsed else { return };
    assert_located(&node);
    let text = node.value.to_json();
    let value = json::parse(text.as_bytes());
    assert!(value.as_ref().is_ok_and(|value| value.first_duplicate().is_none()), "{text}");
    value.iter().for_each(|value| assert_same(&node.value, value));
    // A file in JSON has the same tree.
    if matches!(node.value, NodeValue::Table(_)) {
        let again = tree::parse(text.as_bytes());
        assert_eq!(again.map(|node| node.value.to_json()), Ok(text));
    }
}

fn assert_located(node: &Node) {
    assert!(node.location.line >= 1 && node.location.column >= 1);
    match &node.value {
        NodeValue::List(nodes) => nodes.iter().for_each(assert_located),
        NodeValue::Table(members) => members.iter().for_each(|member| {
            assert!(member.location.line >= 1 && member.location.column >= 1);
            assert_located(&member.node);
        }),
        _ => {}
    }
}

fn assert_same(node: &NodeValue, value: &Value<'_>) {
    match (node, value) {
        (NodeValue::Null, Value::Null) => {}
        (NodeValue::Flag(a), Value::Bool(b)) => assert_eq!(a, b),
        (NodeValue::Number { digits, .. }, Value::Number(number)) => assert_eq!(digits, number),
        (NodeValue::Text(a), Value::String(b)) => assert_eq!(a, b),
        (NodeValue::List(nodes), Value::Array(items)) => {
            assert_eq!(nodes.len(), items.len());
            nodes.iter().zip(items).for_each(|(node, item)| assert_same(&node.value, item));
        }
        (NodeValue::Table(members), Value::Object(others)) => {
            assert_eq!(members.len(), others.len());
            for (member, other) in members.iter().zip(others) {
                assert_eq!(member.name, other.name);
                assert_same(&member.node.value, &other.value);
            }
        }
        _ => assert_eq!(node.to_json(), value.to_string(), "these have different types"),
    }
}

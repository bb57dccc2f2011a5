//! Suites in JSON, read with our own strict parser: its offsets become lines and columns here.

use super::{
    LineIndex, MAX_NESTING, Node, NodeMember, NodeValue, SyntaxError, SyntaxErrorKind, without_duplicates,
};
use crate::core::json::{JsonErrorKind, Value, parse_with_offsets};
use crate::suite::location::SourceLocation;

pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let lines = LineIndex::new(text);
    let (value, offsets) = parse_with_offsets(text.as_bytes()).map_err(|error| {
        let kind = match error.kind {
            JsonErrorKind::TooDeep => SyntaxErrorKind::TooDeep,
            kind => SyntaxErrorKind::Json(kind),
        };
        kind.at(lines.location(error.offset))
    })?;
    JsonReader { lines, offsets: offsets.into_iter() }.node(value, 0)
}

/// A walk over a JSON value that takes the offset of each name and value on the way.
struct JsonReader<'t> {
    lines: LineIndex<'t>,
    offsets: std::vec::IntoIter<usize>,
}

impl JsonReader<'_> {
    /// Returns the location of the next name or value.
    fn location(&mut self) -> SourceLocation {
        // The parser records an offset for each of them.
        self.lines.location(self.offsets.next().unwrap_or_default())
    }

    fn node(&mut self, value: Value<'_>, depth: usize) -> Result<Node, SyntaxError> {
        let location = self.location();
        if depth > MAX_NESTING {
            return Err(SyntaxErrorKind::TooDeep.at(location));
        }
        let value = match value {
            Value::Null => NodeValue::Null,
            Value::Bool(flag) => NodeValue::Flag(flag),
            Value::Number(digits) => NodeValue::Number { digits: digits.into_owned(), as_written: true },
            Value::String(text) => NodeValue::Text(text.into_owned()),
            Value::Array(items) => {
                let nodes = items.into_iter().map(|item| self.node(item, depth + 1));
                NodeValue::List(nodes.collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let members = members.into_iter().map(|member| {
                    let location = self.location();
                    let node = self.node(member.value, depth + 1)?;
                    Ok(NodeMember { name: member.name.into_owned(), location, node })
                });
                without_duplicates(members.collect::<Result<_, _>>()?).map(NodeValue::Table)?
            }
        };
        Ok(Node { location, value })
    }
}

//! Suites in TOML. No other file names the TOML parser.

use super::{LineIndex, MAX_NESTING, Node, NodeMember, NodeValue, SyntaxError, SyntaxErrorKind};
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let lines = LineIndex::new(text);
    let root = DeTable::parse(text).map_err(|error| {
        let location = lines.location(error.span().map_or(0, |span| span.start));
        SyntaxErrorKind::Toml(error.message().trim_end().to_owned()).at(location)
    })?;
    Ok(Node { location: lines.location(0), value: table(root.get_ref(), &lines, 0)? })
}

fn table(table: &DeTable<'_>, lines: &LineIndex<'_>, depth: usize) -> Result<NodeValue, SyntaxError> {
    // The parser sorts members by name, but claims go into a token in the order of the file.
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    let members = entries.into_iter().map(|(name, value)| {
        let location = lines.location(name.span().start);
        let node = node(value, lines, depth + 1)?;
        Ok(NodeMember { name: name.get_ref().to_string(), location, node })
    });
    Ok(NodeValue::Table(members.collect::<Result<_, _>>()?))
}

fn node(value: &Spanned<DeValue<'_>>, lines: &LineIndex<'_>, depth: usize) -> Result<Node, SyntaxError> {
    let location = lines.location(value.span().start);
    if depth > MAX_NESTING {
        return Err(SyntaxErrorKind::TooDeep.at(location));
    }
    let number = |digits: String| {
        let as_written = lines.text().get(value.span()) == Some(&digits);
        NodeValue::Number { digits, as_written }
    };
    let value = match value.get_ref() {
        DeValue::String(text) => NodeValue::Text(text.to_string()),
        DeValue::Boolean(flag) => NodeValue::Flag(*flag),
        DeValue::Datetime(date) => NodeValue::Text(date.to_string()),
        DeValue::Integer(integer) => {
            number(digits(integer).ok_or_else(|| SyntaxErrorKind::IntegerTooLarge.at(location))?)
        }
        DeValue::Float(float) => {
            let text = float.as_str();
            if !text.bytes().any(|byte| byte.is_ascii_digit()) {
                return Err(SyntaxErrorKind::NotInJson.at(location));
            }
            number(text.strip_prefix('+').unwrap_or(text).to_owned())
        }
        DeValue::Array(array) => {
            let nodes = array.iter().map(|element| node(element, lines, depth + 1));
            NodeValue::List(nodes.collect::<Result<_, _>>()?)
        }
        DeValue::Table(inner) => table(inner, lines, depth)?,
    };
    Ok(Node { location, value })
}

/// Returns the decimal digits of an integer, or `None` beyond 128 bits.
fn digits(integer: &DeInteger<'_>) -> Option<String> {
    i128::from_str_radix(integer.as_str(), integer.radix()).ok().map(|number| number.to_string())
}

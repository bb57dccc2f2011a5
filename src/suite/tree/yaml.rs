//! Suites in YAML 1.2 with the core schema, one document a file. No other file names the YAML parser.

use super::{
    MAX_NESTING, MAX_VALUES, Node, NodeMember, NodeValue, SyntaxError, SyntaxErrorKind, without_duplicates,
};
use crate::suite::location::SourceLocation;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, StrInput};
use std::collections::HashMap;

pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut reader = YamlReader { parser: Parser::new_from_str(text), anchors: HashMap::new(), count: 0 };
    let mut root = None;
    loop {
        let (event, location) = reader.next()?;
        match event {
            Event::StreamEnd => break,
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            _ if root.is_some() => return Err(SyntaxErrorKind::SecondDocument.at(location)),
            event => root = Some(reader.node(event, location, 0)?),
        }
    }
    root.ok_or(SyntaxErrorKind::Empty.at(SourceLocation::START))
}

/// The events of the parser on their way into a tree.
struct YamlReader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// The nodes with an anchor, each with the number of values in it.
    anchors: HashMap<usize, (Node, usize)>,
    /// The number of values so far.
    count: usize,
}

fn location(marker: Marker) -> SourceLocation {
    SourceLocation { line: marker.line(), column: marker.col() + 1 }
}

impl<'t> YamlReader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, SourceLocation), SyntaxError> {
        match self.parser.next_event() {
            None => Ok((Event::StreamEnd, SourceLocation::START)),
            Some(Ok((event, span))) => Ok((event, location(span.start))),
            Some(Err(error)) => {
                Err(SyntaxErrorKind::Yaml(error.info().to_owned()).at(location(*error.marker())))
            }
        }
    }

    fn node(
        &mut self,
        event: Event<'t>,
        location: SourceLocation,
        depth: usize,
    ) -> Result<Node, SyntaxError> {
        if depth > MAX_NESTING {
            return Err(SyntaxErrorKind::TooDeep.at(location));
        }
        let before = self.count;
        self.add(1, location)?;
        let (value, anchor) = match event {
            Event::Alias(name) => {
                let Some((node, size)) = self.anchors.get(&name) else {
                    return Err(SyntaxErrorKind::UnknownAlias.at(location));
                };
                let (node, size) = (Node { location, value: node.value.clone() }, *size);
                self.add(size, location)?;
                return Ok(node);
            }
            Event::Scalar(text, style, anchor, None) => {
                let value = if style == ScalarStyle::Plain {
                    plain(&text, location)?
                } else {
                    NodeValue::Text(text.into())
                };
                (value, anchor)
            }
            Event::SequenceStart(anchor, None) => (NodeValue::List(self.list(depth)?), anchor),
            Event::MappingStart(anchor, None) => (NodeValue::Table(self.table(depth)?), anchor),
            _ => return Err(SyntaxErrorKind::Tag.at(location)),
        };
        let node = Node { location, value };
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), self.count - before));
        }
        Ok(node)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, SyntaxError> {
        let mut nodes = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd | Event::StreamEnd, _) => return Ok(nodes),
                (event, location) => nodes.push(self.node(event, location, depth + 1)?),
            }
        }
    }

    fn table(&mut self, depth: usize) -> Result<Vec<NodeMember>, SyntaxError> {
        let mut members = Vec::new();
        loop {
            let (event, location) = self.next()?;
            let name = match event {
                Event::MappingEnd | Event::StreamEnd => return without_duplicates(members),
                Event::Scalar(name, _, _, None) => name.into_owned(),
                _ => return Err(SyntaxErrorKind::NameNotText.at(location)),
            };
            let (event, at) = self.next()?;
            let node = self.node(event, at, depth + 1)?;
            members.push(NodeMember { name, location, node });
        }
    }

    /// Counts values. Aliases can make a small text into a tree of any size.
    fn add(&mut self, number: usize, location: SourceLocation) -> Result<(), SyntaxError> {
        self.count += number;
        if self.count > MAX_VALUES { Err(SyntaxErrorKind::TooManyValues.at(location)) } else { Ok(()) }
    }
}

/// Resolves an unquoted scalar by the core schema (YAML 1.2.2 section 10.3.2).
fn plain(text: &str, location: SourceLocation) -> Result<NodeValue, SyntaxError> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeValue::Null,
        "true" | "True" | "TRUE" => NodeValue::Flag(true),
        "false" | "False" | "FALSE" => NodeValue::Flag(false),
        text => match number(text) {
            Some(Ok(digits)) => NodeValue::Number { as_written: digits == text, digits },
            Some(Err(kind)) => return Err(kind.at(location)),
            None => NodeValue::Text(text.to_owned()),
        },
    })
}

/// Returns the number as JSON writes it, or `None` if the text is not a number.
fn number(text: &str) -> Option<Result<String, SyntaxErrorKind>> {
    let (minus, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Err(SyntaxErrorKind::NotInJson));
    }
    let of_radix = |digits: &str, radix| u128::from_str_radix(digits, radix).ok();
    let is_prefixed = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(rest) = text.strip_prefix(prefix).filter(|rest| is_prefixed(rest)) {
            return of_radix(rest, radix).map(|number| Ok(number.to_string()));
        }
    }
    let (mantissa, exponent) =
        digits.split_once(['e', 'E']).map_or((digits, None), |(one, two)| (one, Some(two)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(one, two)| (one, Some(two)));
    let all = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_exponent = |text: &str| {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        !digits.is_empty() && all(digits)
    };
    let has_digits = !whole.is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
    if !has_digits || !all(whole) || !fraction.is_none_or(all) || !exponent.is_none_or(is_exponent) {
        return None;
    }
    // JSON has no leading zeros, no empty parts and no plus sign.
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = fraction.filter(|fraction| !fraction.is_empty()).map(|fraction| format!(".{fraction}"));
    let exponent = exponent.map(|exponent| format!("e{exponent}"));
    Some(Ok([minus, whole, &fraction.unwrap_or_default(), &exponent.unwrap_or_default()].concat()))
}

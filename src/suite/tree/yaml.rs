//! YAML 1.2 with the core schema, one document: the only file that names its parser.

use super::{DEEPEST, Fault, Member, Node, Place, Value, unique};
use crate::core::text::escape::Shown;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, StrInput};
use std::collections::HashMap;

/// How many values a document may have, those that aliases repeat among them.
const MOST: usize = 2_000_000;

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let mut reader = Reader { parser: Parser::new_from_str(text), anchors: HashMap::new(), count: 0 };
    let mut root = None;
    loop {
        let (event, place) = reader.next()?;
        match event {
            Event::StreamEnd => break,
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            _ if root.is_some() => return Err(Fault::new(place, "a second document begins here")),
            event => root = Some(reader.node(event, place, 0)?),
        }
    }
    let nothing = || Fault::new(Place { line: 1, column: 1 }, "there is nothing in it");
    root.ok_or_else(nothing)
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// What was given a name, with how many values are in it.
    anchors: HashMap<usize, (Node, usize)>,
    count: usize,
}

fn place(marker: Marker) -> Place {
    Place { line: marker.line(), column: marker.col() + 1 }
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Place), Fault> {
        match self.parser.next_event() {
            None => Ok((Event::StreamEnd, Place { line: 1, column: 1 })),
            Some(Ok((event, span))) => Ok((event, place(span.start))),
            Some(Err(error)) => {
                Err(Fault::new(place(*error.marker()), format!("this is no YAML: {}", Shown(error.info()))))
            }
        }
    }

    fn node(&mut self, event: Event<'t>, place: Place, depth: usize) -> Result<Node, Fault> {
        if depth > DEEPEST {
            return Err(Fault::new(place, "this is nested too deep"));
        }
        let before = self.count;
        self.add(1, place)?;
        let (value, anchor) = match event {
            Event::Alias(name) => {
                let Some((node, size)) = self.anchors.get(&name) else {
                    return Err(Fault::new(place, "nothing before has this name"));
                };
                let (node, size) = (Node { place, value: node.value.clone() }, *size);
                self.add(size, place)?;
                return Ok(node);
            }
            Event::Scalar(text, style, anchor, None) => {
                let value =
                    if style == ScalarStyle::Plain { plain(&text, place)? } else { Value::Text(text.into()) };
                (value, anchor)
            }
            Event::SequenceStart(anchor, None) => (Value::List(self.list(depth)?), anchor),
            Event::MappingStart(anchor, None) => (Value::Table(self.table(depth)?), anchor),
            _ => {
                let fault = Fault::new(place, "tags are not known here");
                return Err(fault.with_hint("quote what is to be a text"));
            }
        };
        let node = Node { place, value };
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), self.count - before));
        }
        Ok(node)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Fault> {
        let mut nodes = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd | Event::StreamEnd, _) => return Ok(nodes),
                (event, place) => nodes.push(self.node(event, place, depth + 1)?),
            }
        }
    }

    fn table(&mut self, depth: usize) -> Result<Vec<Member>, Fault> {
        let mut members = Vec::new();
        loop {
            let (event, place) = self.next()?;
            let name = match event {
                Event::MappingEnd | Event::StreamEnd => return unique(members),
                Event::Scalar(name, _, _, None) => name.into_owned(),
                _ => return Err(Fault::new(place, "the name of a member is a text")),
            };
            let (event, at) = self.next()?;
            let node = self.node(event, at, depth + 1)?;
            members.push(Member { name, place, node });
        }
    }

    /// Counts values: what names other values by aliases can be larger than its text by any measure.
    fn add(&mut self, number: usize, place: Place) -> Result<(), Fault> {
        self.count += number;
        if self.count > MOST { Err(Fault::new(place, "there are too many values in it")) } else { Ok(()) }
    }
}

/// What is not quoted is what the core schema says (YAML 1.2.2 section 10.3.2).
fn plain(text: &str, place: Place) -> Result<Value, Fault> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Flag(true),
        "false" | "False" | "FALSE" => Value::Flag(false),
        text => match number(text) {
            Some(Ok(digits)) => Value::Number { as_written: digits == text, digits },
            Some(Err(what)) => return Err(Fault::new(place, what)),
            None => Value::Text(text.to_owned()),
        },
    })
}

/// The number that a text is, in the digits of JSON.
fn number(text: &str) -> Option<Result<String, &'static str>> {
    let (minus, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Err("JSON has no such number"));
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
    // JSON has no leading zeros, no empty part, no plus.
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = fraction.filter(|fraction| !fraction.is_empty()).map(|fraction| format!(".{fraction}"));
    let exponent = exponent.map(|exponent| format!("e{exponent}"));
    Some(Ok([minus, whole, &fraction.unwrap_or_default(), &exponent.unwrap_or_default()].concat()))
}

//! Suites in JSON, read with our own strict parser: its offsets become lines and columns here.

use super::{DEEPEST, Fault, Member, Node, Places, Value, unique};
use crate::core::json::{self, parse_with_offsets};

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let places = Places::of(text);
    let (value, offsets) = parse_with_offsets(text.as_bytes())
        .map_err(|error| Fault::new(places.at(error.offset), format!("this is no JSON: {}", error.kind)))?;
    JsonReader { places, offsets: offsets.into_iter() }.node(value, 0)
}

/// A walk over a value, with the offset of everything that is met on the way.
struct JsonReader<'t> {
    places: Places<'t>,
    offsets: std::vec::IntoIter<usize>,
}

impl JsonReader<'_> {
    /// Returns the location of the next name or value.
    fn place(&mut self) -> super::Place {
        // There is an offset for each of them.
        self.places.at(self.offsets.next().unwrap_or_default())
    }

    fn node(&mut self, value: json::Value<'_>, depth: usize) -> Result<Node, Fault> {
        let place = self.place();
        if depth > DEEPEST {
            return Err(Fault::new(place, "this is nested too deep"));
        }
        let value = match value {
            json::Value::Null => Value::Null,
            json::Value::Bool(flag) => Value::Flag(flag),
            json::Value::Number(digits) => Value::Number { digits: digits.into_owned(), as_written: true },
            json::Value::String(text) => Value::Text(text.into_owned()),
            json::Value::Array(items) => {
                let nodes = items.into_iter().map(|item| self.node(item, depth + 1));
                Value::List(nodes.collect::<Result<_, _>>()?)
            }
            json::Value::Object(members) => {
                let members = members.into_iter().map(|member| {
                    let place = self.place();
                    let node = self.node(member.value, depth + 1)?;
                    Ok(Member { name: member.name.into_owned(), place, node })
                });
                unique(members.collect::<Result<_, _>>()?).map(Value::Table)?
            }
        };
        Ok(Node { place, value })
    }
}

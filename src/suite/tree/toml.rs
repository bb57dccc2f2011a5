//! TOML: the only file that names its parser.

use super::{DEEPEST, Fault, Member, Node, Places, Value};
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let places = Places::of(text);
    let root = DeTable::parse(text).map_err(|error| {
        let place = places.at(error.span().map_or(0, |span| span.start));
        Fault::new(place, format!("this is no TOML: {}", error.message().trim_end()))
    })?;
    Ok(Node { place: places.at(0), value: table(root.get_ref(), &places, 0)? })
}

fn table(table: &DeTable<'_>, places: &Places<'_>, depth: usize) -> Result<Value, Fault> {
    // The parser sorts them by name; claims go into a token in the order of the file.
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    let members = entries.into_iter().map(|(name, value)| {
        let place = places.at(name.span().start);
        Ok(Member { name: name.get_ref().to_string(), place, node: node(value, places, depth + 1)? })
    });
    Ok(Value::Table(members.collect::<Result<_, _>>()?))
}

fn node(value: &Spanned<DeValue<'_>>, places: &Places<'_>, depth: usize) -> Result<Node, Fault> {
    let place = places.at(value.span().start);
    if depth > DEEPEST {
        return Err(Fault::new(place, "this is nested too deep"));
    }
    let number = |digits: String| {
        let as_written = places.text.get(value.span()) == Some(&digits);
        Value::Number { digits, as_written }
    };
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Integer(integer) => {
            number(digits(integer).ok_or_else(|| Fault::new(place, "this integer is too large to be read"))?)
        }
        DeValue::Float(float) => {
            let text = float.as_str();
            if !text.bytes().any(|byte| byte.is_ascii_digit()) {
                return Err(Fault::new(place, "JSON has no such number"));
            }
            number(text.strip_prefix('+').unwrap_or(text).to_owned())
        }
        DeValue::Array(array) => {
            let nodes = array.iter().map(|element| node(element, places, depth + 1));
            Value::List(nodes.collect::<Result<_, _>>()?)
        }
        DeValue::Table(inner) => table(inner, places, depth)?,
    };
    Ok(Node { place, value })
}

fn digits(integer: &DeInteger<'_>) -> Option<String> {
    i128::from_str_radix(integer.as_str(), integer.radix()).ok().map(|number| number.to_string())
}

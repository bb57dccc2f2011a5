//! JSON, nothing looser: the only file that names its parser. (`core::json` is that of tokens, and knows no places.)

use super::{DEEPEST, Fault, Member, Node, Places, Value, add};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    const COLLECT: CollectOptions =
        CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    const STRICT: ParseOptions = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let places = Places::of(text);
    let parsed = parse_to_ast(text, &COLLECT, &STRICT).map_err(|error| {
        Fault::new(places.at(error.range().start), format!("this is no JSON: {}", error.kind()))
    })?;
    match parsed.value {
        Some(value) => node(&value, &places, 0),
        None => Err(Fault::new(places.at(0), "there is nothing in it")),
    }
}

fn node(value: &ast::Value<'_>, places: &Places<'_>, depth: usize) -> Result<Node, Fault> {
    let place = places.at(value.range().start);
    if depth > DEEPEST {
        return Err(Fault::new(place, "this is nested too deep"));
    }
    let value = match value {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(literal) => Value::Flag(literal.value),
        ast::Value::NumberLit(literal) => {
            Value::Number { digits: literal.value.to_owned(), as_written: true }
        }
        ast::Value::StringLit(literal) => Value::Text(literal.value.clone().into_owned()),
        ast::Value::Array(array) => {
            let nodes = array.elements.iter().map(|element| node(element, places, depth + 1));
            Value::List(nodes.collect::<Result<_, _>>()?)
        }
        ast::Value::Object(object) => {
            let mut members = Vec::new();
            for property in &object.properties {
                let member = Member {
                    name: property.name.as_str().to_owned(),
                    place: places.at(property.range.start),
                    node: node(&property.value, places, depth + 1)?,
                };
                add(&mut members, member)?;
            }
            Value::Table(members)
        }
    };
    Ok(Node { place, value })
}

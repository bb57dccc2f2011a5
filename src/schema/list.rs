//! `fob schema` without a command: the list of schemas.

use super::Schema;
use super::failure::FAILURE;
use super::shape::{Definition, Shape, required};

static ENTRY: Definition = Definition {
    name: "entry",
    description: "A schema that fob schema prints.",
    shape: Shape::Members(&[&[
        required!("command", Shape::Text, "The words to give to fob schema."),
        required!("title", Shape::Text, "The title of the schema."),
    ]]),
};

static LIST: Definition = Definition {
    name: "list",
    description: "The list of schemas.",
    shape: Shape::Members(&[&[required!("schemas", Shape::List(&Shape::Defined(&ENTRY)), "The schemas.")]]),
};

pub(super) const SCHEMA: Schema = Schema {
    command: "schema",
    title: "The output of fob schema --json",
    description: "The list of schemas. If a command is named, the output is a JSON Schema itself.",
    forms: &[&LIST, &FAILURE],
};

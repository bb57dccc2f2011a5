//! `fob schema` without a command: the list of schemas.

use super::Schema;
use super::failure::failure;
use super::shape::{Definition, Shape, list, required};

fn entry() -> Definition {
    Definition {
        name: "entry",
        description: "A schema that fob schema prints.",
        shape: Shape::Members(vec![
            required("command", Shape::Text, "The words to give to fob schema."),
            required("title", Shape::Text, "The title of the schema."),
        ]),
    }
}

fn schemas() -> Definition {
    Definition {
        name: "list",
        description: "The list of schemas.",
        shape: Shape::Members(vec![required("schemas", list(Shape::Defined(entry)), "The schemas.")]),
    }
}

pub(super) fn schema() -> Schema {
    Schema {
        title: "The output of fob schema --json",
        description: "The list of schemas. If a command is named, the output is a JSON Schema itself.",
        forms: vec![schemas(), failure()],
    }
}

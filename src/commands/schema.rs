//! `fob schema`: prints the JSON Schema of a command's output, or lists the schemas.

use crate::cli::schema::SchemaArgs;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::Host;
use crate::output;
use crate::schema::{Schema, SchemaList};

pub(crate) fn schema(args: &SchemaArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let text = match args.name() {
        Some(name) => {
            let schema = Schema::named(&name).ok_or(UsageError::NoSuchSchema { name })?;
            output::json(&schema.to_value())
        }
        None if json => output::json(&SchemaList.to_value()),
        None => SchemaList.to_string().into_bytes(),
    };
    output::write(host, &text, ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

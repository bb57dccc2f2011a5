//! `fob schema`: prints the JSON Schema of a command's output, or lists the schemas.

use crate::cli::schema::SchemaArgs;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::Host;
use crate::output;
use crate::schema::{Schema, SchemaList};

pub(crate) fn schema(args: &SchemaArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let document = match args.name() {
        Some(name) => Schema::named(&name).ok_or(UsageError::NoSuchSchema { name })?.into_value(),
        None if json => SchemaList.to_value(),
        None => {
            output::write(host, SchemaList.to_string().as_bytes(), ExitStatus::Done)?;
            return Ok(ExitStatus::Done);
        }
    };
    output::write_json(host, &output::json(&document), ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

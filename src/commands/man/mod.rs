//! `fob man`: prints the man page of a command, or writes the pages of all commands to a folder.

mod guides;
mod page;
mod surroundings;

use crate::cli::man::ManArgs;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, PathKind};
use crate::suite::destination::check_vacant;
use crate::{cli, output};
use clap::Command;
use std::path::Path;

/// Prints the man page of a command, or writes the pages of all commands.
pub(crate) fn man(args: &ManArgs, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let mut whole = cli::command();
    whole.build();
    match &args.out {
        Some(folder) => write_all(&whole, folder, host),
        None => {
            let command = find(&whole, &args.command)
                .ok_or_else(|| UsageError::NoSuchCommand { words: args.command.join(" ") })?;
            let text = page::page(command, &names(&whole));
            output::write(host, text.as_bytes(), ExitStatus::Done)?;
            Ok(ExitStatus::Done)
        }
    }
}

/// Returns the command with these words, such as `key new`. They can be one word with hyphens, as in the name of a page.
fn find<'a>(whole: &'a Command, words: &[String]) -> Option<&'a Command> {
    let mut words = words.iter().flat_map(|word| word.split([' ', '-'])).peekable();
    words.next_if_eq(&"fob");
    words.try_fold(whole, |command, word| command.find_subcommand(word))
}

/// Returns a command and all commands below it.
fn all(command: &Command) -> Vec<&Command> {
    let visible = command.get_subcommands().filter(|inner| !inner.is_hide_set());
    std::iter::once(command).chain(visible.flat_map(all)).collect()
}

/// Returns the names of all pages.
fn names(whole: &Command) -> Vec<&str> {
    all(whole).into_iter().map(page::name).collect()
}

/// Writes a page for each command. If a file exists, none is written.
fn write_all(whole: &Command, folder: &Path, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let names = names(whole);
    let pages: Vec<_> = all(whole)
        .into_iter()
        .map(|command| (folder.join(format!("{}.1", page::name(command))), page::page(command, &names)))
        .collect();
    for (path, _) in &pages {
        check_vacant(path, host)?;
    }
    if !matches!((host.path_kind)(folder), Ok(PathKind::Folder { .. })) {
        return Err(UsageError::NoFolder { path: folder.to_owned() }.into());
    }
    for (path, text) in &pages {
        output::new_public_file(path, text.as_bytes(), "the man page", host)?;
    }
    host.note(&format!("{} man pages written to {}", pages.len(), folder.display()));
    Ok(ExitStatus::Done)
}

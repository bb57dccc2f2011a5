//! Passwords, from a variable, a file or the user.

use super::recognize::is_plainly_a_path;
use super::settings::PasswordSource;
use crate::core::key::secret::{Secret, without_line_break};
use crate::host::{Echo, Host};
use crate::input::source::{ask, names_no_file, read_file};
use crate::input::{InputError, PromptedValue};

/// A request for a password.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PasswordRequest<'a> {
    pub(crate) source: &'a PasswordSource,
    /// The prefix of its options, such as `--password`.
    pub(crate) option: &'static str,
    /// The missing item if the user cancels.
    pub(crate) what: &'static str,
    /// The name of what a file holds, with its article.
    pub(crate) purpose: &'static str,
    /// The question to the user.
    pub(crate) question: &'a str,
}

/// A reason why there is no password.
#[derive(Debug)]
pub(crate) enum PasswordError {
    /// The environment variable is not set.
    VariableNotSet {
        /// Its name, unless it could be the password itself.
        name: Option<String>,
        /// The prefix of the options.
        option: &'static str,
    },
    /// The option names no file, and its argument does not look like a path, so it is not kept.
    NoFile {
        /// The prefix of the options.
        option: &'static str,
    },
    /// The file or the prompt failed.
    Input(InputError),
}

impl From<InputError> for PasswordError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

/// Returns the name of a variable for a message. Any other text may be the password itself, so it is not repeated. A name
/// with digits is not, either: passwords such as `HUNTER2` are common.
fn shown_variable(name: &str) -> Option<String> {
    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_').then(|| name.to_owned())
}

/// Reads a password from a variable or a file, or asks the user.
pub(crate) fn password(request: PasswordRequest<'_>, host: &mut Host<'_>) -> Result<Secret, PasswordError> {
    let PasswordRequest { source, option, what, purpose, question } = request;
    match source {
        PasswordSource::Variable(name) => {
            let error = || PasswordError::VariableNotSet { name: shown_variable(name), option };
            host.secret_variable(name).ok_or_else(error)
        }
        PasswordSource::File(path) => {
            let bytes = read_file(path, purpose, host).map_err(|error| {
                match names_no_file(&error) && !is_plainly_a_path(path.as_os_str(), host) {
                    true => PasswordError::NoFile { option },
                    false => PasswordError::Input(error),
                }
            })?;
            let bytes = Secret::new(bytes);
            Ok(Secret::new(without_line_break(bytes.expose()).to_vec()))
        }
        PasswordSource::Prompt => {
            let value = PromptedValue::Password { name: what, option };
            Ok(Secret::new(ask(question, Echo::Hidden, value, host)?))
        }
    }
}

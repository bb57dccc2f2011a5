//! HMAC secrets, from wherever they are kept.

use crate::cli::key::KeyArgs;
use crate::core::key::Key;
use crate::core::key::secret::{Secret, SecretFormat};
use crate::core::verify::doctor::Written;
use crate::error::CommandError;
use crate::host::{Echo, Host, Level};
use crate::input::source::{ask, read_file, read_stdin};
use crate::keys::GivenKey;

/// A secret larger than this is some other file.
const LARGEST_SECRET: usize = 64 << 10;

/// Gets the secret from where the options say, else from `FOB_SECRET`, else from the person at the terminal.
pub(crate) fn load(args: KeyArgs, host: &mut Host<'_>) -> Result<GivenKey, CommandError> {
    if args.kid_claim.is_some() {
        return Err(CommandError::usage(
            "--kid-claim chooses among the keys of a set, and a secret is one key",
        )
        .with_hint("give --key a JWK Set with a secret for each user"));
    }
    let format = args.secret_format;
    let (bytes, source, file) = if let Some(text) = args.secret {
        if text.expose() == b"-" && host.stdin_is_terminal {
            (ask_for(host)?, "the prompt".to_owned(), false)
        } else if text.expose() == b"-" {
            (Secret::new(read_stdin("the secret", host)?), "standard input".to_owned(), true)
        } else {
            if text.expose().starts_with(b"@") || text.expose().starts_with(b"--") {
                let what = "the secret looks like a path or an option, and is taken as it stands";
                host.message(Level::Warning, &format!("{what}; a file is given with --secret-file"));
            }
            (text, "--secret".to_owned(), false)
        }
    } else if let Some(path) = args.secret_file {
        (Secret::new(read_file(&path, "the secret", host)?), path.display().to_string(), true)
    } else if let Some(name) = args.secret_env {
        let bytes = variable(&name, host).ok_or_else(|| {
            // Somebody may have written the secret where its variable's name belongs.
            let is_name =
                name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            if is_name {
                CommandError::usage(format!("the environment variable {name} is not set"))
                    .with_hint(format!("set it with `export {name}=…`, or use --secret-file"))
            } else {
                CommandError::usage("the environment variable named with --secret-env is not set")
                    .with_hint("--secret-env takes the name of a variable, --secret the secret itself")
            }
        })?;
        (bytes, format!("the variable {name}"), false)
    } else if let Some(bytes) = variable("FOB_SECRET", host) {
        (bytes, "the variable FOB_SECRET".to_owned(), false)
    } else {
        (ask_for(host)?, "the prompt".to_owned(), false)
    };
    if bytes.expose().len() > LARGEST_SECRET {
        return Err(CommandError::usage(format!("the secret from {source} is larger than 64 KiB"))
            .with_hint("is that the right file?"));
    }
    // Only what comes out of a file has a line break that nobody meant.
    let secret = match format {
        SecretFormat::Text if !file => Ok(bytes.clone()),
        format => format.read(bytes.expose()),
    }
    .map_err(|what| {
        CommandError::usage(what)
            .with_hint("say how it is written with --secret-format text, base64, base64url, hex or raw")
    })?;
    let written = Written { bytes, taken: secret.clone(), in_file: file };
    Ok(GivenKey { keys: Key::hmac(secret, args.kid, source).into(), written: Some(written) })
}

fn ask_for(host: &mut Host<'_>) -> Result<Secret, CommandError> {
    let hint = "use --key PATH, --secret-env VAR, --secret-file PATH, --secret -, or the variables FOB_SECRET and FOB_KEY";
    Ok(ask("Secret", Echo::Hidden, "secret", hint, host).map(Secret::new)?)
}

pub(crate) fn variable(name: &str, host: &Host<'_>) -> Option<Secret> {
    (host.env)(name).map(|value| Secret::new(value.into_encoded_bytes()))
}

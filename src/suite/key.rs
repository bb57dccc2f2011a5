//! The key that the cases of a new suite are judged by, as the suite names it. A secret itself is never written there:
//! where it was given in plain sight, the suite has the name of a variable that is to hold it.

use super::write::Setting;
use crate::cli::key::{IssuerKeyArgs, KeyArgs};
use crate::core::key::secret::SecretFormat;
use crate::host::Host;
use crate::keys::is_key;
use crate::keys::remote::is_url;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// The variable that a suite names where it cannot tell where the secret is.
pub(crate) const VARIABLE: &str = "FOB_SECRET";

/// The file that a suite names, beside itself, where it cannot tell where the key is.
pub(crate) const FILE: &str = "KEY.pem";

/// What a suite at that path says of the key that was given, and what is left to do before it can be run.
pub(crate) fn settings(
    args: &KeyArgs,
    published: &IssuerKeyArgs,
    suite: &Path,
    host: &Host<'_>,
) -> (Vec<(String, Setting)>, Option<String>) {
    let mut settings = Vec::new();
    let mut set = |name: &str, value: String| settings.push((name.to_owned(), Setting::Text(value)));
    let path = |path: &Path| from_folder_of(suite, path);
    let variable = |name: &str| (host.env)(name).filter(|value| !value.is_empty());
    let in_file = || Some(format!("the suite names {FILE}: put the key there, beside the suite"));
    let in_variable =
        || Some(format!("the suite holds no secret: put it in {VARIABLE} where the suite is run"));
    let mut is_secret = false;
    let hint = if let Some(issuer) = &published.issuer_keys {
        set("issuer-keys", issuer.clone());
        None
    } else if let Some(place) = &args.key {
        let (name, hint) = match place.to_str() {
            Some("-") => (FILE.to_owned(), in_file()),
            Some(url) if is_url(url) => (url.to_owned(), None),
            _ => (path(Path::new(place)), None),
        };
        set("key", name);
        hint
    } else if let Some(name) = &args.secret_env {
        is_secret = true;
        set("secret-env", name.clone());
        None
    } else if let Some(file) = &args.secret_file {
        is_secret = true;
        set("secret-file", path(file));
        None
    } else if let Some(key) = variable("FOB_KEY").filter(|_| args.secret.is_none()) {
        match key.to_str() {
            Some("-") => {
                set("key", FILE.to_owned());
                in_file()
            }
            // It serves a suite that names no key, as it served here.
            Some(text) if is_key(text) => None,
            _ => {
                set("key", path(Path::new(&key)));
                None
            }
        }
    } else {
        is_secret = true;
        set("secret-env", VARIABLE.to_owned());
        let is_there = args.secret.is_none() && variable(VARIABLE).is_some();
        if is_there { None } else { in_variable() }
    };
    if is_secret && args.secret_format != SecretFormat::Text {
        set("secret-format", args.secret_format.name().to_owned());
    }
    for (name, value) in [
        ("kid", &args.kid),
        ("kid-claim", &args.kid_claim),
        ("key-password-env", &args.password.key_password_env),
    ] {
        if let Some(value) = value {
            set(name, value.clone());
        }
    }
    for (name, file) in [("key-password-file", &args.password.key_password_file), ("cache", &published.cache)]
    {
        if let Some(file) = file {
            set(name, path(file));
        }
    }
    if published.offline {
        settings.push(("offline".to_owned(), Setting::Flag(true)));
    }
    (settings, hint)
}

/// A path as it is written in a suite at another: from the suite's folder, so that both can be moved together; whole
/// where it was given so, or where nobody can say how to get from one to the other.
fn from_folder_of(suite: &Path, path: &Path) -> String {
    if path.is_absolute() {
        return written(path);
    }
    let whole = || std::path::absolute(path).map_or_else(|_| written(path), |path| written(&path));
    if suite.is_absolute() {
        return whole();
    }
    let Some(folder) = steps(suite.parent().unwrap_or(Path::new(""))) else { return whole() };
    let path: Vec<&OsStr> =
        path.components().filter(|part| *part != Component::CurDir).map(Component::as_os_str).collect();
    let shared = folder.iter().zip(&path).take_while(|(one, other)| one == other).count();
    let up = folder.iter().skip(shared).map(|_| OsStr::new(".."));
    let way: PathBuf = up.chain(path.into_iter().skip(shared)).collect();
    written(&way)
}

/// The folders of a path that leads down only.
fn steps(folder: &Path) -> Option<Vec<&OsStr>> {
    let mut steps = Vec::new();
    for part in folder.components() {
        match part {
            Component::Normal(name) => steps.push(name),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(steps)
}

/// A path with the strokes that every system takes.
fn written(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::write::NewSuite;
    use super::*;
    use crate::core::token::numeric_date::NumericDate;
    use clap::{Args as _, Command, FromArgMatches as _};
    use std::ffi::OsString;

    /// What is written for these options, and the hint.
    fn told(line: &str, suite: &str, env: &[(&str, &str)]) -> (String, Option<String>) {
        let command =
            IssuerKeyArgs::augment_args(KeyArgs::augment_args(Command::new("fob").no_binary_name(true)));
        let matches = command.get_matches_from(line.split_whitespace());
        let args = KeyArgs::from_arg_matches(&matches).unwrap();
        let published = IssuerKeyArgs::from_arg_matches(&matches).unwrap();
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut host = Host::fake(NumericDate::from_json_number("0"), b"", &mut stdout, &mut stderr);
        host.env = Box::new(|name| {
            env.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value))
        });
        let (defaults, hint) = settings(&args, &published, Path::new(suite), &host);
        let text = NewSuite { defaults, ..NewSuite::default() }.to_toml();
        (text.trim_start_matches("\n[defaults]\n").to_owned(), hint)
    }

    fn quietly(line: &str, suite: &str) -> String {
        let (text, hint) = told(line, suite, &[]);
        assert_eq!(hint, None, "{line}");
        text
    }

    #[test]
    fn a_path_leads_from_the_folder_of_the_suite() {
        for (path, suite, written) in [
            ("pub.pem", "suite.toml", "pub.pem"),
            ("./keys/pub.pem", "suite.toml", "keys/pub.pem"),
            ("pub.pem", "tests/tokens/suite.toml", "../../pub.pem"),
            ("tests/keys/pub.pem", "./tests/tokens/suite.toml", "../keys/pub.pem"),
            ("../pub.pem", "tests/suite.toml", "../../pub.pem"),
            ("/etc/keys/pub.pem", "tests/suite.toml", "/etc/keys/pub.pem"),
        ] {
            assert_eq!(quietly(&format!("--key {path}"), suite), format!("key = \"{written}\"\n"));
        }
    }

    #[test]
    fn a_path_is_whole_where_the_folder_is_elsewhere() {
        for suite in ["/srv/suite.toml", "../suite.toml"] {
            let text = quietly("--key pub.pem", suite);
            let path = text.strip_prefix("key = \"").unwrap().strip_suffix("\"\n").unwrap();
            assert!(Path::new(path).is_absolute() && path.ends_with("/pub.pem"), "{path}");
        }
    }

    #[test]
    fn what_was_said_of_the_key_is_said_again() {
        assert_eq!(
            quietly("--secret-file s.txt --secret-format hex --kid k1", "a/suite.toml"),
            "secret-file = \"../s.txt\"\nsecret-format = \"hex\"\nkid = \"k1\"\n"
        );
        assert_eq!(quietly("--secret-env MINE", "suite.toml"), "secret-env = \"MINE\"\n");
        assert_eq!(
            quietly("--issuer-keys https://i.test --cache keys --offline", "suite.toml"),
            "issuer-keys = \"https://i.test\"\ncache = \"keys\"\noffline = true\n"
        );
        assert_eq!(
            quietly("--key https://i.test/jwks --kid-claim user_id", "s/suite.toml"),
            "key = \"https://i.test/jwks\"\nkid-claim = \"user_id\"\n"
        );
        assert_eq!(
            quietly("-k a.pem --key-password-env PW", "suite.toml"),
            "key = \"a.pem\"\nkey-password-env = \"PW\"\n"
        );
    }

    #[test]
    fn a_secret_stays_out_and_its_place_is_named() {
        let hint = Some("the suite holds no secret: put it in FOB_SECRET where the suite is run".to_owned());
        let line = "secret-env = \"FOB_SECRET\"\n".to_owned();
        assert_eq!(told("-s zebra", "suite.toml", &[]), (line.clone(), hint.clone()));
        assert_eq!(told("-s -", "suite.toml", &[("FOB_SECRET", "other")]), (line.clone(), hint.clone()));
        assert_eq!(told("", "suite.toml", &[]), (line.clone(), hint));
        assert_eq!(told("", "suite.toml", &[("FOB_SECRET", "zebra")]), (line, None));
    }

    #[test]
    fn a_key_stays_out_and_its_place_is_named() {
        let hint = Some("the suite names KEY.pem: put the key there, beside the suite".to_owned());
        let line = "key = \"KEY.pem\"\n".to_owned();
        assert_eq!(told("--key -", "suite.toml", &[]), (line.clone(), hint.clone()));
        assert_eq!(told("", "suite.toml", &[("FOB_KEY", "-")]), (line, hint));
        let key = r#"{"kty":"oct","k":"c2VjcmV0"}"#;
        assert_eq!(told("", "suite.toml", &[("FOB_KEY", key)]), (String::new(), None));
        let path = [("FOB_KEY", "keys/a.pem")];
        assert_eq!(told("", "t/suite.toml", &path), ("key = \"../keys/a.pem\"\n".to_owned(), None));
        let hint = Some("the suite holds no secret: put it in FOB_SECRET where the suite is run".to_owned());
        assert_eq!(told("-s a", "t/suite.toml", &path), ("secret-env = \"FOB_SECRET\"\n".to_owned(), hint));
    }
}

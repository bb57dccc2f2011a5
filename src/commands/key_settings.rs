//! Turns the key options of all commands into plain settings.

use crate::cli::decryption::DecryptionArgs;
use crate::cli::key::{IssuerKeyArgs, KeyArgs, PasswordArgs};
use crate::keys::{DecryptionSettings, DecryptionSource, KeySettings, KeySource, PasswordSource};
use crate::remote::DocumentCache;

/// Returns the settings of a command that signs, which fetches no keys.
pub(super) fn for_signing(args: KeyArgs) -> KeySettings {
    for_verifying(args, IssuerKeyArgs::default())
}

/// Returns the settings of a command that verifies.
pub(super) fn for_verifying(mut args: KeyArgs, issuer: IssuerKeyArgs) -> KeySettings {
    let source = if let Some(url) = issuer.issuer_keys {
        KeySource::Issuer(url)
    } else if args.key.len() > 1 {
        KeySource::Keys(args.key)
    } else if let Some(place) = args.key.pop() {
        KeySource::Key(place)
    } else if let Some(secret) = args.secret {
        KeySource::Secret(secret)
    } else if let Some(path) = args.secret_file {
        KeySource::SecretFile(path)
    } else if let Some(name) = args.secret_env {
        KeySource::SecretVariable(name)
    } else {
        KeySource::Unspecified
    };
    KeySettings {
        source,
        secret_format: args.secret_format.unwrap_or_default(),
        kid: args.kid,
        kid_claim: args.kid_claim,
        password: key_password(args.password),
        cache: DocumentCache { folder: issuer.cache, offline: issuer.offline },
    }
}

/// Returns the settings of a command that decrypts. `password` opens an encrypted decryption key.
pub(super) fn for_decrypting(args: DecryptionArgs, password: PasswordArgs) -> DecryptionSettings {
    let source = if !args.decrypt_key.is_empty() {
        DecryptionSource::Keys(args.decrypt_key)
    } else if let Some(path) = args.decrypt_secret_file {
        DecryptionSource::SecretFile(path)
    } else if let Some(name) = args.decrypt_secret_env {
        DecryptionSource::SecretVariable(name)
    } else {
        DecryptionSource::Unspecified
    };
    DecryptionSettings {
        source,
        secret_format: args.decrypt_secret_format.unwrap_or_default(),
        password: key_password(password),
        named: args.decrypt_alg,
    }
}

/// Returns where the password of an encrypted key comes from.
pub(super) fn key_password(args: PasswordArgs) -> PasswordSource {
    match (args.key_password_env, args.key_password_file) {
        (Some(name), _) => PasswordSource::Variable(name),
        (None, Some(path)) => PasswordSource::File(path),
        (None, None) => PasswordSource::Prompt,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::numeric_date::NumericDate;
    use crate::host::Host;
    use crate::suite::key::settings;
    use crate::suite::write::NewSuite;
    use clap::{Args as _, Command, FromArgMatches as _};
    use std::ffi::OsString;
    use std::path::Path;

    /// Returns the members that a suite has for these options, and the hint.
    fn written_for(line: &str, suite: &str, env: &[(&str, &str)]) -> (String, Option<String>) {
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
        let (defaults, hint) = settings(&for_verifying(args, published), Path::new(suite), &host);
        let text = NewSuite { defaults, ..NewSuite::default() }.to_toml();
        (text.trim_start_matches("\n[defaults]\n").to_owned(), hint)
    }

    fn without_hint(line: &str, suite: &str) -> String {
        let (text, hint) = written_for(line, suite, &[]);
        assert_eq!(hint, None, "{line}");
        text
    }

    #[test]
    fn paths_are_relative_to_the_folder_of_the_suite() {
        for (path, suite, written) in [
            ("pub.pem", "suite.toml", "pub.pem"),
            ("./keys/pub.pem", "suite.toml", "keys/pub.pem"),
            ("pub.pem", "tests/tokens/suite.toml", "../../pub.pem"),
            ("tests/keys/pub.pem", "./tests/tokens/suite.toml", "../keys/pub.pem"),
            ("../pub.pem", "tests/suite.toml", "../../pub.pem"),
            ("/etc/keys/pub.pem", "tests/suite.toml", "/etc/keys/pub.pem"),
        ] {
            assert_eq!(without_hint(&format!("--key {path}"), suite), format!("key = \"{written}\"\n"));
        }
    }

    #[test]
    fn paths_are_absolute_if_the_suite_lies_elsewhere() {
        for suite in ["/srv/suite.toml", "../suite.toml"] {
            let text = without_hint("--key pub.pem", suite);
            let path = text.strip_prefix("key = \"").unwrap().strip_suffix("\"\n").unwrap();
            assert!(Path::new(path).is_absolute() && path.ends_with("/pub.pem"), "{path}");
        }
    }

    #[test]
    fn a_suite_repeats_the_options_of_the_key() {
        assert_eq!(
            without_hint("--secret-file s.txt --secret-format hex --kid k1", "a/suite.toml"),
            "secret-file = \"../s.txt\"\nsecret-format = \"hex\"\nkid = \"k1\"\n"
        );
        assert_eq!(without_hint("--secret-env MINE", "suite.toml"), "secret-env = \"MINE\"\n");
        assert_eq!(
            without_hint("--issuer-keys https://i.test --cache keys --offline", "suite.toml"),
            "issuer-keys = \"https://i.test\"\ncache = \"keys\"\noffline = true\n"
        );
        assert_eq!(
            without_hint("--key https://i.test/jwks --kid-claim user_id", "s/suite.toml"),
            "key = \"https://i.test/jwks\"\nkid-claim = \"user_id\"\n"
        );
        assert_eq!(
            without_hint("-k a.pem --key-password-env PW", "suite.toml"),
            "key = \"a.pem\"\nkey-password-env = \"PW\"\n"
        );
    }

    #[test]
    fn a_suite_never_holds_the_secret() {
        let hint = Some("the suite holds no secret: set FOB_SECRET where you run the suite".to_owned());
        let line = "secret-env = \"FOB_SECRET\"\n".to_owned();
        assert_eq!(written_for("-s zebra", "suite.toml", &[]), (line.clone(), hint.clone()));
        assert_eq!(
            written_for("-s -", "suite.toml", &[("FOB_SECRET", "other")]),
            (line.clone(), hint.clone())
        );
        assert_eq!(written_for("", "suite.toml", &[]), (line.clone(), hint));
        assert_eq!(written_for("", "suite.toml", &[("FOB_SECRET", "zebra")]), (line, None));
    }

    #[test]
    fn a_suite_never_holds_the_key() {
        let hint = Some("the suite names KEY.pem: put the key into that file, beside the suite".to_owned());
        let line = "key = \"KEY.pem\"\n".to_owned();
        assert_eq!(written_for("--key -", "suite.toml", &[]), (line.clone(), hint.clone()));
        assert_eq!(written_for("", "suite.toml", &[("FOB_KEY", "-")]), (line, hint));
        let key = r#"{"kty":"oct","k":"c2VjcmV0"}"#;
        assert_eq!(written_for("", "suite.toml", &[("FOB_KEY", key)]), (String::new(), None));
        let path = [("FOB_KEY", "keys/a.pem")];
        assert_eq!(written_for("", "t/suite.toml", &path), ("key = \"../keys/a.pem\"\n".to_owned(), None));
        let hint = Some("the suite holds no secret: set FOB_SECRET where you run the suite".to_owned());
        assert_eq!(
            written_for("-s a", "t/suite.toml", &path),
            ("secret-env = \"FOB_SECRET\"\n".to_owned(), hint)
        );
    }
}

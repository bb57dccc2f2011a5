//! `fob key new` and `fob key show`. Private parts are printed only on request.

use crate::cli::key::{KeyNewArgs, KeyShowArgs, NewFormat, NewKeyAlgorithm, ShowFormat};
use crate::commands::key_settings;
use crate::core::encryption::algorithm::AgreementCurve;
use crate::core::encryption::new_key::{KeyPurpose, NewKeyError};
use crate::core::json::{Member, Value};
use crate::core::key::secret::Secret;
use crate::core::key::{
    Key, KeyUse, Material, RSA_SIZES,
    jwk::{self, Half},
    pem,
};
use crate::core::report::key::{self as report_key, KeyFilesReport, KeysReport};
use crate::core::text::escape::Shown;
use crate::core::text::shell;
use crate::core::token::algorithm::{Algorithm, KeyType};
use crate::core::token::base64url;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::seed;
use crate::keys::{KeyFile, NamedFile, PasswordSource, key_file, named_files};
use crate::output;
use std::path::Path;

/// Makes a key, and prints or writes it.
pub(crate) fn new(args: KeyNewArgs, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let chosen = args.algorithm();
    let algorithm = chosen.name();
    let kty = match chosen {
        NewKeyAlgorithm::Signature(algorithm) => Some(algorithm.kty()),
        NewKeyAlgorithm::Encryption(purpose) => purpose.kty(),
    };
    let is_secret = kty == Some(KeyType::Oct);
    if args.bits.is_some() && kty != Some(KeyType::Rsa) {
        return Err(UsageError::BitsWithoutRsa { algorithm }.into());
    }
    if args.crv.is_some() && kty.is_some() {
        return Err(UsageError::CurveWithoutAgreement { algorithm }.into());
    }
    if let Some(bits) = args.bits.filter(|bits| !RSA_SIZES.contains(bits)) {
        return Err(UsageError::UnsupportedRsaSize { bits, supported: &RSA_SIZES }.into());
    }
    match args.format {
        NewFormat::Pem if is_secret => return Err(UsageError::SecretAsPem.into()),
        NewFormat::Secret if !is_secret => return Err(UsageError::NotASecret { algorithm }.into()),
        NewFormat::Pem | NewFormat::Secret if args.kid.is_some() => {
            return Err(UsageError::KidWithoutJwk.into());
        }
        _ => {}
    }
    let mut key = match chosen {
        NewKeyAlgorithm::Signature(algorithm) => signing_key(algorithm, &args, host)?,
        NewKeyAlgorithm::Encryption(purpose) => encryption_key(purpose, &args, host)?,
    };
    key.kid = match args.kid.as_deref() {
        Some("thumbprint") => jwk::thumbprint(&key),
        other => other.map(str::to_owned),
    };
    let text = match args.format {
        NewFormat::Jwk => jwk::write(&key, Half::Private).map(jwk_text),
        NewFormat::Pem => pem::write(&key.material),
        NewFormat::Secret => match &key.material {
            Material::Hmac(secret) => {
                Some(Secret::new(format!("{}\n", base64url::encode(secret.expose())).into_bytes()))
            }
            _ => None,
        },
    };
    let text = text.ok_or(UsageError::NoSuchKeyForm)?;
    match &args.out {
        Some(path) if !output::is_stdout(path) => {
            output::new_file(path, text.expose(), &format!("the {algorithm} key"), host)?;
            announce(&key, chosen, &args, path, host);
        }
        _ if args.format == NewFormat::Jwk => output::write_secret_json(host, &text, ExitStatus::Unjudged)?,
        _ => output::write(host, text.expose(), ExitStatus::Unjudged)?,
    }
    Ok(ExitStatus::Done)
}

/// Says which file was written, and how to use it or share it.
fn announce(key: &Key, chosen: NewKeyAlgorithm, args: &KeyNewArgs, path: &Path, host: &mut Host<'_>) {
    let algorithm = chosen.name();
    let path = shell::word(&path.display().to_string());
    let what = if key.public().is_some() { "the private" } else { "the shared" };
    host.message(Level::Note, &format!("wrote {what} {algorithm} key to {path}"));
    let use_of_it = match chosen {
        _ if key.public().is_some() => {
            format!("share only its public half: fob key show {path} --public")
        }
        NewKeyAlgorithm::Encryption(_) => {
            format!("encrypt with --encrypt-for {path}, and decrypt with --decrypt-key {path}")
        }
        NewKeyAlgorithm::Signature(_) if args.format == NewFormat::Secret => {
            format!("sign and verify with --secret-file {path}")
        }
        NewKeyAlgorithm::Signature(_) => format!("sign and verify with --key {path}"),
    };
    host.message(Level::Hint, &use_of_it);
}

/// Makes a key for signatures.
fn signing_key(algorithm: Algorithm, args: &KeyNewArgs, host: &mut Host<'_>) -> Result<Key, UsageError> {
    let not_seeded =
        || UsageError::NoSeededKey { algorithm: algorithm.name(), others: "HS*, ES*, EdDSA or ML-DSA" };
    match args.seed.seed {
        Some(_) if algorithm.kty() == KeyType::Rsa => Err(not_seeded()),
        Some(seed) => {
            // Each algorithm has its own stream, so that one key reveals nothing about another.
            let mut stream = seed::stream(seed, algorithm.name(), host);
            Key::derive(algorithm, &mut stream).map_err(|_| not_seeded())
        }
        None => Key::generate(algorithm, args.bits).map_err(|_| UsageError::NoRandomKey),
    }
}

/// Makes a key for encryption.
fn encryption_key(purpose: KeyPurpose, args: &KeyNewArgs, host: &mut Host<'_>) -> Result<Key, UsageError> {
    let curve = args.crv.unwrap_or(AgreementCurve::P256);
    let made = match args.seed.seed {
        Some(_) if purpose.has_keys() && purpose.kty() == Some(KeyType::Rsa) => {
            let others = "ECDH-ES, A256KW or A256GCM";
            return Err(UsageError::NoSeededKey { algorithm: purpose.name(), others });
        }
        Some(seed) if purpose.has_keys() => {
            purpose.derive(curve, &mut seed::stream(seed, purpose.name(), host))
        }
        _ => purpose.generate(curve, args.bits),
    };
    made.map_err(|error| match error {
        NewKeyError::Key(_) => UsageError::NoRandomKey,
        error => UsageError::NoEncryptionKey { error },
    })
}

fn jwk_text(members: Vec<Member<'static>>) -> Secret {
    Secret::new(format!("{}\n", Value::Object(members)).into_bytes())
}

/// Shows the keys of a file, or prints them in another form.
pub(crate) fn show(args: KeyShowArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let password = key_settings::key_password(args.password.clone());
    if let Some(kid) = &args.files.misplaced {
        return Err(UsageError::MisplacedKid { kid: kid.clone() }.into());
    }
    if args.format == Some(ShowFormat::Jwks) {
        return show_set(&args, &password, host);
    }
    let named = args.files.named.iter();
    let files = named.map(|(path, kid)| key_file(path, kid.as_deref(), &password, host));
    let files: Vec<KeyFile> = files.collect::<Result<_, _>>()?;
    if args.thumbprint {
        return show_thumbprints(&files, json, host);
    }
    let is_converted = args.public || args.private || args.format.is_some();
    if is_converted && files.len() > 1 {
        return Err(UsageError::SeveralKeyFiles.into());
    }
    let text = files.first().filter(|_| is_converted).map(|file| converted(&args, file)).transpose()?;
    for file in &files {
        warn_if_private(&args, file, host);
    }
    if let Some(text) = text {
        return print_converted(&args, text, host);
    }
    if host.is_quiet() && !json {
        return Ok(ExitStatus::Done);
    }
    let reports: Vec<KeysReport<'_>> =
        files.iter().map(|file| KeysReport::new(&file.keys, &file.unreadable, &file.source)).collect();
    if json {
        let document = match reports.as_slice() {
            [report] => output::json(report),
            several => output::json(&KeyFilesReport { files: several }),
        };
        output::write_json(host, &document, ExitStatus::Done)?;
    } else {
        let text =
            output::rendered(|text| report_key::render_files(text, &reports, host.now(), host.screen()));
        output::write_report(host, &text, ExitStatus::Done)?;
    }
    Ok(ExitStatus::Done)
}

/// Prints the thumbprints of keys, one a line. The lines of several files name the file, too.
fn show_thumbprints(files: &[KeyFile], json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let mut text = String::new();
    let mut lines = Vec::new();
    for file in files {
        // The thumbprint of a key whose halves differ would name one of two keys.
        if let Some(key) = file.keys.iter().find(|key| !key.is_consistent()) {
            let (source, reason) = (key.source.clone(), key.unconvertible_reason());
            return Err(UsageError::UnwritableKey { source, reason }.into());
        }
        let prints: Vec<String> = file.keys.iter().filter_map(jwk::thumbprint).collect();
        if prints.is_empty() {
            return Err(UsageError::NoThumbprint { source: file.source.clone() }.into());
        }
        for print in prints {
            if json {
                output::json_line(&mut lines, &print);
                continue;
            }
            text.push_str(&print);
            if files.len() > 1 {
                text.push_str("  ");
                text.push_str(&Shown(&file.source).to_string());
            }
            text.push('\n');
        }
    }
    if json {
        output::write_json_lines(host, &lines, ExitStatus::Done)?;
    } else {
        output::write(host, text.as_bytes(), ExitStatus::Done)?;
    }
    Ok(ExitStatus::Done)
}

/// Prints the keys of several files as one set.
fn show_set(
    args: &KeyShowArgs,
    password: &PasswordSource,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let named = args.files.named.iter().cloned();
    let files: Vec<NamedFile> = named.map(|(path, kid)| NamedFile { path, kid }).collect();
    let purpose = if args.private { KeyUse::Sign } else { KeyUse::Verify };
    let files = named_files(&files, purpose, password, host)?;
    for file in &files {
        // The members of a set are left out with a warning, but a file that the user names is not.
        for key in file.keys.iter().filter(|_| !file.is_set) {
            let source = key.source.clone();
            if let Some(reason) = key.unconvertible_reason() {
                return Err(UsageError::UnwritableKey { source, reason: Some(reason) }.into());
            }
            if !args.private && key.public().is_none() {
                return Err(UsageError::NoPublicHalf { source }.into());
            }
        }
    }
    for file in &files {
        warn_if_private(args, file, host);
    }
    let source = files.iter().map(|file| file.source.as_str()).collect::<Vec<_>>().join(", ");
    let (keys, unreadable): (Vec<_>, Vec<_>) =
        files.into_iter().map(|file| (file.keys, file.unreadable)).unzip();
    let (keys, unreadable) = (keys.concat(), unreadable.concat());
    print_converted(args, converted(args, &KeyFile { keys, unreadable, is_set: true, source })?, host)
}

/// Warns of a file with private keys of which the public halves are shown.
fn warn_if_private(args: &KeyShowArgs, file: &KeyFile, host: &mut Host<'_>) {
    let is_private = |key: &Key| key.is_private() && !key.has_type(KeyType::Oct);
    if args.private || !file.keys.iter().any(is_private) {
        return;
    }
    let source = &file.source;
    let told = if args.public || args.format.is_some() {
        format!("{source} contains the private half, too: share this output, not the file")
    } else {
        format!("{source} contains a private key: share the output of --public, not the file")
    };
    host.message(Level::Warning, &told);
}

/// Prints keys in another form, and how many of a set have no such form. The output misses them, so that is said even with
/// `--quiet`.
fn print_converted(
    args: &KeyShowArgs,
    (text, left_out): (Secret, usize),
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    if left_out > 0 {
        let what = format!(
            "left out {left_out} of the keys in the set; run `fob key show` without options to see all of them"
        );
        host.important_message(Level::Warning, &what);
    }
    match args.format {
        Some(ShowFormat::Pem) => output::write(host, text.expose(), ExitStatus::Done)?,
        Some(ShowFormat::Jwk | ShowFormat::Jwks) | None => {
            output::write_secret_json(host, &text, ExitStatus::Done)?;
        }
    }
    Ok(ExitStatus::Done)
}

/// Returns the keys in another form, and how many of a set have no such form. Private halves are included only on
/// request.
fn converted(args: &KeyShowArgs, file: &KeyFile) -> Result<(Secret, usize), UsageError> {
    let secret = || UsageError::NoPublicHalf { source: file.source.clone() };
    let unwritable = |key: &Key, reason| UsageError::UnwritableKey { source: key.source.clone(), reason };
    let none_writable = || UsageError::NoWritableKey { source: file.source.clone() };
    let mut left_out = file.unreadable.len();
    let mut chosen: Vec<Key> = Vec::new();
    for key in &file.keys {
        // A refused key stays refused in every form. The public half alone would hide why.
        if let Some(reason) = key.unconvertible_reason() {
            if !file.is_set {
                return Err(unwritable(key, Some(reason)));
            }
            left_out += 1;
            continue;
        }
        match (args.private, key.public()) {
            (true, _) if !key.is_private() && !file.is_set => {
                return Err(UsageError::NoPrivateHalf { source: file.source.clone() });
            }
            (true, _) => chosen.push(key.clone()),
            (false, Some(public)) => chosen.push(public),
            (false, None) if file.is_set => left_out += 1,
            (false, None) => return Err(secret()),
        }
    }
    if args.format == Some(ShowFormat::Pem) {
        let mut text = Vec::new();
        for key in &chosen {
            if key.has_type(KeyType::Oct) {
                return Err(UsageError::ShownSecretAsPem);
            }
            match pem::write(&key.material) {
                Some(pem) => text.extend_from_slice(pem.expose()),
                None if file.is_set => left_out += 1,
                None => return Err(unwritable(key, key.unusable_reason())),
            }
        }
        if text.is_empty() {
            return Err(none_writable());
        }
        return Ok((Secret::new(text), left_out));
    }
    let half = if args.private { Half::Private } else { Half::Public };
    let mut jwks = Vec::new();
    for key in &chosen {
        match jwk::write(key, half) {
            Some(members) => jwks.push(members),
            // Members of a set that cannot be written are skipped.
            None if file.is_set => left_out += 1,
            None => return Err(unwritable(key, key.unusable_reason())),
        }
    }
    if jwks.is_empty() && left_out > 0 {
        return Err(none_writable());
    }
    if file.is_set {
        let keys = jwks.into_iter().map(Value::Object).collect();
        return Ok((jwk_text(vec![Member::new("keys", Value::Array(keys))]), left_out));
    }
    let text = jwks.into_iter().next().map(jwk_text);
    text.map(|text| (text, 0)).ok_or(UsageError::NoKeyToPrint)
}

//! `fob key`: makes keys, and shows them without showing what is private.

use crate::cli::key::{KeyNewArgs, KeyShowArgs, NewFormat, ShowFormat};
use crate::commands::key_settings;
use crate::core::json::{Member, Value};
use crate::core::key::secret::Secret;
use crate::core::key::{
    Key, Material, RSA_SIZES,
    jwk::{self, Half},
    write,
};
use crate::core::report::key::{self as report_key, KeysReport};
use crate::core::token::algorithm::KeyType;
use crate::core::token::base64url;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::seed;
use crate::keys::{KeyFile, key_file};
use crate::output;

pub(crate) fn new(args: KeyNewArgs, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let algorithm = args.alg;
    let is_secret = algorithm.kty() == KeyType::Oct;
    if args.bits.is_some() && algorithm.kty() != KeyType::Rsa {
        return Err(CommandError::usage(format!(
            "--bits is for RSA keys; {algorithm} decides its size itself"
        )));
    }
    if let Some(bits) = args.bits.filter(|bits| !RSA_SIZES.contains(bits)) {
        let sizes = RSA_SIZES.map(|size| size.to_string()).join(", ");
        return Err(CommandError::usage(format!(
            "no RSA key of {bits} bits can be made; it is one of {sizes}"
        )));
    }
    match args.format {
        NewFormat::Pem if is_secret => {
            return Err(CommandError::usage("a secret has no PEM").with_hint("use --format jwk or secret"));
        }
        NewFormat::Secret if !is_secret => {
            return Err(CommandError::usage(format!("a key for {algorithm} is no secret"))
                .with_hint("use --format jwk or pem"));
        }
        NewFormat::Pem | NewFormat::Secret if args.kid.is_some() => {
            return Err(CommandError::usage("only a JWK has room for a name").with_hint("use --format jwk"));
        }
        _ => {}
    }
    let mut key = match args.seed.seed {
        Some(_) if algorithm.kty() == KeyType::Rsa => {
            return Err(CommandError::usage(format!("no key for {algorithm} can be made from a seed"))
                .with_hint("HS*, ES*, EdDSA and ML-DSA keys can; keep an RSA key in a file"));
        }
        Some(seed) => {
            // A key for one algorithm says nothing of that for another.
            let mut stream = seed::stream(seed, algorithm.name(), host);
            Key::derive(algorithm, &mut stream)
                .map_err(|unusable| CommandError::usage(unusable.to_string()))?
        }
        None => Key::generate(algorithm, args.bits)
            .map_err(|_| CommandError::usage("the system gives no randomness for a key"))?,
    };
    key.kid = match args.kid.as_deref() {
        Some("thumbprint") => jwk::thumbprint(&key),
        other => other.map(str::to_owned),
    };
    let text = match args.format {
        NewFormat::Jwk => jwk::write(&key, Half::Private).map(jwk_text),
        NewFormat::Pem => write::pem(&key.material),
        NewFormat::Secret => match &key.material {
            Material::Hmac(secret) => {
                Some(Secret::new(format!("{}\n", base64url::encode(secret.expose())).into_bytes()))
            }
            _ => None,
        },
    };
    let text = text.ok_or_else(|| CommandError::usage("this key cannot be written in that form"))?;
    match &args.out {
        Some(path) if !output::is_stdout(path) => {
            output::new_file(path, text.expose(), &format!("the {algorithm} key"), host)?;
        }
        _ => output::write(host, text.expose(), ExitStatus::Unjudged)?,
    }
    Ok(ExitStatus::Done)
}

fn jwk_text(members: Vec<Member<'static>>) -> Secret {
    Secret::new(format!("{}\n", Value::Object(members)).into_bytes())
}

pub(crate) fn show(args: KeyShowArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let password = key_settings::key_password(args.password.clone());
    let shelf = key_file(&args.path, args.kid.as_deref(), &password, host)?;
    if args.thumbprint {
        let prints: Vec<String> = shelf.keys.iter().filter_map(jwk::thumbprint).collect();
        if prints.is_empty() {
            return Err(CommandError::usage(format!("no key of {} has a thumbprint", shelf.source)));
        }
        output::write(host, format!("{}\n", prints.join("\n")).as_bytes(), ExitStatus::Done)?;
        return Ok(ExitStatus::Done);
    }
    if shelf.keys.iter().any(|key| key.is_private() && !key.has_type(KeyType::Oct)) && !args.private {
        let source = &shelf.source;
        let told = if args.public || args.format.is_some() {
            format!("{source} holds the private half, too: share what is printed here, not the file")
        } else {
            format!("{source} holds a private key: share the output of --public, not the file")
        };
        host.message(Level::Warning, &told);
    }
    if args.public || args.private || args.format.is_some() {
        let (text, left_out) = converted(&args, &shelf)?;
        if left_out > 0 {
            let what = format!(
                "left out: {left_out} of the set that cannot be written; `fob key show` without more says why"
            );
            host.message(Level::Warning, &what);
        }
        output::write(host, text.expose(), ExitStatus::Done)?;
        return Ok(ExitStatus::Done);
    }
    if host.is_quiet() {
        return Ok(ExitStatus::Done);
    }
    let report = KeysReport::new(&shelf.keys, &shelf.unreadable, &shelf.source);
    if json {
        output::write(host, &output::json(&report), ExitStatus::Done)?;
    } else {
        let mut text = Vec::new();
        report_key::render(&mut text, &report, host.now(), host.screen())?;
        output::write(host, &text, ExitStatus::Done)?;
    }
    Ok(ExitStatus::Done)
}

/// The keys in another form, without their private halves unless those were asked for; and how many of a set have no
/// such form.
fn converted(args: &KeyShowArgs, shelf: &KeyFile) -> Result<(Secret, usize), CommandError> {
    let secret = || {
        CommandError::usage(format!("{} is a secret, and has no public half", shelf.source))
            .with_hint("--private prints the secret itself")
    };
    let foreign = |key: &Key| {
        let why = key.unusable_reason().map(|failure| failure.detail).unwrap_or_default();
        CommandError::usage(format!("the key from {} cannot be written: {why}", key.source))
    };
    let mut left_out = shelf.unreadable.len();
    let mut chosen: Vec<Key> = Vec::new();
    for key in &shelf.keys {
        match (args.private, key.public()) {
            (true, _) if !key.is_private() && !shelf.is_set => {
                return Err(CommandError::usage(format!("there is no private half in {}", shelf.source)));
            }
            (true, _) => chosen.push(key.clone()),
            (false, Some(public)) => chosen.push(public),
            (false, None) if shelf.is_set => left_out += 1,
            (false, None) => return Err(secret()),
        }
    }
    if args.format == Some(ShowFormat::Pem) {
        let mut text = Vec::new();
        for key in &chosen {
            if key.has_type(KeyType::Oct) {
                return Err(CommandError::usage("a secret has no PEM").with_hint("use --format jwk"));
            }
            match write::pem(&key.material) {
                Some(pem) => text.extend_from_slice(pem.expose()),
                None if shelf.is_set => left_out += 1,
                None => return Err(foreign(key)),
            }
        }
        return Ok((Secret::new(text), left_out));
    }
    let half = if args.private { Half::Private } else { Half::Public };
    let mut jwks = Vec::new();
    for key in &chosen {
        match jwk::write(key, half) {
            Some(members) => jwks.push(members),
            // In a set, what is not understood is passed over.
            None if shelf.is_set => left_out += 1,
            None => return Err(foreign(key)),
        }
    }
    if shelf.is_set {
        let keys = jwks.into_iter().map(Value::Object).collect();
        return Ok((jwk_text(vec![Member::new("keys", Value::Array(keys))]), left_out));
    }
    let text = jwks.into_iter().next().map(jwk_text);
    text.map(|text| (text, 0)).ok_or_else(|| CommandError::usage("there is no key to print"))
}

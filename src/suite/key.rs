//! Naming the key of a new suite. A secret itself is never written: the suite names a variable instead.

use super::write::Setting;
use crate::core::key::secret::SecretFormat;
use crate::host::Host;
use crate::keys::{
    DECRYPTION_VARIABLE, DecryptionSettings, DecryptionSource, KeySettings, KeySource, PasswordSource,
    is_key, is_url,
};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// The variable that a suite names if the secret has no name of its own.
pub(crate) const VARIABLE: &str = "FOB_SECRET";

/// The file beside the suite that a suite names if the key has no path of its own.
pub(crate) const FILE: &str = "KEY.pem";

/// Returns the settings that name the key in a suite at this path, and a hint if the user must act before the suite can
/// run.
pub(crate) fn settings(
    key: &KeySettings,
    suite: &Path,
    host: &Host<'_>,
) -> (Vec<(String, Setting)>, Option<String>) {
    let mut settings = Vec::new();
    let mut set = |name: &str, value: String| settings.push((name.to_owned(), Setting::Text(value)));
    let path = |path: &Path| from_folder_of(suite, path, host);
    let variable = |name: &str| (host.env)(name).filter(|value| !value.is_empty());
    let in_file = || Some(format!("the suite names {FILE}: put the key into that file, beside the suite"));
    let in_variable = || Some(format!("the suite holds no secret: set {VARIABLE} where you run the suite"));
    let mut is_secret = false;
    let hint = match &key.source {
        KeySource::Issuer(issuer) => {
            set("issuer-keys", issuer.clone());
            None
        }
        KeySource::Key(origin) => {
            let (name, hint) = match origin.to_str() {
                Some("-") => (FILE.to_owned(), in_file()),
                Some(url) if is_url(url) => (url.to_owned(), None),
                _ => (path(Path::new(origin)), None),
            };
            set("key", name);
            hint
        }
        // A suite names one key.
        KeySource::Keys(_) => in_file(),
        KeySource::SecretVariable(name) => {
            is_secret = true;
            set("secret-env", name.clone());
            None
        }
        KeySource::SecretFile(file) => {
            is_secret = true;
            set("secret-file", path(file));
            None
        }
        source @ (KeySource::Secret(_) | KeySource::Unspecified) => {
            let is_unnamed = matches!(source, KeySource::Unspecified);
            match variable("FOB_KEY").filter(|_| is_unnamed) {
                Some(key) => match key.to_str() {
                    Some("-") => {
                        set("key", FILE.to_owned());
                        in_file()
                    }
                    // The variable holds the key itself, and a suite that names no key uses it too.
                    Some(text) if is_key(text) => None,
                    _ => {
                        set("key", path(Path::new(&key)));
                        None
                    }
                },
                None => {
                    is_secret = true;
                    set("secret-env", VARIABLE.to_owned());
                    let is_set = is_unnamed && variable(VARIABLE).is_some();
                    if is_set { None } else { in_variable() }
                }
            }
        }
    };
    if is_secret && key.secret_format != SecretFormat::Text {
        set("secret-format", key.secret_format.name().to_owned());
    }
    for (name, value) in [("kid", &key.kid), ("kid-claim", &key.kid_claim)] {
        if let Some(value) = value {
            set(name, value.clone());
        }
    }
    match &key.password {
        PasswordSource::Prompt => {}
        PasswordSource::Variable(name) => set("key-password-env", name.clone()),
        PasswordSource::File(file) => set("key-password-file", path(file)),
    }
    if let Some(folder) = &key.cache.folder {
        set("cache", path(folder));
    }
    if key.cache.offline {
        settings.push(("offline".to_owned(), Setting::Flag(true)));
    }
    (settings, hint)
}

/// The file beside the suite that a suite names if the decryption key has no path of its own.
const DECRYPTION_FILE: &str = "DECRYPT_KEY.jwk";

/// Returns the settings that name the decryption keys in a suite at this path, and a hint if the user must act before the
/// suite can run.
pub(crate) fn decryption_settings(
    keys: &DecryptionSettings,
    cookie: Option<&str>,
    suite: &Path,
    host: &Host<'_>,
) -> (Vec<(String, Setting)>, Option<String>) {
    let mut settings = Vec::new();
    let mut set = |name: &str, value: Setting| settings.push((name.to_owned(), value));
    let in_file = || {
        Some(format!(
            "the suite names {DECRYPTION_FILE}: put the decryption key into that file, beside the suite"
        ))
    };
    let mut hint = None;
    let mut path = |place: &OsStr| match place.to_str() {
        Some("-") => {
            hint = in_file();
            DECRYPTION_FILE.to_owned()
        }
        _ => from_folder_of(suite, Path::new(place), host),
    };
    let mut is_secret = false;
    match &keys.source {
        DecryptionSource::Keys(places) => match places.as_slice() {
            [place] => set("decrypt-key", Setting::Text(path(place))),
            several => set("decrypt-key", Setting::Texts(several.iter().map(|place| path(place)).collect())),
        },
        DecryptionSource::SecretFile(file) => {
            is_secret = true;
            set("decrypt-secret-file", Setting::Text(from_folder_of(suite, file, host)));
        }
        DecryptionSource::SecretVariable(name) => {
            is_secret = true;
            set("decrypt-secret-env", Setting::Text(name.clone()));
        }
        DecryptionSource::Unspecified => {
            let value = (host.env)(DECRYPTION_VARIABLE).filter(|value| !value.is_empty());
            // The variable may hold the key itself, and a suite that names no key uses it too.
            if let Some(value) = value.filter(|value| !value.to_str().is_some_and(is_key)) {
                set("decrypt-key", Setting::Text(path(&value)));
            }
        }
    }
    if is_secret && keys.secret_format != SecretFormat::Text {
        set("decrypt-secret-format", Setting::Text(keys.secret_format.name().to_owned()));
    }
    if !keys.named.is_empty() {
        let named = keys.named.iter().map(|algorithm| algorithm.name().to_owned());
        set("decrypt-alg", Setting::Texts(named.collect()));
    }
    if let Some(name) = cookie {
        set("cookie", Setting::Text(name.to_owned()));
    }
    (settings, hint)
}

/// Returns a path relative to the folder of the suite, so that both can be moved together.
///
/// An absolute path stays absolute. So does one that no relative path can reach.
pub(crate) fn from_folder_of(suite: &Path, path: &Path, host: &Host<'_>) -> String {
    if path.is_absolute() {
        return written(path);
    }
    let absolute = || std::path::absolute(path).map_or_else(|_| written(path), |path| written(&path));
    if suite.is_absolute() {
        return absolute();
    }
    let place = suite.parent().unwrap_or(Path::new(""));
    let Some(folder) = steps(place) else { return absolute() };
    let parts: Vec<&OsStr> =
        path.components().filter(|part| *part != Component::CurDir).map(Component::as_os_str).collect();
    let shared = folder.iter().zip(&parts).take_while(|(one, other)| one == other).count();
    let up = folder.iter().skip(shared).map(|_| OsStr::new(".."));
    let relative: PathBuf = up.chain(parts.into_iter().skip(shared)).collect();
    // `..` of a linked folder is not the folder that holds the link.
    let real = |path: &Path| host.locked_files.resolve(path).ok().map(|found| found.path);
    let is_elsewhere = real(path).is_some_and(|wanted| real(&place.join(&relative)) != Some(wanted));
    if is_elsewhere { absolute() } else { written(&relative) }
}

/// Returns the folders of a path, or `None` if it does not only lead downwards.
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

/// Returns a path with slashes, which every system accepts.
fn written(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

//! A folder with the files that the examples of the help use, and a server in place of those at `example`.

use crate::docs::documents::shell;
use crate::support::server::{Request, Server, send};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Output;

/// The files, made by fob itself. The shell knows the URL of the server as BASE.
const FILES: &str = r#"
set -e
umask 077
fob key new --alg HS256 --format secret --out secret.txt
fob key new --alg ES256 --format pem --out private.pem
cp private.pem ci.pem
fob key show private.pem --public --format pem > public.pem
fob key show private.pem --public --format jwks > keys.json
fob key new --alg ECDH-ES+A256KW --out encryption.jwk
fob key show encryption.jwk --public > encryption.json
fob encode --sub alice --iss $BASE --aud api --exp 1h --key private.pem > token.txt
fob encode --sub alice --exp -1h --key private.pem > expired.txt
fob encode --sub alice --jti --exp 1h --key private.pem > once.txt
fob encode --sub bob --jti --exp 1h --key private.pem | fob verify -q --key private.pem --once --store used.db
fob encode --sub alice --exp 1h --key private.pem --encrypt-for encryption.jwk > encrypted.txt
echo '{"sub":"alice"}' | tee claims.json body.json claims.jsonl > /dev/null
fob encode --detached --payload @body.json --key private.pem > detached.txt
cat token.txt token.txt > tokens.txt
sed 's/^/GET \/me Authorization: Bearer /' token.txt > access.log
fob encode --exp 15m --key private.pem --flaw all --suite suite.toml
fob pair --user-id 7 --secret-file secret.txt --json > tokens.json
fob decode @tokens.json --pick refresh --part token > refresh.txt
fob pair --user-id 7 --secret-file secret.txt --store sessions.db --json > pair.json
fob decode @pair.json --pick refresh --part token > stored.txt
fob pair --from $BASE/api/token/ --user al --password-env PW --session api.json
"#;

/// The shell's other commands and variables.
const SETTINGS: &str = "curl() { cat access.log; }\nexport PW=hunter22";

/// A folder with the files, and the server. Each example gets a copy of the folder.
pub(crate) struct Kitchen {
    folder: tempfile::TempDir,
    base: String,
}

impl Kitchen {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let server = Server::posts(move |request, out| answer(&path, request, out));
        let base = format!("http://{}", server.address);
        let script = format!("{SETTINGS}\nBASE={base}\n{FILES}");
        let output = shell(folder.path(), &script);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { folder, base }
    }

    /// Runs an example in a copy of the folder.
    pub(crate) fn run(&self, example: &str) -> Output {
        let copy = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let from: PathBuf = entry.unwrap().path();
            std::fs::copy(&from, copy.path().join(from.file_name().unwrap())).unwrap();
        }
        let local = ["https://id.example", "https://api.example"]
            .iter()
            .fold(example.to_owned(), |text, host| text.replace(host, &self.base));
        assert!(!local.contains("https://"), "{example} would contact another server");
        shell(copy.path(), &format!("{SETTINGS}\n{local}"))
    }
}

fn answer(folder: &Path, request: &Request, out: &mut dyn Write) -> io::Result<()> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let host = request
        .head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("host: ").map(str::to_owned));
    let base = format!("http://{}", host.unwrap_or_default());
    let body = match request.path.as_str() {
        "/keys.json" | "/encryption.json" => read(request.path.trim_start_matches('/')),
        "/.well-known/openid-configuration" => {
            format!(r#"{{"issuer":"{base}","jwks_uri":"{base}/keys.json","token_endpoint":"{base}/token"}}"#)
        }
        "/token" => format!(
            r#"{{"access_token":"{}","token_type":"Bearer","expires_in":3600}}"#,
            read("token.txt").trim()
        ),
        "/api/token/" | "/api/token/refresh/" => read("tokens.json"),
        "/api/token/blacklist/" => "{}".to_owned(),
        _ => return send(out, 404, "", ""),
    };
    send(out, 200, "Content-Type: application/json\r\n", &body)
}

//! What the help of each command shows beside its options: examples, the options of the summary, and the exit statuses. Tests
//! run each example and demand that each option exists.

use super::Length;
use std::fmt::Write as _;

/// The help of a command, apart from its options. Its parts are texts, not lists: each reference in a table of data costs every
/// run of the program some instructions.
#[derive(Clone, Copy, Debug)]
pub struct HelpPage {
    /// The words of the command after the name of the program.
    pub command: &'static str,
    /// The long names of the options in the summary, in its order, with spaces between them.
    pub summary: &'static str,
    /// Command lines that work, one a line. The first four stand in the summary. They use files with plain names, such as `token.txt`,
    /// and servers at `example`, which a test provides.
    pub examples: &'static str,
    /// The exit statuses, for commands that judge.
    pub statuses: &'static [(u8, &'static str)],
    /// Headings and options whose details another command has, and that command.
    pub elsewhere: &'static [(&'static str, &'static str)],
}

/// The exit statuses of commands that verify a token.
const VERDICT: &[(u8, &str)] = &[
    (0, "accepted"),
    (1, "rejected"),
    (2, "nothing judged: wrong usage, an unreadable file, an unusable key"),
    (3, "only wrong times: rejected, but authentic"),
    (4, "no token, malformed or encrypted"),
];

/// The page of each command. `HEADINGS` and clap have the rest.
pub const PAGES: &[HelpPage] = &[
    HelpPage {
        command: "",
        summary: "json quiet at tz color",
        examples: "\
fob eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.
fob verify @token.txt --key public.pem --aud api
fob encode --sub alice --exp 15m --secret-file secret.txt | fob decode
fob inspect access.log",
        statuses: &[
            (0, "done; verify and refresh: accepted"),
            (1, "rejected: a check failed"),
            (2, "nothing judged: wrong usage, an unreadable file, an unusable key"),
            (3, "only wrong times: rejected, but authentic"),
            (4, "no token, malformed or encrypted"),
        ],
        elsewhere: &[],
    },
    HelpPage {
        command: "encode",
        summary: "claim sub iss aud exp jti key secret-file secret-env alg kid header format encrypt-for lines \
            flaw json at",
        examples: "\
fob encode --sub alice --exp 15m --secret-file secret.txt
fob encode --sub alice --aud api -c role=admin -c level:=3 --key private.pem
fob encode @claims.json --exp 1h --key private.pem
echo '{\"sub\":\"alice\"}' | fob encode - --exp 1h --key private.pem
fob encode --sub alice --key private.pem --format header
fob encode --sub alice --key private.pem --encrypt-for https://id.example/encryption.json
fob encode --lines claims.jsonl --exp 1h --key private.pem
fob encode --detached --no-b64 --payload @body.json --key private.pem
fob encode --sub alice --jti --seed 1 --at 2026-01-31 --secret-file secret.txt -q
fob encode --exp 15m --flaw alg-none --secret-file secret.txt
fob encode --exp 15m --flaw all --suite flaws.toml --secret-file secret.txt",
        statuses: &[],
        elsewhere: &[],
    },
    HelpPage {
        command: "decode",
        summary: "claim part pick join decrypt-key secret-env lines json at tz",
        examples: "\
fob decode eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.
fob decode @token.txt
fob encode --sub alice --secret-file secret.txt | fob decode --claim sub
fob decode @token.txt --part payload
fob decode @token.txt --json
fob decode @encrypted.txt --decrypt-key encryption.jwk
fob decode --lines tokens.txt --claim sub",
        statuses: &[],
        elsewhere: &[],
    },
    HelpPage {
        command: "verify",
        summary: "key issuer-keys secret-file secret-env aud iss claim require strict leeway get expect \
            verbose pick decrypt-key lines suite json quiet at",
        examples: "\
fob verify @token.txt --key public.pem --aud api
fob verify @token.txt --key https://id.example/keys.json --iss https://id.example
fob verify @token.txt --issuer-keys https://id.example --aud api --strict
fob encode --exp 15m --secret-file secret.txt | fob verify --secret-file secret.txt
fob verify @token.txt --key public.pem --get sub
fob verify @expired.txt --key public.pem --expect expired
fob verify @encrypted.txt --decrypt-key encryption.jwk --key public.pem
fob verify @once.txt --key public.pem --once --store used.db
fob verify @detached.txt --payload @body.json --key public.pem
fob verify --lines tokens.txt --key public.pem --print accepted
fob verify --suite suite.toml --report junit=report.xml",
        statuses: VERDICT,
        elsewhere: &[("store", "pair")],
    },
    HelpPage {
        command: "test",
        summary: "filter fail-fast report json quiet",
        examples: "\
fob test suite.toml
fob test suite.toml --report junit=report.xml --report html=report.html
fob test suite.toml --filter expired --fail-fast
fob encode --exp 15m --key private.pem --flaw all --suite new.toml; fob test new.toml",
        statuses: &[
            (0, "every case has the expected outcome"),
            (1, "a case has another outcome"),
            (2, "a suite cannot be read"),
        ],
        elsewhere: &[],
    },
    HelpPage {
        command: "pair",
        summary: "user-id sub profile access-ttl refresh-ttl claim iss aud key secret-file secret-env format \
            store from issuer user session json at",
        examples: "\
fob pair --user-id 7 --secret-file secret.txt
fob pair --profile flask-jwt-extended --sub alice --aud api --key private.pem
fob pair --user-id 7 --secret-file secret.txt --json | fob inspect
fob pair --from https://api.example/api/token/ --user al --password-env PW --session new.json
fob pair --user-id 7 -c role=admin --secret-file secret.txt --format env
fob pair --profile drf-jwt --user-id 7 -c username=al --secret-file secret.txt
fob pair --user-id 7 --secret-file secret.txt --store sessions.db
fob pair --user-id 7 --secret-file secret.txt --seed 1 --at 2026-01-31 -q
fob pair --issuer https://id.example --grant client-credentials --client ci --client-key ci.pem",
        statuses: &[],
        elsewhere: &[("Encryption", "encode")],
    },
    HelpPage {
        command: "refresh",
        summary: "session valid-for rotate profile key secret-file secret-env access-ttl aud iss store format \
            from issuer client pick json at",
        examples: "\
fob refresh --session api.json
fob refresh @refresh.txt --secret-file secret.txt
fob pair --user-id 7 --secret-file secret.txt | fob refresh --secret-file secret.txt --rotate
fob refresh @tokens.json --from https://api.example/api/token/refresh/ --json
curl -H \"$(fob refresh --session api.json --format header)\" https://api.example/me
fob refresh @stored.txt --secret-file secret.txt --rotate --store sessions.db",
        statuses: VERDICT,
        elsewhere: &[
            ("Encryption", "encode"),
            ("Decryption", "verify"),
            ("Checks", "verify"),
            ("Client", "pair"),
            ("Servers of other kinds", "pair"),
            ("profile", "pair"),
            ("store", "pair"),
        ],
    },
    HelpPage {
        command: "inspect",
        summary: "redact oneline count unique valid-for require report suite key issuer-keys secret-file \
            secret-env decrypt-key json quiet at tz",
        examples: "\
fob inspect access.log
fob inspect access.log --redact
fob inspect @token.txt --key https://id.example/keys.json
curl -sv https://api.example/me 2>&1 | fob inspect
fob inspect access.log --oneline
fob inspect access.log --redact --report html=tokens.html
fob inspect access.log --json --unique
fob inspect @token.txt --valid-for 5m --require sub
fob inspect @token.txt --key private.pem --suite recorded.toml",
        statuses: &[
            (0, "done; with a key, each token is accepted"),
            (1, "rejected, or --require is not met"),
            (2, "nothing judged: wrong usage, an unreadable file, an unusable key"),
            (3, "a token expires sooner than --valid-for, or only its times are wrong"),
            (4, "no token"),
        ],
        elsewhere: &[("Decryption", "verify")],
    },
    HelpPage {
        command: "revoke",
        summary: "store family subject list prune session from issuer profile pick json",
        examples: "\
fob revoke @stored.txt --store sessions.db
fob revoke @stored.txt --family --store sessions.db
fob revoke --subject 7 --store sessions.db
fob revoke --session api.json
fob revoke @tokens.json --from https://api.example/api/token/blacklist/
fob revoke --pick access --store sessions.db < pair.json
fob revoke --list --store sessions.db
fob revoke --prune --store sessions.db",
        statuses: &[],
        elsewhere: &[("Client", "pair"), ("field", "pair"), ("profile", "pair")],
    },
    HelpPage {
        command: "key",
        summary: "json quiet",
        examples: "\
fob key new --out signing.jwk
fob key show private.pem --public -q
fob key new --alg ES256 | fob key show - --thumbprint",
        statuses: &[],
        elsewhere: &[],
    },
    HelpPage {
        command: "key new",
        summary: "alg out format kid crv bits seed",
        examples: "\
fob key new --kid thumbprint --out signing.jwk
fob key new --alg HS256 --format secret --out new-secret.txt
fob key new --alg RS256 --bits 2048 --format pem --out signing.pem
fob key new --alg EdDSA | fob encode --sub alice --key -
fob key new --alg ES256 --kid thumbprint --seed 1 -q
fob key new --alg ECDH-ES --crv X25519
fob key new --alg A256GCM --kid shared",
        statuses: &[],
        elsewhere: &[],
    },
    HelpPage {
        command: "key show",
        summary: "public private format kid thumbprint key-password-file json",
        examples: "\
fob key show public.pem
fob key show private.pem --public --format jwk -q
fob key show keys.json --thumbprint
fob key new --alg ES256 | fob key show - --public --format pem -q
fob key show --format jwks --private --kid al secret.txt --kid bo secret.txt",
        statuses: &[],
        elsewhere: &[],
    },
    HelpPage {
        command: "schema",
        summary: "json",
        examples: "\
fob schema
fob schema verify > verify.schema.json
fob schema key show",
        statuses: &[],
        elsewhere: &[],
    },
    HelpPage {
        command: "completions",
        summary: "",
        examples: "\
fob completions bash > fob.bash
fob completions zsh > _fob",
        statuses: &[],
        elsewhere: &[],
    },
    HelpPage {
        command: "man",
        summary: "out",
        examples: "\
fob man
fob man verify
fob man key new
mkdir -p man1 && fob man --out man1",
        statuses: &[],
        elsewhere: &[],
    },
];

/// The page of a command without examples, which a test refuses.
const EMPTY: HelpPage = HelpPage { command: "", summary: "", examples: "", statuses: &[], elsewhere: &[] };

impl HelpPage {
    /// Returns the page of a command, by its words after the name of the program.
    #[must_use]
    pub fn of(command: &str) -> Self {
        PAGES.iter().find(|page| page.command == command).copied().unwrap_or(EMPTY)
    }

    /// Returns the command whose help has the details on a heading or an option of this one.
    pub(super) fn other(&self, what: &str) -> Option<&'static str> {
        self.elsewhere.iter().find(|(name, _)| *name == what).map(|(_, command)| *command)
    }

    /// Returns the exit statuses of the command. A command that judges nothing has two.
    #[must_use]
    pub fn all_statuses(&self) -> Vec<(u8, &'static str)> {
        const DONE: &[(u8, &str)] =
            &[(0, "done"), (2, "not done: wrong usage, an unreadable file, an unusable key, a failed write")];
        if self.statuses.is_empty() { DONE.to_vec() } else { self.statuses.to_vec() }
    }

    /// Returns the list of the exit statuses. In a summary it is one line, if that is short enough.
    pub(super) fn statuses(&self, length: Length) -> String {
        let short = |text: &'static str| text.split([':', ';']).next().unwrap_or(text);
        if length == Length::Summary {
            let all = self.statuses.iter().map(|(number, text)| format!("{number} {}", short(text)));
            let line = format!("  {}", all.collect::<Vec<_>>().join(", "));
            if line.len() <= 100 {
                return line;
            }
        }
        let mut lines = String::new();
        for (number, text) in self.statuses {
            let _ = writeln!(lines, "  {number}  {text}");
        }
        lines
    }
}

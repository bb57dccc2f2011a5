//! What a command uses besides its options: environment variables and files. One line for each.

/// A variable or a file, and what it is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surrounding {
    /// The name.
    pub(super) name: &'static str,
    /// Its purpose, as a sentence.
    pub(super) purpose: &'static str,
    /// The commands that use it, with spaces between them. Empty if all do.
    commands: &'static str,
}

const SIGNING: &str = "encode pair refresh verify test inspect";
const DECRYPTING: &str = "decode refresh verify test inspect";
const FETCHING: &str = "encode pair refresh revoke verify test inspect";
const STORING: &str = "pair refresh revoke verify test";

const VARIABLES: &[Surrounding] = &[
    Surrounding {
        name: "FOB_SECRET",
        purpose: "The secret, if no option names a secret or a key.",
        commands: SIGNING,
    },
    Surrounding {
        name: "FOB_KEY",
        purpose: "The key, if no option names a secret or a key: a path, or the text of the key.",
        commands: SIGNING,
    },
    Surrounding {
        name: "FOB_DECRYPT_KEY",
        purpose: "The key that decrypts tokens, if no option names one: a path, or the text of the key.",
        commands: DECRYPTING,
    },
    Surrounding {
        name: "FOB_STORE_PASSWORD",
        purpose: "The password of the Redis or Valkey server of --store.",
        commands: STORING,
    },
    Surrounding {
        name: "HTTPS_PROXY, ALL_PROXY",
        purpose: "The proxy for https requests, as http://HOST:PORT or socks5://HOST:PORT. The names in lower case count, too.",
        commands: FETCHING,
    },
    Surrounding {
        name: "NO_PROXY",
        purpose: "The hosts that need no proxy, with commas between them.",
        commands: FETCHING,
    },
    Surrounding {
        name: "SSL_CERT_FILE, SSL_CERT_DIR",
        purpose: "The certificates of authorities to trust, in place of those of the system.",
        commands: FETCHING,
    },
    Surrounding {
        name: "GITHUB_ACTIONS",
        purpose: "If it is set, messages and reports cannot hold commands of a workflow, and failed cases of suites are annotations.",
        commands: "",
    },
    Surrounding {
        name: "TF_BUILD, TEAMCITY_VERSION",
        purpose: "If one is set, messages and reports cannot hold commands of Azure Pipelines or TeamCity.",
        commands: "",
    },
    Surrounding {
        name: "GITHUB_STEP_SUMMARY",
        purpose: "If it names a file, the Markdown report of suites is appended to it.",
        commands: "verify test",
    },
    Surrounding {
        name: "NO_COLOR",
        purpose: "If it is set and not empty, nothing is coloured, unless --color says so.",
        commands: "",
    },
    Surrounding {
        name: "FORCE_COLOR, CLICOLOR_FORCE",
        purpose: "If one is set to another value than 0, output is coloured even in a pipe. NO_COLOR comes first.",
        commands: "",
    },
    Surrounding { name: "TERM", purpose: "If it is dumb, nothing is coloured.", commands: "" },
];

const FILES: &[Surrounding] = &[
    Surrounding {
        name: "@PATH",
        purpose: "In an argument, stands for the content of the file at PATH. A plain - stands for standard input.",
        commands: "decode encode verify inspect refresh revoke",
    },
    Surrounding {
        name: "store",
        purpose: "The SQLite file of --store, with the used and revoked tokens. SQLite keeps files with the same name and -wal or -shm beside it.",
        commands: STORING,
    },
    Surrounding {
        name: "session file",
        purpose: "The file of --session, with the tokens of a login. Only its owner can read it. A lock file stands beside it.",
        commands: "pair refresh revoke",
    },
    Surrounding {
        name: "suite",
        purpose: "A TOML, YAML or JSON file with tokens and their expected outcomes.",
        commands: "encode inspect verify test",
    },
];

/// Returns the environment variables that a command uses. The page of the program has all.
pub(super) fn variables(command: &str) -> Vec<Surrounding> {
    used(VARIABLES, command)
}

/// Returns the files that a command uses.
pub(super) fn files(command: &str) -> Vec<Surrounding> {
    used(FILES, command)
}

fn used(all: &'static [Surrounding], command: &str) -> Vec<Surrounding> {
    let is_used = |row: &&Surrounding| {
        row.commands.is_empty() || command.is_empty() || row.commands.split(' ').any(|name| name == command)
    };
    all.iter().filter(is_used).copied().collect()
}

//! Real Redis or Valkey servers, each on a free port and in a folder of its own. They persist each write and end with the
//! test. `FOB_REDIS_SERVER` selects a program other than redis-server, such as valkey-server.

use crate::support::client::{Client, setting};
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The time limit for the start of a server.
const LONG: Duration = Duration::from_secs(20);

/// A running server.
pub(crate) struct RedisServer {
    pub(crate) port: u16,
    folder: tempfile::TempDir,
    options: Vec<String>,
    is_tls: bool,
    child: Option<Child>,
}

/// Returns the name of the server, or of the client beside it: redis-cli or valkey-cli.
fn program(last: &str) -> String {
    let server = setting("FOB_REDIS_SERVER").unwrap_or_else(|| "redis-server".to_owned());
    server.strip_suffix("server").map_or(server.clone(), |first| format!("{first}{last}"))
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

impl RedisServer {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// Starts a server with more options of its configuration.
    pub(crate) fn with(options: &[&str]) -> Self {
        Self::within(tempfile::tempdir().unwrap(), options, false)
    }

    /// Starts a server that only speaks TLS. The files are the trusted certificate, the certificate of the server, and its
    /// key.
    pub(crate) fn tls(folder: tempfile::TempDir, [trusted, certificate, key]: [&str; 3]) -> Self {
        let files = ["--tls-ca-cert-file", trusted, "--tls-cert-file", certificate, "--tls-key-file", key];
        Self::within(folder, &[&files[..], &["--tls-auth-clients", "no"]].concat(), true)
    }

    fn within(folder: tempfile::TempDir, options: &[&str], is_tls: bool) -> Self {
        let options = options.iter().map(ToString::to_string).collect();
        let mut server = Self { port: 0, folder, options, is_tls, child: None };
        // Another process may take the free port first.
        for _ in 0..5 {
            server.port = free_port();
            if server.launch() {
                return server;
            }
        }
        panic!("no server started: {}", server.log());
    }

    fn launch(&mut self) -> bool {
        let log = File::options().create(true).append(true).open(self.path("log")).unwrap();
        let mut command = Command::new(program("server"));
        if self.is_tls {
            command.args(["--port", "0", "--tls-port", &self.port.to_string()]);
        } else {
            command.args(["--port", &self.port.to_string()]);
        }
        command.args(["--bind", "127.0.0.1", "--save", ""]);
        command.args(["--appendonly", "yes", "--appendfsync", "always", "--maxmemory", "64mb"]);
        command.arg("--dir").arg(self.folder.path()).args(&self.options).env_clear();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program("server")));
        self.child = Some(child);
        let start = Instant::now();
        while start.elapsed() < LONG {
            if self.child.as_mut().unwrap().try_wait().unwrap().is_some() {
                return false;
            }
            // A server that requires a password is running too.
            let answer = self.try_cli(&["PING"]);
            if answer.contains("PONG") || answer.contains("NOAUTH") {
                return true;
            }
            sleep(Duration::from_millis(10));
        }
        panic!("no response: {}", self.log());
    }

    /// Kills the server with SIGKILL.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Restarts the server with its data.
    pub(crate) fn restart(&mut self) {
        assert!(self.launch(), "{}", self.log());
    }

    /// Sends a signal, such as STOP or CONT.
    pub(crate) fn signal(&self, name: &str) {
        let script = format!("kill -s {name} {}", self.child.as_ref().unwrap().id());
        assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the name of the server program.
    pub(crate) fn name() -> String {
        program("server")
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.url())
    }

    /// Runs the command-line client, and returns its output without the last line break.
    #[track_caller]
    pub(crate) fn cli(&self, words: &[&str]) -> String {
        let text = self.try_cli(words);
        let is_error = ["ERR", "WRONG", "NO", "MOVED", "CLUSTER"].iter().any(|sign| text.starts_with(sign));
        assert!(!is_error, "{words:?}: {text}");
        text
    }

    /// Runs the command-line client, and returns its output or its error.
    pub(crate) fn try_cli(&self, words: &[&str]) -> String {
        let mut command = Command::new(program("cli"));
        if self.is_tls {
            command.args(["--tls", "--insecure"]);
        }
        let output = command
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(words)
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", program("cli")));
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).trim_end().to_owned()
    }

    /// Returns the names of all keys, sorted.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.cli(&["--scan"]).lines().map(str::to_owned).collect();
        keys.sort();
        keys
    }

    /// Returns the remaining lifetime of a key in milliseconds, or `None` if it never expires.
    pub(crate) fn ttl(&self, key: &str) -> Option<i64> {
        let ttl: i64 = self.cli(&["PTTL", key]).parse().unwrap();
        assert_ne!(ttl, -2, "{key} is gone");
        (ttl != -1).then_some(ttl)
    }

    /// Returns the number of calls of each command since the last time.
    pub(crate) fn calls(&self) -> Vec<(String, u64)> {
        let text = self.cli(&["INFO", "commandstats"]);
        self.cli(&["CONFIG", "RESETSTAT"]);
        let call = |line: &str| {
            let (name, rest) = line.strip_prefix("cmdstat_")?.split_once(":calls=")?;
            Some((name.to_owned(), rest.split(',').next()?.parse().ok()?))
        };
        text.lines().filter_map(|line| call(line.trim())).collect()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A cluster of servers.
pub(crate) struct Cluster(pub(crate) Vec<RedisServer>);

impl Cluster {
    /// Starts three nodes that share all slots.
    pub(crate) fn with_three_nodes() -> Self {
        // By default the bus port is 10000 higher, which may be taken or too large.
        let node = |_| {
            let bus = free_port().to_string();
            RedisServer::with(&[
                "--cluster-enabled",
                "yes",
                "--cluster-port",
                &bus,
                "--cluster-node-timeout",
                "5000",
            ])
        };
        let cluster = Self((0..3).map(node).collect());
        let nodes: Vec<String> = cluster.0.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
        let mut command = Command::new(program("cli"));
        command.args(["--cluster", "create"]).args(&nodes).args(["--cluster-replicas", "0", "--cluster-yes"]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let start = Instant::now();
        let is_whole = |node: &RedisServer| node.cli(&["CLUSTER", "INFO"]).contains("cluster_state:ok");
        while !cluster.0.iter().all(is_whole) {
            assert!(start.elapsed() < LONG, "the nodes do not find each other");
            sleep(Duration::from_millis(20));
        }
        cluster
    }
}

/// Writes a file that only its owner can read, and returns its path.
pub(crate) fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

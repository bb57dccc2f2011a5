//! A store on a Redis or Valkey server. Only this folder names the crate `redis`. Reading and writing the records of a
//! token is one script each. The records of many tokens are read with plain commands. This file makes no decisions about
//! tokens.

mod fault;
mod link;
mod login;
mod scripts;
mod server;

use self::fault::{failed, fault, is_wrong_protocol, wrong_response};
use self::link::{Deadline, Link, ListingTime};
use self::login::connect;
use super::backend::{
    Backend, IfMissing, OpenStore, RecordKeys, SetChange, SetMember, Snapshot, StoreUpdate, StoreWarning,
    TokenSetState,
};
use super::error::{StoreError, StoreFault, StoreOperation};
use super::location::BackendKind;
use super::record::RecordKey;
use crate::core::key::secret::Secret;
use crate::core::token::numeric_date::NumericDate;
use redis::{Cmd, FromRedisValue, Pipeline, RedisError, RedisResult, Script};
use server::RedisServer;

/// The entry of this backend in the table of backends.
pub(super) const KIND: BackendKind = BackendKind {
    schemes: &["redis", "rediss", "valkey", "valkeys"],
    forms: "redis://HOST:PORT/DATABASE, rediss://… (with TLS)",
    options: server::OPTIONS,
    parse: server::parse,
};

/// How many redirects to other nodes of a cluster are followed.
const MAX_REDIRECTS: usize = 5;
/// The member that a token set always keeps. Redis deletes empty sets, and without a set all tokens are valid.
const MARKER: &str = "-";
/// The longest lifetime of a key, in milliseconds: a thousand years.
const MAX_LIFETIME: i64 = 1000 * 366 * 86_400_000;

/// An open connection to a server.
struct Redis {
    server: RedisServer,
    password: Option<Secret>,
    link: Link,
    /// The end of the current operation.
    deadline: Deadline,
}

/// Connects to a server. `password` is used if the URL has none.
fn open(
    server: &RedisServer,
    password: Option<&Secret>,
    if_missing: IfMissing,
) -> Result<OpenStore, StoreError> {
    let password = server.password.as_ref().or(password).cloned();
    let deadline = Deadline::begin();
    let link = connect(server, password.as_ref(), deadline)?;
    let mut redis = Redis { server: server.clone(), password, link, deadline };
    // A command that only reads cannot lose a revocation.
    let warning = if if_missing == IfMissing::Create { redis.eviction()? } else { None };
    Ok(OpenStore { backend: Box::new(redis), warning })
}

impl Redis {
    /// Returns the whole key of a record.
    fn key(&self, keys: &RecordKeys, key: &RecordKey) -> String {
        format!("{}{{{}}}:{}", self.server.prefix, keys.tag, key.name())
    }

    /// Adds the keys and arguments of the script that reads records.
    fn add_read_arguments(&self, keys: &RecordKeys, call: &mut Cmd) {
        let families = format!("{}{{{}}}:family:", self.server.prefix, keys.tag);
        let set = keys.member.as_ref();
        call.arg(if set.is_some() { 4 } else { 3 });
        for key in
            [RecordKey::Token(keys.token.clone()), RecordKey::Family(keys.family.clone()), RecordKey::Subject]
        {
            call.arg(self.key(keys, &key));
        }
        if let Some(SetMember { set, .. }) = set {
            call.arg(set);
        }
        call.arg(families).arg(set.map_or("", |member| member.text.as_str()));
    }

    /// Reads the records of several tokens with plain commands, which the server answers several times as fast as the script.
    ///
    /// The records of a token are not from one moment: its family is read last. A use and the end of a family are never undone.
    /// So a token that is good by these records was good when its own record was read.
    fn read_each(&mut self, key_sets: &[RecordKeys]) -> Result<Vec<Snapshot>, StoreError> {
        let mut first = redis::pipe();
        for keys in key_sets {
            first.get(self.key(keys, &RecordKey::Token(keys.token.clone())));
            first.get(self.key(keys, &RecordKey::Subject));
        }
        let texts = self.query_all(first)?;
        let mut snapshots: Vec<Snapshot> = Vec::with_capacity(key_sets.len());
        let mut texts = texts.into_iter();
        while let (Some(token), Some(subject)) = (texts.next(), texts.next()) {
            snapshots.push(Snapshot { token, subject, ..Snapshot::default() });
        }
        let mut second = redis::pipe();
        for (keys, snapshot) in key_sets.iter().zip(&snapshots) {
            let family = keys.family_of(snapshot.token.as_deref())?;
            second.get(self.key(keys, &RecordKey::Family(family)));
        }
        let families = self.query_all(second)?;
        if snapshots.len() != key_sets.len() || families.len() != key_sets.len() {
            return Err(failed(&self.server, StoreOperation::Read, StoreFault::WrongProtocol));
        }
        for (snapshot, family) in snapshots.iter_mut().zip(families) {
            snapshot.family = family;
        }
        Ok(snapshots)
    }

    /// Sends the commands of a pipeline at once.
    fn query_all<T: FromRedisValue + Send + 'static>(
        &mut self,
        pipeline: Pipeline,
    ) -> Result<Vec<T>, StoreError> {
        let responses = self.link.request(move |connection| pipeline.query(connection), self.deadline);
        responses.map_err(|error| self.failed(StoreOperation::Read, &error))
    }

    /// Sends a command, and follows redirects to other nodes of a cluster.
    fn query<T: FromRedisValue + Send + 'static>(
        &mut self,
        operation: StoreOperation,
        call: &Cmd,
    ) -> Result<T, StoreError> {
        for _ in 0..MAX_REDIRECTS {
            let error = match self.request(call.clone()) {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            let node = error.redirect_node().and_then(|(address, _slot)| {
                let (host, port) = address.rsplit_once(':')?;
                Some((host, port.parse().ok()?))
            });
            let Some((host, port)) = node else {
                return Err(self.failed(operation, &error));
            };
            // An empty or unknown name stands for the node that responded.
            let host = if matches!(host, "" | "?") { self.server.host.clone() } else { host.to_owned() };
            self.server = RedisServer { host, port, ..self.server.clone() };
            self.link = connect(&self.server, self.password.as_ref(), self.deadline)?;
        }
        Err(failed(&self.server, operation, StoreFault::RedirectLoop { redirects: MAX_REDIRECTS }))
    }

    /// Sends a command to this node.
    fn request<T: FromRedisValue + Send + 'static>(&mut self, call: Cmd) -> RedisResult<T> {
        self.link.request(move |connection| call.query(connection), self.deadline)
    }

    fn failed(&self, operation: StoreOperation, error: &RedisError) -> StoreError {
        failed(&self.server, operation, fault(error, self.password.as_ref()))
    }

    /// Lists the nodes of a cluster that hold keys, or this server alone.
    fn nodes(&mut self) -> Result<Vec<RedisServer>, StoreError> {
        let text: String = match self.request(redis::cmd("CLUSTER").arg("NODES").take()) {
            Ok(text) => text,
            Err(error) if error.is_io_error() || is_wrong_protocol(&error) => {
                return Err(self.failed(StoreOperation::Read, &error));
            }
            // The server is not part of a cluster.
            Err(_) => return Ok(vec![self.server.clone()]),
        };
        // ID, HOST:PORT@BUS,NAME, flags, five more fields, then the slots that the node holds, if any.
        let lines: Vec<Vec<&str>> =
            text.lines().map(|line| line.split_ascii_whitespace().collect()).collect();
        // A server that confirms everything has no nodes, and its store is not empty.
        if lines.is_empty() || lines.iter().any(|fields| fields.len() < 8) {
            return Err(self.failed(StoreOperation::Read, &wrong_response()));
        }
        let node = |fields: &Vec<&str>| {
            let (address, flags) = (fields.get(1)?, fields.get(2)?);
            fields.get(8).filter(|_| flags.split(',').any(|flag| flag == "master"))?;
            let (host, port) = address.split('@').next()?.rsplit_once(':')?;
            let name = address.split(',').nth(1).filter(|name| !name.is_empty());
            let host = name.unwrap_or(host);
            let host = if host.is_empty() { self.server.host.clone() } else { host.to_owned() };
            Some(RedisServer { host, port: port.parse().ok()?, ..self.server.clone() })
        };
        Ok(lines.iter().filter_map(node).collect())
    }

    /// Appends all records on this node.
    fn collect(&mut self, texts: &mut Vec<String>, time: &mut ListingTime) -> Result<(), StoreError> {
        let pattern = format!("{}{{*}}:*", escaped(&self.server.prefix));
        let mut cursor: u64 = 0;
        loop {
            self.deadline = time.step();
            let mut call = redis::cmd("SCAN");
            call.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(1000);
            let (next, mut keys): (u64, Vec<String>) = self.query(StoreOperation::Read, &call)?;
            keys.retain(|key| is_record(key));
            if !keys.is_empty() {
                texts.extend(self.texts(keys, time)?);
            }
            if next == 0 {
                return Ok(());
            }
            cursor = next;
        }
    }

    /// Reads records. Each has a GET of its own, because the keys of one MGET must share a slot of the cluster.
    fn texts(&mut self, keys: Vec<String>, time: &mut ListingTime) -> Result<Vec<String>, StoreError> {
        let mut calls = redis::pipe();
        for key in &keys {
            calls.get(key);
        }
        self.deadline = time.step();
        let found: RedisResult<Vec<Option<String>>> =
            self.link.request(move |connection| calls.query(connection), self.deadline);
        match found {
            Ok(found) => Ok(found.into_iter().flatten().collect()),
            // Only a single command follows a slot that moves to another node.
            Err(error) if !error.is_io_error() && !is_wrong_protocol(&error) => {
                let mut texts = Vec::new();
                for key in keys {
                    self.deadline = time.step();
                    let text: Option<String> =
                        self.query(StoreOperation::Read, redis::cmd("GET").arg(key))?;
                    texts.extend(text);
                }
                Ok(texts)
            }
            Err(error) => Err(self.failed(StoreOperation::Read, &error)),
        }
    }

    /// Returns a warning if the server deletes keys when its memory is full.
    fn eviction(&mut self) -> Result<Option<StoreWarning>, StoreError> {
        let memory: String = match self.request(redis::cmd("INFO").arg("memory").take()) {
            Ok(memory) => memory,
            Err(error) if error.is_io_error() || is_wrong_protocol(&error) => {
                return Err(self.failed(StoreOperation::Connect, &error));
            }
            // The user lacks the permission for INFO, so the policy stays unknown.
            Err(_) => return Ok(None),
        };
        let field = |name: &str| memory.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let deletes =
            |policy: &&str| field("maxmemory").is_some_and(|limit| limit != "0") && *policy != "noeviction";
        Ok(field("maxmemory_policy").filter(deletes).map(|policy| StoreWarning::Eviction {
            server: self.server.to_string(),
            policy: policy.to_owned(),
        }))
    }
}

/// The response of [`scripts::READ`].
type ReadResponse = (Option<String>, Option<String>, Option<String>, i64, i64);

fn snapshot((token, family, subject, exists, is_member): ReadResponse) -> Snapshot {
    let set = TokenSetState { exists: exists == 1, has_token: is_member == 1 };
    Snapshot { token, family, subject, set }
}

impl Backend for Redis {
    fn read(&mut self, key_sets: &[RecordKeys]) -> Result<Vec<Snapshot>, StoreError> {
        self.deadline = Deadline::begin();
        if let [keys] = key_sets {
            let mut call = redis::cmd("EVAL");
            call.arg(scripts::READ);
            self.add_read_arguments(keys, &mut call);
            return Ok(vec![snapshot(self.query(StoreOperation::Read, &call)?)]);
        }
        if key_sets.is_empty() {
            return Ok(Vec::new());
        }
        if key_sets.iter().all(|keys| keys.member.is_none()) {
            return self.read_each(key_sets);
        }
        // The script is sent once and then called by its digest.
        let script = Script::new(scripts::READ);
        let mut pipeline = redis::pipe();
        pipeline.cmd("SCRIPT").arg("LOAD").arg(scripts::READ).ignore();
        for keys in key_sets {
            let mut call = redis::cmd("EVALSHA");
            call.arg(script.get_hash());
            self.add_read_arguments(keys, &mut call);
            pipeline.add_command(call);
        }
        let responses: Vec<ReadResponse> = self.query_all(pipeline)?;
        Ok(responses.into_iter().map(snapshot).collect())
    }

    fn write(
        &mut self,
        keys: &RecordKeys,
        snapshot: &Snapshot,
        update: &StoreUpdate,
    ) -> Result<bool, StoreError> {
        self.deadline = Deadline::begin();
        let lifetime = |expires: Option<NumericDate>| {
            let left =
                |expires: NumericDate| expires.milliseconds().saturating_sub(update.clock.milliseconds());
            expires.map_or_else(String::new, |expires| left(expires).clamp(1, MAX_LIFETIME).to_string())
        };
        let mut call = redis::cmd("EVAL");
        call.arg(scripts::WRITE).arg(4 + update.records.len());
        let family = keys.family_of(snapshot.token.as_deref())?;
        for key in [RecordKey::Token(keys.token.clone()), RecordKey::Family(family), RecordKey::Subject] {
            call.arg(self.key(keys, &key));
        }
        let (set, change, member, expires) = match &update.set {
            None => (String::new(), "", String::new(), None),
            Some(SetChange::Add(SetMember { set, text }, expires)) => {
                (set.clone(), "add", text.clone(), *expires)
            }
            Some(SetChange::Remove(SetMember { set, text }, expires)) => {
                // Without the signature, so that every spelling of the signature matches.
                let input = text.rsplit_once('.').map_or(text.clone(), |(input, _)| format!("{input}."));
                (set.clone(), "remove", input, *expires)
            }
            Some(SetChange::Clear(set, expires)) => (set.clone(), "clear", String::new(), *expires),
        };
        // A cluster requires that even an unused key lies in the same slot.
        let set = if set.is_empty() { self.key(keys, &RecordKey::Subject) } else { set };
        call.arg(set);
        for write in &update.records {
            call.arg(self.key(keys, &write.key));
        }
        for text in [&snapshot.token, &snapshot.family, &snapshot.subject] {
            call.arg(text.as_deref().unwrap_or_default());
        }
        call.arg(change).arg(member).arg(lifetime(expires)).arg(MARKER);
        for write in &update.records {
            call.arg(&write.text).arg(lifetime(write.expires));
        }
        self.query::<i64>(StoreOperation::Write, &call).map(|written| written == 1)
    }

    fn all(&mut self) -> Result<Vec<String>, StoreError> {
        let mut texts = Vec::new();
        let mut time = ListingTime::begin();
        self.deadline = time.step();
        let mut list = || {
            for server in self.nodes()? {
                let deadline = time.step();
                let link = connect(&server, self.password.as_ref(), deadline)?;
                let mut node = Self { server, password: self.password.clone(), link, deadline };
                node.collect(&mut texts, &mut time)?;
            }
            Ok(())
        };
        let listed: Result<(), StoreError> = list();
        listed.map_err(|error| match error {
            StoreError::Failed { operation, store, fault: StoreFault::Timeout { .. } } if time.is_over() => {
                StoreError::Failed {
                    operation,
                    store,
                    fault: StoreFault::SlowList { seconds: time.seconds() },
                }
            }
            error => error,
        })?;
        texts.sort();
        texts.dedup();
        Ok(texts)
    }

    /// Does nothing: the server deletes expired keys by itself.
    fn prune(&mut self, _: NumericDate) -> Result<Option<usize>, StoreError> {
        Ok(None)
    }
}

/// Reports whether a key that matches the pattern is that of a record.
fn is_record(key: &str) -> bool {
    let name = key.rsplit_once("}:").map_or("", |(_, name)| name);
    name == "subject" || name.starts_with("token:") || name.starts_with("family:")
}

/// Escapes a text so that a Redis pattern matches it literally.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if "*?[]\\^-".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

//! A store on a server of Redis or Valkey. The only file that names the crate redis. Each reading and each writing is one
//! script: the server runs nothing else meanwhile. All keys of a script share a hash tag, so that they lie on one node of
//! a cluster.

use super::address::Server;
use super::record::Key;
use super::{Absent, Changes, Member, Opened, Seen, SeenSet, SetChange, Shelf, Spot};
use crate::core::key::secret::Secret;
use crate::core::token::numeric_date::NumericDate;
use crate::error::CommandError;
use redis::{
    Client, Cmd, Connection, ConnectionAddr, ErrorKind, FromRedisValue, IntoConnectionInfo as _,
    RedisConnectionInfo, RedisError, Script,
};
use std::time::Duration;

/// For a connection, and for each answer.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// How often another node of a cluster is tried.
const MOST_REDIRECTS: usize = 5;
/// What a set of good tokens holds when there is none left: an empty set would be no set, and mean that all are good.
const MARKER: &str = "-";

/// The records at a spot. KEYS: token, family, subject, perhaps the set. ARGV: what the names of families begin with,
/// the text of the token.
const READ: &str = "
local token = redis.call('GET', KEYS[1])
local family = KEYS[2]
if token then
  local ok, record = pcall(cjson.decode, token)
  if ok and type(record) == 'table' and type(record.family) == 'string' then
    family = ARGV[1] .. record.family
  end
end
local exists, is_member = 0, 0
if KEYS[4] then
  exists = redis.call('EXISTS', KEYS[4])
  is_member = redis.call('SISMEMBER', KEYS[4], ARGV[2])
end
return {token, redis.call('GET', family), redis.call('GET', KEYS[3]), exists, is_member}
";

/// Writes records, if the three at the spot are as they were seen. KEYS: token, family, subject, the set or `-`, then
/// the records to write. ARGV: the three as they were seen, what happens to the set, a token's text, the set's time to
/// live, the marker, then for each record its text and its time to live. A time to live is in milliseconds, or empty
/// where there is no end, and is never made shorter.
const WRITE: &str = "
for i = 1, 3 do
  if (redis.call('GET', KEYS[i]) or '') ~= ARGV[i] then return 0 end
end
local function keep(key, before, ttl)
  if ttl == '' or before == -1 then
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIRE', key, math.max(before, tonumber(ttl)))
  end
end
for i = 5, #KEYS do
  local text, ttl = ARGV[2 * i - 2], ARGV[2 * i - 1]
  local before = redis.call('PTTL', KEYS[i])
  redis.call('SET', KEYS[i], text)
  keep(KEYS[i], before, ttl)
end
local set, change, member, marker = KEYS[4], ARGV[4], ARGV[5], ARGV[7]
if change == 'remove' and redis.call('EXISTS', set) == 0 then
  change = ''
end
if change ~= '' then
  local before = redis.call('PTTL', set)
  if change == 'add' then
    redis.call('SADD', set, member)
  else
    redis.call('SADD', set, marker)
    for _, one in ipairs(redis.call('SMEMBERS', set)) do
      if one ~= marker and (change == 'clear' or one:sub(1, #member) == member) then
        redis.call('SREM', set, one)
      end
    end
  end
  keep(set, before, ARGV[6])
end
return 1
";

struct Redis {
    server: Server,
    password: Option<Secret>,
    connection: Connection,
}

/// Connects. `password` serves if the URL has none.
pub(super) fn open(
    server: &Server,
    password: Option<&Secret>,
    absent: Absent,
) -> Result<Opened, CommandError> {
    let password = server.password.as_ref().or(password).cloned();
    let connection = connect(server, password.as_ref())?;
    let mut shelf = Redis { server: server.clone(), password, connection };
    // Whoever only reads is spared the question.
    let remark = if absent == Absent::Made { shelf.eviction()? } else { None };
    Ok(Opened { shelf: Box::new(shelf), is_new: false, remark })
}

fn connect(server: &Server, password: Option<&Secret>) -> Result<Connection, CommandError> {
    let Server { host, port, .. } = server.clone();
    let address = if server.tls {
        ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
    } else {
        ConnectionAddr::Tcp(host, port)
    };
    let mut settings = RedisConnectionInfo::default().set_db(server.database).set_skip_set_lib_name();
    if let Some(user) = &server.user {
        settings = settings.set_username(user);
    }
    if let Some(password) = password {
        let Ok(text) = std::str::from_utf8(password.expose()) else {
            return Err(CommandError::usage("the password of the store is not UTF-8"));
        };
        settings = settings.set_password(text);
    }
    let failed = |error| failure(server, "reach", &error);
    let info = address.into_connection_info().map_err(failed)?.set_redis_settings(settings);
    let connection = Client::open(info).and_then(|client| client.get_connection_with_timeout(TIME_LIMIT));
    let connection = connection.map_err(|error| {
        let is_default = server.user.as_deref().is_none_or(|user| user == "default");
        if password.is_some() && is_default && is_unwelcome(&error) && is_open(server) {
            let what = format!("cannot reach the store {server}: it asks for no password, and was given one");
            return CommandError::usage(what)
                .with_hint("leave the password out of the URL, and the variable FOB_STORE_PASSWORD unset");
        }
        failed(error)
    })?;
    connection.set_read_timeout(Some(TIME_LIMIT)).map_err(failed)?;
    connection.set_write_timeout(Some(TIME_LIMIT)).map_err(failed)?;
    Ok(connection)
}

/// Whether a server answers whoever comes without a password: one that has none takes none, and says no more than that
/// it is the wrong one.
fn is_open(server: &Server) -> bool {
    let anonymous = Server { user: None, password: None, ..server.clone() };
    connect(&anonymous, None)
        .is_ok_and(|mut connection| redis::cmd("PING").query::<String>(&mut connection).is_ok())
}

impl Redis {
    /// The whole name of a record.
    fn key(&self, spot: &Spot, key: &Key) -> String {
        format!("{}{{{}}}:{}", self.server.prefix, spot.tag, key.name())
    }

    fn reading(&self, spot: &Spot, call: &mut Cmd) {
        let families = format!("{}{{{}}}:family:", self.server.prefix, spot.tag);
        let set = spot.member.as_ref();
        call.arg(if set.is_some() { 4 } else { 3 });
        for key in [Key::Token(spot.token.clone()), Key::Family(spot.family.clone()), Key::Subject] {
            call.arg(self.key(spot, &key));
        }
        if let Some(Member { set, .. }) = set {
            call.arg(set);
        }
        call.arg(families).arg(set.map_or("", |member| member.text.as_str()));
    }

    /// Asks, and asks another node where the cluster says so.
    fn ask<T: FromRedisValue>(&mut self, verb: &str, call: &Cmd) -> Result<T, CommandError> {
        for _ in 0..MOST_REDIRECTS {
            let error = match call.query::<T>(&mut self.connection) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let node = error.redirect_node().and_then(|(address, _slot)| {
                let (host, port) = address.rsplit_once(':')?;
                Some((host, port.parse().ok()?))
            });
            let Some((host, port)) = node else {
                return Err(failure(&self.server, verb, &error));
            };
            // No name, or one that is not known, stands for the node that answered.
            let host = if matches!(host, "" | "?") { self.server.host.clone() } else { host.to_owned() };
            self.server = Server { host, port, ..self.server.clone() };
            self.connection = connect(&self.server, self.password.as_ref())?;
        }
        Err(CommandError::usage(format!(
            "cannot {verb} the store {}: its nodes point at each other",
            self.server
        )))
    }

    /// The nodes of a cluster that hold keys, or this server alone.
    fn nodes(&mut self) -> Result<Vec<Server>, CommandError> {
        let text: String = match redis::cmd("CLUSTER").arg("NODES").query(&mut self.connection) {
            Ok(text) => text,
            Err(error) if error.is_io_error() || is_foreign(&error) => {
                return Err(failure(&self.server, "read", &error));
            }
            // It is of no cluster.
            Err(_) => return Ok(vec![self.server.clone()]),
        };
        // ID, HOST:PORT@BUS,NAME, flags, five more, and the slots it holds, if it holds any.
        let node = |line: &str| {
            let fields: Vec<&str> = line.split_ascii_whitespace().collect();
            let (address, flags) = (fields.get(1)?, fields.get(2)?);
            fields.get(8).filter(|_| flags.split(',').any(|flag| flag == "master"))?;
            let (host, port) = address.split('@').next()?.rsplit_once(':')?;
            let name = address.split(',').nth(1).filter(|name| !name.is_empty());
            let host = name.unwrap_or(host);
            let host = if host.is_empty() { self.server.host.clone() } else { host.to_owned() };
            Some(Server { host, port: port.parse().ok()?, ..self.server.clone() })
        };
        Ok(text.lines().filter_map(node).collect())
    }

    /// Every record on this node.
    fn collect(&mut self, texts: &mut Vec<String>) -> Result<(), CommandError> {
        let pattern = format!("{}{{*}}:*", escaped(&self.server.prefix));
        let mut cursor: u64 = 0;
        loop {
            let mut call = redis::cmd("SCAN");
            call.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(1000);
            let (next, mut keys): (u64, Vec<String>) = self.ask("read", &call)?;
            keys.retain(|key| is_record(key));
            for key in keys {
                // One by one: on a cluster no two of them need lie together.
                let text: Option<String> = self.ask("read", redis::cmd("GET").arg(key))?;
                texts.extend(text);
            }
            if next == 0 {
                return Ok(());
            }
            cursor = next;
        }
    }

    /// A server that drops keys when its memory is full may drop a revocation.
    fn eviction(&mut self) -> Result<Option<String>, CommandError> {
        let memory: String = match redis::cmd("INFO").arg("memory").query(&mut self.connection) {
            Ok(memory) => memory,
            Err(error) if error.is_io_error() || is_foreign(&error) => {
                return Err(failure(&self.server, "reach", &error));
            }
            // Whoever may not ask is not told.
            Err(_) => return Ok(None),
        };
        let field = |name: &str| memory.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let drops =
            |policy: &&str| field("maxmemory").is_some_and(|most| most != "0") && *policy != "noeviction";
        Ok(field("maxmemory_policy").filter(drops).map(|policy| {
            format!(
                "{} drops keys when its memory is full (maxmemory-policy {policy}): what is revoked may come back; \
                 noeviction does not",
                self.server
            )
        }))
    }
}

type Answer = (Option<String>, Option<String>, Option<String>, i64, i64);

fn seen((token, family, subject, exists, is_member): Answer) -> Seen {
    Seen { token, family, subject, set: SeenSet { exists: exists == 1, has_token: is_member == 1 } }
}

impl Shelf for Redis {
    fn read(&mut self, spots: &[Spot]) -> Result<Vec<Seen>, CommandError> {
        if let [spot] = spots {
            let mut call = redis::cmd("EVAL");
            call.arg(READ);
            self.reading(spot, &mut call);
            return Ok(vec![seen(self.ask("read", &call)?)]);
        }
        // Many in one go: the script is sent once, and called by its digest.
        let script = Script::new(READ);
        let mut pipeline = redis::pipe();
        pipeline.cmd("SCRIPT").arg("LOAD").arg(READ).ignore();
        for spot in spots {
            let mut call = redis::cmd("EVALSHA");
            call.arg(script.get_hash());
            self.reading(spot, &mut call);
            pipeline.add_command(call);
        }
        let answers: Result<Vec<Answer>, RedisError> = pipeline.query(&mut self.connection);
        let answers = answers.map_err(|error| failure(&self.server, "read", &error))?;
        Ok(answers.into_iter().map(seen).collect())
    }

    fn write(&mut self, spot: &Spot, seen: &Seen, changes: &Changes) -> Result<bool, CommandError> {
        let ttl = |expires: Option<NumericDate>| {
            let left =
                |expires: NumericDate| expires.milliseconds().saturating_sub(changes.clock.milliseconds());
            expires.map_or_else(String::new, |expires| left(expires).clamp(1, LONGEST).to_string())
        };
        let mut call = redis::cmd("EVAL");
        call.arg(WRITE).arg(4 + changes.records.len());
        let family = spot.family_of(seen.token.as_deref())?;
        for key in [Key::Token(spot.token.clone()), Key::Family(family), Key::Subject] {
            call.arg(self.key(spot, &key));
        }
        let (set, change, member, expires) = match &changes.set {
            None => (String::new(), "", String::new(), None),
            Some(SetChange::Add(Member { set, text }, expires)) => {
                (set.clone(), "add", text.clone(), *expires)
            }
            Some(SetChange::Remove(Member { set, text }, expires)) => {
                // Another spelling of its signature is the same token.
                let signed = text.rsplit_once('.').map_or(text.clone(), |(input, _)| format!("{input}."));
                (set.clone(), "remove", signed, *expires)
            }
            Some(SetChange::Clear(set, expires)) => (set.clone(), "clear", String::new(), *expires),
        };
        // On a cluster even a key that stands for none has to lie beside the others.
        let set = if set.is_empty() { self.key(spot, &Key::Subject) } else { set };
        call.arg(set);
        for write in &changes.records {
            call.arg(self.key(spot, &write.key));
        }
        for text in [&seen.token, &seen.family, &seen.subject] {
            call.arg(text.as_deref().unwrap_or_default());
        }
        call.arg(change).arg(member).arg(ttl(expires)).arg(MARKER);
        for write in &changes.records {
            call.arg(&write.text).arg(ttl(write.expires));
        }
        self.ask::<i64>("write", &call).map(|written| written == 1)
    }

    fn all(&mut self) -> Result<Vec<String>, CommandError> {
        let mut texts = Vec::new();
        for node in self.nodes()? {
            let connection = connect(&node, self.password.as_ref())?;
            let mut node = Self { server: node, password: self.password.clone(), connection };
            node.collect(&mut texts)?;
        }
        texts.sort();
        texts.dedup();
        Ok(texts)
    }

    /// Keys go by themselves.
    fn prune(&mut self, _: NumericDate) -> Result<Option<usize>, CommandError> {
        Ok(None)
    }
}

/// The longest time to live that is set, in milliseconds: a thousand years.
const LONGEST: i64 = 1000 * 366 * 86_400_000;

fn is_record(key: &str) -> bool {
    let name = key.rsplit_once("}:").map_or("", |(_, name)| name);
    name == "subject" || name.starts_with("token:") || name.starts_with("family:")
}

/// A text that a pattern of Redis matches as it is.
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

/// Whether a server did not let somebody in.
fn is_unwelcome(error: &RedisError) -> bool {
    let said = error.to_string();
    let has = |word: &str| said.contains(word) || error.code() == Some(word);
    has("NOAUTH") || has("WRONGPASS") || has("AuthenticationFailed") || has("authentication failed")
}

/// Whether what answered speaks another language.
fn is_foreign(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Parse | ErrorKind::UnexpectedReturnType)
}

fn failure(server: &Server, verb: &str, error: &RedisError) -> CommandError {
    let said = error.to_string();
    let has = |word: &str| said.contains(word) || error.code() == Some(word);
    let problem = |why: &str| CommandError::usage(format!("cannot {verb} the store {server}: {why}"));
    if is_foreign(error) {
        return uncertain(
            verb,
            problem("it does not answer as Redis does")
                .with_hint("is that its port? a server that wants TLS is reached by rediss://"),
        );
    }
    if is_unwelcome(error) {
        return problem("it does not take the password").with_hint(
            "a password stands in the URL (redis://:PASSWORD@HOST) or in the variable FOB_STORE_PASSWORD",
        );
    }
    if has("READONLY") {
        return problem("it is a replica that only reads")
            .with_hint("name the server that writes; `fob verify` without --once can ask a replica");
    }
    if has("OOM") {
        return problem("its memory is full");
    }
    // Within a script there is no code for it.
    if has("NOPERM") || has("user executing the script") {
        return problem("the user may not do that there").with_hint(
            "needed are EVAL, EVALSHA, SCRIPT LOAD, GET, SET, PTTL, PEXPIRE, PERSIST, SCAN, and S… for sets",
        );
    }
    if has("WRONGTYPE") {
        return problem("a key holds something else than expected");
    }
    if has("CROSSSLOT") {
        return problem("on a cluster no user whose name has { or } can have a set");
    }
    if error.is_timeout() {
        return uncertain(verb, problem(&format!("no answer within {} seconds", TIME_LIMIT.as_secs())));
    }
    if error.is_io_error() || error.is_connection_dropped() {
        return uncertain(verb, problem(&said));
    }
    problem(&said)
}

/// A connection that breaks while something is written leaves it open whether it was.
fn uncertain(verb: &str, problem: CommandError) -> CommandError {
    if verb == "write" {
        problem.with_hint("whether it took effect is not known; nothing was handed out")
    } else {
        problem
    }
}

//! Connecting to a server, and logging in. The crate `redis` replaces every answer to a login by "authentication failed", so
//! this file sends the login itself: a server that is loading its data rejects no password.

use super::super::error::{StoreError, StoreFault, StoreOperation};
use super::fault::{failed, fault, is_login_failure, wrong_response};
use super::link::{self, Deadline, Link};
use super::server::RedisServer;
use crate::core::key::secret::Secret;
use redis::{
    Client, Connection, ConnectionAddr, IntoConnectionInfo as _, RedisConnectionInfo, RedisError,
    RedisResult, Value,
};

/// Connects to a server, logs in, and chooses the database.
///
/// # Errors
/// If the server cannot be reached in time, or refuses one of these steps.
pub(super) fn connect(
    server: &RedisServer,
    password: Option<&Secret>,
    deadline: Deadline,
) -> Result<Link, StoreError> {
    let RedisServer { host, port, .. } = server.clone();
    let address = if server.tls {
        ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
    } else {
        ConnectionAddr::Tcp(host, port)
    };
    if password.is_some_and(|password| std::str::from_utf8(password.expose()).is_err()) {
        return Err(StoreError::PasswordEncoding);
    }
    let connect_failed = |error: RedisError| failed(server, StoreOperation::Connect, fault(&error, password));
    let settings = RedisConnectionInfo::default().set_skip_set_lib_name();
    let info = address.into_connection_info().map_err(connect_failed)?.set_redis_settings(settings);
    let (user, secret, database) = (server.user.clone(), password.cloned(), server.database);
    let open = move || {
        let mut connection = Client::open(info)?.get_connection_with_timeout(link::LIMIT)?;
        // These limits end a thread that nothing waits for any more.
        connection.set_read_timeout(Some(link::LIMIT))?;
        connection.set_write_timeout(Some(link::LIMIT))?;
        if let Some(secret) = secret {
            log_in(&mut connection, user.as_deref(), &secret)?;
        }
        if database != 0 {
            succeed(redis::cmd("SELECT").arg(database).query(&mut connection)?)?;
        }
        Ok(connection)
    };
    Link::open(open, deadline).map_err(|error| {
        let is_default = server.user.as_deref().is_none_or(|user| user == "default");
        if password.is_some() && is_default && is_login_failure(&error) && is_open(server, deadline) {
            return failed(server, StoreOperation::Connect, StoreFault::NeedlessPassword);
        }
        connect_failed(error)
    })
}

/// Logs in. Servers before Redis 6 know no users.
fn log_in(connection: &mut Connection, user: Option<&str>, password: &Secret) -> RedisResult<()> {
    let mut call = redis::cmd("AUTH");
    if let Some(user) = user {
        call.arg(user);
    }
    match call.arg(password.expose()).query(connection) {
        Err(error) if user.is_some() && error.to_string().contains("wrong number of arguments") => {
            log_in(connection, None, password)
        }
        response => succeed(response?),
    }
}

/// Fails if a response is not `OK`.
fn succeed(response: Value) -> RedisResult<()> {
    if response == Value::Okay { Ok(()) } else { Err(wrong_response()) }
}

/// Reports whether a server responds without a password. Some servers without a password reject every password, with the
/// error of a wrong password.
fn is_open(server: &RedisServer, deadline: Deadline) -> bool {
    let anonymous = RedisServer { user: None, password: None, ..server.clone() };
    connect(&anonymous, None, deadline).is_ok_and(|mut link| {
        link.request(|connection| redis::cmd("PING").query::<String>(connection), deadline).is_ok()
    })
}

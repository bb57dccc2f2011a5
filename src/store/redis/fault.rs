//! The errors of the crate `redis` and of servers, as faults of a store. A server can repeat the password, so it is masked in
//! the texts that are kept.

use super::super::error::{StoreError, StoreFault, StoreOperation};
use super::link;
use super::server::RedisServer;
use crate::core::key::secret::Secret;
use crate::core::redact::echo::mask_secrets;
use redis::{ErrorKind, RedisError};
use std::time::Duration;

/// The error codes of servers that have a fault of their own.
const CODES: [(&str, StoreFault); 8] = [
    ("NOAUTH", StoreFault::WrongPassword),
    ("WRONGPASS", StoreFault::WrongPassword),
    ("READONLY", StoreFault::ReadOnlyReplica),
    ("OOM", StoreFault::MemoryFull),
    ("NOPERM", StoreFault::NoPermission),
    ("WRONGTYPE", StoreFault::WrongType),
    ("CROSSSLOT", StoreFault::CrossSlot),
    ("user executing the script", StoreFault::NoPermission),
];

/// The errors without a code of their own, by a part of their text.
const TEXTS: [(&str, StoreFault); 3] = [
    // Redis before version 6.
    ("invalid password", StoreFault::WrongPassword),
    ("no password is set", StoreFault::NeedlessPassword),
    ("without any password configured", StoreFault::NeedlessPassword),
];

/// The code of errors that have none of their own.
const NO_CODE: &str = "ERR";

pub(super) fn failed(server: &RedisServer, operation: StoreOperation, fault: StoreFault) -> StoreError {
    StoreError::Failed { operation, store: server.to_string(), fault }
}

pub(super) const fn overdue(limit: Duration) -> StoreFault {
    StoreFault::Timeout { seconds: limit.as_secs() }
}

/// Returns the error of a response that does not belong to its request.
pub(super) fn wrong_response() -> RedisError {
    (ErrorKind::UnexpectedReturnType, "unexpected response").into()
}

/// Reports whether the server rejected the login, or requires one.
pub(super) fn is_login_failure(error: &RedisError) -> bool {
    fault(error, None) == StoreFault::WrongPassword
}

/// Reports whether the server speaks another protocol.
pub(super) fn is_wrong_protocol(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Parse | ErrorKind::UnexpectedReturnType)
}

/// Classifies an error of the library or of the server.
pub(super) fn fault(error: &RedisError, password: Option<&Secret>) -> StoreFault {
    if is_wrong_protocol(error) {
        return StoreFault::WrongProtocol;
    }
    let secret = password.and_then(|password| std::str::from_utf8(password.expose()).ok());
    let masked = |text: &str| match secret {
        Some(secret) => mask_secrets(text, &[secret]),
        None => text.to_owned(),
    };
    let text = error.to_string();
    let find = |table: &[(&str, StoreFault)], is_it: &dyn Fn(&str) -> bool| {
        table.iter().find(|(part, _)| is_it(part)).map(|(_, fault)| fault.clone())
    };
    if let Some(code) = error.code().filter(|code| *code != NO_CODE) {
        let response = || StoreFault::Response {
            code: masked(code),
            detail: masked(error.detail().unwrap_or_default()),
        };
        return find(&CODES, &|known| known == code).unwrap_or_else(response);
    }
    // Errors in scripts and pipelines have no code, so their text is searched.
    if let Some(fault) = find(&CODES, &|code| text.contains(code)) {
        return fault;
    }
    if error.code().is_some() {
        let response = || StoreFault::Response {
            code: NO_CODE.to_owned(),
            detail: masked(error.detail().unwrap_or_default()),
        };
        return find(&TEXTS, &|part| text.contains(part)).unwrap_or_else(response);
    }
    if error.is_timeout() {
        overdue(link::LIMIT)
    } else if error.is_io_error() || error.is_connection_dropped() {
        StoreFault::Connection { error: masked(&text) }
    } else {
        StoreFault::Other { error: masked(&text) }
    }
}

//! Stores of sessions, on SQLite and Redis.

#[cfg(unix)]
pub(crate) mod copies;
#[cfg(unix)]
pub(crate) mod crashes;
pub(crate) mod creation;
#[cfg(unix)]
pub(crate) mod faults;
pub(crate) mod marks;
#[cfg(unix)]
pub(crate) mod race;
#[cfg(unix)]
pub(crate) mod redis;
#[cfg(unix)]
pub(crate) mod redis_faults;
pub(crate) mod refresh;
pub(crate) mod sandbox;
pub(crate) mod sessions;
#[cfg(target_os = "linux")]
pub(crate) mod small_disk;
#[cfg(unix)]
pub(crate) mod trust;
#[cfg(unix)]
pub(crate) mod user_token_set;
pub(crate) mod without_jti;

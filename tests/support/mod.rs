//! What tests share: a fake world, processes, servers, stores and well-known tokens.

pub(crate) mod chance;
pub(crate) mod client;
#[cfg(unix)]
pub(crate) mod disk;
#[cfg(unix)]
pub(crate) mod faulty_host;
pub(crate) mod known;
#[cfg(unix)]
pub(crate) mod marks;
pub(crate) mod process;
#[cfg(unix)]
pub(crate) mod redis_server;
pub(crate) mod schema;
pub(crate) mod sd_jwt;
#[cfg(unix)]
pub(crate) mod server;
#[cfg(target_os = "linux")]
pub(crate) mod strace;
#[cfg(unix)]
pub(crate) mod strict_server;
pub(crate) mod world;

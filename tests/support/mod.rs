//! What tests share: a fake world, servers, clients and well-known tokens.

#[cfg(unix)]
pub(crate) mod client;
pub(crate) mod known;
#[cfg(unix)]
pub(crate) mod redis_server;
#[cfg(unix)]
pub(crate) mod server;
pub(crate) mod world;

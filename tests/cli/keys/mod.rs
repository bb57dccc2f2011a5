//! Keys and secrets: where they come from, what they hold, and when they are refused.

pub(crate) mod algorithms;
#[cfg(unix)]
pub(crate) mod files;
pub(crate) mod forms;
pub(crate) mod hazards;
pub(crate) mod joined;
pub(crate) mod kid_claims;
pub(crate) mod mistaken;
pub(crate) mod policy;
pub(crate) mod same_key;
pub(crate) mod secrets;
pub(crate) mod sets;
pub(crate) mod several;
pub(crate) mod show;
pub(crate) mod sources;
pub(crate) mod wrapped;

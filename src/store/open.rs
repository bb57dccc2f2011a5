//! Opening the store that an argument names. Only this file decides whether a missing store may be created.

use super::backend::{IfMissing, OpenStore};
use super::error::StoreError;
use super::ledger::Ledger;
use super::location::{MissingRecord, StoreAddress};
use crate::core::key::secret::Secret;
use crate::host::{Host, Level};
use std::ffi::OsStr;

/// The purpose for which a command opens a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StorePurpose {
    /// To look up tokens.
    Query,
    /// To record new tokens.
    Issue,
    /// To look up tokens and record the decision.
    Decide,
}

/// Opens the store at an address, and prints warnings about it. A missing store is created with its first record, unless the
/// command only looks up tokens.
///
/// # Errors
/// If the address is invalid or the store cannot be opened.
pub(crate) fn open(text: &OsStr, purpose: StorePurpose, host: &mut Host<'_>) -> Result<Ledger, StoreError> {
    let address = StoreAddress::parse(text)?;
    let password = if address.location.takes_password() { (host.env)("FOB_STORE_PASSWORD") } else { None };
    let password = password.map(|password| Secret::new(password.into_encoded_bytes()));
    let if_missing = if_missing(&address, purpose);
    let OpenStore { backend, warning } = address.location.open(password.as_ref(), if_missing)?;
    if let Some(warning) = warning {
        host.message(Level::Warning, &warning.to_string());
    }
    // A clock set ahead with --at must not delete records that other processes still need.
    let clock = host.now().min((host.clock)());
    Ok(Ledger::new(backend, &address, clock))
}

/// Warns if a decision has created the store. The warning is printed even with `--quiet`: if a store was lost, its
/// revocations are lost too.
pub(crate) fn warn_if_new(ledger: &mut Ledger, host: &mut Host<'_>) {
    if let Some(store) = ledger.take_new_store() {
        let text = format!(
            "the store {store} did not exist, so an empty one was created: earlier uses and revocations are unknown"
        );
        host.important_message(Level::Warning, &text);
    }
}

/// Returns what happens to a missing store.
fn if_missing(address: &StoreAddress, purpose: StorePurpose) -> IfMissing {
    match purpose {
        StorePurpose::Issue => IfMissing::Create,
        // An empty store that denies unknown tokens could only reject.
        StorePurpose::Decide if address.missing == MissingRecord::Allow => IfMissing::Create,
        StorePurpose::Decide | StorePurpose::Query => IfMissing::Fail,
    }
}

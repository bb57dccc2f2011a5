//! Opening the store that an argument names. Only this file decides whether a missing store is created.

use super::backend::{IfMissing, OpenStore};
use super::error::StoreError;
use super::ledger::Ledger;
use super::location::{MissingRecord, StoreAddress};
use crate::core::key::secret::Secret;
use crate::host::{Host, Level};
use std::ffi::OsStr;
use std::io;

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

/// The store that a command line names. One that must be created waits until the command knows what to record: a token that
/// cannot be read creates no store.
pub(crate) enum NamedStore {
    /// The store is open.
    Open(Box<Ledger>),
    /// There is no such file yet.
    Missing(StoreAddress, StorePurpose),
}

impl NamedStore {
    /// Opens the store at an address, and prints warnings about it. A missing store waits, unless the command only looks up
    /// tokens.
    ///
    /// # Errors
    /// If the address is invalid or the store cannot be opened.
    pub(crate) fn find(text: &OsStr, purpose: StorePurpose, host: &mut Host<'_>) -> Result<Self, StoreError> {
        let address = StoreAddress::parse(text)?;
        let is_missing = if_missing(&address, purpose) == IfMissing::Create
            && address.location.file().is_some_and(|path| {
                let found = std::fs::symlink_metadata(path);
                found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
            });
        if is_missing {
            return Ok(Self::Missing(address, purpose));
        }
        open(&address, purpose, host).map(|ledger| Self::Open(Box::new(ledger)))
    }

    /// Returns the open store for a token. One that cannot be read creates no store.
    ///
    /// # Errors
    /// If the store cannot be created.
    pub(crate) fn open_for(
        self,
        is_readable: bool,
        host: &mut Host<'_>,
    ) -> Result<Option<Ledger>, StoreError> {
        match self {
            Self::Missing(..) if !is_readable => Ok(None),
            store => store.open(host).map(Some),
        }
    }

    /// Returns the open store. Creates it if it is missing.
    ///
    /// # Errors
    /// If the store cannot be created.
    pub(crate) fn open(self, host: &mut Host<'_>) -> Result<Ledger, StoreError> {
        match self {
            Self::Open(ledger) => Ok(*ledger),
            Self::Missing(address, purpose) => open(&address, purpose, host),
        }
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

fn open(address: &StoreAddress, purpose: StorePurpose, host: &mut Host<'_>) -> Result<Ledger, StoreError> {
    let password = if address.location.takes_password() { (host.env)("FOB_STORE_PASSWORD") } else { None };
    let password = password.map(|password| Secret::new(password.into_encoded_bytes()));
    let if_missing = if_missing(address, purpose);
    let OpenStore { backend, is_new, warning } = address.location.open(password.as_ref(), if_missing)?;
    if is_new && purpose == StorePurpose::Decide {
        // Printed even with --quiet: if a store was lost, its revocations are lost too.
        let text = format!(
            "the store {address} did not exist, so an empty one was created: earlier uses and revocations are unknown"
        );
        host.important_message(Level::Warning, &text);
    }
    if let Some(warning) = warning {
        host.message(Level::Warning, &warning.to_string());
    }
    // A clock set ahead with --at must not delete records that other processes still need.
    let clock = host.now().min((host.clock)());
    Ok(Ledger::new(backend, address, clock))
}

//! The store that an argument names, opened.

use crate::error::CommandError;
use crate::host::{Host, Level};
use crate::keys::secret::variable;
use crate::store::address::{Address, Missing, Place};
use crate::store::ledger::Ledger;
use crate::store::{Absent, Opened};
use std::ffi::OsStr;

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To ask it.
    Look,
    /// To begin something in it.
    Begin,
    /// To decide by what it holds, and to keep the decision.
    Decide,
}

/// Opens a store. One that is not there is made, unless it would only be asked.
pub(crate) fn open(text: &OsStr, purpose: Purpose, host: &mut Host<'_>) -> Result<Ledger, CommandError> {
    let address = Address::parse(text)?;
    let password = match &address.place {
        Place::Server(_) => variable("FOB_STORE_PASSWORD", host),
        Place::File(_) => None,
    };
    let absent = match purpose {
        Purpose::Begin => Absent::Made,
        // An empty store knows nothing, so it could only refuse.
        Purpose::Decide if address.missing == Missing::Good => Absent::Made,
        Purpose::Decide | Purpose::Look => Absent::Refused,
    };
    let Opened { shelf, is_new, remark } = crate::store::open(&address, password.as_ref(), absent)?;
    if is_new && purpose == Purpose::Decide {
        let what = format!(
            "there was no store {address}, so an empty one was made: it knows of nothing that was used or revoked before"
        );
        // However quiet it is to be: whoever lost a store has lost what it knew.
        host.important_message(Level::Warning, &what);
    }
    if let Some(remark) = remark {
        host.message(Level::Warning, &remark);
    }
    // A clock that was set for this run alone must not clear the store for the others.
    let clock = host.now().min((host.clock)());
    Ok(Ledger::new(shelf, &address, clock))
}

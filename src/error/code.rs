//! The codes of error documents: one table with the code and the meaning, and the code of every typed error. Scripts rely
//! on the codes, so a code never changes its meaning.

use super::decode::DecodeError;
use super::inspect::{InspectError, UnmetRequirement, UnmetRequirements};
use super::output::NewFileError;
use super::usage::UsageError;
use super::{CommandError, ErrorKind, Unwritten};
use crate::client::TokenServerError;
use crate::core::encryption::error::EncryptionError;
use crate::core::encryption::recipient::RecipientError;
use crate::core::key::KeyError;
use crate::core::mint::claims::ClaimError;
use crate::core::mint::pair::PairError;
use crate::core::mint::signer::SignError;
use crate::core::reason::{Failure, Reason};
use crate::host::HostError;
use crate::host::server_url::ForbiddenUrl;
use crate::input::InputError;
use crate::keys::password::PasswordError;
use crate::keys::{KeyLoadError, RecipientKeyError};
use crate::remote::error::FetchError;
use crate::scan::pick::PickError;
use crate::session::{SessionError, SessionFileError};
use crate::store::error::StoreError;
use crate::suite::error::{ContentErrorKind, SuiteError};

macro_rules! error_codes {
    ($($variant:ident = $code:literal, $meaning:literal;)+) => {
        /// The code of a failure, for scripts.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum ErrorCode {
            $(#[doc = $meaning] $variant,)+
            /// A reason code.
            Reason(Reason),
        }

        impl ErrorCode {
            /// Every code that is not a reason code, with its meaning.
            pub const ALL: &[(&str, &str)] = &[$(($code, $meaning)),+];

            /// Returns the code as text.
            #[must_use]
            pub fn name(&self) -> String {
                match self {
                    $(Self::$variant => $code.to_owned(),)+
                    Self::Reason(reason) => reason.to_string(),
                }
            }
        }
    };
}

error_codes! {
    Usage = "usage", "The command line is wrong, or asks for something that cannot be done";
    NotGiven = "not_given", "A token, a secret or a password is missing";
    Unreadable = "unreadable", "A file, a folder or standard input cannot be read";
    NotWritten = "not_written", "Standard output or a file cannot be written";
    NoToken = "no_token", "The input holds no token";
    SeveralTokens = "several_tokens", "The input holds several tokens, and the command wants one";
    NoSuchToken = "no_such_token", "`--pick` does not name one of the tokens";
    NoClaims = "no_claims", "The payload of the token is not a claims set";
    NotValidFor = "not_valid_for", "The token does not stay valid as long as `--valid-for` demands";
    Opaque = "opaque", "The token is opaque, and cannot be verified";
    Key = "key", "A key or a secret cannot be loaded or used";
    Claims = "claims", "No token can be made of these claims";
    Fetch = "fetch", "A URL is not allowed, or its content cannot be fetched";
    Server = "server", "The token server issued no tokens";
    Session = "session", "The session file cannot be used or written, or the session is over";
    Store = "store", "The store cannot be opened, read or written";
    Suite = "suite", "A suite cannot be read, or is wrong";
    System = "system", "The operating system refused something else";
}

impl CommandError {
    /// Returns the code for scripts.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        ErrorCode::of(&self.source, self.kind)
    }
}

impl From<Reason> for ErrorCode {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

impl ErrorCode {
    /// Returns the code of a typed error. An error of another type gets the code of its kind.
    fn of(error: &anyhow::Error, kind: ErrorKind) -> Self {
        let usage = || error.downcast_ref().map(of_usage);
        let input = || error.downcast_ref().map(of_input);
        let shown = || error.downcast_ref().map(of_decode);
        let picked = || error.downcast_ref().map(of_pick);
        let loaded = || error.downcast_ref().map(of_key_load);
        let by_type = || {
            let claims = is::<ClaimError>(error) || is::<PairError>(error);
            let suite = is::<ContentErrorKind>(error) || is::<SuiteError>(error);
            Some(match () {
                () if is::<KeyError>(error) || is_about_encryption(error) => Self::Key,
                () if claims => Self::Claims,
                () if suite => Self::Suite,
                () if is::<PasswordError>(error) => Self::NotGiven,
                () if is::<FetchError>(error) || is::<ForbiddenUrl>(error) => Self::Fetch,
                () if is::<TokenServerError>(error) => Self::Server,
                () if is::<SessionFileError>(error) || is::<SessionError>(error) => Self::Session,
                () if is::<StoreError>(error) => Self::Store,
                () if is::<HostError>(error) => Self::System,
                () if is::<NewFileError>(error) || is::<Unwritten>(error) => Self::NotWritten,
                () if is::<InspectError>(error) && kind == ErrorKind::Unjudged => Self::Unreadable,
                () => return None,
            })
        };
        let signed = || error.downcast_ref().map(of_sign);
        let unmet = || error.downcast_ref().map(|unmet: &UnmetRequirements| of_unmet(&unmet.first));
        let named = usage().or_else(input).or_else(shown).or_else(picked).or_else(loaded).or_else(signed);
        named.or_else(unmet).or_else(by_type).unwrap_or(match kind {
            ErrorKind::NoToken => Self::NoToken,
            ErrorKind::Output { .. } => Self::NotWritten,
            ErrorKind::Unjudged | ErrorKind::Rejected | ErrorKind::TimeOnly => Self::Usage,
        })
    }
}

fn is<E: std::error::Error + Send + Sync + 'static>(error: &anyhow::Error) -> bool {
    error.is::<E>()
}

fn is_about_encryption(error: &anyhow::Error) -> bool {
    is::<RecipientKeyError>(error) || is::<RecipientError>(error) || is::<EncryptionError>(error)
}

fn of_failure(failure: &Failure) -> ErrorCode {
    failure.reason.clone().into()
}

fn of_usage(error: &UsageError) -> ErrorCode {
    match error {
        UsageError::MalformedToken { failure } | UsageError::UnidentifiedToken { failure } => {
            of_failure(failure)
        }
        UsageError::ReportNotWritten { .. } => ErrorCode::NotWritten,
        UsageError::TokenTooLarge | UsageError::NotAB64Token { .. } => ErrorCode::NoToken,
        UsageError::NoSigningKey
        | UsageError::EncryptedWithoutSigningKey { .. }
        | UsageError::NoSuiteKey
        | UsageError::NoThumbprint { .. }
        | UsageError::NoWritableKey { .. }
        | UsageError::NoPublicHalf { .. }
        | UsageError::NoPrivateHalf { .. }
        | UsageError::UnwritableKey { .. }
        | UsageError::NoKeyToPrint => ErrorCode::Key,
        _ => ErrorCode::Usage,
    }
}

fn of_input(error: &InputError) -> ErrorCode {
    match error {
        InputError::NoPathAfterAt => ErrorCode::Usage,
        InputError::Host(_) => ErrorCode::System,
        InputError::NotGiven(_) => ErrorCode::NotGiven,
        InputError::Pick(error) => of_pick(error),
        _ => ErrorCode::Unreadable,
    }
}

fn of_key_load(error: &KeyLoadError) -> ErrorCode {
    match error {
        KeyLoadError::Input(error) => of_input(error),
        KeyLoadError::NoKeyFile { .. }
        | KeyLoadError::NoSecretFile
        | KeyLoadError::NoFileToShow
        | KeyLoadError::TokenAsPath { .. }
        | KeyLoadError::UnreadableVariable { .. } => ErrorCode::Unreadable,
        KeyLoadError::Password(_)
        | KeyLoadError::PublicKeyNotGiven { .. }
        | KeyLoadError::SecretVariableNotSet { .. } => ErrorCode::NotGiven,
        KeyLoadError::Url(_) | KeyLoadError::IssuerUrl { .. } | KeyLoadError::Fetch(_) => ErrorCode::Fetch,
        KeyLoadError::IssuerWithQuery
        | KeyLoadError::NothingToCache
        | KeyLoadError::TwoVariables
        | KeyLoadError::UrlInVariable
        | KeyLoadError::UrlToSign
        | KeyLoadError::UrlToShow
        | KeyLoadError::TextAsPath(_)
        | KeyLoadError::RepeatedKid(_)
        | KeyLoadError::RepeatedKidInSet(_)
        | KeyLoadError::SecretWithoutKid { .. }
        | KeyLoadError::KidClaimWithSecret => ErrorCode::Usage,
        _ => ErrorCode::Key,
    }
}

fn of_pick(error: &PickError) -> ErrorCode {
    match error {
        PickError::Several(_) => ErrorCode::SeveralTokens,
        PickError::NoSuchToken { .. } => ErrorCode::NoSuchToken,
        _ => ErrorCode::NoToken,
    }
}

fn of_decode(error: &DecodeError) -> ErrorCode {
    match error {
        DecodeError::Malformed { failure, .. }
        | DecodeError::NotDecrypted { failure, .. }
        | DecodeError::AmbiguousClaim(failure)
        | DecodeError::NoClaims(Some(failure)) => of_failure(failure),
        DecodeError::NoClaims(None) => ErrorCode::NoClaims,
        DecodeError::NoSuchClaim { name, .. } => Reason::ClaimMissing(name.clone()).into(),
    }
}

fn of_unmet(unmet: &UnmetRequirement) -> ErrorCode {
    match unmet {
        UnmetRequirement::Opaque => ErrorCode::Opaque,
        UnmetRequirement::NoClaims => ErrorCode::NoClaims,
        UnmetRequirement::NoClaim { name } => Reason::ClaimMissing(name.clone()).into(),
        UnmetRequirement::TimeType(failure) => of_failure(failure),
        UnmetRequirement::NotValidFor(_) => ErrorCode::NotValidFor,
    }
}

fn of_sign(error: &SignError) -> ErrorCode {
    match error {
        SignError::Refused(failure) => of_failure(failure),
        SignError::Header(_) | SignError::NotInToken { .. } => ErrorCode::Claims,
        _ => ErrorCode::Key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_is_listed_twice_and_none_is_a_reason_code() {
        use crate::core::reason::ReasonCode;
        for (index, (code, _)) in ErrorCode::ALL.iter().enumerate() {
            assert!(ErrorCode::ALL[..index].iter().all(|(other, _)| other != code), "{code}");
            assert!(ReasonCode::ALL.iter().all(|reason| reason.name() != *code), "{code}");
        }
    }
}

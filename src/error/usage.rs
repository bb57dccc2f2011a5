//! Errors of the commands themselves: what the user asked for cannot be done. Their text and hints are here, too.

use super::input::{shown_path, system_text};
use super::{CommandError, ErrorKind};
use crate::core::encryption::new_key::NewKeyError;
use crate::core::mint::flaw::{Flaw, NotApplicable};
use crate::core::mint::profile::Profile;
use crate::core::mint::serialization::Serialization;
use crate::core::reason::Failure;
use crate::core::redact::argument::is_showable_option;
use crate::core::text::escape::{Shown, excerpt};
use crate::core::text::shell::option;
use crate::core::token::algorithm::Algorithm;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// The hint for a run without a token, whose secret looks like one.
pub(crate) const TOKEN_AS_SECRET: &str = "the value of --secret is itself a token: give the secret before it, with --secret-env VAR or --secret TEXT";

/// A request that a command cannot fulfil.
#[derive(Debug)]
pub(crate) enum UsageError {
    // fob encode
    /// All flaws were asked for, but no suite to write them to.
    AllFlawsWithoutSuite,
    /// The token cannot have the flaw.
    FlawNotApplicable {
        /// The flaw.
        flaw: Flaw,
        /// Why it does not apply.
        reason: NotApplicable,
    },
    /// The key of the recipient is public, so the flawed token could not be verified.
    PublicKeyForFlaw {
        /// The source of the key.
        source: String,
    },
    /// There is no valid token that flawed ones could be made of.
    NoFlawSuite {
        /// Why there is none.
        reason: NotApplicable,
    },
    /// The payload is the path of a file.
    PathAsPayload {
        /// The path.
        path: PathBuf,
    },
    /// Several keys were given to sign with, but the token has one signature.
    SeveralSigningKeys,
    /// A JSON document in a format for tokens in compact serialization.
    DocumentInFormat {
        /// The serialization.
        serialization: Serialization,
    },
    /// A document has several signatures, but the header or the signature of one is wanted.
    SeveralSignatures {
        /// The number of signatures.
        count: usize,
    },
    /// A line of claims is too long.
    ClaimsLineTooLong {
        /// The size of the line in bytes.
        bytes: u64,
        /// The largest size.
        maximum: usize,
    },
    /// There is no key to sign with.
    NoSigningKey,
    /// A key to encrypt with is given, but none to sign with.
    EncryptedWithoutSigningKey {
        /// True if the command can encrypt claims without a signature.
        may_be_unsigned: bool,
    },

    // fob verify --payload
    /// The token holds a payload itself.
    PayloadNotDetached,
    /// The token is encrypted.
    PayloadOfEncrypted,
    /// The text is an SD-JWT.
    PayloadOfSdJwt,
    /// A payload is given together with a store.
    PayloadWithStore,
    /// The payload is too large.
    PayloadTooLarge {
        /// The largest size in bytes.
        limit: usize,
        /// The remedy for the user.
        hint: &'static str,
    },
    /// The payload is too large for its claims to be judged.
    LargePayload {
        /// An option that needs claims.
        option: &'static str,
        /// The largest size of a payload with claims, in bytes.
        limit: usize,
    },
    /// The algorithm needs the whole payload at once, and the payload is too large for that.
    WholePayloadNeeded {
        /// The algorithm.
        algorithm: Algorithm,
        /// The largest size in bytes.
        limit: usize,
        /// True if `--max-size` raises the limit.
        may_raise: bool,
    },

    // fob verify --suite
    /// The name of no case contains the text of --filter.
    NoMatchingCase,
    /// Neither a case nor the environment names a key.
    NoSuiteKey,
    /// Two reports would go to the same file or stream.
    SharedReportPath {
        /// The path; `-` is standard output.
        path: PathBuf,
    },
    /// A report was not written.
    ReportNotWritten {
        /// The name of its format.
        format: &'static str,
        /// Its path.
        path: PathBuf,
        /// The cause.
        error: io::Error,
    },

    // fob pair
    /// No option names the user.
    NoUser,
    /// Both --user-id and --sub name the subject of an oauth token.
    TwoSubjects {
        /// The profile.
        profile: Profile,
    },
    /// An option was given for the refresh token of a profile that has none.
    NoRefreshToken {
        /// The option.
        option: &'static str,
        /// The profile.
        profile: Profile,
    },
    /// The mark of a refresh token is not a claim of its own.
    MarkInside {
        /// The JSON Pointer.
        pointer: String,
    },
    /// The two tokens of a pair have different subjects.
    PairSubjectsDiffer,
    /// The store cannot keep the tokens.
    NotStorable {
        /// Why it cannot.
        failure: Failure,
    },

    // fob revoke
    /// `--subject` is empty.
    EmptySubject,
    /// The token to revoke is malformed.
    MalformedToken {
        /// Its flaw.
        failure: Failure,
    },
    /// The claims of the token to revoke do not identify it.
    UnidentifiedToken {
        /// The missing part.
        failure: Failure,
    },

    // fob pair --from and fob refresh --from
    /// No option names the user who logs in.
    NoUserToLogIn,
    /// The password is empty.
    EmptyPassword,
    /// The password is not UTF-8.
    PasswordNotUtf8,
    /// The text has another token than a refresh token.
    NoRefreshTokenToSend {
        /// The name that the text gives the token.
        found: String,
    },
    /// A --field has no name. It may be a secret, so it is not repeated.
    FieldWithoutName,
    /// The access token that should end a session has expired, so it names none.
    ExpiredForLogOut,
    /// A user is named for a grant without one.
    UserWithoutPasswordGrant,
    /// A variable that --field-env names is not set.
    FieldVariableNotSet {
        /// The place of the value. The name of the variable may be the secret itself.
        place: String,
    },
    /// A variable that --field-env names is no text.
    FieldVariableNotUtf8 {
        /// The place of the value.
        place: String,
    },
    /// --profile names a framework whose tokens cannot be minted.
    NoTokensOfProfile {
        /// The name.
        name: &'static str,
    },
    /// --profile names a framework whose server cannot be asked.
    NoServerOfProfile {
        /// The name.
        name: &'static str,
    },
    /// An option or an argument says what the file of --session says.
    SaidBySession {
        /// The option or the argument.
        option: &'static str,
    },
    /// The token is larger than --max-size allows.
    TokenTooLarge,
    /// The token cannot be sent (RFC 6750 section 2.1).
    NotAB64Token {
        /// A hint, if the text looks like something else.
        hint: Option<String>,
    },

    // fob key new
    /// Only RSA keys have a size to choose.
    BitsWithoutRsa {
        /// The algorithm.
        algorithm: &'static str,
    },
    /// Only keys for agreement have a curve to choose.
    CurveWithoutAgreement {
        /// The algorithm.
        algorithm: &'static str,
    },
    /// No RSA key of this size can be generated.
    UnsupportedRsaSize {
        /// The size.
        bits: usize,
        /// The sizes that can be.
        supported: &'static [usize],
    },
    /// A secret cannot be written as PEM.
    SecretAsPem,
    /// A key is not a secret.
    NotASecret {
        /// Its algorithm.
        algorithm: &'static str,
    },
    /// Only a JWK contains a key ID.
    KidWithoutJwk,
    /// A seed makes no keys for this algorithm.
    NoSeededKey {
        /// The algorithm.
        algorithm: &'static str,
        /// Algorithms of the same purpose whose keys can be.
        others: &'static str,
    },
    /// No key is made for this encryption algorithm.
    NoEncryptionKey {
        /// The cause.
        error: NewKeyError,
    },
    /// The system has no random bytes for a key.
    NoRandomKey,
    /// The new key has no such form.
    NoSuchKeyForm,

    // fob schema
    /// These words name no schema.
    NoSuchSchema {
        /// The words.
        name: String,
    },

    // fob key show
    /// None of the keys of a set can be written in the form that was asked for.
    NoWritableKey {
        /// The source of the set.
        source: String,
    },
    /// No key of the file has a thumbprint.
    NoThumbprint {
        /// The file.
        source: String,
    },
    /// A secret has no public half.
    NoPublicHalf {
        /// The file.
        source: String,
    },
    /// Several files were given, but only a set can hold several keys.
    SeveralKeyFiles,
    /// An ID was given that belongs to no key file.
    MisplacedKid {
        /// The ID.
        kid: String,
    },
    /// A public key has no private half.
    NoPrivateHalf {
        /// The file.
        source: String,
    },
    /// The key cannot be written.
    UnwritableKey {
        /// The file.
        source: String,
        /// Why the key is unusable.
        reason: Option<Failure>,
    },
    /// A key to show is a secret, which cannot be written as PEM.
    ShownSecretAsPem,
    /// The file has no key to print.
    NoKeyToPrint,

    // fob man
    /// No command has this name.
    NoSuchCommand {
        /// The words after `man`.
        words: String,
    },
    /// The man pages are to be written to a folder that is missing, or that is none.
    NoFolder {
        /// Its path.
        path: PathBuf,
    },
}

impl UsageError {
    const fn kind(&self) -> ErrorKind {
        match self {
            Self::MalformedToken { .. }
            | Self::TokenTooLarge
            | Self::NotAB64Token { .. }
            | Self::NoRefreshTokenToSend { .. } => ErrorKind::NoToken,
            _ => ErrorKind::Unjudged,
        }
    }

    const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::AllFlawsWithoutSuite => Some("add --suite PATH"),
            Self::PublicKeyForFlaw { .. } => Some("give --encrypt-for the private key of the recipient"),
            Self::EncryptedWithoutSigningKey { .. } => {
                Some("name the signing key with --key, --secret-file or --secret-env")
            }
            Self::PayloadNotDetached => Some("leave out --payload"),
            Self::PayloadWithStore => Some("leave out `store`"),
            Self::PayloadTooLarge { hint, .. } => Some(hint),
            Self::LargePayload { .. } => Some("raise --max-size to hold the payload in memory"),
            Self::WholePayloadNeeded { may_raise: true, .. } => Some("raise --max-size"),
            Self::NoMatchingCase => Some("leave out --filter to run every case"),
            Self::NoSuiteKey => Some(
                "name one with `secret-env`, `secret-file` or `key`, in the case or in the defaults, or set FOB_SECRET or FOB_KEY",
            ),
            Self::SharedReportPath { .. } => Some("give each --report its own path"),
            Self::NoSuchSchema { .. } => Some("`fob schema` lists the schemas"),
            Self::NoUser => Some("name the user with --user-id or --sub"),
            Self::PairSubjectsDiffer => {
                Some("give `sub` and `user_id` to both, with --sub, --user-id or --claim")
            }
            Self::EmptySubject => Some("give --subject the `sub` of the tokens, or their `user_id`"),
            Self::UnidentifiedToken { .. } => Some("revoke everything of its subject with --subject SUB"),
            Self::NoUserToLogIn => Some("name the user with --user"),
            Self::SaidBySession { .. } => Some("leave it out, or begin another session with --from"),
            Self::FieldWithoutName => Some("write --field NAME=TEXT"),
            Self::ExpiredForLogOut => Some("refresh the session, and revoke the new access token"),
            Self::UserWithoutPasswordGrant => Some("leave --user out, or use --grant password"),
            Self::NoTokensOfProfile { .. } => Some(
                "with --from URL, this profile asks a server; --help lists the profiles that mint tokens",
            ),
            Self::SecretAsPem => Some("use --format jwk or secret"),
            Self::NotASecret { .. } => Some("use --format jwk or pem"),
            Self::KidWithoutJwk | Self::ShownSecretAsPem => Some("use --format jwk"),
            Self::CurveWithoutAgreement { .. } => Some("leave out --crv"),
            Self::NoEncryptionKey { error: NewKeyError::NoSize } => {
                Some("name the content encryption, as in --alg A256GCM")
            }
            Self::NoEncryptionKey { error: NewKeyError::NeverMade(_) } => Some("use --alg RSA-OAEP-256"),
            Self::NoEncryptionKey { error: NewKeyError::Password(_) } => {
                Some("put a password of your own into a file, and give it with --encrypt-secret-file")
            }
            Self::NoPublicHalf { .. } => Some("print the secret itself with --private"),
            Self::SeveralKeyFiles => Some("make one set of them with --format jwks"),
            Self::MisplacedKid { .. } => Some("give each --kid before the file of its key"),
            Self::NoSuchCommand { .. } => Some("`fob --help` lists the commands"),
            Self::NoFolder { .. } => {
                Some("make the folder with mkdir -p, or choose another one with --out DIR")
            }
            _ => None,
        }
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchCommand { words } => {
                // Other texts are not names, and may be secrets.
                let name = if is_showable_option(words) { words } else { "this" };
                write!(f, "{name} is not a command of fob")
            }
            Self::NoFolder { path } => write!(f, "{} is not a folder", shown_path(path)),
            Self::AllFlawsWithoutSuite => {
                f.write_str("--flaw all mints many tokens, which can only be written to a suite")
            }
            Self::FlawNotApplicable { flaw, reason } => {
                write!(f, "no token can be made with the flaw {flaw}: {reason}")
            }
            Self::PublicKeyForFlaw { source } => {
                write!(f, "a flaw is checked before it is written, but the key from {source} cannot decrypt")
            }
            Self::NoFlawSuite { reason } => write!(f, "no suite of flaws can be made: {reason}"),
            Self::PathAsPayload { path } => {
                write!(f, "the payload `{}` is not JSON, but the name of a file", shown_path(path))
            }
            Self::SeveralSigningKeys => f.write_str("the token has one signature, but --key repeats"),
            Self::DocumentInFormat { serialization } => {
                write!(f, "--format header and env take no token in {} serialization", serialization.name())
            }
            Self::SeveralSignatures { count } => {
                write!(f, "the token has {count} signatures, each with a header of its own")
            }
            Self::ClaimsLineTooLong { bytes, maximum } => {
                write!(f, "{bytes} bytes, but a line may have {maximum}; without --lines there is no such limit")
            }
            Self::NoSigningKey => f.write_str("there is no key to sign with"),
            Self::EncryptedWithoutSigningKey { .. } => {
                f.write_str("a key to encrypt with was given, but none to sign with")
            }
            Self::PayloadNotDetached => {
                f.write_str("the token holds its payload, but --payload is for a token without its payload")
            }
            Self::PayloadOfEncrypted => {
                f.write_str("the token is encrypted, but --payload is for a signed token without its payload")
            }
            Self::PayloadOfSdJwt => f.write_str("--payload is for a signed token without its payload, but this text is an SD-JWT"),
            Self::PayloadWithStore => f.write_str("a store takes no tokens with a detached payload"),
            Self::PayloadTooLarge { limit, .. } => write!(f, "the payload is larger than {limit} bytes"),
            Self::LargePayload { option, limit } => {
                write!(f, "{option} needs claims, but the payload is larger than {limit} bytes, so no claims are judged")
            }
            Self::WholePayloadNeeded { algorithm, limit, .. } => {
                write!(f, "{algorithm} needs the whole payload in memory, but it is larger than {limit} bytes")
            }
            Self::NoMatchingCase => f.write_str("no case name contains the text of --filter"),
            Self::NoSuiteKey => f.write_str("no key was given"),
            Self::SharedReportPath { path } if path.as_os_str() == "-" => {
                f.write_str("two reports cannot share standard output")
            }
            Self::SharedReportPath { path } => write!(f, "two reports cannot share {}", path.display()),
            Self::ReportNotWritten { format, path, error } => {
                write!(f, "cannot write the {format} report to {}: {}", path.display(), system_text(error))
            }
            Self::NoUser => f.write_str("no user was given"),
            Self::TwoSubjects { profile } => {
                write!(f, "a token of the profile {profile} has one subject: give --user-id or --sub, not both")
            }
            Self::NoRefreshToken { option, profile } => {
                write!(f, "{option} cannot be used: the profile {profile} has no separate refresh token")
            }
            Self::MarkInside { pointer } => {
                write!(f, "--refresh-mark cannot be the value at {}: the mark must be a claim", Shown(pointer))
            }
            Self::PairSubjectsDiffer => f.write_str(
                "the access token and the refresh token have different subjects, so a store could not revoke both",
            ),
            Self::NotStorable { failure } => f.write_str(&failure.detail),
            Self::EmptySubject => f.write_str("the subject is empty"),
            Self::MalformedToken { failure } | Self::UnidentifiedToken { failure } => {
                write!(f, "{}: {}", failure.reason, failure.detail)
            }
            Self::NoUserToLogIn => f.write_str("no user was given"),
            Self::EmptyPassword => f.write_str("the password is empty"),
            Self::PasswordNotUtf8 => f.write_str("the password is not UTF-8 text"),
            Self::FieldWithoutName => f.write_str("a --field has no name"),
            Self::ExpiredForLogOut => {
                f.write_str("the access token has expired, so the server could not tell which session it ends")
            }
            Self::UserWithoutPasswordGrant => f.write_str("--user is for the password grant"),
            Self::FieldVariableNotSet { place } => {
                write!(f, "the environment variable that --field-env names for {place} is not set")
            }
            Self::FieldVariableNotUtf8 { place } => {
                write!(f, "the environment variable that --field-env names for {place} is not UTF-8 text")
            }
            Self::NoTokensOfProfile { name } => write!(f, "the profile {name} mints no tokens"),
            Self::NoServerOfProfile { name } => write!(f, "the profile {name} has no server to ask"),
            Self::SaidBySession { option } => {
                write!(f, "{option} cannot be used: the session file already has this value")
            }
            Self::TokenTooLarge => f.write_str("the token is larger than --max-size allows"),
            Self::NoRefreshTokenToSend { found } => {
                write!(f, "the input has no refresh token, only `{}`", excerpt(found))
            }
            Self::NotAB64Token { .. } => f.write_str("not a token: it has characters that no token has"),
            Self::BitsWithoutRsa { algorithm } => {
                write!(f, "--bits is for RSA keys, but {algorithm} has a fixed size")
            }
            Self::UnsupportedRsaSize { bits, supported } => {
                let supported: Vec<_> = supported.iter().map(ToString::to_string).collect();
                write!(f, "cannot make an RSA key of {bits} bits, only of {}", supported.join(", "))
            }
            Self::SecretAsPem | Self::ShownSecretAsPem => f.write_str("a secret cannot be written as PEM"),
            Self::NotASecret { algorithm } => write!(f, "a key for {algorithm} is not a secret"),
            Self::KidWithoutJwk => f.write_str("only a JWK contains a key ID"),
            Self::CurveWithoutAgreement { algorithm } => {
                write!(f, "--crv is for ECDH-ES keys, but {algorithm} has no curve to choose")
            }
            Self::NoEncryptionKey { error } => error.fmt(f),
            Self::NoSeededKey { algorithm, .. } => write!(f, "cannot make a key for {algorithm} from a seed"),
            Self::NoRandomKey => f.write_str("the operating system provides no random bytes for a key"),
            Self::NoSuchKeyForm => f.write_str("this key cannot be written in that form"),
            Self::NoSuchSchema { name } => write!(f, "there is no schema `{}`", Shown(name)),
            Self::NoWritableKey { source } => {
                write!(f, "no key in {source} can be written; run `fob key show` without options to see why")
            }
            Self::NoThumbprint { source } => write!(f, "no key in {source} has a thumbprint"),
            Self::NoPublicHalf { source } => write!(f, "{source} contains a secret, which has no public half"),
            Self::SeveralKeyFiles => f.write_str("several key files were given"),
            Self::MisplacedKid { kid } => write!(f, "no file follows --kid {}", Shown(kid)),
            Self::NoPrivateHalf { source } => write!(f, "{source} contains no private half"),
            Self::UnwritableKey { source, reason: Some(reason) } => {
                write!(f, "the key from {source} cannot be written: {}", reason.detail)
            }
            Self::UnwritableKey { source, reason: None } => write!(f, "the key from {source} cannot be written"),
            Self::NoKeyToPrint => f.write_str("there is no key to print"),
        }
    }
}

impl std::error::Error for UsageError {}

impl From<UsageError> for CommandError {
    fn from(error: UsageError) -> Self {
        let (kind, fixed) = (error.kind(), error.hint().map(str::to_owned));
        let hint = match &error {
            UsageError::NotAB64Token { hint } => hint.clone(),
            UsageError::NoRefreshTokenToSend { found } => Some(format!(
                "if the refresh token came in a cookie, give the head of the answer, too: `curl -i` prints it; {} sends this token",
                option("--pick", found)
            )),
            UsageError::NoSeededKey { others, .. } => {
                Some(format!("keep the RSA key in a file, or use {others}"))
            }
            UsageError::PathAsPayload { path } => Some(format!("write @{} to read it", shown_path(path))),
            _ => fixed,
        };
        let other = match &error {
            UsageError::SeveralSigningKeys => Some(
                "--serialization general makes a signature for each --key of a token that is not encrypted",
            ),
            UsageError::DocumentInFormat { .. } => Some("use --format token or --format json"),
            UsageError::SeveralSignatures { .. } => {
                Some("leave out --part to see all of them, or use --part payload")
            }
            UsageError::EncryptedWithoutSigningKey { may_be_unsigned: true } => {
                Some("add --unsigned to encrypt the claims without a signature")
            }
            _ => None,
        };
        Self::new(kind, error).with_optional_hint(hint).with_optional_hint(other)
    }
}

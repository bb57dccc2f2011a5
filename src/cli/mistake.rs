//! What is wrong with a command line, as facts. `error::command_line` words them. No fact holds a value that can be a
//! secret or a token.

use crate::core::token::algorithm::Algorithm;

/// A command line that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// No command is given.
    NoCommand,
    /// There is no command of this name.
    UnknownCommand {
        /// The word, unless it can be a secret.
        word: Option<String>,
        /// The command before it, such as `fob key`.
        parent: String,
        /// The whole command that was probably meant.
        meant: Option<String>,
    },
    /// The command has no such option.
    UnknownOption {
        /// The command, such as `fob key new`.
        command: String,
        /// The option, unless it can be a secret.
        option: Option<String>,
        /// The remedy, if there is one.
        remedy: Option<Remedy>,
    },
    /// A typographic dash, or one hyphen before a long name.
    Hyphens {
        /// The option with the right hyphens.
        option: String,
    },
    /// An option where `--secret` needs its value, usually because a variable was empty.
    OptionAsSecret,
    /// A second value beside the token.
    BesideToken(Neighbour),
    /// The name of an algorithm without its option.
    Algorithm(Algorithm),
    /// The name of a curve, a key type or a family where an algorithm belongs.
    NotAnAlgorithm(NotAnAlgorithm),
    /// `none` where a new token needs an algorithm.
    AlgorithmNone,
    /// A payload that the shell has split at a blank.
    SplitPayload,
    /// Another value stands beside a whole payload.
    BesidePayload,
    /// Claims in the form `name=text`, without their option.
    BareClaims,
    /// More values than the command takes.
    Surplus {
        /// The command.
        command: String,
        /// Its arguments, such as `[TOKEN]`.
        takes: String,
    },
    /// An option without its value.
    NoValue {
        /// The option with the name of its value, such as `--exp TIME`.
        option: String,
        /// The possible values, if there are few.
        values: Vec<String>,
    },
    /// A value for an option that takes none.
    ValueOfFlag {
        /// The option.
        option: String,
    },
    /// A value that is none of a few.
    UnknownValue {
        /// The option or the argument.
        option: String,
        /// The value.
        value: String,
        /// The value that was probably meant.
        meant: Option<String>,
        /// The possible values.
        values: Vec<String>,
    },
    /// A value that cannot be read.
    InvalidValue {
        /// The option or the argument.
        option: String,
        /// The value.
        value: String,
        /// Why it cannot be read, and how to write it.
        reason: String,
    },
    /// Options or arguments are missing.
    Missing {
        /// The command.
        command: String,
        /// Each with the name of its value. One of them is enough if `any` is set.
        arguments: Vec<String>,
        /// True if one of them is enough.
        any: bool,
        /// The possible values of the only one.
        values: Vec<String>,
    },
    /// Two options that exclude each other.
    Conflict {
        /// One of them.
        one: String,
        /// The other one.
        other: String,
    },
    /// An option that may be given once was repeated.
    Repeated {
        /// The option.
        option: String,
    },
    /// Two secrets were given to a command that judges.
    SeveralSecrets,
    /// An argument is not UTF-8.
    NotUtf8,
    /// Anything else, in the words of clap.
    Other {
        /// The text.
        text: String,
    },
}

/// A value beside a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Neighbour {
    /// A scheme such as `Bearer`.
    Scheme,
    /// Another token.
    Token,
    /// The path of a key.
    KeyFile(String),
    /// A URL.
    Url,
    /// Any other value, which can be a secret.
    Unknown {
        /// True if the command takes a secret.
        takes_secret: bool,
    },
}

/// A name that people write in place of an algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAlgorithm {
    /// The registered name.
    pub name: &'static str,
    /// The kind of name, such as `a curve, not an algorithm`.
    pub kind: &'static str,
    /// The usual algorithm of this curve, key type or family.
    pub algorithm: &'static str,
    /// The curve, if the algorithm needs one.
    pub crv: Option<&'static str>,
}

/// The way to write an option that this command lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The right spelling of the option.
    Spelling(String),
    /// One of these options of the command.
    Options(Vec<&'static str>),
    /// The options that take a secret.
    Secret,
    /// The option belongs to these commands.
    Elsewhere {
        /// The option.
        option: String,
        /// The commands.
        commands: Vec<&'static str>,
    },
    /// `decode` checks no signature, so it takes no key.
    NoSignature,
    /// A token that is issued in the past.
    Past,
    /// The claim `user_id`.
    UserId,
    /// The payload as an argument.
    Payload,
    /// The token as an argument.
    Token,
    /// The path of the token's file as an argument, unless it can be something else.
    File(Option<String>),
    /// Leave the option out, for this reason.
    LeaveOut(String),
    /// The option for an algorithm, in place of an option with this value.
    Algorithm {
        /// The meaning of the value.
        named: NotAnAlgorithm,
        /// The value as it was written.
        value: String,
    },
    /// `@PATH` as an argument.
    Path,
    /// A redirection of standard output.
    Redirection,
    /// `--json`.
    Json,
    /// `--color never`.
    NoColour,
    /// A segment, with `--part`.
    Part(&'static str),
    /// Dates are shown without an option.
    Dates,
    /// `--version`.
    Version,
}

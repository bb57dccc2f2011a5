//! Claims as they are written on a command line: `name=text`, `name:=json`, and the options named after the
//! registered ones, all in the order in which they stand there.

use crate::core::json::{self, Member, Value};
use crate::core::text::escape::Shown;
use crate::core::token::claims::REGISTERED;
use crate::core::token::numeric_date::Instant;
use clap::{ArgMatches, Args, Command, FromArgMatches};
use std::str::FromStr;

/// `name=text` (always a string) or `name:=json` (typed).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment(pub Member<'static>);

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const FORM: &str = "write name=text, or name:=json for a number, true, null, an array or an object";
        let (name, value) = text.split_once('=').ok_or(FORM)?;
        let (name, value) = match name.strip_suffix(':') {
            None => (name, Value::string(value.to_owned())),
            Some(name) => {
                let typed = json::parse(value.as_bytes())
                    .map_err(|fault| format!("the value after := is {fault}"))?;
                if let Some(name) = typed.first_duplicate() {
                    return Err(format!("the value after := names {} more than once", Shown(&name)));
                }
                (name, typed.into_owned())
            }
        };
        if name.is_empty() { Err(FORM.to_owned()) } else { Ok(Self(Member::new(name.to_owned(), value))) }
    }
}

/// A claim as it was asked for, before the clock and chance have filled it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A member as given.
    Member(Member<'static>),
    /// A time claim.
    Time(&'static str, Instant),
    /// A random `jti`.
    RandomId,
}

/// The claims of `encode`, in the order of the command line.
#[derive(Clone, Debug, Default)]
pub struct ClaimArgs {
    /// Each as it was asked for; the audiences as one, where the first of them stands.
    pub claims: Vec<Claim>,
}

// What clap is told; ClaimArgs adds the order.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = "Claims")]
struct ClaimOptions {
    /// A claim: name=text (a string) or name:=json (typed)
    #[arg(short, long, value_name = "NAME=TEXT|NAME:=JSON")]
    claim: Vec<Assignment>,
    /// iss, the issuer
    #[arg(long, value_name = "TEXT")]
    iss: Option<String>,
    /// sub, the subject
    #[arg(long, value_name = "TEXT")]
    sub: Option<String>,
    /// aud, an audience; repeated, an array of them
    #[arg(long, value_name = "TEXT")]
    aud: Vec<String>,
    /// exp, the expiration time: 15m after the issue, +15m from now, a date, @seconds
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    exp: Option<Instant>,
    /// nbf, the time before which it is not valid
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    nbf: Option<Instant>,
    /// iat, the time of issue [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    iat: Option<Instant>,
    /// jti, the token's ID; without a value, 128 random bits
    #[arg(long, value_name = "VALUE", num_args = 0..=1, default_missing_value = "", value_parser = token_id)]
    jti: Option<Claim>,
}

impl Args for ClaimArgs {
    fn augment_args(command: Command) -> Command {
        ClaimOptions::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        ClaimOptions::augment_args_for_update(command)
    }
}

impl FromArgMatches for ClaimArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let places: Vec<usize> = matches.indices_of("claim").into_iter().flatten().collect();
        let first = REGISTERED.map(|name| matches.indices_of(name).and_then(|mut places| places.next()));
        let options = ClaimOptions::from_arg_matches_mut(matches)?;

        let text = |name: &'static str, value: String| Claim::Member(Member::new(name, Value::string(value)));
        let time = |name, instant: Option<Instant>| instant.map(|instant| Claim::Time(name, instant));
        let audience = |mut audiences: Vec<String>| match audiences.len() {
            0 => None,
            1 => audiences.pop().map(|audience| text("aud", audience)),
            _ => {
                let audiences = audiences.into_iter().map(Value::string).collect();
                Some(Claim::Member(Member::new("aud", Value::Array(audiences))))
            }
        };
        let named = [
            options.iss.map(|issuer| text("iss", issuer)),
            options.sub.map(|subject| text("sub", subject)),
            audience(options.aud),
            time("exp", options.exp),
            time("nbf", options.nbf),
            time("iat", options.iat),
            options.jti,
        ];
        let given = options.claim.into_iter().map(|Assignment(member)| Claim::Member(member));
        let mut claims: Vec<(usize, Claim)> = places.into_iter().zip(given).collect();
        claims.extend(first.into_iter().zip(named).filter_map(|(place, claim)| place.zip(claim)));
        claims.sort_by_key(|(place, _)| *place);
        Ok(Self { claims: claims.into_iter().map(|(_, claim)| claim).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Reads the value of `--jti`, which may be left out, so that a payload is not swallowed in its place.
fn token_id(text: &str) -> Result<Claim, String> {
    match text {
        "" => Ok(Claim::RandomId),
        text if text == "-" || text.starts_with(['{', '@']) => {
            Err("this looks like the payload: put it before --jti".to_owned())
        }
        text => Ok(Claim::Member(Member::new("jti", Value::string(text.to_owned())))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &[&str]) -> Result<Vec<String>, clap::Error> {
        let command = ClaimArgs::augment_args(Command::new("test").no_binary_name(true));
        let matches = command.try_get_matches_from(line)?;
        let show = |claim: &Claim| match claim {
            Claim::Member(member) => format!("{}={}", member.name, member.value),
            Claim::Time(name, _) => (*name).to_owned(),
            Claim::RandomId => "jti".to_owned(),
        };
        ClaimArgs::from_arg_matches(&matches).map(|args| args.claims.iter().map(show).collect())
    }

    #[test]
    fn claims_keep_the_order_of_the_command_line() {
        let line = [
            "--sub", "a", "-c", "x:=1", "--aud", "p", "--exp", "1h", "-c", "y=2", "--aud", "q", "--iss", "i",
            "--jti",
        ];
        assert_eq!(
            read(&line).unwrap(),
            ["sub=\"a\"", "x=1", "aud=[\"p\",\"q\"]", "exp", "y=\"2\"", "iss=\"i\"", "jti"]
        );
    }

    #[test]
    fn text_is_always_a_string_and_json_is_typed() {
        let read = |text: &str| text.parse::<Assignment>().map(|Assignment(member)| member.value.to_string());
        assert_eq!(read("a=1"), Ok("\"1\"".into()));
        assert_eq!(read("a:=1.10"), Ok("1.10".into()));
        assert_eq!(read("a=b=c\"d"), Ok(r#""b=c\"d""#.into()));
        assert_eq!(read("a="), Ok("\"\"".into()));
        assert!(read("a").is_err());
        assert!(read("=a").is_err());
        assert!(read(":=1").is_err());
        assert!(read("a:=nope").is_err());
        assert!(read("a:={\"b\":1,\"b\":2}").is_err());
    }
}

//! The options of `fob encode` for claims: `--claim`, and those named after registered claims. Their order on the command
//! line is kept.

use crate::core::json::{Member, Value};
use crate::core::mint::assignment::Assignment;
use crate::core::mint::claims::NewClaim;
use crate::core::token::claims::REGISTERED;
use crate::core::token::numeric_date::Instant;
use clap::{ArgMatches, Args, Command, FromArgMatches};

/// The claims that the options of `encode` ask for.
#[derive(Clone, Debug, Default)]
pub struct ClaimArgs {
    /// The claims in the order of the command line. All audiences are one claim, in the place of the first.
    pub claims: Vec<NewClaim>,
}

// The options as clap parses them; ClaimArgs adds their order.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = "Claims")]
struct ClaimOptions {
    /// A claim: name=text for a string, name:=json for any type
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
    /// exp, the expiration time: 15m after iat, +15m from now, a date, @seconds
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    exp: Option<Instant>,
    /// nbf, the time before which the token is not valid
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    nbf: Option<Instant>,
    /// iat, the time of issue [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    iat: Option<Instant>,
    /// jti, the ID of the token; without a value, 128 random bits
    #[arg(long, value_name = "VALUE", num_args = 0..=1, default_missing_value = "", value_parser = NewClaim::parse_token_id)]
    jti: Option<NewClaim>,
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
        let positions: Vec<usize> = matches.indices_of("claim").into_iter().flatten().collect();
        let first =
            REGISTERED.map(|name| matches.indices_of(name).and_then(|mut positions| positions.next()));
        let options = ClaimOptions::from_arg_matches_mut(matches)?;

        let text =
            |name: &'static str, value: String| NewClaim::Member(Member::new(name, Value::string(value)));
        let time = |name, instant: Option<Instant>| instant.map(|instant| NewClaim::Time(name, instant));
        let audience = |mut audiences: Vec<String>| match audiences.len() {
            0 => None,
            1 => audiences.pop().map(|audience| text("aud", audience)),
            _ => {
                let audiences = audiences.into_iter().map(Value::string).collect();
                Some(NewClaim::Member(Member::new("aud", Value::Array(audiences))))
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
        let given = options.claim.into_iter().map(|Assignment(member)| NewClaim::Member(member));
        let mut claims: Vec<(usize, NewClaim)> = positions.into_iter().zip(given).collect();
        claims.extend(first.into_iter().zip(named).filter_map(|(position, claim)| position.zip(claim)));
        claims.sort_by_key(|(position, _)| *position);
        Ok(Self { claims: claims.into_iter().map(|(_, claim)| claim).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &[&str]) -> Result<Vec<String>, clap::Error> {
        let command = ClaimArgs::augment_args(Command::new("test").no_binary_name(true));
        let matches = command.try_get_matches_from(line)?;
        let show = |claim: &NewClaim| match claim {
            NewClaim::Member(member) => format!("{}={}", member.name, member.value),
            NewClaim::Time(name, _) => (*name).to_owned(),
            NewClaim::RandomId => "jti".to_owned(),
        };
        ClaimArgs::from_arg_matches(&matches).map(|args| args.claims.iter().map(show).collect())
    }

    #[test]
    fn keeps_the_order_of_the_command_line() {
        let line = [
            "--sub", "a", "-c", "x:=1", "--aud", "p", "--exp", "1h", "-c", "y=2", "--aud", "q", "--iss", "i",
            "--jti",
        ];
        assert_eq!(
            parse(&line).unwrap(),
            ["sub=\"a\"", "x=1", "aud=[\"p\",\"q\"]", "exp", "y=\"2\"", "iss=\"i\"", "jti"]
        );
    }
}

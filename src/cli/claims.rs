//! The options of `fob encode` for claims: `--claim`, and those named after registered claims. Their order on the command
//! line is kept.

use crate::core::json::{Member, Value};
use crate::core::mint::assignment::{Assignment, ValueForm};
use crate::core::mint::claims::NewClaim;
use crate::core::mint::traps::GivenText;
use crate::core::token::claims::REGISTERED;
use crate::core::token::numeric_date::Instant;
use clap::{ArgMatches, Args, Command, FromArgMatches};

/// The claims that the options of `encode` ask for.
#[derive(Clone, Debug, Default)]
pub struct ClaimArgs {
    /// The claims in the order of the command line. All audiences are one claim, in the place of the first.
    pub claims: Vec<NewClaim>,
    /// The texts among them that `--claim` gives.
    pub texts: Vec<GivenText>,
}

/// Returns the texts that an option gives with `=`.
pub(super) fn given_texts(option: &'static str, assignments: &[Assignment]) -> Vec<GivenText> {
    let is_text = |assignment: &&Assignment| assignment.form == ValueForm::Text;
    let text = |Assignment { member, .. }: &Assignment| GivenText {
        option,
        name: member.name.to_string(),
        text: member.value.as_str().unwrap_or_default().to_owned(),
    };
    assignments.iter().filter(is_text).map(text).collect()
}

// The options as clap parses them; ClaimArgs adds their order.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = "Claims")]
struct ClaimOptions {
    /// A claim: name=text for a string, name:=json for any type
    ///
    /// A name that starts with / is a JSON Pointer.
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
    /// exp, the expiration: 15m after iat, +15m from now, or a date
    ///
    /// @1700000000 is a number of seconds since 1970.
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

        let time = |name, instant: Option<Instant>| instant.map(|instant| NewClaim::Time(name, instant));
        let audience = |mut audiences: Vec<String>| match audiences.len() {
            0 => None,
            1 => audiences.pop().map(|audience| NewClaim::text("aud", audience)),
            _ => {
                let audiences = audiences.into_iter().map(Value::string).collect();
                Some(NewClaim::Given(Member::new("aud", Value::Array(audiences)).into()))
            }
        };
        let named = [
            options.iss.map(|issuer| NewClaim::text("iss", issuer)),
            options.sub.map(|subject| NewClaim::text("sub", subject)),
            audience(options.aud),
            time("exp", options.exp),
            time("nbf", options.nbf),
            time("iat", options.iat),
            options.jti,
        ];
        let texts = given_texts("-c", &options.claim);
        let given = options.claim.into_iter().map(|assignment| NewClaim::Given(assignment.into()));
        let mut claims: Vec<(usize, NewClaim)> = positions.into_iter().zip(given).collect();
        claims.extend(first.into_iter().zip(named).filter_map(|(position, claim)| position.zip(claim)));
        claims.sort_by_key(|(position, _)| *position);
        Ok(Self { claims: claims.into_iter().map(|(_, claim)| claim).collect(), texts })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::mint::given_claim::GivenClaim;

    fn parse(line: &[&str]) -> Result<Vec<String>, clap::Error> {
        let command = ClaimArgs::augment_args(Command::new("test").no_binary_name(true));
        let matches = command.try_get_matches_from(line)?;
        let show = |claim: &NewClaim| match claim {
            NewClaim::Given(GivenClaim::Named(member)) => format!("{}={}", member.name, member.value),
            NewClaim::Given(GivenClaim::Placed { pointer, value }) => format!("{pointer}={value}"),
            NewClaim::Time(name, _) => (*name).to_owned(),
            NewClaim::RandomId => "jti".to_owned(),
        };
        ClaimArgs::from_arg_matches(&matches).map(|args| args.claims.iter().map(show).collect())
    }

    #[test]
    fn keeps_the_order_of_the_command_line() {
        let line = [
            "--sub", "a", "-c", "x:=1", "-c", "/z/y=2", "--aud", "p", "--exp", "1h", "-c", "y=2", "--aud",
            "q", "--iss", "i", "--jti",
        ];
        assert_eq!(
            parse(&line).unwrap(),
            ["sub=\"a\"", "x=1", "/z/y=\"2\"", "aud=[\"p\",\"q\"]", "exp", "y=\"2\"", "iss=\"i\"", "jti"]
        );
    }
}

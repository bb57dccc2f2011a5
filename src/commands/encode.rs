//! `fob encode`: claims from the payload and the options, one token out; many tokens in `lines`.

mod lines;

use crate::cli::claims::{Assignment, Claim};
use crate::cli::encode::{EncodeArgs, HeaderArgs, TokenFormat};
use crate::cli::key::IssuerKeyArgs;
use crate::core::algorithm::Algorithm;
use crate::core::claims::{ClaimsSet, Payload};
use crate::core::escape::{Escapes, Shown};
use crate::core::issue::{self, RESERVED_PARAMETERS, hex_id};
use crate::core::json::{self, Member, Value};
use crate::core::key::Purpose;
use crate::core::numeric_date::{Instant, NumericDate};
use crate::host::{Entropy, Host, Remark, Watch, random};
use crate::input::source::read;
use crate::input::{key, signing};
use crate::output;
use crate::problem::{ExitStatus, Problem};
use std::borrow::Cow;
use std::ffi::OsStr;

/// What goes into every token, whatever its payload.
struct Draft {
    options: Vec<Claim>,
    no_iat: bool,
    verbatim: bool,
    header: HeaderArgs,
    format: TokenFormat,
}

pub(crate) fn encode(args: EncodeArgs, json: bool, host: &mut Host<'_>) -> anyhow::Result<ExitStatus> {
    let draft = Draft {
        options: args.claims.claims,
        no_iat: args.no_iat,
        verbatim: args.verbatim,
        header: args.header,
        format: args.format.unwrap_or(if json { TokenFormat::Json } else { TokenFormat::Token }),
    };
    if let Some(place) = &args.lines.lines {
        return lines::encode(&draft, args.key, place, &args.lines, host);
    }
    let payload = match &args.payload {
        Some(argument) => Some(read(OsStr::new(argument), "the payload", host)?),
        None => None,
    };
    let payload = payload.as_deref().unwrap_or(if draft.verbatim { b"" } else { b"{}" });
    let parts = host.apart();
    let payload = draft.payload(payload, parts.watch, parts.entropy)?;
    let parsed = Payload::parse(&payload);
    // The bytes are signed as they are; that they are no claims set is worth a word.
    if let Some(flaw) = parsed.flaw() {
        host.remark(Remark::Warning, &format!("{}: {}", flaw.reason, flaw.detail));
    }
    let given = key::load(args.key, IssuerKeyArgs::default(), Purpose::Sign, host)?;
    let claims = parsed.claims().map(ClaimsSet::members).unwrap_or_default();
    let minting = signing::ready_to_sign(&given, draft.header.alg, claims, host)?;
    let header = header(&draft.header, minting.algorithm, minting.kid)?;
    let token = issue::sign(&header, &payload, &minting.signer)?;
    output::line(host, &draft.text(token, header, parsed), ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

impl Draft {
    /// The payload of a token: bytes as they are, or the claims.
    fn payload<'p>(
        &self,
        given: &'p [u8],
        watch: Watch<'_>,
        entropy: &mut Entropy<'_>,
    ) -> Result<Cow<'p, [u8]>, Problem> {
        if self.verbatim {
            return Ok(Cow::Borrowed(given));
        }
        let members = self.claims(given, watch, entropy)?;
        Ok(Cow::Owned(issue::to_json(&members, Escapes::Needed).into_bytes()))
    }

    /// The claims set: the payload's members, then those of the options, then the time of issue.
    fn claims(
        &self,
        payload: &[u8],
        watch: Watch<'_>,
        entropy: &mut Entropy<'_>,
    ) -> Result<Vec<Member<'static>>, Problem> {
        // An editor may have put a byte order mark there; in a token it has no place.
        let payload = payload.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(payload);
        let value = json::parse(payload).map_err(|fault| {
            Problem::usage(format!("the payload is {fault}"))
                .with_hint("write an object such as '{\"sub\":\"alice\"}', @PATH, or use -c name=text")
        })?;
        if let Some(name) = value.first_duplicate() {
            return Err(Problem::usage(format!("the payload names {name} more than once")));
        }
        let Value::Object(members) = value.into_owned() else {
            return Err(
                Problem::usage("the payload is no JSON object").with_hint("--verbatim signs anything")
            );
        };
        let now = watch.time_of_issue()?;
        let issued = issued_at(&members, &self.options, now);
        let mut claims = members;
        for option in &self.options {
            claims.push(match option {
                Claim::Member(member) => member.clone(),
                Claim::Time(name, instant) => Member::new(*name, time(name, *instant, now, issued)?),
                Claim::RandomId => Member::new("jti", Value::string(hex_id(random(entropy)?))),
            });
        }
        if !self.no_iat && json::find(&claims, "iat").is_none() {
            claims.push(Member::new("iat", Value::integer(now.seconds())));
        }
        if let Some(member) = json::first_repeated(&claims) {
            let what = format!("the claim `{}` is given twice", Shown(&member.name));
            return Err(Problem::usage(what).with_hint("each claim has one value; leave one of them out"));
        }
        Ok(claims)
    }

    /// A token in the form that is asked for.
    fn text(&self, token: String, header: Vec<Member<'_>>, payload: Payload<'_>) -> String {
        match self.format {
            TokenFormat::Token => token,
            TokenFormat::Header => format!("Authorization: Bearer {token}"),
            TokenFormat::Env => format!("FOB_TOKEN={token}"),
            TokenFormat::Json => {
                let payload = match payload {
                    Payload::Claims(claims) => Value::Object(claims.members().to_vec()),
                    Payload::Json(value) => value,
                    Payload::Text(text, _) => Value::string(text),
                    Payload::Bytes(..) => Value::Null,
                };
                let members = vec![
                    Member::new("token", Value::string(token)),
                    Member::new("header", Value::Object(header)),
                    Member::new("payload", payload),
                ];
                Value::Object(members).to_string()
            }
        }
    }
}

/// What durations count from: the time of issue as it is given, else now.
fn issued_at(payload: &[Member<'_>], options: &[Claim], now: NumericDate) -> NumericDate {
    let in_options = options.iter().find_map(|option| match option {
        Claim::Time("iat", instant) => Some(instant.resolve(now, now)),
        Claim::Member(Member { name, value: Value::Number(digits) }) if name == "iat" => {
            Some(NumericDate::from_json_number(digits))
        }
        _ => None,
    });
    let in_payload = || match json::find(payload, "iat") {
        Some(Value::Number(digits)) => Some(NumericDate::from_json_number(digits)),
        _ => None,
    };
    in_options.or_else(in_payload).unwrap_or(now)
}

fn time(
    name: &str,
    instant: Instant,
    now: NumericDate,
    issued: NumericDate,
) -> Result<Value<'static>, Problem> {
    if name == "iat" && matches!(instant, Instant::FromIssue(_)) {
        return Err(Problem::usage("--iat is the time of issue: a duration has nothing to count from")
            .with_hint("write +15m or -15m for a time from now"));
    }
    let date = instant.resolve(now, issued);
    if date.is_negative() {
        return Err(Problem::usage(format!("--{name} lies before 1970"))
            .with_hint(format!("to write it all the same, use -c {name}:=NUMBER")));
    }
    // A fraction is kept where it was asked for; the clock's own is nobody's wish.
    Ok(match instant {
        Instant::At(date) => Value::Number(date.to_json_number().into()),
        _ => Value::integer(date.seconds()),
    })
}

/// The JOSE Header. What only the signer may say cannot be said by the caller.
fn header(
    args: &HeaderArgs,
    algorithm: Algorithm,
    kid: Option<&str>,
) -> Result<Vec<Member<'static>>, Problem> {
    let others: Vec<_> = args.header.iter().map(|Assignment(member)| member.clone()).collect();
    if let Some(member) = others.iter().find(|member| RESERVED_PARAMETERS.contains(&&*member.name)) {
        return Err(Problem::usage(format!("--header cannot set `{}`", member.name))
            .with_hint("the algorithm comes from --alg; no extension may be made critical"));
    }
    let given = |name| json::find(&others, name).is_some();
    let twice = [("typ", args.no_typ || args.typ.is_some()), ("kid", kid.is_some())]
        .into_iter()
        .find_map(|(name, option)| (option && given(name)).then_some(name));
    if let Some(name) = twice.or_else(|| json::first_repeated(&others).map(|member| &*member.name)) {
        return Err(Problem::usage(format!("the header parameter `{}` is given twice", Shown(name))));
    }
    let typ = (!args.no_typ).then(|| args.typ.as_deref().unwrap_or("JWT"));
    Ok(issue::header(algorithm, kid, typ, others))
}

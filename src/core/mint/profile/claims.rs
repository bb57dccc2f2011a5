//! The claims of tokens, made as the table of a profile says: those of a new pair, and those of what a refresh issues.

use super::spec::{NextClaims, ProfileSpec, Slot};
use crate::core::json::{self, Member, Value};
use crate::core::mint::given_claim::GivenClaim;
use crate::core::mint::pair::{Issuance, PairError, PairRequest, RefreshIssue, TokenIds, TokenRoles};
use crate::core::mint::token_id::uuid;
use crate::core::token::kind::mark::counterpart;

/// One of the tokens of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenOfPair {
    /// The access token, or the token that is both.
    Access,
    /// The refresh token.
    Refresh,
}

/// The values that one token is issued with.
struct TokenIssue<'i> {
    spec: &'static ProfileSpec,
    token: TokenOfPair,
    issuance: &'i Issuance,
}

impl TokenIssue<'_> {
    fn exp(&self) -> Member<'static> {
        let lifetimes = self.issuance.lifetimes;
        let lifetime = match self.token {
            TokenOfPair::Access => lifetimes.access,
            TokenOfPair::Refresh => lifetimes.refresh,
        };
        Member::new("exp", Value::integer(self.issuance.now.plus(lifetime).seconds()))
    }

    fn now(&self, name: &'static str) -> Member<'static> {
        Member::new(name, Value::integer(self.issuance.now.seconds()))
    }

    fn jti(&self) -> Member<'static> {
        let [access, refresh, ..] = self.issuance.random;
        Member::new("jti", Value::string((self.spec.id)(self.pick(access, refresh))))
    }

    fn random(&self, name: &'static str) -> Member<'static> {
        let [.., access, refresh] = self.issuance.random;
        Member::new(name, Value::string(uuid(self.pick(access, refresh))))
    }

    fn pick<T>(&self, access: T, refresh: T) -> T {
        match self.token {
            TokenOfPair::Access => access,
            TokenOfPair::Refresh => refresh,
        }
    }
}

/// Makes the claims of one token of a new pair.
pub(super) fn new_claims(
    spec: &'static ProfileSpec,
    token: TokenOfPair,
    request: &PairRequest,
    issuance: &Issuance,
) -> Result<Vec<Member<'static>>, PairError> {
    let issue = TokenIssue { spec, token, issuance };
    let own = issue.pick(&request.access_claims, &request.refresh_claims);
    let given: Vec<&GivenClaim> = request.claims.iter().chain(own).collect();
    let has_place = |claim: &GivenClaim| claim.member().is_some_and(|member| is_placed(spec, &member.name));
    // A second one of a name is found as repeated.
    let named = |name: &str| -> Vec<Member<'static>> {
        let members = given.iter().filter_map(|claim| claim.member());
        members.filter(|member| member.name == name).cloned().collect()
    };
    let mark = request.refresh_mark.as_ref();
    let mark = mark.and_then(|mark| issue.pick(counterpart(mark), Some(mark.clone())));
    let mut members: Vec<Member<'static>> = Vec::new();
    for slot in spec.claims {
        match *slot {
            Slot::Type(name, access, refresh) => {
                members.push(Member::new(name, Value::string(issue.pick(access, refresh))));
            }
            Slot::DefaultMark(..) if request.refresh_mark.is_some() => members.extend(mark.clone()),
            Slot::DefaultMark(name, access, refresh) => {
                members.push(Member::new(name, Value::string(issue.pick(access, refresh))));
            }
            Slot::Exp => members.push(issue.exp()),
            Slot::Now(name) => members.push(issue.now(name)),
            Slot::Jti => members.push(issue.jti()),
            Slot::RefreshExp => {
                let end = issuance.now.plus(issuance.lifetimes.refresh);
                members.push(Member::new("refresh_exp", Value::integer(end.seconds())));
            }
            Slot::False(name) => {
                let given = named(name);
                members.extend(given.is_empty().then(|| Member::new(name, Value::Bool(false))));
                members.extend(given);
            }
            Slot::Random(name) => members.push(issue.random(name)),
            Slot::UserId => members.extend(text("user_id", request.user_id.as_ref())),
            Slot::NumericUserId => members.extend(request.user_id.as_ref().map(numeric_user_id)),
            Slot::Sub => members.extend(text("sub", request.subject.as_ref())),
            Slot::Subject => {
                members.extend(text("sub", request.subject.as_ref().or(request.user_id.as_ref())));
            }
            Slot::Aud => members.extend(match request.audiences.as_slice() {
                [] => None,
                [one] => Some(Member::new("aud", Value::string(one.clone()))),
                many => Some(audiences(many)),
            }),
            Slot::AudArray(default) => members.push(match request.audiences.as_slice() {
                [] => audiences(&[default.to_owned()]),
                given => audiences(given),
            }),
            Slot::Iss => members.extend(text("iss", request.issuer.as_ref())),
            Slot::Given(name) => members.extend(named(name)),
            Slot::Others => {
                for claim in given.iter().filter(|claim| !has_place(claim)) {
                    claim.add_to(&mut members)?;
                }
                members.extend(mark.clone().filter(|mark| is_added(spec, mark, issue.token)));
            }
        }
    }
    Ok(members)
}

/// Reports whether a profile has a place of its own for this claim of the user.
fn is_placed(spec: &ProfileSpec, claim: &str) -> bool {
    spec.claims.iter().any(|slot| matches!(slot, Slot::Given(name) | Slot::False(name) if *name == claim))
}

/// Reports whether the mark of the user is added to the claims of a profile. A profile may have a place for it, or write it.
fn is_added(spec: &ProfileSpec, mark: &Member<'_>, token: TokenOfPair) -> bool {
    !spec.claims.iter().any(|slot| match *slot {
        Slot::DefaultMark(..) => true,
        Slot::Type(name, access, refresh) => {
            let written = if token == TokenOfPair::Access { access } else { refresh };
            mark.name == name && mark.value.as_str() == Some(written)
        }
        _ => false,
    })
}

/// Returns a claim with a text, if there is one.
fn text(name: &'static str, text: Option<&String>) -> Option<Member<'static>> {
    text.map(|text| Member::new(name, Value::string(text.clone())))
}

fn numeric_user_id(id: &String) -> Member<'static> {
    let is_number = id.parse::<u64>().is_ok_and(|number| number.to_string() == *id);
    let value = if is_number { Value::Number(id.clone().into()) } else { Value::string(id.clone()) };
    Member::new("user_id", value)
}

fn audiences(all: &[String]) -> Member<'static> {
    Member::new("aud", Value::Array(all.iter().map(|audience| Value::string(audience.clone())).collect()))
}

/// Makes the claims of a token that a refresh issues, from those of the refreshed token.
pub(super) fn next_claims(
    spec: &'static ProfileSpec,
    token: TokenOfPair,
    old: &[Member<'_>],
    issuance: &Issuance,
    request: &RefreshIssue,
) -> Vec<Member<'static>> {
    let issue = TokenIssue { spec, token, issuance };
    // A token that is access and refresh token in one stays what it is.
    let loses_mark = token == TokenOfPair::Access && spec.roles == TokenRoles::Separate;
    let copied = |member: &Member<'_>| {
        let copy = if loses_mark { request.mark.in_access_token(member) } else { Some(member.clone()) };
        copy.map(Member::into_owned)
    };
    let kept: Vec<Member<'static>> = old.iter().filter_map(copied).collect();
    let (same_id, since) = match issue.pick(spec.next_access, spec.next_refresh) {
        NextClaims::Anew(slots) => return anew(&issue, slots, old, kept),
        NextClaims::InPlace => (false, None),
        NextClaims::InPlaceSince(name) => (false, Some(name)),
        NextClaims::SameId => (request.ids == TokenIds::OfProfile, None),
    };
    let mut new = vec![issue.exp(), issue.now("iat")];
    new.extend((!same_id).then(|| issue.jti()));
    let mut members = renewed(kept, new);
    if let Some(name) = since {
        let first = json::find(old, "jti").filter(|_| json::find(old, name).is_none());
        members.extend(first.map(|first| Member::new(name, first.clone().into_owned())));
    }
    members
}

/// Writes the claims of these slots, and then the other claims that are kept.
fn anew(
    issue: &TokenIssue<'_>,
    slots: &[Slot],
    old: &[Member<'_>],
    kept: Vec<Member<'static>>,
) -> Vec<Member<'static>> {
    let has = |name: &str| json::find(old, name).is_some();
    let mut members: Vec<Member<'static>> = Vec::new();
    for slot in slots {
        let copy = |name| kept.iter().find(|member| member.name == name).cloned();
        members.extend(match *slot {
            Slot::Type(name, access, refresh) | Slot::DefaultMark(name, access, refresh) => {
                let written = || Member::new(name, Value::string(issue.pick(access, refresh)));
                issue.pick(None, copy(name)).or_else(|| Some(written()))
            }
            Slot::Exp => Some(issue.exp()),
            Slot::Jti => Some(issue.jti()),
            Slot::Now("iat") => Some(issue.now("iat")),
            // Servers can be set up to leave these out.
            Slot::Now(name) => has(name).then(|| issue.now(name)),
            Slot::Random(name) => has(name).then(|| issue.random(name)),
            Slot::False(name) => Some(Member::new(name, Value::Bool(false))),
            Slot::UserId | Slot::NumericUserId => copy("user_id"),
            Slot::Sub | Slot::Subject => copy("sub"),
            Slot::Aud | Slot::AudArray(_) => copy("aud"),
            Slot::Iss => copy("iss"),
            Slot::Given(name) => copy(name),
            Slot::RefreshExp | Slot::Others => None,
        });
    }
    let is_other = |member: &Member<'_>| json::find(&members, &member.name).is_none();
    let others: Vec<_> = kept.into_iter().filter(is_other).collect();
    members.extend(others);
    members
}

/// Returns the old claims with the new values in place. New names are appended.
fn renewed(old: Vec<Member<'static>>, new: Vec<Member<'static>>) -> Vec<Member<'static>> {
    let mut members = old;
    for claim in new {
        match members.iter_mut().find(|member| member.name == claim.name) {
            Some(member) => *member = claim,
            None => members.push(claim),
        }
    }
    members
}

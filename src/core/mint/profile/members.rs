//! Claims that the profiles write in the same way. Which of them a token gets is decided by its profile.

use crate::core::json::{self, Member, Value};
use crate::core::mint::given_claim::GivenClaim;
use crate::core::mint::pair::{Issuance, PairError, PairRequest};
use crate::core::text::duration::Duration;

/// Returns `exp` for a token of this lifetime.
pub(super) fn exp(issuance: &Issuance, lifetime: Duration) -> Member<'static> {
    Member::new("exp", Value::integer(issuance.now.plus(lifetime).seconds()))
}

/// Returns `iat`.
pub(super) fn iat(issuance: &Issuance) -> Member<'static> {
    Member::new("iat", Value::integer(issuance.now.seconds()))
}

/// Returns `jti`.
pub(super) fn jti(id: String) -> Member<'static> {
    Member::new("jti", Value::string(id))
}

/// Returns a claim with a text, if there is one.
pub(super) fn text(name: &'static str, text: Option<&String>) -> Option<Member<'static>> {
    text.map(|text| Member::new(name, Value::string(text.clone())))
}

/// Returns `aud`, if the request names an audience.
pub(super) fn aud(request: &PairRequest) -> Option<Member<'static>> {
    let value = match request.audiences.as_slice() {
        [] => return None,
        [one] => Value::string(one.clone()),
        many => Value::Array(many.iter().map(|audience| Value::string(audience.clone())).collect()),
    };
    Some(Member::new("aud", value))
}

/// Adds the claims that the user gave, in order.
pub(super) fn add<'c>(
    given: impl Iterator<Item = &'c GivenClaim>,
    members: &mut Vec<Member<'static>>,
) -> Result<(), PairError> {
    for claim in given {
        claim.add_to(members)?;
    }
    Ok(())
}

/// Returns the old claims with the new values in place. New names are appended.
pub(super) fn renewed<const N: usize>(old: &[Member<'_>], new: [Member<'static>; N]) -> Vec<Member<'static>> {
    let mut members: Vec<Member<'static>> = old
        .iter()
        .map(|member| match json::find(&new, &member.name) {
            Some(value) => Member::new(member.name.clone().into_owned(), value.clone()),
            None => member.clone().into_owned(),
        })
        .collect();
    let is_added = |member: &Member<'_>| json::find(old, &member.name).is_none();
    members.extend(new.into_iter().filter(is_added));
    members
}

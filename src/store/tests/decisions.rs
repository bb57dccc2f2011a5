//! Tests of the decisions of a ledger, with the exact records that they write.

use super::memory::Memory;
use crate::core::text::duration::Duration;
use crate::core::token::numeric_date::NumericDate;
use crate::store::error::StoreError;
use crate::store::identity::TokenIdentity;
use crate::store::ledger::{IssuedTokens, Ledger, RefreshOutcome, TokenUse};
use crate::store::location::{MissingRecord, StoreLayout};
use crate::store::record::{EndReason, FamilyEnd, Record, RecordKind, TokenRole};
use crate::store::token_state::{RevocationScope, TokenState};

const NOW: i64 = 1_000_000;
const END: i64 = NOW + 7200;

fn at(second: i64) -> NumericDate {
    NumericDate::from_seconds(second)
}

/// Returns the identity of a token of `al` that expires at `END`.
fn identity(jti: &str, role: TokenRole) -> TokenIdentity {
    TokenIdentity {
        jti: Some(jti.to_owned()),
        issuer: Some("me".to_owned()),
        origin: None,
        subject: Some("al".to_owned()),
        user: None,
        issued: Some(at(NOW)),
        expires: Some(at(END)),
        role,
        text: format!("head.{jti}.signature"),
    }
}

fn access(jti: &str) -> TokenIdentity {
    identity(jti, TokenRole::Access)
}

fn refresh(jti: &str) -> TokenIdentity {
    identity(jti, TokenRole::Refresh)
}

fn own(memory: &Memory) -> Ledger {
    memory.ledger(StoreLayout::Own, MissingRecord::Deny, NOW)
}

fn pair<'i>(access: &'i TokenIdentity, refresh: &'i TokenIdentity) -> IssuedTokens<'i> {
    IssuedTokens { access, refresh: Some(refresh) }
}

/// Records the pair `a1` and `r1`.
fn log_in(memory: &Memory) -> Ledger {
    let mut ledger = own(memory);
    assert!(!ledger.begin(pair(&access("a1"), &refresh("r1")), at(NOW)).unwrap());
    ledger
}

#[track_caller]
fn states(ledger: &mut Ledger, tokens: &[TokenIdentity], now: i64) -> Vec<TokenState> {
    let tokens: Vec<&TokenIdentity> = tokens.iter().collect();
    ledger.look_up(&tokens, TokenUse::Query, at(now)).unwrap()
}

#[test]
fn token_sets_take_only_tokens_of_a_user() {
    let memory = Memory::default();
    let sets = memory.ledger(StoreLayout::UserTokenSet, MissingRecord::Allow, NOW);
    let ownerless = TokenIdentity { subject: None, ..access("a") };
    let reason = |ledger: &Ledger, identity: &TokenIdentity| {
        ledger.fits(identity).err().map(|failure| failure.reason.to_string())
    };
    assert_eq!(reason(&sets, &ownerless).as_deref(), Some("claim_missing:user_id"));
    assert_eq!(reason(&sets, &access("a")), None);
    assert_eq!(reason(&sets, &TokenIdentity { user: Some("7".to_owned()), ..ownerless.clone() }), None);
    assert_eq!(reason(&own(&memory), &ownerless), None);
    assert!(sets.has_token_sets() && !own(&memory).has_token_sets());
}

#[test]
fn a_token_without_a_user_enters_no_token_set() {
    let memory = Memory::default();
    let mut sets = memory.ledger(StoreLayout::UserTokenSet, MissingRecord::Allow, NOW);
    let ownerless = TokenIdentity { subject: None, ..access("a") };
    let begun = sets.begin(IssuedTokens { access: &ownerless, refresh: None }, at(NOW));
    assert!(matches!(begun, Err(StoreError::Unidentified(_))), "{begun:?}");
    assert_eq!(memory.with(|contents| (contents.records.len(), contents.sets.len())), (0, 0));
}

#[test]
fn a_login_records_both_tokens_with_their_subject_and_their_family() {
    let memory = Memory::default();
    log_in(&memory);
    let family = refresh("r1").family();
    let family = family.as_str();
    let token = |jti: &str, role: &str| {
        format!(
            r#"{{"record":"token","jti":"{jti}","iss":"me","sub":"al","role":"{role}","family":"{family}","exp":1007200000}}"#
        )
    };
    let mut tokens = memory.texts("token:");
    tokens.sort();
    assert_eq!(tokens, [token("a1", "access"), token("r1", "refresh")]);
    assert_eq!(
        memory.texts("family:"),
        [format!(
            r#"{{"record":"family","id":"{family}","iss":"me","sub":"al","epoch":0,"begun":1000000000,"current":"r1","exp":1007200000}}"#
        )]
    );
    assert_eq!(
        memory.texts("subject"),
        [r#"{"record":"subject","sub":"al","epoch":0,"revocations":[],"latest":1007200000}"#]
    );
}

#[test]
fn a_refresh_records_the_use_and_the_new_tokens_in_the_same_family() {
    let memory = Memory::default();
    let mut ledger = log_in(&memory);
    let later = NOW + 10;
    let mut next = refresh("r2");
    next.expires = Some(at(END + 100));
    let rotated = ledger.rotate(&refresh("r1"), pair(&access("a2"), &next), None, at(later)).unwrap();
    assert_eq!(rotated, RefreshOutcome::Rotated);
    let family = refresh("r1").family();
    let family = family.as_str();
    let token = |jti: &str, role: &str, rest: &str| {
        format!(
            r#"{{"record":"token","jti":"{jti}","iss":"me","sub":"al","role":"{role}","family":"{family}",{rest}}}"#
        )
    };
    let mut tokens = memory.texts("token:");
    tokens.sort();
    assert_eq!(
        tokens,
        [
            token("a1", "access", r#""exp":1007200000"#),
            token("a2", "access", r#""exp":1007200000"#),
            token("r1", "refresh", r#""exp":1007200000,"used":1000010000"#),
            token("r2", "refresh", r#""exp":1007300000"#),
        ]
    );
    assert_eq!(
        memory.texts("family:"),
        [format!(
            r#"{{"record":"family","id":"{family}","iss":"me","sub":"al","epoch":0,"begun":1000000000,"current":"r2","refreshed":1000010000,"exp":1007300000}}"#
        )]
    );
    assert_eq!(
        memory.texts("subject"),
        [r#"{"record":"subject","sub":"al","epoch":0,"revocations":[],"latest":1007300000}"#]
    );
}

#[test]
fn a_second_use_ends_the_family_and_all_of_its_tokens() {
    let memory = Memory::default();
    let mut ledger = log_in(&memory);
    ledger.rotate(&refresh("r1"), pair(&access("a2"), &refresh("r2")), None, at(NOW + 1)).unwrap();
    let used = TokenState::Used { at: (NOW + 1) * 1000, ended: None };
    let again = ledger.rotate(&refresh("r1"), pair(&access("a3"), &refresh("r3")), None, at(NOW + 2));
    assert_eq!(again.unwrap(), RefreshOutcome::Refused(used));
    let ended = FamilyEnd { at: (NOW + 2) * 1000, why: EndReason::Reused };
    let revoked = TokenState::Revoked { scope: RevocationScope::Family(ended.why), at: Some(ended.at) };
    assert_eq!(
        states(&mut ledger, &[refresh("r1"), refresh("r2"), access("a2"), access("a3")], NOW + 3),
        [
            TokenState::Used { at: (NOW + 1) * 1000, ended: Some(ended) },
            revoked,
            revoked,
            TokenState::Unknown
        ]
    );
    // The third use changes nothing: the family has ended at the second one.
    let third = ledger.rotate(&refresh("r1"), pair(&access("a3"), &refresh("r3")), None, at(NOW + 9));
    let state = TokenState::Used { at: (NOW + 1) * 1000, ended: Some(ended) };
    assert_eq!(third.unwrap(), RefreshOutcome::Refused(state));
}

#[test]
fn a_refresh_waits_until_the_interval_has_passed() {
    let interval = Some(Duration::seconds(60));
    for (wait, outcome) in [
        (59, RefreshOutcome::TooSoon { last: NOW * 1000 }),
        (60, RefreshOutcome::Rotated),
        (61, RefreshOutcome::Rotated),
    ] {
        let memory = Memory::default();
        let mut ledger = log_in(&memory);
        ledger.rotate(&refresh("r1"), pair(&access("a2"), &refresh("r2")), interval, at(NOW)).unwrap();
        let next =
            ledger.rotate(&refresh("r2"), pair(&access("a3"), &refresh("r3")), interval, at(NOW + wait));
        assert_eq!(next.unwrap(), outcome, "{wait}");
    }
}

#[test]
fn a_second_use_of_a_rejected_refresh_token_ends_its_family() {
    let memory = Memory::default();
    let mut ledger = log_in(&memory);
    let good = TokenState::Good { known: true };
    assert_eq!(ledger.misuse(&refresh("r1"), at(NOW)).unwrap(), good);
    assert_eq!(states(&mut ledger, &[refresh("r1")], NOW), [good]);
    ledger.rotate(&refresh("r1"), pair(&access("a2"), &refresh("r2")), None, at(NOW)).unwrap();
    let used = TokenState::Used { at: NOW * 1000, ended: None };
    assert_eq!(ledger.misuse(&refresh("r1"), at(NOW + 1)).unwrap(), used);
    let why = RevocationScope::Family(EndReason::Reused);
    let revoked = TokenState::Revoked { scope: why, at: Some((NOW + 1) * 1000) };
    assert_eq!(states(&mut ledger, &[refresh("r2")], NOW + 1), [revoked]);
}

#[test]
fn a_token_for_one_use_is_used_once() {
    let memory = Memory::default();
    let mut ledger = memory.ledger(StoreLayout::Own, MissingRecord::Allow, NOW);
    let link = identity("l", TokenRole::Other);
    assert_eq!(ledger.spend(&link, at(NOW)).unwrap(), TokenState::Good { known: false });
    let used = TokenState::Used { at: NOW * 1000, ended: None };
    assert_eq!(ledger.spend(&link, at(NOW + 1)).unwrap(), used);
    assert_eq!(
        memory.texts("token:"),
        [
            r#"{"record":"token","jti":"l","iss":"me","sub":"al","role":"other","exp":1007200000,"used":1000000000}"#
        ]
    );
}

#[test]
fn an_id_is_given_out_once() {
    let memory = Memory::default();
    let mut ledger = log_in(&memory);
    let again = ledger.begin(pair(&access("a9"), &refresh("r1")), at(NOW));
    assert!(
        matches!(&again, Err(StoreError::DuplicateId { label, has_jti: true }) if label == "r1"),
        "{again:?}"
    );
    let own_id = ledger.rotate(&refresh("r1"), pair(&access("a2"), &refresh("r1")), None, at(NOW));
    assert!(
        matches!(&own_id, Err(StoreError::DuplicateId { label, has_jti: true }) if label == "r1"),
        "{own_id:?}"
    );
    let unnamed = TokenIdentity { jti: None, ..access("same") };
    let login = |ledger: &mut Ledger, jti: &str| ledger.begin(pair(&unnamed, &refresh(jti)), at(NOW));
    login(&mut ledger, "r5").unwrap();
    let same = login(&mut ledger, "r6");
    assert!(matches!(same, Err(StoreError::DuplicateId { has_jti: false, .. })), "{same:?}");
    let next = ledger.rotate(&refresh("r5"), pair(&unnamed, &refresh("r7")), None, at(NOW));
    assert!(matches!(next, Err(StoreError::DuplicateId { has_jti: false, .. })), "{next:?}");
    assert_eq!(states(&mut ledger, &[refresh("r5")], NOW), [TokenState::Good { known: true }]);
}

#[test]
fn a_token_that_is_both_is_the_one_for_the_next_refresh() {
    let memory = Memory::default();
    let mut ledger = own(&memory);
    let both = identity("b", TokenRole::Both);
    ledger.begin(IssuedTokens { access: &both, refresh: None }, at(NOW)).unwrap();
    assert!(memory.texts("family:").concat().contains(r#""current":"b""#));
    ledger.begin(IssuedTokens { access: &access("a"), refresh: None }, at(NOW)).unwrap();
    let currents = memory.texts("family:").concat().matches("current").count();
    assert_eq!(currents, 1);
}

#[test]
fn records_live_as_long_as_the_leeway_and_at_least_a_minute() {
    let memory = Memory::default();
    let mut ledger = own(&memory);
    ledger.keep_longer(Duration::seconds(30));
    ledger.begin(pair(&access("a"), &refresh("r")), at(NOW)).unwrap();
    assert_eq!(memory.expiries(""), [Some(END + 30); 4]);
    let memory = Memory::default();
    let mut soon = access("s");
    soon.expires = Some(at(NOW + 5));
    own(&memory).begin(IssuedTokens { access: &soon, refresh: None }, at(NOW)).unwrap();
    assert_eq!(memory.expiries(""), [Some(NOW + 60); 3]);
    let update = memory.with(|contents| contents.last.take()).unwrap();
    assert_eq!((update.clock, update.forget), (at(NOW), at(NOW - 86_400)));
}

#[test]
fn a_revocation_of_more_than_is_recorded_lives_for_a_year() {
    const YEAR: i64 = 366 * 86_400;
    let memory = Memory::default();
    let mut ledger = memory.ledger(StoreLayout::Own, MissingRecord::Allow, NOW);
    ledger.revoke_subject("al", None, at(NOW)).unwrap();
    ledger.revoke_family(&refresh("r"), at(NOW)).unwrap();
    assert_eq!(memory.expiries("subject"), [Some(NOW + YEAR)]);
    assert_eq!(memory.expiries("family:"), [Some(NOW + YEAR)]);
}

#[test]
fn one_token_without_exp_keeps_the_subject_and_the_family_for_ever() {
    let memory = Memory::default();
    let mut ledger = own(&memory);
    let endless = TokenIdentity { expires: None, ..refresh("r") };
    ledger.begin(pair(&access("a"), &endless), at(NOW)).unwrap();
    assert_eq!((memory.expiries("family:"), memory.expiries("subject")), (vec![None], vec![None]));
    ledger.begin(pair(&access("a2"), &refresh("r2")), at(NOW)).unwrap();
    assert_eq!(memory.expiries("subject"), [None]);
    assert_eq!(
        memory.texts("subject"),
        [r#"{"record":"subject","sub":"al","epoch":0,"revocations":[],"latest":1007200000,"endless":true}"#]
    );
}

#[test]
fn a_decision_is_repeated_until_no_other_process_interferes() {
    let memory = Memory::default();
    memory.with(|contents| contents.lost_races = 999);
    own(&memory).begin(pair(&access("a"), &refresh("r")), at(NOW)).unwrap();
    assert_eq!(memory.with(|contents| contents.reads), 1000);
    let memory = Memory::default();
    memory.with(|contents| contents.lost_races = 1000);
    let begun = own(&memory).begin(pair(&access("a"), &refresh("r")), at(NOW));
    assert!(matches!(begun, Err(StoreError::Contended { attempts: 1000 })), "{begun:?}");
    assert!(memory.texts("").is_empty());
}

#[test]
fn a_login_makes_the_token_set_of_its_user_once() {
    let memory = Memory::default();
    let mut sets = memory.ledger(StoreLayout::UserTokenSet, MissingRecord::Allow, NOW);
    assert!(sets.begin(pair(&access("a"), &refresh("r")), at(NOW)).unwrap());
    assert!(!sets.begin(pair(&access("b"), &refresh("s")), at(NOW)).unwrap());
    let members = memory.with(|contents| contents.sets.clone());
    assert_eq!(
        members.into_iter().collect::<Vec<_>>(),
        [("p:user:al:token".to_owned(), vec!["head.a.signature".to_owned(), "head.b.signature".to_owned()])]
    );
}

#[test]
fn only_access_tokens_for_one_use_need_a_token_set() {
    let memory = Memory::default();
    let mut sets = memory.ledger(StoreLayout::UserTokenSet, MissingRecord::Allow, NOW);
    sets.begin(pair(&access("a"), &refresh("r")), at(NOW)).unwrap();
    let outside = TokenState::Revoked { scope: RevocationScope::Set, at: None };
    let link = identity("l", TokenRole::Other);
    let mut state = |token: &TokenIdentity, how| sets.look_up(&[token], how, at(NOW)).unwrap();
    assert_eq!(state(&link, TokenUse::Query), [outside]);
    assert_eq!(state(&link, TokenUse::Once), [TokenState::Good { known: false }]);
    assert_eq!(state(&access("x"), TokenUse::Once), [outside]);
    assert_eq!(sets.spend(&access("x"), at(NOW)).unwrap(), outside);
    assert_eq!(sets.spend(&link, at(NOW)).unwrap(), TokenState::Good { known: false });
}

#[test]
fn a_token_from_elsewhere_starts_a_family_with_its_first_refresh() {
    let memory = Memory::default();
    let mut ledger = memory.ledger(StoreLayout::Own, MissingRecord::Allow, NOW);
    let foreign = refresh("f");
    ledger.rotate(&foreign, pair(&access("a"), &refresh("r")), None, at(NOW + 1)).unwrap();
    let id = foreign.family();
    let family = format!(r#""family":"{}""#, id.as_str());
    assert_eq!(memory.texts("token:").iter().filter(|text| text.contains(&family)).count(), 3);
    assert_eq!(
        memory.texts("family:"),
        [format!(
            r#"{{"record":"family","id":"{}","iss":"me","sub":"al","epoch":0,"begun":1000001000,"current":"r","refreshed":1000001000,"exp":1007200000}}"#,
            id.as_str()
        )]
    );
}

#[test]
fn a_token_that_was_used_once_starts_no_family() {
    let memory = Memory::default();
    let mut ledger = memory.ledger(StoreLayout::Own, MissingRecord::Allow, NOW);
    ledger.spend(&refresh("l"), at(NOW)).unwrap();
    let begun = ledger.begin(pair(&access("a"), &refresh("l")), at(NOW));
    assert!(matches!(begun, Err(StoreError::DuplicateId { has_jti: true, .. })), "{begun:?}");
}

#[test]
fn lists_all_records_and_prunes_by_the_clock() {
    let memory = Memory::default();
    let mut ledger = log_in(&memory);
    let kinds: Vec<RecordKind> = ledger.records().unwrap().iter().map(Record::kind).collect();
    assert_eq!(kinds, [RecordKind::Family, RecordKind::Subject, RecordKind::Token, RecordKind::Token]);
    assert_eq!(ledger.prune().unwrap(), Some(1_000_000));
}

//! Puts disclosed claims in their places (RFC 9901 section 7.1): compares digests, replaces them by claims, and notes every
//! rule that is broken. A digest counts only once, and a disclosure only if a digest leads to it from the payload.

use super::DigestAlgorithm;
use super::disclosure::{DigestPlace, Disclosed, Disclosure, content};
use crate::core::json::{MAX_DEPTH, Member, Value};
use crate::core::reason::{BadDisclosure, Failure, Reason};
use crate::core::text::escape::{Quoted, excerpt};
use std::collections::{HashMap, HashSet};

/// The most faults that are noted. A hostile token can have one for each of its disclosures.
const MAX_FAULTS: usize = 16;

/// The disclosures with their places, and the payload that they make.
#[derive(Debug)]
pub(super) struct Processing {
    pub(super) disclosures: Vec<Disclosure>,
    /// The number of digests that no disclosure has.
    pub(super) other_digests: usize,
    pub(super) faults: Vec<Failure>,
    /// The members of the payload. They are right only without faults.
    pub(super) members: Vec<Member<'static>>,
}

/// The position of a value in the payload or in a disclosure.
#[derive(Clone, Copy)]
struct Level {
    /// The place of the digests that stand in the value.
    place: DigestPlace,
    /// The number of objects and arrays around the value.
    depth: usize,
}

impl Level {
    const fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    /// Returns the level of a disclosed value.
    const fn disclosed(self) -> Self {
        Self { place: DigestPlace::Disclosure, depth: self.depth + 1 }
    }
}

/// The place in which a digest stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Member,
    Element,
}

/// The state of the work.
struct Walk<'t> {
    disclosures: Vec<Disclosure>,
    /// The disclosure of each digest.
    known: HashMap<String, usize>,
    /// The digests met so far.
    met: HashSet<String>,
    /// The digests that belong to no disclosure.
    others: usize,
    faults: Vec<Failure>,
    texts: Vec<&'t str>,
}

impl Processing {
    /// Processes the payload of an issuer's token with the disclosures beside it.
    pub(super) fn run<'t>(
        payload: &[Member<'_>],
        texts: impl Iterator<Item = &'t str>,
        algorithm: DigestAlgorithm,
    ) -> Self {
        let mut walk = Walk {
            disclosures: Vec::new(),
            known: HashMap::new(),
            met: HashSet::new(),
            others: 0,
            faults: Vec::new(),
            texts: texts.collect(),
        };
        walk.read(algorithm);
        let top = Level { place: DigestPlace::Payload, depth: 0 };
        let members = payload.iter().filter(|member| member.name != "_sd_alg");
        let members = walk.object(members.cloned().map(Member::into_owned).collect(), top);
        walk.find_unreferenced();
        let Walk { disclosures, others, faults, .. } = walk;
        Self { disclosures, other_digests: others, faults, members }
    }
}

impl Walk<'_> {
    fn fault(&mut self, fault: BadDisclosure, detail: impl FnOnce() -> String) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Failure::new(Reason::BadDisclosure(fault), detail()));
        }
    }

    /// Reads each disclosure, and computes its digest.
    fn read(&mut self, algorithm: DigestAlgorithm) {
        for (index, text) in std::mem::take(&mut self.texts).into_iter().enumerate() {
            let digest = algorithm.digest(text);
            let content = content(text);
            let number = index + 1;
            if let Err(fault) = content {
                self.fault(BadDisclosure::Form, || format!("disclosure {number} is {fault}"));
            }
            if let Some(first) = self.known.get(&digest) {
                let first = first + 1;
                self.fault(BadDisclosure::Repeated, || {
                    format!("disclosure {number} is the same as disclosure {first}")
                });
            } else {
                self.known.insert(digest.clone(), index);
            }
            let place = DigestPlace::Nowhere;
            self.disclosures.push(Disclosure { content, digest: Some(digest), place });
        }
    }

    /// Notes the disclosures that no digest leads to.
    fn find_unreferenced(&mut self) {
        for index in 0..self.disclosures.len() {
            let Some(disclosure) = self.disclosures.get(index) else { continue };
            // A repeated disclosure was noted as such.
            let is_first = disclosure.digest.as_ref().is_some_and(|it| self.known.get(it) == Some(&index));
            if !is_first {
                let place = disclosure.digest.as_ref().and_then(|digest| self.known.get(digest));
                let place = place.and_then(|first| self.disclosures.get(*first)).map(|first| first.place);
                if let (Some(place), Some(disclosure)) = (place, self.disclosures.get_mut(index)) {
                    disclosure.place = place;
                }
            } else if disclosure.place == DigestPlace::Nowhere {
                let name = named(disclosure);
                self.fault(BadDisclosure::Unreferenced, || {
                    format!("disclosure {}{name} has no digest in the token", index + 1)
                });
            }
        }
    }

    /// Processes a value. Returns `None` if it is nested too deeply.
    fn value(&mut self, value: Value<'static>, level: Level) -> Option<Value<'static>> {
        if level.depth > MAX_DEPTH {
            self.fault(BadDisclosure::TooDeep, || format!("more than {MAX_DEPTH} levels"));
            return None;
        }
        Some(match value {
            Value::Object(members) => Value::Object(self.object(members, level)),
            Value::Array(items) => Value::Array(self.array(items, level)),
            other => other,
        })
    }

    /// Replaces the digests in `_sd` by the claims that they stand for.
    fn object(&mut self, members: Vec<Member<'static>>, level: Level) -> Vec<Member<'static>> {
        let mut processed = Vec::with_capacity(members.len());
        let mut digests = Vec::new();
        for Member { name, value } in members {
            match &*name {
                "_sd" => digests = self.digests(value),
                "..." => self.fault(BadDisclosure::Digests, || {
                    "`...` is not the only member of an element of an array".to_owned()
                }),
                // The name of the algorithm stands at the top, and nowhere else (RFC 9901 section 4.1.1).
                "_sd_alg" => {
                    self.fault(BadDisclosure::Name, || {
                        "`_sd_alg` is not at the top of the payload".to_owned()
                    });
                }
                _ => {
                    let value = self.value(value, level.deeper());
                    processed.extend(value.map(|value| Member { name, value }));
                }
            }
        }
        if digests.is_empty() {
            return processed;
        }
        let mut names: HashSet<String> = processed.iter().map(|member| member.name.to_string()).collect();
        for digest in digests {
            let Some((number, disclosed)) = self.disclosed(digest, Slot::Member, level) else { continue };
            let name = disclosed.name.unwrap_or_default();
            if matches!(&*name, "_sd" | "..." | "_sd_alg") {
                self.fault(BadDisclosure::Name, || {
                    format!("disclosure {number} has the reserved name {}", Quoted(&name))
                });
            } else if !names.insert(name.clone()) {
                self.fault(BadDisclosure::ClaimExists, || {
                    format!("disclosure {number} would overwrite {}", excerpt(&name))
                });
            } else {
                let value = self.value(disclosed.value, level.disclosed());
                processed.extend(value.map(|value| Member::new(name, value)));
            }
        }
        processed
    }

    /// Replaces the elements that are digests by the values that they stand for. Elements without one are removed.
    fn array(&mut self, items: Vec<Value<'static>>, level: Level) -> Vec<Value<'static>> {
        let mut processed = Vec::with_capacity(items.len());
        for item in items {
            let is_digest = matches!(item.members(), [Member { name, .. }] if name == "...");
            let value = match item {
                Value::Object(members) if is_digest => match members.into_iter().next().map(|it| it.value) {
                    Some(Value::String(digest)) => {
                        let found = self.disclosed(digest.into_owned(), Slot::Element, level);
                        found.and_then(|(_, disclosed)| self.value(disclosed.value, level.disclosed()))
                    }
                    _ => {
                        self.fault(BadDisclosure::Digests, || "`...` is not a string".to_owned());
                        None
                    }
                },
                other => self.value(other, level.deeper()),
            };
            processed.extend(value);
        }
        processed
    }

    /// Returns the digests of a member `_sd`.
    fn digests(&mut self, value: Value<'static>) -> Vec<String> {
        let text = |item| match item {
            Value::String(digest) => Some(digest.into_owned()),
            _ => None,
        };
        let digests = match value {
            Value::Array(items) => items.into_iter().map(text).collect(),
            _ => None,
        };
        digests.unwrap_or_else(|| {
            self.fault(BadDisclosure::Digests, || "`_sd` is not an array of strings".to_owned());
            Vec::new()
        })
    }

    /// Returns the content of the disclosure that a digest stands for, and its number. Returns `None` if there is none, or
    /// if it may not be used here.
    fn disclosed(&mut self, digest: String, slot: Slot, level: Level) -> Option<(usize, Disclosed)> {
        let index = self.known.get(&digest).copied();
        if self.met.contains(&digest) {
            self.fault(BadDisclosure::Repeated, || {
                format!("the digest {} is in the token more than once", excerpt(&digest))
            });
            return None;
        }
        self.met.insert(digest);
        let Some(index) = index else {
            self.others += 1;
            return None;
        };
        let number = index + 1;
        let disclosure = self.disclosures.get_mut(index)?;
        disclosure.place = level.place;
        let disclosed = disclosure.content.clone().ok()?;
        let (is_fit, found, wanted) = match slot {
            Slot::Member => (disclosed.name.is_some(), "no name", "in `_sd`"),
            Slot::Element => (disclosed.name.is_none(), "a name", "in an array"),
        };
        if !is_fit {
            self.fault(BadDisclosure::Form, || {
                format!("disclosure {number} has {found}, but its digest is {wanted}")
            });
            return None;
        }
        Some((number, disclosed))
    }
}

/// Returns the name of the claim of a disclosure, for messages.
fn named(disclosure: &Disclosure) -> String {
    let name = disclosure.content.as_ref().ok().and_then(|disclosed| disclosed.name.as_deref());
    name.map(|name| format!(" ({})", excerpt(name))).unwrap_or_default()
}

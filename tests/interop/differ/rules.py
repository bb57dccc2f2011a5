"""Names the differences between fob and its peers: each disagreement falls under a rule, or it is a fault.

Owns: the rules, their text for docs/differences.md, and when one explains a disagreement. Must not: call a verifier.
"""

from dataclasses import dataclass

ALL = frozenset({"PyJWT", "joserfc", "jose", "golang-jwt"})
PYTHON = frozenset({"PyJWT", "joserfc"})
FOB, PEER = "fob", "the peer"


@dataclass(frozen=True)
class Rule:
    """A named difference.

    If fob is stricter, `reasons` are the beginnings of the reasons by which fob rejects. Else they are the errors of the
    peers. `names` are the beginnings of mutations, one of which the token must have; without them, any token will do.
    """

    name: str
    stricter: str
    peers: frozenset
    reasons: tuple
    why: str
    source: str
    example: str
    names: tuple = ()

    def covers(self, peer, reason, names):
        """Reports whether the rule explains that one side rejects for this reason, and the other accepts."""
        return (
            peer in self.peers
            and reason.startswith(self.reasons)
            and (not self.names or any(name.startswith(self.names) for name in names))
        )


RULES = (
    Rule(
        "duplicate names", FOB, ALL, ("malformed:duplicate_member",),
        "Two members of one object have the same name, also if one is written with escapes. The peers take the last one.",
        "RFC 7515 section 4, RFC 7519 section 4", '`{"exp":1,"exp":9999999999}`',
    ),
    Rule(
        "JSON beyond the standard", FOB, ALL, ("malformed:header_json", "malformed:payload_json"),
        "Python reads `NaN` and `Infinity`; all peers read half of a surrogate pair; some read a byte order mark.",
        "RFC 8259 sections 6, 8.1 and 8.2", r'`{"a":NaN}`, `{"a":"\ud800"}`',
        ("header-text:", "payload-text:", "claim:name"),
    ),
    Rule(
        "other encodings than UTF-8", FOB, ALL, ("malformed:header_utf8", "malformed:payload_utf8"),
        "Python reads UTF-16 and half surrogates. jose replaces invalid bytes.", "RFC 7515 section 5.2, RFC 8259 section 8.1",
        r'`{"a":"\xff"}`', ("header-text:", "payload-text:", "claim:name"),
    ),
    Rule(
        "depth of JSON", FOB, ALL, ("malformed:too_deep",),
        "fob reads 128 levels, so that no token exhausts the stack of a reader.", "RFC 8259 section 9", "`[[[…]]]`",
        ("header-text:deep", "payload-text:deep"),
    ),
    Rule(
        "characters outside Base64url", FOB, ALL, ("malformed:charset",),
        "Padding, `+`, `/` and other characters stand for nothing in Base64url. Peers remove or translate some of them.",
        "RFC 7515 section 2", "`eyJhbGciOiJIUzI1NiJ9==.…`", ("spelling-", "parts:"),
    ),
    Rule(
        "a second spelling in Base64url", FOB, ALL, ("malformed:base64",),
        "The unused bits of the last character must be zero. Else one token has several texts.", "RFC 4648 section 3.5",
        "`…AB` in place of `…AA`", ("spelling-",),
    ),
    Rule(
        "blanks inside a token", FOB, ALL, ("malformed:", "bad_signature", "alg_unsupported", "key_not_found", "decrypt_failed"),
        "A blank ends the token for fob. Peers remove it from a segment.", "RFC 7515 section 2", "`eyJhbGci OiJIUzI1NiJ9.…`",
        ("spelling-0:blank", "spelling-1:blank", "spelling-2:blank", "spelling-3:blank", "spelling-4:blank", "spelling-0:character", "spelling-2:character", "spelling-3:character", "spelling-4:character"),
    ),
    Rule(
        "types of claims", FOB, ALL, ("claim_type:",),
        "Registered claims have their types: times are numbers, parties are texts. Peers read the claims that they use, and some "
        "read a number in a text.", "RFC 7519 section 4.1", '`{"exp":"1800000060"}`, `{"jti":5}`',
    ),
    Rule(
        "tokens of the future", FOB, frozenset({"jose", "PyJWT", "golang-jwt"}), ("issued_in_future",),
        "`iat` is later than the clock. jose compares it only if it checks the age of a token. PyJWT leaves a fraction out, and "
        "golang-jwt fractions and numbers beyond 64 bits.",
        "RFC 7519 section 4.1.6 demands no check; `--ignore-iat` skips it", '`{"iat":1800000001}` at 1800000000', ("time:iat",),
    ),
    Rule(
        "fractions and large numbers, at the beginning", FOB, frozenset({"PyJWT", "golang-jwt"}), ("not_yet_valid",),
        "PyJWT and golang-jwt leave the fraction of a time out, and for golang-jwt a number beyond 64 bits is in the past. fob "
        "compares the number that is written.", "RFC 7519 section 2, NumericDate",
        '`{"nbf":1800000000.5}` at 1800000000', ("time:nbf",),
    ),
    Rule(
        "fractions and large numbers, at the end", PEER, frozenset({"PyJWT", "golang-jwt"}), ("ExpiredSignatureError", "Token is expired"),
        "PyJWT and golang-jwt leave the fraction of `exp` out, so the token of the example has expired for them. For fob it is valid for half a second more.", "RFC 7519 section 2, NumericDate",
        '`{"exp":1800000000.5}` at 1800000000', ("time:exp", "payload-text:exp-form"),
    ),
    Rule(
        "times between doubles", PEER, frozenset({"joserfc", "jose"}), ("ExpiredTokenError", "ERR_JWT_EXPIRED"),
        "joserfc and jose read a time as a double, which rounds that of the example to 1800000000. For fob, the token is not expired yet.",
        "RFC 7519 section 2, NumericDate", '`{"exp":1800000000.0000000001}` at 1800000000', ("payload-text:exp-form",),
    ),
    Rule(
        "a time of zero", FOB, frozenset({"golang-jwt"}), ("expired",),
        "golang-jwt takes an `exp` of 0 for an absent one. For fob it is 1970.", "RFC 7519 section 4.1.4", '`{"exp":0}`',
        ("time:exp", "payload-text:exp-form"),
    ),
    Rule(
        "bytes behind the object", FOB, frozenset({"golang-jwt"}),
        ("malformed:payload_json", "malformed:payload_utf8", "malformed:payload_not_object"),
        "golang-jwt reads the payload up to the end of its object, and takes `null` for an empty one.", "RFC 7519 section 7.2, step 10",
        "`{}{}`", ("payload-text:", "spelling-1:"),
    ),
    Rule(
        "types of header parameters", FOB, ALL, ("malformed:kid", "malformed:typ", "malformed:cty", "malformed:jku", "malformed:jwk", "malformed:x5", "malformed:enc", "malformed:zip", "malformed:crit", "malformed:b64"),
        "A parameter of the wrong type makes the header invalid, also if the verifier does not use it.",
        "RFC 7515 section 5.2, step 4", '`{"alg":"HS256","kid":5}`', ("header:",),
    ),
    Rule(
        "critical extensions", FOB, ALL, ("crit_unsupported",),
        "fob knows one extension, `b64`, and demands that `crit` names it. Peers ignore a `b64` that `crit` does not name, or `crit`.",
        "RFC 7515 section 4.1.11, RFC 7797 section 6", '`{"alg":"HS256","b64":true}`', ("header:crit", "header:b64"),
    ),
    Rule(
        "encrypted claims without a signature", FOB, frozenset({"joserfc", "jose"}), ("not_signed",),
        "Anyone can encrypt with a public key. Decryption says nothing about the sender, so fob calls no claims verified.",
        "RFC 7519 section 11.2", "claims encrypted with RSA-OAEP-256",
    ),
    Rule(
        "a token announced inside", FOB, frozenset({"joserfc", "jose"}), ("malformed:",),
        "`cty` says that the content is a token, and it is not one.", "RFC 7519 section 5.2", '`{"alg":"dir","cty":"JWT",…}`',
        ("header:cty",),
    ),
    Rule(
        "text around a token", PEER, ALL, ("DecodeError", "Error", "illegal base64", "tokenstring should", "token contains", "signature is invalid", "BadSignatureError", "ERR_JWS_", "ERR_JWE_", "ERR_JWT_", "ValueError", "InvalidSignatureError", "InvalidTokenError"),
        "fob removes quotes, `Bearer`, a comma and blanks around a token: people paste such lines. No character inside is changed.",
        "a service of fob, outside the RFCs", "`Bearer eyJ…`",
        ("parts:", "spelling-0:blank", "spelling-1:blank", "spelling-2:blank", "spelling-3:blank", "spelling-4:blank", "spelling-0:character", "spelling-2:character", "spelling-4:character"),
    ),
    Rule(
        "unknown header parameters", PEER, frozenset({"joserfc"}), ("UnsupportedHeaderError",),
        "joserfc refuses parameters that it does not know. RFC 7515 demands to ignore them.", "RFC 7515 section 4",
        '`{"alg":"HS256","x":1}`',
    ),
    Rule(
        "addresses of keys", PEER, frozenset({"joserfc"}), ("InvalidHeaderValueError",),
        "joserfc demands a URL in `jku` and `x5u`. fob demands a text, and never uses it.", "RFC 7515 sections 4.1.2 and 4.1.5",
        '`{"alg":"HS256","jku":""}`', ("header:jku", "header:x5u"),
    ),
    Rule(
        "sizes and digits", PEER, ALL, ("ExceededSizeError", "InvalidPayloadError", "DecodeError", "InvalidTokenError", "ValueError", "RecursionError", "json: cannot unmarshal number"),
        "joserfc limits the size of a header. Python reads no integer of more than 4,300 digits, and Go no number beyond doubles.",
        "RFC 8259 section 9 allows limits", "5,000 digits", ("header-text:many-digits", "payload-text:many-digits", "header-text:huge-exponent", "payload-text:huge-exponent", "claim:name", "header:kid"),
    ),
    Rule(
        "names of Ed25519", PEER, frozenset({"PyJWT", "golang-jwt"}), ("InvalidAlgorithmError", "signing method (alg)"),
        "PyJWT and golang-jwt know `EdDSA`, and not yet `Ed25519`.", "RFC 9864 section 2.2", '`{"alg":"Ed25519"}`', ("algorithm:other",),
    ),
)


def explain(peer, fob, other, names):
    """Returns the names of the rules that explain a disagreement. An empty list means that none does.

    If fob rejects, each of its reasons needs a rule: one lenient reading may not hide another.
    """
    accepts, reasons, _ = fob
    if accepts:
        found = [next((rule for rule in RULES if rule.stricter == PEER and rule.covers(peer, other[1], names)), None)]
    else:
        # After a duplicate name, the other reasons may be about the member that the peer ignores.
        if "malformed:duplicate_member" in reasons:
            reasons = ["malformed:duplicate_member"]
        found = [
            next((rule for rule in RULES if rule.stricter == FOB and rule.covers(peer, reason, names)), None)
            for reason in reasons
        ]
    return [] if None in found else sorted({rule.name for rule in found})

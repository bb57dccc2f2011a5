"""Gives the invalid tokens of `fob encode --flaw all` to PyJWT and to Node's jose. Both refuse all but a few.

Owns: the list of these few, with reasons. Must not: make tokens itself. fob makes them, and tests/vectors/flaws holds earlier
ones. Both are verified at their issue time, by a service that demands an issuer, an audience and certain claims.
"""

import tomllib
from pathlib import Path

from cryptography.hazmat.primitives import serialization as written

from fob import fob
from forms import SECRET_TEXT, SPKI_PEM
from peers.node import Jose
from peers.pyjwt import PyJwt
from tally import Tally, same

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
ISSUER, AUDIENCE = "https://issuer.example", "api"
CLAIMS = ("--iss", ISSUER, "--sub", "alice", "--aud", AUDIENCE, "--exp", "15m", "--nbf", "now", "--jti", "7", "-c", "role=user")
KEYS = {
    "HS256": ("--secret-file", "keys/hs256-long.secret"),
    "RS256": ("--key", "forms/rsa.pk8.pem"),
    "ES256": ("--key", "forms/p256.pk8.pem"),
}

# The flaws that a peer accepts: (peer, flaw) -> why.
LAST = "the last of two values counts, as RFC 7519 section 4 allows"
DEEP = "it is read however deep, and no RFC sets a limit"
DIGITS = "text of digits is taken for a number"
TOLERATED = {
    ("jose", "issued-in-future"): "`iat` is compared only where `maxTokenAge` is asked for",
    ("PyJWT", "duplicate-member"): LAST,
    ("jose", "duplicate-member"): LAST,
    ("PyJWT", "padded-base64"): "padding is added before decoding, and may be there",
    ("jose", "padded-base64"): "padding is passed over",
    ("jose", "non-canonical-base64"): "unused bits are passed over",
    ("PyJWT", "deep-json"): DEEP,
    ("jose", "deep-json"): DEEP,
    ("PyJWT", "wrong-type-exp"): DIGITS,
    ("PyJWT", "wrong-type-nbf"): DIGITS,
    ("PyJWT", "wrong-type-iat"): DIGITS,
    ("jose", "wrong-type-sub"): "`sub` is looked at only where one is expected",
    ("jose", "wrong-type-jti"): "`jti` is the caller's business",
}

tally = Tally("flaws")


def public(algorithm):
    """Returns what a verifier gets: the form and the bytes."""
    option, path = KEYS[algorithm]
    content = (VECTORS / path).read_bytes()
    if option == "--secret-file":
        return SECRET_TEXT, content
    key = written.load_pem_private_key(content, None).public_key()
    return SPKI_PEM, key.public_bytes(written.Encoding.PEM, written.PublicFormat.SubjectPublicKeyInfo)


def suites(algorithm):
    """Returns the committed suite, and one made now."""
    yield "kept", (VECTORS / f"flaws/{algorithm.lower()}.toml").read_text()
    option, path = KEYS[algorithm]
    made = fob("encode", *CLAIMS, "--alg", algorithm, "--flaw", "all", "--suite", "-", option, VECTORS / path, secret=None)
    yield "made now", made.text() + "\n"


def objections(peer, algorithm, suite):
    """Returns the peer's objection to each token of a suite."""
    at = float(suite["defaults"]["at"].removeprefix("@"))
    for case in suite["cases"]:
        demands = {"at": at, "issuer": ISSUER, "audience": AUDIENCE, "require": case.get("require", [])}
        yield case["name"], peer.objection(algorithm, *public(algorithm), case["token"], **demands)


met = set()
for peer in (PyJwt(), Jose()):
    for algorithm in KEYS:
        for age, text in suites(algorithm):
            for name, objection in objections(peer, algorithm, tomllib.loads(text)):
                tolerated = name == "good" or (peer.name, name) in TOLERATED
                with tally.check(f"{algorithm}, {age}: {peer.name} {'accepts' if tolerated else 'refuses'} {name}"):
                    same(objection is None, tolerated, f"accepted ({objection})")
                    met.add((peer.name, name))

with tally.check("every flaw that is tolerated was met"):
    same(sorted(set(TOLERATED) - met), [], "flaws that no suite has")

for (peer, flaw), why in TOLERATED.items():
    tally.note("tolerated", flaw, peer, why)
tally.finish()

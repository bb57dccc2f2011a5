"""Compares detached payloads (RFC 7515 appendix F), encoded or not (RFC 7797), in both directions between fob, joserfc and
PyJWT: every payload is signed by one side and verified by the other, and a changed payload is refused by both.

Owns: what is compared with these two. Must not: know how fob is run.
"""

import json

import jwt
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import import_key

from fob import ACCEPTED, REJECTED, fob
from fob_keys import fob_key
from forms import JWK, PUBLIC_JWK
from tally import Tally, same

ALGORITHMS = ("HS256", "HS384", "HS512", "RS256", "RS512", "PS256", "PS384", "ES256", "ES384", "ES512", "EdDSA")
# Text, JSON, bytes that are no text, a dot, nothing, and a payload larger than fob holds in memory.
PAYLOADS = {
    "text": b"id=7&state=paid", "JSON": b'{"amount": "165.88"}', "bytes": bytes(range(256)), "a dot": b"$.02",
    "nothing": b"", "two megabytes": b"0123456789abcdef" * 131_072,
}


def private(algorithm):
    """Returns the key of an algorithm as a JWK."""
    return fob_key(algorithm).private[JWK]


def public(algorithm):
    """Returns the half of the key that verifies, as a JWK."""
    return private(algorithm) if algorithm.startswith("HS") else fob_key(algorithm).public[PUBLIC_JWK]


class Joserfc:
    name = "joserfc"
    encodings = ("Base64url", "none")

    def signs(self, payload, encoding):
        """Returns whether it signs the payload: as it is only if it is text."""
        return encoding == "Base64url" or payload.isascii()

    def sign(self, algorithm, payload, encoding):
        header = {"alg": algorithm} | ({"b64": False, "crit": ["b64"]} if encoding == "none" else {})
        token = jws.serialize_compact(header, payload, self.key(private(algorithm)), algorithms=[algorithm])
        return ".".join((token.split(".")[0], "", token.rsplit(".", 1)[1]))

    def verifies(self, algorithm, token, payload):
        registry = jws.JWSRegistry(algorithms=[algorithm])
        registry.max_payload_length = 4 << 20
        try:
            jws.deserialize_compact(token, self.key(public(algorithm)), registry=registry, payload=payload)
        except JoseError:
            return False
        return True

    @staticmethod
    def key(jwk):
        return import_key(json.loads(jwk))


class Pyjwt:
    name = "PyJWT"
    # It detaches no payload that is encoded.
    encodings = ("none",)

    def signs(self, _payload, _encoding):
        return True

    def sign(self, algorithm, payload, _encoding):
        key, headers = self.key(private(algorithm), algorithm), {"b64": False, "crit": ["b64"]}
        return jwt.api_jws.encode(payload, key, algorithm, headers=headers, is_payload_detached=True)

    def verifies(self, algorithm, token, payload):
        try:
            key = self.key(public(algorithm), algorithm)
            jwt.api_jws.decode(token, key, algorithms=[algorithm], detached_payload=payload)
        except jwt.InvalidTokenError:
            return False
        return True

    @staticmethod
    def key(jwk, algorithm):
        return jwt.PyJWK(json.loads(jwk), algorithm)


def asks_fob(peer, algorithm, payload, encoding):
    """Lets fob verify what the peer signed."""
    token = peer.sign(algorithm, payload, encoding)
    # EdDSA needs the whole payload in memory.
    limit = ("--max-size", "4M") if algorithm == "EdDSA" else ()
    for given, status, reasons in ((payload, ACCEPTED, []), (payload + b"!", REJECTED, ["bad_signature"])):
        answer = fob("verify", token, "--json", "--payload", "-", *limit, key=public(algorithm), stdin=given)
        same(answer.status, status, "exit status of fob verify")
        same(answer.json()["reasons"], reasons, "reasons")


def asks_peer(peer, algorithm, payload, encoding):
    """Lets the peer verify what fob signed."""
    options = ("--detached", *(("--no-b64",) if encoding == "none" else ()), "--alg", algorithm, "--payload", "-")
    token = fob("encode", *options, key=private(algorithm), stdin=payload).text()
    same(token.split(".")[1], "", "payload between the dots")
    assert peer.verifies(algorithm, token, payload), "the peer refuses the payload"
    assert not peer.verifies(algorithm, token, payload + b"!"), "the peer accepts another payload"


tally = Tally("detached payloads")
for peer in (Joserfc(), Pyjwt()):
    for algorithm in ALGORITHMS:
        for encoding in peer.encodings:
            for name, payload in PAYLOADS.items():
                title = f"{algorithm}, {name}, encoding {encoding}"
                if peer.signs(payload, encoding):
                    with tally.check(f"fob verifies {peer.name}: {title}"):
                        asks_fob(peer, algorithm, payload, encoding)
                with tally.check(f"{peer.name} verifies fob: {title}"):
                    asks_peer(peer, algorithm, payload, encoding)
tally.finish()

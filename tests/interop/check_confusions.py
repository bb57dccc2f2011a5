"""Checks HS256 tokens signed with the bytes of a public key. A verifier that trusts the token's `alg` accepts them.

Owns: these forgeries, for every key and every form of its public half. Must not: need a peer.
"""

import base64
import hmac
import json

import openssl_forms
from fob import NOTHING_JUDGED, REJECTED, encode, file_of, fob, rejects
from fob_keys import fob_key
from forms import ALGORITHMS, JWK, JWKS, PUBLIC_JWK
from tally import Tally, same

tally = Tally("confusion")


def base64url(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def forged(secret, algorithm="HS256"):
    """Returns a token whose MAC uses that secret."""
    content = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": algorithm, "typ": "JWT"}, {"sub": "root"}))
    return f"{content}.{base64url(hmac.digest(secret, content.encode(), 'sha' + algorithm[2:]))}"


def spellings(content):
    """Returns the bytes of a key as an attacker would use them."""
    return dict.fromkeys((content, content.rstrip(b"\n"), content.replace(b"\n", b"\r\n")))


def refused(content, *options, key=None):
    for secret in spellings(content):
        answer = fob("verify", forged(secret), "--json", *options, key=key or content, secret=None)
        same(answer.status, REJECTED, "exit status")
        reasons = answer.json()["reasons"]
        assert set(reasons) & {"alg_not_allowed", "key_mismatch:kty"}, f"reasons {reasons}"
        assert "payload" not in answer.json(), "a payload is vouched for"


def cells(row):
    return [("confusions", row, column, "✓") for column in ("`--key` alone", "`--alg HS256` too", "`--secret-file`")]


def ask(name, row, content):
    with tally.check(f"{name}: {row}", *cells(row)):
        refused(content)
        refused(content, "--alg", "HS256")
        # As a secret it fares no better: fob refuses the token although its MAC is right, and mints nothing with it.
        answer = fob("verify", forged(content), "--json", "--alg", "HS256", "--secret-file", file_of(content),
            "--secret-format", "raw", secret=None)
        same((answer.status, answer.json()["verdict"]), (REJECTED, "rejected"), "verdict with the key as the secret")
        minted = fob("encode", "{}", "--secret-file", file_of(content), "--secret-format", "raw", secret=None)
        same(minted.status, NOTHING_JUDGED, "exit status of minting with it")


for algorithm in ALGORITHMS:
    for row, content in fob_key(algorithm).public.items():
        ask(f"{algorithm} key of fob", row, content)

for key in (openssl_forms.OpensslKey("RSA", "RS256", "genrsa", "-traditional", "2048"),
            openssl_forms.OpensslKey("P-256", "ES256", "ecparam", "-genkey", "-name", "prime256v1"),
            openssl_forms.OpensslKey("Ed25519", "EdDSA", "genpkey", "-algorithm", "ED25519")):
    for row, content in key.public().items():
        ask(f"{key.kind} key of openssl", f"`{row}`" if row[0] != "a" else row, content)

with tally.check("a JWK Set of public keys", *cells(JWKS)[:2]):
    public = [json.loads(fob_key(algorithm).public[PUBLIC_JWK]) for algorithm in ("RS256", "ES256", "EdDSA")]
    for content in (json.dumps({"keys": public}).encode(), json.dumps(public[0]).encode()):
        for options in ((), ("--alg", "HS256")):
            answer = fob("verify", forged(content), "--json", *options, key=json.dumps({"keys": public}).encode())
            same(answer.status, REJECTED, "exit status")

with tally.check("a set that mixes a secret with public keys serves neither"):
    key = fob_key("HS256").private[JWK]
    mixed = json.dumps({"keys": [json.loads(key), *public]}).encode()
    rejects("key_mismatch:kty", encode({}, "HS256", key=key), "HS256", key=mixed)
    rejects("key_mismatch:kty", encode({}, "ES256", key=fob_key("ES256").private[JWK]), "ES256", key=mixed)

tally.finish()

"""Checks every form in which `openssl` writes a key. fob signs and verifies with it, or refuses it with a hint.

Owns: what is compared with openssl beyond the questions asked of every peer. Must not: know the commands of openssl.
"""

import openssl_forms as forms
from fob import ACCEPTED, NOTHING_JUDGED, PASSWORD, REJECTED, accepts, encode, fob, verify
from peers.openssl import Openssl
from tally import Tally, same

CLAIMS = {"sub": "Zoë"}
peer = Openssl()
tally = Tally("OpenSSL")


def openssl_takes(key, token):
    same(peer.verify(key.algorithm, None, key.spki, token), CLAIMS, "payload")


def signs_and_verifies(key, content, **how):
    token = encode(CLAIMS, key.algorithm, key=content, **how)
    openssl_takes(key, token)
    same(accepts(token, key.algorithm, key=content, **how), CLAIMS, "payload")


keys = {key.kind: key for key in forms.all_kinds()}
for key in keys.values():
    for row, content in key.private().items():
        with tally.check(f"{key.kind}: fob signs and verifies with {row}", ("private", row, key.kind, "✓")):
            signs_and_verifies(key, content)
    for row, content in key.locked().items():
        with tally.check(f"{key.kind}: fob opens {row}", ("locked", row, key.kind, "✓")):
            signs_and_verifies(key, content, password=PASSWORD)
    token = peer.sign(key.algorithm, None, key.pkcs8, CLAIMS, {})
    for row, content in key.public().items():
        with tally.check(f"{key.kind}: fob verifies with {row}", ("public", row, key.kind, "✓")):
            same(accepts(token, key.algorithm, key=content), CLAIMS, "payload")

key = keys["P-256"]
for row in ("pkey", "pkey -outform DER"):
    with tally.check(f"fob reads {row} from standard input"):
        content = key.private()[row]
        openssl_takes(key, fob("encode", '{"sub":"Zoë"}', "--no-iat", "--key", "-", secret=None, stdin=content).text())

locked = forms.file_of(key.locked()["pkcs8 -topk8 -scrypt"])
with tally.check("fob takes the password from a file, less its line break"):
    password = forms.file_of(f"{PASSWORD}\n".encode())
    minted = fob("encode", '{"sub":"Zoë"}', "--no-iat", "--key", locked, "--key-password-file", password, secret=None)
    openssl_takes(key, minted.text())

with tally.check("fob refuses the wrong password, and an encrypted key without any"):
    for password in ("wrong", None):
        answer = fob("encode", "{}", key=locked.read_bytes(), password=password)
        same(answer.status, NOTHING_JUDGED, "exit status")
        assert "password" in answer.stderr, "the password is not named"

with tally.check("an RSA-PSS key bound to SHA-384 signs no PS256 and no RS384"):
    for algorithm in ("PS256", "RS384"):
        same(fob("encode", "{}", "--alg", algorithm, key=keys["RSA-PSS, SHA-384"].pkcs8).status, NOTHING_JUDGED, "exit status")

with tally.check("an RSA-PSS key verifies no RS256 of the same numbers"):
    token = encode(CLAIMS, "RS256", key=keys["RSA"].pkcs8)
    answer = verify(token, "RS256", key=keys["RSA-PSS"].spki)
    same((answer.status, answer.json()["verdict"]), (REJECTED, "rejected"), "verdict")

with tally.check("RSA keys serve all six of their algorithms"):
    for algorithm in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"):
        token = peer.sign(algorithm, None, keys["RSA"].pkcs8, CLAIMS, {})
        same(verify(token, algorithm, key=keys["RSA"].certificate).status, ACCEPTED, algorithm)


def refused(name, content, remedy, word):
    """Asserts that fob refuses with exit status 2, names the form (word) and, where there is one, the remedy."""
    with tally.check(f"fob refuses {name}", ("refused", name, "the hint names", f"`{remedy}`" if remedy else "")):
        answer = fob("encode", "{}", "--no-iat", key=content, password=PASSWORD)
        same(answer.status, NOTHING_JUDGED, "exit status")
        assert word in answer.stderr, f"{word!r} is not named"
        hints = [line for line in answer.stderr.splitlines() if line.startswith("hint: ")]
        assert not remedy or any(remedy in hint for hint in hints), f"no hint names {remedy!r}"


for name, (content, remedy, word) in forms.not_opened(keys["RSA"], keys["P-256"]).items():
    refused(name, content, remedy, word)

tally.finish()

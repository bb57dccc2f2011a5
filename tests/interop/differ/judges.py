"""Asks each verifier about many tokens: fob and its peers, with the same keys, clock, issuer and audience.

Owns: how each is called. An answer is (accepted, reason, payload). Must not: compare answers.
"""

import json
import os
import subprocess
import warnings
from pathlib import Path

import jwt as pyjwt
import time_machine
from cryptography.hazmat.primitives import serialization
from joserfc import jwe, jws
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from joserfc.jwt import JWTClaimsRegistry

from differ.grammar import AUDIENCE, FORMS, ISSUER, NOW, PRIVATE, SECRET, SHARED, encoded

warnings.simplefilter("ignore")

# The algorithms that a verifier with this key allows.
ALLOWED = {
    "secret": ["HS256", "HS384", "HS512"],
    "rsa": ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
    "p256": ["ES256"],
    "ed25519": ["EdDSA", "Ed25519"],
    "shared": ["dir", "A256KW"],
    "sealed": ["RSA-OAEP-256"],
}


def integer(digits):
    """Reads an integer of any length: Python refuses more than 4,300 digits."""
    return int(digits) if len(digits) < 4000 else float("inf")


def public(name):
    return PRIVATE[name].public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_files(folder):
    """Writes the keys for fob, and returns its options by kind of key."""
    folder = Path(folder)
    (folder / "secret").write_bytes(SECRET)
    (folder / "shared.jwk").write_text(json.dumps({"kty": "oct", "k": encoded(SHARED)}))
    for file in folder.iterdir():
        file.chmod(0o600)
    keys = {name: ["--key", str(FORMS / f"{name}.spki.pem")] for name in ("rsa", "p256", "ed25519")}
    return keys | {
        "secret": ["--secret-file", str(folder / "secret")],
        "shared": ["--decrypt-key", str(folder / "shared.jwk"), "--accept-shared-key"],
        "sealed": ["--decrypt-key", str(FORMS / "rsa.pk8.pem"), "--accept-shared-key"],
    }


class Fob:
    """The program under test, as a filter of lines."""

    name = "fob"

    def __init__(self, folder):
        self.keys = key_files(folder)

    def judge(self, kind, demands, texts):
        options = ["--iss", ISSUER, "--aud", AUDIENCE] if demands else []
        done = subprocess.run(
            [os.environ["FOB"], "verify", "--lines", "--json", "--quiet", "--threads", "1", "--at", f"@{NOW}", *self.keys[kind], *options],
            input="".join(text + "\n" for text in texts).encode("utf-8", "surrogatepass"), capture_output=True,
        )
        lines = done.stdout.splitlines()
        assert len(lines) == len(texts), f"fob answered {len(lines)} of {len(texts)}: {done.stderr.decode()[:2000]}"
        for line in lines:
            document = json.loads(line, parse_int=integer)
            innermost = document
            while isinstance(innermost.get("inside"), dict):
                innermost = innermost["inside"]
            accepted = document["verdict"] == "accepted"
            yield accepted, document["reasons"], innermost.get("payload") if accepted else None


class PyJwt:
    name = "PyJWT"

    def __init__(self):
        self.keys = {"secret": SECRET, **{name: PRIVATE[name].public_key() for name in PRIVATE}}

    def judge(self, kind, demands, texts):
        if kind not in self.keys:
            return
        expected = {"audience": AUDIENCE, "issuer": ISSUER} if demands else {"options": {"verify_aud": False}}
        with time_machine.travel(NOW, tick=False):
            for text in texts:
                try:
                    yield True, "", pyjwt.decode(text, self.keys[kind], algorithms=ALLOWED[kind], **expected)
                except Exception as error:  # not every refusal is an error of its own
                    yield False, type(error).__name__, None


class Joserfc:
    name = "joserfc"

    def __init__(self):
        self.keys = {
            "secret": OctKey.import_key(SECRET), "shared": OctKey.import_key(SHARED),
            "rsa": RSAKey.import_key(public("rsa")), "p256": ECKey.import_key(public("p256")),
            "ed25519": OKPKey.import_key(public("ed25519")),
            "sealed": RSAKey.import_key((FORMS / "rsa.pk8.pem").read_bytes()),
        }
        self.signed, self.sealed = jws.JWSRegistry, jwe.JWERegistry

    def judge(self, kind, demands, texts):
        is_sealed = kind in ("shared", "sealed")
        algorithms = [*ALLOWED[kind], "A256GCM"] if is_sealed else ALLOWED[kind]
        registry = self.sealed(algorithms=algorithms) if is_sealed else self.signed(algorithms=algorithms)
        expected = {"iss": {"essential": True, "value": ISSUER}, "aud": {"essential": True, "value": AUDIENCE}}
        claims = JWTClaimsRegistry(now=NOW, leeway=0, **(expected if demands else {}))
        for text in texts:
            try:
                token = joserfc_jwt.decode(text, self.keys[kind], algorithms=algorithms, registry=registry)
                claims.validate(token.claims)
                yield True, "", token.claims
            except Exception as error:
                yield False, type(error).__name__, None


class Servant:
    """A peer in a process of its own: one question a line in, one answer a line out."""

    def __init__(self, command):
        keys = {name: public(name).decode() for name in PRIVATE}
        keys |= {"secret": encoded(SECRET), "shared": encoded(SHARED), "sealed": (FORMS / "rsa.pk8.pem").read_text()}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ask({"keys": keys, "allowed": ALLOWED, "issuer": ISSUER, "audience": AUDIENCE, "now": NOW})

    def ask(self, question):
        self.process.stdin.write(json.dumps(question).encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def judge(self, kind, demands, texts):
        for at in range(0, len(texts), 500):
            answer = self.ask({"kind": kind, "demands": demands, "texts": texts[at : at + 500]})
            yield from ((text is not None, reason, self.read(text)) for text, reason in answer)

    @staticmethod
    def read(text):
        """Reads a payload, or returns None for one that Python cannot read: it may be nested deeply."""
        try:
            return text and json.loads(text, parse_int=integer)
        except RecursionError:
            return None


class Jose(Servant):
    name = "jose"

    def __init__(self):
        super().__init__([os.environ.get("INTEROP_NODE", "node"), str(Path(os.environ["INTEROP_NODE_HOME"]) / "differ.mjs")])


class GolangJwt(Servant):
    name = "golang-jwt"

    def __init__(self):
        super().__init__([os.environ["INTEROP_GO"]])

    def judge(self, kind, demands, texts):
        return () if kind in ("shared", "sealed") else super().judge(kind, demands, texts)


def peers():
    """Starts the peers of this machine."""
    return [PyJwt(), Joserfc(), Jose(), *([GolangJwt()] if os.environ.get("INTEROP_GO") else [])]

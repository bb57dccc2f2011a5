"""The program `jose` of latchset (the Debian package jose), which speaks JWK only.

Owns: its command lines. Must not: know the checks.
"""

import base64
import json
import subprocess

from fob import file_of
from forms import JWK, JWKS, PUBLIC_JWK, THUMBPRINT, Key, kind_of
from peers import Peer, Refused


def jose(*arguments, stdin=b""):
    return subprocess.run(["jose", *map(str, arguments)], input=stdin, capture_output=True, timeout=60)


def told(*arguments, stdin=b""):
    """Returns standard output of a successful run."""
    done = jose(*arguments, stdin=stdin)
    assert done.returncode == 0, f"jose {arguments}: exit status {done.returncode}: {done.stderr.decode()}"
    return done.stdout.strip()


class Latchset(Peer):
    name = "latchset jose"
    reads = (JWK, PUBLIC_JWK, JWKS, THUMBPRINT)

    def __init__(self):
        self.algorithms = told("alg", "-k", "sign").decode().split()
        known = (told("alg", "-k", kind).decode().split() for kind in ("wrap", "encr"))
        self.wrapping, self.encryption = known

    def knows(self, algorithm):
        return algorithm in self.algorithms

    def new_key(self, algorithm):
        template = {"kty": "RSA", "bits": 2048} if kind_of(algorithm) == "RSA" else {"alg": algorithm}
        private = told("jwk", "gen", "-i", json.dumps(template))
        if algorithm.startswith("HS"):
            return Key({JWK: private})
        return Key({JWK: private}, {PUBLIC_JWK: told("jwk", "pub", "-i", "-", stdin=private)})

    def sign(self, algorithm, form, key, claims, header):
        template = json.dumps({"protected": {"alg": algorithm, **header}})
        payload = file_of(json.dumps(claims).encode())
        return told("jws", "sig", "-I", payload, "-s", template, "-k", "-", "-c", stdin=key).decode()

    def verify(self, algorithm, form, key, token):
        header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        assert header["alg"] == algorithm, f"alg is {header['alg']}"
        done = jose("jws", "ver", "-i", "-", "-k", file_of(key), "-O", "-", stdin=token.encode())
        if done.returncode == 1 and b"Signature validation failed" in done.stderr:
            raise Refused
        assert done.returncode == 0, f"jose jws ver: exit status {done.returncode}: {done.stderr.decode()}"
        return json.loads(done.stdout)

    def verify_with_set(self, jwks, algorithm, token):
        return self.verify(algorithm, JWKS, jwks, token)  # it tries every key of a set that fits

    def encrypts(self, algorithm, content, kind):
        # It has no RSA-OAEP and no X25519.
        return algorithm in self.wrapping and content in self.encryption and kind != "X25519"

    def encryption_key(self, kind):
        if isinstance(kind, int):
            template = {"kty": "oct", "bytes": kind}
        else:
            template = {"kty": "RSA", "bits": 2048} if kind == "RSA" else {"kty": "EC", "crv": kind}
        return told("jwk", "gen", "-i", json.dumps(template))

    def compresses(self, content):
        return False  # with `zip` in the template it writes that into the header, and leaves the content as it is (version 11)

    def encrypt(self, algorithm, content, jwk, plaintext, compress=False):
        assert not compress
        template = json.dumps({"protected": {"alg": algorithm, "enc": content}})
        return told("jwe", "enc", "-i", template, "-I", file_of(plaintext), "-k", "-", "-c", stdin=jwk).decode()

    def decrypt(self, algorithm, content, jwk, token):
        header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        assert (header["alg"], header["enc"]) == (algorithm, content), f"header {header}"
        done = jose("jwe", "dec", "-i", "-", "-k", file_of(jwk), "-O", "-", stdin=token.encode())
        if done.returncode != 0:
            raise Refused(done.stderr.decode())
        return done.stdout

    def write_set(self, jwks):
        return told("jwk", "pub", "-s", "-i", "-", stdin=json.dumps({"keys": jwks}).encode())

    def thumbprint(self, jwk):
        return told("jwk", "thp", "-i", "-", stdin=json.dumps(jwk).encode()).decode()

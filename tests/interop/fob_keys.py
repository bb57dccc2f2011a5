"""The keys that fob makes for the peers: one for each algorithm, in every form that fob writes.

Owns: the runs of `fob key` that make and write them; they are made once and shared by all checks of a run.
Must not: load them.
"""

import base64
import json
from functools import cache

from fob import KEYS, PASSWORD, file_of, fob
from forms import FOB_WRITES, JWK, PKCS8_PEM, PUBLIC_JWK, SECRET_TEXT, SPKI_PEM, Key


def show(path, *options):
    """Returns what `fob key show` prints of that file."""
    return fob("key", "show", path, *options, secret=None).text()


@cache
def made(algorithm):
    """Returns the path of a key that `fob key new` made for the algorithm. Its kid is its thumbprint."""
    path = KEYS / f"fob-{algorithm}.jwk"
    if not path.exists():
        KEYS.mkdir(parents=True, exist_ok=True)
        size = ("--bits", "2048") if algorithm[:2] in ("RS", "PS") else ()
        new = ("key", "new", "--alg", algorithm, "--kid", "thumbprint", "--out", path, *size)
        assert fob(*new, secret=None).status == 0, "fob key new failed"
    return path


@cache
def fob_key(algorithm):
    """Returns that key in every form that fob writes."""
    path = made(algorithm)
    if algorithm.startswith("HS"):
        secret = fob("key", "new", "--alg", algorithm, "--format", "secret", secret=None).text()
        return Key({JWK: show(path, "--private").encode(), SECRET_TEXT: secret.encode()})
    options = {
        JWK: ["--private"], PKCS8_PEM: ["--private", "--format", "pem"],
        PUBLIC_JWK: ["--public"], SPKI_PEM: ["--public", "--format", "pem"],
    }
    private, public = ({form: show(path, *options[form]).encode() for form in forms} for forms in FOB_WRITES)
    return Key(private, public)


def encryption_key(algorithm, content, kind):
    """Returns a key that `fob key new` made for encryption, and the half to encrypt with: two JWKs."""
    # Only with `dir` is the key that of the content encryption.
    return _encryption_key(algorithm, content if algorithm == "dir" else None, kind)


@cache
def _encryption_key(algorithm, content, kind):
    if algorithm.startswith("PBES2"):
        secret = base64.urlsafe_b64encode(PASSWORD.encode()).rstrip(b"=").decode()
        jwk = json.dumps({"kty": "oct", "k": secret}).encode()
        return jwk, jwk
    # No key is made for RSA1_5, so one without `alg` and `use` serves.
    name = {"dir": content, "RSA1_5": "RSA-OAEP"}.get(algorithm, algorithm)
    size = ("--bits", "2048") if kind == "RSA" else ()
    curve = ("--crv", kind) if algorithm.startswith("ECDH") else ()
    jwk = fob("key", "new", "--alg", name, *size, *curve, secret=None).text().encode()
    if algorithm == "RSA1_5":
        jwk = json.dumps({name: value for name, value in json.loads(jwk).items() if name not in ("alg", "use")}).encode()
    public = jwk if isinstance(kind, int) else show(file_of(jwk), "--public").encode()
    return jwk, public


def thumbprint(jwk):
    """Returns what `fob key show --thumbprint` prints for a JWK."""
    return fob("key", "show", "-", "--thumbprint", secret=None, stdin=json.dumps(jwk)).text()

"""Compares keys and tokens in both directions between fob and one peer, named by the argument: every algorithm of the peer,
every form in which one writes and the other reads a key, key sets, thumbprints.

Owns: the questions, the same for every peer. Must not: know how a peer is asked.
"""

import base64
import json
import sys
from importlib import import_module

from fob import accepts, encode, rejects
from fob_keys import fob_key, thumbprint
from forms import ALGORITHMS, JWK, JWKS, PUBLIC_JWK, SECRET_TEXT, THUMBPRINT, kind_of, password_of
from peers import Refused
from tally import Tally, same

PEERS = {
    "pyjwt": ("pyjwt", "PyJwt"), "joserfc": ("joserfc", "Joserfc"), "jwcrypto": ("jwcrypto", "Jwcrypto"),
    "jose": ("node", "Jose"), "jsonwebtoken": ("node", "JsonWebToken"), "openssl": ("openssl", "Openssl"),
    "latchset": ("latchset", "Latchset"),
}
FROM_PEER, FROM_FOB = "←", "→"  # fob takes what the peer made; the peer takes what fob made
CLAIMS = {"iss": "https://issuer.example", "sub": "Zoë", "roles": ["api", "admin"], "exp": 4102444800, "n": [1, 2.5, None]}
HEADER = {"typ": "JWT"}
# Other members of sets: keys of an unknown kind or curve, and one for encryption.
STRANGERS = (
    {"kty": "XYZ", "kid": "unknown"}, {"kty": "OKP", "crv": "X448", "x": "AAAA", "kid": "X448"},
    {"kty": "RSA", "n": "w" * 342, "e": "AQAB", "use": "enc", "alg": "RSA-OAEP", "kid": "enc"},
)

module, name = PEERS[sys.argv[1]]
peer = getattr(import_module(f"peers.{module}"), name)()
tally = Tally(peer.name)


def given(form, content):
    """Returns the arguments of fob.fob for a key in that form."""
    return {"secret": content.decode()} if form == SECRET_TEXT else {"key": content, "password": password_of(form)}


def fob_signs(algorithm, form, content):
    return encode(CLAIMS, algorithm, **given(form, content))


def fob_takes(token, algorithm, form, content):
    same(accepts(token, algorithm, **given(form, content)), CLAIMS, "payload")


def peer_signs(algorithm, form, content):
    return peer.sign(algorithm, form, content, CLAIMS, HEADER)


def peer_takes(token, algorithm, form, content):
    same(peer.verify(algorithm, form, content, token), CLAIMS, "payload")


def tampered(token):
    """Returns the token with another payload, and with another signature."""
    head, payload, signature = token.split(".")
    other = base64.urlsafe_b64encode(json.dumps(CLAIMS | {"sub": "root"}).encode()).rstrip(b"=").decode()
    flipped = "B" if signature[10] != "B" else "C"
    return f"{head}.{other}.{signature}", f"{head}.{payload}.{signature[:10]}{flipped}{signature[11:]}"


def fob_refuses_tampered(token, algorithm, form, content):
    for spoiled in tampered(token):
        rejects("bad_signature", spoiled, algorithm, **given(form, content))


def peer_refuses_tampered(token, algorithm, form, content):
    for spoiled in tampered(token):
        try:
            peer.verify(algorithm, form, content, spoiled)
        except Refused:
            continue
        raise AssertionError(f"the peer accepted {spoiled}")


def ask_tokens(algorithm, theirs, ours):
    def cell(mark):
        return "algorithms", algorithm, peer.name, mark

    with tally.check(f"{algorithm}: fob takes its token, and refuses it tampered with", cell(FROM_PEER)):
        token = peer_signs(algorithm, *theirs.to_sign())
        fob_takes(token, algorithm, *theirs.to_verify())
        fob_refuses_tampered(token, algorithm, *theirs.to_verify())

    with tally.check(f"{algorithm}: it takes fob's token, and refuses it tampered with", cell(FROM_FOB)):
        token = fob_signs(algorithm, *ours.to_sign())
        peer_takes(token, algorithm, *ours.to_verify())
        peer_refuses_tampered(token, algorithm, *ours.to_verify())


def ask_forms(algorithm, theirs, ours):
    def cell(form, mark):
        return "forms", form, peer.name, mark

    for form, content in theirs.private.items():
        with tally.check(f"{algorithm}: fob signs and verifies with its {form}", cell(form, FROM_PEER)):
            token = fob_signs(algorithm, form, content)
            peer_takes(token, algorithm, *(theirs.to_verify() if theirs.public else (form, content)))
            fob_takes(token, algorithm, form, content)
    token = peer_signs(algorithm, *theirs.to_sign())
    for form, content in theirs.public.items():
        with tally.check(f"{algorithm}: fob verifies with its {form}", cell(form, FROM_PEER)):
            fob_takes(token, algorithm, form, content)

    for form, content in ours.private.items():
        with tally.check(f"{algorithm}: it signs with the {form} of fob", cell(form, FROM_FOB)):
            # A secret and a key file are two keys. Each form verifies what it signed.
            fob_takes(peer_signs(algorithm, form, content), algorithm, *(ours.to_verify() if ours.public else (form, content)))
    if ours.public:
        token = fob_signs(algorithm, *ours.to_sign())
    for form, content in ours.public.items():
        with tally.check(f"{algorithm}: it verifies with the {form} of fob", cell(form, FROM_FOB)):
            peer_takes(token, algorithm, form, content)


def ask_thumbprints(algorithm, keys):
    for whose, key in keys:
        form = PUBLIC_JWK if key.public else JWK
        if form in (key.public or key.private):
            with tally.check(f"{algorithm}: the same thumbprint of {whose} key", ("forms", THUMBPRINT, peer.name, FROM_FOB)):
                jwk = json.loads((key.public or key.private)[form])
                same(thumbprint(jwk), peer.thumbprint(jwk), "thumbprint")


def readable(key):
    """Returns what the peer reads from one of fob's keys."""
    return type(key)(*({f: c for f, c in half.items() if f in peer.reads} for half in (key.private, key.public)))


def ask_sets(pairs):
    """Checks key sets. pairs: (algorithm, the peer's key, fob's key), each with a public half."""
    theirs = {kind_of(algorithm): json.loads(key.public[PUBLIC_JWK]) | {"kid": kind_of(algorithm)} for algorithm, key, _ in pairs}
    with tally.check("fob picks the key of its JWK Set by kid", ("forms", JWKS, peer.name, FROM_PEER)):
        jwks = json.loads(peer.write_set(list(theirs.values())))
        jwks = json.dumps(jwks | {"keys": [*STRANGERS, *jwks["keys"]]}).encode()
        for algorithm, key, _ in pairs:
            token = peer.sign(algorithm, *key.to_sign(), CLAIMS, {"kid": kind_of(algorithm)})
            same(accepts(token, algorithm, key=jwks), CLAIMS, f"payload of {algorithm}")
        if len(theirs) > 1:
            token = peer.sign(algorithm, *key.to_sign(), CLAIMS, {"kid": "absent"})
            rejects("key_not_found", token, algorithm, key=jwks)
    with tally.check("it picks the key of fob's JWK Set by kid", ("forms", JWKS, peer.name, FROM_FOB)):
        public = {"keys": [json.loads(key.public[PUBLIC_JWK]) for _, _, key in pairs]}
        private = {"keys": [json.loads(key.private[JWK]) for _, _, key in pairs]}
        for algorithm, _, key in pairs:
            kid = json.loads(key.public[PUBLIC_JWK])["kid"]
            token = encode(CLAIMS, algorithm, f"--kid={kid}", key=json.dumps(private).encode())
            same(peer.verify_with_set(json.dumps(public).encode(), algorithm, token), CLAIMS, f"payload of {algorithm}")


keys, pairs = {}, []
for algorithm in ALGORITHMS:
    if not peer.knows(algorithm):
        tally.note("algorithms", algorithm, peer.name, "–")
        continue
    with tally.check(f"{algorithm}: a new key of each"):
        kind = kind_of(algorithm)
        keys[kind] = keys.get(kind) or peer.new_key(algorithm)
        theirs, ours = keys[kind], readable(fob_key(algorithm))
        ask_tokens(algorithm, theirs, ours)
        ask_forms(algorithm, theirs, ours)
        if THUMBPRINT in peer.reads:
            ask_thumbprints(algorithm, (("its", theirs), ("fob's", ours)))
        if ours.public:
            pairs.append((algorithm, theirs, ours))
if JWKS in peer.reads:
    ask_sets(pairs)

tally.finish()

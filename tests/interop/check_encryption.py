"""Compares encrypted tokens in both directions between fob and one peer, named by the argument: every key management
algorithm with every content encryption, and with every kind of key, which the peer knows.

Owns: the questions, the same for every peer. Must not: know how a peer is asked.
"""

import json
import sys
from importlib import import_module

from fob import ACCEPTED, encode, file_of, rejects, verify
from fob_keys import encryption_key
from forms import CONTENT_ALGORITHMS, KEY_ALGORITHMS, encryption_kinds
from peers import Refused
from tally import Tally, same

PEERS = {
    "joserfc": ("joserfc", "Joserfc"), "jwcrypto": ("jwcrypto", "Jwcrypto"), "jose": ("node", "Jose"),
    "latchset": ("latchset", "Latchset"),
}
CLAIMS = {"iss": "https://issuer.example", "sub": "Zoë", "roles": ["api", "admin"], "exp": 4102444800}
PRIVATE = ("d", "p", "q", "dp", "dq", "qi")

module, name = PEERS[sys.argv[1]]
peer = getattr(import_module(f"peers.{module}"), name)()
tally = Tally(f"{peer.name}, encryption")


def tampered(token):
    """Returns the token with another ciphertext, with another tag, and with another encrypted key if it has one."""
    segments = token.split(".")
    for place in (1, 3, 4):
        segment = segments[place]
        if segment:
            flipped = "B" if segment[10] != "B" else "C"
            yield ".".join([*segments[:place], segment[:10] + flipped + segment[11:], *segments[place + 1:]])


def public_half(jwk):
    members = json.loads(jwk)
    kept = members if members["kty"] == "oct" else {n: v for n, v in members.items() if n not in PRIVATE}
    return json.dumps(kept).encode()


def ask_fob(algorithm, content, kind):
    """Lets fob open what the peer encrypted for a key of fob."""
    private, public = encryption_key(algorithm, content, kind)
    token = peer.encrypt(algorithm, content, public, encode(CLAIMS).encode())
    options = ("--decrypt-key", file_of(private), "--decrypt-alg", algorithm)
    answer = verify(token, "HS256", *options)
    same((answer.status, answer.json()["verdict"]), (ACCEPTED, "accepted"), "fob's verdict")
    same(answer.json()["inner"]["payload"], CLAIMS, "payload")
    for spoiled in tampered(token):
        rejects("decrypt_failed", spoiled, "HS256", *options)


def ask_peer(algorithm, content, kind):
    """Lets the peer open what fob encrypted for a key of the peer."""
    key = peer.encryption_key(kind)
    options = ("--encrypt-for", file_of(public_half(key)), "--encrypt-alg", algorithm, "--enc", content)
    token = encode(CLAIMS, "HS256", *options)
    same(peer.decrypt(algorithm, content, key, token), encode(CLAIMS).encode(), "content")
    for spoiled in tampered(token):
        try:
            peer.decrypt(algorithm, content, key, spoiled)
        except Refused:
            continue
        raise AssertionError(f"the peer accepted {spoiled}")


for algorithm in KEY_ALGORITHMS:
    questions = [
        (algorithm, content, kind) for content in CONTENT_ALGORITHMS for kind in encryption_kinds(algorithm, content)
        if peer.encrypts(algorithm, content, kind)
    ]
    if not questions:
        tally.note("encryption", algorithm, peer.name, "–")
        continue
    with tally.check(f"{algorithm}: fob opens {len(questions)} of its tokens, and none tampered with",
                     ("encryption", algorithm, peer.name, "←")):
        for question in questions:
            ask_fob(*question)
    if algorithm != "RSA1_5":
        with tally.check(f"{algorithm}: it opens {len(questions)} of fob's tokens, and none tampered with",
                         ("encryption", algorithm, peer.name, "→")):
            for question in questions:
                ask_peer(*question)

tally.finish()

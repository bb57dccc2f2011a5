"""Compares encrypted tokens in both directions between fob and one peer, named by the argument: every key management
algorithm with every content encryption, and with every kind of key, which the peer knows.

Owns: the questions, the same for every peer. Must not: know how a peer is asked.
"""

import json
import sys
from collections import Counter
from functools import cache
from importlib import import_module

from fob import ACCEPTED, encode, file_of, fob, rejects, verify
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
NESTED = encode(CLAIMS).encode()
PLAIN = json.dumps(CLAIMS).encode()
counts = Counter()


def tampered(token):
    """Returns the token with each of its segments changed: encrypted key if there is one, IV, ciphertext, tag."""
    segments = token.split(".")
    for place in (1, 2, 3, 4):
        segment = segments[place]
        if segment:
            flipped = "B" if segment[10] != "B" else "C"
            yield ".".join([*segments[:place], segment[:10] + flipped + segment[11:], *segments[place + 1:]])


def public_half(jwk):
    members = json.loads(jwk)
    kept = members if members["kty"] == "oct" else {n: v for n, v in members.items() if n not in PRIVATE}
    return json.dumps(kept).encode()


@cache
def peer_key(kind):
    """Returns one key of the peer for each kind."""
    return peer.encryption_key(kind)


def opens_nested(token, options):
    """Asserts that fob accepts a signed token inside an encrypted one."""
    answer = verify(token, "HS256", *options)
    same((answer.status, answer.json()["verdict"]), (ACCEPTED, "accepted"), "fob's verdict")
    same(answer.json()["inner"]["payload"], CLAIMS, "payload")


def ask_fob(algorithm, content, kind):
    """Lets fob open what the peer encrypted for a key of fob."""
    private, public = encryption_key(algorithm, content, kind)
    options = ("--decrypt-key", file_of(private), "--decrypt-alg", algorithm)
    token = peer.encrypt(algorithm, content, public, NESTED)
    opens_nested(token, options)
    counts["←", "signed tokens"] += 1
    for spoiled in tampered(token):
        rejects("decrypt_failed", spoiled, "HS256", *options)
        counts["←", "changed tokens, refused"] += 1

    token = peer.encrypt(algorithm, content, public, PLAIN)
    rejects("not_signed", token, "HS256", *options)
    shown = fob("decode", token, "--json", *options, secret=None)
    same((shown.status, shown.json()["payload"]), (ACCEPTED, CLAIMS), "status and payload")
    if isinstance(kind, int):
        answer = verify(token, "HS256", "--accept-shared-key", *options)
        same((answer.status, answer.json()["verdict"]), (ACCEPTED, "accepted"), "fob's verdict on a shared key")
    counts["←", "claims without a signature"] += 1

    if peer.compresses(content):
        opens_nested(peer.encrypt(algorithm, content, public, NESTED, compress=True), options)
        counts["←", "compressed tokens"] += 1


def ask_peer(algorithm, content, kind):
    """Lets the peer open what fob encrypted for a key of the peer."""
    key = peer_key(kind)
    options = ("--encrypt-for", file_of(public_half(key)), "--encrypt-alg", algorithm, "--enc", content)
    token = encode(CLAIMS, "HS256", *options)
    same(peer.decrypt(algorithm, content, key, token), NESTED, "content")
    counts["→", "signed tokens"] += 1
    for spoiled in tampered(token):
        try:
            peer.decrypt(algorithm, content, key, spoiled)
        except Refused:
            counts["→", "changed tokens, refused"] += 1
            continue
        raise AssertionError(f"the peer accepted {spoiled}")

    token = fob("encode", PLAIN.decode(), "--no-iat", "--unsigned", *options, secret=None).text()
    same(json.loads(peer.decrypt(algorithm, content, key, token)), CLAIMS, "claims")
    counts["→", "claims without a signature"] += 1


if not any(map(peer.compresses, CONTENT_ALGORITHMS)):
    print(f"skip {tally.subject}: compressed tokens, which {peer.name} does not make")
for algorithm in KEY_ALGORITHMS:
    questions = [
        (algorithm, content, kind) for content in CONTENT_ALGORITHMS for kind in encryption_kinds(algorithm, content)
        if peer.encrypts(algorithm, content, kind)
    ]
    skipped = {
        kind for content in CONTENT_ALGORITHMS for kind in encryption_kinds(algorithm, content)
        if not peer.encrypts(algorithm, content, kind)
    }
    if not questions:
        print(f"skip {tally.subject}: {algorithm}, which {peer.name} does not have")
        tally.note("encryption", algorithm, peer.name, "–")
        continue
    if skipped:
        print(f"skip {tally.subject}: {algorithm} with {', '.join(map(str, skipped))}, which {peer.name} does not have")
    with tally.check(f"{algorithm}: fob opens the tokens of {len(questions)} kinds, and none tampered with",
                     ("encryption", algorithm, peer.name, "←")):
        for question in questions:
            ask_fob(*question)
    if algorithm != "RSA1_5":
        with tally.check(f"{algorithm}: it opens fob's tokens of {len(questions)} kinds, and none tampered with",
                         ("encryption", algorithm, peer.name, "→")):
            for question in questions:
                ask_peer(*question)

for (direction, what), count in counts.items():
    tally.note("counts", f"{direction} {what}", peer.name, str(count))
tally.finish()

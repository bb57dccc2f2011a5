"""Compares tokens in JSON serialization in both directions between fob and one peer, named by the argument: signed by one key
and by two, encrypted for one recipient and for two.

Owns: the questions, the same for every peer. Must not: know how a peer is asked.
"""

import json
import sys
from importlib import import_module

from fob import ACCEPTED, REJECTED, encode, file_of, fob
from fob_keys import encryption_key, fob_key
from forms import JWK, PUBLIC_JWK
from peers import Refused
from tally import Tally, same

PEERS = {"joserfc": ("joserfc", "Joserfc"), "jwcrypto": ("jwcrypto", "Jwcrypto"), "jose": ("node", "Jose")}
CLAIMS = {"iss": "https://issuer.example", "sub": "Zoë", "exp": 4102444800}
SIGNERS = ("ES256", "RS256")
RECIPIENTS = (("ECDH-ES+A256KW", "P-256"), ("RSA-OAEP-256", "RSA"))
CONTENT = "A256GCM"
FORMS = ("flattened", "general")

module, name = PEERS[sys.argv[1]]
peer = getattr(import_module(f"peers.{module}"), name)()
tally = Tally(f"{peer.name}, JSON serialization")


def tampered(document):
    """Returns the document with another character in each text that is authenticated."""
    members = json.loads(document)
    for place in ("payload", "ciphertext", "tag", "aad"):
        if text := members.get(place):
            flipped = "B" if text[5] != "B" else "C"
            yield json.dumps({**members, place: text[:5] + flipped + text[6:]})


def verify(document, *options, **how):
    """Returns the answer of `fob verify --json` on a document in a file."""
    return fob("verify", f"@{file_of(document.encode())}", "--json", *options, **how)


def signed_by_peer(form):
    """Lets fob verify what the peer signed. The key ID is in the unprotected header."""
    algorithms = SIGNERS[:1] if form == "flattened" else SIGNERS
    keys = [peer.new_key(algorithm) for algorithm in algorithms]
    jwks = [json.loads(key.private[JWK]) | {"kid": f"key {index}"} for index, key in enumerate(keys)]
    signers = [(algorithm, json.dumps(jwk)) for algorithm, jwk in zip(algorithms, jwks)]
    document = peer.sign_document(form, signers, json.dumps(CLAIMS).encode())
    options = [word for jwk in jwks for word in ("--key", file_of(json.dumps(jwk).encode()))]
    answer = verify(document, *options, secret=None)
    same((answer.status, answer.json()["payload"]), (ACCEPTED, CLAIMS), "verdict and payload")
    same(answer.json()["serialization"], form, "form")
    if form == "general":
        one = verify(document, *options[:2], secret=None)
        same(one.status, REJECTED, "verdict on a document with a signature of another key")
        same(verify(document, *options[:2], "--signatures", "any", secret=None).status, ACCEPTED, "verdict on any signature")
    for spoiled in tampered(document):
        answer = verify(spoiled, *options, secret=None)
        assert answer.status != ACCEPTED, f"fob accepted {spoiled}"


def signed_by_fob(form):
    """Lets the peer verify what fob signed."""
    algorithms = SIGNERS[:1] if form == "flattened" else SIGNERS
    options = [word for algorithm in algorithms for word in ("--key", file_of(fob_key(algorithm).private[JWK]))]
    answer = fob("encode", json.dumps(CLAIMS), "--no-iat", "--serialization", form, *options, secret=None)
    document = answer.text()
    for algorithm in algorithms:
        public = fob_key(algorithm).public[PUBLIC_JWK]
        same(json.loads(peer.verify_document(document, algorithm, public)), CLAIMS, "claims")
        for spoiled in tampered(document):
            try:
                peer.verify_document(spoiled, algorithm, public)
            except Refused:
                continue
            raise AssertionError(f"the peer accepted {spoiled}")


def encrypted_by_peer(form):
    """Lets fob decrypt what the peer encrypted, for each recipient. The algorithm is in an unprotected header."""
    recipients = RECIPIENTS[:1] if form == "flattened" else RECIPIENTS
    keys = [(algorithm, *encryption_key(algorithm, CONTENT, kind)) for algorithm, kind in recipients]
    public = [(algorithm, half) for algorithm, _, half in keys]
    document = peer.encrypt_document(form, CONTENT, public, encode(CLAIMS).encode(), b"authenticated data")
    for _, private, _ in keys:
        options = ("--decrypt-key", file_of(private))
        answer = verify(document, *options)
        same((answer.status, answer.json()["verdict"]), (ACCEPTED, "accepted"), "verdict")
        same(answer.json()["inner"]["payload"], CLAIMS, "payload")
        for spoiled in tampered(document):
            answer = verify(spoiled, *options)
            assert "decrypt_failed" in answer.json()["reasons"], f"fob says {answer.json()['reasons']} of {spoiled}"


def encrypted_by_fob(form):
    """Lets the peer decrypt what fob encrypted."""
    algorithm, kind = RECIPIENTS[0]
    private, public = encryption_key(algorithm, CONTENT, kind)
    options = ("--encrypt-for", file_of(public), "--enc", CONTENT, "--serialization", form)
    document = encode(CLAIMS, "HS256", *options)
    same(peer.decrypt_document(document, algorithm, CONTENT, private), encode(CLAIMS).encode(), "content")
    for spoiled in tampered(document):
        try:
            peer.decrypt_document(spoiled, algorithm, CONTENT, private)
        except Refused:
            continue
        raise AssertionError(f"the peer accepted {spoiled}")


for form in FORMS:
    for subject, ask_fob, ask_peer in (
        ("signed", signed_by_peer, signed_by_fob), ("encrypted", encrypted_by_peer, encrypted_by_fob),
    ):
        if form not in peer.document_forms[subject]:
            tally.note("documents", f"{subject}, {form}", peer.name, "–")
        else:
            with tally.check(f"fob reads its documents: {subject}, {form}", ("documents", f"{subject}, {form}", peer.name, "←")):
                ask_fob(form)
        with tally.check(f"it reads fob's documents: {subject}, {form}", ("documents", f"{subject}, {form}", peer.name, "→")):
            ask_peer(form)

tally.finish()

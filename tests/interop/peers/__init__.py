"""The interface of a peer, so that all peers answer the same questions.

Owns: the shape of a peer. Must not: know what is asked (check_keys.py), or run fob.
"""

import json


class Refused(Exception):
    """The peer's refusal of a token."""


class Peer:
    """One JOSE implementation. Keys go in and out as bytes in a named form (forms.py)."""

    name = None
    # The forms of fob that the peer loads.
    reads = ()
    # The forms of the JSON serialization that the peer writes.
    document_forms = {"signed": ("flattened", "general"), "encrypted": ("flattened", "general")}

    def knows(self, algorithm):
        """Reports whether the peer supports the algorithm; the peer itself answers where possible."""
        raise NotImplementedError

    def new_key(self, algorithm):
        """Returns a key made by the peer, in the forms it writes: a forms.Key."""
        raise NotImplementedError

    def sign(self, algorithm, form, key, claims, header):
        """Returns a token over the claims. header holds the parameters besides alg."""
        raise NotImplementedError

    def verify(self, algorithm, form, key, token):
        """Returns the claims of a valid token; raises Refused for any other."""
        raise NotImplementedError

    def verify_with_set(self, jwks, algorithm, token):
        """Verifies a token with the key of a JWK Set that its kid names."""
        raise NotImplementedError

    def encrypts(self, algorithm, content, kind):
        """Reports whether the peer encrypts with these algorithms and this kind of key (forms.encryption_kinds)."""
        return False

    def encryption_key(self, kind):
        """Returns a private key or a shared key for encryption, made by the peer: the bytes of a JWK without `alg`."""
        raise NotImplementedError

    def compresses(self, content):
        """Reports whether the peer compresses the plaintext (`zip`) with this content encryption."""
        return False

    def encrypt(self, algorithm, content, jwk, plaintext, compress=False):
        """Returns an encrypted token. content is the content encryption algorithm."""
        raise NotImplementedError

    def decrypt(self, algorithm, content, jwk, token):
        """Returns the content of an encrypted token; raises Refused for a token that was changed."""
        raise NotImplementedError

    def sign_document(self, form, signers, payload):
        """Returns a document in JSON serialization, signed by each of the signers: pairs of an algorithm and a JWK with a kid.
        The kid is in the unprotected header."""
        raise NotImplementedError

    def verify_document(self, document, algorithm, jwk):
        """Returns the payload of a document if the signature of this key is valid; raises Refused for any other."""
        raise NotImplementedError

    def encrypt_document(self, form, content, recipients, plaintext, aad):
        """Returns a document in JSON serialization for the recipients: pairs of an algorithm and a JWK."""
        raise NotImplementedError

    def decrypt_document(self, document, algorithm, content, jwk):
        """Returns the content of an encrypted document; raises Refused for one that was changed."""
        raise NotImplementedError

    def write_set(self, jwks):
        """Returns the bytes of a JWK Set of these JWKs, written by the peer."""
        return json.dumps({"keys": jwks}).encode()

    def thumbprint(self, jwk):
        """Returns the JWK Thumbprint of RFC 7638 over SHA-256, or None if the peer has none."""
        return None

"""The peers: what each has to be able to do, so that all of them can be asked the same questions.

Owns: the shape of a peer. Must not: know what is asked (check_keys.py), or run fob.
"""

import json


class Refused(Exception):
    """The peer's own no to a token."""


class Peer:
    """One JOSE implementation. Keys go in and out as bytes in a named form (forms.py)."""

    name = None
    # The forms of fob's that it loads.
    reads = ()

    def knows(self, algorithm):
        """Whether it has the algorithm at all; asked of the peer itself wherever that can be done."""
        raise NotImplementedError

    def new_key(self, algorithm):
        """A key the peer made, in the forms it writes: a forms.Key."""
        raise NotImplementedError

    def sign(self, algorithm, form, key, claims, header):
        """A token over the claims; header holds what is wanted besides alg."""
        raise NotImplementedError

    def verify(self, algorithm, form, key, token):
        """The claims of a token that holds; else raises Refused."""
        raise NotImplementedError

    def verify_with_set(self, jwks, algorithm, token):
        """As `verify`, with the key of a JWK Set that the token's kid names."""
        raise NotImplementedError

    def write_set(self, jwks):
        """The bytes of a JWK Set of these JWKs, as the peer writes it."""
        return json.dumps({"keys": jwks}).encode()

    def thumbprint(self, jwk):
        """The JWK Thumbprint of RFC 7638 over SHA-256, or None if the peer makes none."""
        return None

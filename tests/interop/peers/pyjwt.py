"""PyJWT, with the keys of `cryptography` on which it stands.

Owns: how PyJWT is called. Must not: know the checks.
"""

import json
import secrets
import warnings

import jwt
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from forms import CURVES, JWK, JWKS, PKCS8_PEM, PUBLIC_JWK, SECRET_TEXT, SPKI_PEM, Key, forms_of, kind_of
from peers import Peer, Refused

MAKERS = {
    "P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1, "secp256k1": ec.SECP256K1,
}
warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)


class PyJwt(Peer):
    name = "PyJWT"
    reads = (JWK, PUBLIC_JWK, JWKS, SECRET_TEXT, PKCS8_PEM, SPKI_PEM)

    def __init__(self):
        self.algorithms = jwt.algorithms.get_default_algorithms()

    def knows(self, algorithm):
        return algorithm in self.algorithms

    def new_key(self, algorithm):
        to_jwk = self.algorithms[algorithm].to_jwk
        if algorithm.startswith("HS"):
            return Key({JWK: to_jwk(secrets.token_bytes(64)).encode(), SECRET_TEXT: secrets.token_urlsafe(64).encode()})
        if algorithm in CURVES:
            key = ec.generate_private_key(MAKERS[CURVES[algorithm]]())
        elif kind_of(algorithm) == "RSA":
            key = rsa.generate_private_key(65537, 2048)
        else:
            key = ed25519.Ed25519PrivateKey.generate()
        forms = forms_of(key)
        forms.private[JWK] = to_jwk(key).encode()
        forms.public[PUBLIC_JWK] = to_jwk(key.public_key()).encode()
        return forms

    def _key(self, algorithm, form, key):
        if form in (JWK, PUBLIC_JWK):
            return jwt.PyJWK.from_json(key.decode(), algorithm).key
        return key

    def sign(self, algorithm, form, key, claims, header):
        return jwt.encode(claims, self._key(algorithm, form, key), algorithm, headers=header)

    def verify(self, algorithm, form, key, token):
        return self._verified(token, self._key(algorithm, form, key), algorithm)

    def objection(self, algorithm, form, key, token, at, issuer, audience, require):
        """Returns the name of the error that the peer raises for a token, or None."""
        key = self._key(algorithm, form, key)
        try:
            with time_machine.travel(at, tick=False):
                jwt.decode(
                    token, key, algorithms=[algorithm], issuer=issuer, audience=audience, options={"require": require}
                )
        except Exception as error:  # not every refusal is an error of PyJWT's own
            return type(error).__name__
        return None

    def verify_with_set(self, jwks, algorithm, token):
        keys = jwt.PyJWKSet.from_dict(json.loads(jwks))
        return self._verified(token, keys[jwt.get_unverified_header(token)["kid"]].key, algorithm)

    def _verified(self, token, key, algorithm):
        try:
            return jwt.decode(token, key, algorithms=[algorithm])
        except jwt.InvalidSignatureError as error:
            raise Refused from error

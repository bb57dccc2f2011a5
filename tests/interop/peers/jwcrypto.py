"""jwcrypto.

Owns: how jwcrypto is called. Must not: know the checks.
"""

import json
import secrets

from jwcrypto.common import base64url_encode
from jwcrypto.jwe import JWE, InvalidJWEData
from jwcrypto.jwe import default_allowed_algs as encryption_algorithms
from jwcrypto.jwk import JWK as JwkKey
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS, InvalidJWSSignature, default_allowed_algs

from fob import PASSWORD
from forms import (
    CURVES, ENCRYPTED_PEM, JWK, JWKS, PKCS8_PEM, PUBLIC_JWK, SECRET_TEXT, SPKI_PEM, THUMBPRINT, Key, kind_of,
)
from peers import Peer, Refused


class Jwcrypto(Peer):
    name = "jwcrypto"
    reads = (JWK, PUBLIC_JWK, JWKS, SECRET_TEXT, PKCS8_PEM, SPKI_PEM, THUMBPRINT)

    def knows(self, algorithm):
        return algorithm in default_allowed_algs

    def new_key(self, algorithm):
        if algorithm.startswith("HS"):
            jwk = JwkKey.generate(kty="oct", size=int(algorithm[2:])).export()
            return Key({JWK: jwk.encode(), SECRET_TEXT: secrets.token_urlsafe(64).encode()})
        if algorithm in CURVES:
            key = JwkKey.generate(kty="EC", crv=CURVES[algorithm])
        elif algorithm.startswith("ML-DSA"):
            key = JwkKey.generate(kty="AKP", alg=algorithm)
        elif kind_of(algorithm) == "RSA":
            key = JwkKey.generate(kty="RSA", size=2048)
        else:
            key = JwkKey.generate(kty="OKP", crv="Ed25519")
        return Key(
            {
                JWK: key.export_private().encode(), PKCS8_PEM: key.export_to_pem(private_key=True, password=None),
                ENCRYPTED_PEM: key.export_to_pem(private_key=True, password=PASSWORD.encode()),
            },
            {PUBLIC_JWK: key.export_public().encode(), SPKI_PEM: key.export_to_pem()},
        )

    def _key(self, form, key):
        if form == SECRET_TEXT:
            return JwkKey(kty="oct", k=base64url_encode(key))
        return JwkKey.from_json(key.decode()) if form in (JWK, PUBLIC_JWK) else JwkKey.from_pem(key)

    def sign(self, algorithm, form, key, claims, header):
        jws = JWS(json.dumps(claims))
        jws.add_signature(self._key(form, key), protected=json.dumps({"alg": algorithm, **header}))
        return jws.serialize(compact=True)

    def verify(self, algorithm, form, key, token):
        return self._verified(token, self._key(form, key), algorithm)

    def verify_with_set(self, jwks, algorithm, token):
        jws = JWS()
        jws.deserialize(token)
        return self._verified(token, JWKSet.from_json(jwks.decode()).get_key(jws.jose_header["kid"]), algorithm)

    def _verified(self, token, key, algorithm):
        jws = JWS()
        jws.allowed_algs = [algorithm]
        try:
            jws.deserialize(token, key)
        except InvalidJWSSignature as error:
            raise Refused from error
        return json.loads(jws.payload)

    def encrypts(self, algorithm, content, kind):
        # It knows RSA1_5 too, but only on demand.
        return algorithm in (*encryption_algorithms, "RSA1_5") and content in encryption_algorithms

    def encryption_key(self, kind):
        if isinstance(kind, int):
            key = JwkKey.generate(kty="oct", size=kind * 8)
        elif kind == "RSA":
            key = JwkKey.generate(kty="RSA", size=2048)
        else:
            key = JwkKey.generate(kty="OKP" if kind == "X25519" else "EC", crv=kind)
        return key.export().encode()

    def compresses(self, content):
        return True

    def encrypt(self, algorithm, content, jwk, plaintext, compress=False):
        header = {"alg": algorithm, "enc": content} | ({"zip": "DEF"} if compress else {})
        token = JWE(plaintext, json.dumps(header), algs=[algorithm, content])
        token.add_recipient(JwkKey.from_json(jwk.decode()))
        return token.serialize(compact=True)

    def decrypt(self, algorithm, content, jwk, token):
        jwe = JWE(algs=[algorithm, content])
        try:
            jwe.deserialize(token, JwkKey.from_json(jwk.decode()))
        except InvalidJWEData as error:
            raise Refused from error
        return jwe.payload

    def sign_document(self, form, signers, payload):
        jws = JWS(payload)
        for algorithm, jwk in signers:
            key = JwkKey.from_json(jwk)
            jws.add_signature(key, protected=json.dumps({"alg": algorithm}), header=json.dumps({"kid": key["kid"]}))
        return jws.serialize()

    def verify_document(self, document, algorithm, jwk):
        jws = JWS()
        jws.allowed_algs = [algorithm]
        try:
            jws.deserialize(document, JwkKey.from_json(jwk.decode()))
        except InvalidJWSSignature as error:
            raise Refused from error
        return jws.payload

    def encrypt_document(self, form, content, recipients, plaintext, aad):
        algorithms = [algorithm for algorithm, _ in recipients]
        token = JWE(
            plaintext, json.dumps({"enc": content}), aad=aad, algs=[*algorithms, content], flattened=form == "flattened"
        )
        for algorithm, jwk in recipients:
            token.add_recipient(JwkKey.from_json(jwk.decode()), header=json.dumps({"alg": algorithm}))
        return token.serialize()

    def decrypt_document(self, document, algorithm, content, jwk):
        return self.decrypt(algorithm, content, jwk, document)

    def write_set(self, jwks):
        keys = JWKSet()
        for jwk in jwks:
            keys.add(JwkKey(**jwk))
        return keys.export(private_keys=False).encode()

    def thumbprint(self, jwk):
        return JwkKey(**jwk).thumbprint()

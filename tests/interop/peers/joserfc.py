"""joserfc.

Owns: how joserfc is called. Must not: know the checks.
"""

import base64
import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from joserfc import jwe, jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwe import FlattenedJSONEncryption, GeneralJSONEncryption, JWERegistry
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey, register_secp256k1
from joserfc.jws import JWSRegistry

from forms import (
    CURVES, ENCRYPTED_DER, ENCRYPTED_PEM, JWK, JWKS, PKCS8_DER, PKCS8_PEM, PUBLIC_JWK, SECRET_TEXT, SPKI_DER, SPKI_PEM,
    THUMBPRINT, Key, kind_of,
)
from fob import PASSWORD
from peers import Peer, Refused

register_secp256k1()


def base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Joserfc(Peer):
    name = "joserfc"
    reads = (JWK, PUBLIC_JWK, JWKS, SECRET_TEXT, PKCS8_PEM, SPKI_PEM, THUMBPRINT)

    def knows(self, algorithm):
        return algorithm in JWSRegistry.algorithms

    def new_key(self, algorithm):
        if algorithm.startswith("HS"):
            jwk = OctKey.generate_key(int(algorithm[2:])).as_dict(private=True)
            return Key({JWK: json.dumps(jwk).encode(), SECRET_TEXT: secrets.token_urlsafe(64).encode()})
        if algorithm in CURVES:
            key = ECKey.generate_key(CURVES[algorithm])
        elif kind_of(algorithm) == "RSA":
            key = RSAKey.generate_key(2048)
        else:
            key = OKPKey.generate_key("Ed25519")
        return Key(
            {
                JWK: json.dumps(key.as_dict(private=True)).encode(), PKCS8_PEM: key.as_pem(private=True),
                PKCS8_DER: key.as_der(private=True), ENCRYPTED_PEM: key.as_pem(private=True, password=PASSWORD),
                ENCRYPTED_DER: key.as_der(private=True, password=PASSWORD),
            },
            {
                PUBLIC_JWK: json.dumps(key.as_dict(private=False)).encode(), SPKI_PEM: key.as_pem(private=False),
                SPKI_DER: key.as_der(private=False),
            },
        )

    def _key(self, algorithm, form, key):
        kinds = {"HS": OctKey, "RS": RSAKey, "PS": RSAKey, "ES": ECKey, "Ed": OKPKey}
        return kinds[algorithm[:2]].import_key(json.loads(key) if form in (JWK, PUBLIC_JWK) else key)

    def sign(self, algorithm, form, key, claims, header):
        return jwt.encode({"alg": algorithm, **header}, claims, self._key(algorithm, form, key), [algorithm])

    def verify(self, algorithm, form, key, token):
        return self._verified(token, self._key(algorithm, form, key), algorithm)

    def verify_with_set(self, jwks, algorithm, token):
        return self._verified(token, KeySet.import_key_set(json.loads(jwks)), algorithm)

    def _verified(self, token, key, algorithm):
        try:
            return jwt.decode(token, key, [algorithm]).claims
        except BadSignatureError as error:
            raise Refused from error

    def encrypts(self, algorithm, content, kind):
        known = JWERegistry.algorithms
        return algorithm in known["alg"] and content in known["enc"]

    def encryption_key(self, kind):
        if isinstance(kind, int):
            key = OctKey.generate_key(kind * 8)
        elif kind == "RSA":
            key = RSAKey.generate_key(2048)
        else:
            key = (OKPKey if kind == "X25519" else ECKey).generate_key(kind)
        return json.dumps(key.as_dict(private=True)).encode()

    def _encryption_key(self, jwk):
        kinds = {"oct": OctKey, "RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
        jwk = json.loads(jwk)
        return kinds[jwk["kty"]].import_key(jwk)

    def compresses(self, content):
        return "DEF" in JWERegistry.algorithms["zip"]

    def encrypt(self, algorithm, content, jwk, plaintext, compress=False):
        header = {"alg": algorithm, "enc": content} | ({"zip": "DEF"} if compress else {})
        return jwe.encrypt_compact(header, plaintext, self._encryption_key(jwk), [algorithm, content, "DEF"])

    def decrypt(self, algorithm, content, jwk, token):
        try:
            return jwe.decrypt_compact(token, self._encryption_key(jwk), [algorithm, content]).plaintext
        except (JoseError, ValueError, InvalidUnwrap, InvalidTag) as error:
            raise Refused from error

    def sign_document(self, form, signers, payload):
        keys = KeySet.import_key_set({"keys": [json.loads(jwk) for _, jwk in signers]})
        members = [
            {"protected": {"alg": algorithm}, "header": {"kid": json.loads(jwk)["kid"]}} for algorithm, jwk in signers
        ]
        members = members if form == "general" else members[0]
        return json.dumps(jws.serialize_json(members, payload, keys, [algorithm for algorithm, _ in signers]))

    def verify_document(self, document, algorithm, jwk):
        document = json.loads(document)
        # It verifies every signature of a document, so the others are left out.
        if entries := document.get("signatures"):
            named = [entry for entry in entries if json.loads(base64url(entry["protected"]))["alg"] == algorithm]
            document = {**document, "signatures": named}
        try:
            return jws.deserialize_json(document, self._encryption_key(jwk), [algorithm]).payload
        except BadSignatureError as error:
            raise Refused from error

    def encrypt_document(self, form, content, recipients, plaintext, aad):
        kind = GeneralJSONEncryption if form == "general" else FlattenedJSONEncryption
        token = kind({"enc": content}, plaintext, None, aad)
        for algorithm, jwk in recipients:
            token.add_recipient({"alg": algorithm}, self._encryption_key(jwk))
        return json.dumps(jwe.encrypt_json(token, None, [content, *(algorithm for algorithm, _ in recipients)]))

    def decrypt_document(self, document, algorithm, content, jwk):
        try:
            return jwe.decrypt_json(json.loads(document), self._encryption_key(jwk), [algorithm, content]).plaintext
        except (JoseError, ValueError, InvalidUnwrap, InvalidTag) as error:
            raise Refused from error

    def write_set(self, jwks):
        return json.dumps(KeySet.import_key_set({"keys": jwks}).as_dict(private=False)).encode()

    def thumbprint(self, jwk):
        return KeySet.import_key_set({"keys": [jwk]}).keys[0].thumbprint()

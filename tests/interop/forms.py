"""The algorithms, and the forms a key is written in, by the names they have in the matrix.

Owns: these names, what a key in several forms is, and how one made by `cryptography` is written in all of them.
Must not: run anything.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization as written
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from fob import PASSWORD

ALGORITHMS = (
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K",
    "EdDSA", "Ed25519", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87",
)
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "ES256K": "secp256k1"}

# The algorithms of encrypted tokens. fob makes none with RSA1_5, and opens them only on demand.
KEY_ALGORITHMS = (
    "RSA1_5", "RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW",
    "ECDH-ES+A256KW", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW", "dir", "PBES2-HS256+A128KW",
    "PBES2-HS384+A192KW", "PBES2-HS512+A256KW",
)
CONTENT_ALGORITHMS = {
    "A128CBC-HS256": 32, "A192CBC-HS384": 48, "A256CBC-HS512": 64, "A128GCM": 16, "A192GCM": 24, "A256GCM": 32,
}
PASSWORD_BYTES = 20  # a password of PBES2, which has no fixed size

JWK, PUBLIC_JWK, JWKS, SECRET_TEXT, THUMBPRINT = "JWK", "JWK, public", "JWK Set", "secret as text", "thumbprint"
PKCS8_PEM, PKCS8_DER = "PKCS #8 PEM", "PKCS #8 DER"
ENCRYPTED_PEM, ENCRYPTED_DER = "PKCS #8 PEM, encrypted", "PKCS #8 DER, encrypted"
PKCS1_PEM, PKCS1_DER, SEC1_PEM, SEC1_DER = "PKCS #1 PEM", "PKCS #1 DER", "SEC1 PEM", "SEC1 DER"
SPKI_PEM, SPKI_DER = "SPKI PEM", "SPKI DER"
PKCS1_PUBLIC_PEM, PKCS1_PUBLIC_DER = "PKCS #1 PEM, public", "PKCS #1 DER, public"
FORMS = (
    JWK, PUBLIC_JWK, JWKS, SECRET_TEXT, PKCS8_PEM, PKCS8_DER, ENCRYPTED_PEM, ENCRYPTED_DER, PKCS1_PEM, PKCS1_DER, SEC1_PEM,
    SEC1_DER, SPKI_PEM, SPKI_DER, PKCS1_PUBLIC_PEM, PKCS1_PUBLIC_DER, THUMBPRINT,
)
# The forms that fob writes: the whole key, and its public half.
FOB_WRITES = (JWK, PKCS8_PEM), (PUBLIC_JWK, SPKI_PEM)


def kind_of(algorithm):
    """Returns the kind of key that an algorithm uses."""
    return {"HS": algorithm, "ES": algorithm, "Ed": "Ed25519", "ML": algorithm}.get(algorithm[:2], "RSA")


def encryption_kinds(algorithm, content):
    """Returns the kinds of key that an encryption algorithm works with: `RSA`, a curve, or the size of a secret in bytes."""
    if algorithm.startswith("RSA"):
        return ("RSA",)
    if algorithm.startswith("ECDH"):
        return "P-256", "P-384", "P-521", "X25519"
    if algorithm == "dir":
        return (CONTENT_ALGORITHMS[content],)
    return (PASSWORD_BYTES,) if algorithm.startswith("PBES2") else (int(algorithm[1:4]) // 8,)


def password_of(form):
    return PASSWORD if "encrypted" in form else None


@dataclass
class Key:
    """One key in several forms: form -> bytes. A shared key has private forms only."""

    private: dict
    public: dict = field(default_factory=dict)

    def to_sign(self):
        """Returns a form that signs, and the bytes."""
        return next(iter(self.private.items()))

    def to_verify(self):
        """Returns a form that verifies, and the bytes."""
        return next(iter((self.public or self.private).items()))


def forms_of(key):
    """Returns a private key of `cryptography` in every form that the package writes."""
    pem, der = written.Encoding.PEM, written.Encoding.DER
    locked = written.BestAvailableEncryption(PASSWORD.encode())

    def private(encoding, form, encryption=written.NoEncryption()):
        return key.private_bytes(encoding, form, encryption)

    def public(encoding, form):
        return key.public_key().public_bytes(encoding, form)

    pkcs8, traditional = written.PrivateFormat.PKCS8, written.PrivateFormat.TraditionalOpenSSL
    spki, pkcs1 = written.PublicFormat.SubjectPublicKeyInfo, written.PublicFormat.PKCS1
    forms = Key(
        {
            PKCS8_PEM: private(pem, pkcs8), PKCS8_DER: private(der, pkcs8), ENCRYPTED_PEM: private(pem, pkcs8, locked),
            ENCRYPTED_DER: private(der, pkcs8, locked),
        },
        {SPKI_PEM: public(pem, spki), SPKI_DER: public(der, spki)},
    )
    if isinstance(key, rsa.RSAPrivateKey):
        forms.private |= {PKCS1_PEM: private(pem, traditional), PKCS1_DER: private(der, traditional)}
        forms.public |= {PKCS1_PUBLIC_PEM: public(pem, pkcs1), PKCS1_PUBLIC_DER: public(der, pkcs1)}
    if isinstance(key, ec.EllipticCurvePrivateKey):
        forms.private |= {SEC1_PEM: private(pem, traditional), SEC1_DER: private(der, traditional)}
    return forms

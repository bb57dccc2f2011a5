"""Node's jose and jsonwebtoken, called through node_servant.mjs, which runs as long as the peer is needed.

Owns: the messages exchanged with it. Must not: know the checks.
"""

import base64
import json
import os
import subprocess
from functools import cache

from fob import PASSWORD
from forms import JWK, JWKS, PKCS8_PEM, PUBLIC_JWK, SECRET_TEXT, SPKI_PEM, THUMBPRINT, Key
from peers import Peer, Refused


class Node(Peer):
    def __init__(self):
        # INTEROP_NODE: the Node to ask, and the folder that holds the packages and the servant.
        node, home = os.environ["INTEROP_NODE"], os.environ["INTEROP_NODE_HOME"]
        self.servant = subprocess.Popen(
            [node, f"{home}/node_servant.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def _ask(self, op, **question):
        self.servant.stdin.write(json.dumps({"peer": self.name, "op": op, **question}) + "\n")
        self.servant.stdin.flush()
        answer = json.loads(self.servant.stdout.readline())
        if "refused" in answer:
            raise Refused(answer["refused"])
        assert "error" not in answer, f"{self.name}: {answer['error']}"
        return answer.get("value")

    def knows(self, algorithm):
        return self._ask("knows", algorithm=algorithm)

    def new_key(self, algorithm):
        made = self._ask("newKey", algorithm=algorithm, passphrase=PASSWORD)
        decoded = {half: {form: base64.b64decode(key) for form, key in forms.items()} for half, forms in made.items()}
        return Key(decoded["private"], decoded["public"])

    def sign(self, algorithm, form, key, claims, header):
        key = base64.b64encode(key).decode()
        return self._ask("sign", algorithm=algorithm, form=form, key=key, claims=claims, header=header)

    def verify(self, algorithm, form, key, token):
        return self._ask("verify", algorithm=algorithm, form=form, key=base64.b64encode(key).decode(), token=token)


class Jose(Node):
    name = "jose"
    reads = (JWK, PUBLIC_JWK, JWKS, SECRET_TEXT, PKCS8_PEM, SPKI_PEM, THUMBPRINT)

    def objection(self, algorithm, form, key, token, **demands):
        """Returns the peer's objection to a token, or None. The demands give the time and the expected claims."""
        key = base64.b64encode(key).decode()
        return self._ask("objection", algorithm=algorithm, form=form, key=key, token=token, **demands)

    def verify_with_set(self, jwks, algorithm, token):
        return self._ask("verifyWithSet", jwks=jwks.decode(), algorithm=algorithm, token=token)

    @cache
    def encrypts(self, algorithm, content, kind):
        return self._ask("encrypts", algorithm=algorithm, content=content)

    def encryption_key(self, kind):
        return self._ask("encryptionKey", kind=kind).encode()

    def compresses(self, content):
        return True

    def encrypt(self, algorithm, content, jwk, plaintext, compress=False):
        question = {"algorithm": algorithm, "content": content, "jwk": jwk.decode(), "compress": compress}
        return self._ask("encrypt", plaintext=plaintext.decode(), **question)

    def decrypt(self, algorithm, content, jwk, token):
        return self._ask("decrypt", algorithm=algorithm, content=content, jwk=jwk.decode(), token=token).encode()

    def sign_document(self, form, signers, payload):
        return self._ask("signDocument", form=form, signers=signers, payload=payload.decode())

    def verify_document(self, document, algorithm, jwk):
        return self._ask("verifyDocument", document=document, algorithm=algorithm, jwk=jwk.decode())

    def encrypt_document(self, form, content, recipients, plaintext, aad):
        recipients = [(algorithm, jwk.decode()) for algorithm, jwk in recipients]
        return self._ask(
            "encryptDocument", form=form, content=content, recipients=recipients, plaintext=plaintext.decode(), aad=aad.decode()
        )

    def decrypt_document(self, document, algorithm, content, jwk):
        question = {"document": document, "algorithm": algorithm, "content": content, "jwk": jwk.decode()}
        return self._ask("decryptDocument", **question).encode()

    def thumbprint(self, jwk):
        return self._ask("thumbprint", jwk=jwk)


class JsonWebToken(Node):
    name = "jsonwebtoken"
    reads = (JWK, PUBLIC_JWK, SECRET_TEXT, PKCS8_PEM, SPKI_PEM)

"""The program `openssl`, which signs and verifies bytes, not tokens.

Owns: its command lines, and the conversion between its signatures (DER) and those of RFC 7518 section 3.4 (r and s side by
side). Must not: know the checks.
"""

import json
import subprocess
from base64 import urlsafe_b64decode, urlsafe_b64encode

from fob import file_of
from forms import CURVES, PKCS8_PEM, SECRET_TEXT, SPKI_PEM, Key, kind_of
from peers import Peer, Refused

# The options of `openssl genpkey` for a kind of key, and the bytes of r and of s in an ECDSA signature.
GENERATE = {
    "RSA": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "Ed25519": ["-algorithm", "ED25519"],
    **{name: ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}"] for name, curve in CURVES.items()},
    **{name: ["-algorithm", name] for name in ("ML-DSA-44", "ML-DSA-65", "ML-DSA-87")},
}
WIDTHS = {"ES256": 32, "ES384": 48, "ES512": 66, "ES256K": 32}


def run(*arguments, stdin=b""):
    return subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True, timeout=60)


def openssl(*arguments, stdin=b""):
    """Returns standard output of a successful run."""
    done = run(*arguments, stdin=stdin)
    assert done.returncode == 0, f"openssl {' '.join(map(str, arguments))}: {done.stderr.decode()}"
    return done.stdout


def base64url(content):
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def digest(algorithm):
    return f"-sha{'256' if algorithm == 'ES256K' else algorithm[2:]}"


def side_by_side(der, width):
    """Returns r and s of a DER SEQUENCE of two INTEGERs, each in `width` bytes."""
    position = 3 if der[1] & 0x80 else 2
    halves = b""
    for _ in range(2):
        assert der[position] == 2, "an INTEGER"
        length = der[position + 1]
        number = int.from_bytes(der[position + 2 : position + 2 + length], "big")
        halves += number.to_bytes(width, "big")
        position += 2 + length
    return halves


def in_der(halves):
    """Returns the DER SEQUENCE of r and s: the reverse of `side_by_side`."""
    def integer(number):
        content = number.to_bytes(number.bit_length() // 8 + 1, "big")
        return bytes([2, len(content)]) + content

    middle = len(halves) // 2
    content = b"".join(integer(int.from_bytes(half, "big")) for half in (halves[:middle], halves[middle:]))
    return (b"\x30\x81" if len(content) > 127 else b"\x30") + bytes([len(content)]) + content


class Openssl(Peer):
    name = "OpenSSL"
    reads = (SECRET_TEXT, PKCS8_PEM, SPKI_PEM)

    def knows(self, algorithm):
        return algorithm.startswith("HS") or run("genpkey", *GENERATE[kind_of(algorithm)]).returncode == 0

    def new_key(self, algorithm):
        if algorithm.startswith("HS"):
            return Key({SECRET_TEXT: openssl("rand", "-hex", "64").strip()})
        private = openssl("genpkey", *GENERATE[kind_of(algorithm)])
        return Key({PKCS8_PEM: private}, {SPKI_PEM: openssl("pkey", "-pubout", stdin=private)})

    def signature(self, algorithm, key, content):
        """Returns the signature of a token whose signing input is `content`."""
        if algorithm.startswith("HS"):
            return openssl("dgst", digest(algorithm), "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}", "-binary", stdin=content)
        if algorithm[:2] in ("Ed", "ML"):
            return openssl("pkeyutl", "-sign", "-rawin", "-inkey", file_of(key), "-in", file_of(content))
        made = openssl("dgst", digest(algorithm), *self._padding(algorithm), "-sign", file_of(key), stdin=content)
        return side_by_side(made, WIDTHS[algorithm]) if algorithm in WIDTHS else made

    def sign(self, algorithm, form, key, claims, header):
        head = json.dumps({"alg": algorithm, **header}, separators=(",", ":")).encode()
        content = f"{base64url(head)}.{base64url(json.dumps(claims).encode())}".encode()
        return f"{content.decode()}.{base64url(self.signature(algorithm, key, content))}"

    def verify(self, algorithm, form, key, token):
        content, _, signature = token.rpartition(".")
        head, payload = (json.loads(from_base64url(part)) for part in content.split("."))
        assert head["alg"] == algorithm, f"alg is {head['alg']}"
        content, signature = content.encode(), from_base64url(signature)
        if algorithm.startswith("HS"):
            if self.signature(algorithm, key, content) != signature:
                raise Refused
            return payload
        if algorithm in WIDTHS:
            assert len(signature) == 2 * WIDTHS[algorithm], f"{len(signature)} bytes of signature"
            signature = in_der(signature)
        if algorithm[:2] in ("Ed", "ML"):
            how = ["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", file_of(key), "-in", file_of(content)]
            done = run(*how, "-sigfile", file_of(signature))
        else:
            how = ["dgst", digest(algorithm), *self._padding(algorithm), "-verify", file_of(key)]
            done = run(*how, "-signature", file_of(signature), stdin=content)
        if done.returncode:
            assert b"Verif" in done.stdout, f"openssl could not verify: {done.stderr.decode()}"
            raise Refused
        return payload

    @staticmethod
    def _padding(algorithm):
        pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
        return pss if algorithm.startswith("PS") else []

"""One key of each kind in every form that `openssl` writes. Each form is named by the command that writes it.

Owns: these commands. Must not: run fob, or judge.
"""

from functools import cached_property

from fob import PASSWORD, file_of
from peers.openssl import openssl

LOCK = ("-passout", f"pass:{PASSWORD}")
UNLOCK = ("-passin", f"pass:{PASSWORD}")
ENCRYPTED = (
    ("-v2", "aes-128-cbc"), ("-v2", "aes-192-cbc"), ("-v2", "aes-256-cbc"), ("-v2", "des3"), ("-scrypt",),
    *(("-v2", "aes-256-cbc", "-v2prf", f"hmacWithSHA{size}") for size in (1, 224, 256, 384, 512)),
)


def pss(digest):
    size = {"sha256": 32, "sha384": 48, "sha512": 64}[digest]
    return [
        "-pkeyopt", f"rsa_pss_keygen_md:{digest}", "-pkeyopt", f"rsa_pss_keygen_mgf1_md:{digest}", "-pkeyopt",
        f"rsa_pss_keygen_saltlen:{size}",
    ]


class OpensslKey:
    """A key of one kind. `private` and `public` map commands to bytes; `locked` is like `private`, encrypted with PASSWORD."""

    def __init__(self, kind, algorithm, *generate):
        self.kind, self.algorithm = kind, algorithm
        self.is_ec, self.is_rsa = algorithm.startswith("ES"), kind == "RSA"
        self.first = openssl(*generate)
        self.name = " ".join(generate[:2] if generate[0] != "genpkey" else generate[:1])
        self.file = file_of(self.first)

    @cached_property
    def pkcs8(self):
        return openssl("pkey", "-in", self.file)

    @cached_property
    def spki(self):
        return openssl("pkey", "-in", self.file, "-pubout")

    @cached_property
    def certificate(self):
        return openssl("req", "-new", "-x509", "-key", self.file, "-subj", f"/CN={self.kind}", "-days", "36500")

    @cached_property
    def chain(self):
        """Returns a certificate signed by another key, and the certificate of that key."""
        signer = file_of(openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"))
        root = openssl("req", "-new", "-x509", "-key", signer, "-subj", "/CN=root", "-days", "36500")
        asked = file_of(openssl("req", "-new", "-key", self.file, "-subj", f"/CN={self.kind}"))
        signing = ("x509", "-req", "-in", asked, "-CA", file_of(root), "-CAkey", signer, "-set_serial", "7", "-days", "36500")
        return openssl(*signing) + root

    def private(self):
        written = {
            f"{self.name}": self.first,
            "pkey": self.pkcs8,
            "pkey -outform DER": openssl("pkey", "-in", self.file, "-outform", "DER"),
            "pkey -text": openssl("pkey", "-in", self.file, "-text"),
            "pkcs8 -topk8 -nocrypt": openssl("pkcs8", "-topk8", "-nocrypt", "-in", self.file),
            "pkcs8 -topk8 -nocrypt -outform DER": openssl("pkcs8", "-topk8", "-nocrypt", "-in", self.file, "-outform", "DER"),
        }
        if self.is_rsa:
            for options in ("-traditional", "-traditional -outform DER"):
                written[f"rsa {options}"] = openssl("rsa", "-in", self.file, *options.split())
        if self.is_ec:
            for options in ("", "-outform DER", "-conv_form compressed", "-conv_form compressed -outform DER", "-no_public"):
                written[f"ec {options}".strip()] = openssl("ec", "-in", self.file, *options.split())
            compressed = file_of(written["ec -conv_form compressed"])
            again = openssl("pkcs8", "-topk8", "-nocrypt", "-in", compressed)
            written["ec -conv_form compressed | pkcs8 -topk8 -nocrypt"] = again
        return written | self.dressed() | self.bundles()

    def locked(self):
        written = {
            "pkey -aes-256-cbc": openssl("pkey", "-in", self.file, "-aes-256-cbc", *LOCK),
            "pkcs12 -export | pkcs12": openssl("pkcs12", "-in", self.pkcs12, *UNLOCK, *LOCK),
            "pkcs8 -topk8 -outform DER": openssl("pkcs8", "-topk8", "-in", self.file, "-outform", "DER", *LOCK),
        }
        for options in ENCRYPTED:
            written[f"pkcs8 -topk8 {' '.join(options)}"] = openssl("pkcs8", "-topk8", "-in", self.file, *options, *LOCK)
        return written

    def public(self):
        written = {
            "pkey -pubout": self.spki,
            "pkey -pubout -outform DER": openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER"),
            "pkey -pubout -text": openssl("pkey", "-in", self.file, "-pubout", "-text"),
            "req -x509": self.certificate,
            "req -x509 | x509 -outform DER": openssl("x509", "-outform", "DER", stdin=self.certificate),
            "req -x509 | x509 -text": openssl("x509", "-text", stdin=self.certificate),
            "req -x509 | x509 -trustout": openssl("x509", "-trustout", stdin=self.certificate),
            "a certificate and its signer's": self.chain,
        }
        if self.is_rsa:
            for options in ("", "-outform DER"):
                pkcs1 = ("rsa", "-in", self.file, "-RSAPublicKey_out", *options.split())
                written[f"rsa -RSAPublicKey_out {options}".strip()] = openssl(*pkcs1)
        if self.is_ec:
            for options in ("", "-outform DER"):
                compressed = ("ec", "-in", self.file, "-pubout", "-conv_form", "compressed", *options.split())
                written[f"ec -pubout -conv_form compressed {options}".strip()] = openssl(*compressed)
        return written

    @cached_property
    def pkcs12(self):
        file = file_of(self.certificate)
        return file_of(openssl("pkcs12", "-export", "-inkey", self.file, "-in", file, "-name", "interop", *LOCK))

    def dressed(self):
        """Returns the PEM in the forms that mails, editors and copies give it."""
        lines = self.pkcs8.splitlines()
        return {
            "pkey, text before and after": b"Subject: key\n\n-- see below --\n" + self.pkcs8 + b"\nRegards\n",
            "pkey, CRLF": self.pkcs8.replace(b"\n", b"\r\n"),
            "pkey, byte order mark": b"\xef\xbb\xbf" + self.pkcs8,
            "pkey, no line break at the end": self.pkcs8.rstrip(b"\n"),
            "pkey, Base64 in one line": b"\n".join([lines[0], b"".join(lines[1:-1]), lines[-1]]) + b"\n",
            "pkey, blank lines around": b"\n\n" + self.pkcs8 + b"\n\n",
        }

    def bundles(self):
        return {
            "pkcs12 -export | pkcs12 -nodes": openssl("pkcs12", "-in", self.pkcs12, "-nodes", *UNLOCK),
            "a key and its certificates": self.pkcs8 + self.chain,
            "the certificates of a key and the key": self.chain + self.pkcs8,
        }


def all_kinds():
    """Returns a key of every kind, made with the usual commands."""
    rsa_pss = ("genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048")
    return [
        OpensslKey("RSA", "RS256", "genrsa", "-traditional", "2048"),
        OpensslKey("RSA-PSS", "PS256", *rsa_pss),
        OpensslKey("RSA-PSS, SHA-384", "PS384", *rsa_pss, *pss("sha384")),
        OpensslKey("P-256", "ES256", "ecparam", "-genkey", "-name", "prime256v1"),
        OpensslKey("P-384", "ES384", "ecparam", "-genkey", "-name", "secp384r1"),
        OpensslKey("P-521", "ES512", "ecparam", "-genkey", "-name", "secp521r1"),
        OpensslKey("secp256k1", "ES256K", "ecparam", "-genkey", "-name", "secp256k1"),
        OpensslKey("Ed25519", "EdDSA", "genpkey", "-algorithm", "ED25519"),
    ]


def not_opened(rsa, ec):
    """Returns forms that fob does not open: name -> (bytes, the command that converts it, the word in fob's error)."""
    topk8 = "openssl pkcs8 -topk8"
    old = ("-aes256", "-traditional", *LOCK)

    def pkcs8(*options):
        return openssl("pkcs8", "-topk8", "-in", ec.file, *options, *LOCK)

    return {
        "`rsa -aes256 -traditional`": (openssl("rsa", "-in", rsa.file, *old), topk8, "encrypted"),
        "`ec -aes256`": (openssl("ec", "-in", ec.file, "-aes256", *LOCK), topk8, "encrypted"),
        "`pkcs8 -v1 PBE-SHA1-3DES`": (pkcs8("-v1", "PBE-SHA1-3DES"), topk8, "encrypted"),
        "`pkcs8 -v1 PBE-SHA1-3DES -outform DER`": (pkcs8("-v1", "PBE-SHA1-3DES", "-outform", "DER"), topk8, "encrypted"),
        "`pkcs8 -v2 camellia-256-cbc`": (pkcs8("-v2", "camellia-256-cbc"), topk8, "encrypted"),
        "`pkcs8 -v2prf hmacWithMD5`": (pkcs8("-v2", "aes-256-cbc", "-v2prf", "hmacWithMD5"), topk8, "encrypted"),
        "`pkcs12 -export`": (rsa.pkcs12.read_bytes(), "openssl pkcs12", "PKCS #12"),
        "`ec -param_enc explicit`": (openssl("ec", "-in", ec.file, "-param_enc", "explicit"), "openssl ec", "explicit curve parameters"),
        "`ec -pubout -conv_form hybrid`": (openssl("ec", "-in", ec.file, "-pubout", "-conv_form", "hybrid"), None, "point"),
        "`ecparam`": (openssl("ecparam", "-name", "prime256v1"), None, "EC PARAMETERS"),
        "`req -new`": (openssl("req", "-new", "-key", rsa.file, "-subj", "/CN=x"), None, "CERTIFICATE REQUEST"),
        "`genrsa 1024`": (openssl("genrsa", "1024"), None, "rsa_too_small"),
        "`genpkey -algorithm ED448`": (openssl("genpkey", "-algorithm", "ED448"), None, "Ed448"),
        "`genpkey -algorithm X25519`": (openssl("genpkey", "-algorithm", "X25519"), None, "X25519"),
        "`rsa -outform MSBLOB`": (openssl("rsa", "-in", rsa.file, "-outform", "MSBLOB"), None, "not PEM, DER, a JWK or a JWK Set"),
    }

"""Makes tokens from a seed: sound ones, and ones with one to three mutations, signed or encrypted after most of them.

Owns: what a token may look like, and the name of each mutation. Must not: know any verifier, or what it should say.
"""

import base64
import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

NOW = 1_800_000_000
ISSUER, AUDIENCE = "https://issuer.example", "api"
SECRET = b"differential-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF"
OTHER_SECRET = SECRET[::-1]
SHARED = bytes(range(32))
FORMS = Path(__file__).resolve().parent.parent.parent / "vectors" / "forms"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# The kinds of keys, how often each is drawn, and the algorithms of its sound tokens.
KINDS = {
    "secret": (52, ("HS256", "HS256", "HS384", "HS512")),
    "rsa": (12, ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")),
    "p256": (14, ("ES256",)),
    "ed25519": (10, ("EdDSA",)),
    "shared": (12, ("dir", "A256KW", "RSA-OAEP-256")),
}
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
PRIVATE = {
    name: serialization.load_pem_private_key((FORMS / f"{name}.pk8.pem").read_bytes(), None)
    for name in ("rsa", "p256", "ed25519")
}


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Draft:
    """A token on its way: its header and payload as text, its segments, and the names of its mutations."""

    kind: str
    algorithm: str
    demands: bool  # whether the verifiers expect the issuer and the audience
    header: dict
    claims: dict
    random: random.Random
    names: list = field(default_factory=list)
    header_text: bytes = b""
    payload_text: bytes = b""
    segments: list = field(default_factory=list)
    signs_with: str = ""  # the algorithm of the signature, if it is not that of the header
    secret: bytes = SECRET
    sound: str = ""  # the token as the key made it


# Mutations of the header, as values of its parameters. `...` removes the parameter.
PARAMETERS = {
    "alg": ["none", "None", "NONE", "nOnE", "hs256", "Hs256", "HS 256", "XX256", "", 256, None, True, [], ["HS256"], ...],
    "typ": ["jwt", "JWS", "at+jwt", "application/jwt", "JOSE", "x", "", 5, None, True, [], ["JWT"], {}, ...],
    "cty": ["JWT", "jwt", "json", "", 5, None, [], {"a": 1}],
    "kid": ["a", "", "../../../dev/null", "' OR 1=1 --", "|id", "\u202eid", 5, None, True, [], {}, "x" * 300],
    "crit": [[], ["exp"], ["b64"], ["x"], ["alg"], ["x", "x"], [5], "b64", {}, None, True],
    "b64": [True, False, "true", None, 0],
    "jwk": [{"kty": "oct", "k": "AAAA"}, {}, "x", 5, None, []],
    "jku": ["https://a.example/jwks", "", 5, None, []],
    "x5u": ["https://a.example/x5u", "", 5, None, []],
    "x5c": [["MIIB"], [], [5], "MIIB", None, {}],
    "x5t": ["AAAA", "", 5, None, []],
    "x5t#S256": ["AAAA", 5, None],
    "zip": ["DEF", "GZ", 5],
    "enc": ["A256GCM", 5],
    "x": [1, "x", None, [], {"x": {}}],
}
# Mutations of claims.
TIMES = [
    NOW - 1, NOW, NOW + 1, NOW + 0.5, NOW - 0.5, NOW + 60.0, 0, -1, -0.0, 1e308, 10**30, -(10**30), 253402300799,
    253402300800, NOW * 1000, str(NOW + 60), "tomorrow", "", None, True, False, [], {}, [NOW + 60], ...,
]
PARTIES = {
    "iss": [ISSUER + "/", ISSUER.upper(), ISSUER[:-1], "", 5, None, [], [ISSUER], {}, ...],
    "aud": [AUDIENCE, AUDIENCE.upper(), "ap", "", [AUDIENCE], ["x", AUDIENCE], ["x"], [], [AUDIENCE, 5], [5], [[AUDIENCE]], 5, None, {}, ...],
    "sub": ["", 5, None, [], {}, "ü", "a\u0000b", ...],
    "jti": ["", 5, None, [], {}, ...],
    "name": ["Zoë", "\u202eevil", "\x1b[31m", "🦀", "\ud800", "\udc00\ud800", "a" * 3000, 12345678901234567890, 1e400, [[[[]]]]],
}
# Forms of a JSON text, made from its sound text.
TEXTS = {
    "blank-around": lambda text, _: b" \t" + text + b"\r\n",
    "blank-inside": lambda text, _: text.replace(b":", b" :\n ", 1),
    "trailing-text": lambda text, _: text + b"x",
    "trailing-null": lambda text, _: text + b"\x00",
    "second-object": lambda text, _: text + b"{}",
    "trailing-comma": lambda text, _: text[:-1] + b",}",
    "single-quotes": lambda text, _: text.replace(b'"', b"'"),
    "comment": lambda text, _: b"/*c*/" + text,
    "bom": lambda text, _: b"\xef\xbb\xbf" + text,
    "utf-16": lambda text, _: text.decode("utf-8", "replace").encode("utf-16"),
    "invalid-utf-8": lambda text, _: text[:-1] + b',"u":"\xff\xc0\x80"}',
    "overlong-utf-8": lambda text, _: text[:-1] + b',"u":"\xc0\xaf"}',
    "surrogate-utf-8": lambda text, _: text[:-1] + b',"u":"\xed\xa0\x80"}',
    "lone-surrogate": lambda text, _: text[:-1] + b',"u":"\\ud800"}',
    "escaped-name": lambda text, _: text[:-1] + b',"\\u0061lg":"HS256","e\\u0078p":9999999999}',
    "raw-control": lambda text, _: text[:-1] + b',"u":"a\nb"}',
    "bad-escape": lambda text, _: text[:-1] + b',"u":"\\x41"}',
    "cut": lambda text, draw: text[: draw.randrange(len(text) + 1)],
    "empty": lambda *_: b"",
    "array": lambda text, _: b"[" + text + b"]",
    "text": lambda *_: b'"x"',
    "number": lambda *_: b"5",
    "null": lambda *_: b"null",
    "empty-object": lambda *_: b"{}",
    "nan": lambda text, _: text[:-1] + b',"u":NaN}',
    "infinity": lambda text, _: text[:-1] + b',"u":-Infinity}',
    "leading-zero": lambda text, _: text[:-1] + b',"u":01}',
    "plus": lambda text, _: text[:-1] + b',"u":+1}',
    "hexadecimal": lambda text, _: text[:-1] + b',"u":0x1}',
    "point": lambda text, _: text[:-1] + b',"u":1.}',
    "huge-exponent": lambda text, _: text[:-1] + b',"u":1e99999}',
    "many-digits": lambda text, _: text[:-1] + b',"u":' + b"7" * 5000 + b"}",
    "deep": lambda text, draw: text[:-1] + b',"u":' + b"[" * (n := draw.choice([100, 150, 3000])) + b"]" * n + b"}",
    "duplicate-other": lambda text, _: text[:-1] + b',"u":1,"u":1}',
    "duplicate-inside": lambda text, _: text[:-1] + b',"u":{"a":1,"a":2}}',
    "duplicate-alg": lambda text, _: text[:-1] + b',"alg":"HS256"}',
    "duplicate-exp": lambda text, _: text[:-1] + b',"exp":9999999999,"exp":9999999999}',
    "proto": lambda text, _: text[:-1] + b',"__proto__":{"exp":1}}',
    "exp-form": lambda text, draw: text[:-1] + b',"exp":' + draw.choice([b"1.80000006e9", b"18000000600e-1", b"1800000060.0000000001", b"1799999999.9999999999", b"1800000000.0000000001", b"-0", b"1E10", b"1e-400"]) + b"}",
}
CHARACTERS = "*$%+/=. \t-_~\u00e9\u200b"


def spell(segment, draw):
    """Returns another spelling of a segment, and its name."""
    how = draw.choice(["padding", "too-much-padding", "one-character", "bits", "standard", "character", "blank", "doubled", "empty", "percent"])
    if how == "padding":
        return segment + "=" * (-len(segment) % 4 or 4), how
    if how == "too-much-padding":
        return segment + "=" * draw.choice([1, 3, 4, 5]), how
    if how == "one-character":
        return segment + draw.choice("A_"), how
    if how == "bits" and len(segment) % 4 in (2, 3):
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        free = 15 if len(segment) % 4 == 2 else 3
        last = alphabet[alphabet.index(segment[-1]) | draw.randint(1, free)] if segment[-1] in alphabet else "B"
        return segment[:-1] + last, how
    if how == "standard":
        return segment.replace("-", "+").replace("_", "/"), how
    if how in ("character", "blank"):
        at = draw.randint(0, len(segment))
        return segment[:at] + (draw.choice(" \t") if how == "blank" else draw.choice(CHARACTERS)) + segment[at:], how
    if how == "doubled":
        return segment * 2, how
    if how == "percent":
        return segment.replace("e", "%65", 1), how
    return "", "empty"


def sign(draft, signing_input):
    """Returns the signature by the key of the draft, over any text."""
    algorithm = draft.signs_with or draft.algorithm
    key, chosen = PRIVATE.get(draft.kind), HASHES.get(algorithm[-3:], hashes.SHA256())
    data = signing_input.encode("utf-8", "surrogatepass")
    if draft.kind == "secret":
        mac = hmac.HMAC(draft.secret, chosen)
        mac.update(data)
        return mac.finalize()
    if draft.kind == "rsa":
        scheme = padding.PSS(padding.MGF1(chosen), chosen.digest_size) if algorithm.startswith("PS") else padding.PKCS1v15()
        return key.sign(data, scheme, chosen)
    if draft.kind == "p256":
        r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(chosen)))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return key.sign(data)


def change_signature(draft, signature):
    """Returns a changed signature, and notes how."""
    draw = draft.random
    hows = ["flipped", "cut", "extended", "empty", "zero", "other-input"]
    if draft.kind == "p256":
        hows += ["der", "other-s", "zero-r", "beyond-order"]
    how = draw.choice(hows)
    draft.names.append(f"signature:{how}")
    if how == "flipped":
        at = draw.randrange(len(signature))
        return signature[:at] + bytes([signature[at] ^ 1 << draw.randrange(8)]) + signature[at + 1:]
    if how == "cut":
        return signature[: draw.randrange(len(signature))]
    if how == "extended":
        return signature + b"\x00"
    if how == "empty":
        return b""
    if how == "zero":
        return bytes(len(signature))
    if how == "other-input":
        return sign(draft, "eyJhbGciOiJIUzI1NiJ9.e30")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if how == "der":
        return utils.encode_dss_signature(r, s)
    if how == "other-s":
        return signature[:32] + (P256_ORDER - s).to_bytes(32, "big")
    if how == "zero-r":
        return bytes(32) + signature[32:]
    return signature[:32] + (s + P256_ORDER if s + P256_ORDER < 1 << 256 else P256_ORDER).to_bytes(32, "big")


def change_parts(draft):
    """Adds, removes or joins segments."""
    draw, parts = draft.random, draft.segments
    how = draw.choice(["two", "one", "four", "trailing-dot", "leading-dot", "swapped", "quoted", "scheme", "trailing-blank", "comma"])
    draft.names.append(f"parts:{how}")
    token = ".".join(parts)
    return {
        "two": ".".join(parts[:2]), "one": parts[0], "four": token + ".AAAA", "trailing-dot": token + ".",
        "leading-dot": "." + token, "swapped": ".".join([parts[1], parts[0], *parts[2:]]), "quoted": f'"{token}"',
        "scheme": f"Bearer {token}", "trailing-blank": token + " ", "comma": token + ",",
    }[how]


def before(draft):
    """Makes one mutation of what is signed or encrypted."""
    draw = draft.random
    where = draw.choice(["header", "header", "time", "time", "time", "party", "party", "text", "text", "algorithm"])
    if where == "header":
        name = draw.choice(list(PARAMETERS))
        value = draw.choice(PARAMETERS[name])
        draft.names.append(f"header:{name}")
        draft.header.pop(name, None) if value is ... else draft.header.update({name: value})
    elif where == "time":
        name = draw.choice(["exp", "exp", "nbf", "iat"])
        value = draw.choice(TIMES)
        draft.names.append(f"time:{name}")
        draft.claims.pop(name, None) if value is ... else draft.claims.update({name: value})
    elif where == "party":
        name = draw.choice(list(PARTIES))
        value = draw.choice(PARTIES[name])
        draft.names.append(f"claim:{name}")
        draft.claims.pop(name, None) if value is ... else draft.claims.update({name: value})
    elif where == "text":
        draft.names.append(f"{draw.choice(['header', 'payload'])}-text:{draw.choice(list(TEXTS))}")
    elif draft.kind == "shared":
        draft.names.append("algorithm:other")
        draft.header["alg"] = draw.choice(["A128KW", "A256GCMKW", "RSA1_5", "ECDH-ES", "PBES2-HS256+A128KW", "HS256"])
    else:
        other = draw.choice(["HS256", "HS512", "RS256", "PS256", "RS384", "PS512", "ES256", "ES384", "ES256K", "EdDSA", "Ed25519"])
        draft.names.append("algorithm:other")
        draft.header["alg"] = other
        draft.signs_with = other if draw.random() < 0.7 else draft.algorithm
        if draft.kind == "secret" and draw.random() < 0.2:
            draft.secret = OTHER_SECRET


def texts(draft):
    """Writes header and payload, and changes their texts as noted."""
    def text(members):
        return json.dumps(members, separators=(",", ":"), ensure_ascii=draft.random.random() < 0.5).encode("utf-8", "surrogatepass")

    if "payload-text:exp-form" in draft.names:
        # The form is judged, not a repeated name.
        draft.claims.pop("exp", None)
    draft.header_text, draft.payload_text = text(draft.header), text(draft.claims)
    for name in draft.names:
        place, _, how = name.partition("-text:")
        if how and place == "header":
            draft.header_text = TEXTS[how](draft.header_text, draft.random)
        elif how:
            draft.payload_text = TEXTS[how](draft.payload_text, draft.random)


def encrypted(draft):
    """Encrypts the payload with the shared key, and returns five segments."""
    draw = draft.random
    content_key, wrapped = SHARED, b""
    if draft.algorithm != "dir":
        content_key = draw.randbytes(32)
        wrapped = aes_key_wrap(SHARED, content_key) if draft.algorithm == "A256KW" else PRIVATE["rsa"].public_key().encrypt(
            content_key, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
        )
    vector, header = draw.randbytes(12), encoded(draft.header_text)
    sealed = AESGCM(content_key).encrypt(vector, draft.payload_text, header.encode())
    parts = [wrapped, vector, sealed[:-16], sealed[-16:]]
    draft.sound = ".".join([header, *(encoded(part) for part in parts)])
    if "signature" in draft.names:
        at = draw.randrange(4)
        how = draw.choice(["flipped", "cut", "extended", "empty"])
        old = parts[at]
        place = draw.randrange(len(old)) if old else 0
        parts[at] = {
            "flipped": old[:place] + bytes([old[place] ^ 1]) + old[place + 1:] if old else b"x",
            "cut": old[:-1], "extended": old + b"\x00", "empty": b"",
        }[how]
        draft.names.remove("signature")
        if parts[at] != old:
            draft.names.append(f"sealed-{at}:{how}")
    return [header, *(encoded(part) for part in parts)]


@dataclass(frozen=True)
class Token:
    """A finished token: its text, the kind of its key, whether issuer and audience are demanded, its mutations, and the token that
    the key made."""

    text: str
    kind: str
    demands: bool
    names: tuple
    sound: str

    @property
    def is_forged(self):
        """Reports whether the signature, or a part of the ciphertext, is not what the key made. The other `s` of an ECDSA
        signature is one, too. A second mutation may restore the token, or cut off with a blank what the first one added."""
        is_changed = any(name.startswith(("signature:", "sealed-")) and name != "signature:other-s" for name in self.names)
        return is_changed and not re.search(rf"(?<![A-Za-z0-9_.-]){re.escape(self.sound)}(?![A-Za-z0-9_.-])", self.text)


def token(seed):
    """Makes the token of a number. The same number gives the same mutations."""
    draw = random.Random(seed)
    kind = draw.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
    algorithm = draw.choice(KINDS[kind][1])
    header = {"alg": algorithm, "typ": "JWT"}
    if kind == "shared":
        header["enc"] = "A256GCM"
        if algorithm == "RSA-OAEP-256":
            kind = "sealed"
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "exp": NOW + 60, "nbf": NOW - 60, "iat": NOW - 60}
    draft = Draft(kind, algorithm, draw.random() < 0.5, header, claims, draw)
    mutations = draw.choices([0, 1, 2, 3], [10, 60, 20, 10])[0]
    later = []
    for _ in range(mutations):
        stage = draw.choices(["before", "spelling", "signature", "parts"], [70, 12, 12, 6])[0]
        before(draft) if stage == "before" else later.append(stage)
    texts(draft)
    if kind in ("shared", "sealed"):
        if "signature" in later:
            draft.names.append("signature")
        draft.segments = encrypted(draft)
    else:
        draft.segments = [encoded(draft.header_text), encoded(draft.payload_text)]
    spelled = [stage for stage in later if stage == "spelling"]
    for _ in spelled:
        at = draw.randrange(3 if kind not in ("shared", "sealed") else 5)
        if at < len(draft.segments):
            draft.segments[at], how = spell(draft.segments[at], draw)
            draft.names.append(f"spelling-{at}:{how}")
        else:
            draft.names.append("spelling-2:late")
    if kind not in ("shared", "sealed"):
        signature = sign(draft, ".".join(draft.segments))
        draft.sound = ".".join([*draft.segments, encoded(signature)])
        if "signature" in later:
            signature = change_signature(draft, signature)
        draft.segments.append(encoded(signature))
        if "spelling-2:late" in draft.names:
            draft.segments[2], how = spell(draft.segments[2], draw)
            draft.names[draft.names.index("spelling-2:late")] = f"spelling-2:{how}"
    text = change_parts(draft) if "parts" in later else ".".join(draft.segments)
    text = text.replace("\n", " ").replace("\r", " ") or "."
    return Token(text, kind, draft.demands, tuple(sorted(set(draft.names))), draft.sound)

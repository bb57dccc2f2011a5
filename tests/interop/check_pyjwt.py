"""Compares fob and PyJWT in both directions, and their verdicts on the same tokens at the same instant.

Owns: what is compared with PyJWT. Must not: know of Django.
"""

import base64
import json
import tempfile
import warnings
from datetime import datetime, timedelta, timezone

import jwt
import time_machine

from fob import (
    ALGORITHMS, NO_TOKEN, NOTHING_JUDGED, ONLY_TIME, OTHER_SECRET, REJECTED, SECRET, accepts, encode, fob, pair, verify,
)
from tally import Tally, same

NOW = 1_800_000_000
tally = Tally("PyJWT")
warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)

CLAIMS = {
    "iss": "https://issuer.example", "sub": "user-7", "aud": ["api", "admin"], "exp": NOW + 60, "nbf": NOW, "iat": NOW,
    "jti": "0123", "roles": ["a", "b"], "nested": {"n": [1, 2.5, None, True, {}]}, "big": 12345678901234567890123,
}
FOREIGN = {
    "name": "Zoë Ærøskøbing", "city": "서울 東京", "emoji": "🦀", "quote": "\"\\/\b\f\n\r\t",
    "controls": "\x00\x1b\x7f\x85", "separators": "\u2028\u2029\ufeff", "bidi": "\u202e", "": "", "ключ": {"é": ["ß"]},
}


def decode(token, key=SECRET, algorithms=ALGORITHMS, at=NOW, **options):
    with time_machine.travel(at, tick=False):
        return jwt.decode(token, key, algorithms=list(algorithms), **options)


for algorithm in ALGORITHMS:
    with tally.check(f"{algorithm}: PyJWT accepts what fob encodes"):
        same(decode(encode(CLAIMS, algorithm), algorithms=[algorithm], audience="api"), CLAIMS, "payload")

    with tally.check(f"{algorithm}: fob accepts what PyJWT encodes"):
        same(accepts(jwt.encode(CLAIMS, SECRET, algorithm), algorithm, "--aud", "api", at=NOW), CLAIMS, "payload")

    with tally.check(f"{algorithm}: both write the same token"):
        same(encode(CLAIMS, algorithm), jwt.encode(CLAIMS, SECRET, algorithm), "token")

    with tally.check(f"{algorithm}: both say no to the other secret"):
        token = encode(CLAIMS, algorithm, secret=OTHER_SECRET)
        answer = verify(token, algorithm, "--aud", "api", at=NOW)
        same((answer.status, answer.json()["reasons"]), (REJECTED, ["bad_signature"]), "fob's verdict")
        try:
            decode(token, audience="api")
        except jwt.InvalidSignatureError:
            pass
        else:
            raise AssertionError("PyJWT accepted it")

    with tally.check(f"{algorithm}: text outside ASCII survives both ways"):
        same(decode(encode(FOREIGN, algorithm)), FOREIGN, "payload of fob's token")
        same(accepts(jwt.encode(FOREIGN, SECRET, algorithm), algorithm, at=NOW), FOREIGN, "payload of PyJWT's token")

    with tally.check(f"{algorithm}: header parameters survive both ways"):
        token = encode({"sub": "x"}, algorithm, "--kid", "key-1", "--header", "x-trace=é")
        same(jwt.get_unverified_header(token), {"alg": algorithm, "typ": "JWT", "kid": "key-1", "x-trace": "é"}, "header")
        theirs = jwt.encode({"sub": "x"}, SECRET, algorithm, headers={"kid": "key-1", "x-trace": "é"})
        header = verify(theirs, algorithm).json()["header"]
        same(header, {"alg": algorithm, "typ": "JWT", "kid": "key-1", "x-trace": "é"}, "header")

    with tally.check(f"{algorithm}: fob pair --profile simplejwt writes as PyJWT writes"):
        extra = [f"-c{name}:={json.dumps(value, ensure_ascii=False)}" for name, value in FOREIGN.items() if name]
        minted = pair("--profile", "simplejwt", "--user-id", "7", "--alg", algorithm, *extra, at=NOW)
        for kind, token in minted.items():
            claims = jwt.decode(token, options={"verify_signature": False})
            same({name: claims[name] for name in FOREIGN if name}, {k: v for k, v in FOREIGN.items() if k}, "claims")
            same(token, jwt.encode(claims, SECRET, algorithm), f"{kind} token")

BINARY = bytes(range(256))[::-1]
for spelling, text in {
    "base64": base64.b64encode(BINARY).decode(), "base64url": base64.urlsafe_b64encode(BINARY).decode().rstrip("="),
    "hex": BINARY.hex(),
}.items():
    with tally.check(f"a binary secret given as {spelling}"):
        same(decode(encode(CLAIMS, "HS512", "--secret-format", spelling, secret=text), BINARY, audience="api"), CLAIMS)
        accepts(jwt.encode({}, BINARY, "HS512"), "HS512", "--secret-format", spelling, secret=text)

with tally.check("a binary secret in a raw file"), tempfile.NamedTemporaryFile() as file:
    file.write(BINARY + b"\r\n")
    file.flush()
    accepts(jwt.encode({}, BINARY + b"\r\n", "HS384"), "HS384", "--secret-file", file.name, "--secret-format", "raw", secret=None)

with tally.check("a text secret outside ASCII is its UTF-8 bytes"):
    accepts(jwt.encode({}, "пароль-" * 9, "HS256"), secret="пароль-" * 9)
    decode(encode({}, secret="пароль-" * 9), "пароль-" * 9)

with tally.check("a secret in a text file loses its line break, as PyJWT users strip it"), tempfile.NamedTemporaryFile() as file:
    file.write(SECRET.encode() + b"\n")
    file.flush()
    accepts(jwt.encode({}, SECRET), "HS256", "--secret-file", file.name, secret=None)

for name, secret in {
    "spaces around it": f"  {SECRET} ", "a line break at its end": f"{SECRET}\n", "every printable sign": "".join(map(chr, range(32, 127))),
    "a dash first": f"-{SECRET}", "an @ first": f"@{SECRET}", "a data URL's look": f"base64:{SECRET}",
}.items():
    with tally.check(f"a secret from the environment is taken as it is: {name}"):
        decode(encode({}, secret=secret), secret)
        accepts(jwt.encode({}, secret), secret=secret)

with tally.check("times in words come out as the seconds PyJWT makes of dates"):
    begun = datetime(2027, 1, 15, 8, tzinfo=timezone.utc)
    same(int(begun.timestamp()), NOW, "the instant")
    theirs = jwt.encode({"sub": "u", "exp": begun + timedelta(minutes=15), "nbf": begun - timedelta(days=3), "iat": begun}, SECRET)
    for at in ("2027-01-15T08:00:00Z", "2027-01-15T17:00:00+09:00", "1800000000"):
        options = ["--sub", "u", "--exp", "15m", "--nbf", "-3d", "--at", at]
        same(fob("encode", "--alg", "HS256", *options).text(), theirs, f"token with --at {at}")

with tally.check("fob decode shows what PyJWT reads without a key"):
    token = jwt.encode({**CLAIMS, **FOREIGN}, SECRET, headers={"kid": "ключ-1"})
    shown = fob("decode", token, "--json", secret=None).json()
    same(shown["header"], jwt.get_unverified_header(token), "header")
    same(shown["payload"], decode(token, options={"verify_signature": False}), "payload")


# Verdicts of both on one token at one instant: claims, fob's options, PyJWT's options, fob's reason, PyJWT's exception.
ON_CLAIMS = {
    "no claims at all": ({}, [], {}, None, None),
    "exp one second ahead": ({"exp": NOW + 1}, [], {}, None, None),
    "exp is now": ({"exp": NOW}, [], {}, "expired", jwt.ExpiredSignatureError),
    "exp a day ago": ({"exp": NOW - 86400}, [], {}, "expired", jwt.ExpiredSignatureError),
    "exp is 0": ({"exp": 0}, [], {}, "expired", jwt.ExpiredSignatureError),
    "exp with a fraction, ahead": ({"exp": NOW + 1.5}, [], {}, None, None),
    "exp inside the leeway": ({"exp": NOW - 10}, ["--leeway", "11s"], {"leeway": 11}, None, None),
    "exp at the end of the leeway": ({"exp": NOW - 10}, ["--leeway", "10s"], {"leeway": 10}, "expired", jwt.ExpiredSignatureError),
    "exp ignored": ({"exp": 0}, ["--ignore-exp"], {"options": {"verify_exp": False}}, None, None),
    "exp is text": ({"exp": "soon"}, [], {}, "claim_type:exp", jwt.DecodeError),
    "nbf is now": ({"nbf": NOW}, [], {}, None, None),
    "nbf one second ahead": ({"nbf": NOW + 1}, [], {}, "not_yet_valid", jwt.ImmatureSignatureError),
    "nbf inside the leeway": ({"nbf": NOW + 10}, ["--leeway", "10s"], {"leeway": 10}, None, None),
    "nbf past the leeway": ({"nbf": NOW + 10}, ["--leeway", "9s"], {"leeway": 9}, "not_yet_valid", jwt.ImmatureSignatureError),
    "nbf is text": ({"nbf": "later"}, [], {}, "claim_type:nbf", jwt.DecodeError),
    "iat is now": ({"iat": NOW}, [], {}, None, None),
    "iat one second ahead": ({"iat": NOW + 1}, [], {}, "issued_in_future", jwt.ImmatureSignatureError),
    "iat inside the leeway": ({"iat": NOW + 1}, ["--leeway", "1s"], {"leeway": 1}, None, None),
    "iat is text": ({"iat": "today"}, [], {}, "claim_type:iat", jwt.InvalidIssuedAtError),
    "aud fits": ({"aud": "api"}, ["--aud", "api"], {"audience": "api"}, None, None),
    "aud is a list with the one": ({"aud": ["web", "api"]}, ["--aud", "api"], {"audience": "api"}, None, None),
    "aud is any of two": ({"aud": "web"}, ["--aud", "api", "--aud", "web"], {"audience": ["api", "web"]}, None, None),
    "aud is another": ({"aud": "web"}, ["--aud", "api"], {"audience": "api"}, "wrong_audience", jwt.InvalidAudienceError),
    "aud differs in case": ({"aud": "API"}, ["--aud", "api"], {"audience": "api"}, "wrong_audience", jwt.InvalidAudienceError),
    "aud is an empty list": ({"aud": []}, ["--aud", "api"], {"audience": "api"}, "wrong_audience", jwt.MissingRequiredClaimError),
    "aud is absent": ({}, ["--aud", "api"], {"audience": "api"}, "claim_missing:aud", jwt.MissingRequiredClaimError),
    "aud is a number": ({"aud": 7}, ["--aud", "7"], {"audience": "7"}, "claim_type:aud", jwt.InvalidAudienceError),
    "iss fits": ({"iss": "me"}, ["--iss", "me"], {"issuer": "me"}, None, None),
    "iss is any of two": ({"iss": "me"}, ["--iss", "you", "--iss", "me"], {"issuer": ["you", "me"]}, None, None),
    "iss is another": ({"iss": "me/"}, ["--iss", "me"], {"issuer": "me"}, "wrong_issuer", jwt.InvalidIssuerError),
    "iss is absent": ({}, ["--iss", "me"], {"issuer": "me"}, "claim_missing:iss", jwt.MissingRequiredClaimError),
    "iss is a number": ({"iss": 7}, ["--iss", "7"], {"issuer": "7"}, "claim_type:iss", jwt.InvalidIssuerError),
    "sub fits": ({"sub": "u"}, ["--sub", "u"], {"subject": "u"}, None, None),
    "sub is another": ({"sub": "u"}, ["--sub", "v"], {"subject": "v"}, "wrong_subject", jwt.exceptions.InvalidSubjectError),
    "sub is a number": ({"sub": 7}, [], {}, "claim_type:sub", jwt.exceptions.InvalidSubjectError),
    "jti is a number": ({"jti": 7}, [], {}, "claim_type:jti", jwt.exceptions.InvalidJTIError),
    "a required claim is absent": ({}, ["--require", "exp"], {"options": {"require": ["exp"]}}, "claim_missing:exp", jwt.MissingRequiredClaimError),
}
TIME = ("expired", "not_yet_valid", "issued_in_future")


def verdicts_agree(token, fob_options, pyjwt_options, reason, exception, status=REJECTED, algorithm="HS256"):
    answer = verify(token, algorithm, *fob_options, at=NOW)
    wanted = (0, []) if reason is None else (ONLY_TIME if reason in TIME else status, [reason])
    same((answer.status, answer.json()["reasons"]), wanted, "fob's verdict")
    try:
        decode(token, algorithms=[algorithm], **pyjwt_options)
        raised = None
    except jwt.PyJWTError as error:
        raised = type(error)
    same(raised, exception, "PyJWT's verdict")


for name, (claims, fob_options, pyjwt_options, reason, exception) in ON_CLAIMS.items():
    with tally.check(f"verdict: {name}: {reason or 'accepted'}"):
        # PyJWT refuses to encode a number as iss. For all other claims fob's bytes are the same.
        verdicts_agree(encode(claims), fob_options, pyjwt_options, reason, exception)


def segment(value):
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).rstrip(b"=").decode()


GOOD = jwt.encode({"sub": "x"}, SECRET)
HEADER, PAYLOAD, SIGNATURE = GOOD.split(".")
# Tokens that are invalid in themselves: token, fob's reason, fob's status, PyJWT's exception.
BROKEN = {
    "alg is none": (f'{segment({"alg": "none"})}.{PAYLOAD}.', "alg_none", REJECTED, jwt.InvalidAlgorithmError),
    "alg is unknown": (f'{segment({"alg": "HS1"})}.{PAYLOAD}.{SIGNATURE}', "alg_unsupported", REJECTED, jwt.InvalidAlgorithmError),
    "alg is not the one allowed": (jwt.encode({"sub": "x"}, SECRET, "HS512"), "alg_not_allowed", REJECTED, jwt.InvalidAlgorithmError),
    "the payload was changed": (f'{HEADER}.{segment({"sub": "y"})}.{SIGNATURE}', "bad_signature", REJECTED, jwt.InvalidSignatureError),
    "the signature is empty": (f"{HEADER}.{PAYLOAD}.", "bad_signature", REJECTED, jwt.InvalidSignatureError),
    "the signature is cut": (f"{HEADER}.{PAYLOAD}.{SIGNATURE[:40]}", "bad_signature", REJECTED, jwt.InvalidSignatureError),
    "an unknown crit": (jwt.encode({"sub": "x"}, SECRET, headers={"crit": ["exp-mode"], "exp-mode": 1}), "crit_unsupported", REJECTED, jwt.InvalidTokenError),
    "two segments": (f"{HEADER}.{PAYLOAD}", "malformed:segments", NO_TOKEN, jwt.DecodeError),
    "a byte outside Base64url": (f"{HEADER}.{PAYLOAD[:-1]}+.{SIGNATURE}", "malformed:charset", NO_TOKEN, jwt.DecodeError),
    "a header that is not JSON": (f"{segment(b'nonsense')}.{PAYLOAD}.{SIGNATURE}", "malformed:header_json", NO_TOKEN, jwt.DecodeError),
    "a payload that is a list": (jwt.api_jws.encode(b"[1]", SECRET), "malformed:payload_not_object", NO_TOKEN, jwt.DecodeError),
    "a payload that is not JSON": (jwt.api_jws.encode(b"{oops", SECRET), "malformed:payload_json", NO_TOKEN, jwt.DecodeError),
    "five segments": (f"{segment({'alg': 'dir', 'enc': 'A128GCM'})}..{SIGNATURE}.{SIGNATURE}.{SIGNATURE}", "jwe", NO_TOKEN, jwt.DecodeError),
}
for name, (token, reason, status, exception) in BROKEN.items():
    with tally.check(f"verdict: {name}: {reason}"):
        verdicts_agree(token, [], {}, reason, exception, status)

# An unusable key mints nothing. As a verdict it is a rejection whose reason names the key. PyJWT raises an
# InvalidKeyError, which is not an InvalidTokenError.
PEM = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"
JWK = json.dumps({"kty": "oct", "k": base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("=")})
for name, secret in {"an empty secret": "", "a PEM key as the secret": PEM, "a JWK as the secret": JWK}.items():
    for act, status, run, theirs in (
        ("is minted", NOTHING_JUDGED, lambda: fob("encode", "{}", secret=secret), lambda: jwt.encode({}, secret)),
        ("is accepted", REJECTED, lambda: fob("verify", GOOD, "--alg", "HS256", secret=secret), lambda: decode(GOOD, secret)),
    ):
        with tally.check(f"nothing {act} with {name}"):
            try:
                theirs()
            except jwt.InvalidKeyError:
                pass
            else:
                raise AssertionError("PyJWT took it")
            same(run().status, status, "exit status of fob")

tally.finish()

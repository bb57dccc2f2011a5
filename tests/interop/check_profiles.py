"""Compares the profiles of fob with their packages, claim by claim and byte by byte: Flask-JWT-Extended, the sliding tokens of
simplejwt, fastapi-users, and RFC 9068 access tokens of Authlib. No server runs: the packages are called as libraries.

Owns: what is compared with these packages. Must not: log in anywhere.
"""

import asyncio
import json
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID

import time_machine
from authlib.oauth2.rfc6750.errors import InvalidTokenError
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator, JWTBearerTokenValidator
from fastapi_users.authentication import JWTStrategy
from flask import Flask
from flask_jwt_extended import (
    JWTManager, create_access_token, create_refresh_token, decode_token, get_jwt_identity, verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import CSRFError, FreshTokenRequired, WrongTokenError
from joserfc.jwk import KeySet
from jwt import ExpiredSignatureError

import django_site
from fob import (
    ALGORITHMS, ONLY_TIME, OTHER_SECRET, REJECTED, SECRET, accepts, claims_of, encode, fob, pair, refresh, rejects,
)
from fob_keys import fob_key
from forms import JWK, PUBLIC_JWK
from tally import Tally, same

NOW = 1_800_000_000
EXTRA = {"role": "admin", "name": "Zoë 서울 🦀", "n": -2.5, "none": None, "nested": {"b": [1, {}], "a": True}}
EXTRA_OPTIONS = [f"-c{name}:={json.dumps(value, ensure_ascii=False)}" for name, value in EXTRA.items()]
tally = Tally("profiles")


def fob_refuses(reason, token, *options, status=REJECTED, **how):
    """Asserts that `fob refresh` refuses a token, with this status and reason."""
    answer = fob("refresh", token, "--json", *options, **how)
    same(answer.status, status, "exit status of fob refresh")
    assert reason in answer.json()["reasons"], f"{reason} is not named"


def refuses(error, call):
    """Asserts that a package raises this error."""
    try:
        call()
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


# Flask-JWT-Extended

FLASK = ("--profile", "flask-jwt-extended", "--sub", "7")


@contextmanager
def flask(**config):
    """Enters an application with these settings."""
    app = Flask(__name__)
    app.config.update({"JWT_SECRET_KEY": SECRET, **config})
    JWTManager(app)
    with app.app_context():
        yield app


@contextmanager
def drawing(*tokens):
    """Makes Flask-JWT-Extended use the random claims of these tokens, in this order, with a stopped clock."""
    drawn = [UUID(claims[name]) for claims in map(claims_of, tokens) for name in ("jti", "csrf") if name in claims]
    with patch("flask_jwt_extended.tokens.uuid.uuid4", side_effect=drawn), time_machine.travel(NOW, tick=False):
        yield


@contextmanager
def request(app, token=None, method="GET", csrf=None, cookie="access_token_cookie"):
    """Enters a request with a token in the header, or in a cookie."""
    headers = {"Authorization": f"Bearer {token}"} if csrf is None else {"X-CSRF-TOKEN": csrf, "Cookie": f"{cookie}={token}"}
    with app.test_request_context(method=method, headers=headers):
        yield


for algorithm in ALGORITHMS:
    alg = ("--alg", algorithm)
    for about, extra, options in (("plain", {}, []), ("with claims of every kind", EXTRA, EXTRA_OPTIONS)):
        with tally.check(f"Flask-JWT-Extended, {algorithm}: the very bytes of its tokens, {about}"), flask(JWT_ALGORITHM=algorithm):
            minted = pair(*FLASK, *alg, *options, at=NOW)
            with drawing(minted["access"], minted["refresh"]):
                same(minted["access"], create_access_token("7", additional_claims=extra), "access token")
                same(minted["refresh"], create_refresh_token("7", additional_claims=extra), "refresh token")

        with tally.check(f"Flask-JWT-Extended, {algorithm}: the very bytes of what its refresh issues, {about}"), flask(JWT_ALGORITHM=algorithm):
            with time_machine.travel(NOW - 3600, tick=False):
                old = create_refresh_token("7", additional_claims=extra)
            ours = refresh(old, "--rotate", at=NOW)
            with drawing(ours["access"], ours["refresh"]):
                same(ours["access"], create_access_token("7", fresh=False, additional_claims=extra), "access token")
                same(ours["refresh"], create_refresh_token("7", additional_claims=extra), "refresh token")

with tally.check("Flask-JWT-Extended: it accepts both tokens, each for its purpose"), flask() as app:
    minted = pair(*FLASK, "--access-claim", "fresh:=true")
    with request(app, minted["access"]):
        verify_jwt_in_request(fresh=True)
        same(get_jwt_identity(), "7", "identity")
        refuses(WrongTokenError, lambda: verify_jwt_in_request(refresh=True))
    with request(app, minted["refresh"]):
        verify_jwt_in_request(refresh=True)
        refuses(WrongTokenError, verify_jwt_in_request)
    with request(app, refresh(minted["refresh"])["access"]):
        verify_jwt_in_request()
        refuses(FreshTokenRequired, lambda: verify_jwt_in_request(fresh=True))

with tally.check("Flask-JWT-Extended: it accepts a token in a cookie with its csrf, and no other"), flask(JWT_TOKEN_LOCATION=["cookies"]) as app:
    minted = pair(*FLASK)
    with request(app, minted["access"], "POST", claims_of(minted["access"])["csrf"]):
        verify_jwt_in_request()
    with request(app, minted["refresh"], "POST", claims_of(minted["refresh"])["csrf"], "refresh_token_cookie"):
        verify_jwt_in_request(refresh=True)
    with request(app, minted["access"], "POST", claims_of(minted["refresh"])["csrf"]):
        refuses(CSRFError, verify_jwt_in_request)

with tally.check("Flask-JWT-Extended: fob accepts its tokens, each for its purpose"), flask():
    access, renewing = create_access_token("7", fresh=timedelta(minutes=5)), create_refresh_token("7")
    same(accepts(access, "HS256", "--token-type", "access", "--sub", "7")["type"], "access", "type")
    accepts(renewing, "HS256", "--token-type", "refresh")
    fob_refuses("wrong_token_type", access)
    same(decode_token(refresh(renewing)["access"])["fresh"], False, "fresh")

for about, config, options in (
    ("an audience and an issuer", {"JWT_ENCODE_AUDIENCE": "api", "JWT_ENCODE_ISSUER": "me", "JWT_DECODE_AUDIENCE": "api"}, ("--aud", "api", "--iss", "me")),
    ("two audiences", {"JWT_ENCODE_AUDIENCE": ["api", "web"], "JWT_DECODE_AUDIENCE": "web"}, ("--aud", "api", "--aud", "web")),
    ("other lifetimes", {"JWT_ACCESS_TOKEN_EXPIRES": 60, "JWT_REFRESH_TOKEN_EXPIRES": 600}, ("--access-ttl", "60s", "--refresh-ttl", "10m")),
):
    with tally.check(f"Flask-JWT-Extended: the very bytes with {about}"), flask(**config):
        minted = pair(*FLASK, *options, at=NOW)
        with drawing(minted["access"], minted["refresh"]):
            same(minted["access"], create_access_token("7"), "access token")
            same(minted["refresh"], create_refresh_token("7"), "refresh token")
            decode_token(minted["access"])

for about, config in (("csrf", {"JWT_COOKIE_CSRF_PROTECT": False}), ("nbf", {"JWT_ENCODE_NBF": False})):
    with tally.check(f"Flask-JWT-Extended: the very bytes of a refresh without {about}"), flask(**config):
        with time_machine.travel(NOW - 3600, tick=False):
            old = create_refresh_token("7")
        ours = refresh(old, at=NOW)["access"]
        with drawing(ours):
            same(ours, create_access_token("7"), "access token")

with tally.check("Flask-JWT-Extended: a service with another claim for the identity"), flask(JWT_IDENTITY_CLAIM="identity"):
    same(decode_token(refresh(create_refresh_token("7"))["access"])["identity"], "7", "identity")

with tally.check("Flask-JWT-Extended: the default lifetimes end in the same second for both"), flask():
    minted = pair(*FLASK, at=NOW)
    for kind, lifetime in (("access", 900), ("refresh", 30 * 86400)):
        with time_machine.travel(NOW + lifetime - 1, tick=False):
            decode_token(minted[kind])
        with time_machine.travel(NOW + lifetime, tick=False):
            refuses(ExpiredSignatureError, lambda: decode_token(minted[kind]))
        rejects("expired", minted[kind], status=ONLY_TIME, at=NOW + lifetime)

# The sliding tokens of simplejwt

user, client = django_site.start()

from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.tokens import SlidingToken, Token

SLIDING = ("--profile", "simplejwt-sliding", "--user-id", user.pk)


def post(view, status=200, **fields):
    response = client.post(f"/simplejwt/{view}", fields, format="json")
    same(response.status_code, status, f"status of {view}")
    return response.json()


for algorithm in ALGORITHMS:
    Token._token_backend = TokenBackend(algorithm, SECRET)
    alg = ("--alg", algorithm)
    for about, extra, options in (("plain", {}, []), ("with claims of every kind", EXTRA, EXTRA_OPTIONS)):
        with tally.check(f"sliding tokens, {algorithm}: the very bytes, new and refreshed, {about}"):
            minted = fob("pair", *SLIDING, *alg, *options, at=NOW).text()
            number = UUID(hex=claims_of(minted)["jti"])
            with patch("rest_framework_simplejwt.tokens.uuid4", return_value=number), time_machine.travel(NOW, tick=False):
                theirs = SlidingToken.for_user(user)
                for name, value in extra.items():
                    theirs[name] = value
                same(minted, str(theirs), "sliding token")
            with time_machine.travel(NOW + 60, tick=False):
                same(refresh(minted, at=NOW + 60), post("sliding/refresh", token=minted), "refreshed token")
Token._token_backend = None

with tally.check("sliding tokens: the views accept what fob minted, and fob accepts what they issue"):
    minted = fob("pair", *SLIDING).text()
    same(post("verify", token=minted), {}, "answer")
    given = post("sliding/obtain", username=django_site.USERNAME, password=django_site.PASSWORD)["token"]
    for token in (refresh(minted)["token"], refresh(given)["token"], post("sliding/refresh", token=minted)["token"]):
        response = client.get("/simplejwt/sliding/whoami", HTTP_AUTHORIZATION=f"Bearer {token}")
        same(response.json()["id"], user.pk, "user of the token")
        accepts(token, "HS256", "--token-type", "sliding")

with tally.check("sliding tokens: both refuse a refresh in the same seconds"):
    for lifetimes, end in ((("--access-ttl", "5m", "--refresh-ttl", "1d"), 300), (("--access-ttl", "2d", "--refresh-ttl", "1d"), 86400)):
        minted = fob("pair", *SLIDING, *lifetimes, at=NOW).text()
        with time_machine.travel(NOW + end - 1, tick=False):
            post("sliding/refresh", token=minted)
        refresh(minted, at=NOW + end - 1)
        with time_machine.travel(NOW + end, tick=False):
            post("sliding/refresh", 401, token=minted)
        fob_refuses("expired", minted, status=ONLY_TIME, at=NOW + end)

with tally.check("sliding tokens: both refuse a token without refresh_exp"):
    token = encode({"token_type": "sliding", "exp": 4102444800, "jti": "a" * 32, "user_id": str(user.pk)})
    same(post("sliding/refresh", 401, token=token)["detail"], "Token has no 'refresh_exp' claim", "detail")
    fob_refuses("claim_missing:refresh_exp", token, "--profile", "simplejwt-sliding")

# fastapi-users

USERS = ("--profile", "fastapi-users", "--user-id", "7")


class Users:
    """The part of a user manager that a strategy asks: every user exists."""

    id = 7

    def parse_id(self, text):
        return int(text)

    async def get(self, number):
        return number


def strategy(**options):
    return JWTStrategy(**{"secret": SECRET, "lifetime_seconds": 3600, **options})


def user_of(token, **options):
    return asyncio.run(strategy(**options).read_token(token, Users()))


for algorithm in ALGORITHMS:
    with tally.check(f"fastapi-users, {algorithm}: the very bytes, and each accepts the token of the other"):
        minted = pair(*USERS, "--alg", algorithm, at=NOW)
        same(list(minted), ["access"], "members")
        with time_machine.travel(NOW, tick=False):
            given = asyncio.run(strategy(algorithm=algorithm).write_token(Users()))
            same(minted["access"], given, "token")
            same(user_of(minted["access"], algorithm=algorithm), 7, "user of the token")
        accepts(given, algorithm, "--aud", "fastapi-users:auth", "--sub", "7", at=NOW)

with tally.check("fastapi-users: other audiences and lifetimes, the very bytes"):
    minted = pair(*USERS, "--aud", "web", "--aud", "api", "--access-ttl", "90s", at=NOW)["access"]
    with time_machine.travel(NOW, tick=False):
        theirs = strategy(token_audience=["web", "api"], lifetime_seconds=90)
        same(minted, asyncio.run(theirs.write_token(Users())), "token")
        same(user_of(minted), None, "user for another audience")

with tally.check("fastapi-users: the default lifetime ends in the same second, and a token of another secret is refused by both"):
    minted = pair(*USERS, at=NOW)["access"]
    with time_machine.travel(NOW + 3599, tick=False):
        same(user_of(minted), 7, "user of the token")
    with time_machine.travel(NOW + 3600, tick=False):
        same(user_of(minted), None, "user of an expired token")
    rejects("expired", minted, status=ONLY_TIME, at=NOW + 3600)
    foreign = pair(*USERS, secret=OTHER_SECRET)["access"]
    same(user_of(foreign), None, "user of a token with another secret")
    rejects("bad_signature", foreign)

with tally.check("fastapi-users: nothing is refreshed"):
    fob_refuses("wrong_token_type", asyncio.run(strategy().write_token(Users())))
    fob_refuses("wrong_token_type", pair(*USERS)["access"])

# RFC 9068 access tokens of Authlib

ISSUER, API = "https://as.example", "https://api.example"
OAUTH = ("--profile", "oauth", "--sub", "7", "--iss", ISSUER, "--aud", API, "-c", "client_id=web", "-c", "scope=read write")


class Client:
    """The part of a client that a generator asks."""

    def get_client_id(self):
        return "web"


class Person:
    """The part of a user that a generator asks."""

    def get_user_id(self):
        return 7


def generated(algorithm, key):
    """Returns an access token of Authlib."""

    class Generator(JWTBearerTokenGenerator):
        def get_jwks(self):
            return KeySet.import_key_set({"keys": [json.loads(key)]})

        def get_audiences(self, client, user, scope):
            return [API]

    return Generator(ISSUER, algorithm).access_token_generator(Client(), "password", Person(), "read write")


def validate(token, key, scopes=("read",)):
    """Validates an access token as a resource server with Authlib does, and returns its claims."""

    class Validator(JWTBearerTokenValidator):
        def get_jwks(self):
            return KeySet.import_key_set({"keys": [json.loads(key)]})

    validator = Validator(ISSUER, API)
    claims = validator.authenticate_token(token)
    validator.validate_token(claims, list(scopes), None)
    return claims


for algorithm in ("RS256", "ES256"):
    key = fob_key(algorithm)
    private, public = key.private[JWK], key.public[PUBLIC_JWK]

    with tally.check(f"Authlib, {algorithm}: it accepts the access token, new and refreshed, and not the refresh token"):
        minted = pair(*OAUTH, key=private, secret=None)
        renewed = refresh(minted["refresh"], "--rotate", key=private, secret=None)
        for access in (minted["access"], renewed["access"]):
            same(validate(access, public)["sub"], "7", "sub")
        for other in (minted["refresh"], renewed["refresh"]):
            refuses(InvalidTokenError, lambda: validate(other, public))

    with tally.check(f"Authlib, {algorithm}: fob accepts its access token, and refreshes nothing with it"):
        given = generated(algorithm, private)
        checks = ("--iss", ISSUER, "--aud", API, "--sub", "7", "--typ", "at+jwt", "--token-type", "access")
        same(accepts(given, algorithm, *checks, key=public, secret=None)["client_id"], "web", "client_id")
        fob_refuses("wrong_token_type", given, key=private, secret=None)

    with tally.check(f"Authlib, {algorithm}: the claims have the same names and types"):
        theirs, ours = claims_of(generated(algorithm, private)), claims_of(pair(*OAUTH, "--aud", API, key=private, secret=None)["access"])
        types = lambda claims: {name: type(value) for name, value in claims.items()}
        same(types({**ours, "aud": [API]}), types(theirs), "claims")

    with tally.check(f"Authlib, {algorithm}: both refuse another audience and an expired token"):
        foreign = pair(*OAUTH[:-6], "--aud", "https://other.example", "-c", "client_id=web", key=private, secret=None)["access"]
        refuses(InvalidTokenError, lambda: validate(foreign, public, ()))
        rejects("wrong_audience", foreign, algorithm, "--aud", API, key=public, secret=None)
        past = pair(*OAUTH, key=private, secret=None, at=NOW - 10**8)["access"]
        refuses(InvalidTokenError, lambda: validate(past, public))
        rejects("expired", past, algorithm, status=ONLY_TIME, key=public, secret=None)

tally.finish()

"""Compares fob and drf-jwt (rest_framework_jwt) in both directions: views, one-token refresh, exact bytes.

Owns: what is compared with drf-jwt. Must not: know how the Django project is set up.
"""

import json
from contextlib import contextmanager
from unittest.mock import patch
from uuid import UUID

import time_machine

import django_site
from fob import (
    ALGORITHMS, ONLY_TIME, OTHER_SECRET, REJECTED, SECRET, accepts, claims_of, encode, fob, pair, refresh, rejects,
)
from tally import Tally, same

user, client = django_site.start()

from rest_framework_jwt.settings import api_settings

NOW = 1_800_000_000
DAY = 86400
PROFILE = ("--profile", "drf-jwt")
ME = (*PROFILE, "--user-id", user.pk, "-c", f"username={user.username}")
tally = Tally("drf-jwt")


@contextmanager
def site(**settings):
    """Overrides settings of JWT_AUTH, for example JWT_ALGORITHM="HS512"."""
    before = {name: getattr(api_settings, name) for name in settings}
    for name, value in settings.items():
        setattr(api_settings, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(api_settings, name, value)


@contextmanager
def drawing(identifier, at=NOW):
    """Makes drf-jwt use this token ID, with a stopped clock."""
    with patch("rest_framework_jwt.utils.uuid.uuid4", return_value=UUID(identifier)):
        with time_machine.travel(at, tick=False):
            yield


def post(view, status=201, **fields):
    response = client.post(f"/drf-jwt/{view}", fields, format="json")
    assert response.status_code == status, f"{view}: {response.status_code} {response.content}, wanted {status}"
    return response.json()


def refused(view, message, token):
    same(post(view, 400, token=token), {"non_field_errors": [message]}, f"answer of {view}")


def whoami(token, status=200):
    response = client.get("/drf-jwt/whoami", HTTP_AUTHORIZATION=f"Bearer {token}")
    same(response.status_code, status, "status of the protected view")
    return response.json()


def obtain():
    return post("obtain", username=django_site.USERNAME, password=django_site.PASSWORD)["token"]


def the_one(minted):
    """Returns the token of a profile with one kind of token."""
    same(len(set(minted.values())), 1, "how many different tokens there are")
    return next(iter(minted.values()))


def mint(*options, **how):
    return the_one(pair(*ME, *options, **how))


def renew(token, *options, **how):
    return the_one(refresh(token, *PROFILE, *options, **how))


def fob_refuses_to_refresh(reason, token, status=REJECTED, *options, **how):
    answer = fob("refresh", token, "--json", *PROFILE, *options, **how)
    same(answer.status, status, "exit status of fob refresh")
    assert reason in answer.stdout + answer.stderr, f"{reason} is not named"


for algorithm in ALGORITHMS:
    with site(JWT_ALGORITHM=algorithm):
        alg = ("--alg", algorithm)

        with tally.check(f"{algorithm}: the views accept what fob minted, and refresh it"):
            token = mint(*alg)
            same(post("verify", token=token)["token"], token, "token")
            same(whoami(token)["username"], user.username, "who the token speaks for")
            renewed = post("refresh", token=token)["token"]
            whoami(renewed)
            same(accepts(renewed, algorithm)["orig_jti"], claims_of(token)["jti"], "orig_jti")
            same(accepts(renewed, algorithm)["orig_iat"], claims_of(token)["iat"], "orig_iat")

        with tally.check(f"{algorithm}: fob accepts what the site gave out, and the site what fob makes of it"):
            given = obtain()
            accepts(given, algorithm, "--claim", f"user_id:={user.pk}", "--claim", f"username={user.username}")
            renewed = renew(given, *alg)
            whoami(renewed)
            whoami(post("refresh", token=renewed)["token"])

        with tally.check(f"{algorithm}: each names the other secret's token for what it is"):
            token = mint(*alg, secret=OTHER_SECRET)
            refused("verify", "Error decoding token.", token)
            rejects("bad_signature", token, algorithm)
            fob_refuses_to_refresh("bad_signature", token, REJECTED, *alg)

        with tally.check(f"{algorithm}: the very bytes of the obtain view"):
            token = mint(*alg, at=NOW)
            with drawing(claims_of(token)["jti"]):
                same(token, obtain(), "token")

        with tally.check(f"{algorithm}: the very bytes of the refresh view, of a first token and of its successor"):
            with time_machine.travel(NOW - 200, tick=False):
                first = obtain()
            second = renew(first, *alg, at=NOW)
            with drawing(claims_of(second)["jti"]):
                same(second, post("refresh", token=first)["token"], "second token")
            third = renew(second, *alg, at=NOW + 100)
            with drawing(claims_of(third)["jti"], NOW + 100):
                same(third, post("refresh", token=second)["token"], "third token")

with tally.check("AUDIENCE and ISSUER: the very bytes, and the same refusals"):
    expected = ("--aud", "api", "--iss", "https://issuer.example")
    with site(JWT_AUDIENCE="api", JWT_ISSUER="https://issuer.example"):
        token = mint(*expected, at=NOW)
        with drawing(claims_of(token)["jti"]):
            same(token, obtain(), "token")
        renewed = renew(token, *expected, at=NOW + 100)
        with drawing(claims_of(renewed)["jti"], NOW + 100):
            same(renewed, post("refresh", token=token)["token"], "renewed token")
        accepts(obtain(), "HS256", *expected)
        bare, foreign = mint(), mint("--aud", "web", "--iss", "https://issuer.example")
        refused("verify", "Invalid token.", bare)
        refused("verify", "Invalid token.", foreign)
        rejects("claim_missing:aud", bare, "HS256", *expected)
        rejects("wrong_audience", foreign, "HS256", *expected)

with tally.check("a named key: the very bytes, kid and all"), site(JWT_SECRET_KEY={"key-1": SECRET}, JWT_INSIST_ON_KID=True):
    token = mint("--kid", "key-1", at=NOW)
    with drawing(claims_of(token)["jti"]):
        same(token, obtain(), "token")
    whoami(mint("--kid", "key-1"))
    refused("verify", "Invalid token.", mint())

with tally.check("the default lifetime ends in the same second for both"):
    token = mint(at=NOW)
    with time_machine.travel(NOW + 299, tick=False):
        post("verify", token=token)
    with time_machine.travel(NOW + 300, tick=False):
        refused("verify", "Token has expired.", token)
        refused("refresh", "Token has expired.", token)
    accepts(token, at=NOW + 299)
    rejects("expired", token, status=ONLY_TIME, at=NOW + 300)
    fob_refuses_to_refresh("expired", token, ONLY_TIME, at=NOW + 300)

with tally.check("a token may be renewed for seven days from its first sign-in, and no longer"):
    long_lived = {"username": user.username, "user_id": user.pk, "exp": NOW + 30 * DAY, "orig_iat": NOW, "jti": str(UUID(int=7))}
    token = encode(long_lived)
    with time_machine.travel(NOW + 7 * DAY, tick=False):
        post("refresh", token=token)
    with time_machine.travel(NOW + 7 * DAY + 1, tick=False):
        refused("refresh", "Refresh has expired.", token)
    renew(token, at=NOW + 7 * DAY)
    answer = fob("refresh", token, "--json", *PROFILE, at=NOW + 7 * DAY + 1)
    assert answer.status in (REJECTED, ONLY_TIME), f"fob refresh: exit status {answer.status}"

with tally.check("a token without orig_iat is not renewed by either"):
    token = encode({"username": user.username, "user_id": user.pk, "exp": 4102444800, "jti": str(UUID(int=7))})
    whoami(token)
    refused("refresh", "orig_iat field not found in token.", token)
    fob_refuses_to_refresh("claim_missing:orig_iat", token)

with tally.check("a token renewed by fob is still of the family: blacklisting the first ends it"):
    first = mint()
    second = renew(first)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {first}")
    post("blacklist", token=first)
    client.credentials()
    same(whoami(second, 403)["detail"], "Token is blacklisted.", "detail")

with tally.check("the answer of the obtain view, as it came, is all that fob refresh needs, and it knows the style"):
    given = json.dumps(post("obtain", username=django_site.USERNAME, password=django_site.PASSWORD))
    whoami(fob("refresh", stdin=given).text())

with tally.check("claims keep their order and their types, and an id has its dashes"):
    claims = claims_of(mint(at=NOW))
    same(list(claims), ["username", "iat", "exp", "jti", "user_id", "orig_iat"], "order")
    same((claims["user_id"], claims["orig_iat"]), (user.pk, NOW), "user_id and orig_iat")
    same(str(UUID(claims["jti"])), claims["jti"], "id")

tally.finish()

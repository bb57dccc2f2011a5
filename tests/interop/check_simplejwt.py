"""Compares fob and djangorestframework-simplejwt in both directions: views, token classes, exact bytes.

Owns: what is compared with simplejwt. Must not: know how the Django project is set up.
"""

import json
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch
from uuid import UUID

import jwt
import time_machine

import django_site
from fob import (
    ALGORITHMS, ONLY_TIME, OTHER_SECRET, REJECTED, SECRET, accepts, claims_of, encode, fob, pair, refresh, rejects,
)
from tally import Tally, same

user, client = django_site.start()

from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken
from rest_framework_simplejwt.tokens import RefreshToken, SlidingToken, Token

NOW = 1_800_000_000
ME = ("--profile", "simplejwt", "--user-id", user.pk)
tally = Tally("simplejwt")


@contextmanager
def site(algorithm="HS256", rotate=True, **backend):
    """Overrides settings: ALGORITHM, ROTATE_REFRESH_TOKENS, AUDIENCE, ISSUER, LEEWAY."""
    Token._token_backend = TokenBackend(algorithm, SECRET, **backend)
    api_settings.ROTATE_REFRESH_TOKENS = rotate
    try:
        yield
    finally:
        Token._token_backend = None
        api_settings.ROTATE_REFRESH_TOKENS = True


@contextmanager
def drawing(*ids):
    """Makes simplejwt use these token IDs, in this order, with a stopped clock."""
    with patch("rest_framework_simplejwt.tokens.uuid4", side_effect=[UUID(hex=identifier) for identifier in ids]):
        with time_machine.travel(NOW, tick=False):
            yield


def post(view, status=200, **fields):
    response = client.post(f"/simplejwt/{view}", fields, format="json")
    assert response.status_code == status, f"{view}: {response.status_code} {response.content}, wanted {status}"
    return response.json()


def refused(view, detail, **fields):
    same(post(view, 401, **fields)["detail"], detail, f"detail of {view}")


def whoami(access, status=200):
    response = client.get("/simplejwt/whoami", HTTP_AUTHORIZATION=f"Bearer {access}")
    same(response.status_code, status, "status of the protected view")
    return response.json()


def obtain():
    return post("obtain", username=django_site.USERNAME, password=django_site.PASSWORD)


def fob_refuses_to_refresh(reason, token, status=REJECTED, *options, **how):
    answer = fob("refresh", token, "--json", *options, **how)
    same(answer.status, status, "exit status of fob refresh")
    assert reason in answer.stdout + answer.stderr, f"{reason} is not named"


for algorithm in ALGORITHMS:
    with site(algorithm):
        alg = ("--alg", algorithm)

        with tally.check(f"{algorithm}: the views accept a pair that fob minted"):
            minted = pair(*ME, *alg)
            same(post("verify", token=minted["access"]), {}, "answer")
            same(post("verify", token=minted["refresh"]), {}, "answer")
            same(whoami(minted["access"])["id"], user.pk, "who the token speaks for")
            answer = post("refresh", refresh=minted["refresh"])
            same(sorted(answer), ["access", "refresh"], "members of the answer")
            whoami(answer["access"])

        with tally.check(f"{algorithm}: fob accepts what the views give for fob's pair"):
            given = post("refresh", refresh=pair(*ME, *alg)["refresh"])
            same(accepts(given["access"], algorithm, "--token-type", "access")["user_id"], str(user.pk), "user_id")
            accepts(given["refresh"], algorithm, "--token-type", "refresh")

        with tally.check(f"{algorithm}: fob accepts a pair that the site gave out"):
            given = obtain()
            accepts(given["access"], algorithm, "--token-type", "access", "--claim", f"user_id={user.pk}")
            accepts(given["refresh"], algorithm, "--token-type", "refresh")

        with tally.check(f"{algorithm}: the site accepts what fob refreshes"):
            given = refresh(obtain()["refresh"], *alg)
            same(list(given), ["access"], "members")
            whoami(given["access"])
            given = refresh(obtain()["refresh"], "--rotate", *alg)
            same(list(given), ["access", "refresh"], "members")
            whoami(given["access"])
            whoami(post("refresh", refresh=given["refresh"])["access"])

        with tally.check(f"{algorithm}: each names the other secret's token for what it is"):
            minted = pair(*ME, *alg, secret=OTHER_SECRET)
            refused("verify", "Token is invalid", token=minted["access"])
            refused("refresh", "Token is invalid", refresh=minted["refresh"])
            rejects("bad_signature", minted["access"], algorithm)
            fob_refuses_to_refresh("bad_signature", minted["refresh"], REJECTED, *alg)

with tally.check("a pair of one algorithm is refused where another is wanted"), site("HS512"):
    minted = pair(*ME, "--alg", "HS256")
    refused("verify", "Token is invalid", token=minted["access"])
    rejects("alg_not_allowed", minted["access"], "HS512")

with tally.check("rotation and blacklist: the first use wins, the second is refused, the successor is good"):
    minted = pair(*ME)
    successor = post("refresh", refresh=minted["refresh"])["refresh"]
    refused("refresh", "Token is blacklisted", refresh=minted["refresh"])
    accepts(post("refresh", refresh=successor)["refresh"], "HS256", "--token-type", "refresh")

with tally.check("no rotation: a refresh token serves again and again"), site(rotate=False):
    minted = pair(*ME)
    for _ in range(2):
        answer = post("refresh", refresh=minted["refresh"])
        same(list(answer), ["access"], "members of the answer")
        accepts(answer["access"], "HS256", "--token-type", "access")

with tally.check("the blacklist view takes a refresh token of fob, once, and no access token"):
    minted = pair(*ME)
    post("blacklist", refresh=minted["refresh"])
    refused("blacklist", "Token is blacklisted", refresh=minted["refresh"])
    refused("refresh", "Token is blacklisted", refresh=minted["refresh"])
    refused("blacklist", "Token has wrong type", refresh=minted["access"])
    same(post("verify", 400, token=minted["refresh"]), {"non_field_errors": ["Token is blacklisted"]}, "answer")

with tally.check("an access token does not refresh, a refresh token does not open the door"):
    for minted in (pair(*ME), obtain()):
        refused("refresh", "Token has wrong type", refresh=minted["access"])
        fob_refuses_to_refresh("wrong_token_type", minted["access"])
        same(whoami(minted["refresh"], 401)["code"], "token_not_valid", "code")
        rejects("wrong_token_type", minted["refresh"], "HS256", "--token-type", "access")

with tally.check("an expired pair is expired for both"):
    minted = pair(*ME, at=datetime.now().timestamp() - 2 * 86400)
    refused("verify", "Token is expired", token=minted["access"])
    refused("refresh", "Token is expired", refresh=minted["refresh"])
    rejects("expired", minted["access"], status=ONLY_TIME)
    fob_refuses_to_refresh("expired", minted["refresh"], ONLY_TIME)

with tally.check("the default lifetimes end in the same second for both"):
    minted = pair(*ME, at=NOW)
    for kind, lifetime, view, field in (("access", 300, "verify", "token"), ("refresh", 86400, "refresh", "refresh")):
        with site(rotate=False):
            with time_machine.travel(NOW + lifetime - 1, tick=False):
                post(view, **{field: minted[kind]})
            with time_machine.travel(NOW + lifetime, tick=False):
                refused(view, "Token is expired", **{field: minted[kind]})
        accepts(minted[kind], at=NOW + lifetime - 1)
        rejects("expired", minted[kind], status=ONLY_TIME, at=NOW + lifetime)

with tally.check("lifetimes of the caller's choice are kept"):
    minted = pair(*ME, "--access-ttl", "2h", "--refresh-ttl", "14d", at=NOW)
    same(claims_of(minted["access"])["exp"], NOW + 7200, "exp")
    same(claims_of(minted["refresh"])["exp"], NOW + 14 * 86400, "exp")

with tally.check("a leeway of the site's is the same leeway of fob's"), site(leeway=30):
    minted = pair(*ME, at=NOW)
    with time_machine.travel(NOW + 329, tick=False):
        post("verify", token=minted["access"])
    with time_machine.travel(NOW + 330, tick=False):
        refused("verify", "Token is expired", token=minted["access"])
    accepts(minted["access"], "HS256", "--leeway", "30s", at=NOW + 329)
    rejects("expired", minted["access"], "HS256", "--leeway", "30s", at=NOW + 330, status=ONLY_TIME)

with tally.check("AUDIENCE and ISSUER: a pair with both is accepted, one without is refused"):
    expected = ("--aud", "api", "--iss", "https://issuer.example")
    with site(audience="api", issuer="https://issuer.example"):
        minted = pair(*ME, *expected)
        whoami(minted["access"])
        post("refresh", refresh=minted["refresh"])
        given = obtain()
        accepts(given["access"], "HS256", *expected)
        same(list(refresh(given["refresh"], *expected)), ["access"], "members")
        whoami(refresh(given["refresh"])["access"])
        bare, foreign = pair(*ME), pair(*ME, "--aud", "web", "--iss", "https://issuer.example")
        refused("verify", "Token is invalid", token=bare["access"])
        refused("verify", "Token is invalid", token=foreign["access"])
        rejects("claim_missing:aud", bare["access"], "HS256", *expected)
        rejects("wrong_audience", foreign["access"], "HS256", *expected)
        fob_refuses_to_refresh("wrong_audience", foreign["refresh"], REJECTED, *expected)

# Refresh tokens that lack something: claims, simplejwt's message, fob's reason.
for claims, detail, reason in (
    ({"exp": 4102444800, "jti": "a" * 32}, "Token has no type", "claim_missing:token_type"),
    ({"token_type": "sliding", "exp": 4102444800, "jti": "a" * 32}, "Token has wrong type", "wrong_token_type"),
    ({"token_type": "refresh", "jti": "a" * 32}, "Token has no 'exp' claim", "claim_missing:exp"),
    ({"token_type": "refresh", "exp": 0, "jti": "a" * 32}, "Token is expired", "expired"),
    ({"token_type": "refresh", "exp": 4102444800, "jti": "a" * 32, "iat": 4102444800}, "Token is invalid", "issued_in_future"),
    ({"token_type": "refresh", "exp": 4102444800, "jti": "a" * 32, "nbf": 4102444800}, "Token is invalid", "not_yet_valid"),
):
    with tally.check(f"a refresh token that is no good to either: {detail}: {reason}"):
        token = encode({**claims, "user_id": str(user.pk)})
        refused("refresh", detail, refresh=token)
        in_time = reason in ("expired", "issued_in_future", "not_yet_valid")
        fob_refuses_to_refresh(reason, token, ONLY_TIME if in_time else REJECTED)

with tally.check("a refresh token without an id is no good to either"):
    token = encode({"token_type": "refresh", "exp": 4102444800, "user_id": str(user.pk)})
    refused("verify", "Token has no id", token=token)
    fob_refuses_to_refresh("claim_missing:jti", token)

EXTRA = {
    "role": "admin", "name": "Zoë Ærøskøbing", "city": "서울", "emoji": "🦀", "marks": "\"\\/\b\f\n\r\t\x00\x1b\x7f\u2028",
    "empty": "", "whole": 12345678901234567890, "part": -2.5, "large": 1e22, "small": 5e-324, "zero": -0.0, "yes": True, "none": None,
    "nested": {"ключ": [1, {"é": ["ß", []]}], "b": {}, "a": 0},
}
EXTRA_OPTIONS = [f"-c{name}:={json.dumps(value, ensure_ascii=False)}" for name, value in EXTRA.items()]

for algorithm in ALGORITHMS:
    for about, extra, options in (("plain", {}, []), ("with claims of every kind", EXTRA, EXTRA_OPTIONS)):
        alg = ("--alg", algorithm)

        with tally.check(f"{algorithm}: the very bytes of RefreshToken.for_user and .access_token, {about}"), site(algorithm):
            minted = pair(*ME, *alg, *options, at=NOW)
            with drawing(claims_of(minted["refresh"])["jti"], claims_of(minted["access"])["jti"]):
                theirs = RefreshToken.for_user(user)
                for name, value in extra.items():
                    theirs[name] = value
                same(minted["refresh"], str(theirs), "refresh token")
                same(minted["access"], str(theirs.access_token), "access token")

        with tally.check(f"{algorithm}: the very bytes of TokenRefreshView, with rotation, {about}"), site(algorithm):
            with time_machine.travel(NOW - 3600, tick=False):
                old = RefreshToken.for_user(user)
                for name, value in extra.items():
                    old[name] = value
            ours = refresh(str(old), "--rotate", *alg, at=NOW)
            with drawing(claims_of(ours["access"])["jti"], claims_of(ours["refresh"])["jti"]):
                theirs = post("refresh", refresh=str(old))
            same(ours, theirs, "pair")

        with tally.check(f"{algorithm}: the very bytes of TokenRefreshView, without rotation, {about}"), site(algorithm, rotate=False):
            with time_machine.travel(NOW - 3600, tick=False):
                old = RefreshToken.for_user(user)
                for name, value in extra.items():
                    old[name] = value
            ours = refresh(str(old), *alg, at=NOW)
            with drawing(claims_of(ours["access"])["jti"]):
                theirs = post("refresh", refresh=str(old))
            same(ours, theirs, "access token")

with tally.check("AUDIENCE and ISSUER: the very bytes"), site(audience="api", issuer="https://issuer.example"):
    minted = pair(*ME, "--aud", "api", "--iss", "https://issuer.example", "-c", "role=admin", at=NOW)
    with drawing(claims_of(minted["refresh"])["jti"], claims_of(minted["access"])["jti"]):
        theirs = RefreshToken.for_user(user)
        theirs["role"] = "admin"
        same(minted["refresh"], str(theirs), "refresh token")
        same(minted["access"], str(theirs.access_token), "access token")
    ours = refresh(minted["refresh"], "--rotate", "--aud", "api", "--iss", "https://issuer.example", at=NOW)
    with drawing(claims_of(ours["access"])["jti"], claims_of(ours["refresh"])["jti"]):
        same(ours, post("refresh", refresh=minted["refresh"]), "what comes of a refresh")

with tally.check("the exact bytes of a refresh, for every order and origin of the claims"), site():
    claims = {"user_id": user.pk, "jti": "c" * 32, "role": "admin", "exp": NOW + 60, "token_type": "refresh", "name": "Zoë"}
    for old in (jwt.encode(claims, SECRET), encode(claims)):
        ours = refresh(old, "--rotate", at=NOW)
        with drawing(claims_of(ours["access"])["jti"], claims_of(ours["refresh"])["jti"]):
            same(ours, post("refresh", refresh=old), "pair")
        BlacklistedToken.objects.all().delete()

with tally.check("the answer of the obtain view, as it came, is all that fob refresh and fob verify need"):
    given = json.dumps(obtain())
    whoami(fob("refresh", stdin=given).text())
    for kind in ("access", "refresh"):
        same(fob("verify", "--pick", kind, "--token-type", kind, "--json", stdin=given).status, 0, f"exit status for {kind}")
    kinds = [token["kind"] for token in fob("inspect", "--json", secret=None, stdin=given).json()["tokens"]]
    same(sorted(kinds), ["access", "refresh"], "kinds that fob inspect finds")

with tally.check("fob pair --format header opens the door as it is"):
    name, value = fob("pair", "--format", "header", *ME).text().split(": ", 1)
    same(name, "Authorization", "header field")
    same(client.get("/simplejwt/whoami", HTTP_AUTHORIZATION=value).status_code, 200, "status of the protected view")

with tally.check("a sliding token is good, and is no refresh token"):
    token = str(SlidingToken.for_user(user))
    accepts(token, "HS256", "--token-type", "sliding")
    rejects("wrong_token_type", token, "HS256", "--token-type", "access")
    fob_refuses_to_refresh("wrong_token_type", token, REJECTED, "--profile", "simplejwt")

with tally.check("claims for one of the two stay with that one"):
    minted = pair(*ME, "--access-claim", "scope=read", "--refresh-claim", "device=phone")
    access, renewal = claims_of(minted["access"]), claims_of(minted["refresh"])
    same((access.get("scope"), access.get("device")), ("read", None), "access token")
    same((renewal.get("scope"), renewal.get("device")), (None, "phone"), "refresh token")

with tally.check("a token id is 32 lower-case hexadecimal digits, and never the same twice"):
    ids = [claims_of(token)["jti"] for _ in range(3) for token in pair(*ME).values()]
    same(len(set(ids)), 6, "different ids")
    for identifier in ids:
        same(UUID(hex=identifier).hex, identifier, "id")
        same(UUID(hex=identifier).version, 4, "version of the UUID")

tally.finish()

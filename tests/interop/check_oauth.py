"""Checks sessions with an OAuth 2 server: oauthlib's password and refresh grants, with fob as the client.

Owns: what is compared between the client and oauthlib. Must not: know how the server is set up.
"""

import json
import time

import oauth_site
from fob import NOTHING_JUDGED, ONLY_TIME, REJECTED, accepts, encode, file_of, fob
from oauth_site import CLIENT_SECRET, CONFIDENTIAL, PASSWORD, PUBLIC, USERNAME
from tally import Tally, same

site = oauth_site.start()
OAUTH = ("--profile", "oauth")
WEB = ("--field", f"client_id={PUBLIC}")
tally = Tally("oauth")


def log_in(kind, *options, password=PASSWORD, profile=OAUTH):
    given = ("--user", USERNAME, "--password-file", file_of(password.encode()))
    return fob("pair", "--from", f"{site}/{kind}", *profile, *given, *options, secret=None)


def refresh(kind, *options, **how):
    return fob("refresh", "--from", f"{site}/{kind}", *options, secret=None, **how)


def tokens(answer):
    return json.loads(answer.text())


def refused(answer, status, said):
    same((answer.status, answer.stdout), (status, ""), "exit status and standard output")
    assert said in answer.stderr, f"{said!r} is not said"
    for secret in (PASSWORD, CLIENT_SECRET):
        assert secret not in answer.stderr, "a secret is shown"


with tally.check("a log-in: whatever is in a password arrives, and the response is kept"):
    given = tokens(log_in("opaque", *WEB, "--format", "oauth"))
    same(list(given), ["access_token", "token_type", "expires_in", "refresh_token", "scope"], "members")
    same((given["token_type"], given["expires_in"], given["scope"]), ("Bearer", 600, "read write"), "the rest of it")

with tally.check("a scope and a client's secret are sent along"):
    given = tokens(log_in("opaque", "--field", f"client_id={CONFIDENTIAL}", "--field", f"client_secret={CLIENT_SECRET}", "--field", "scope=read", "--format", "oauth"))
    same(given["scope"], "read", "scope")

with tally.check("an opaque refresh token beside an access token that is a JWT"):
    for form in ("text", "json", "env", "oauth"):
        printed = log_in("jwt", *WEB, "--format", form).text()
        given = tokens(refresh("jwt", *WEB, "--json", stdin=printed))
        same(list(given), ["access", "refresh", "token_type", "expires_in", "scope"], "members")
        same(accepts(given["access"], "HS256", "--typ", "at+jwt")["client_id"], PUBLIC, "client_id")

with tally.check("a refresh token is good for one use"):
    first = tokens(log_in("opaque", *WEB, "--json"))["refresh"]
    second = tokens(refresh("opaque", first, *WEB, "--json"))["refresh"]
    refused(refresh("opaque", first, *WEB), REJECTED, "400 Bad Request: invalid_grant")
    refresh("opaque", second, *WEB).text()

with tally.check("a wrong password and wrong clients"):
    refused(log_in("opaque", *WEB, password="hunter2"), REJECTED, "400 Bad Request: invalid_grant: Invalid credentials given.")
    refused(log_in("opaque", "--field", "client_id=unknown"), NOTHING_JUDGED, "401 Unauthorized: invalid_client")
    refused(log_in("opaque"), NOTHING_JUDGED, "401 Unauthorized: invalid_client")
    token = tokens(log_in("opaque", *WEB, "--json"))["refresh"]
    wrong = ("--field", f"client_id={CONFIDENTIAL}", "--field", f"client_secret=not {CLIENT_SECRET}")
    refused(refresh("opaque", token, *wrong), NOTHING_JUDGED, "401 Unauthorized: invalid_client")

with tally.check("a refresh token that says it has expired, and one that says it has not"):
    for exp, status in ((time.time() - 1, ONLY_TIME), (time.time() + 60, REJECTED)):
        token = encode({"exp": int(exp)}, "HS256", "--typ", "rt+jwt")
        refused(refresh("opaque", token, *WEB), status, "invalid_grant")

with tally.check("a request that is at fault is no verdict on the user"):
    refused(log_in("opaque", *WEB, "--field", "scope=everything"), NOTHING_JUDGED, "400 Bad Request: invalid_scope")
    refused(log_in("opaque", *WEB, profile=()), NOTHING_JUDGED, "400 Bad Request: invalid_request: Request is missing grant_type parameter.")

tally.finish()

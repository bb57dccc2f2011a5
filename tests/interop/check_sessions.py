"""Checks sessions with real servers: a Django project with simplejwt and drf-jwt on this machine, with fob as its client.
It logs in, uses, refreshes and rotates, and checks every refusal with the exit status that a script acts on.

Owns: what is compared between the client and the servers. Must not: know how the Django project is set up.
"""

import json
import sqlite3
import time
import urllib.error
import urllib.request

import django_site
from django_site import PASSWORD, USERNAME
from fob import (
    NOTHING_JUDGED, ONLY_TIME, OTHER_SECRET, REJECTED, accepts, claims_of, file_of, fob, pair as mint, refresh as renew,
)
from tally import Tally, same

DAY = 86400
DRF_JWT = ("--profile", "drf-jwt")
tally = Tally("sessions")


def log_in(url, *options, user=USERNAME, password=PASSWORD, **how):
    """Returns the answer of `fob pair --from`. The password goes through a file."""
    given = ("--user", user, "--password-file", file_of(password.encode()))
    return fob("pair", "--from", url, *given, *options, secret=None, **how)


def refresh(url, token, *options, **how):
    """Returns the answer of `fob refresh --from`."""
    return fob("refresh", "--from", url, token, *options, secret=None, **how)


def tokens(answer):
    return json.loads(answer.text())


def refused(answer, status, said, hint=None):
    """Asserts that standard output is empty and standard error names the reason."""
    same((answer.status, answer.stdout), (status, ""), "exit status and standard output")
    assert answer.stderr.startswith("error: cannot ") and said in answer.stderr, f"{said!r} is not said"
    assert hint is None or f"\nhint: {hint}" in answer.stderr, f"no hint {hint!r}"
    assert PASSWORD not in answer.stderr, "the password is shown"


def ask(url, header):
    """Returns a view's answer to a header line that fob printed: the status and the JSON body."""
    name, value = header.split(": ", 1)
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={name: value}), timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def opens(url, token):
    """Asserts that a view lets the owner of this token in."""
    status, answer = ask(url, f"Authorization: Bearer {token}")
    same((status, answer.get("username")), (200, USERNAME), "answer of the protected view")


def post(url, **fields):
    """Returns a view's answer to JSON that fob did not send."""
    request = urllib.request.Request(url, json.dumps(fields).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.status


def change(database, statement, *values):
    """Changes the project's users directly in its database."""
    connection = sqlite3.connect(database)
    with connection:
        same(connection.execute(statement, values).rowcount, 1, "users changed")
    connection.close()


with django_site.served() as (site, database):
    obtain, again, whoami = (f"{site}/simplejwt/{view}" for view in ("obtain", "refresh", "whoami"))
    ME = ("--user-id", 1)

    with tally.check("simplejwt: a log-in gives tokens that open the door and that fob accepts"):
        given = tokens(log_in(obtain, "--json"))
        same(list(given), ["access", "refresh"], "members")
        opens(whoami, given["access"])
        same(accepts(given["access"], "HS256", "--token-type", "access")["user_id"], "1", "user_id")
        accepts(given["refresh"], "HS256", "--token-type", "refresh")

    with tally.check("simplejwt: every form of the tokens"):
        status, answer = ask(whoami, log_in(obtain, "--format", "header").text())
        same((status, answer["username"]), (200, USERNAME), "answer to the header line")
        lines = dict(line.split("=", 1) for line in log_in(obtain, "--format", "env").text().split("\n"))
        opens(whoami, lines["FOB_ACCESS"])
        words = dict(line.split() for line in log_in(obtain).text().split("\n"))
        opens(whoami, words["access"])
        oauth = tokens(log_in(obtain, "--format", "oauth"))
        same(list(oauth), ["access_token", "token_type", "expires_in", "refresh_token"], "members")
        assert 290 <= oauth["expires_in"] <= 300, f"expires_in {oauth['expires_in']}"

    with tally.check("simplejwt: what each form prints, refresh takes from standard input"):
        for form in ("text", "json", "env", "oauth"):
            printed = log_in(obtain, "--format", form).text()
            given = tokens(fob("refresh", "--from", again, "--json", secret=None, stdin=printed))
            opens(whoami, given["access"])

    with tally.check("simplejwt: rotation gives both, and what was used up is refused"):
        first = tokens(log_in(obtain, "--json"))["refresh"]
        second = tokens(refresh(again, first, "--json"))
        same(list(second), ["access", "refresh"], "members")
        opens(whoami, second["access"])
        refused(refresh(again, first), REJECTED, "401 Unauthorized: Token is blacklisted (token_not_valid)", "a used or revoked refresh token stays rejected: log in again")
        opens(whoami, tokens(refresh(again, second["refresh"], "--json"))["access"])

    with tally.check("simplejwt: a blacklisted token is refused"):
        token = tokens(log_in(obtain, "--json"))["refresh"]
        same(post(f"{site}/simplejwt/blacklist", refresh=token), 200, "status of the blacklist view")
        refused(refresh(again, token), REJECTED, "Token is blacklisted")

    with tally.check("simplejwt: an access token does not refresh"):
        token = tokens(log_in(obtain, "--json"))["access"]
        refused(refresh(again, token), REJECTED, "Token has wrong type")

    with tally.check("simplejwt: a pair that fob minted opens the door and is refreshed by the site"):
        minted = mint(*ME)
        opens(whoami, minted["access"])
        given = tokens(refresh(again, minted["refresh"], "--json"))
        opens(whoami, given["access"])
        same(claims_of(given["refresh"])["user_id"], "1", "user_id")

    with tally.check("simplejwt: what the site gave, fob refreshes by itself, and the site takes that again"):
        renewed = renew(tokens(log_in(obtain, "--json"))["refresh"], "--rotate")
        opens(whoami, renewed["access"])
        opens(whoami, tokens(refresh(again, renewed["refresh"], "--json"))["access"])

    with tally.check("simplejwt: another secret's token is refused"):
        minted = mint(*ME, secret=OTHER_SECRET)
        refused(refresh(again, minted["refresh"]), REJECTED, "Token is invalid")
        same(ask(whoami, f"Authorization: Bearer {minted['access']}")[0], 401, "status of the protected view")

    with tally.check("simplejwt: an expired token is told from a bad one, by the server's word or by our clock"):
        minted = mint(*ME, at=time.time() - 2 * DAY)["refresh"]
        for how in ({}, {"at": time.time() - 2 * DAY}):
            refused(refresh(again, minted, **how), ONLY_TIME, "401 Unauthorized: Token is expired", "the refresh token has expired: log in again")

    with tally.check("simplejwt: a wrong password, an unknown user and one who is no longer active"):
        said = "401 Unauthorized: No active account found with the given credentials"
        refused(log_in(obtain, password="hunter2"), REJECTED, said)
        refused(log_in(obtain, user="unknown"), REJECTED, said)
        token = tokens(log_in(obtain, "--json"))["refresh"]
        change(database, "UPDATE auth_user SET is_active = 0 WHERE username = ?", USERNAME)
        refused(log_in(obtain), REJECTED, said)
        refused(refresh(again, token), REJECTED, "No active account found for the given token.")
        change(database, "UPDATE auth_user SET is_active = 1 WHERE username = ?", USERNAME)

    with tally.check("simplejwt: a site where users log in with their address"):
        by_email = f"{site}/simplejwt/by-email"
        opens(whoami, tokens(log_in(by_email, "--user-field", "email", "--json"))["access"])
        refused(log_in(by_email), NOTHING_JUDGED, '400 Bad Request: {"email":["This field is required."]}', "fob sent a log-in in the form of profile simplejwt")

    with tally.check("simplejwt: a password file loses one line break, and nothing else"):
        for written in (PASSWORD, PASSWORD + "\n", PASSWORD + "\r\n"):
            log_in(obtain, password=written).text()
        refused(log_in(obtain, password=PASSWORD + " x"), REJECTED, "No active account")

    with tally.check("simplejwt: sliding tokens"):
        token = tokens(log_in(f"{site}/simplejwt/sliding/obtain", "--json"))["token"]
        opens(f"{site}/simplejwt/sliding/whoami", token)
        given = tokens(refresh(f"{site}/simplejwt/sliding/refresh", token, "--json"))
        same(list(given), ["token"], "members")
        opens(f"{site}/simplejwt/sliding/whoami", given["token"])

    with tally.check("a wrong URL: no view, a view that takes no log-in, no slash at the end"):
        refused(log_in(f"{site}/nothing"), NOTHING_JUDGED, "404 Not Found", "use --from with the whole URL of the endpoint")
        refused(refresh(f"{site}/nothing", mint(*ME)["refresh"]), NOTHING_JUDGED, "404 Not Found")
        refused(log_in(f"{site}/simplejwt/verify"), NOTHING_JUDGED, '{"token":["This field is required."]}')
        slashed = f"{site}/simplejwt/with-slash/"
        refused(log_in(slashed[:-1]), NOTHING_JUDGED, f"301 Moved Permanently leads to {slashed}", "append a slash to the path of the --from URL")
        opens(whoami, tokens(log_in(slashed, "--json"))["access"])

    obtain, again, whoami = (f"{site}/drf-jwt/{view}" for view in ("obtain", "refresh", "whoami"))
    ME = (*DRF_JWT, "--user-id", 1, "-c", f"username={USERNAME}")

    with tally.check("drf-jwt: a log-in, the door, a refresh, the door again"):
        given = tokens(log_in(obtain, *DRF_JWT, "--json"))
        same(list(given), ["token"], "members")
        opens(whoami, given["token"])
        renewed = refresh(again, given["token"]).text()
        opens(whoami, renewed)
        same(claims_of(renewed)["orig_jti"], claims_of(given["token"])["jti"], "orig_jti")
        opens(whoami, refresh(again, renewed).text())

    with tally.check("drf-jwt: a wrong password is a refusal, though its status is 400"):
        refused(log_in(obtain, *DRF_JWT, password="hunter2"), REJECTED, "400 Bad Request: Unable to log in with provided credentials.")

    with tally.check("drf-jwt: a token that fob minted opens the door and is refreshed by the site"):
        minted = mint(*ME)["token"]
        opens(whoami, minted)
        renewed = refresh(again, minted).text()
        opens(whoami, renewed)
        opens(whoami, renew(renewed, *DRF_JWT)["token"])

    with tally.check("drf-jwt: expired tokens, and tokens whose time to be refreshed is over"):
        minted = mint(*ME, at=time.time() - DAY)["token"]
        for how in ({}, {"at": time.time() - DAY}):
            refused(refresh(again, minted, **how), ONLY_TIME, "400 Bad Request: Token has expired.", "the refresh token has expired")
        old = mint(*ME, "--access-ttl", "30d", at=time.time() - 8 * DAY)["token"]
        opens(whoami, old)
        refused(refresh(again, old), ONLY_TIME, "400 Bad Request: Refresh has expired.", "the refresh token has expired")

    with tally.check("drf-jwt: another secret's token and a blacklisted one are refused"):
        refused(refresh(again, mint(*ME, secret=OTHER_SECRET)["token"]), REJECTED, "400 Bad Request: Error decoding token.")
        token = log_in(obtain, *DRF_JWT).text()
        request = urllib.request.Request(
            f"{site}/drf-jwt/blacklist", json.dumps({"token": token}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        urllib.request.urlopen(request, timeout=10).close()
        refused(refresh(again, token), REJECTED, "blacklisted")

    with tally.check("the profile of one asked of the other"):
        refused(refresh(f"{site}/simplejwt/refresh", mint(*ME)["token"]), NOTHING_JUDGED, '{"refresh":["This field is required."]}', "fob sent a refresh in the form of profile drf-jwt")
        for profile in (DRF_JWT, ("--profile", "oauth")):  # simplejwt also reads forms, and tokens that have arrived are kept
            given = tokens(log_in(f"{site}/simplejwt/obtain", *profile, "--format", "oauth"))
            opens(f"{site}/simplejwt/whoami", given["access_token"])
            opens(f"{site}/simplejwt/whoami", tokens(refresh(f"{site}/simplejwt/refresh", given["refresh_token"], "--json"))["access"])

    with tally.check("simplejwt: a deleted user is a server error, not a verdict"):
        token = tokens(log_in(f"{site}/simplejwt/obtain", "--json"))["refresh"]
        for table in ("token_blacklist_blacklistedtoken", "token_blacklist_outstandingtoken", "auth_user"):
            connection = sqlite3.connect(database)
            with connection:
                connection.execute(f"DELETE FROM {table}")
            connection.close()
        refused(refresh(f"{site}/simplejwt/refresh", token), NOTHING_JUDGED, "500 Internal Server Error")
        refused(log_in(f"{site}/simplejwt/obtain"), REJECTED, "No active account found")

with django_site.served(simple_jwt={"ROTATE_REFRESH_TOKENS": False, "ALGORITHM": "HS512"}, DEBUG=True) as (site, _):
    with tally.check("simplejwt without rotation: an access token each time, and the refresh token stays good"):
        given = tokens(log_in(f"{site}/simplejwt/obtain", "--json"))
        for _ in range(2):
            answer = refresh(f"{site}/simplejwt/refresh", given["refresh"], "--json")
            same(list(tokens(answer)), ["access"], "members")
            opens(f"{site}/simplejwt/whoami", tokens(answer)["access"])
            accepts(tokens(answer)["access"], "HS512")

    with tally.check("a site in debug mode: pages of HTML are cut short, and a slash is missed with status 500"):
        refused(log_in(f"{site}/simplejwt/with-slash"), NOTHING_JUDGED, "500 Internal Server Error: ", "append a slash to the path of the --from URL")
        answer = log_in(f"{site}/nothing")
        refused(answer, NOTHING_JUDGED, "404 Not Found: <!DOCTYPE html>")
        assert len(answer.stderr) < 1000, f"{len(answer.stderr)} characters are too many"

with django_site.served(simple_jwt={"ACCESS_TOKEN_LIFETIME": 3, "REFRESH_TOKEN_LIFETIME": 7}) as (site, _):
    with tally.check("simplejwt: a session as time goes by"):
        given = tokens(log_in(f"{site}/simplejwt/obtain", "--json"))
        time.sleep(3.1)
        same(ask(f"{site}/simplejwt/whoami", f"Authorization: Bearer {given['access']}")[0], 401, "status of the protected view")
        second = tokens(refresh(f"{site}/simplejwt/refresh", given["refresh"], "--json"))
        opens(f"{site}/simplejwt/whoami", second["access"])
        time.sleep(7.1)
        refused(refresh(f"{site}/simplejwt/refresh", second["refresh"]), ONLY_TIME, "Token is expired", "the refresh token has expired: log in again")

with tally.check("a server that is gone"):
    refused(log_in(f"{site}/simplejwt/obtain"), NOTHING_JUDGED, "connect: no connection to ")
    refused(refresh(f"{site}/simplejwt/refresh", "opaque"), NOTHING_JUDGED, "connect: no connection to ")

tally.finish()

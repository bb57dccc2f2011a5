"""Checks log-ins and sessions with the servers of other packages, each on this machine and with fob as its client. Every
server takes the same steps: log in, use, refresh, rotate, reuse, revoke, expire, and refuse a password and a client.

Owns: the list of servers, the steps, and what each server answers to them. Must not: know how a server is set up.
"""

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, replace

from fob import NOTHING_JUDGED, ONLY_TIME, REJECTED, SECRET, file_of, fob
from sites import BRIEF, PASSWORD, SECONDS, USERNAME, Site, authlib, oauth_toolkit, running
from tally import Tally, same

TABLE = "servers"
tally = Tally("servers")


@dataclass
class Server:
    """A row of the matrix: a server, the options that fob needs for it, and what it does."""

    row: str
    site: Site
    log_in: str  # paths
    refresh: str | None = None
    revoke: str | None = None
    view: str = "/whoami"
    options: tuple = ()  # of every request
    refresh_options: tuple = ()
    client: tuple = ()  # how the client authenticates
    wrong_client: tuple = ()
    user: str | None = USERNAME
    rotates: bool = True
    expired: int = REJECTED  # the exit status for an expired refresh token: 3 if the server says that it has expired
    ends_access: bool = False  # a log-out ends the access token, too
    brief: Site | None = None  # where tokens soon expire; without it, those of the user BRIEF do
    soon: str = ""  # what a log-in there printed
    printed_at: float = 0

    def url(self, path):
        return self.site.url + path

    def who(self, user=USERNAME, password=PASSWORD):
        return ("--user", user, "--password-file", file_of(password.encode())) if self.user else ()

    def pair(self, *options, user=None, password=PASSWORD, client=None):
        client = self.client if client is None else client
        given = (*self.options, *client, *self.who(user or self.user, password))
        return fob("pair", "--from", self.url(self.log_in), *given, *options, secret=None)

    def again(self, token, *options):
        """Asks for a refresh. The token goes through standard input, as text or as what `pair` printed."""
        given = (*self.options, *self.client)
        return fob("refresh", "--from", self.url(self.refresh), *given, *options, secret=None, stdin=token)

    def opens(self, header):
        """Returns whether the server lets a request with this header line in."""
        name, value = header.split(": ", 1)
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url(self.view), headers={name: value}), timeout=10) as answer:
                return answer.status == 200
        except urllib.error.HTTPError as error:
            with error:
                assert error.code in (401, 403), f"the view answers {error.code}: {error.read()[:200]}"
            return False


def tokens(answer):
    """Returns the access token and the refresh token that fob printed. Either may be missing."""
    given = json.loads(answer.text())
    return given.get("access_token"), given.get("refresh_token")


def refused(answer, status):
    """Asserts that standard output is empty, that the exit status is this one, and that no secret is shown."""
    same((answer.status, answer.stdout), (status, ""), "exit status and standard output")
    assert answer.stderr.startswith("error: "), "no error is said"
    assert PASSWORD not in answer.stderr and SECRET not in answer.stderr, "a secret is shown"


def check(server, step, mark="✓"):
    return tally.check(f"{server.row}: {step}", (TABLE, server.row, step, mark))


def take_steps(server):
    """Takes every step but the last, which must wait."""
    with check(server, "log in"):
        given = server.pair("--format", "oauth").text()
        access, refresh = tokens(server.pair("--format", "oauth"))
        assert access, "no access token"
    with check(server, "use"):
        assert server.opens(server.pair("--format", "header").text()), "the view refuses the access token"
    if server.user:
        with check(server, "wrong password"):
            refused(server.pair(password="hunter2"), REJECTED)
    if server.wrong_client:
        with check(server, "wrong client"):
            refused(server.pair(client=server.wrong_client), NOTHING_JUDGED)
    if server.refresh is None:
        return
    with check(server, "refresh"):
        assert server.opens(server.again(given, "--format", "header").text()), "the view refuses the new access token"
        access, renewed = tokens(server.again(refresh or access, "--format", "oauth"))
        assert access, "no access token"
    if server.rotates:
        with check(server, "rotate"):
            assert renewed and renewed != refresh, "the refresh token is the same"
            assert tokens(server.again(renewed, "--format", "oauth"))[0], "no access token"
        with check(server, "reuse"):
            refused(server.again(renewed), REJECTED)


def log_in_for_a_moment(server):
    """Logs in where tokens soon expire."""
    if server.refresh and (server.user or server.brief):
        brief = replace(server, site=server.brief) if server.brief else server
        server.soon = brief.pair("--format", "oauth", user=None if server.brief else BRIEF).text()
        server.printed_at = time.time()


def expire(server):
    """Takes the last step, when these tokens have expired."""
    if server.soon:
        time.sleep(max(0, server.printed_at + SECONDS + 1 - time.time()))
        brief = replace(server, site=server.brief) if server.brief else server
        with check(server, "expire", str(server.expired)):
            refused(brief.again(server.soon), server.expired)


def servers(start):
    """Starts all sites, and returns the rows in the order of the page."""
    rest, rest_brief = start("rest_framework"), start("rest_framework", brief=True)
    dj, dj_brief = start("dj_rest_auth"), start("dj_rest_auth", brief=True)
    toolkit, toolkit_brief = start("oauth_toolkit"), start("oauth_toolkit", brief=True)
    authorization = start("authlib")
    form = ("--profile", "oauth")
    return [
        Server("simplejwt", rest, "/simplejwt/obtain", "/simplejwt/refresh", "/simplejwt/blacklist", "/simplejwt/whoami",
               brief=rest_brief, expired=ONLY_TIME),
        Server("drf-jwt", rest, "/drf-jwt/obtain", "/drf-jwt/refresh", "/drf-jwt/blacklist", "/drf-jwt/whoami",
               ("--profile", "drf-jwt"), rotates=False, brief=rest_brief, expired=ONLY_TIME),
        Server("dj-rest-auth", dj, "/auth/login/", "/auth/token/refresh/", "/auth/logout/", "/auth/user/",
               brief=dj_brief, expired=ONLY_TIME),
        Server("django-oauth-toolkit, public client", toolkit, "/o/token/", "/o/token/", "/o/revoke_token/", options=form,
               client=("--field", "client_id=web"), wrong_client=("--field", "client_id=unknown"), ends_access=True, brief=toolkit_brief),
        Server("Authlib, public client", authorization, "/oauth/token", "/oauth/token", "/oauth/revoke", options=form,
               client=("--field", "client_id=none"), wrong_client=("--field", "client_id=unknown"), ends_access=True),
    ]


with running() as start:
    rows = servers(start)
    for server in rows:
        with tally.check(f"{server.row}: a log-in whose tokens soon expire"):
            log_in_for_a_moment(server)
    for server in rows:
        take_steps(server)
    for server in rows:
        expire(server)

tally.finish()

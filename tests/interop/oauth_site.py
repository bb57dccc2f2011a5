"""A small OAuth 2 server on oauthlib, on this machine. It has the password grant and the refresh grant (RFC 6749 sections 4.3
and 6), with refresh tokens for one use.

Owns: the server, its clients and its one user. Must not: check anything.
"""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # it never leaves this machine

import jwt
from oauthlib.oauth2 import LegacyApplicationServer, RequestValidator

from fob import SECRET

USERNAME, PASSWORD = "zoë@example.org", 'p+a%20b c&d="é"=;/?'
PUBLIC, CONFIDENTIAL, CLIENT_SECRET = "web", "backend", "swordfish & chips"
SCOPES = ["read", "write"]


class Client:
    def __init__(self, client_id):
        self.client_id = client_id


class Validator(RequestValidator):
    def __init__(self):
        self.refresh_tokens = {}

    def client_authentication_required(self, request, *_, **__):
        return request.client_id != PUBLIC

    def authenticate_client(self, request, *_, **__):
        request.client = Client(request.client_id)
        return request.client_id == CONFIDENTIAL and request.client_secret == CLIENT_SECRET

    def authenticate_client_id(self, client_id, request, *_, **__):
        request.client = Client(client_id)
        return client_id == PUBLIC

    def validate_user(self, username, password, client, request, *_, **__):
        return (username, password) == (USERNAME, PASSWORD)

    def validate_grant_type(self, client_id, grant_type, client, request, *_, **__):
        return grant_type in ("password", "refresh_token")

    def get_default_scopes(self, client_id, request, *_, **__):
        return SCOPES

    def validate_scopes(self, client_id, scopes, client, request, *_, **__):
        return set(scopes) <= set(SCOPES)

    def save_bearer_token(self, token, request, *_, **__):
        if request.grant_type == "refresh_token":
            self.refresh_tokens.pop(request.refresh_token, None)
        self.refresh_tokens[token["refresh_token"]] = token["scope"].split()

    def validate_refresh_token(self, refresh_token, client, request, *_, **__):
        return refresh_token in self.refresh_tokens

    def get_original_scopes(self, refresh_token, request, *_, **__):
        return self.refresh_tokens[refresh_token]


def access_token(request, refresh_token=False):
    """Returns a JWT as the access token. Refresh tokens stay opaque."""
    return jwt.encode({"client_id": request.client.client_id, "scope": " ".join(request.scopes)}, SECRET, headers={"typ": "at+jwt"})


def start():
    """Serves in this process, and returns the base of its URLs. /opaque and /jwt give access tokens of these kinds."""
    validator = Validator()
    servers = {
        "/opaque": LegacyApplicationServer(validator, token_expires_in=600),
        "/jwt": LegacyApplicationServer(
            validator, token_expires_in=600, token_generator=access_token,
            refresh_token_generator=lambda request, refresh_token=False: f"{os.urandom(12).hex()}+/==",
        ),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers, answer, status = servers[self.path].create_token_response(
                f"http://{self.headers['Host']}{self.path}", "POST", body, dict(self.headers)
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"

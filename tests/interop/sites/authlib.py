"""An authorization server on Authlib and Flask: password, client credentials and refresh tokens for one use; clients that
authenticate in each way of RFC 6749 and by a signed assertion (RFC 7523); revocation (RFC 7009), introspection (RFC 7662),
metadata (RFC 8414). A second server below /tenant has its metadata where section 3.1 puts it for an issuer with a path.

Owns: the server, its clients and its users, in memory. Must not: check anything.
"""

import os
import time

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # it never leaves this machine

import jwt
from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from flask import Flask, jsonify, request
from joserfc.jwk import OctKey

from fob import SECRET
from sites import BRIEF, PASSWORD, SECONDS, USERNAME

CLIENT_SECRET = "swordfish-and-chips"  # Authlib does not decode the secret of client_secret_basic, so it has no other characters
AUDIENCE = "api"
METHODS = ("client_secret_basic", "client_secret_post", "none", "private_key_jwt")
SCOPES = {"read", "write"}


class Client(ClientMixin):
    def __init__(self, method):
        self.client_id = self.method = method

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return " ".join(word for word in (scope or "read").split() if word in SCOPES)

    def check_redirect_uri(self, redirect_uri):
        return False

    def check_client_secret(self, client_secret):
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method == self.method

    def check_response_type(self, response_type):
        return False

    def check_grant_type(self, grant_type):
        return grant_type in ("password", "refresh_token") or (grant_type == "client_credentials" and self.method != "none")


class Token(TokenMixin):
    def __init__(self, token, client, user):
        self.client, self.user, self.issued, self.revoked = client, user, time.time(), False
        self.access, self.refresh = token["access_token"], token.get("refresh_token")
        self.scope, self.lifetime = token.get("scope", ""), token["expires_in"]

    def check_client(self, client):
        return self.client.client_id == client.client_id

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return self.lifetime

    def is_expired(self):
        return self.issued + self.lifetime < time.time()

    def is_revoked(self):
        return self.revoked

    def get_user(self):
        return self.user

    def get_client(self):
        return self.client


def build(app, prefix, keys):
    """Adds one server below this path. The keys are public keys in PEM, by client."""
    clients = {method: Client(method) for method in METHODS}
    tokens = []

    def find(text, hint=None):
        return next((token for token in tokens if text and text in (token.access, token.refresh)), None)

    def save(token, request):
        tokens.append(Token(token, request.client, request.user))

    def lifetime(client, grant_type):
        return 600

    def access_token(client, grant_type, user, scope):
        now = int(time.time())
        return jwt.encode(
            {"iss": issuer(), "sub": user or client.client_id, "aud": AUDIENCE, "client_id": client.client_id, "scope": scope, "iat": now,
             "exp": now + (SECONDS if user == BRIEF else 600), "jti": os.urandom(8).hex()},
            SECRET, headers={"typ": "at+jwt"},
        )

    def issuer():
        return request.host_url.rstrip("/") + prefix

    class Password(grants.ResourceOwnerPasswordCredentialsGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = list(METHODS)

        def authenticate_user(self, username, password):
            return username if username in (USERNAME, BRIEF) and password == PASSWORD else None

    class Refresh(grants.RefreshTokenGrant):
        INCLUDE_NEW_REFRESH_TOKEN = True
        TOKEN_ENDPOINT_AUTH_METHODS = list(METHODS)

        def authenticate_refresh_token(self, refresh_token):
            found = next((token for token in tokens if token.refresh == refresh_token), None)
            brief = found and found.user == BRIEF and found.issued + SECONDS < time.time()
            return found if found and not found.revoked and not brief else None

        def authenticate_user(self, refresh_token):
            return refresh_token.user

        def revoke_old_credential(self, refresh_token):
            refresh_token.revoked = True

    class ClientCredentials(grants.ClientCredentialsGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = [method for method in METHODS if method != "none"]

    class Revocation(RevocationEndpoint):
        CLIENT_AUTH_METHODS = list(METHODS)

        def query_token(self, token_string, token_type_hint):
            return find(token_string)

        def revoke_token(self, token, request):
            token.revoked = True

    class Introspection(IntrospectionEndpoint):
        CLIENT_AUTH_METHODS = list(METHODS)

        def check_permission(self, token, client, request):
            return True

        def query_token(self, token_string, token_type_hint):
            return find(token_string)

        def introspect_token(self, token):
            return {"active": True, "client_id": token.client.client_id, "username": token.user, "scope": token.scope}

    class Assertion(JWTBearerClientAssertion):
        CLIENT_AUTH_METHOD = "private_key_jwt"
        used = set()

        def get_audiences(self):
            return [issuer(), f"{issuer()}/oauth/token"]

        def validate_jti(self, claims, jti):
            fresh = jti not in self.used
            self.used.add(jti)
            return fresh

        def resolve_client_public_key(self, client):
            return keys.get(client.client_id)

    class Bearer(BearerTokenValidator):
        def authenticate_token(self, token_string):
            return next((token for token in tokens if token.access == token_string), None)

    class Jwt(JWTBearerTokenValidator):
        """The check of a resource server that only has the key (RFC 9068)."""

        def __init__(self):
            super().__init__(issuer=None, resource_server=AUDIENCE)

        def get_jwks(self):
            return {"keys": [OctKey.import_key(SECRET).as_dict()]}

        def validate_iss(self, claims, iss):
            return iss == issuer()

    app.config["OAUTH2_ACCESS_TOKEN_GENERATOR"] = access_token
    app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
    server = AuthorizationServer(app, query_client=clients.get, save_token=save)
    for grant in (Password, Refresh, ClientCredentials):
        server.register_grant(grant)
    server.register_endpoint(Revocation)
    server.register_endpoint(Introspection)
    server.register_client_auth_method(Assertion.CLIENT_AUTH_METHOD, Assertion())
    protect, protect_api = ResourceProtector(), ResourceProtector()
    protect.register_token_validator(Bearer())
    protect_api.register_token_validator(Jwt())

    def route(path, view, *methods):
        app.add_url_rule(path, path, view, methods=methods)

    @protect()
    def whoami():
        return jsonify(username=current_token.user, scope=current_token.scope)

    @protect_api("read")
    def api():
        return jsonify(username=current_token["sub"])

    def metadata():
        return jsonify(
            issuer=issuer(), token_endpoint=f"{issuer()}/oauth/token", revocation_endpoint=f"{issuer()}/oauth/revoke",
            introspection_endpoint=f"{issuer()}/oauth/introspect", response_types_supported=[],
            grant_types_supported=["password", "client_credentials", "refresh_token"],
            token_endpoint_auth_methods_supported=list(METHODS), token_endpoint_auth_signing_alg_values_supported=["ES256", "RS256"],
            scopes_supported=sorted(SCOPES),
        )

    route(f"{prefix}/oauth/token", server.create_token_response, "POST")
    route(f"{prefix}/oauth/revoke", lambda: server.create_endpoint_response("revocation"), "POST")
    route(f"{prefix}/oauth/introspect", lambda: server.create_endpoint_response("introspection"), "POST")
    route(f"/.well-known/oauth-authorization-server{prefix}", metadata, "GET")
    route(f"{prefix}/whoami", whoami, "GET")
    route(f"{prefix}/api", api, "GET")


def application(keys=None):
    """Returns the application. The keys are public keys in PEM, by client."""
    app = Flask(__name__)
    build(app, "", keys or {})
    build(app, "/tenant", keys or {})
    return app

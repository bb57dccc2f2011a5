"""Flask-JWT-Extended, once with tokens in headers (below /header) and once with cookies and double submit (below /cookie).
Refresh tokens are for one use, and a log-out blocks a token: the blocklist that the documentation of the package shows.

Owns: the two applications. Must not: check anything.
"""

from datetime import timedelta

from flask import Flask, jsonify, request
from flask_jwt_extended import (
    JWTManager, create_access_token, create_refresh_token, get_jwt, get_jwt_identity, jwt_required, set_access_cookies,
    set_refresh_cookies, unset_jwt_cookies,
)
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from fob import SECRET
from sites import BRIEF, PASSWORD, SECONDS, USERNAME


def build(location):
    """Returns an application with tokens in this location."""
    app = Flask(__name__)
    app.config.update(JWT_SECRET_KEY=SECRET, JWT_TOKEN_LOCATION=[location])
    cookies = location == "cookies"
    blocked = set()
    jwt = JWTManager(app)

    @jwt.token_in_blocklist_loader
    def is_blocked(_, payload):
        return payload["jti"] in blocked

    def answer(user, fresh):
        lifetime = timedelta(seconds=SECONDS) if user == BRIEF else None
        access = create_access_token(identity=user, fresh=fresh, expires_delta=lifetime)
        refresh = create_refresh_token(identity=user, expires_delta=lifetime)
        if not cookies:
            return jsonify(access_token=access, refresh_token=refresh)
        response = jsonify(msg="login successful" if fresh else "token refreshed")
        set_access_cookies(response, access)
        set_refresh_cookies(response, refresh)
        return response

    @app.post("/login")
    def login():
        user, password = request.json.get("username"), request.json.get("password")
        if user not in (USERNAME, BRIEF) or password != PASSWORD:
            return jsonify(msg="Bad username or password"), 401
        return answer(user, fresh=True)

    @app.post("/refresh")
    @jwt_required(refresh=True)
    def refresh():
        blocked.add(get_jwt()["jti"])
        return answer(get_jwt_identity(), fresh=False)

    @app.route("/logout", methods=["POST", "DELETE"])
    @jwt_required(verify_type=False)
    def logout():
        blocked.add(get_jwt()["jti"])
        response = jsonify(msg=f"{get_jwt()['type'].capitalize()} token successfully revoked")
        if cookies:
            unset_jwt_cookies(response)
        return response

    @app.route("/whoami", methods=["GET", "POST"])
    @jwt_required()
    def whoami():
        return jsonify(username=get_jwt_identity())

    return app


def application():
    return DispatcherMiddleware(Flask("root"), {"/header": build("headers"), "/cookie": build("cookies")})

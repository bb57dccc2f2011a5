"""dj-rest-auth with its JWT views, in one of its two modes: tokens in the JSON answer, or the refresh token in a cookie alone.

Owns: settings and routes. Must not: check anything.
"""

from datetime import timedelta

from sites import SECONDS, project


def application(cookies=False, brief=False):
    """Returns the project. If brief is true, refresh tokens soon expire."""
    jwt = {"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True}
    if brief:
        jwt["REFRESH_TOKEN_LIFETIME"] = timedelta(seconds=SECONDS)
    names = {"JWT_AUTH_COOKIE": "my-app-auth", "JWT_AUTH_REFRESH_COOKIE": "my-refresh-token"} if cookies else {}
    return project.set_up(
        __name__,
        ["rest_framework", "rest_framework.authtoken", "rest_framework_simplejwt.token_blacklist", "dj_rest_auth"],
        REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": ["dj_rest_auth.jwt_auth.JWTCookieAuthentication"]},
        SIMPLE_JWT=jwt,
        REST_AUTH={"USE_JWT": True, "JWT_AUTH_HTTPONLY": cookies, "SESSION_LOGIN": False, **names},
    )


def __getattr__(name):
    """Returns the routes when Django asks for them: the views cannot be imported before the settings exist."""
    if name != "urlpatterns":
        raise AttributeError(name)

    from django.urls import include, path

    return [path("auth/", include("dj_rest_auth.urls"))]

"""django-allauth headless for the client `app`, with its JWT tokens or with its session token.

Owns: settings and routes. Must not: check anything.
"""

from fob import SECRET
from sites import SECONDS, project


def application(strategy="jwt", brief=False):
    """Returns the project. If brief is true, refresh tokens soon expire."""
    classes = {"jwt": "jwt.JWTTokenStrategy", "session": "sessions.SessionTokenStrategy"}
    return project.set_up(
        __name__,
        ["allauth", "allauth.account", "allauth.headless"],
        middleware=["allauth.account.middleware.AccountMiddleware"],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        ACCOUNT_LOGIN_METHODS={"username", "email"},
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_RATE_LIMITS=False,
        HEADLESS_ONLY=True,
        HEADLESS_CLIENTS=("app", "browser"),
        HEADLESS_TOKEN_STRATEGY=f"allauth.headless.tokens.strategies.{classes[strategy]}",
        HEADLESS_JWT_ALGORITHM="HS256",
        HEADLESS_JWT_PRIVATE_KEY=SECRET,
        HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN=SECONDS if brief else 86400,
    )


def __getattr__(name):
    """Returns the routes when Django asks for them: the views cannot be imported before the settings exist."""
    if name != "urlpatterns":
        raise AttributeError(name)

    from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication, XSessionTokenAuthentication
    from django.urls import include, path
    from rest_framework.decorators import api_view, authentication_classes, permission_classes
    from rest_framework.permissions import IsAuthenticated
    from rest_framework.response import Response

    @api_view()
    @authentication_classes([JWTTokenAuthentication, XSessionTokenAuthentication])
    @permission_classes([IsAuthenticated])
    def whoami(request):
        return Response({"username": request.user.username})

    return [path("_allauth/", include("allauth.headless.urls")), path("accounts/", include("allauth.urls")), path("whoami", whoami)]

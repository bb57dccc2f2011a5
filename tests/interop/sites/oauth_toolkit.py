"""django-oauth-toolkit with confidential and public clients for the password grant and for client credentials.

Owns: settings, routes and the clients. Must not: check anything.
"""

from sites import project

CONFIDENTIAL, PUBLIC, SERVICE, SECRET = "backend", "web", "service", "swordfish & chips: 100%"


def application(brief=False):
    """Returns the project. If brief is true, tokens soon expire."""
    served = project.set_up(
        __name__,
        ["oauth2_provider", "rest_framework"],
        OAUTH2_PROVIDER={
            "SCOPES": {"read": "Read", "write": "Write"},
            "REFRESH_TOKEN_REUSE_PROTECTION": True,
            **({"ACCESS_TOKEN_EXPIRE_SECONDS": 1, "REFRESH_TOKEN_EXPIRE_SECONDS": 1} if brief else {}),  # the second begins with the first's end
        },
    )

    from oauth2_provider.models import Application

    for client, kind, grant in (
        (CONFIDENTIAL, Application.CLIENT_CONFIDENTIAL, Application.GRANT_PASSWORD),
        (PUBLIC, Application.CLIENT_PUBLIC, Application.GRANT_PASSWORD),
        (SERVICE, Application.CLIENT_CONFIDENTIAL, Application.GRANT_CLIENT_CREDENTIALS),
    ):
        Application.objects.create(
            name=client, client_id=client, client_secret=SECRET, client_type=kind, authorization_grant_type=grant
        )
    return served


def __getattr__(name):
    """Returns the routes when Django asks for them: the views cannot be imported before the settings exist."""
    if name != "urlpatterns":
        raise AttributeError(name)

    from django.urls import include, path
    from oauth2_provider.contrib.rest_framework import OAuth2Authentication
    from rest_framework.decorators import api_view, authentication_classes
    from rest_framework.response import Response

    @api_view()
    @authentication_classes([OAuth2Authentication])
    def whoami(request):
        if request.auth is None:
            return Response(status=401)
        return Response({"username": request.user.username if request.user else None, "scope": request.auth.scope})

    return [path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")), path("whoami", whoami)]

"""simplejwt and drf-jwt: the project of django_site.py, in memory, with the URLs that the pages of both packages show.

Owns: its settings here, and its users. Must not: check anything.
"""

from datetime import timedelta

import django_site
from sites import PASSWORD, SECONDS


def application(prefix="Bearer", brief=False):
    """Returns the project. The prefix is the scheme that drf-jwt reads. If brief is true, all refresh tokens soon expire."""
    soon = timedelta(seconds=SECONDS)
    user = django_site.set_up(
        ":memory:",
        {"REFRESH_TOKEN_LIFETIME": soon, "SLIDING_TOKEN_REFRESH_LIFETIME": soon} if brief else {},
        ROOT_URLCONF=__name__,
        JWT_AUTH={"JWT_AUTH_HEADER_PREFIX": prefix} | ({"JWT_EXPIRATION_DELTA": soon} if brief else {}),
    )
    user.set_password(PASSWORD)
    user.save()

    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def __getattr__(name):
    """Returns the routes when Django asks for them: the views cannot be imported before the settings exist."""
    if name != "urlpatterns":
        raise AttributeError(name)

    from django.urls import path
    from rest_framework_jwt import views as drf_jwt
    from rest_framework_simplejwt import views

    return [
        path("api/token/", views.TokenObtainPairView.as_view()),
        path("api/token/refresh/", views.TokenRefreshView.as_view()),
        path("api/token/blacklist/", views.TokenBlacklistView.as_view()),
        path("sliding/api/token/", views.TokenObtainSlidingView.as_view()),
        path("sliding/api/token/refresh/", views.TokenRefreshSlidingView.as_view()),
        path("api-token-auth/", drf_jwt.obtain_jwt_token),
        path("api-token-refresh/", drf_jwt.refresh_jwt_token),
        *django_site.urlpatterns,
    ]

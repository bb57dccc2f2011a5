"""A small real Django project, wholly in memory: users, the views of simplejwt and drf-jwt, one protected view for each.

Owns: settings, routes, the database and its one user. Must not: check anything.
"""

import django
from django.conf import settings

from fob import SECRET

USERNAME, PASSWORD = "zoë@example.org", "correct horse battery staple"


def start():
    """Sets the project up, and returns its user and a client that talks to the views in process."""
    settings.configure(
        SECRET_KEY=SECRET,
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # quick; no password outlives the run
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "rest_framework",
            "rest_framework_simplejwt",
            "rest_framework_simplejwt.token_blacklist",
            "rest_framework_jwt",
            "rest_framework_jwt.blacklist",
        ],
        REST_FRAMEWORK={"DEFAULT_PERMISSION_CLASSES": []},
        # simplejwt reads BLACKLIST_AFTER_ROTATION when it is imported, so the checks start from here and override.
        SIMPLE_JWT={"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True},
    )
    django.setup()

    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from rest_framework.test import APIClient

    call_command("migrate", verbosity=0)
    user = get_user_model().objects.create_user(USERNAME, password=PASSWORD)
    return user, APIClient()


def __getattr__(name):
    """The routes, made when Django asks for them: the views cannot be imported before the settings exist."""
    if name != "urlpatterns":
        raise AttributeError(name)

    from django.urls import path
    from rest_framework.permissions import IsAuthenticated
    from rest_framework.response import Response
    from rest_framework.views import APIView
    from rest_framework_jwt.authentication import JSONWebTokenAuthentication
    from rest_framework_jwt.blacklist.views import BlacklistView
    from rest_framework_jwt.views import obtain_jwt_token, refresh_jwt_token, verify_jwt_token
    from rest_framework_simplejwt import views
    from rest_framework_simplejwt.authentication import JWTAuthentication

    class WhoAmI(APIView):
        permission_classes = [IsAuthenticated]

        def get(self, request):
            return Response({"id": request.user.id, "username": request.user.username})

    return [
        path("simplejwt/obtain", views.TokenObtainPairView.as_view()),
        path("simplejwt/verify", views.TokenVerifyView.as_view()),
        path("simplejwt/refresh", views.TokenRefreshView.as_view()),
        path("simplejwt/blacklist", views.TokenBlacklistView.as_view()),
        path("simplejwt/whoami", WhoAmI.as_view(authentication_classes=[JWTAuthentication])),
        path("drf-jwt/obtain", obtain_jwt_token),
        path("drf-jwt/verify", verify_jwt_token),
        path("drf-jwt/refresh", refresh_jwt_token),
        path("drf-jwt/blacklist", BlacklistView.as_view({"post": "create"}, authentication_classes=[JSONWebTokenAuthentication])),
        path("drf-jwt/whoami", WhoAmI.as_view(authentication_classes=[JSONWebTokenAuthentication])),
    ]

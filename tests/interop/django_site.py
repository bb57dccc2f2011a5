"""A small Django project: users, the views of simplejwt and drf-jwt, one protected view for each. It runs in process and in
memory, or as a server on this machine with its database in a file.

Owns: settings, routes, the database and its one user, the server's process. Must not: check anything.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings

from fob import SECRET

USERNAME, PASSWORD = "zoë@example.org", "correct horse battery staple"


def set_up(database, simple_jwt=None, **other):
    """Sets the project up, and returns its user."""
    settings.configure(
        SECRET_KEY=SECRET,
        ALLOWED_HOSTS=["testserver", "127.0.0.1"],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
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
        SIMPLE_JWT={"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True, **(simple_jwt or {})},
        **{"ROOT_URLCONF": __name__, **other},
    )
    django.setup()

    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return get_user_model().objects.create_user(USERNAME, email=USERNAME, password=PASSWORD)


def start():
    """Sets the project up in this process. Returns its user, and a client of the views."""
    user = set_up(":memory:")

    from rest_framework.test import APIClient

    return user, APIClient()


@contextmanager
def served(**options):
    """Starts the project as a process. Yields the base of its URLs and the path of its database. The options are those of
    set_up, with lifetimes in seconds."""
    with tempfile.TemporaryDirectory(prefix="fob-interop-") as folder:
        database, log = Path(folder, "site.sqlite3"), Path(folder, "log")
        with open(log, "w") as errors:
            command = [sys.executable, *(f"-W{option}" for option in sys.warnoptions), __file__, str(database), json.dumps(options)]
            server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            port = server.stdout.readline().strip()
            assert port.isdigit(), f"the server did not start: {log.read_text()}"
            yield f"http://127.0.0.1:{port}", database
        finally:
            server.terminate()
            server.wait(timeout=10)
            server.stdout.close()


def serve(database, simple_jwt=None, **other):
    """Serves until it is stopped, and prints its port."""
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            pass

    seconds = {name: timedelta(seconds=value) if name.endswith("LIFETIME") else value for name, value in (simple_jwt or {}).items()}
    set_up(
        database,
        seconds,
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend", f"{__name__}.ByEmail"],
        **other,
    )

    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    print(server.server_port, flush=True)
    server.serve_forever()


class ByEmail:
    """Lets users log in by their address, as many projects do."""

    def authenticate(self, request, email=None, password=None):
        from django.contrib.auth import get_user_model

        user = get_user_model().objects.filter(email=email).first() if email else None
        return user if user and user.check_password(password) else None

    def get_user(self, identifier):
        return None


def __getattr__(name):
    """Returns the routes when Django asks for them: the views cannot be imported before the settings exist."""
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
    from rest_framework_simplejwt.serializers import TokenObtainPairSerializer
    from rest_framework_simplejwt.tokens import SlidingToken

    class EmailSerializer(TokenObtainPairSerializer):
        username_field = "email"

    class WhoAmI(APIView):
        permission_classes = [IsAuthenticated]

        def get(self, request):
            return Response({"id": request.user.id, "username": request.user.username})

    class Sliding(JWTAuthentication):
        """AUTH_TOKEN_CLASSES with a sliding token, for one view."""

        def get_validated_token(self, raw_token):
            return SlidingToken(raw_token)

    return [
        path("simplejwt/obtain", views.TokenObtainPairView.as_view()),
        path("simplejwt/verify", views.TokenVerifyView.as_view()),
        path("simplejwt/refresh", views.TokenRefreshView.as_view()),
        path("simplejwt/blacklist", views.TokenBlacklistView.as_view()),
        path("simplejwt/by-email", views.TokenObtainPairView.as_view(serializer_class=EmailSerializer)),
        path("simplejwt/with-slash/", views.TokenObtainPairView.as_view()),
        path("simplejwt/sliding/obtain", views.TokenObtainSlidingView.as_view()),
        path("simplejwt/sliding/refresh", views.TokenRefreshSlidingView.as_view()),
        path("simplejwt/sliding/whoami", WhoAmI.as_view(authentication_classes=[Sliding])),
        path("simplejwt/whoami", WhoAmI.as_view(authentication_classes=[JWTAuthentication])),
        path("drf-jwt/obtain", obtain_jwt_token),
        path("drf-jwt/verify", verify_jwt_token),
        path("drf-jwt/refresh", refresh_jwt_token),
        path("drf-jwt/blacklist", BlacklistView.as_view({"post": "create"}, authentication_classes=[JSONWebTokenAuthentication])),
        path("drf-jwt/whoami", WhoAmI.as_view(authentication_classes=[JSONWebTokenAuthentication])),
    ]


if __name__ == "__main__":
    import django_site  # by its name, which the settings say

    django_site.serve(sys.argv[1], **json.loads(sys.argv[2]))

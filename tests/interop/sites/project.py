"""A Django project in memory for one site.

Owns: the settings that the Django sites share, the database, the users. Must not: serve, or know a package.
"""

import django
from django.conf import settings

from fob import SECRET
from sites import BRIEF, EMAIL, PASSWORD, USERNAME


def set_up(routes, apps, middleware=(), **other):
    """Sets the project up with the routes of this module, and returns its WSGI application."""
    settings.configure(
        SECRET_KEY=SECRET,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=routes,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # quick; no password outlives the run
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", *apps],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            *middleware,
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        **other,
    )
    django.setup()

    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user(USERNAME, email=EMAIL, password=PASSWORD)
    get_user_model().objects.create_user(BRIEF, email=BRIEF, password=PASSWORD)
    return get_wsgi_application()

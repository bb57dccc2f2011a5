"""simplejwt and drf-jwt: the project of django_site.py, in memory.

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
        JWT_AUTH={"JWT_AUTH_HEADER_PREFIX": prefix} | ({"JWT_EXPIRATION_DELTA": soon} if brief else {}),
    )
    user.set_password(PASSWORD)
    user.save()

    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()

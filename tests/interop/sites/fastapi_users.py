"""fastapi-users with a JWT strategy: the bearer transport below /auth/jwt, the cookie transport below /auth/cookie, and an
opaque token of its database strategy, which a log-out revokes, below /auth/database. It has no refresh tokens.

Owns: the application and its users, in memory. Must not: check anything.
"""

import uuid
from dataclasses import dataclass, field

from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, CookieTransport, JWTStrategy, Strategy
from fastapi_users.db import BaseUserDatabase
from fastapi_users.password import PasswordHelper

from fob import SECRET
from sites import BRIEF, PASSWORD, SECONDS, USERNAME

ASGI = True


@dataclass
class User:
    email: str
    hashed_password: str
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    is_active: bool = True
    is_superuser: bool = False
    is_verified: bool = True


class Users(BaseUserDatabase):
    def __init__(self):
        hashed = PasswordHelper().hash(PASSWORD)
        self.users = [User(USERNAME, hashed), User(BRIEF, hashed)]

    async def get(self, id):
        return next((user for user in self.users if user.id == id), None)

    async def get_by_email(self, email):
        return next((user for user in self.users if user.email == email), None)

    async def update(self, user, values):
        vars(user).update(values)
        return user


class Manager(UUIDIDMixin, BaseUserManager):
    reset_password_token_secret = verification_token_secret = SECRET


class Jwt(JWTStrategy):
    async def write_token(self, user):
        self.lifetime_seconds = SECONDS if user.email == BRIEF else 3600
        return await super().write_token(user)


class Opaque(Strategy):
    """Opaque tokens in memory, as the database strategy has them in a table."""

    tokens = {}

    async def read_token(self, token, manager):
        return await manager.user_db.get(self.tokens[token]) if token in self.tokens else None

    async def write_token(self, user):
        token = uuid.uuid4().hex
        self.tokens[token] = user.id
        return token

    async def destroy_token(self, token, user):
        self.tokens.pop(token, None)


def application():
    users = Users()
    backends = [
        AuthenticationBackend(name="jwt", transport=BearerTransport("auth/jwt/login"), get_strategy=lambda: Jwt(SECRET, 3600)),
        # Without TLS a client would not send a secure cookie.
        AuthenticationBackend(name="cookie", transport=CookieTransport(cookie_max_age=3600, cookie_secure=False), get_strategy=lambda: Jwt(SECRET, 3600)),
        AuthenticationBackend(name="database", transport=BearerTransport("auth/database/login"), get_strategy=lambda: Opaque()),
    ]
    api = FastAPIUsers(lambda: Manager(users), backends)
    app = FastAPI()
    for backend in backends:
        app.include_router(api.get_auth_router(backend), prefix=f"/auth/{backend.name}")

    @app.get("/whoami")
    async def whoami(user: User = Depends(api.current_user(active=True))):
        return {"username": user.email}

    return app

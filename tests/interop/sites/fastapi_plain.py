"""FastAPI as its tutorial has it: OAuth2PasswordRequestForm and PyJWT. Below /nested the answer is wrapped in `data`.
The refresh view is what projects add: JSON with `refresh_token`, rotated, each for one use. No token carries a `jti`.

Owns: the application. Must not: check anything.
"""

import secrets
import time
from typing import Annotated

import jwt
from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

from fob import SECRET
from sites import BRIEF, PASSWORD, SECONDS, USERNAME

ASGI = True
DAY = 86400


def refused(detail):
    return HTTPException(401, detail, {"WWW-Authenticate": "Bearer"})


def mint(user, kind, lifetime):
    lifetime = SECONDS if user == BRIEF else lifetime
    # Two tokens of one second would be the same text, so `nonce` tells them apart.
    claims = {"sub": user, "type": kind, "exp": int(time.time()) + lifetime, "nonce": secrets.token_hex(4)}
    return jwt.encode(claims, SECRET, algorithm="HS256")


def read(token, kind):
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    except jwt.ExpiredSignatureError:
        raise refused("Token has expired")
    except jwt.InvalidTokenError:
        raise refused("Could not validate credentials")
    if claims.get("type") != kind:
        raise refused("Could not validate credentials")
    return claims["sub"]


def routes(prefix, wrap):
    """Returns the routes, with each answer that holds tokens wrapped."""
    router = APIRouter(prefix=prefix)
    bearer = OAuth2PasswordBearer(tokenUrl=f"{prefix}/token")
    used = set()

    def answer(user):
        return wrap({
            "access_token": mint(user, "access", 1800), "refresh_token": mint(user, "refresh", 7 * DAY),
            "token_type": "bearer", "expires_in": SECONDS if user == BRIEF else 1800,
        })

    @router.post("/token")
    def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
        if form.username not in (USERNAME, BRIEF) or form.password != PASSWORD:
            raise refused("Incorrect username or password")
        return answer(form.username)

    @router.post("/refresh")
    def refresh(refresh_token: Annotated[str, Body(embed=True)]):
        user = read(refresh_token, "refresh")
        if refresh_token in used:
            raise refused("Token has been revoked")
        used.add(refresh_token)
        return answer(user)

    @router.post("/logout")
    def logout(refresh_token: Annotated[str, Body(embed=True)]):
        read(refresh_token, "refresh")
        used.add(refresh_token)
        return {"detail": "Logged out"}

    @router.get("/whoami")
    def whoami(token: Annotated[str, Depends(bearer)]):
        return {"username": read(token, "access")}

    return router


def application():
    app = FastAPI()
    app.include_router(routes("/plain", lambda answer: answer))
    app.include_router(routes("/nested", lambda answer: {"status": "ok", "data": answer}))
    return app

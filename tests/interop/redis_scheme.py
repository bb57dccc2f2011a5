"""The Redis scheme `user:{user_id}:token` as programs write it by hand, with redis-py and PyJWT: a set of the access tokens that
are still good. Its tokens have neither `jti` nor `iat`. It also starts the server that holds the sets.

Owns: the scheme, and the server's process. Must not: check anything, or know fob.
"""

import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager

import jwt
import redis

ACCESS, REFRESH = 2 * 3600, 14 * 86400  # seconds
START = 20  # seconds that a server may take to start on a busy machine
SERVERS = tuple(name for name in ("redis-server", "valkey-server") if shutil.which(name))


class Scheme:
    """A program that logs users in and out. The set of a user holds texts of tokens, and nothing else."""

    def __init__(self, port, secret):
        self.redis, self.secret = redis.Redis(port=port, decode_responses=True), secret

    def token(self, user, seconds, **claims):
        """Returns a token that no set holds."""
        return jwt.encode({"user_id": user, "exp": int(time.time()) + seconds, **claims}, self.secret, "HS256")

    def log_in(self, user, seconds=ACCESS):
        """Returns a new access token, which the set of its user holds."""
        token = self.token(user, seconds)
        self.redis.sadd(f"user:{user}:token", token)
        self.redis.expire(f"user:{user}:token", seconds)
        return token

    def log_out(self, user, token):
        """Takes one device out of the set. The marker keeps the set, since a user without a set may do everything."""
        self.redis.sadd(f"user:{user}:token", "-")
        self.redis.srem(f"user:{user}:token", token)

    def log_out_everywhere(self, user):
        """Takes all devices out of the set."""
        with self.redis.pipeline() as pipeline:
            pipeline.delete(f"user:{user}:token")
            pipeline.sadd(f"user:{user}:token", "-")
            pipeline.expire(f"user:{user}:token", ACCESS)
            pipeline.execute()

    def check(self, token):
        """Returns the HTTP status of a request with this access token."""
        try:
            key = f"user:{jwt.decode(token, self.secret, ['HS256'])['user_id']}:token"
        except jwt.PyJWTError:
            return 401
        return 403 if self.redis.exists(key) and not self.redis.sismember(key, token) else 200

    def check_refresh(self, token):
        """Returns the HTTP status of a request for a new access token."""
        try:
            jwt.decode(token, self.secret, ["HS256"])
        except jwt.ExpiredSignatureError:
            return 403
        except jwt.PyJWTError:
            return 401
        return 200


@contextmanager
def running(program):
    """Yields the port of a new and empty server, which ends with the block."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder, "--logfile", f"{folder}/log")
        process = subprocess.Popen([program, *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            deadline, client = time.monotonic() + START, redis.Redis(port=port)
            while True:
                try:
                    client.ping()
                    break
                except redis.RedisError:
                    assert process.poll() is None and time.monotonic() < deadline, f"{program} did not start"
                    time.sleep(0.02)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)

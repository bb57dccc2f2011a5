"""Runs the program under test and keeps its answers.

Owns: the path of the binary (environment variable FOB), how a secret or a key is handed over, the secrets of these checks.
Must not: judge the answers; the checks do.
"""

import base64
import hashlib
import json
import os
import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ALGORITHMS = ("HS256", "HS384", "HS512")
# 64 characters: long enough for every HMAC of the three.
SECRET = "interop-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJK"
OTHER_SECRET = "another-secret-9876543210-zyxwvutsrqponmlkjihgfedcba-KJIHGFEDCBA"
PASSWORD = "interop password 0123 é"
# Keys are passed as files, in a folder that stays, so that a failed command can be repeated.
KEYS = Path(os.environ.get("INTEROP_KEYS") or tempfile.mkdtemp(prefix="fob-interop-"))

ACCEPTED, REJECTED, NOTHING_JUDGED, ONLY_TIME, NO_TOKEN = range(5)


@dataclass
class Answer:
    """The result of one run: the exit status, both streams, and the command to repeat it."""

    command: str
    status: int
    stdout: str
    stderr: str

    def text(self):
        """Returns standard output of a successful run, without its one trailing line break."""
        assert self.status == 0, f"exit status {self.status}, wanted 0"
        assert self.stdout.endswith("\n") and not self.stdout.endswith("\n\n"), f"one line break: {self.stdout!r}"
        return self.stdout[:-1]

    def json(self):
        """Returns standard output as JSON, for any status."""
        return json.loads(self.stdout)


last_answer = None


def file_of(content):
    """Returns the path of a new file with these bytes, readable by its owner alone."""
    path = KEYS / hashlib.sha256(content).hexdigest()[:16]
    if not path.exists():
        KEYS.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:
            file.write(content)
    return path


def fob(*arguments, secret=SECRET, key=None, password=None, at=None, stdin="", wrapper=()):
    """Runs `fob ARGUMENTS`: the secret and the password go through the environment, a key (its bytes) takes the place
    of the secret and goes through a file, `at` sets the clock, the wrapper is a program that runs fob."""
    global last_answer
    arguments = [str(argument) for argument in arguments]
    given = {}
    if key is not None:
        arguments += ["--key", str(file_of(key))]
    elif secret is not None:
        given["INTEROP_SECRET"] = secret
        arguments += ["--secret-env", "INTEROP_SECRET"]
    if password is not None:
        given["INTEROP_PASSWORD"] = password
        arguments += ["--key-password-env", "INTEROP_PASSWORD"]
    if at is not None:
        arguments += ["--at", f"@{int(at)}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOB")} | given
    stdin = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run(
        [*wrapper, os.environ["FOB"], *arguments], env=environment, input=stdin, capture_output=True, timeout=60
    )
    shown = " ".join([*(f"{name}={shlex.quote(value)}" for name, value in given.items()), shlex.join(["fob", *arguments])])
    last_answer = Answer(shown, done.returncode, done.stdout.decode(), done.stderr.decode())
    return last_answer


def encode(claims, algorithm="HS256", *options, **how):
    """Returns a token over exactly these claims."""
    return fob("encode", json.dumps(claims), "--no-iat", "--alg", algorithm, *options, **how).text()


def verify(token, algorithm="HS256", *options, **how):
    """Returns the answer of `fob verify --json`."""
    return fob("verify", token, "--json", "--alg", algorithm, *options, **how)


def pair(*options, **how):
    """Returns what `fob pair` mints, as a dict."""
    return json.loads(fob("pair", "--format", "json", *options, **how).text())


def refresh(token, *options, **how):
    """Returns what `fob refresh` mints, as a dict."""
    return json.loads(fob("refresh", token, "--format", "json", *options, **how).text())


def claims_of(token):
    """Returns the claims of a token, unverified."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def accepts(token, algorithm="HS256", *options, **how):
    """Asserts that `fob verify` accepts, and returns the verified payload."""
    answer = verify(token, algorithm, *options, **how)
    assert answer.status == ACCEPTED, f"fob verify: exit status {answer.status}"
    assert answer.json()["verdict"] == "accepted", f"verdict {answer.json()['verdict']!r}"
    return answer.json()["payload"]


def rejects(reason, token, algorithm="HS256", *options, status=REJECTED, **how):
    """Asserts that `fob verify` rejects with this status and names this reason."""
    answer = verify(token, algorithm, *options, **how)
    assert answer.status == status, f"fob verify: exit status {answer.status}, wanted {status}"
    assert reason in answer.json()["reasons"], f"reasons {answer.json()['reasons']}, wanted {reason}"

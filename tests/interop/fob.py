"""Runs the program under test and keeps what it answered.

Owns: the path of the binary (environment variable FOB), how a secret is handed over, the secrets of these checks.
Must not: judge; that is the business of the checks.
"""

import base64
import json
import os
import shlex
import subprocess
from dataclasses import dataclass

ALGORITHMS = ("HS256", "HS384", "HS512")
# 64 characters: long enough for every HMAC of the three.
SECRET = "interop-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJK"
OTHER_SECRET = "another-secret-9876543210-zyxwvutsrqponmlkjihgfedcba-KJIHGFEDCBA"

ACCEPTED, REJECTED, NOTHING_JUDGED, ONLY_TIME, NO_TOKEN = range(5)


@dataclass
class Answer:
    """What one run said: the exit status, both streams, and the command for whoever has to repeat it."""

    command: str
    status: int
    stdout: str
    stderr: str

    def text(self):
        """Standard output of a run that had to succeed, less its one trailing line break."""
        assert self.status == 0, f"exit status {self.status}, wanted 0"
        assert self.stdout.endswith("\n") and not self.stdout.endswith("\n\n"), f"one line break: {self.stdout!r}"
        return self.stdout[:-1]

    def json(self):
        """Standard output as JSON, whatever the status was."""
        return json.loads(self.stdout)


last_answer = None


def fob(*arguments, secret=SECRET, at=None, stdin=""):
    """Runs `fob ARGUMENTS`; the secret goes through the environment, `at` sets the clock."""
    global last_answer
    arguments = [str(argument) for argument in arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOB")}
    if secret is not None:
        environment["INTEROP_SECRET"] = secret
        arguments += ["--secret-env", "INTEROP_SECRET"]
    if at is not None:
        arguments += ["--at", f"@{int(at)}"]
    done = subprocess.run(
        [os.environ["FOB"], *arguments], env=environment, input=stdin.encode(), capture_output=True, timeout=60
    )
    shown = shlex.join(["fob", *arguments])
    if secret is not None:
        shown = f"INTEROP_SECRET={shlex.quote(secret)} {shown}"
    last_answer = Answer(shown, done.returncode, done.stdout.decode(), done.stderr.decode())
    return last_answer


def encode(claims, algorithm="HS256", *options, **how):
    """A token over exactly these claims."""
    return fob("encode", json.dumps(claims), "--no-iat", "--alg", algorithm, *options, **how).text()


def verify(token, algorithm="HS256", *options, **how):
    """The answer of `fob verify --json`."""
    return fob("verify", token, "--json", "--alg", algorithm, *options, **how)


def pair(*options, **how):
    """What `fob pair` mints, as a dict."""
    return json.loads(fob("pair", "--format", "json", *options, **how).text())


def refresh(token, *options, **how):
    """What `fob refresh` mints, as a dict."""
    return json.loads(fob("refresh", token, "--format", "json", *options, **how).text())


def claims_of(token):
    """The claims of a token nobody has to vouch for."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def accepts(token, algorithm="HS256", *options, **how):
    """Asserts that `fob verify` accepts, and hands out the payload it vouches for."""
    answer = verify(token, algorithm, *options, **how)
    assert answer.status == ACCEPTED, f"fob verify: exit status {answer.status}"
    assert answer.json()["verdict"] == "accepted", f"verdict {answer.json()['verdict']!r}"
    return answer.json()["payload"]


def rejects(reason, token, algorithm="HS256", *options, status=REJECTED, **how):
    """Asserts that `fob verify` rejects with this status and names this reason."""
    answer = verify(token, algorithm, *options, **how)
    assert answer.status == status, f"fob verify: exit status {answer.status}, wanted {status}"
    assert reason in answer.json()["reasons"], f"reasons {answer.json()['reasons']}, wanted {reason}"

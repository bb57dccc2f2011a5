"""What the long runs share: the program, its tokens, processes and a table of results."""

import base64
import hashlib
import hmac
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOB = str(pathlib.Path(os.environ.get("FOB_BINARY", ROOT / "target/release/fob")).absolute())
SECRET = "a-secret-of-the-long-runs-32-bytes!!"
ISSUER = "https://id.example"
EXPIRES = 4_102_444_800
ENVIRONMENT = {"FOB_SECRET": SECRET, "PATH": os.environ["PATH"]}

rows = []
faults = []


def say(text):
    print(text, file=sys.stderr, flush=True)


def row(what, figure, good=True):
    """Adds a line to the table. A figure that is not good fails the run."""
    rows.append((what, figure))
    say(f"  {what}: {figure}")
    if not good:
        faults.append(f"{what}: {figure}")


def encoded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


HEADER = encoded(b'{"alg":"HS256","typ":"JWT"}')


def token(jti, sub):
    """Returns a refresh token."""
    claims = f'{{"token_type":"refresh","iss":"{ISSUER}","sub":"{sub}","jti":"{jti}","exp":{EXPIRES}}}'
    signed = f"{HEADER}.{encoded(claims.encode())}"
    return f"{signed}.{encoded(hmac.digest(SECRET.encode(), signed.encode(), 'sha256'))}"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def families(count):
    """Yields the records of a refresh token, its family and its subject, with their tags, as `fob pair --store` writes them."""
    for number in range(count):
        jti, sub = f"filler-{number}", f"user-{number}"
        tag, name = digest(f"subject {sub}"), digest(f"token {len(ISSUER)} {ISSUER}{jti}")
        of = f'"iss":"{ISSUER}","sub":"{sub}"'
        end = EXPIRES * 1000
        yield tag, f"token:{name}", f'{{"record":"token","jti":"{jti}",{of},"role":"refresh","family":"{name}","exp":{end}}}'
        yield tag, f"family:{name}", f'{{"record":"family","id":"{name}",{of},"epoch":0,"begun":1700000000000,"current":"{jti}","exp":{end}}}'
        yield tag, "subject", f'{{"record":"subject","sub":"{sub}","epoch":0,"revocations":[],"latest":{end}}}'


def fob(*words, stdin="", environment=None):
    """Runs the program, and returns the exit status, standard output and standard error."""
    done = subprocess.run([FOB, *words], input=stdin, capture_output=True, text=True, env=environment or ENVIRONMENT)
    return done.returncode, done.stdout, done.stderr


def verdicts(tokens, *options):
    """Verifies tokens, and returns a verdict for each: `accepted`, or the reasons. If the store fails, the rest have none."""
    status, out, err = fob("verify", "--lines", "-", *options, stdin="".join(f"{token}\n" for token in tokens))
    lines = [line.split("\t") for line in out.splitlines()]
    if (len(lines) < len(tokens)) != (status == 2):
        faults.append(f"status {status} with {len(lines)} verdicts on {len(tokens)} tokens: {err}")
    return [columns[0] if columns[0] == "accepted" else columns[-1] for columns in lines]


def early_and_late(samples):
    """Returns the medians of the first and of the last quarter."""
    quarter = max(1, len(samples) // 4)
    return statistics.median(samples[:quarter]), statistics.median(samples[-quarter:])


def memory(process, name):
    """Returns a size from the status of a process, in MiB: `VmHWM` is the peak."""
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0


class RedisServer:
    """A server on a free port of the loopback interface, in a folder of its own."""

    def __init__(self, folder, leader=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        place = pathlib.Path(folder) / f"redis-{self.port}"
        place.mkdir()
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(place), "--save", "", "--repl-diskless-sync-delay", "0"]
        words += ["--replicaof", f"127.0.0.1 {leader.port}"] if leader else []
        server = os.environ.get("FOB_REDIS_SERVER", "redis-server")
        self.process = subprocess.Popen([server, *words], stdout=subprocess.DEVNULL)
        self.url = f"redis://127.0.0.1:{self.port}"
        for _ in range(200):
            try:
                self.ask("PING")
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("the Redis server does not start")

    def send(self, commands):
        """Sends commands as one batch, and returns the first line of each answer."""
        batch = bytearray()
        for command in commands:
            batch += b"*%d\r\n" % len(command)
            for word in command:
                word = str(word).encode()
                batch += b"$%d\r\n%s\r\n" % (len(word), word)
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as link:
            link.sendall(batch)
            with link.makefile("rb") as answers:
                return [self.answer(answers) for _ in commands]

    def answer(self, answers):
        line = answers.readline().decode().strip()
        if line.startswith("$") and line != "$-1":
            return answers.read(int(line[1:]) + 2).decode()
        return line

    def ask(self, *command):
        return self.send([command])[0]

    def has_role(self, *texts):
        return all(text in self.ask("INFO", "replication") for text in texts)

    def wait_for(self, *texts):
        """Waits until the state of the replication holds some texts."""
        for _ in range(1200):
            if self.has_role(*texts):
                return
            time.sleep(0.05)
        raise SystemExit(f"no replication: {self.ask('INFO', 'replication')}")

    def kill(self):
        self.process.kill()
        self.process.wait()

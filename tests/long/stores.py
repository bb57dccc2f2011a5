"""A store of many families under load. Every acknowledged change is checked at the end: it must still be in force."""

import itertools
import json
import pathlib
import sqlite3
import subprocess
import sys
import threading
import time

from tools import EXPIRES, FOB, RedisServer, early_and_late, families, faults, fob, row, say, token, verdicts

BATCH = 1000
WORKERS = 3


class Load:
    """Workers that log in, refresh and revoke, and one that uses tokens of the filled families."""

    def __init__(self, name, url, count):
        self.name, self.url, self.count = name, url, count
        self.used, self.revoked, self.times = [], [], []
        self.refusals = 0
        self.number = itertools.count()
        self.ends = False
        self.lock = threading.Lock()

    def failed(self, status, err):
        """Notes a command that the store refused. The change is not acknowledged, so nothing is known of it."""
        if status != 2:
            faults.append(f"{self.name}: status {status}: {err}")
        with self.lock:
            self.refusals += 1
        time.sleep(0.05)

    def sessions(self, worker):
        for number in itertools.count():
            if self.ends:
                return
            status, out, err = fob("pair", "--sub", f"{worker}-{number}", "--json", "-q", "--store", self.url)
            if status != 0:
                self.failed(status, err)
                continue
            refresh = json.loads(out)["refresh"]
            for _ in range(2):
                status, out, err = fob("refresh", refresh, "--rotate", "--json", "-q", "--store", self.url)
                if status != 0:
                    break
                with self.lock:
                    self.used.append(refresh)
                refresh = json.loads(out)["refresh"]
            else:
                status, _, err = fob("revoke", refresh, "--family", "-q", "--store", self.url)
                if status == 0:
                    with self.lock:
                        self.revoked.append(refresh)
            if status != 0:
                self.failed(status, err)

    def uses(self):
        while not self.ends:
            numbers = [next(self.number) % self.count for _ in range(BATCH)]
            batch = [token(f"filler-{number}", f"user-{number}") for number in numbers]
            start = time.monotonic()
            found = verdicts(batch, "--once", "--store", self.url)
            if len(found) == BATCH:
                self.times.append(time.monotonic() - start)
            accepted = [token for token, verdict in zip(batch, found) if verdict == "accepted"]
            with self.lock:
                self.used += accepted
            if len(accepted) < BATCH:
                self.failed(2, "")

    def run(self, seconds, events=()):
        """Runs the load, and calls each event after a part of the time."""
        tasks = [threading.Thread(target=self.sessions, args=(worker,)) for worker in range(WORKERS)]
        tasks.append(threading.Thread(target=self.uses))
        start = time.monotonic()
        for task in tasks:
            task.start()
        for share, event in events:
            time.sleep(max(0, start + share * seconds - time.monotonic()))
            event()
        time.sleep(max(0, start + seconds - time.monotonic()))
        self.ends = True
        for task in tasks:
            task.join()

    def lost(self):
        """Returns how many acknowledged changes are not in force."""
        lost = 0
        for tokens, wanted in [(self.revoked, {"revoked"}), (self.used, {"reused", "revoked"})]:
            for start in range(0, len(tokens), 100 * BATCH):
                part = tokens[start : start + 100 * BATCH]
                found = verdicts(part, "--store", self.url)
                lost += len(part) - sum(bool(set(verdict.split(",")) & wanted) for verdict in found)
        return lost

    def report(self, is_even=True, may_lose=False):
        """Notes the figures of the load. Times are compared if the store was there all the time."""
        lost = self.lost()
        done = len(self.used) + len(self.revoked)
        row(f"{self.name}: acknowledged changes, refused commands", f"{done:,}, {self.refusals:,}", done > 0)
        row(f"{self.name}: acknowledged changes that are not in force", lost, may_lose or lost == 0)
        if is_even:
            early, late = early_and_late(self.times)
            row(f"{self.name}: time for a thousand decisions, late to early", f"{late / early:.2f}")


def filled_file(folder, count):
    """Returns the path of a file with many families."""
    path = pathlib.Path(folder) / "families.db"
    fob("pair", "--sub", "first", "-q", "--store", str(path))
    say(f"filling a file with {count:,} families")
    with sqlite3.connect(path) as file:
        # The names are random, so every page is written many times.
        file.execute("PRAGMA cache_size = -1000000")
        records = ((*record, EXPIRES * 1000) for record in families(count))
        file.executemany("INSERT INTO records (tag, name, text, expires) VALUES (?, ?, ?, ?)", records)
    file.close()
    return str(path)


def filled_server(folder, count):
    """Returns a server with many families."""
    server = RedisServer(folder)
    fob("pair", "--sub", "first", "-q", "--store", server.url)
    say(f"filling a server with {count:,} families")
    records = families(count)
    while page := list(itertools.islice(records, 3000)):
        server.send([("SET", f"fob:{{{tag}}}:{name}", text) for tag, name, text in page])
    return server


def on_list(folder, count):
    """Lists a tenth of the families, and all of them."""
    times = []
    for part in (count // 10, count):
        place = pathlib.Path(folder) / str(part)
        place.mkdir(mode=0o700)
        url = filled_file(place, part)
        start = time.monotonic()
        process = subprocess.Popen([FOB, "revoke", "--list", "--store", url], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        lines = sum(1 for _ in process.stdout)
        times.append(time.monotonic() - start)
        row("revoke --list: families, lines", f"{part:,}, {lines:,}", process.wait() == 0 and lines > part)
    row("revoke --list: time for ten times the families", f"{times[1] / times[0]:.1f}")


def on_sqlite(folder, count, seconds):
    load = Load("SQLite", filled_file(folder, count), count)
    load.run(seconds)
    load.report()


def on_redis(folder, count, seconds):
    leader = filled_server(folder, count)
    servers = [leader]
    try:
        replica = RedisServer(folder, leader)
        servers.append(replica)
        leader.wait_for("state=online")
        load = Load("Redis", leader.url, count)

        def fail_over():
            say("the replica takes over")
            answer = leader.ask("FAILOVER", "TO", "127.0.0.1", replica.port, "TIMEOUT", 20000)
            replica.wait_for("role:master")
            load.url = replica.url
            row("Redis: the replica takes over", answer, answer == "+OK")

        load.run(seconds, [(0.5, fail_over)])
        load.report()
        full_memory(replica, load, min(15, seconds))
        crash(replica, leader, load, min(15, seconds))
    finally:
        for server in servers:
            server.kill()


def full_memory(server, load, seconds):
    """The server has no room left for a while."""
    full = Load("Redis without room", server.url, load.count)
    full.number = load.number
    events = [
        (0.3, lambda: server.send([("CONFIG", "SET", "maxmemory", 1), ("CONFIG", "SET", "maxmemory-policy", "noeviction")])),
        (0.6, lambda: server.ask("CONFIG", "SET", "maxmemory", 0)),
    ]
    full.run(seconds, events)
    full.report(is_even=False)
    row("Redis without room: refused commands meanwhile", f"{full.refusals:,}", full.refusals > 0)


def crash(leader, replica, load, seconds):
    """The leader is killed, and its replica takes over as it is."""
    leader.wait_for("state=online")
    crashed = Load("Redis, leader killed", leader.url, load.count)
    crashed.number = load.number

    def kill():
        leader.kill()
        replica.ask("REPLICAOF", "NO", "ONE")
        crashed.url = replica.url

    crashed.run(seconds, [(0.5, kill)])
    # Redis copies to its replicas after it acknowledges.
    crashed.report(is_even=False, may_lose=True)


def on_full_disk(folder):
    """Runs `fill_disk` in a mount namespace of its own."""
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", sys.executable, __file__, str(folder)], capture_output=True, text=True
    )
    if done.returncode != 0:
        row("full disk", f"failed: {done.stderr[-300:]}", False)
        return
    status, acknowledged, others, lost, late = json.loads(done.stdout.splitlines()[-1])
    row("full disk: exit status", status, status == 2)
    row("full disk: acknowledged changes, other tokens", f"{acknowledged:,}, {others:,}", acknowledged > 0 and others > 0)
    row("full disk: acknowledged changes that are not in force", lost, lost == 0)
    row("full disk: other tokens that are accepted when there is room", f"{late:,}", late > 0)


def fill_disk(folder):
    """Uses tokens until the disk is full, makes room, and checks what was acknowledged."""
    disk = pathlib.Path(folder) / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", disk], check=True)
    url = str(disk / "store.db")
    tokens = [token(f"disk-{number}", f"user-{number}") for number in range(40_000)]
    # The run ends at the first token that the store cannot take.
    status, out, _ = fob("verify", "--lines", "-", "--once", "--store", url, stdin="\n".join(tokens))
    found = out.splitlines()
    accepted = [token for token, verdict in zip(tokens, found) if verdict == "accepted"]
    others = [token for token, verdict in itertools.zip_longest(tokens, found) if verdict != "accepted"]
    subprocess.run(["mount", "-o", "remount,size=256m", disk], check=True)
    again = verdicts(accepted, "--store", url)
    late = verdicts(others, "--once", "--store", url)
    print(json.dumps([status, len(accepted), len(others), len(accepted) - sum("reused" in verdict for verdict in again), late.count("accepted")]))


if __name__ == "__main__":
    fill_disk(sys.argv[1])

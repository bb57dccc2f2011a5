"""Checks fob beside a program that keeps `user:{user_id}:token` by hand, on a real server: each side understands at once what the
other wrote, also when both write at the same time.

Owns: what is compared between the two. Must not: know how the scheme is written, or how the server is started.
"""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor

from fob import ACCEPTED, NO_TOKEN, ONLY_TIME, REJECTED, SECRET, fob
from redis_scheme import ACCESS, REFRESH, SERVERS, Scheme, running
from tally import Tally, same

tally = Tally("Redis scheme")
MARK = {"token_type": "refresh"}


class Beside:
    """fob on the same server."""

    def __init__(self, port):
        self.store = f"redis://127.0.0.1:{port}?layout=user-token-set"

    def run(self, *arguments, more="", **how):
        return fob(*arguments, "--store", self.store + more, **how)

    def verify(self, token, more=""):
        """Returns the exit status and the reasons."""
        answer = self.run("verify", "--json", "--alg", "HS256", "-", more=more, stdin=token)
        return answer.status, answer.json().get("reasons", [])

    def check(self, token):
        """Returns the HTTP status that the scheme gives to this verdict: 403 if nothing but the set refuses the token."""
        status, reasons = self.verify(token)
        return 200 if status == ACCEPTED else 403 if reasons == ["revoked"] else 401

    def revoke(self, *arguments, **how):
        """Revokes, and returns the report."""
        answer = self.run("revoke", "--json", *arguments, secret=None, **how)
        same(answer.status, ACCEPTED, "exit status of fob revoke")
        return answer.json()

    def pair(self, user):
        """Returns the access token and the refresh token of a log-in."""
        tokens = json.loads(self.run("pair", "--json", "--user-id", user, "--access-ttl", f"{ACCESS}s").text())
        return tokens["access"], tokens["refresh"]

    def refresh(self, token):
        return self.run("refresh", "--json", "--rotate", "-", stdin=token)


def agree(program, beside, wanted, *tokens):
    """Asserts that both sides give each token this status."""
    for token in tokens:
        same((program.check(token), beside.check(token)), (wanted, wanted), "HTTP status by the program and by fob")


def forged(token):
    return token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")


def at_once(number, task):
    """Runs a task with 0, 1, 2, … at the same time, and returns the results."""
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(task, range(number)))


def check_scheme(port, name):
    program, beside, users = Scheme(port, SECRET), Beside(port), itertools.count(1)

    with tally.check(f"{name}: 16 answers about access tokens"):
        for record, member in itertools.product((False, True), repeat=2):
            good = program.token(user := next(users), ACCESS)
            for token, without in ((good, 200), (program.token(user, -1), 401), (forged(good), 401), ("", 401)):
                program.redis.delete(key := f"user:{user}:token")
                if record:
                    program.redis.sadd(key, (token or "-") if member else "another.to.ken")
                wanted = 403 if record and not member and token == good else without
                same(program.check(token), wanted, "status by the program")
                if token:
                    same(beside.check(token), wanted, "status by fob")
                else:
                    same(beside.run("verify", "-", stdin="").status, NO_TOKEN, "status without a token")

    with tally.check(f"{name}: 4 answers about refresh tokens"):
        for record, seconds in itertools.product((False, True), (REFRESH, -1)):
            token = program.token(user := next(users), seconds, **MARK)
            if record:
                program.redis.sadd(f"user:{user}:token", "another.to.ken")
            answer = beside.refresh(token)
            wanted = ACCEPTED if program.check_refresh(token) == 200 else ONLY_TIME
            same(answer.status, wanted, "exit status of fob refresh")
            if wanted == ACCEPTED:
                agree(program, beside, 200, answer.json()["access"])

    with tally.check(f"{name}: the program logs in, logs one device out, logs all out, and logs in again"):
        for user in (next(users), "a3f0-7", "zoë@example.org", "a:b"):
            phone, desk = program.log_in(user), program.log_in(user, ACCESS + 1)
            agree(program, beside, 200, phone, desk)
            program.log_out(user, phone)
            agree(program, beside, 403, phone)
            agree(program, beside, 200, desk)
            program.log_out_everywhere(user)
            agree(program, beside, 403, phone, desk)
            agree(program, beside, 200, program.log_in(user, ACCESS + 2))

    with tally.check(f"{name}: fob revokes one device"):
        user = next(users)
        phone, desk = program.log_in(user), program.log_in(user, ACCESS + 1)
        same(beside.revoke("-", stdin=phone)["known"], True, "known")
        agree(program, beside, 403, phone)
        agree(program, beside, 200, desk)
        beside.revoke("-", stdin=desk)
        agree(program, beside, 403, phone, desk)  # the set stays when its last token goes

    for what in (("--subject",), ("--family",)):
        with tally.check(f"{name}: fob revoke {what[0]} revokes all devices, and the program logs in again"):
            user = next(users)
            phone, desk = program.log_in(user), program.log_in(user, ACCESS + 1)
            by_name = (*what, user) if what == ("--subject",) else (*what, "-")
            beside.revoke(*by_name, stdin="" if "-" not in by_name else phone)
            agree(program, beside, 403, phone, desk)
            agree(program, beside, 200, new := program.log_in(user, ACCESS + 2))
            agree(program, beside, 403, phone, desk)
            # In one second, the program issues the same token for two log-ins.
            program.redis.sadd(f"user:{user}:token", phone)
            agree(program, beside, 200, phone, new)

    with tally.check(f"{name}: fob issues and refreshes tokens that the program accepts"):
        user = next(users)
        old = program.log_in(user)
        access, refresh = beside.pair(user)
        agree(program, beside, 200, old, access)
        program.log_out(user, access)
        agree(program, beside, 403, access)
        renewed = beside.refresh(refresh).json()
        agree(program, beside, 200, old, renewed["access"])
        same(program.redis.sismember(f"user:{user}:token", renewed["refresh"]), 0, "refresh tokens in the set")

    with tally.check(f"{name}: fob refreshes a token of the program once, and a second use logs out everywhere"):
        user = next(users)
        access, refresh = program.log_in(user), program.token(user, REFRESH, **MARK)
        new = beside.refresh(refresh).json()["access"]
        agree(program, beside, 200, access, new)
        answer = beside.refresh(refresh)
        same((answer.status, answer.json()["reasons"]), (REJECTED, ["reused"]), "second use")
        agree(program, beside, 403, access, new)
        agree(program, beside, 200, program.log_in(user, ACCESS + 1))

    with tally.check(f"{name}: a link is used once beside a set"):
        link = program.token(user := next(users), 600, purpose="reset")
        program.log_in(user)
        same(beside.run("verify", "--once", "-q", "-", stdin=link).status, ACCEPTED, "first use")
        answer = beside.run("verify", "--once", "--json", "-", stdin=link)
        same((answer.status, answer.json()["reasons"]), (REJECTED, ["reused"]), "second use")

    with tally.check(f"{name}: without a set everything is good, unless missing=deny"):
        user = next(users)
        phone, desk = program.log_in(user), program.log_in(user, ACCESS + 1)
        beside.revoke("-", stdin=phone)
        program.redis.delete(f"user:{user}:token")
        agree(program, beside, 200, desk)
        same(beside.verify(desk, "&missing=deny"), (REJECTED, ["unknown_token"]), "with missing=deny")
        # The program has no record of what fob revoked. fob has.
        same((program.check(phone), beside.check(phone)), (200, 403), "a token that fob revoked")

    with tally.check(f"{name}: no side shortens the life of the set for the other"):
        key = f"user:{(user := next(users))}:token"
        program.log_in(user, 600)
        beside.pair(user)
        assert ACCESS - 60 <= program.redis.ttl(key) <= ACCESS, f"TTL {program.redis.ttl(key)}"
        beside.revoke("-", stdin=program.log_in(user, 600))
        assert program.redis.ttl(key) >= 590, f"TTL {program.redis.ttl(key)}"

    with tally.check(f"{name}: many tokens, a line each"):
        tokens = [program.log_in(user := next(users), ACCESS + number) for number in range(40)]
        for token in tokens[::2]:
            program.log_out(user, token)
        tokens += [program.log_in(user, ACCESS + number) for number in range(50, 60)]
        wanted = ["accepted" if program.check(token) == 200 else "rejected\trevoked" for token in tokens]
        answer = beside.run("verify", "--lines", "-", stdin="\n".join(tokens) + "\n")
        same(answer.stdout.splitlines(), wanted, "verdicts")

    with tally.check(f"{name}: both write at the same time, and nothing is lost"):
        user = next(users)
        program.log_in(user)

        def act(number):
            mine = Scheme(port, SECRET)
            kept, gone = [], []
            for turn in range(4):
                token = mine.log_in(user, ACCESS + 100 + 10 * number + turn)
                (kept if turn % 2 else gone).append(token)
                access, _ = beside.pair(user)
                (gone if turn % 2 else kept).append(access)
            for token in gone[::2]:
                mine.log_out(user, token)
            for token in gone[1::2]:
                beside.revoke("-", stdin=token)
            return kept, gone

        for kept, gone in at_once(8, act):
            agree(program, beside, 200, *kept)
            agree(program, beside, 403, *gone)

    with tally.check(f"{name}: of 16 refreshes of one token, one wins"):
        user = next(users)
        refresh = program.token(user, REFRESH, **MARK)
        answers = at_once(16, lambda _: beside.refresh(refresh))
        same(sorted(answer.status for answer in answers), [ACCEPTED] + 15 * [REJECTED], "exit statuses")
        # The others were second uses.
        winner = next(answer for answer in answers if answer.status == ACCEPTED).json()["access"]
        agree(program, beside, 403, winner)
        agree(program, beside, 200, program.log_in(user))


assert SERVERS, "redis-server and valkey-server are missing"
for server in SERVERS:
    with running(server) as port:
        check_scheme(port, server.removesuffix("-server"))
tally.finish()

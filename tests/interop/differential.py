"""Compares the verdicts of fob and its peers on tokens made from a seed: `differential.py [--count N] [--seed TEXT]`.

Each disagreement must fall under a rule of differ/rules.py, and docs/differences.md must say what the rules say. If both
sides accept, they must read the same payload. Owns: the sums, and the page. Must not: know a rule or a mutation.
"""

import argparse
import math
import multiprocessing
import os
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from differ import judges
from differ.grammar import token
from differ.rules import FOB, RULES, explain
from tally import Tally

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "differences.md"
CHUNK = 2500
INTRODUCTION = """\
# Differences between `fob` and other libraries

Where `fob` and a library disagree about a token, the reason has a name. `tests/interop/differential` makes tokens from a
seed: sound ones, and ones with one to three mutations of header, claims, JSON, Base64, algorithm, signature or form. `fob`,
PyJWT, joserfc, jose and golang-jwt judge each of them with the same key, clock, issuer and audience. PyJWT and golang-jwt
read no encrypted tokens. If two of them accept a token, they must read the same payload. A disagreement without a rule fails
the run. The page is written from the rules, in `tests/interop/differ/rules.py`.

The last column says how many of a million tokens show a rule, with any of the libraries. For golang-jwt, Debian's
version is asked, which is 4.4.3.
"""


def canonical(value):
    """Returns a payload with numbers as doubles, as JavaScript and Go read them; None for those beyond doubles."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            return None
        return number if math.isfinite(number) else None
    if isinstance(value, list):
        return [canonical(item) for item in value]
    return {name: canonical(item) for name, item in value.items()}


def start(folder):
    """Prepares a process: its verifiers live as long as it does."""
    global fob, peers
    fob, peers = judges.Fob(folder), judges.peers()


def chunk(numbered):
    """Judges some tokens, and returns the sums, and up to three faults of each kind."""
    seed, numbers = numbered
    groups = defaultdict(list)
    for number in numbers:
        made = token(f"{seed}/{number}")
        groups[made.kind, made.demands].append((number, made))
    sums, faults, rules = Counter(), defaultdict(list), defaultdict(set)
    for (kind, demands), tokens in groups.items():
        texts = [made.text for _, made in tokens]
        own = list(fob.judge(kind, demands, texts))
        for (number, made), (accepted, _, _) in zip(tokens, own):
            sums["accepted"] += accepted
            if accepted and made.is_forged:
                faults["fob", "a changed signature is accepted"].append((number, made))
        for peer in peers:
            for (number, made), ours, theirs in zip(tokens, own, peer.judge(kind, demands, texts)):
                sums[peer.name, "compared"] += 1
                if ours[0] and theirs[0]:
                    if theirs[2] is not None and canonical(ours[2]) != canonical(theirs[2]):
                        faults[peer.name, "another payload"].append((number, made))
                elif ours[0] != theirs[0]:
                    sums[peer.name, "disagreed"] += 1
                    found = explain(peer.name, ours, theirs, made.names)
                    for name in found:
                        rules[name].add(number)
                    if not found:
                        reasons = ", ".join(ours[1]) or theirs[1][:60]
                        said = "fob accepts, it says" if ours[0] else "it accepts, fob says"
                        faults[peer.name, f"{said} {reasons}"].append((number, made))
    for name, seen in rules.items():
        sums["rule", name] += len(seen)
    return sums, {what: found[:3] for what, found in faults.items()}


def page(sums, count):
    """Returns the text of the page, with the sums of a run of a million tokens."""
    lines = [INTRODUCTION]
    for stricter, title in ((FOB, "`fob` is stricter"), (None, "A library is stricter")):
        lines += [f"## {title}", "", "| difference | why | where it is written | example | with | in a million |", "|---|---|---|---|---|---:|"]
        for rule in RULES:
            if (rule.stricter == FOB) == (stricter == FOB):
                seen = f"{sums['rule', rule.name] * 1_000_000 // count:,}"
                lines.append(f"| {rule.name} | {rule.why} | {rule.source} | {rule.example} | {', '.join(sorted(rule.peers))} | {seen} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def without_sums(text):
    return [line.rsplit("|", 2)[0] for line in text.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", default="1")
    given = parser.parse_args()
    sums, faults = Counter(), defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, multiprocessing.Pool(initializer=start, initargs=(folder,)) as pool:
        numbers = range(given.count)
        chunks = [(given.seed, numbers[at : at + CHUNK]) for at in range(0, given.count, CHUNK)]
        for counted, found in pool.imap_unordered(chunk, chunks):
            sums += counted
            for what, tokens in found.items():
                faults[what] += tokens

    tally = Tally("differential")
    names = [judges.PyJwt.name, judges.Joserfc.name, judges.Jose.name, judges.GolangJwt.name]
    with tally.check("fob accepts no token whose signature or ciphertext was changed"):
        forged = faults.get(("fob", "a changed signature is accepted"), [])
        assert not forged, "; ".join(f"{number} {' '.join(made.names)} {made.text[:200]}" for number, made in forged[:3])
    print(f"{given.count:,} tokens of seed {given.seed!r}, of which fob accepts {sums['accepted']:,}")
    for name in names:
        if not sums[name, "compared"]:
            print(f"NOT CHECKED: {name} is not on this machine")
            continue
        with tally.check(f"{name}: {sums[name, 'compared']:,} compared, {sums[name, 'disagreed']:,} judged otherwise, each by a named rule"):
            wrong = {what: tokens for (peer, what), tokens in faults.items() if peer == name}
            shown = "".join(
                f"\n       {what}: " + "; ".join(f"{number} {' '.join(made.names)} {made.text[:200]}" for number, made in tokens[:3])
                for what, tokens in wrong.items()
            )
            assert not wrong, f"{len(wrong)} disagreements have no rule:{shown}"
    with tally.check("each rule is seen"):
        unseen = [rule.name for rule in RULES if not sums["rule", rule.name]]
        assert not unseen, f"no token shows {unseen}"
    text = page(sums, given.count)
    with tally.check("docs/differences.md says what the rules say"):
        if os.environ.get("FOB_BLESS") and not faults:
            PAGE.write_text(text)
        assert without_sums(PAGE.read_text()) == without_sums(text), "the page differs: FOB_BLESS=1 replaces it"
    tally.finish()


if __name__ == "__main__":
    main()

"""Checks the reports of suite runs with their usual readers, and checks that the readers refuse broken reports.

Owns: the suites, and the expected content of each report. Must not: know how a format is written.
"""

import json
import os
import tempfile
from pathlib import Path
from urllib.parse import unquote

# Under GitHub Actions fob writes annotations and a summary by itself, with paths from the workspace. Here the test asks for them.
for variable in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
    os.environ.pop(variable, None)

import readers
from fob import SECRET, encode, fob
from tally import Tally, same

tally = Tally("reports")
AT = 1_800_000_000
FORMATS = list(readers.READERS)
CLAIMS = {"sub": "alice", "iss": "https://issuer.example", "exp": AT + 600}
GOOD, OLD = encode(CLAIMS), encode(CLAIMS | {"exp": AT - 1})
HOSTILE = [
    "<script>alert(1)</script>",
    "]]> & \"quotes\" 'too'",
    "right to left \u202e and red \u001b[31m and a bell \u0007",
    "good # SKIP # TODO not yet \\# SKIP",
    "ok 7 - another\nnot ok 8\r\nBail out!\n1..0",
    "  ...\n  ---\n: - [{]} yaml \\u202e",
    "::error file=x::y\n::stop-commands::z 100% %0A, a:b",
    "[a link](javascript:alert) {0} {{1}}",
    "noncharacters \ufffe\uffff and tags \U000e0041 and \U0001f511",
]


def suite(cases):
    """Returns a suite as TOML. Each case has a name, a token and an expectation. JSON strings are almost TOML strings."""
    text = f'test_secrets = true\n\n[defaults]\nsecret = {json.dumps(SECRET)}\nat = "@{AT}"\n'
    for name, token, expect, *more in cases:
        quoted = json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")
        text += f"\n[[cases]]\nname = {quoted}\ntoken = {json.dumps(token)}\nexpect = {json.dumps(expect)}\n"
        text += "".join(line + "\n" for line in more)
    return text


class Run:
    """A run over a folder of suites, with a report in every format."""

    def __init__(self, suites, *options, status, formats=FORMATS, repository=False):
        self.folder = tempfile.TemporaryDirectory(prefix="fob-reports-")
        self.suites = suites
        folder = Path(self.folder.name)
        if repository:
            (folder / ".git").mkdir()
            folder = folder / "api"
        (folder / "suites").mkdir(parents=True)
        for name, cases in suites.items():
            (folder / "suites" / name).write_text(suite(cases), encoding="utf-8")
        asked = [argument for name in formats for argument in ("--report", f"{name}={folder / name}")]
        before = os.getcwd()
        os.chdir(folder)
        try:
            self.answer = fob("verify", "--suite", "suites", *asked, *options, secret=None)
        finally:
            os.chdir(before)
        same(self.answer.status, status, "exit status")
        self.stdout = self.answer.stdout.encode()
        self.reports = {name: (folder / name).read_bytes() for name in formats}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def read(self):
        """Returns what each reader read. None of them may refuse."""
        read = {name: readers.READERS[name](content) for name, content in self.reports.items()}
        for content in self.reports.values():
            for secret in (SECRET, GOOD, OLD, GOOD.split(".")[2], GOOD.split(".")[1]):
                assert secret.encode() not in content, f"a report holds {secret}"
        return read


def expect_run(run, passed, failed):
    """Asserts that all reports agree on each case."""
    read = run.read()
    documents, points, root = read["json"], read["tap"]["points"], read["junit"]
    same(([d["passed"] for d in documents].count(True), [d["passed"] for d in documents].count(False)), (passed, failed))
    same([point["ok"] for point in points], [document["passed"] for document in documents], "tap")
    same([not case.findall("failure") for case in root.iter("testcase")], [d["passed"] for d in documents], "junit")
    same([case.get("classname") for case in root.iter("testcase")], [d["suite"] for d in documents], "classname")
    failing = [(d["suite"], d["line"], d["column"]) for d in documents if not d["passed"]]
    *errors, (kind, _, total) = read["github"]
    same([(p["file"], int(p["line"]), int(p["col"])) for _, p, _ in errors], failing, "github")
    same({kind for kind, _, _ in errors}, {"error"} if failing else set(), "github")
    same((kind, f"{passed} passed, {failed} failed" in total), ("notice", True), "the notice of github")
    places = [result["locations"][0]["physicalLocation"] for result in read["sarif"]["results"]]
    same(
        [(unquote(p["artifactLocation"]["uri"]), p["region"]["startLine"], p["region"]["startColumn"]) for p in places],
        failing,
        "sarif",
    )
    same(
        sorted((place, passed) for _, place, passed in read["markdown"]),
        sorted((f"{d['suite']}:{d['line']}", d["passed"]) for d in documents),
        "markdown",
    )
    for document, point in zip(documents, points):
        text = suite(run.suites[Path(document["suite"]).name]).split("\n")
        same(text[document["line"] - 1][document["column"] - 1 :][:9], "[[cases]]", "the place in the suite")
        same(point["diag"]["at"], {"file": document["suite"], "line": document["line"], "column": document["column"]})
        same((point["diag"]["reasons"], point["diag"]["expected"]), (document["reasons"], document["expected"]))
    status, said = readers.prove(run.reports["tap"])
    same(status, 1 if failed else 0, f"exit status of prove, which says {said}")
    if failed:
        assert f"Failed {failed}/{passed + failed} subtests" in said, said
    return read


PASSING = [("a good token", GOOD, "accepted"), ("an old one", OLD, "expired"), ("no token", "x.y", "malformed:segments")]
FAILING = [
    ("too old a token", OLD, "accepted"),
    ("still good", GOOD, ["expired", "wrong_issuer"]),
    ("another issuer", GOOD, "expired", 'iss = "https://other.example"'),
    ("nothing at all", "x.y", "rejected"),
]

with tally.check("a suite that passes"), Run({"good.toml": PASSING}, status=0) as run:
    expect_run(run, 3, 0)

with tally.check("a suite that fails"), Run({"bad.toml": PASSING + FAILING}, status=1) as run:
    read = expect_run(run, 3, 4)
    same(
        [result["ruleId"] for result in read["sarif"]["results"]],
        ["expired", "accepted", "wrong_issuer", "malformed:segments"],
    )
    same(
        [failure.get("message") for failure in read["junit"].iter("failure")],
        [
            "expected accepted; got rejected (expired)",
            "expected expired, wrong_issuer; got accepted",
            "expected expired; got rejected (wrong_issuer)",
            "expected rejected; got malformed (malformed:segments)",
        ],
    )

for expect, sums in (("expired", (0, len(HOSTILE))), ("accepted", (len(HOSTILE), 0))):
    with tally.check(f"names that are hostile, {sums[0]} passing"):
        with Run({"hostile.toml": [(name, GOOD, expect) for name in HOSTILE]}, status=1 if sums[1] else 0) as run:
            read = expect_run(run, *sums)
            same([document["name"] for document in read["json"]], HOSTILE, "names")

with tally.check("claims that are hostile"):
    texts = {f"claim{number}": text for number, text in enumerate(HOSTILE)}
    token = encode(CLAIMS | texts)
    options = [f"claim = [{', '.join(json.dumps(f'{name}=other') for name in texts)}]"]
    with Run({"claims.toml": [("claims", token, "accepted", *options)]}, status=1) as run:
        read = expect_run(run, 0, 1)
        same(read["json"][0]["reasons"], [f"wrong_claim:{name}" for name in texts])

with tally.check("a folder of suites, and paths that need escapes"):
    suites = {"a.toml": PASSING, "b ü,:%[1](x).toml": FAILING, "c.toml": PASSING}
    with Run(suites, status=1) as run:
        read = expect_run(run, 6, 4)
        same([element.get("name") for element in read["junit"].iter("testsuite")], [f"suites/{name}" for name in suites])

with tally.check("paths from the root of a repository"):
    with Run({"bad.toml": PASSING + FAILING}, status=1, repository=True) as run:
        read = run.read()
        roots = read["sarif"]["originalUriBaseIds"]
        for result in read["sarif"]["results"]:
            artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
            same(artifact, {"uri": "api/suites/bad.toml", "uriBaseId": "SRCROOT"})
            assert "uri" not in roots[artifact["uriBaseId"]], roots
        same({suite.get("file") for suite in read["junit"].iter("testsuite")}, {"api/suites/bad.toml"}, "junit")
        same({p["file"] for kind, p, _ in read["github"] if kind == "error"}, {"api/suites/bad.toml"}, "github")
        same({place.rsplit(":", 1)[0] for _, place, _ in read["markdown"]}, {"api/suites/bad.toml"}, "markdown")
        same({document["suite"] for document in read["json"]}, {"suites/bad.toml"}, "json")
        same({point["diag"]["at"]["file"] for point in read["tap"]["points"]}, {"suites/bad.toml"}, "tap")

with tally.check("a run that ends with the first failing case"):
    with Run({"bad.toml": PASSING + FAILING}, "--fail-fast", status=1) as run:
        read = expect_run(run, 3, 1)
        assert "3 not run" in read["github"][-1][2], read["github"][-1]
        same(read["sarif"]["properties"], {"passed": 3, "failed": 1, "notRun": 3})

with tally.check("the same outcomes, the same bytes, but for times"):
    with Run({"bad.toml": FAILING}, status=1) as one, Run({"bad.toml": FAILING}, status=1) as other:
        for name in FORMATS:
            if name != "junit":
                same(one.reports[name], other.reports[name], name)

with Run({"bad.toml": PASSING + FAILING}, status=1) as run:
    BAD = run.reports
for name in FORMATS:
    with tally.check(f"{name} on standard output is what it is in a file"):
        with Run({"bad.toml": PASSING + FAILING}, "--report", f"{name}=-", status=1, formats=[]) as run:
            readers.READERS[name](run.stdout)
            if name != "junit":
                same(run.stdout, BAD[name])

with tally.check("annotations, unasked, in a workflow of GitHub"):
    os.environ["GITHUB_ACTIONS"] = "true"
    try:
        with Run({"bad.toml": PASSING + FAILING}, status=1, formats=[]) as run:
            lines = [line for line in run.stdout.splitlines(keepends=True) if line.startswith(b"::")]
            same(b"".join(lines), BAD["github"])
    finally:
        del os.environ["GITHUB_ACTIONS"]


def refused(name, what, change):
    """Checks that the reader of a format refuses a report that was changed in this way."""
    with tally.check(f"{name} is refused {what}"):
        before = BAD[name]
        after = change(before)
        assert after != before, "nothing was changed"
        readers.READERS[name](before)
        try:
            readers.READERS[name](after)
        except Exception:
            return
        raise AssertionError("it is accepted")


def swap(old, new):
    return lambda content: content.replace(old, new, 1)


refused("junit", "with an attribute that is not in the schema", swap(b"<testcase ", b'<testcase line="3" '))
refused("junit", "with an element that is not in the schema", swap(b"<system-out>", b"<b/><system-out>"))
refused("junit", "without a name", swap(b'<testcase name="', b'<testcase title="'))
refused("junit", "with a sum that is wrong", swap(b'failures="4"', b'failures="3"'))
refused("junit", "with a sum where the schema has none", swap(b"<testsuites ", b'<testsuites skipped="0" '))
refused("junit", "with a character that is not XML", swap(b"a good token", b"a good\x1b token"))
refused("junit", "with an end too early", lambda content: content[:-20])
refused("sarif", "with a line before the first", swap(b'"startLine": ', b'"startLine": -'))
refused("sarif", "with a level that is not in the schema", swap(b'"level": "error"', b'"level": "fatal"'))
refused("sarif", "with a member that is not in the schema", swap(b'"ruleId"', b'"rule": 1, "ruleId"'))
refused("sarif", "with a path that is no URI", swap(b"suites/bad.toml", b"suites/b d.toml"))
refused("sarif", "with a rule that is not there", swap(b'"ruleIndex": 0', b'"ruleIndex": 1'))
refused("sarif", "without a version", swap(b'"version": "2.1.0",', b""))
refused("json", "with a line that ends too early", swap(b"}\n", b"\n"))
refused("json", "with a case that passed and did not", swap(b'"passed":false', b'"passed":true'))
refused("json", "with a character that hides", swap(b"a good token", "a good\u200b token".encode()))
refused("github", "with a comma in a value", swap(b"title=", b"title=a,b"))
refused("github", "with a colon in a value", swap(b"title=", b"title=a:"))
refused("github", "with a line break in a message", swap(b"%0A", b"\n"))
refused("github", "with a percent sign in a message", swap(b"%0A", b"%0a"))
refused("tap", "with a plan of more than was run", swap(b"1..7\n", b"1..8\n"))
refused("tap", "without a plan", swap(b"1..7\n", b""))
refused("tap", "with a line that means nothing", swap(b"1..7\n", b"1..7\nhello\n"))
refused("tap", "with a case that calls itself skipped", swap(b"a good token", b"a good # SKIP token"))
refused("tap", "with a block that does not end", swap(b"  ...\n", b""))
refused("tap", "of another version", swap(b"version 14", b"version 13"))

refused("markdown", "with HTML", swap(b"### ", b"### <b>x</b> "))
refused("markdown", "with a link", swap(b"### ", b"### https://x.example "))
refused("markdown", "with a mention", swap(b"### ", b"### @octocat "))
refused("markdown", "with code that ends too early", swap(b"`suites", b"``suites"))
refused("markdown", "with a block that does not end", swap(b"</details>", b""))

with tally.check("prove refuses a plan of more than was run"):
    try:
        readers.prove(swap(b"1..7\n", b"1..8\n")(BAD["tap"]))
    except AssertionError as error:
        assert "Bad plan" in str(error), error
    else:
        raise AssertionError("it is accepted")

tally.finish()

"""Readers of reports. Each takes the bytes of a report, refuses what the format does not allow, and returns the content.

Owns: the schemas, the grammar of GitHub's workflow commands, the calls of prove and tap-parser. Must not: know which cases
were run.
"""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

import cmarkgfm
import jsonschema
from cmarkgfm.cmark import Options
from lxml import etree, html

HERE = Path(__file__).parent
JUNIT = etree.XMLSchema(etree.parse(HERE / "junit-10.xsd"))
SARIF = jsonschema.Draft7Validator(
    json.loads(Path(os.environ["REPORTS_SARIF_SCHEMA"]).read_text()),
    format_checker=jsonschema.FormatChecker(["uri", "uri-reference"]),
)
# The elements of a rendered Markdown report. Everything from outside is in `code`, or consists of plain words.
MARKDOWN_TAGS = {"div", "h2", "h3", "p", "pre", "code", "details", "summary", "ul", "li"}
PLAIN = re.compile(r"[\w\s,:✗]*(?:a summary, and leaves out [\w\s]*\.)?")
JSON_MEMBERS = "suite name line column passed expected verdict reasons unmet checks hints at".split()
TEXT = r"(?:[^%\r\n]|%(?:25|0D|0A))*"
VALUE = r"(?:[^%\r\n:,]|%(?:25|0D|0A|3A|2C))+"
COMMAND = re.compile(rf"::(error|notice) ((?:\w+={VALUE})(?:,\w+={VALUE})*)::({TEXT})")
# Characters that move a cursor, reorder a line or hide in it.
HOSTILE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]")


def text(content):
    """Returns the text of a report, and asserts that no character in it is hostile."""
    decoded = content.decode("utf-8")
    assert not HOSTILE.search(decoded), f"{HOSTILE.search(decoded)!r}"
    return decoded


def junit(content):
    """Returns the root of a JUnit report that the schema of Jenkins' xUnit plugin accepts and whose sums are right."""
    text(content)
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    JUNIT.assertValid(root)
    assert root.tag == "testsuites", root.tag
    for element in [root, *root.iter("testsuite")]:
        sums = {"tests": "testcase", "failures": "failure", "errors": "error"}
        for attribute, tag in sums.items():
            counted = len(list(element.iter(tag)))
            assert int(element.get(attribute)) == counted, f"{attribute} is {element.get(attribute)}, there are {counted}"
    return root


def sarif(content):
    """Returns the one run of a SARIF report that its schema accepts and whose results name existing rules."""
    text(content)
    report = json.loads(content)
    SARIF.validate(report)
    (run,) = report["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules), rules
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"], result
    return run


def json_lines(content):
    """Returns the documents of a report in JSON Lines."""
    lines = text(content).split("\n")
    assert lines.pop() == "", "no line break at the end"
    documents = [json.loads(line) for line in lines]
    for document in documents:
        assert list(document) == JSON_MEMBERS, list(document)
        assert document["passed"] == (not document["unmet"]), document
    return documents


def github(content):
    """Returns the workflow commands of a report: kind, properties and message of each."""
    lines = text(content).split("\n")
    assert lines.pop() == "", "no line break at the end"
    commands = []
    for line in lines:
        match = COMMAND.fullmatch(line)
        assert match, f"not a workflow command: {line!r}"
        kind, properties, message = match.groups()
        pairs = [pair.split("=", 1) for pair in properties.split(",")]
        commands.append((kind, {name: unescaped(value) for name, value in pairs}, unescaped(message)))
    return commands


def unescaped(value):
    return re.sub("%([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), value)


def tap(content):
    """Returns what tap-parser, in strict mode, reads from a TAP report of version 14."""
    text(content)
    node = subprocess.run(
        ["node", Path(os.environ["REPORTS_NODE_HOME"]) / "read_tap.mjs"], input=content, capture_output=True, timeout=60
    )
    assert node.returncode == 0, node.stderr.decode()
    read = json.loads(node.stdout)
    assert read["versions"] == [14], read["versions"]
    assert not read["extras"] and not read["faults"], f"not TAP: {read['extras']}, {read['faults']}"
    assert not read["bailout"], read["bailout"]
    # If a case has failed, tap-parser does not report on the plan.
    counts = {read["count"], read["pass"] + read["fail"], len(read["points"]), read["plan"]["end"]}
    assert len(counts) == 1, f"planned, counted and read: {counts}"
    assert read["ok"] == all(point["ok"] for point in read["points"]), read
    for point in read["points"]:
        assert not point["skip"] and not point["todo"], point
    return read


def prove(content):
    """Returns the exit status and the output of prove for a TAP report."""
    with tempfile.NamedTemporaryFile(suffix=".tap") as file:
        # Test::Harness reads version 13 at most. The additions of version 14 used here read the same.
        file.write(content.replace(b"TAP version 14\n", b"TAP version 13\n", 1))
        file.flush()
        done = subprocess.run(["prove", "--exec", "cat", file.name], capture_output=True, timeout=60)
    said = done.stdout.decode() + done.stderr.decode()
    assert "Parse errors" not in said, said
    return done.returncode, said


def markdown(content):
    """Returns the name, the place and the outcome of each case, as a renderer of GitHub Flavored Markdown shows them."""
    source = text(content)
    # What GitHub removes must not be there in the first place, so the renderer keeps all HTML.
    rendered = cmarkgfm.github_flavored_markdown_to_html(source, Options.CMARK_OPT_UNSAFE)
    root = html.fragment_fromstring(rendered, create_parent="div")
    for element in root.iter():
        assert element.tag in MARKDOWN_TAGS, html.tostring(element)
        assert not element.attrib or (element.tag, dict(element.attrib)) == ("pre", {"lang": "text"}), element.attrib
        inside = "" if element.tag == "code" else element.text or ""
        for words in (inside, element.tail or ""):
            assert PLAIN.fullmatch(words), words
    cases = []
    for heading in root.findall("h3"):
        place, *outcomes = [code.text for code in heading.getnext().findall("code")]
        assert len(outcomes) == 2, outcomes
        cases.append((heading.text_content().removeprefix("✗ "), place, False))
    for item in root.findall("details/ul/li"):
        cases.append((item.text_content().rsplit(":", 3)[0], item.findall("code")[-1].text, True))
    assert source.count("<details>\n") == source.count("\n</details>\n"), source
    assert len(root.findall("h2")) == 1 and source.startswith("## fob: "), source
    return cases


READERS = {"junit": junit, "sarif": sarif, "json": json_lines, "github": github, "tap": tap, "markdown": markdown}

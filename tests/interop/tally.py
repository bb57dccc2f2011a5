"""Counts checks and prints one line for each.

Owns: the wording of the lines, the closing `N passed, N failed` and the exit status.
Must not: know what is checked.
"""

import sys
import traceback
from contextlib import contextmanager

import fob as program


class Tally:
    def __init__(self, subject):
        self.subject = subject
        self.passed = self.failed = 0

    @contextmanager
    def check(self, name):
        """A block that passes when it raises nothing; a failure is told in full, and the next check goes on."""
        program.last_answer = None
        try:
            yield
        except Exception as error:  # any failure of any kind is this check's failure
            self.failed += 1
            print(f"FAIL {self.subject}: {name}")
            line = traceback.extract_tb(error.__traceback__)[-1]
            print(f"     {type(error).__name__}: {error}\n     at {line.filename}:{line.lineno}: {line.line}")
            if program.last_answer:
                answer = program.last_answer
                print(f"     last run of fob: {answer.command}\n     exit status {answer.status}")
                print(f"     stdout: {answer.stdout.strip()}\n     stderr: {answer.stderr.strip()}")
        else:
            self.passed += 1
            print(f"ok   {self.subject}: {name}")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        sys.exit(1 if self.failed or not self.passed else 0)


def same(got, wanted, what="value"):
    assert got == wanted, f"{what} differs\n       got    {got!r}\n       wanted {wanted!r}"

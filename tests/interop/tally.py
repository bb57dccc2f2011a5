"""Counts checks, prints one line for each, and writes the notes for the matrix.

Owns: the wording of the lines, the closing `N passed, N failed`, the exit status, the notes for matrix.py (in the file
that INTEROP_NOTES names). Must not: know what is checked.
"""

import json
import os
import sys
import traceback
from contextlib import contextmanager

import fob as program


class Tally:
    def __init__(self, subject):
        self.subject = subject
        self.passed = self.failed = 0

    @contextmanager
    def check(self, name, *cells):
        """Runs a block as a check. It passes if it raises nothing; a failure is printed in full, and the next check runs.
        Each of the cells (table, row, column, mark) gets its mark if the block passes."""
        program.last_answer = None
        try:
            yield
        except Exception as error:  # any failure of any kind is this check's failure
            self.failed += 1
            for table, row, column, _ in cells:
                self.note(table, row, column, "✗")
            print(f"FAIL {self.subject}: {name}")
            line = traceback.extract_tb(error.__traceback__)[-1]
            print(f"     {type(error).__name__}: {error}\n     at {line.filename}:{line.lineno}: {line.line}")
            if program.last_answer:
                answer = program.last_answer
                print(f"     last run of fob: {answer.command}\n     exit status {answer.status}")
                print(f"     stdout: {answer.stdout.strip()}\n     stderr: {answer.stderr.strip()}")
        else:
            self.passed += 1
            for cell in cells:
                self.note(*cell)
            print(f"ok   {self.subject}: {name}")

    def note(self, table, row, column, mark):
        """Writes one mark for one cell of the matrix."""
        if path := os.environ.get("INTEROP_NOTES"):
            with open(path, "a") as notes:
                notes.write(json.dumps([table, row, column, mark]) + "\n")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        sys.exit(1 if self.failed or not self.passed else 0)


def same(got, wanted, what="value"):
    assert got == wanted, f"{what} differs\n       got    {got!r}\n       wanted {wanted!r}"

"""Presses Tab in a real bash: `complete.py COMMAND…` starts the shell, types `fob veri`, and expects `fob verify`."""
import os
import pty
import select
import sys
import time


def read(terminal, wanted, seconds=20):
    """Returns the output up to a text."""
    seen, end = b"", time.monotonic() + seconds
    while wanted not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                seen += os.read(terminal, 4096)
            except OSError:
                break
    return seen


process, terminal = pty.fork()
if process == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(terminal, b"PS1='ready> '; . /usr/share/bash-completion/bash_completion\n")
read(terminal, b"\nready> ")
os.write(terminal, b"fob veri\t")
typed = read(terminal, b"fob verify")
os.write(terminal, b"--iss-no\x15exit\n")
sys.exit(0 if b"fob verify" in typed else f"bash shows {typed!r}")

"""Endless input: `verify --lines` over many lines, and `tail -f | fob inspect`. Memory stays flat, and no line is lost."""

import os
import pathlib
import subprocess
import threading
import time

from tools import ENVIRONMENT, FOB, early_and_late, memory, row, token

PAGE = 100_000


def lines(folder, count):
    """Verifies tokens from a pipe, and compares the peak of the memory after the first tenth with that at the end."""
    page = "".join(f"{token(number, number % 1000)}\n" for number in range(PAGE)).encode()
    process = subprocess.Popen(
        [FOB, "verify", "--lines", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        bufsize=0,
    )
    accepted = []
    reader = threading.Thread(target=lambda: accepted.append(count_accepted(process.stdout)))
    reader.start()
    pages = count // PAGE
    for number in range(pages):
        if number == max(1, pages // 10):
            early = memory(process.pid, "VmHWM")
        view = memoryview(page)
        while view:
            view = view[process.stdin.write(view) :]
    late = memory(process.pid, "VmHWM")
    process.stdin.close()
    reader.join()
    process.wait()
    row("verify --lines: lines, accepted", f"{pages * PAGE:,}, {accepted[0]:,}", accepted[0] == pages * PAGE)
    row("verify --lines: peak memory at the end, to that after a tenth", f"{late / early:.2f} ({late:.0f} MiB)", late < 1.25 * early + 8)


def count_accepted(stream):
    found, rest = 0, b""
    while bytes_read := stream.read(1 << 20):
        *whole, rest = (rest + bytes_read).split(b"\n")
        found += sum(line.startswith(b"accepted") for line in whole)
    return found


def follow(folder, seconds):
    """Follows a log that grows by a token every hundredth of a second."""
    log = pathlib.Path(folder) / "access.log"
    log.touch()
    tail = subprocess.Popen(["tail", "-f", "-n", "+1", log], stdout=subprocess.PIPE)
    process = subprocess.Popen(
        [FOB, "inspect", "--oneline"], stdin=tail.stdout, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]}
    )
    tail.stdout.close()
    arrived = []
    reader = threading.Thread(target=lambda: arrived.extend(time.monotonic() for _ in process.stdout))
    reader.start()
    written, sizes = [], []
    end = time.monotonic() + seconds
    with log.open("a", buffering=1) as file:
        while time.monotonic() < end:
            number = len(written)
            written.append(time.monotonic())
            file.write(f"GET /v1/orders/{number} Authorization: Bearer {token(number, number)}\n")
            if number % 100 == 99:
                sizes.append(memory(process.pid, "VmRSS"))
            time.sleep(0.01)
    # The last lines are still on their way.
    for _ in range(100):
        if len(arrived) >= len(written):
            break
        time.sleep(0.1)
    tail.terminate()
    tail.wait()
    reader.join()
    status = process.wait()
    row("tail -f | fob inspect: tokens written, reported", f"{len(written):,}, {len(arrived):,}", len(written) == len(arrived))
    early, late = early_and_late([then - before for before, then in zip(written, arrived)])
    row("tail -f | fob inspect: delay, late to early", f"{late / early:.2f}")
    early, late = early_and_late(sizes)
    row("tail -f | fob inspect: memory, late to early", f"{late / early:.2f} ({late:.0f} MiB)", late < 1.25 * early + 8)
    row("tail -f | fob inspect: exit status", status, status == 0)

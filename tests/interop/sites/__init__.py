"""Small servers of other packages on this machine, each a process of its own: `Site("flask_jwt")` runs sites/flask_jwt.py.

Owns: the start and the end of these processes, and the user that all of them know. Must not: check anything.
A site is a module with `application(**options)`, which returns a WSGI application, or an ASGI application if `ASGI` is true.
"""

import importlib
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

USERNAME, PASSWORD, EMAIL = "zoë@example.org", 'p+a%20b c&d="é"=;/?', "zoe@example.org"
BRIEF = "brief@example.org"  # a second user with the same password, whose tokens end after SECONDS where the package allows it
SECONDS = 2
START = 60  # seconds that a server may take to start on a busy machine


class Site:
    """A site as a process. It starts at once; `url` waits until it listens."""

    def __init__(self, name, **options):
        self.name, self.log, self.listens = name, tempfile.TemporaryFile("w+"), None
        command = [sys.executable, *(f"-W{option}" for option in sys.warnoptions), "-m", "sites", name, json.dumps(options)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True, cwd=Path(__file__).parent.parent
        )

    @property
    def url(self):
        """Returns the base of its URLs."""
        if self.listens is None:
            ready, _, _ = select.select([self.process.stdout], [], [], START)
            port = self.process.stdout.readline().strip() if ready else ""
            assert port.isdigit(), f"{self.name} did not start: {self.said()}"
            self.listens = f"http://127.0.0.1:{port}"
        return self.listens

    def said(self):
        """Returns what the process wrote to standard error."""
        self.log.seek(0)
        return self.log.read()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.log.close()


@contextmanager
def running():
    """Yields a function that starts a site and returns it. All of them have ended when the block ends."""
    started = []

    def start(name, **options):
        started.append(Site(name, **options))
        return started[-1]

    try:
        yield start
    finally:
        for site in started:
            site.stop()


def serve(name, options):
    """Serves a site until the process is stopped or its parent is gone, and prints its port."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    site = importlib.import_module(f"sites.{name}")
    application = site.application(**options)
    if getattr(site, "ASGI", False):
        import uvicorn

        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        uvicorn.Server(uvicorn.Config(application, log_level="warning", access_log=False)).run(sockets=[listener])
    else:
        from wsgiref.simple_server import WSGIRequestHandler, make_server

        class Quiet(WSGIRequestHandler):
            def log_message(self, *_):
                pass

        server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
        print(server.server_port, flush=True)
        server.serve_forever()


def end_with_parent():
    """Ends this process at the end of its standard input, which the parent holds open."""
    sys.stdin.read()
    os._exit(0)

"""A PostgreSQL server of the tests' own: a new cluster in a temporary folder, reached through its socket."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

START_SECONDS = 60
SETTINGS = ["listen_addresses=", "fsync=off", "shared_buffers=16MB"]  # no test cuts the power
# The server refuses to run as root.
SOMEONE = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}
USER = SOMEONE if os.geteuid() == 0 else {}


def programs():
    """Return the folder of the server's programs, or None; Debian keeps them out of the PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").is_file()), None)


def missing():
    """Return why there can be no server here, or an empty text."""
    if programs() is None:
        return "no PostgreSQL server: `make system` installs it on Debian, as root"
    return "" if find_spec("psycopg") else "no driver psycopg: `make setup` installs it"


class Server:
    """A running server; `folder` holds its socket."""

    def __init__(self, folder):
        self._folder = folder

    def url(self, name):
        """Return the address of a database, as nbgrader_config.py names it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def create(self, name, template="template0"):
        """Make a database, a copy of another one; return its address."""
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, name):
        """Remove a database, whoever still uses it."""
        self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def answers(self):
        """Tell whether the server takes connections yet."""
        try:
            self._do("SELECT 1")
        except OperationalError:
            return False
        return True

    def _do(self, statement):
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def server():
    """Start a server, yield it, and leave nothing of it behind."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))  # the path of a socket has to be short
    if USER:
        shutil.chown(folder, USER["user"], USER["group"])
    setup = ["initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    start = ["postgres", "-D", folder / "data", "-k", folder]
    start += [part for setting in SETTINGS for part in ("-c", setting)]
    try:
        with open(folder / "log", "wb") as log:
            quiet = {"stdout": log, "stderr": log, "cwd": folder, **USER}
            subprocess.run([programs() / setup[0], *setup[1:]], check=True, **quiet)
            process = subprocess.Popen([programs() / start[0], *start[1:]], **quiet)
        try:
            running, end = Server(folder), time.monotonic() + START_SECONDS
            while not running.answers():
                if time.monotonic() > end or process.poll() is not None:
                    raise RuntimeError((folder / "log").read_text()[-2000:])
                time.sleep(0.1)
            yield running
        finally:
            process.send_signal(signal.SIGINT)  # its request to end at once, whoever is connected
            process.wait(START_SECONDS)
    finally:
        shutil.rmtree(folder)

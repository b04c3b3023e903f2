"""`python in_browser.py lesson.ipynb`: run a notebook's cells where much is missing, as in Pyodide.

No thread, no other process and no socket can be started there. Prints the points of the checks as the last
line; ends with 1 at the first error or message on stderr.
"""

import contextlib
import io
import json
import os
import socket
import subprocess
import sys
import threading

import matplotlib
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


def missing(error):
    """Return a function that raises this error."""

    def refuse(*arguments, **options):
        raise error

    return refuse


def main(path):
    """Run the cells of a notebook, those that are to be skipped left out."""
    matplotlib.use("agg")
    config = Config(HistoryManager={"enabled": False}, InteractiveShell={"autoawait": False})
    shell = InteractiveShell.instance(config=config)
    with open(path, encoding="utf-8") as file:
        cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
    threading.Thread.start = missing(RuntimeError("can't start new thread"))
    socket.socket.__init__ = missing(OSError("no sockets in a browser"))
    subprocess.Popen.__init__ = missing(OSError("no processes in a browser"))
    os.fork = os.posix_spawn = os.system = missing(OSError("no processes in a browser"))
    points = {}
    for cell in cells:
        if "skip-execution" in cell["metadata"].get("tags", []):
            continue
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            ran = shell.run_cell("".join(cell["source"]))
        if not ran.success or said.getvalue():
            sys.exit(f"{cell['id']}: {ran.error_in_exec or ran.error_before_exec or said.getvalue()}")
        if cell["id"].startswith("test-"):
            shown, _ = shell.display_formatter.format(ran.result)
            points[cell["id"].removeprefix("test-")] = float(shown["text/plain"])
    sys.stdout.write(f"\n{json.dumps(points)}\n")


if __name__ == "__main__":
    main(sys.argv[1])

"""The first program of a fork server: build the walls that all submissions share, then become the server.

It reads one line of JSON from the descriptor that the command line names: {level, root, tree, command,
environment}. The server that it becomes is a new program, so nothing of this one stays in its memory.
"""

from __future__ import annotations

import json
import os
import sys

from .jail import calls, namespaces, tree


def main() -> None:
    """Enter the namespaces of level A where they are asked for, then run the server."""
    control = int(sys.argv[1])
    plan = json.loads(line(control))
    if plan["level"] == "A":
        namespaces.enter()
        tree.build(plan["tree"], plan["root"])
        if os.geteuid() != 0:
            calls.keep_capabilities()
    os.execve(plan["command"][0], plan["command"], plan["environment"])


def line(control: int) -> bytes:
    """Read up to a newline, and nothing beyond it."""
    data = bytearray()
    while not data.endswith(b"\n"):
        byte = os.read(control, 1)
        if not byte:
            sys.exit(0)  # whoever started this has gone
        data += byte
    return bytes(data)


if __name__ == "__main__":
    main()

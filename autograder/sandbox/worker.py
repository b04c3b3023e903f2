"""Run a student's cells and answer questions about the functions that they define.

This file, `cells.py`, `wire.py` and the student package are all of ours that the process sees: the session
copies the three files into a folder of their own, so that it also works where the project can't be read.
One descriptor is inherited, given by number on the command line: `python -m sandbox.worker 3`.

    first     {seed, cell_seconds, call_seconds, output_bytes, memory_bytes, file_bytes, cpu_seconds}
    request   {do: "cell", source}  or  {do: "ask", name, calls: [arguments, ...], keep, forget: [numbers]}
    answer    {at, ready | outputs | reply}, one to a cell, one to each call; `at` counts them from 0
"""

from __future__ import annotations

import dataclasses
import itertools
import os
import random
import resource
import signal
import socket
import sys

import numpy as np

from course.checks.answer import Handle, Local, Raised, Reply

from . import cells, wire

OPEN_FILES = 256


class TimeLimit:
    """Interrupt work that takes too long with a KeyboardInterrupt."""

    def __init__(self):
        self._message = ""

    def run(self, seconds, what, work):
        """Return (the value of work(), None), or (None, the exception that got out of it)."""
        try:
            self._message = f"stopped after {seconds:g} s, the limit for {what}"
            signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            try:
                return work(), None
            finally:
                self._message = ""  # a signal that is already on its way is late: ignore it
                signal.setitimer(signal.ITIMER_REAL, 0)
        except BaseException as error:
            return None, error

    def _ring(self, _signal, _frame):
        if self._message:
            raise KeyboardInterrupt(self._message)


class Worker:
    """Answer the session's requests, one after another."""

    def __init__(self, connection: socket.socket):
        self._connection, self._read = connection, wire.reader(connection)
        self._objects, self._numbers, self._sent = {}, itertools.count(), 0
        self._limit = TimeLimit()

    def prepare(self) -> None:
        """Set up the process as the first frame says."""
        self._terms = wire.receive(self._read)
        limit_resources(self._terms)
        random.seed(self._terms["seed"])
        np.random.seed(self._terms["seed"] % 2**32)  # noqa: NPY002 - a student's code may draw from it
        self._outputs = cells.Outputs(self._terms["output_bytes"])
        self._shell = cells.make_shell(self._outputs)

    def serve(self) -> None:
        """Answer until the session hangs up."""
        self._send({"ready": True})
        while True:
            request = wire.receive(self._read, lambda number, kind: Handle(kind, self._objects[number]))
            if request["do"] == "cell":
                self._send({"outputs": self._run_cell(request["source"])})
            else:
                self._ask(request)

    def _run_cell(self, source: str) -> list[dict]:
        self._outputs.start()
        sys.stdout, sys.stderr = (cells.Stream(name, self._outputs) for name in ("stdout", "stderr"))
        run, seconds = self._shell.run_cell, self._terms["cell_seconds"]
        result, error = self._limit.run(seconds, "one cell", lambda: run(source, store_history=True))
        if error is None:
            error = result.error_before_exec if result.error_in_exec is None else result.error_in_exec
        if error is not None and not self._outputs.has_error():  # it came while IPython showed something
            self._outputs.add(cells.error_output(type(error), error, []))
        return self._outputs.take()

    def _ask(self, request: dict) -> None:
        for number in request["forget"]:
            self._objects.pop(number, None)
        name, keep = request["name"], tuple(request["keep"])
        for args in request["calls"]:
            reply = self._call(name, args, keep)
            try:
                self._send_reply(reply)
            except (wire.WireError, MemoryError) as error:
                raised = Raised("ValueError", f"what {name} returns can't be sent: {error}")
                self._send_reply(Reply(error=raised, seconds=reply.seconds))

    def _call(self, name: str, args: tuple, keep: tuple[int, ...]) -> Reply:
        if name not in self._shell.user_ns:
            return Reply(error=Raised("NameError", f"name '{name}' is not defined"))
        local, seconds = Local(self._shell.user_ns[name], name), self._terms["call_seconds"]
        reply, error = self._limit.run(seconds, "one call", lambda: local.call(args, keep))
        if error is not None:  # the time was over while arguments or values were copied
            reply = Reply(error=Raised(type(error).__name__, str(error)))
        return reply

    def _send_reply(self, reply: Reply) -> None:
        error = None if reply.error is None else dataclasses.asdict(reply.error)
        self._send({"reply": {**vars(reply), "error": error}})

    def _send(self, answer: dict) -> None:
        self._connection.sendall(wire.encode({"at": self._sent, **answer}, self._refer))
        self._sent += 1

    def _refer(self, handle: object) -> tuple[int, str]:
        if type(handle) is not Handle:
            raise wire.WireError(f"{type(handle).__name__} can't be sent")
        number = next(self._numbers)
        self._objects[number] = handle.holds
        return number, handle.kind


def limit_resources(terms: dict) -> None:
    """Cap what this process and its children may use.

    The number of processes is not capped here: that limit counts all processes of the user.
    """
    for limit, value in (
        (resource.RLIMIT_AS, terms["memory_bytes"]),
        (resource.RLIMIT_CPU, terms["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, terms["file_bytes"]),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))


def main() -> None:
    """Serve on the descriptor that the command line names."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    connection.set_inheritable(False)
    sys.argv = [""]
    worker = Worker(connection)
    worker.prepare()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # until here the session can read an error on stderr
        os.dup2(null, descriptor)
    os.close(null)
    try:
        worker.serve()
    except EOFError:
        os._exit(0)  # a student's threads and exit handlers are not waited for
    except BaseException:
        os._exit(70)


if __name__ == "__main__":
    main()

"""Run a student's cells and answer questions about the functions that they define.

    first     {seed, cell_seconds, call_seconds, output_bytes, memory_bytes, file_bytes, cpu_seconds, files}
    request   {do: "cell", source}  or  {do: "ask", name, calls: [arguments, ...], keep, forget: [numbers]}
    answer    {at, ready | outputs | replies}: one to a request, or some, with a reply to each call

Each answer says how many came before it: `at` counts from 0.
"""

from __future__ import annotations

import dataclasses
import importlib
import itertools
import os
import random
import socket
import sys
from pathlib import Path
from signal import ITIMER_REAL, SIGALRM, setitimer, signal

import numpy as np

from course.checks.answer import Handle, Local, Raised, Reply

from . import cells, wire
from .jail import limits

TOGETHER = 16  # replies in one answer: to send each by itself would wake the session each time


class TimeLimit:
    """Interrupt work that takes too long with a KeyboardInterrupt."""

    def __init__(self):
        self._message = ""

    def take_alarm(self) -> None:
        """Have the alarm ring here, whatever a student's code has made of it."""
        signal(SIGALRM, self._ring)

    def run(self, seconds, what, work):
        """Return (the value of work(), None), or (None, the exception that got out of it)."""
        try:
            self._message = f"stopped after {seconds:g} s, the limit for {what}"
            setitimer(ITIMER_REAL, seconds)
            try:
                return work(), None
            finally:
                self._message = ""  # a signal that is already on its way is late: ignore it
                setitimer(ITIMER_REAL, 0)
        except BaseException as error:
            return None, error

    def _ring(self, _signal, _frame):
        if self._message:
            raise KeyboardInterrupt(self._message)


class Worker:
    """Answer the session's requests, one after another."""

    def __init__(self, connection: socket.socket, shell: cells.Shell, outputs: cells.Outputs):
        self._connection, self._read, self._sent = connection, wire.reader(connection), 0
        self._pid = os.getpid()
        self._shell, self._outputs = shell, outputs
        self._objects, self._numbers = {}, itertools.count()
        self._limit = TimeLimit()

    def prepare(self, shares_user: bool) -> None:
        """Set up the process as the first frame says."""
        self._terms = terms = wire.receive(self._read)
        for name, data in terms["files"].items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.tobytes())
        importlib.invalidate_caches()  # those files can be imported
        limits.confine(terms["memory_bytes"], terms["file_bytes"], terms["cpu_seconds"], shares_user)
        random.seed(terms["seed"])
        np.random.seed(terms["seed"] % 2**32)  # noqa: NPY002 - a student's code may draw from it
        self._outputs.limit = terms["output_bytes"]

    def serve(self) -> None:
        """Answer until the session hangs up."""
        self._send({"ready": True})
        while True:
            request = wire.receive(self._read, lambda number, kind: Handle(kind, self._objects[number]))
            self._limit.take_alarm()  # for each call it would take as long as many a call
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
        name, keep, replies = request["name"], tuple(request["keep"]), [Reply()]
        for first in range(0, len(request["calls"]), TOGETHER):
            last = replies[-1]
            replies = []
            for args in request["calls"][first : first + TOGETHER]:
                last = last if last.interrupted else self._call(name, args, keep)  # once is enough
                replies.append(last)
            self._send_replies(name, replies)

    def _call(self, name: str, args: tuple, keep: tuple[int, ...]) -> Reply:
        if name not in self._shell.user_ns:
            return Reply(error=Raised("NameError", f"name '{name}' is not defined"))
        local, seconds = Local(self._shell.user_ns[name], name), self._terms["call_seconds"]
        reply, error = self._limit.run(seconds, "one call", lambda: local.call(args, keep))
        if error is not None:  # the time was over while arguments or values were copied
            reply = Reply(error=Raised(type(error).__name__, str(error)))
        return reply

    def _send_replies(self, name: str, replies: list[Reply]) -> None:
        """Send replies together; one by one where they can't be sent together, so that each is told why."""
        try:
            self._send({"replies": [told(reply) for reply in replies]})
        except (wire.WireError, MemoryError) as error:
            if len(replies) > 1:
                for reply in replies:
                    self._send_replies(name, [reply])
                return
            raised = Raised("ValueError", f"what {name} returns can't be sent: {error}")
            self._send({"replies": [told(Reply(error=raised, seconds=replies[0].seconds))]})

    def _send(self, answer: dict) -> None:
        if os.getpid() != self._pid:  # a student's os.fork() has come back twice
            os._exit(0)
        self._connection.sendall(wire.encode({"at": self._sent, **answer}, self._refer))
        self._sent += 1

    def _refer(self, handle: object) -> tuple[int, str]:
        if type(handle) is not Handle:
            raise wire.WireError(f"{type(handle).__name__} can't be sent")
        number = next(self._numbers)
        self._objects[number] = handle.holds
        return number, handle.kind


def told(reply: Reply) -> dict:
    """Return a reply as it travels: what is as in an empty one is left out."""
    parts = {name: value for name, value in vars(reply).items() if name == "value" or value}
    return parts if reply.error is None else {**parts, "error": dataclasses.asdict(reply.error)}

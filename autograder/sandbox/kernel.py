"""Run a student's cells in an IPython kernel: for lessons that say `needs_kernel`.

The kernel is the submission's process itself. Before it starts it forks its driver, which runs cells through
it with nbclient, over sockets in a folder of their own, as a notebook's page would. The session is answered
here: a cell goes to the driver, whose outputs come back; the student's functions are asked where they live.

To import this takes seconds: only the fork servers of such lessons do.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import tempfile
from collections.abc import Callable

import zmq
from ipykernel import debugger  # noqa: F401 - the kernel loads it when it starts
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.pylabtools import select_figure_formats
from traitlets import Type
from traitlets.config import Config

from course.checks.answer import Handle

from . import driver, wire
from .jail import calls
from .worker import Worker

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
ARENAS = -8  # a parameter of the C library's mallopt


class Shell(ZMQInteractiveShell):
    """Run cells for a notebook that is graded."""

    def ask_exit(self):
        """Do nothing: exit() does not end the notebook."""

    def _tee(self, channel):
        """Leave out IPython's own record of all output, which has no cap."""
        return contextlib.nullcontext()


class Kernel(IPythonKernel):
    """Make that shell."""

    shell_class = Type(Shell)


class Application(IPKernelApp):
    """Make that kernel, out of what stands here alone."""

    def load_config_file(self, suppress_errors=True):
        """Read no configuration."""

    def init_iopub(self, context):
        """Open the channel of outputs, without the network port to which forked processes would print."""
        publisher = context.socket(zmq.PUB)
        self.iopub_port = self._bind_socket(publisher, self.iopub_port)
        self.iopub_thread = IOPubThread(publisher)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket


class KernelWorker(Worker):
    """Answer the session's requests with a kernel in this process."""

    def serve(self) -> None:
        """Answer until the session hangs up; never return."""
        with contextlib.suppress(AttributeError):  # GNU's C library gives each thread 64 MB of addresses
            calls.LIBC.mallopt(ARENAS, 1)
        self._driver, theirs = socket.socketpair()
        plan = connection_in(tempfile.mkdtemp())
        if os.fork() == 0:
            self._driver.close()
            os.close(self._connection.detach())  # that this process has closed it must be seen
            driver.drive(theirs, plan, self._outputs, self._terms["cell_seconds"])
        theirs.close()
        self._from_driver = wire.reader(self._driver)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.add_signal_handler(signal.SIGUSR1, os.getpid)  # then the loop wakes at any signal
        loop.add_reader(self._connection, or_end, self._take_request)
        loop.add_reader(self._driver, or_end, self._pass_on)
        application = self._started(plan)
        self._driver.sendall(wire.encode("start"))
        application.start()
        os._exit(0)  # a student's code has ended the loop

    def _started(self, plan: dict) -> IPKernelApp:
        """Return a kernel that listens where the plan says."""
        type(self._shell).clear_instance()
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        config.Session.key = plan["key"].encode()
        application = Application.instance(
            config=config,
            kernel_class=Kernel,
            connection_file=f"{os.path.dirname(plan['ip'])}/connection.json",
            capture_fd_output=False,
            ignore_cwd=True,  # it is the last place to import from, as in every lesson
            extra_extensions=["course.magics"],
            log_level=logging.CRITICAL,
            **{name: value for name, value in plan.items() if name not in ("key", "signature_scheme")},
        )
        application.initialize([])
        application.shell.enable_matplotlib("inline")
        formats = application.shell, {"png"}  # enabling it sets them once in a process, and has
        select_figure_formats(*formats, bbox_inches="tight")
        self._shell = application.shell
        return application

    def _take_request(self) -> None:
        request = wire.receive(self._read, lambda number, kind: Handle(kind, self._objects[number]))
        if request["do"] == "cell":
            self._driver.sendall(wire.encode(request["source"]))
        else:
            self._limit.take_alarm()
            self._ask(request)

    def _pass_on(self) -> None:
        """Send on what the driver says: that it is ready, or a cell's outputs."""
        self._send(wire.receive(self._from_driver))


def connection_in(folder: str) -> dict:
    """Return where a kernel listens that keeps its sockets in a folder, as in a connection file."""
    ports = {f"{name}_port": number for number, name in enumerate(CHANNELS, 1)}
    scheme = {"key": os.urandom(16).hex(), "signature_scheme": "hmac-sha256"}
    return {"transport": "ipc", "ip": f"{folder}/kernel", **ports, **scheme}


def or_end(work: Callable[[], None]) -> None:
    """Do some work of the loop's, and end the process where that cannot be done."""
    try:
        work()
    except EOFError:
        os._exit(0)
    except BaseException:
        os._exit(70)

"""Drive a kernel with nbclient: the sources of cells come over a socket, their outputs go back over it.

It runs in a process of the submission's that the kernel has forked. What it says is believed as little as
what the kernel says.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from typing import NoReturn

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerBase
from nbclient import NotebookClient
from nbformat import v4

from . import cells, wire

START_SECONDS = 60


class Forked(KernelProvisionerBase):
    """The kernel that this process was forked by."""

    has_process = True
    was_interrupted = False

    def __init__(self, **settings):
        super().__init__(**settings)
        self._pid = os.getppid()

    async def poll(self):
        """Return None while the kernel lives."""
        return None if os.getppid() == self._pid else 1

    async def send_signal(self, signum):
        """Send the kernel a signal."""
        self.was_interrupted = signum == signal.SIGINT
        os.kill(self._pid, signum)

    async def launch_kernel(self, cmd, **settings):
        """Start none: it is there."""
        return {}

    async def wait(self):
        """Do nothing: this process does not outlive the kernel."""

    async def kill(self, restart=False):
        """Do nothing, as all that would end the kernel: the session does."""

    terminate = cleanup = kill


class Client(NotebookClient):
    """Run cells, and keep of their outputs what a cell may show."""

    def __init__(self, kernel: AsyncKernelManager, outputs: cells.Outputs, seconds: float):
        super().__init__(
            v4.new_notebook(),
            km=kernel,
            startup_timeout=START_SECONDS,
            timeout_func=lambda _cell: seconds,
            interrupt_on_timeout=True,
            allow_errors=True,
            store_widget_state=False,
            on_cell_executed=self._take_note,
        )
        self._kept, self._late = outputs, f"stopped after {seconds:g} s, the limit for one cell"

    async def run(self, source: str) -> list[dict]:
        """Run one cell and return its outputs."""
        cell = v4.new_code_cell(source)
        self.nb.cells, self.km.provisioner.was_interrupted, self._status = [cell], False, ""
        self._kept.start()
        await self.async_execute_cell(cell, 0)
        if self.km.provisioner.was_interrupted and self._status == "error":
            self._say_late()
        return self._kept.take()

    def output(self, outs, msg, display_id, cell_index):
        """Keep an output, unless a widget of the notebook's captures it."""
        content, kind = msg["content"], msg["msg_type"]
        if self.output_hook_stack[msg["parent_header"].get("msg_id")]:
            super().output(outs, msg, display_id, cell_index)
        elif kind == "stream":
            self._kept.write(content["name"], content["text"])
        elif kind == "error":
            self._kept.add(error(content["ename"], content["evalue"], content["traceback"]))
        elif kind in ("display_data", "execute_result"):
            shown = {name: cells.as_json(content[name]) for name in ("data", "metadata")}
            count = {"execution_count": content["execution_count"]} if kind == "execute_result" else {}
            self._kept.add({"output_type": kind, **shown, **count}, display_id)

    def clear_output(self, outs, msg, cell_index):
        """Drop what was kept, unless it is that of a widget."""
        if self.output_hook_stack[msg["parent_header"].get("msg_id")]:
            super().clear_output(outs, msg, cell_index)
        else:
            self._kept.clear(bool(msg["content"].get("wait")))

    def _update_display_id(self, display_id, msg):
        if msg["msg_type"] == "update_display_data":
            content = msg["content"]
            self._kept.update(cells.as_json(content["data"]), cells.as_json(content["metadata"]), display_id)

    def _take_note(self, execute_reply, **_):
        self._status = execute_reply["content"]["status"]

    def _say_late(self) -> None:
        """Name the limit in the error that the interrupt has raised."""
        outputs = self._kept.take()
        found = [output for output in outputs if output["output_type"] == "error"]
        for output in found:
            output.update(ename="KeyboardInterrupt", evalue=self._late)
        if not found:
            self._kept.add(error("KeyboardInterrupt", self._late, []))


def drive(link: socket.socket, connection: dict, outputs: cells.Outputs, seconds: float) -> NoReturn:
    """Run the cells that come over a socket until it is closed; end this process.

    connection: where the kernel listens, once it has said something.
    """
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        asyncio.run(answer(link, connection, outputs, seconds))
    finally:
        os._exit(0)


async def answer(link: socket.socket, connection: dict, outputs: cells.Outputs, seconds: float) -> None:
    """Answer each source with outputs, the first of all with being ready."""
    read = wire.reader(link)
    wire.receive(read)
    kernel = AsyncKernelManager()
    kernel.load_connection_info(connection)
    kernel.provisioner = Forked(parent=kernel)
    client = Client(kernel, outputs, seconds)
    await client.async_start_new_kernel_client()
    link.sendall(wire.encode({"ready": True}))
    while True:
        source = wire.receive(read)
        link.sendall(wire.encode({"outputs": await client.run(source)}))


def error(name: str, message: str, traceback: list[str]) -> dict:
    """Return an error as an output, as long as one may be."""
    lines = [line[: cells.LINE] for line in traceback[: cells.FRAMES]]
    said = {"ename": name[: cells.LINE], "evalue": message[: cells.LINE], "traceback": lines}
    return {"output_type": "error", **said}

"""Run notebook cells as a kernel does, without a kernel: their outputs become nbformat dictionaries.

The worker's copy of this file runs where the project is not: of ours it imports the student package alone.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
import site
import threading

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

FRAMES, LINE = 50, 2_000  # of a traceback; characters of each, and of an error's message
NOT_PYTHON = re.compile(r"\A\s|^\s*(?:[%!/,;>.]|In ?\[)|=\s*[%!]|\?", re.MULTILINE)  # perhaps


class Outputs:
    """Collect the outputs of one cell as nbformat dictionaries, up to a number of bytes."""

    def __init__(self, limit: int):
        self.limit, self._lock = limit, threading.RLock()
        self.start()

    def start(self) -> None:
        """Begin a cell."""
        self._outputs, self._left, self._is_cut, self._clear_next = [], self.limit, False, False

    def take(self) -> list[dict]:
        """Return what the cell has put out."""
        with self._lock:
            return [
                {**output, "text": "".join(parts)} if parts else output for output, parts, _ in self._outputs
            ]

    def write(self, name: str, text: str) -> None:
        """Add text to the stream of this name."""
        with self._lock:
            kept = text[: self._left].encode("utf-8", "replace")[: self._left].decode("utf-8", "ignore")
            if kept:
                self._left -= len(kept.encode())
                self._stream(name, kept)
            if len(kept) < len(text):
                self._cut()

    def add(self, output: dict, display_id: str | None = None) -> None:
        """Add an output that is no stream when there is room for it; for one error there always is."""
        with self._lock:
            size = len(json.dumps(output))
            if size > self._left and (output["output_type"] != "error" or self.has_error()):
                self._cut()
                return
            self._left = max(0, self._left - size)
            self._clear_when_due()
            self._outputs.append((output, [], display_id))

    def update(self, data: dict, metadata: dict, display_id: str | None) -> None:
        """Put new data in the place of what was displayed under this id."""
        with self._lock:
            size = len(json.dumps([data, metadata]))
            for output, _parts, its_id in self._outputs:
                if display_id is not None and its_id == display_id and size <= self._left:
                    self._left -= size
                    output.update(data=data, metadata=metadata)

    def clear(self, wait: bool) -> None:
        """Drop all outputs, at once or when the next one comes."""
        self._clear_next = wait
        if not wait:
            self._outputs.clear()

    def has_error(self) -> bool:
        """Return True when an error is among the outputs."""
        return any(output["output_type"] == "error" for output, *_ in self._outputs)

    def _stream(self, name: str, text: str) -> None:
        self._clear_when_due()
        last = self._outputs[-1][0] if self._outputs else {}
        if last.get("name") != name:
            self._outputs.append(({"output_type": "stream", "name": name}, [], None))
        self._outputs[-1][1].append(text)

    def _clear_when_due(self) -> None:
        if self._clear_next:
            self.clear(wait=False)

    def _cut(self) -> None:
        if not self._is_cut:
            self._is_cut = True
            self._stream("stderr", f"\n[output cut: a cell may show {self.limit:,} bytes]\n")


class Stream(io.TextIOBase):
    """Stand for sys.stdout or sys.stderr, named so."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: Outputs):
        self.name, self._outputs = name, outputs

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Add text to the cell's outputs."""
        self._outputs.write(self.name, text)
        return len(text)


class Display(DisplayPublisher):
    """Collect what display() shows."""

    def publish(self, data, metadata=None, *_, transient=None, update=False, **__):
        """Add a display_data output, or change an earlier one."""
        data, metadata = as_json(data), as_json(metadata or {})
        display_id = (transient or {}).get("display_id")
        if update:
            self.shell.outputs.update(data, metadata, display_id)
        else:
            output = {"output_type": "display_data", "data": data, "metadata": metadata}
            self.shell.outputs.add(output, display_id)

    def clear_output(self, wait=False):
        """Drop the cell's outputs."""
        self.shell.outputs.clear(wait)


class Result(DisplayHook):
    """Collect the value of a cell's last expression."""

    @staticmethod
    def semicolon_at_end_of_expression(expression):
        """Tell whether a cell ends with a semicolon; only one that has some is taken apart."""
        return ";" in expression and DisplayHook.semicolon_at_end_of_expression(expression)

    def write_output_prompt(self):
        """Write nothing: the output carries the number."""

    def write_format_data(self, format_dict, md_dict=None):
        """Add an execute_result output."""
        data, metadata = as_json(format_dict), as_json(md_dict or {})
        output = {"output_type": "execute_result", "data": data, "metadata": metadata}
        self.shell.outputs.add({**output, "execution_count": self.prompt_count})

    def finish_displayhook(self):
        """Write nothing."""


class Shell(InteractiveShell):
    """Run cells as a notebook does, without a kernel."""

    def __init__(self, outputs: Outputs, **settings):
        self.outputs = outputs
        super().__init__(display_pub_class=Display, displayhook_class=Result, **settings)

    def transform_cell(self, raw_cell):
        """Return a cell as Python; to look for magics, shell commands and prompts takes most of the time."""
        if len(raw_cell.splitlines()) == 1 or NOT_PYTHON.search(raw_cell):  # one line may be `quit`
            return super().transform_cell(raw_cell)
        return raw_cell if raw_cell.endswith("\n") else raw_cell + "\n"

    def should_run_async(self, raw_cell, **settings):
        """Tell whether a cell awaits something; only what names it is looked into."""
        return ("await" in raw_cell or "async" in raw_cell) and super().should_run_async(raw_cell, **settings)

    def _showtraceback(self, etype, evalue, stb):
        traceback = [str(line)[:LINE] for line in stb[:FRAMES]]
        self.outputs.add(error_output(etype, evalue, traceback))

    def _tee(self, channel):
        """Leave out IPython's own record of all output, which has no cap."""
        return contextlib.nullcontext()

    def enable_gui(self, gui=None):
        """Do nothing: pictures are drawn inline."""

    def ask_exit(self):
        """Do nothing: exit() does not end the notebook."""


def make_shell(outputs: Outputs) -> Shell:
    """Return a shell without history, colours and anything on disk."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    site.sethelper()  # the process starts without `site`: see the session
    shell = Shell.instance(outputs=outputs, config=config)
    shell.extension_manager.load_extension("course.magics")  # `course` was imported before there was a shell
    return shell


def error_output(kind: type, error: BaseException, traceback: list[str]) -> dict:
    """Return an error as an output."""
    try:
        message = str(error)[:LINE]
    except Exception:
        message = ""
    return {"output_type": "error", "ename": str(kind.__name__), "evalue": message, "traceback": traceback}


def as_json(value: object) -> object:
    """Return plain JSON data: bytes become base64, anything unknown its text."""
    text = json.dumps(value, skipkeys=True, default=_as_text)
    return json.loads(text, parse_constant=str)


def _as_text(value: object) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)

"""Run a notebook as a student would, and say what went wrong in it."""

import os
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

CELL_SECONDS = 300


def run(notebook, path=(), folder=None, skip="skip-execution", seconds=CELL_SECONDS, **environment):
    """Return the notebook, executed in a kernel of its own; errors stay in its outputs.

    path: folders that the kernel finds packages in first.  folder: where it works, None: an empty one.
    skip: cells with this tag are not run, "" runs them all.  seconds: that a cell may take, None: any time.
    environment: variables of the kernel.
    """
    executed = nbformat.from_dict(notebook)
    found = os.pathsep.join([*map(str, path), *filter(None, [os.environ.get("PYTHONPATH")])])
    with TemporaryDirectory() as empty, TemporaryDirectory() as sockets:
        client = NotebookClient(
            executed,
            config=Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/kernel"}),
            timeout=seconds,
            allow_errors=True,
            skip_cells_with_tag=skip,
            resources={"metadata": {"path": str(folder or empty)}},
        )
        client.execute(env={**os.environ, "PYTHONPATH": found, **environment})
    return executed


def faults(executed):
    """Return a line for each error and each message on stderr in an executed notebook."""
    found = []
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                found.append(f"{cell.id}: {output.ename}: {output.evalue}")
            elif output.output_type == "stream" and output.name == "stderr":
                found.append(f"{cell.id}: on stderr: {output.text.strip()}")
    return found


def points(executed):
    """Return {cell id: points} of the test cells of an executed notebook, None where there is no number."""
    found = {}
    for cell in executed.cells:
        if cell.id.startswith("test-"):
            texts = [
                output.data.get("text/plain")
                for output in cell.outputs
                if output.output_type == "execute_result"
            ]
            found[cell.id] = number(texts[0]) if texts else None
    return found


def number(text):
    """Return the number that a text is, or None."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return None

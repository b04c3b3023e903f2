"""Grade on a Dask cluster: its scheduler hands submissions to workers, which share no files with us.

The scheduler and the workers need this project in the same state, and run whatever a client of theirs sends:
who reaches the scheduler's port runs code there. `tls://` lets in those alone who have the cluster's keys.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import autograder
import course
from autograder.errors import AutograderError

CONNECT_SECONDS = 20
OPEN = (
    "WARNING: {address} is a network address without tls. Who reaches that port runs code on the cluster; "
    "who reads along reads submissions and grades. Use tls://, or a tunnel to 127.0.0.1: see docs/cluster.md"
)


@contextmanager
def connected(address: str, *first) -> Iterator[tuple[Executor, int]]:
    """Give an executor of a cluster's workers, and how many submissions they take at a time.

    first: a function that each worker calls once before, and its arguments; what it raises is not looked at.
    Raises: AutograderError when there is no cluster, it has no workers, or one of them has other code.
    """
    try:
        from distributed import Client, Security
    except ModuleNotFoundError as error:
        raise AutograderError(
            f'--scheduler needs the package {error.name}: pip install "neural-networks-course[cluster]"'
        ) from None
    if address.startswith("tls:") and Security().get_connection_args("client")["ssl_context"] is None:
        raise AutograderError(f"{address} needs the keys of this side: see docs/cluster.md")
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise AutograderError(f"no cluster at {address}: {' '.join(str(error).split())}") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise AutograderError(f"the cluster at {address} has no workers: start some with `dask worker`")
        for worker, its_code in client.run(code).items():
            if its_code != code():
                raise AutograderError(f"the worker {worker} has another version of this project: update it")
        addresses = list(client.nthreads()) if first else []
        begun = [client.submit(*first, workers=[each], pure=False) for each in addresses]
        executor = client.get_executor(pure=False)
        try:
            yield executor, threads
        finally:
            executor.shutdown(wait=False)  # what is still under way is not waited for
            del begun  # until here: what nobody holds on to is not called


def warning(address: str) -> str:
    """Return what is to be said of an address that others can reach and read, empty for any other."""
    return OPEN.format(address=address) if is_open(address) else ""


def is_open(address: str) -> bool:
    """Tell whether an address is on a network, and not protected by tls."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme in ("tls", "wss", "inproc"):
        return False
    try:
        return not ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname != "localhost"


@cache
def code() -> str:
    """Return what tells this state of the project from any other: a digest of all its source files."""
    digest = hashlib.sha256()
    for package in (autograder, course):
        root = Path(package.__file__).parent
        for path in sorted(root.rglob("*.py")):
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()

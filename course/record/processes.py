"""Processes that work together: forked, so that they share what was there, and write into shared memory.

Threads of Python wait for one another in all that is not a matrix product. Processes do not. The memory they
share has no name: it goes with the last of them. They meet by sending one byte each; who finds that the other
is gone is told so at once and ends, however the other ended.
"""

import math
import mmap
import os
import signal
import socket
import sys
import traceback
from contextlib import ExitStack

import numpy as np


def shared(shape, dtype=np.float32):
    """Return an array of zeros that processes forked later share."""
    size = math.prod(shape)
    room = mmap.mmap(-1, max(1, size * np.dtype(dtype).itemsize))
    return np.frombuffer(room, dtype, size).reshape(shape)


def shared_arrays(shapes):
    """Return {name: shared array of zeros}; shapes: {name: shape}."""
    return {name: shared(shape) for name, shape in shapes.items()}


class Member:
    """One of `size` processes, with its rank; ends: sockets, from rank 0 to all others, else to rank 0."""

    def __init__(self, rank, size, ends):
        self.rank, self.size, self.ends = rank, size, ends

    def meet(self):
        """Wait until every member is here. Raises ConnectionError when one has ended."""
        if self.rank:
            self.ends[0].sendall(b".")
        for end in self.ends:
            if not end.recv(1):
                raise ConnectionError("another process of the training has ended")
        if not self.rank:
            for end in self.ends:
                end.sendall(b".")


def together(work, size):
    """Call work(member) in `size` processes, this one with rank 0 among them; return what it returns here.

    When work raises here, the other processes are ended. Raises ConnectionError when one of them has ended.
    """
    children = []
    with ExitStack() as sockets:
        ends = []
        try:
            for rank in range(1, size):
                here, there = socket.socketpair()
                ends.append(sockets.enter_context(here))
                child = os.fork()
                if child == 0:
                    for end in ends:
                        end.close()  # so that this one's end closes with the parent
                    serve(work, Member(rank, size, [there]))
                children.append(child)
                there.close()
            return work(Member(0, size, ends))
        except BaseException:
            for child in children:
                os.kill(child, signal.SIGKILL)
            raise
        finally:
            for child in children:
                os.waitpid(child, 0)


def serve(work, member):
    """Do the work of a child, and end: what the parent does at its end is not for a child."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is asked to stop, and ends the others
        work(member)
        code = 0
    except ConnectionError:
        pass  # the parent has said why
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)

"""A pool of processes on this machine, each of which can die without taking another one's work with it.

The standard library's ProcessPoolExecutor is broken as a whole when one of its processes is killed.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import connection, forkserver, get_context, parent_process, resource_tracker

from autograder import interrupts

# They are forked from a process that has loaded this, and nothing else that would be theirs to see.
LOADED = ["autograder.engine"]
ENDING = (0.3, 0.7, 2.0)  # seconds after each request to end, in which a student's process is put away


class WorkerDied(BrokenExecutor):
    """Tell that the process which was at work on a task is gone; the pool goes on with another one."""


class Beginning:
    """What a process of a pool does before its first task: nothing."""

    def __call__(self) -> None:
        """Do it, in the process of the pool."""

    def close(self) -> None:
        """Close what the process was given, here."""


class Pool(Executor):
    """Run functions in processes of this machine, so many at a time.

    beginning: makes what each process calls before all else; closed here once the process has it.
    A task whose process dies raises WorkerDied, and no other task does. Leaving a `with` statement ends all
    processes, whatever they are at.
    """

    def __init__(self, workers: int, beginning: Callable[[], Beginning] | None = None):
        self._beginning, self._workers = beginning or Beginning, workers
        self._is_over, self._guard = False, threading.Lock()
        resource_tracker.ensure_running()  # to start it would let Ctrl-C through again
        with interrupts.held_back():  # from what the processes are forked from
            forkserver.set_forkserver_preload(LOADED)
            forkserver.ensure_running()
        self._processes: set[Worker] = set()
        self._idle: list[Worker] = []
        self._threads = ThreadPoolExecutor(workers, "pool")  # each waits for one process at a time

    def start(self) -> None:
        """Start all processes, which otherwise start when there is work for them."""
        for _ in range(self._workers):
            self._threads.submit(self._get_ready)

    def submit(self, function: Callable, /, *args, **named) -> Future:
        """Run a function in one of the processes; it and its arguments are pickled."""
        return self._threads.submit(self._run, function, args, named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: when they have done their work, or at once where it is to be cancelled."""
        self._threads.shutdown(wait=wait and not cancel_futures, cancel_futures=cancel_futures)
        if wait or cancel_futures:
            self._end()
            self._threads.shutdown()

    def __exit__(self, *_error) -> None:
        self.shutdown(cancel_futures=True)

    def _get_ready(self) -> None:
        self._use(self._new_worker(), int)

    def _run(self, function: Callable, args: tuple, named: dict) -> object:
        with self._guard:
            worker = self._idle.pop() if self._idle else None
        return self._use(worker or self._new_worker(), function, args, named)

    def _use(self, worker: Worker, function: Callable, args: tuple = (), named: dict | None = None) -> object:
        try:
            return worker.run(function, args, named or {})
        except WorkerDied:
            if self._is_dropped(worker):
                worker.end()
            raise
        finally:
            with self._guard:
                if worker in self._processes:
                    self._idle.append(worker)

    def _new_worker(self) -> Worker:
        with self._guard:  # or it might begin while the others are ended, and stay
            if self._is_over:
                raise WorkerDied("the pool is over")
            worker = Worker(self._beginning())
            self._processes.add(worker)
        return worker

    def _is_dropped(self, worker: Worker) -> bool:
        """Forget a process; tell whether it is still to be reaped."""
        with self._guard:
            was_here = worker in self._processes
            self._processes.discard(worker)
        return was_here

    def _end(self) -> None:
        with self._guard:
            self._is_over = True
            workers, self._processes = self._processes, set()
        for worker in workers:
            worker.tell_to_end()
        for worker in workers:
            worker.end()


class Worker:
    """One process of a pool, and the connection to it."""

    def __init__(self, beginning: Beginning):
        self._connection, theirs = connection.Pipe()
        new = get_context("forkserver").Process
        self._process = new(target=_serve, args=(theirs, beginning), daemon=True)
        with interrupts.held_back():  # until the process can deal with them
            self._process.start()
        theirs.close()
        beginning.close()

    def run(self, function: Callable, args: tuple, named: dict) -> object:
        """Return what a function returns, or raise what it raises, in the process."""
        try:
            self._connection.send((function, args, named))
            value, error = self._connection.recv()
        except (EOFError, OSError):
            raise WorkerDied("the process of the pool is gone") from None
        if error is not None:
            raise error
        return value

    def tell_to_end(self) -> None:
        """Ask the process to stop what it is at."""
        self._process.terminate()

    def end(self) -> None:
        """End the process, and reap it.

        It ends by an exception, which is lost where a check catches whatever an answer raises: so it is asked
        again, and in the end not asked.
        """
        for seconds in ENDING:
            self._process.terminate()
            self._process.join(seconds)
        self._process.kill()
        self._process.join()


def _serve(pipe: connection.Connection, beginning: Beginning) -> None:
    """Do one task after another in a process of the pool, until the pool hangs up or says that it is over."""
    os.setpgid(0, 0)  # Ctrl-C in a terminal reaches a whole group; it is for the pool to end its processes
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # one that has come already is gone
    signal.signal(signal.SIGTERM, _leave)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a student's process inherits what is ignored
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    with suppress(Exception):  # the task that needs it will tell
        beginning()
    while True:
        try:
            function, args, named = pipe.recv()
        except EOFError:
            return
        try:
            outcome = function(*args, **named), None
        except Exception as error:
            outcome = None, error
        pipe.send(outcome)


def _leave(*_signal) -> None:
    """End the process by an exception, so that whatever it has opened is closed."""
    sys.unraisablehook = lambda _: None  # it may be lost in a callback, and need not be told
    sys.exit(128 + signal.SIGTERM)


def _leave_with_parent() -> None:
    """End the process soon after the one that started it, should that be killed."""
    connection.wait([parent_process().sentinel])
    for seconds in ENDING:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(seconds)
    os._exit(1)

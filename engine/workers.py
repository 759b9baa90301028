"""How do the processes begin that work for this one?"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import BaseContext

# What all of them need: imported once, in the process from which they are forked.
_NEEDED = ["engine.pool", "engine.reports.output"]
_THREADS = Path("/proc/self/task")  # those of libraries too; only Linux tells, and forks safely


def own_context() -> BaseContext:
    """Return a way to start workers that copies no thread or lock of this process.

    Where it has no other thread a worker may be its copy, and need not import or load anything.
    """
    import multiprocessing

    if _THREADS.is_dir() and len([*_THREADS.iterdir()]) == 1:
        return multiprocessing.get_context("fork")
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    context.set_forkserver_preload(_NEEDED)
    return context


def prepare() -> None:
    """Let the imports for workers begin, if they need any, while this process does its own."""
    if own_context().get_start_method() == "forkserver":
        from multiprocessing import forkserver, resource_tracker

        resource_tracker.ensure_running()  # whose own start would let interrupts through again
        with uninterrupted():
            forkserver.ensure_running()


def begin() -> None:
    """Make this process a worker: it hears no interrupt, and never outlives what it works for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends its workers
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)  # it was killed: nobody would take what is done here, nor end this process


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Keep an interrupt waiting: a process that begins here must not be cut off, nor hear of it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

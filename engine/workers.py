"""How do the processes begin that work for this one?"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import BaseContext

# What all of them need: imported once, in the process from which they are forked.
_NEEDED = ["engine.pool", "engine.reports.output"]


def own_context() -> BaseContext:
    """Return a way to start workers that copies no thread or lock of this process."""
    import multiprocessing

    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    context.set_forkserver_preload(_NEEDED)
    return context


def prepare() -> None:
    """Let the imports for workers begin, while this process does something else."""
    if own_context().get_start_method() == "forkserver":
        from multiprocessing import forkserver, resource_tracker

        resource_tracker.ensure_running()  # whose own start would let interrupts through again
        with uninterrupted():
            forkserver.ensure_running()


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

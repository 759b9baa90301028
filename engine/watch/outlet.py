"""Where does what is told go, so that a reader who does not read keeps nobody from stopping?"""

from __future__ import annotations

import os
import select
import selectors

_AT_ONCE = select.PIPE_BUF  # what a pipe that is ready takes without waiting


class Outlet:
    """Writes to a descriptor; `waker` is one that is readable once somebody has asked to stop.

    The descriptor stays as it is, for others may share it: what would wait is not begun.
    """

    def __init__(self, descriptor: int, waker: int) -> None:
        self._descriptor, self._waker = descriptor, waker

    def write(self, data: bytes) -> bool:
        """Write everything, however long the reader pauses; return whether it was written.

        It is not if somebody asks to stop meanwhile; a line may then be cut, as by a kill.
        """
        left = memoryview(data)
        while left:
            if not self._is_ready():
                return False
            left = left[os.write(self._descriptor, left[:_AT_ONCE]):]
        return True

    def _is_ready(self) -> bool:
        """Wait until something can be written; return whether it can, or somebody wants to stop."""
        with selectors.PollSelector() as selector:  # unlike epoll it takes a plain file too
            selector.register(self._descriptor, selectors.EVENT_WRITE)
            selector.register(self._waker, selectors.EVENT_READ)
            return any(key.fd == self._descriptor for key, _ in selector.select())

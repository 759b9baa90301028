"""Is the solver for proofs installed, and what is to be done if it is not?"""

from __future__ import annotations

from importlib.util import find_spec

HOW_TO_INSTALL = "install the extra `verify` (pip install z3-solver)"


def solver_is_installed() -> bool:
    """Whether proofs can be made on this machine."""
    return find_spec("z3") is not None

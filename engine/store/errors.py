"""What keeps a store from being used, in a sentence for the person who asked for it."""

from __future__ import annotations


class StoreError(Exception):
    """A store that cannot be used as asked, with what to do."""


class NotWholeError(StoreError):
    """A store that is not as it was written: damaged, or changed by another hand."""


class ReplacedError(StoreError):
    """Another rulebook was put in force while a program went by the one before."""

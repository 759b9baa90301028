"""What keeps a file from being read as a certificate, in a sentence for who asked for it."""

from __future__ import annotations


class CertificateError(Exception):
    """A file that is no certificate as it was made: what is wrong where, and what to do."""

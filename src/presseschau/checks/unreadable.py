"""The one error of this room: a file given to the checks (pairs, glossary) cannot be used."""

from __future__ import annotations


class UnreadableError(ValueError):
    """The message is a sentence that names the file, what is wrong with it, and what to try."""

"""The seal of a note: the hash of all it says, so that a change made later is seen."""

from __future__ import annotations

import hashlib

from presseschau.notes import Note


def sealed(note: Note) -> Note:
    """The note with its seal."""
    return note.model_copy(update={"seal": seal(note)})


def seal(note: Note) -> str:
    """sha256 (hex) of the note's JSON with an empty seal."""
    return hashlib.sha256(note.model_copy(update={"seal": ""}).model_dump_json().encode()).hexdigest()

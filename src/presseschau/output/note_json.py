"""A briefing note as the JSON that `verify`, `render` and `brief --previous` read."""

from __future__ import annotations

from presseschau.notes import Note
from presseschau.output.inert import inert_json


def note_json(note: Note) -> str:
    """The whole note, indented, UTF-8 as it is."""
    return inert_json(note.model_dump_json(indent=2)) + "\n"

"""Values as text: pure, no I/O but the templates."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from presseschau.models import Analysis

if TYPE_CHECKING:
    from presseschau.notes import Note

FORMATS = {
    "json": "analysis_json",
    "md": "markdown",
    "html": "html",
    "csv": "claims_csv",
    "jsonl": "claims_jsonl",
    "jsonld": "claim_jsonld",
    "tmx": "tmx",
}
"""Format of a result -> the file of this room that makes it, whose function has the file's name; loaded when it is
asked for."""
NOTE_FORMATS = {"json": "note_json", "md": "note_markdown", "html": "note_page", "docx": "note_docx"}
"""The same for a note."""


def rendered(analysis: Analysis, format: str) -> str:
    """The analysis in one of FORMATS, every line ended. csv, jsonl and jsonld hold its claims, tmx its sentences.

    Raises KeyError for another format.
    """
    made: str = _maker(FORMATS[format])(analysis)
    return made


def rendered_note(note: Note, format: str) -> str | bytes:
    """The note in one of NOTE_FORMATS, every line ended; docx is bytes. Raises KeyError for another format."""
    made: str | bytes = _maker(NOTE_FORMATS[format])(note)
    return made


def _maker(name: str) -> Callable[..., Any]:
    made: Callable[..., Any] = getattr(import_module(f"{__name__}.{name}"), name)
    return made

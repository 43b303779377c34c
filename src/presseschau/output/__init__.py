"""Values as text: pure, no I/O but the templates."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from presseschau.models import Analysis

if TYPE_CHECKING:
    from presseschau.comparison import ResultComparison
    from presseschau.notes import Note

Word = Literal["docx", "docx-english"]
FORMATS = {
    "json": ("inert", "analysis_json"),
    "md": ("markdown", "markdown"),
    "html": ("page", "html"),
    "csv": ("claims", "claims_csv"),
    "jsonl": ("claims", "claims_jsonl"),
    "jsonld": ("claims", "claim_jsonld"),
    "tmx": ("sentence_pairs", "tmx"),
    "xliff": ("sentence_pairs", "xliff"),
    "txt": ("text", "text"),
    "docx": ("article_docx", "bilingual_docx"),
    "docx-english": ("article_docx", "english_docx"),
}
"""Format of a result -> the file of this room that makes it, loaded when it is asked for, and its function."""
NOTE_FORMATS = {
    "json": ("inert", "note_json"),
    "md": ("note_markdown", "note_markdown"),
    "html": ("note_page", "note_page"),
    "docx": ("note_docx", "note_docx"),
}
"""The same for a note."""
COMPARISON_FORMATS = {
    "json": ("comparison_text", "comparison_json"),
    "md": ("comparison_text", "comparison_markdown"),
    "html": ("comparison_text", "comparison_page"),
}
"""The same for two results side by side."""


@overload
def rendered(analysis: Analysis, format: Word, template: bytes | None = None) -> bytes: ...  # type: ignore[overload-overlap]
@overload
def rendered(analysis: Analysis, format: str) -> str: ...
def rendered(analysis: Analysis, format: str, template: bytes | None = None) -> str | bytes:
    """The analysis in one of FORMATS, every line ended; csv, jsonl and jsonld hold its claims, tmx and xliff its
    sentences. docx (a table of both languages) and docx-english (with footnotes) are bytes, in the styles of a
    `template` if one is given.

    Raises KeyError for another format, ValueError for a template that is no Word file.
    """
    more = {"template": template} if template is not None else {}
    made: str | bytes = _maker(*FORMATS[format])(analysis, **more)
    return made


def rendered_note(note: Note, format: str, template: bytes | None = None) -> str | bytes:
    """The note in one of NOTE_FORMATS, every line ended; docx is bytes, in the styles of a `template` if one is given.

    Raises KeyError for another format, ValueError for a template that is no Word file.
    """
    more = {"template": template} if template is not None else {}
    made: str | bytes = _maker(*NOTE_FORMATS[format])(note, **more)
    return made


def rendered_comparison(comparison: ResultComparison, format: str) -> str:
    """The comparison in one of COMPARISON_FORMATS, every line ended. Raises KeyError for another format."""
    made: str = _maker(*COMPARISON_FORMATS[format])(comparison)
    return made


_HEIGHT = 640
"""Pixels of a frame in a notebook; longer pages scroll."""


def framed(result: Analysis | Note) -> str:
    """HTML for a notebook: the page of a result or a note in a frame, in which no script runs."""
    page = rendered(result, "html") if isinstance(result, Analysis) else str(rendered_note(result, "html"))
    return (
        f'<iframe sandbox srcdoc="{escape(page, quote=True)}" '
        f'style="width:100%;height:{_HEIGHT}px;border:1px solid #ccc"></iframe>'
    )


def ending(file: Path) -> str:
    """How a file's name ends, as the name of a form: .xlf is xliff, .htm html, .markdown md."""
    name = file.suffix.lstrip(".").lower()
    return {"xlf": "xliff", "htm": "html", "markdown": "md"}.get(name, name)


def _maker(file: str, name: str) -> Callable[..., Any]:
    made: Callable[..., Any] = getattr(import_module(f"{__name__}.{file}"), name)
    return made

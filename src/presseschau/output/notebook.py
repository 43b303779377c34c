"""A result or a note in a notebook: its page in a frame, in which no script runs."""

from __future__ import annotations

from html import escape
from typing import Any

from presseschau.models import Analysis
from presseschau.output import rendered, rendered_note

_HEIGHT = 640
"""Pixels; longer pages scroll."""


def framed(result: Any) -> str:
    """HTML with the page of an Analysis or a Note in it."""
    page = rendered(result, "html") if isinstance(result, Analysis) else rendered_note(result, "html")
    held = escape(page if isinstance(page, str) else page.decode(), quote=True)
    return f'<iframe sandbox srcdoc="{held}" style="width:100%;height:{_HEIGHT}px;border:1px solid #ccc"></iframe>'

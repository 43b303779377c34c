"""Values as text: pure, no I/O but the templates."""

from __future__ import annotations

from importlib import import_module

from presseschau.models import Analysis

FORMATS = {
    "json": "analysis_json",
    "md": "markdown",
    "html": "html",
    "csv": "claims_csv",
    "jsonl": "claims_jsonl",
    "jsonld": "claim_jsonld",
    "tmx": "tmx",
}
"""Format -> the file of this room that makes it, whose function has the file's name; loaded when it is asked for."""


def rendered(analysis: Analysis, format: str) -> str:
    """The analysis in one of FORMATS, every line ended. csv, jsonl and jsonld hold its claims, tmx its sentences.

    Raises KeyError for another format.
    """
    name = FORMATS[format]
    made: str = getattr(import_module(f"{__name__}.{name}"), name)(analysis)
    return made

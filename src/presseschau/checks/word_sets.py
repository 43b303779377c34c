"""Closed sets of words that the checks look up, read from `data/<file>.txt` when first needed."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=32)
def section(file: str, name: str) -> frozenset[str]:
    """The words of the line `name:` in `data/<file>.txt`."""
    text = files("presseschau.checks").joinpath(f"data/{file}.txt").read_text("utf-8")
    sections = dict(line.split(": ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return frozenset(sections[name].split())

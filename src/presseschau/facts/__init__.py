"""What a text states that can be checked without a model, in German and in English.

`facts(text, lang)` reads a text once; `compare(source, target)` says what two texts do not share. One concept a file;
each exports `read(text, lang) -> tuple[Fact, ...]` and `differences(source, target, direction)`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang

__all__ = ["Difference", "Direction", "Fact", "Facts", "Lang", "compare", "facts"]

CONCEPTS = {
    "numbers": "numbers",
    "dates": "dates",
    "places": "places",
    "persons": "persons",
    "acronyms": "acronyms",
    "negations": "negation",
    "hedges": "hedges",
    "voices": "voices",
    "quotes": "quotes",
}
"""Field of `Facts` -> the file of this room that fills and compares it. Loaded when first needed."""


@lru_cache(maxsize=1)
def _concepts() -> dict[str, Any]:
    found = {field: f"{__name__}.{name}" for field, name in CONCEPTS.items()}
    return {field: import_module(name) for field, name in found.items() if find_spec(name)}


@lru_cache(maxsize=4096)
def facts(text: str, lang: Lang) -> Facts:
    """Everything that can be read from `text`; offsets count its code points, 0-based, end exclusive."""
    return Facts(text, lang, **{field: concept.read(text, lang) for field, concept in _concepts().items()})


def compare(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """What `target` leaves out or adds; with `within` only what it adds. de->en, or en->en (a note and its claims)."""
    return tuple(
        difference
        for concept in _concepts().values()
        for difference in concept.differences(source, target, direction)
    )

"""What a text states that can be checked without a model, in German and in English.

`facts(text, lang)` reads a text, each concept once; `compare(source, target)` says what two texts do not share. One
concept a file; each exports `read(text, lang)` and `differences(source, target, direction)`. Nothing is loaded
before the first call.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from presseschau.facts.fact import Concept, Difference, Direction, Fact, Facts, Lang

__all__ = ["Difference", "Direction", "Fact", "Facts", "Lang", "compare", "facts"]


@lru_cache(maxsize=1)
def _concepts() -> Mapping[str, Concept]:
    """Field of `Facts` -> the file that reads and compares it."""
    from presseschau.facts.names import acronyms, persons, places, roles
    from presseschau.facts.numbers import read as numbers
    from presseschau.facts.polarity import agents, directions, hedges, negation
    from presseschau.facts.speech import quotes, voices
    from presseschau.facts.time import dates, periods

    return {
        "numbers": numbers, "dates": dates, "periods": periods, "places": places, "persons": persons,
        "acronyms": acronyms, "negations": negation, "hedges": hedges, "voices": voices, "quotes": quotes,
        "directions": directions, "roles": roles, "agents": agents,
    }  # fmt: skip


@lru_cache(maxsize=4096)
def facts(text: str, lang: Lang) -> Facts:
    """Everything that can be read from `text`, each concept when it is first asked for; offsets count its code points,
    0-based, end exclusive."""
    return Facts(text, lang, _concepts())


def compare(
    source: Facts, target: Facts, direction: Direction = "both", kinds: Collection[str] = ()
) -> tuple[Difference, ...]:
    """What `target` leaves out or adds; with `within` only what it adds or says more surely than `source`.

    For German and its English, or English and English (claims and the note that cites them). `kinds`: fields of `Facts`
    that are looked at, all if empty.
    """
    return tuple(
        difference
        for kind, concept in _concepts().items()
        if not kinds or kind in kinds
        for difference in concept.differences(source, target, direction)
    )

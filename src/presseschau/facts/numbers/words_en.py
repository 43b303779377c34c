"""English number words: twelve, twenty-five (read in two), dozens, two thirds, nineties, twice."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache, partial

from presseschau.facts.numbers.words_de import Amount, NumberWord, amounts, known_words

_of = partial(amounts, "en")


@lru_cache(maxsize=1)
def _decades() -> dict[str, tuple[Amount, ...]]:
    cardinals = _of("cardinal").items()
    return {f"{word[:-1]}ies": values for word, values in cardinals if values[0] >= 20} | _of("decade")


@lru_cache(maxsize=1)
def _known() -> dict[str, NumberWord]:
    return known_words("en", "article", "scale", "vague", "times", "hint", "cardinal")


@lru_cache(maxsize=8_192)
def word(written: str) -> NumberWord | None:
    """What `written` (no hyphen, no space) says about a number, or None."""
    lower = written.lower()
    if lower == "half":
        return NumberWord("half", _of("hint")[lower])
    if lower == "hundred":
        return NumberWord("hundred", _of("hint")[lower])
    if found := _known().get(lower):
        return found
    return NumberWord("decade", _decades()[lower]) if lower in _decades() else _part(lower)


def _part(lower: str) -> NumberWord | None:
    """Third is an ordinal or a part; thirds and quarters can only be parts."""
    if lower in _of("part"):
        return NumberWord("part", _of("part")[lower])
    below = _of("ordinal").get(lower.removesuffix("s"), (0,))[0]
    if below and below > 2:
        return NumberWord("part", (Fraction(1, below), below))
    if below:
        return NumberWord("ordinal", (below,)) if not lower.endswith("s") else None
    base = lower.removesuffix("s")
    count = _of("cardinal").get(base.removesuffix("fold").removesuffix("some"))
    return NumberWord("times", count) if count and base.endswith(("fold", "some")) and 1 < count[0] <= 10 else None

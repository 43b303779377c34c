"""Orders of magnitude told by the number of digits: ein zweistelliger Millionenbetrag, a seven-figure sum."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presseschau.facts.fact import Lang
from presseschau.facts.number_value import Quantity, Scale
from presseschau.facts.written_forms import Reading

_DIGITS = {
    "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
    "single": 1, "one": 1, "double": 2, "two": 2, "triple": 3, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_SIZES = {"million": 10**6, "milliard": 10**9, "billion": 10**9}
_PATTERN: dict[Lang, re.Pattern[str]] = {
    "de": re.compile(
        r"\b(?P<n>ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn)stellig\w*(?:\s[a-zäöüß]+)?"
        r"(?:\s(?P<size>Million|Milliard)\w*)?"
    ),
    "en": re.compile(
        r"\b(?P<n>single|double|triple|one|two|three|four|five|six|seven|eight|nine|ten)-(?:digit|figure)s?"
        r"(?:[\s-](?P<size>million|billion)\w*)?",
        re.IGNORECASE,
    ),
}


def digit_counts(text: str, lang: Lang) -> Iterator[Reading]:
    """Of each the number of digits and, as other readings of the same span, what that comes to: tens of millions, or
    only millions."""
    if "stellig" not in text and "-digit" not in text and "-figure" not in text:
        return
    for match in _PATTERN[lang].finditer(text):
        digits, size = _DIGITS[match["n"].lower()], _SIZES.get((match["size"] or "").lower(), 1)
        yield Reading(Quantity(digits), *match.span())
        for order in {10 ** (digits - 1) * size, size} - {1}:
            yield Reading(Scale(order), *match.span(), needed=False)

"""Orders of magnitude told by the number of digits: ein zweistelliger Millionenbetrag, a seven-figure sum."""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.facts.fact import Lang
from presseschau.facts.number_value import Quantity, Scale
from presseschau.facts.number_word import amounts
from presseschau.facts.written_forms import NumberReading
from presseschau.lang import regex


def digit_counts(text: str, lang: Lang) -> Iterator[NumberReading]:
    """Of each the number of digits and, as other readings of the same span, what that comes to: tens of millions, or
    only millions."""
    if "stellig" not in text and "-digit" not in text and "-figure" not in text:
        return
    for match in regex(lang, "numbers", "digit_count").finditer(text):
        digits = int(amounts(lang, "digits")[match["n"].lower()][0])
        size = int(amounts(lang, "size")[match["size"].lower()][0]) if match["size"] else 1
        yield NumberReading(Quantity(digits), *match.span())
        for order in {10 ** (digits - 1) * size, size} - {1}:
            yield NumberReading(Scale(order), *match.span(), needed=False)

"""Numbers written in figures: 1.000,5 (de) and 1,000.5 (en) are the same.

Groups of three are set with a point (de), a comma (en), an apostrophe (Switzerland) or a space, also a no-break or
thin one; the same sign must stand between all groups. 1.335 is 1335 in German and 1.335 in English, never both: a
figure left in German notation is an error that must be seen. And orders of magnitude told by the number of digits: ein
zweistelliger Millionenbetrag, a seven-figure sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from presseschau.facts.fact import Lang
from presseschau.facts.numbers.value import Amount, Quantity, Scale
from presseschau.facts.numbers.words import amounts
from presseschau.facts.numbers.written_forms import NumberReading
from presseschau.lang import regex
from presseschau.patterns import late


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


_SPACES = " \u00a0\u202f\u2009"
_GROUPED = r"\d{{1,3}}(?:(?P<{name}>[{signs}])\d{{3}})(?:(?P={name})\d{{3}})*(?!\d)"

_STRAY = {"de": r"\d{1,3} \.\d{3}(?!\d)|", "en": r"\d{1,3}(?:, | ,)000(?!\d)|"}  # typing and tokenising slips

NUMERAL: dict[Lang, str] = {
    "de": _STRAY["de"]
    + _GROUPED.format(name="group", signs=f".'’{_SPACES}")
    + r"(?:,\d+)?|\d+,\d+|(?<![\w.]),\d+|\d+\.\d{1,2}(?![\d.])|\d+",
    "en": _STRAY["en"]
    + _GROUPED.format(name="group", signs=f",'’{_SPACES}")
    + r"(?:\.\d+)?|\d+\.\d+|(?<![\w.])\.\d+|\d+",
}
"""Source of a regular expression that matches one numeral."""

VULGAR = {
    "½": Fraction(1, 2), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3), "¼": Fraction(1, 4), "¾": Fraction(3, 4),
    "⅕": Fraction(1, 5), "⅖": Fraction(2, 5), "⅗": Fraction(3, 5), "⅘": Fraction(4, 5), "⅙": Fraction(1, 6),
    "⅚": Fraction(5, 6), "⅛": Fraction(1, 8), "⅜": Fraction(3, 8), "⅝": Fraction(5, 8), "⅞": Fraction(7, 8),
}  # fmt: skip

_GROUP_SIGNS = {lang: late(f"[{sign}'’{_SPACES}]+") for lang, sign in (("de", "."), ("en", ","))}
_DOTTED = late(r"\d+\.\d{1,2}")


def numeral_value(numeral: str, lang: Lang) -> Amount:
    """The exact value of what `NUMERAL[lang]` matched."""
    if numeral.isdecimal():
        return int(numeral)
    if lang == "de" and _DOTTED.fullmatch(numeral):
        return exact(numeral)
    plain = _GROUP_SIGNS[lang].sub("", numeral)
    return exact(plain.replace(",", "."))


def exact(decimal: str) -> Amount:
    """An int where that is exact, else a Fraction."""
    value = Fraction(f"0{decimal}")
    return value.numerator if value.denominator == 1 else value

"""Figures that the German writes with points and commas, put the English way round: 1.800,5 -> 1,800.5.

A small model copies "1,5 percent", or writes "680, 000". Only a figure of the German with the same digits is changed.
"""

from __future__ import annotations

import re
from functools import partial

_GERMAN = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:[.'’\u00a0\u202f]\d{3})+(?:,\d+)?|\d+,\d+)(?!\d|[.,]\d)")
_BETWEEN = "(?:[.,] ?|['’ \u00a0\u202f])"


def english_separators(english: str, german: str) -> str:
    """`english` with the figures of `german` that it writes with the same digits grouped and marked as in English."""
    for figure in dict.fromkeys(_GERMAN.findall(german)):
        whole, _, decimals = figure.partition(",")
        spelt = ",".join(re.findall(r"\d+", whole)) + (f".{decimals}" if decimals else "")
        same = _BETWEEN.join(re.findall(r"\d+", figure))
        english = re.sub(rf"(?<![\d.,]){same}(?!\d|[.,]\d)", partial(_spelt, spelt, german), english)
    return english


def _spelt(figure: str, german: str, match: re.Match[str]) -> str:
    """The figure, unless it is two of the German: places 3, 5 and 7."""
    return match[0] if " " in match[0] and match[0] in german else figure

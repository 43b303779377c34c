"""Names and figures that a model left in their German spelling, put into English: names by the reviewed tables.

A name is the one thing that a table knows better than any model. Only a word that stands in the German in the same
letters is changed, and only if it is no English spelling of that name. Of figures (1.800,5 -> 1,800.5) only one with
the same digits as the German one: a small model copies "1,5 percent", or writes "680, 000".
"""

from __future__ import annotations

import re
from functools import partial

from presseschau.facts import facts
from presseschau.facts.names.gazetteer import gazetteer
from presseschau.facts.names.name_words import first_names
from presseschau.facts.names.persons import english_first_name, english_surnames
from presseschau.lang import SOURCE
from presseschau.patterns import late

_GERMAN = late(r"(?<![\d.,])(?:\d{1,3}(?:[.'’\u00a0\u202f]\d{3})+(?:,\d+)?|\d+,\d+)(?!\d|[.,]\d)")
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


_WORD = late(r"(?<![\w-])[^\W\d_][\w-]*")
_AFTER_NUMBER = late(r"\d\s*$")  # 500 Franken is money, not Franconia


def respelled(english: str, german: str) -> str:
    """`english` with figures, public figures and places of `german` in English spelling (1,5 -> 1.5, Kiew -> Kyiv)."""
    english = english_separators(english, german)
    spellings = _spellings(english, german)
    if not spellings:
        return english

    def spelt(match: re.Match[str]) -> str:
        return (
            match.group()
            if _AFTER_NUMBER.search(english[: match.start()])
            else spellings.get(match.group(), match.group())
        )

    return _WORD.sub(spelt, english)


def _spellings(english: str, german: str) -> dict[str, str]:
    words = set(_WORD.findall(english)) & set(_WORD.findall(german))
    found = {word: surname for word in words if (surname := english_surnames().get(word, word)) != word}
    surnames = {*english_surnames(), *english_surnames().values()}
    for first, last in re.findall(r"(?=\b([^\W\d_]+) ([^\W\d_][\w-]*))", english):
        if first in words and last in surnames:
            found |= {first: english_first_name(first, last)}
    forms = gazetteer("en").forms
    for fact in facts(german, SOURCE).places:
        known = forms.get(str(fact.value), ())
        if fact.kind != "place" or _is_first_name(fact.text, german, fact.end):
            continue
        if fact.text in words and known and fact.text not in known:
            found[fact.text] = known[0]
    return found


def _is_first_name(word: str, german: str, end: int) -> bool:
    """Nils Bergholz is not of the river Nile."""
    return word in first_names() and re.match(r" [A-ZÄÖÜ]", german[end:]) is not None

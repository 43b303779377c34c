"""Acronyms: EZB = ECB, BIP = GDP; others are the same in both languages, and any may be written out."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import NamedTuple

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.words import shouts
from presseschau.lang import PAIR, SOURCE, regex, table
from presseschau.patterns import late

_rule = partial(regex, PAIR, "acronyms")

# Two to six letters, most of them capitals (EuGH, AfD, BaFin, CO2); a hyphen may follow (EU-Gipfel).
_ACRONYM = late(
    r"[A-ZÄÖÜČ](?<![\w&.-].)(?:(?:[A-ZÄÖÜ\d&]|[a-zäöü](?=[A-ZÄÖÜ])){1,5}|(?<=[A-Z])\.(?:[A-Z]\.){1,4})"
    r"(?:s|['’]s)?(?![\w&])"
)


class _AcronymRow(NamedTuple):
    value: str
    de: tuple[str, ...]
    en: tuple[str, ...]


class _Short(NamedTuple):
    value: str
    written: dict[Lang, tuple[str, ...]]


@lru_cache(maxsize=1)
def _known() -> tuple[dict[Lang, dict[str, str]], dict[str, _Short]]:
    forms: dict[Lang, dict[str, str]] = {SOURCE: {}, "en": {}}
    shorts = {}
    for row in table(PAIR, "acronyms", _AcronymRow):
        written: dict[Lang, tuple[str, ...]] = {SOURCE: row.de, "en": row.en}
        shorts[row.value] = _Short(row.value, written)
        for lang in written:
            forms[lang].update(dict.fromkeys(written[lang], row.value))
    return forms, shorts


@lru_cache(maxsize=256)
def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The acronyms of `text`: facts whose `value` is the English acronym if the table knows it, else the acronym
    itself.

    Not read: texts in capitals, Roman numerals, currencies and units, countries (places reads those).
    """
    if shouts(text):
        return ()
    forms = _known()[0][lang]
    found = []
    for m in _ACRONYM.finditer(text):
        bare = re.sub(r"['’]?s$", "", m.group())
        if not _rule("none").fullmatch(bare):
            found.append(
                Fact(
                    "acronym",
                    forms.get(m.group(), forms.get(bare, bare.replace(".", ""))),
                    m.group(),
                    m.start(),
                    m.end(),
                )
            )
    return tuple(found)


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`name.missing` and `name.added` for acronyms. Sure only where the table knows the acronym; others are often
    written out, so they are weak."""
    missing = _unanswered(source, target) if direction == "both" else []
    return (
        *(Difference("name.missing", source=fact, weak=not _in_table(fact)) for fact in missing),
        *(Difference("name.added", target=fact, weak=True) for fact in _unanswered(target, source)),
    )


def _in_table(fact: Fact) -> bool:
    return re.sub(r"['’]?s$", "", fact.text) in _known()[0][SOURCE]


def _unanswered(side: Facts, other: Facts) -> list[Fact]:
    there = {fact.value for fact in other.acronyms}
    missing = {fact.value: fact for fact in reversed(side.acronyms) if fact.value not in there}
    return [
        fact for fact in missing.values() if fact.text not in other.text and not _written_out(str(fact.value), other)
    ]


def _written_out(value: str, other: Facts) -> bool:
    """Does `other` hold the acronym, or what it stands for, in any spelling?"""
    if value in other.text:
        return True
    short = _known()[1].get(value)
    if short is None:
        return value.casefold() in other.text.casefold()
    lower = other.text.casefold()
    return any(form and (form in other.text or form.casefold() in lower) for form in short.written[other.lang])

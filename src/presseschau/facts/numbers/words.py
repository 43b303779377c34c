"""Number words, German and English: zwölf, fünfundzwanzig, anderthalb, 44jährig, Zehntausende, zwei Drittel, neunziger;
twelve, twenty-five (read in two), dozens, two thirds, nineties, twice.

German words follow the spelling of Duden; ss for ß and ae/oe/ue for umlauts are read too. What a word says about a
number is one value for both languages.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache, partial
from typing import Literal, NamedTuple

from presseschau.lang import SOURCE, cuts, regex, vocabulary
from presseschau.patterns import compiled

Amount = int | Fraction
"""Exact, so that 1,1 Millionen and 1.1 million are equal."""

Role = Literal[
    "cardinal", "counted", "scale", "short", "hundred", "article", "half", "vague", "part", "decade", "hint",
    "ordinal", "rank", "times",
]  # fmt: skip
"""cardinal: zwölf · counted: zweitägig · scale: Million · short: Mio. · hundred: only English · article: ein, a ·
half: halb · vague: Tausende · part: Drittel · decade: neunziger · hint: may stand for a number but need not (beide) ·
ordinal: zweite · rank: zweitgrößte · times: verdoppelt, Zwillinge."""


class NumberWord(NamedTuple):
    """`values` has more than one entry only for a hint with several readings (Achtelfinale: 16 or 8)."""

    role: Role
    values: tuple[Amount, ...]


class Token(NamedTuple):
    """A word or figure of a text that says something about a number, and where it stands."""

    role: str
    values: tuple[Amount, ...]
    start: int
    end: int


@lru_cache(maxsize=32)
def amounts(lang: str, use: str) -> dict[str, tuple[Amount, ...]]:
    """The words of `number_words.csv` for one use, and what they may amount to."""
    known = vocabulary(lang, "number_words", use)
    return {word: tuple(map(_amount, value.split("|"))) for word, value in known.items()}


def _amount(written: str) -> Amount:
    return Fraction(written) if "/" in written else int(written)


LONGEST = 80
"""Letters of a word that is looked at; the longest number below a million has 66."""

_rule = partial(regex, SOURCE, "numbers")
_of = partial(amounts, SOURCE)


@lru_cache(maxsize=1)
def _below_hundred() -> dict[str, int]:
    units, tens = ({word: int(values[0]) for word, values in _of(use).items()} for use in ("unit", "tens"))
    table = units | tens | {word: int(values[0]) for word, values in _of("teen").items()}
    joined = {f"{unit}und{ten}": high + low for ten, high in tens.items() for unit, low in units.items()}
    return table | joined


def _below_thousand(word: str) -> int | None:
    head, hundred, tail = word.partition("hundert")
    table = _below_hundred()
    if not hundred:
        return table.get(word)
    hundreds = table.get(head) if head else 1
    rest = table.get(tail.removeprefix("und")) if tail else 0
    return None if hundreds is None or rest is None else 100 * hundreds + rest


def _cardinal(word: str) -> Amount | None:
    head, thousand, tail = word.partition("tausend")
    if not thousand:
        return _below_thousand(word)
    thousands = _below_thousand(head) if head else 1
    rest = _below_thousand(tail.removeprefix("und")) if tail else 0
    return None if thousands is None or rest is None else 1000 * thousands + rest


def _with_half(word: str) -> Amount | None:
    stem = _without_ending(word)
    if stem == "anderthalb":
        return Fraction(3, 2)
    for part, quarters in (("dreiviertel", 3), ("einviertel", 1)):
        if stem.endswith(part) and (count := _cardinal(stem.removesuffix(part).removesuffix("und"))):
            return count + Fraction(quarters, 4)
    whole = stem.removesuffix("halb").removesuffix("ein").removesuffix("und") if stem.endswith("halb") else ""
    count = _cardinal(whole) if whole else None
    return None if count is None else count + Fraction(1, 2)


def _with_comma(word: str) -> Amount | None:
    """dreikommafünf"""
    whole, comma, rest = word.partition("komma")
    units, tenths = _cardinal(whole), _below_hundred().get(rest)
    return None if not comma or units is None or not tenths or tenths > 9 else units + Fraction(tenths, 10)


def _without_ending(word: str) -> str:
    return next(cuts(SOURCE, word, "number"), (word, ""))[0]


def _ordinal(word: str) -> Amount | None:
    stem, known = _without_ending(word), _of("ordinal")
    if stem in known:
        return known[stem][0]
    if stem.removesuffix("st") in known and stem.endswith("st") and stem != word:
        return known[stem.removesuffix("st")][0]
    if not stem.endswith("t") or stem == word:
        return None
    return _cardinal(stem[:-2]) if stem.endswith("st") and _cardinal(stem[:-2]) else _cardinal(stem[:-1])


def _part(word: str) -> Amount | None:
    stem = word.removesuffix("n").removesuffix("s")
    if stem in {"drittel", "viertel"}:
        return Fraction(1, 3 if stem == "drittel" else 4)
    if not stem.endswith("tel"):
        return None
    below = _ordinal(stem.removesuffix("el") + "e")
    return Fraction(1, below) if below else None


def _vague(word: str) -> NumberWord | None:
    """Hunderte, Zehntausende, Millionen, Milliardenhilfe: an order of magnitude and no count."""
    for stem, values in _of("vague_begins").items():
        if word.startswith(stem):
            return NumberWord("scale" if word == stem else "vague", values)
    for ending in ("e", "en", "er"):
        count = _cardinal(word.removesuffix(ending)) if word.endswith(ending) else None
        if count and count >= 100 and str(count).strip("0") == "1":
            return NumberWord("vague", (count,))
    return NumberWord("vague", _of("vague")[word]) if word in _of("vague") else None


def _compound(word: str) -> NumberWord | None:
    """Zweitägig counts; Zweikampf may."""
    for end in range(len(word) - 2, 2, -1):
        count = _with_half(word[:end]) or _cardinal(word[:end])
        if count is None or (count == 8 and word.startswith("achtu")):
            continue
        rest = word[end:]
        if _rule("measured").match(rest) and count != 1:
            return NumberWord("counted", (count,))
        return NumberWord("hint", (count,))
    return None


def known_words(lang: str, *roles: Role) -> dict[str, NumberWord]:
    """The words that are listed in these roles; of a word that is in several the first role counts."""
    return {word: NumberWord(role, said) for role in reversed(roles) for word, said in amounts(lang, role).items()}


@lru_cache(maxsize=1)
def _small() -> dict[str, NumberWord]:
    return known_words(SOURCE, "article", "half", "times", "hint", "short", "scale")


@lru_cache(maxsize=1)
def _beginnings() -> re.Pattern[str]:
    """Three letters that each number word begins with."""
    return compiled("|".join(sorted({re.escape(word[:3]) for word in vocabulary(SOURCE, "number_words")})))


@lru_cache(maxsize=8_192)
def german_word(written: str) -> NumberWord | None:
    """What `written` says about a number, or None."""
    if len(written) > LONGEST:
        return None
    lower = written.lower().replace("reissig", "reißig").replace("fuenf", "fünf").replace("zwoelf", "zwölf")
    if not _beginnings().search(lower):
        return None
    if small := _small().get(lower):
        return small
    count = _cardinal(lower)
    if count is None:
        count = _with_half(lower) or _with_comma(lower)
    if count is not None:
        return NumberWord("cardinal" if count != 1 else "hint", (count,))
    return _vague(lower) or _derived(lower)


def _derived(lower: str) -> NumberWord | None:
    if lower.startswith("nullerjahr"):
        return NumberWord("decade", (2000,))
    if (match := _rule("multiplied").fullmatch(lower)) and (times := _cardinal(match[1])):
        return NumberWord("times", (times,))
    if (match := _rule("decade").fullmatch(lower)) and (decade := _cardinal(match[1])):
        return NumberWord("decade", (decade,))
    if part := _part(lower):
        return NumberWord("part", (part,))
    if ordinal := _ordinal(_rule("place_before").sub("", lower)):
        return NumberWord("ordinal", (ordinal,)) if lower != "erst" else None  # not before
    if rank := _rank(lower):
        return NumberWord("rank", (rank,))
    roles: tuple[Role, ...] = ("times", "hint")
    for role in roles:
        for stem, values in _of(f"{role}_begins").items():
            if lower.startswith(stem):
                return NumberWord(role, values)
    return _compound(lower)


def _rank(lower: str) -> Amount | None:
    """Drittgrößte, viertbeste, vorletzte."""
    for end in range(len(lower) - 4, 4, -1) if _rule("superlative").search(lower) else ():
        if lower[end - 1] == "t" and (place := _ordinal(lower[:end] + "e")) and place > 1:
            return place
    return None


_of_english = partial(amounts, "en")


@lru_cache(maxsize=1)
def _english_decades() -> dict[str, tuple[Amount, ...]]:
    cardinals = _of_english("cardinal").items()
    return {f"{word[:-1]}ies": values for word, values in cardinals if values[0] >= 20} | _of_english("decade")


@lru_cache(maxsize=1)
def _english_words() -> dict[str, NumberWord]:
    return known_words("en", "article", "scale", "vague", "times", "hint", "cardinal")


@lru_cache(maxsize=8_192)
def english_word(written: str) -> NumberWord | None:
    """What `written` (no hyphen, no space) says about a number, or None."""
    lower = written.lower()
    if lower == "half":
        return NumberWord("half", _of_english("hint")[lower])
    if lower == "hundred":
        return NumberWord("hundred", _of_english("hint")[lower])
    if found := _english_words().get(lower):
        return found
    return NumberWord("decade", _english_decades()[lower]) if lower in _english_decades() else _english_part(lower)


def _english_part(lower: str) -> NumberWord | None:
    """Third is an ordinal or a part; thirds and quarters can only be parts."""
    if lower in _of_english("part"):
        return NumberWord("part", _of_english("part")[lower])
    below = _of_english("ordinal").get(lower.removesuffix("s"), (0,))[0]
    if below and below > 2:
        return NumberWord("part", (Fraction(1, below), below))
    if below:
        return NumberWord("ordinal", (below,)) if not lower.endswith("s") else None
    base = lower.removesuffix("s")
    count = _of_english("cardinal").get(base.removesuffix("fold").removesuffix("some"))
    return NumberWord("times", count) if count and base.endswith(("fold", "some")) and 1 < count[0] <= 10 else None

"""German number words: zwölf, fünfundzwanzig, anderthalb, 44jährig, Zehntausende, zwei Drittel, neunziger.

Words follow the spelling of Duden; ss for ß and ae/oe/ue for umlauts are read too.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from presseschau.facts.number_word import Amount, Word

UNITS = ("", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
TEENS = ("zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn")
TENS = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")

SCALES = {
    "million": 10**6, "milliarde": 10**9, "billion": 10**12, "billiarde": 10**15, "trillion": 10**18,
    "tausend": 1000, "hundert": 100, "dutzend": 12,
}  # fmt: skip
SHORT_SCALES = {"mio": 10**6, "mrd": 10**9, "bio": 10**12, "tsd": 1000}
"""Long scale: a German Billion is an English trillion."""

HINTS: dict[str, tuple[Amount, ...]] = {
    "null": (0,), "torlos": (0,), "torlose": (0,), "torlosen": (0,), "kein": (0,), "keine": (0,), "keinen": (0,),
    "eins": (1,), "einmal": (1,), "einzige": (1,), "einzigen": (1,), "einziger": (1,), "einziges": (1,),
    "einzeln": (1,), "jede": (1,), "jeder": (1,), "jedes": (1,),
    "beide": (2,), "beiden": (2,), "beider": (2,), "beides": (2,), "beidem": (2,), "paar": (2,), "pärchen": (2,),
    "duo": (2,), "duell": (2,), "zweit": (2,),
    "trio": (3,), "hattrick": (3,), "dritt": (3,), "quartett": (4,), "viert": (4,), "quintett": (5,), "fünft": (5,),
    "sextett": (6,), "jahrzehnt": (10,), "jahrzehnte": (10,), "jahrzehnten": (10,), "jahrzehnts": (10,),
    "jahrhundert": (100,), "jahrhunderts": (100,), "jahrhunderte": (100,), "jahrhunderten": (100,),
    "jahrtausend": (1000,), "jahrtausende": (1000,), "jahrtausenden": (1000,),
    "achtelfinale": (16, 8), "viertelfinale": (8, 4), "halbfinale": (4, 2), "halbfinal": (4, 2), "finale": (2,),
    "hälfte": (Fraction(1, 2),), "halbzeit": (Fraction(1, 2),), "halbjahr": (6,), "halbjahres": (6,),
    "vierteljahr": (3,), "quartal": (Fraction(1, 4),), "unterzahl": (10, 9), "überzahl": (10, 11),
}  # fmt: skip
"""Words that a number may stand for in the other language."""

HINT_STEMS: dict[str, tuple[Amount, ...]] = {
    "doppel": (2,), "verdoppel": (2,), "halbier": (Fraction(1, 2),), "zwilling": (2,), "drilling": (3,),
    "vierling": (4,), "achtelfinal": (16, 8), "viertelfinal": (8, 4), "halbfinal": (4, 2), "jahrzehnt": (10,),
    "viertel": (Fraction(1, 4), 15), "dreiviertel": (Fraction(3, 4), 45, 9), "milliardär": (10**9,),
    "millionär": (10**6,), "jahrhundert": (100,), "zweidrittel": (Fraction(2, 3),),
}  # fmt: skip

LONGEST = 80
"""Letters of a word that is looked at; the longest number below a million has 66."""

MEASURED = re.compile(
    r"(?:jähr|täg|wöch|monat|stünd|minüt|sekünd|prozent|köpf|stell|teil|stöck|geschoss|spur|seit|"
    r"sprach|gleis|motor|tür|sitz|stuf|zeil|punkt|mal$|malig|fach(?:e[rnsm]?)?$)"
)
MEASURED_UNIT = re.compile(r"jähr|täg|wöch|monat|stünd|minüt|sekünd|prozent")
MEASURED_UNITS = {
    "jähr": "year", "täg": "day", "wöch": "week", "monat": "month", "stünd": "hour", "minüt": "minute",
    "sekünd": "second", "prozent": "%",
}  # fmt: skip
"""What follows the number in zweitägig, fünfköpfig, dreimal: the number counts something and is not a mere name."""

ENDING = re.compile(r"(?:en|er|es|em|e|ens)?$")
ORDINAL_STEMS = {
    "erst": 1, "dritt": 3, "siebt": 7, "siebent": 7, "acht": 8, "million": 10**6, "milliard": 10**9, "billion": 10**12,
}  # fmt: skip


MULTIPLIED = re.compile(r"ver([a-zäöüß]+)fach\w*")
DECADE = re.compile(r"([a-zäöüß]+[zß]ig)er(?:n|s|jahren?)?")


@lru_cache(maxsize=1)
def _below_hundred() -> dict[str, int]:
    table = {word: value for value, word in enumerate(UNITS) if word}
    table |= {"eins": 1, "zwo": 2} | {word: 10 + value for value, word in enumerate(TEENS)}
    for tens, word in enumerate(TENS, start=2):
        table[word] = 10 * tens
        table |= {f"{unit}und{word}": 10 * tens + value for value, unit in enumerate(UNITS) if unit}
    return table


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
    stem = ENDING.sub("", word)
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


def _ordinal(word: str) -> Amount | None:
    stem = ENDING.sub("", word)
    if stem in ORDINAL_STEMS:
        return ORDINAL_STEMS[stem]
    if stem.removesuffix("st") in ORDINAL_STEMS and stem.endswith("st") and stem != word:
        return ORDINAL_STEMS[stem.removesuffix("st")]
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


def _vague(word: str) -> Word | None:
    """Hunderte, Zehntausende, Millionen, Milliardenhilfe: an order of magnitude and no count."""
    for stem, value in (("milliarden", 10**9), ("millionen", 10**6), ("billionen", 10**12), ("billiarden", 10**15)):
        if word.startswith(stem):
            return Word("scale" if word == stem else "vague", (value,))
    for ending in ("e", "en", "er"):
        count = _cardinal(word.removesuffix(ending)) if word.endswith(ending) else None
        if count and count >= 100 and str(count).strip("0") == "1":
            return Word("vague", (count,))
    if word in {"zigtausend", "zigtausende", "zigtausenden"}:
        return Word("vague", (10_000,))
    return Word("vague", (12,)) if word in {"dutzende", "dutzenden"} else None


def _compound(word: str) -> Word | None:
    """Zweitägig counts; Zweikampf may."""
    for end in range(len(word) - 2, 2, -1):
        count = _with_half(word[:end]) or _cardinal(word[:end])
        if count is None or (count == 8 and word.startswith("achtu")):
            continue
        rest = word[end:]
        if MEASURED.match(rest) and count != 1:
            return Word("counted", (count,))
        return Word("hint", (count,))
    return None


def _small(word: str) -> Word | None:
    if word in {"ein", "eine", "einen", "einem", "einer", "eines"}:
        return Word("article", (1,))
    if re.fullmatch(r"halb(?:e[rnsm]?)?", word):
        return Word("half", (Fraction(1, 2),))
    if word in HINTS:
        return Word("hint", HINTS[word])
    if word in SHORT_SCALES:
        return Word("short", (SHORT_SCALES[word],))
    return Word("scale", (SCALES[word],)) if word in SCALES else None


@lru_cache(maxsize=8_192)
def word(written: str) -> Word | None:
    """What `written` says about a number, or None."""
    if len(written) > LONGEST:
        return None
    lower = written.lower().replace("reissig", "reißig").replace("fuenf", "fünf").replace("zwoelf", "zwölf")
    if small := _small(lower):
        return small
    count = _cardinal(lower)
    if count is None:
        count = _with_half(lower) or _with_comma(lower)
    if count is not None:
        return Word("cardinal" if count != 1 else "hint", (count,))
    return _vague(lower) or _derived(lower)


_PLACED = re.compile(r"^(?:\w*listen|tabellen|olympia|vorjahres|gesamt|welt\w*)(?=\w{5})")
"""What stands before the place in Weltranglistenfünfte, Tabellendritter."""


def _derived(lower: str) -> Word | None:
    if lower.startswith("nullerjahr"):
        return Word("decade", (2000,))
    if (match := MULTIPLIED.fullmatch(lower)) and (times := _cardinal(match[1])):
        return Word("hint", (times,))
    if (match := DECADE.fullmatch(lower)) and (decade := _cardinal(match[1])):
        return Word("decade", (decade,))
    if part := _part(lower):
        return Word("part", (part,))
    if ordinal := _ordinal(_PLACED.sub("", lower)):
        return Word("hint", (ordinal,))
    for stem, values in HINT_STEMS.items():
        if lower.startswith(stem):
            return Word("hint", values)
    return _compound(lower)

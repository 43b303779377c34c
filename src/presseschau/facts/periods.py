"""Time counted from the day of writing (gestern, im vergangenen Jahr), seasons and parts of the day.

kind "day word" (value "yesterday"), "season" ("summer"), "part of day" ("evening") and "span" ("last week"). The forms
are rows of `periods.csv`, with the looser words that may stand for each: a year's number for "last year", "nowadays"
for heute, a month for a season. Calendar names are in dates.py, amounts of time (drei Wochen) in numbers.py.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.lang import table

# Between "vergangenen" and "Jahr": zwei, wenigen, past two or three.
_BETWEEN = {
    "de": r"(?: (?:\d+|ein(?:e[nmrs]?|ige[nmr]?)|paar|wenigen|beiden|zwei|drei|vier|fünf|sechs|sieben|acht|neun"
    r"|zehn|elf|zwölf|zwanzig|dreißig|vierzig|fünfzig|Dutzend|[a-zäöüß]+zig|bis|und|oder|ganzen|vollen)){0,3}",
    "en": r"(?: (?:\d+|a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
    r"|fifty|couple|of|few|several|some|or|to|and|full|whole|calendar|financial|fiscal|school|academic)){0,3}",
}
# An end of something (in der letzten Minute, in der letzten Saison vor der Pause) or a set phrase is no time from now.
_NO_TIME = {
    "de": re.compile(
        r"[Vv]on gestern\b|[Vv]on heute auf morgen|[Hh]eute (?:noch )?oder morgen|eines (?:schönen )?Tages|Sommer"
        r"[ -](?:und|wie) Winter|(?:[Oo]lympische[nr]? )?(?:Sommer|Winter)spielen?\b|Indian Summer"
        r"|Pra[gh]er Frühling\w*|[Aa]rabische[nr]? Frühling\w*|Guten (?:Morgen|Abend|Tag)|jüngsten? Tage?s?"
        r"|letzten Endes|USA Today"
    ),
    "en": re.compile(
        r"USA Today|Indian [Ss]ummer|(?:Prague|Arab) Spring|(?:Summer|Winter) (?:Olympics|Games|Paralympics)|[Gg]ood "
        r"(?:morning|evening|night)|(?:Saturday|Monday|Sunday|Friday) Night \w+|(?:one|[Tt]o this) day\b"
    ),
}


class _Row(NamedTuple):
    lang: str
    kind: str
    value: str
    use: str
    form: str


def _rows(lang: Lang, use: str) -> list[_Row]:
    return [row for row in table("de_en", "periods", _Row) if (row.lang, row.use) == (lang, use)]


@lru_cache(maxsize=2)
def _reader(lang: Lang) -> tuple[re.Pattern[str], tuple[tuple[str, str], ...]]:
    """One pattern with a group for each form, and what each group means: (kind, value); "span" values are "last
    year"."""
    rows = _rows(lang, "read")
    turns = [row for row in rows if row.kind == "turn"]
    units = [row for row in rows if row.kind == "span"]
    forms = [("span", row.value, row.form) for row in rows if row.kind == "whole"]
    forms += [(row.kind, row.value, row.form) for row in rows if row.kind not in ("turn", "span", "whole")]
    turn = "|".join(f"(?P<{row.value}>{row.form})" for row in turns)
    unit = "|".join(f"(?P<{row.value}_>{row.form})" for row in units)
    relative = rf"(?i:{turn}){_BETWEEN[lang]} (?:{unit})"
    named = "|".join(f"(?P<f{i}>{form})" for i, (_, _, form) in enumerate(forms))
    return re.compile(rf"\b(?:{relative}|{named})\b(?!-\w)"), tuple((kind, value) for kind, value, _ in forms)


@lru_cache(maxsize=512)
def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The periods of `text` in order, without set phrases (von heute auf morgen) and titles (USA Today)."""
    pattern, meanings = _reader(lang)
    found: list[Fact] = []
    for match in pattern.finditer(text):
        last = match.lastgroup or ""
        if last.endswith("_"):
            turn = next(group for group in ("last", "this", "next") if match[group])
            kind, value = "span", f"{turn} {last[:-1]}"
        else:
            kind, value = meanings[int(last[1:])]
        found.append(Fact(kind, value, match[0], *match.span()))
    if not found:
        return ()
    phrases = [match.span() for match in _NO_TIME[lang].finditer(text)]
    return tuple(fact for fact in found if not any(start <= fact.start < end for start, end in phrases))


@lru_cache(maxsize=2)
def _answers(lang: Lang) -> dict[tuple[str, str], re.Pattern[str]]:
    """(kind, value; of a unit without its direction) -> the words of `lang` that may stand for it."""
    return {(row.kind, row.value): re.compile(row.form) for row in _rows(lang, "answer")}


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """date.missing and date.added.

    A period in the place of another one (im Sommer, last week), or next for last, has both sides set. Weak: today,
    which many words can say or leave unsaid, and an added part of the day (was schläft, sleep at night).
    """
    if not source.periods and not target.periods:
        return ()
    missing = [fact for fact in source.periods if not _answered(fact, target)]
    added = [fact for fact in target.periods if not _answered(fact, source)]
    swapped = _turned(source, target)
    for other in list(added):
        if one := _replaced(other, missing, source, target):
            added.remove(other)
            missing = [fact for fact in missing if fact is not one]
            swapped.append((one, other))
    found = [Difference("date.missing", one, other) for one, other in swapped]
    if direction == "both":
        found += [Difference("date.missing", fact, weak=fact.value == "today") for fact in missing]
    return (*found, *(Difference("date.added", None, fact, weak=_unsure(fact)) for fact in added))


def _unsure(fact: Fact) -> bool:
    return fact.value == "today" or fact.kind == "part of day"


def _named(fact: Fact, other: Facts) -> bool:
    """Does the other text have this very period, or the same words (a title that was kept)?"""
    return any(fact.value == one.value for one in other.periods) or fact.text in other.text


def _answered(fact: Fact, other: Facts) -> bool:
    """The same period, or a looser word for it; of a span only the unit counts (next week, in drei Wochen)."""
    if _named(fact, other):
        return True
    value = str(fact.value).split(" ", 1)[1] if fact.kind == "span" else str(fact.value)
    words = _answers(other.lang).get((fact.kind, value))
    return words is not None and words.search(other.text) is not None


def _replaced(added: Fact, missing: list[Fact], source: Facts, target: Facts) -> Fact | None:
    """The period of the source that came out as `added`: a missing one, first of its kind, or one of its kind of
    which the target has only a looser word."""
    alike = [fact for fact in missing if fact.kind == added.kind]
    if alike or missing:
        return (alike or missing)[0]
    return next((fact for fact in source.periods if fact.kind == added.kind and not _named(fact, target)), None)


def _turned(source: Facts, target: Facts) -> list[tuple[Fact, Fact]]:
    """The spans of one unit all look back in one text and all ahead in the other: im vergangenen Jahr, next year."""
    ours, theirs = _turns(source), _turns(target)
    for unit in ours.keys() & theirs.keys():
        here, there = {turn for turn, _ in ours[unit]}, {turn for turn, _ in theirs[unit]}
        if len(here) == len(there) == 1 and here | there == {"last", "next"}:
            return [(ours[unit][0][1], theirs[unit][0][1])]
    return []


def _turns(side: Facts) -> dict[str, list[tuple[str, Fact]]]:
    """Unit -> the directions in which the text looks from it."""
    found: dict[str, list[tuple[str, Fact]]] = {}
    for fact in side.periods:
        if fact.kind == "span":
            turn, unit = str(fact.value).split(" ", 1)
            found.setdefault(unit, []).append((turn, fact))
    return found

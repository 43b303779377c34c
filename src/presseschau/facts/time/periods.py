"""Time counted from the day of writing (gestern, im vergangenen Jahr), seasons and parts of the day.

kind "day word" (value "yesterday"), "season" ("summer"), "part of day" ("evening") and "span" ("last week"). The forms
are rules of `periods.toml`, with the looser words that may stand for each: a year's number for "last year", "nowadays"
for heute, a month for a season. Calendar names are in dates.py, amounts of time (drei Wochen) in numbers.py.
"""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.lang import any_of, rules, vocabulary
from presseschau.patterns import compiled

KINDS = ("span", "season", "day word", "part of day")


@lru_cache(maxsize=32)
def _reader(lang: Lang, kinds: tuple[str, ...]) -> re.Pattern[str]:
    """All forms of these kinds as one pattern, with a group for each rule."""
    forms = "|".join(any_of(lang, "periods", kind).pattern for kind in kinds)
    return compiled(rf"\b(?:{forms})\b(?!-\w)")


@lru_cache(maxsize=512)
def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The periods of `text` in order, without set phrases (von heute auf morgen) and titles (USA Today)."""
    kinds = tuple(kind for kind in KINDS if any_of(lang, "periods", kind).possible(text))
    if not kinds:
        return ()
    forms = _reader(lang, kinds if len(kinds) == 1 else KINDS)  # so that few of them are compiled
    found = [Fact(*_meaning(match, lang), match[0], *match.span()) for match in forms.finditer(text)]
    if not found:
        return ()
    phrases = [match.span() for match in any_of(lang, "periods", "no time").finditer(text)]
    return tuple(fact for fact in found if not any(start <= fact.start < end for start, end in phrases))


def _meaning(match: re.Match[str], lang: Lang) -> tuple[str, str]:
    """Kind and value: "span" and "last year"; "season" and "summer"."""
    id_ = str(match.lastgroup)
    if id_ == "relative":
        turn = vocabulary(lang, "turns", lower=True)[match["turn"].lower()]
        return "span", f"{turn} {vocabulary(lang, 'time_units', 'turned')[match['unit']]}"
    return rules(lang, "periods")[id_].kind, id_.replace("_", " ")


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
    looser = rules(other.lang, "period_answers").get(f"{fact.kind} {value}".replace(" ", "_"))
    return looser is not None and looser.regex.search(other.text) is not None


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

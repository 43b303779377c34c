"""What may be so or not in a story, once: two papers that say it otherwise contradict each other in whatever words.

The pool was insured, there was no policy for it: what the story is of need not be repeated. The matters and what is
said of them stand in `lang/en/matters.csv`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from presseschau.briefing.contexts import as_well, differ_in, other_subject, siblings
from presseschau.briefing.statements import ClaimWords
from presseschau.facts import facts
from presseschau.facts.speech.carried import own_report
from presseschau.facts.words import words
from presseschau.lang import regex, table, vocabulary
from presseschau.notes import Source

_GAP = 4
"""Words for which an asterisk may stand."""
_OPENING = 3
"""Letters by which the first word of a phrase is looked up."""
_MUCH = 5
"""Words in common, of both claims, with which they may have different subjects: who warned, who knows of no warning."""
_DAY = len("2026-05-13")


class _Matter(NamedTuple):
    """A line of `matters.csv`, which says what its columns mean."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    later: str
    of: bool


class _MatterPhrase(NamedTuple):
    matter: int
    is_one: bool
    words: tuple[str, ...]
    denies: bool


class _MatterSaid(NamedTuple):
    """How a claim says a matter is: as the one or the other of its line, or that this is not so; the words for it."""

    is_one: bool
    denied: bool
    words: frozenset[str]


def otherwise(sources: Sequence[Source]) -> Callable[[ClaimWords, ClaimWords], float]:
    """Measures how much two claims have in common that say the one and the other of a matter; 0 if they do not."""
    days = {source.n: (source.published or "")[:_DAY] for source in sources}

    def differs(one: ClaimWords, other: ClaimWords) -> float:
        earlier, later = sorted((one, other), key=lambda side: days[side.told.source])
        first, second = _told(earlier.text), _told(later.text)
        both = first.keys() & second.keys()
        if not both or any(as_well(side) or _unsure(side) for side in (one, other)):
            return 0
        if differ_in("again", one, other) or differ_in("until", one, other):
            return 0
        passed = days[earlier.told.source] < days[later.told.source]
        rows = table("en", "matters", _Matter)
        alike = (_likeness(earlier, later, first[n], second[n], rows[n], passed) for n in both)
        return max(alike, default=0.0)

    return differs


def _likeness(
    earlier: ClaimWords, later: ClaimWords, first: _MatterSaid, second: _MatterSaid, matter: _Matter, passed: bool
) -> float:
    """`passed`: the later one is of a later day, when it may have come about."""
    same, denied = first.is_one == second.is_one, first.denied + second.denied
    against = denied == 1 if same else not denied
    came_about = passed and matter.later in ("both", "one" if second.is_one else "other")
    if not against or came_about or _bounded(earlier, later):
        return 0
    persons = _persons(earlier), _persons(later)
    if (all(persons) and persons[0].isdisjoint(persons[1])) or siblings(earlier, later, earlier.words, later.words):
        return 0
    sides = (earlier, first), (later, second)
    own, rest = ([[w for w in s.words if (w in said.words) is inside] for s, said in sides] for inside in (True, False))
    known = persons[0] & persons[1]
    shared = sum(map(later.has, rest[0])) + sum(map(earlier.has, rest[1])) + 2 * len(known)
    if not known and (matter.of or shared < _MUCH) and other_subject(earlier, later, *own):
        return 0
    return 0 if matter.of and not shared else 1 + shared


def _bounded(one: ClaimWords, other: ClaimWords) -> bool:
    """Is each of a court of its own, or for somebody else?"""
    mine, others = (
        {match[0].lower() for match in regex("en", "disputes", "bounds").finditer(side.text)} for side in (one, other)
    )
    return bool(mine and others) and mine.isdisjoint(others)


def _unsure(one: ClaimWords) -> bool:
    own = any(own_report(evidence.text) for evidence in one.told.claim.evidence)
    return own or regex("en", "disputes", "unsure").search(one.text) is not None


def _persons(one: ClaimWords) -> frozenset[str]:
    """The last words of the persons that a claim is about, not of who says it."""
    return one.names - frozenset((one.told.claim.speaker or "").split()[-1:])


@lru_cache(maxsize=4096)
def _told(text: str) -> Mapping[int, _MatterSaid]:
    """What a claim says of each matter; nothing of one of which it says both."""
    low = [word.lower for word in words(text)]
    found: defaultdict[int, list[tuple[_MatterPhrase, int, int]]] = defaultdict(list)
    for at, word in enumerate(low):
        for phrase in _phrases().get(word[:_OPENING], ()):
            if end := _end(low, at, phrase.words):
                found[phrase.matter].append((phrase, at, end))
    read, starts = facts(text, "en"), [word.start for word in words(text)]
    denials = [f.start for f in read.negations if f.value == "strong"]
    denials += [match.start() for match in regex("en", "disputes", "denied").finditer(text)]
    said: dict[int, _MatterSaid] = {}
    for matter, hits in found.items():
        held = [h for h in hits if not any(_within(h, other) for other in hits)]
        if len({phrase.is_one for phrase, _, _ in held}) == 1:
            before = sum(start < starts[held[0][1]] for start in denials)
            inside = any(phrase.denies for phrase, _, _ in held)
            spoken = frozenset(word for _, at, end in held for word in low[at:end])
            said[matter] = _MatterSaid(held[0][0].is_one, before % 2 == 1 and not inside, spoken)
    return said


def _within(hit: tuple[_MatterPhrase, int, int], other: tuple[_MatterPhrase, int, int]) -> bool:
    """Does a longer phrase of the other side have its words: not insured, insured?"""
    (phrase, at, end), (longer, start, stop) = hit, other
    return phrase.is_one != longer.is_one and start <= at and end <= stop and stop - start > end - at


def _end(low: list[str], at: int, phrase: tuple[str, ...]) -> int:
    """Where the phrase ends if it begins at this word; 0 if it does not."""
    if not phrase:
        return at
    if phrase[0] == "*":
        return next((end for k in range(_GAP + 1) if (end := _end(low, at + k, phrase[1:]))), 0)
    if at >= len(low):
        return 0
    first, word = phrase[0], low[at]
    same = word.startswith(first[:-1]) if first[-1] == "~" else word == first
    return _end(low, at + 1, phrase[1:]) if same else 0


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, tuple[_MatterPhrase, ...]]:
    """The phrases by how their first word begins."""
    found: defaultdict[str, list[_MatterPhrase]] = defaultdict(list)
    for phrase in _every():
        found[phrase.words[0][:_OPENING].rstrip("~")].append(phrase)
    return {opening: tuple(phrases) for opening, phrases in found.items()}


def _every() -> Iterator[_MatterPhrase]:
    negative = vocabulary("en", "negation", "strong")
    for n, matter in enumerate(table("en", "matters", _Matter)):
        for is_one, phrases in ((True, matter.one), (False, matter.other)):
            for phrase in phrases:
                told = tuple(phrase.split())
                yield _MatterPhrase(n, is_one, told, any(word in negative for word in told))

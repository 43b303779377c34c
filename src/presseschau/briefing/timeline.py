"""What happened when: one line per day and event, with dates resolved from the German.

A claim is dated by the phrases of time of its evidence that its English repeats. Without one it is dated by the day on
which it was said, as its speaker's words, and only where its article has nothing else for that day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from presseschau.briefing.likeness import alike, german, nouns, own_words
from presseschau.briefing.quantities import stem
from presseschau.briefing.sources import by_number, usable
from presseschau.facts.speech.carried import own_report
from presseschau.facts.speech.german import introduces
from presseschau.facts.time import dates
from presseschau.facts.time.moments import moments, until
from presseschau.lang import SOURCE, regex, vocabulary
from presseschau.models import Claim
from presseschau.notes import Event, Source, SourceClaim

_rule = partial(regex, SOURCE, "events")

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TO_COME = re.compile(r"\b(?:[Ee]nde|[Bb]is)\s(?!\d)")
_DIGIT = re.compile(r"\d")
_DATED_NOUN = re.compile(r"\b([A-ZÄÖÜ][\w-]+)\s$")
_WEEK = 7
_OF_ONE_EVENT = 2
"""Nouns in common by which what a paper announced is what another one reports of that day."""


@dataclass(frozen=True)
class Dated:
    """A claim with one of its dates. `told`: its English repeats it; `of`: the noun it dates (Angriff vom 5. März)."""

    day: str
    phrase: str
    claim: SourceClaim
    told: bool
    planned: bool
    of: str | None = None


def timeline(claims: Sequence[SourceClaim], sources: Sequence[Source], most: int | None = None) -> tuple[Event, ...]:
    """Events in the order of their dates; the claims may be those of one story.

    Several claims share a line if they name the same day and say the same; its text is that of the first published.
    With `most` only so many: a line for as many days as fit, and the lines that most claims tell.
    """
    known = by_number(sources)
    order = {
        c.id: (known[c.source].published or "", known[c.source].copy_of is not None, i) for i, c in enumerate(claims)
    }
    dated = [one for claim in usable(claims) for one in _dated(claim, known[claim.source])]
    lines: list[list[Dated]] = []
    for one in sorted(_needed(dated), key=lambda d: (d.day, order[d.claim.id])):
        line = next((known for known in lines if _same(known[0], one)), None)
        if line is None:
            lines.append([one])
        else:
            line.append(one)
    return tuple(_event(line) for line in _weightiest(lines, most))


def _weightiest(lines: list[list[Dated]], most: int | None) -> list[list[Dated]]:
    if most is None or len(lines) <= most:
        return lines
    seen: Counter[str] = Counter()
    ranks: dict[int, tuple[bool, int, int]] = {}
    for i in sorted(range(len(lines)), key=lambda i: (not lines[i][0].told, -len(lines[i]), i)):
        day = lines[i][0].day
        ranks[i] = (len(day) == 4, seen[day], -len(lines[i]))  # a bare year is seldom news
        seen[day] += 1
    return [lines[i] for i in sorted(sorted(ranks, key=lambda i: (ranks[i], i))[:most])]


def _same(one: Dated, other: Dated) -> bool:
    if one.day != other.day:
        return False
    if len(years := _YEAR.findall(one.phrase)) > 1 and years == _YEAR.findall(other.phrase):
        return True  # one span of years in one story
    if one.planned != other.planned:
        both = nouns(german(one.claim)) & nouns(german(other.claim))
        return one.told and other.told and len(both) >= _OF_ONE_EVENT
    if one.planned and one.told and other.told and nouns(german(one.claim)) & nouns(german(other.claim)):
        return True  # a day ahead that two papers name is one appointment
    return (one.of is not None and one.of == other.of) or alike(own_words(one.claim), own_words(other.claim))


def _needed(dated: Sequence[Dated]) -> Iterator[Dated]:
    """All that are told in English, and per article and day the first other one if there is none."""
    told = {(one.claim.source, one.day) for one in dated if one.told}
    for one in dated:
        if one.told:
            yield one
        elif (one.claim.source, one.day) not in told:
            told.add((one.claim.source, one.day))
            yield one


def _event(line: Sequence[Dated]) -> Event:
    first = next((one for one in line if not one.planned), line[0])  # it has happened
    speaker = first.claim.claim.speaker
    said = speaker and not first.told
    return Event(
        date=first.day,
        until=_until(first),
        phrase=first.phrase,
        planned=first.planned,
        text=f"{speaker}: {first.claim.claim.text}" if said else first.claim.claim.text,
        claims=tuple(dict.fromkeys(one.claim.id for one in line)),
    )


def _until(one: Dated) -> str | None:
    """The end of its span, if the English names it too."""
    last = until(one.phrase)
    return last if one.told and last and _is_told(last, one.phrase, one.claim.claim.text, "") else None


def _dated(claim: SourceClaim, source: Source) -> Iterator[Dated]:
    own = claim.claim
    if all(introduces(e.text) for e in own.evidence):
        return
    numbers = [e.n for e in own.evidence]
    after = [s for s in source.sentences if s.n - 1 in numbers and s.n not in numbers and introduces(s.de)]
    published = (source.published or "")[:10]
    seen: set[str] = set()
    for sentence in [*(e.text for e in own.evidence), *(s.de for s in after)]:
        if own_report(sentence):
            continue  # the day of a report that the paper corrects is not an event
        for start, end, read in _moments(sentence, own, source):
            phrase = sentence[start:end] or (own.when.text if own.when else "")
            day = own.when.date if own.when and own.when.text == phrase and own.status == "human" else read
            if day is None or day in seen:
                continue
            if (
                own.stance == "planned"
                and end
                and _rule("appointment").match(sentence, start)
                and -_WEEK < _days(day, published) < 0
            ):
                day = (date.fromisoformat(day) + timedelta(days=_WEEK)).isoformat()  # am Freitag steht er an
            seen.add(day)
            told = _is_told(day, phrase, own.text, published)
            same = day == published[: len(day)]
            ahead = day > published[: len(day)] or (
                same and (own.stance == "planned" or _TO_COME.search(phrase) is not None)
            )
            noun = _DATED_NOUN.search(sentence[:start]) if phrase.startswith("vom ") else None
            yield Dated(day, phrase, claim, told, told and ahead, noun and stem(noun[1].lower()))


def _moments(sentence: str, claim: Claim, source: Source) -> Iterator[tuple[int, int, str | None]]:
    """Offsets and dates of what the sentence says of time; what a person gave instead goes before, and has no place."""
    if "when" not in claim.corrected:
        yield from moments(sentence, source.published)
    elif claim.when and sentence == claim.evidence[0].text:
        yield 0, 0, claim.when.date


def _days(day: str, published: str) -> int:
    """From the publication to the day; 0 where one of them is not a full date."""
    full = len(day) == 10 and bool(published)
    return (date.fromisoformat(day) - date.fromisoformat(published)).days if full else 0


def _is_told(day: str, phrase: str, english: str, published: str) -> bool:
    """Does the English name the day, its weekday if the German does, its month, or (for a year) the year?"""
    if len(day) == 4:
        return day in _YEAR.findall(english)
    read = _english_dates(english)
    month = int(day[5:7])
    if ("month", month) not in read:
        return len(day) == 10 and not _DIGIT.search(phrase) and _by_weekday(day, read, english, published)
    days = {value for kind, value in read if kind == "day"}
    return len(day) == 7 or not days or (month, int(day[8:])) in days


def _by_weekday(day: str, read: frozenset[tuple[str, object]], english: str, published: str) -> bool:
    one = date.fromisoformat(day)
    if ("weekday", one.isoweekday()) in read:
        return True
    apart = str((one - date.fromisoformat(published)).days) if published else ""
    said = (word for word, days in vocabulary("en", "day_words").items() if days == apart)
    return any(re.search(rf"\b{word}\b", english, re.IGNORECASE) for word in said)


def _english_dates(english: str) -> frozenset[tuple[str, object]]:
    return frozenset((fact.kind, fact.value) for fact in dates.read(english, "en"))

"""Which claims of two papers tell of one thing in words of their own, and which of these contradict each other.

The rules of `wordings` and `comparisons` ask for the same words. Here a pair is measured: how like the two are beside
what else their papers say (by a sentence encoder, or without one by pieces of words), and what sets them apart: another
figure, time or cause, a denial, an opposite, an "only". What these measures weigh was learnt on articles written for it
(tests/tools/make_accounts.py), so that no threshold was chosen by eye. Nothing is said of a paper with few claims:
there everything is nearest to something.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple

from presseschau.briefing.contexts import apart, as_well, differ_in, opposed
from presseschau.briefing.quantities import Counted
from presseschau.briefing.readings import Reading, readings
from presseschau.briefing.sources import origins, usable
from presseschau.briefing.statements import ClaimWords, meanings, statement
from presseschau.facts import facts
from presseschau.facts.numbers.value import Amount, Quantity
from presseschau.facts.speech.carried import own_report
from presseschau.lang import regex, table
from presseschau.notes import Comparison, Figure, Source, SourceClaim

if TYPE_CHECKING:
    from presseschau.facts.encoder import Encoder

_COMPANY = 3
"""Claims that a paper must have."""
_NEAREST = 3
"""Claims of a paper that are compared with one of another's: those that are most like it."""
_MOST_CLAIMS = 400
"""Of a story, beyond which nothing is measured."""
_PIECE = 4
"""Letters of a piece of a word."""
_LIKE = 3
"""The larger of two figures for one thing is at most so many times the smaller."""
Question = Literal["same", "disputed"]
LEAST: Mapping[str, float] = {
    "same_encoder": 0.45,
    "disputed_encoder": 0.6,
    "same_pieces": 0.45,
    "disputed_pieces": 0.6,
}
"""How sure it must be, from 0 to 1: about three of four that are shown are right, on stories that were left out."""


class _Weight(NamedTuple):
    """A line of `accounts.csv`: what a measure weighs for each question, with the encoder's likeness or without."""

    measure: str
    same_encoder: float
    disputed_encoder: float
    same_pieces: float
    disputed_pieces: float


@dataclass(frozen=True)
class AccountPair:
    """Claims of two origins, and what was measured; the measures are named in `accounts.csv`."""

    one: ClaimWords
    other: ClaimWords
    measures: Mapping[str, float]
    likeness: Literal["encoder", "pieces"]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset((self.one.told.id, self.other.told.id))

    def sure(self, question: Question) -> float:
        """How surely the two tell of one thing, or contradict each other: from 0 to 1."""
        weights = _weights(f"{question}_{self.likeness}")
        found = weights[""] + sum(weights[name] * value for name, value in self.measures.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, found))))

    @property
    def about(self) -> str:
        """What sets them apart; "" for nothing that is measured, which is no contradiction."""
        return next((name for name in _SET_APART if self.measures[_SET_APART[name]]), "")

    def holds(self, question: Question) -> bool:
        """Is it sure enough?"""
        if question == "disputed" and not self.may_contradict:
            return False
        return self.sure(question) >= LEAST[f"{question}_{self.likeness}"]

    @property
    def may_contradict(self) -> bool:
        """Are both of one time, and is neither said beside something else (closed until Sunday, open from Sunday)?"""
        until = self.about == "whether" and differ_in("until", self.one, self.other)
        return bool(self.about) and not (
            until or apart(self.one, self.other) or as_well(self.one) or as_well(self.other)
        )


def accounts(
    claims: Sequence[SourceClaim], sources: Sequence[Source], encoder: Encoder | None = None
) -> tuple[AccountPair, ...]:
    """The pairs of claims of a story that tell of one thing, or contradict each other, in the order of the claims."""
    held = [c for c in usable(claims) if not any(own_report(e.text) for e in c.claim.evidence)]
    read, whose = [statement(c) for c in held], origins(sources)
    found = pairs(read, whose, readings(usable(claims), sources), encoder)
    return tuple(pair for pair in found if pair.holds("same") or pair.holds("disputed"))


def contradictions(found: Sequence[AccountPair], shown: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """The disputed Comparisons of pairs, the surest first, but of claims that are side by side already, or stand beside
    another claim of the same source."""
    beside = {(claim, n) for one in shown if one.kind != "agreed" for f in one.figures for claim in f.claims
              for other in one.figures for n in other.sources}  # fmt: skip
    together = [{claim for f in one.figures for claim in f.claims} for one in shown]
    made = []
    for pair in sorted((p for p in found if p.holds("disputed")), key=lambda p: -p.sure("disputed")):
        sides = (pair.one.told, pair.other.told)
        places = {(sides[0].id, sides[1].source), (sides[1].id, sides[0].source)}
        if places & beside or any(pair.ids <= ids for ids in together):
            continue
        beside |= places
        figures = (Figure(value=s.claim.text.rstrip("."), claims=(s.id,), sources=(s.source,)) for s in sides)
        made.append(Comparison(about=_CALLED[pair.about], kind="disputed", figures=tuple(figures)))
    return tuple(made)


_CALLED = {"figure": "figures", "cause": "cause", "whether": "whether", "when": "date"}
_SET_APART = {"figure": "figure", "cause": "cause", "whether": "otherwise", "when": "time"}


@lru_cache(maxsize=8)
def _weights(column: str) -> Mapping[str, float]:
    return {row.measure: getattr(row, column) for row in table("en", "accounts", _Weight)}


def pairs(
    read: Sequence[ClaimWords],
    whose: Mapping[int, str],
    figures: Sequence[Reading],
    encoder: Encoder | None = None,
) -> Iterator[AccountPair]:
    """The pairs of claims of two origins, in the order of the claims. `figures`: those that the claims give."""
    own: defaultdict[int, list[int]] = defaultdict(list)
    for i, one in enumerate(read):
        own[one.told.source].append(i)
    if len(read) > _MOST_CLAIMS or sum(len(places) >= _COMPANY for places in own.values()) < 2:
        return
    like = _meaning(read, encoder) if encoder else _pieces(read)
    given: defaultdict[str, list[Reading]] = defaultdict(list)
    for reading in figures:
        for claim, _ in reading.claims:
            given[claim].append(reading)
    for i, j in combinations(range(len(read)), 2):
        first, second = own[read[i].told.source], own[read[j].told.source]
        if whose[read[i].told.source] == whose[read[j].told.source] or min(len(first), len(second)) < _COMPANY:
            continue
        others = [like[i][k] for k in second if k != j], [like[k][j] for k in first if k != i]
        if any(sum(better > like[i][j] for better in side) >= _NEAREST for side in others):
            continue
        told = measures(read[i], read[j], like[i][j], others, (given[read[i].told.id], given[read[j].told.id]))
        yield AccountPair(read[i], read[j], told, "encoder" if encoder else "pieces")


def measures(
    one: ClaimWords,
    other: ClaimWords,
    like: float,
    others: tuple[Sequence[float], Sequence[float]],
    given: tuple[Sequence[Reading], Sequence[Reading]],
) -> dict[str, float]:
    """What tells two claims apart, by its name in `accounts.csv`; `others`: how like each is to the rest of the other's
    paper."""
    margin = like - max(map(max, others))
    mine, theirs = _cues(one.text), _cues(other.text)
    same = any(_is_same(a.counted, b.counted) for a in given[0] for b in given[1]) or bool(
        mine.numbers & theirs.numbers
    )
    figure = max((_other_figure(a, b) for a in given[0] for b in given[1]), default=0.0)
    written = any(a[1] == b[1] and _within(a[0], b[0]) for a in mine.numbers for b in theirs.numbers)
    kinds = {
        "figure": (figure or written / 2) * (not same),
        "time": bool(mine.times and theirs.times and mine.times != theirs.times),
        "cause": mine.cause and theirs.cause,
        "denial": one.denies != other.denies and not mine.nothing and not theirs.nothing,
        "opposite": opposed(one, other),
        "limit": mine.limit != theirs.limit,
    }
    shares = len(one.shared(other)) / max(1, len(one.words)), len(other.shared(one)) / max(1, len(other.words))
    return {
        "like": like,
        "rank": -sum(math.log1p(sum(better > like for better in side)) for side in others),
        "margin": margin,
        "length": min(len(one.words), len(other.words)) / 8,
        "words": sum(shares) / 2,
        "names": bool(one.names & other.names),
        "same figure": same,
        "two figures": bool(mine.numbers and theirs.numbers and not kinds["figure"]),
        "ahead": mine.ahead != theirs.ahead,
        **kinds,
        "otherwise": kinds["denial"] or kinds["opposite"] or kinds["limit"],
        "nearest": margin >= 0,
        "nearest otherwise": (margin >= 0) * max(kinds.values()),
    }


class _Cues(NamedTuple):
    """What the English of a claim has that may set it apart."""

    numbers: frozenset[tuple[Amount, str]]
    times: frozenset[str]
    cause: bool
    ahead: bool
    limit: bool
    nothing: bool


@lru_cache(maxsize=4096)
def _cues(english: str) -> _Cues:
    read = (fact.value for fact in facts(english, "en").numbers)
    numbers = ((value.amount, value.unit) for value in read if isinstance(value, Quantity) and value.amount > 1)
    times = (match[0].lower() for match in regex("en", "accounts", "time").finditer(english))
    cause, ahead, limit, nothing = (
        regex("en", "accounts", name).search(english) is not None for name in ("cause", "ahead", "limit", "nothing")
    )
    return _Cues(frozenset(numbers), frozenset(times), cause, ahead, limit, nothing)


def _within(a: Amount, b: Amount) -> bool:
    return a != b and max(a, b) <= _LIKE * min(a, b)


def _is_same(a: Counted, b: Counted) -> bool:
    return a.amount == b.amount and a.unit == b.unit


def _other_figure(one: Reading, other: Reading) -> float:
    """May the two figures be given for one thing: 1 if they count the same, a half if nobody says what?"""
    a, b = one.counted, other.counted
    if a.unit != b.unit or not one.comparable(other) or not _within(a.amount, b.amount):
        return 0
    people = [counted.thing is not None and counted.thing.people for counted in (a, b)]
    return 1 if a.unit or all(people) or a.noun == b.noun else 0.5


def _meaning(read: Sequence[ClaimWords], encoder: Encoder) -> Sequence[Sequence[float]]:
    vectors = encoder.vectors([one.text for one in read])
    found: list[list[float]] = (vectors @ vectors.T).tolist()
    return found


def _pieces(read: Sequence[ClaimWords]) -> Sequence[Sequence[float]]:
    """By the pieces of words that they share, German and English, the rarer in the story the more."""
    by_language = [
        _cosines([_cut(text) for text in texts]) for texts in zip(*((o.there, o.text) for o in read), strict=True)
    ]
    by_language.append(_cosines([meanings(o.words) for o in read]))
    return [
        [sum(both) / len(by_language) for both in zip(*rows, strict=True)] for rows in zip(*by_language, strict=True)
    ]


@lru_cache(maxsize=4096)
def _cut(text: str) -> Mapping[str, int]:
    found = (f" {word} " for word in re.findall(r"[^\W\d]+", text.lower()))
    return Counter(word[i : i + _PIECE] for word in found for i in range(max(1, len(word) - _PIECE + 1)))


def _cosines(bags: Sequence[Mapping[str, int]]) -> list[list[float]]:
    holding: defaultdict[str, list[int]] = defaultdict(list)
    for i, bag in enumerate(bags):
        for piece in bag:
            holding[piece].append(i)
    rare = {piece: math.log((len(bags) + 1) / len(places)) for piece, places in holding.items()}
    weighed = [{piece: (1 + math.log(n)) * rare[piece] for piece, n in bag.items()} for bag in bags]
    length = [math.sqrt(sum(value * value for value in bag.values())) or 1.0 for bag in weighed]
    found = [[0.0] * len(bags) for _ in bags]
    for piece, places in holding.items():
        for i in places:
            for j in places:
                found[i][j] += weighed[i][piece] * weighed[j][piece]
    return [[value / length[i] / length[j] for j, value in enumerate(row)] for i, row in enumerate(found)]

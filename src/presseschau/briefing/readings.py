"""The quantities of the sources that claims carry: resolved within their article, with the English of the claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial

from presseschau.briefing.quantities import Counted, quantities, stem, thing
from presseschau.checks.note.overlap import content, key
from presseschau.facts.names.kept_words import is_german
from presseschau.facts.numbers import read as numbers
from presseschau.facts.numbers.units import unit_patterns
from presseschau.facts.numbers.value import Quantity
from presseschau.facts.time.moments import moments, until
from presseschau.facts.words import words
from presseschau.lang import SOURCE, listed, regex, vocabulary
from presseschau.models import EVIDENCE_ROLES
from presseschau.notes import Comparison, Figure, Source, SourceClaim, SourceSentence

_rule = partial(regex, SOURCE, "readings")


def named_bodies(
    claims: Sequence[SourceClaim], sources: Sequence[Source], whose: Mapping[int, str]
) -> tuple[Comparison, ...]:
    """One agreed Comparison a name that claims of two independent sources give, by role and name.

    The role stands before the name in the German of one of the sources at least; the claims have the name in English.
    """
    found: defaultdict[tuple[str, str], list[SourceClaim]] = defaultdict(list)
    roles = {
        match["name"]: vocabulary(SOURCE, "body_roles")[match["role"]]
        for source in sources
        for sentence in source.sentences
        for match in _rule("named").finditer(sentence.de)
    }
    for claim in claims:
        for name, role in roles.items():
            if name in claim.claim.text and any(name in evidence.text for evidence in claim.claim.evidence):
                found[role, name].append(claim)
    return tuple(
        Comparison(about=role, kind="agreed", figures=(_figure(name, told),))
        for (role, name), told in sorted(found.items())
        if len({whose[claim.source] for claim in told}) > 1
    )


def _figure(name: str, told: Sequence[SourceClaim]) -> Figure:
    first = {claim.source: claim.id for claim in reversed(told)}
    return Figure(value=name, claims=tuple(first[n] for n in sorted(first)), sources=tuple(sorted(first)))


_SUM = 1_000_000
"""From here on a figure without a noun is a sum of money, if one was named before."""
_SHORTEST = 4
"""Letters of a word that says what a figure is about."""
_LONG_AGO = 45
"""Days before publication from which a sentence speaks of another event (in 2019 there were 5 injured)."""


@dataclass(frozen=True)
class Reading:
    """A quantity of a source and how claims give it in English: (claim id, value as written there).

    `change`: the amount that it replaces, where the text says so; `now`: the text says that it is a new state.
    `beside`: the stems of the other words of its sentence that are not names; `said`: the same of the English claims.
    `aside`: why the sentence gives no figure of how it is (what was before, what is asked for); `years`: that it names.
    """

    counted: Counted
    source: Source
    sentence: int
    claims: tuple[tuple[str, str], ...]
    change: Counted | None = None
    now: bool = False
    beside: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()

    def comparable(self, other: Reading) -> bool:
        """Are both of one state of things: how it is, how it was, what is asked for, of one year?"""
        return self.aside == other.aside and not (self.years and other.years and self.years.isdisjoint(other.years))

    @property
    def published(self) -> str:
        return self.source.published or ""

    @property
    def order(self) -> tuple[str, int, int, int]:
        """By publication, then by place."""
        return self.published, self.source.n, self.sentence, self.counted.start


def readings(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> list[Reading]:
    """Those quantities of the sources that a claim gives with the same amount, by source and place in its text."""
    carried: defaultdict[tuple[int, int], list[SourceClaim]] = defaultdict(list)
    for claim in claims:
        for evidence in claim.claim.evidence:
            carried[claim.source, evidence.n].append(claim)
    english = {claim.id: claim.claim.text for claim in claims}
    return [
        replace(reading, claims=given, said=frozenset().union(*(said(english[name]) for name, _ in given)))
        for source in sources
        for reading in _resolved(source)
        if (given := tuple(_given(reading.counted, carried[source.n, reading.sentence])))
    ]


def _given(counted: Counted, claims: Iterable[SourceClaim]) -> Iterator[tuple[str, str]]:
    for claim in claims:
        english = claim.claim.text
        same = [
            fact
            for fact in numbers.read(english, "en")
            if fact.kind == "number"
            and isinstance(fact.value, Quantity)
            and fact.value.amount == counted.amount
            and (not counted.unit or fact.value.unit in (counted.unit, ""))  # neun Verhandlungstage, nine days
        ]
        if same:  # five dead, not five days, where both stand there
            fact = min(same, key=lambda fact: isinstance(fact.value, Quantity) and fact.value.unit != counted.unit)
            yield claim.id, written(english, fact.start, fact.end, whole=counted.part_of is not None)


def written(english: str, start: int, end: int, *, whole: bool = False) -> str:
    """The value as it stands there, with "around" before it and the unit or noun behind it: "around 1,000 people".

    `whole`: also what it is part of, "1,100 of the 1,400 safe-deposit boxes".
    """
    before = regex("en", "readings", "before_value").search(english[:start])
    if whole and (of := regex("en", "readings", "of_whole").match(english, end)):
        end = of.end()
    stops = vocabulary("en", "counted", "stop")
    for word in (w for w in words(english) if w.start >= end):
        if word.start - end > 1 or word.lower in stops or not word.text.replace("-", "").isalpha():
            break
        end = word.end
        if "-" not in word.text and word.lower not in vocabulary("en", "counted", "goes_on"):
            break
    return english[before.start() if before else start : end]


def _resolved(source: Source) -> list[Reading]:
    """All quantities of a source; those that name nothing themselves get what the text named before them."""
    found: list[Reading] = []
    previous: SourceSentence | None = None
    old = False
    for sentence in source.sentences:
        if sentence.role not in EVIDENCE_ROLES:
            continue
        pronoun = previous if previous is not None and _rule("pronoun").search(sentence.de) else None
        now = bool(_rule("now").search(sentence.de) or (pronoun and _rule("now").search(pronoun.de)))
        carried = old and previous is not None and previous.paragraph == sentence.paragraph
        old = _speaks_of_old(sentence.de, source.published, carried)
        mine = quantities(sentence.de) if not old else ()
        for i, counted in enumerate(mine):
            whole = _antecedent(counted, found) or _by_pronoun(counted, pronoun) or counted
            new = now and not _is_old(sentence.de, mine, i)
            replaced = _replaced(sentence.de, mine, i)
            beside, (aside, years) = _beside(sentence.de) - {counted.noun}, state(sentence.de)
            found.append(Reading(whole, source, sentence.n, (), replaced, new, beside, aside=aside, years=years))
        previous = sentence
    return found


@lru_cache(maxsize=4096)
def _beside(german: str) -> frozenset[str]:
    grammar, said = listed(SOURCE, "function_words"), regex(SOURCE, "events", "no_topic")
    return frozenset(
        stem(word.lower)
        for word in words(german)
        if len(word.text) >= _SHORTEST
        and word.text.isalpha()
        and word.lower not in grammar
        and (word.text.islower() or is_german(word.lower))
        and not said.fullmatch(word.lower)
        and not unit_patterns(SOURCE).after.fullmatch(f" {word.text}")
    )


@lru_cache(maxsize=4096)
def state(german: str) -> tuple[frozenset[str], frozenset[str]]:
    """Why a sentence says nothing of how it is, and the years that it names."""
    aside = frozenset(name for name in ("earlier", "asked") if _rule(name).search(german))
    return aside, frozenset(match[0] for match in _rule("year").finditer(german))


@lru_cache(maxsize=4096)
def said(english: str) -> frozenset[str]:
    unit = unit_patterns("en").after.fullmatch
    short = listed("en", "short_words")
    kept = (w for w in content(english) if w.islower() and w.isalpha() and w not in short and not unit(f" {w}"))
    return frozenset(map(key, kept))


def _antecedent(counted: Counted, found: Sequence[Reading]) -> Counted | None:
    """The quantity that a bare figure (spricht von 420, bleibt bei 48 Millionen) is given for: the last of its size."""
    if not counted.bare:
        return None
    last = next((r.counted for r in reversed(found) if like_size(r.counted, counted)), None)
    if last is None:
        return None
    return replace(
        counted, unit=last.unit, thing=last.thing, noun=last.noun, cut=last.cut, grade=last.grade, governs=last.governs,
        near=last.near,
    )  # fmt: skip


def like_size(one: Counted, other: Counted) -> bool:
    """May one be given instead of the other: sums for sums, and neither more than ten times the other?"""
    sums = one.amount >= _SUM and other.amount >= _SUM
    return (sums or not one.unit) and max(one.amount, other.amount) <= 10 * min(one.amount, other.amount)


def _by_pronoun(counted: Counted, before: SourceSentence | None) -> Counted | None:
    """A sum whose name is a pronoun takes it from the sentence before: "Er beläuft sich auf 3,5 Millionen Euro"."""
    if before is None or not counted.unit or counted.thing or counted.governs:
        return None
    named = [t for word in words(before.de) if (t := thing(word.lower, True))]
    return replace(counted, thing=named[-1]) if named else None


def _replaced(german: str, mine: Sequence[Counted], i: int) -> Counted | None:
    """The amount that the i-th one takes the place of: statt 420 nun 290, von 14 auf 17, 35 statt 42."""
    if i and _is_old(german, mine, i - 1) and not _instead_behind(german, mine, i - 2):
        return mine[i - 1]
    if not _instead_behind(german, mine, i):
        return None
    old, new = mine[i + 1], mine[i]
    bare = not (old.noun or old.thing or old.unit)  # 18.000 Haushalte, bisher waren es 12.000
    return replace(old, noun=new.noun, thing=new.thing, unit=new.unit) if bare else old


def _is_old(german: str, mine: Sequence[Counted], i: int) -> bool:
    """Does another amount of the sentence take the place of the i-th?"""
    if i and _instead_behind(german, mine, i - 1):
        return True
    if i + 1 >= len(mine):
        return False
    before, following = german[: mine[i].start], mine[i + 1]
    from_to = before.endswith("von ") and bool(_rule("from_to").fullmatch(german, mine[i].end, following.start))
    return from_to or bool(_rule("instead").search(before))


def _instead_behind(german: str, mine: Sequence[Counted], i: int) -> bool:
    """35 statt 42, 35 statt bisher 42."""
    return 0 <= i < len(mine) - 1 and bool(_rule("instead_behind").fullmatch(german, mine[i].end, mine[i + 1].start))


def _speaks_of_old(german: str, published: str | None, carried: bool) -> bool:
    """Is it about an earlier event: by a word for it, by its dates, or without one as the sentence before?"""
    if _rule("background").search(german):
        return True
    told = moments(german, published)
    days = [
        until(german[start:end]) or day
        for start, end, day in told
        if day and not _dates_a_noun(german, start, end) and not (len(day) == len("2026-05") and day[:4] not in german)
    ]  # im Januar may lie ahead
    if not published or not days:
        return carried and not told
    return all(_ago(day, date.fromisoformat(published[:10])) > _LONG_AGO for day in days)


def _dates_a_noun(german: str, start: int, end: int) -> bool:
    """Die 1986 eröffnete Brücke; die Firma, die den Aushub 2019 aufgeschüttet hat."""
    return bool(_rule("dates_a_noun").match(german, end) or _rule("in_relative").search(german, 0, start))


def _ago(day: str, today: date) -> int:
    """Days from the last day that an ISO date of any precision may mean."""
    last = day + {4: "-12-31", 7: "-28"}.get(len(day), "")
    return (today - date.fromisoformat(last)).days

"""The quantities of a German sentence: how much, of what, and in what context, so that equal things can be compared.

A quantity that is only part of another one (zwei von ihnen), an increase (um 3 gestiegen), a share of each (je, pro) or
one end of a range is left out: side by side with a total it would look like a contradiction. What is counted is a
closed list with its English and whether all reports of an event count the same: the dead and the injured they do, jobs
and people not (420 may go while 1,150 exist).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from presseschau.facts.fact import Fact
from presseschau.facts.numbers import read as numbers
from presseschau.facts.numbers.value import Amount, Quantity
from presseschau.facts.time import dates
from presseschau.facts.words import Word, words
from presseschau.lang import PAIR, SOURCE, cuts, regex, table, vocabulary


class Thing(NamedTuple):
    """What is counted, or a sum is of (`money`). `strong`: two figures for it in reports of one event are figures for
    the same. `people`: it counts persons. `rises`: from day to day there may be more."""

    name: str
    english: str
    strong: bool
    people: bool
    money: bool
    rises: bool


_rule = partial(regex, SOURCE, "quantities")
_vocabulary = partial(vocabulary, SOURCE, "counted")
_KNOWN: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("begins", str.startswith), ("ends", str.endswith), ("inside", str.__contains__),
)  # fmt: skip
"""How a word is known, if not as a whole."""


@lru_cache(maxsize=8192)
def named(word: str) -> frozenset[str]:
    """What a German word (lower case) names or says, by the values of `counted.csv`."""
    by_part = {value for use, has in _KNOWN for part, value in _vocabulary(use).items() if has(word, part)}
    return frozenset((by_part | {_vocabulary("word").get(word, "")}) - {""})


def thing(word: str, money: bool = False) -> Thing | None:
    """What a German word (lower case) names or says of those counted, if it is in the table."""
    names = named(word)
    things = table(PAIR, "counted", Thing) if names else ()
    return next((one for one in things if one.money == money and one.name in names), None)


def things() -> frozenset[str]:
    """What the table calls the things that are counted, in English."""
    return frozenset(one.english for one in table(PAIR, "counted", Thing)) | {"jobs to go"}


_MOST_SKIPPED = 4
_SHORTEST_STEM = 4
_ORDINAL = re.compile(r"\.\s\w")
_MOST_ORDINAL = 100
_YEAR = (1800, 2100)
_AGES = (10, 110)
AGE = "age"


@dataclass(frozen=True)
class Counted:
    """One quantity. `thing` is what the table says it counts, `noun` the stem of the counted noun.

    `cut`: it is said of those that go. `grade`: how badly. `said`: someone gives it for a quantity named before ("die
    Gewerkschaft sprach von 1.800"); `bare`: and it names no noun. `whole`: what another number is part of (420 of its
    1,150), `part_of` the reverse. `governs`: the noun it belongs to (Daten von 60.000 ...),
    of an age who is as old. `near` are the noun stems
    of its clause.
    """

    amount: Amount
    unit: str
    thing: Thing | None
    noun: str
    cut: bool
    grade: str
    said: bool
    bare: bool
    whole: bool
    part_of: Amount | None
    governs: str
    near: frozenset[str]
    start: int
    end: int


@lru_cache(maxsize=8192)
def quantities(sentence: str) -> tuple[Counted, ...]:
    """The comparable quantities of a German sentence, in order; dates, years, clock times and scores are none."""
    if not any(c.isalnum() for c in sentence):
        return ()
    read = [f for f in numbers.read(sentence, SOURCE) if f.kind == "number" and isinstance(f.value, Quantity)]
    found = [f for f in read if not _is_ordinal(f, sentence)]
    taken = [(d.start, d.end) for d in dates.read(sentence, SOURCE) if d.kind in ("day", "month")]
    kept = [
        f
        for f in found
        if not any(start <= f.start < end for start, end in taken) and not _is_year(f) and not _is_label(f, sentence)
    ]
    return tuple(made for i, fact in enumerate(kept) if (made := _counted(sentence, kept, i, fact)))


def _is_ordinal(fact: Fact, sentence: str) -> bool:
    """am 21. Geburtstag: places in an order are not amounts."""
    value = fact.value
    low = isinstance(value, Quantity) and value.amount <= _MOST_ORDINAL
    return low and fact.text[-1].isdigit() and _ORDINAL.match(sentence, fact.end) is not None


def _is_label(fact: Fact, sentence: str) -> bool:
    return fact.text[:1].isdigit() and (
        _rule("label").search(sentence[: fact.start]) is not None or (fact.text[0] == "0" and fact.text.isdigit())
    )


def _is_year(fact: Fact) -> bool:
    value = fact.value
    assert isinstance(value, Quantity)
    return not value.unit and "." not in fact.text and len(fact.text) == 4 and _YEAR[0] <= value.amount <= _YEAR[1]


def _counted(sentence: str, found: list[Fact], i: int, fact: Fact) -> Counted | None:
    value = fact.value
    assert isinstance(value, Quantity)
    before, after = sentence[: fact.start], sentence[fact.end :]
    following = found[i + 1] if i + 1 < len(found) else None
    whose = _aged(value, before, after)
    if _in_range(sentence, found, i) or _rule("part_before").search(before) or _rule("part_behind").match(after):
        return None
    of_whole, of_these = _rule("of_whole"), _rule("of_these")
    part = following is not None and bool(of_whole.fullmatch(sentence, fact.end, following.start))
    whole = bool(of_these.search(before) or (i and of_whole.fullmatch(sentence, found[i - 1].end, fact.start)))
    of = following if part else found[i - 1] if i and of_these.search(sentence[: found[i - 1].start]) else None
    start, end = clause(sentence, fact.start)
    stems = tuple(_nouns(sentence, start, end))
    noun, what = ("", None) if value.unit else _noun(sentence, fact, following if part else None)
    if of and not part and not noun:
        noun, what = _noun(sentence, of, None)
    if part and what and what.strong:
        return None
    if following and _rule("scale").match(noun.title()) and not value.unit:
        value, noun, what = _lent(value, following), "", None
    said = [word.lower for word in words(sentence[start:end])]
    cut = not whole and (
        any("cut" in named(word) for word in said) or bool(_rule("falls_away").search(sentence, start, end))
    )
    rather = not noun and bool(_rule("rather").search(before))
    by_someone = not value.unit and (rather or bool(_rule("said").search(before)))
    if whose is not None:
        value, what = Quantity(value.amount, "year"), next(t for t in table(PAIR, "counted", Thing) if t.name == AGE)
    elif value.unit:
        what = _money(sentence, fact, start, end)
    elif not whole and (what is None or what.name in ("people", "aboard")) and (what or not noun):
        what = _said_of(sentence, found, said) or what
    return Counted(
        amount=value.amount,
        unit=value.unit,
        thing=what,
        noun=stem(noun) if noun else "",
        cut=cut and (what is None or what.name in ("jobs", "staff", "people")),
        grade=_grade(noun, said, what),
        said=by_someone,
        bare=not noun and (by_someone or (not value.unit and _rule("scale").search(fact.text) is not None)),
        whole=whole,
        part_of=of.value.amount if of and isinstance(of.value, Quantity) else None,
        governs=_governing(before) if whose is None else whose,
        near=frozenset(stems),
        start=fact.start,
        end=fact.end,
    )


def _aged(value: Quantity, before: str, after: str) -> str | None:
    """Who is as old as that, if it is an age: the stem of a noun or a surname, "" if it is not said; else None."""
    found = _rule("aged").match(after)
    if not found and not value.unit and _AGES[0] <= value.amount <= _AGES[1] and _rule("age_ends").match(after):
        found = _rule("name_before_age").search(before)
    return stem((found["who"] or "").lower()) if found else None


def _governing(before: str) -> str:
    match = _rule("governs").search(before)
    noun = stem(match["noun"].lower()) if match else ""
    return "" if noun in _vocabulary("size") else noun


def _lent(value: Quantity, following: Fact) -> Quantity:
    """Statt 20 nur noch 15 Millionen Franken: the scale and the unit of the second are the first one's, too."""
    later = following.value
    assert isinstance(later, Quantity)
    scale = 10**9 if later.amount >= 10**9 else 10**6 if later.amount >= 10**6 else 1
    return Quantity(value.amount * scale, later.unit)


def _in_range(sentence: str, found: list[Fact], i: int) -> bool:
    sides = [(found[i - 1].end, found[i].start)] if i else []
    sides += [(found[i].end, found[i + 1].start)] if i + 1 < len(found) else []
    return any(_rule("range").fullmatch(sentence, *side) for side in sides)


def clause(sentence: str, place: int) -> tuple[int, int]:
    """Where the clause around `place` begins and ends: between commas, semicolons, colons, dashes, und."""
    breaks = [m.span() for m in _rule("clause_end").finditer(sentence)]
    start = max((end for _, end in breaks if end <= place), default=0)
    return start, min((begin for begin, _ in breaks if begin > place), default=len(sentence))


def _noun(sentence: str, fact: Fact, whole: Fact | None) -> tuple[str, Thing | None]:
    """The counted noun: the one that follows (14 Verletzte), or that of "Zahl der ..." before; and what it names."""
    place = whole.end if whole else fact.end
    for word in _following(sentence, place):
        if word.text[0].isupper():
            return word.lower, thing(word.lower)
        if word.lower in _vocabulary("stop"):
            break
    of = _rule("number_of").search(sentence[: fact.start]) or _rule("count_noun").search(sentence[: fact.start])
    if of:
        noun = (of["noun"] or "Todesopfer").lower()
        return noun, thing(noun) or thing(noun + "e") or thing(noun + "n")
    return "", None


def _following(sentence: str, place: int) -> Iterator[Word]:
    """The next words up to a mark of punctuation; figures between are passed over (statt 420 fallen 290 Stellen)."""
    last = place
    for skipped, word in enumerate(w for w in words(sentence) if w.start >= place):
        if skipped > _MOST_SKIPPED or re.search(r"[^\s\u00a0]", sentence[last : word.start]):
            return
        last = word.end
        if not word.text[0].isdigit():
            yield word


def _said_of(sentence: str, found: list[Fact], said: list[str]) -> Thing | None:
    """What the clause says of the people counted: injured, killed, demonstrated. Beside another figure only its own."""
    told = said if len(found) > 1 else [word.lower for word in words(sentence)]
    things = dict.fromkeys(t for word in told if (t := thing(word)) and t.strong and t.people and t.name != "aboard")
    if not things and "ums leben" in sentence.lower():
        return thing("tote")
    return next(iter(things)) if len(things) == 1 else None


def _money(sentence: str, fact: Fact, start: int, end: int) -> Thing | None:
    """The sum's name nearest to it in its clause, before it if possible."""
    place = fact.start - start
    named = [(abs(w.start - place), t) for w in words(sentence[start:end]) if (t := thing(w.lower, True))]
    return min(named, key=lambda one: one[0])[1] if named else None


def _grade(noun: str, said: list[str], what: Thing | None) -> str:
    if what is None or what.name != "injured":
        return ""
    grades = _vocabulary("grade")
    inside = (grade for grade in grades if noun.startswith(grade))
    return next(inside, "") or next((word for word in said if word in grades), "")


def _nouns(sentence: str, start: int, end: int) -> Iterator[str]:
    for word in words(sentence[start:end]):
        if word.text[0].isupper() and len(word.text) > 3 and not _rule("size").match(word.text):
            yield stem(word.lower)


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A noun without its commonest endings."""
    return next((stem for stem, _ in cuts(SOURCE, word, "light") if len(stem) >= _SHORTEST_STEM), word)

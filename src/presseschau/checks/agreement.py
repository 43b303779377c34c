"""What two texts state and do not share, as findings: numbers, dates, places, names, negation, hedges, voices, quotes.

`facts.compare` finds the differences; this file says them in words.
"""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.checks.bitext import Bitext
from presseschau.checks.claim.denial import told_of
from presseschau.facts import Difference, Direction, Fact, compare
from presseschau.facts.numbers.units import units
from presseschau.facts.polarity.negation import strength
from presseschau.findings import CODES, ENGLISH, Place, Remark, Scope
from presseschau.models import Severity

CALLED = {"acronym": "short form", "hedge": "reservation", "voice": "source", "quote": "quotation"}
"""What a reader understands for the first part of a code."""
SIZES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
ALONE_WARNING = frozenset({"span", "season", "day word", "part of day"})
"""Kinds of facts (periods) that are an error where they changed, but a warning where one is merely missing or added."""


def agreement(pair: Bitext, direction: Direction = "both", scope: Scope = "pair") -> tuple[Remark, ...]:
    """Remarks for all that the English leaves out of the German or adds to it (`within`: only adds)."""
    return tuple(_findings(pair, direction, scope))


def _findings(pair: Bitext, direction: Direction, scope: Scope) -> Iterator[Remark]:
    seen: set[tuple[object, ...]] = set()
    for difference in compare(pair.german.facts, pair.english.facts, direction):
        de, en = _place(difference.source), _place(difference.target)
        if (difference.code, de, en) in seen:
            continue
        seen.add((difference.code, de, en))
        said, grade = message(difference, scope), _grade(difference)
        if grade is None and difference.code == "negation.lost" and scope == "pair" and _denied_outright(pair):
            grade = "error"
        yield Remark(difference.code, de, en, said, grade)


LONGEST_DENIAL = 25
"""Words of a German sentence whose denial is surely about what stands around it."""


def _denied_outright(pair: Bitext) -> bool:
    """The one denial of a sentence is lost, nothing in the English denies, and all the words around it are there."""
    denials = [fact for fact in pair.german.facts.negations if fact.value == "strong"]
    short = len(denials) == 1 and len(pair.german.words) <= LONGEST_DENIAL and denials[0].text not in pair.en
    if not short or pair.english.facts.negations or any(strength(word.lower, "en") for word in pair.english.words):
        return False
    return told_of(denials[0], pair) == 1


def _grade(difference: Difference) -> Severity | None:
    """None leaves the grade to the table of codes."""
    fact = difference.source or difference.target
    if difference.weak:
        return "info"
    alone = difference.source is None or difference.target is None
    return "warning" if alone and fact is not None and fact.kind in ALONE_WARNING else None


def _place(fact: Fact | None) -> Place | None:
    return (fact.start, fact.end) if fact else None


def message(difference: Difference, scope: Scope = "pair") -> str:
    """One sentence a reader understands without knowing the codes."""
    source = _said(difference.source) if difference.source else ""
    target = f"“{difference.target.text}”" if difference.target else ""
    english = ENGLISH[scope]
    wording = CODES[difference.code].message
    if wording and ("{source}" not in wording or source) and ("{target}" not in wording or target):
        unit, other = _unit(difference.source), _unit(difference.target)
        return _capital(wording.format(source=source, target=target, english=english, unit=unit, other=other))
    if source and target:
        return f"The German says {source}; {english} says {target}."
    kind = difference.code.partition(".")[0]
    kind = f"the {CALLED.get(kind, kind)}"
    if source:
        return _capital(f"{english} leaves out {kind} {source} of the German.")
    return _capital(f"{english} has {kind} {target}, which the German does not have.")


def _unit(fact: Fact | None) -> str:
    unit = str(getattr(fact.value, "unit", "")) if fact else ""
    return units()[unit].written if unit in units() else unit


def _said(fact: Fact) -> str:
    """The German words; of a large number also what they mean, because Milliarde is billion and Billion is trillion."""
    amount = getattr(fact.value, "amount", 0)
    size, word = next(((size, word) for size, word in SIZES if amount >= size), (1, ""))
    meaning = f" ({float(amount / size):,.6g} {word})" if word and any(map(str.isalpha, fact.text)) else ""
    return f"“{fact.text}”{meaning}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]

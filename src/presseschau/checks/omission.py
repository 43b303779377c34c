"""`content.omitted` and `content.added`: the English is too short or too long for its German.

Length alone misjudges names, compounds and free wording. So three things are weighed: the English length against the
expected one, the number of words, and whether content words are left over on the German side only. The weights are a
logistic regression on the good pairs of NTREX articles 1-60 against the same pairs with a phrase cut out
(`tests/measure/detection.py` reports it against length alone); the limits follow the false alarms on other sets. A fact
that is missing for good lowers the limit: a lost place in a rather short sentence went with its phrase.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from presseschau.checks.coverage import Content, coverage, leftover
from presseschau.facts.words import words
from presseschau.findings import Found, flag, span
from presseschau.models import Severity, Span

OMITTED = "content.omitted"
ADDED = "content.added"
LEAST = 25
"""German characters below which length says nothing."""
EXPECTED = 0.93
"""English characters for each German one, the mean of good pairs."""
WEIGHTS = (-0.474, -0.873, -6.319, -2.287)
"""Of length, leftover content, word count, and the constant."""
SIGNS = (
    (re.compile(r"(?<=\d)%"), " per cent"), (re.compile(r"(?<=\d)bn\b"), " billion"),
    (re.compile(r"(?<=\d)m\b"), " million"),
    (re.compile(r"€(?=\d)"), "euro "), (re.compile(r"\$(?=\d)"), "dollar "), (re.compile(r"£(?=\d)"), "pound "),
)  # fmt: skip
"""Signs and the words they stand for."""
_SIGNED = re.compile(r"[%€$£]|\d(?:bn|m)\b")
WARNING, ERROR = 2.2, 4.5
"""Scores above these are a warning or an error: about 0.2 and 0.02 of 100 good news pairs."""
WITH_FACTS = -1.5
WITH_FACT: dict[Severity, float] = {"error": -1.0, "warning": 0.75, "info": 1.5}
"""The limit for a warning if two facts are missing, or one: the surer its check, the lower."""
FACTS = ("number.missing", "date.missing", "place.missing", "name.missing", "acronym.missing")
LONG_WARNING, LONG_ERROR = (1.5, 20), (1.9, 25)
"""English longer than German x factor + characters is a warning or an error."""


def omission(de: str, en: str, facts: Sequence[Found] = ()) -> tuple[Found, ...]:
    """One finding if `en` is too short (with the German stretch that has no counterpart) or too long, else none.

    `facts` are the findings about facts of the same pair: a missing one makes a short sentence suspicious sooner.
    """
    if len(de) < LEAST:
        return ()
    content = coverage(de, en)
    score = omission_score(de, en, content)
    if score > limit(facts):
        lost = _stretch(de, content)
        message = "The English is too short for the German"
        message += f"; nothing in it seems to stand for “{lost.text}”." if lost else "; something is left out."
        return (flag(OMITTED, message, de=lost, grade="error" if score > ERROR else "warning"),)
    longer: tuple[tuple[tuple[float, int], Severity], ...] = ((LONG_ERROR, "error"), (LONG_WARNING, "warning"))
    for (factor, more), grade in longer:
        if len(en) > factor * len(de) + more:
            message = "The English is much longer than the German: something seems to be added."
            return (flag(ADDED, message, grade=grade),)
    return ()


def limit(facts: Sequence[Found]) -> float:
    """The score above which an omission is said, by the facts that the English leaves out without a substitute."""
    missing = [item for item in facts if item.code in FACTS and item.en_span is None]
    if len(missing) > 1:
        return WITH_FACTS
    if missing:
        return WITH_FACT[missing[0].severity]
    return WARNING


def omission_score(de: str, en: str, content: tuple[Content, ...]) -> float:
    """How much speaks for an omission: logarithm of the odds, above 0 more likely than not on half-damaged data."""
    spelt = _spelt(en)
    length = (len(spelt) - EXPECTED * len(de)) / math.sqrt(len(de))
    lost = sum(len(item.text) for item in content if not item.covered)
    left = math.log((leftover(de, en) + 8) / (lost + 8))
    count = math.log((len(words(spelt)) + 2) / (len(words(de)) + 2))
    return WEIGHTS[0] * length + WEIGHTS[1] * left + WEIGHTS[2] * count + WEIGHTS[3]


def _spelt(en: str) -> str:
    """With words for signs: 8 per cent for 8%."""
    if _SIGNED.search(en):
        for sign, word in SIGNS:
            en = sign.sub(word, en)
    return en


def _stretch(de: str, content: tuple[Content, ...]) -> Span | None:
    """The longest run of German content words without a counterpart, at least two of them."""
    best: tuple[int, int, int] = (0, 0, 0)
    i = 0
    while i < len(content):
        j = i
        while j < len(content) and not content[j].covered:
            j += 1
        if j - i >= 2:
            start, end = content[i].start, content[j - 1].end
            best = max(best, (end - start, start, end))
        i = max(j, i + 1)
    return span(de, best[1], best[2]) if best[0] else None

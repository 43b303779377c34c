"""Something is left out or added (`content.omitted`, `content.added`).

Length alone misjudges names, compounds and free wording. So three things are weighed: the English length against the
expected one, the number of words, and whether content words are left over on the German side only. The weights are a
logistic regression on the good pairs of NTREX articles 1-60 against the same pairs with a phrase cut out
(`tests/measure/detection.py` reports it against length alone); the limits follow the false alarms on other sets. A fact
that is missing for good lowers the limit: a lost place in a rather short sentence went with its phrase.

A field cut short at a quotation mark: “ closes a German quotation, and as ASCII \" it ends a JSON string. The answer
then parses and is valid, but the English stops where the German quotation begins or ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from presseschau.checks.bitext import Bitext, Content
from presseschau.findings import Place, Remark
from presseschau.lang import SOURCE, regex
from presseschau.models import Severity
from presseschau.patterns import late

OMITTED = "content.omitted"
SHORT = 0.62
"""English shorter than this share of the German is looked at; a full sentence is shorter in 0.3 % of good pairs."""
REST = 12
"""Characters of German that must follow the mark: less is only the end of the sentence."""

_MARK = late(r"[„“”\"»«›‹]")
_END = late(r"[.!?…][\"”’'»)\]]*\s*$|[”\"’»)\]]\s*$")


def cut_short(pair: Bitext) -> tuple[Remark, ...]:
    """One `content.omitted` if the English stops at a quotation mark of the German, else none."""
    de, en = pair.de, pair.en
    if len(en) >= SHORT * len(de) or not _END.search(de) or _END.search(en):
        return ()
    marks = [match.start() for match in _MARK.finditer(de) if len(de) - match.end() >= REST]
    if not marks:
        return ()
    mark = min(marks, key=lambda at: abs(at - len(en)))
    if abs(mark - len(en)) > max(10, 0.35 * mark):
        return ()
    message = f"The English stops at a quotation mark; the German goes on: {de[mark : mark + 60].strip()}…"
    return (Remark(OMITTED, de=(mark, len(de)), message=message),)


ADDED = "content.added"
LEAST = 25
"""German characters below which length says nothing."""
EXPECTED = 0.93
"""English characters for each German one, the mean of good pairs."""
WEIGHTS = (-0.474, -0.873, -6.319, -2.287)
"""Of length, leftover content, word count, and the constant."""
WARNING, ERROR = 2.2, 4.5
"""Scores above these are a warning or an error: about 0.2 and 0.02 of 100 good news pairs."""
WITH_FACTS = -1.5
WITH_FACT: dict[Severity, float] = {"error": -1.0, "warning": 0.75, "info": 1.5}
"""The limit for a warning if two facts are missing, or one: the surer its check, the lower."""
HEADLINE = 1.0
"""What is added to it for German without a full stop: English headlines put nouns side by side (EU-Balkans summit)."""
FACTS = ("number.missing", "date.missing", "place.missing", "name.missing", "acronym.missing")
LONG_WARNING, LONG_ERROR = (1.5, 20), (1.9, 25)
"""English longer than German x factor + characters is a warning or an error."""


def omission(pair: Bitext, facts: Sequence[Remark] = ()) -> tuple[Remark, ...]:
    """One remark if the English is too short (with the German stretch that has no counterpart) or too long, else none.

    `facts` are the remarks about facts of the same pair: a missing one makes a short sentence suspicious sooner.
    """
    de, en = pair.de, pair.en
    if len(de) - sum(end - start for start, end in light_parts(de)) < LEAST:
        return ()
    least = limit(facts) + (0 if _END.search(de) else HEADLINE)
    score = omission_score(pair, least=least)
    if score > least:
        lost = _stretch(pair)
        message = "The English is too short for the German"
        message += f"; nothing in it seems to stand for “{de[slice(*lost)]}”." if lost else "; something is left out."
        return (Remark(OMITTED, de=lost, message=message, grade="error" if score > ERROR else "warning"),)
    longer: tuple[tuple[tuple[float, int], Severity], ...] = ((LONG_ERROR, "error"), (LONG_WARNING, "warning"))
    for (factor, more), grade in longer:
        if len(en) > factor * len(de) + more:
            message = "The English is much longer than the German: something seems to be added."
            return (Remark(ADDED, message=message, grade=grade),)
    return ()


@lru_cache(maxsize=4)
def light_parts(de: str) -> tuple[tuple[int, int], ...]:
    """Where nouns stand that say little beside their verb, for which English has one verb: enthielt sich der Stimme."""
    return tuple([match.span() for match in regex(SOURCE, "light_verbs", "light").finditer(de)])


def limit(facts: Sequence[Remark]) -> float:
    """The score above which an omission is said, by the facts that the English leaves out without a substitute."""
    missing = [item for item in facts if item.code in FACTS and item.en is None]
    if len(missing) > 1:
        return WITH_FACTS
    return WITH_FACT[missing[0].severity] if missing else WARNING


def omission_score(pair: Bitext, least: float = -math.inf) -> float:
    """How much speaks for an omission: logarithm of the odds, above 0 more likely than not on half-damaged data. A
    score up to `least` may be given too high: what the English has of its own is not looked for then."""
    light = light_parts(pair.de)
    spelt, size = pair.english.spelt, len(pair.de) - sum(end - start for start, end in light)
    length = (len(spelt.text) - EXPECTED * size) / math.sqrt(size)
    lost = sum(
        len(item.text) for item in pair.coverage if not item.covered and not any(a <= item.start < b for a, b in light)
    )
    own = len(pair.german.words) - sum(a <= word.start < b for a, b in light for word in pair.german.words)
    count = math.log((len(spelt.words) + 2) / (own + 2))
    without = WEIGHTS[0] * length + WEIGHTS[2] * count + WEIGHTS[3]
    if (most := without + WEIGHTS[1] * math.log(8 / (lost + 8))) <= least:
        return most
    return without + WEIGHTS[1] * math.log((sum(map(len, pair.leftover)) + 8) / (lost + 8))


def _stretch(pair: Bitext) -> Place | None:
    """The longest run of German content words without a counterpart, at least two of them."""
    content: tuple[Content, ...] = pair.coverage
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
    return best[1:] if best[0] else None

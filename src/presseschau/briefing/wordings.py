"""What two papers say differently of one thing without a figure: on which day, in which year, for what reason, and who.

Two claims are about one thing if most of their words are the same, or each is more like the other than any claim of
its source and both give a day, or a cause. In doubt they are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

from presseschau.briefing.likeness import german
from presseschau.briefing.readings import said
from presseschau.facts import facts
from presseschau.facts.speech.english import attributions
from presseschau.facts.words import words
from presseschau.lang import SOURCE, any_of, regex
from presseschau.notes import Comparison, Figure, Source, SourceClaim

_SHARED = 2
"""Words that two claims must share, beside names, to be about one event."""
_DAYS, _YEARS = 31, 40
"""By which a day, or the year of something old, is given differently."""
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_OF_SAYING = 30
"""Code points between a day and a verb of saying, up to which it is the day on which it was said."""
_ALIKE = 0.6
"""Share of the shorter claim's words that the other must have where only a name is different."""


def wordings(
    claims: Sequence[SourceClaim], sources: Sequence[Source], whose: Mapping[int, str]
) -> tuple[Comparison, ...]:
    """The disputed Comparisons without figures, in the order of the claims.

    `claims`: those of one story that can be used; `whose`: the origin of each source, so that a copy disputes nothing.
    """
    kinds: tuple[tuple[str, Callable[[SourceClaim, SourceClaim], float]], ...] = (
        ("date", _other_day), ("year", _other_year), ("cause", _other_cause), ("who", _other_name(sources)),
    )  # fmt: skip
    found = []
    for about, differs in kinds:
        for one, other in _pairs(claims, whose, differs):
            values = (_value(about, one, other), _value(about, other, one))
            figures = (
                Figure(value=v, claims=(c.id,), sources=(c.source,)) for v, c in zip(values, (one, other), strict=True)
            )
            found.append(Comparison(about=about, kind="disputed", figures=tuple(figures)))
    return tuple(found)


def _pairs(
    claims: Sequence[SourceClaim], whose: Mapping[int, str], differs: Callable[[SourceClaim, SourceClaim], float]
) -> Iterator[tuple[SourceClaim, SourceClaim]]:
    """Claims of two origins that differ, each more like the other than any other of its source."""
    found: dict[tuple[str, int], list[tuple[float, str]]] = {}
    known = {claim.id: claim for claim in claims}
    for one, other in combinations(claims, 2):
        if whose[one.source] != whose[other.source] and (like := differs(one, other)):
            found.setdefault((one.id, other.source), []).append((like, other.id))
            found.setdefault((other.id, one.source), []).append((like, one.id))
    best = {
        place: max(others)[1] for place, others in found.items() if [o[0] for o in others].count(max(others)[0]) == 1
    }
    for (one_id, _), other_id in best.items():
        one, other = known[one_id], known[other_id]
        if claims.index(one) < claims.index(other) and best.get((other_id, one.source)) == one_id:
            yield one, other


def _shared(one: SourceClaim, other: SourceClaim) -> frozenset[str]:
    return said(one.claim.text) & said(other.claim.text)


def _mostly_shared(one: SourceClaim, other: SourceClaim) -> int:
    """How many words they share, if these are most of the shorter one's."""
    shared, shorter = len(_shared(one, other)), min(len(said(c.claim.text)) for c in (one, other))
    return shared if shared >= _SHARED and shared >= _ALIKE * shorter else 0


def _day(claim: SourceClaim) -> str:
    """The day that the claim is about: that of its evidence, if the English gives one as well."""
    when = claim.claim.when
    day = when.date if when and when.date and len(when.date) == len("2026-05-13") else ""
    if not when or not day or not facts(claim.claim.text, "en").dates:
        return ""
    text, verb = german(claim), claim.claim.verb or "\n"
    return "" if verb in text and abs(text.find(verb) - text.find(when.text)) <= _OF_SAYING else day


def _other_day(one: SourceClaim, other: SourceClaim) -> float:
    a, b = _day(one), _day(other)
    if (one.claim.stance == "planned") != (other.claim.stance == "planned"):
        return 0
    if not a or not b or a == b or abs((date.fromisoformat(a) - date.fromisoformat(b)).days) > _DAYS:
        return 0
    return _mostly_shared(one, other)


def _year(claim: SourceClaim) -> str:
    """The one year that a claim and its German give, without a day or month."""
    years = set(_YEAR.findall(claim.claim.text)) & set(_YEAR.findall(german(claim)))
    return years.pop() if len(years) == 1 and not facts(claim.claim.text, "en").dates else ""


def _other_year(one: SourceClaim, other: SourceClaim) -> float:
    """Der Turm, 1958 gebaut; der Turm von 1962."""
    a, b = _year(one), _year(other)
    return _mostly_shared(one, other) if a and b and a != b and abs(int(a) - int(b)) <= _YEARS else 0


def _other_cause(one: SourceClaim, other: SourceClaim) -> float:
    """Both say why it came about, and have few words but that in common."""
    given, sought = (regex(SOURCE, "disputes", name).search for name in ("cause", "sought"))
    unknown = any_of(SOURCE, "not_known", "not known").search
    if any(not given(text) or sought(text) or unknown(text) for text in map(german, (one, other))):
        return 0
    first, second = _names(one), _names(other)
    if first and second and not first & second:
        return 0  # the causes of two things
    shared, shorter = len(_shared(one, other)), min(len(said(c.claim.text)) for c in (one, other))
    return shared if 0 < shared < shorter else 0


def _other_name(sources: Sequence[Source]) -> Callable[[SourceClaim, SourceClaim], float]:
    """Measures two claims that say the same of two names which no sentence of the sources has side by side."""
    texts = [sentence.de for source in sources for sentence in source.sentences]

    def differs(one: SourceClaim, other: SourceClaim) -> float:
        first, second = _names(one), _names(other)
        mine, others = first - second, second - first
        if (
            len(mine) != 1
            or len(others) != 1
            or facts(one.claim.text, "en").numbers
            or facts(other.claim.text, "en").numbers
        ):
            return 0
        (a,), (b,) = mine, others
        return 0 if any(a in text and b in text for text in texts) else _mostly_shared(one, other)

    return differs


def _names(claim: SourceClaim) -> frozenset[str]:
    """The last words of the names in a claim that stand in its German, but for those who say it."""
    text, there = claim.claim.text, german(claim)
    speakers = " ".join([claim.claim.speaker or "", *(one.name for one in attributions(text))])
    found = (w.text.removesuffix("'s") for w in words(text) if w.start and w.text[0].isupper() and len(w.text) > 1)
    return frozenset(name for name in found if name in there and name not in speakers)


def _value(about: str, one: SourceClaim, other: SourceClaim) -> str:
    """What is put beside the other's: a day or a year, a name, else what is claimed."""
    if about == "date":
        day = date.fromisoformat(_day(one))
        return f"{day.day} {day:%B %Y}"
    if about == "year":
        return _year(one)
    if about == "who":
        (name,) = _names(one) - _names(other)
        return name
    return one.claim.text.rstrip(".")

"""The chain that words came through: who passed them on, and whose word the speaker relies on.

"..., sagte Jussupow laut der Agentur Silkpress - und berief sich auf ein Schreiben Rachmatows": Jussupow speaks,
Silkpress passes it on, Rachmatow is whom he relies on.
"""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.facts.speech.german import attributions, whole_name
from presseschau.facts.speech.noun_phrases import DETERMINER, MEDIUM, NOUN_PHRASE

_SOURCES = r"(?:Angaben|Aussagen|Informationen|Berichte?|ein(?:en|e)? [\w-]+|[\w-]+)"


@lru_cache(maxsize=1)
def _through() -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(rf"\bgegenüber\s+(?P<name>(?:{DETERMINER}\s+)?{NOUN_PHRASE})"),
        re.compile(rf"\b(?:bei|im|in der|vor|dem|der|den|zur|zum)\s+"
                   rf"(?P<name>[„»\"]?(?:[A-ZÄÖÜ][\w-]+\s)?{MEDIUM}\b[“«\"]?"
                   r"(?:\s[„»\"][^“”«\"]{2,40}[“”«\"])?)"),
        re.compile(r"\bzitier(?:t|te|en|ten)\s+(?P<name>(?:die|das|der)\s+[\w-]+(?:\s[„»\"][^“”«\"]{2,40}[“”«\"])?)"),
        re.compile(rf"\bsagte[n]?\s[^,.;:]{{3,60}}?\s(?P<name>(?:der|dem)\s+{NOUN_PHRASE})(?=[.,])"),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _relied_on() -> re.Pattern[str]:
    lead = (
        r"(?:(?:berief|berufen|beruft|bezog|bezieht|beziehen|stützte?)\s+sich|unter Berufung|mit Verweis|unter Hinweis)"
    )
    return re.compile(rf"\b{lead}\s(?:[^,.;:]{{0,20}}?\s)?auf\s+(?:{_SOURCES}\s+)?(?P<name>{NOUN_PHRASE})")


def passed_on(sentence: str, speaker: tuple[int, int] | None) -> tuple[tuple[int, int], ...]:
    """Offsets of those through whom the words of `speaker` (its offsets in `sentence`) came, in order of the sentence.

    laut, zufolge and "wie ... berichtet" beside a verb of saying with a subject of its own; gegenüber; a paper,
    agency or station that was spoken to. Empty where the one who says it is the only one named.
    """
    found = {
        one.speaker
        for one in attributions(sentence)
        if speaker
        and one.speaker
        and one.kind in ("laut", "zufolge", "wie", "angaben")
        and not _same(one.speaker, speaker)
    }
    if speaker:
        for pattern in _through():
            for match in pattern.finditer(sentence):
                if _medium(match["name"]):
                    found.add(match.span("name"))
    source = relied_on(sentence)
    apart = [span for span in found if not any(_same(span, other) for other in (speaker, source) if other)]
    return tuple(sorted(a for a in apart if not any(a != b and b[0] <= a[0] and a[1] <= b[1] for b in apart)))


def relied_on(sentence: str) -> tuple[int, int] | None:
    """Offsets of the one whose word the speaker relies on (unter Berufung auf, bezog sich auf Angaben des ...)."""
    found = _relied_on().search(sentence)
    return whole_name(sentence, *found.span("name")) if found else None


def _medium(name: str) -> bool:
    return bool(re.search(rf"\b{MEDIUM}\b", name)) or bool(re.search(r"[„»\"]", name))


def _same(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]

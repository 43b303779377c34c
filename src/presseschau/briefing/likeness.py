"""Do two German passages say the same? By their nouns and their figures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache, partial

from presseschau.briefing.quantities import stem
from presseschau.facts.speech.german import attributions
from presseschau.facts.words import words
from presseschau.lang import SOURCE, regex
from presseschau.notes import SourceClaim

_rule = partial(regex, SOURCE, "events")

_FIGURE = re.compile(r"\d[\d.,]*")
ALIKE = 0.6
"""Share of the longer one's nouns that the other must have."""


_ALMOST = 0.75
"""Share of all words from which two passages without telling nouns (short quotations) are the same."""


def alike(one: str, other: str) -> bool:
    """Most nouns in common, or almost all words, and no figure on either side that the other contradicts."""
    figures, others = _figures(one), _figures(other)
    if not (figures <= others or others <= figures):
        return False
    first, second = nouns(one), nouns(other)
    if first and len(first & second) >= ALIKE * max(len(first), len(second)):
        return True
    words_one, words_other = _words(one), _words(other)
    return len(words_one & words_other) >= _ALMOST * max(1, len(words_one | words_other))


def german(claim: SourceClaim) -> str:
    """The German that the claim rests on, in text order."""
    return " ".join(e.text for e in claim.claim.evidence)


def own_words(claim: SourceClaim) -> str:
    """The same without the name of its speaker: two statements of one person have that in common, and no more."""
    text, speaker = german(claim), claim.claim.speaker or ""
    if claim.claim.speaker_de:
        text = text.replace(claim.claim.speaker_de.text, "")
    names = [re.escape(word) for word in re.findall(r"[A-ZÄÖÜ][\w-]+", speaker)]
    return re.sub(rf"\b(?:{'|'.join(names)})\b", "", text) if names else text


@lru_cache(maxsize=16384)
def what_is_said(sentence: str) -> str:
    """The German sentence without who says so: two statements of one person have that in common, and no more."""
    told = next((one for one in attributions(sentence) if one.speaker), None)
    if told is None or told.speaker is None:
        return sentence
    (begin, end), (again, last) = sorted((told.cue, told.speaker))
    return f"{sentence[:begin]}{sentence[end:again]}{sentence[max(end, last) :]}"


@lru_cache(maxsize=16384)
def nouns(text: str) -> frozenset[str]:
    """The stems of the nouns and names, without days, months and those who speak for others."""
    return frozenset(
        stem(word.lower)
        for word in words(text)
        if word.text[0].isupper() and len(word.text) > 3 and not _rule("no_topic").fullmatch(word.lower)
    )


@lru_cache(maxsize=16384)
def _figures(text: str) -> frozenset[str]:
    return frozenset(match[0].rstrip(".,") for match in _FIGURE.finditer(text))


@lru_cache(maxsize=16384)
def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower for word in words(text))


class Passages:
    """Passages in which those that say the same as another one are found by an index of their nouns."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts: list[str] = []
        self._with: defaultdict[str, list[int]] = defaultdict(list)
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """One more passage, with the next index."""
        for noun in nouns(text) or {""}:
            self._with[noun].append(len(self.texts))
        self.texts.append(text)

    def like(self, text: str) -> list[int]:
        """Indices of the passages that say the same as `text`, in order."""
        near = {i for noun in nouns(text) or {""} for i in self._with[noun]}
        return sorted(i for i in near if alike(text, self.texts[i]))

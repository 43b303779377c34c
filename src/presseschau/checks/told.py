"""Which of the sentences that a claim cites it tells: the others only bring in who speaks, or what came before."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.checks.coverage import leftover_words
from presseschau.models import Sentence

_LEAST = 2
"""Content words of a claim that only one sentence accounts for, from which the claim tells that sentence."""


def told(english: str, evidence: Sequence[Sentence]) -> list[Sentence]:
    """The sentences of `evidence`, in order, that account for words of `english` which no other does; all of them if
    none does."""
    if len(evidence) < 2:
        return list(evidence)
    own = {s.n: _only_in(s, english, evidence) for s in evidence}
    most = max(own.values())
    return [s for s in evidence if own[s.n] >= min(_LEAST, most)]


def _only_in(sentence: Sentence, english: str, evidence: Sequence[Sentence]) -> int:
    others = "\n".join(s.text for s in evidence if s.n != sentence.n)
    return len(set(leftover_words(others, english)) - set(leftover_words(sentence.text, english)))

"""Of several translations of one sentence the one most like the others: what a model is sure of it says each time.

The first answer is the ordinary one, the same request as without samples; the others are asked for at a temperature,
each under a number of its own, so that more samples buy only what is new. A server that caches prefixes reads the
prompt once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from presseschau.facts.chrf import chrf
from presseschau.models import AnswerModel, Request

TEMPERATURE = 0.5


def samples_of(request: Request[AnswerModel], samples: int) -> list[Request[AnswerModel]]:
    """The request, and it again for each further sample."""
    return [request, *(replace(request, temperature=TEMPERATURE, sample=n) for n in range(1, samples))]


def agreed(answers: Sequence[Mapping[int, str]]) -> dict[int, str]:
    """For each number the text most like the others (chrF, both ways); of several the one of the earliest answer."""
    numbers = sorted({n for answer in answers for n in answer})
    return {n: _likest([answer[n] for answer in answers if n in answer]) for n in numbers}


def _likest(texts: Sequence[str]) -> str:
    def likeness(i: int) -> float:
        return sum(chrf(texts[i], other) + chrf(other, texts[i]) for j, other in enumerate(texts) if j != i)

    return texts[max(range(len(texts)), key=lambda i: (round(likeness(i), 6), -i))]

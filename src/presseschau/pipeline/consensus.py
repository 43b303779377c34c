"""Of several translations of one sentence the one that stands: of those with the fewest findings the one most like the
others, since what a model is sure of it says each time.

The first answer is the ordinary one, the same request as without samples; the others are asked for at a temperature,
at once where a server gives several answers to a prompt that it reads once (`asking.Asker.samples`). Each is kept under
a number of its own, so that more samples buy only what is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from presseschau.facts.chrf import chrf

TEMPERATURE = 0.5
"""Of the others: tried with 0.5."""


def agreed(
    answers: Sequence[Mapping[int, str]], faults: Sequence[Mapping[int, tuple[int, int]]] = ()
) -> dict[int, str]:
    """For each number, of the texts with the fewest `faults` (errors, warnings; a mapping for each answer, or none) the
    one most like all others (chrF, both ways); of several the one of the earliest answer.

    Without faults a sentence that most answers have shifted would win (`tests/measure/consensus.py`).
    """
    rows: dict[int, list[tuple[tuple[int, int], str]]] = {}
    for answer, found in zip(answers, faults or [{}] * len(answers), strict=True):
        for n, text in answer.items():
            rows.setdefault(n, []).append((found.get(n, (0, 0)), text))
    return {n: _likest(rows[n]) for n in sorted(rows)}


def agreement(text: str, others: Sequence[str]) -> float | None:
    """How like a text is to others of the same, 0 to 100; None if there are none."""
    return sum(chrf(text, other) + chrf(other, text) for other in others) / (2 * len(others)) if others else None


def _likest(rows: Sequence[tuple[tuple[int, int], str]]) -> str:
    texts, least = [text for _, text in rows], min(faults for faults, _ in rows)

    def likeness(i: int) -> float:
        return sum(chrf(texts[i], other) + chrf(other, texts[i]) for j, other in enumerate(texts) if j != i)

    sound = [i for i, (faults, _) in enumerate(rows) if faults == least]
    return texts[max(sound, key=lambda i: (round(likeness(i), 6), -i))]

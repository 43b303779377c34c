"""How surely the German says it: reported, alleged, planned or predicted, where its words settle that."""

from __future__ import annotations

import re
from typing import Literal

from presseschau.facts.subjunctive import subjunctives

Stance = Literal["reported", "alleged", "planned", "predicted"]

_ALLEGED = re.compile(
    r"\b(?:angeblich|mutmaßlich|mutmasslich|vermeintlich|soll(?:en)?\s(?:[^,.;:]{0,120}?\s)?(?:ge\w+(?:t|en)|\w+iert|be\w+t"
    r"|ver\w+t|er\w+t)\s(?:haben|sein|worden sein)|wirft\s[^,.;]{1,160}\svor|werfen\s[^,.;]{1,160}\svor|vorgeworfen)\b"
)
_PREDICTED = re.compile(
    r"\b(?:voraussichtlich|dürften?|wohl erst|(?:rechnet|rechnen|rechnete)\s[^,.;]{0,60}mit|erwartet|erwarten"
    r"|prognostizier(?:t|en)|vorhergesagt|steht\s[^,.;]{0,30}\sbevor)\b"
)
_PLANNED = re.compile(
    r"\b(?:plan(?:t|en)|geplant|beabsichtig(?:t|en)|vorgesehen|angesetzt|angekündigt|will|wollen|soll(?:en)?|fordert|"
    r"fordern|verlangt|verlangen|schlägt\s[^,.;]{0,120}\svor|schlagen\s[^,.;]{0,120}\svor)\b"
)
_QUESTION = re.compile(r"\?\s*[“”\"«»]?$")


def stance(sentence: str, voiced: bool) -> Stance | None:
    """What the German of one sentence settles; None if it is plainly stated or its words settle nothing.

    `voiced`: the sentence reports someone's words. "soll ... haben" alleges, "soll ... werden" plans.
    """
    if _QUESTION.search(sentence):
        return None
    if _ALLEGED.search(sentence):
        return "alleged"
    if voiced or subjunctives(sentence):
        return "reported"
    if _PREDICTED.search(sentence):
        return "predicted"
    return "planned" if _PLANNED.search(sentence) else None

"""How surely the German says it: alleged, an opinion, predicted, planned or reported, where its words settle that.

The words are the rules of `de/stance.toml`. An adjective (der mutmaßliche Täter) hedges its noun, and leaves the
statement as sure as it is.
"""

from __future__ import annotations

from typing import Literal

from presseschau.facts.speech.german import subjunctives
from presseschau.lang import SOURCE, any_of, regex

Stance = Literal["reported", "alleged", "planned", "predicted", "opinion"]
_KINDS: dict[str, Stance] = {
    "alleged": "alleged",
    "opinion": "opinion",
    "predicted": "predicted",
    "demanded": "planned",
    "possible": "predicted",
    "planned": "planned",
}
"""Kind of rule -> what it settles, in the order in which they are tried."""
_OWN = ("possible", "planned")
"""Kinds that settle nothing where somebody else says so."""


def stance(sentence: str, voiced: bool) -> Stance | None:
    """What the German of one sentence settles; None if it is plainly stated or its words settle nothing.

    `voiced`: the sentence reports someone's words. A forecast, a demand and a judgement stay what they are in someone
    else's words; other plans are then no more than reported. "soll ... haben" alleges, "soll ... werden" plans.
    """
    if regex(SOURCE, "stance", "question").search(sentence):
        return None
    reported = voiced or bool(subjunctives(sentence))
    for kind, settled in _KINDS.items():
        if not (reported and kind in _OWN) and any_of(SOURCE, "stance", kind).search(sentence):
            return settled
    return "reported" if reported else None

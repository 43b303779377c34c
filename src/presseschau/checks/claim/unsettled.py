"""What has not happened by the German of a claim's evidence, told as done; what is alleged, as a fact (`hedge.lost`).

A claim tells one clause of its evidence, so only a German verb of this kind counts whose clause it tells, or what
stands behind it (warf ihm vor, ...); and only if no word of the English leaves it open, in whatever way.
"""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.checks.bitext import Bitext
from presseschau.checks.claim.denial import TOLD, UNTOLD, one_statement, told_of
from presseschau.checks.pair.turned import turned
from presseschau.facts.speech.german import introduces
from presseschau.findings import Place, Remark
from presseschau.lang import SOURCE, any_of
from presseschau.models import Span

KINDS = {"alleged": ("alleged",), "planned": ("demanded", "planned", "possible", "predicted")}
"""What the English must keep -> the kinds of stances (`de/stance.toml`), beside the rules of `de/unsettled.toml`."""
LOOSE = frozenset({"already", "ago", "often", "since"})
"""Kinds of `de/turned.toml` that a claim may put in other words, as it tells parts."""
FEWEST = 2
"""Words behind the verb that are known, of which the claim must have its share."""
UNKNOWN = (TOLD + UNTOLD) / 2
"""What is said of a clause about whose words next to nothing is known."""


def unsettled(pair: Bitext, alone: bool) -> Iterator[Remark]:
    """At most one remark about a sentence and the English of a claim that rests on it; `alone`: on no other.

    None about one that only says who said what stood before it (Das kündigte Holm an).
    """
    if introduces(pair.de):
        return
    for remark in turned(pair, LOOSE):
        if remark.de and tells(pair, remark.de, alone):
            yield remark
            return
    yet = any_of(SOURCE, "hedges", "with undecided").search(pair.de)
    kept = any(any_of("en", concept, "keeps undecided").search(pair.en) for concept in ("hedges", "unsettled"))
    if yet and not kept and tells(pair, yet.span("cue"), alone):
        yield Remark("hedge.lost", yet.span("cue"))
        return
    if (done := any_of("en", "unsettled", "done").search(pair.en)) is None:
        return
    for kind, stances in KINDS.items():
        rules = [any_of(SOURCE, "unsettled", kind), *(any_of(SOURCE, "stance", one) for one in stances)]
        found = [said.span() for rule in rules if (said := rule.search(pair.de))]
        if found and any_of("en", "unsettled", f"keeps {kind}").search(pair.en):
            return
        for place in found:
            if tells(pair, place, alone):
                yield Remark("hedge.lost", place, done.span())
                return


def tells(pair: Bitext, place: Place, alone: bool) -> bool:
    """Does the English tell the clause of the German words at `place`, or what stands behind them? Where nothing is
    known of either, it does if it rests on no other sentence."""
    if alone and one_statement(pair):
        return True
    start, end = place
    named = {name.text for name in pair.german.facts.persons}  # who is not what
    behind = [
        word for word in pair.coverage if word.start >= end and (word.covered or word.known) and word.text not in named
    ]
    covered = sum(word.covered for word in behind)
    share = told_of(Span(start=start, end=end, text=pair.de[start:end]), pair)
    unknown = alone and share >= UNKNOWN and covered == len(behind)
    return unknown or max(share, covered / max(FEWEST, len(behind))) >= TOLD

"""How far to trust the English of a sentence: one figure from what can be seen without another model, and why.

    words without a counterpart, rare and long words, what the checks found ─┐
    what the readers found ──────────────────────────────────────────────────┼─▶ weights (risk.toml) ─▶ 0 to 1
    how sure the model was, how alike its samples, the meanings, the way back ─┘ (where it is known)

The weights are learnt from labelled sentences of the demonstration model (`tests/measure/risk.py`), for which the
figure says how often such a sentence is wrong. Of other models that is not known: there it is an order, set so that
hardly a sentence of good human translations reaches `READ_FIRST`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from presseschau.checks.bitext import Bitext, bitext
from presseschau.facts.lexicon import frequency_rank
from presseschau.models import READ_FIRST, Finding, Risk
from presseschau.patterns import cached_on_disk

COMMON = 3_000
"""Headwords of the word list that are not rare: its first ones are the most frequent in the news."""
_NAMED = 4
_READER = "reader."
_TURNED = ("meaning.", "negation.", "direction.", "agent.", "body.")
_FACTS = ("number.", "name.", "place.")
"""What was found that tells wrong English: of a date that differs, German that is left, words that are left out it is
not known that they do (`tests/measure/risk.py`)."""
_HEARD = {
    "unsure": "the model was unsure of its words",
    "doubt": "the model was unsure of its words",
    "torn": "the model was unsure of its words",
    "apart": "the model says it differently each time",
    "unlike": "the two are not alike in meaning",
    "astray": "the English does not lead back to the German",
}
_NAMES_OF_VOICE = ("voice.", "hedge.", "quote.")  # what they say is often not seen in the English of a sentence


class ModelSigns(NamedTuple):
    """What only a model says of English, None where that is not known: the mean and lowest logarithm of its tokens'
    probabilities, the likeness of samples (chrF, 0 to 100) and of meanings (0 to 1), given the English the mean
    logarithm of the German's tokens and of its three least likely nouns and names, and how much it wavered where it
    wavered most (`Sureness.torn`)."""

    sure: float | None = None
    least: float | None = None
    samples: float | None = None
    meaning: float | None = None
    back: float | None = None
    nouns: float | None = None
    torn: float | None = None

    @property
    def figures(self) -> Mapping[str, float]:
        """Those that are known, turned so that more is worse."""
        turned = {"unsure": self.sure, "doubt": self.least, "apart": self.samples, "unlike": self.meaning}
        known = {name: -value for name, value in {**turned, "astray": self.nouns}.items() if value is not None}
        return known if self.torn is None else {**known, "torn": self.torn}


UNHEARD = ModelSigns()


class Signs(NamedTuple):
    """What can be seen of a pair. `lost`: German content words without a counterpart, `lost_rare`: of those, the
    ones beyond the commonest; `unsourced`: English ones; `rare`: German ones beyond the commonest; `longest`: letters
    of the longest German one; `turned`, `facts`: errors and warnings that the English says the opposite, or has other
    figures, names, places; `found`: all errors and warnings; `read`: what readers found, a note for half."""

    lost: tuple[str, ...]
    lost_rare: tuple[str, ...]
    unsourced: tuple[str, ...]
    rare: tuple[str, ...]
    longest: int
    turned: int
    facts: int
    errors: int
    found: int
    read: float

    @property
    def figures(self) -> Mapping[str, float]:
        """By the names that `risk.toml` has."""
        return {
            "lost": len(self.lost), "lost_rare": len(self.lost_rare), "rare": len(self.rare), "longest": self.longest,
            "unsourced": len(self.unsourced), "turned": min(2, self.turned), "facts": min(2, self.facts),
            "read": min(2, self.read),
        }  # fmt: skip


class RiskWeights(NamedTuple):
    """Of standardised figures, and those for use with the way back (`deep`); `reserve` is taken off where the model is
    not the one that they were learnt from."""

    bias: float
    deep_bias: float
    reserve: float
    mean: Mapping[str, float]
    spread: Mapping[str, float]
    weight: Mapping[str, float]
    deep: Mapping[str, float]


@lru_cache(maxsize=1)
def weights() -> RiskWeights:
    """Those that were learnt."""
    return RiskWeights(**_learnt())


@cached_on_disk
def _learnt() -> dict[str, Any]:
    import tomllib

    return tomllib.loads(files("presseschau.checks").joinpath("risk.toml").read_text(encoding="utf-8"))


def signs(pair: Bitext, findings: Sequence[Finding]) -> Signs:
    """The signs of a pair whose findings are known."""
    german = [word for word in pair.german.content if word.text[0].isalpha()]
    grave = [f for f in findings if f.severity != "info" and not f.code.startswith((*_NAMES_OF_VOICE, _READER))]
    read = [1.0 if f.severity == "warning" else 0.5 for f in findings if f.code.startswith(_READER)]
    lost = tuple(item.text for item in pair.coverage if not item.covered)
    return Signs(
        lost=lost,
        lost_rare=tuple(word for word in lost if word[0].isalpha() and frequency_rank(word.lower()) >= COMMON),
        unsourced=pair.leftover,
        rare=tuple(word.text for word in german if frequency_rank(word.lower) >= COMMON),
        longest=max((len(word.text) for word in german), default=0),
        turned=sum(f.code.startswith(_TURNED) for f in grave),
        facts=sum(f.code.startswith(_FACTS) for f in grave),
        errors=sum(f.severity == "error" for f in grave),
        found=len(grave),
        read=sum(read),
    )


def risk(
    german: str, english: str, findings: Sequence[Finding], *, demonstration: bool, heard: ModelSigns = UNHEARD
) -> Risk:
    """How likely the English is wrong; `demonstration`: it is the demonstration model's."""
    seen, learnt = signs(bitext(german, english), findings), weights()
    figures = {**seen.figures, **heard.figures}
    bias, weight = (learnt.bias, learnt.weight) if heard.nouns is None else (learnt.deep_bias, learnt.deep)
    parts = {  # what is not known counts as the mean
        name: weight[name] * (value - learnt.mean[name]) / learnt.spread[name]
        for name, value in figures.items()
        if name in weight
    }
    odds = bias + sum(parts.values()) - (0.0 if demonstration else learnt.reserve)
    value = 1 / (1 + math.exp(-odds))
    if seen.errors:  # at least 95 of 100 such findings are right (docs/checks.md), whatever else is seen
        value = max(value, READ_FIRST)
    said = _said(seen, heard)
    names = [name for name in sorted(parts, key=lambda name: -parts[name]) if parts[name] > 0 and name in said]
    if seen.errors and not {"turned", "facts"} & set(names):
        names.insert(0, "found")
    known = {name: round(value, 2) for name, value in heard._asdict().items() if value is not None}
    return Risk(value=round(value, 2), reasons=tuple(dict.fromkeys(said[name] for name in names)), signs=known)


def restated(worst: float, german: str, english: str, findings: Sequence[Finding]) -> Risk:
    """The risk of English that rests on sentences whose `worst` risk is known, and may say less than they do: what was
    found in it, and its words that nothing accounts for, make it worse."""
    seen, learnt = signs(bitext(german, english), findings), weights()
    own = {"read": seen.figures["read"] * learnt.weight["read"] / learnt.spread["read"]}
    # What can be found in it is of other kinds: each counts as a fact that differs.
    own["found"] = min(2, seen.found) * learnt.weight["facts"] / learnt.spread["facts"]
    # What it leaves out says nothing here, so its own words weigh as much as lost ones, beyond the usual number.
    more = max(0.0, len(seen.unsourced) - learnt.mean["unsourced"])
    own["unsourced"] = more * learnt.weight["lost"] / learnt.spread["unsourced"]
    worst = min(max(worst, 0.001), 0.999)
    odds = math.log(worst / (1 - worst)) + sum(own.values())
    value = max(1 / (1 + math.exp(-odds)), READ_FIRST if seen.errors else 0.0)
    said = _said(seen, UNHEARD)
    return Risk(value=round(value, 2), reasons=tuple(said[name] for name, value in own.items() if value))


def _said(seen: Signs, heard: ModelSigns) -> dict[str, str]:
    """What can be said of each sign that is there."""
    said = {
        "lost": (seen.lost, f"no English was found for {_list(seen.lost)}"),
        "unsourced": (seen.unsourced, f"no German was found for {_list(seen.unsourced)}"),
        "rare": (seen.rare, f"rare words: {_list(seen.rare)}"),
        "turned": (seen.turned, "the checks find that it says something else"),
        "facts": (seen.facts, "the checks find other figures, names or places"),
        "found": (seen.found, "the checks found an error" if seen.errors else "the checks warn"),
        "read": (seen.read, "a reader finds fault with it"),
    }
    return {name: sentence for name, (there, sentence) in said.items() if there} | {
        name: _HEARD[name] for name in heard.figures
    }


def _list(words: Sequence[str]) -> str:
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return ", ".join(words[:_NAMED]) + more

"""What a person decided about claims and sentences.

A decision is keyed by its kind and the German it is about, so that it holds when the article is read, translated or
summarised again, and is ignored where the German has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

from presseschau.models import Claim, TranslatedSentence, Value

Kind = Literal["claim", "sentence"]
Verdict = Literal["accepted", "edited", "rejected"]
SCHEMA = "presseschau/review/1"


class Decision(Value):
    """One verdict. `german` is the sha256 of the German; `was` what the model wrote, `english` what stands from now on
    (None: nothing). `claim` is the whole claim as decided, so that it can be put back where a model leaves it out."""

    kind: Kind
    german: str
    verdict: Verdict
    was: str
    english: str | None = None
    claim: Claim | None = None

    @classmethod
    def on(cls, about: TranslatedSentence | Claim, verdict: Verdict, english: str | None = None) -> Decision:
        """The verdict on a sentence or a claim of a result; `english` is what stands from now on."""
        if isinstance(about, Claim):
            kept = about if english else None
            return cls(
                kind="claim", german=claim_key(about), verdict=verdict, was=about.text, english=english, claim=kept
            )
        return cls(kind="sentence", german=key([about.de]), verdict=verdict, was=about.en or "", english=english)


class Decisions(Value):
    """What is kept beside a result. A later decision about the same words takes the place of the earlier one."""

    schema_version: str = SCHEMA
    decisions: tuple[Decision, ...] = ()

    def with_one(self, new: Decision) -> Decisions:
        """These decisions and `new`, which replaces one about the same words."""
        kept = (d for d in self.decisions if (d.kind, d.german, d.was) != (new.kind, new.german, new.was))
        return self.model_copy(update={"decisions": (*kept, new)})

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change with any decision; "" for none."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12] if self.decisions else ""


def key(texts: Iterable[str]) -> str:
    """The sha256 of German sentences; white space between words does not count."""
    return hashlib.sha256("\n".join(" ".join(text.split()) for text in texts).encode()).hexdigest()


def claim_key(claim: Claim) -> str:
    """The key of the evidence of a claim."""
    return key(e.text for e in claim.evidence)

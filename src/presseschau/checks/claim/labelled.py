"""A claim list against one that a careful reader made: what it tells, leaves out, tears apart, lumps together, repeats.

Two English wordings of one German sentence are compared by the German words that each accounts for, so that "acquitted"
and "cleared" are one. These are counts of likeness: whether a claim is true is for `check_claim` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cached_property

from presseschau.checks.bitext import bitext
from presseschau.checks.claim.called import names
from presseschau.facts.speech.english import telling
from presseschau.models import Claim, Stance, Value

FULL = 0.6
"""Share of what a labelled claim says from which another claim tells it."""
ALONE = 0.4
"""Share that is enough where no other claim tells more of it: free wording."""
PART = 0.25
"""Share that a claim must add to what another tells, to tell a part of its own."""


class LabelledClaim(Value):
    """A claim as labelled by hand. `evidence`: the German of `sentences`; `when`: an ISO date, month, year or range."""

    text: str
    sentences: tuple[int, ...]
    evidence: tuple[str, ...]
    speaker: str | None = None
    speaker_de: str | None = None
    stance: Stance = "asserted"
    when: str | None = None
    when_de: str | None = None

    @cached_property
    def german(self) -> str:
        """The evidence without the name of the speaker, which is judged by itself."""
        return "\n".join(self.evidence).replace(self.speaker_de or "\n", "\n")

    @cached_property
    def units(self) -> frozenset[int]:
        """Where the German words start that its English accounts for: what it says, piece by piece. Its other words are
        free wording, or stand for a pronoun."""
        return _accounted(self.german, self.text)


@dataclass(frozen=True)
class ClaimCounts:
    """How a claim list compares with labels; the counts of several articles may be added.

    Of `labelled` claims `found` are told by one claim, `split` only by several together; the others are left out. Of
    `claims` in the list `merged` tell two labelled ones or more, `doubled` only what earlier ones tell, `extra` none;
    `supported` have no error. Of `found`, `speaker` and `stance` say for how many these are right.
    """

    labelled: int = 0
    found: int = 0
    split: int = 0
    claims: int = 0
    merged: int = 0
    doubled: int = 0
    extra: int = 0
    supported: int = 0
    speaker: int = 0
    stance: int = 0

    def __add__(self, other: ClaimCounts) -> ClaimCounts:
        return ClaimCounts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def claims_against(labelled: Sequence[LabelledClaim], found: Sequence[Claim]) -> ClaimCounts:
    """The counts of the claim list `found` against the list `labelled` of the same article."""
    told = [_shares(label, labelled, found) for label in labelled]  # of each labelled claim, by each claim
    one = [_teller(shares) for shares in told]
    parts = [_parts(label, labelled, found) if best is None else () for label, best in zip(labelled, one, strict=True)]
    matched = [(label, found[best]) for label, best in zip(labelled, one, strict=True) if best is not None]
    merged = doubled = extra = 0
    before: set[int] = set()  # labelled claims that earlier claims tell
    for j in range(len(found)):
        own = {i for i, shares in enumerate(told) if one[i] is not None and shares[j] >= ALONE}
        merged += sum(shares[j] >= FULL for shares in told) > 1
        doubled += bool(own) and own <= before and j not in {j for some in parts for j in some}
        extra += not own and all(j not in some for some in parts)
        before |= own
    return ClaimCounts(
        labelled=len(labelled),
        found=len(matched),
        split=sum(map(bool, parts)),
        claims=len(found),
        merged=merged,
        doubled=doubled,
        extra=extra,
        supported=sum(claim.supported for claim in found),
        speaker=sum(_same_speaker(label, claim) for label, claim in matched),
        stance=sum(label.stance == claim.stance for label, claim in matched),
    )


def _shares(label: LabelledClaim, labelled: Sequence[LabelledClaim], found: Sequence[Claim]) -> list[float]:
    """What share of what only `label` says each claim tells, 0 to 1."""
    own = _own(label, labelled)
    return [len(_told(label, claim) & own) / max(1, len(own)) for claim in found]


def _teller(shares: Sequence[float]) -> int | None:
    """Which claim tells most of it, the first of several; none if that is not enough."""
    most = max(range(len(shares)), key=lambda j: shares[j], default=None)
    if most is None or shares[most] >= FULL:
        return most
    rest = max((share for j, share in enumerate(shares) if j != most), default=0)
    return most if shares[most] >= ALONE and rest < PART else None


def _parts(label: LabelledClaim, labelled: Sequence[LabelledClaim], found: Sequence[Claim]) -> tuple[int, ...]:
    """The claims that tell it only together; none if they do not either."""
    own, said, parts = _own(label, labelled), frozenset[int](), []
    told = [_told(label, claim) & own for claim in found]
    for j in sorted(range(len(found)), key=lambda j: -len(told[j])):
        if len(told[j] - said) >= PART * len(own):
            said |= told[j]
            parts.append(j)
    return tuple(parts) if len(parts) > 1 and len(said) >= FULL * len(own) else ()


def _own(label: LabelledClaim, labelled: Sequence[LabelledClaim]) -> frozenset[int]:
    """What only this one of the claims on a sentence says; all of it if that is nothing."""
    beside = [one for one in labelled if one is not label and set(one.sentences) & set(label.sentences)]
    return label.units.difference(*(_accounted(label.german, one.text) for one in beside)) or label.units


def _told(label: LabelledClaim, claim: Claim) -> frozenset[int]:
    """What of the labelled claim a claim tells; nothing if it rests on other sentences."""
    if not set(label.sentences) & set(claim.sentences):
        return frozenset()
    return label.units & _accounted(label.german, claim.text)


def _accounted(german: str, english: str) -> frozenset[int]:
    return frozenset(word.start for word in bitext(german, english).coverage if word.covered)


def _same_speaker(label: LabelledClaim, claim: Claim) -> bool:
    if label.speaker is None or claim.speaker is None:
        return label.speaker == claim.speaker
    one, other = ({word.casefold() for word in telling(name)} for name in (label.speaker, claim.speaker))
    return bool(one & other) or names(claim.speaker, label.speaker_de or "")

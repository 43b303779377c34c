"""`hedge.lost` and `voice.lost` for a sentence of the note: what its claims only report must not become a fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presseschau.briefing.likeness import content, covered
from presseschau.briefing.spoken import named
from presseschau.facts import facts
from presseschau.facts.speech.english import voiced
from presseschau.facts.words import words
from presseschau.findings import Found, flag
from presseschau.models import Claim, Span, Stance
from presseschau.notes import Source, SourceClaim

TOLD = 0.5
"""Share of the content words of a claim that a sentence has if it tells that claim."""
_DOUBTFUL = frozenset(
    ("allegedly", "alleged", "purportedly", "supposedly", "reportedly", "apparently", "seemingly", "presumably",
     "presumed", "probably", "possibly", "perhaps", "maybe", "likely", "may", "might", "suspected", "potentially",
     "unconfirmed")
)  # fmt: skip
"""Words of a claim that a sentence must keep. Could and should are more often no doubt."""
_PLAIN: frozenset[Stance] = frozenset({"asserted", "planned", "predicted"})
_INTENT = frozenset(
    ("will", "would", "plan", "plans", "planned", "intends", "intend", "wants", "want", "aims", "due", "expected",
     "could", "may", "might", "should", "shall", "proposed", "expects", "forecast", "likely")
)  # fmt: skip


def guarded(text: str, cited: Sequence[tuple[SourceClaim, Source]]) -> Iterator[Found]:
    """One finding of each code if `text` tells a claim without the doubt, or the voice, that the claim has.

    None where another cited claim says as much without it.
    """
    bare = [one for one, _ in cited if not _doubt(one.claim)]
    for one, _ in cited:
        doubt = _doubt(one.claim)
        if doubt and not _doubtful(text) and _tells(text, one, bare):
            message = f"The cited claim is guarded (“{doubt}”); the sentence states it as a fact."
            yield flag("hedge.lost", message, scope="note", de=_only(doubt))
            break
    if voiced(text):
        return
    own = [one for one, _ in cited if one.claim.speaker is None and one.claim.stance in _PLAIN]
    for one, _ in cited:
        claim = one.claim
        if claim.stance in ("planned", "predicted") and any(word.lower() in _INTENT for word in text.split()):
            continue
        who = claim.speaker or ("someone" if claim.stance in ("alleged", "reported", "opinion") else None)
        if who and not named(who, text) and _tells(text, one, own):
            message = f"The cited claim gives what {who} says; the sentence states it as a fact."
            yield flag("voice.lost", message, scope="note", de=_only(who))
            break


def _doubt(claim: Claim) -> str | None:
    """The word of doubt in the claim, if there is one."""
    word = next((w.text for w in words(claim.text) if w.lower in _DOUBTFUL and w.text != "May"), None)
    return word or ("allegedly" if claim.stance == "alleged" else None)


def _doubtful(text: str) -> bool:
    return any(fact.value not in ("voiced", "planned") for fact in facts(text, "en").hedges)


def _tells(text: str, one: SourceClaim, others: Sequence[SourceClaim]) -> bool:
    """Does `text` tell this claim, and something in it that the others do not say?"""
    own = content(one.claim.text)
    if not own or len(covered(one.claim.text, (text,))) < TOLD * len(own):
        there = covered(text, (one.claim.text,))
        if len(there) < TOLD * len(content(text)):
            return False
    mine = covered(text, (one.claim.text,))
    elsewhere = covered(text, [other.claim.text for other in others if other.id != one.id])
    return bool(mine - elsewhere)


def _only(text: str) -> Span:
    return Span(start=0, end=len(text), text=text)

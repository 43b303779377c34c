"""What sets two claims apart though they use the same words: another time or subject, or others may do it too.

Asked of all pairs before `wordings` compares them: papers that tell of different things do not contradict each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from presseschau.briefing.statements import ClaimWords, in_common, opposite, telling_words
from presseschau.checks.note.overlap import key
from presseschau.lang import regex

_rule = partial(regex, "en", "disputes")


def apart(one: ClaimWords, other: ClaimWords) -> bool:
    """Is one of how it was or shall be and the other not, or is each of a year of its own?"""
    return one.states != other.states or bool(one.years and other.years and one.years != other.years)


def differ_in(state: str, one: ClaimWords, other: ClaimWords) -> bool:
    """Is one of what somebody intends, or of how it was again, and the other not?"""
    return (_rule(state).search(one.text) is None) != (_rule(state).search(other.text) is None)


def not_alone(one: ClaimWords) -> bool:
    """May another one do the same (vote for it, welcome it)?"""
    return _rule("not_alone").search(one.text) is not None


def as_well(one: ClaimWords) -> bool:
    """Is it said to be so beside something else?"""
    return _rule("as_well").search(one.text) is not None


def opposed(one: ClaimWords, other: ClaimWords) -> bool:
    """Does one say the opposite of what the other says?"""
    return any(opposite(a, b) for a, _ in one.poles for b, _ in other.poles if not a.kind)


def other_subject(one: ClaimWords, other: ClaimWords, first: Sequence[str], second: Sequence[str]) -> bool:
    """Do the claims say these words, which differ, of two subjects: employers welcomed, unions rejected?

    Only if both are active or both passive: what is done opens a passive, who did it does not.
    """
    passive = _rule("passive").search
    if (passive(one.text) is None) != (passive(other.text) is None):
        return False
    mine, others = _before(one, first), _before(other, second)
    if not mine or not others:
        return False
    return siblings(one, other, mine, others) or not in_common(mine, others)


def siblings(one: ClaimWords, other: ClaimWords, mine: Sequence[str], others: Sequence[str]) -> bool:
    """Are there two of one kind among these words: the local court, the regional court?"""
    kinds = [
        [pole for pole, keys in side.poles if pole.kind and any(key(word) in keys for word in told)]
        for side, told in ((one, mine), (other, others))
    ]
    return any(opposite(a, b) for a in kinds[0] for b in kinds[1])


def stands(word: str, other: ClaimWords) -> bool:
    """Is the word, a name too, in the claim?"""
    return bool(word) and (other.has(word) or word in other.text.lower())


def _before(one: ClaimWords, said: Sequence[str]) -> tuple[str, ...]:
    """The content words and names before the first of these words, without what opens the sentence or counts."""
    text = _rule("opening").sub("", one.text)
    end = min((at for word in said if (at := text.lower().find(word)) >= 0), default=0)
    return telling_words(text[:end])

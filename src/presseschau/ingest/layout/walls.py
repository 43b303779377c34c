"""Paywalls and cookie walls: what a page shows instead of an article."""

from __future__ import annotations

from functools import partial
from typing import Final

from presseschau.lang import SOURCE, any_of, regex, vocabulary

_rule = partial(regex, SOURCE, "walls")
_any = partial(any_of, SOURCE, "walls")

_SHORT_CONSENT: Final = 60
STUB_LENGTH: Final = 900
"""Less running text than this beside a pitch for a subscription is a stub, not an article."""
_LONGEST_PITCH: Final = 500
_SHORT_OFFER: Final = 6


def is_pitch(line: str) -> bool:
    """Does the line ask its reader for a subscription or a login?"""
    if len(line) > _LONGEST_PITCH or not _holds(line, "pitch"):
        return False
    return _any("pitch").search(line) is not None or (len(line.split()) <= _SHORT_OFFER and is_offer(line))


def is_offer(line: str) -> bool:
    """Does the line name terms of a subscription? Beside a pitch it is part of it; alone it may be a report on one."""
    return len(line) <= _LONGEST_PITCH and _holds(line, "pitch") and _any("offer").search(line) is not None


def cuts_short(line: str) -> bool:
    """Does a pitch say that the article goes on behind it?"""
    return _any("cut_short").search(line) is not None


def breaks_off(paragraph: str) -> bool:
    """Does the last paragraph end in dots or in "weiterlesen"?"""
    return _rule("breaks_off").search(paragraph[-40:]) is not None


def is_consent(line: str) -> bool:
    """Does the paragraph ask for consent to cookies? Two of the usual phrases, or one in a short line."""
    if not _holds(line[:3000], "consent"):
        return False
    if len(line) > _SHORT_CONSENT and (not _rule("addressed").search(line) or _rule("reported").search(line)):
        return False
    found = len({match.group().lower()[:14] for match in _any("consent").finditer(line[:3000])})
    return found >= 2 or (found == 1 and len(line) <= _SHORT_CONSENT and len(line.split()) <= 6)


def _holds(line: str, use: str) -> bool:
    """One of these words stands in every phrase of its kind: a look that costs a hundredth of the patterns."""
    lowered = line.lower()
    return any(word in lowered for word in vocabulary(SOURCE, "walls", use))

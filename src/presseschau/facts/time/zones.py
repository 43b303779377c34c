"""Which time zones a text names: a clock time may differ between two texts only if these differ."""

from __future__ import annotations

import re
from functools import lru_cache

_ZONES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("UTC", r"\b(?:UTC|GMT|Weltzeit|Greenwich)\b"),
        ("Central Europe", r"\b(?:ME[S]?Z|CES?T|mitteleuropäische\w* (?:Sommer)?[Zz]eit|deutscher Zeit|German time)\b"),
        ("Britain", r"\bBST\b|[Bb]ritische\w* (?:Sommer)?[Zz]eit|Londoner Zeit|UK time"),
        ("US East", r"\b(?:E[SD]?T|Eastern)\b|Ostküstenzeit|New Yorker Zeit|US-Ostküste"),
        ("US West", r"\b(?:P[SD]?T|Pacific [Tt]ime)\b|Westküstenzeit"),
        ("Moscow", r"\bMSK\b|Moskauer Zeit|Moscow time"),
        ("local", r"\bOrtszeit\b|\blocal time\b"),
    )
)


@lru_cache(maxsize=256)
def zones(text: str) -> frozenset[str]:
    """Names of the zones, the same for both languages."""
    return frozenset(name for name, pattern in _ZONES if pattern.search(text))

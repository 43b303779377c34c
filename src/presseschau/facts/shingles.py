"""Runs of words: what two texts have in common word for word, whatever their line breaks and quotation marks."""

from __future__ import annotations

import re
from hashlib import blake2b

WORDS = 5
"""Words a run: the usual size for near duplicates of news (Broder 1997 compares shingles of 4 to 10 words)."""


def runs(text: str) -> set[int]:
    """A 64-bit hash of each run of five words in lower case; empty for a text of fewer. The same in every process."""
    words = re.findall(r"\w+", text.lower())
    return {
        int.from_bytes(blake2b(" ".join(words[i : i + WORDS]).encode(), digest_size=8).digest())
        for i in range(len(words) - WORDS + 1)
    }


def alike(one: set[int], other: set[int]) -> float:
    """The share of all runs that both have, 0 to 1."""
    return len(one & other) / max(1, len(one | other))

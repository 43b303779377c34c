"""A model that answers with what it was told instead of with what it was asked for."""

from __future__ import annotations

import re

RUN = 5
"""Words in a row that an answer must not share with its note; names and figures quoted in a note are shorter."""


def echoes(answer: str, note: str) -> bool:
    """Whether `answer` repeats `RUN` or more words in a row of the `note` that came with the question."""
    return not _runs(answer).isdisjoint(_runs(note))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}

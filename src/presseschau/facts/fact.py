"""What the files of this room share: a fact read from a text, and a difference between two texts."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

Lang = Literal["de", "en"]
Direction = Literal["both", "within"]
"""`both`: source and target must say the same (a sentence and its translation). `within`: the target may say less,
but nothing that the source does not say (a claim and its evidence)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact and where it stands: `text == whole_text[start:end]`. Facts that mean the same have equal `value`s."""

    kind: str
    value: Hashable
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that source and target do not share. `code` is a finding code (`number.missing`).

    Missing: `target` is None. Added: `source` is None. Both set: the source's fact came out as the target's.
    `weak`: good translations show it too (a demonym turned into a pronoun); worth a note, never an alarm.
    """

    code: str
    source: Fact | None = None
    target: Fact | None = None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was read from `text`; each tuple is in text order."""

    text: str
    lang: Lang
    numbers: tuple[Fact, ...] = ()
    dates: tuple[Fact, ...] = ()
    periods: tuple[Fact, ...] = ()
    places: tuple[Fact, ...] = ()
    persons: tuple[Fact, ...] = ()
    acronyms: tuple[Fact, ...] = ()
    negations: tuple[Fact, ...] = ()
    hedges: tuple[Fact, ...] = ()
    voices: tuple[Fact, ...] = ()
    quotes: tuple[Fact, ...] = ()
    directions: tuple[Fact, ...] = ()
    roles: tuple[Fact, ...] = ()
    agents: tuple[Fact, ...] = ()

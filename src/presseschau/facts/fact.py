"""What the files of this room share: a fact read from a text, and a difference between two texts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

Lang = Literal["de", "en"]
Direction = Literal["both", "within"]
"""`both`: source and target must say the same (a sentence and its translation). `within`: the target may say less,
but nothing that the source does not say (a claim and its evidence)."""


class Fact(NamedTuple):
    """One fact and where it stands: `text == whole_text[start:end]`. Facts that mean the same have equal `value`s."""

    kind: str
    value: Hashable
    text: str
    start: int
    end: int


class Difference(NamedTuple):
    """One thing that source and target do not share. `code` is a finding code (`number.missing`).

    Missing: `target` is None. Added: `source` is None. Both set: the source's fact came out as the target's.
    `weak`: good translations show it too (a demonym turned into a pronoun); worth a note, never an alarm.
    """

    code: str
    source: Fact | None = None
    target: Fact | None = None
    weak: bool = False


class Concept(Protocol):
    """One file of this room: what it reads in a text, and what two texts do not share of it."""

    def read(self, text: str, lang: Lang) -> tuple[Fact, ...]: ...

    def differences(self, source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]: ...


class _Field:
    """What one concept reads, when it is first asked for."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, facts: Facts, owner: type) -> tuple[Fact, ...]:
        concept = facts.concepts.get(self.name)
        found = concept.read(facts.text, facts.lang) if concept else ()
        facts.__dict__[self.name] = found
        return found


class Facts:
    """Everything that can be read from `text` with `concepts` (field -> who reads it); each tuple is in text order.

    A concept is read when it is first asked for, unless what it finds is given.
    """

    numbers, dates, periods, places, persons, acronyms = (_Field() for _ in range(6))
    negations, hedges, voices, quotes, directions, roles, agents = (_Field() for _ in range(7))

    def __init__(
        self, text: str, lang: Lang, concepts: Mapping[str, Concept] = MappingProxyType({}), **found: tuple[Fact, ...]
    ) -> None:
        self.text, self.lang, self.concepts = text, lang, concepts
        self.__dict__.update(found)

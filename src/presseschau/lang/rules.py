"""Rules of a language: a pattern with an id, what it is for, and the examples that hold it in place.

A file `<lang>/<concept>.toml` has a table for each rule, and may have one `parts`: pieces that its patterns share; with
`shares` it has those of another file as well. `{name}` in a pattern is a part, or the words of `<lang>/name.csv`, with
a capital (`{Name}`) as they open a sentence; `{name.use}` are those words that serve one use. Line breaks in a pattern,
with the spaces around them, do not count. Nothing is compiled before it is first used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

from presseschau.lang.tables import document
from presseschau.lang.words import alternation

_PLACE = re.compile(r"\{([A-Za-z_]+)(?:\.([a-z_]+))?\}")
_BREAK = re.compile(r"\s*\n\s*")


class Example(NamedTuple):
    """A text, and where that alone does not show it: the other language it is compared with, or what it stands in."""

    text: str
    other: str = ""


@dataclass(frozen=True)
class Rule:
    """One pattern. `kind` is what a match means to the code that asks; several rules of a kind may be tried as one."""

    id: str
    kind: str
    pattern: str
    yes: tuple[Example, ...]
    """Texts that it finds something in; without it the public function `witness` reads one of them differently."""
    no: tuple[Example, ...]
    """Near misses."""
    why: str
    witness: str
    needs: tuple[str, ...] = ()
    """Pieces of which a text must have one: without them the pattern fits nowhere, and is not even compiled."""

    def possible(self, text: str) -> bool:
        """Has `text` one of the pieces that the pattern needs?"""
        return not self.needs or any(piece in text for piece in self.needs)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)


@cache
def rules(lang: str, concept: str) -> dict[str, Rule]:
    """The rules of `<lang>/<concept>.toml` by id, in the order of the file; ValueError, naming file and rule, for one
    that lacks something."""
    tables = dict(document(lang, concept))
    shared = document(lang, tables.pop("shares")) if "shares" in tables else {}
    parts: dict[str, str] = shared.get("parts", {}) | tables.pop("parts", {})
    witness = tables.pop("witness", "facts")
    found: dict[str, Rule] = {}
    for id_, entry in tables.items():
        try:
            found[id_] = _rule(id_, {"witness": witness} | entry, lang, parts)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"lang/{lang}/{concept}.toml, [{id_}]: {error!r}") from error
    return found


@cache
def regex(lang: str, concept: str, id_: str) -> re.Pattern[str]:
    """The pattern of one rule."""
    return rules(lang, concept)[id_].regex


@cache
def any_of(lang: str, concept: str, kind: str) -> re.Pattern[str]:
    """All rules of a kind as one pattern: the first that fits wins, and is the `lastgroup` of the match. Without rules
    of the kind nothing fits."""
    patterns = [f"(?P<{rule.id}>{rule.pattern})" for rule in rules(lang, concept).values() if rule.kind == kind]
    return re.compile("|".join(patterns) or r"(?!)")


def _rule(id_: str, entry: dict[str, Any], lang: str, parts: dict[str, str]) -> Rule:
    if unknown := entry.keys() - {"kind", "pattern", "ignore_case", "yes", "no", "why", "witness", "needs"}:
        raise ValueError(f"{sorted(unknown)} is nothing that a rule has")
    pattern = _filled(entry["pattern"], lang, parts)
    return Rule(
        id=id_,
        kind=entry.get("kind", id_),
        pattern=f"(?i:{pattern})" if entry.get("ignore_case") else pattern,
        yes=_examples(entry["yes"]),
        no=_examples(entry.get("no", [])),
        why=entry.get("why", ""),
        witness=entry["witness"],
        needs=tuple(entry.get("needs", ())),
    )


def _examples(given: list[Any]) -> tuple[Example, ...]:
    return tuple(Example(one) if isinstance(one, str) else Example(*one) for one in given)


def _filled(pattern: str, lang: str, parts: dict[str, str]) -> str:
    def piece(place: re.Match[str]) -> str:
        name, use = place.groups()
        return f"(?:{_filled(parts[name], lang, parts)})" if name in parts else alternation(lang, name, use or "")

    return _PLACE.sub(piece, _BREAK.sub("", pattern))

"""Rules of a language: a pattern with an id, what it is for, and the examples that hold it in place.

A file `<lang>/<concept>.toml` has a table for each rule, and may have one `parts`: pieces that its patterns share; with
`shares` it has those of another file as well. `{name}` in a pattern is a part, or the words of `<lang>/name.csv`, with
a capital (`{Name}`) as they open a sentence; `{name.use}` are those words that serve one use. Line breaks in a pattern,
with the spaces around them, do not count.

Nothing is put together or compiled before it is first used: a table of a hundred verbs takes longer to compile than an
article to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple, TypeAlias

from presseschau.lang.tables import document
from presseschau.lang.words import alternation
from presseschau.patterns import cached_on_disk, compiled, late

_PLACE = late(r"\{([A-Za-z_]+)(?:\.([a-z_]+))?\}")
_BREAK = late(r"\s*\n\s*")
_NEVER = late(r"\0(?!)")
"""Fits nothing, and finds that out as fast as a letter is found that no text has."""
FEW, MIXTURES = 4, 128
"""Rules up to which a mixture of them is compiled for itself, and mixtures of one kind that are kept."""


_Fields: TypeAlias = tuple[str, str, str, str, str, tuple[str, ...], tuple[str, ...], str]


class Example(NamedTuple):
    """A text, and where that alone does not show it: the other language it is compared with, or what it stands in."""

    text: str
    other: str = ""


class Pattern:
    """Some rules as one pattern, of which a text is held against those that it has the pieces for (`needs`), compiled
    when it first asks for them; the first that fits wins.

    Its methods are those of `re.Pattern`; once it is compiled and nothing is to be chosen, they are its very own.
    """

    def __init__(self, *rules: Rule, named: bool = True) -> None:
        self._rules, self._named = rules, named
        self._all = (1 << len(rules)) - 1
        self._needs = [(piece, 1 << i) for i, rule in enumerate(rules) for piece in rule.needs]
        self._pieces = tuple(dict.fromkeys(piece for piece, _ in self._needs))
        self._always = sum(1 << i for i, rule in enumerate(rules) if not rule.needs)
        self._also = [(rule.also, 1 << i) for i, rule in enumerate(rules) if rule.also]
        self._signs = [(rule, 1 << i) for i, rule in enumerate(rules) if rule.sign]
        self._whole = {0: _NEVER}
        if not rules:
            self._bind(_NEVER)

    def possible(self, text: str) -> int:
        """The rules of which `text` has a piece that they need, and the sign, a bit for each; 0: nothing fits."""
        chosen = self._always
        if self._needs and any(map((lower := _lower(text)).__contains__, self._pieces)):
            for piece, rule in self._needs:
                if piece in lower:
                    chosen |= rule
            for others, rule in self._also:
                if chosen & rule and not any(map(lower.__contains__, others)):
                    chosen ^= rule
        for signed, rule in self._signs:
            if chosen & rule and signed.sign_regex.search(text) is None:
                chosen ^= rule
        return chosen

    def rules_for(self, text: str) -> Iterator[Rule]:
        """The same rules themselves, in their order."""
        chosen = self.possible(text)
        return (rule for i, rule in enumerate(self._rules) if chosen >> i & 1)

    def _for(self, text: str) -> re.Pattern[str]:
        """The pattern as far as `text` needs it."""
        chosen = self.possible(text)
        return self._whole.get(chosen) or self._compiled(chosen)

    def _compiled(self, chosen: int) -> re.Pattern[str]:
        """All of the rules if many are `chosen`, a bit for each, so that few mixtures are compiled."""
        if chosen.bit_count() > FEW or len(self._whole) >= MIXTURES:
            chosen = self._all
        if chosen not in self._whole:
            self._whole[chosen] = compiled(self._filled(chosen))
        if not self._needs and not self._signs:
            self._bind(self._whole[chosen])
        return self._whole[chosen]

    def _bind(self, whole: re.Pattern[str]) -> None:
        for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split"):
            setattr(self, method, getattr(whole, method))

    @property
    def pattern(self) -> str:
        return self._filled(self._all)

    def _filled(self, chosen: int) -> str:
        some = [rule for i, rule in enumerate(self._rules) if chosen >> i & 1]
        return "|".join(f"(?P<{rule.id}>{rule.pattern})" if self._named else rule.pattern for rule in some)

    def search(self, text: str, *within: int) -> re.Match[str] | None:
        return self._for(text).search(text, *within)

    def match(self, text: str, *within: int) -> re.Match[str] | None:
        return self._for(text).match(text, *within)

    def fullmatch(self, text: str, *within: int) -> re.Match[str] | None:
        return self._for(text).fullmatch(text, *within)

    def finditer(self, text: str, *within: int) -> Iterator[re.Match[str]]:
        return self._for(text).finditer(text, *within)

    def findall(self, text: str) -> list[Any]:
        return self._for(text).findall(text)

    def sub(self, by: str, text: str) -> str:
        return self._for(text).sub(by, text)

    def split(self, text: str) -> list[str]:
        return self._for(text).split(text)


@dataclass(frozen=True)
class Rule:
    """One pattern. `kind` is what a match means to the code that asks; several rules of a kind may be tried as one."""

    id: str
    kind: str
    template: str
    """The pattern as it is written, with the places of parts and words."""
    why: str
    witness: str
    needs: tuple[str, ...]
    """Pieces, in lower case, of which a text must have one, small or large: without them the pattern fits nowhere, and
    is not even compiled."""
    also: tuple[str, ...]
    """As many again, of which it must have one, too."""
    sign: str
    """A small pattern that must fit somewhere in it, too, so that a long one is compiled for few texts."""
    lang: str
    concept: str

    @property
    def yes(self) -> tuple[Example, ...]:
        """Texts that it finds something in; without it the public function `witness` reads one of them differently."""
        return self._examples("yes")

    @property
    def no(self) -> tuple[Example, ...]:
        """Near misses."""
        return self._examples("no")

    def _examples(self, answer: str) -> tuple[Example, ...]:
        given = document(self.lang, self.concept)[self.id].get(answer, [])
        return tuple(Example(one) if isinstance(one, str) else Example(*one) for one in given)

    @cached_property
    def pattern(self) -> str:
        return _whole(self.template, self.lang, self.concept)

    @cached_property
    def regex(self) -> Pattern:
        return Pattern(self, named=False)

    @cached_property
    def sign_regex(self) -> re.Pattern[str]:
        return compiled(_whole(self.sign, self.lang, self.concept))


@cache
def rules(lang: str, concept: str) -> dict[str, Rule]:
    """The rules of `<lang>/<concept>.toml` by id, in the order of the file; ValueError, naming file and rule, for one
    that lacks something."""
    return {id_: Rule(*entry, lang, concept) for id_, entry in _written(lang, concept)[1].items()}


@cache
@cached_on_disk
def _written(lang: str, concept: str) -> tuple[dict[str, str], dict[str, _Fields]]:
    """The parts of a file, and the fields of its rules up to `sign`."""
    tables = dict(document(lang, concept, examples=False))
    shared = document(lang, tables.pop("shares"), examples=False) if "shares" in tables else {}
    parts: dict[str, str] = shared.get("parts", {}) | tables.pop("parts", {})
    witness = tables.pop("witness", "facts")
    found: dict[str, _Fields] = {}
    for id_, entry in tables.items():
        try:
            found[id_] = _fields(id_, {"witness": witness} | entry)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"lang/{lang}/{concept}.toml, [{id_}]: {error!r}") from error
    return parts, found


@cache
def regex(lang: str, concept: str, id_: str) -> Pattern:
    """The pattern of one rule."""
    return rules(lang, concept)[id_].regex


@cache
def any_of(lang: str, concept: str, kind: str) -> Pattern:
    """All rules of a kind as one pattern: the first that fits wins, and is the `lastgroup` of the match. Without rules
    of the kind nothing fits."""
    return Pattern(*(rule for rule in rules(lang, concept).values() if rule.kind == kind))


_KEYS = {"kind", "pattern", "ignore_case", "yes", "no", "why", "witness", "needs", "also", "sign"}


def _fields(id_: str, entry: dict[str, Any]) -> _Fields:
    if unknown := entry.keys() - _KEYS:
        raise ValueError(f"{sorted(unknown)} is nothing that a rule has")
    pattern = _BREAK.sub("", entry["pattern"])
    return (
        id_,
        entry.get("kind", id_),
        f"(?i:{pattern})" if entry.get("ignore_case") else pattern,
        entry.get("why", ""),
        entry["witness"],
        *(tuple(piece.lower() for piece in entry.get(pieces, ())) for pieces in ("needs", "also")),
        _BREAK.sub("", entry.get("sign", "")),
    )


@lru_cache(maxsize=256)
def _lower(text: str) -> str:
    """A text is held against a hundred patterns."""
    return text.lower()


@cached_on_disk
def _whole(template: str, lang: str, concept: str) -> str:
    return _filled(template, lang, _written(lang, concept)[0])


def _filled(pattern: str, lang: str, parts: Mapping[str, str]) -> str:
    def piece(place: re.Match[str]) -> str:
        name, use = place.groups()
        if name in parts:
            return f"(?:{_filled(_BREAK.sub('', parts[name]), lang, parts)})"
        return alternation(lang, name, use or "")

    return _PLACE.sub(piece, pattern)

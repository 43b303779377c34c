"""Rules of a language: a pattern with an id, what it is for, and the examples that hold it in place.

A file `<lang>/<concept>.toml` has a table for each rule, and may have one `parts`: pieces that its patterns share, and
one `loose`: for long parts a short piece that fits wherever they do; with `shares` it has those of another file as
well. `{name}` in a pattern is a part, or the words of `<lang>/name.csv`, with a capital (`{Name}`) as they open a
sentence; `{name.use}` are those words that serve one use. Line breaks in a pattern, with the spaces around them, do not
count.

Nothing is put together or compiled before it is first used, and in the first article that a process reads (`expect`)
only with the words that stand there, and not at all where its loose form does not fit: a table of a hundred verbs takes
longer to compile than an article to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from presseschau.lang.tables import document
from presseschau.lang.words import alternation, letters, stands

_PLACE = re.compile(r"\{([A-Za-z_]+)(?:\.([a-z_]+))?\}")
_BREAK = re.compile(r"\s*\n\s*")
_NEVER = re.compile(r"(?!)")
FEW, MIXTURES = 4, 128
"""Rules up to which a mixture of them is compiled for itself, and mixtures of one kind that are kept."""
_CHOICE = re.compile(r"\(\?:([^\W\d_]+(?:\|[^\W\d_]+)+)\)")
"""(?:one|of|plain|words)."""
_PIECE = re.compile(r"\\.|\[\^?\]?[^\]]*\]|\{[^}]*\}")
_INNER = re.compile(r"\([^()]*\)")
_OPTIONAL = re.compile(r".[?*]")
_SOME = re.compile(r"[^\W\d_]\{0[^}]*\}")


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
        self._always = sum(1 << i for i, rule in enumerate(rules) if not rule.needs)
        self._first: re.Pattern[str] | None = None
        self._whole: dict[int, re.Pattern[str]] = {}

    def possible(self, text: str) -> int:
        """The rules of which `text` has a piece that they need, a bit for each; 0: nothing fits."""
        chosen = self._always
        if self._needs:
            lower = text.lower()
            for piece, rule in self._needs:
                if piece in lower:
                    chosen |= rule
        return chosen

    def _for(self, text: str) -> re.Pattern[str]:
        """The pattern as far as `text` needs it."""
        chosen = self.possible(text)
        if (found := self._whole.get(chosen)) is not None:
            return found
        return self._compiled(chosen, text) if chosen else _NEVER

    def _compiled(self, chosen: int, text: str) -> re.Pattern[str]:
        """All of the rules if many are `chosen`, a bit for each, so that few mixtures are compiled."""
        if chosen.bit_count() > FEW or len(self._whole) >= MIXTURES:
            chosen = self._all
        if chosen not in self._whole and _is_expected(text):
            return self._for_the_first(text)
        if chosen not in self._whole:
            self._whole[chosen] = re.compile(self._filled(None, chosen))
        if not self._needs:
            for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split"):
                setattr(self, method, getattr(self._whole[chosen], method))
        return self._whole[chosen]

    def _for_the_first(self, text: str) -> re.Pattern[str]:
        """With the words of the first article only, of which `text` is a piece."""
        if self._first is None:
            if not any(rule.in_outline(text) for rule in self._rules):
                return _NEVER
            self._first = re.compile(self._filled(_expected[0], self._all) or _NEVER.pattern)
        return self._first

    @property
    def pattern(self) -> str:
        return self._filled(None, self._all)

    def _filled(self, among: str | None, chosen: int) -> str:
        some = [rule for i, rule in enumerate(self._rules) if chosen >> i & 1]
        there = [rule for rule in some if among is None or rule.expected()]
        return "|".join(f"(?P<{rule.id}>{rule.filled(among)})" if self._named else rule.filled(among) for rule in there)

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
    lang: str
    concept: str
    parts: Mapping[str, str] = field(repr=False, compare=False)
    loose: Mapping[str, str] = field(repr=False, compare=False)

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

    def expected(self) -> bool:
        """Could a text of the words of the first article have such a piece, and all that is written out?"""
        needed = not self.needs or any(stands(piece, _expected[0]) for piece in self.needs)
        return needed and stands(self._written, _expected[0])

    @cached_property
    def _written(self) -> str:
        """What every match holds: the letters of the pattern outside of brackets; "" if there is a choice."""
        inner = self.template[4:-1] if self.template.startswith("(?i:") else self.template
        rest = _PIECE.sub(" ", _SOME.sub(" ", inner))
        while rest != (rest := _INNER.sub("\0", rest)):
            pass
        return "" if "|" in rest else _OPTIONAL.sub(" ", rest)

    def in_outline(self, text: str) -> bool:
        """Could the pattern fit if its long parts (`loose`) fitted anything? For a piece of the first article."""
        return self._outline is None or self._outline.search(text) is not None

    @cached_property
    def _outline(self) -> re.Pattern[str] | None:
        parts = {**self.parts, **self.loose}
        there = any(f"{{{part}}}" in self.template for part in self.loose)
        return re.compile(_filled(self.template, self.lang, parts, _expected[0])) if there else None

    @cached_property
    def pattern(self) -> str:
        return self.filled()

    @cached_property
    def regex(self) -> Pattern:
        return Pattern(self, named=False)

    def filled(self, among: str | None = None) -> str:
        """The pattern; with `among`, a text in lower case, only with the words that could be made of its words."""
        return _filled(self.template, self.lang, self.parts, among)


_expected: list[str] = []


def expect(text: str) -> None:
    """Say what German article is to be read: if it is the first of this process, patterns are compiled for its words
    only. Whatever else is read, then or later, is read with all words."""
    if not _expected:
        _expected.append(text.lower())
        _is_expected.cache_clear()


@lru_cache(maxsize=1024)
def _is_expected(text: str) -> bool:
    """Is `text` a piece of the first article, or made of its words?"""
    lower = text.lower()
    return bool(_expected) and (lower in _expected[0] or _letters().issuperset(letters(lower)))


@cache
def _letters() -> frozenset[str]:
    return frozenset(letters(_expected[0]))


@cache
def rules(lang: str, concept: str) -> dict[str, Rule]:
    """The rules of `<lang>/<concept>.toml` by id, in the order of the file; ValueError, naming file and rule, for one
    that lacks something."""
    tables = dict(document(lang, concept, examples=False))
    shared = document(lang, tables.pop("shares"), examples=False) if "shares" in tables else {}
    parts: dict[str, str] = shared.get("parts", {}) | tables.pop("parts", {})
    loose: dict[str, str] = shared.get("loose", {}) | tables.pop("loose", {})
    witness = tables.pop("witness", "facts")
    found: dict[str, Rule] = {}
    for id_, entry in tables.items():
        try:
            found[id_] = _rule(id_, {"witness": witness} | entry, lang, concept, parts, loose)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"lang/{lang}/{concept}.toml, [{id_}]: {error!r}") from error
    return found


@cache
def regex(lang: str, concept: str, id_: str) -> Pattern:
    """The pattern of one rule."""
    return rules(lang, concept)[id_].regex


@cache
def any_of(lang: str, concept: str, kind: str) -> Pattern:
    """All rules of a kind as one pattern: the first that fits wins, and is the `lastgroup` of the match. Without rules
    of the kind nothing fits."""
    return Pattern(*(rule for rule in rules(lang, concept).values() if rule.kind == kind))


def _rule(
    id_: str, entry: dict[str, Any], lang: str, concept: str, parts: dict[str, str], loose: dict[str, str]
) -> Rule:
    if unknown := entry.keys() - {"kind", "pattern", "ignore_case", "yes", "no", "why", "witness", "needs"}:
        raise ValueError(f"{sorted(unknown)} is nothing that a rule has")
    pattern = _BREAK.sub("", entry["pattern"])
    return Rule(
        id=id_,
        kind=entry.get("kind", id_),
        template=f"(?i:{pattern})" if entry.get("ignore_case") else pattern,
        why=entry.get("why", ""),
        witness=entry["witness"],
        needs=tuple(piece.lower() for piece in entry.get("needs", ())),
        lang=lang,
        concept=concept,
        parts=parts,
        loose=loose,
    )


def _filled(pattern: str, lang: str, parts: Mapping[str, str], among: str | None) -> str:
    def piece(place: re.Match[str]) -> str:
        name, use = place.groups()
        if name in parts:
            return f"(?:{_filled(_BREAK.sub('', parts[name]), lang, parts, among)})"
        return alternation(lang, name, use or "", among)

    def choice(words: re.Match[str]) -> str:
        there = [word for word in words[1].split("|") if word.lower() in (among or "")]
        return f"(?:{'|'.join(there)})" if there else _NEVER.pattern

    filled = _PLACE.sub(piece, pattern)
    return _CHOICE.sub(choice, filled) if among else filled

"""Required and forbidden renderings: the user's glossary and the built-in table of names and offices.

`entries_in` finds an entry's German in a text whatever its ending (Bundeskanzlers, Bundeskanzlerin) and behind a hyphen
(Ex-Bundeskanzler), never inside a closed compound, which is another word. The checks look for the English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from presseschau.findings import Found, flag, span
from presseschau.lang import alternation

MISSING, FORBIDDEN = "glossary.missing", "glossary.forbidden"
"""What may follow a German word of an entry."""

_FOLD = str.maketrans("äöüÄÖÜ", "aouAOU")


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """One German term, the English renderings that are right (best first), and those that are not.

    `house`: from the built-in table, so only a hint; a user's entry is an order.
    """

    source: str
    targets: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    note: str = ""
    house: bool = False


@dataclass(frozen=True, slots=True)
class GlossaryMatch:
    """An entry and where its German stands; offsets are code points, end exclusive."""

    entry: GlossaryEntry
    start: int
    end: int


@dataclass(frozen=True)
class Glossary:
    """Entries in file order; of two with the same German the last one holds."""

    entries: tuple[GlossaryEntry, ...] = field(default=())

    def extended(self, other: Glossary) -> Glossary:
        """Both; where they share a German term, `other` holds."""
        return Glossary((*self.entries, *other.entries))

    @cached_property
    def _by_beginning(self) -> dict[str, tuple[tuple[GlossaryEntry, re.Pattern[str]], ...]]:
        found: dict[str, list[tuple[GlossaryEntry, re.Pattern[str]]]] = {}
        for entry in {entry.source: entry for entry in self.entries}.values():
            found.setdefault(_fold(entry.source)[:3].lower(), []).append((entry, _german(entry.source)))
        return {key: tuple(entries) for key, entries in found.items()}

    def matches(self, text: str) -> tuple[GlossaryMatch, ...]:
        """Every place where an entry's German stands; of overlapping ones the longest."""
        folded = _fold(text)
        found: list[GlossaryMatch] = []
        for word in re.finditer(r"(?<!\w)\w{2,}", folded):
            for entry, pattern in self._by_beginning.get(word.group()[:3].lower(), ()):
                if match := pattern.match(folded, word.start()):
                    found.append(GlossaryMatch(entry, match.start(), match.end()))
        return tuple(_longest(found))

    def entries_in(self, text: str) -> tuple[GlossaryEntry, ...]:
        """The entries whose German stands in `text`, each once, in text order."""
        return tuple(dict.fromkeys(match.entry for match in self.matches(text)))


def _fold(text: str) -> str:
    """Umlauts without their dots, so that Anwalt finds Anwälte; as many characters as before."""
    return text.translate(_FOLD)


def _german(source: str) -> re.Pattern[str]:
    """The term with endings on each word; a term in lower case is found in upper case too."""
    endings = alternation("de", "endings", "term")
    words = [f"{re.escape(word)}{endings}?" for word in _fold(source).split()]
    return re.compile(r"\s+".join(words) + r"(?![\w])", re.IGNORECASE if source.islower() else 0)


def _longest(found: Sequence[GlossaryMatch]) -> Iterator[GlossaryMatch]:
    taken = -1
    for match in sorted(found, key=lambda match: (match.start, match.start - match.end)):
        if match.start >= taken:
            yield match
            taken = match.end


@lru_cache(maxsize=4096)
def _english(target: str) -> re.Pattern[str]:
    """The rendering as whole words; hyphen or space, plural and possessive do not matter."""
    words = [re.escape(word) for word in re.split(r"[\s-]+", target.strip())]
    last = words[-1][:-1] + "(?:y|ies)" if words[-1].endswith("y") else words[-1] + "(?:e?s)?"
    return re.compile(r"(?<!\w)" + r"[\s-]+".join([*words[:-1], last]) + r"(?:['’]s?)?(?!\w)", re.IGNORECASE)


def check_glossary(de: str, en: str, glossary: Glossary) -> tuple[Found, ...]:
    """`glossary.forbidden` where a forbidden rendering stands in `en`, else `glossary.missing` where no right one does.

    A user's entry is an error. Of the built-in table only a forbidden rendering is said, as a warning: its right ones
    are what the model is told, and there are always others.
    """
    found: list[Found] = []
    done: set[str] = set()
    for match in glossary.matches(de):
        if match.entry.source not in done:
            done.add(match.entry.source)
            found.extend(_check(match, de, en))
    return tuple(found)


def _check(match: GlossaryMatch, de: str, en: str) -> Iterator[Found]:
    entry = match.entry
    german = span(de, match.start, match.end)
    right = [place.span() for target in entry.targets for place in _english(target).finditer(en)]
    wanted = " or ".join(f"“{target}”" for target in entry.targets[:2])
    advice = f"; the glossary has {wanted}" if wanted else ""
    for wrong in entry.forbidden:
        place = _english(wrong).search(en)
        if place and not any(start <= place.start() and place.end() <= end for start, end in right):
            message = f"“{place.group()}” is not to be used for “{german.text}”{advice}."
            said = span(en, *place.span())
            yield flag(FORBIDDEN, message, de=german, en=said, grade="warning" if entry.house else None)
            return
    if entry.targets and not right and not entry.house:
        message = f"The glossary has {wanted} for “{german.text}”; the English says something else."
        yield flag(MISSING, message, de=german)

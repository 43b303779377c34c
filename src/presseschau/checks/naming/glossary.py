"""Required and forbidden renderings: the user's glossary and the built-in table of names and offices.

Glossaries are CSV files: source, target, forbidden, note; several renderings separated by |. They are told to the model
and checked afterwards.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from presseschau.facts import facts
from presseschau.facts.names.gazetteer import gazetteer
from presseschau.facts.names.persons import english_surnames
from presseschau.findings import Found, Remark, told
from presseschau.lang import PAIR, SOURCE, alternation, table
from presseschau.models import Severity


class UnreadableError(ValueError):
    """The message is a sentence that names the file, what is wrong with it, and what to try."""


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


class GlossaryMatch(NamedTuple):
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
    def _by_beginning(self) -> dict[str, list[tuple[str, GlossaryEntry]]]:
        """The first word of each entry with it, by three letters."""
        found: dict[str, list[tuple[str, GlossaryEntry]]] = {}
        for entry in {entry.source: entry for entry in self.entries}.values():
            if first := _fold(entry.source).lower().split()[:1]:
                found.setdefault(first[0][:3], []).append((first[0], entry))
        return found

    def matches(self, text: str) -> tuple[GlossaryMatch, ...]:
        """Every place where an entry's German stands; of overlapping ones the longest."""
        folded = _fold(text)
        found: list[GlossaryMatch] = []
        for word in re.finditer(r"(?<!\w)\w{2,}", folded):
            start = word.start()
            for first, entry in self._by_beginning.get(word.group()[:3].lower(), ()):
                begins = folded[start : start + len(first)].lower() == first
                if begins and (match := _german(entry.source).match(folded, start)):
                    found.append(GlossaryMatch(entry, match.start(), match.end()))
        return tuple(_longest(found))

    def entries_in(self, text: str) -> tuple[GlossaryEntry, ...]:
        """The entries whose German stands in `text`, each once, in text order."""
        return tuple(dict.fromkeys(match.entry for match in self.matches(text)))


def _fold(text: str) -> str:
    """Umlauts without their dots, so that Anwalt finds Anwälte; as many characters as before."""
    return text.translate(_FOLD)


@lru_cache(maxsize=4096)
def _german(source: str) -> re.Pattern[str]:
    """The term with endings on each word; a term in lower case is found in upper case too."""
    endings = alternation(SOURCE, "endings", "term")
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


def _places_of(target: str, en: str) -> Iterator[re.Match[str]]:
    """Where the rendering stands."""
    begins = re.split(r"[\s-]+", target.strip())[0][:-1].lower() in en.lower()
    return _english(target).finditer(en) if begins else iter(())


def check_glossary(de: str, en: str, glossary: Glossary) -> tuple[Found, ...]:
    """`glossary.forbidden` where a forbidden rendering stands in `en`, else `glossary.missing` where no right one does.

    A user's entry is an error. Of the built-in table only a forbidden rendering is said, as a warning: its right ones
    are what the model is told, and there are always others.
    """
    return tuple(told(wrong_terms(de, en, glossary), de, en))


def wrong_terms(de: str, en: str, glossary: Glossary) -> Iterator[Remark]:
    """The same, not yet worded."""
    done: set[str] = set()
    for match in glossary.matches(de):
        if match.entry.source not in done:
            done.add(match.entry.source)
            yield from _check(match, de, en)


def _check(match: GlossaryMatch, de: str, en: str) -> Iterator[Remark]:
    entry, german = match.entry, de[match.start : match.end]
    right = [place.span() for target in entry.targets for place in _places_of(target, en)]
    wanted = " or ".join(f"“{target}”" for target in entry.targets[:2])
    advice = f"; the glossary has {wanted}" if wanted else ""
    for wrong in entry.forbidden:
        place = next(_places_of(wrong, en), None)
        if place and not any(start <= place.start() and place.end() <= end for start, end in right):
            message = f"“{place.group()}” is not to be used for “{german}”{advice}."
            grade: Severity | None = "warning" if entry.house else None
            yield Remark(FORBIDDEN, (match.start, match.end), place.span(), message, grade)
            return
    if entry.targets and not right and not entry.house:
        message = f"The glossary has {wanted} for “{german}”; the English says something else."
        yield Remark(MISSING, (match.start, match.end), message=message)


COLUMNS = ("source", "target", "forbidden", "note")
NAMES = {
    "source": ("source", "german", "de", "deutsch", "quelle", "term"),
    "target": ("target", "targets", "english", "en", "englisch", "ziel", "translation"),
    "forbidden": ("forbidden", "not", "avoid", "verboten"),
    "note": ("note", "notes", "comment", "bemerkung"),
}
"""Headings that are understood for each column; without a heading line the columns stand in this order."""


def load_glossary(path: Path) -> Glossary:
    """The glossary in a CSV file: UTF-8 or, as Excel writes it, Windows-1252; comma, semicolon or tab.

    UnreadableError, naming the line, if the file cannot be read or a row has no German or no rendering at all.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"The glossary {path.name} cannot be read: {error.strerror}.") from error
    return glossary_in(raw, path.name)


def glossary_in(raw: bytes, name: str) -> Glossary:
    """The same for the bytes of a file of this name."""
    return Glossary(tuple(_entries(decoded(raw, name), name)))


def decoded(raw: bytes, name: str) -> str:
    """The text of a CSV file. Raises UnreadableError if it is none."""
    if b"\0" in raw:
        raise UnreadableError(f"The glossary {name} is not a CSV file; save it as CSV (UTF-8).")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _entries(text: str, name: str) -> Iterator[GlossaryEntry]:
    order: dict[str, int] | None = None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if not any(row) or row[0].startswith("#"):
                continue
            if order is None:
                order, heading = _order(row)
                if heading:
                    continue
            yield _entry(row, order, f"The glossary {name}, line {reader.line_num}")
    except csv.Error as error:
        raise UnreadableError(f"The glossary {name}, line {reader.line_num}, is not CSV, or damaged there.") from error


def _delimiter(text: str) -> str:
    """The mark that the first line has most of; the csv module's sniffer is misled by commas inside terms."""
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return max("\t;,", key=first.count)


def _order(row: list[str]) -> tuple[dict[str, int], bool]:
    """Column name -> index, and whether `row` is a heading line."""
    low = [cell.lower() for cell in row]
    found = {column: i for column, names in NAMES.items() for i, cell in enumerate(low) if cell in names}
    if "source" in found and ("target" in found or "forbidden" in found):
        return found, True
    return {column: i for i, column in enumerate(COLUMNS)}, False


def _entry(row: list[str], order: dict[str, int], where: str) -> GlossaryEntry:
    def cell(column: str) -> str:
        i = order.get(column)
        return row[i] if i is not None and i < len(row) else ""

    source, targets, forbidden = cell("source"), _listed(cell("target")), _listed(cell("forbidden"))
    if not source:
        raise UnreadableError(f"{where}, has no German term.")
    if not targets and not forbidden:
        raise UnreadableError(f"{where}, has neither a rendering nor a forbidden one for “{source}”.")
    return GlossaryEntry(source, targets, forbidden, cell("note"))


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in cell.split("|")) if part)


class _Term(NamedTuple):
    source: str
    target: tuple[str, ...]
    american: tuple[str, ...]
    forbidden: tuple[str, ...]
    note: str


@lru_cache(maxsize=2)
def house_glossary(english: Literal["british", "american"] = "british") -> Glossary:
    """The built-in table of names and offices, `house_glossary.csv`, with the wanted spelling first."""
    entries = []
    for row in table(PAIR, "house_glossary", _Term):
        targets = (*row.american, *row.target) if english == "american" else (*row.target, *row.american)
        entries.append(GlossaryEntry(row.source, targets, row.forbidden, row.note, house=True))
    return Glossary(tuple(entries))


MOST = 14
"""More terms than this make a small model lose sight of the task."""


def renderings(text: str, glossary: Glossary) -> tuple[tuple[str, str], ...]:
    """(German, English) of the glossary terms, public figures and places in `text` that English writes differently.

    At most `MOST`: the user's own terms, then persons, places, and the house's. Those that a model would write alike
    anyway (Berlin, Nato) are left out.
    """
    entries = glossary.entries_in(text)
    own = [(entry.source, entry.targets[0]) for entry in entries if not entry.house]
    house = [(entry.source, entry.targets[0]) for entry in entries if entry.house]
    names = [*_persons(text), *_places(text)]
    known = dict([*house, *names, *own])  # the later one wins
    ordered = dict.fromkeys(german for german, _ in (*own, *names, *house))
    pairs = ((german, known[german]) for german in ordered)
    return tuple((german, english) for german, english in pairs if german != english)[:MOST]


def _places(text: str) -> list[tuple[str, str]]:
    german, english = gazetteer(SOURCE).forms, gazetteer("en").forms
    values = dict.fromkeys(str(fact.value) for fact in facts(text, SOURCE).places if fact.kind == "place")
    return [(german[value][0], english[value][0]) for value in values if german.get(value) and english.get(value)]


def _persons(text: str) -> list[tuple[str, str]]:
    """Public figures; the first name with them where it is known."""
    return list(dict.fromkeys(pair for word in re.findall(r"\w[\w-]+", text) if (pair := _figure(word))))


def _figure(word: str) -> tuple[str, str] | None:
    for german in (word, word.removesuffix("s")):
        if german in english_surnames():
            return german, english_surnames()[german]
    return None

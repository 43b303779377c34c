"""The one loader of the data files of this room: CSV tables with typed columns, and TOML documents.

A file is read when it is first asked for, once. A folder is a language (`de`, `en`) or a pair of them (`de_en`, for
tables that say how the one is put in the other). Lines that begin with # are remarks. What is wrong in a file raises
ValueError with its name and line.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from presseschau.patterns import cached_on_disk, late

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Row = TypeVar("Row")


def _cells(value: str) -> tuple[str, ...]:
    return tuple(value.split("|")) if value else ()


def _answer(value: str) -> bool:
    if value not in ("yes", "no", ""):
        raise ValueError(f"“{value}” is neither yes nor no")
    return value == "yes"


_READ: dict[Any, Callable[[str], Any]] = {
    str: str,
    bool: _answer,
    float: float,
    float | None: lambda value: float(value) if value else None,
    tuple[str, ...]: _cells,
}
_REGIONS = {"AT", "CH"}
"""A form in use there only: the column `region` of any table may name one or both, separated by |."""


def text(folder: str, name: str) -> str:
    """The file `lang/<folder>/<name>`; FileNotFoundError, naming it, if there is none."""
    return _room().joinpath(folder, name).read_bytes().decode()


@cache
def _room() -> Traversable:
    return files("presseschau.lang")


def lines(folder: str, name: str) -> Iterator[tuple[int, str]]:
    """The lines of a file that say something, each with its number, from 1."""
    for number, line in enumerate(text(folder, name).splitlines(), start=1):
        if line and not line.startswith("#"):
            yield number, line


def _lines(folder: str, name: str) -> list[str]:
    return [line for line in text(folder, name).splitlines() if line and line[0] != "#"]


def _split(line: str) -> list[str]:
    return next(csv.reader((line,))) if '"' in line else line.split(",")


def table(folder: str, name: str, row: type[Row]) -> tuple[Row, ...]:
    """The rows of `<name>.csv` as `row`, a NamedTuple with a field for each column: str, bool (yes, no), float,
    float | None or tuple[str, ...] (forms separated by |).

    The file begins with a heading line; a column whose field has a default may be missing.
    """
    rows: tuple[Row, ...] = _table(folder, name, row)  # type: ignore[arg-type]  # a class is hashable
    return rows


@cache
def _table(folder: str, name: str, row: Any) -> tuple[Any, ...]:
    plain = _plain(folder, name, row, f"{row.__annotations__}{row._field_defaults}")
    return tuple(map(tuple.__new__, repeat(row), plain))


@cached_on_disk
def _plain(folder: str, name: str, row: Any, shape: str) -> list[tuple[Any, ...]]:
    """The rows as tuples; `shape`: what `row` is like, by which they are known in another run."""
    fields, file = _fields(row), f"lang/{folder}/{name}.csv"
    heading, *rows = _lines(folder, f"{name}.csv")
    columns = heading.split(",")
    needed = fields.keys() - row._field_defaults.keys()
    if wrong := (set(columns) - fields.keys()) | (needed - set(columns)):
        start, _ = next(lines(folder, f"{name}.csv"))
        raise ValueError(f"{file}, line {start}: the columns {sorted(wrong)} are unknown or missing")
    try:
        return _rows(columns, rows, row)
    except ValueError:
        for number, line in islice(lines(folder, f"{name}.csv"), 1, None):
            try:
                _rows(columns, [line], row)
            except ValueError as error:
                raise ValueError(f"{file}, line {number}: {error}") from error
        raise


@cache
def _fields(row: Any) -> dict[str, Any]:
    return get_type_hints(row)


def _rows(columns: list[str], lines: list[str], row: Any) -> list[tuple[Any, ...]]:
    """The rows in `lines`, read column by column; ValueError for a cell that is none of its column, or a region that is
    none."""
    cells = dict(zip(columns, zip(*map(_split, lines), strict=True), strict=True)) if lines else {}
    if unknown := {one for cell in cells.get("region", ()) for one in _cells(cell)} - _REGIONS:
        raise ValueError(f"{sorted(unknown)} is not a region: one of {sorted(_REGIONS)}")
    read = (
        (cells[field] if kind is str else map(_READ[kind], cells[field]))
        if field in cells
        else repeat(row._field_defaults.get(field), len(lines))
        for field, kind in _fields(row).items()
    )
    return list(zip(*read, strict=True))


@cache
@cached_on_disk
def listed(folder: str, name: str) -> frozenset[str]:
    """The lines of `<name>.txt`, a word or a phrase each."""
    return frozenset(_lines(folder, f"{name}.txt"))


class Weights(dict[str, float]):
    """What was learnt, a feature and its weight (0.0 if it has none) a line: searched as it stands, since few of its
    thousands are asked for, and those again and again."""

    def __init__(self, rows: list[str]) -> None:
        self._rows = rows

    def __missing__(self, feature: str) -> float:
        found = self[feature] = self._searched(feature)
        return found

    def _searched(self, feature: str) -> float:
        start = f'"{feature.replace(chr(34), chr(34) * 2)}",' if '"' in feature or "," in feature else f"{feature},"
        at = bisect_left(self._rows, start)
        found = at < len(self._rows) and self._rows[at].startswith(start)
        return float(self._rows[at][len(start) :]) if found else 0.0


@cache
def weights(folder: str, name: str) -> Weights:
    """The weights in `<name>.csv`."""
    return Weights(_in_order(folder, f"{name}.csv"))


@cached_on_disk
def _in_order(folder: str, name: str) -> list[str]:
    return sorted(_lines(folder, name))


_LINE = late(
    r"\[(?P<table>\w+)\]\n"
    r"|(?:yes|no) = \[(?:.*\]|\n(?:  .*\n)*+\])\n"
    r"|(?P<key>\w+) = (?:'(?P<plain>[^'\n]*+)'|\"(?P<basic>(?:[^\"\\\n]|\\\\)*+)\"|(?P<list>\[[^\\\n]*\])"
    r"|(?P<flag>true|false)|(?s:'{3}\n?(?P<long>.*?)'{3}))\n"
    r"|#.*\n|\n"
)
_STRING = late(r"'([^']*)'|\"([^\"]*)\"")


@cache
def document(folder: str, name: str, *, examples: bool = True) -> dict[str, Any]:
    """The TOML file `<name>.toml`; without `examples`, `yes` and `no`, which are half of one and which only tests read,
    it is read in a fifth of the time."""
    content = text(folder, f"{name}.toml")
    if not examples and (quickly := _read_quickly(content)) is not None:
        return quickly
    import tomllib

    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"lang/{folder}/{name}.toml: {error}") from error


def _read_quickly(content: str) -> dict[str, Any] | None:
    """What `tomllib` reads, but for `yes` and `no`; None if the file has more than tables, strings, lists of strings on
    one line, true and false."""
    found: dict[str, Any] = {}
    entry, at = found, 0
    for line in _LINE.finditer(content):
        if line.start() != at:
            return None
        at = line.end()
        if (kind := line.lastgroup) == "table":
            entry = found[line[1]] = {}
        elif kind:
            entry[line["key"]] = _value(kind, line[kind])
    return found if at == len(content) else None


def _value(kind: str, written: str) -> str | bool | list[str]:
    if kind == "list":
        return [one or other for one, other in _STRING.findall(written)]
    if kind == "flag":
        return written == "true"
    return written.replace(r"\\", "\\") if kind == "basic" else written


@cache
@cached_on_disk
def renderings(folder: str, name: str) -> dict[str, str]:
    """`<name>.csv`, words of two languages and perhaps a region, read fast: each word of the first column (they are
    separated by |) and the second column as it stands; a word of several rows has what all of them say."""
    found: dict[str, str] = {}
    for line in _lines(folder, f"{name}.csv")[1:]:
        words, value = line.split(",", 2)[:2]
        for word in words.split("|") if "|" in words else (words,):
            found[word] = f"{found[word]}|{value}" if word in found else value
    return found

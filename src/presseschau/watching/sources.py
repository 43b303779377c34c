"""What is watched, by which rules: what was named on the command line, a sources file (TOML), subscriptions (OPML)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from presseschau.analysis import TASKS, Task
from presseschau.errors import ConfigurationError, InputError, misfit
from presseschau.ingest.document import MEBI
from presseschau.ingest.follow import is_web_address
from presseschau.ingest.formats.xml_stream import DamagedXmlError, local, tree_of
from presseschau.models import Stance

SourceKind = Literal["feed", "page", "folder"]
Wanted = Literal["analyse", "keep", "pass"]

EVERY, SOONEST = timedelta(minutes=30), timedelta(minutes=1)
_DURATION = re.compile(r"(\d{1,5}) ?(s|m|h|d)")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LARGEST = 5 * MEBI  # of a file that names sources


def duration(text: object) -> timedelta:
    """What `30m`, `2h`, `1d` or `90s` means. Raises ValueError."""
    if isinstance(text, timedelta):
        return text
    found = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None or not int(found[1]):
        raise ValueError(f"{text!r} is no time of the form 30m, 2h or 1d")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


Duration = Annotated[timedelta, BeforeValidator(duration)]


def at_time(text: object) -> time:
    """What `07:00` means. Raises ValueError."""
    if isinstance(text, time):
        return text
    if not isinstance(text, str) or not re.fullmatch(r"\d\d:\d\d", text):
        raise ValueError(f"{text!r} is no time of day of the form 07:00")
    return time.fromisoformat(text)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceRules(_Strict):
    """One source and what becomes of its articles.

    `address` or `folder` names it; without `kind` what it answers tells. `sections` are categories of a feed or parts
    of the path (/politik/); with any, only articles of one are analysed, and none of `without_sections`. The rest is
    kept in the archive without being analysed with `keep_rest`, else passed over; so is what exceeds `most_per_day`.
    `outlet` stands in place of what the source says. `language` any: not German text is refused as usual, unless so.
    """

    address: str | None = None
    folder: Path | None = None
    kind: SourceKind | None = None
    outlet: str | None = None
    tasks: tuple[Task, ...] | None = None
    sections: tuple[str, ...] = ()
    without_sections: tuple[str, ...] = ()
    keep_rest: bool = False
    language: Literal["german", "any"] = "german"
    most_per_day: int | None = Field(default=None, ge=0)
    every: Duration | None = None

    @model_validator(mode="after")
    def _named_once(self) -> SourceRules:
        if (self.address is None) == (self.folder is None):
            raise ValueError("a source has an address or a folder")
        if self.address is not None and not is_web_address(self.address):
            raise ValueError(f"{self.address[:200]} is no http or https address")
        if (self.kind == "folder") != (self.folder is not None) and self.kind is not None:
            raise ValueError(f"a source with kind {self.kind} has {'a folder' if self.address else 'an address'}")
        return self

    @property
    def name(self) -> str:
        """By which it is known from run to run."""
        return self.address if self.address is not None else str(self.folder)

    def wanted(self, url: str, categories: str) -> Wanted:
        """What becomes of an article at this address with these categories (divided by commas)."""
        known = {part.casefold() for part in urlsplit(url).path.split("/") if part} if is_web_address(url) else set()
        known |= {one.strip().casefold() for one in categories.split(",") if one.strip()}
        fits = not self.sections or any(_is_section(one, known) for one in self.sections)
        if fits and not any(_is_section(one, known) for one in self.without_sections):
            return "analyse"
        return self.rest

    @property
    def rest(self) -> Wanted:
        """What becomes of an article that is not to be analysed."""
        return "keep" if self.keep_rest else "pass"


def _is_section(section: str, known: set[str]) -> bool:
    return section.strip(" /").casefold() in known


class SavedSearch(_Strict):
    """A search whose new answers are told by `command` (a list is its parts; a text is cut at spaces, quotes kept)."""

    name: str = Field(min_length=1)
    query: str = ""
    speaker: str | None = None
    outlet: str | None = None
    finding: str | None = None
    stance: Stance | None = None
    command: str | tuple[str, ...] | None = None


class DailyNote(_Strict):
    """A note a day, from `at` (local time) on, as a file in `folder`."""

    folder: Path
    topic: str | None = None
    outlets: tuple[str, ...] = ()
    exclude: str | None = None
    title: str | None = None
    at: Annotated[time, BeforeValidator(at_time)] = time(7)
    pages: Literal[1, 2, 4] = 2
    format: Literal["md", "html", "docx", "json"] = "md"

    @property
    def name(self) -> str:
        """By which it is known from day to day."""
        return f"{self.topic or ''} in {self.folder}"

    def file(self, day: str) -> Path:
        """Where that of a day (ISO 8601) is written."""
        about = "".join(letter if letter.isalnum() else "-" for letter in self.topic or "note").strip("-").lower()
        return self.folder / f"{day}-{about[:80]}.{self.format}"


class _File(_Strict):
    source: tuple[SourceRules, ...] = ()
    search: tuple[SavedSearch, ...] = ()
    note: tuple[DailyNote, ...] = ()
    tasks: tuple[Task, ...] = TASKS
    every: Duration | None = None
    on_match: str | tuple[str, ...] | None = None


@dataclass(frozen=True)
class Watchlist:
    """All that is watched, each source once; `every`, `tasks` and `on_match` hold where a source or search says
    nothing."""

    sources: tuple[SourceRules, ...] = ()
    searches: tuple[SavedSearch, ...] = ()
    notes: tuple[DailyNote, ...] = ()
    tasks: tuple[Task, ...] | None = None
    every: timedelta | None = None
    on_match: str | tuple[str, ...] | None = None


def watchlist(named: Sequence[str]) -> Watchlist:
    """What addresses, folders, sources files (.toml), subscriptions (.opml) and lists of addresses name.

    Raises InputError for a file that names none, ConfigurationError for a sources file with a mistake in it.
    """
    found = Watchlist()
    for one in named:
        if is_web_address(one):
            more = Watchlist((SourceRules(address=one),))
        elif Path(one).is_dir():
            more = Watchlist((SourceRules(folder=Path(one)),))
        else:
            more = _of_file(Path(one))
        found = Watchlist(
            (*found.sources, *more.sources), (*found.searches, *more.searches), (*found.notes, *more.notes),
            more.tasks or found.tasks, more.every or found.every, more.on_match or found.on_match,
        )  # fmt: skip
    for kind, names in (
        ("source", [one.name for one in found.sources]),
        ("search", [one.name for one in found.searches]),
        ("note", [one.name for one in found.notes]),
        ("file of a note", [str(one.file("DAY")) for one in found.notes]),
    ):
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ConfigurationError(f"The {kind} {twice} is named twice. Leave one of them out.")
    return found


def _of_file(path: Path) -> Watchlist:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}. Name an address, a folder, or a file of sources (.toml, .opml)."
        ) from None
    if len(data) > _LARGEST:
        raise InputError(f"{path} is larger than {_LARGEST:,} bytes: that is no file of sources.")
    if path.suffix.lower() == ".toml":
        return _of_toml(data, path)
    found = tuple(_of_opml(data) if b"<opml" in data[:2000].lower() else _of_list(data))
    if not found:
        raise InputError(
            f"{path} names no source. Name an address, a folder, or a file of sources (.toml, .opml, a list of "
            "addresses)."
        )
    return Watchlist(found)


def _of_toml(data: bytes, path: Path) -> Watchlist:
    try:
        given = tomllib.loads(data.decode("utf-8-sig"))
        read = _File.model_validate(given)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is no TOML: {error}.") from None
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {misfit(error)}. docs/watch.md shows what it may hold.") from None
    beside = path.parent
    sources = tuple(_placed(one, "folder", beside) for one in read.source)
    notes = tuple(_placed(one, "folder", beside) for one in read.note)
    return Watchlist(sources, read.search, notes, read.tasks, read.every, read.on_match)


def _placed(one: Any, field: str, beside: Path) -> Any:
    """With a folder that is named as seen from the sources file."""
    folder = getattr(one, field)
    return one if folder is None else one.model_copy(update={field: beside / folder})


def _of_opml(data: bytes) -> Iterator[SourceRules]:
    if b"<!entity" in data.lower():
        raise InputError("The subscriptions define words of their own (ENTITY), which is not read. Export them anew.")
    try:
        root = tree_of(data)
    except DamagedXmlError as error:
        raise InputError(f"The subscriptions cannot be read: {error}.") from None
    yield from _once(
        address
        for node in root.iter()
        if local(node) == "outline"
        for name, address in node.attrib.items()
        if name.lower() == "xmlurl"
    )


def _of_list(data: bytes) -> Iterator[SourceRules]:
    lines = data.decode("utf-8-sig", "replace").splitlines()
    yield from _once(line.partition(" #")[0] for line in lines)


def _once(addresses: Iterable[str]) -> Iterator[SourceRules]:
    wanted = dict.fromkeys(address.strip() for address in addresses)
    yield from (SourceRules(address=address) for address in wanted if is_web_address(address))

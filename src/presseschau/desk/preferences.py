"""What the desk is set to: kept in the archive, won over by what the command line of `serve` names.

The other commands do not read it. A key is never among it: keys are in the environment, or in a file that `serve` was
given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlsplit

from presseschau.errors import ConfigurationError
from presseschau.library.store import Archive

if TYPE_CHECKING:
    from presseschau.analysis import Options
    from presseschau.archive.prices import Limits
    from presseschau.llm.engine import Choice
    from presseschau.llm.places import CachePlace
    from presseschau.llm.spending import Budget

MOST_AT_ONCE = 16
_MOST_GLOSSARY = 2_000_000
_LONGEST = 500
"""Characters of a field."""


@dataclass(frozen=True)
class Preferences:
    """`model` "" is the embedded one. `price` and `reader_price` are US dollars a million tokens read and written,
    `budget` US dollars a day; `glossary` is the text of a CSV file, `glossary_name` what it was called."""

    model: str = ""
    base_url: str = ""
    price: str = ""
    second_reader: str = ""
    reader_base_url: str = ""
    reader_price: str = ""
    english: Literal["british", "american"] = "british"
    budget: float | None = None
    at_once: int = 4
    glossary: str = ""
    glossary_name: str = ""


@dataclass(frozen=True)
class FromCommandLine:
    """What `serve` was given; None: it was not."""

    model: str | None = None
    base_url: str | None = None
    price: str | None = None
    second_reader: str | None = None
    reader_base_url: str | None = None
    reader_price: str | None = None
    api_key_file: Path | None = None
    reader_api_key_file: Path | None = None
    models: Path | None = None
    same_model: str | None = None
    cache: CachePlace | None = None

    def won(self) -> dict[str, str]:
        """The preferences that it wins over, by name."""
        known = {field.name for field in fields(Preferences)}
        return {name: value for name, value in asdict(self).items() if name in known and value is not None}

    def over(self, kept: Preferences) -> Preferences:
        """The preferences as they are to be followed. A model that is named goes to no address that was kept for
        another one, and a price was another one's too."""
        won = self.won()
        if "model" in won:
            kept = replace(kept, base_url="", price="")
        if "second_reader" in won:
            kept = replace(kept, reader_base_url="", reader_price="")
        return replace(kept, **cast("dict[str, Any]", won))


def read(archive: Archive) -> Preferences:
    """Those that are kept; what a damaged or later one says is left out."""
    found: dict[str, str] = {}
    known = {field.name for field in fields(Preferences)}
    for name, value in archive.database.all("SELECT name, value FROM settings"):
        if name in known:
            try:
                found[name] = _as_text(json.loads(value))
            except ValueError:
                continue
    _, wrong = checked(found, Preferences())
    return Preferences(**{name: value for name, value in _typed(found)[0].items() if name not in wrong})


def write(archive: Archive, preferences: Preferences) -> None:
    """Keeps them in place of those before. Raises OutputError."""
    with archive.database.transaction():
        archive.database.run_many(
            "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)",
            [(name, json.dumps(value, ensure_ascii=False)) for name, value in asdict(preferences).items()],
        )


def checked(form: Mapping[str, str], before: Preferences) -> tuple[Preferences, dict[str, str]]:
    """What a form asks for, the rest as `before`; and a sentence for each field that cannot be used."""
    found, wrong = _typed(form)
    after = replace(before, **found)
    if "base_url" not in wrong and after.base_url and not after.model:
        wrong.setdefault("model", "Name the model at this address, or leave the address empty.")
    if after.base_url and after.model.startswith("local:"):
        wrong.setdefault("base_url", "An embedded model runs on this machine and has no address: leave it empty.")
    if after.reader_base_url and not after.second_reader:
        wrong.setdefault("second_reader", "Name the second reader at this address, or leave the address empty.")
    if after.glossary:
        try:
            _glossary(after)
        except ConfigurationError as error:
            wrong["glossary"] = str(error)
    return (before if wrong else after), wrong


def _typed(form: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields as preferences have them; and a sentence for each that is none by itself."""
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, text in form.items():
        said = " ".join(text.split())
        try:
            found[name] = text if name == "glossary" else _FIELDS.get(name, _short)(said)
        except ValueError as error:
            wrong[name] = str(error)
    return found, wrong


def _short(text: str) -> str:
    if len(text) > _LONGEST or not text.isprintable():
        raise ValueError(f"This is longer than {_LONGEST} characters, or holds signs that cannot be seen.")
    return text


def _address(text: str) -> str:
    try:
        parts = urlsplit(_short(text))
        sound = not text or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        sound = False
    if not sound:
        raise ValueError("This is not a web address: it begins with http:// or https://, such as https://host/v1.")
    if "@" in parts.netloc:
        raise ValueError("Leave name and password out of the address: a key is set in the environment.")
    return text


def _model(text: str) -> str:
    if " " in _short(text):
        raise ValueError("The name of a model has no spaces. It is written as its provider writes it.")
    if looks_like_a_key(text):
        raise ValueError("This looks like a key, which is never kept here. Put the name of the model.")
    return text


def looks_like_a_key(text: str) -> bool:
    """Was a key put where a name belongs?"""
    return text.startswith(("sk-", "Bearer")) and len(text) > 20


def _price(text: str) -> str:
    if text:
        pair(text)
    return text


def pair(text: str) -> tuple[float, float] | None:
    """`0.10, 0.50` as two prices; None for nothing. Raises ValueError."""
    if not text:
        return None
    try:
        read, written = (float(part) for part in text.split(","))
    except ValueError:
        raise ValueError("Give two numbers with a comma between them, such as 0.10, 0.50.") from None
    if not (0 <= read < 1e6 and 0 <= written < 1e6):
        raise ValueError("These are not prices that can be used: give US dollars, 0 or more.")
    return read, written


def _budget(text: str) -> float | None:
    if not text:
        return None
    try:
        amount = float(text.replace(",", "."))
    except ValueError:
        raise ValueError("Give an amount in US dollars, such as 5 or 2.50, or leave it empty.") from None
    if not 0 <= amount < 1e6:
        raise ValueError("Give an amount from 0 to 1,000,000 US dollars, or leave it empty.")
    return amount


def _at_once(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_AT_ONCE:
        raise ValueError(f"Give a whole number from 1 to {MOST_AT_ONCE}.")
    return int(text)


def _english(text: str) -> str:
    if text not in ("british", "american"):
        raise ValueError("Choose British or American English.")
    return text


_FIELDS: Mapping[str, Callable[[str], Any]] = {
    "model": _model, "base_url": _address, "price": _price, "second_reader": _model, "reader_base_url": _address,
    "reader_price": _price, "english": _english, "budget": _budget, "at_once": _at_once,
}  # fmt: skip


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def glossary_text(raw: bytes, name: str) -> str:
    """The CSV file that was sent, as text. Raises ValueError with a sentence."""
    from presseschau.checks import UnreadableError
    from presseschau.checks.naming.glossary import decoded

    if len(raw) > _MOST_GLOSSARY:
        raise ValueError("A glossary has at most 2 MB.")
    try:
        return decoded(raw, name)
    except UnreadableError as error:
        raise ValueError(str(error)) from None


def _glossary(wanted: Preferences) -> Any:
    """The built-in glossary, and what was given. Raises ConfigurationError, which names a bad row."""
    from presseschau.checks import UnreadableError, house_glossary
    from presseschau.checks.naming.glossary import glossary_in

    house = house_glossary(wanted.english)
    if not wanted.glossary:
        return house
    try:
        return house.extended(glossary_in(wanted.glossary.encode(), wanted.glossary_name or "glossary"))
    except UnreadableError as error:
        raise ConfigurationError(str(error)) from None


@dataclass(frozen=True)
class SetUp:
    """Everything that an analysis needs, as it is set now; `day`: as what is spent now is counted."""

    wanted: Preferences
    choice: Choice
    options: Options
    cache: CachePlace
    limits: Limits
    day: str

    @property
    def key(self) -> tuple[Preferences, str, str]:
        """As long as it is the same, one engine does."""
        return self.wanted, self.choice.endpoint.identity, self.day

    @property
    def at_once(self) -> int:
        """Articles under way at once; an embedded model does one after the other."""
        return 1 if self.choice.local is not None else self.wanted.at_once

    def budget(self) -> Budget:
        """What may be spent today, of which what was spent today is gone. Raises ConfigurationError where a price is
        needed and not known."""
        used = (0, 0.0)
        if self.limits.max_cost is not None:
            used = (0, spent_on(self.cache, self.day))
        return self.limits.budget(self.choice, used)


def spent_on(cache: CachePlace, day: str) -> float:
    """US dollars that are known to have been spent from this day on, by all commands that use this cache."""
    from presseschau.archive.prices import cost_by_day
    from presseschau.llm.places import purchases_exist, purchases_there

    if not purchases_exist(cache):
        return 0.0
    with purchases_there(cache) as file:
        return sum(one.cost or 0.0 for one in cost_by_day(file, day))


def destinations(wanted: Preferences) -> dict[str, tuple[str, str]]:
    """Where texts are sent: field of the model -> (its name, the address); nothing for what runs in this program."""
    from presseschau.llm.engine import LOCAL, OPENAI

    found = {
        "model": (wanted.model, wanted.base_url or OPENAI),
        "second_reader": (wanted.second_reader, wanted.reader_base_url or wanted.base_url or OPENAI),
    }
    return {name: place for name, place in found.items() if place[0] and not place[0].startswith(LOCAL)}


def choose_here(wanted: Preferences) -> None:
    """Somebody on this machine chose these addresses. It is kept beside the user's own data, not in the archive: that
    may come from anybody, and must not say where texts and keys go. Raises OutputError."""
    from presseschau.storage.files import cannot_write, write_file

    places = {address for _, address in destinations(wanted).values()}
    if not places <= (known := _chosen_here()):
        file = _chosen_file()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(file, error) from None
        write_file(file, json.dumps(sorted(known | places), indent=1) + "\n")


def _check_chosen_here(wanted: Preferences, won: Collection[str]) -> None:
    for name, (model, address) in destinations(wanted).items():
        own = {name, "base_url" if name == "model" else "reader_base_url"}
        if not own & {*won} and address not in _chosen_here():
            raise ConfigurationError(
                f"This archive wants texts sent to {address} ({model}), and nobody chose that on this machine. If you "
                "want it, open Settings, look at the model and its address, and save them."
            )


def _chosen_here() -> set[str]:
    try:
        return {str(place) for place in json.loads(_chosen_file().read_text("utf-8"))}
    except (OSError, ValueError, TypeError):
        return set()


def _chosen_file() -> Path:
    from presseschau.desk.app import default_archive

    return default_archive().parent / "addresses.json"


def set_up(kept: Preferences, given: FromCommandLine, *, sends: bool = True) -> SetUp:
    """What these ask for; `sends`: something will be asked, which may need a key. Raises ConfigurationError."""
    from presseschau.analysis import Options
    from presseschau.archive.prices import Limits
    from presseschau.llm.engine import KEY, NO_KEY, READER_KEY, choose, choose_reader, key_of
    from presseschau.llm.places import counted_at, default_cache

    wanted = given.over(kept)
    if sends:
        _check_chosen_here(wanted, given.won())
    url, key = wanted.base_url or None, key_of(given.api_key_file, KEY)
    reader = None
    if wanted.second_reader:
        reader = choose_reader(
            wanted.second_reader, base_url=wanted.reader_base_url or None,
            api_key=key_of(given.reader_api_key_file, READER_KEY), beside_url=url, beside_key=key, models=given.models,
            sends=sends,
        )  # fmt: skip
    choice = choose(
        wanted.model or None, base_url=url, api_key=key or (None if sends else NO_KEY), models=given.models,
        same_model=given.same_model, reader=reader,
    )  # fmt: skip
    try:
        limits = Limits(None, wanted.budget, pair(wanted.price), pair(wanted.reader_price))
    except ValueError as error:  # of the command line; those that are kept were checked
        raise ConfigurationError(str(error)) from None
    options = Options(
        english="American English" if wanted.english == "american" else "British English", glossary=_glossary(wanted)
    )
    cache = given.cache or default_cache()
    return SetUp(wanted, choice, options, cache, limits, counted_at(cache, datetime.now(UTC)).date().isoformat())

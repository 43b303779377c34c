"""The tables of places: every form of a name, an adjective or a people, and the one value it stands for."""

from __future__ import annotations

from functools import lru_cache
from itertools import repeat
from typing import Literal, NamedTuple, TypeAlias

from presseschau.facts.fact import Lang
from presseschau.facts.words import words
from presseschau.lang import PAIR, SOURCE, listed, table, vocabulary
from presseschau.patterns import cached_on_disk

Kind = Literal["place", "people", "adjective", "part"]


class GazetteerEntry(NamedTuple):
    """What a form stands for: Ukraine, ukrainisch and Ukrainer have the value "UA" and differ in `kind`.
    `part`: Moskauer, or half of a compound; it answers a place but does not ask for one."""

    value: str
    kind: Kind


class _Place(NamedTuple):
    value: str
    de: tuple[str, ...]
    en: tuple[str, ...]
    kind: str = ""


class _People(NamedTuple):
    """German adjectives without ending; a people in -e or -er is declined by rule."""

    value: str
    de: tuple[str, ...]
    de_adj: tuple[str, ...]
    de_people: tuple[str, ...]
    en: tuple[str, ...]
    en_adj: tuple[str, ...]


class _Group(NamedTuple):
    values: tuple[str, ...]


class Gazetteer(NamedTuple):
    """`single` holds one-word forms, `longer` the forms of several words by their first word, longest first."""

    single: dict[str, GazetteerEntry]
    longer: dict[str, tuple[tuple[tuple[str, ...], GazetteerEntry], ...]]
    forms: dict[str, tuple[str, ...]]


_Entry: TypeAlias = tuple[str, Kind]
_Indexes: TypeAlias = tuple[
    dict[str, _Entry], dict[str, tuple[tuple[tuple[str, ...], _Entry], ...]], dict[str, tuple[str, ...]]
]
"""The fields of a `Gazetteer`, with plain tuples."""


@lru_cache(maxsize=2)
def gazetteer(lang: Lang) -> Gazetteer:
    """All forms of one language, with inflected adjectives; `forms` lists the forms of a value."""
    single, longer, forms = _plain(lang)
    entries = map(tuple.__new__, repeat(GazetteerEntry), single.values())
    behind = {first: tuple((rest, GazetteerEntry(*one)) for rest, one in all_) for first, all_ in longer.items()}
    return Gazetteer(dict(zip(single, entries, strict=True)), behind, forms)


@cached_on_disk
def _plain(lang: Lang) -> _Indexes:
    found: dict[str, _Entry] = {}
    for value, form in _names()[lang]:
        found.setdefault(form, (value, "place"))
        if lang == "de" and " " not in form and len(value) != 2:
            for inhabitant in _in_er(form):
                found.setdefault(inhabitant, (value, "part"))
    for row in table(PAIR, "peoples", _People):
        for form, kind in _german_peoples(row) if lang == SOURCE else _english_peoples(row):
            found.setdefault(form, (row.value, kind))
    return _indexed(found)


def _indexed(found: dict[str, _Entry]) -> _Indexes:
    single, longer, forms = {}, {}, {}  # type: tuple[dict[str, _Entry], dict[str, list[tuple[tuple[str, ...], _Entry]]], dict[str, list[str]]]
    for form, entry in found.items():
        forms.setdefault(entry[0], []).append(form)
        if " " not in form:
            single[form] = entry
            continue
        first, *rest = (word.text for word in words(form))  # as a text is read: "St" of "St. Gallen"
        longer.setdefault(first, []).append((tuple(rest), entry))
    ordered = {first: tuple(sorted(all_, key=lambda one: -len(one[0]))) for first, all_ in longer.items()}
    return single, ordered, {value: tuple(all_) for value, all_ in forms.items()}


@lru_cache(maxsize=1)
def _names() -> dict[Lang, list[tuple[str, str]]]:
    """(value, form) by language. The reviewed tables come first; a CLDR row that shares a form with them takes
    their value."""
    rows = [(row.value, row.de, row.en) for row in table(PAIR, "peoples", _People)]
    rows += [(row.value, row.de, row.en) for row in table(PAIR, "exonyms", _Place)]
    rows += [(town, (town,), (town,)) for town in sorted(listed(PAIR, "towns"))]
    known = {(SOURCE, form): value for value, de, _ in rows for form in de}
    known |= {("en", form): value for value, _, en in rows for form in en}
    for row in table(PAIR, "places_cldr", _Place):
        german, english = (SOURCE, row.de[0]), ("en", row.en[0])
        value = known.get(german, known.get(english, row.value))
        known.setdefault(german, value)
        known.setdefault(english, value)
        rows.append((value, row.de, row.en))
    return {
        SOURCE: [(value, form) for value, de, _ in rows for form in de],
        "en": [(value, form) for value, _, en in rows for form in en],
    }


def _in_er(city: str) -> tuple[str, ...]:
    """Berliner, Moskauer, Bremer, Münchner, Basler, Zürcher: the indeclinable adjective and the people of a city."""
    if city.endswith("en"):
        return city[:-2] + "er", city[:-2] + "ner", city + "er"
    if city.endswith("e"):
        return (city + "r",)
    if city.endswith("rich"):
        return city + "er", city[:-3] + "cher"
    return city + "er", (city[:-2] + "ler" if city.endswith("el") else city + "er")


def _german_peoples(row: _People) -> list[tuple[str, Kind]]:
    found: list[tuple[str, Kind]] = []
    for stem in row.de_adj:
        for ending in ("", *(one for use in ("adjective", "descent") for one in vocabulary(SOURCE, "endings", use))):
            found += [(stem + ending, "adjective"), (stem[0].upper() + stem[1:] + ending, "adjective")]
    for people in row.de_people:
        stem = people.removesuffix("e")
        endings = vocabulary(SOURCE, "endings", "people_e" if people.endswith("e") else "people")
        found += [(stem + ending, "people") for ending in endings]
    return found


def _english_peoples(row: _People) -> list[tuple[str, Kind]]:
    return [(form + s, "people") for form in row.en_adj for s in ("", "s")]


def listed_places() -> frozenset[str]:
    """The German names of places, their adjectives without ending and their peoples, as the reviewed tables and CLDR
    have them; not the towns that are spelt alike."""
    rows = table(PAIR, "peoples", _People)
    peoples = (form for row in rows for form in (*row.de, *row.de_adj, *row.de_people))
    places = (form for rows in ("exonyms", "places_cldr") for row in table(PAIR, rows, _Place) for form in row.de)
    return frozenset((*peoples, *places))


@lru_cache(maxsize=1)
def related() -> dict[str, frozenset[str]]:
    """Value -> the values that may stand for it in a good translation."""
    found: dict[str, set[str]] = {}
    for row in table(PAIR, "related_places", _Group):
        for value in row.values:
            found.setdefault(value, set()).update(row.values)
    return {value: frozenset(others - {value}) for value, others in found.items()}

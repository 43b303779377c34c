"""Places: countries, cities, regions, and the peoples and adjectives made from them.

Country, people and adjective have one value, for translations change between them (der ukrainische Präsident,
Ukraine's president). Tables only: a place that is not in them and spelt alike is found by `persons`.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import NamedTuple

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.names.gazetteer import Gazetteer, GazetteerEntry, gazetteer, related
from presseschau.facts.names.transliteration import key, likeness
from presseschau.facts.words import Word, words
from presseschau.lang import PAIR, SOURCE, any_of, listed, regex, table

_rule = partial(regex, SOURCE, "places")

MISSPELT = 90.0
"""Likeness from which a large word is a place of the tables in an unusual spelling."""


@lru_cache(maxsize=256)
def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The places of `text`: facts whose `value` is an ISO 3166 code or a name and whose `kind` is "place", "people",
    "adjective" or "part". Genitives (Kiews), compounds with a hyphen (Ukraine-Krieg) and capitals (UKRAINE)"
    " are read as well.
    Companies, currencies and the like (Deutsche Bank, US-Dollar) are not."""
    known = gazetteer(lang)
    tokens = words(text)
    found: list[Fact] = []
    single, longer = known.single, known.longer
    open_ = [  # few
        i
        for i, (word, _, _, _) in enumerate(tokens)
        if not word.islower() or word in single or word in longer or not word.isalpha()
    ]
    after = 0
    for i in open_:
        if i < after:
            continue
        length, entries = _at(tokens, i, known)
        after = i + length
        for entry in entries:
            start, end = tokens[i].start, tokens[after - 1].end
            found.append(Fact(entry.kind, entry.value, text[start:end], start, end))
    if not found:
        return ()
    other = [m.span() for m in any_of(lang, "places", "no place").finditer(text)]
    return tuple(f for f in found if not any(s <= f.start < e for s, e in other))


def _at(tokens: tuple[Word, ...], i: int, known: Gazetteer) -> tuple[int, tuple[GazetteerEntry, ...]]:
    """How many words the place at word `i` takes, and what it is; (1, ()) if there is none."""
    word = tokens[i].text
    for rest, entry in known.longer.get(word, ()):
        after = tokens[i + 1 : i + 1 + len(rest)]
        if len(after) == len(rest) and all(_same(w.text, r) for w, r in zip(after, rest, strict=True)):
            return 1 + len(rest), (entry,)
    whole = _lookup(word, known)
    if whole:
        return 1, (whole,)
    return 1, _parts(word, known) if "-" in word else ()


def _parts(compound: str, known: Gazetteer) -> tuple[GazetteerEntry, ...]:
    """The places in a compound. A city or region in one may have become part of a name (Rhein-Sieg-Kreis)."""
    parts = filter(None, (_lookup(part, known) for part in compound.split("-")))
    return tuple(dict.fromkeys(part if len(part.value) == 2 else GazetteerEntry(part.value, "part") for part in parts))


def _same(word: str, form: str) -> bool:
    return word == form or (word.startswith(form) and word[len(form) :] in ("s", "'s", "’s"))


def _lookup(word: str, known: Gazetteer) -> GazetteerEntry | None:
    single = known.single
    if (entry := single.get(word)) is not None:
        return entry
    if not word[0].isupper():
        return None
    if word.endswith(("erin", "erinnen")) and (entry := single.get(word[: word.rindex("in")])) is not None:
        return entry if entry.kind == "part" else None  # Wienerin
    if word[-1] == "s":
        return single.get(word[:-2]) if word[-2:-1] in "'’" else single.get(word[:-1])
    if len(word) > 3 and word.isupper():
        return single.get(word.capitalize())
    return None


_HOME = frozenset(("DE", "AT", "CH"))


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`place.missing` and `place.added` by value. Weak for the forms in -er and the parts of compounds (Wiener
    Schnitzel, Rhein-Sieg-Kreis). A related place (Kreml, Russian) answers if the other text does not name it itself. A
    home country, or beside a state's office a state, that the English adds is weak: German papers need not say whose
    government theirs is."""
    missing = _unanswered(source, target) if direction == "both" else []
    home = _HOME if not missing and (direction == "both" or _rule("institution").search(source.text)) else frozenset()
    if home and _rule("of_a_land").search(source.text):
        home |= listed(PAIR, "lands")
    return (
        *(Difference("place.missing", source=fact, weak=_loose(fact, source, target)) for fact in missing),
        *(
            Difference("place.missing", source=fact)
            for fact in (_named_less(source, target) if direction == "both" else [])
        ),
        *(
            Difference("place.added", target=fact, weak=fact.value in home or _loose(fact, target, source))
            for fact in _unanswered(target, source)
        ),
    )


def _somebody(fact: Fact, side: Facts, other: Facts) -> bool:
    """Ein Kölner, a man: an inhabitant who became anybody."""
    return (
        side.lang == SOURCE
        and _rule("noun_behind").match(side.text, fact.end) is None
        and _rule("an").search(side.text, max(0, fact.start - 24), fact.start) is not None
        and regex("en", "places", "anybody").search(other.text) is not None
    )


def _loose(fact: Fact, side: Facts, other: Facts) -> bool:
    """Part of a name, or one letter of a short form that only the other text has: Toronto, GTA; Austrian, ÖGB."""
    if (fact.kind == "part" and not _somebody(fact, side, other)) or (
        fact.text[-2:] in ("'s", "’s") and regex("en", "places", "its_body").match(side.text, fact.end)
    ):
        return True
    if len(str(fact.value)) > 2 and (meant := _rule("club").search(other.text)):
        towns = _epithets().get(meant["town"] or "")
        return towns is None or fact.text in towns
    if _rule("us_body").fullmatch(fact.text):
        return True
    initials = {form[0] for form in (fact.text, *gazetteer(other.lang).forms.get(str(fact.value), ()))}
    shorts = _rule("short_form").findall(other.text)
    return any(initials & set(short) and short not in side.text for short in shorts)


class _Epithet(NamedTuple):
    de: str
    en: tuple[str, ...]


@lru_cache(maxsize=1)
def _epithets() -> dict[str, tuple[str, ...]]:
    """What German papers call a town -> the English names of the towns that it can be."""
    return {row.de: row.en for row in table(PAIR, "town_epithets", _Epithet)}


def _abridged(fact: Fact, other: Facts) -> bool:
    """Is a large word there the beginning of the place's name (Macedon, Mazedonien)?"""
    wanted = {key(form) for form in (fact.text, *gazetteer(other.lang).forms.get(str(fact.value), ())) if len(form) > 5}
    large = {key(word.text) for word in words(other.text) if word.text[0].isupper() and len(word.text) > 5}
    return any(0 < len(form) - len(one) < 4 and form.startswith(one) for form in wanted for one in large)


def _unanswered(side: Facts, other: Facts) -> list[Fact]:
    """The first fact of each value of `side` that `other` does not have."""
    if not side.places:
        return []
    here, there = {f.value for f in side.places}, {f.value for f in other.places}
    spare = there - here
    found: dict[str, Fact] = {}
    for fact in sorted(side.places, key=lambda f: f.kind != "place"):
        value = str(fact.value)
        if (
            value not in there
            and value not in found
            and not (spare & related().get(value, frozenset()))
            and not _written(fact, other)
        ):
            found[value] = fact
    return list(found.values())


def _named_less(source: Facts, target: Facts) -> list[Fact]:
    """Places that the source names and also has as an adjective, of which only the adjective came over
    (Griechenland)."""
    found = []
    for value in {f.value for f in source.places} & {f.value for f in target.places}:
        here = [f for f in source.places if f.value == value]
        there = [f for f in target.places if f.value == value]
        names = [f for f in here if f.kind == "place"]
        if (
            names
            and len(names) < len(here) > len(there)
            and all(f.kind == "people" for f in there)
            and not _abridged(names[0], target)
        ):
            found.append(names[0])
    return found


def _written(fact: Fact, other: Facts) -> bool:
    """Is a form of the place part of another word there (Ukrainekrieg, pro-Russian), spelt a little otherwise
    (Cameroun), or was the word left as it is?"""
    if fact.text in other.text:
        return True
    forms = gazetteer(other.lang).forms.get(str(fact.value), ())
    lower = other.text.casefold()
    if any(len(form) > 3 and form.casefold() in lower for form in forms):
        return True
    if other.text[:1].islower() and any(form.casefold() in lower.split() for form in forms):
        return True  # a text that lost its capitals: "us president"
    if any(" " in form and _nearly(form, other.text) for form in forms):
        return True
    names = [form for form in forms if len(form) > 4 and " " not in form and form[0].isupper()]
    large = [word.text for word in words(other.text) if word.text[0].isupper() and len(word.text) > 4]
    return any(likeness(form, word) >= MISSPELT for word in large for form in names if abs(len(form) - len(word)) < 3)


def _nearly(name: str, text: str) -> bool:
    """Has the text every word of a longer name, one of them spelt a little otherwise (Vereinigen Königreich)?"""
    there = [word.text for word in words(text)]
    return all(any(part in word or likeness(part, word) >= MISSPELT for word in there) for part in name.split(" "))

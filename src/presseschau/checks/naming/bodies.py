"""Bodies and roles without a name of their own in English: "die Leitstelle" is the control centre (`bodies.csv`)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.checks.naming.glossary import house_glossary
from presseschau.facts.gazetteer import gazetteer
from presseschau.facts.kept_words import is_german
from presseschau.facts.places import read as places_in
from presseschau.facts.speech.mentions import without_article
from presseschau.lang import table

_BEHIND = re.compile(r"(?:\s(?P<link>der|des|von|vom|in|im|für|bei|beim)\s(?P<rest>.+)|\s(?P<name>[A-ZÄÖÜ„«»\"].*))?$")
_NOUN = re.compile(r"(?<![\w-])[A-ZÄÖÜ][\w-]+")
_INFLECTED = re.compile(r"^([A-ZÄÖÜ]\w+e)n(?=\s[A-ZÄÖÜ])")
_ADJECTIVES = {
    "intern": "internal", "örtlich": "local", "zuständig": "responsible", "staatlich": "state", "betroffen": "",
    "städtisch": "municipal", "kommunal": "municipal", "evangelisch": "Protestant", "katholisch": "Catholic",
    "beide": "two",
}  # fmt: skip
_SPOKEN = re.compile(r"(?P<whose>[A-ZÄÖÜ][\w-]+?)s?-?sprecher(?P<she>in)?$")
_PLACED = {"in": "{body} in {name}", "of": "{body} of {name}", "before": "{name} {body}", "name": "{name}"}
_FUNCTION = re.compile(r"\b(?:the|a|an|of|for|in|at|and|from|to|’s|'s)\b")


class Body(NamedTuple):
    """A row of the table; `placed` says how a name behind it is put."""

    english: str
    kind: str
    placed: str


class _BodyRow(NamedTuple):
    german: str
    english: str
    kind: str
    placed: str


@lru_cache(maxsize=1)
def _table() -> dict[str, Body]:
    return {row.german: Body(row.english, row.kind, row.placed) for row in table("de_en", "bodies", _BodyRow)}


@lru_cache(maxsize=2_000)
def english_body(mention: str) -> str | None:
    """ "der Sprecher der Staatsanwaltschaft Kiel" is spokesman for the public prosecutor's office in Kiel; without an
    article. None if the table does not know the whole mention, or a person is named."""
    bare = without_article(mention.strip())
    if bare in _table():
        return _table()[bare].english
    head = next(((noun, body) for noun in _NOUN.finditer(bare) if (body := _body(noun.group()))), None)
    if head is None:
        return None
    noun, body = head
    found = _BEHIND.match(bare, noun.end())
    if found is None:
        return None
    if found["name"] and (body.kind == "role" or body.placed == "for"):
        return None
    english = _placed(body, found["name"].strip('„“”»«"')) if found["name"] else body.english
    if found["rest"]:
        whose = _whose(found["rest"])
        if whose is None or found["link"] == "für":
            return None
        link = "for" if body.placed == "for" else "in" if found["link"] in ("in", "im") else "of"
        english = f"{english} {link} {whose}"
    return _described(english, bare[: noun.start()].split(), named=bool(found["name"]))


def _body(noun: str) -> Body | None:
    for form in (
        noun,
        noun.removesuffix("s"),
        noun.removesuffix("es"),
        noun.removesuffix("n"),
        noun.removesuffix("en"),
    ):
        if form in _table():
            return _table()[form]
    spoken = _SPOKEN.match(noun)
    whose = _table().get(spoken["whose"]) if spoken else None
    if spoken is None or whose is None:
        term = house_term(noun)
        return Body(term, "role", "of") if term else None
    return Body(f"{whose.english} {'spokeswoman' if spoken['she'] else 'spokesman'}", "role", "for")


def _placed(body: Body, name: str) -> str:
    place = _place(name)
    form = "in" if place and body.placed == "before" else body.placed
    return _PLACED[form].format(body=body.english, name=place or name)


def _place(name: str) -> str | None:
    """The English name of a place; None if it is none."""
    return next(
        (_in_english(f.value) or name for f in places_in(name, "de") if f.text == name and f.kind == "place"), None
    )


def _in_english(value: object) -> str | None:
    forms = gazetteer("en").forms.get(str(value))
    return forms[0] if forms else None


def _whose(rest: str) -> str | None:
    """The body or place behind der, des, von, in, with its article."""
    bare = without_article(rest)
    if body := english_body(rest):
        return body if body[0].isupper() and " " not in body else f"the {body}"
    if place := _place(bare):
        return place
    several = len(bare.split()) > 1 and all(word[0].isupper() for word in bare.split())
    return _INFLECTED.sub(r"\1", bare) if several or not is_german(bare.lower()) else None


def house_term(text: str) -> str | None:
    """The English of the house's term that is the whole text, in any case (des Landeskriminalamtes)."""
    whole = (m for m in house_glossary().matches(text) if (m.start, m.end) == (0, len(text)) and m.entry.targets)
    return next((match.entry.targets[0] for match in whole), None)


def _described(english: str, before: list[str], *, named: bool) -> str | None:
    """With the adjectives before it: Kieler Polizei, norwegische Reederei, interner Vermerk; None if one is unknown."""
    for word in reversed(before):
        place = next((f for f in places_in(word, "de") if f.text == word), None)
        plain = _ADJECTIVES.get(re.sub(r"e[nrms]?$", "", word.lower()))
        if place and place.kind == "part" and (name := _in_english(place.value) or str(place.value)):
            english = f"{english} in {name}"
        elif place and (adjective := english_adjective(word)):
            english = f"{adjective} {english}"
        elif plain is not None:
            english = f"{plain} {english}".strip()
        elif not named:
            return None
    return english


def english_adjective(word: str) -> str | None:
    """ "ukrainische" is Ukrainian; None if the word is no adjective of a country, state or people."""
    entry = gazetteer("de").single.get(word)
    if entry is None or entry.kind != "adjective":
        return None
    english = gazetteer("en")
    forms = (form for form in english.forms.get(entry.value, ()) if form in english.single)
    return next((form for form in forms if english.single[form].kind != "place"), None)


def same_body(speaker: str, german: str) -> bool:
    """Do the bodies and roles that `german` names make up the English `speaker`, but for names that both have?

    "a spokesman for the Kiel public prosecutor's office" and "ein Sprecher der Staatsanwaltschaft Kiel".
    """
    rest, matched = speaker.lower(), False
    for phrase in sorted(_phrases(german), key=len, reverse=True):
        rest, hits = re.subn(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", rest)
        matched = matched or hits > 0
    if not matched:
        return False
    left = re.findall(r"[\w-]+", _FUNCTION.sub(" ", rest))
    places = {str(f.value).lower() for f in places_in(german, "de")}
    return all(word in german.lower() or word in places for word in left)


@lru_cache(maxsize=2_000)
def _phrases(german: str) -> frozenset[str]:
    found = {body.english for noun in re.findall(r"\b[A-ZÄÖÜ][\w-]+", german) if (body := _body(noun))}
    found |= {target for entry in house_glossary().entries_in(german) for target in entry.targets}
    return frozenset(phrase.lower() for phrase in found)

"""The dateline before the first sentence: place, perhaps a date, agency ("Berlin (dpa) -", "Wien –", "Kiel. ")."""

from __future__ import annotations

import re
from functools import partial
from typing import Final, NamedTuple

from presseschau.facts.lexicon import stem
from presseschau.facts.names import places
from presseschau.facts.names.kept_words import is_listed_noun
from presseschau.ingest.dates import iso
from presseschau.ingest.layout.credits import agency_in
from presseschau.ingest.sentences import split, starts_sentence
from presseschau.lang import SOURCE, listed, regex
from presseschau.patterns import late

_rule = partial(regex, SOURCE, "dateline")

_CITY_STATES: Final = frozenset({"LU", "SG", "MC", "HK", "VA"})
_FEWEST_WORDS: Final = 4
"""Shorter sentences behind a place are a list ("Wien. Linz. Graz.") or go on about it ("Berlin. Meine Stadt.")."""
_LONGEST: Final = 90
_LONGEST_ACRONYM: Final = 4
_MOST_WORDS: Final = 5
_SIGNATURE: Final = late(r"[\w./,&+ -]{2,60}")


class Dateline(NamedTuple):
    """`length` characters at the start of a paragraph, with what they say."""

    length: int
    agency: str | None
    date: str | None


def read_dateline(text: str) -> Dateline | None:
    """The dateline at the start of `text`, or None. A bare "Ort –" counts only if a capital or a quotation follows."""
    head = text[: _LONGEST + 2]
    match = _rule("with_agency").match(head)
    if match and _signs(match):
        return _dateline(match, agency_in(match["sign"], dateline=True))
    match = _rule("slashed").match(head)
    if match and len(match["place"].split()) <= _MOST_WORDS:
        return _dateline(match, agency_in(match["sign"], dateline=True))
    match = _rule("dated").match(head)
    if match and _is_place(match["place"]):
        return _dateline(match, None)
    match = _rule("bare").match(head)
    if match and _is_place(match["place"]) and _begins_sentence(match["place"], head[match.end() :]):
        return _dateline(match, None)
    return None


def dateline_alone(line: str) -> str | None:
    """The agency of a line that is a dateline and nothing else ("Berlin (ots)"), or None."""
    if line[:1] == "(" or line[-1:] not in ")-–":
        return None
    found = read_dateline(f"{line.rstrip(' -–')} – X")
    return found.agency if found and found.length > len(line.rstrip(" -–")) else None


def read_place(text: str, article: str) -> int | None:
    """How many characters at the start of `text` name nothing but a place and close with a full stop ("Kiel. Die ...").

    The place is a town of the gazetteer, or called like one (Uelbeck), or `article` says elsewhere that it is one ("in
    Osterfeld", "Osterfelder").
    """
    match = _rule("stopped").match(text[: _LONGEST + 2])
    if match is None or starts_sentence(match["place"].split()[0]) or not _is_town(match["place"], article):
        return None
    if len(re.findall(rf"^{re.escape(match['place'])}:", article, re.MULTILINE)) > 1:
        return None  # somebody who speaks
    rest = text[match.end() :]
    if not rest:
        return match.end()
    start, end = split(rest)[0]
    return match.end() if len(rest[start:end].split()) >= _FEWEST_WORDS else None


def _is_town(place: str, article: str) -> bool:
    """Are the names joined by strokes towns, at least one of them by the tables or by what the article says? What is
    in capitals is one."""
    if place.isupper() and len(place) > _LONGEST_ACRONYM and not is_listed_noun(place.lower()):
        return True
    names = [name.strip().title() if name.isupper() else name.strip() for name in place.split("/")]
    signs = (_rule("qualified").search, _in_tables, _called_like_a_town, partial(_called_a_place, article=article))
    return any(sign(name) for sign in signs for name in names)


def _in_tables(name: str) -> bool:
    """Is the name a town or region? Countries are not: nobody reports from "Afghanistan."."""
    found = places.read(name, SOURCE)
    if len(found) != 1 or found[0].text != name:
        return False
    value = str(found[0].value)
    return (found[0].kind == "place" or "-" in name) and (len(value) != len("DE") or value in _CITY_STATES)


def _called_like_a_town(name: str) -> bool:
    """Has the name the ending of a town, and is neither it nor what stands before the ending a German word?"""
    found = _rule("town_ending").fullmatch(name)
    parts = (name.lower(), found["front"].lower()) if found else ()
    return found is not None and not any(stem(part) or is_listed_noun(part) for part in parts)


def _called_a_place(name: str, article: str) -> bool:
    """Does the article use the name as that of a place, and never with an article before it, as it would a noun?"""
    if is_listed_noun(name.lower()) and name not in listed(SOURCE, "towns_like_nouns"):
        return False
    spelt = re.escape(name)
    before = set(re.findall(rf"\b(\w+) {spelt}\b", article))
    if any(map(_rule("before_a_noun").fullmatch, before)):
        return False
    return any(map(_rule("before_a_place").fullmatch, before)) or bool(re.search(rf"\b{spelt}er [A-ZÄÖÜ]", article))


def _signs(match: re.Match[str]) -> bool:
    """An agency in brackets, or any signature in brackets that a dash follows."""
    place = match["place"] or ""
    if len(place.split()) > _MOST_WORDS:
        return False
    if agency_in(match["sign"], dateline=True) is not None:
        return bool(place) or match["dash"].strip() != ""
    dashed = match["dash"].strip(" .:") != ""
    return dashed and _is_place(place) and _SIGNATURE.fullmatch(match["sign"]) is not None


def _is_place(place: str) -> bool:
    words = place.replace("/", " ").split()
    return 0 < len(words) <= _MOST_WORDS and not starts_sentence(words[0]) and not place.endswith((",", "."))


def _begins_sentence(place: str, rest: str) -> bool:
    """Behind a place of several words only a plain beginning counts: "Bayern München – Borussia" is not a place."""
    word = rest.partition(" ")[0]
    return " " not in place or starts_sentence(word) or not word[:1].isalpha()


def _dateline(match: re.Match[str], agency: str | None) -> Dateline:
    return Dateline(match.end(), agency, iso(match.group()))


def find_inside(text: str) -> tuple[int, Dateline] | None:
    """A bare dateline after one to three sentences of lead ("Lead. Wien – Das Gericht ..."): its offset and itself.

    That is how 660 of 1,028 Der Standard articles run lead and body together.
    """
    for start, _ in split(text[:1200])[1:4]:
        found = read_dateline(text[start : start + _LONGEST + 2])
        if found:
            return start, found
    return None

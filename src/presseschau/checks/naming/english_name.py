"""The usual English name of a German mention, as far as tables and spelling settle it; else the German wording.

Bodies and roles without a name of their own are rows of `bodies.csv` (die Leitstelle: control centre), terms of the
house those of `house_glossary.csv`; the patterns are the rules of `de/naming.toml`.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import NamedTuple

from presseschau.checks.naming.glossary import house_glossary
from presseschau.facts.names.gazetteer import gazetteer
from presseschau.facts.names.kept_words import is_german
from presseschau.facts.names.name_words import first_names
from presseschau.facts.names.persons import english_first_name, english_surnames
from presseschau.facts.names.places import read as places_in
from presseschau.facts.speech.mentions import without_article, without_body
from presseschau.facts.words import words as words_of
from presseschau.lang import PAIR, SOURCE, listed, regex, table, vocabulary
from presseschau.lang.words import Entry, forms
from presseschau.patterns import late

_QUOTES = '„“”»«"'
_NOUN = late(r"(?<![\w-])[A-ZÄÖÜ][\w-]+")
_PLACED = {"in": "{body} in {name}", "of": "{body} of {name}", "before": "{name} {body}", "name": "{name}"}
_GENITIVE = late(r"(?<=\w)['’]s\b")
_OFFICE = late(r"[A-ZÄÖÜ][\w-]+\s(?:der|des|von|vom)\s(?:[a-zäöüß]+\s)*$")
_PLAINLY = 2
"""Words of a region that an article must have to be from there."""
_INFLECTED = late(r"(?<=e)[mnrs]?(?=\s)")


@lru_cache(maxsize=64)
def region_of(text: str) -> str:
    """CH or AT for a German text that is from there by the words of `regions.csv`; "" if it is not plainly so."""
    among = {word: entry.region for entry in table(SOURCE, "regions", Entry) for word in forms(entry.word)}
    found = Counter(among[word.text] for word in words_of(text) if word.text in among)
    (most, times), *others = [*found.most_common(2), ("", 0)]
    return most if times >= _PLAINLY and times >= 3 * sum(n for _, n in others) else ""


@lru_cache(maxsize=2000)
def english_name(mention: str, region: str = "") -> str:
    """ "der ukrainische Präsident Wolodymyr Selenskyj" is Volodymyr Zelensky;

    "die Polizei" is police, "die Stadtwerke Kiel" stay Stadtwerke Kiel. `region`: where the article is from (CH, AT).
    """
    bare = without_article(" ".join(regex(SOURCE, "naming", "titles").sub("", mention).split()))
    if agency := _agency(bare):
        return agency
    if medium := regex(SOURCE, "naming", "medium").match(bare):
        return medium["name"].strip(_QUOTES)
    if (person := without_body(bare)) != bare:
        return _person(person) or person.split()[-1]
    body = _sources(bare) or _one_of(mention) or english_body(bare, region) or _term(bare)
    return body or _nominative(mention, "adjectives") or _person(bare) or _nominative(mention, "noun") or bare


def _one_of(mention: str) -> str | None:
    """einem Zeugen: witness. One person, whose word in this case is that for several."""
    found = regex(SOURCE, "naming", "one").match(mention)
    role = _table("").get(found["noun"]) if found else None
    return role.english if role and role.kind == "role" else None


def _nominative(mention: str, part: str) -> str | None:
    """des Landesjugendrings: Landesjugendring, dem Deutschen Turnverband: Deutscher Turnverband; None for all else, and
    without this part."""
    found = regex(SOURCE, "naming", "oblique").match(mention)
    if (
        found is None
        or not found[part]
        or not is_german(found["noun"].lower())
        or found["adjectives"][:-1] in first_names()
    ):
        return None
    noun = found["noun"]
    cut = (noun.removesuffix(end) for end in ("es", "s") if found["genitive"] and noun.endswith(end))
    noun = next((form for form in cut if is_german(form.lower())), noun)
    ending = "" if found["she"] else "s" if regex(SOURCE, "naming", "neuter").search(noun) else "r"
    return re.sub(r"(?<=e)n(?=\s)", ending, found["adjectives"]) + noun + found["rest"]


def _agency(text: str) -> str | None:
    """The short form of an agency that the text gives in full, in any case (der Deutschen Presse-Agentur)."""
    plain = _INFLECTED.sub("", text.lower())
    known = vocabulary(SOURCE, "agencies").items()
    return next((short for name, short in known if " " in name and _INFLECTED.sub("", name.lower()) in plain), None)


def _sources(text: str) -> str | None:
    """ "ukrainischen Angaben" are Ukrainian sources: whose word it is, though nobody is named."""
    match = regex(SOURCE, "naming", "sources").match(text)
    plain = vocabulary(PAIR, "adjectives").get(re.sub(r"e[nrms]?$", "", match["people"].lower())) if match else None
    adjective = english_adjective(match["people"]) or plain if match else None
    return f"{adjective} sources" if adjective else None


def _person(text: str) -> str | None:
    """First name and surname, or a surname behind an office; None if the words name no person."""
    runs = [match.group().split() for match in regex(SOURCE, "naming", "person").finditer(text)]
    words = runs[0] if runs else text.split()[-1:]
    is_office = regex(SOURCE, "naming", "office").search
    office = len(words) > 1 and bool(is_office(words[0]) or (len(words) > 2 and is_german(words[0].lower())))
    if office and words[1][0].islower() and not is_office(words[0]):
        return None  # die Chronik von Twesten
    words = words[1:] if office else words
    if len(words) > 2 and any(is_office(word) for word in words[:-2]):
        words = words[-2:]
    if words and words[0][0].islower() and words[-1] in gazetteer(SOURCE).single:  # der Präsident von Belarus
        return None
    if (
        any(mark in text for mark in _QUOTES)
        or not words
        or words[0] in _table("")
        or (len(words) == 1 and not office and words[0] not in english_surnames())
    ):
        return None
    first = (english_first_name(word, words[-1].removesuffix("s")) for word in words[:-1])
    return " ".join([*first, _surname(words[-1])])


def _surname(word: str) -> str:
    for german in (word, word.removesuffix("s")):
        if german in english_surnames():
            return english_surnames()[german]
    return word


def _term(text: str) -> str | None:
    """The English of a term of the house's glossary, or of a place, that is the whole mention."""
    if term := house_term(text):
        return term
    for value, known in gazetteer(SOURCE).forms.items():
        if text in known and gazetteer("en").forms.get(value):
            return gazetteer("en").forms[value][0]
    return None


def in_german(speaker: str, english: str) -> bool:
    """Is the speaker given in German words ("Sprecher der Feuerwehr")? A name stands in the English as it is, and "the
    police" is no Police."""
    if speaker.lower().startswith(("the ", "a ", "an ")):
        return False
    found = [word for word in words_of(speaker) if len(word.text) > 3 or word.text[0].isupper()]
    here = {word.lower for word in words_of(english)}
    return bool(found) and all(is_german(word.lower) and word.lower not in here for word in found)


def left_in_german(speaker: str, english: str) -> bool:
    """The same, but of words that are English as well (administration), and no German body of another name there (Land:
    state), nothing is left."""
    known = listed("en", "words")
    both = all(
        word.lower in known and (english_body(word.text) or word.text).lower() == word.lower
        for word in words_of(speaker)
    )
    return not both and in_german(speaker, english)


def in_full(english: str, german: str) -> bool:
    """Does the English begin with the full name of a body that the German names by its last word: Deutsche Bahn, die
    Bahn?"""
    full = (row for row in table(PAIR, "bodies", Body) if " " in row.german and english.startswith(row.english))
    return any(re.search(rf"\b{re.escape(row.german.split()[-1])}\b", german) for row in full)


class Body(NamedTuple):
    """A row of the table; `placed` says how a name behind it is put."""

    english: str
    kind: str
    placed: str
    german: str = ""
    use: tuple[str, ...] = ()
    region: tuple[str, ...] = ()


@lru_cache(maxsize=3)
def _table(region: str) -> dict[str, Body]:
    """German -> row: those of everywhere, and in their stead those of the region."""
    rows = [row for row in table(PAIR, "bodies", Body) if row.english and (not row.region or region in row.region)]
    return {row.german: row for row in sorted(rows, key=lambda row: bool(row.region))}


@lru_cache(maxsize=3)
def _inflected(region: str) -> dict[str, Body]:
    """The same for bodies of several words, by their words without endings (des Statistischen Landesamtes)."""
    return {_stems(german): row for german, row in _table(region).items() if " " in german}


def _stems(text: str) -> str:
    return " ".join(regex(SOURCE, "naming", "ending").sub("", word) for word in text.split())


@lru_cache(maxsize=8)
def body_nouns(use: str) -> tuple[str, ...]:
    """The German nouns of the table with this use in mentions of speakers."""
    return tuple(row.german for row in table(PAIR, "bodies", Body) if use in row.use)


@cache
def named_by_places() -> frozenset[str]:
    """The German nouns for bodies that have the name of a place behind them: Stadt, Universität."""
    return frozenset(
        row.german for row in table(PAIR, "bodies", Body) if row.placed in ("of", "before") and row.kind == "body"
    )


def is_body(noun: str) -> bool:
    """Does the table know the German noun, in any case, as one for a body rather than a person?"""
    found = _body(noun)
    return found is not None and found.kind == "body"


@lru_cache(maxsize=2_000)
def english_body(mention: str, region: str = "") -> str | None:
    """ "der Sprecher der Staatsanwaltschaft Kiel" is spokesman for the public prosecutor's office in Kiel; without an
    article. None if the table does not know the whole mention, or a person is named."""
    bare = without_article(mention.strip())
    if whole := _table(region).get(bare) or _inflected(region).get(_stems(bare)):
        return whole.english
    head = next(((noun, body) for noun in _NOUN.finditer(bare) if (body := _body(noun.group(), region))), None)
    if head is None:
        return None
    noun, body = head
    if _OFFICE.search(bare[: noun.start()]):  # die Rektorin der Universität Potsdam, were Rektorin not known
        return None
    if noun.end() == len(bare):
        return _described(body.english, bare[: noun.start()].split(), named=False)
    found = regex(SOURCE, "naming", "behind").match(bare[noun.end() :])
    if found is None:
        return None
    if found["name"] and (body.kind == "role" or body.placed == "for" or _sits_in(noun.group(), found["name"])):
        return None
    english = _placed(body, found["name"].strip(_QUOTES)) if found["name"] else body.english
    if found["rest"]:
        whose = _whose(found["rest"], region)
        if whose is None or found["link"] == "für":
            return None
        link = "for" if body.placed == "for" else "in" if found["link"] in ("in", "im") else "of"
        english = f"{english} {link} {whose}"
    return _described(english, bare[: noun.start()].split(), named=bool(found["name"]))


def _sits_in(council: str, name: str) -> bool:
    """Is it a member by name (Stadtrat Keller, Regierungsrat Beat Müller) rather than the council of a place?"""
    return council.endswith("rat") and _place(name) is None and not name.startswith(tuple(_QUOTES))


def _body(noun: str, region: str = "") -> Body | None:
    known = _table(region)
    for form in (noun, *(noun.removesuffix(ending) for ending in ("s", "es", "n", "en"))):
        if form in known:
            return known[form]
        if (land := known.get(form.removeprefix("Landes").capitalize())) and form.startswith("Landes"):
            return land._replace(english=f"state {land.english}")
    spoken = regex(SOURCE, "naming", "spokesman").match(noun)
    whose = known.get(spoken["whose"]) if spoken else None
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
        (_in_english(f.value) or name for f in places_in(name, SOURCE) if f.text == name and f.kind == "place"), None
    )


def _in_english(value: object) -> str | None:
    forms = gazetteer("en").forms.get(str(value))
    return forms[0] if forms else None


def _whose(rest: str, region: str) -> str | None:
    """The body or place behind der, des, von, in, with its article."""
    bare = without_article(rest)
    if body := english_body(rest, region):
        return body if body[0].isupper() and (" " not in body or body in _table(region)) else f"the {body}"
    if place := _place(bare):
        return place
    several = len(bare.split()) > 1 and all(word[0].isupper() for word in bare.split())
    return re.sub(r"^([A-ZÄÖÜ]\w+e)n(?=\s[A-ZÄÖÜ])", r"\1", bare) if several or not is_german(bare.lower()) else None


def house_term(text: str) -> str | None:
    """The English of the house's term that is the whole text, in any case (des Landeskriminalamtes)."""
    whole = (m for m in house_glossary().matches(text) if (m.start, m.end) == (0, len(text)) and m.entry.targets)
    return next((match.entry.targets[0] for match in whole), None)


def _described(english: str, before: list[str], *, named: bool) -> str | None:
    """With the adjectives before it: Kieler Polizei, norwegische Reederei, interner Vermerk; None if one is unknown."""
    for word in reversed(before):
        place = next((f for f in places_in(word, SOURCE) if f.text == word), None)
        plain = vocabulary(PAIR, "adjectives").get(re.sub(r"e[nrms]?$", "", word.lower()))
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
    """ "ukrainische" is Ukrainian; None if the word is not an adjective of a country, state or people."""
    entry = gazetteer(SOURCE).single.get(word)
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
    joins = vocabulary("en", "mentions", "joins")
    left = [word for word in re.findall(r"[\w-]+", _GENITIVE.sub(" ", rest)) if word not in joins]
    places = {str(f.value).lower() for f in places_in(german, SOURCE)}
    known = gazetteer("en").single
    people = {
        word for word in left if (one := known.get(word.capitalize())) and one.kind != "place"
    }  # the German union
    return all(word in german.lower() or word in places or word in people for word in left)


@lru_cache(maxsize=2_000)
def _phrases(german: str) -> frozenset[str]:
    found = {body.english for noun in re.findall(r"\b[A-ZÄÖÜ][\w-]+", german) if (body := _body(noun))}
    found |= {target for entry in house_glossary().entries_in(german) for target in entry.targets}
    return frozenset(phrase.lower() for phrase in found)

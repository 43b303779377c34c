"""`meaning.opposite`: the English says the other pole of a concept (convicted for freigesprochen).

Both poles of a concept stand in `opposites.csv` in both languages, how something ended in `outcomes.csv`. An English
word of the other pole is one only if no German word accounts for it, and the German word itself has no counterpart; a
denial that one side has more than the other may turn the pole (nicht verurteilt: acquitted).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from presseschau.checks.bitext import LONGEST_BEGINNING, SHORTEST, Bitext, Content, English
from presseschau.checks.pair.poles import Pole, derived, poles_of
from presseschau.facts import Fact
from presseschau.facts.lexicon import (
    beginnings_of,
    english,
    english_forms,
)
from presseschau.facts.words import Word
from presseschau.findings import Remark
from presseschau.lang import PAIR, SOURCE, vocabulary
from presseschau.models import Severity

CODE = "meaning.opposite"
NEAR = 20
"""Code points between a denial and the word that it denies."""
NOUN_ENDINGS = ("", "s", "es", "y", "ies")
VERB_ENDINGS = ("", "s", "es", "e", "ed", "ing", "ies", "ied")
GAP = 4
"""Words for which an asterisk may stand."""


def opposites(pair: Bitext) -> Iterator[Remark]:
    """At most one remark: the first German word whose other pole the English says instead."""
    for item, pole, said in _said_instead(pair, siblings=False):
        grade: Severity = "error" if pole.outcome in GRAVE else "warning"
        yield Remark(CODE, (item.start, item.end), (said.start, said.end), grade=grade)
        return


def siblings(pair: Bitext, deeds: bool = False) -> Iterator[Remark]:
    """At most one remark: the first German word, or verb (`deeds`), of which the English says another one of its
    kind."""
    for item, pole, said in _said_instead(pair, siblings=True):
        if deeds and not pole.is_deed:
            continue
        message = f"The German says “{item.text}”; the English says “{said.text}”, another one of its kind."
        code = "name.missing" if pole.kind == "body" else CODE
        yield Remark(code, (item.start, item.end), (said.start, said.end), message, "warning")
        return


@lru_cache(maxsize=4)
def _poles_said(pair: Bitext) -> list[tuple[Content, str, tuple[Pole, ...]]]:
    """The German words that say a pole, in lower case, and those poles."""
    found = []
    for item in pair.coverage:
        _, verb = pair.german.separated.get(item.start, (0, ""))
        low = verb or item.text.lower()
        if low in pair.english.known:  # a name, or the same word
            continue
        own = derived(low) if low[0] == item.text[0] and not item.covered else ()
        if poles := (*_meant(poles_of(low, _is_noun(item, pair.de)), item, pair), *own):
            found.append((item, low, poles))
    return found


def _said_instead(pair: Bitext, siblings: bool) -> Iterator[tuple[Content, Pole, Word]]:
    for item, low, poles in _poles_said(pair):
        for pole in poles:
            if bool(pole.kind) is not siblings or (siblings and not _may_be(pole, item.text)):
                continue
            if (said := _other(pole, item, pair)) and not (
                item.covered
                and pole.kind != "ministry"
                and not pole.also
                and not pole.after
                and _kept(low, pole, pair.english)
            ):
                if any(
                    _stated(word, item, pair) for one in poles if siblings or not one.is_deed for word in one.own
                ) or (not (pole.outcome in GRAVE and pole.negated) and _swapped(pair)):
                    break
                yield item, pole, said


GRAVE = ("verdict", "vote", "death")


def _may_be(pole: Pole, word: str) -> bool:
    """Has a German word the capital of the kind, or none?"""
    return pole.kind in vocabulary(PAIR, "sibling_kinds", "small") or word[0].islower() is pole.is_deed


def _meant(poles: tuple[Pole, ...], item: Content, pair: Bitext) -> list[Pole]:
    """Those of the phrase that the word ends (in Kraft); else those of the word, in a context where they hold."""
    if not poles:
        return []
    phrases = [pole for pole in poles if pole.after]
    if phrases:
        before = pair.de[: item.start].lower().rstrip()
        phrases = [pole for pole in phrases if before.endswith(pole.after)]
    said = phrases or [
        pole for pole in poles if not pole.after and (not pole.also or pair.german.headwords.issuperset(pole.also))
    ]
    return [pole for pole in said if not any(_stands(word, pair) for word in pole.not_with)]


def _is_noun(item: Content, text: str) -> bool:
    """A capital inside a sentence, and no verb made a noun (beim Erhitzen)."""
    before = text[: item.start].rsplit(None, 1)[-1:] if item.text[0].isupper() else []
    return bool(before) and before[0].lower() not in vocabulary(SOURCE, "articles", "nominal")


def _stands(word: str, pair: Bitext) -> bool:
    """Does the German have the word, in any form or in a compound, or the English?"""
    own = pair.german.words
    return any(word == item.lower or (len(word) >= SHORTEST and word in item.lower) for item in own) or (
        said_at(word, pair.english) is not None
    )


def _kept(low: str, pole: Pole, en: English) -> bool:
    """Does an English word render the German one that is none of the other pole (employer begins like employee)?"""
    own = english(low)
    said = [word for word in en.low if beginnings_of(low).fit(word)]
    return any(_is_form(word, own) or not _is_form(word, pole.other_forms) for word in said)


def _other(pole: Pole, item: Content, pair: Bitext) -> Word | None:
    """The English words of the other pole, if nothing speaks against it."""
    en = pair.english
    if en.beginnings.isdisjoint(pole.other_openings) or en.beginnings.isdisjoint(pole.other_beginnings):
        return None
    for word in pole.other:
        for at in _places(word, en):
            said = _place(at, en)
            named = pole.kind in vocabulary(PAIR, "sibling_kinds", "named")
            if pole.kind and not (_same(en.low[at], word, pole.is_deed) and (named or not _is_name(said))):
                continue
            if not any(_accounted(part, item, pair) for part in {en.low[at], *said.text.lower().split("-")}):
                return None if _turned(pole, item, said, pair) else said
    return None


def _stated(word: str, item: Content, pair: Bitext) -> bool:
    """Does the English say it, and not for another German word?"""
    en = pair.english
    return any(not _accounted(en.low[at], item, pair) for at in _places(word, en))


def _swapped(pair: Bitext) -> bool:
    """Do the first two names stand the other way round (A lost to B: B beat A)?"""
    order = [at for start, at in sorted(pair.places.items()) if pair.de[start].isupper() and pair.en[at].isupper()]
    return len(order) > 1 and order[0] > order[1]


def _turned(pole: Pole, item: Content, said: Word, pair: Bitext) -> bool:
    """Is one side denied where the other is not: in all that is said beside the two words, or close to them? Where the
    denial of a pole is not the other (not rising, falling), only words that deny their clause count."""
    any_kind = pole.negated or None
    places: tuple[Content | Word, Content | Word] = item, said
    sides = zip((pair.german.facts.negations, pair.english.facts.negations), places, strict=True)
    own = [
        [f for f in facts if (f.value == "strong" or (any_kind and f.value == "weak")) and not _is(f, place)]
        for facts, place in sides
    ]
    near = [
        any(_gap(fact, place) <= NEAR for fact in facts if fact.value == "strong")
        for facts, place in zip(own, places, strict=True)
    ]
    near[1] = near[1] or any(
        f.value == "weak" and f.start < said.start <= f.end + NEAR and not _of_manner(f.text.lower()) for f in own[1]
    )  # without conditions
    near[0] = near[0] or pair.de[: item.start].split()[-1:] == ["nicht"]  # nicht unmöglich is no denial otherwise
    strong = [sum(f.value == "strong" for f in facts) for facts in own]
    return strong[0] != strong[1] or near[0] != near[1]


def _of_manner(low: str) -> bool:
    """Unexpectedly approved is approved."""
    return low.startswith(("un", "in", "im")) and low.endswith("ly")


def _gap(fact: Fact, place: Content | Word) -> int:
    return max(place.start - fact.end, fact.start - place.end)


def _is(fact: Fact, place: Content | Word) -> bool:
    """Is the denial in the word itself (unable), not before it (not understandable)?"""
    return place.start <= fact.start < place.end


def said_at(phrase: str, en: English) -> Word | None:
    """The English words, or the first of them, where these stand side by side, each in any of its forms."""
    return next((_place(at, en) for at in _places(phrase, en)), None)


def _places(phrase: str, en: English) -> Iterator[int]:
    """Their places in `en.low`."""
    forms, beginnings, rest = _parted(phrase)
    if not en.beginnings.isdisjoint(beginnings):
        for at, word in enumerate(en.low):
            if _is_form(word, forms) and _goes_on(en.low[at + 1 :], rest):
                yield at


@lru_cache(maxsize=8_192)
def _parted(phrase: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The forms of its first word, how they begin, and the other words; before the particle of a verb an asterisk, as
    it may come after the object (called the strike off)."""
    first, *rest = phrase.replace("-", " ").split(" ")
    particles = vocabulary("en", "particles")
    if "*" not in rest and first not in ("is", "are"):
        rest = [part for word in rest for part in (("*", word) if word in particles else (word,))]
    forms = english_forms(first)
    return forms, tuple(form[:LONGEST_BEGINNING] for form in forms), tuple(rest)


def _goes_on(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Do these words begin with the phrase, an asterisk in which stands for up to four of them?"""
    if not phrase:
        return True
    if phrase[0] == "*":
        return any(_goes_on(words[k:], phrase[1:]) for k in range(GAP + 1))
    return bool(words) and _is_form(words[0], english_forms(phrase[0])) and _goes_on(words[1:], phrase[1:])


def _is_form(word: str, forms: tuple[str, ...]) -> bool:
    endings = vocabulary("en", "endings", "related")
    for form in forms:
        if word in (form, form + "s"):
            return True
        if len(form) >= SHORTEST and word.startswith(form):
            rest = word[len(form) :]
            if rest in endings or (rest[0] == form[-1] and rest[1:] in endings):  # acquit, acquittal
                return True
    return False


def _same(word: str, listed: str, verb: bool) -> bool:
    """Is it this one, or a verb in any form, and no other word of its family (plum, plumage)?"""
    first = listed.split(" ", 1)[0].split("-", 1)[0]
    rest = word.removeprefix(first.removesuffix("e") if verb else first)
    if verb and rest[:1] == first[-1]:
        rest = rest[1:]
    return word in english_forms(first) or rest in (VERB_ENDINGS if verb else NOUN_ENDINGS)


def _is_name(word: Word) -> bool:
    return word.start > 0 and word.text[0].isupper()


def _accounted(word: str, item: Content, pair: Bitext) -> bool:
    """Is the English word that of another German word?"""
    return any(
        word == low or beginnings_of(low, parts=True).fit(word)
        for other in pair.german.content
        if other.start != item.start
        for low in (*other.lower.split("-"), pair.german.separated.get(other.start, (0, ""))[1])
        if low
    )


def _place(at: int, en: English) -> Word:
    """The word of the English that `en.low[at]` is, or is a part of."""
    before = 0
    for word in en.words:
        before += len(word.lower.split("-"))
        if before > at:
            break
    return word

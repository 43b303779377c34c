"""What a speaker is called: by name, by office, by a short form, in German and in English.

A claim names in English whom the German names; a good one says the mayor of Quernheim for Bürgermeister Stratmann, the
company for its chief executive. What somebody is stands beside his name somewhere in the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from presseschau.checks.bitext import bitext
from presseschau.checks.claim.foreign import own_text
from presseschau.checks.naming.english_name import english_body, same_body
from presseschau.checks.naming.glossary import house_glossary
from presseschau.checks.pair.bodies import bodies, may_be
from presseschau.facts import compare, facts
from presseschau.facts.names.kept_words import is_german, is_listed_noun
from presseschau.facts.names.name_words import first_names
from presseschau.facts.speech.english import telling
from presseschau.facts.speech.mentions import without_article
from presseschau.facts.words import words
from presseschau.lang import SOURCE, listed, regex, vocabulary
from presseschau.models import Article, Sentence
from presseschau.patterns import late

SHORTEST_INITIALS = 3
_NOUN = r"[A-ZÄÖÜ][\w-]+"
_LARGE = late(rf"\b{_NOUN}")
"""A word with a capital."""


def names(speaker: str, german: str) -> bool:
    """The last telling word of the speaker, mostly the family name, has a counterpart in the German; or most words."""
    if house_name(speaker, german) or same_body(speaker, german):
        return True
    own = telling(speaker)
    known = [_stands(word, german) for word in own]
    return bool(known) and (known[-1] or sum(known) * 2 > len(known))


def stands_somewhere(speaker: str, german: str) -> bool:
    """The same, or the German names what the speaker belongs to (a Nabu representative), or the body whose English is
    made of common words (the Chamber of Commerce: Wirtschaftskammer)."""
    if names(speaker, german):
        return True
    own = telling(speaker)
    large = [word for word in own if word[0].isupper()]
    if large and own[-1].islower() and _stands(large[-1], german):
        return True
    head, of, rest = speaker.partition(" of ")
    common = all(word.lower in listed("en", "words") for word in words(rest))
    return bool(of) and common and bool(telling(head)) and _stands(telling(head)[-1], german)


@lru_cache(maxsize=4096)
def house_name(speaker: str, german: str) -> bool:
    """Is the speaker the English of a term of the house (Federal Council: Bundesrat)?"""
    name = re.sub(r"^the ", "", speaker.lower())
    return any(name == target.lower() for entry in house_glossary().entries_in(german) for target in entry.targets)


def _stands(word: str, german: str) -> bool:
    low = word.lower()
    if not {low, f"{low}s"}.isdisjoint(part for item in words(german) for part in (item.lower, *item.lower.split("-"))):
        return True
    if len(word) > 3 and not bitext(german, word).leftover:
        return True
    if _initials(word, german):
        return True
    places = facts(word, "en").places  # Kazakh: kasachisch
    return bool(places) and not any(
        d.code == "place.added" for d in compare(facts(german, SOURCE), facts(word, "en"), "within")
    )


def _initials(word: str, german: str) -> bool:
    """Is it the short form of a name of several words (RKI, Nada: Nationale Anti-Doping-Agentur)?"""
    if len(word) < SHORTEST_INITIALS or not word[0].isupper() or not word.isalpha():
        return False
    between = r"[\w’']*[ -]"
    return re.search(rf"\b{between.join(map(re.escape, word.upper()))}", german) is not None


def is_called(speaker: str, mention: str, article: Article, others: Sequence[str] = ()) -> bool:
    """Is the English `speaker` the office of whom the German `mention` names, or the body that he has it in, by what
    the article says of him somewhere?

    Every name in it must stand in the article, but nobody of `others` may be called so more exactly (the head of the
    SPD group; the chief executive; the French government, of two ministers).
    """
    own, said = own_text(article), [word for word in telling(speaker) if word != office_of(speaker)]
    if not all(_stands(word, own) for word in said if word[0].isupper()):
        return False
    beside = [form for form in offices(mention, article) if _fits(speaker, form)]
    if not beside or any(list(bodies(bitext(form, speaker))) for form in beside):
        return False
    best = max(_exactness(speaker, said, form) for form in beside)
    rivals = (form for other in others for form in offices(other, article) if form not in beside)
    return not any(_fits(speaker, form) and _exactness(speaker, said, form) > best for form in rivals)


def _exactness(speaker: str, said: Sequence[str], form: str) -> tuple[bool, bool]:
    """Does the German have all the words beside the office, and a word for the office itself?"""
    return all(_stands(word, form) for word in said), _renders(form, office_of(speaker)) or may_be(form, speaker)


def _fits(speaker: str, form: str) -> bool:
    """May the office or body be that of a German one?"""
    office = office_of(speaker)
    leads = office in vocabulary("en", "mentions", "leads") and regex(SOURCE, "carrying", "for_a_body").search(form)
    large = [word for word in telling(speaker) if word[0].isupper()]
    of_it = office in vocabulary("en", "mentions", "speaks") and large and all(_stands(word, form) for word in large)
    same = bool(leads or of_it or (office and _renders(form, office)) or may_be(form, speaker))
    return same and _may_be_of(speaker, form)


def _may_be_of(speaker: str, form: str) -> bool:
    """Do not both name a land, and another one (the Italian minister, der französische Innenminister)?"""
    lands = {fact.value for fact in facts(speaker, "en").places}, {fact.value for fact in facts(form, SOURCE).places}
    return not all(lands) or not lands[0].isdisjoint(lands[1])


def persons(german: str, article: Article) -> tuple[str, ...]:
    """The surnames in a German text of those whom the article names in full somewhere."""
    named = _surnames(own_text(article))
    return tuple(one for one in dict.fromkeys(large_words(german)) if one in named)


def large_words(german: str) -> list[str]:
    """The words with a capital, in order."""
    return _LARGE.findall(german)


@lru_cache(maxsize=8)
def proper_names(text: str) -> frozenset[str]:
    """Surnames of those whom a German text names in full, and what stands alone in quotation marks (»Sportwoche«)."""
    return _surnames(text) | frozenset(re.findall(r"[„»\"]([A-ZÄÖÜ][\w-]+)[“«\"]", text))


def _surnames(text: str) -> frozenset[str]:
    return frozenset(last for _, last in _full_names(text))


@lru_cache(maxsize=8)
def _full_names(text: str) -> tuple[tuple[str, str], ...]:
    pairs = re.findall(r"\b([A-ZÄÖÜ][\w-]+)(?=\s([A-ZÄÖÜ][\w-]{2,})\b)", text)
    return tuple(
        pair
        for pair in pairs
        if pair[0] in first_names() or not (is_german(pair[0].lower()) or is_listed_noun(pair[1].lower()))
    )


def last_named(speaker: str, evidence: Sequence[Sentence], article: Article) -> bool:
    """Is it the last name, but for those of persons and places, that stands before the evidence?"""
    persons_here = frozenset(name for full in _full_names(own_text(article)) for name in full)
    first = min(s.n for s in evidence)
    for s in reversed([s for s in article.sentences if s.n < first]):
        if names(speaker, s.text):
            return True
        places = {part for fact in facts(s.text, SOURCE).places for part in fact.text.split()}
        large = set(large_words(s.text)) - places
        if any(not is_german(one.lower()) for one in large - persons_here):
            return False
    return False


def offices(mention: str, article: Article) -> tuple[str, ...]:
    """The German words for what the one named by `mention` is: those of the mention, and those before and
    behind his name elsewhere, and his party in brackets."""
    return _offices(mention, own_text(article))


@lru_cache(maxsize=1024)
def _offices(mention: str, text: str) -> tuple[str, ...]:
    bare = without_article(mention)
    name = re.match(r"(?:[a-zäöüß]\S*\s)*((?:[A-ZÄÖÜ][\w-]+(?:\s|$))+)", bare)
    own = name[1].split() if name else []
    if len(own) < 1 + (bare != mention):
        return (mention,)  # die Managerin
    places = [m.span() for m in _LARGE.finditer(text) if m[0] == own[-1]]
    before = [found[1] for start, _ in places if (found := _BEFORE.search(text, max(0, start - _FAR), start))]
    behind = [found[1] for _, end in places if (found := _BEHIND.match(text, end))]
    party = [found[1] for _, end in places if (found := _IN_BRACKETS.match(text, end))]
    return tuple(dict.fromkeys((mention, *before, *behind, *party)))


_BEFORE = late(rf"((?:\b[a-zäöüß]+\s)?\b{_NOUN}\s(?:{_NOUN}\s){{0,3}})\Z")
_BEHIND = late(rf",\s((?:[a-zäöüß]+\s){{0,3}}{_NOUN}(?:\s(?:der|des|von|vom)\s{_NOUN})?)")
_IN_BRACKETS = late(r" \(([^()]{2,40})\)")
_FAR = 200
"""Characters before a name in which its office stands."""


def office_of(speaker: str) -> str:
    """The word for the office in an English phrase without a person's name: mayor, of the mayor of Quernheim; or ""."""
    head = re.split(r"\s(?:of|for|at|from|in|on|with)\s", speaker)[0]
    last = re.split(r"['’]s?\s|\s", head)[-1]
    return last if last.islower() and last.isalpha() else ""


@lru_cache(maxsize=4096)
def _renders(german: str, office: str) -> bool:
    """Is the English word what one of the German nouns is called?"""
    nouns = [noun for noun in large_words(german) if is_german(noun.lower())]
    english = [english_body(noun) for noun in nouns]
    return any(one and one.split()[-1] == office for one in english) or any(
        not bitext(noun, office).leftover for noun in nouns
    )

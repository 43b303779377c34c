"""What a German mention stands for: a thing, a document, a man or a woman, someone named elsewhere (pronouns); and
where a person's name ends.

The patterns are the rules of `de/mentions.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from presseschau.facts.names.kept_words import is_german, is_listed_noun
from presseschau.facts.names.name_words import first_names
from presseschau.lang import SOURCE, regex, vocabulary

Gender = Literal["m", "f"]
_SHORTEST_BODY = 6
"""Letters from which a German noun behind "von der" is a body rather than a surname (Heide, Wiese, Berg)."""


def without_article(mention: str) -> str:
    """die Polizei: Polizei."""
    return regex(SOURCE, "mentions", "article").sub("", mention)


def _is(sign: str, mention: str) -> bool:
    return regex(SOURCE, "mentions", sign).search(mention) is not None


def is_thing(mention: str) -> bool:
    """Is the head of the mention a number, a cost, a plan ..., which does not speak?"""
    return _is("thing", mention)


def is_topic(mention: str) -> bool:
    """Is it what a headline is about ("Feuer bei Nordlack: ...") rather than who speaks?"""
    return is_thing(mention) or _is("happened", mention) or _is("about", mention)


def is_agent(noun: str) -> bool:
    """Is it a word for people or for a body (Eltern, Experte, Bauernverband)?"""
    return _is("agent", noun)


def is_mute(mention: str) -> bool:
    """Is it a thing, which may confirm, promise or threaten something without a word (der Fall, die Mauer)? No person,
    body, document or name is."""
    bare = without_article(mention)
    head = re.match(r"(?:[a-zäöüß]\S*\s)*([A-ZÄÖÜ][\w-]+)(?!\s[A-ZÄÖÜ])", bare)
    if head is None or (bare == mention and not head[1].endswith("en")):
        return False  # a word without an article is a name
    return is_listed_noun(head[1].lower()) and not (is_agent(head[1]) or is_document(bare))


def is_document(mention: str) -> bool:
    """A document may say something, but nobody means it with "sagte er"."""
    head = re.split(r"\s(?:der|des|von|vom|an|aus|für|über)\s", mention)[0]
    return _is("document", head) and not re.search(r"[A-ZÄÖÜ][\w-]+\s+[A-ZÄÖÜ]", head)


def gender(mention: str) -> Gender | None:
    """`f` or `m` if the article, or the word for the office, shows it; bodies are what their article is."""
    if _is("woman", mention):
        return "f"
    return "m" if _is("man", mention) else None


_BARE = 2
"""Words of a first name and surname, or of an office and surname."""
_BEFORE = 3
"""Words that may stand before a surname: die Landrätin Petra Voss."""


def gender_in(mention: str, sentences: Sequence[str]) -> Gender | None:
    """That of the mention, or of its surname where the article has an office before it: Voss is Landrätin Petra Voss.
    None if they differ, or an office before it tells nothing."""
    surname = mention.split()[-1]
    if (known := gender(mention)) or not surname[0].isupper():
        return known
    whole = [one for sentence in sentences if surname in sentence for one in _in_full(surname, sentence.split())]
    found = {gender(one) for one in whole if len(one.split()) > _BARE or gender(one)}
    return found.pop() if len(found) == 1 else None


def _in_full(surname: str, words: Sequence[str]) -> Iterator[str]:
    """The surname with the words in capitals before it, at each of its places."""
    for at, word in enumerate(words):
        if word.rstrip('.,:;!?“”"«»)') == surname:
            first = at
            while first > max(0, at - _BEFORE) and words[first - 1][0].isupper() and words[first - 1][-1].isalpha():
                first -= 1
            if first < at:
                yield " ".join((*words[first:at], surname))


def fits(pronoun: str, mention: str, sentences: Sequence[str]) -> bool:
    """Can er, sie or man stand for the mention? True unless it is a document, or the gender is known to be another."""
    if is_document(mention):
        return False
    known = gender_in(mention, sentences)
    return not known or pronoun.lower() not in ("er", "sie") or known == {"er": "m", "sie": "f"}[pronoun.lower()]


def means(pronoun: str, mention: str) -> bool:
    """Does er or sie surely fit the mention of a person?"""
    return not is_document(mention) and gender(mention) == {"er": "m", "sie": "f"}.get(pronoun.lower())


def without_noun(mention: str, sentences: Sequence[str]) -> str:
    """The beginning of `mention` that is the name, if its last word is a noun that only follows it.

    Office, first name, surname and a noun in the plural; or the article has the surname without that noun elsewhere.
    """
    run = regex(SOURCE, "mentions", "run").search(without_article(mention))
    if run is None:
        return mention
    *names, last = run.group().split()
    if not _is_noun(last) or _is("body", names[-2]):
        return mention
    office = len(names) > 2 and _is("office", names[0]) and _is("plural", last)
    if (office or _alone(names[-1], sentences)) and not _speaks(last, sentences):
        return mention[: -len(last)].rstrip()
    return mention


def without_place(mention: str, sentences: Sequence[str]) -> str:
    """The beginning of `mention` that names a person, if the rest says where (Stadtrat Keller in Genf).

    A body or a role alone (die Polizei in Kiel, Forscher in Genf) stays whole; so does a surname that is a noun, unless
    it stands behind another large word somewhere.
    """
    found = regex(SOURCE, "mentions", "spoke_there").match(mention)
    if found is None or _is("body", found["before"] or found["last"]):
        return mention
    full = re.compile(rf"[A-ZÄÖÜ][\w-]+\s{re.escape(found['last'])}\b")
    named = not is_listed_noun(found["last"].lower()) or any(map(full.search, sentences))
    return found["who"] if found["before"] or (found["bare"] is not None and named) else mention


def without_body(mention: str) -> str:
    """The beginning of `mention` that names a person, if the rest says only where the person belongs.

    "Ursula von der Leyen" and "die Sprecherin der Polizei" stay whole: a surname may follow a first name, and an office
    is not a name.
    """
    found = regex(SOURCE, "mentions", "of_a_body").match(mention)
    if found is None:
        return mention
    words = [word for word in found["words"].split() if not word.endswith(".")]
    offices = 0
    while words and is_german(words[0].lower()) and words[0] not in first_names() and not (offices and len(words) == 2):
        words, offices = words[1:], offices + 1  # an office; two words behind one are a name, though they be German
    if not words or _is("body", words[-1]) or (len(words) == 1 and words[0] in first_names()):
        return mention
    surname_follows = len(words) == 1 or words[-1] in first_names()
    return mention if surname_follows and not _is_body(found["head"]) else found["who"]


def _is_body(head: str) -> bool:
    """Is it the noun or the initials of a body, and no surname?"""
    known = len(head) >= _SHORTEST_BODY and is_german(head.lower())
    return known or not head[:1].isalpha() or bool(re.search(r"[A-ZÄÖÜ].*[A-ZÄÖÜ]", head))


def _is_noun(word: str) -> bool:
    return is_listed_noun(word.lower()) or word.endswith("ungen")


def _alone(name: str, sentences: Sequence[str]) -> bool:
    """Does the surname stand somewhere without the noun?"""
    short = re.compile(rf"(?<![A-ZÄÖÜ]\w\s)\b{re.escape(name)}\b(?!\s+[A-ZÄÖÜ])")
    return any(short.search(one) for one in sentences)


def _speaks(noun: str, sentences: Sequence[str]) -> bool:
    """Is the noun someone's name after all (..., sagte Rosen)?"""
    said = re.compile(rf"[,“”\"«»]\s\w+t(?:e|en)?\s{re.escape(noun)}\b|^{re.escape(noun)}\s\w*(?:sagt|erklärt|meint)")
    return any(said.search(one) for one in sentences)


def is_pronoun(mention: str) -> bool:
    """Are all the words of the mention, German or English, pronouns: Ihm, er selbst, one of them?"""
    words = mention.lower().split()
    return bool(words) and any(all(word in vocabulary(lang, "pronouns") for word in words) for lang in (SOURCE, "en"))


def is_indefinite(pronoun: str) -> bool:
    """Does it mean nobody in particular: man, jemand, viele?"""
    return pronoun.lower() in vocabulary(SOURCE, "pronouns", "indefinite")


def nominative(pronoun: str) -> str:
    """er or sie for a form of them or of what points to one man or woman (ihm, dessen, jene); "" for all others."""
    return vocabulary(SOURCE, "pronouns").get(pronoun.lower(), "")

"""Whom an English text names as the one who says it: "According to Berg, ...", "Berg said ...", "..., said Berg".

The forms are the rules of `en/attribution.toml`, the verbs those of `en/saying.csv` with the use "says".
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from presseschau.facts import facts
from presseschau.facts.speech.mentions import is_pronoun
from presseschau.facts.words import words
from presseschau.lang import any_of, listed, regex, vocabulary

MOST_WORDS = 9
"""Words of a speaker who is named behind "according to" or the verb."""


class EnglishAttribution(NamedTuple):
    """One "X said", "according to X" or, `through`, "told X", "citing X".

    `names` are the words that may be X, the likeliest first; `clause` is the stretch of text that X is given.
    """

    kind: Literal["says", "according", "through"]
    names: tuple[str, ...]
    clause: str

    @property
    def name(self) -> str:
        """X as a proper name, titles included (Mayor Anna Berg); "" for a spokesman of Berg's."""
        found = next((m for name in self.names if (m := regex("en", "attribution", "name").search(name))), None)
        own = found["name"].split() if found else []
        while own and (own[0].lower() in listed("en", "function_words") or _says_when(own[0])):
            own = own[1:]
        return " ".join(own)

    @property
    def phrase(self) -> str:
        """X in words, without the article (spokesman for the fire brigade); "" for a name alone."""
        found = regex("en", "attribution", "phrase").search(self.names[0])
        return found["phrase"] if found else ""


@lru_cache(maxsize=256)
def attributions(text: str) -> tuple[EnglishAttribution, ...]:
    """Everyone to whom the English `text` gives words; a pronoun is nobody."""
    if not any(regex("en", "attribution", kind).search(text) for kind in ("verb", "according", "through")):
        return ()
    found = (one for clause in clauses(text) for one in _in_clause(clause))
    told = (one._replace(names=tuple(name for name in one.names if telling(name))) for one in found)
    return tuple(one for one in told if one.names)


def clauses(text: str) -> tuple[str, ...]:
    """`text` cut where another speaker may begin."""
    return tuple(part.strip() for part in regex("en", "attribution", "clause").split(text) if part.strip())


def _in_clause(clause: str) -> Iterator[EnglishAttribution]:
    for match in regex("en", "attribution", "according").finditer(clause):
        yield EnglishAttribution("according", (_behind(clause[match.end() :]),), clause)
    for match in regex("en", "attribution", "through").finditer(clause):
        yield EnglishAttribution("through", (_behind(clause[match.end() :]),), clause)
    no_verbs = {match.end() for match in any_of("en", "attribution", "no verb").finditer(clause)}
    verbs = [match for match in regex("en", "attribution", "verb").finditer(clause) if match.start() not in no_verbs]
    done = 0
    for verb in verbs:
        before = clause[done : verb.start()].rstrip()
        if names := _before(before):
            yield EnglishAttribution("says", names, clause)
        elif before[-1:] in ("", ",", "”", '"', "'", "’", "–") and verb.group() != "told":
            yield EnglishAttribution("says", (_behind(clause[verb.end() :]),), clause)
        done = verb.end() if not before.endswith(" who") else done


def _before(text: str) -> tuple[str, ...]:
    """Who may be the subject of the verb behind `text`: Berg; Berg, the mayor,; Berg, who."""
    main = regex("en", "attribution", "relative").sub(" ", text)
    *pieces, last = (_bare(piece) for piece in regex("en", "attribution", "cut").split(main))
    before = [piece for piece in pieces if piece]
    if last:
        return (last,)
    if main.endswith(" who"):
        return tuple(before[-1:])
    mention = regex("en", "attribution", "mention")
    apposed = len(before) == 2 and all(mention.fullmatch(piece) for piece in before)
    return tuple(before) if apposed and any(word[0].isupper() for word in " ".join(before).split()) else ()


def _behind(text: str) -> str:
    piece = next((p for p in regex("en", "attribution", "cut").split(text) if p.strip()), "")
    return _bare(" ".join(piece.split()[:MOST_WORDS]))


def _bare(piece: str) -> str:
    """Without "has", "also", "on Monday"."""
    return regex("en", "attribution", "beside").sub("", piece.strip())


def speaker(text: str) -> str | None:
    """Who says it in the English of one sentence, if it names exactly one, in words: "fire brigade spokesman"."""
    found = {one.phrase for one in attributions(text) if one.kind != "through" and one.phrase}
    alone = found.pop() if len(found) == 1 else None
    return None if alone and f" and the {alone}" in text else alone


def telling(name: str) -> tuple[str, ...]:
    """The words that tell one speaker from another, titles only if there is nothing else; none for a pronoun or a
    time."""
    if is_pronoun(name):
        return ()
    nobody, titles = vocabulary("en", "mentions", "nobody"), vocabulary("en", "mentions", "title")
    all_words = [w.text for w in words(name) if w.lower not in nobody and not _says_when(w.text)]
    own = [word for word in all_words if word.lower() not in titles]
    return tuple(own or [word for word in all_words if word.lower() not in vocabulary("en", "mentions", "grammar")])


def _says_when(word: str) -> bool:
    lower = word.lower()
    return (
        word.isdigit()
        or (word.islower() and word.endswith("ly"))
        or lower in vocabulary("en", "mentions", "time")
        or any(lower in vocabulary("en", table, "full", lower=True) for table in ("months", "weekdays"))
    )


def is_generic(name: str) -> bool:
    """Is this only a word such as "the company" or "officials", that may take up any voice?"""
    known = (vocabulary("en", "mentions", "generic"), vocabulary("en", "mentions", "title"))
    return all(any(word.lower() in table for table in known) for word in telling(name))


def voiced(text: str) -> bool:
    """Does the English `text` say that somebody says so, or quote? "Arson is ruled out" does not."""
    read = facts(text, "en")
    if read.quotes or attributions(text) or any(fact.value in ("alleged", "reported") for fact in read.hedges):
        return True
    passive = {match.end() for match in regex("en", "attribution", "passive").finditer(text)}
    return any(
        one.start not in passive
        or one.text.lower().endswith("ing")
        or one.text.lower() in vocabulary("en", "saying", "open")
        or text[one.end :].startswith(" by ")
        for one in read.voices
    )

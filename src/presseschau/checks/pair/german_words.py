"""The words by which German left in English is told from English, and whether a whole text is still German."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from presseschau.facts.lexicon import english, lexicon, noun_stem, split_compound, stem
from presseschau.facts.names.gazetteer import gazetteer
from presseschau.facts.names.kept_words import german_score, is_listed_noun
from presseschau.facts.words import Word
from presseschau.lang import PAIR, SOURCE, listed, regex, vocabulary
from presseschau.patterns import cached_on_disk


class LeftWords(NamedTuple):
    """`function`: German grammar. `particle`: those of it that stand in names; `article`: the articles of them.
    `twofold`: words of both languages, told apart by the English word before (`pronoun`, `before_die`). `english`:
    spelt like German, or German words at home in English. `name`, `surname`, `town`: titles, firms, rivers,
    and family names and towns that are common nouns too. `grammar`: English grammar. `determiner`, `before_noun`: what
    stands before a common noun; `before_name`: before a town or a speaker. `beginnings`: English words of the list."""

    function: frozenset[str]
    particle: frozenset[str]
    english: frozenset[str]
    name: frozenset[str]
    surname: frozenset[str]
    town: frozenset[str]
    grammar: frozenset[str]
    article: frozenset[str]
    twofold: frozenset[str]
    before_die: frozenset[str]
    pronoun: frozenset[str]
    determiner: frozenset[str]
    before_noun: frozenset[str]
    before_name: frozenset[str]
    beginnings: frozenset[str]


@lru_cache(maxsize=1)
def left_words() -> LeftWords:
    """The sets of `german_left.csv`."""
    names = tuple(name for name in LeftWords._fields if name != "beginnings")
    sets = {name: frozenset(vocabulary(PAIR, "german_left", name)) for name in names}
    return LeftWords(**sets, beginnings=_beginnings())


@cached_on_disk
def _beginnings() -> frozenset[str]:
    return frozenset("|".join(lexicon().values()).split("|"))


SINGULAR = 3.0
"""Score by letters below which a listed noun without an article may be a family name (Brett)."""


def german_noun(low: str, *, bare: bool = False) -> bool:
    """A common noun by the word list or by its suffix; place names (Winterberg) and cognates (Ukraine) are not.

    `bare`: nothing stands before it in the German that a common noun in the singular needs, an article or the like.
    Then a compound may be a company (Zielpunkt), and a suffix must close a listed noun (Erwärmung, not Samsung).
    """
    if regex(SOURCE, "german_left", "place").search(low) or low.rstrip("s") in left_words().beginnings:
        return False
    if (
        (base := noun_stem(low))
        and (low.startswith(base) or low in listed(SOURCE, "nouns") or low in listed(SOURCE, "words"))
        and not (bare and low == base and german_score(low.capitalize()) < SINGULAR)
        and low[len(base) :] in vocabulary(SOURCE, "endings", "plural")
        and (low != base + "n" or base[-1] in "elr")
    ):
        cognate = any(low.startswith(word) for word in english(low) if len(word) > 3)
        return not cognate or bool(regex(SOURCE, "german_left", "plural").search(low))
    if len(low) > 5 and regex(SOURCE, "german_left", "noun").search(low):
        sure = not bare or regex(SOURCE, "german_left", "sure_noun").search(low)
        return bool(sure) or any(is_listed_noun(low[start:]) for start in range(len(low) - 5))
    return not bare and len(low) > 8 and split_compound(low) is not None


SENTENCE = 4
"""Words below which no text is called a German sentence by its grammar words."""


def is_german_text(own: tuple[Word, ...], source: tuple[Word, ...], en: str) -> bool:
    """Whether `en`, with the words `own`, is German: by its grammar words, as a copy of the German, or by py3langid."""
    sets = left_words()
    german = sum(item.lower in sets.function for item in own)
    grammar = sum(item.lower in sets.grammar for item in own)
    if len(own) >= SENTENCE and german >= 2 and german > 2 * grammar:
        return True
    copied = _copied(own, source)
    if copied and "://" not in en and _speaks(own):
        return True
    return german > grammar and len(own) >= SENTENCE and _langid_says_german(en)


def _copied(own: tuple[Word, ...], source: tuple[Word, ...]) -> bool:
    """Nearly the same words in the same order."""
    if len(own) < 2 or not len(own) * 0.8 <= len(source) <= len(own) * 1.25:
        return False
    same = {item.lower for item in source}
    return sum(item.lower in same for item in own) >= 0.9 * len(own)


def _speaks(own: tuple[Word, ...]) -> bool:
    """Has a word that is German and no name: a list of names may stay as it is, and Der Spiegel."""
    sets, places = left_words(), gazetteer(SOURCE).single
    others = sets.english | sets.name | sets.surname | sets.beginnings | sets.particle
    return any(
        item.text not in places
        and item.lower not in others
        and (
            item.lower in sets.function
            or (item.text.islower() and stem(item.lower) and german_score(item.text) > 0)
            or german_noun(item.lower)
        )
        for item in own
    )


KNOWN, GRAMMARLESS, SURE = 0.34, 0.5, 0.6
"""Share of the small words up to which a sentence may be of another language, and the same where none of them is
grammar; and from which py3langid is believed."""


def speaks_another(own: tuple[Word, ...], source: tuple[Word, ...], en: str) -> bool:
    """Whether hardly a small word of `en` is English or stands in the German, and py3langid says the same."""
    there = {item.lower for item in source}
    small = [item.lower for item in own if item.text.islower() and item.lower not in there]
    cut = sum(map(_is_cut_short, small))
    known = cut + sum(low in _english_words() or low.removesuffix("s") in _english_words() for low in small)
    limit = KNOWN if cut or any(low in listed("en", "function_words") for low in small) else GRAMMARLESS
    if len(small) < SENTENCE - 1 or known > limit * len(small):
        return False
    language, share = _identifier(()).classify(en)
    return bool(language not in ("en", SOURCE) and share > SURE)


def _is_cut_short(low: str) -> bool:
    """As only English does it: they're, don't, it's."""
    whole, _, rest = low.partition("'")
    return low.endswith("n't") or rest in ("m", "d", "re", "ve", "ll") or (rest == "s" and whole in _english_words())


@lru_cache(maxsize=1)
def _english_words() -> frozenset[str]:
    return listed("en", "words") | listed("en", "function_words") | left_words().grammar


@lru_cache(maxsize=2)
def _identifier(languages: tuple[str, ...]) -> Any:
    """Which of these languages a text is in; of all that are known, if there are none."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(languages or None)
    return identifier


def _langid_says_german(en: str) -> bool:
    language, share = _identifier((SOURCE, "en")).classify(en)
    return bool(language == SOURCE and share > 0.9)

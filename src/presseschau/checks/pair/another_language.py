"""`language.untranslated`: all of the English is still German, or of a third language.

German and English grammar words are counted; if that says nothing and the text is not just names, py3langid decides.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from presseschau.checks.bitext import Bitext
from presseschau.checks.pair.german_words import german_noun, left_words
from presseschau.facts.lexicon import stem
from presseschau.facts.names.gazetteer import gazetteer
from presseschau.facts.names.kept_words import german_score
from presseschau.facts.words import Word, words
from presseschau.findings import Place, Remark
from presseschau.lang import SOURCE, listed
from presseschau.patterns import compiled, late

CODE = "language.untranslated"


@cache
def _strange() -> re.Pattern[str]:
    return compiled(r"[\u0370-\u1cff\u2e80-\ud7ff\uf900-\ufdff\U00020000-\U0003ffff]{2,}")


_NEITHER_LATIN_NOR_SIGN = late(r"[^\x00-\u036f\u1d00-\u2e7f]")
"""Letters of a script that is not Latin: Greek, Cyrillic, Arabic, Devanagari, Chinese ..."""
_QUOTED = late(r"[“”\"„«»‘'(][^“”\"„«»()]{1,40}[“”\"«»’')]")

_SPEECH = late(r"[“\"„«»](?:[^“”\"„«»]* [^“”\"„«»]*,[”\"“»]|[a-zäöüß]+ [a-zäöüß]+)")
"""Ends with a comma, or begins with two small words: "Ich war müde," he said; a "völlig unrealistisch" plan."""


def in_another_language(pair: Bitext) -> tuple[Remark, ...]:
    """One remark, without a place, if all of the English is German or of a third language; or one for words in a script
    that the German has not."""
    own, source, en = pair.english.words, pair.german.words, pair.en
    german = titles(pair)
    outside = tuple(item for item in own if not any(start <= item.start < end for start, end in german))
    if len(outside) < 2:
        german, outside = [], own
    if is_german_text(outside, source, _without(en, german)):
        return (Remark(CODE, message="The English is still German."),)
    script = _strange().search(en) if _NEITHER_LATIN_NOR_SIGN.search(en) else None
    if script and script[0] not in pair.de:
        most = 2 * sum(map(len, _strange().findall(en))) > len(en)
        message = f"The English has words in another script: “{script[0]}”."
        return (Remark(CODE, en=None if most else script.span(), message=message),)
    if speaks_another(own, source, en):
        return (Remark(CODE, message="This is not English."),)
    return ()


def titles(pair: Bitext) -> list[Place]:
    """Where quotation marks or brackets hold a German term or title; words that someone says are none."""
    quoted = list(_QUOTED.finditer(pair.en))
    copied = {item.text for item in pair.german.words} if quoted else set()
    return [m.span() for m in quoted if _kept_as_it_is(m[0], copied) and not _SPEECH.match(m[0])]


def _kept_as_it_is(quotation: str, copied: set[str]) -> bool:
    """A German term or title in quotation marks or brackets: most of its words stand in the German."""
    inside = words(quotation)
    return 2 * sum(item.text in copied for item in inside) >= len(inside)


def _without(en: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        en = en[:start] + en[end:]
    return en


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

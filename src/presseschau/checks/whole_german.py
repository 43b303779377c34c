"""Is a whole text that should be English still German?"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from presseschau.checks.left_words import left_words
from presseschau.checks.lexicon import stem
from presseschau.checks.nouns import german_noun
from presseschau.facts.gazetteer import gazetteer
from presseschau.facts.words import Word

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
    sets, places = left_words(), gazetteer("de").single
    others = sets.english | sets.name | sets.surname | sets.beginnings | sets.particle
    return any(
        item.text not in places
        and item.lower not in others
        and (item.lower in sets.function or (stem(item.lower) and item.text.islower()) or german_noun(item.lower))
        for item in own
    )


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["de", "en"])
    return identifier


def _langid_says_german(en: str) -> bool:
    language, share = _identifier().classify(en)
    return bool(language == "de" and share > 0.9)

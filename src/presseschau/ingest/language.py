"""Is the text German? A cheap look at its commonest words; a language identifier only where that leaves a doubt."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from presseschau.lang import SOURCE, listed
from presseschau.patterns import late

_WORD: Final = late(r"[^\W\d_]+")
_SAMPLE: Final = 1_500
_FEWEST_WORDS: Final = 12
_PLAIN: Final = 0.2
"""Share of the German words at which the cheap look is sure; German news has about 0.3, no neighbour 0.1."""
_LIKELY: Final = 0.15


def is_german(text: str) -> bool:
    """Is most of `text` German? Only its beginning, middle and end are looked at.

    A text without words counts as German: nothing speaks against it.
    """
    sample = _sample(text)
    german, foreign, words = _count(sample)
    if words >= _FEWEST_WORDS and german >= _PLAIN * words and german > 3 * foreign:
        return True
    if not words or _identify(sample) == SOURCE:
        return True
    return german >= max(2, _LIKELY * words) and german > 4 * foreign


def identify(text: str) -> str:
    """The language of `text` as ISO 639-1, among the 140 that py3langid knows."""
    return _identify(_sample(text))


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = len(text) // 2
    return "\n".join((text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:]))


def _count(text: str) -> tuple[int, int, int]:
    """German words, foreign words and all words of the sample."""
    words = [word.lower() for word in _WORD.findall(text)]
    german, foreign = listed(SOURCE, "frequent"), listed(SOURCE, "foreign")
    return sum(word in german for word in words), sum(word in foreign for word in words), len(words)


def _identify(sample: str) -> str:
    text = sample.lower() if sample.isupper() else sample
    language, _ = _identifier().classify(text)
    return str(language)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """py3langid's model: one second and 100 MB, so only when the cheap look leaves a doubt."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)

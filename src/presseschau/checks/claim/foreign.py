"""`evidence.foreign`: something in a claim stands only in text that is not this article (teasers, other reports).

Two looks: facts (numbers, dates, places, names) of the English that the dropped text has and the article does not; and
English words that the dropped German accounts for and the article's German does not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.checks.bitext import Bitext, german
from presseschau.findings import Found, flag, span
from presseschau.models import Article

CODE = "evidence.foreign"
WORDS = 3
"""Words that must come from the dropped text alone before their number counts; one name is enough."""


@lru_cache(maxsize=8)
def own_text(article: Article) -> str:
    """All that the article itself says: topic, headline, sentences, kept parts, and its date."""
    parts = [sentence.text for sentence in article.sentences] + [part.text for part in article.kept]
    return "\n".join([*parts, article.topic or "", article.published or ""])


@lru_cache(maxsize=8)
def dropped_text(article: Article) -> str:
    """All that was set aside."""
    return "\n".join(part.text for part in article.dropped)


def foreign(own: Bitext, dropped_german: str) -> tuple[Found, ...]:
    """One finding for each fact, or one for the words, that the English of `own` (with the article's own German) can
    only have from dropped text; else none."""
    if not dropped_german:
        return ()
    en, dropped = own.en, Bitext(german(dropped_german), own.english)
    places = {key[1:] for key in own.added if key not in dropped.added}
    places |= _names(own, dropped_german)
    if places:
        return tuple(_finding(en, start, end) for start, end in sorted(places))
    missing, elsewhere = set(own.leftover), set(dropped.leftover)
    only = sorted(word for word in missing - elsewhere)
    if len(only) >= WORDS and len(only) > len(missing & elsewhere):
        message = f"This is not from the article but from other text on the page ({', '.join(only)})."
        return (flag(CODE, message, scope="claim"),)
    return ()


def _names(own: Bitext, dropped: str) -> set[tuple[int, int]]:
    """Capitalised words that stand in the dropped text as they are, and in no form in the article."""
    strange = set(own.leftover)
    found = set()
    for match in re.finditer(r"\b[A-ZÄÖÜ][\w'’-]{3,}", own.en):
        word = re.sub(r"['’]s$", "", match.group())
        if word.lower() in strange and re.search(rf"\b{re.escape(word)}", dropped):
            found.add((match.start(), match.start() + len(word)))
    return found


def _finding(en: str, start: int, end: int) -> Found:
    said = span(en, start, end)
    message = f"“{said.text}” stands only in other text on the page, not in this article."
    return flag(CODE, message, scope="claim", en=said)

"""What a page says about its article in JSON-LD, and whether that agrees with what the page shows."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from presseschau.findings import flag
from presseschau.ingest.document import whole
from presseschau.ingest.formats.text import blocks_of_fragment
from presseschau.ingest.layout.furniture import STUB_LENGTH
from presseschau.models import Finding

AGREEMENT = 0.8
"""Share of words that page and JSON-LD must have in common to count as the same text."""

_MAX_TEXT, _MAX_LINES = 200_000, 5_000  # of an article worth comparing line by line
_BLOCK = 0.7  # share of a block's words that must stand in the JSON-LD text
_ARTICLE = re.compile(r"Article$|BlogPosting$|Report$")
_WORD = re.compile(r"\w+(?:[.,:]\d+)*")


def articles(scripts: list[str]) -> list[Mapping[str, Any]]:
    """The article objects in the page's JSON-LD scripts, in order; what is not valid JSON is passed over."""
    found: list[Mapping[str, Any]] = []
    for script in scripts:
        try:
            parsed = json.loads(re.sub(r"^\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*$", "", script), strict=False)
        except (ValueError, RecursionError):
            continue
        found += [thing for thing in _things(parsed, 0) if _is_article(thing)]
    return found


def choose(found: list[Mapping[str, Any]], headline: str) -> Mapping[str, Any] | None:
    """The article that the page is about: the one whose headline is most like the page's, else the first."""
    return max(found, key=lambda thing: _overlap(_string(thing.get("headline")), headline), default=None)


def metadata(article: Mapping[str, Any]) -> dict[str, str]:
    """Headline, dates, outlet and description as the JSON-LD gives them; empty ones left out."""
    said = {
        "headline": _string(article.get("headline")),
        "published": _string(article.get("datePublished")),
        "updated": _string(article.get("dateModified")),
        "description": _string(article.get("description")),
        "outlet": _string(article.get("publisher")),
    }
    return {key: value for key, value in said.items() if value and not value.startswith("http")}


def headline(article: Mapping[str, Any]) -> str:
    """Its headline; empty if it has none."""
    return _string(article.get("headline"))


def authors(article: Mapping[str, Any] | None, *, persons: bool) -> list[str]:
    """The names given as its authors: those that are said to be persons, or the others."""
    given = (article or {}).get("author")
    each = given if isinstance(given, list) else [given]
    kinds = [one.get("@type") if isinstance(one, Mapping) else None for one in each]
    return [
        name for one, kind in zip(each, kinds, strict=True) if (kind == "Person") is persons and (name := _string(one))
    ]


def locked(article: Mapping[str, Any] | None, length: int) -> tuple[Finding, ...]:
    """A warning if the article is said not to be free and the page shows too few characters to be all of it."""
    if length >= STUB_LENGTH or str((article or {}).get("isAccessibleForFree")).lower() != "false":
        return ()
    message = "The article is incomplete. Its JSON-LD says that it is not free to read, and there is little text."
    return (flag("input.incomplete", message).stamped(),)


def reconcile(
    body: list[str], above: list[str], article: Mapping[str, Any] | None, lines: list[str]
) -> tuple[list[str], tuple[Finding, ...]]:
    """The body's blocks to use and, if page and JSON-LD say different things, a warning `input.jsonld`.

    `above` are headline and lead, `lines` all lines of the page.

    Where they agree, blocks of the page that the JSON-LD text does not have are left out (crossheads stay); where the
    JSON-LD text has all of the page and more, it is used itself.
    """
    said = _paragraphs(article)
    if not said:
        return body, ()
    shown = _shown(lines, said)
    if not body and not shown:
        return said, (_finding("The page shows no article text; the text was taken from its JSON-LD."),)
    if not body or (_words(shown) & _words([*above, *body])).total() < AGREEMENT * _words(shown).total():
        body = shown  # the page shows that very text, and something else was taken for the article
    page, other = _words(body), _words(said)
    of_page = (page & other).total() / max(1, page.total())
    of_other = (_words([*above, *body]) & other).total() / max(1, other.total())
    title = _string(article.get("headline")) if article else ""
    if title and above[0] and _overlap(title, above[0]) < 0.3:
        return body, (_finding(f"The page is headed “{above[0][:60]}”, its JSON-LD “{title[:60]}”."),)
    if of_page >= AGREEMENT and of_other < AGREEMENT:
        return said, (_finding("The JSON-LD has more text than the page shows; the longer text was taken."),)
    if max(of_page, of_other) < AGREEMENT:
        return body, (_finding(f"Page and JSON-LD share only {max(of_page, of_other):.0%} of their words."),)
    if of_page < AGREEMENT:
        return body, ()  # the JSON-LD holds only the beginning
    kept = [block for block in body if _is_in(block, other) or _is_crosshead(block)]
    return kept, _differences(_figures(kept), _figures(said), _figures(above))


def _shown(lines: list[str], said: list[str]) -> list[str]:
    """The page's lines that stand in the JSON-LD text, if they make up most of it; else nothing."""
    whole = " ".join(said)
    if len(whole) > _MAX_TEXT or len(lines) > _MAX_LINES:
        return []
    found = list(dict.fromkeys(line for line in lines if len(line) > 20 and line in whole))
    return found if sum(map(len, found)) >= AGREEMENT * len(whole) else []


def _figures(blocks: list[str]) -> set[str]:
    return {word for word in _words(blocks) if any(char.isdigit() for char in word)}


def _differences(page: set[str], other: set[str], above: set[str]) -> tuple[Finding, ...]:
    """A warning if the two versions of one text differ in figures; a JSON-LD text may hold headline and lead too."""
    page, other = page - above, other - above
    if page == other:
        return ()
    only_page, only_other = (", ".join(sorted(one)[:5]) or "none" for one in (page - other, other - page))
    shown = f"page {only_page}; JSON-LD {only_other}"
    return (_finding(f"Page and JSON-LD give different figures ({shown}); the page's were taken."),)


def _finding(message: str) -> Finding:
    return flag("input.jsonld", message).stamped()


def _things(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Objects at the top, in lists and under `@graph` or `mainEntity`; not those an article merely mentions."""
    if isinstance(value, list) and depth < 5:
        for part in value:
            yield from _things(part, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if depth < 5 and isinstance(value.get(key), (list, Mapping)):
                yield from _things(value[key], depth + 1)


def _is_article(thing: Mapping[str, Any]) -> bool:
    kinds = thing.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and _ARTICLE.search(name) for name in names)


def _paragraphs(article: Mapping[str, Any] | None) -> list[str]:
    text = _string((article or {}).get("articleBody"))
    if "<" in text and ">" in text:
        text = blocks_of_fragment(text)
    return [" ".join(part.split()) for part in re.split(r"\n+", text) if part.strip()]


def _string(value: Any) -> str:
    if isinstance(value, str):
        return whole(value.strip())
    if isinstance(value, Mapping):
        return _string(value.get("name"))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_string, value)))
    return ""


def _words(blocks: list[str]) -> Counter[str]:
    return Counter(word for block in blocks for word in _WORD.findall(block.casefold()))


def _overlap(one: str, other: str) -> float:
    first, second = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    return len(first & second) / max(1, min(len(first), len(second)))


def _is_in(block: str, other: Counter[str]) -> bool:
    words = _words([block])
    return (words & other).total() >= _BLOCK * words.total()


def _is_crosshead(block: str) -> bool:
    return len(block) <= 90 and block[0] not in "(©@" and not block.endswith((".", "!", "…", ":"))

"""Named fields of a JSON object or a CSV row -> document: which field is the text, which the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from presseschau.ingest.document import Document, Item, ReadOptions, Skipped, whole
from presseschau.ingest.formats.unread import Look, unread
from presseschau.patterns import late

# Usual names, likeliest first, compared without case, blanks, `_` and `-`.
USUAL: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "articlebody", "articletext", "fulltext", "maintext", "bodytext", "plaintext",
        "cleantext", "article", "articlehtml", "bodyhtml", "bodyxhtml", "contenthtml", "html", "volltext", "inhalt",
        "artikeltext", "artikel", "haupttext", "beitrag",
    ),
    "headline": ("headline", "title", "titel", "ueberschrift", "überschrift", "schlagzeile", "hed"),
    "topic": ("kicker", "dachzeile", "spitzmarke"),
    "lead": ("lead", "vorspann", "standfirst"),
    "published": (
        "published", "datepublished", "publishedat", "publishdate", "datepublish", "publicationdate", "publishingdate",
        "pubdate", "date", "datum", "erscheinungsdatum", "veroeffentlicht", "veröffentlicht", "versioncreated",
        "timestamp",
    ),
    "updated": ("updated", "datemodified", "updatedat", "modified", "lastmodified", "aktualisiert"),
    "author": ("author", "authors", "byline", "creator", "autor", "autoren", "verfasser"),
    "outlet": (
        "outlet", "publisher", "newspaper", "sitename", "site", "medium", "quelle", "zeitung", "source",
        "sourcehostname", "hostname", "sourcedomain",
    ),
    "url": ("url", "link", "canonicalurl", "articleurl", "source", "sourceurl"),
}  # fmt: skip
KEYS = tuple(USUAL)
_MOST_NAMED = 20
"""Fields that a message names."""
_SHORT = 2_000
"""Characters of a value that goes along."""
_MARKUP = late(r"</(?:p|div|h[1-6]|section|li)>|<(?:br|p)\s*/?>", re.IGNORECASE)


def document_of(row: Mapping[str, Any], source: str, options: ReadOptions) -> Item:
    """The document in `row`; Skipped if it has no text field or an empty one, unless an address says where the text is.
    What else has a short value goes along as metadata under its own name, of nested objects under its path."""
    names = {folded(str(name)): name for name in reversed(list(row))}
    picked = {key: _pick(row, names, key, options.mapping) for key in KEYS}
    name, text = picked.pop("text")
    found = {key: _plain(value) for key, (_, value) in picked.items()}
    body = _plain(text, "\n\n")
    if isinstance(text, Mapping) and isinstance(text.get("sections"), list):
        found["lead"], body = found["lead"] or _plain(text.get("summary")), _of_sections(text["sections"])
    page = found["url"] or ""
    page = page if page.lower().startswith(("http://", "https://")) else ""
    if body is None and not (page and "text" not in options.mapping):
        wanted = options.mapping.get("text")
        missing = f"There is no field {wanted!r}" if wanted else "No field is known to hold the text"
        return Skipped(source, "fields", f"{missing}; the fields are: {_listed(row)}. Name it: --map text=FIELD.")
    found["author"] = (found["author"] or "").replace("; ", ", ")
    metadata = {key: value for key, value in found.items() if value and key != "lead"}
    used = {name, *(name for name, value in picked.values() if value not in (None, "", [], {}))}
    own = {
        key: value
        for key, value in _further({key: value for key, value in row.items() if key not in used})
        if key not in used and len(value) <= _SHORT and key.lower() not in metadata
    }
    named = ((key, _plain(value_at(row, path))) for key, path in options.mapping.items() if key not in KEYS)
    metadata = {**own, **metadata, **{key: value for key, value in named if value}}
    if body is None or (page and options.follow and not body.strip()):
        return Document(source, metadata=metadata, address=page)
    if _MARKUP.search(body):
        if kind := unread(Look(body), shares=False):
            return Skipped(source, kind.reason, kind.says)
        from presseschau.ingest.formats.text import blocks_of_fragment

        body = blocks_of_fragment(body)
    if not body.strip():
        where = f" Its page is {page}: fetch it with --follow." if page else ""
        return Skipped(source, "empty", f"The text field is empty.{where}")
    return Document(source, text=compose(found, body), metadata=metadata)


def _of_sections(sections: list[Any]) -> str | None:
    """The text of an article as fundus gives it: sections of headlines and paragraphs."""
    blocks: list[str] = []
    for section in sections:
        for key in ("headline", "paragraphs") if isinstance(section, Mapping) else ():
            values = section.get(key)
            blocks += [block for block in map(_plain, values if isinstance(values, list) else [values]) if block]
    return "\n\n".join(blocks) or None


def compose(found: Mapping[str, str | None], body: str) -> str:
    """Headline, lead and body as blocks; a headline or lead that the body begins with is not put twice."""
    blocks = [body.strip("\n")]
    for key in ("lead", "headline"):
        value = (found.get(key) or "").strip()
        if value and not " ".join(body[: len(value) + 200].split()).startswith(" ".join(value.split())):
            blocks.insert(0, value)
    return "\n\n".join(blocks)


def _pick(row: Mapping[str, Any], names: Mapping[str, Any], key: str, mapping: Mapping[str, str]) -> tuple[Any, Any]:
    """The name of the field that holds `key`, and its value; an outlet is no address, an address nothing else. `names`
    are those of the row by how they are compared."""
    if key in mapping:
        return mapping[key], value_at(row, mapping[key])
    first = None
    for usual in USUAL[key]:
        if usual not in names:
            continue
        value = row[names[usual]]
        is_address = isinstance(value, str) and value.startswith(("http://", "https://"))
        if (key == "outlet" and is_address) or (key == "url" and usual == "source" and not is_address):
            continue
        if value not in (None, "", [], {}):
            return names[usual], value
        first = first or (names[usual], value)
    return first or (None, None)


_STEP = late(r"\[(\d{0,6})\]|[^.\[\]]+")


def value_at(row: Mapping[str, Any], path: str) -> Any:
    """The value at a field's name, or at a path through nested ones: `body.sections[].paragraphs`, `authors[0].name`.

    `[]` is every item of a list, `[0]` its first; a name behind a list is looked up in every item of it. Of several
    paths with `|` between them it is the first that leads to something.
    """
    if path in row:
        return row[path]
    if "|" in path:
        return next((found for one in path.split("|") if (found := value_at(row, one)) is not None), None)
    value: Any = row
    for step in _STEP.finditer(path):
        items = value if isinstance(value, list) else [] if value is None else [value]
        if step[1]:
            value = items[int(step[1])] if int(step[1]) < len(items) else None
        elif step[0] == "[]":
            value = items
        else:
            found = [one[step[0]] for one in items if isinstance(one, Mapping) and one.get(step[0]) is not None]
            value = _flat(found) if isinstance(value, list) else found[0] if found else None
    return value if value != [] else None


def _flat(values: list[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _paths(value: Any, path: str = "", depth: int = 4) -> Iterator[str]:
    """The paths to what is in a value, those of a list through its first item."""
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        value, path = value[0], f"{path}[]"
    if isinstance(value, Mapping) and value and depth:
        for name, inner in value.items():
            yield from _paths(inner, f"{path}.{str(name)[:40]}" if path else str(name)[:40], depth - 1)
    elif path:
        yield path


def _listed(row: Mapping[str, Any]) -> str:
    named = list(islice(_paths(row), _MOST_NAMED + 1))
    return (", ".join(named[:_MOST_NAMED]) or "none") + (" ..." if len(named) > _MOST_NAMED else "")


def _further(row: Mapping[Any, Any], above: str = "", depth: int = 3) -> Iterator[tuple[str, str]]:
    """Names and values of fields; those of nested objects under their path."""
    for name, value in row.items():
        path = f"{above}{name}"
        if text := _plain(value):
            yield path, text
        elif isinstance(value, Mapping) and depth:
            yield from _further(value, f"{path}.", depth - 1)


def key_of(name: str) -> str | None:
    """What a usual name stands for: `text` for body, `headline` for Titel; None for any other."""
    found = [key for key, usual in USUAL.items() if key == name or folded(name) in usual]
    return found[0] if found else None


@lru_cache(maxsize=1_000)
def folded(name: str) -> str:
    """A name as it is compared."""
    return re.sub(r"[\s_-]+", "", name.removeprefix("\ufeff")).lower()


def _plain(value: Any, separator: str = "") -> str | None:
    """A field's value as text: strings and numbers as they are, lists joined, objects by their name."""
    if isinstance(value, str):
        return whole(value)  # JSON may escape halves
    if isinstance(value, Mapping):
        return _plain(value.get("name") or value.get("text") or value.get("content") or value.get("value"))
    if isinstance(value, (list, tuple)):
        parts = [part for part in map(_plain, value) if part]
        separator = separator or ("\n\n" if any(len(part) > 80 for part in parts) else ", ")
        return separator.join(parts) or None
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

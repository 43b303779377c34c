"""Named fields of a JSON object or a CSV row -> document: which field is the text, which the headline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from presseschau.ingest.document import Document, Item, ReadOptions, Skipped, whole
from presseschau.ingest.formats.unread import Look, unread

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
        "outlet", "publisher", "newspaper", "sitename", "medium", "quelle", "zeitung", "source", "hostname",
        "sourcehostname", "sourcedomain",
    ),
    "url": ("url", "link", "canonicalurl", "articleurl", "source", "sourceurl"),
}  # fmt: skip
KEYS = tuple(USUAL)
_SHORT = 2_000
"""Characters of a value that goes along."""
_MARKUP = re.compile(r"</(?:p|div|h[1-6]|section|li)>|<(?:br|p)\s*/?>", re.IGNORECASE)


def document_of(row: Mapping[str, Any], source: str, options: ReadOptions) -> Item:
    """The document in `row`; Skipped if it has no text field or an empty one. What else has a short value goes along
    as metadata under its own name."""
    picked = {key: _pick(row, key, options.mapping) for key in KEYS}
    name, text = picked.pop("text")
    found = {key: _plain(value) for key, (_, value) in picked.items()}
    body = _plain(text)
    if isinstance(text, Mapping) and isinstance(text.get("sections"), list):
        found["lead"], body = found["lead"] or _plain(text.get("summary")), _of_sections(text["sections"])
    if body is None:
        wanted = options.mapping.get("text")
        names = ", ".join(str(name)[:40] for name in list(row)[:12]) or "none"
        missing = f"There is no field {wanted!r}" if wanted else "No field is known to hold the text"
        return Skipped(source, "fields", f"{missing}; the fields are: {names}. Name it: --map text=FIELD.")
    if _MARKUP.search(body):
        if kind := unread(Look(body), shares=False):
            return Skipped(source, kind.reason, kind.says)
        from presseschau.ingest.formats.text import blocks_of_fragment

        body = blocks_of_fragment(body)
    if not body.strip():
        return Skipped(source, "empty", "The text field is empty.")
    metadata = {key: value for key, value in found.items() if value and key != "lead"}
    used = {name, *(name for name, value in picked.values() if value not in (None, "", [], {}))}
    further = ((str(key), _plain(value)) for key, value in row.items() if key not in used)
    own = {key: value for key, value in further if value and len(value) <= _SHORT and key.lower() not in metadata}
    return Document(source, text=compose(found, body), metadata={**own, **metadata})


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


def _pick(row: Mapping[str, Any], key: str, mapping: Mapping[str, str]) -> tuple[Any, Any]:
    """The name of the field that holds `key`, and its value; an outlet is no address, an address nothing else."""
    if key in mapping:
        return mapping[key], _at(row, mapping[key])
    names = {folded(str(name)): name for name in reversed(list(row))}
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


def _at(row: Mapping[str, Any], path: str) -> Any:
    """The value at a field name, or at `a.b` inside nested objects."""
    if path in row:
        return row[path]
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def folded(name: str) -> str:
    """A name as it is compared."""
    return re.sub(r"[\s_-]+", "", name.removeprefix("\ufeff")).lower()


def _plain(value: Any) -> str | None:
    """A field's value as text: strings and numbers as they are, lists joined, objects by their name."""
    if isinstance(value, str):
        return whole(value)  # JSON may escape halves
    if isinstance(value, Mapping):
        return _plain(value.get("name") or value.get("text") or value.get("content") or value.get("value"))
    if isinstance(value, (list, tuple)):
        parts = [part for part in map(_plain, value) if part]
        separator = "\n\n" if any(len(part) > 80 for part in parts) else ", "
        return separator.join(parts) or None
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

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
        "published", "datepublished", "publishedat", "publishdate", "datepublish", "publicationdate", "pubdate",
        "date", "datum", "erscheinungsdatum", "veroeffentlicht", "veröffentlicht", "versioncreated", "timestamp",
    ),
    "updated": ("updated", "datemodified", "updatedat", "modified", "lastmodified", "aktualisiert"),
    "author": ("author", "authors", "byline", "creator", "autor", "autoren", "verfasser"),
    "outlet": ("outlet", "publisher", "newspaper", "sitename", "medium", "quelle", "zeitung", "source"),
    "url": ("url", "link", "canonicalurl", "articleurl"),
}  # fmt: skip
KEYS = tuple(USUAL)
_MARKUP = re.compile(r"</(?:p|div|h[1-6]|section|li)>|<(?:br|p)\s*/?>", re.IGNORECASE)


def document_of(row: Mapping[str, Any], source: str, options: ReadOptions) -> Item:
    """The document in `row`; Skipped if it has no text field or an empty one."""
    found = {key: _plain(_pick(row, key, options.mapping)) for key in KEYS}
    body = found.pop("text")
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
    return Document(source, text=compose(found, body), metadata=metadata)


def compose(found: Mapping[str, str | None], body: str) -> str:
    """Headline, lead and body as blocks; a headline or lead that the body begins with is not put twice."""
    blocks = [body.strip("\n")]
    for key in ("lead", "headline"):
        value = (found.get(key) or "").strip()
        if value and not " ".join(body[: len(value) + 200].split()).startswith(" ".join(value.split())):
            blocks.insert(0, value)
    return "\n\n".join(blocks)


def _pick(row: Mapping[str, Any], key: str, mapping: Mapping[str, str]) -> Any:
    if key in mapping:
        return _at(row, mapping[key])
    names = {folded(str(name)): name for name in reversed(list(row))}
    for usual in USUAL[key]:
        value = row[names[usual]] if usual in names else None
        if value not in (None, "", [], {}):
            return value
    return next((row[names[usual]] for usual in USUAL[key] if usual in names), None)


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

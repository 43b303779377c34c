"""What the container (HTML head, JSON fields, CSV columns) says about an article, beside its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from presseschau.ingest.dates import iso
from presseschau.ingest.head import same_line

_FIELDS = {
    "headline": "headline", "title": "headline", "topic": "topic", "kicker": "topic", "published": "published",
    "date": "published", "updated": "updated", "modified": "updated", "agency": "agency", "outlet": "outlet",
    "publisher": "outlet", "sitename": "outlet", "author": "author",
}


@dataclass(frozen=True, slots=True)
class Metadata:
    """Known before the text is read; what is None is looked for in the text. Dates are ISO 8601."""

    headline: str | None = None
    topic: str | None = None
    published: str | None = None
    updated: str | None = None
    agency: str | None = None
    outlet: str | None = None
    author: str | None = None


def read_metadata(given: Mapping[str, str] | None) -> Metadata:
    """The known fields of `given` (headline, topic, published, updated, agency, outlet, author and their usual other
    names), white space tidied; dates that cannot be read, and unknown fields, are left out."""
    found: dict[str, str] = {}
    for name, value in (given or {}).items():
        field = _FIELDS.get(name.lower())
        tidy = " ".join(value.split()) if isinstance(value, str) else ""
        if field in ("published", "updated"):
            tidy = iso(tidy) or ""
        if field and tidy:
            found.setdefault(field, tidy)
    return Metadata(**found)


def with_headline(text: str, headline: str | None) -> str:
    """`text` with the headline on top, unless one of its first lines is that headline already."""
    if not headline:
        return text
    first = [line for line in text[:4000].split("\n") if line.strip()][:8]
    return text if any(same_line(line, headline) for line in first) else f"{headline}\n\n{text}"

"""What is known about an article beside its text: first from its container (HTML head, JSON fields, CSV columns), then
from its own lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from presseschau.ingest.dates import Stamp, iso
from presseschau.ingest.document import whole
from presseschau.ingest.layout.head import same_line

_FIELDS = {
    "headline": "headline",
    "title": "headline",
    "topic": "topic",
    "kicker": "topic",
    "published": "published",
    "date": "published",
    "updated": "updated",
    "modified": "updated",
    "agency": "agency",
    "outlet": "outlet",
    "publisher": "outlet",
    "sitename": "outlet",
    "author": "author",
}
_MOST_FURTHER, _LONGEST, _LONGEST_NAME = 100, 2_000, 100  # fields, characters of a value, of a name


class Metadata(NamedTuple):
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
        tidy = whole(" ".join(value.split())) if isinstance(value, str) else ""
        if field in ("published", "updated"):
            tidy = iso(tidy) or ""
        if field and tidy:
            found.setdefault(field, tidy)
    return Metadata(**found)


def further(given: Mapping[str, str] | None) -> dict[str, str]:
    """What else is said of the article: fields that `read_metadata` does not know, each in one line."""
    found = {}
    for name, value in list((given or {}).items())[:_MOST_FURTHER]:
        tidy = whole(" ".join(str(value).split()))[:_LONGEST]
        if name.lower() not in _FIELDS and tidy:
            found[whole(name)[:_LONGEST_NAME]] = tidy
    return found


def with_headline(text: str, headline: str | None) -> str:
    """`text` with the headline on top, unless one of its first lines is that headline already."""
    if not headline:
        return text
    first = [line for line in text[:4000].split("\n") if line.strip()][:8]
    return text if any(same_line(line, headline) for line in first) else f"{headline}\n\n{text}"


class Imprint:
    """Collects what the lines say; the container's metadata wins, and of the text's own lines the first."""

    def __init__(self, given: Metadata) -> None:
        self.given = given
        self.headline = given.headline
        self.topic = given.topic
        self.published = given.published
        self.updated = given.updated
        self.agency = given.agency
        self.author = given.author
        self.outlet = given.outlet
        self._agency_from_dateline = False

    def note_stamps(self, stamps: Iterable[Stamp]) -> None:
        """Take published and updated from a line of timestamps; a year left out is that of the publication."""
        for stamp in stamps:
            if stamp.date and stamp.date[0] is None and self.published:
                stamp = stamp._replace(date=(int(self.published[:4]), *stamp.date[1:]))
            if stamp.updated:
                self.updated = self.updated or stamp.iso()
            else:
                self.published = self.published or stamp.iso()

    def note_agency(self, agency: str | None, *, dateline: bool = False) -> None:
        """The dateline names the agency of the text; a credit does so only where no dateline does."""
        better = self.agency is None or (dateline and not self._agency_from_dateline)
        if agency and better and self.given.agency is None:
            self.agency = agency
            self._agency_from_dateline = dateline

    def metadata(self) -> Metadata:
        """What is known now."""
        return self.given._replace(
            headline=self.headline,
            topic=self.topic,
            published=self.published,
            updated=self.updated,
            agency=self.agency,
            author=self.author,
            outlet=self.outlet,
        )

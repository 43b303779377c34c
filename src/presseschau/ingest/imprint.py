"""What an article says about itself while it is read: dates, agency, author, topic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from presseschau.ingest.dates import Stamp
from presseschau.ingest.metadata import Metadata


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
                stamp = replace(stamp, date=(int(self.published[:4]), *stamp.date[1:]))
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
        return replace(
            self.given, headline=self.headline, topic=self.topic, published=self.published, updated=self.updated,
            agency=self.agency, author=self.author, outlet=self.outlet,
        )

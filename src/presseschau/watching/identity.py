"""Which item of a source is which: told by its address, its id there, and its words, none of them believed alone.

An address or id that several items of one reading share names none of them. An id that comes back with another address
and other words is another item; with words like before it is the same one, which has moved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from presseschau.briefing.days import in_german_time
from presseschau.facts.words import ratio
from presseschau.ingest.document import Document
from presseschau.ingest.follow import is_web_address

_TRACKING = re.compile(
    r"(?:utm|wt|mtm|pk|mc|at|hsa|ns|stm)_.*|(?:fb|g|d|ms|y|tt|wbraid|gbraid)(?:cl)?id|xtor|cmpid|igshid|ref_src",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index\.(?:html?|php))?$")
_MOVED = 60.0
"""How much alike (0 to 100) headlines must be for an item to be the one that had its id before."""
_UNTOLD = ("published", "updated", "url", "id")
_FUTURE, _EARLIEST = timedelta(days=1), 1990


def canonical(url: str) -> str:
    """An address as a key: without what only tells how somebody came there, and without what changes nothing."""
    try:
        parts, query = _split(url)
    except ValueError:
        return url.strip()
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    query = [(name, value) for name, value in query if not _tracks(name)]
    return f"{host}{port}{_INDEX.sub('', parts.path)}{'?' * bool(query)}{urlencode(sorted(query))}"


def without_tracking(url: str) -> str:
    """The address without what only tells how somebody came there; it leads to the same page."""
    try:
        parts, query = _split(url)
    except ValueError:
        return url.strip()
    kept = [(name, value) for name, value in query if not _tracks(name)]
    return urlunsplit(parts._replace(query=parts.query if kept == query else urlencode(kept), fragment=""))


def _split(url: str) -> tuple[SplitResult, list[tuple[str, str]]]:
    """Its parts, with a port that is one, and the pairs it asks with. Raises ValueError."""
    parts = urlsplit(url.strip())
    parts.port  # noqa: B018  read only now whether it is a number
    return parts, parse_qsl(parts.query, keep_blank_values=True)


def _tracks(name: str) -> bool:
    return _TRACKING.fullmatch(name) is not None


@dataclass(frozen=True)
class FeedEntry:
    """An item as a source has it now. `keys`: what it may be known by, the surest first; `guid` is the one with its id,
    '' if that is not believed. `told` is the digest of all that the source says of it."""

    document: Document
    keys: tuple[str, ...]
    guid: str
    told: bytes

    @property
    def headline(self) -> str:
        return _headline(self.document)

    @property
    def url(self) -> str:
        """Its address without what only tells how somebody came there; '' without one."""
        return without_tracking(_url(self.document))

    @property
    def section(self) -> str:
        return self.document.metadata.get("section", "")

    @property
    def source(self) -> str:
        """What it is called in the archive, from look to look."""
        kind, _, rest = self.keys[0].partition(" ")
        return self.url if kind == "url" else rest if kind == "file" else rest.replace(" ", "#", 1)


def entries(source: str, documents: Sequence[Document]) -> list[FeedEntry]:
    """The items of one reading of a source, each once: of several at one address with like headlines the newest."""
    by_url: dict[str, list[Document]] = {}
    for one in documents:
        by_url.setdefault(canonical(_url(one)), []).append(one)
    chosen: list[tuple[str, Document]] = []
    for url, many in by_url.items():
        alone = url.partition("/")[2] != "" and all(has_moved(_headline(many[0]), _headline(one)) for one in many[1:])
        chosen += [(url, max(many, key=_updated))] if alone else [("", one) for one in many]
    guids = Counter(one.metadata.get("id", "") for _, one in chosen)
    found: dict[tuple[str, ...], FeedEntry] = {}
    for url, document in chosen:
        guid = document.metadata.get("id", "")
        by_id = f"id {source} {guid}" if guid and guids[guid] == 1 else ""
        keys = tuple(filter(None, (f"url {url}" if url else "", by_id, f"words {source} {_words(document)}")))
        found.setdefault(keys, FeedEntry(document, keys, by_id, _told(document)))
    order = {id(one): i for i, one in enumerate(documents)}
    return sorted(found.values(), key=lambda entry: order[id(entry.document)])


def of_file(document: Document) -> FeedEntry:
    """A document of a folder: its place is all it is known by."""
    return FeedEntry(document, (f"file {document.source}",), "", _told(document))


def has_moved(before: str | None, now: str) -> bool:
    """Is the item with this headline the one that had that one under the same id, at another address?"""
    return ratio((before or "").casefold(), now.casefold()) >= _MOVED


def _headline(document: Document) -> str:
    return document.metadata.get("headline", "")


def _updated(document: Document) -> str:
    return document.metadata.get("updated") or document.metadata.get("published", "")


def _url(document: Document) -> str:
    url = document.metadata.get("url", "")
    return url if is_web_address(url) else ""


def _words(document: Document) -> str:
    said = f"{_headline(document)} {document.text or ''}"
    return blake2b(" ".join(said.split()).casefold().encode(errors="replace"), digest_size=16).hexdigest()


def _told(document: Document) -> bytes:
    """Without dates: a feed that dates everything anew at each reading changes nothing."""
    known = {name: value for name, value in document.metadata.items() if name not in _UNTOLD}
    said = f"{sorted(known.items())!r} {document.text or ''}".encode(errors="replace")
    return blake2b(said + (document.data or b""), digest_size=16).digest()


def dated(published: str | None, seen: datetime) -> str:
    """The day of publication that is believed: a date to come, or of before there were feeds, is none. Where none is
    believed, when the item was first seen, in German time as papers print theirs."""
    first = in_german_time(seen).isoformat(timespec="seconds")
    try:
        when = datetime.fromisoformat(published or "")
        when = when if when.tzinfo else when.replace(tzinfo=seen.tzinfo)
    except ValueError:
        return first
    return first if when.year < _EARLIEST or when > seen + _FUTURE else published or ""

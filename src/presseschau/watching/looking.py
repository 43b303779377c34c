"""What a source answers now: a feed, a page or a folder read, whatever it is like, with nothing written down.

A source is never believed: what is broken is read as far as it goes, what is too large as far as it may be, and what
cannot be read is a fault in words, after which it is asked less and less often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from time import monotonic
from urllib.parse import urljoin, urlsplit

from presseschau.errors import FetchError, InputError
from presseschau.ingest.document import MEBI, Document, Item, ReadOptions, Skipped, legible
from presseschau.ingest.fetch import Fetched, Known
from presseschau.ingest.follow import with_page
from presseschau.ingest.polite import Polite
from presseschau.ingest.reading import read_document
from presseschau.ingest.sources import files_of, is_feed, iter_documents, read_answer
from presseschau.models import Article
from presseschau.watching.sources import SourceRules
from presseschau.watching.state import HeldItem, WatchedItem, WatchedSource

MOST_BYTES = 20 * MEBI
"""Of a feed: what is beyond is not read."""
MOST_ITEMS = 2_000
"""Of a feed or a folder at one look: feeds have the newest first."""
_MOST_OF_HEAD = 2 * MEBI
_SETTLED = 2.0
"""Seconds for which a file must be as it is: it may still be written."""
_LINK = re.compile(r"<link\b[^>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")


@dataclass(frozen=True)
class SourceLook:
    """What came of a look at a source: the row as it is now without when, and its `documents`. `unchanged`: nothing is
    new; `said`: what a person should know; `wait`: seconds for which the site asks not to be asked; `away`: there was
    no answer at all, which may be the network's fault."""

    row: WatchedSource
    documents: tuple[Document, ...] = ()
    unchanged: bool = False
    said: tuple[str, ...] = ()
    wait: float | None = None
    away: bool = False


def look(
    row: WatchedSource, rules: SourceRules, polite: Polite, options: ReadOptions, now: float,
    files: Mapping[str, str | None],
) -> SourceLook:  # fmt: skip
    """`now` is in seconds since 1970; `files` has the stamp of each file of a folder as it was read. Never raises
    InputError: what is wrong is in the row's `fault`, or its `ended`."""
    if rules.folder is not None:
        return _folder(replace(row, kind="folder", address=str(rules.folder)), rules.folder, options, now, files)
    row = replace(row, kind=rules.kind or row.kind, address=row.address or rules.name)
    try:
        return _address(row, polite, options)
    except FetchError as error:
        fault = f"{error}".replace(" Save the page and give the file.", "")
        if error.status == 410:
            return SourceLook(
                replace(row, fault=fault, ended="it is gone for good (410)"), said=(f"{fault} It has ended.",)
            )
        return SourceLook(replace(row, fault=fault), wait=error.retry_after, away=error.unreachable)
    except InputError as error:
        return SourceLook(replace(row, fault=str(error)))


def _address(row: WatchedSource, polite: Polite, options: ReadOptions) -> SourceLook:
    answer = polite.fetch(row.address, MOST_BYTES, Known(row.etag, row.modified), cut=True)
    said = []
    if answer.moved:
        said.append(f"{row.address} has moved for good to {answer.moved}.")
    row = replace(
        row, address=answer.moved or row.address, etag=answer.etag or (row.etag if answer.unchanged else None),
        modified=answer.modified or (row.modified if answer.unchanged else None), fault=None,
    )  # fmt: skip
    if answer.unchanged:
        return SourceLook(row, unchanged=True, said=tuple(said))
    if not answer.whole:
        said.append(f"{row.address} is larger than {MOST_BYTES:,} bytes: so much of it was read.")
    found = list(islice(read_answer(answer, answer.url, options), MOST_ITEMS))
    if not answer.data.strip():
        return SourceLook(_faulty(row, f"{row.address} answers with nothing."), said=tuple(said))
    of_feed = is_feed(answer)
    if not of_feed and row.kind != "page" and answer.is_html:
        feeds = [] if row.kind == "feed" else feeds_of(answer)
        if feeds and not _is_article(found, row.address):  # an article names its site's feeds, too
            more = f" It has others: {', '.join(feeds[1:6])}." if feeds[1:] else ""
            here = SourceLook(replace(row, kind="feed", address=feeds[0], etag=None, modified=None))
            there = _address(here.row, polite, options)
            return replace(there, said=(f"{row.source} has the feed {feeds[0]}, which is read.{more}", *there.said))
        if row.kind == "feed" or urlsplit(row.address).path in ("", "/"):
            what = "answers with a page, not a feed" if row.kind == "feed" else "names no feed"
            return SourceLook(_faulty(row, f"{row.address} {what}. Name the address of its feed."), said=tuple(said))
    documents = tuple(one for one in found if isinstance(one, Document))
    damaged = [one.detail for one in found if isinstance(one, Skipped) and one.reason not in ("passed", "empty")]
    row = replace(row, kind="feed" if of_feed else "page")
    if not of_feed:
        documents = tuple(_of_page(one, row.source) for one in documents)
    if damaged and not documents:
        return SourceLook(_faulty(row, damaged[0]), said=tuple(said))
    said += [f"{row.address}: {damaged[0]}"] if damaged and answer.whole else []
    return SourceLook(row, documents, said=tuple(said))


def _is_article(found: Sequence[Item], address: str) -> bool:
    """Is what was read at an address one, rather than the front page of a site or of a section?"""
    if urlsplit(address).path in ("", "/"):
        return False
    return any(isinstance(one, Document) and not isinstance(article_of(one, None), str) for one in found)


def _faulty(row: WatchedSource, fault: str) -> WatchedSource:
    """What was answered is nothing, and shall be sent again although it is the same."""
    return replace(row, fault=fault, etag=None, modified=None)


def _of_page(document: Document, source: str) -> Document:
    return replace(document, source=source, metadata={**document.metadata, "url": source})


def feeds_of(answer: Fetched) -> list[str]:
    """The addresses of feeds that a page names in its head, in its order."""
    found = []
    for tag in _LINK.findall(answer.data[:_MOST_OF_HEAD].decode("utf-8", "replace")):  # addresses are ASCII
        said = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag)}
        if "alternate" in said.get("rel", "").lower().split() and said.get("type", "").lower() in _FEED_TYPES:
            address = urljoin(answer.url, said.get("href", "").replace("&amp;", "&"))
            found += [address] if address.startswith(("http://", "https://")) else []
    return list(dict.fromkeys(found))


def _folder(
    row: WatchedSource, folder: Path, options: ReadOptions, now: float, known: Mapping[str, str | None]
) -> SourceLook:
    """The documents of the files that are new or were changed since they were read."""
    if not folder.is_dir():
        return SourceLook(replace(row, fault=f"There is no folder {folder}."))
    return SourceLook(replace(row, fault=None), tuple(islice(_new_in(folder, options, now, known), MOST_ITEMS)))


def _new_in(folder: Path, options: ReadOptions, now: float, known: Mapping[str, str | None]) -> Iterator[Document]:
    every = replace(options, follow=True)  # of a list of addresses, their pages
    begun = monotonic()
    for path in files_of(folder):
        try:
            stat = path.stat()
        except OSError:
            continue
        stamp = f"{stat.st_mtime_ns} {stat.st_size}"
        age = now + monotonic() - begun - stat.st_mtime  # the files before it took their time
        if 0 <= age < _SETTLED or known.get(legible(str(path))) == stamp:
            continue
        read = list(iter_documents([path], options=every))
        found = [replace(one, load=None) for one in read if isinstance(one, Document)]
        if not found:  # it is an item all the same
            taken_back = [one.detail for one in read if isinstance(one, Skipped) and one.reason == WITHDRAWN]
            told = {WITHDRAWN: taken_back[0]} if taken_back else {}
            found = [Document(legible(str(path)), text="", metadata=told)]
        for one in found:
            yield replace(one, metadata={**one.metadata, STAMP: stamp, FILE: legible(str(path))})


STAMP, FILE, WITHDRAWN = "file stamp", "file", "withdrawn"
"""What a document of a folder has beside its own metadata: by which the file is known to be as it was, its path, and
what its agency says if it took it back."""


@dataclass(frozen=True)
class PageLook:
    """What came of a look at the page of an item: its `article`, or what is wrong. `gone`: 404 or 410; `final`: trying
    again is useless."""

    item: WatchedItem
    article: Article | None = None
    unchanged: bool = False
    fault: str | None = None
    status: int | None = None
    wait: float | None = None
    final: bool = False


def look_at_page(
    item: WatchedItem, held: HeldItem, rules: SourceRules | None, polite: Polite, options: ReadOptions
) -> PageLook:
    """The page as it is now. Never raises InputError."""
    address = item.address or item.source
    try:
        answer = polite.fetch(address, known=Known(item.etag, item.modified) if item.is_known else None)
        now = replace(item, etag=answer.etag, modified=answer.modified, address=answer.moved or address)
        if answer.unchanged:
            return PageLook(replace(now, etag=answer.etag or item.etag, modified=answer.modified or item.modified),
                        unchanged=True)  # fmt: skip
        given = Document(item.source, metadata=held.metadata, address=address, from_feed=held.from_feed)
        page = with_page(given, list(read_answer(answer, answer.url, options)), address)
    except FetchError as error:
        fault = str(error).replace(" Save the page and give the file.", "")
        return PageLook(item, fault=fault, status=error.status, wait=error.retry_after)
    article = article_of(page, rules)
    if isinstance(article, str):
        return PageLook(now, fault=article, final=True)
    return PageLook(now, article)


def article_of(document: Document, rules: SourceRules | None) -> Article | str:
    """The article in a document under the rules of its source, or why there is none."""
    metadata = {name: value for name, value in document.metadata.items() if name not in (STAMP, FILE)}
    if rules is not None and rules.outlet:
        metadata["outlet"] = rules.outlet
    try:
        return read_document(
            replace(document, metadata=metadata), lang_check=rules is None or rules.language == "german"
        )  # fmt: skip
    except InputError as error:
        return str(error)
